"""Formulas as KaTeX sets them, and what a page keeps of style sheets, icons and images."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import tinycss2
from bs4 import BeautifulSoup
from PIL import Image
from sphinx.builders.html._assets import _JavaScript
from sphinxcontrib import katex

import browser as harness
from mlfa_book import formulas, light
from test_pipeline import MiniBook

PROSE = r"""
An inline $\hat{y}_i$.

$$
E = \frac{1}{n} \sum_i (y_i - \hat{y}_i)^2
$$ (eq-first)

See {eq}`eq-first`.

\begin{align}
a &= b + c \\
  &= d
\end{align}

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
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> BeautifulSoup:
    book = MiniBook(tmp_path_factory.mktemp("formulas") / "book")
    book.write("one", prose=PROSE)
    assert book.executed(book.build("-W", "--keep-going", "-n")) == {"one", "two"}
    return BeautifulSoup(book.html("one"), "lxml")


def test_formulas_are_set_everywhere(page: BeautifulSoup) -> None:
    sources = [node.get_text() for node in page.select("article annotation")]
    for formula in (r"\hat{y}_i", r"\alpha", r"\beta", r"\gamma", r"\beta = 2"):
        assert formula in sources
    assert len(page.select("article .math")) == len(page.select("article .katex-html[aria-hidden=true]"))
    assert len(page.select("article .math")) == len(page.select("article .katex-mathml > math"))
    assert page.select_one("table caption .katex, .caption-text .katex")
    assert page.select_one("summary .katex")


def test_equations_are_numbered_once(page: BeautifulSoup) -> None:
    box = page.find(id="equation-eq-first")
    assert box.select_one(".eqno").get_text().startswith("(1)")
    link = page.select_one('a[href="#equation-eq-first"]:not(.headerlink)')
    assert link.get_text() == "(1)"
    # KaTeX would number the lines of `align` itself, beside Sphinx's number.
    assert not page.select(".eqn-num")


def test_a_formula_that_cannot_be_read_fails_the_build(tmp_path: Path) -> None:
    book = MiniBook(tmp_path / "book")
    book.write("one", prose=r"Broken: $\frac{1}{2$ and $\nosuchmacro$.")
    done = book.build("-W", "--keep-going")
    assert done.returncode != 0
    assert "KaTeX cannot read the formula" in done.stdout + done.stderr
    assert r"\\nosuchmacro" in done.stdout + done.stderr
    assert "one.md" in done.stdout + done.stderr


@pytest.mark.parametrize("latex", [r"\frac{1}{2", r"\undefined", "a & b", "é"])
def test_what_katex_refuses_is_an_error(latex: str) -> None:
    with pytest.raises(formulas.FormulaError):
        formulas.render(latex)


def test_a_formula_has_a_drawing_and_a_meaning() -> None:
    html = BeautifulSoup(formulas.render("x^2", display=True), "lxml")
    assert html.select_one(".katex-display .katex-mathml math msup")
    assert html.select_one('.katex-html[aria-hidden="true"]')


@pytest.mark.parametrize(
    ("latex", "wanted"),
    [
        ("a = b", "a = b"),
        (r"a \\ b", r"\begin{split}a \\ b\end{split}"),
        (r"\begin{aligned} a \\ b \end{aligned}", r"\begin{aligned} a \\ b \end{aligned}"),
        (r"\begin{align} a \\ b \end{align}", r"\begin{align*} a \\ b \end{align*}"),
        ("a\n\nb", r"\begin{aligned}a\\b\end{aligned}"),
    ],
)
def test_display_formulas(latex: str, wanted: str) -> None:
    assert formulas.for_display(latex) == wanted
    formulas.render(wanted, display=True)


def test_style_sheet_and_script_are_of_one_version() -> None:
    css = (light.HERE / "assets" / "katex" / "katex.min.css").read_text()
    assert re.search(r'katex-version:after\{content:"([\d.]+)"', css)[1] == katex.katex_version
    fonts = {path.name for path in (light.HERE / "assets" / "katex" / "fonts").iterdir()}
    assert set(re.findall(r"fonts/([\w-]+\.woff2)", css)) == fonts


