"""Good arguments for each public function and class of the numbers, by its name."""

import numpy as np
from hypothesis import strategies as st

from lecture_utils import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    Activation,
    Averaged,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    History,
    MaxPool2D,
    accuracy,
    check_gradient,
    cosine,
    descent_path,
    digits,
    income_debt,
    least_squares,
    logistic_regression,
    numerical,
    one_over_t,
    penguins,
    penguins_xy,
    perceptron,
    photograph,
    softmax_regression,
    split,
    synthetic,
)
from tests.fuzz import numbers_laws as laws
from tests.fuzz.numbers_laws import ANY, PART, SMALL, STEP, TRAINING, Case, case, table
from tests.helpers.strategies import floats, normal, seeds

SHOWN = {"n": st.integers(1, 40), "noise": st.floats(0.0, 2.0), "seed": seeds}
SIGNS = st.lists(st.sampled_from([-1, 1]), min_size=4, max_size=4)
RANDOM = seeds.map(lambda seed: normal((6, 2), seed))
NETWORK = {
    "layers": st.just([Dense(3, 4), Activation("relu"), Dropout(0.2), Dense(4, 2)]),
    "seed": seeds,
    "input_shape": st.sampled_from([None, (3,), 3]),
    "init": st.sampled_from(["he", "xavier", "plain"]),
    "dtype": st.sampled_from(["float64", "float32"]),
    "X": SMALL.flatmap(lambda n: table(n, 3)),
    "rows": st.integers(1, 9),
    "samples": table(2, 3, ANY),
    "dout": table(2, 2, ANY),
}
HOW = {
    "optimizer": laws.made,
    "activation": st.sampled_from(list(ACTIVATIONS)),
    "dtype": NETWORK["dtype"],
    **TRAINING,
}


def finite(*shapes):
    """Return a law: arrays of these shapes, without gaps."""

    def law(result, **arguments):
        assert [np.shape(part) for part in result] == list(shapes)
        assert all(np.isfinite(part).all() for part in result)

    return law


def drawn(result, n, **options):
    """A law of made-up data: n samples, and the same again for the same seed."""
    assert len(result[0]) == len(result[1]) == n
    assert all(np.isfinite(part).all() for part in result)


def path_law(result, X, y, step, steps, start):
    assert result.shape[0] == steps + 1
    np.testing.assert_array_equal(result[0], start)


def model_law(result, X, y, **options):
    assert np.isfinite(result.parameters).all()
    assert result.predict(np.reshape(X, (len(X), -1))).shape[0] == len(X)


def train_law(result, X, y, step, bias_step, passes):
    assert result == perceptron.train(X, y, step, bias_step, passes)
    pushes = step * np.where(result.mistakes, np.tile(y, passes), 0)[:, None]
    known = np.cumsum(pushes * np.tile(X, (passes, 1)), axis=0)
    np.testing.assert_allclose(result.weights[1:], known, rtol=1e-9, atol=1e-9)


def averaged(optimizer, start, gradients):
    walk, x, seen = Averaged(laws.optimizer_of(optimizer), start), np.zeros(3), []
    several = isinstance(gradients, np.ndarray) and gradients.shape == (3, 3)
    for gradient in gradients if several else [gradients]:
        walk.update(x, gradient)
        seen.append(x.copy())
    return walk.average, np.array(seen)


def averaged_law(result, optimizer, start, gradients):
    average, seen = result
    np.testing.assert_allclose(average, seen[min(start, len(seen) - 1) :].mean(axis=0), atol=1e-9)


def rate_law(result, step, **options):
    rates = [result(t) for t in range(9)]
    assert abs(rates[0] - step) <= 1e-300
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] >= 0.0


def history_law(result, **columns):
    assert result == History(**columns)
    assert repr(result).startswith(f"History of {len(result.loss)} epochs")


def layer_case(make, shape, **strategies):
    def call(**options):
        return laws.layers_of(make(**options), input_shape=shape)

    return case(call, laws.layers_law, **strategies)


