"""One hub a process (an event loop): one subscription per watched round, one ready frame to many sockets.

The record is the truth and a published frame only its herald: frames may be lost between processes, so the
hub reads the length of every watched round's record once a second, and fetches what it missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings

from auction import clock
from auction.live.frames import Frame, frames_after
from auction.live.watcher import Watcher
from auction.models import Round

POLL_EVERY: Final = 1.0  # seconds
LAYER_TIMEOUT: Final = 2.0  # seconds

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class Room:
    """The watchers of one round in this process, and the last place of the record they were given."""

    def __init__(self, round_id: int) -> None:
        self.round_id = round_id
        self.watchers: set[Watcher] = set()
        self.seen: int | None = None
        self.subscribed = False
        self.catching_up = False

    def deliver(self, frames: Sequence[Frame]) -> bool:
        """Give every watcher the frames that come next; return whether some before them are missing."""
        fresh = [frame for frame in frames if self.seen is not None and frame.seq > self.seen]
        if self.seen is None or (fresh and fresh[0].seq != self.seen + 1):
            return True
        if fresh:
            self.seen = fresh[-1].seq
            for watcher in self.watchers:
                watcher.offer(fresh)
        return False


class Hub:
    """All rooms of one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.rooms: dict[int, Room] = {}
        self._layer: Any = get_channel_layer() if settings.REDIS_URL else None
        self._channel: str | None = None
        self._naming = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def join(self, round_id: int, watcher: Watcher) -> None:
        """Let a socket watch a round: subscribe first, then read, so that nothing falls between."""
        if not self._tasks:
            self._spawn(self._poll())
            if self._layer is not None:
                self._spawn(self._listen())
        room = self.rooms.setdefault(round_id, Room(round_id))
        room.watchers.add(watcher)
        await self._subscribe(room)
        if room.seen is None:
            seen = (await _apart(_lengths, [round_id])).get(round_id, 0)
            room.seen = max(seen, room.seen or 0)
        watcher.refresh()

    async def leave(self, round_id: int, watcher: Watcher) -> None:
        """Let a socket go; the last one closes the room."""
        await watcher.leave()
        room = self.rooms.get(round_id)
        if room is None:
            return
        room.watchers.discard(watcher)
        if not room.watchers:
            del self.rooms[round_id]
            await self._unsubscribe(room)
            if again := self.rooms.get(round_id):  # opened anew meanwhile: the poll subscribes it again
                again.subscribed = False

    def hear(self, round_id: int, frames: Sequence[Frame]) -> None:
        """Take frames that were published; must run on this hub's loop."""
        room = self.rooms.get(round_id)
        if room is not None and room.deliver(frames):
            self._spawn(self._catch_up(room))

    async def tell(self, message: dict[str, Any]) -> None:
        """Publish to the other processes."""
        if self._layer is not None:
            await bounded(self._layer.group_send(group(message["round"]), message))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _catch_up(self, room: Room) -> None:
        """Read and deliver what the room has missed."""
        if room.catching_up or room.seen is None:
            return
        room.catching_up = True
        try:
            room.deliver(await _apart(frames_after, room.round_id, room.seen))
        finally:
            room.catching_up = False

    async def _poll(self) -> None:
        """Compare every room with the record once a second, as long as there are rooms."""
        while True:
            await asyncio.sleep(POLL_EVERY)
            try:
                await self._compare()
            except Exception:
                log.warning("The record could not be read for the watchers.", exc_info=True)

    async def _compare(self) -> None:
        """Fetch what any room has missed, then subscribe those that could not be subscribed before."""
        await clock.ready()
        rooms = list(self.rooms.values())
        lengths = await _apart(_lengths, list(self.rooms)) if rooms else {}
        for room in rooms:
            if room.seen is not None and lengths.get(room.round_id, 0) > room.seen:
                await self._catch_up(room)
        for room in rooms:
            if not await self._subscribe(room):
                return

    async def _listen(self) -> None:
        """Hear what other processes publish."""
        while True:
            try:
                message = await self._layer.receive(await self._own_channel())
                self.hear(message["round"], [Frame(*frame) for frame in message["frames"]])
            except Exception:
                log.warning("The channel layer is away; the record is polled.", exc_info=True)
                await asyncio.sleep(POLL_EVERY)

    async def _own_channel(self) -> str:
        """Return this process's one channel, made at first need."""
        async with self._naming:
            if self._channel is None:
                self._channel = await self._layer.new_channel()
            return self._channel

    async def _subscribe(self, room: Room) -> bool:
        """Subscribe a room that is not yet; return whether the layer answers."""
        if self._layer is not None and not room.subscribed:
            room.subscribed = await bounded(self._enter(room))
        return room.subscribed or self._layer is None

    async def _enter(self, room: Room) -> None:
        await self._layer.group_add(group(room.round_id), await self._own_channel())

    async def _unsubscribe(self, room: Room) -> None:
        if self._layer is not None and room.subscribed and self._channel is not None:
            await bounded(self._layer.group_discard(group(room.round_id), self._channel))


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


def group(round_id: int) -> str:
    """Return the name of a round's group in the channel layer."""
    return f"round-{round_id}"


async def bounded(work: Coroutine[Any, Any, Any]) -> bool:
    """Do something with the channel layer; a failure is said and passed over, for the record is polled."""
    try:
        await asyncio.wait_for(work, LAYER_TIMEOUT)
    except Exception:
        log.warning("The channel layer is away; the record is polled.", exc_info=True)
        return False
    return True


async def _apart(read: Callable[..., Result], *args: object) -> Result:
    """Read the database in a thread of its own."""
    result: Result = await database_sync_to_async(read, thread_sensitive=False)(*args)
    return result


def _lengths(round_ids: Sequence[int]) -> dict[int, int]:
    return dict(Round.objects.filter(pk__in=round_ids).values_list("pk", "seq"))
