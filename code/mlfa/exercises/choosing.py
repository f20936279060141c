"""Checks for the page "Choosing between models"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(0)
_X = _RNG.normal([3.0, -1.0], size=(9, 2))
_Y = _X @ [1.0, -2.0] + 5 + _RNG.normal(size=9)
_PARTS = [np.array([0, 3]), np.array([1, 2, 8]), np.array([4, 5, 6, 7])]


def _mean_model(X, y):
    """Predict the mean of the training targets."""
    return lambda X_new: np.full(len(X_new), y.mean())


def _line_model(X, y):
    """Fit a line with a bias."""
    w = np.linalg.lstsq(np.column_stack([np.ones(len(X)), X]), y, rcond=None)[0]
    return lambda X_new: w[0] + X_new @ w[1:]


def _cross_rmse(fit, X, y, parts, *, seen="others", pool=True, root=True):
    squares = []
    for part in parts:
        others = np.setdiff1d(np.arange(len(y)), part)
        train = {"others": others, "all": np.arange(len(y)), "part": part}[seen]
        squares.append((fit(X[train], y[train])(X[part]) - y[part]) ** 2)
    if not pool:
        return np.mean([np.sqrt(np.mean(s)) for s in squares])
    mean = np.mean(np.concatenate(squares))
    return np.sqrt(mean) if root else mean


check_cross_rmse = Check(
    "the cross-validated RMSE",
    reference=_cross_rmse,
    cases=[(_mean_model, _X, _Y, _PARTS), (_line_model, _X, _Y, _PARTS)],
    mistakes=[
        Mistake(
            "The model has seen the rows that it is judged by: fit it to the rows of"
            " the other parts only.",
            lambda *a: _cross_rmse(*a, seen="all"),
        ),
        Mistake(
            "You fitted to the part that is held out. Fit to all rows but these.",
            lambda *a: _cross_rmse(*a, seen="part"),
        ),
        Mistake(
            "That is the mean of the parts' RMSEs. Pool the squared errors of all rows,"
            " then take one mean and one root: the parts differ in size.",
            lambda *a: _cross_rmse(*a, pool=False),
        ),
        Mistake(
            "That is the mean squared error. Take its root.",
            lambda *a: _cross_rmse(*a, root=False),
        ),
    ],
)


def _ridge(X, y, penalty, *, center=True, mean=True):
    A, c = (X - X.mean(axis=0), y - y.mean()) if center else (X, y)
    n = len(y) if mean else 1
    return np.linalg.solve(A.T @ A / n + penalty * np.eye(A.shape[1]), A.T @ c / n)


def _price_on_bias(X, y, penalty):
    A = np.column_stack([np.ones(len(X)), X])
    gram = A.T @ A / len(y) + penalty * np.eye(A.shape[1])
    return np.linalg.solve(gram, A.T @ y / len(y))[1:]


check_ridge = Check(
    "the weights of ridge",
    reference=_ridge,
    cases=[(_X, _Y, 0.5), (_X, _Y, 3.0), (_X[:5], _Y[:5], 0.1)],
    mistakes=[
        Mistake(
            "The columns and the target must have mean zero first. Without that, a line"
            " through the origin is fitted.",
            lambda *a: _ridge(*a, center=False),
        ),
        Mistake(
            "The loss is a mean: divide the products by the number of rows, or multiply"
            " the penalty by it.",
            lambda *a: _ridge(*a, mean=False),
        ),
        Mistake(
            "Your penalty weighs on the bias, too. Subtract the means instead of adding"
            " a column of ones.",
            _price_on_bias,
        ),
    ],
)
