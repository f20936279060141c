"""The release: a zip that opens without a server or a network, and a PDF that holds the whole book."""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

import browser as harness

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "_ext"))

from mlfa_book import release  # noqa: E402
from mlfa_book.contents import read_contents  # noqa: E402
from mlfa_book.pdf import inner_link, make_pdf, words  # noqa: E402

TOC = harness.toc_pages()


def soup(name: str) -> BeautifulSoup:
    return BeautifulSoup((harness.HTML / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def heading(name: str) -> str:
    """A page's title with its number."""
    title = soup(name).select_one("article h1")
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


@pytest.mark.parametrize("name", TOC)
def test_a_page_opens_from_a_file(unpacked: Path, browser: Any, name: str) -> None:
    address = (unpacked / "site").as_uri()
    visit, context = harness.open_page(browser, address, name)
    visit.page.evaluate(
        """async () => {
            for (const image of document.images) image.loading = "eager";
            await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
        }"""
    )
    visit.settle()
    assert not visit.failed and not visit.elsewhere and not visit.errors
    broken = "[...document.images].filter(image => !image.naturalWidth).map(image => image.src)"
    assert visit.page.evaluate(broken) == []
    # Formulas have their fonts: KaTeX names them where they are used.
    unloaded = "[...document.fonts].filter(font => font.status === 'error').map(font => font.family)"
    assert visit.page.evaluate(unloaded) == []
    text = visit.page.locator("article").inner_text()
    assert not re.search(r"\\\(|\\begin\{|\$\$", text), "a formula was left as TeX"
    links = visit.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
    for link in {link.partition("#")[0] for link in links if link.startswith("file:")}:
        assert Path(unquote(link.removeprefix("file://"))).is_file(), link
    context.close()


def test_search_works_from_a_file(unpacked: Path, browser: Any) -> None:
    visit, context = harness.open_page(browser, (unpacked / "site").as_uri(), "search.html?q=boosting")
    visit.page.wait_for_selector("#search-results li a", timeout=20_000)
    links = [a.get_attribute("href") for a in visit.page.locator("#search-results li a").all()]
    assert any("trees.html" in link for link in links)
    assert not visit.failed and not visit.elsewhere and not visit.errors
    visit.page.locator("#search-results li a").first.click()
    visit.page.wait_for_load_state("load")
    assert visit.page.locator("article h1").count() == 1
    context.close()


def test_the_archive_holds_what_its_readme_names(unpacked: Path) -> None:
    readme = (unpacked / "README.txt").read_text(encoding="utf-8")
    (wheel,) = unpacked.glob("*.whl")
    for name in ("site/index.html", "chapters", wheel.name, "LICENSE", "LICENSE-TEXT", "LICENSE-DATA", "CITATION.cff"):
        assert name in readme and (unpacked / name).exists(), name
    assert not (unpacked / "site" / "404.html").exists(), "its absolute paths lead nowhere in a folder"
    with zipfile.ZipFile(wheel) as file:
        assert "mlfa/data/california_housing.csv.gz" in file.namelist()


def test_the_archive_holds_every_notebook(unpacked: Path) -> None:
    for path in (ROOT / "chapters").rglob("*.ipynb"):
        copy = unpacked / path.relative_to(ROOT)
        assert nbformat.read(copy, 4) == nbformat.read(path, 4)


def test_the_archive_is_made_the_same_twice(archive: Path, tmp_path: Path) -> None:
    again = release.make_archive(ROOT, harness.HTML, tmp_path / archive.name)
    assert again.read_bytes() == archive.read_bytes()


# The PDF


@pytest.fixture(scope="module")
def pdf(site: str, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    return PdfReader(make_pdf(ROOT, harness.HTML, tmp_path_factory.mktemp("pdf") / "book.pdf", browser))


@pytest.fixture(scope="module")
def texts(pdf: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pdf.pages]


def flat(outline: list[Any]) -> list[Any]:
    return [entry for item in outline for entry in (flat(item) if isinstance(item, list) else [item])]


def test_every_page_is_in_the_outline_in_order(pdf: PdfReader) -> None:
    entries = [(entry.title, pdf.get_destination_page_number(entry)) for entry in flat(pdf.outline)]
    titles = [heading(name) for name in TOC]
    assert [title for title, _ in entries if title in titles] == titles
    captions = [caption for caption, _ in read_contents(ROOT)[1]]
    assert [title for title, _ in entries if title in captions] == captions
    numbers = [number for _, number in entries]
    assert numbers == sorted(numbers) and numbers[0] > 1


def test_outline_and_contents_lead_to_the_headings(pdf: PdfReader, texts: list[str]) -> None:
    bare = [plain(text) for text in texts]
    contents = "".join(bare[1:12])
    titles = {heading(name) for name in TOC}
    for entry in flat(pdf.outline):
        if entry.title in titles:
            number = pdf.get_destination_page_number(entry)
            title = plain(entry.title)
            assert title in bare[number], f"{entry.title} is not on page {number + 1}"
            assert f"{title}{number + 1}" in contents, f"the contents do not say page {number + 1} for {entry.title}"


def test_pages_are_numbered_through_and_none_is_blank(texts: list[str]) -> None:
    assert 100 < len(texts) < 600
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


def test_solutions_are_printed_open(texts: list[str]) -> None:
    whole = plain("".join(texts))
    checked = 0
    for name in harness.CHAPTERS:
        for solution in soup(name).select("div.solution p"):
            text = plain(solution.get_text())
            if solution.select_one(".katex, .math, code") is None and len(text) > 60:
                assert text[:50] in whole, f"{name}: {solution.get_text()[:60]}"
                checked += 1
    assert checked > 5


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
    assert kinds["inside"] > 200 and kinds["outside"] > 5


def test_figures_are_drawn_not_photographed(site: str, pdf: PdfReader) -> None:
    """Every SVG figure stays vectors: bitmaps come only from PNG figures and pixels inside of figures."""
    name = "chapters/tabular/trees"
    assert soup(name).select("article img[src$='.svg']")
    start, end = bounds(pdf, name)
    big = [
        image.name
        for page in pdf.pages[start:end]
        for image in page.images
        if image.image is not None and min(image.image.size) > 400
    ]
    assert len(big) <= len(soup(name).select("article img[src$='.png']"))


def bounds(pdf: PdfReader, name: str) -> tuple[int, int]:
    """The first page of a chapter, and the first of the next."""
    titles = [heading(other) for other in TOC]
    starts = [pdf.get_destination_page_number(entry) for entry in flat(pdf.outline) if entry.title in titles]
    i = TOC.index(name)
    return starts[i], starts[i + 1]


def test_nothing_is_cut_at_the_margin(site: str, browser: Any) -> None:
    """Code, tables and formulas fit between the margins after they were made smaller."""
    from mlfa_book import pdf as maker

    document, _ = maker.combine(ROOT, harness.HTML)
    wide: list[str] = []
    pages = browser.new_context()
    page = pages.new_page()
    page.set_viewport_size({"width": maker.PAGE_WIDTH, "height": 1000})
    page.route(
        "**/*",
        lambda route: maker.answer(route, harness.HTML, document, wide),
    )
    page.emulate_media(media="print", color_scheme="light")
    page.goto(maker.HOST, timeout=300_000)
    page.evaluate(maker.FIT, maker.PAGE_WIDTH)
    found = page.evaluate(
        """width => [...document.querySelectorAll('pre, table, .katex-display, img, figure')]
            .filter(node => node.getBoundingClientRect().right > width + 2)
            .map(node => node.tagName + ' ' + node.textContent.trim().slice(0, 60))""",
        maker.PAGE_WIDTH,
    )
    pages.close()
    assert found == [] and wide == []


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
    program = (
        "import mlfa_book.release as r, pathlib; r.ROOT = pathlib.Path('.'); import shutil; raise SystemExit(r.main())"
    )
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n  - file: one\n")
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "_ext"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "The site is not built" in done.stdout and "index.html" in done.stdout
