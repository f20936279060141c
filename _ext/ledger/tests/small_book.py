"""A small book to build, change and break: the folder `book`, copied."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from sphinx_ledger.chapters import Book
from sphinx_ledger.keys import installed_versions
from sphinx_ledger.runs import run_chapters

HERE = Path(__file__).parent


class SmallBook:
    """A copy of the folder `book`: chapter one reads `first` and `deep`, chapter two reads all else."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.package = root / "code" / "small"

    def run(self, *names: str, **options: Any) -> set[str]:
        """Give the chapters their runs, without pages; the names of those that were executed."""
        self.said: list[str] = []
        installed_versions.cache_clear()
        book = Book(self.root)
        self.runs = run_chapters(book, names or book.chapters(), say=self.said.append)
        return {line.split()[1] for line in self.said if line.startswith("executed ")}

    def number(self, name: str) -> float:
        (found,) = [
            output.metadata["ledger"]["value"]
            for cell in self.runs[name].notebook.cells
            for output in cell.get("outputs", [])
            if "ledger" in output.get("metadata", {}) and output.metadata["ledger"]["kind"] == "result"
        ]
        return found

    def command(self, *flags: str) -> list[str]:
        return [str(Path(sys.executable).with_name("jupyter-book")), "build", str(self.root), *flags]

    def environment(self) -> dict[str, str]:
        # The extension as an installed package would be found.
        return {**os.environ, "PYTHONPATH": str(HERE.parent), "PYTHONUNBUFFERED": "1"}

    def start(self, *flags: str, cores: int | None = None) -> subprocess.Popen[str]:
        """Begin a build, on so many cores at most where they can be chosen (on Linux)."""

        def choose() -> None:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])

        return subprocess.Popen(
            self.command(*flags),
            preexec_fn=choose if cores and hasattr(os, "sched_setaffinity") else None,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def build(self, *flags: str, code: int = 0) -> str:
        """Build the site; what the build said, after its exit code was compared."""
        done = subprocess.run(self.command(*flags), env=self.environment(), capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def html(self, name: str) -> str:
        return (self.root / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")

    def text(self, name: str) -> str:
        return " ".join(BeautifulSoup(self.html(name), "lxml").get_text().split())

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace in a file, and keep its date: nothing may depend on it."""
        path = self.root / name
        text, date = path.read_text(), path.stat()
        assert old in text
        path.write_text(text.replace(old, new))
        os.utime(path, ns=(date.st_atime_ns, date.st_mtime_ns))


def executed(said: str) -> set[str]:
    return {line.split()[1] for line in said.splitlines() if line.startswith("executed ")}
