"""What arguments mean that bear the same name all through the package.

Short functions, whose code the chapters show, have docstrings of one sentence. The API reference adds from here
what such a docstring leaves out. An entry for one function alone, by its full name, goes before the general one.
"""

from __future__ import annotations

import inspect
import re
from typing import Any

MEANINGS = {
    "X": "The samples, one after the other along the first axis.",
    "X_pred": "Predicted images, of the shape of `X`.",
    "Z": "Logits, of shape (n_samples, n_classes).",
    "activation": "Name of the activation function that follows the layer.",
    "amplitude": "Height of the wave; without it, 1.",
    "ax": "The axes to draw on.",
    "batch_size": "Samples at a time.",
    "best": "The two weights of the smallest loss, marked by a star.",
    "beta1": "Share of the running mean that is kept in each step.",
    "beta2": "Share of the running mean of the squares that is kept in each step.",
    "columns": "The values of each column, by its name.",
    "counts": "A confusion matrix, a row for each true class.",
    "curves": "For each name, its places and its values.",
    "data": "A pair (X, y) of tensors, or a DataLoader of such pairs.",
    "date": "The day, as year-month-day.",
    "dates": "The days, as datetime64.",
    "decimals": "Digits after the point.",
    "depth": "How often the size of the image is halved.",
    "epochs": "Passes over the training samples.",
    "epsilon": "A small number that keeps a division from failing.",
    "error": "The squared error that is left after the split.",
    "errors": "The error for each place, or for each name.",
    "filters": "Channels at the first level; they double with each level.",
    "fractions": "Shares of training, validation and test.",
    "frame": "The table.",
    "function": "The wrong function.",
    "generator": "Draws the random numbers.",
    "gradient": "The gradient of the loss at `w`, of the same shape.",
    "gradients": "A gradient for each image, of the same shape.",
    "height": "Rows of pixels.",
    "held_out": "Windows for validation or test.",
    "hint": "What to tell a learner who made the mistake.",
    "images": "The images, each with its rows and columns.",
    "kernel_size": "Width of the kernel in pixels.",
    "label": "What the numbers on the axis or in the legend are.",
    "latitude": "Degrees north.",
    "learning_rate": "How far a step goes for a gradient of length one.",
    "left": "The part for which the answer is yes.",
    "length": "Number of positions.",
    "lengths": "The number of steps of each sequence.",
    "lines": "The report, line by line.",
    "log": "True for logarithmic scales.",
    "longitude": "Degrees east.",
    "min_samples_leaf": "The fewest samples that a leaf may hold.",
    "model": "The network.",
    "n_channels": "Channels of each image.",
    "n_features": "Number of features.",
    "n_hidden": "Number of hidden units.",
    "n_images": "Number of images.",
    "n_in": "Numbers, or channels, that go in.",
    "n_out": "Numbers, or channels, that come out.",
    "n_samples": "Number of samples.",
    "n_steps": "Number of steps.",
    "n_units": "Number of units.",
    "name": "What the argument is called in the message of an error.",
    "names": "A name for each thing that is drawn, in the same order.",
    "node": "The root of the tree.",
    "observed": "For each group, the shares that were found.",
    "offset": "What is added to the wave; without it, 0.",
    "padding": "Zeros that are added on every side.",
    "paddings": "A padding for each panel.",
    "passed": "True if the attempt is right.",
    "paths": "The positions after each step.",
    "period": "Steps from one crest of the wave to the next.",
    "phases": "Where each wave starts, in radians.",
    "profiles": "The weights of each kernel, by its name.",
    "radius": "Half the width of the interval.",
    "right": "The part for which the answer is no.",
    "rows": "Which rows, or what stands in each row.",
    "run": "A run of gradient descent with its history.",
    "runs": "A run of gradient descent for each name.",
    "seed": "Chooses the random numbers.",
    "settings": "Passed on.",
    "share": "The share of the samples that is moved at each end.",
    "shares": "For each year, the share of each class.",
    "sigma": "Standard deviation of the bell in pixels.",
    "signals": "The values of each signal, by its name.",
    "size": "How many numbers describe a position.",
    "slope": "The share that is passed on.",
    "split": "Row numbers of the three parts.",
    "splits": "A split for each panel, by its name.",
    "stages": "The fitted values after some numbers of trees, by the name of the panel.",
    "stated": "The shares that the intervals were made for.",
    "steps": "How many values are to be predicted.",
    "stride": "Pixels from one place of the kernel to the next.",
    "t": "A time from 0 to 1 for each image.",
    "target": "Where the weights should arrive.",
    "thresholds": "The thresholds that were tried.",
    "titles": "A title for each image.",
    "top": "The first row that is shown.",
    "units": "The unit of each column, by its name.",
    "value": "The number to look at.",
    "w": "The weights, the bias first.",
    "width": "Columns of pixels.",
    "x": "The values of one feature.",
    "xlabel": "The words at the horizontal axis.",
    "y": "The true targets.",
    "y_pred": "The predictions, of the shape of `y`.",
    "ylabel": "The words at the vertical axis.",
    "z": "Any array; each number is taken by itself.",
    "mlfa.batches.check_data.name": "What the data is called in the message of an error.",
    "mlfa.classes.cross_entropy_gradient.y": "The number of the true class of each sample.",
    "mlfa.classes.one_hot.y": "The number of the true class of each sample.",
    "mlfa.completion.sample_each_class.y": "The class of each sample.",
    "mlfa.datasets.shapes.shape_points.name": "Which of the shapes.",
    "mlfa.diagrams.convolution.patches_diagram.size": "Width of the image in pixels.",
    "mlfa.flows.with_time.x": "Images of shape (n, channels, height, width).",
    "mlfa.plotting.classes.shapes_figure.y": "The number of the class of each sample.",
    "mlfa.plotting.convolution.coverage_figure.size": "Width of the image in pixels.",
    "mlfa.plotting.curves.learning_curve.train": "The training loss of each epoch.",
    "mlfa.plotting.images.pixel_values.left": "The first column that is shown.",
    "mlfa.plotting.images.value_curves.height": "Height of the figure in inches.",
    "mlfa.plotting.weather.change_scatter.unit": "The unit of the changes.",
    "mlfa.trees.Node.value": "The mean target of the samples.",
    "mlfa.two_points.follow.x": "The positions at time 0.",
    "mlfa.weather_models.Correction.fit.train": "The training windows.",
    "mlfa.windows.Windows.rows.rows": "Numbers of the samples, or true and false for each.",
    "mlfa.windows.without_overlap.train": "The training windows.",
}
# Arguments that say nothing of their own: those of the instance, and of a protocol.
IGNORED = frozenset({"self", "cls", "args", "kwargs"})


