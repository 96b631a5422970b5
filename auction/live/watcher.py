"""One socket that watches a round: its queue, bounded, and what happens when it is too slow."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from auction.live.frames import Frame

LIMIT: Final = 64  # frames a slow socket may be behind before it gets one new snapshot instead
RETRY_AFTER: Final = 1.0  # seconds

Send = Callable[[str], Awaitable[None]]
Snapshot = Callable[[], Awaitable[Frame]]

log = logging.getLogger(__name__)


class Watcher:
    """Sends a socket its answers and, in order and without gaps, the record's frames from a snapshot on.

    Nothing that is published waits for a socket: frames go to its queue, and one task at a time empties it.
    """

    def __init__(self, send: Send, snapshot: Snapshot) -> None:
        self._send = send
        self._snapshot = snapshot
        self._queue: deque[Frame] = deque()
        self._seen = 0
        self._behind = True  # what it knows is older than the record: the next thing sent is a snapshot
        self._task: asyncio.Task[None] | None = None
        self._gone = False

    def answer(self, text: str) -> None:
        """Send an answer to this socket alone; never dropped."""
        self._queue.append(Frame(0, text))
        self._wake()

    def refresh(self) -> None:
        """Send a snapshot next, and go on from there."""
        self._fall_behind()
        self._wake()

    def offer(self, frames: Iterable[Frame]) -> None:
        """Send these frames of the record, except those already seen."""
        if self._behind:
            return
        self._queue.extend(frame for frame in frames if frame.seq > self._seen)
        if len(self._queue) > LIMIT:
            self._fall_behind()
        self._wake()

    async def leave(self) -> None:
        """Stop sending."""
        self._gone = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _fall_behind(self) -> None:
        self._behind = True
        self._queue = deque(frame for frame in self._queue if not frame.seq)

    def _wake(self) -> None:
        if not self._gone and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._empty()
        except Exception:  # the socket went away under our hands; its consumer will leave
            self._gone = True

    async def _empty(self) -> None:
        while self._queue or self._behind:
            if self._behind:
                await self._catch_up()
            elif self._queue[0].seq == 0 or self._queue[0].seq > self._seen:
                await self._next()
            else:
                self._queue.popleft()

    async def _catch_up(self) -> None:
        """Send the newest snapshot; frames published meanwhile wait, and those it holds are dropped."""
        self._behind = False
        try:
            frame = await self._snapshot()
        except Exception:  # the database is away: nothing this socket knows is wrong, it is only old
            log.warning("A snapshot could not be read.", exc_info=True)
            self._fall_behind()
            await asyncio.sleep(RETRY_AFTER)
            return
        self._seen = frame.seq
        await self._send(frame.text)

    async def _next(self) -> None:
        frame = self._queue.popleft()
        self._seen = frame.seq or self._seen
        await self._send(frame.text)