EPOCHS = {"epochs": st.integers(1, 3)}
PLANE = {**SHOWN, "slope": floats(), "intercept": floats()}
ROWS, TARGETS = table(6, 2), seeds.map(lambda seed: normal(6, seed))
CASES = {
    **{f"ACTIVATIONS[{name}]": laws.activation_case(name) for name in ACTIVATIONS},
    **{f"LOSSES[{name}]": laws.loss_case(name) for name in LOSSES},
    **{f"OPTIMIZERS[{name}]": laws.optimizer_case(name) for name in OPTIMIZERS},
    **{f"synthetic.{name}": case(getattr(synthetic, name), drawn, **SHOWN)
       for name in ("plane", "bumps", "blobs", "moons", "circles", "xor", "spirals")},
    "synthetic.line": case(synthetic.line, drawn, **PLANE),
    "income_debt": case(income_debt, drawn, n=SHOWN["n"], seed=seeds),
    "penguins": Case(penguins, lambda birds: len(birds) == 344),
    "penguins_xy": Case(penguins_xy, finite((342,), (342,))),
    "digits": Case(digits, finite((1797, 64), (1797,))),
    "photograph": case(photograph, laws.photograph_law, kind=st.sampled_from(["grey", "color"])),
    "split": case(split, laws.split_law, X=table(4, 2, ANY), y=SIGNS, test=PART, seed=seeds),
    "accuracy": case(accuracy, laws.accuracy_law, outputs=table(4, 1, ANY) | table(4, 3, ANY),
                     y=st.lists(st.integers(0, 1), min_size=4, max_size=4)),
    "numerical": case(numerical, laws.slope_law, f=st.just(laws.bowl), x=table(2, 2),
                      step=st.sampled_from([None, 1e-2]), method=st.just("central")),
    "check_gradient": case(check_gradient, laws.checked_law, f=st.just(laws.bowl),
                           gradient=table(2, 2), x=table(2, 2), step=st.none()),
    "Dense": layer_case(Dense, (3,), inputs=st.just(3), outputs=SMALL),
    "Activation": layer_case(Activation, (3,), name=st.sampled_from(list(ACTIVATIONS))),
    "Dropout": layer_case(Dropout, (3,), p=PART),
    "Flatten": layer_case(Flatten, (3, 2)),
    "Conv2D": layer_case(Conv2D, (5, 6, 2), inputs=st.just(2), outputs=SMALL, kernel=SMALL,
                         stride=SMALL, padding=st.integers(0, 2)),
    "MaxPool2D": layer_case(MaxPool2D, (5, 6, 2), size=SMALL, stride=st.none() | SMALL),
    "Network": case(laws.use_network, laws.network_law, **NETWORK),
    "fit": case(laws.do_fit, laws.fit_law, **HOW, **EPOCHS, validation=st.none(),
                on_epoch=st.none()),
    "steps": case(laws.do_steps, lambda result, **options: np.isfinite(result[1]).all(), **HOW),
    "History": case(History, history_law, loss=table(1, 3).map(np.ravel),
                    validation_loss=table(1, 3, ANY).map(np.ravel),
                    validation_accuracy=table(1, 3, ANY).map(np.ravel)),
    "Averaged": case(averaged, averaged_law, optimizer=laws.made, start=st.integers(0, 4),
                     gradients=table(3, 3)),
    "one_over_t": case(one_over_t, rate_law, step=STEP, half=st.floats(1.0, 50.0)),
    "cosine": case(cosine, rate_law, step=STEP, steps=st.integers(1, 9)),
    "least_squares": case(least_squares, laws.least_law, X=RANDOM, y=TARGETS,
                          method=st.sampled_from(["qr", "normal"])),
    "descent_path": case(descent_path, path_law, X=ROWS, y=TARGETS, step=st.none() | STEP,
                         steps=SMALL, start=st.just([0.0, 1.0, 2.0])),
    "logistic_regression": case(logistic_regression, model_law, X=ROWS, l2=STEP,
                                y=st.just([0, 1, 1, 0, 1, 0]), updates=SMALL),
    "softmax_regression": case(softmax_regression, model_law, X=ROWS, l2=STEP,
                               y=st.just([0, 1, 2, 0, 1, 0]), updates=SMALL),
    "perceptron.train": case(perceptron.train, train_law, X=table(4, 2), y=SIGNS, step=STEP,
                             bias_step=STEP, passes=SMALL),
}  # fmt: skip
