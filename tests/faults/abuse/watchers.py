"""F17: thousands who watch, a hundred who ask and never read, and some who are silently dead."""

from __future__ import annotations

import asyncio
import json
import select
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from tests.faults.abuse.house import House
from tests.faults.abuse.wire import STILL_OPEN, TEXT, Wire, frame, handshake

AT_A_TIME: Final = 100
SMALL: Final = 4096  # bytes of the kernel's buffer of who does not read
ASK_ALL: Final = frame(TEXT, b'{"type":"after","seq":0}')


class Watching:
    """A watcher that reads on and knows how far it has come."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.seq = 0
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while self.wire.code == STILL_OPEN:
            for text in await self.wire.texts():
                self.seq = max(self.seq, json.loads(text).get("seq") or 0)

    def leave(self) -> None:
        """Stop watching."""
        self.task.cancel()
        self.wire.drop()


async def watch(house: House, many: int) -> list[Watching]:
    """Let so many watch, nobody signed in, a hundred coming at a time."""
    found: list[Watching] = []
    for _ in range(0, many, AT_A_TIME):
        wires = await asyncio.gather(*(Wire.call(house.port, house.path) for _ in range(AT_A_TIME)))
        found += [Watching(wire) for wire in wires]
    return found


async def all_at(watchers: Sequence[Watching], seq: int, within: float) -> int:
    """Wait until all have come so far in the record; return how many have."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            while any(watcher.seq < seq for watcher in watchers):
                await asyncio.sleep(0.05)
    return sum(watcher.seq >= seq for watcher in watchers)


class NonReader:
    """A socket that takes nothing from the wire, but asks for the whole record again and again."""

    def __init__(self, plain: socket.socket) -> None:
        self.plain = plain
        self.cut = False

    @classmethod
    async def call(cls, house: House, buffer: int = SMALL) -> NonReader:
        """Connect with the smallest of buffers and never read; a buffer of 0 is the usual one."""
        loop = asyncio.get_running_loop()
        plain = socket.socket()
        plain.setblocking(False)
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        await loop.sock_connect(plain, ("127.0.0.1", house.port))
        await loop.sock_sendall(plain, handshake(house.path, house.port))
        return cls(plain)

    async def let_in(self) -> None:
        """Wait for the first byte of the server's answer."""
        await asyncio.get_running_loop().sock_recv(self.plain, 1)

    def ask(self, data: bytes = ASK_ALL) -> None:
        """Ask once more; a socket that the server cut takes no more."""
        try:
            self.plain.send(data)
        except BlockingIOError:
            return
        except OSError:
            self.cut = True

    def rest(self) -> bytes:
        """Return what lies in the buffers, which ends with the close frame if there was room for one."""
        heard = b""
        with suppress(OSError):
            while piece := self.plain.recv(65_536):
                heard += piece
        return heard

    def leave(self) -> None:
        """Close."""
        self.plain.close()


async def ask_for(readers: Sequence[NonReader], seconds: float, a_second: float = 8.0) -> None:
    """Let each ask, within the limit of messages."""
    for _ in range(int(seconds * a_second)):
        for reader in readers:
            reader.ask()
        await asyncio.sleep(1 / a_second)


async def fall_silent(house: House, many: int) -> list[NonReader]:
    """Let so many connect, a hundred coming at a time, and say nothing once they are let in."""
    found: list[NonReader] = []
    for _ in range(0, many, AT_A_TIME):
        some = await asyncio.gather(*(NonReader.call(house, buffer=0) for _ in range(AT_A_TIME)))
        await asyncio.gather(*(reader.let_in() for reader in some))
        found += some
    return found


async def all_cut(readers: Sequence[NonReader], within: float) -> int:
    """Wait until the server has hung up on all; return how many it still holds."""
    looking = select.poll()
    for reader in readers:
        looking.register(reader.plain, select.POLLRDHUP)
    left, deadline = len(readers), time.monotonic() + within
    while left and time.monotonic() < deadline:
        for descriptor, _ in looking.poll(0):
            looking.unregister(descriptor)
            left -= 1
        await asyncio.sleep(0.5)
    return left
