"""Run benchmarks by name, each in a process of its own: `make bench NAME=bids`, or `NAME=all`.

With `SITE=cluster` those run that can run against the production shape, through its nginx. Each prints JSON
lines on stdout and nothing else; which peer is missing is said on stderr.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tools import PYTHON, ROOT, Failed, ended


def benches(*, cluster: bool) -> list[str]:
    """Return the names of the benchmarks: modules of tests/bench that run, or run on the cluster."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "bench").glob("*.py")}
    runs = (name for name, text in texts.items() if '__name__ == "__main__"' in text)
    return sorted(name for name in runs if not cluster or "SITE=cluster" in texts[name])


def main() -> int:
    """Run the benchmark that was asked for, or all of them."""
    known = benches(cluster=_where() == "cluster")
    asked = known if sys.argv[1:] == ["all"] else sys.argv[1:]
    if not asked or set(asked) - set(known):
        raise Failed(f"make bench NAME=… takes one of {', '.join([*known, 'all'])}.")
    return max(run(name) for name in asked)


def _where() -> str:
    """Return what is measured.

    :raises Failed: if it is neither the site nor the cluster
    """
    asked = os.environ.get("BENCH_SITE", "")
    if asked not in {"", "cluster"}:
        raise Failed(f"SITE may be cluster or nothing, not {asked!r}.")
    return asked


def run(name: str) -> int:
    """Run one benchmark and return its exit code."""
    environment = {**os.environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [str(PYTHON), "-m", f"tests.bench.{name}"], cwd=ROOT, env=environment, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(ended(main))
