"""Run every test in stages, from the rules (no Django, milliseconds) to two browsers bidding.

All stages are run even when one fails; the exit code is not zero if any did. Stages can be named:
`make test STAGES="rules js"`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

from tools import PYTHON, ROOT, Failed, ended, node, say

sys.path.insert(0, str(ROOT))

from tests.support import servers

NOTHING_COLLECTED = 5
BOTH_CORES = ("-n", "2")  # not for live bidding and browsers: they measure, and use both cores themselves


class Machine:
    """The servers the stages need, each started when the first stage asks for it."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    @cached_property
    def postgresql(self) -> str:
        """Return the URL of a running PostgreSQL."""
        return self.stack.enter_context(servers.postgresql())

    @cached_property
    def redis(self) -> str:
        """Return the URL of a running Redis."""
        return self.stack.enter_context(servers.redis())


def rules(_: Machine) -> int:
    """Test the rules with Django switched off."""
    return pytest(["tests/rules", "-p", "no:django", "-p", "tests.support.no_django"])


def sqlite(_: Machine) -> int:
    """Test acts and pages on SQLite."""
    return pytest(
        ["tests/services", "tests/pages", *BOTH_CORES], DATABASE_URL="sqlite:///:memory:", REDIS_URL=""
    )


def postgresql(machine: Machine) -> int:
    """Test acts on PostgreSQL."""
    return pytest(["tests/services", *BOTH_CORES], DATABASE_URL=machine.postgresql, REDIS_URL="")


def live(machine: Machine) -> int:
    """Test live bidding on PostgreSQL and Redis."""
    return pytest(["tests/live"], **production(machine))


def browser(machine: Machine) -> int:
    """Test in Chromium, on PostgreSQL and Redis."""
    servers.chromium()
    return pytest(["tests/browser"], **production(machine))


def js(_: Machine) -> int:
    """Test the scripts that need no browser."""
    files = sorted(str(path) for path in (ROOT / "tests" / "js").rglob("*.test.js"))
    return call([str(node()), "--test", "--test-reporter=dot", *files]) if files else NOTHING_COLLECTED


STAGES: dict[str, Callable[[Machine], int]] = {
    stage.__name__: stage for stage in (rules, js, sqlite, postgresql, live, browser)
}


def production(machine: Machine) -> dict[str, str]:
    """Return the environment of the stages that run on the servers of production."""
    return {
        "DATABASE_URL": machine.postgresql,
        "TEST_POSTGRESQL_URL": machine.postgresql,
        "REDIS_URL": machine.redis,
        "TEST_REDIS_URL": machine.redis,
    }


def pytest(words: list[str], **environment: str) -> int:
    """Run pytest on the folders among the words that exist."""
    kept = [word for word in words if not word.startswith("tests/") or Path(ROOT, word).exists()]
    return call([str(PYTHON), "-m", "pytest", "--quiet", *kept], **environment)


def call(words: list[str], **environment: str) -> int:
    """Run a program and return its exit code."""
    return subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, check=False).returncode


def main() -> int:
    """Run the stages and say how each went."""
    asked = sys.argv[1:] or list(STAGES)
    if unknown := set(asked) - set(STAGES):
        raise Failed(f"There is no stage {', '.join(sorted(unknown))}; there are {', '.join(STAGES)}.")
    with ExitStack() as stack:
        machine = Machine(stack)
        lines, codes = zip(*results(asked, machine), strict=True)
    say("\n".join(("", *lines)))
    return int(any(codes))


def results(asked: list[str], machine: Machine) -> Iterator[tuple[str, int]]:
    """Run each stage and yield its line and its exit code."""
    for name in asked:
        say(f"\n== {name}: {STAGES[name].__doc__}")
        started = time.monotonic()
        code = outcome(STAGES[name], machine)
        word = "failed" if code else "passed"
        yield f"{name:<12} {word}  {time.monotonic() - started:6.1f} s", code


def outcome(stage: Callable[[Machine], int], machine: Machine) -> int:
    """Run one stage; a server that is missing fails it with its one sentence."""
    try:
        return stage(machine)
    except servers.Missing as missing:
        print(missing, file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(ended(main))
