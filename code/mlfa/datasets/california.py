"""California Housing: prices of homes in the census blocks of 1990."""

import gzip
import io
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mlfa.book.checks import check_one_of
from mlfa.datasets._files import read_checked

FILE = "california_housing.csv.gz"
SHA256 = "032e05815f32dc878c286381c622c7779cdee7dd14dcc19729f8df834ef5ec84"


@dataclass(frozen=True)
class Table:
    """A table of numbers with what is to be predicted.

    Attributes
    ----------
    X : ndarray of shape (n_samples, n_features)
        The features, one column each.
    y : ndarray of shape (n_samples,)
        The target.
    feature_names, feature_units, feature_meanings : tuple of str
        Name, unit and meaning of each column of `X`.
    target_name, target_unit : str
        Name and unit of `y`.
    """

    X: np.ndarray
    y: np.ndarray
    feature_names: tuple[str, ...]
    feature_units: tuple[str, ...]
    feature_meanings: tuple[str, ...]
    target_name: str
    target_unit: str

    def column(self, name: str) -> np.ndarray:
        """One feature, of shape (n_samples,).

        Parameters
        ----------
        name : str
            One of `feature_names`.
        """
        check_one_of("name", name, self.feature_names)
        return self.X[:, self.feature_names.index(name)]


def load_california_housing() -> Table:
    """The 20,640 block groups of the 1990 census in California.

    The features and the target equal those of scikit-learn's
    ``fetch_california_housing``, but the data ships with this package.

    Returns
    -------
    Table
        Eight features and the median house value in units of 100,000 US dollars.

    Raises
    ------
    DataFileError
        If the shipped file is missing or was altered.

    References
    ----------
    [pace1997sparse]

    Examples
    --------
    >>> housing = load_california_housing()
    >>> housing.X.shape, housing.target_name, housing.target_unit
    ((20640, 8), 'MedHouseVal', '100,000 US dollars')
    """
    raw = pd.read_csv(
        io.BytesIO(gzip.decompress(read_checked(FILE, SHA256))), dtype=float
    )
    columns = [
        (
            "MedInc",
            "10,000 US dollars",
            "median income of the households",
            raw.median_income,
        ),
        ("HouseAge", "years", "median age of the houses", raw.housing_median_age),
        (
            "AveRooms",
            "rooms per household",
            "average number of rooms",
            raw.total_rooms / raw.households,
        ),
        (
            "AveBedrms",
            "bedrooms per household",
            "average number of bedrooms",
            raw.total_bedrooms / raw.households,
        ),
        ("Population", "persons", "people in the block group", raw.population),
        (
            "AveOccup",
            "persons per household",
            "average size of a household",
            raw.population / raw.households,
        ),
        ("Latitude", "degrees north", "center of the block group", raw.latitude),
        ("Longitude", "degrees east", "center of the block group", raw.longitude),
    ]
    names, units, meanings, values = zip(*columns, strict=True)
    return Table(
        X=np.column_stack(values),
        y=raw.median_house_value.to_numpy() / 100_000,
        feature_names=names,
        feature_units=units,
        feature_meanings=meanings,
        target_name="MedHouseVal",
        target_unit="100,000 US dollars",
    )
