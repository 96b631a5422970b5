"""How long a bidder waits for a word at most, whatever the database does.

A database that hangs says nothing, not even that it failed. So a thread of its own, which asks no database,
looks after those who wait: whoever waited too long is told that his bid is undecided. It may be committed or
not; he asks again with his key, and learns.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from functools import cache
from typing import Final

from auction.engine import lines, ticket
from auction.rules.grounds import Ground
from auction.rules.window import CLOSE_DELAY

WORD_WITHIN: Final = CLOSE_DELAY.total_seconds()
STEP: Final = 0.1  # seconds

log = logging.getLogger(__name__)

_some = threading.Event()


def begin() -> None:
    """See that somebody looks after those who wait."""
    if not _some.is_set():
        with suppress(RuntimeError):  # no memory for a thread: the next bid begins it
            _thread()
            _some.set()


@cache
def _thread() -> threading.Thread:
    thread = threading.Thread(target=_look_after, name="engine-patience", daemon=True)
    thread.start()
    return thread


def _look_after() -> None:
    while _some.wait():
        time.sleep(STEP)
        _some.clear()
        try:
            _look(time.monotonic())
        except Exception:
            log.exception("Those who wait for an answer could not be told.")
        if ticket.anyone_waits() or lines.in_use():
            _some.set()


def _look(now: float) -> None:
    """Cut the lines that hang, and tell whoever waited too long."""
    lines.cut(now)
    if late := ticket.waiting_since(now - WORD_WITHIN):
        log.warning("%d bids are undecided: the database did not answer in time.", len(late))
        ticket.tell_all(late, Ground.UNDECIDED)
