"""Whatever a chapter reads makes it run again when it changes, and nothing else does."""

import os
import subprocess
import sysconfig
import venv
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from small_book import HERE, SmallBook, executed

from sphinx_ledger import keys, notebooks
from sphinx_ledger.chapters import code_cells


def test_nothing_runs_when_nothing_changed(book: SmallBook) -> None:
    assert book.run() == set()
    assert (book.number("one"), book.number("two")) == (1.25, 9.5)


@pytest.mark.parametrize(
    ("name", "old", "new", "chapter", "number"),
    [
        ("one.md", "number())", "number() + 1)", "one", 2.25),
        ("code/small/deep.py", "return 1", "return 3", "one", 3.25),
        ("code/small/deep.py", "    return 1", "    x = (2\n!= 3)\n    return 4", "one", 4.25),
        ("code/small/deep.py", "    return 1", "    x = (12\n% 5)\n    return x", "one", 2.25),
        ("code/small/things/a.py", "5", "6", "two", 10.5),
        ("code/small/data/two.csv", "2.5", "4.5", "two", 11.5),
        ("code/small/far.py", "0", "1", "two", 9.5),
        ("code/small/things/__init__.py", "import b", "import b\n\na.__defaults__ = ()", "two", 9.5),
    ],
    ids="cell module starts-with-! starts-with-% re-export data-by-variable import_module package-init".split(),
)
def test_a_change_of_what_was_read(book: SmallBook, name: str, old: str, new: str, chapter: str, number: float) -> None:
    """Also with the same date and, in places, the same size."""
    book.edit(name, old, new)
    assert book.run() == {chapter}
    assert book.number(chapter) == number
    assert book.run() == set()


@pytest.mark.parametrize(
    ("name", "text", "number"),
    [
        ("code/small/data/days/tuesday.txt", "x", 10.5),
        ("later.txt", "100", 109.5),
        ("code/small/things/a/__init__.py", "def a():\n    return 8\n", 12.5),
    ],
    ids=["in-a-listed-folder", "looked-for-in-vain", "package-that-hides-a-module"],
)
def test_a_new_file_that_the_run_would_have_seen(book: SmallBook, name: str, text: str, number: float) -> None:
    (book.root / name).parent.mkdir(exist_ok=True)
    (book.root / name).write_text(text)
    assert book.run() == {"two"} and book.number("two") == number
    (book.root / name).unlink()
    assert book.run() == set() and book.number("two") == 9.5, "the run before the change is kept"


def test_a_new_notebook_or_page_runs_no_other_one(book: SmallBook) -> None:
    """A kernel lists the folder in which it looks for modules; the chapters' notebooks there are made from runs."""
    book.edit("one.md", "number())", "number() + 0 * len(__import__('os').listdir()))")
    assert book.run() == {"one"}
    (book.root / "two.ipynb").write_text("{}")
    assert book.run() == set()
    (book.root / "three.md").write_text("# Page three\n")
    book.edit("_toc.yml", "- file: two", "- file: two\n  - file: three")
    assert book.run() == set()
    for left in (".pytest_cache", "__pycache__", "small.egg-info"):
        (book.root / left).mkdir(exist_ok=True)
    assert book.run() == set()
    (book.root / "stray.ipynb").write_text("{}")
    assert "one" in book.run()


def test_a_module_beside_the_chapter_is_an_input(book: SmallBook) -> None:
    (book.root / "beside.py").write_text("X = 1\n")
    book.edit("one.md", "number())", "number() + __import__('beside').X)")
    assert book.run() == {"one"} and book.number("one") == 2.25
    book.edit("beside.py", "1", "2")
    assert book.run() == {"one"} and book.number("one") == 3.25
    (book.root / "code" / "beside.py").write_text("X = 5\n")  # is found first
    assert book.run() == {"one"} and book.number("one") == 6.25


def test_a_cell_with_lines_that_begin_like_magics_follows_its_modules(book: SmallBook) -> None:
    """Where formatters put operators of long expressions: ``!=`` and ``%`` are no commands of IPython there."""
    book.edit("one.md", "number())", "number() + (2\n!= 3) + (12\n% 5))")
    assert book.run("one") == {"one"} and book.number("one") == 4.25
    book.edit("code/small/deep.py", "return 1", "return 3")
    assert book.run("one") == {"one"} and book.number("one") == 6.25


