"""Fixtures for tests of the built site in a real browser. What they give is documented in browser.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

import browser as harness

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the built site, served with gzip for as long as the tests run."""
    reason = harness.why_not_current()
    if reason:
        pytest.fail(reason, pytrace=False)
    with harness.serve() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A running Chromium, one for each worker of the tests."""
    if harness.find_chromium() is None:
        pytest.fail(harness.INSTALL, pytrace=False)
    with harness.launch() as running:
        yield running


@pytest.fixture
def visit(site: str, browser: Browser) -> Iterator[Callable[..., harness.Visit]]:
    """Open pages: ``visit("index", theme="dark", size=PHONE)``; they close when the test ends."""
    contexts = []

    def go(name: str, theme: str = "light", size: tuple[int, int] = harness.DESKTOP, **context: Any) -> harness.Visit:
        visited, own = harness.open_page(browser, site, name, theme, size, **context)
        contexts.append(own)
        return visited

    yield go
    for own in contexts:
        own.close()
