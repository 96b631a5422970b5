"""F1 and F2: a process that ends at any step of a bid or of a close loses nothing and does nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from auction.models import Deposit, Round, RoundState
from auction.rules.deposit import RELEASE_WITHIN
from tests.faults.failpoints import POINTS
from tests.faults.nemesis import Nemesis
from tests.faults.play import Run
from tests.faults.verdict import verdict
from tests.faults.world import running_world
from tests.support.world import standing_on

SECONDS = 600  # at most: the walk ends as soon as every step was met
EVERY_S = 1.5  # a round opens, and one ends


@pytest.fixture(scope="module")
def walked(django_db_blocker: DjangoDbBlocker) -> Iterator[Run]:
    """Give a run in which processes end at one step after another; its database is still there."""
    run = Run(SECONDS, "steps", EVERY_S, breaking=Nemesis.walk)
    with running_world() as world, django_db_blocker.unblock():
        run.play(world)
        with standing_on(world.postgres.url):
            yield run


def test_nothing_is_lost_doubled_or_seen_before_it_is_so(walked: Run) -> None:
    found = verdict(walked)

    assert found.violations == []
    assert found.summary["acknowledged"] > 100


@pytest.mark.parametrize("point", POINTS)
def test_a_process_ended_at_this_step(walked: Run, point: str) -> None:
    assert walked.history.counts[f"ended {point}"] >= 1


def test_the_deposits_of_all_but_the_winner_are_due_a_day_after_the_end(walked: Run) -> None:
    for round in Round.objects.filter(state__in=(RoundState.SOLD, RoundState.CONFIRMED, RoundState.UNSOLD)):
        losers = Deposit.objects.filter(bidder__round=round).exclude(bidder=round.leading)
        assert {deposit.release_by for deposit in losers} == {round.closes_at + RELEASE_WITHIN}
        assert Deposit.objects.filter(bidder__round=round, release_by__isnull=False).count() == losers.count()