def test_a_file_that_a_cell_loads_is_its_code(book: SmallBook) -> None:
    (book.package / "loaded.py").write_text("MORE = 1\n")
    cell = "# Page one\n\n```{code-cell} python\n:load: code/small/loaded.py\n```\n"
    book.edit("one.md", "# Page one\n", cell)
    book.edit("one.md", "number())", "number() + MORE)")
    assert book.run("one") == {"one"} and book.number("one") == 2.25
    book.edit("code/small/loaded.py", "1", "2")
    assert book.run("one") == {"one"} and book.number("one") == 3.25
    assert next(iter(code_cells(book.runs["one"].notebook))).source.strip() == "MORE = 2"


def test_what_was_not_read_runs_nothing(book: SmallBook) -> None:
    book.edit("one.md", "The number is", "Here the number is")
    book.edit("one.md", "{code-cell} python\n", "{code-cell} python\n:tags: [hide-input]\n")
    (book.package / "unused.py").write_text("")
    (book.package / "data" / "two.unpacked").unlink()  # the run makes it by itself
    assert book.run() == set()


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("from .a import two", "from .a import two\nfrom .b import four", None),
        ("from .b import three\n", "", None),
        ("from .a import two", "from .c import two", 5.25),
        ("from .a import two", "from .a import two\nfrom .b import two", 4.25),
        ("from .a import two", "from .a import two, one", 3.25),
    ],
    ids=["a-name-more", "a-name-less", "another-module", "the-last-line-counts", "of-a-module-that-was-read"],
)
def test_a_stub_counts_for_what_the_run_used(book: SmallBook, old: str, new: str, number: float | None) -> None:
    """The stub of a lazy package lists names of all modules; a page that used one has nothing to do with the others."""
    package = book.package / "lazy"
    package.mkdir()
    for name, text in {
        "__init__.py": "import lazy_loader\n__getattr__, *_ = lazy_loader.attach_stub(__name__, __file__)\n",
        "__init__.pyi": "from .a import two\nfrom .b import three\n",
        "a.py": "one, two = 1, 2\n",
        "b.py": "two = three = four = 3\n",
        "c.py": "two = 4\n",
    }.items():
        (package / name).write_text(text)
    book.edit("one.md", "number())", "number() + __import__('small.lazy').lazy.two)")
    assert book.run() == {"one"} and book.number("one") == 3.25
    book.edit("code/small/lazy/__init__.pyi", old, new)
    assert book.run() == (set() if number is None else {"one"})
    assert number is None or book.number("one") == number


