"""A TCP relay for very many connections, all of which can be reset at once, as when a router restarts."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import cast

from tests.faults.abuse.wire import RESET


class Half(asyncio.Protocol):
    """One of the two ends of a relayed connection."""

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.other: Half | None = None
        self.transport: asyncio.Transport | None = None
        self.waiting: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.relay.halves.add(self)

    def data_received(self, data: bytes) -> None:
        if self.other is None or self.other.transport is None:
            self.waiting.append(data)
        else:
            self.other.transport.write(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.relay.halves.discard(self)
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def join(self, other: Half) -> None:
        """Pass on to this end from now on."""
        self.other = other
        for data in self.waiting:
            self.data_received(data)
        self.waiting.clear()

    def reset(self) -> None:
        """End with RST."""
        if self.transport is not None:
            with suppress(OSError, AttributeError):
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()


class Caller(Half):
    """The client's end, which brings the server's."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.relay.spawn(self._reach())

    async def _reach(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            _, there = await loop.create_connection(lambda: Half(self.relay), "127.0.0.1", self.relay.to)
        except OSError:
            self.reset()
            return
        there.join(self)
        self.join(there)


class Relay:
    """Passes on, until told to break every connection."""

    def __init__(self, to: int) -> None:
        self.to = to
        self.port = 0
        self.halves: set[Half] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def reset_all(self) -> None:
        """Break every connection at once, both ways."""
        for half in list(self.halves):
            half.reset()


@asynccontextmanager
async def relaying(to: int) -> AsyncIterator[Relay]:
    """Relay to a port."""
    relay = Relay(to)
    server = await asyncio.get_running_loop().create_server(
        lambda: Caller(relay), "127.0.0.1", 0, backlog=4096
    )
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        relay.reset_all()
        await asyncio.sleep(0.05)
