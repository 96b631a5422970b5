"""The platform clock: the database's clock, which every process follows by an offset it keeps measuring.

Bids are judged by their arrival at the platform (art. 20¶2), so all processes must tell the same time. A
process that has lost the offset, or sees it jump, refuses to tell the time rather than guess. With SQLite the
database's clock is the machine's own. In tests `settings.PLATFORM_CLOCK` names a file that sets it by hand.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from auction.rules.grounds import Ground, Refused

MEASURE_EVERY: Final = 5.0  # seconds
TRUST_FOR: Final = 60.0  # seconds without a measurement
QUESTIONS: Final = 3
QUICK: Final = 0.02  # seconds
JUMP: Final = 0.25  # seconds the offset may move between two measurements

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """One measurement: seconds to add to `time.monotonic()` for the epoch, and when it was taken.

    `slack` is how many seconds it may be wrong by: half of the time the answer took. `ahead` is how many
    seconds the platform's clock was ahead of this machine's: no bid is judged by that, but it is evidence.
    """

    offset: float
    taken: float
    steady: bool = True
    slack: float = 0.0
    ahead: float = 0.0


class _Kept:
    reading: Reading | None = None
    lock = threading.Lock()


def now() -> datetime:
    """Return the platform's time, aware, in UTC; measures first when it is due and may be.

    :raises Refused: if the clock is unknown or jumping
    """
    if not settings.PLATFORM_CLOCK and due() and not _in_event_loop():
        measure()
    return instant(time.monotonic())


def asked() -> datetime:
    """Return the time as the database tells it now: no jump of this process's own clocks can hurry it.

    With SQLite, whose clock is the machine's, it is the time that is followed, measured afresh.

    :raises Refused: if the clock is unknown or jumping
    """
    if settings.PLATFORM_CLOCK:
        return now()
    if connection.vendor == "postgresql":
        return whole_ms(datetime.fromtimestamp(_database_epoch(), UTC))
    measure()
    return instant(time.monotonic())


async def ready() -> None:
    """Measure in a thread if it is due, so that `instant` may be asked on the event loop."""
    if not settings.PLATFORM_CLOCK and due():
        await sync_to_async(_measure_apart, thread_sensitive=False)()


def instant(tick: float) -> datetime:
    """Return the platform's time at a reading of `time.monotonic()`.

    :raises Refused: if the clock is unknown or jumping
    """
    return whole_ms(_by_hand(Path(settings.PLATFORM_CLOCK)) if settings.PLATFORM_CLOCK else _by_offset(tick))


def told(tick: float) -> datetime | None:
    """Return the same, or None if the clock is unknown or jumping; waits for nothing."""
    try:
        return instant(tick)
    except Refused:
        return None


def _by_offset(tick: float) -> datetime:
    reading = _Kept.reading
    if reading is None or not reading.steady or time.monotonic() - reading.taken > TRUST_FOR:
        raise Refused(Ground.CLOCK_FAULT)
    return datetime.fromtimestamp(tick + reading.offset, UTC)


def whole_ms(at: datetime) -> datetime:
    """Cut to the millisecond, the unit of the record: what is judged is exactly what is recorded."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def reading() -> Reading | None:
    """Return the last measurement; None before the first, and where a file sets the clock."""
    return _Kept.reading


def due() -> bool:
    """Return whether the offset should be measured again."""
    reading = _Kept.reading
    return reading is None or not reading.steady or not 0 <= time.monotonic() - reading.taken <= MEASURE_EVERY


def measure() -> None:
    """Measure the offset; one that jumps counts only when the next measurement confirms it."""
    try:
        fresh = _read()
    except DatabaseError:
        log.warning("The platform clock could not be measured.", exc_info=True)
        return
    with _Kept.lock:
        last = _Kept.reading
        steady = last is None or abs(fresh.offset - last.offset) < JUMP + fresh.slack + last.slack
        if not steady:
            log.error("The platform clock jumped by %.3f s.", fresh.offset - (last.offset if last else 0))
        _Kept.reading = replace(fresh, steady=steady)


def _measure_apart() -> None:
    measure()
    close_old_connections()


def _read() -> Reading:
    """Return the offset by the quickest of a few questions: a slow answer would look like a jump."""
    found = _ask()
    for _ in range(QUESTIONS - 1):
        if found.slack < QUICK:
            break
        found = min(found, _ask(), key=lambda reading: reading.slack)
    return found


def _ask() -> Reading:
    """Return the offset at the middle of the question to the database."""
    before = time.monotonic()
    epoch = _database_epoch() if connection.vendor == "postgresql" else time.time()
    after = time.monotonic()
    offset, day = epoch - (before + after) / 2, time.time() - time.monotonic()
    return Reading(offset, after, slack=(after - before) / 2, ahead=offset - day)


def _database_epoch() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        row: tuple[float] = cursor.fetchone()
    return row[0]


def _by_hand(path: Path) -> datetime:
    """Return the instant in the file; a second line is the rate at which it goes on from the writing."""
    with path.open(encoding="ascii") as file:  # a fresh file may take its place at any moment
        written = os.fstat(file.fileno()).st_mtime
        first, *rest = file.read().split()
    rate = float(rest[0]) if rest else 0.0
    return datetime.fromisoformat(first).astimezone(UTC) + timedelta(seconds=(time.time() - written) * rate)


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
