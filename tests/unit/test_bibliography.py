"""Every source can be found: by a DOI, else by an address, a number at arXiv or an ISBN."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pybtex.database import Entry, parse_file

from mlfa_site import bibliography

ROOT = Path(__file__).parents[2]
ENTRIES = parse_file(str(ROOT / "references.bib")).entries
# What has none of these, and why.
NOWHERE = {"stock2024machine": "a tutorial that was given; it was not published"}
# Articles in journals that give no DOI.
WITHOUT_DOI = {
    "baydin2018automatic": "the Journal of Machine Learning Research gives none",
    "duchi2011adaptive": "the Journal of Machine Learning Research gives none",
    "srivastava2014dropout": "the Journal of Machine Learning Research gives none",
}


@pytest.mark.parametrize("key", ENTRIES)
def test_a_source_can_be_found(key: str) -> None:
    entry: Entry = ENTRIES[key]
    assert ({"doi", "url", "eprint", "isbn"} & set(entry.fields)) or key in NOWHERE
    assert entry.fields["year"] and entry.persons["author"] and entry.fields["title"]
    if entry.type == "article":
        assert "doi" in entry.fields or key in WITHOUT_DOI


@pytest.mark.parametrize("key", ENTRIES)
def test_identifiers_are_well_formed(key: str) -> None:
    fields = ENTRIES[key].fields
    assert re.fullmatch(r"10\.\d{4,5}/\S+", fields.get("doi", "10.1000/x"))
    assert re.fullmatch(r"https://\S+", fields.get("url", "https://x"))
    assert re.fullmatch(r"\d{4}\.\d{4,5}", fields.get("eprint", "1000.1000"))
    assert ("eprint" in fields) == ("archiveprefix" in fields), "without the archive the number is no link"
    digits = [int(digit) for digit in fields.get("isbn", "").replace("-", "")]
    assert len(digits) in (0, 13) and sum(d * (1, 3)[i % 2] for i, d in enumerate(digits)) % 10 == 0


def test_no_two_entries_are_one_work() -> None:
    titles = [re.sub(r"\W", "", entry.fields["title"].lower()) for entry in ENTRIES.values()]
    dois = [entry.fields["doi"].lower() for entry in ENTRIES.values() if "doi" in entry.fields]
    assert len(set(titles)) == len(titles) and len(set(dois)) == len(dois)


def test_exceptions_are_still_needed() -> None:
    assert set(NOWHERE) <= set(ENTRIES) and not any("url" in ENTRIES[key].fields for key in NOWHERE)
    assert all("doi" not in ENTRIES[key].fields for key in WITHOUT_DOI)


def test_every_entry_is_cited_and_every_citation_has_an_entry() -> None:
    cited = set()
    for path in [ROOT / "index.md", *(ROOT / "chapters").rglob("*.md")]:
        for keys in re.findall(r"\{cite(?::[tp])?\}`([^`]+)`", path.read_text(encoding="utf-8")):
            cited |= {key.strip() for key in keys.split(",")}
    for path in (ROOT / "code" / "mlfa").rglob("*.py"):
        cited |= set(re.findall(r"\[([a-z]+\d{4}\w*)\]", path.read_text(encoding="utf-8")))
    assert cited == set(ENTRIES)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("breiman2001random", "Breiman, 2001"),
        ("hochreiter1997long", "Hochreiter and Schmidhuber, 1997"),
        ("box2015time", "Box et al., 2015"),
        ("kunsch1989jackknife", "Künsch, 1989"),
        ("lam2023learning", "Lam et al., 2023"),
    ],
)
def test_labels_are_those_of_the_text(key: str, label: str) -> None:
    assert bibliography.label(ENTRIES[key]) == label


def test_equal_labels_get_letters() -> None:
    entries = [ENTRIES["breiman2001random"]] * 2 + [ENTRIES["box2015time"]]
    labels = list(bibliography.LabelStyle().format_labels(entries))
    assert labels == ["Breiman, 2001a", "Breiman, 2001b", "Box et al., 2015"]
