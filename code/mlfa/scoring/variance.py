"""Error on new rows in two parts: what the mean prediction leaves, and the variance."""

import numpy as np


def bias_and_variance(y_preds: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Split the mean squared error of several models, fitted to several draws of rows.

    The mean of B draws still varies by a B-th of the variance: that is subtracted.

    Parameters
    ----------
    y_preds : ndarray of shape (n_draws, n_samples)
        Predictions of the same rows by models that were fitted to different draws.
    truth : ndarray of shape (n_samples,)
        What is predicted. If it is noisy, the noise comes with the first part.

    Returns
    -------
    left : float
        Mean squared distance of the mean prediction from the truth: bias², and the
        noise of the truth, if it has any. By chance it may come out below 0.
    variance : float
        Mean variance of a prediction over the draws.

    Examples
    --------
    >>> left, variance = bias_and_variance(np.array([[0.0], [2.0]]), np.array([4.0]))
    >>> print(left, variance)
    8.0 2.0
    """
    variance = y_preds.var(axis=0, ddof=1).mean()
    away = np.mean((truth - y_preds.mean(axis=0)) ** 2)
    return away - variance / len(y_preds), variance
