"""A small book with this book's site around it, to build in a few seconds with other addresses and other pages."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup

ROOT = Path(__file__).parents[2]
# What decides where a site's links lead: each build names its own.
GIVEN = ("GITHUB_", "MLFA_", "SOURCE_DATE_EPOCH")
PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---
# Page one

{prose}

```{{code-cell}} python
from mlfa.book.ledger import result

{code}
```
"""


class SmallSite:
    """A front page, and the page `one` with a cell and a notebook beside it."""

    def __init__(self, root: Path, prose: str, code: str = 'result("one-number", 1.25)') -> None:
        self.root = root
        for name in ("_ext", "_static"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "tests"))
        config = (ROOT / "_config.yml").read_text(encoding="utf-8")
        (root / "_config.yml").write_text(config.replace("chapters/**/*.ipynb", "*.ipynb"), encoding="utf-8")
        package = Path("code", "mlfa")
        shutil.copytree(ROOT / package / "book", root / package / "book")
        for path in (*ROOT.glob("LICENSE*"), ROOT / package / "__init__.py"):
            shutil.copy(path, root / path.relative_to(ROOT))
        (root / "references.bib").touch()
        (root / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: one\n")
        (root / "index.md").write_text("# A small book\n\nPage one has {ledger}`one-number:.2f`, and that is all.\n")
        (root / "one.md").write_text(PAGE.format(prose=prose, code=code), encoding="utf-8")
        beside = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("beside")])
        nbformat.write(beside, root / "one.ipynb")

    def build(self, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(GIVEN)}
        command = [str(Path(sys.executable).with_name("jupyter-book")), "build", str(self.root), "-W", "--keep-going"]
        return subprocess.run([*command, "-n"], env=kept | variables, cwd=self.root, capture_output=True, text=True)

    def built(self, **variables: str) -> Path:
        """The folder of the site, built without a warning."""
        done = self.build(**variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return self.root / "_build" / "html"


def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
