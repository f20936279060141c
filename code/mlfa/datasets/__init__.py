"""The book's data sets, one a file."""

from mlfa.datasets._files import DataFileError
from mlfa.datasets.california import Table, load_california_housing
from mlfa.datasets.mnist import Digits, load_mnist
from mlfa.datasets.shapes import SHAPE_NAMES, make_three_shapes, shape_densities
