"""Every page can be found, shared, cited and left: descriptions, licenses, the quiet line, next pages, search."""

import posixpath
from collections.abc import Callable
from types import SimpleNamespace

import pytest

import browser as harness
from mlfa_site import quiet
from pages import soup

TOC = harness.toc_pages()


def meta(name: str, key: str) -> list[str]:
    """What a page says of itself under a name; there should be one."""
    page = soup(name)
    return [tag["content"] for tag in page.select(f'meta[name="{key}"], meta[property="{key}"]')]


def test_every_page_describes_itself_in_its_own_words(site: str) -> None:
    texts = {name: meta(name, "description") for name in harness.PAGES}
    for name, found in texts.items():
        assert len(found) == 1 and 20 <= len(found[0]) <= 160, f"{name}: {found}"
        assert not set("\n<$\\") & set(found[0]), f"{name}: {found}"
        if name in TOC:
            assert meta(name, "og:description") == found and len(meta(name, "og:title")) == 1, name
    assert len({text for (text,) in texts.values()}) == len(texts)


def test_a_page_says_how_it_was_made(site: str) -> None:
    for name in TOC:
        text = " ".join(" ".join(line.get_text().split()) for line in soup(name).select("article .page-run"))
        runs = soup(name).select_one("article div.cell") is not None
        told = ("Last executed: ", "Python 3.", "NumPy ", "scikit-learn ", "PyTorch ")
        assert [word in text for word in told] == [runs] * len(told), f"{name}: {text}"
        assert ("Book version" in text) == (name == TOC[0]), f"{name}: {text}"


def test_every_page_has_its_licenses_and_its_icon(site: str) -> None:
    for name in TOC:
        page, folder = soup(name), (harness.HTML / name).parent
        links = page.select(".licenses a")
        assert [link.get_text() for link in links] == ["CC BY 4.0", "MIT", "their own licenses"]
        for link in [*links, page.find("link", rel="icon")]:
            assert folder.joinpath(link["href"]).is_file(), f"{name}: {link}"


def test_previous_and_next_go_through_the_book(site: str) -> None:
    def walk(start: str, side: str) -> list[str]:
        walked = [start]
        while links := soup(walked[-1]).select(f"a.{side}"):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(walked[-1]), links[0]["href"]))
            walked.append(target.removesuffix(".html"))
        return walked

    assert walk(TOC[0], "right-next") == TOC
    assert walk(TOC[-1], "left-prev") == TOC[::-1]


def test_search_says_when_nothing_is_found(visit: Callable[..., harness.Visit]) -> None:
    opened = visit("search.html?q=xylophonist")
    opened.page.wait_for_function("document.querySelector('#search-results').innerText.includes('did not match')")
    assert opened.page.locator("#search-results li a").count() == 0


@pytest.mark.parametrize(("peak", "told"), [(None, ""), (100.2, ", 100 MB of memory at most")])
def test_a_run_is_told_in_words(peak: float | None, told: str) -> None:
    run = SimpleNamespace(seconds=2.4, peak_mb=peak, executed="2026-03-01T04:05:06+00:00")
    assert quiet.run_line(run).startswith(f"Last executed: 1 March 2026, 04:05 UTC; 2 s{told}. Python 3.")
