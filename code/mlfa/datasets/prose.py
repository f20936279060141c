"""The prose of this book as it stood one day, to learn letters from."""

from dataclasses import dataclass

from mlfa.book.ledger import Sealed
from mlfa.datasets._files import read_checked

FILE = "prose.txt"
SHA256 = "2cf65ba0d50f61fe856be7ab902f3f8fd0f46a5adc45b061e38756e11ac7b347"


@dataclass(frozen=True)
class Prose:
    """Whole pages, dealt into three parts.

    Attributes
    ----------
    train, validation : dict of str to str
        Name of each page, such as "tabular/lines", and its text: a line for each
        paragraph, with an end of line after each.
    test : Sealed
        The text of all test pages, one after the other.
    test_pages : tuple of str
        Their names.
    """

    train: dict[str, str]
    validation: dict[str, str]
    test: Sealed
    test_pages: tuple[str, ...]


def load_prose() -> Prose:
    """The running text of 24 pages, without code, formulas and what every page has.

    Of every eight pages in the order of the book, the fourth validates and the last
    tests.

    Returns
    -------
    Prose
        18 pages to learn from, 3 to choose with, 3 to test.

    Raises
    ------
    DataFileError
        If the shipped file is missing or was altered.

    Examples
    --------
    >>> prose = load_prose()
    >>> list(prose.validation)
    ['tabular/choosing', 'images/images', 'images/sampling']
    >>> prose.validation["tabular/choosing"][:38]
    'Which of two models is better, and how'
    >>> prose.test
    sealed: 30,588 samples
    """
    # The file names each page in a line of its own, "= tabular/lines".
    pages = read_checked(FILE, SHA256).decode("ascii").split("= ")[1:]
    texts = dict(page.split("\n", maxsplit=1) for page in pages)
    validation, test = list(texts)[3::8], list(texts)[7::8]
    return Prose(
        {name: texts[name] for name in texts if name not in validation + test},
        {name: texts[name] for name in validation},
        Sealed("the book's own prose", "".join(texts[name] for name in test)),
        tuple(test),
    )
