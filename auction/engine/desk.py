"""Where bids wait: one desk a round and process; whoever finds it idle decides all that wait, in order.

While one batch commits, the next gathers, so under load one transaction serves many bids. The engine's own
threads do the work: one with SQLite, which has one writer and wakes waiters in no order, else several.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import cache, partial
from typing import Final

from django.db import DatabaseError, InterfaceError, connection

from auction.engine.batch import decide
from auction.engine.bucket import Bucket
from auction.engine.values import Decision, Offer, undecided
from auction.rules.grounds import Ground, Refused

LARGEST_BATCH: Final = 256
BIDS_A_SECOND: Final = 5
BURST: Final = 20
POSTGRESQL_THREADS: Final = 4

Ticket = tuple[Offer, "Future[Decision]"]

log = logging.getLogger(__name__)


async def submit(
    *, round_id: int, bidder_id: int, amount_fen: int, key: str, arrived_at: datetime
) -> Decision:
    """Decide a bid from an event loop; the answer comes after the commit."""
    offer = Offer(round_id, bidder_id, amount_fen, key, arrived_at)
    place = desk(round_id)
    if not place.allows(bidder_id):
        return undecided(offer, Ground.TOO_MANY)
    future, idle = place.put(offer)
    if idle:
        threads().submit(place.drain)
    return await asyncio.wrap_future(future)


def submit_now(*, round_id: int, bidder_id: int, amount_fen: int, key: str, arrived_at: datetime) -> Decision:
    """Decide a bid from a thread, on this thread's own connection if the desk is idle."""
    offer = Offer(round_id, bidder_id, amount_fen, key, arrived_at)
    place = desk(round_id)
    if not place.allows(bidder_id):
        return undecided(offer, Ground.TOO_MANY)
    future, idle = place.put(offer)
    if idle and place.decide_next():
        threads().submit(place.drain)
    return future.result()


class Desk:
    """The waiting bids of one round in this process."""

    def __init__(self, round_id: int) -> None:
        self.round_id = round_id
        self._waiting: list[Ticket] = []
        self._busy = False
        self._lock = threading.Lock()
        self._buckets: defaultdict[int, Bucket] = defaultdict(partial(Bucket, BIDS_A_SECOND, BURST))

    def allows(self, bidder_id: int) -> bool:
        """Return whether this bidder may be heard now: nobody floods a round, and no human notices."""
        with self._lock:
            return self._buckets[bidder_id].take(time.monotonic())

    def put(self, offer: Offer) -> tuple[Future[Decision], bool]:
        """Queue an offer; return its future answer, and whether the caller must see that it is decided."""
        future: Future[Decision] = Future()
        future.set_running_or_notify_cancel()  # a bid that arrived is decided even if its socket is gone
        with self._lock:
            self._waiting.append((offer, future))
            idle, self._busy = not self._busy, True
        return future, idle

    def drain(self) -> None:
        """Decide batch after batch until nobody waits."""
        try:
            while self.decide_next():
                pass
        finally:
            if connection.vendor != "sqlite":
                connection.close()

    def decide_next(self) -> bool:
        """Decide all that wait now; return whether more came meanwhile. If not, the desk is idle again."""
        with self._lock:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
        self._answer(batch)
        with self._lock:
            self._busy = bool(self._waiting)
            return self._busy

    def _answer(self, batch: list[Ticket]) -> None:
        try:
            decisions = _decisions(self.round_id, [offer for offer, _ in batch])
        except Exception as error:
            for _, future in batch:
                future.set_exception(error)
            return
        for (_, future), decision in zip(batch, decisions, strict=True):
            future.set_result(decision)


def _decisions(round_id: int, offers: list[Offer]) -> list[Decision]:
    """Decide; after a failure of the database ask once more, which the keys make harmless.

    A commit whose answer was lost is found by the second attempt. If that fails too, nobody knows: the bidder
    is told that his bid is undecided, and asks again with the same key.
    """
    for _ in range(2):
        try:
            return decide(round_id, offers)
        except Refused as refused:
            return [undecided(offer, refused.ground) for offer in offers]
        except (DatabaseError, InterfaceError):
            log.warning("A batch of %d bids on round %d failed.", len(offers), round_id, exc_info=True)
            _drop_connection()
    return [undecided(offer, Ground.UNDECIDED) for offer in offers]


def _drop_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()


_desks: dict[int, Desk] = {}


def desk(round_id: int) -> Desk:
    """Return this process's desk for a round."""
    return _desks.setdefault(round_id, Desk(round_id))


@cache
def threads() -> ThreadPoolExecutor:
    """Return the engine's threads, made at first need."""
    many = 1 if connection.vendor == "sqlite" else POSTGRESQL_THREADS
    return ThreadPoolExecutor(many, thread_name_prefix="engine")
