"""Make the release: one archive that opens without a server, and one PDF of the whole book.

    PYTHONPATH=_ext/site python tools/release.py

Both are made from the built site in `_build/html` and lie in `_build/release` afterwards.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from mlfa_site import address
from mlfa_site.findable import LICENSES
from mlfa_site.quiet import book_version, day
from sphinx_ledger.contents import read_pages

ROOT = Path(__file__).parents[1]
MADE = {"search", "genindex"}  # pages that the build makes of itself and a reader of the archive can use
EPOCH = 315532800  # 1980, the first year that a zip can tell
# What only a web host needs: the paths in 404.html are absolute, the others name the site's address.
ONLINE = {"404.html", "robots.txt", "sitemap.xml", "social_previews", ".buildinfo", ".nojekyll"}
README = """{title}
{underline}

Version {version}{when}.

To read        Open site/index.html in a browser. No server and no network are needed; search works, too.
To run         Install Python 3.11 to 3.14, then:

                   pip install {wheel} jupyterlab
                   jupyter lab chapters

               The notebooks in chapters/ are the pages of the book. The wheel brings their code and data;
               pip fetches the libraries that they use (PyTorch, scikit-learn and others).

Licenses       Text and figures: CC BY 4.0 (LICENSE-TEXT). Code: MIT (LICENSE). Data: LICENSE-DATA.
To cite        CITATION.cff
"""


def release_time(root: Path) -> int:
    """The time that stands in the release's files: of the commit, so that making it twice gives the same."""
    source = address.commit(root)
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    return max(EPOCH, int(fixed) if fixed else source.time if source else int(time.time()))


def release_name(root: Path) -> str:
    return f"mlfa-book-{book_version(root)}"


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the package's wheel from a copy of what it needs, without a network."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "package"
        unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info")
        for part in ("code", "_ext/ledger"):
            shutil.copytree(root / part, copy / part, ignore=unwanted)
        for file in ("pyproject.toml", "README.md", *LICENSES):
            shutil.copy(root / file, copy)
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run(
            [*pip, "--no-build-isolation", "-w", str(folder), str(copy)],
            check=True,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(release_time(root))},
        )
    (wheel,) = folder.glob("mlfa-*.whl")
    return wheel


def make_archive(root: Path, site: Path, target: Path) -> Path:
    """Put the site, the notebooks and the wheel into one zip whose bytes depend on nothing else.

    Parameters
    ----------
    root
        The book's folder.
    site
        The built site.
    target
        The zip file to write.
    """
    when = release_time(root)
    folder = target.stem
    files: dict[str, Path] = {}
    for path in site.rglob("*"):
        name = path.relative_to(site)
        if path.is_file() and not ONLINE & set(name.parts):
            files[f"{folder}/site/{name.as_posix()}"] = path
    for path in (root / "chapters").rglob("*.ipynb"):
        if ".ipynb_checkpoints" not in path.parts:
            files[f"{folder}/{path.relative_to(root).as_posix()}"] = path
    files.update({f"{folder}/{name}": root / name for name in (*LICENSES, "CITATION.cff")})
    with tempfile.TemporaryDirectory() as name:
        wheel = build_wheel(root, Path(name))
        files[f"{folder}/{wheel.name}"] = wheel
        title = "Machine Learning: Fundamentals and Architectures"
        readme = Path(name) / "README.txt"
        readme.write_text(
            README.format(
                title=title,
                underline="=" * len(title),
                version=book_version(root),
                when=f", {day(when)}",
                wheel=wheel.name,
            ),
            encoding="utf-8",
        )
        files[f"{folder}/README.txt"] = readme
        target.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for entry, path in sorted(files.items()):
                info = zipfile.ZipInfo(entry, time.gmtime(when)[:6])
                info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(info, path.read_bytes())
    return target


def wrong_pages(archive: Path, root: Path) -> list[str]:
    """The pages of an archive's site that the contents lack, and those of the contents that it lacks."""
    wanted = {*read_pages(root)} | MADE
    start = f"{archive.stem}/site/"
    with zipfile.ZipFile(archive) as file:
        names = [name.removeprefix(start) for name in file.namelist() if name.startswith(start)]
    held = {name.removesuffix(".html") for name in names if name.endswith(".html") and not name.startswith("_static/")}
    return sorted(wanted ^ held)


def main() -> int:
    site, out = ROOT / "_build" / "html", ROOT / "_build" / "release"
    missing = [name for name in read_pages(ROOT) if not (site / f"{name}.html").exists()]
    if missing:
        print(f"The site is not built: {site} has no {missing[0]}.html. `make release` builds it first.")
        return 1
    from pdf import make_pdf

    shutil.rmtree(out, ignore_errors=True)
    for make, ending in ((make_archive, "zip"), (make_pdf, "pdf")):
        path = make(ROOT, site, out / f"{release_name(ROOT)}.{ending}")
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1e6:.1f} MB")
        if ending == "zip" and (wrong := wrong_pages(path, ROOT)):
            print(f"The archive and _toc.yml do not have the same pages: {', '.join(wrong)}.")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
