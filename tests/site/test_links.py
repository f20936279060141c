"""Every link inside of the built site leads to a page that is there, and to a place on it that is there."""

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from browser import HTML
from pages import tree

HOST = "http://site"
ATTRIBUTES = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src", "iframe": "src"}


def pages(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.relative_to(folder).parts]


@cache
def read(path: Path) -> tuple[frozenset[str], tuple[tuple[str, str], ...]]:
    """The anchors of a page, and what it links or loads: kind and address."""
    page = tree(path)
    anchors = {tag["id"] for tag in page.find_all(id=True)}
    links = [(tag.name, tag[key]) for name, key in ATTRIBUTES.items() for tag in page.find_all(name) if tag.get(key)]
    return frozenset(anchors), tuple(dict.fromkeys(links))


def broken(folder: Path) -> list[str]:
    """What is wrong with the links inside of a site."""
    found = []
    for page in pages(folder):
        here = f"{HOST}/{page.relative_to(folder).as_posix()}"
        for kind, link in read(page)[1]:
            target = urlsplit(urljoin(here, link))
            if f"{target.scheme}://{target.netloc}" != HOST:
                continue  # another site, or data in the page itself
            path = folder / unquote(target.path).lstrip("/")
            path = path / "index.html" if path.is_dir() else path
            if not path.is_file():
                found.append(f"{page.relative_to(folder)}: {link} is not there")
            elif kind == "a" and target.fragment and path.suffix == ".html":
                if unquote(target.fragment) not in read(path)[0]:
                    found.append(f"{page.relative_to(folder)}: {link} has no such place")
    return found


def test_no_link_inside_of_the_site_is_broken(site: str) -> None:
    assert len(pages(HTML)) > 15
    assert broken(HTML) == []


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ("b.html", None),
        ("b.html#there", None),
        ("#here", None),
        ("below/", None),
        ("https://example.org/nothing", None),
        ("c.html", "c.html is not there"),
        ("b.html#nowhere", "b.html#nowhere has no such place"),
        ("#nowhere", "#nowhere has no such place"),
        ("../a.html", None),
    ],
)
def test_a_broken_link_is_found(tmp_path: Path, link: str, problem: str | None) -> None:
    (tmp_path / "a.html").write_text(f'<h1 id="here">A</h1><a href="{link}">x</a>', encoding="utf-8")
    (tmp_path / "b.html").write_text('<h1 id="there">B</h1>', encoding="utf-8")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "index.html").write_text("<p>below</p>", encoding="utf-8")
    assert broken(tmp_path) == ([f"a.html: {problem}"] if problem else [])


def test_a_missing_picture_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<img src="_images/gone.svg" alt="gone">', encoding="utf-8")
    assert broken(tmp_path) == ["a.html: _images/gone.svg is not there"]
