"""The files beside the book say the same: one version, valid citation, licenses that name their legal code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

import mlfa

ROOT = Path(__file__).parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_citation_is_valid() -> None:
    schema = json.loads((Path(__file__).parent / "cff-1.2.0.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(yaml.safe_load(read("CITATION.cff")))


def test_there_is_one_version() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", read("CHANGELOG.md"), flags=re.M)
    assert released, "CHANGELOG.md must name a version with its date"
    assert released[0] == (mlfa.__version__, citation["date-released"])
    assert citation["version"] == citation["preferred-citation"]["version"] == mlfa.__version__
    assert str(citation["preferred-citation"]["year"]) == released[0][1][:4]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("LICENSE", "Permission is hereby granted, free of charge"),
        ("LICENSE-TEXT", "https://creativecommons.org/licenses/by/4.0/legalcode"),
        ("LICENSE-DATA", "https://creativecommons.org/licenses/by-sa/3.0/legalcode"),
    ],
)
def test_licenses_say_what_binds(name: str, words: str) -> None:
    assert words in read(name)
    assert f"`{name}`" in read("README.md")


def test_every_data_set_has_its_license() -> None:
    licenses = read("LICENSE-DATA")
    for path in (ROOT / "code" / "mlfa" / "data").iterdir():
        assert path.name in licenses, f"{path.name} has no entry in LICENSE-DATA"


def test_no_page_names_a_made_up_repository() -> None:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "index.md", ROOT / "CITATION.cff"):
        found = re.findall(r"github\.com/(?!citation-file-format)[\w-]+/[\w-]+", path.read_text(encoding="utf-8"))
        assert not found, f"{path.name} names {found}; only pyproject.toml knows the address"
