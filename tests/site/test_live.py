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
from playwright.sync_api import expect
from torch.nn.functional import conv2d, cross_entropy, linear, max_pool2d, softmax

import browser as harness
from mlfa.images.cnn import small_cnn
from mlfa.series.forecasts import persistence
from mlfa.series.measures import autocorrelation
from mlfa.tabular.linear import add_ones, gradient, least_squares, training_loss
from mlfa.tabular.optimizers import Adam, GradientDescent, Momentum
from mlfa.training.mlp import MLP
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

:::{{live}} series
:name: live-three
:data: one-series
Which of the four makes persistence look good?
:::

:::{{live}} descent
:name: live-four
:data: one-descent
How far out is too far?
:::

:::{{live}} cnn
:name: live-five
:data: one-cnn
What does it see in an empty image?
:::

:::{{live}} classes
:name: live-six
:data: one-classes
How few units close a border?
:::
"""
SMALL = small_cnn(seed=0)
SHAPES = {name.replace(".", "_"): tuple(weights.shape) for name, weights in SMALL.state_dict().items()}
CODE = f"""import numpy as np

shapes = {SHAPES}
"""
CODE += """
from mlfa.book.live import live_data

pictures = np.random.default_rng(0).integers(0, 256, (2, 12, 12)).astype(np.uint8)
live_data("one-live", pictures=pictures, kernels=np.ones((2, 3, 3)) / [[[3]], [[9]]], names=["sum", "blur"])
live_data("one-valley", hessian=[[2, 1.2], [1.2, 2]], lowest=[1, -1], start=[0, 0.5], names=["height", "width"])
live_data("one-series", noise=np.random.default_rng(0).normal(size=731))
rows = np.random.default_rng(0).normal(size=(200, 2))
X, y = np.column_stack([np.ones(200), rows[:, 0]]), 2 + rows[:, 0] + rows[:, 1]
live_data("one-descent", count=[200], gram=X.T @ X / 200, moment=X.T @ y / 200, square=[np.mean(y**2)], price=[0.5],
    cloud=np.column_stack([X[:50, 1], y[:50]]), names=["bias", "weight", "feature", "target"])
