"""Who is still there: one task pings all sockets and cuts off those that do not read or answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from auction.live import codes

if TYPE_CHECKING:
    from auction.live.socket import LiveSocket

LOOK_EVERY: Final = 1.0  # seconds
PING_EVERY: Final = 20.0  # seconds; who has not answered by the next ping is gone
SLOW_FOR: Final = 10.0  # seconds a socket may be full
SLICE: Final = 250


class Keeper:
    """Looks after the live sockets among a server's connections; `slow` are the full ones, and since when."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, connections: set[Any], ping_every: float = PING_EVERY
    ) -> None:
        self.loop = loop
        self.ping_every = ping_every
        self.sockets = connections
        self.slow: dict[LiveSocket, float] = {}
        self._next_ping = 0.0
        self._task: asyncio.Task[None] | None = None

    def take(self, socket: LiveSocket) -> None:
        """Look after a socket."""
        self.sockets.add(socket)
        if self._task is None or self._task.done():
            self._next_ping = self.loop.time() + self.ping_every
            self._task = self.loop.create_task(self._look())

    def forget(self, socket: LiveSocket) -> None:
        """Look after a socket no longer."""
        self.sockets.discard(socket)
        self.slow.pop(socket, None)

    async def _look(self) -> None:
        while self.sockets:
            await asyncio.sleep(LOOK_EVERY)
            self._close_slow()
            if self.loop.time() >= self._next_ping:
                self._next_ping = self.loop.time() + self.ping_every
                await self._ping()

    def _close_slow(self) -> None:
        before = self.loop.time() - SLOW_FOR
        for socket, since in list(self.slow.items()):
            if since < before:
                socket.close(codes.TOO_SLOW)

    async def _ping(self) -> None:
        everyone = [socket for socket in self.sockets if hasattr(socket, "ping")]
        for start in range(0, len(everyone), SLICE):
            for socket in everyone[start : start + SLICE]:
                socket.ping()
            await asyncio.sleep(0)
