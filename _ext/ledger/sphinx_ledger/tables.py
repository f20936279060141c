"""Tables that the extension makes."""

from typing import Any

from docutils import nodes


def make_table(kind: str, headers: list[str], rows: list[list[Any]]) -> nodes.table:
    """A table of one or more classes, whose cells are a node or a list of nodes each."""
    table = nodes.table(classes=kind.split())
    group = nodes.tgroup(cols=len(headers))
    table += group
    group += [nodes.colspec(colwidth=1) for _ in headers]
    head, body = nodes.thead(), nodes.tbody()
    group += [head, body]
    for parent, cells in [(head, [nodes.Text(h) for h in headers]), *((body, row) for row in rows)]:
        row = nodes.row()
        for cell in cells:
            entry = nodes.entry()
            paragraph = nodes.paragraph()
            paragraph += cell
            entry += paragraph
            row += entry
        parent += row
    return table