def parameters_of(full: str, thing: Any) -> dict[str, tuple[str, str | None]]:
    """The parameters of a function or a class: name -> (type, meaning or None)."""
    if not callable(thing) or (inspect.isclass(thing) and "__init__" not in vars(thing)):
        return {}
    try:
        parameters = inspect.signature(thing).parameters
    except (TypeError, ValueError):
        return {}
    found = {}
    for name, parameter in parameters.items():
        if name not in IGNORED:
            kind = "" if parameter.annotation is parameter.empty else str(parameter.annotation)
            meaning = MEANINGS.get(f"{full}.{name}", MEANINGS.get(name))
            found[name] = (re.sub(r"\b(?:np|pd|nn|torch)\.", "", kind), meaning)
    return found


def unnamed(full: str, thing: Any, doc: str) -> dict[str, tuple[str, str | None]]:
    """The parameters that a docstring does not name."""
    named = set(re.findall(r"\w+", doc))
    return {name: told for name, told in parameters_of(full, thing).items() if name not in named}


def complete(full: str, thing: Any, lines: list[str]) -> None:
    """Add the parameters that a NumPy docstring does not name to its section, or add a section of all."""
    missing = unnamed(full, thing, "\n".join(lines))
    if not missing:
        return
    headers = [i for i in range(len(lines) - 1) if re.fullmatch(r"\s*-{3,}\s*", lines[i + 1])]
    own = next((i for i in headers if lines[i].strip() == "Parameters"), None)
    end = next((i for i in headers if own is None or i > own), len(lines))
    while end and not lines[end - 1].strip():
        end -= 1
    entries = [] if own is not None else ["", "Parameters", "----------"]
    for name, (kind, meaning) in (missing if own is not None else parameters_of(full, thing)).items():
        entries += [f"{name} : {kind}" if kind else name, *([f"    {meaning}"] if meaning else [])]
    lines[end:end] = [*entries, ""]
