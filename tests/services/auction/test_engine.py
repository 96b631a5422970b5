"""Bids decided by the engine: every test ends with the record replayed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection

from auction.engine import Decision, Offer, decide, submit, submit_now
from auction.models import Bid, Bidder, Event, Person, Round
from auction.models.sealing import holder_hash
from auction.rules.grounds import Ground
from auction.rules.money import LARGEST_FEN
from tests.support.bidding import (
    a_recorded_round,
    an_offer,
    begin_record,
    bid,
    leaves,
    stands_as_recorded,
)
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, an_announced_round, chen, lin, zhao

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(clock: HandClock) -> Iterator[Round]:
    """Give an open round, and hold live against replay when the test is over."""
    opened = a_recorded_round()
    yield opened
    assert stands_as_recorded(opened.pk)


def test_an_accepted_bid_is_in_the_record_once_with_its_hash(round: Round) -> None:
    decision = bid(a_bidder(round, lin()), 1_400_000, NOON)

    event = Event.objects.get(round=round, kind="bid")
    assert decision.accepted
    assert (decision.seq, decision.hash) == (event.seq, event.hash)


def test_a_refusal_says_why_and_what_is_the_least(round: Round) -> None:
    bid(a_bidder(round, lin()), 1_400_000, NOON)

    decision = bid(a_bidder(round, zhao()), 1_404_999.99, NOON)

    assert decision.ground is Ground.TOO_LOW
    assert (decision.least_fen, decision.price_fen) == (140_500_000, 140_000_000)


def test_the_same_key_twice_is_one_bid_and_the_same_receipt(round: Round) -> None:
    bidder, key = a_bidder(round, lin()), str(uuid4())

    first, second = (
        bid(bidder, 1_400_000, NOON, key),
        bid(bidder, 1_400_000, NOON + timedelta(seconds=9), key),
    )

    assert (first.seq, first.hash, first.closes_at) == (second.seq, second.hash, second.closes_at)
    assert second.offer.arrived_at == NOON
    assert Bid.objects.count() == 1


def test_the_same_key_twice_in_one_batch_is_one_bid(round: Round) -> None:
    offer = an_offer(a_bidder(round, lin()), 1_400_000)

    first, second = decide([offer, offer])

    assert first == second
    assert Bid.objects.count() == 1


def test_a_refusal_repeated_with_its_key_stays_a_refusal(round: Round) -> None:
    bidder, key = a_bidder(round, lin()), str(uuid4())

    assert bid(bidder, 1, NOON, key).ground is Ground.TOO_LOW
    assert bid(bidder, 1, NOON, key).ground is Ground.TOO_LOW
    assert Bid.objects.count() == 1


def test_a_key_with_another_amount_is_refused(round: Round) -> None:
    bidder, key = a_bidder(round, lin()), str(uuid4())
    bid(bidder, 1_400_000, NOON, key)

    assert bid(bidder, 1_500_000, NOON, key).ground is Ground.KEY_REUSED
    assert Bid.objects.count() == 1


def test_a_key_whose_bid_is_not_kept_has_one_answer_an_amount_in_one_batch_and_later(round: Round) -> None:
    elsewhere, key = a_bidder(a_recorded_round(), chen()), str(uuid4())
    one, other = (
        an_offer(elsewhere, yuan, key=key)._replace(round_id=round.pk) for yuan in (1_400_000, 1_500_000)
    )

    together, later = decide([one, other]), decide([other])

    assert {each.ground for each in (*together, *later)} == {Ground.NOT_QUALIFIED}


def test_a_bid_in_the_last_five_minutes_extends(round: Round, clock: HandClock) -> None:
    late = round.closes_at - timedelta(seconds=1)
    clock.set(late)

    decision = bid(a_bidder(round, lin()), 1_400_000, late)

    assert decision.closes_at == late + timedelta(minutes=5)


def test_a_bid_at_the_end_is_late(round: Round, clock: HandClock) -> None:
    clock.set(round.closes_at)

    assert bid(a_bidder(round, lin()), 1_400_000, round.closes_at).ground is Ground.OUT_OF_TIME


def test_a_priority_purchaser_matches_the_price(round: Round) -> None:
    bid(a_bidder(round, lin()), 1_400_000, NOON)

    assert bid(a_bidder(round, zhao(), rank=1), 1_400_000, NOON).accepted
    assert leaves(round.pk)[-1]["rank"] == 1


def test_a_rank_is_not_told_before_it_is_used(round: Round) -> None:
    bid(a_bidder(round, zhao(), rank=1), 1_400_000, NOON)

    assert all("rank" not in leaf for leaf in leaves(round.pk))


def test_a_bid_that_waited_over_a_second_is_not_decided_and_may_be_sent_again(
    round: Round, clock: HandClock
) -> None:
    bidder, key = a_bidder(round, lin()), str(uuid4())
    clock.go(seconds=1.001)

    assert bid(bidder, 1_400_000, NOON, key).ground is Ground.UNDECIDED
    assert bid(bidder, 1_400_000, clock.at, key).accepted


def test_a_bid_from_the_future_is_a_fault_of_the_clock(round: Round) -> None:
    decision = bid(a_bidder(round, lin()), 1_400_000, NOON + timedelta(seconds=1))

    assert decision.ground is Ground.CLOCK_FAULT


def test_who_is_not_qualified_yet_does_not_bid(round: Round) -> None:
    bidder = a_bidder(round, lin(), at=NOON + timedelta(seconds=1))

    assert bid(bidder, 1_400_000, NOON).ground is Ground.NOT_QUALIFIED


def test_a_bidder_of_another_round_does_not_bid_here(round: Round) -> None:
    elsewhere = a_bidder(a_recorded_round(), chen())

    decision = decide([an_offer(elsewhere, 1_400_000)._replace(round_id=round.pk)])[0]

    assert decision.ground is Ground.NOT_QUALIFIED


def test_an_amount_beyond_all_bounds_is_no_price(round: Round) -> None:
    assert bid(a_bidder(round, lin()), LARGEST_FEN, NOON).ground is Ground.NOT_A_PRICE


def test_a_bid_quicker_than_the_clerk_opens_the_round(clock: HandClock) -> None:
    round = an_announced_round(opens_at=NOON)
    begin_record(round, at=NOON - timedelta(days=31))

    decision = bid(a_bidder(round, lin()), 1_400_000, NOON)

    assert decision.accepted
    assert [leaf["kind"] for leaf in leaves(round.pk)] == ["open", "note", "bid"]
    assert stands_as_recorded(round.pk)


def test_a_bid_before_the_opening_is_too_early(clock: HandClock) -> None:
    round = an_announced_round()

    assert bid(a_bidder(round, lin()), 1_400_000, NOON).ground is Ground.TOO_EARLY


def test_a_bidder_who_floods_is_not_heard(round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auction.engine.allowance.time", SimpleNamespace(monotonic=lambda: 7.0))
    offer = an_offer(a_bidder(round, lin()), 1)

    grounds = [submit_now(offer._replace(key=str(uuid4()))).ground for _ in range(30)]

    assert grounds.count(Ground.TOO_MANY) == 10


@pytest.mark.django_db(transaction=True)
def test_of_32_bidders_who_offer_the_same_price_at_once_one_stands(clock: HandClock) -> None:
    round = a_recorded_round()

    decisions = asyncio.run(_all_at_once(_offers(round, 32)))

    assert [decision.accepted for decision in decisions].count(True) == 1
    assert Bid.objects.filter(seq__isnull=True, ground="too_low").count() == 31
    assert stands_as_recorded(round.pk)


async def _all_at_once(offers: list[Offer]) -> list[Decision]:
    answers: asyncio.Queue[Decision] = asyncio.Queue()
    for offer in offers:
        submit(offer, answers.put_nowait)
    return [await answers.get() for _ in offers]


def _offers(round: Round, many: int) -> list[Offer]:
    """Return bids of the same price by so many people."""
    people = Person.objects.bulk_create(Person(username=f"p{number}") for number in range(many))
    rows = [
        Bidder(
            round=round,
            number=number,
            code=f"C{number:04d}",
            holder=holder_hash(round.pk, person.pk),
            consented_at=NOON,
            qualified_at=NOON,
        )
        for number, person in enumerate(people, 1)
    ]
    return [an_offer(bidder, 1_400_000) for bidder in Bidder.objects.bulk_create(rows)]


@pytest.mark.django_db(transaction=True)
def test_eight_processes_worth_of_threads_decide_one_after_another(clock: HandClock) -> None:
    if connection.vendor == "sqlite":
        pytest.skip(
            "threads share the test's database in memory here; tests/live kills and races real processes"
        )
    round = a_recorded_round()

    decisions = _in_threads(_offers(round, 32), threads=8)

    assert [decision.accepted for decision in decisions].count(True) == 1
    assert stands_as_recorded(round.pk)


def _in_threads(offers: list[Offer], threads: int) -> list[Decision]:
    """Decide each offer by itself, past the desk, as eight processes would."""

    def alone(offer: Offer) -> Decision:
        try:
            return decide([offer])[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(alone, offers))
