"""The words that `python -m mlfa.scale` knows, and which of them a model takes."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

EPILOG = """examples:
  python -m mlfa.scale table homes.csv --target price --text color
  python -m mlfa.scale table homes.csv --target price --model forest --processes 2
  python -m mlfa.scale images photos --size 64 64 --model cnn --processes 2
  python -m mlfa.scale masks scans outlines --size 64 64 --depth 3
  python -m mlfa.scale series days.csv --target sales --date day --window 28
  torchrun --nproc-per-node 4 -m mlfa.scale images photos --size 64 64

A network writes its file after every epoch, and the same command goes on where the last
one stopped. At the end the file has the weights of the best epoch.
Of the rows, a fifth is kept for validation and a fifth for the test, which is scored
once, at the end, beside what needs no model. Of a series these are the last steps, of
all else random rows; --group keeps rows together that belong together."""

# What the options of a model are where nothing is said. It takes no others.
NETWORK: dict[str, Any] = {
    "epochs": 20,
    "batch_size": 64,
    "learning_rate": 0.003,
    "device": "auto",
    "precision": "float32",
    "checkpoint": Path("mlfa-run.pt"),
    "new": False,
    "processes": 1,
    "restarts": 3,
    "seed": 0,
}
MODELS: dict[str, dict[str, Any]] = {
    "linear": NETWORK,
    "mlp": NETWORK | {"hidden": [64]},
    "cnn": NETWORK | {"hidden": [64]},
    "unet": NETWORK
    | {"depth": 2, "filters": 8, "batch_size": 16, "learning_rate": 0.01},
    "lstm": NETWORK | {"hidden": [16]},
    "transformer": NETWORK | {"hidden": [32]},
    "forest": {"trees": 100, "processes": 1, "seed": 0},
    "boosting": {"trees": 300, "learning_rate": 0.1, "seed": 0},
}
TREES = ("forest", "boosting")


class CommandError(Exception):
    """What somebody who typed a command can mend."""


def make_parser() -> argparse.ArgumentParser:
    """The words that the command knows."""
    parser = argparse.ArgumentParser(
        prog="python -m mlfa.scale",
        description="Train a model of the book on data of your own.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = "table|images|masks|series"
    kinds = parser.add_subparsers(dest="kind", required=True, metavar=known)
    table = kinds.add_parser("table", help="a CSV file whose first line names columns")
    table.add_argument("path", type=Path, help="the file")
    table.add_argument("--target", required=True, help="column to predict")
    table.add_argument("--text", nargs="+", default=[], help="columns of words")
    table.add_argument("--leave-out", nargs="+", default=[], help="columns not to use")
    table.add_argument("--group", help="column of persons, places...: none is parted")
    _add_model(table, "mlp", "linear", *TREES)

    images = kinds.add_parser("images", help="a folder with a folder for each class")
    images.add_argument("path", type=Path, help="the folder")
    _add_pictures(images)
    _add_model(images, "cnn", "linear", "mlp")

    masks = kinds.add_parser(
        "masks", help="a folder of pictures, and one of black and white masks"
    )
    masks.add_argument("path", type=Path, help="the pictures")
    masks.add_argument("masks", type=Path, help="masks of the same names")
    _add_pictures(masks)
    _add_model(masks, "unet")

    series = kinds.add_parser("series", help="a CSV file with a date in every row")
    series.add_argument("path", type=Path, help="the file")
    series.add_argument("--target", required=True, help="column to predict")
    series.add_argument("--date", required=True, help="column that says when")
    series.add_argument("--window", type=int, required=True, help="steps to look at")
    series.add_argument("--horizon", type=int, default=1, help="steps to predict")
    series.add_argument(
        "--formats",
        nargs="+",
        default=["%Y-%m-%d"],
        help="how dates are written (%%Y-%%m-%%d)",
    )
    series.add_argument("--step", default="D", help="D, h, 15m, W, M: between rows (D)")
    series.add_argument("--leave-out", nargs="+", default=[], help="columns not to use")
    series.add_argument(
        "--fill",
        type=int,
        default=0,
        help="steps that a value may stand in for the next ones (0: holes are cut)",
    )
    _add_model(series, "linear", "mlp", "lstm", "transformer")
    return parser


def settle(asked: argparse.Namespace) -> argparse.Namespace:
    """Give each option that was left out the value that its model has for it.

    Parameters
    ----------
    asked : Namespace
        What the parser made of the words.

    Returns
    -------
    Namespace
        A new one, with exactly the options that the model takes.

    Raises
    ------
    CommandError
        If an option was given that the model does not take: to ignore it would be to
        train something else than was asked for.

    Examples
    --------
    >>> words = ["table", "homes.csv", "--target", "price", "--model", "forest"]
    >>> asked = settle(make_parser().parse_args([*words, "--trees", "30"]))
    >>> asked.trees, asked.seed, hasattr(asked, "epochs")
    (30, 0, False)
    """
    told, takes = dict(vars(asked)), MODELS[asked.model]
    for name in sorted({name for taken in MODELS.values() for name in taken}):
        given = told.pop(name)
        if name in takes:
            told[name] = takes[name] if given is None else given
        elif given is not None:
            raise CommandError(
                f"--{name.replace('_', '-')} means nothing to the model {asked.model};"
                f" it takes {in_words(sorted(takes))}"
            )
    return argparse.Namespace(**told)


def in_words(names: Sequence[str]) -> str:
    """Options as they are typed.

    Parameters
    ----------
    names : sequence of str
        Their names in the program.

    Examples
    --------
    >>> in_words(["batch_size", "epochs"])
    '--batch-size, --epochs'
    """
    return ", ".join(f"--{name.replace('_', '-')}" for name in names)


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--size", type=int, nargs=2, metavar=("HEIGHT", "WIDTH"), help="scale to it"
    )
    parser.add_argument("--channels", type=int, default=3, choices=[1, 3])


def _add_model(parser: argparse.ArgumentParser, *models: str) -> None:
    """The choice of a model, the first if nothing is said, and what each takes."""
    parser.add_argument(
        "--model", default=models[0], choices=models, help="(%(default)s)"
    )
    told = {
        "epochs": (int, "in all"),
        "batch_size": (int, "of each process"),
        "learning_rate": (float, "the highest"),
        "hidden": (int, "units of the hidden layers"),
        "depth": (int, "how often the pictures are halved"),
        "filters": (int, "at full size"),
        "trees": (int, "how many; of boosting, at the most"),
        "device": (str, "auto, cpu, cuda or mps"),
        "precision": (str, "float32 or bfloat16"),
        "checkpoint": (Path, "the file to write and to go on with"),
        "processes": (int, "on this machine"),
        "restarts": (int, "when a process dies"),
        "seed": (int, "of parts, first weights and order"),
    }
    for name, (kind, text) in told.items():
        values = {
            model: str(MODELS[model][name]).strip("[]")
            for model in models
            if name in MODELS[model]
        }
        if not values:
            parser.set_defaults(**{name: None})
            continue
        several = {"nargs": "*"} if name == "hidden" else {}
        shown = f"{text} ({_told(values, models)})"
        parser.add_argument(in_words([name]), type=kind, help=shown, **several)
    parser.add_argument(
        "--new", action="store_true", default=None, help="do not go on with a file"
    )


def _told(values: dict[str, str], models: Sequence[str]) -> str:
    """What an option is if nothing is said, and which models take it.

    Examples
    --------
    >>> models = ["a", "b", "c"]
    >>> _told(dict.fromkeys(models, "1"), models), _told({"a": "1", "b": "1"}, models)
    ('1', '1; a, b')
    >>> _told({"a": "1", "b": "2"}, models)
    'a: 1, b: 2'
    """
    if len(set(values.values())) == 1:
        takers = "" if len(values) == len(models) else f"; {', '.join(values)}"
        return next(iter(values.values())) + takers
    return ", ".join(f"{model}: {value}" for model, value in values.items())


# Checks of arguments
def check_options(asked: argparse.Namespace) -> None:
    """Refuse what can be seen to be wrong before any data is read.

    Parameters
    ----------
    asked : Namespace
        From `settle`.
    """
    told = vars(asked)
    paths = [asked.path, asked.masks] if asked.kind == "masks" else [asked.path]
    for path in paths:
        if not path.exists():
            raise CommandError(f"there is no {path}")
        if asked.kind in ("images", "masks") and not path.is_dir():
            holds = "one for each class" if asked.kind == "images" else "pictures in it"
            raise CommandError(f"{path} must be a folder with {holds}")
    counts = ("epochs", "batch_size", "processes", "trees", "filters", "window")
    for name in (*counts, "horizon"):
        if told.get(name, 1) < 1:
            raise CommandError(f"{in_words([name])} must be at least 1")
    for name in ("depth", "fill", "restarts"):
        if told.get(name, 0) < 0:
            raise CommandError(f"{in_words([name])} must be at least 0")
    if not told.get("learning_rate", 1) > 0:
        raise CommandError("--learning-rate must be above zero")
    if min(told.get("hidden", []), default=1) < 1:
        raise CommandError("--hidden must be numbers of at least 1")
    if asked.model in ("lstm", "transformer") and len(asked.hidden) != 1:
        raise CommandError(f"--hidden must be one number for the model {asked.model}")
    if "checkpoint" in told:
        folder = asked.checkpoint.resolve().parent
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            raise CommandError(f"the checkpoint cannot be written to {folder}")
