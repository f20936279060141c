"""A small site built with an address, without one, and again: what follows from the address, and nothing else."""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from browser import open_page, serve
from mlfa_site import folds
from small_site import SmallSite, parse
from sphinx_ledger import notebooks
from sphinx_ledger.chapters import Book

SITE = "https://example.org/a/book/"
FORK = "https://github.com/a-reader/my.fork"
ADDRESS = {
    "MLFA_SITE_URL": SITE,
    "GITHUB_REPOSITORY": "a-reader/my.fork",
    "GITHUB_REF_NAME": "main",
    "MLFA_JUPYTERHUB": "https://hub.example.org/",
}
PROSE = r"""
:::{before}
You know a little.
:::

An inline $\hat{y}_i$.

$$
E = \frac{1}{n} \sum_i (y_i - \hat{y}_i)^2
$$ (eq-first)

See {eq}`eq-first`.

$$
\begin{align}
a &= b + c \\
  &= d
\end{align}
$$

$$
a \\ b
$$

```{list-table} Table of $\gamma$
:name: tab-x

* - $\alpha$
  - x
```

```{dropdown} Solution for $\beta$
The answer is $\beta = 2$.
```

```{page-costs}
```

```{code-cell} python
:tags: [checked]
from mlfa.book.ledger import claim, result

claim("one-is-less", "One is less than two.", larger=2, smaller=1)
```

```{code-cell} python
:tags: [checked]
result("another-number", 2)
```

```{code-cell} python
:load: shown.py
```
"""
SHOWN = "def double(x):\n    check(x)\n    return 2 * x\n\n\n# Checks of arguments\n\n\ndef check(x):\n    assert x\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    book = SmallSite(tmp_path_factory.mktemp("small") / "a small book", PROSE)
    (book.root / "shown.py").write_text(SHOWN)
    return book


