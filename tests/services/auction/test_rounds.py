"""Rounds open, close, stop and go on; nothing closes early, and nothing in time is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from auction.models import Deposit, Round
from auction.queries import due
from auction.rules.grounds import Ground, Refused
from auction.rules.window import CLOSE_DELAY
from auction.services.closing import close_round
from auction.services.opening import open_bidding
from auction.services.suspension import resume, suspend, withdraw
from tests.support.bidding import a_recorded_round, begin_record, bid, leaves, stands_as_recorded
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, an_announced_round, lin, zhao

pytestmark = pytest.mark.django_db
MS = timedelta(milliseconds=1)


@pytest.fixture
def round(clock: HandClock) -> Iterator[Round]:
    """Give an open round, and hold live against replay when the test is over."""
    opened = a_recorded_round()
    yield opened
    assert stands_as_recorded(opened.pk)


def test_a_round_opens_at_its_time_and_once(clock: HandClock) -> None:
    round = an_announced_round(opens_at=NOON)
    begin_record(round, at=NOON - timedelta(days=31))

    assert due.to_open(NOON - MS) == []
    assert not open_bidding(round_id=round.pk, at=NOON - MS)
    assert [open_bidding(round_id=round.pk, at=NOON) for _ in range(2)] == [True, False]
    assert Round.objects.get(pk=round.pk).state == "open"


def test_a_round_closes_two_seconds_after_its_end_and_once(round: Round) -> None:
    bid(a_bidder(round, lin()), 1_400_000, NOON)
    end = round.closes_at + CLOSE_DELAY

    assert close_round(round_id=round.pk, at=end - MS) is None
    assert close_round(round_id=round.pk, at=end) is not None
    assert close_round(round_id=round.pk, at=end) is None
    assert [leaf["kind"] for leaf in leaves(round.pk)] == ["open", "bid", "close"]


def test_one_bid_is_enough_and_the_record_names_code_price_and_end(round: Round) -> None:
    winner = a_bidder(round, lin())
    bid(winner, 1_400_000, NOON)

    close_round(round_id=round.pk, at=round.closes_at + CLOSE_DELAY)

    close = leaves(round.pk)[-1]
    assert (close["winner"], close["price"]) == (winner.code, 140_000_000)
    assert Round.objects.get(pk=round.pk).state == "sold"


def test_without_a_bid_a_round_is_unsold(round: Round) -> None:
    close_round(round_id=round.pk, at=round.closes_at + CLOSE_DELAY)

    assert leaves(round.pk)[-1]["winner"] is None
    assert Round.objects.get(pk=round.pk).state == "unsold"


def test_a_bid_in_the_last_instant_is_decided_before_the_closing(round: Round, clock: HandClock) -> None:
    last = round.closes_at - MS
    clock.set(last + timedelta(seconds=1))

    assert bid(a_bidder(round, lin()), 1_400_000, last).accepted
    assert close_round(round_id=round.pk, at=round.closes_at + CLOSE_DELAY) is None
    assert due.to_close(round.closes_at + CLOSE_DELAY) == []


def test_the_others_deposits_are_due_back_a_day_after_the_end(round: Round) -> None:
    winner, loser = a_bidder(round, lin()), a_bidder(round, zhao())
    bid(winner, 1_400_000, NOON)

    close_round(round_id=round.pk, at=round.closes_at + CLOSE_DELAY)

    assert Deposit.objects.get(bidder=loser).release_by == round.closes_at + timedelta(hours=24)
    assert Deposit.objects.get(bidder=winner).release_by is None


def test_a_suspended_round_takes_no_bid_and_does_not_close(round: Round) -> None:
    suspend(round_id=round.pk, reason="案外人异议", at=NOON)

    assert bid(a_bidder(round, lin()), 1_400_000, NOON).ground is Ground.SUSPENDED
    assert close_round(round_id=round.pk, at=round.closes_at + CLOSE_DELAY) is None


def test_a_resumed_round_has_the_time_that_was_left(round: Round) -> None:
    left = round.closes_at - NOON
    suspend(round_id=round.pk, reason="系统故障", at=NOON)

    resume(round_id=round.pk, reason="故障排除", at=NOON + timedelta(days=3))

    assert Round.objects.get(pk=round.pk).closes_at == NOON + timedelta(days=3) + left
    assert leaves(round.pk)[-1]["kind"] == "resume"


def test_a_pause_that_ended_is_not_ended_by_the_next_resumption(round: Round) -> None:
    hour = timedelta(hours=1)
    for at in (NOON, NOON + 2 * hour):
        suspend(round_id=round.pk, reason="系统故障", at=at)
        resume(round_id=round.pk, reason="故障排除", at=at + hour)

    pauses = round.pauses.order_by("at").values_list("until_at", "end_after")
    assert list(pauses) == [
        (NOON + hour, round.closes_at + hour),
        (NOON + 3 * hour, round.closes_at + 2 * hour),
    ]


def test_the_time_given_back_counts_from_the_entry_even_by_a_clock_that_is_behind(round: Round) -> None:
    suspend(round_id=round.pk, reason="系统故障", at=round.closes_at - timedelta(seconds=1))

    resume(round_id=round.pk, reason="故障排除", at=round.closes_at - timedelta(seconds=2))

    resumed = leaves(round.pk)[-1]
    assert resumed["deadline"] - resumed["t"] == 300_000


def test_a_withdrawn_round_is_over_and_everyone_gets_his_deposit_back(round: Round) -> None:
    leading = a_bidder(round, lin())
    bid(leading, 1_400_000, NOON)

    withdraw(round_id=round.pk, reason="被执行人已履行", at=NOON)

    assert bid(a_bidder(round, zhao()), 1_500_000, NOON).ground is Ground.OUT_OF_TIME
    assert Deposit.objects.get(bidder=leading).release_by == NOON + timedelta(hours=24)
    assert leaves(round.pk)[-1]["kind"] == "void"


def test_an_act_out_of_turn_is_refused(round: Round) -> None:
    with pytest.raises(Refused) as refused:
        resume(round_id=round.pk, reason="", at=NOON)

    assert refused.value.ground is Ground.WRONG_STATE
