"""A TCP proxy between a process and its database: passes, delays, holds everything back, or cuts.

It runs in a thread with an event loop of its own and is switched from any thread.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from contextlib import suppress
from enum import StrEnum
from typing import Any, Final

from tests.support.servers import free_port

CHUNK: Final = 65_536
RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends RST


class Mode(StrEnum):
    """What the proxy does with what it is given."""

    OK = "ok"
    DELAY = "delay"
    HOLD = "hold"  # a black hole: nothing passes, nothing breaks; what waited passes when it is healed
    HOLD_AFTER_COMMIT = "hold_after_commit"  # lets the next COMMIT through, and holds from then on
    CUT = "cut"


class Proxy:
    """Listens on a loopback port of its own and passes to another."""

    def __init__(self, to_port: int) -> None:
        self.port = free_port()
        self.to_port = to_port
        self.delay_s = 0.1
        self.commits_held = 0
        self._mode = Mode.OK
        self._open: asyncio.Event
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy-{self.port}", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._call(self._listen())

    def stop(self) -> None:
        """Cut every connection and end the thread."""
        self._call(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def mode(self) -> Mode:
        """Return what it does now."""
        return self._mode

    def switch(self, mode: Mode) -> None:
        """Do something else from now on."""
        self._call(self._switch(mode))

    def _call(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._open = asyncio.Event()
        self._open.set()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _close(self) -> None:
        self._server.close()
        self._cut()
        self._mode = Mode.CUT
        self._open.set()
        if tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks, timeout=2)

    async def _switch(self, mode: Mode) -> None:
        self._mode = mode
        if mode is Mode.HOLD:
            self._open.clear()
        else:
            self._open.set()
        if mode is Mode.CUT:
            self._cut()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._mode is Mode.CUT:
                _reset(writer)
                return
            await self._open.wait()
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self.to_port)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, there_writer}
        asking = asyncio.create_task(self._pump(reader, there_writer, asks=True))
        answering = asyncio.create_task(self._pump(there_reader, writer, asks=False))
        await asyncio.gather(asking, answering, return_exceptions=True)
        self._writers -= {writer, there_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, asks: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._pass(data, writer, asks=asks)
        writer.close()

    async def _pass(self, data: bytes, writer: asyncio.StreamWriter, *, asks: bool) -> None:
        await self._open.wait()
        if self._mode is Mode.DELAY:
            await asyncio.sleep(self.delay_s)
        writer.write(data)
        if asks and self._mode is Mode.HOLD_AFTER_COMMIT and b"COMMIT" in data:
            self.commits_held += 1
            await self._switch(Mode.HOLD)
        await writer.drain()

    def _cut(self) -> None:
        for writer in self._writers:
            _reset(writer)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with RST, as a machine does that has forgotten the connection."""
    with suppress(OSError, AttributeError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
