"""Start a kernel that writes down which files it reads: ``python -m sphinx_ledger.watch ROOT SKIPPED TRACE ...``.

Python tells a hook of every file that is opened and every folder that is listed, by whatever code. A line of the
trace is ``read PATH``, ``write PATH`` or ``list PATH``, in the order in which it happened.
"""

import os
import sys
from importlib.machinery import EXTENSION_SUFFIXES, SOURCE_SUFFIXES, ExtensionFileLoader, FileFinder, SourceFileLoader


class FreshLoader(SourceFileLoader):
    """Reads the source in every run: a compiled file is trusted by its date, and two edits may have one date."""

    def path_stats(self, path: str) -> dict:
        raise OSError("compiled files are not used")


def is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + os.sep)


def start(root: str, skipped: str, trace: str) -> None:
    """Watch what is read below `root`, but not below `skipped` or where Python itself is installed."""
    file = os.open(trace, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    outside = [os.path.realpath(path) for path in (skipped, sys.prefix, sys.base_prefix)]
    seen: set[tuple[str, str]] = set()

    def belongs(path: str) -> bool:
        path = os.path.realpath(path)
        # Python may be installed above the book, but not the book above itself.
        return is_below(path, root) and not any(is_below(path, o) and not is_below(root, o) for o in outside)

    def hook(event: str, arguments: tuple) -> None:
        if event not in ("open", "os.listdir", "os.scandir"):
            return
        path = arguments[0] if arguments[0] is not None else "."
        if isinstance(path, int):
            return
        # To import a module, Python lists folders; what it finds there, it opens.
        if event != "open" and sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
            return
        writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        what = "list" if event != "open" else "write" if writes else "read"
        full = os.path.abspath(os.fsdecode(path))
        if (what, full) not in seen:
            seen.add((what, full))
            if belongs(full):
                os.write(file, f"{what} {os.path.realpath(full)}\n".encode())

    inner = FileFinder.path_hook((ExtensionFileLoader, EXTENSION_SUFFIXES), (FreshLoader, SOURCE_SUFFIXES))

    def finder(path: str) -> FileFinder:
        if not belongs(path or os.getcwd()):
            raise ImportError("not a folder of the book")
        return inner(path)

    sys.path_hooks.insert(0, finder)
    sys.path_importer_cache.clear()
    # What was imported to get here, this package, is no part of the book's run unless a cell asks for it.
    for name in [name for name in sys.modules if name.partition(".")[0] == __spec__.name.partition(".")[0]]:
        del sys.modules[name]
    sys.addaudithook(hook)


if __name__ == "__main__":
    start(*sys.argv[1:4])
    sys.argv[1:4] = []
    del sys.path[0]  # the chapter's folder: a module beside the chapter must not stand in for one of the kernel's
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
