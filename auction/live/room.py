"""The watchers of one round in this process: what they have all been told, and what they are told next."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

from auction import clock
from auction.live import rfc6455
from auction.live.flush import Flush, gather
from auction.live.frames import Entry, Message, wire
from auction.live.standing import Standing
from auction.live.watcher import GONE, Watcher
from auction.rules.grounds import Refused

WINDOW: Final = 0.05  # seconds from one telling to the next; longer ones ruin the last watcher's tail
SHARE: Final = 2.0  # a telling may take one part in so many of the process's time
KEPT: Final = 64  # entries that can be told again; a watcher who missed more gets a snapshot
SLICE: Final = 250  # sockets written before the loop may do something else: bids and their answers go first

log = logging.getLogger(__name__)


class Room:
    """A round that is watched here: a lone entry is told at once, those in quick succession together.

    `standing` is what the watchers have been told, `heard` the last entry that waits to be told.
    """

    def __init__(self, round_id: int) -> None:
        self.round_id = round_id
        self.watchers: set[Watcher] = set()
        self.late: set[Watcher] = set()  # those who could not be welcomed yet
        self.standing: Standing | None = None
        self.heard = 0
        self.subscribed = False
        self.catching_up = False
        self.missed = False
        self.quiet_since: float | None = None
        self._waiting: list[Entry] = []
        self._told: deque[Entry] = deque(maxlen=KEPT)
        self._telling: asyncio.Task[None] | None = None
        self._not_before = 0.0
        self._text: tuple[Standing, str] | None = None
        self._frame: tuple[str, int, bytes] = ("", 0, b"")

    @property
    def place(self) -> int:
        """Return the place of the record the watchers have been told up to."""
        return self.standing.seq if self.standing else 0

    def begin(self, standing: Standing, told: Sequence[Entry]) -> None:
        """Take what stands and the last entries it comes from; everyone waits for it."""
        self.standing, self.heard = standing, standing.seq
        self._told.extend(told)
        self.late.update(self.watchers)

    def receive(self, watcher: Watcher) -> None:
        """Give a watcher what stands, now or as soon as it is known."""
        self.late.discard(watcher)
        if self.standing is None:
            return
        try:
            watcher.welcome(self)
        except Refused:  # the clock is unknown for the moment
            self.late.add(watcher)

    def dismiss(self, watcher: Watcher) -> None:
        """Forget a watcher."""
        watcher.seen, watcher.room = GONE, None
        self.watchers.discard(watcher)
        self.late.discard(watcher)
        if not self.watchers:
            self.quiet_since = time.monotonic()

    def hear(self, entries: Sequence[Entry]) -> bool:
        """Take entries to be told; return whether some before them are missing."""
        if self.standing is None:
            self.missed = True
            return False
        fresh = [entry for entry in entries if entry.seq > self.heard]
        if fresh and fresh[0].seq != self.heard + 1:
            return True
        if fresh:
            self.heard = fresh[-1].seq
            self._waiting += fresh
            self._tell()
        return False

    def since(self, place: int) -> bytes | None:
        """Return the frames told after a place, or None if they are not all kept."""
        kept = [entry for entry in self._told if entry.seq > place]
        if place < self.place - len(kept):
            return None
        return b"".join(rfc6455.frame(entry.frame().text.encode()) for entry in kept)

    def snapshot(self, you: Message | None = None) -> bytes:
        """Return what stands as a frame: its text is made once a version, whoever asks.

        :raises Refused: if the platform clock cannot be told
        """
        assert self.standing is not None
        now = round(clock.instant(time.monotonic()).timestamp() * 1000)
        if self._text is None or self._text[0] is not self.standing:
            self._text = self.standing, wire({"type": "snapshot", **self.standing.message()})[:-1]
        text = self._text[1]
        if you is not None:
            return rfc6455.frame(f'{text},"you":{wire(you)},"now":{now}}}'.encode())
        if self._frame[0] is not text or self._frame[1] != now:
            self._frame = text, now, rfc6455.frame(f'{text},"you":null,"now":{now}}}'.encode())
        return self._frame[2]

    def _tell(self) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.get_running_loop().create_task(self._tell_all())

    async def _tell_all(self) -> None:
        """Tell what waits until nothing does, resting in between."""
        clock_of = asyncio.get_running_loop().time
        while self._waiting:
            if (rest := self._not_before - clock_of()) > 0:
                await asyncio.sleep(rest)
            began = clock_of()
            await self._spread(self._next())
            self._not_before = began + max(WINDOW, SHARE * (clock_of() - began))

    def _next(self) -> Flush:
        assert self.standing is not None
        waiting, self._waiting = self._waiting, []
        self._told.extend(waiting)
        self.standing, flush = gather(self.standing, [entry.message() for entry in waiting])
        return flush

    async def _spread(self, flush: Flush) -> None:
        """Write to everyone; who joins meanwhile got a snapshot that holds it."""
        everyone = list(self.watchers)
        for start in range(0, len(everyone), SLICE):
            if start:
                await asyncio.sleep(0)
            for watcher in everyone[start : start + SLICE]:
                try:
                    watcher.take(flush)
                except Exception:  # one socket's trouble is nobody else's
                    log.warning("A watcher of round %d could not be told.", self.round_id, exc_info=True)
