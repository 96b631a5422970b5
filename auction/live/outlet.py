"""How a consumer's frames leave: past ASGI where the server offers it, else by ASGI's own sending."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

from auction.live import codes, rfc6455
from auction.live.socket import HIGH_WATER, LOW_WATER
from auction.live.watcher import Watcher

EXTENSION: Final = "auction.socket"
MOST_WAITING: Final = 4 * HIGH_WATER  # bytes; answers too are not kept for ever

Send = Callable[[str], Awaitable[None]]


class Outlet(Protocol):
    """Where frames that are ready for the wire are written; it tells its watcher when it is full.

    A `listener` hears each text, and the `time.monotonic()` of its arrival, without ASGI in between.
    """

    watcher: Any
    listener: Any

    def write(self, data: bytes) -> None:
        """Write frames."""

    def close(self, code: int) -> None:
        """Hang up."""


class AsgiOutlet:
    """Sends frames one after another through ASGI, as under daphne; one task at a time empties the queue."""

    def __init__(self, send: Send, hang_up: Callable[[int], Awaitable[None]]) -> None:
        self.watcher: Watcher | None = None
        self.listener: Any = None  # messages come by ASGI
        self._send = send
        self._hang_up = hang_up
        self._queue: deque[str] = deque()
        self._size = 0
        self._full = False
        self._code = 0
        self._task: asyncio.Task[None] | None = None

    def write(self, data: bytes) -> None:
        """Queue frames; who is too slow misses what is published, and at last is hung up on."""
        if self._code:
            return
        texts = list(rfc6455.texts(data))
        self._queue.extend(texts)
        self._size += len(data)
        if self._size > MOST_WAITING:
            self.close(codes.TOO_SLOW)
        elif self._size > HIGH_WATER and not self._full:
            self._full = True
            self._tell(Watcher.falls_behind)
        self._wake()

    def close(self, code: int) -> None:
        """Send nothing more and hang up."""
        self._code = self._code or code
        self._queue.clear()
        self._wake()

    def _tell(self, what: Callable[[Watcher], None]) -> None:
        if self.watcher is not None:
            what(self.watcher)

    def _wake(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            await self._empty()
        except Exception:  # the socket went away under our hands; its consumer will leave
            self._code = codes.ABNORMAL

    async def _empty(self) -> None:
        while self._queue:
            text = self._queue.popleft()
            await self._send(text)
            self._size = max(0, self._size - len(text.encode())) if self._queue else 0
            if self._full and self._size < LOW_WATER:
                self._full = False
                self._tell(Watcher.catches_up)
        if self._code:
            await self._hang_up(self._code)
