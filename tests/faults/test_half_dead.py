"""Peers that are gone without a word, no FIN and no RST, are asked for and let go; who answers is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from django.db import connection

from auction.models import Round
from tests.faults.abuse.wire import PING, PONG, Wire, frame, frames_in
from tests.faults.test_abuse_memory import alive, let_go, rounds, serving  # noqa: F401 (a fixture)
from tests.support.people import lin
from tests.support.world import signed_in

PING_EVERY_S: Final = 1.0
GONE_S: Final = 2 * PING_EVERY_S + 3.0  # asked once, cut the next time; what is left is for a busy machine
MANY: Final = 40
NO_ANSWER, CUT = 1011, 1006


async def answering(wire: Wire) -> None:
    """Answer every ping, as a browser does by itself, until hung up on."""
    while data := await wire.reader.read(65_536):
        wire.heard += data
        for opcode, payload in frames_in(wire.heard):
            if opcode == PING:
                await wire.say(frame(PONG, payload))


async def silent(wire: Wire) -> int:
    """Say nothing, and return the code with which that ends."""
    code = await wire.ending(GONE_S)
    await wire.hang_up()
    return code


@asynccontextmanager
async def one_who_answers(port: int, path: str, cookie: str) -> AsyncIterator[asyncio.Task[None]]:
    """Give one whose line is well; his task ends when he is hung up on."""
    wire = await Wire.call(port, path, Cookie=cookie)
    task = asyncio.create_task(answering(wire))
    yield task
    task.cancel()
    await wire.hang_up()


@pytest.mark.parametrize("way", ["light", "signed in"])
async def test_who_answers_no_ping_is_let_go_and_who_does_is_kept(
    rounds: list[Round],  # noqa: F811
    way: str,
) -> None:
    path = f"/ws/rounds/{rounds[0].pk}/"
    cookie = "" if way == "light" else f"sessionid={await asyncio.to_thread(session)}"
    async with (
        serving(ws_ping_interval=PING_EVERY_S) as port,
        one_who_answers(port, path, cookie) as honest,
    ):
        await silent(
            await Wire.call(port, path, Cookie=cookie)
        )  # what is loaded once is there after the first
        before = alive()
        wires = [await Wire.call(port, path, Cookie=cookie) for _ in range(MANY)]
        codes = await asyncio.gather(*map(silent, wires))
        left, kept = await let_go(before), not honest.done()

    assert set(codes) <= {NO_ANSWER, CUT}
    assert not left
    assert kept


def session() -> str:
    """Return a session of Lin's."""
    try:
        return signed_in(lin())
    finally:
        connection.close()
