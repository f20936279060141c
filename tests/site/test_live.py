"""Live figures: they compute what PyTorch computes, wait until they are near, and serve the keyboard too."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d

import browser as harness
from mlfa.tabular.optimizers import Adam, GradientDescent, Momentum
from mlfa_site import live
from mlfa_site.formulas import find_node
from small_site import SmallSite
from sphinx_ledger import notebooks
from visits import BUT_COLORS, COLORS, NAMELESS, SETTLED, WIDE, axe, violations

Visit = Callable[..., harness.Visit]
FAR = "\n\nA paragraph that keeps the figure away.\n\n" + "```{math}\nx\n```\n\n" * 40
PROSE = f"""{FAR}
:::{{live}} kernel
:name: live-one
:data: one-live
Which weights blur?
:::

:::{{live}} valley
:name: live-two
:data: one-valley
Which rate climbs?
:::
"""
CODE = """import numpy as np
from mlfa.book.live import live_data

pictures = np.random.default_rng(0).integers(0, 256, (2, 12, 12)).astype(np.uint8)
live_data("one-live", pictures=pictures, kernels=np.ones((2, 3, 3)) / [[[3]], [[9]]], names=["sum", "blur"])
live_data("one-valley", hessian=[[2, 1.2], [1.2, 2]], lowest=[1, -1], start=[0, 0.5], names=["height", "width"])
result("one-number", 1.25)"""
READY = "document.querySelectorAll('.live.live-ready').length == 2"
MAX_BYTES = 150_000


def test_layers_equal_those_of_pytorch() -> None:
    rng = np.random.default_rng(0)
    X, K = rng.normal(size=(64, 9, 7)), rng.normal(size=(64, 3, 2))
    pairs = [{"image": x.ravel().tolist(), "kernel": k.ravel().tolist()} for x, k in zip(X, K, strict=True)]
    script = f"""require({json.dumps(str(live.STATIC / "live" / "layers.js"))});
        console.log(JSON.stringify({json.dumps(pairs)}.map(({{image, kernel}}) => Array.from(layers.correlate(
            {{shape: [9, 7], values: image}}, {{shape: [3, 2], values: kernel}}).values))));"""
    done = subprocess.run([find_node(), "-"], input=script, capture_output=True, text=True, check=True, timeout=60)
    X, K = torch.tensor(X)[None], torch.tensor(K)[:, None]
    np.testing.assert_allclose(json.loads(done.stdout), conv2d(X, K, groups=64)[0].flatten(1), atol=1e-12)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return SmallSite(tmp_path_factory.mktemp("live") / "book", PROSE, CODE).built()


@pytest.fixture
def start(small: Path, browser: harness.Chromium) -> Iterator[Visit]:
    """Open the small page and go to its figure: ``start(theme="dark")``."""
    contexts = []

    def go(**options: Any) -> harness.Visit:
        options = {"theme": "light", "size": harness.DESKTOP} | options
        visited, own = browser.ask("live", lambda: harness.open_page(browser, small.as_uri(), "one", **options))
        contexts.append(own)
        for stage in visited.page.locator(".live").all():
            stage.scroll_into_view_if_needed()
        visited.page.wait_for_function(READY)
        return visited

    yield go
    for own in contexts:
        own.close()


def test_nothing_is_loaded_before_the_figure_is_near(small: Path, browser: harness.Chromium) -> None:
    with harness.serve(small) as address:
        visit, context = browser.ask("live", lambda: harness.open_page(browser, address, "one"))
        visit.page.evaluate(SETTLED)
        early = [name for name in visit.requests if "/live/" in name]
        assert [Path(name.split("?")[0]).name for name in early] == ["live.js"]
        for stage in visit.page.locator(".live").all():
            stage.scroll_into_view_if_needed()
        visit.page.wait_for_function(READY)
        late = {Path(name).name for name in visit.requests if "/live/" in name} - {Path(early[0]).name}
        assert late == {*("layers.js", "live.css", "kernel.js", "valley.js", "one-live.js", "one-valley.js")}
        sizes = (
            "performance.getEntriesByType('resource').filter(e => e.name.includes('/live/')).map(e => e.transferSize)"
        )
        assert 1000 < sum(visit.page.evaluate(sizes)) < MAX_BYTES
        assert visit.elsewhere == visit.failed == visit.errors == []
        context.close()


def test_a_figure_answers_as_pytorch_does(start: Visit) -> None:
    """From a file too: the page was opened from the disk."""
    page = start().page
    rng = np.random.default_rng(1)
    X, K = rng.random((64, 12, 12)), rng.normal(size=(64, 3, 3))
    ask = "inputs => inputs.map(([image, kernel]) => live.shown['one-live'].answer(image, kernel))"
    inputs = [[x.ravel().tolist(), k.ravel().tolist()] for x, k in zip(X, K, strict=True)]
    wanted = conv2d(torch.tensor(X)[None], torch.tensor(K)[:, None], groups=64)[0].flatten(1)
    np.testing.assert_allclose(page.evaluate(ask, inputs), wanted, atol=1e-4)


def test_walkers_go_as_those_of_the_book_do(start: Visit) -> None:
    page = start().page
    rng = np.random.default_rng(2)
    hessian, lowest = np.array([[2, 1.2], [1.2, 2]]), np.array([1, -1])
    made = {"gradient descent": GradientDescent, "momentum": Momentum, "Adam": Adam}
    asked, wanted = [], []
    for k in range(66):
        name, rate, kept = list(made)[k % 3], rng.uniform(0.01, 0.5), rng.uniform(0, 0.95)
        settings = {"learning_rate": rate} | ({"momentum": kept} if name == "momentum" else {})
        w, walker = rng.normal(size=2), made[name](**settings)
        asked.append([name, {"rate": rate, "momentum": kept}, w.tolist(), 50])
        for _ in range(50):
            w = walker.step(w, hessian @ (w - lowest))
        wanted.append(w)
    answers = page.evaluate("asked => asked.map(each => live.shown['one-valley'].answer(...each))", asked)
    np.testing.assert_allclose(answers, wanted, atol=1e-4)


def test_a_walker_is_led_by_the_keyboard(start: Visit) -> None:
    page = start().page
    words = page.locator(".live-words").last
    assert (
        words.inner_text().startswith("After 0 steps: height 0, width 0.5") and "rate of 0.625 on" in words.inner_text()
    )
    page.get_by_role("button", name="Twenty steps").focus()
    page.keyboard.press("Enter")
    assert words.inner_text().startswith("After 20 steps: height")
    page.get_by_label("Learning rate").fill("0.7")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Twenty steps").press("Space")
    assert "outside of the picture" in words.inner_text()
    page.locator(".live svg").focus()
    page.keyboard.press("ArrowRight")
    assert words.inner_text().startswith("After 0 steps: height 0.15")
    page.locator(".live svg").click(position={"x": 150, "y": 150})
    assert words.inner_text().startswith("After 0 steps: height 1") and "loss is" in words.inner_text()


def test_the_keyboard_does_what_the_pointer_does(start: Visit) -> None:
    page = start().page
    words = page.locator(".live-words").first
    picture, answer = page.locator(".live canvas").all()
    page.locator(".live select").first.select_option("blank, to draw in")
    assert words.inner_text().endswith("= 0")
    picture.focus()
    for key in ("ArrowUp", "Space", "ArrowLeft", "Space"):
        page.keyboard.press(key)
    assert words.inner_text().endswith("= 1.4"), words.inner_text()  # two points of the pen, a third of each
    answer.focus()
    before = words.inner_text()
    page.keyboard.press("ArrowRight")
    assert words.inner_text() != before and "column 7" in words.inner_text()
    page.get_by_label("Weight in row 1, column 1").fill("-2")
    assert page.locator(".live select").nth(1).evaluate("box => box.selectedOptions[0].text") == "your own"
    picture.focus()
    for _ in range(3):
        page.keyboard.press("Backspace")
    assert page.evaluate("document.activeElement.tagName") == "CANVAS"


def test_the_words_are_the_sum(start: Visit) -> None:
    said = start().page.locator(".live-words").first.inner_text()
    terms, _, total = said.partition(": ")[2].rpartition(" = ")
    numbers = [term.split(" · ") for term in terms.split(" + ")]
    assert len(numbers) == 9
    assert sum(float(w) * float(x) for w, x in numbers) == pytest.approx(float(total), abs=0.01)


@pytest.mark.parametrize("theme", harness.THEMES)
@pytest.mark.parametrize("size", [harness.DESKTOP, harness.NARROW], ids=["wide", "narrow"])
def test_everyone_can_use_it(start: Visit, theme: str, size: tuple[int, int]) -> None:
    page = start(theme=theme, size=size).page
    page.evaluate(SETTLED)
    part = "{include: ['.live-box']}"
    assert violations(axe(page, COLORS, part=part)) + violations(axe(page, BUT_COLORS, part=part)) == []
    assert page.evaluate(WIDE) == page.evaluate(NAMELESS) == []


def test_without_a_script_the_question_stands(small: Path, browser: harness.Chromium) -> None:
    visit, context = harness.open_page(browser, small.as_uri(), "one", java_script_enabled=False)
    assert visit.page.get_by_text("Which weights blur?").is_visible()
    assert visit.page.get_by_text("(It needs JavaScript.)").first.is_visible()
    context.close()


def test_a_figure_or_arrays_that_are_not_there_are_named(tmp_path: Path) -> None:
    prose = PROSE.replace("{live} kernel", "{live} kernell") + PROSE.replace("one-live", "two-live").replace(
        "live-one", "x"
    )
    done = SmallSite(tmp_path / "book", prose, CODE).build()
    assert done.returncode != 0
    assert "there is no live figure 'kernell'; there are kernel, valley" in done.stderr
    assert "hands no arrays by the name 'two-live'" in done.stderr


def test_a_notebook_has_the_question() -> None:
    lines = notebooks.DIRECTIVES["live"](None, "kernel", {"data": "x"}, ["Which weights blur?"])
    assert "> Which weights blur?" in lines and lines[0] == "> **Try it**"


PLACED = re.compile(r"^:::\{live\} .*\n(?::.*\n)*?:data: (\S+)", flags=re.M)
FIGURES = [
    (name, arrays)
    for name in harness.CHAPTERS
    for arrays in PLACED.findall((harness.ROOT / f"{name}.md").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("name", "arrays"), FIGURES)
def test_every_live_figure_of_the_book_starts(visit: Visit, name: str, arrays: str) -> None:
    opened = visit(name)
    opened.page.locator(f".live[data-arrays={arrays}]").scroll_into_view_if_needed()
    opened.page.wait_for_function(f"!!live.shown[{json.dumps(arrays)}]")
    assert opened.elsewhere == opened.failed == opened.errors == []
