"""The picture that stands for a page where its link is shared: its title, its part, and a small drawing."""

from __future__ import annotations

import hashlib
import io
import textwrap
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image, PngImagePlugin

SIZE = (1200, 630)  # what the sites that show cards ask for
GROUND, INK, QUIET, BLUE, ORANGE, GREEN = "#fbfaf7", "#1b1f24", "#555d66", "#0072b2", "#d55e00", "#009e73"
VERSION = 1  # raise it when the drawing changes: cards on disk are drawn anew


def draw(path: Path, title: str, part: str, book: str) -> None:
    """Draw a card, unless `path` holds this very card already.

    Parameters
    ----------
    path
        The PNG file to write.
    title, part, book
        The page's title, the caption of its part (may be empty), and the book's title.
    """
    digest = hashlib.sha256(repr((VERSION, title, part, book)).encode()).hexdigest()[:16]
    if path.is_file():
        with Image.open(path) as old:
            if old.info.get("card") == digest:
                return
    figure = Figure(figsize=(SIZE[0] / 100, SIZE[1] / 100), dpi=100, facecolor=GROUND)
    page = figure.add_axes((0, 0, 1, 1), xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
    page.axis("off")
    page.fill([0, 14, 14, 0], [0, 0, SIZE[1], SIZE[1]], color=BLUE)
    page.text(70, 92, part or "An executable textbook", fontsize=21, color=QUIET, va="center")
    lines, size = _fit(title)
    page.text(70, 150, "\n".join(lines), fontsize=size, color=INK, weight="bold", va="top", linespacing=1.25)
    page.text(70, 560, book if title != book else "Code that runs, claims that are checked", fontsize=17, color=QUIET)
    motif = figure.add_axes((0.66, 0.1, 0.3, 0.34))
    motif.axis("off")
    _motif(motif, part)
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", facecolor=GROUND)
    note = PngImagePlugin.PngInfo()
    note.add_text("card", digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Few colors are enough for flat ground and line art, and make the file small.
    Image.open(drawn).convert("RGB").quantize(64).save(path, optimize=True, pnginfo=note)


def _fit(title: str) -> tuple[list[str], int]:
    """The title in at most three lines, in the largest type that allows it."""
    for size, width in ((46, 27), (40, 31), (34, 37), (28, 46)):
        lines = textwrap.wrap(title, width)
        if len(lines) <= 2:
            return lines, size
    return textwrap.wrap(title, 46, max_lines=3, placeholder="…"), 28


def _motif(axes: Axes, part: str) -> None:
    """What a part is about: points and a line, pixels under a window, a wave that goes on, or a list."""
    rng = np.random.default_rng(0)
    if "Images" in part:
        y, x = np.mgrid[-1:1:9j, -1:1:9j]
        axes.imshow(np.exp(-8 * (np.hypot(x, y) - 0.65) ** 2), cmap="Blues", vmax=1.3)
        axes.plot([1.5, 4.5, 4.5, 1.5, 1.5], [1.5, 1.5, 4.5, 4.5, 1.5], color=ORANGE, lw=4)
    elif "Time" in part:
        t = np.linspace(0, 9, 200)
        wave = np.sin(t) * (1 + 0.3 * np.cos(2.2 * t))
        axes.plot(t[:130], wave[:130], color=BLUE, lw=5, solid_capstyle="round")
        axes.plot(t[130:], wave[130:], color=ORANGE, lw=5, ls=(0, (1, 1.4)), dash_capstyle="round")
    elif "Appendix" in part:
        for i, length in enumerate((0.9, 0.7, 0.8, 0.5)):
            axes.plot([0, 0.06], [-i, -i], color=GREEN, lw=10, solid_capstyle="butt")
            axes.plot([0.15, length], [-i, -i], color=BLUE, lw=6, solid_capstyle="butt")
        axes.set(xlim=(-0.2, 1), ylim=(-3.6, 0.6))
    else:
        x = rng.uniform(0, 1, 36)
        axes.scatter(x, 0.8 * x + rng.normal(0, 0.13, 36), s=90, color=BLUE, alpha=0.75, lw=0)
        axes.plot([0, 1], [0, 0.8], color=ORANGE, lw=5, solid_capstyle="round")
