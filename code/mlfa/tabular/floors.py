"""What every later model must beat: the mean, the line, and the two clipped models."""

import numpy as np

from mlfa.tabular.features import Clipper, quadratic_features
from mlfa.tabular.linear import add_ones, least_squares
from mlfa.tabular.standardizing import Standardizer


def linear_floors(
    X_train: np.ndarray,
    y_train: np.ndarray,
    X_new: np.ndarray,
    *,
    line_share: float,
    quadratic_share: float,
) -> dict[str, np.ndarray]:
    """Predictions of four simple models that were fitted to the same rows.

    Parameters
    ----------
    X_train : ndarray of shape (n_samples, n_features)
        Training features.
    y_train : ndarray of shape (n_samples,)
        Training target.
    X_new : ndarray of shape (n_new, n_features)
        Rows to predict.
    line_share, quadratic_share : float
        Share of the training values beyond the fence at each end, for the clipped line
        and for the clipped quadratic model.

    Returns
    -------
    dict of str to ndarray of shape (n_new,)
        For "mean", "line", "clipped line" and "clipped quadratic", in this order.

    Examples
    --------
    >>> X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([1.0, 3.0, 5.0, 7.0])
    >>> y_preds = linear_floors(X, y, X + 1, line_share=0, quadratic_share=0)
    >>> for name in ("mean", "line", "clipped line"):
    ...     print(name, y_preds[name].round(6))
    mean [4. 4. 4. 4.]
    line [3. 5. 7. 9.]
    clipped line [3. 5. 7. 7.]
    """

    def fit_and_predict(share: float | None, squares: bool) -> np.ndarray:
        A, A_new = X_train, X_new
        fence = [] if share is None else [Clipper(share=share)]
        for step in [*fence, Standardizer()]:
            step.fit(A)
            A, A_new = step.transform(A), step.transform(A_new)
        if squares:
            A, A_new = quadratic_features(A), quadratic_features(A_new)
        return add_ones(A_new) @ least_squares(add_ones(A), y_train)

    return {
        "mean": np.full(len(X_new), np.mean(y_train)),
        "line": fit_and_predict(None, squares=False),
        "clipped line": fit_and_predict(line_share, squares=False),
        "clipped quadratic": fit_and_predict(quadratic_share, squares=True),
    }
