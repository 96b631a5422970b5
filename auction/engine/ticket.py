"""A bid that waits, and how its answer gets back: one wake-up of an event loop for all answers of a batch."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from auction import clock, receipts
from auction.engine.book import refusal
from auction.engine.values import Decision, Offer
from auction.rules.grounds import Ground

Answer = Callable[[Decision], None]

log = logging.getLogger(__name__)


_waiting: dict[int, Ticket] = {}  # who has no answer yet, by identity, in order of arrival


class Ticket(NamedTuple):
    """A waiting offer: whom to answer, on which loop (None: right here), and when it began to wait."""

    offer: Offer
    answer: Answer
    loop: asyncio.AbstractEventLoop | None
    since: float


def expect(ticket: Ticket) -> None:
    """Note that somebody waits from now on, until `tell` gives him his one answer."""
    _waiting[id(ticket)] = ticket


def anyone_waits() -> bool:
    """Return whether anybody has no answer yet."""
    return bool(_waiting)


def waits(ticket: Ticket) -> bool:
    """Return whether this one has no answer yet."""
    return id(ticket) in _waiting


def waiting_since(tick: float) -> list[Ticket]:
    """Return who has waited since this reading of `time.monotonic()` or longer."""
    return [ticket for ticket in list(_waiting.values()) if ticket.since <= tick]


def tell(decided: Iterable[tuple[Ticket, Decision]]) -> None:
    """Give everyone his answer who has none yet: whoever takes him off the list answers him."""
    loops: dict[asyncio.AbstractEventLoop | None, list[tuple[Answer, Decision]]] = {}
    for ticket, decision in decided:
        if _waiting.pop(id(ticket), None) is not None:
            loops.setdefault(ticket.loop, []).append((ticket.answer, decision))
    for loop, answers in loops.items():
        if loop is None:
            _deliver(answers)
        else:
            with suppress(RuntimeError):  # the loop is closed: nobody is left who could hear
                loop.call_soon_threadsafe(_deliver, answers)


def tell_all(tickets: Sequence[Ticket], ground: Ground) -> None:
    """Tell everyone that nothing could be decided, and why, under one signature."""
    decisions = undecided([ticket.offer for ticket in tickets], ground)
    tell(zip(tickets, decisions, strict=True))


def undecided(offers: Sequence[Offer], ground: Ground, *, sign: bool = True) -> list[Decision]:
    """Return signed refusals of offers on which the database was not asked."""
    decisions = [Decision(offer, ground=ground) for offer in offers]
    if not sign:
        return decisions
    at = clock.told(time.monotonic())
    said = receipts.signed([refusal(each, code=None, state=None, at=at) for each in decisions])
    return [each._replace(receipt=text) for each, text in zip(decisions, said, strict=True)]


def _deliver(answers: Iterable[tuple[Answer, Decision]]) -> None:
    for answer, decision in answers:
        try:
            answer(decision)
        except Exception:
            log.exception("An answer to a bid on round %d was not given.", decision.offer.round_id)
