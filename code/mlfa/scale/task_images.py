"""A folder with a folder for each class, for `python -m mlfa.scale images`."""

import argparse

from mlfa.datasets import read_image_folder
from mlfa.images.pixels import to_floats
from mlfa.scale.options import CommandError
from mlfa.scale.tasks import Task, classes_task, parts_of, seal


def images_task(asked: argparse.Namespace) -> Task:
    """Bytes, which become floats a batch at a time.

    Parameters
    ----------
    asked : Namespace
        What was typed.
    """
    size = tuple(asked.size) if asked.size else None
    images = read_image_folder(asked.path, channels=asked.channels, size=size)
    if asked.model == "cnn" and min(images.X.shape[2:]) < 4:
        raise CommandError(
            f"images must have at least 4 by 4 pixels for a {asked.model}, got"
            f" {images.X.shape[2]} by {images.X.shape[3]}"
        )
    parts = parts_of(len(images.y), asked.seed)
    train, validation, test = [(images.X[rows], images.y[rows]) for rows in parts]
    sealed = (train, validation, seal(f"test images of {asked.path.name}", *test))
    return classes_task(*sealed, len(images.class_names), transform=to_floats)
