"""A bug planted in the running site is found: a checker that finds nothing there would prove nothing here.

`make test` plants one, `FAULTS=all` (`make faults`) every one; the simulation plants them all each time. What
needs two processes or a kill to meet at the wrong moment may take more than one run to show.
"""

from __future__ import annotations

import os

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.bugs import BUGS
from tests.faults.nemesis import Nemesis
from tests.faults.play import Run
from tests.faults.verdict import verdict
from tests.faults.world import running_world

SECONDS = 36
RUNS = 3
FOUND_BY = {
    "asynchronous commit": {"A1"},
    "no lock": {"A1", "S2", "S3"},
    "no extension": {"E1"},
    "early close": {"C3"},
    "no idempotency": {"A2", "A6"},
    "late accepted": {"B2"},
    "left out of the log": {"K4"},
}
QUICK = ("no extension",)
PLANTED = sorted(BUGS) if os.environ.get("FAULTS") == "all" else QUICK


async def killing(nemesis: Nemesis, until: float) -> None:
    """Kill the postmaster again and again: what was not on the disk is gone."""
    await nemesis.only("kill postmaster").run(until)


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str, django_db_blocker: DjangoDbBlocker) -> None:
    assert any(FOUND_BY[bug] & _found(bug, run, django_db_blocker) for run in range(RUNS))


def _found(bug: str, number: int, django_db_blocker: DjangoDbBlocker) -> set[str]:
    """Return the invariants that one run with the bug broke."""
    breaking = killing if bug == "asynchronous commit" else Nemesis.rest
    run = Run(SECONDS, f"{bug} {number}" if number else bug, breaking=breaking)
    with running_world(BUG=bug) as world, django_db_blocker.unblock():
        run.play(world)
    return set(verdict(run).summary["by invariant"])


def test_every_bug_has_its_invariant() -> None:
    assert set(FOUND_BY) == set(BUGS)
