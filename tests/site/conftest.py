"""Fixtures for tests of the built site in a real browser. What they give is documented in browser.py and visits.py."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import browser as harness
import visits

# No test and no fixture waits for the browser without end. Each may ask several times, and `ask` asks twice.
QUESTIONS = 3


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    running = getattr(item, "funcargs", {}).get("browser")
    if running is None:
        return (yield)
    with running.limited(item.name, QUESTIONS):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    if "browser" not in fixturedef.argnames:
        return (yield)
    with request.getfixturevalue("browser").limited(fixturedef.argname, QUESTIONS):
        return (yield)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the built site, served with gzip for as long as the tests run."""
    reason = harness.why_not_current()
    if reason:
        pytest.fail(reason, pytrace=False)
    with harness.serve() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[harness.Chromium]:
    """A running Chromium, one for each worker of the tests."""
    if harness.find_chromium() is None:
        pytest.fail(harness.INSTALL, pytrace=False)
    with harness.launch() as running:
        yield running


@pytest.fixture
def visit(site: str, browser: harness.Chromium) -> Iterator[Callable[..., harness.Visit]]:
    """Open pages: ``visit("index", theme="dark", size=PHONE)``; they close when the test ends."""
    contexts = []

    def go(name: str, theme: str = "light", size: tuple[int, int] = harness.DESKTOP, **context: Any) -> harness.Visit:
        visited, own = browser.ask(name, lambda: harness.open_page(browser, site, name, theme, size, **context))
        contexts.append(own)
        return visited

    yield go
    for own in contexts:
        own.close()


@pytest.fixture(scope="session", params=harness.PAGES)
def record(request: pytest.FixtureRequest, site: str, browser: harness.Chromium) -> visits.Record:
    """What the one visit to a page noted: a test that asks for it runs for every page."""
    return browser.ask(request.param, lambda: visits.take(browser, site, request.param))
