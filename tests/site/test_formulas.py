"""Formulas as KaTeX sets them, and what a page keeps of style sheets, icons and images."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from PIL import Image
from sphinxcontrib import katex

import browser as harness
from mlfa_site import formulas, light


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
    css = (formulas.ASSETS / "katex" / "katex.min.css").read_text()
    assert re.search(r'katex-version:after\{content:"([\d.]+)"', css)[1] == katex.katex_version
    fonts = {path.name for path in (formulas.ASSETS / "katex" / "fonts").iterdir()}
    assert set(re.findall(r"fonts/([\w-]+\.woff2)", css)) == fonts


def test_one_sheet_has_all_addresses_and_only_the_icons_that_are_shown(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "b.css").write_text("q{background:url(data:image/png;base64,AA)}")
    icons = '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.fa-bar:before{content:"x"}.fa{font-family:f}'
    (tmp_path / "styles" / "a.css").write_text(f'p{{background:url("../x/y.png")}}{icons}')
    sheet = light.one_sheet(tmp_path, ["b.css", "styles/a.css"], {"fa-bars"})
    assert sheet == (
        "q{background:url(data:image/png;base64,AA)}\np{background:url(x/y.png)}"
        '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}.fa{font-family:f}'
    )


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
    (tmp_path / "b.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt"/>')
    body = '<p><img alt="An arrow -&gt; b" src="../_images/a.png" style="width: 80%;" /></p><img alt="" src="b.svg">'
    body += '<img alt="" src="other.png">'
    sources = {name: tmp_path / name for name in ("a.png", "b.svg")}
    first, second, third = BeautifulSoup(light.light_images(body, sources), "lxml").find_all("img")
    assert (first["width"], first["height"], first["loading"], first["decoding"]) == ("30", "20", "lazy", "async")
    assert first["alt"] == "An arrow -> b" and first["style"] == "width: 80%;"
    assert (second["width"], second["height"]) == ("96", "48")
    assert "width" not in third.attrs


def test_code_without_a_color_of_its_own_needs_no_element() -> None:
    body = '<span class="n">x</span> <span class="o">=</span><span class="w"> </span><span class="n"><em>y</em></span>'
    assert light.PLAIN_CODE.sub(r"\1", body) == 'x <span class="o">=</span> <span class="n"><em>y</em></span>'


def test_what_loses_its_element_keeps_its_color() -> None:
    sheet = (harness.HTML / "_static" / "pygments.css").read_text(encoding="utf-8")
    colors = re.findall(r"\.highlight (?:\.(?:n|nn|p|w) )?\{[^}]*?(?<!-)color: (#\w+)", sheet)
    assert len(colors) == 2 * 5 and len(set(colors)) == 2, "one color for code, in each of two themes"


def test_a_page_gets_the_scripts_that_it_uses_once() -> None:
    def script(name: str = "", body: str = "") -> SimpleNamespace:
        return SimpleNamespace(filename=f"_static/{name}" if name else None, attributes={"body": body})

    thebe = 'const THEBE_JS_URL = "https://elsewhere"'
    files = [script(name) for name in ("doctools.js", "copybutton.js", "togglebutton.js", "sphinx-thebe.js")]
    files += [script(body=body) for body in ("let toggleHintShow = 'Click'", thebe, thebe)]

    def kept(page: str, live: bool) -> list[int]:
        return [files.index(one) for one in light.scripts(files, page, live)]

    assert kept("<p>", False) == [0]
    assert kept('<div class="highlight">', False) == [0, 1]
    assert kept('<div class="admonition dropdown">', True) == [0, 2, 3, 4, 5]
