"""A plain handshake gets its socket at once, and the same answer as one that uvicorn reads in pieces."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from django.db.backends.utils import CursorWrapper
from pytest_django import DjangoDbBlocker
from uvicorn.config import Config
from uvicorn.server import Server

from auction import clock
from auction.models import Round
from config import entrance, half_open, handshake
from tests.faults.abuse import wire
from tests.faults.abuse.wire import Wire
from tests.support.bidding import a_recorded_round
from tests.support.migrated import bring_up_to_date
from tests.support.people import a_bidder, lin
from tests.support.servers import free_port
from tests.support.site import sqlite_url
from tests.support.world import signed_in, standing_on

CROWD: Final = 100
DIFFERENT: Final = (b"date: ", b"Set-Cookie: csrftoken=")


@pytest.fixture
def round(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Round]:
    """Give an open round in a database of its own."""
    url = sqlite_url(tmp_path)
    with django_db_blocker.unblock(), standing_on(url):
        bring_up_to_date(url, lambda: call_command("migrate", verbosity=0))
        yield a_recorded_round(at=clock.now())


@asynccontextmanager
async def serving() -> AsyncIterator[int]:
    """Serve the site on this loop; yield the port."""
    given: dict[str, Any] = {"http": "config.entrance:Entrance", "ws": "config.server:Sockets"}
    site = "config.asgi:application"
    server = Server(
        Config(site, host="127.0.0.1", port=free_port(), log_config=None, lifespan="off", **given)
    )
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.config.port
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 20)


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody come as far as uvicorn's parser."""

    def refuse(*_: object) -> None:
        raise AssertionError("The parser was built.")

    monkeypatch.setattr(entrance, "Requests", refuse)


async def answer(port: int, *pieces: bytes) -> bytes:
    """Say a request in pieces and return the answer's head, without what differs each time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.02)
    async with asyncio.timeout(30):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.transport.abort()
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(DIFFERENT))


@pytest.fixture
def cookie(round: Round) -> str:
    """Return the cookie of Lin, who may bid."""
    a_bidder(round, lin(), at=clock.now())
    return f"sessionid={signed_in(lin())}"


async def test_a_plain_handshake_needs_no_parser(round: Round, cookie: str, no_parser: None) -> None:
    async with serving() as port:
        path = f"/ws/rounds/{round.pk}/"
        watcher = await Wire.call(port, path)
        bidder = await Wire.call(port, path, Cookie=cookie)
        told = [(await socket.texts())[0] for socket in (watcher, bidder)]
        await asyncio.gather(watcher.hang_up(), bidder.hang_up())

    assert b'"you":null' in told[0]
    assert b'"code":"' in told[1]
    assert half_open.waiting == {}


PORT: Final = b"{port}"
GOOD: Final = wire.handshake("/ws/rounds/1/", 0).replace(b":0", b":" + PORT)
ODD: Final = {
    "good": GOOD,
    "query": GOOD.replace(b"/1/ ", b"/1/?after=3 "),
    "no host": GOOD.replace(b"Host: 127.0.0.1:" + PORT + b"\r\n", b""),
    "two hosts": GOOD.replace(b"Host:", b"Host: other\r\nHost:"),
    "another's page": GOOD.replace(b"Origin: http://127.0.0.1", b"Origin: http://evil.example"),
    "no page": GOOD.replace(b"Origin: http://127.0.0.1:" + PORT + b"\r\n", b""),
    "NUL": GOOD.replace(b"Upgrade: w", b"X: a\x00b\r\nUpgrade: w"),
    "folded": GOOD.replace(b"Upgrade: w", b"X: a\r\n b\r\nUpgrade: w"),
    "space before the colon": GOOD.replace(b"Upgrade: w", b"X : a\r\nUpgrade: w"),
    "bare line feed": GOOD.replace(b"Upgrade: w", b"X: a\nUpgrade: w"),
    "body": GOOD.replace(b"Upgrade: w", b"Content-Length: 3\r\nUpgrade: w"),
    "another version": GOOD.replace(b"Version: 13", b"Version: 12"),
    "no key": GOOD.replace(b"Sec-WebSocket-Key", b"X-Key"),
    "two keys": GOOD.replace(b"Sec-WebSocket-Key:", b"Sec-WebSocket-Key: AAAA\r\nSec-WebSocket-Key:"),
    "old HTTP": GOOD.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "no upgrade": GOOD.replace(b"Connection: Upgrade", b"Connection: keep-alive"),
    "posted": GOOD.replace(b"GET", b"POST"),
    "nothing there": GOOD.replace(b"/rounds/1/", b"/nothing/"),
    "a page": b"GET /ws/rounds/1/ HTTP/1.1\r\nHost: 127.0.0.1:" + PORT + b"\r\n\r\n",
}


async def test_in_one_piece_and_in_two_the_answer_is_the_same(round: Round) -> None:
    different = {}
    async with serving() as port:
        for name, said in ODD.items():
            whole = said.replace(PORT, str(port).encode())
            both = await answer(port, whole), await answer(port, whole[:30], whole[30:])
            if both[0] != both[1]:
                different[name] = both

    assert different == {}


@pytest.mark.parametrize("more", [b"x", b"GET / HTTP/1.1\r\nhost: x\r\n\r\n", wire.frame(wire.PING)])
def test_what_comes_after_the_head_is_left_to_uvicorn(more: bytes) -> None:
    assert handshake.plain(GOOD) is not None
    assert handshake.plain(GOOD + more) is None


def test_a_large_head_is_left_to_uvicorn() -> None:
    assert handshake.plain(GOOD.replace(b"Upgrade: w", b"X: " + b"a" * 17_000 + b"\r\nUpgrade: w")) is None


async def test_who_says_nothing_is_told_that_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(half_open, "WITHIN", 0.2)
    async with serving() as port:
        head = await answer(port)

    assert head.startswith(b"HTTP/1.1 408 ")


async def test_a_first_word_gains_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(half_open, "WITHIN", 1.0)
    async with serving() as port:
        began = asyncio.get_running_loop().time()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(0.8)
        writer.write(GOOD[:9])
        head = await asyncio.wait_for(reader.readline(), 5)
        took = asyncio.get_running_loop().time() - began
        writer.transport.abort()

    assert head.startswith(b"HTTP/1.1 408 ")
    assert took < 1.6


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what any thread asks the database, but for the hub's look at the record once a second."""
    hub = sys.modules["auction.live.hub"]  # the package's attribute of this name is a function
    monkeypatch.setattr(hub, "POLL_EVERY", 60.0)
    said: list[str] = []
    execute = CursorWrapper.execute

    def noted(self: CursorWrapper, sql: str, params: Any = None) -> Any:
        said.append(sql)
        return execute(self, sql, params)

    monkeypatch.setattr(CursorWrapper, "execute", noted)
    return said


async def test_watchers_ask_the_database_nothing_after_the_first(round: Round, asked: list[str]) -> None:
    async with serving() as port:
        first = await Wire.call(port, f"/ws/rounds/{round.pk}/")
        await first.texts()
        before = len(asked)
        crowd = [await Wire.call(port, f"/ws/rounds/{round.pk}/") for _ in range(CROWD)]
        told = [(await one.texts())[0] for one in crowd]
        after = asked[before:]
        await asyncio.gather(*(one.hang_up() for one in (first, *crowd)))

    assert before > 0
    assert after == []
    assert all(b'"type":"snapshot"' in text for text in told)