def test_unused_rules_are_left_out() -> None:
    css = (
        ".a,.b{color:red}.b .c{x:y}p{m:n}#d{e:f}@media print{.b{g:h}.a{i:j}}"
        ".a:not(.b){k:l}@font-face{font-family:x}.bs-tooltip-auto{o:p}[data-theme=dark] .a{q:r}"
    )
    kept = light.prune(tinycss2.parse_stylesheet(css), {"a"})
    assert kept.replace("\n", "") == (
        ".a{color:red}p{m:n}@media print{.a{i:j}}.a:not(.b){k:l}@font-face{font-family:x}"
        ".bs-tooltip-auto{o:p}[data-theme=dark] .a{q:r}"
    )


def test_addresses_of_a_sheet_are_moved(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "a.css").write_text('@import "../b.css";\n/* no */p{background:url("../x/y.png")}')
    (tmp_path / "b.css").write_text("q{background:url(data:image/png;base64,AA)}")
    text = light.read_sheet(tmp_path, "styles/a.css")
    assert text.split("\n")[0] == "q{background:url(data:image/png;base64,AA)}"
    assert "p{background:url(x/y.png)}" in text and "no" not in text


def test_the_size_of_images(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    (tmp_path / "b.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"/>')
    (tmp_path / "c.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"/>')
    assert [light.image_size(tmp_path / name) for name in ("a.png", "b.svg", "c.svg")] == [(30, 20), (96, 48), (40, 10)]


def test_a_figure_is_made_smaller_and_looks_the_same() -> None:
    figure = (
        '<svg><metadata>when</metadata><!-- why -->\n  <path d="M 1.23456 -0.001 \nL 10.5 2e-05"/>'
        '<use x="7.129" y="0.5" transform="scale(0.015625)" style="stroke-width: 0.125"/></svg>'
    )
    assert light.slim_figure(figure) == (
        '<svg>\n<path d="M 1.23 0\nL 10.5 2e-05"/>'
        '<use x="7.13" y="0.5" transform="scale(0.015625)" style="stroke-width: 0.125"/></svg>'
    )


def test_images_get_size_and_wait(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    body = (
        '<p><img alt="An arrow -&gt; b" src="../_images/a.png" style="width: 80%;" /></p><img alt="" src="other.png">'
    )
    first, second = BeautifulSoup(light.light_images(body, {"a.png": tmp_path / "a.png"}), "lxml").find_all("img")
    assert (first["width"], first["height"], first["loading"], first["decoding"]) == ("30", "20", "lazy", "async")
    assert first["alt"] == "An arrow -> b" and first["style"] == "width: 80%;"
    assert "width" not in second.attrs


def test_code_without_a_color_of_its_own_needs_no_element() -> None:
    body = '<span class="n">x</span> <span class="o">=</span><span class="w"> </span><span class="n"><em>y</em></span>'
    assert light.PLAIN_CODE.sub(r"\1", body) == 'x <span class="o">=</span> <span class="n"><em>y</em></span>'


def test_what_loses_its_element_keeps_its_color() -> None:
    sheet = (harness.HTML / "_static" / "pygments.css").read_text(encoding="utf-8")
    colors = re.findall(r"\.highlight (?:\.(?:n|nn|p|w) )?\{[^}]*?(?<!-)color: (#\w+)", sheet)
    assert len(colors) == 2 * 5 and len(set(colors)) == 2, "one color for code, in each of two themes"


def test_a_page_gets_the_scripts_that_it_uses_once() -> None:
    files = [
        _JavaScript("_static/doctools.js"),
        _JavaScript("_static/copybutton.js"),
        _JavaScript(None, body="let toggleHintShow = 'Click to show';"),
        _JavaScript("_static/togglebutton.js"),
        _JavaScript(None, body='const THEBE_JS_URL = "https://elsewhere"'),
        _JavaScript(None, body='const THEBE_JS_URL = "https://elsewhere"'),
        _JavaScript("_static/sphinx-thebe.js", **{"async": "async"}),
    ]

    def names(body: str, thebe: bool) -> list[str]:
        kept = light.scripts(files, body, thebe, "page")
        assert all(script.attributes.get("defer") for script in kept if script.filename)
        return [Path(script.filename).name if script.filename else script.attributes["body"][:9] for script in kept]

    assert names("<p>", False) == ["doctools.js"]
    assert names('<div class="highlight">', False) == ["doctools.js", "copybutton.js"]
    assert names('<div class="admonition dropdown">', True) == [
        "doctools.js",
        "let toggl",
        "togglebutton.js",
        "const THE",
        "sphinx-thebe.js",
    ]
