"""The bibliography's style: entries carry the labels by which the text cites them, such as "Box et al., 2015"."""

from collections import Counter
from collections.abc import Iterable, Iterator
from string import ascii_lowercase

from pybtex.backends import plaintext
from pybtex.database import Entry
from pybtex.plugin import register_plugin
from pybtex.richtext import Text
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.config import Config

NAME = "mlfa-author-year"


def label(entry: Entry) -> str:
    """Author and year, in the form in which sphinxcontrib-bibtex cites them."""
    names = [str(Text.from_latex(" ".join([*p.prelast_names, *p.last_names]))) for p in entry.persons["author"]]
    if len(names) > 2 or names[-1] == "others":
        author = f"{names[0]} et al."
    else:
        author = " and ".join(names)
    return f"{author}, {entry.fields['year']}"


class LabelStyle(BaseLabelStyle):
    """Labels of author and year; equal ones get letters."""

    def format_labels(self, sorted_entries: Iterable[Entry]) -> Iterator[str]:
        labels = [label(entry) for entry in sorted_entries]
        total, seen = Counter(labels), Counter()
        for text in labels:
            yield text + (ascii_lowercase[seen[text]] if total[text] > 1 else "")
            seen[text] += 1


class Style(UnsrtStyle):
    default_sorting_style = "author_year_title"
    default_label_style = NAME


def configure(app: Sphinx, config: Config) -> None:
    config.bibtex_default_style = NAME


def setup(app: Sphinx) -> None:
    register_plugin("pybtex.style.labels", NAME, LabelStyle)
    # It is asked for with every citation, and not found without reading what all packages offer: 4 % of a build.
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend)
    register_plugin("pybtex.style.formatting", NAME, Style)
    app.connect("config-inited", configure, priority=900)
