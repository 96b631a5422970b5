"""A bidder whose batch hangs hears in time that his bid is undecided, and hears nothing else afterwards."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest

from auction.engine import Decision, Offer, Seat, drain, patience
from auction.rules.grounds import Ground
from tests.support.clock import NOON


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let every batch hang until the event is set, and then accept."""
    healed = threading.Event()

    def decide(offers: Sequence[Offer], answer: Callable[[Any], None], **_: Any) -> None:
        assert healed.wait(10)
        answer([Decision(offer, seq=1) for offer in offers])

    monkeypatch.setattr(drain, "decide_and_tell", decide)
    monkeypatch.setattr(drain, "_drop_connection", lambda: None)
    monkeypatch.setattr(drain, "_rest", lambda: None)
    monkeypatch.setattr(patience, "WORD_WITHIN", 0.2)
    yield healed
    healed.set()


async def test_a_bid_whose_batch_hangs_is_undecided_and_answered_once(hanging: threading.Event) -> None:
    told: list[Decision] = []

    for _ in range(3):  # the first hangs, the others wait behind it
        drain.submit(Offer(1, Seat(str(uuid4()), 1, "", ""), 140_000_000, str(uuid4()), NOON), told.append)
        await asyncio.sleep(0.01)
    await asyncio.sleep(1)
    before = [decision.ground for decision in told]
    hanging.set()
    await asyncio.sleep(0.3)

    assert before == [Ground.UNDECIDED] * 3
    assert len(told) == 3


async def test_a_thread_that_could_not_be_begun_is_begun_by_the_next_bid(
    hanging: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Decision] = []
    hanging.set()
    begun, starts = drain.thread(), iter((False, True, True))

    class Short:
        """An executor that finds no memory at first."""

        def submit(self, work: Callable[[], None]) -> None:
            if not next(starts):
                raise RuntimeError("can't start new thread")
            begun.submit(work)

    monkeypatch.setattr(drain, "thread", Short)
    for key in ("first", "second"):
        drain.submit(Offer(2, Seat(key, 1, "", ""), 140_000_000, str(uuid4()), NOON), told.append)
    await asyncio.sleep(0.1)

    assert [decision.accepted for decision in told] == [True, True]
