"""Many rounds in one transaction: decided together, and none suffers for another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from auction.engine import Decision, Offer, decide, submit
from auction.models import Round
from tests.support.bidding import a_recorded_round, an_offer, stands_as_recorded
from tests.support.clock import HandClock
from tests.support.people import a_bidder, lin, zhao


@pytest.mark.django_db
def test_bids_on_several_rounds_are_decided_together(clock: HandClock) -> None:
    rounds = [a_recorded_round() for _ in range(3)]
    offers = [
        an_offer(a_bidder(round, person), yuan)
        for round in rounds
        for person, yuan in ((lin(), 1_400_000), (zhao(), 1_405_000))
    ]

    decisions = decide(offers)

    assert [decision.accepted for decision in decisions] == [True] * 6
    assert all(stands_as_recorded(round.pk) for round in rounds)
    assert {Round.objects.get(pk=round.pk).price_fen for round in rounds} == {140_500_000}


@pytest.mark.django_db(transaction=True)
def test_a_round_that_another_process_holds_delays_no_other(clock: HandClock) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: nothing is held round by round")
    held, free = a_recorded_round(), a_recorded_round()
    offers = [an_offer(a_bidder(round, lin()), 1_400_000) for round in (held, free)]

    with _held(held) as let_go:
        first, second = asyncio.run(_both(offers, let_go))

    assert (first.offer.round_id, second.offer.round_id) == (free.pk, held.pk)
    assert [first.accepted, second.accepted] == [True, True]
    assert all(stands_as_recorded(round.pk) for round in (held, free))


async def _both(offers: list[Offer], let_go: threading.Event) -> list[Decision]:
    """Return the answers in the order they came; the held round is let go after the first."""
    answers: asyncio.Queue[Decision] = asyncio.Queue()
    for offer in offers:
        submit(offer, answers.put_nowait)
    async with asyncio.timeout(10):
        first = await answers.get()
        let_go.set()
        return [first, await answers.get()]


@contextmanager
def _held(round: Round) -> Iterator[threading.Event]:
    """Hold a round's row as another process would, until it is let go."""
    taken, let_go = threading.Event(), threading.Event()
    holder = threading.Thread(target=_hold, args=(round.pk, taken, let_go))
    holder.start()
    taken.wait(10)
    try:
        yield let_go
    finally:
        let_go.set()
        holder.join()


def _hold(round_id: int, taken: threading.Event, let_go: threading.Event) -> None:
    with transaction.atomic():
        Round.objects.select_for_update().get(pk=round_id)
        taken.set()
        let_go.wait(10)
    connection.close()
