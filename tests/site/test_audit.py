"""What `make audit` holds against a page, and that it runs the version of Lighthouse that it names."""

import json

import pytest

from audit import audit

GOOD = {
    "page": "index",
    "device": "mobile",
    "performance": 90,
    "accessibility": 100,
    "best-practices": 95,
    "seo": 95,
    "bytes": 999_999,
    "requests": 9,
    "error": None,
    "lost": [],
}


def test_a_page_within_the_limits() -> None:
    assert audit.below(GOOD) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("performance", 89),
        ("accessibility", 99),
        ("best-practices", 94),
        ("seo", 94),
        ("bytes", 1_000_000),
        ("error", "The page did not load."),
    ],
)
def test_what_falls_short_is_named(name: str, value: object) -> None:
    short = audit.below({**GOOD, name: value})
    assert len(short) == 1
    assert name in short[0] or str(value) in short[0].replace(",", "")


def test_lighthouse_is_pinned() -> None:
    wanted = json.loads((audit.HERE / "package.json").read_text())["dependencies"]["lighthouse"]
    locked = json.loads((audit.HERE / "package-lock.json").read_text())["packages"]["node_modules/lighthouse"]
    assert wanted == locked["version"]
    assert locked["integrity"].startswith("sha512-")
