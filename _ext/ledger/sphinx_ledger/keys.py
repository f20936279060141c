"""What a run depends on: known before it runs (its key), and observed while it ran (its inputs)."""

import ast
import hashlib
import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from nbformat import NotebookNode

from sphinx_ledger.chapters import Book, code_cells

FORMAT = 1  # of a stored run: raise it when old ones no longer stand
# One thread a kernel: sums are added in one order on every machine, and the cores are used by running chapters side
# by side. What a reader has set for other work, such as a backend without figures, does not reach a page.
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}
# What a process needs to find its way on a machine; it changes no result and is not in the key.
PASSED = (
    *("PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
)
# What chooses between a library's ways to compute: passed on, and in the key.
COMPUTING = ("ATEN_", "BLIS_", "DNNL_", "MKL_", "NPY_", "ONEDNN_", "OPENBLAS_")
# What tools leave in a folder: no module has such a name, and a fresh clone has none of them.
LEFT_BEHIND = re.compile(r"\..*|__pycache__$|.*\.egg-info$")
# The only metadata of a cell that changes what its code does when it runs.
EXECUTION_TAGS = ("raises-exception", "skip-execution")


def settings(book: Book) -> dict[str, str]:
    """The variables that may change a result: set here or by the book, or chosen by whoever builds it."""
    chosen = {name: value for name, value in os.environ.items() if name.startswith(COMPUTING)}
    return {**chosen, **ENVIRONMENT, **book.options.environment}


def kernel_environment(book: Book) -> dict[str, str]:
    """All variables of a kernel: nothing else of the reader's environment reaches it.

    The book's own package is the one that is imported, whichever is installed.
    """
    passed = {name: os.environ[name] for name in (*PASSED, *book.options.passed) if name in os.environ}
    folders = [*(str(book.root / name) for name in book.options.pythonpath), str(Path(__file__).parents[1])]
    own = {"PYTHONPATH": os.pathsep.join(folders)}
    for name in ("IPYTHONDIR", "MPLCONFIGDIR"):
        own[name] = str(book.build / ".kernel" / name.lower())
    return {**passed, **settings(book), **own}


def key_of(book: Book, notebook: NotebookNode) -> str:
    """What is known of a run before it runs: where and with what it runs, and its code.

    Captions and other metadata of cells are left out: they do not change the run.
    """
    cells = [
        [cell.source, [tag for tag in cell.metadata.get("tags", []) if tag in EXECUTION_TAGS]]
        for cell in code_cells(notebook)
    ]
    folder = str(Path(notebook.metadata.docname).parent)
    # Variables with paths are told by what they point to, so that a run stands in another folder too.
    parts = [
        FORMAT,
        folder,
        cells,
        sorted(settings(book).items()),
        book.options.pythonpath,
        installed_versions(book.root),
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@lru_cache(4)
def installed_versions(root: Path) -> str:
    """Python's version, and those of every distribution that the book's `pyproject.toml` asks for, directly or not.

    A book without that file is taken to depend on all that is installed.
    """
    path = root / "pyproject.toml"
    if not path.is_file():
        return json.dumps([sys.version, sorted({f"{d.name} {d.version}" for d in metadata.distributions()})])
    pending = list(tomllib.loads(path.read_text(encoding="utf-8")).get("project", {}).get("dependencies", []))
    seen: dict[str, str] = {}
    while pending:
        name = re.split(r"[^\w.-]", pending.pop().strip(), maxsplit=1)[0].lower().replace("_", "-")
        if name not in seen:
            try:
                distribution = metadata.distribution(name)
            except metadata.PackageNotFoundError:
                seen[name] = "not installed"
            else:
                seen[name] = distribution.version
                pending += [line for line in distribution.requires or [] if "extra ==" not in line]
    return json.dumps([sys.version, sorted(seen.items())])


def digest(book: Book, name: str) -> str | None:
    """The digest of a file's content, of the names in a folder but for the book's pages, or of a part of a stub.

    None if there is no such file or folder.
    """
    path, folder = path_of(book, name), "" if name == "." else f"{name}/"
    try:
        if "/__init__.pyi#" in name:
            used = set(name.partition("#")[2].split(","))
            said = [pair for pair in sorted(stub_names(path).items()) if pair[1] in used]
            return hashlib.sha256(json.dumps(said).encode()).hexdigest()
        if path.is_dir():
            names = sorted(p.name for p in path.iterdir() if not LEFT_BEHIND.match(p.name))
            # A kernel lists the folder of its chapter in search of modules: another page there is none.
            names = [n for n in names if not book.is_derived(folder + n) and folder + n not in book.pages]
            return hashlib.sha256("\0".join(names).encode()).hexdigest()
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def inputs_of(book: Book, folder: str, trace: Path) -> dict[str, str | None]:
    """The files and folders that a run in `folder` read before it wrote them itself, and what would hide a module."""
    written: set[str] = set()
    read: set[str] = set()
    for line in trace.read_text(encoding="utf-8").splitlines() if trace.is_file() else []:
        what, _, path = line.partition(" ")
        name = Path(path).relative_to(book.root).as_posix()
        if what == "write":
            written.add(name)
        elif name not in written and not book.is_derived(name):
            read.add(name)
    places = [*book.options.pythonpath, folder]  # IPython puts the chapter's own folder last
    names = read | {hiding for name in read if name.endswith(".py") for hiding in hiding_places(name, places)}
    return {name: digest(book, name) for name in sorted(used_part(book, name, read) for name in names)}


def path_of(book: Book, name: str) -> Path:
    """The file of an input: of a stub, only the part behind the # was used."""
    return book.root / re.sub(r"(/__init__\.pyi)#.*", r"\1", name)


def used_part(book: Book, name: str, read: set[str]) -> str:
    """Of the stub of a lazy package, what it says of the modules that the run read; anything else is used whole.

    Such a stub lists the names of all modules, and a run sees the modules of the names that it asked for. So a name
    more, of a module that the run has nothing to do with, does not run the page again.
    """
    if not name.endswith("/__init__.pyi"):
        return name
    folder = name.removesuffix("__init__.pyi")
    modules = set(stub_names(book.root / name).values())
    used = {module for module in modules if {f"{folder}{module}.py", f"{folder}{module}/__init__.py"} & read}
    # A run that read all modules may have asked for every name there is (``import *``).
    return f"{name}#{','.join(sorted(used))}" if used < modules else name


def stub_names(path: Path) -> dict[str, str]:
    """Of every name in a stub, the module of the package that it comes from; the last line about a name counts."""
    try:
        lines = ast.parse(path.read_text(encoding="utf-8")).body
    except (OSError, SyntaxError):
        return {}
    imports = [line for line in lines if isinstance(line, ast.ImportFrom)]
    return {name.name: line.module or name.name for line in imports for name in line.names}


def hiding_places(name: str, places: list[str]) -> Iterator[str]:
    """The files that would be imported in the place of a module, if they were there."""
    yield f"{name.removesuffix('.py')}/__init__.py"
    for k, place in enumerate(places):
        if Path(place) in Path(name).parents:
            top = Path(name).relative_to(place).parts[0].removesuffix(".py")
            yield from (
                p.as_posix()
                for before in places[:k]
                for p in (Path(before, f"{top}.py"), Path(before, top, "__init__.py"))
            )
