"""The pulse of a web process: its event loop proves each second that it runs, and says when it did not.

A bid is stamped when its process reads it. So a round may close only when every process has run after its
end, and one that stood still over the end may have stamped bids late that came in time. One that stands still
for good keeps its bidders from all others: it ends by itself, for whoever looks after it to begin it anew.
"""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import signal
import time
from collections.abc import Callable
from typing import Final, TypeVar

from channels.db import database_sync_to_async
from django.db import DatabaseError

from auction import clock
from auction.rules.fairness import STALL, Span
from auction.rules.grounds import Refused
from auction.services import heartbeat

TICK: Final = 0.1  # seconds
BEAT_EVERY: Final = 1.0
HUNG_AFTER: Final = 30  # whole seconds
TELL_EVERY: Final = 60.0  # seconds
MOVED: Final = 0.005  # seconds the clock's offset may move before it is told at once

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Pulse:
    """Ticks on the event loop it is started on, and writes what it found in a thread, one beat at a time."""

    def __init__(self) -> None:
        self._process: int | None = None
        self._stalls: list[tuple[float, float]] = []
        self._ticking: asyncio.Task[None] | None = None
        self._told: clock.Reading | None = None

    def start(self) -> None:
        """Begin to tick; must be called on the event loop.

        The kernel's alarm ends a process that does not put it off: no lock, thread or memory can be missing
        for that. Before, every thread tells where it stands.
        """
        faulthandler.register(signal.SIGALRM, chain=True)
        self._process, self._stalls, self._told = None, [], None  # each start is a life of its own
        self._ticking = asyncio.get_running_loop().create_task(self._run())

    async def stop(self) -> None:
        """Say that the process ends because it was told to."""
        if self._ticking is not None:
            self._ticking.cancel()
            await asyncio.wait([self._ticking])
        if self._process is not None:
            await _safely(heartbeat.end, process_id=self._process)

    async def _run(self) -> None:
        try:
            await self._tick()
        finally:
            signal.alarm(0)

    async def _tick(self) -> None:
        last, beaten = time.monotonic(), 0.0
        writing: asyncio.Task[None] | None = None
        while True:
            signal.alarm(HUNG_AFTER)
            now = time.monotonic()
            if now - last > TICK + STALL.total_seconds():
                self._stalls.append((last, now))
            if now - beaten >= BEAT_EVERY and (writing is None or writing.done()):
                writing, beaten = asyncio.create_task(self._beat(now)), now
            last = now
            await asyncio.sleep(TICK)

    async def _beat(self, tick: float) -> None:
        """Write one beat; the stalls that could not be written go with the next."""
        stalls, self._stalls = self._stalls, []
        try:
            await clock.ready()
            at = clock.instant(tick)
            spans = [Span(clock.instant(start), clock.instant(end)) for start, end in stalls]
            if self._process is None:
                self._process = (await _apart(lambda: heartbeat.begin(at=at))).pk
            process_id, fresh = self._process, self._moved()
            offset = heartbeat.Offset(fresh.ahead, fresh.slack) if fresh else None
            await _apart(lambda: heartbeat.beat(process_id=process_id, at=at, stalls=spans, offset=offset))
            self._told = fresh or self._told
        except Exception:
            self._stalls = stalls + self._stalls
            log.warning("The pulse could not be written.", exc_info=True)

    def _moved(self) -> clock.Reading | None:
        """Return the clock's last measurement if it differs from what was told, or that was a while ago."""
        fresh, told = clock.reading(), self._told
        if fresh is None or told is None:
            return fresh
        recent = fresh.taken - told.taken < TELL_EVERY
        return None if recent and abs(fresh.ahead - told.ahead) <= MOVED else fresh


async def _safely(act: Callable[..., object], **given: object) -> None:
    try:
        await clock.ready()
        at = clock.instant(time.monotonic())
        await _apart(lambda: act(at=at, **given))
    except (DatabaseError, Refused):
        log.warning("The end of this process could not be written.", exc_info=True)


async def _apart(act: Callable[[], Result]) -> Result:
    result: Result = await database_sync_to_async(act, thread_sensitive=False)()
    return result
