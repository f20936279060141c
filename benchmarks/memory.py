"""Run every notebook as on Binder, one after another, and note how much memory each takes: `make memory`.

The environment is made from the files of `binder/`, in `_build/binder`. Where the CPU build of PyTorch cannot be
fetched, PyPI's build of the same version stands in for it; the file of results says which one it was.
The peaks are those that Linux keeps for each kernel (VmHWM); other systems do not tell.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "_ext" / "ledger"))

import nbformat  # noqa: E402
from jupyter_client.manager import AsyncKernelManager  # noqa: E402

from sphinx_ledger.chapters import Book  # noqa: E402
from sphinx_ledger.notebooks import path_of  # noqa: E402
from sphinx_ledger.runs import execute  # noqa: E402

LIMIT_MB = 1024  # what mybinder.org guarantees
REPORTED = ("torch", "torchvision", "jupyterlab", "jupyterlab-myst", "ipykernel", "numpy")


def install(folder: Path) -> Path:
    """Make the environment from the files of `binder/`, and return its Python."""
    python = folder / "bin" / "python"
    requirements = ROOT / "binder" / "requirements.txt"
    sources = [requirements, ROOT / "binder" / "postBuild", ROOT / "constraints.txt", ROOT / "pyproject.toml"]
    wanted = "".join(path.read_text(encoding="utf-8") for path in sources)
    done = folder / "made-from"
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        return python
    venv.create(folder, with_pip=True, clear=True)

    def pip(*arguments: str) -> bool:
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
        return subprocess.run(command, cwd=ROOT).returncode == 0

    text = requirements.read_text(encoding="utf-8")
    (cpu_index,) = re.findall(r"^--extra-index-url (\S+)$", text, flags=re.M)
    (torch,) = re.findall(r"^(torch==\S+)$", text, flags=re.M)
    what = ["--requirement", str(requirements)]
    if not pip("--dry-run", "--no-deps", "--retries", "0", "--timeout", "20", "--index-url", cpu_index, torch):
        print(f"{cpu_index} does not give {torch}: PyPI's build of the same version stands in", flush=True)
        named = [line.removesuffix("+cpu") for line in text.splitlines() if line and not line.startswith(("#", "-"))]
        what = ["--constraint", "constraints.txt", *named]
    # As postBuild does it.
    if not (pip(*what) and pip("--constraint", "constraints.txt", "--editable", ".")):
        raise SystemExit("The environment of binder/ cannot be installed; pip says above why.")
    done.write_text(wanted, encoding="utf-8")
    return python


def use_kernel(python: Path) -> None:
    """Let "python3" be the kernel of that environment, with nothing of this one."""
    folder = python.parents[1] / "kernels-of-binder"
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "Binder", "language": "python"}), encoding="utf-8")
    os.environ["JUPYTER_PATH"] = str(folder)
    for name in [name for name in os.environ if name.endswith("_NUM_THREADS") or name in ("PYTHONPATH", "MLFA_BUILD")]:
        del os.environ[name]


def versions(python: Path) -> dict[str, str]:
    program = "import json, sys\nfrom importlib.metadata import version\n" + (
        "print(json.dumps({'python': sys.version.split()[0]} | {name: version(name) for name in sys.argv[1:]}))"
    )
    return json.loads(subprocess.run([str(python), "-c", program, *REPORTED], capture_output=True, check=True).stdout)


def main() -> int:
    book = Book(ROOT)
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pages", nargs="*", help="names as in chapters/tabular/lines; all if none is given")
    parser.add_argument("--output", type=Path, default=HERE / "memory.json")
    parser.add_argument("--environment", type=Path, default=ROOT / "_build" / "binder")
    arguments = parser.parse_args()
    chapters = book.chapters()
    if unknown := [name for name in arguments.pages if name not in chapters]:
        parser.error(f"no such page: {', '.join(unknown)}; there are {', '.join(chapters)}")
    python = install(arguments.environment)
    use_kernel(python)
    known = json.loads(arguments.output.read_text(encoding="utf-8")) if arguments.output.is_file() else {}
    peaks = {row["page"]: row["peak_mb"] for row in known.get("notebooks", [])}
    for name in arguments.pages or chapters:
        path = path_of(book, name)
        manager = AsyncKernelManager(kernel_name="python3")
        seconds, peak_mb = execute(nbformat.read(path, 4), path.parent, manager, os.environ, book.options.timeout)
        if peak_mb is None:
            raise SystemExit("This system does not tell how much memory a kernel takes: Linux does.")
        peaks[name] = round(peak_mb)
        print(f"{name:<40}{peaks[name]:>6} MB{seconds:>8.1f} s", flush=True)
        rows = [{"page": page, "peak_mb": peaks[page]} for page in chapters if page in peaks]
        found = {"limit_mb": LIMIT_MB, "environment": versions(python), "notebooks": rows}
        arguments.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    large = [f"{page} ({peak} MB)" for page, peak in peaks.items() if peak > LIMIT_MB]
    if large:
        print(f"More than the {LIMIT_MB} MB that Binder guarantees: {', '.join(large)}")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main())