rng = np.random.default_rng(5)
weights = {name: rng.normal(size=shape) * np.sqrt(4 / np.prod(shape[1:])) for name, shape in shapes.items()}
images = rng.integers(0, 256, (11, 28, 28)).astype(np.uint8)
live_data("one-cnn", images=images, classes=np.arange(11) % 10, **weights)
points, classes = rng.normal(size=(120, 2)), (np.arange(120) % 3).astype(np.uint8)
live_data("one-classes", X=points[:90], y=classes[:90], X_val=points[90:], y_val=classes[90:], names=["a", "b", "c"])
result("one-number", 1.25)"""
READY = "document.querySelectorAll('.live:not(.live-ready)').length == 0"
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


def test_layers_of_a_network_equal_those_of_pytorch() -> None:
    rng = np.random.default_rng(1)
    shapes = {"X": (64, 2, 9, 7), "K": (3, 2, 3, 3), "k": (3,), "W": (4, 60), "w": (4,)}
    given = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    packed = {name: {"shape": values.shape, "values": values.ravel().tolist()} for name, values in given.items()}
    script = f"""require({json.dumps(str(live.STATIC / "live" / "layers.js"))});
        const {{X, K, k, W, w}} = {json.dumps(packed)};
        [X, K, k, W, w].forEach(each => {{ each.values = Float64Array.from(each.values); }});
        const images = X.shape[0], answers = [];
        for (let i = 0; i < images; i++) {{
            const image = {{shape: X.shape.slice(1), values: X.values.subarray(i * 126, (i + 1) * 126)}};
            const maps = layers.activate(layers.pool(layers.convolve(image, K, k)), "ReLU");
            const row = {{shape: [1, maps.values.length], values: maps.values}};
            answers.push(Array.from(layers.softmax(layers.activate(layers.dense(row, W, w), "tanh")).values));
        }}
        console.log(JSON.stringify(answers));"""
    done = subprocess.run([find_node(), "-"], input=script, capture_output=True, text=True, check=True, timeout=60)
    X, K, k, W, w = (torch.tensor(values) for values in given.values())
    maps = max_pool2d(conv2d(X, K, k, padding=1), 2, ceil_mode=True).relu()
    wanted = softmax(linear(maps.flatten(1), W, w).tanh(), dim=1)
    np.testing.assert_allclose(json.loads(done.stdout), wanted, atol=1e-12)


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
        placed = re.findall(r"\{live\} (\w+)\n.*\n:data: (\S+)\n", PROSE)
        assert late == {"layers.js", "live.css", *(f"{name}.js" for pair in placed for name in pair)}
        sizes = (
            "performance.getEntriesByType('resource').map(e => [e.name.replace(/.*\\/|\\?.*/g, ''), e.transferSize])"
        )
        bytes_of = dict(visit.page.evaluate(sizes))
        for pair in placed:
            assert 1000 < sum(bytes_of[f"{name}.js"] for name in (*pair, "live", "layers")) < MAX_BYTES, pair
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
    valley = page.locator(".live[data-figure=valley]")
    words = valley.locator(".live-words")
    assert (
        words.inner_text().startswith("After 0 steps: height 0, width 0.5") and "rate of 0.625 on" in words.inner_text()
    )
    valley.get_by_role("button", name="Twenty steps").focus()
    page.keyboard.press("Enter")
    assert words.inner_text().startswith("After 20 steps: height")
    valley.get_by_label("Learning rate").fill("0.7")
    page.keyboard.press("Tab")
    valley.get_by_role("button", name="Twenty steps").press("Space")
    assert "outside of the picture" in words.inner_text()
    valley.locator("svg").focus()
    page.keyboard.press("ArrowRight")
    assert words.inner_text().startswith("After 0 steps: height 0.15")
    valley.locator("svg").click(position={"x": 150, "y": 150})
    assert words.inner_text().startswith("After 0 steps: height 1") and "loss is" in words.inner_text()


def test_a_series_is_measured_as_the_book_does(start: Visit) -> None:
    page = start().page
    rng, noise = np.random.default_rng(3), np.random.default_rng(0).normal(size=731)
    settings = [[0, 0, 1, 0.8], [0, 0, 1, 1]]
    settings += [[*rng.uniform(0, 10, 2), rng.uniform(0.25, 4), rng.uniform(0, 1)] for _ in range(64)]
    answers = page.evaluate("asked => asked.map(each => live.shown['one-series'].answer(...each))", settings)
    steps = np.arange(731)
    for (trend, season, spread, memory), (series, r, errors) in zip(settings, answers, strict=True):
        usual, rest = trend * steps / 730 + season * np.sin(2 * np.pi * steps / 365), np.zeros(731)
        for t in range(1, 731):
            rest[t] = memory * rest[t - 1] + spread * noise[t]
        y = usual + rest
        np.testing.assert_allclose(series, y, atol=1e-4)
        np.testing.assert_allclose(r, autocorrelation(y, 60), atol=1e-4)
        wanted = [
            [np.mean((y[k:] - y_pred) ** 2) for y_pred in (y.mean(), persistence(y)[:-k, 0], usual[k:])]
            for k in (1, 7, 30)
        ]
        np.testing.assert_allclose(errors, np.ravel(wanted), rtol=1e-5, atol=1e-4)


def test_what_the_answer_says_of_the_series_can_be_seen(start: Visit) -> None:
    """Without memory a season lifts persistence above the mean and not above itself; with memory it goes beyond."""
    page = start().page
    ask = "asked => asked.map(each => live.shown['one-series'].answer(...each))"
    asked = [[0, 0, 4, 0], [0, 3, 1, 0], [6, 0, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0.8], [0, 2.75, 1, 0]]
    answers = page.evaluate(ask, asked)
    r, errors = np.array([each[1] for each in answers]), np.array([each[2][:3] for each in answers])
    mean, by_persistence, known = errors.T
    assert (by_persistence < mean).tolist() == [False, True, True, False, True, True]
    assert (known < by_persistence).tolist() == [True, True, True, True, False, True]
    np.testing.assert_allclose(r[4, 1], r[5, 1], atol=0.05)  # one beginning, and two ways on
    assert r[4, 30] < 0.2 and r[5, 30] > 0.6


def test_a_walker_and_a_row_go_as_in_the_book(start: Visit) -> None:
    page = start().page
    rng, rows = np.random.default_rng(4), np.random.default_rng(0).normal(size=(200, 2))
    A, target = add_ones(rows[:, :1]), 2 + rows[:, 0] + rows[:, 1]
    asked, wanted = [], []
    for k in range(66):
        out = round(rng.uniform(1, 60)) if k % 3 else 0
        X, y = (np.vstack([A, [1, out]]), np.append(target, 0.5)) if out else (A, target)
        bound = 2 / np.linalg.eigvalsh(2 / len(y) * X.T @ X)[-1]
        w, rate, steps = rng.normal(size=2), rng.uniform(0.05, 1.02) * bound, int(rng.integers(0, 51))
        asked.append([w.tolist(), rate, steps, out])
        walker = GradientDescent(learning_rate=rate)
        for _ in range(steps):
            w = walker.step(w, gradient(X, y, w))
        best = least_squares(X, y)
        wanted.append([*w, training_loss(X, y, w), *best, training_loss(X, y, best), bound])
    answers = page.evaluate("asked => asked.map(each => live.shown['one-descent'].answer(...each))", asked)
    np.testing.assert_allclose(answers, wanted, rtol=1e-5, atol=1e-4)


def weights_of_the_page() -> tuple[np.random.Generator, dict[str, torch.Tensor]]:
    """The weights that the small page handed over, and the generator as it stood after them."""
    rng = np.random.default_rng(5)
    drawn = {name: rng.normal(size=shape) * np.sqrt(4 / np.prod(shape[1:])) for name, shape in SHAPES.items()}
    names = dict(zip(SHAPES, SMALL.state_dict(), strict=True))
    return rng, {names[name]: torch.tensor(weights).float() for name, weights in drawn.items()}


def test_the_network_for_digits_answers_as_pytorch_does(start: Visit) -> None:
    page = start().page
    X = np.kron(np.random.default_rng(6).random((64, 4, 4)) ** 3, np.ones((7, 7))).astype(np.float32)
    model = small_cnn(seed=1)
    model.load_state_dict(weights_of_the_page()[1])
    with torch.no_grad():
        wanted = softmax(model(torch.tensor(X[:, None])), dim=1)
    assert wanted.std(dim=0).max() > 0.05, "the network does not tell the images apart"
    answers = page.evaluate("X => X.map(live.shown['one-cnn'].answer)", [x.ravel().tolist() for x in X])
    np.testing.assert_allclose(answers, wanted, atol=1e-4)


def test_a_drawing_is_centered_and_scaled_as_those_of_mnist(start: Visit) -> None:
    page, drawn = start().page, np.zeros((28, 28))
    drawn[2:12, 3:5] = drawn[10:12, 3:8] = 1
    image = np.reshape(page.evaluate("X => live.shown['one-cnn'].center(X)", drawn.ravel().tolist()), (28, 28))
    rows, columns = np.nonzero(image > 0.5)
    middle = np.indices((28, 28)).reshape(2, -1) @ image.ravel() / image.sum()
    np.testing.assert_allclose(middle, 13.5, atol=0.1)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (20, 10)
    assert not any(page.evaluate("live.shown['one-cnn'].center(new Array(784).fill(0))"))


def test_a_digit_is_drawn_and_covered_by_the_keyboard(start: Visit) -> None:
    figure = start().page.locator(".live[data-figure=cnn]")
    words, (drawing, view) = figure.locator(".live-words"), figure.locator("canvas.live-drawing").all()
    image = np.float32(weights_of_the_page()[0].integers(0, 256, (11, 28, 28)) / 255)[4]
    model = small_cnn(seed=1)
    model.load_state_dict(weights_of_the_page()[1])
    with torch.no_grad():
        before = softmax(model(torch.tensor(image[None, None])), dim=1)[0]
        image[10:18, 11:19] = 0
        after = softmax(model(torch.tensor(image[None, None])), dim=1)[0]
    said = "is a {} to the network, with a probability of {:.3f}"
    assert said.format(before.argmax(), before.max()) in words.inner_text()
    view.press("ArrowRight")
    view.press("ArrowRight")
    assert said.format(after.argmax(), after.max()) in words.inner_text()
    assert f"Without the patch: {before.argmax()}, with {before.max():.3f}" in words.inner_text()
    view.press("Backspace")
    assert "patch" not in words.inner_text()
    figure.get_by_role("button", name="Blank").press("Enter")
    empty = words.inner_text()
    assert empty.startswith("An empty image is a ")
    drawing.press("Shift+ArrowDown")
    assert words.inner_text().startswith("Your drawing, centered and scaled, is a ")
    for _ in range(2):
        drawing.press("Backspace")
        drawing.press("ArrowUp")
    assert words.inner_text() == empty
    drawing.click(position={"x": 60, "y": 60})
    assert words.inner_text().startswith("Your drawing")
    shares = [float(number) for number in figure.locator(".live-bars span").all_inner_texts()]
    assert sum(shares) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("activation", ["tanh", "ReLU"])
def test_a_network_is_trained_as_by_pytorch(start: Visit, activation: str) -> None:
    page, (rng, _) = start().page, weights_of_the_page()
    rng.integers(0, 256, (11, 28, 28))
    points, y = torch.tensor(rng.normal(size=(120, 2))).float().double(), torch.arange(120) % 3
    for hidden, decay in (((5,), 0), ((8, 6), 1.5)):
        model = MLP(2, hidden, 3, activation=activation.lower(), generator=torch.Generator().manual_seed(0)).double()
        first = torch.cat([part.detach().flatten() for part in model.parameters()]).tolist()
        optimizer, losses = torch.optim.AdamW(model.parameters(), lr=0.03, weight_decay=decay), []
        for _ in range(100):
            loss = cross_entropy(model(points[:90]), y[:90])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        settings = {"sizes": [2, *hidden, 3], "activation": activation, "rate": 0.03, "decay": decay}
        asked = "asked => live.shown['one-classes'].answer(...asked)"
        answer = page.evaluate(asked, [settings, first, 100])
        assert losses[-1] < losses[0] - 0.05
        np.testing.assert_allclose(answer["losses"], losses, atol=1e-3)
        np.testing.assert_allclose(answer["scores"], model(points[90:]).detach().flatten(), atol=1e-3)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_training_is_led_by_the_keyboard(start: Visit, motion: str) -> None:
    page = start().page
    page.emulate_media(reduced_motion=motion)
    figure = page.locator(".live[data-figure=classes]")
    words, plane = figure.locator(".live-words"), figure.locator("canvas")

    def told(pattern: str) -> str:
        expect(words).to_have_text(re.compile(pattern))
        return words.inner_text()

    first = told(r"^After 0 steps: the loss is")
    figure.get_by_role("button", name="One step").press("Enter")
    told("^After 1 step: ")
    figure.get_by_role("button", name="Twenty steps").press("Enter")
    trained = told("^After 21 steps: ")
    figure.get_by_role("button", name="Run").press("Enter")
    if motion == "reduce":
        told("^After 121 steps: ")
    else:
        figure.get_by_role("button", name="Stop").press("Enter")
        assert int(told(r"^After \d\d+ steps: ").split()[1]) >= 21
    figure.get_by_role("button", name="Back to the first weights").press("Enter")
    assert told("^After 0 steps: ") == first
    figure.get_by_label("Class of a new point").select_option("b")
    for key in ("ArrowUp", "ArrowRight", "Space"):
        plane.press(key)
    assert told("Points of your own: 1").split(": ")[1] != first.split(": ")[1]
    plane.click(position={"x": 60, "y": 60})
    told("Points of your own: 2")
    plane.press("Backspace")
    told("Points of your own: 1")
    figure.get_by_role("button", name="Take my points away").press("Enter")
    assert "your own" not in words.inner_text()
    figure.get_by_label("Weight decay").fill("30")
    figure.get_by_label("Learning rate").fill("0.1")
    figure.get_by_role("button", name="Twenty steps").press("Enter")
    assert told("^After 20 steps: ") != trained


def test_a_series_is_led_by_the_keyboard(start: Visit) -> None:
    figure = start().page.locator(".live[data-figure=series]")
    words, cells = figure.locator(".live-words"), figure.locator("tr").nth(1).locator("td")
    assert "less than the mean" in words.inner_text() and "more than persistence" in words.inner_text()
    figure.get_by_role("slider", name="Memory").press("Home")
    assert "more than the mean" in words.inner_text() and "its skill is -" in words.inner_text()
    figure.get_by_role("slider", name="Season").press("End")
    assert "less than the mean" in words.inner_text() and "less than persistence" in words.inner_text()
    before, said = cells.first.inner_text(), words.inner_text()
    figure.get_by_role("slider", name="Trend").evaluate(
        "box => { box.value = 10; box.dispatchEvent(new Event('input')); }"
    )
    assert cells.first.inner_text() != before and words.inner_text() == said, "a drag is seen, and said at its end"
    figure.get_by_role("slider", name="Trend").evaluate("box => box.dispatchEvent(new Event('change'))")
    assert words.inner_text() != said


def test_a_row_far_out_is_led_by_the_keyboard(start: Visit) -> None:
    figure = start().page.locator(".live[data-figure=descent]")
    words = figure.locator(".live-words")
    assert words.inner_text().startswith("After 5 steps at the rate 0.1: bias") and "below it" in words.inner_text()
    figure.get_by_role("button", name="One step").press("Enter")
    assert words.inner_text().startswith("After 6 steps")
    figure.get_by_role("slider", name="Steps").press("End")
    figure.get_by_role("slider", name="One more row").press("End")
    assert "not below it" in words.inner_text() and "one row of 201 that lies 300 out" in words.inner_text()
    assert "outside of the picture" in words.inner_text()
    figure.get_by_role("button", name="Back to the start").press("Space")
    assert words.inner_text().startswith("After 0 steps at the rate 0.1: bias 0, weight 0;")
    picture = figure.locator("svg.live-pick")
    picture.press("ArrowRight")
    assert "bias 0.2, weight 0;" in words.inner_text()
    picture.click(position={"x": 160, "y": 150})
    assert "bias 0.2," not in words.inner_text()


def test_the_keyboard_does_what_the_pointer_does(start: Visit) -> None:
    page = start().page
    words = page.locator(".live-words").first
    picture, answer = page.locator(".live[data-figure=kernel] canvas").all()
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
    assert f"there is no live figure 'kernell'; there are {', '.join(live.FIGURES)}" in done.stderr
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
