"""Run every test in stages, from the rules (no Django, milliseconds) to two browsers bidding.

On two cores lanes run side by side. What can wait stands back (`nice`), so that what must be told in time has
the processor when it wants it: the faults, then live bidding. The browsers take both cores alone.
The exit code is not zero if any stage failed. Stages can be named: `make test STAGES="rules js"`.
"""

from __future__ import annotations

import sys

from stages import Command, Machine, Wave, pytest, python, run_stages
from tools import ROOT, Failed, ended, node

from tests.support import servers

WITHOUT_DATABASE = (
    "auction/test_pulse.py",
    "config",
    "tooling",
    *(
        f"viewing/test_{name}.py"
        for name in ("demo_truth", "foreign_tiles", "import_tour", "real_pictures", "sandbox", "truth")
    ),
)


def rules(_: Machine) -> Command:
    """Test the rules with Django switched off."""
    return pytest("tests/rules", "-p", "no:django", "-p", "tests.support.no_django").standing_back()


def js(_: Machine) -> Command:
    """Test the scripts that need no browser."""
    files = sorted(str(path) for path in (ROOT / "tests" / "js").rglob("*.test.js"))
    if not files:
        raise Failed("There are no tests of scripts.")
    return Command([str(node()), "--test", "--test-reporter=dot", *files]).standing_back()


def sqlite(_: Machine) -> Command:
    """Test acts and pages on SQLite."""
    environment = {"DATABASE_URL": "sqlite:///:memory:", "REDIS_URL": ""}
    return pytest("tests/services", "tests/pages", **environment).standing_back()


def postgresql(machine: Machine) -> Command:
    """Test acts on PostgreSQL, but for what never asks a database or asks the same of any."""
    left = [f"--ignore=tests/services/{path}" for path in WITHOUT_DATABASE]
    environment = {"DATABASE_URL": machine.database(), "REDIS_URL": ""}
    return pytest("tests/services", *left, **environment).standing_back()


def live(machine: Machine) -> Command:
    """Test live bidding on PostgreSQL and Redis."""
    return pytest("tests/live", **machine.production())


def browser(machine: Machine) -> Command:
    """Test in Chromium, on PostgreSQL and Redis."""
    servers.chromium()
    return pytest("tests/browser", "-n", "2", **machine.production())


def faults(_: Machine) -> Command:
    """Break a running site for five minutes and judge the history of what its clients were told."""
    return python("-m", "tests.faults.run", "--minutes", "5")


def abuse(machine: Machine) -> Command:
    """Test the judge, plant bugs, break one thing at a time, and attack a site as bad clients do.

    Processes are ended at steps in the five minutes too; `make faults` ends them at every one.
    """
    left = "--ignore=tests/faults/test_steps.py"
    return pytest("tests/faults", left, **machine.production()).standing_back()


def simulation(_: Machine) -> Command:
    """Simulate 10,000 auctions in virtual time and judge each."""
    return python("-m", "tests.faults.sim", "--auctions", "10000", "--processes", "1").standing_back()


WAVES: tuple[Wave, ...] = (
    ((faults,), (abuse,), (rules, js, postgresql)),
    ((live,), (sqlite, simulation)),
    ((browser,),),
)


def main() -> int:
    """Run the stages asked for, or all."""
    return run_stages(WAVES, sys.argv[1:])


if __name__ == "__main__":
    sys.exit(ended(main))