def test_what_changes_every_run(book: SmallBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell" if os.environ.get("OPENBLAS_CORETYPE") != "Haswell" else "Zen")
    assert book.run("one") == {"one"}
    monkeypatch.setitem(keys.ENVIRONMENT, "OMP_NUM_THREADS", "2")
    assert book.run("one") == {"one"}
    book.edit("_config.yml", "derived:", 'environment: {A: "1"}\n      derived:')
    assert book.run("one") == {"one"}
    other = SimpleNamespace(version="0.0", requires=[])
    monkeypatch.setattr(keys.metadata, "distribution", lambda name: other)
    assert book.run("one") == {"one"}
    assert book.run("one") == set()


def test_a_kernel_has_nothing_of_the_reader(book: SmallBook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start-up files, a matplotlibrc, variables, another clone's package and another kernel by the same name."""
    home = tmp_path / "home"
    for name, text in {
        ".ipython/profile_default/startup/00.py": "from pathlib import Path\nPath('later.txt').write_text('7')",
        ".config/matplotlib/matplotlibrc": "figure.dpi: 33",
        ".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["false"], "display_name": "x", "language": "x"}',
        "other/small/__init__.py": "",
        "other/small/first.py": "def number():\n    return 1000",
    }.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
    book.edit("one.md", "number())", "number())\nprint('dpi', __import__('matplotlib').rcParams['figure.dpi'])")
    for name, value in {
        "HOME": str(home),
        "PYTHONPATH": str(home / "other"),
        "READERS_OWN": "a secret",
        "MPLBACKEND": "Agg",
        "MATPLOTLIBRC": str(home / ".config/matplotlib"),
    }.items():
        monkeypatch.setenv(name, value)
    book.edit("two.md", "extra = float", "extra  = float")  # the same code, to be run
    assert book.run() == {"one", "two"}
    assert (book.number("one"), book.number("two")) == (1.25, 9.5)
    said = str([cell.get("outputs") for run in book.runs.values() for cell in run.notebook.cells])
    assert "unset" in said and "a secret" not in said and "dpi 33" not in said


def test_an_installed_package_does_not_stand_in_for_the_books(book: SmallBook, tmp_path: Path) -> None:
    """Another clone's `small` and `sphinx_ledger` in the environment, in its folder and by a .pth file."""
    venv.create(tmp_path / "other", symlinks=os.name == "posix")
    (python,) = [path for path in (tmp_path / "other").glob("*/python*") if path.stem == "python"]
    (site,) = (tmp_path / "other").rglob("site-packages")
    for name, text in {
        "small/__init__.py": "",
        "small/first.py": "def number():\n    return 1000",
        "more/small/first.py": "def number():\n    return 2000",
        "more/sphinx_ledger/__init__.py": "raise ImportError('another clone')",
        "all.pth": "\n".join([str(site / "more"), *{sysconfig.get_path(name) for name in ("purelib", "platlib")}]),
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)

    def run(*arguments: str, **variables: str) -> str:
        environment = {**{name: value for name, value in os.environ.items() if name != "PYTHONPATH"}, **variables}
        done = subprocess.run([str(python), *arguments], env=environment, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("-c", "from small.first import number; print(number())") == "1000\n"
    book.edit("one.md", "number())", "0 + number())")  # the same number, to be run
    said = run("-m", "sphinx_ledger.notebooks", str(book.root), PYTHONPATH=str(HERE.parent))
    assert executed(said) == {"one"}
    assert notebooks.results(nbformat.read(book.root / "one.ipynb", 4))["one-number"] == 1.25


@pytest.mark.parametrize("content", ["", "not a notebook", None], ids=["empty", "garbage", "half"])
def test_a_broken_stored_run_is_a_miss_that_is_reported(book: SmallBook, content: str | None) -> None:
    (path,) = (book.root / "_build" / ".runs" / "one").glob("*.ipynb")
    text = path.read_text()
    path.write_text(text[: len(text) // 2] if content is None else content)
    (path.parent / "left-by-a-kill.part").write_text("half")
    assert book.run() == {"one"} and book.number("one") == 1.25
    assert any("cannot be read and counts as no run" in line and path.name in line for line in book.said)
    assert book.run() == set() and not any("cannot be read" in line for line in book.said)


def test_a_file_that_changes_while_it_is_read_leaves_no_run(book: SmallBook) -> None:
    book.edit("one.md", "number())", "number())\nopen('code/small/deep.py', 'a').write('# edited meanwhile')")
    book.run("one")
    assert any("code/small/deep.py changed while one ran" in line for line in book.said)
    assert book.run("one") == {"one"}


def test_an_option_that_is_unknown_is_named(book: SmallBook) -> None:
    book.edit("_config.yml", "derived:", "derivd:")
    with pytest.raises(ValueError, match=r"knows pythonpath, .*; got derivd"):
        book.run()


def test_a_stored_run_is_the_run_that_was_stored(book: SmallBook) -> None:
    book.edit("one.md", "number())", "number())\nclaim('z-a', 'In this order.', larger={'z': 2}, smaller={'a': 1})")
    outputs = []
    for expected in ({"one"}, set()):
        assert book.run("one") == expected
        outputs.append(repr([cell.outputs for cell in book.runs["one"].notebook.cells if cell.cell_type == "code"]))
    assert outputs[0] == outputs[1] and "'evidence': {'z': 2, 'a': 1}" in outputs[0]


def test_progress_tells_what_runs_and_what_is_left(book: SmallBook) -> None:
    for name in ("one", "two"):
        book.edit(f"{name}.md", "result(", "# changed\nresult(")
    book.run()
    assert [line for line in book.said if line.startswith("running one (") and "s the last time" in line]
    assert any("; 1 left, at most " in line for line in book.said) and any("; none left" in line for line in book.said)


def test_a_file_that_is_written_again_as_it_was_costs_no_run(book: SmallBook) -> None:
    again = "number())\nfrom pathlib import Path\ndeep = Path('code/small/deep.py')\ndeep.write_text(deep.read_text())"
    book.edit("one.md", "number())", again)
    assert book.run("one") == {"one"} and book.run("one") == set()
