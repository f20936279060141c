"""The pipeline on a small book: a page is never stale, never run twice, and never hides a failure."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from mlfa_book import digest_of

ROOT = Path(__file__).parents[2]
PAGE = """---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
---
({name})=
# Page {name}

{prose}

```{{code-cell}} python
{code}
```

The number is {{glue:text}}`{name}-number:.2f`.
"""
CODE = 'from mlfa.{module} import number\nfrom mlfa.ledger import claim, result\n\nresult("{name}-number", number())'


class MiniBook:
    """A book of two chapters: `one` imports the module `first`, `two` the module `second`."""

    def __init__(self, root: Path, new: bool = True) -> None:
        self.root = root
        if new:
            self.create()

    def create(self) -> None:
        root = self.root
        shutil.copytree(ROOT / "_ext", root / "_ext", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "_static", root / "_static")
        shutil.copy(ROOT / "_config.yml", root)
        package = root / "code" / "mlfa"
        (package / "data").mkdir(parents=True)
        (package / "things").mkdir()
        shutil.copy(ROOT / "code" / "mlfa" / "__init__.py", package)
        shutil.copy(ROOT / "code" / "mlfa" / "ledger.py", package)
        (package / "first.py").write_text("from mlfa.deep import base\n\n\ndef number():\n    return base() + 0.25\n")
        (package / "deep.py").write_text("def base():\n    return 1\n")
        (package / "things" / "__init__.py").write_text("from mlfa.things.a import a\nfrom mlfa.things.b import b\n")
        (package / "things" / "a.py").write_text("def a():\n    return 5\n")
        (package / "things" / "b.py").write_text("def b():\n    return 7\n")
        (package / "data" / "two.csv").write_text("2.5\n")
        (package / "second.py").write_text(
            "from pathlib import Path\n\nfrom mlfa.things import a\n\n\ndef number():\n"
            '    return float((Path(__file__).parent / "data" / "two.csv").read_text()) + a()\n'
        )
        (root / "references.bib").write_text("")
        (root / "index.md").write_text("# A small book\n\nOne has {ledger}`one-number:.2f`.\n")
        (root / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: one\n  - file: two\n")
        self.write("one")
        self.write("two")

    def write(self, name: str, prose: str = "Some prose.", code: str | None = None) -> None:
        module = {"one": "first", "two": "second"}[name]
        code = code or CODE.format(module=module, name=name)
        (self.root / f"{name}.md").write_text(PAGE.format(name=name, prose=prose, code=code))

    def build(self, *flags: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(Path(sys.executable).with_name("jupyter-book")), "build", str(self.root), *flags],
            env={**os.environ, "PYTHONPATH": str(self.root / "code")},
            cwd=cwd or self.root,
            capture_output=True,
            text=True,
        )

    def executed(self, done: subprocess.CompletedProcess[str]) -> set[str]:
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Executed notebook" not in done.stdout + done.stderr, (
            "a page was run by MyST-NB, behind the cache's back"
        )
        return {line.split()[1] for line in done.stdout.splitlines() if line.startswith("executed ")}

    def html(self, name: str) -> str:
        return (self.root / "_build" / "html" / f"{name}.html").read_text(encoding="utf-8")

    def text(self, name: str) -> str:
        return " ".join(BeautifulSoup(self.html(name), "lxml").get_text().split())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = MiniBook(tmp_path_factory.mktemp("mini") / "a small book")
    assert book.executed(book.build("-W", "--keep-going", "-n")) == {"one", "two"}
    return book.root


@pytest.fixture
def book(built: Path, tmp_path: Path) -> MiniBook:
    """The built book, in the same state at the start of every test."""
    backup = tmp_path / "as built"
    shutil.copytree(built, backup)
    yield MiniBook(built, new=False)
    # Sphinx knows the book by its path: the first state goes back to its place.
    shutil.rmtree(built)
    shutil.move(backup, built)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_numbers_reach_the_pages_and_the_ledger(book: MiniBook) -> None:
    assert "The number is 1.25." in book.text("one")
    assert "7.50" in book.html("two")
    assert '<span class="ledger-value">1.25</span>' in book.html("index")
    ledger = json.loads((book.root / "_build" / "html" / "ledger.json").read_text())
    assert [(e["name"], e["chapter"], e["value"]) for e in ledger] == [
        ("one-number", "one", 1.25),
        ("two-number", "two", 7.5),
    ]


def test_a_text_is_shown_as_it_is(book: MiniBook) -> None:
    code = CODE.format(module="first", name="one") + '\nresult("one-count", "20,640")'
    book.write("one", prose="There are {glue:text}`one-count` samples.", code=code)
    assert book.executed(book.build("-W")) == {"one"}
    assert "There are 20,640 samples." in book.text("one")


def test_nothing_runs_when_nothing_changed(book: MiniBook) -> None:
    assert book.executed(book.build()) == set()
    assert book.executed(book.build("--all", cwd=Path("/"))) == set()


def test_prose_does_not_run_a_chapter(book: MiniBook) -> None:
    book.write("one", prose="Other prose.")
    assert book.executed(book.build()) == set()
    assert "Other prose." in book.html("one")


def test_a_caption_does_not_run_a_chapter(book: MiniBook) -> None:
    text = (book.root / "one.md").read_text()
    (book.root / "one.md").write_text(text.replace("{code-cell} python\n", "{code-cell} python\n:tags: [hide-input]\n"))
    assert book.executed(book.build("-W")) == set()
    assert "tag_hide-input" in book.html("one")
    assert "The number is 1.25." in book.text("one")


def test_a_cell_runs_its_chapter(book: MiniBook) -> None:
    book.write("one", code=CODE.format(module="first", name="one").replace("number())", "number() + 1)"))
    assert book.executed(book.build()) == {"one"}
    assert "The number is 2.25." in book.text("one")
    assert '<span class="ledger-value">2.25</span>' in book.html("index"), "a page that shows the ledger is stale"


def test_a_module_runs_the_chapters_that_reach_it(book: MiniBook) -> None:
    edit(book.root / "code" / "mlfa" / "deep.py", "return 1", "return 3")
    assert book.executed(book.build()) == {"one"}
    assert "The number is 3.25." in book.text("one")


def test_a_module_with_an_old_date_is_seen(book: MiniBook) -> None:
    path = book.root / "code" / "mlfa" / "deep.py"
    edit(path, "return 1", "return 3")
    os.utime(path, (1, 1))
    assert book.executed(book.build()) == {"one"}
    assert "The number is 3.25." in book.text("one")


def test_a_module_behind_a_reexport(book: MiniBook) -> None:
    things = book.root / "code" / "mlfa" / "things"
    edit(things / "b.py", "7", "8")
    edit(things / "__init__.py", "import b\n", "import b\nfrom mlfa.things.b import b as c\n")
    assert book.executed(book.build()) == set(), "chapter two uses only things.a"
    edit(things / "a.py", "5", "6")
    assert book.executed(book.build()) == {"two"}
    assert "The number is 8.50." in book.text("two")


def test_data_runs_the_chapter_that_reads_it(book: MiniBook) -> None:
    edit(book.root / "code" / "mlfa" / "data" / "two.csv", "2.5", "4.5")
    assert book.executed(book.build()) == {"two"}
    assert "The number is 9.50." in book.text("two")


def test_a_style_sheet_reaches_the_site(book: MiniBook) -> None:
    (book.root / "_static" / "book.css").write_text("p { color: black; }\n")
    assert book.executed(book.build()) == set()
    assert (book.root / "_build" / "html" / "_static" / "book.css").read_text() == "p { color: black; }\n"


def test_installed_versions_run_everything(book: MiniBook) -> None:
    edit(book.root / "_ext" / "mlfa_book" / "chapters.py", "return json.dumps([sys.version,", 'return json.dumps(["x",')
    assert book.executed(book.build()) == {"one", "two"}


def test_a_loaded_file_is_shown_and_followed(book: MiniBook) -> None:
    (book.root / "one.md").write_text(
        (book.root / "one.md")
        .read_text()
        .replace(
            "```{code-cell} python\n",
            "```{code-cell} python\n:load: code/mlfa/deep.py\n```\n\n```{code-cell} python\n",
            1,
        )
    )
    assert book.executed(book.build("-W")) == {"one"}
    edit(book.root / "code" / "mlfa" / "deep.py", "def base():", "def base():  # a new comment")
    assert book.executed(book.build()) == {"one"}
    assert "a new comment" in book.html("one")


def test_a_failing_cell_fails_the_build(book: MiniBook) -> None:
    book.write("one", code='raise RuntimeError("the cell broke")')
    done = book.build()
    assert done.returncode != 0
    assert "one.md failed" in done.stdout + done.stderr
    assert "RuntimeError" in done.stdout + done.stderr and "the cell broke" in done.stdout + done.stderr


def test_a_false_claim_fails_the_build(book: MiniBook) -> None:
    book.write(
        "one", code=CODE.format(module="first", name="one") + '\nclaim("one-x", "One beats two.", 1 > 2, a=1, b=2)'
    )
    done = book.build()
    assert done.returncode != 0
    assert "One beats two." in done.stdout + done.stderr


def test_two_records_of_one_name_fail_the_build(book: MiniBook) -> None:
    book.write("two", code=CODE.format(module="second", name="one"))
    done = book.build()
    assert done.returncode != 0
    assert "'one-number' is recorded twice" in done.stdout + done.stderr


def test_a_missing_result_is_a_warning(book: MiniBook) -> None:
    edit(book.root / "index.md", "one-number", "no-such-number")
    done = book.build("-W", "--keep-going")
    assert done.returncode != 0
    assert "no-such-number" in done.stdout + done.stderr


def test_a_digest_changes_with_the_contents_of_a_folder_and_not_with_compiled_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    first = digest_of(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("2")
    assert digest_of(tmp_path) == first
    (tmp_path / "a.py").write_text("3")
    assert digest_of(tmp_path) != first


def test_an_image_without_alt_text_is_a_warning(book: MiniBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")  # a reader's choice that must not take the figures away
    plot = "\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    book.write("one", code=CODE.format(module="first", name="one") + plot)
    done = book.build("-W", "--keep-going")
    assert done.returncode != 0
    assert "an image has no alt text" in done.stdout + done.stderr
