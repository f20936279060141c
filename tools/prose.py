"""Make `code/mlfa/data/prose.txt`: the book's own prose, as it stood at one commit.

    python tools/prose.py 3fa950b > code/mlfa/data/prose.txt

Each page of the three parts becomes a line that names it (`= tabular/tables`) and its paragraphs, a line each. Kept
are whole sentences of running text and of exercises and solutions. Left out are code, formulas, tables, headings,
captions, the boxes and lists that every page has (its furniture), further reading, and each sentence that holds a
formula, a piece of code or a number that the page computed, since without it the rest would be no English. A sentence
that stands twice in the book is kept at its first place.

The file is made once and then frozen: editing a page changes nothing. A new one would need a new digest in
`mlfa.datasets.prose`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import unicodedata

import yaml

GONE = "\x00"  # stands for what cannot be read as text; the sentence around it is dropped
FENCED = r"^(`{3,})(?!\{(?:exercise|solution))(?!\n).*\n(?s:.*?)^\1[ ]*$"  # code, cells, bibliographies
DISPLAYED = r"^\$\$\n?(?s:.*?)\$\$.*$"
FURNITURE = r"^:::+[ ]?\{(?:before|seealso|admonition)\}(?s:.*?)^:::+[ ]*$"
ABBREVIATIONS = ("e.g.", "i.e.", "Fig.", "cf.", "vs.", "etc.")


def git(*words: str) -> str:
    return subprocess.run(["git", *words], check=True, capture_output=True, text=True).stdout


def plain(text: str, titles: dict[str, str]) -> str:
    """Marked-up running text as it is read on the page."""
    text = re.sub(r"\{(?:term|ref|doc|numref)\}`([^`<]*?)\s*<[^`>]*>`", r"\1", text)
    text = re.sub(r"\{term\}`([^`]*)`", r"\1", text)
    text = re.sub(r"\s*\{cite(?::p)?\}`[^`]*`", "", text)
    text = re.sub(r"\{cited\}`([^`]*)`", r"\1", text)
    text = re.sub(r"\{(?:numref|ref)\}`[^`]*`", "the figure", text)
    text = re.sub(r"\{[\w:]+\}`[^`]*`", GONE, text)  # results, equations, authors
    text = re.sub(r"`+[^`]+`+", GONE, text)
    text = re.sub(r"\$[^$\n]+(?:\n[^$\n]+)?\$", GONE, text)
    text = re.sub(r"\[\]\(([^)]*)\)", lambda m: titles.get(m[1].split("/")[-1], GONE), text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\*{1,2}([^*]+)\*{1,2}", r"\1", text)
    text = text.translate(str.maketrans({"–": "-", "—": "-", "“": '"', "”": '"', "’": "'", "…": "..."}))
    text = unicodedata.normalize("NFKD", text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"[^\x20-\x7e]", GONE, re.sub(r"\s+", " ", text)).strip()


def sentences(paragraph: str) -> list[str]:
    """Whole sentences: from a capital to a full stop, a question mark or an exclamation mark."""
    for short in ABBREVIATIONS:
        paragraph = paragraph.replace(short, short.replace(".", "\x01"))
    pieces = re.split(r"(?<=[.?!])(?:\s+|(?<=[.?!])\)?\s+)(?=[A-Z\"(\x00])", paragraph)
    pieces = [piece.replace("\x01", ".") for piece in pieces]
    return [p for p in pieces if re.fullmatch(r"[(\"]?[A-Z][^\x00]*[.?!]\)?\"?", p) and p.count("(") == p.count(")")]


def paragraphs(page: str, titles: dict[str, str]) -> list[list[str]]:
    """The sentences of each paragraph of a page."""
    page = re.sub(r"\A---\n(?s:.*?)\n---\n", "", page)
    page = page.split("\n## Further reading")[0]
    for pattern in (FENCED, DISPLAYED, FURNITURE):
        page = re.sub(pattern, "\n", page, flags=re.M)
    page = re.sub(r"^(?:`{3,}.*|:::+.*|:\w+:.*|#+ .*|\(.*\)=|\|.*|\+.*)$", "", page, flags=re.M)
    page = re.sub(r"^(?:[-*]|\d+\.) ", "\n", page, flags=re.M)  # each point of a list is a paragraph
    return [sentences(plain(block, titles)) for block in re.split(r"\n\s*\n", page)]


def main(commit: str) -> None:
    toc = yaml.safe_load(git("show", f"{commit}:_toc.yml"))
    names = [
        chapter["file"] for part in toc["parts"] for chapter in part["chapters"] if "appendix" not in chapter["file"]
    ]
    pages = {name: git("show", f"{commit}:{name}.md") for name in names}
    titles = {name.split("/")[-1]: re.search(r"^# (.*)$", page, flags=re.M)[1] for name, page in pages.items()}
    seen: set[str] = set()
    for name, page in pages.items():
        print("=", name.removeprefix("chapters/"))
        for found in paragraphs(page, titles):
            new = [sentence for sentence in found if sentence not in seen]
            seen.update(new)
            if new:
                print(" ".join(new))


if __name__ == "__main__":
    main(sys.argv[1])
