"""Buttons that open a chapter's notebook elsewhere: Binder, Colab, a JupyterHub, or live on the page (Thebe).

They open the repository that `mlfa_site.address` names; without one there are none. The theme itself takes the
notebook beside a page for the page.
"""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from mlfa_site import address

HUB_VARIABLE = "MLFA_JUPYTERHUB"


def launchers(repository: str, hub: str | None) -> dict[str, str | bool]:
    """The theme's options for the buttons that can fetch from a repository's host, and for a JupyterHub if named."""
    host = urlsplit(repository).hostname
    found: dict[str, str | bool] = {"jupyterhub_url": hub} if hub else {}
    if host in ("github.com", "gitlab.com"):
        found["binderhub_url"] = "https://mybinder.org"
    if host == "github.com":  # Colab and Thebe know no other host
        found |= {"colab_url": "https://colab.research.google.com", "thebe": True}
    return found


def configure(app: Sphinx, config: Config) -> None:
    """Give the theme the repository's address and the buttons that can work with it."""
    repository, branch = address.repository_url(app.srcdir), address.repository_branch()
    buttons = launchers(repository, os.environ.get(HUB_VARIABLE)) if repository else {}
    if buttons:
        config.html_theme_options |= {
            "repository_url": repository,
            "repository_branch": branch,
            "repository_provider": "github" if "github" in repository else "gitlab",
            "path_to_docs": "",
            "launch_buttons": {"notebook_interface": "jupyterlab", **buttons},
        }
    app.mlfa_live = "thebe" in buttons
    if app.mlfa_live:
        config.thebe_config = {
            "repository_url": repository,
            "repository_branch": branch,
            "path_to_docs": ".",
            "selector": "div.cell",
            "selector_input": "div.cell_input pre",
            "selector_output": "div.cell_output",
        }


def drop_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take Thebe's settings from pages that have no cells, and from all pages when there is nothing to launch.

    sphinx-thebe writes them on every page, with its own example repository where none is given.
    """
    if app.mlfa_live and "kernelspec" in app.env.metadata.get(docname, {}):
        return
    for node in list(doctree.findall(nodes.raw)):
        if "text/x-thebe-config" in node.astext() or node.astext().startswith("<script>kernelName"):
            node.parent.remove(node)


def offer_notebook(app: Sphinx, exception: Exception | None) -> None:
    """Let the download button of a launchable page give the notebook that the launch buttons open."""
    sources = Path(app.outdir, "_sources")
    for path in sources.rglob("*.ipynb") if exception is None else ():
        beside = Path(app.srcdir, path.relative_to(sources))
        if beside.is_file():
            shutil.copyfile(beside, path)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("build-finished", offer_notebook)
