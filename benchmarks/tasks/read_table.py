"""Read a table of houses from its packed file, and derive its features."""

import gzip
import hashlib

from mlfa.datasets import _files
from shared.task import Task

TASK = Task(
    title="read the table",
    score="share of the numbers that are finite",
    plain="csv.DictReader, a row at a time",
    library="pandas.read_csv, without the check of the file's digest",
)
FILE = _files.DATA / "california_housing.csv.gz"


def data(seed):
    return hashlib.sha256(FILE.read_bytes()).hexdigest()  # the file lies in the cache of the disk on all sides


def book():
    from mlfa.datasets.california import load_california_housing

    return lambda data, seed: load_california_housing().X


def plain():
    import csv

    import numpy as np

    def read(data, seed):
        X = []
        with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number = {name: float(text) for name, text in row.items()}
                households = number["households"]
                X.append(
                    [
                        number["median_income"],
                        number["housing_median_age"],
                        number["total_rooms"] / households,
                        number["total_bedrooms"] / households,
                        number["population"],
                        number["population"] / households,
                        number["latitude"],
                        number["longitude"],
                    ]
                )
        return np.array(X)

    return read


def library():
    import pandas as pd

    def read(data, seed):
        raw = pd.read_csv(FILE)
        columns = {
            "MedInc": raw.median_income,
            "HouseAge": raw.housing_median_age,
            "AveRooms": raw.total_rooms / raw.households,
            "AveBedrms": raw.total_bedrooms / raw.households,
            "Population": raw.population,
            "AveOccup": raw.population / raw.households,
            "Latitude": raw.latitude,
            "Longitude": raw.longitude,
        }
        return pd.DataFrame(columns).to_numpy()

    return read


def score(data, answer):
    import numpy as np

    assert answer.shape == (20_640, 8)
    return float(np.isfinite(answer).mean())
