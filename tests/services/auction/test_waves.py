"""Many rounds at once: each by its own terms, one bad row stops no other, no clock hurries the hammer."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from auction import clock
from auction.models import Deposit, Event, Round
from auction.queries import due
from auction.rules.window import CLOSE_DELAY
from auction.services.closing import close_rounds
from auction.services.opening import open_rounds
from config import clerk
from config.lanes import Lane, Rests, batches
from tests.support.bidding import a_recorded_round, begin_record, bid, leaves, stands_as_recorded
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, an_announced_round, lin, zhao

pytestmark = pytest.mark.django_db
END = NOON + timedelta(hours=1)


def three_rounds() -> list[Round]:
    """Return two rounds with bids and one without, all at their end."""
    rounds = [a_recorded_round(closes_at=END) for _ in range(3)]
    for yuan, round in zip((1_400_000, 1_500_000), rounds, strict=False):
        bid(a_bidder(round, lin()), yuan, NOON)
        a_bidder(round, zhao())
    return rounds


def test_each_round_of_a_wave_ends_by_its_own_bids(clock: HandClock) -> None:
    rounds = three_rounds()

    closed = close_rounds(round_ids=[round.pk for round in rounds], at=END + CLOSE_DELAY)

    prices = [leaves(event.round_id)[-1]["price"] for event in closed]
    assert prices == [140_000_000, 150_000_000, None]
    assert all(stands_as_recorded(round.pk) for round in rounds)
    back = Deposit.objects.filter(release_by=END + timedelta(hours=24))
    assert {deposit.bidder.number for deposit in back} == {2}
    assert back.count() == 2


def test_many_rounds_open_at_once(clock: HandClock) -> None:
    rounds = [an_announced_round(opens_at=NOON) for _ in range(3)]
    for round in rounds:
        begin_record(round, at=NOON - timedelta(days=1))

    ids = [round.pk for round in rounds]
    assert len(open_rounds(round_ids=ids, at=NOON)) == 3
    assert open_rounds(round_ids=ids, at=NOON) == []
    assert set(Round.objects.values_list("state", flat=True)) == {"open"}
    assert all(stands_as_recorded(pk) for pk in ids)


def test_a_bad_row_is_left_and_stops_no_other(clock: HandClock) -> None:
    good, bad, other = three_rounds()
    Event.objects.create(round=bad, seq=bad.seq + 3, kind="note", leaf="{}", hash="0" * 64, at=NOON)
    Round.objects.filter(pk=bad.pk).update(seq=bad.seq + 2)
    clock.set(END + CLOSE_DELAY)

    clerk.TO_THE_MOMENT[0].turn(Rests())

    assert [Round.objects.get(pk=one.pk).state for one in (good, bad, other)] == ["sold", "open", "unsold"]


def test_what_rests_is_not_in_the_next_batch() -> None:
    seen: list[list[int]] = []

    def act(rows: list[int], at: object) -> None:
        seen.append(list(rows))
        if 2 in rows:
            raise OSError

    step, rests = batches("try", lambda _: [1, 2, 3], act), Rests()
    step(NOON, rests)
    step(NOON, rests)

    assert seen == [[1, 2, 3], [1], [2], [3], [1, 3]]


def test_a_lane_waits_for_the_next_moment_and_no_longer(clock: HandClock) -> None:
    a_recorded_round(closes_at=NOON)
    lane = Lane("test", 0.2, (), due.next_moment)

    clock.set(NOON + CLOSE_DELAY - timedelta(milliseconds=50))
    assert lane.wait() == pytest.approx(0.05)
    clock.set(NOON)
    assert lane.wait() == 0.2
    clock.set(NOON + CLOSE_DELAY + timedelta(seconds=1))
    assert lane.wait() == 0.02


@pytest.mark.parametrize("jump", [10, -10])
@pytest.mark.parametrize("which", ["monotonic", "time"])
def test_no_jump_of_this_processs_clocks_closes_early(
    which: str, jump: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if which == "time" and connection.vendor == "sqlite":
        pytest.skip("SQLite has no clock but the machine's; there the web processes' beats hold the gate")
    monkeypatch.setattr(clock._Kept, "reading", None)
    at = clock.now()
    early = a_recorded_round(at=at, closes_at=at - CLOSE_DELAY + timedelta(seconds=8))
    due_now = a_recorded_round(at=at, closes_at=at - CLOSE_DELAY)
    real = getattr(time, which)
    monkeypatch.setattr(time, which, lambda: real() + jump)

    rests = Rests()
    for _ in range(3):  # a clock that jumps is refused until it is measured again
        rests.attempt("turn", 0, partial(clerk.TO_THE_MOMENT[0].turn, rests))
        rests.failures.clear()

    assert Round.objects.get(pk=early.pk).state == "open"
    assert Round.objects.get(pk=due_now.pk).state == "unsold"
