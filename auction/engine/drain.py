"""Deciding what waits at the desk, batch after batch, and what happens when the database fails."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import groupby
from typing import Final

from django.conf import settings
from django.db import connection

from auction.engine import patience, store
from auction.engine.allowance import Allowance
from auction.engine.batch import Outcome, decide_and_tell
from auction.engine.desk import Desk
from auction.engine.ticket import Answer, Ticket, expect, tell, tell_all, undecided
from auction.engine.values import Decision, Offer
from auction.rules.grounds import Ground, Refused
from auction.rules.window import DECIDE_WITHIN

WAITERS: Final = 4
TOGETHER_MS: Final = 250
BURST: Final = 4  # seconds' worth of bids that may come at once

log = logging.getLogger(__name__)


def submit(offer: Offer, answer: Answer) -> None:
    """Take a bid from an event loop; the answer is given there, after the commit."""
    ground = _unheard(offer)
    if ground is not None:
        answer(_refused_here(offer, ground))
    elif _queued(offer, answer, asyncio.get_running_loop()):
        _summon()


def submit_now(offer: Offer) -> Decision:
    """Decide a bid from a thread, on this thread's own connection if the desk is idle."""
    ground = _unheard(offer)
    if ground is not None:
        return _refused_here(offer, ground)
    told: list[Decision] = []
    done = threading.Event()

    def answer(decision: Decision) -> None:
        told.append(decision)
        done.set()

    if _queued(offer, answer, None):
        _decide_here(desk().take())
    done.wait()
    return told[0]


def give_up(offer: Offer) -> Decision:
    """Return the answer to a bid of which it is not known, after all that time, what becomes of it."""
    return _refused_here(offer, Ground.UNDECIDED)


def drain() -> None:
    """Decide batch after batch until nobody waits."""
    try:
        while batch := desk().take():
            _go_on(batch)
    finally:
        _rest()


def _summon() -> None:
    """Let the engine's thread decide what waits; if none can be begun now, the next bid begins it."""
    try:
        thread().submit(drain)
    except RuntimeError:  # no memory for a thread's stack, or one thread too many
        log.exception("The engine's thread could not be begun.")
        desk().abandon()


@cache
def desk() -> Desk:
    """Return this process's desk."""
    return Desk()


@cache
def thread() -> ThreadPoolExecutor:
    """Return the engine's thread."""
    return ThreadPoolExecutor(1, thread_name_prefix="engine")


@cache
def waiters() -> ThreadPoolExecutor:
    """Return the threads that wait for rounds which other processes hold; with SQLite nothing is held."""
    return ThreadPoolExecutor(WAITERS, thread_name_prefix="engine-waits")


@cache
def allowance() -> Allowance:
    """Return how often each person may bid in a round."""
    return Allowance(settings.BIDS_A_SECOND, BURST * settings.BIDS_A_SECOND)


@cache
def signatures() -> Allowance:
    """Return how often a refusal that asked no database is signed, so that a flood buys no signatures."""
    return Allowance(1, 1)


def _unheard(offer: Offer) -> Ground | None:
    """Return why an offer need not be brought before the database, if it need not."""
    if offer.seat is None:
        return Ground.NOT_QUALIFIED
    if not allowance().takes(offer.seat.holder):
        return Ground.TOO_MANY
    return Ground.CLOCK_FAULT if offer.arrived_at is None else None


def _queued(offer: Offer, answer: Answer, loop: asyncio.AbstractEventLoop | None) -> bool:
    """Queue a bid; return whether the caller must see that it is decided."""
    ticket = Ticket(offer, answer, loop, time.monotonic())
    expect(ticket)
    patience.begin()
    return desk().put(ticket)


def _refused_here(offer: Offer, ground: Ground) -> Decision:
    """Refuse; of one person's refusals, or all strangers', only the first in a second is signed."""
    sign = signatures().takes(offer.seat.holder if offer.seat else "")
    return undecided([offer], ground, sign=sign)[0]


def _decide_here(batch: Sequence[Ticket]) -> None:
    """Decide one batch on the caller's thread, and leave what has come meanwhile to the engine's."""
    try:
        _decide_free(batch)
    except Exception:
        log.warning("A batch of %d bids failed.", len(batch), exc_info=True)
        _drop_connection()
        _each_alone(batch)
    if desk().leave():
        _summon()


def _go_on(batch: list[Ticket]) -> None:
    """Decide on one connection, batch after batch, until nobody waits or the database fails."""
    try:
        while batch:
            _decide_free(batch)
            batch = desk().take()
    except Exception:
        log.warning("A batch of %d bids failed.", len(batch), exc_info=True)
        _drop_connection()
        _each_alone(batch)


def _decide_free(batch: Sequence[Ticket]) -> None:
    """Decide the rounds that nobody else holds, and let another thread wait for the others."""
    held = _decide(batch, patience_ms=0)
    waiting = {ticket.offer.round_id for ticket in held}
    desk().release([ticket for ticket in batch if ticket.offer.round_id not in waiting])
    if held:
        waiters().submit(_wait_for, held)


def _wait_for(held: Sequence[Ticket]) -> None:
    """Decide together the rounds that another process held; if one stays held, each by itself."""
    try:
        _decide(held, patience_ms=TOGETHER_MS)
        again = desk().release(held)
    except Exception:
        _drop_connection()
        for tickets in _by_round(held):
            waiters().submit(_alone, tickets)
        again = False
    finally:
        _rest()
    if again:
        _summon()


def _each_alone(batch: Sequence[Ticket]) -> None:
    for tickets in _by_round(batch):
        _alone(tickets)


def _alone(tickets: Sequence[Ticket]) -> None:
    """Ask once more, about one round, which the keys make harmless: a commit whose answer was lost is found.

    If that fails too, nobody knows: the bidder is told that his bid is undecided, and asks with his key.
    """
    try:
        if time.monotonic() - tickets[0].since < DECIDE_WITHIN.total_seconds():
            _decide(tickets, patience_ms=store.PATIENCE_MS)
        else:
            tell_all(tickets, Ground.UNDECIDED)
    except Exception:
        log.warning("%d bids on round %d are undecided.", len(tickets), _round(tickets[0]), exc_info=True)
        _drop_connection()
        tell_all(tickets, Ground.UNDECIDED)
    finally:
        if desk().release(tickets):
            _summon()


def _decide(batch: Sequence[Ticket], *, patience_ms: int) -> list[Ticket]:
    """Decide, answer and publish; return the bids on rounds that another process holds."""
    held: list[Ticket] = []

    def answer(outcome: Outcome) -> None:
        pairs = list(zip(batch, outcome, strict=True))
        held.extend(ticket for ticket, decision in pairs if decision is None)
        tell((ticket, decision) for ticket, decision in pairs if decision is not None)

    try:
        decide_and_tell([ticket.offer for ticket in batch], answer, patience_ms=patience_ms)
    except Refused as refused:
        tell_all(batch, refused.ground)
    return held


def _by_round(batch: Sequence[Ticket]) -> list[list[Ticket]]:
    return [list(tickets) for _, tickets in groupby(sorted(batch, key=_round), key=_round)]


def _round(ticket: Ticket) -> int:
    return ticket.offer.round_id


def _drop_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()


def _rest() -> None:
    """Give the connection back; SQLite's costs more to open than to keep."""
    if connection.vendor != "sqlite":
        connection.close()
