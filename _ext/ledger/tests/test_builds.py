"""Every build gives the whole site as it is now, whatever became of the build before."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from small_book import HERE, SmallBook, executed

from sphinx_ledger import notebooks
from sphinx_ledger.chapters import code_cells
from sphinx_ledger.runs import cores


def ledger_of(book: SmallBook) -> dict[str, dict]:
    entries = json.loads((book.root / "_build" / "html" / "ledger.json").read_text(encoding="utf-8"))
    return {entry["name"]: entry for entry in entries}


def shows(book: SmallBook, number: str) -> bool:
    """The chapter, the front page and the ledger agree on the number of chapter one."""
    texts = [book.text("one"), book.text("index"), f"The number is {ledger_of(book)['one-number']['value']}."]
    wanted = [f"The number is {number}.", f"One has {number}.", f"The number is {number}."]
    return all(want in text for want, text in zip(wanted, texts, strict=True))


def test_a_change_reaches_every_page_that_shows_it(book: SmallBook, tmp_path: Path) -> None:
    """The front matter of chapter one is written in one line, as YAML allows."""
    assert shows(book, "1.25")
    outside = tmp_path / "outside.txt"  # no run sees what is outside the book
    outside.write_text("3")
    book.edit("code/small/deep.py", "return 1", f"return float(open({str(outside)!r}).read())")
    assert executed(book.build("-W", "--keep-going")) == {"one"}
    assert shows(book, "3.25")
    outside.write_text("4")
    shutil.rmtree(book.root / "_build" / ".runs")
    assert executed(book.build()) == {"one", "two"}
    assert shows(book, "4.25"), "without stored runs, all pages show the new ones"


@pytest.mark.parametrize("phase", ["running one", "reading sources", "preparing documents", "writing output"])
def test_a_build_after_one_that_was_killed(book: SmallBook, phase: str) -> None:
    book.edit("code/small/deep.py", "return 1", "return 3")
    killed = book.start()
    for line in killed.stdout:
        if phase in line:
            os.killpg(killed.pid, signal.SIGKILL)
            break
    else:
        pytest.fail(f"the build never said {phase!r}")
    killed.wait()
    book.build("-W", "--keep-going")
    assert shows(book, "3.25")


def interrupted(book: SmallBook, ready: Callable[[list[str]], bool]) -> str:
    """What a build says after Ctrl-C, which comes when `ready` says so of its lines; it ends within 5 seconds.

    Of a machine that is busy with other work a second try is asked.
    """
    seconds = []
    while not seconds or (seconds[-1] >= 5 and len(seconds) < 2):
        shutil.rmtree(book.root / "_build" / ".runs", ignore_errors=True)
        stopped, said = book.start(cores=2), []
        for line in stopped.stdout:
            said.append(line)
            if ready(said):
                break
        else:
            pytest.fail("".join(said))
        start = time.monotonic()
        os.killpg(stopped.pid, signal.SIGINT)
        # What would go on goes on for an hour: whatever ends sooner was ended.
        rest, _ = stopped.communicate(timeout=300)
        seconds.append(time.monotonic() - start)
        assert stopped.returncode != 0, rest
    assert seconds[-1] < 5, f"the build ended {seconds} seconds after Ctrl-C"
    return rest


def test_ctrl_c_ends_the_build_and_keeps_the_runs_that_are_done(book: SmallBook) -> None:
    slow = (
        (book.root / "two.md")
        .read_text()
        .replace("import importlib", "import time\n\ntime.sleep(3600)\nimport importlib")
    )
    names = ["one", "two", "three", "four"]
    for name in names[1:]:
        (book.root / f"{name}.md").write_text(
            slow.replace("(two)=", f"({name})=").replace("two-number", f"{name}-number")
        )
    # Of chapters that never ran, the last begins first.
    toc = "format: jb-book\nroot: index\nchapters:\n" + "".join(f"  - file: {name}\n" for name in reversed(names))
    (book.root / "_toc.yml").write_text(toc)

    def one_is_done(said: list[str]) -> bool:
        """And all places are taken again, so that on one or two cores chapters wait."""
        begun = {line.split()[1] for line in said if line.startswith("running ")}
        return any(line.startswith("executed one") for line in said) and len(begun) > min(2, cores())

    rest = interrupted(book, one_is_done)
    assert "executed" not in rest
    assert "running" not in rest, "a chapter began after the build was stopped"
    assert book.run("one") == set()


def test_ctrl_c_ends_a_build_that_reads_its_pages(book: SmallBook) -> None:
    book.edit("_config.yml", "extra_extensions:", "local_extensions: {endless: .}\n  extra_extensions:")
    (book.root / "endless.py").write_text(
        "import time\n\n\ndef read(app, docname, source):\n    print('reads', docname)\n    time.sleep(3600)\n\n\n"
        "def setup(app):\n    app.connect('source-read', read)\n"
    )
    interrupted(book, lambda said: said[-1].startswith("reads "))
    assert book.run() == set(), "all chapters had run, and their runs are kept"


def test_of_two_builds_at_once_one_waits(book: SmallBook) -> None:
    shutil.rmtree(book.root / "_build")
    builds = [book.start("-W", "--keep-going") for _ in range(2)]
    said = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], said
    assert sorted(len(executed(text)) for text in said) == [0, 2]
    assert sum("this one waits until it has ended" in text for text in said) == 1
    assert shows(book, "1.25")


def test_a_page_that_left_the_contents_leaves_the_site(book: SmallBook) -> None:
    html = book.root / "_build" / "html"
    assert len(list((html / "_images").iterdir())) == 1, "chapter two has the one figure"
    book.edit("_toc.yml", "  - file: two\n", "")
    book.build("-W", "--keep-going")
    assert not list(html.rglob("*two*")) and not list(html.glob("_images/*"))
    assert "two-number" not in ledger_of(book)


def test_a_book_that_cannot_be_written_is_built_elsewhere(book: SmallBook, tmp_path: Path) -> None:
    """Root may write anywhere, so the test is that nothing beside the output changed."""
    shutil.rmtree(book.root / "_build")
    book.edit("two.md", 'unpacked.write_text("1")', "")
    (book.package / "data" / "two.unpacked").write_text("1")
    before = {path: path.stat().st_mtime_ns for path in book.root.rglob("*")}
    book.build("--path-output", str(tmp_path / "out"))
    assert {path: path.stat().st_mtime_ns for path in book.root.rglob("*")} == before
    assert (tmp_path / "out" / "_build" / "html" / "ledger.json").is_file()


def test_a_folder_of_other_things_is_not_emptied(book: SmallBook, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    (book.root / "conf.py").write_text("extensions = ['myst_nb', 'sphinx_ledger']\nexclude_patterns = ['_build']\n")
    command = [book.command()[0].replace("jupyter-book", "sphinx-build"), str(book.root), str(tmp_path / "mine")]
    done = subprocess.run(command, env=book.environment(), capture_output=True, text=True)
    assert done.returncode != 0 and "is no site that Sphinx made" in done.stderr
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_a_false_claim_is_shown_and_warned_of_and_takes_nothing_away(book: SmallBook) -> None:
    book.edit(
        "one.md", "number())", 'number())\nclaim("one-wins", "One beats two.", larger={"one": 1}, smaller={"two": 2})'
    )
    said = book.build()
    assert "one-wins" in said and "One beats two." in said.rsplit("build succeeded", 1)[0]
    for page in ("one", "index"):
        assert "Not confirmed in this run" in book.text(page) and "One beats two." in book.text(page)
    assert ledger_of(book)["one-wins"]["holds"] is False and ledger_of(book)["one-wins"]["margin"] == -1
    assert shows(book, "1.25") and "Page two" in book.text("two")
    assert "one-wins" in book.build("-W", "--keep-going", code=1)
    # The notebook is made from the run of that build.
    assert notebooks.main(book.root) == 0
    outputs = [out for cell in code_cells(nbformat.read(book.root / "one.ipynb", 4)) for out in cell.outputs]
    texts = [out.data["text/plain"] for out in outputs if "text/plain" in out.get("data", {})]
    assert sum(text.startswith("Not confirmed in this run: One beats two. (one = 1; two = 2") for text in texts) == 1


def test_another_copy_of_the_extension_does_not_build_a_book_that_has_its_own(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is installed or on PYTHONPATH is found before `local_extensions`."""
    book.edit("_config.yml", "extra_extensions: [sphinx_ledger]", "local_extensions: {sphinx_ledger: own}")
    own = book.root / "own"
    shutil.copytree(HERE.parent / "sphinx_ledger", own / "sphinx_ledger", ignore=shutil.ignore_patterns("*.pyc"))
    said = " ".join(book.build(code=1).split())
    assert f"sphinx_ledger was loaded from {HERE.parent}, but this book keeps its own in {own} " in said
    assert f"or build with PYTHONPATH={own}" in said
    monkeypatch.setattr(book, "environment", lambda: {**os.environ, "PYTHONPATH": str(own)})
    book.build("-W", "--keep-going")


