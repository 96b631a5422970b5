"""What came and went leaves nothing behind: sockets, rooms, requests and waiting bids are let go."""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker
from uvicorn.config import Config
from uvicorn.server import Server

from auction import clock
from auction.models import Round
from tests.faults.abuse.wire import PING, TEXT, Wire, frame
from tests.support.bidding import a_recorded_round, bid
from tests.support.migrated import bring_up_to_date
from tests.support.people import a_bidder, lin
from tests.support.servers import free_port
from tests.support.site import sqlite_url
from tests.support.world import standing_on

OURS: Final = ("auction.", "config.", "channels.", "uvicorn.protocols.")
ALLOWANCE: Final = "Bucket"  # of a person: bounded in number, whoever is silent longest is forgotten
READINGS: Final = Counter({"auction.clock.Reading": 1})  # the last, and beside it the one last told
ROUNDS, TURNS, SOCKETS = 20, 20, 50
TIME = frame(TEXT, b'{"type":"time","sent":1}')


@pytest.fixture
def rounds(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Round]]:
    """Give open rounds in a database of their own, Lin a bidder of each."""
    url = sqlite_url(tmp_path)
    with django_db_blocker.unblock(), standing_on(url):
        bring_up_to_date(url, lambda: call_command("migrate", verbosity=0))
        at = clock.now()
        made = [a_recorded_round(at=at) for _ in range(ROUNDS)]
        for round in made:
            a_bidder(round, lin(), at=at)
        yield made


@asynccontextmanager
async def serving(**more: Any) -> AsyncIterator[int]:
    """Serve the site on this loop; yield the port."""
    ours = {"http": "config.entrance:Entrance", "ws": "config.server:Sockets", "lifespan": "on"}
    given: dict[str, Any] = ours | more
    port = free_port()
    server = Server(Config("config.asgi:application", host="127.0.0.1", port=port, log_config=None, **given))
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 20)


async def visit(port: int, rounds: list[Round]) -> None:
    """Let many come to the rounds, say something, and go in different ways."""
    for number in range(TURNS):
        opening = (_come(port, rounds[(number + n) % ROUNDS].pk) for n in range(SOCKETS))
        wires = await asyncio.gather(*opening)
        for n, wire in enumerate(wires):
            await _go(wire, n)


async def _come(port: int, round_id: int) -> Wire:
    return await Wire.call(port, f"/ws/rounds/{round_id}/")


async def _go(wire: Wire, number: int) -> None:
    """Leave by a close, a reset, an offence, or without a word."""
    await wire.say((TIME, frame(PING), b"\xff\xff", frame(8))[number % 4])
    if number % 3 == 0:
        wire.reset()
    await wire.hang_up()


def alive() -> Counter[str]:
    """Return how many objects of our classes there are."""
    gc.collect()
    names = Counter(_name(type(found)) for found in gc.get_objects())
    return Counter({name: many for name, many in names.items() if name.startswith(OURS)})


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


async def let_go(before: Counter[str]) -> Counter[str]:
    """Wait until there are no more objects than before; return those that stay."""
    for _ in range(60):
        if not (left := alive() - before - READINGS):
            return left
        await asyncio.sleep(0.25)
    return left


async def test_sockets_that_came_and_went_are_let_go(rounds: list[Round]) -> None:
    async with serving() as port:
        await visit(port, rounds)
        before = await _settled()
        await visit(port, rounds)
        await visit(port, rounds)
        left = await let_go(before)

    assert left == Counter()


async def _settled() -> Counter[str]:
    await asyncio.sleep(6)  # what was hung up on has some seconds to answer
    return alive()


def test_bids_that_were_decided_are_let_go(rounds: list[Round]) -> None:
    bid(rounds[0].bidders.get(), 1_400_000, clock.now())
    before = alive()
    for round in rounds[1:]:
        assert bid(round.bidders.get(), 1_400_000, clock.now()).accepted

    left = alive() - before
    assert all(name.endswith(ALLOWANCE) for name in left), left
