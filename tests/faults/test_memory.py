"""F12: a site that has no memory loses processes, never bids, and what it holds stays bounded.

`FAULTS=all` (`make faults`) runs it; the five minutes of `make test` starve processes too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Final

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.nemesis import Nemesis
from tests.faults.play import Run
from tests.faults.verdict import verdict
from tests.faults.world import running_world

SECONDS: Final = 90
FAULTS: Final = ("largest killed", "no memory")
MOST_MIB: Final = 200  # a web process, hundreds of bids after its start
MEBIBYTE: Final = 2**20

pytestmark = pytest.mark.skipif(os.environ.get("FAULTS") != "all", reason="FAULTS=all runs it")


async def short_of_memory(nemesis: Nemesis, until: float) -> None:
    """Kill whoever is largest, and give web processes no more than they have, in turn."""
    await nemesis.only(*FAULTS).run(until)


@pytest.fixture(scope="module")
def starved(django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Run, dict[str, int]]]:
    """Give a run on a site without memory, and what each of its parts held at the end."""
    run = Run(SECONDS, "memory", breaking=short_of_memory)
    with running_world() as world, django_db_blocker.unblock():
        run.play(world)
        postgres = world.postgres.process
        assert postgres.starts == 1  # the victim is never the database
        yield run, {part.name: part.memory() for part in (*world.webs, *world.clerks)}


def test_nothing_is_lost_when_the_largest_is_killed_and_no_memory_is_given(
    starved: tuple[Run, dict[str, int]],
) -> None:
    run, _ = starved
    found = verdict(run)

    assert found.violations == []
    assert found.summary["acknowledged"] > 50
    assert set(found.summary["faults"]) == set(FAULTS)
    assert run.crashes >= found.summary["faults"]["largest killed"]


def test_what_a_process_holds_is_bounded(starved: tuple[Run, dict[str, int]]) -> None:
    _, held = starved

    print({name: f"{size / MEBIBYTE:.0f} MiB" for name, size in held.items()})
    assert all(0 < size <= MOST_MIB * MEBIBYTE for size in held.values())
