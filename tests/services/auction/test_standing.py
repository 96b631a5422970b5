"""What stands in many rounds, read at once for those who come to watch them."""

from __future__ import annotations

import pytest

from auction import record
from auction.engine import decide
from auction.live import standing
from auction.live.frames import entries_after, last_entries
from auction.live.standing import NEAR, RECENT
from auction.models import Round
from tests.support.bidding import a_recorded_round, an_offer
from tests.support.clock import NOON, HandClock
from tests.support.people import a_bidder, lin, zhao

pytestmark = pytest.mark.django_db


def with_bids(many: int) -> Round:
    round = a_recorded_round()
    bidders = [a_bidder(round, lin()), a_bidder(round, zhao())]
    decide([an_offer(bidders[n % 2], 1_400_000 + 5_000 * n) for n in range(many)])
    return Round.objects.get(pk=round.pk)


def with_notes_after_its_bids() -> Round:
    round = with_bids(2)
    for _ in range(NEAR):
        record.append(round, "note", {"about": "x"}, at=NOON)
    return round


def test_many_rounds_read_at_once_stand_as_each_read_alone(clock: HandClock) -> None:
    rounds = [with_bids(0), with_bids(3), with_bids(RECENT + 2), with_notes_after_its_bids()]

    found = standing.read([*(round.pk for round in rounds), 0])

    assert found == {round.pk: standing.of(round) for round in rounds}
    assert [len(found[round.pk].recent) for round in rounds] == [0, 3, RECENT, 2]


def test_the_last_entries_of_many_rounds_are_those_of_each(clock: HandClock) -> None:
    rounds = [with_bids(0), with_bids(6)]

    found = last_entries([round.pk for round in rounds], 5)

    assert found == {round.pk: entries_after(round.pk, round.seq - 5) for round in rounds if round.seq}
    assert len(found[rounds[1].pk]) == 5
