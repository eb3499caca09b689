"""What each small map of the playground is, in words."""

from lecture_utils.live.words import LOWERED
from lecture_utils.training_room.setting import FEATURES


def in_print(name):
    """Write a feature as a book does.

    >>> in_print("x1 x2"), in_print("x1^2")
    ('x₁ x₂', 'x₁²')
    """
    name, square, _ = name.partition("^2")
    return name.translate(LOWERED) + "²" * bool(square)


def computes(model, column, row):
    """Say what a feature or a neuron is called, and what it computes now.

    Parameters
    ----------
    model : Model
    column, row : int
        Of the small maps; features are column 0.

    Returns
    -------
    title, words : str

    Examples
    --------
    >>> from lecture_utils.training_room.model import Model
    >>> model = Model(hidden=(1,))
    >>> model.set_weight(0, 0, 0, -0.5)
    >>> model.set_weight(0, 1, 0, 2.0)
    >>> computes(model, 1, 0)
    ('layer 1, neuron 1', 'tanh(−0.50 x₁ + 2.00 x₂ + 0.00)')
    >>> computes(model, 0, 1)
    ('feature x₂', 'x₂ of every point of the plane')
    """
    if column == 0:
        name = in_print([*FEATURES][row])
        return f"feature {name}", f"{name} of every point of the plane"
    layer = model.dense[column - 1]
    names = [in_print(name) for name in model.setting["features"]]
    if column > 1:
        names = [f"a{i + 1}".translate(LOWERED) for i in range(len(layer.W))]
    parts = zip([*layer.W[:, row], layer.b[row]], [*names, ""], strict=True)
    terms = " ".join(f"{weight:+.2f} {name}".strip() for weight, name in parts).lstrip("+")
    total = terms.replace(" +", " + ").replace(" -", " − ").replace("-", "−")
    return f"layer {column}, neuron {row + 1}", f"{model.setting['activation']}({total})"
