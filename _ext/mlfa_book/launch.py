"""Buttons that open a chapter's notebook elsewhere: Binder, Colab, a JupyterHub, or live on the page (Thebe).

They open the repository that the book was built from, as `mlfa_book.address` finds it: in GitHub Actions the one that
the workflow runs for, on a desk the git remote. So a fork's buttons open the fork; without an address there are none.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from mlfa_book import address

LOGGER = logging.getLogger(__name__)
# What a public launcher can fetch from. A host that is not listed gets no buttons.
BINDER_HOSTS = ("github.com", "gitlab.com")
GITHUB = "github.com"
HUB_VARIABLE = "MLFA_JUPYTERHUB"


@dataclass(frozen=True)
class Repository:
    """Where the book's sources can be fetched: ``https://HOST/OWNER/NAME`` and the branch to open."""

    url: str
    branch: str

    @property
    def host(self) -> str:
        return self.url.split("/")[2]


def find_repository(root: str | Path) -> Repository | None:
    """The repository that the book was built from, or None if nobody knows."""
    url = address.repository_url(root)
    return Repository(url, address.repository_branch(root)) if url else None


def buttons(repository: Repository | None, hub: str | None = None) -> dict[str, Any]:
    """The theme's options for the launch buttons: none without a repository that the launchers can reach."""
    if repository is None or (repository.host not in BINDER_HOSTS and not hub):
        return {}
    launch: dict[str, Any] = {"notebook_interface": "jupyterlab"}
    if repository.host in BINDER_HOSTS:
        launch["binderhub_url"] = "https://mybinder.org"
    if repository.host == GITHUB:  # Colab and Thebe know no other host
        launch |= {"colab_url": "https://colab.research.google.com", "thebe": True}
    if hub:
        launch["jupyterhub_url"] = hub
    return {
        "repository_url": repository.url,
        "repository_branch": repository.branch,
        "repository_provider": next((p for p in ("github", "gitlab") if p in repository.host), "gitlab"),
        "path_to_docs": "",
        "launch_buttons": launch,
    }


def configure(app: Sphinx, config: Config) -> None:
    """Give the theme the repository's address and the buttons that can work with it."""
    repository = find_repository(app.srcdir)
    options = buttons(repository, os.environ.get(HUB_VARIABLE))
    config.html_theme_options.update(options)
    if options.get("launch_buttons", {}).get("thebe"):
        config.thebe_config = {
            "repository_url": repository.url,
            "repository_branch": repository.branch,
            "path_to_docs": ".",
            "selector": "div.cell",
            "selector_input": "div.cell_input pre",
            "selector_output": "div.cell_output",
        }
    place = f"{repository.url} ({repository.branch})" if repository else "nowhere: no GITHUB_REPOSITORY, no git remote"
    LOGGER.info("launch buttons open %s", place if options or not repository else f"nothing: {place} is not supported")


def is_live(app: Sphinx) -> bool:
    return bool(app.config.html_theme_options.get("launch_buttons", {}).get("thebe"))


def drop_thebe(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take Thebe's settings from pages that have no cells, and from all pages when there is nothing to launch.

    sphinx-thebe writes them on every page, with its own example repository where none is given.
    """
    if is_live(app) and "kernelspec" in app.env.metadata.get(docname, {}):
        return
    for node in list(doctree.findall(nodes.raw)):
        if "text/x-thebe-config" in node.astext() or node.astext().startswith("<script>kernelName"):
            node.parent.remove(node)


def offer_notebook(app: Sphinx, exception: Exception | None) -> None:
    """Let the download button of a launchable page give the notebook that the launch buttons open."""
    if exception is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir, "_sources").rglob("*.ipynb"):
        beside = Path(app.srcdir) / path.relative_to(Path(app.outdir, "_sources"))
        if beside.is_file():
            shutil.copyfile(beside, path)


def setup(app: Sphinx) -> None:
    app.connect("config-inited", configure)
    app.connect("doctree-resolved", drop_thebe, priority=900)
    app.connect("build-finished", offer_notebook)
