"""The playground's network as plain NumPy: a program to be read, run and changed."""

import numpy as np

from lecture_utils.numbers.activations import LEAK
from lecture_utils.training_room.setting import FEATURES

SIGMOID = "0.5 * (1.0 + np.tanh(0.5 * z))"  # the same curve, which cannot overflow
PYTHON = {  # activation -> (a of z, its slope of z and a)
    "tanh": ("np.tanh(z)", "1.0 - a * a"),
    "relu": ("np.maximum(z, 0.0)", "1.0 * (z > 0)"),
    "sigmoid": (SIGMOID, "a * (1.0 - a)"),
    "identity": ("z", "np.ones_like(z)"),
    "leaky_relu": (f"np.maximum(z, {LEAK} * z)", f"np.where(z > 0, 1.0, {LEAK})"),
    "elu": ("np.where(z < 0, np.expm1(np.minimum(z, 0.0)), z)", "np.minimum(a, 0.0) + 1.0"),
    "softplus": ("np.logaddexp(0.0, z)", SIGMOID),
    "silu": (f"z * {SIGMOID}", f"{SIGMOID} * (1.0 + z - a)"),
}


def code(model):
    """Write a model as a program: its weights, ``predict(x1, x2)`` and ``gradients(x1, x2, y)``.

    Parameters
    ----------
    model : Model

    Returns
    -------
    str
        Needs NumPy only. Outputs and gradients are those of ``model.network``, without dropout
        and without penalty.

    Examples
    --------
    >>> from lecture_utils.training_room.model import Model
    >>> program = {}
    >>> exec(code(Model(data="blobs", hidden=())), program)
    >>> program["predict"](np.array([0.0]), np.array([0.0]))
    array([[0.]])
    """
    s, count = model.setting, len(model.dense)
    inputs = ", ".join(FEATURES[name][1] for name in s["features"])
    lines = ["import numpy as np", "", f"# after {model.epoch} epochs"]
    for k, layer in enumerate(model.dense, start=1):
        lines += [f"W{k} = np.array({_rows(layer.W)})  # {layer.W.shape}",
                  f"b{k} = np.array({layer.b.tolist()})"]  # fmt: skip
    lines += ["", "def phi(z):", f"    return {PYTHON[s['activation']][0]}", ""]
    lines += ["def slope(z, a):", f"    return {PYTHON[s['activation']][1]}", ""]
    lines += ["def forward(x1, x2):", f"    a0 = np.column_stack([{inputs}])"]
    for k in range(1, count):
        lines += [f"    z{k} = a{k - 1} @ W{k} + b{k}", f"    a{k} = phi(z{k})"]
    lines += [f"    z{count} = a{count - 1} @ W{count} + b{count}"]
    squashed = model.classes and s["loss"] == "squared"
    out = f"np.tanh(z{count})" if squashed else f"z{count}"
    inner = [f"z{k}, a{k}" for k in range(1, count)]
    lines += [f"    return {', '.join(['a0', *inner, out])}", ""]
    lines += ["def predict(x1, x2):", "    return forward(x1, x2)[-1]", ""]
    lines += ["def gradients(x1, x2, y):", *_backward(s, count, inner, squashed)]
    return "\n".join(lines) + "\n"


def _backward(s, count, inner, squashed):
    """Write the way back: the derivative of the mean loss by every W and b."""
    yield f"    {', '.join(['a0', *inner, 'out'])} = forward(x1, x2)"
    if s["loss"] == "cross_entropy":  # y is 0 or 1
        yield "    dz = (0.5 * (1.0 + np.tanh(0.5 * out)) - y[:, None]) / len(y)"
    else:
        yield "    dz = 2.0 * (out - y[:, None]) / len(y)"
    if squashed:
        yield "    dz = dz * (1.0 - out * out)"
    for k in range(count, 0, -1):
        yield f"    dW{k}, db{k} = a{k - 1}.T @ dz, dz.sum(axis=0)"
        if k > 1:
            yield f"    dz = dz @ W{k}.T * slope(z{k - 1}, a{k - 1})"
    names = ", ".join(f"dW{k}, db{k}" for k in range(1, count + 1))
    yield f"    return [{names}]  # a step: W1 -= step * dW1, and so on"


def _rows(W):
    return "[" + ",\n               ".join(map(str, np.asarray(W).tolist())) + "]"
