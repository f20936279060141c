"""A note beside a checkpoint: with what it was begun, so that nothing else goes on."""

import argparse
import json
from pathlib import Path

from mlfa.scale.options import CommandError, in_words
from mlfa.scale.tasks import Task
from mlfa.training.files import complete_or_not_at_all
from mlfa.training.processes import digest

# Another one of these, and the file is of another training.
DECIDE = ("model", "hidden", "depth", "filters", "learning_rate", "epochs", "seed")


def note_beginning(asked: argparse.Namespace, task: Task, processes: int) -> None:
    """Write down what begins; with `--new`, an old checkpoint goes away first.

    Parameters
    ----------
    asked : Namespace
        From `mlfa.scale.options.settle`.
    task : Task
        What is learned.
    processes : int
        How many learn it.
    """
    if asked.new:
        asked.checkpoint.unlink(missing_ok=True)
    with complete_or_not_at_all(_note(asked)) as part:
        told = json.dumps(_facts(asked, task, processes), indent=1)
        Path(part).write_text(told, encoding="utf-8")


def check_beginning(asked: argparse.Namespace, task: Task, processes: int) -> None:
    """Refuse to go on with a file that other settings or other data began.

    Parameters
    ----------
    asked, task, processes
        As of `note_beginning`.

    Raises
    ------
    CommandError
        If the note beside the checkpoint says something else.
    """
    note = _note(asked)
    if asked.new or not (asked.checkpoint.exists() and note.exists()):
        return
    begun = json.loads(note.read_text(encoding="utf-8"))
    now = _facts(asked, task, processes)
    other = [
        f"{name} ({begun.get(name)}, now {value})"
        for name, value in now.items()
        if begun.get(name) != value
    ]
    if other:
        raise CommandError(
            f"{asked.checkpoint} was begun with other settings: {', '.join(other)};"
            " repeat those, name another --checkpoint, or begin anew with --new"
        )


def _note(asked: argparse.Namespace) -> Path:
    return asked.checkpoint.with_name(f"{asked.checkpoint.name}.json")


def _facts(asked: argparse.Namespace, task: Task, processes: int) -> dict[str, str]:
    told = vars(asked)
    facts = {in_words([name]): str(told[name]) for name in DECIDE if name in told}
    facts["samples a step"] = str(asked.batch_size * processes)
    facts["the training data"] = " ".join(digest(part) for part in task.train)
    return facts
