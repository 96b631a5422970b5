"""Where bids wait: one desk a process; whoever finds it idle decides all that wait, of every round at once.

While one batch commits, the next gathers, so under load one transaction serves many bids and many rounds. A
round that another process holds is not waited for: a thread of its own decides it, and no round suffers for
another. SQLite has one writer, and the engine one thread for it.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Final

from auction.engine.ticket import Ticket, waits

LARGEST_BATCH: Final = 256


class Desk:
    """The waiting bids of this process, by round, and the rounds that some thread is deciding."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[int, list[Ticket]] = {}
        self._held: set[int] = set()
        self._drained = False  # whether a thread is on its way to take what waits

    def put(self, ticket: Ticket) -> bool:
        """Queue a bid; return whether the caller must see that it is decided."""
        with self._lock:
            self._waiting.setdefault(ticket.offer.round_id, []).append(ticket)
            return self._claim()

    def take(self) -> list[Ticket]:
        """Take what waits, the round that waited longest first; if that is nothing, the desk is idle."""
        batch: list[Ticket] = []
        with self._lock:
            for round_id in [each for each in self._waiting if each not in self._held]:
                if len(batch) >= LARGEST_BATCH:
                    break
                if some := self._some(round_id, LARGEST_BATCH - len(batch)):
                    batch += some
                    self._held.add(round_id)
            self._drained = bool(batch)
        return batch

    def leave(self) -> bool:
        """Stop taking; return whether the caller must see to what has come meanwhile."""
        with self._lock:
            self._drained = False
            return self._claim()

    def abandon(self) -> None:
        """Stop taking, whatever waits: whoever puts the next bid must see to it."""
        with self._lock:
            self._drained = False

    def release(self, tickets: Sequence[Ticket]) -> bool:
        """Let go of these rounds; return whether the caller must see to what waits."""
        with self._lock:
            self._held.difference_update(ticket.offer.round_id for ticket in tickets)
            return self._claim()

    def _some(self, round_id: int, most: int) -> list[Ticket]:
        tickets = [each for each in self._waiting.pop(round_id) if waits(each)]
        if len(tickets) > most:
            self._waiting[round_id] = tickets[most:]  # behind the others now
        return tickets[:most]

    def _claim(self) -> bool:
        idle = not self._drained and any(round_id not in self._held for round_id in self._waiting)
        self._drained = self._drained or idle
        return idle
