"""The release: a zip that opens without a server or a network, and a PDF that holds the whole book."""

import copy
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import nbformat
import pytest
from pypdf import PdfReader

import browser as harness
import release
from pages import soup
from pdf import inner_link, make_pdf, print_document, words
from sphinx_ledger.contents import read_contents

ROOT = Path(__file__).parents[2]
TOC = harness.toc_pages()
PATHS = ("_ext/site", "_ext/ledger", "tools")
# Both PDFs are made by the same code: one of two pages in every test, and the whole book where time is no matter.
TWO = ["index", "chapters/tabular/trees", "chapters/appendix/bibliography"]
EXTENTS = [pytest.param(TWO, id="two pages"), pytest.param(TOC, id="whole", marks=pytest.mark.audit)]


def heading(name: str) -> str:
    """A page's title with its number."""
    title = copy.copy(soup(name).select_one("article h1"))
    for link in title.select(".headerlink"):
        link.decompose()
    return words(title)


def plain(text: str) -> str:
    """Letters and digits only, and no ligatures: what two ways of extracting text have in common."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text))


# The archive


@pytest.fixture(scope="module")
def archive(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name = f"{release.release_name(ROOT)}.zip"
    return release.make_archive(ROOT, harness.HTML, tmp_path_factory.mktemp("release") / name)


@pytest.fixture(scope="module")
def unpacked(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a reader's folder")
    with zipfile.ZipFile(archive) as file:
        file.extractall(folder)
    (inner,) = folder.iterdir()
    return inner


def test_the_archive_holds_what_its_readme_names(unpacked: Path) -> None:
    readme = (unpacked / "README.txt").read_text(encoding="utf-8")
    (wheel,) = unpacked.glob("*.whl")
    for name in ("site/index.html", "chapters", wheel.name, "LICENSE", "LICENSE-TEXT", "LICENSE-DATA", "CITATION.cff"):
        assert name in readme and (unpacked / name).exists(), name
    assert not (unpacked / "site" / "404.html").exists(), "its absolute paths lead nowhere in a folder"


def test_the_archive_holds_the_pages_of_the_contents_and_no_others(archive: Path) -> None:
    assert release.wrong_pages(archive, ROOT) == []


def test_a_page_too_few_and_one_too_many_are_named(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters: [{file: a/one}, {file: two}]\n")

    def holds(*pages: str) -> list[str]:
        with zipfile.ZipFile(tmp_path / "book-1.zip", "w") as file:
            for name in (*pages, "_static/template", "a/_static/template"):
                file.writestr(f"book-1/site/{name}.html", "")
            file.writestr("book-1/site/extra.txt", "")
        return release.wrong_pages(tmp_path / "book-1.zip", tmp_path)

    good = ("index", "a/one", "two", "search", "genindex")
    assert holds(*good) == ["a/_static/template"], "only the site's own folder of files is left out"
    assert holds(*good[1:], "a/old") == ["a/_static/template", "a/old", "index"]


def test_the_wheel_works_anywhere(unpacked: Path, tmp_path: Path) -> None:
    (wheel,) = unpacked.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = set(file.namelist())
        file.extractall(tmp_path / "site")
    # With the kernel's side of the ledger, which chapters import, and without tests and what was unpacked.
    wanted = {"mlfa/data/california_housing.csv.gz", "mlfa/plotting/__init__.pyi", "sphinx_ledger/records.py"}
    assert wanted <= names
    assert {re.split("[-/]", name)[0] for name in names} == {"mlfa", "sphinx_ledger"}
    assert not [name for name in names if "test" in name or name.endswith("-ubyte")]
    program = (
        "import mlfa.datasets as d; from mlfa.book.ledger import claim; print(d.__file__); "
        "print(d.load_california_housing().X.shape)"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "site") in done.stdout and "(20640, 8)" in done.stdout


def test_the_archive_holds_every_notebook(unpacked: Path) -> None:
    for path in (ROOT / "chapters").rglob("*.ipynb"):
        copy = unpacked / path.relative_to(ROOT)
        assert nbformat.read(copy, 4) == nbformat.read(path, 4)


def test_the_archive_is_made_the_same_twice(archive: Path, tmp_path: Path) -> None:
    again = release.make_archive(ROOT, harness.HTML, tmp_path / archive.name)
    assert again.read_bytes() == archive.read_bytes()


# The PDF


@pytest.fixture(scope="module", params=EXTENTS)
def extent(request: pytest.FixtureRequest) -> list[str]:
    """The pages that are printed."""
    return request.param


@pytest.fixture(scope="module")
def pdf(site: str, browser: Any, extent: list[str], tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return PdfReader(make_pdf(ROOT, harness.HTML, tmp_path_factory.mktemp("pdf") / "book.pdf", browser, extent))


@pytest.fixture(scope="module")
def texts(pdf: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def flat(outline: list[Any]) -> list[Any]:
    return [entry for item in outline for entry in (flat(item) if isinstance(item, list) else [item])]


def test_every_page_is_in_the_outline_in_order(pdf: PdfReader, extent: list[str]) -> None:
    entries = [(entry.title, pdf.get_destination_page_number(entry)) for entry in flat(pdf.outline)]
    titles = [heading(name) for name in extent]
    assert [title for title, _ in entries if title in titles] == titles
    captions = [caption for caption, names in read_contents(ROOT)[1] if set(names) & set(extent)]
    assert [title for title, _ in entries if title in captions] == captions
    numbers = [number for _, number in entries]
    assert numbers == sorted(numbers) and numbers[0] > 1


def test_outline_and_contents_lead_to_the_headings(pdf: PdfReader, texts: list[str], extent: list[str]) -> None:
    bare = [plain(text) for text in texts]
    contents = "".join(bare[1:12])
    titles = {heading(name) for name in extent}
    for entry in flat(pdf.outline):
        if entry.title in titles:
            number = pdf.get_destination_page_number(entry)
            title = plain(entry.title)
            assert title in bare[number], f"{entry.title} is not on page {number + 1}"
            assert f"{title}{number + 1}" in contents, f"the contents do not say page {number + 1} for {entry.title}"


def test_pages_are_numbered_through_and_none_is_blank(texts: list[str], extent: list[str]) -> None:
    assert 5 * len(extent) / 3 < len(texts) < 20 * len(extent)
    for number, text in enumerate(texts[1:], start=2):
        assert re.search(rf"(^|\D){number}(\D|$)", text), f"page {number} does not bear its number"
        assert len(text) > 20, f"page {number} is blank"
    assert len(texts[-1]) > 60


def test_the_cover_tells_version_and_license(texts: list[str], pdf: PdfReader) -> None:
    assert "Machine Learning" in texts[0] and "Fundamentals and Architectures" in texts[0]
    assert f"version {release.book_version(ROOT)}" in texts[0] and "CC BY 4.0" in texts[0]
    assert pdf.metadata.title and pdf.metadata.creation_date


def test_results_are_printed(texts: list[str]) -> None:
    whole = re.sub(r"\s+", "", "".join(texts))
    values = [node.get_text() for node in soup("index").select(".ledger-value")]
    assert len(values) > 5
    for value in values:
        assert value in whole


def test_solutions_are_printed_open(texts: list[str], extent: list[str]) -> None:
    whole = plain("".join(texts))
    checked = 0
    for name in extent:
        for solution in soup(name).select("div.solution p"):
            text = plain(solution.get_text())
            if solution.select_one(".katex, .math, code") is None and len(text) > 60:
                assert text[:50] in whole, f"{name}: {solution.get_text()[:60]}"
                checked += 1
    assert checked >= 1


def test_links_stay_in_the_book(pdf: PdfReader) -> None:
    kinds = Counter()
    names = {name.lstrip("/") for name in pdf.named_destinations}
    for page in pdf.pages:
        for note in page.get("/Annots") or []:
            link = note.get_object()
            action = link.get("/A", {})
            uri = str(action.get("/URI", ""))
            if uri:
                assert "book.invalid" not in uri and not uri.startswith("file:"), uri
                kinds["outside"] += 1
            elif "/Dest" in link:
                assert str(link["/Dest"]).lstrip("/") in names
                kinds["inside"] += 1
    assert kinds["inside"] > 30 and kinds["outside"] > 5


def test_figures_are_drawn_not_photographed(pdf: PdfReader, extent: list[str]) -> None:
    """Every SVG figure stays vectors: bitmaps come only from PNG figures and pixels inside of figures."""
    name = TWO[1]
    assert soup(name).select("article img[src$='.svg']")
    titles = [heading(other) for other in extent]
    starts = [pdf.get_destination_page_number(entry) for entry in flat(pdf.outline) if entry.title in titles]
    start, end = starts[extent.index(name) :][:2]
    images = [image.image for page in pdf.pages[start:end] for image in page.images if image.image is not None]
    big = [image for image in images if min(image.size) > 400]
    assert len(big) <= len(soup(name).select("article img[src$='.png']"))


def test_what_would_be_cut_is_refused(browser: Any, tmp_path: Path) -> None:
    wide = "<div style='overflow: hidden'><table style='width: 3000px; zoom: 1 !important'><td>far</td></table></div>"
    with pytest.raises(ValueError, match=r"the PDF would cut at its right margin: TABLE far"):
        print_document(browser, tmp_path, wide)


def test_a_pdf_that_stands_still_ends(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(browser, "limit", 0.3)
        with pytest.raises(harness.NoAnswer, match=r"^the PDF: Chromium did not answer within 3 seconds$"):
            print_document(browser, tmp_path, "<script>while (true) {}</script>")
    assert print_document(browser, tmp_path, "<p>The next one is printed.</p>").startswith(b"%PDF")


def test_links_between_pages_become_links_in_the_pdf() -> None:
    known = {"index", "chapters/a/one", "chapters/b/two"}
    link = lambda href, site=None: inner_link("chapters/a/one", href, known, site)  # noqa: E731
    assert link("#x") == "#chapters-a-one--x"
    assert link("../b/two.html") == "#chapters-b-two--top"
    assert link("../b/two.html#y") == "#chapters-b-two--y"
    assert link("../../index.html") == "#index--top"
    assert link("https://example.org/z") == "https://example.org/z"
    assert link("../../search.html") == ""
    assert link("../../search.html", "https://example.org/b/") == "https://example.org/b/search.html"


def test_a_release_without_a_site_says_so(tmp_path: Path) -> None:
    program = "import release as r, pathlib; r.ROOT = pathlib.Path('.'); raise SystemExit(r.main())"
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: one\n")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in PATHS), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "The site is not built" in done.stdout and "index.html" in done.stdout
