"""Link the first use of each glossary term on a page, and bring its definition along.

The glossary is the one source: its terms are what is linked, its definitions are what is shown. Whatever page
carries a ``{glossary}`` is it. The browser's part, showing and hiding, is `_static/terms.js`.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

# Words that also mean something else in plain English, in code or in another chapter.
# Only an explicit {term} role links them.
ORDINARY = frozenset(
    """
    bias cell class device edge generalization head kernel key layer precision query recall sample sampling season
    sequence split state trend unit value weight window
    """.split()
)
# Phrases in which a term means something else.
PLAIN_PHRASES = ("without the residuals", "sensitivity in medicine")
# Other ways to write a term, besides its plural with an s. Upper case in a short form is asked for.
VARIANTS: dict[str, tuple[str, ...]] = {
    "backpropagation": ("backpropagate", "backpropagates"),
    "coefficient of determination": ("R²",),
    "confusion matrix": ("confusion matrices",),
    "convolutional network": ("CNN", "CNNs"),
    "decision tree": ("regression tree", "regression trees", "classification tree", "classification trees"),
    "early stopping": ("stopping early",),
    "equivariance": ("equivariant",),
    "flattening": ("flattened",),
    "invariance": ("invariant",),
    "learning-rate schedule": ("learning rate schedule", "learning rate schedules"),
    "loss": ("losses",),
    "mean absolute error": ("MAE",),
    "minibatch": ("minibatches", "mini-batch", "mini-batches"),
    "nearest neighbors": ("nearest neighbor",),
    "overfitting": ("overfit", "overfits"),
    "recurrent neural network": ("recurrent network", "recurrent networks", "RNN", "RNNs"),
    "root mean squared error": ("RMSE",),
    "standardization": ("standardize", "standardized", "standardizes", "standardizing"),
    "stationarity": ("stationary",),
}
# Pages that are lists of references themselves.
NOT_LINKED = re.compile(r"chapters/appendix/(?:api|glossary|bibliography|claims)\b|(?:genindex|search)$")
# Where a link would be wrong or would not work.
SKIPPED = (
    nodes.title,
    nodes.subtitle,
    nodes.rubric,
    nodes.term,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.reference,
    nodes.raw,
    nodes.comment,
    nodes.footnote_reference,
    nodes.citation,
    nodes.thead,
    addnodes.pending_xref,
    addnodes.download_reference,
    addnodes.desc_signature,
    addnodes.index,
)
SKIPPED_CLASSES = frozenset({"cell_input", "cell_output", "page-cost"})


class term_definitions(nodes.General, nodes.Element):
    """The definitions of the terms that a page links, out of sight until one is asked for."""


class Matcher:
    """Finds the terms of a glossary in a text: whole words, the longest that fits, in any case."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.exact: dict[str, str] = {}  # upper-case short forms, as they are written
        self.lower: dict[str, str] = {}
        for term in terms:
            for form in (term, f"{term}s", *VARIANTS.get(term, ())):
                short = len(form) > 1 and form.rstrip("s").isupper()
                (self.exact if short else self.lower)[form if short else form.lower()] = term
        forms = sorted([*self.exact, *self.lower, *PLAIN_PHRASES], key=len, reverse=True)
        # Any run of white space may stand between words; a hyphen makes another word.
        any_form = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in forms)
        self.pattern = re.compile(rf"(?<![\w-])(?:{any_form})(?![\w²]|-\w)", re.IGNORECASE) if forms else None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Start, end and term of every use in a text; one use never lies inside another."""
        for match in self.pattern.finditer(text) if self.pattern else ():
            form = re.sub(r"\s+", " ", match[0])
            term = self.exact.get(form) or self.lower.get(form.lower())
            if term:
                yield match.start(), match.end(), term


def read_glossary(app: Sphinx, doctree: nodes.document) -> None:
    """Remember every term with its page, its target and its definition."""
    for glossary in doctree.findall(addnodes.glossary):
        for item in glossary.findall(nodes.definition_list_item):
            # Its first paragraph; another one says where the term is explained.
            definition = " ".join(part[0].astext() for part in item.findall(nodes.definition))
            for term in item.findall(nodes.term):
                app.mlfa_glossary[term.astext()] = (app.env.docname, term["ids"][0], " ".join(definition.split()))


@lru_cache(1)
def matcher_of(terms: tuple[str, ...]) -> Matcher:
    return Matcher(terms)


def merge_lines(doctree: nodes.document) -> None:
    """Make one text of neighbors: a term may go on in the next line of the source, which MyST sets apart."""
    for element in doctree.findall(nodes.TextElement):
        for child in list(element.children):
            place = element.index(child) if child.parent is element else 0
            before = element[place - 1] if place else None
            if type(child) is nodes.Text and type(before) is nodes.Text:
                element[place - 1 : place + 1] = [nodes.Text(before + child)]


def uses(doctree: nodes.Node) -> Iterator[nodes.Text | nodes.reference]:
    """The texts of a page in which a term may be linked, and the references between them, in reading order."""
    if isinstance(doctree, nodes.Text):
        yield doctree
    elif isinstance(doctree, nodes.reference):
        yield doctree
    elif not isinstance(doctree, SKIPPED) and not SKIPPED_CLASSES & set(doctree.get("classes", [])):
        for child in list(doctree.children):
            yield from uses(child)


def linked_term(reference: nodes.reference, targets: dict[str, str]) -> str | None:
    """The term that a reference leads to, if it is a link into the glossary."""
    _page, _, target = reference.get("refuri", "").partition("#")
    is_term = any("std-term" in node.get("classes", []) for node in reference.findall(nodes.Element))
    return targets.get(target or reference.get("refid", "")) if is_term else None


def link_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make the first use of each term a link, and attach the definitions of all that are linked."""
    if app.builder.format != "html" or NOT_LINKED.match(docname):
        return
    glossary = app.mlfa_glossary
    if not glossary:
        return
    matcher = matcher_of(tuple(glossary))
    merge_lines(doctree)
    targets = {target: term for term, (_, target, _) in glossary.items()}
    linked: dict[str, str] = {}  # term -> id of its definition
    for node in uses(doctree):
        if isinstance(node, nodes.reference):
            if term := linked_term(node, targets):
                describe(node, term, glossary, linked)
            continue
        pieces, end = [], 0
        for start, stop, term in matcher.find(node.astext()):
            if term in ORDINARY or term in linked:
                continue
            page, target, _ = glossary[term]
            uri = f"{app.builder.get_relative_uri(docname, page)}#{target}"
            text = node.astext()[start:stop]
            reference = nodes.reference("", "", nodes.inline("", text), internal=True, refuri=uri)
            describe(reference, term, glossary, linked)
            pieces += [nodes.Text(node.astext()[end:start]), reference]
            end = stop
        if pieces:
            pieces.append(nodes.Text(node.astext()[end:]))
            node.parent.replace(node, [piece for piece in pieces if piece.astext()])
    if linked:
        entries = [(linked[term], glossary[term][2]) for term in linked]
        doctree += term_definitions(entries=entries)


