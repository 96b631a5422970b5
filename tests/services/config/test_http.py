"""A request that does not come whole in time is cut off, and the oldest of too many half-open ones first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import Server

from config import half_open
from tests.support.servers import free_port

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
HEAD = b"POST /bids HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read the body whole, then answer with as much as the path asks for."""
    while (await receive()).get("more_body"):
        pass
    body = b"x" * int(scope["query_string"] or 2)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


class Edge:
    """A server with our protocol on a loopback port, and connections to it."""

    def __init__(self, server: Server) -> None:
        self.port = server.config.port
        self.held = server.server_state.connections
        self.writers: list[asyncio.StreamWriter] = []

    async def call(self, said: bytes = b"") -> Streams:
        """Connect and say something."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(said)
        self.writers.append(writer)
        return reader, writer

    async def hang_up(self) -> None:
        """End what the clients still hold."""
        for writer in self.writers:
            writer.transport.abort()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def serving() -> AsyncIterator[Edge]:
    """Serve on this loop."""
    given: dict[str, Any] = {
        "http": "config.entrance:Entrance",
        "ws": "none",
        "lifespan": "off",
        "log_config": None,
    }
    server = Server(Config(app, host="127.0.0.1", port=free_port(), log_level="error", **given))
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    edge = Edge(server)
    try:
        yield edge
    finally:
        await edge.hang_up()
        server.should_exit = True
        await asyncio.wait_for(task, 10)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ten seconds be a fifth of one."""
    monkeypatch.setattr(half_open, "WITHIN", 0.2)


async def answer(streams: Streams, within: float = 5.0) -> bytes:
    """Return all that comes until the server hangs up."""
    async with asyncio.timeout(within):
        return await streams[0].read()


async def drip(streams: Streams, byte: bytes) -> None:
    """Say a byte every few milliseconds, as long as somebody listens."""
    while not streams[1].transport.is_closing():
        streams[1].write(byte)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\n"])
async def test_a_head_that_drips_is_cut_off(hasty: None, said: bytes) -> None:
    async with serving() as edge:
        streams = await edge.call(said)
        dripping = asyncio.create_task(drip(streams, b"x"))
        told = await answer(streams)
        dripping.cancel()

    assert told.startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_drips_is_cut_off(hasty: None) -> None:
    async with serving() as edge:
        streams = await edge.call(HEAD)
        dripping = asyncio.create_task(drip(streams, b"x"))
        told = await answer(streams)
        dripping.cancel()

    assert told.startswith(b"HTTP/1.1 408 ")


async def test_a_slow_but_steady_body_is_taken(hasty: None) -> None:
    async with serving() as edge:
        reader, writer = await edge.call(HEAD)
        for _ in range(10):
            writer.write(b"x" * 10_000)
            await asyncio.sleep(0.06)
        told = await asyncio.wait_for(reader.readline(), 5)

    assert told.startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with serving() as edge:
        reader, writer = await edge.call(HEAD.replace(b"100000", b"99999999"))
        for _ in range(12):
            writer.write(b"x" * 500_000)
            await asyncio.sleep(0.01)
        told = await asyncio.wait_for(reader.readline(), 5)

    assert told.startswith(b"HTTP/1.1 413 ")


async def test_an_answer_nobody_reads_is_thrown_away(hasty: None) -> None:
    async with serving() as edge:
        await edge.call(b"GET /?50000000 HTTP/1.1\r\nhost: x\r\n\r\n")
        await asyncio.sleep(0.1)
        before = len(edge.held)
        await asyncio.sleep(0.6)
        left = len(edge.held)

    assert (before, left) == (1, 0)


async def test_of_too_many_half_open_requests_the_oldest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(half_open, "MOST", 5)
    monkeypatch.setattr(half_open, "YOUNG", 0.0)
    async with serving() as edge:
        half = [await edge.call(b"GET") for _ in range(8)]
        whole = await edge.call(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        told = await answer(whole)
        gone = [streams[0].at_eof() or streams[0].exception() is not None for streams in half]
        held = len(half_open.waiting)

    assert told.startswith(b"HTTP/1.1 200 ")
    assert gone[:3] == [True] * 3
    assert held <= 5


async def test_nobody_gets_the_descriptors_kept_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(half_open, "most_connections", lambda: 2)
    async with serving() as edge:
        held = [await edge.call(b"GET") for _ in range(2)]
        refused = await edge.call(b"GET")
        with suppress(ConnectionError):
            assert await answer(refused) == b""

        assert refused[0].exception() is not None or refused[0].at_eof()
        assert not any(streams[0].at_eof() for streams in held)


async def test_nothing_is_kept_of_those_who_left() -> None:
    async with serving() as edge:
        for streams in [await edge.call(b"GET /") for _ in range(20)]:
            streams[1].transport.abort()
        reader, _ = await edge.call(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        await asyncio.wait_for(reader.read(), 5)

        assert half_open.waiting == {}