def test_a_second_opening_of_test_data_is_warned_of(book: SmallBook) -> None:
    cell = 'number())\nfrom sphinx_ledger.sealed import Sealed\n\ntest = Sealed("test rows", [1, 2])\n{}'
    once, again = 'test.open("the final score of all")', 'test.open("one more look at it")'
    book.edit("one.md", "number())", cell.format(once))
    book.build("-W", "--keep-going")
    assert "the final score of all" in book.text("index")
    book.edit("one.md", once, f"{once}\n{again}")
    assert "test rows" in book.build("-W", "--keep-going", code=1)


def test_a_failing_cell_fails_the_build(book: SmallBook) -> None:
    book.edit("one.md", "number())", 'number())\nraise RuntimeError("the cell broke")')
    said = book.build(code=1)
    assert "one.md failed" in said and "RuntimeError" in said and "the cell broke" in said


def test_two_records_of_one_name_fail_the_build(book: SmallBook) -> None:
    book.edit("two.md", "two-number", "one-number")
    assert "'one-number' is recorded twice" in book.build(code=1)


def test_a_missing_result_is_a_warning(book: SmallBook) -> None:
    book.edit("index.md", "one-number", "no-such-number")
    assert "no-such-number" in book.build("-W", "--keep-going", code=1)


def test_a_page_with_cells_outside_the_contents_is_not_run_in_secret(book: SmallBook) -> None:
    book.edit("_config.yml", "only_build_toc_files: true", "only_build_toc_files: false")
    (book.root / "three.md").write_text((book.root / "one.md").read_text().replace("(one)=", "(three)="))
    assert "three has cells and is not in _toc.yml" in book.build(code=1)
