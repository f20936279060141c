"""The table of contents as parts with their pages."""

from pathlib import Path

import yaml


def read_contents(root: str | Path) -> tuple[str, list[tuple[str, list[str]]]]:
    """The front page, and the parts in order: their captions (may be empty) and their pages."""
    toc = yaml.safe_load((Path(root) / "_toc.yml").read_text(encoding="utf-8"))
    parts = toc.get("parts") or [{"chapters": toc.get("chapters", [])}]
    return toc["root"], [(part.get("caption", ""), _files(part["chapters"])) for part in parts]


def read_pages(root: str | Path) -> list[str]:
    """All pages in their order, the front page first."""
    front, parts = read_contents(root)
    return [front, *(name for _, names in parts for name in names)]


def _files(chapters: list[dict]) -> list[str]:
    """The pages of a list of chapters, each followed by its sections."""
    return [name for page in chapters for name in (page["file"], *_files(page.get("sections", [])))]
