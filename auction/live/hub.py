"""One hub a process (an event loop): one subscription per watched round, one ready frame to many sockets.

The record is the truth and a published frame only its herald: frames may be lost between processes, so the
hub reads the length of every watched round's record once a second, and fetches what it missed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from auction import clock
from auction.live import codes, standing
from auction.live.frames import Entry, entries_after, last_entries
from auction.live.layer import Layer
from auction.live.room import KEPT, SLICE, Room
from auction.live.standing import Standing
from auction.live.watcher import Watcher
from auction.models import Round

POLL_EVERY: Final = 1.0  # seconds
KEPT_FOR: Final = 30.0  # seconds a room without watchers is kept, so that one who comes back costs no reading
AT_ONCE: Final = 500  # rounds asked for in one query; SQLite's older limit on parameters is 999

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Begun = tuple[Standing, list[Entry]]  # what stands in a round, and what was told of it last


class Hub:
    """All rooms of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.rooms: dict[int, Room] = {}
        self.layer = Layer(loop, self.hear)
        self._tasks: set[asyncio.Task[None]] = set()
        self._polling: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._unread: dict[int, asyncio.Future[Begun | None]] = {}

    def join(self, round_id: int, watcher: Watcher) -> None:
        """Let a socket watch a round; what stands is written to it, at once if it is known here."""
        room = self.rooms.get(round_id) or self._open(round_id)
        room.watchers.add(watcher)
        watcher.room = room
        room.receive(watcher)

    def leave(self, watcher: Watcher) -> None:
        """Let a socket go."""
        if watcher.room is not None:
            watcher.room.dismiss(watcher)

    def hear(self, round_id: int, entries: Sequence[Entry]) -> None:
        """Take entries that were published; must run on this hub's loop."""
        room = self.rooms.get(round_id)
        if room is not None and room.hear(entries):
            self._spawn(self._catch_up(room))

    @property
    def watching(self) -> dict[int, int]:
        """Return how many sockets of this process watch each round."""
        return {round_id: len(room.watchers) for round_id, room in self.rooms.items()}

    def _open(self, round_id: int) -> Room:
        if self._polling is None or self._polling.done():
            self._polling = self._spawn(self._poll())
        room = self.rooms[round_id] = Room(round_id)
        self._spawn(self._prepare(room))
        return room

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _prepare(self, room: Room) -> None:
        """Subscribe first, then read, so that nothing falls between."""
        await self._subscribe(room)
        found = await self._read(room)
        if found is None:
            self._refuse(room)
            return
        room.begin(*found)
        if room.missed:
            await self._catch_up(room)
        await self._receive_late(room)

    async def _read(self, room: Room) -> Begun | None:
        """Return what stands in a round; while some are read, others gather."""
        answer: asyncio.Future[Begun | None] = self.loop.create_future()
        self._unread[room.round_id] = answer
        if self._reading is None or self._reading.done():
            self._reading = self._spawn(self._read_all())
        return await answer

    async def _read_all(self) -> None:
        while some := list(self._unread)[:AT_ONCE]:
            waiting = {round_id: self._unread.pop(round_id) for round_id in some}
            found = await self._found(some)
            for round_id, answer in waiting.items():
                answer.set_result(found.get(round_id))

    async def _found(self, round_ids: Sequence[int]) -> dict[int, Begun]:
        while True:
            try:
                await clock.ready()
                return await apart(_begun, round_ids)
            except Exception:  # nothing a socket knows is wrong, it is only old
                log.warning("What stands could not be read.", exc_info=True)
                await asyncio.sleep(POLL_EVERY)

    def _refuse(self, room: Room) -> None:
        self.rooms.pop(room.round_id, None)
        for watcher in list(room.watchers):
            watcher.close(codes.NO_SUCH_ROUND)

    async def _receive_late(self, room: Room) -> None:
        late = list(room.late)
        for start in range(0, len(late), SLICE):
            for watcher in late[start : start + SLICE]:
                if watcher in room.late:
                    room.receive(watcher)
            await asyncio.sleep(0)

    async def _catch_up(self, room: Room) -> None:
        """Read and tell what the room has missed."""
        if room.catching_up or room.standing is None:
            return
        room.catching_up, room.missed = True, False
        try:
            room.hear(await apart(entries_after, room.round_id, room.heard))
        finally:
            room.catching_up = False

    async def _poll(self) -> None:
        """Compare every room with the record once a second."""
        while True:
            await asyncio.sleep(POLL_EVERY)
            try:
                await self._compare()
            except Exception:
                log.warning("The record could not be read for the watchers.", exc_info=True)

    async def _compare(self) -> None:
        """Fetch what any room has missed, then subscribe those that could not be subscribed before."""
        await clock.ready()
        self._close_quiet()
        rooms = [room for room in self.rooms.values() if room.standing is not None]
        lengths = await apart(_lengths, [room.round_id for room in rooms]) if rooms else {}
        for room in rooms:
            if lengths.get(room.round_id, 0) > room.heard:
                await self._catch_up(room)
            await self._receive_late(room)
        for room in rooms:
            if not await self._subscribe(room):
                return

    def _close_quiet(self) -> None:
        """Close the rooms nobody has come back to."""
        before = time.monotonic() - KEPT_FOR
        for room in list(self.rooms.values()):
            if room.quiet_since is not None and not room.watchers and room.quiet_since < before:
                del self.rooms[room.round_id]
                self._spawn(self._unsubscribe(room))

    async def _subscribe(self, room: Room) -> bool:
        """Subscribe a room that is not yet; return whether the layer answers."""
        if not room.subscribed:
            room.subscribed = await self.layer.enter(room.round_id)
        return room.subscribed

    async def _unsubscribe(self, room: Room) -> None:
        await self.layer.leave(room.round_id)
        if again := self.rooms.get(room.round_id):  # opened anew meanwhile: the poll subscribes it again
            again.subscribed = False


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """Return the running loop's hub."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub(loop)
    return _hubs[loop]


def hubs() -> list[Hub]:
    """Return the hubs of this process, from any thread: one in a server, none in a clerk."""
    return [found for loop, found in list(_hubs.items()) if not loop.is_closed()]


async def apart(read: Callable[..., Result], *args: object) -> Result:
    """Read the database in a thread of its own, so that no socket waits for another's."""
    result: Result = await database_sync_to_async(read, thread_sensitive=False)(*args)
    return result


def _begun(round_ids: Sequence[int]) -> dict[int, Begun]:
    """Return what stands in those of these rounds that there are, and the last entries that led to it."""
    found, told = standing.read(round_ids), last_entries(round_ids, KEPT)
    return {
        round_id: (stands, [entry for entry in told.get(round_id, ()) if entry.seq <= stands.seq])
        for round_id, stands in found.items()
    }


def _lengths(round_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for start in range(0, len(round_ids), AT_ONCE):
        some = Round.objects.filter(pk__in=round_ids[start : start + AT_ONCE])
        found.update(some.values_list("pk", "seq"))
    return found
