"""The front page is a map: a card for each chapter, with a figure of that chapter's run."""

from pathlib import Path

import browser as harness
from pages import soup
from small_site import SmallSite

FIGURE = """{code}
```

```{{code-cell}} python
---
mystnb:
  image: {{alt: "A line from the lower left to the \\"upper\\" right.", classes: invert-dark}}
  figure: {{name: fig-one-line, caption: "Where does it go?"}}
---
import matplotlib.pyplot as plt
from mlfa.book.notebook import begin

begin()
plt.plot([0, 1])
plt.show()"""


def test_every_chapter_has_a_card_with_its_own_figure() -> None:
    cards = soup("index").select("ul.book-map > li")
    pages = [card.select_one("a")["href"].removesuffix(".html") for card in cards]
    assert pages == harness.CHAPTERS
    for page, card in zip(pages, cards, strict=True):
        image = card.select_one("img")
        assert len(image["alt"]) > 30 and image["loading"] == "lazy"
        assert (harness.HTML / image["src"]).read_text(encoding="utf-8").startswith("<?xml")
        alts = [one["alt"] for one in soup(page).select("figure img")]
        assert image["alt"] in alts, page


def test_a_figure_that_no_run_has_drawn_is_named(tmp_path: Path) -> None:
    small = SmallSite(tmp_path / "book", "Some words.", FIGURE.format(code='result("one-number", 1.25)'))
    front = small.root / "index.md"
    line = "1. [](one): what it is. | fig-one-line"
    front.write_text(f"# A small book\n\n```{{map}}\n{line}\n```\n")
    html = small.built()
    assert (html / "_static" / "map" / "fig-one-line.svg").is_file()
    front.write_text(f"# A small book\n\n```{{map}}\n{line}\n{line.replace('-line', '-curve')}\n```\n")
    assert "the run of 'one' has no figure 'fig-one-curve'" in small.build().stderr
