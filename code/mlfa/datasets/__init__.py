"""The book's data sets, one a file. Waves are in `mlfa.datasets.sines`, which needs PyTorch."""

from mlfa.datasets._files import DataFileError
from mlfa.datasets.california import Table, load_california_housing
from mlfa.datasets.mnist import Digits, load_mnist
from mlfa.datasets.shapes import SHAPE_NAMES, make_three_shapes, shape_densities
from mlfa.datasets.weather import WEATHER_CLASSES, DailySeries, load_seattle_weather
