"""Single trees with one limit each, and the floors: what a forest must beat."""

from collections.abc import Mapping

import numpy as np
from sklearn.tree import DecisionTreeRegressor

from mlfa.scoring.metrics import rmse
from mlfa.tabular.floors import linear_floors

LIMITS = {
    "tree, by depth": "max_depth",
    "tree, by leaves": "min_samples_leaf",
    "tree, pruned": "ccp_alpha",
}
GRIDS = {  # the settings that validation rows may choose
    "clipped line": [0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    "clipped quadratic": [0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    "tree, by depth": [*range(1, 13), 14, 17, 20, 25],
    "tree, by leaves": [1, 5, 10, 15, 20, 30, 50],
    "tree, pruned": [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005],
}


def limited_tree(X: np.ndarray, y: np.ndarray, **limit: float) -> DecisionTreeRegressor:
    """Fit a single tree with a limit.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        Training features.
    y : ndarray of shape (n_samples,)
        Training target.
    **limit : float
        A setting of scikit-learn's tree, such as ``max_depth=8``.

    Returns
    -------
    DecisionTreeRegressor
        The fitted tree.
    """
    return DecisionTreeRegressor(**limit, random_state=0).fit(X, y)


def predict_rivals(
    X_train: np.ndarray,
    y_train: np.ndarray,
    X_new: np.ndarray,
    settings: Mapping[str, float],
) -> dict[str, np.ndarray]:
    """Predictions of four floors and three single trees, fitted to the same rows.

    Parameters
    ----------
    X_train : ndarray of shape (n_samples, n_features)
        Training features.
    y_train : ndarray of shape (n_samples,)
        Training target.
    X_new : ndarray of shape (n_new, n_features)
        Rows to predict.
    settings : mapping of str to float
        For every name of ``GRIDS``, the share that is clipped or the limit.

    Returns
    -------
    dict of str to ndarray of shape (n_new,)
        The floors first, as ``linear_floors`` orders them.
    """
    y_preds = linear_floors(
        X_train,
        y_train,
        X_new,
        line_share=settings["clipped line"],
        quadratic_share=settings["clipped quadratic"],
    )
    for name, limit in LIMITS.items():
        tree = limited_tree(X_train, y_train, **{limit: settings[name]})
        y_preds[name] = tree.predict(X_new)
    return y_preds


def setting_errors(
    X_train: np.ndarray, y_train: np.ndarray, X_val: np.ndarray, y_val: np.ndarray
) -> dict[str, dict[float, float]]:
    """Validation RMSE of every setting in ``GRIDS``.

    Parameters
    ----------
    X_train : ndarray of shape (n_samples, n_features)
        Training features.
    y_train : ndarray of shape (n_samples,)
        Training target.
    X_val : ndarray of shape (n_val, n_features)
        Validation features.
    y_val : ndarray of shape (n_val,)
        Validation target.

    Returns
    -------
    dict of str to dict of float to float
        For each model, its settings and their errors.
    """
    errors = {name: {} for name in GRIDS}
    for name, values in GRIDS.items():
        for value in values:
            if name in LIMITS:
                tree = limited_tree(X_train, y_train, **{LIMITS[name]: value})
                y_pred = tree.predict(X_val)
            else:
                y_pred = linear_floors(
                    X_train, y_train, X_val, line_share=value, quadratic_share=value
                )[name]
            errors[name][value] = rmse(y_val, y_pred)
    return errors


def best_settings(errors: Mapping[str, Mapping[float, float]]) -> dict[str, float]:
    """The setting of the lowest error, for each model.

    Parameters
    ----------
    errors : mapping of str to mapping of float to float
        As ``setting_errors`` returns them.

    Returns
    -------
    dict of str to float
        Settings for ``predict_rivals``.

    Examples
    --------
    >>> best_settings({"tree, by depth": {1: 0.9, 2: 0.7, 3: 0.8}})
    {'tree, by depth': 2}
    """
    return {name: min(found, key=found.get) for name, found in errors.items()}