def describe(reference: nodes.reference, term: str, glossary: dict, linked: dict[str, str]) -> None:
    """Mark a link to the glossary, so that its definition can be shown beside it."""
    linked[term] = f"definition-of-{glossary[term][1].removeprefix('term-')}"
    if "term-link" not in reference["classes"]:
        reference["classes"].append("term-link")
    reference["describedby"] = linked[term]


def visit_definitions(self: Any, node: term_definitions) -> None:
    # A page without the script shows nothing: the attribute `popover` hides its element until it is opened.
    for name, definition in node["entries"]:
        self.body.append(
            f'<div class="term-definition" id="{name}" role="tooltip" popover="manual">{escape(definition)}</div>\n'
        )
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Node) -> None:
    raise nodes.SkipNode


def add_described_by(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: Any) -> None:
    """Tie each link to its definition; docutils writes no ARIA attributes by itself."""
    if doctree is None or "body" not in context:
        return
    names = iter([node["describedby"] for node in doctree.findall(nodes.reference) if "describedby" in node])

    def tie(match: re.Match[str]) -> str:
        return f'{match[0]} aria-describedby="{next(names)}"'

    context["body"] = re.sub(r'<a class="[^"]*\bterm-link\b[^"]*"', tie, context["body"])


def setup(app: Sphinx) -> None:
    app.mlfa_glossary = {}  # term -> (page, target, definition)
    others = {builder: (skip, None) for builder in ("latex", "text", "man", "texinfo")}
    app.add_node(term_definitions, html=(visit_definitions, None), **others)
    app.connect("doctree-read", read_glossary)
    app.connect("doctree-resolved", link_terms, priority=700)  # after the values of the ledger are in
    app.connect("html-page-context", add_described_by)