@pytest.fixture(scope="module")
def addressed(book: SmallSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(book.built(**ADDRESS), tmp_path_factory.mktemp("addressed") / "html")


@pytest.fixture(scope="module")
def plain(book: SmallSite, addressed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built after the one with an address, in the same folder."""
    return shutil.copytree(book.built(), tmp_path_factory.mktemp("plain") / "html")


def buttons(page: Path) -> dict[str, str]:
    """The launch buttons of a page, by their text; a button without an address has an empty one."""
    found = parse(page).select(".dropdown-launch-buttons .dropdown-item")
    return {button.get_text(strip=True): button.get("href", "") for button in found}


def test_with_an_address_pages_are_canonical_and_have_cards(addressed: Path) -> None:
    for name in ("index", "one"):
        page = parse(addressed / f"{name}.html")
        assert [link["href"] for link in page.find_all("link", rel="canonical")] == [f"{SITE}{name}.html"]
        assert page.find("meta", property="og:url")["content"] == f"{SITE}{name}.html"
        image = page.find("meta", property="og:image")["content"]
        assert image.startswith(SITE)
        size = [int(page.find("meta", property=f"og:image:{side}")["content"]) for side in ("width", "height")]
        assert list(Image.open(addressed / image.removeprefix(SITE)).size) == size


def test_the_sitemap_lists_all_pages_and_robots_names_it(addressed: Path) -> None:
    root = ElementTree.parse(addressed / "sitemap.xml").getroot()
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    pages = {node.text for node in root.findall("s:url/s:loc", spaces)}
    assert pages == {f"{SITE}index.html", f"{SITE}one.html"}
    assert (addressed / "robots.txt").read_text() == f"User-agent: *\nAllow: /\nSitemap: {SITE}sitemap.xml\n"


def test_404_uses_absolute_paths_under_the_base(addressed: Path) -> None:
    page = parse(addressed / "404.html")
    urls = [
        tag[key] for key in ("href", "src", "action", "data-content_root") for tag in page.find_all(attrs={key: True})
    ]
    local = [url for url in urls if not urlsplit(url).scheme and not url.startswith("#")]
    assert len(local) > 10 and all(url.startswith("/a/book/") for url in local), local
    assert not page.find_all("link", rel="canonical")


def test_a_missing_page_is_told_at_any_depth(addressed: Path, browser: Any, tmp_path: Path) -> None:
    shutil.copytree(addressed, tmp_path / "a" / "book")
    shutil.copy(addressed / "404.html", tmp_path)  # the host shows it for every wrong address
    with serve(tmp_path) as host:
        for wrong in ("nothing", "chapters/tabular/nothing", "a/b/c/d/nothing"):
            visit, context = open_page(browser, host, f"a/book/{wrong}.html")
            assert visit.page.title().startswith("Page not found")
            assert [line for line in visit.failed if not line.endswith(f"{wrong}.html")] == []
            visit.page.locator(".bd-article a", has_text="front page").click()
            visit.page.wait_for_load_state("load")
            assert visit.page.url == f"{host}/a/book/index.html"
            context.close()


def test_in_a_workflow_the_buttons_open_its_repository(addressed: Path) -> None:
    links = buttons(addressed / "one.html")
    assert set(links) == {"Binder", "Colab", "JupyterHub", "Live Code"}
    assert links["Binder"] == "https://mybinder.org/v2/gh/a-reader/my.fork/main?urlpath=lab/tree/one.ipynb"
    assert links["Colab"] == "https://colab.research.google.com/github/a-reader/my.fork/blob/main/one.ipynb"
    hub = urlsplit(links["JupyterHub"])
    assert (hub.netloc, hub.path) == ("hub.example.org", "/hub/user-redirect/git-pull")
    assert parse_qs(hub.query) == {"repo": [FORK], "branch": ["main"], "urlpath": ["lab/tree/my.fork/one.ipynb"]}
    assert buttons(addressed / "index.html") == {}, "a page without cells has nothing to launch"
    page = (addressed / "one.html").read_text(encoding="utf-8")
    assert 'repo: "a-reader/my.fork"' in page and 'ref: "main"' in page
    assert "text/x-thebe-config" not in (addressed / "index.html").read_text(encoding="utf-8")
    assert "beside" in (addressed / "_sources" / "one.ipynb").read_text(encoding="utf-8")


def test_thebe_is_fetched_when_it_is_asked_for_and_not_before(addressed: Path, browser: Any) -> None:
    with serve(addressed) as site:
        visit, context = open_page(browser, site, "one")
        visit.page.wait_for_load_state("networkidle")
        assert visit.elsewhere == []
        with visit.page.expect_event("requestfailed"):
            visit.page.evaluate("initThebeSBT()")
        assert [urlsplit(url).path.split("@")[0] for url in visit.elsewhere] == ["/thebe"]
        # What Thebe will look for when it is there: one piece of code in each cell, and a file with checks has two.
        inputs = "cell => cell.querySelectorAll(thebe_selector_input).length"
        assert visit.page.evaluate(f"[...document.querySelectorAll(thebe_selector)].map({inputs})") == 5 * [1]
        context.close()


def test_without_an_address_nothing_is_made_up(plain: Path) -> None:
    assert not (plain / "sitemap.xml").exists() and not (plain / "_images" / "social_previews").exists()
    assert (plain / "robots.txt").read_text() == "User-agent: *\nAllow: /\n"
    for name in ("index", "one", "404"):
        text = (plain / f"{name}.html").read_text(encoding="utf-8")
        made_up = ("canonical", "og:url", "og:image", "example", "initThebeSBT", "x-thebe-config", "mybinder", "colab")
        assert not [word for word in made_up if word in text]
        assert buttons(plain / f"{name}.html") == {}


def test_two_builds_of_one_run_are_the_same(book: SmallSite, addressed: Path, plain: Path) -> None:
    again = book.built(**ADDRESS)
    for path in again.glob("*.html"):
        assert path.read_bytes() == (addressed / path.name).read_bytes(), path.name


# Formulas and boxes


@pytest.fixture(scope="module")
def page(plain: Path) -> BeautifulSoup:
    return parse(plain / "one.html")


def test_formulas_are_set_everywhere(page: BeautifulSoup) -> None:
    sources = [node.get_text() for node in page.select("article annotation")]
    for formula in (r"\hat{y}_i", r"\alpha", r"\beta", r"\gamma", r"\beta = 2"):
        assert formula in sources
    assert len(page.select("article .math")) == len(page.select("article .katex-html[aria-hidden=true]"))
    assert page.select_one("table caption .katex, .caption-text .katex")
    assert page.select_one("summary .katex")


def test_equations_are_numbered_once(page: BeautifulSoup) -> None:
    box = page.find(id="equation-eq-first")
    assert box.select_one(".eqno").get_text().startswith("(1)")
    assert page.select_one('a[href="#equation-eq-first"]:not(.headerlink)').get_text() == "(1)"
    # KaTeX would number the lines of `align` itself, beside Sphinx's number.
    assert not page.select(".eqn-num")


def test_the_box_says_what_the_page_costs(page: BeautifulSoup) -> None:
    (cost,) = page.select(".before .page-cost")
    assert cost.get_text().startswith("About 2 minutes to read, without the solutions; the cells ran in ")
    rows = [[cell.get_text(strip=True) for cell in row.select("td")] for row in page.select(".page-costs tbody tr")]
    assert [row[:2] for row in rows] == [["Page one", "2"], ["all, one after the other", "2"]]
    assert rows[0][2] == rows[1][2] and rows[0][2].isdigit()


def test_what_says_nothing_of_the_idea_is_folded(page: BeautifulSoup) -> None:
    found = {fold.select_one("p.collapsed").get_text(): fold for fold in page.select("details.quiet")}
    checked = found["How this was checked"]
    assert list(found) == ["How this was checked", "How the numbers of the text were taken", "Checks of arguments"]
    assert checked.select_one("p.expanded").get_text() == "Hide how this was checked"
    assert not any(fold.has_attr("open") for fold in found.values())
    # The checked sentence is read first, and stays when its code is folded.
    assert checked.parent.select_one(".cell_output p.claim").find_next("details") is checked
    starts = [re.match(r"(?:from.*\s+)?(?:def )?(\w+)", fold.pre.get_text())[1] for fold in found.values()]
    assert starts == ["claim", "result", "check"]
    # Live code runs both parts of a file: each is a cell.
    idea, end = (cell.pre.get_text().strip() for cell in page.select("div.cell")[2:4])
    assert f"{idea}\n\n\n# Checks of arguments\n\n\n{end}\n" == SHOWN


def test_a_notebook_folds_the_same_cells(tmp_path: Path) -> None:
    book = SmallSite(tmp_path / "book", f"```{{code-cell}} python\n:tags: [{folds.TAG}]\nresult('a-number', 2)\n```")
    small = Book(book.root)
    cells = notebooks.generate(small, "one", small.read("one"), {}).cells
    folded = [cell.source for cell in cells if cell.metadata.get("jupyter", {}).get("source_hidden")]
    assert folded == ["result('a-number', 2)"]


def test_what_cannot_be_read_fails_the_build(tmp_path: Path) -> None:
    plot = "import matplotlib.pyplot as plt\n\nresult('one-number', 1.25)\nplt.plot([1, 2])\nplt.show()"
    book = SmallSite(tmp_path / "book", r"Broken: $\frac{1}{2$ and $\nosuchmacro$.", plot)
    done = book.build(MPLBACKEND="Agg")  # a reader's choice that must not take the figures away
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "KaTeX cannot read the formula" in said and r"\\nosuchmacro" in said and "one.md" in said
    assert "an image has no alt text" in said
