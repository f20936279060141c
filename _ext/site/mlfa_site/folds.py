"""What a page folds away: how its sentences were checked, and the checks of arguments at the end of a file."""

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx_ledger import notebooks

TAG = "checked"  # of cells that record what others computed
MARK = "# Checks of arguments"  # from this line on, a file says nothing of its idea

notebooks.HIDDEN_TAGS.add(TAG)


class Fold(SphinxPostTransform):
    """Fold the code of cells that bear the tag, below what they show, and the end of loaded files."""

    default_priority = 198  # before MyST-NB wraps what is folded by its own tags
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        for cell in list(self.document.findall(nodes.container)):
            code = cell[0] if cell.get("nb_element") == "cell_code" and cell.children else nodes.Element()
            if code.get("nb_element") != "cell_code_source" or "hide_mode" in cell:
                continue
            if f"tag_{TAG}" in cell["classes"]:
                cell.remove(code)
                cell += fold(code, *prompts(code.astext()))
            elif "load" in cell["cell_metadata"]:
                split(cell, code)


def prompts(source: str) -> tuple[str, str]:
    """What is written on a cell that is folded, and on one that was opened."""
    if "claim(" in source or "result(" not in source:
        return "How this was checked", "Hide how this was checked"
    return "How the numbers of the text were taken", "Hide how the numbers of the text were taken"


def fold(code: nodes.Element, closed: str, opened: str) -> HideCodeCellNode:
    return HideCodeCellNode("", code, prompt_show=closed, prompt_hide=opened, classes=["above-input", "quiet"])


def split(cell: nodes.container, code: nodes.Element) -> None:
    """Make two cells of one with a file: live code runs both, and the second is folded."""
    shown, mark, rest = code.astext().partition(f"\n{MARK}\n")
    if mark:
        block, folded, checks = code[0], code.copy(), cell.copy()
        block.replace_self(like(block, shown))
        folded += like(block, rest)
        checks += [fold(folded, *[MARK.strip("# ")] * 2), *cell[1:]]
        del cell[1:]
        cell.parent.insert(cell.parent.index(cell) + 1, checks)


def like(block: nodes.Element, text: str) -> nodes.literal_block:
    text = text.strip("\n")
    return nodes.literal_block(text, text, **block.attributes)


def setup(app: Sphinx) -> None:
    app.add_post_transform(Fold)
