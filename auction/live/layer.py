"""The way between processes: Channels' layer on Redis pub/sub. Best effort, for the record is polled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from channels.layers import get_channel_layer
from django.conf import settings

from auction.live.frames import Entry

TIMEOUT: Final = 2.0  # seconds
RETRY_AFTER: Final = 1.0  # seconds
MOST_UNTOLD: Final = 1000  # entries that wait to be told; what is dropped is found by the others' polls

Hear = Callable[[int, Sequence[Entry]], None]

log = logging.getLogger(__name__)


class Layer:
    """One event loop's end of it: one channel, on which everything arrives that other processes publish."""

    def __init__(self, loop: asyncio.AbstractEventLoop, hear: Hear) -> None:
        self._loop = loop
        self._hear = hear
        self._layer: Any = get_channel_layer() if settings.REDIS_URL else None
        self._channel: str | None = None
        self._naming = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._untold: dict[int, list[Entry]] = {}
        self.on_message: dict[str, Callable[[dict[str, Any]], None]] = {}

    async def enter(self, round_id: int) -> bool:
        """Subscribe to a round; return whether what is published will be heard."""
        return await self.join(group(round_id))

    async def join(self, name: str) -> bool:
        """Subscribe to a group; return whether the layer answers."""
        if self._layer is None:
            return True
        if self._listening is None or self._listening.done():
            self._listening = self._loop.create_task(self._listen())
        return await bounded(self._join(name))

    async def leave(self, round_id: int) -> None:
        """End a subscription."""
        if self._layer is not None and self._channel is not None:
            await bounded(self._layer.group_discard(group(round_id), self._channel))

    def tell(self, round_id: int, entries: Sequence[Entry]) -> None:
        """Publish to the other processes; while one message is under way the next gathers."""
        if self._layer is None:
            return
        waiting = self._untold.setdefault(round_id, [])
        waiting += entries
        del waiting[:-MOST_UNTOLD]
        if self._telling is None or self._telling.done():
            self._telling = self._loop.create_task(self._tell())

    async def _tell(self) -> None:
        while self._untold:
            round_id = next(iter(self._untold))
            entries = self._untold.pop(round_id)
            await bounded(self._layer.group_send(group(round_id), message(round_id, entries)))

    async def _listen(self) -> None:
        while True:
            try:
                self.take(await self._layer.receive(await self._own_channel()))
            except Exception:
                log.warning("The channel layer is away; the record is polled.", exc_info=True)
                await asyncio.sleep(RETRY_AFTER)

    def take(self, said: dict[str, Any]) -> None:
        """Take a message to the one it is for."""
        if said["type"] == ENTRIES:
            self._hear(said["round"], [Entry(*entry) for entry in said["entries"]])
        elif other := self.on_message.get(said["type"]):
            other(said)

    async def _own_channel(self) -> str:
        """Return this process's one channel, made at first need."""
        async with self._naming:
            if self._channel is None:
                self._channel = await self._layer.new_channel()
            return self._channel

    async def _join(self, name: str) -> None:
        await self._layer.group_add(name, await self._own_channel())


ENTRIES: Final = "record.entries"


def message(round_id: int, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return entries as one message between processes."""
    return {"type": ENTRIES, "round": round_id, "entries": [list(entry) for entry in entries]}


def group(round_id: int) -> str:
    """Return the name of a round's group in the channel layer."""
    return f"round-{round_id}"


async def bounded(work: Coroutine[Any, Any, Any]) -> bool:
    """Do something with the channel layer; a failure is said and passed over, for the record is polled."""
    try:
        await asyncio.wait_for(work, TIMEOUT)
    except Exception:
        log.warning("The channel layer is away; the record is polled.", exc_info=True)
        return False
    return True
