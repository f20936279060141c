"""Checks for the page "Choosing between models"."""

import numpy as np

from mlfa.exercises.grading import Check, Mistake

_RNG = np.random.default_rng(0)
_X = _RNG.normal([3.0, -1.0], size=(9, 2))
_Y = _X @ [1.0, -2.0] + 5 + _RNG.normal(size=9)


def _mean_model(X, y):
    """Predict the mean of the training targets."""
    return lambda X_new: np.full(len(X_new), y.mean())


def _line_model(X, y):
    """Fit a line with a bias."""
    w = np.linalg.lstsq(np.column_stack([np.ones(len(X)), X]), y, rcond=None)[0]
    return lambda X_new: w[0] + X_new @ w[1:]


def _nearest_model(X, y):
    """Predict the target of the nearest training row."""
    return lambda X_new: y[np.argmin(((X_new[:, None] - X) ** 2).sum(axis=2), axis=1)]


def _squares(fit, X, y, train, part):
    return (fit(X[train], y[train])(X[part]) - y[part]) ** 2


def _nested_rmse(fits, X, y, parts, *, judge="inner", seen="others", root=True):
    rows, squares = np.arange(len(y)), []
    for k, part in enumerate(parts):
        others, inner = np.setdiff1d(rows, part), [*parts[:k], *parts[k + 1 :]]
        judges, known = {  # the parts that choose, and the rows that they may fit to
            "inner": (inner, others),
            "inner, part known": (inner, rows),
            "all parts": (parts, rows),
            "part": ([part], rows),
            "training rows": ([], rows),
        }[judge]

        def score(fit, judges=judges, known=known, others=others):
            if not judges:
                return np.mean(_squares(fit, X, y, others, others))
            errors = [_squares(fit, X, y, np.setdiff1d(known, p), p) for p in judges]
            return np.mean(np.concatenate(errors))

        train = {"others": others, "all": rows}[seen]
        squares.append(_squares(min(fits, key=score), X, y, train, part))
    mean = np.mean(np.concatenate(squares))
    return np.sqrt(mean) if root else mean


def _nested_case(seed):
    rng = np.random.default_rng(seed)
    X = rng.normal([3.0, -1.0], size=(9, 2))
    y = X @ [0.4, -0.8] + 5 + rng.normal(size=9)
    parts = [np.array([0, 3]), np.array([1, 2, 8]), np.array([4, 5, 6, 7])]
    return [_mean_model, _line_model, _nearest_model], X, y, parts


check_nested_rmse = Check(
    "the nested RMSE",
    reference=_nested_rmse,
    cases=[_nested_case(0), _nested_case(1), _nested_case(29)],
    mistakes=[
        Mistake(
            "You chose once, by folds of all rows, and report the score that chose."
            " Choose anew for each part, without it.",
            lambda *a: _nested_rmse(*a, judge="all parts"),
        ),
        Mistake(
            "In your inner folds the models are fitted to rows of the outer part, too."
            " It must stay outside until it judges.",
            lambda *a: _nested_rmse(*a, judge="inner, part known"),
        ),
        Mistake(
            "The part that judges has chosen as well. Let the other parts choose.",
            lambda *a: _nested_rmse(*a, judge="part"),
        ),
        Mistake(
            "You chose by the training error, which likes the boldest model. Hold out"
            " one of the other parts at a time.",
            lambda *a: _nested_rmse(*a, judge="training rows"),
        ),
        Mistake(
            "The chosen model has seen the rows that it is judged by: fit it to the"
            " other parts only.",
            lambda *a: _nested_rmse(*a, seen="all"),
        ),
        Mistake(
            "That is the mean squared error. Take its root.",
            lambda *a: _nested_rmse(*a, root=False),
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
