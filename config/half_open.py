"""Requests that are not whole yet: each has its time, and of too many the oldest goes first."""

from __future__ import annotations

import resource
from typing import Any, Final

WITHIN: Final = 10.0  # seconds for a request's head, for each piece of its body, and for reading an answer
YOUNG: Final = 1.0  # seconds a half-open request is safe even when there are too many of them
MOST: Final = 1024
KEPT_FREE: Final = 256  # descriptors that no client gets: the database's, the log's

waiting: dict[Any, float] = {}  # transports of half-open requests and since when, oldest first


def expect(transport: Any, now: float) -> float:
    """Return when a request must be whole; one that is waited for already gains no time."""
    return waiting.setdefault(transport, now) + WITHIN


def satisfied(transport: Any) -> None:
    """Wait for it no longer."""
    waiting.pop(transport, None)


def make_room(now: float) -> None:
    """Cut the request that has been half-open longest: honest ones are whole within a moment."""
    if len(waiting) > MOST:
        oldest = next(iter(waiting))
        if now - waiting[oldest] >= YOUNG:
            oldest.abort()


def most_connections() -> int:
    """Return how many clients this process may hold at once."""
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0] - KEPT_FREE
