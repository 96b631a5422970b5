"""F15: requests and handshakes that never come to an end, a byte a second so that they look alive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from tests.faults.abuse.house import House
from tests.faults.abuse.wire import handshake

DRIP_S: Final = 1.0
AT_A_TIME: Final = 200


@dataclass(frozen=True)
class Loris:
    """How a request begins, and what it goes on with for ever."""

    kind: str
    beginning: bytes
    drop: bytes


@dataclass
class Held:
    """A connection that is held open."""

    loris: Loris
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def __post_init__(self) -> None:
        self.task = asyncio.create_task(self._until_hung_up())

    async def _until_hung_up(self) -> None:
        with suppress(ConnectionError):
            await self.reader.read()

    @property
    def ended(self) -> bool:
        """Return whether the server has hung up."""
        return self.task.done()


def ways(house: House) -> list[Loris]:
    """Return every way to be slow: silent, in the head, in a handshake, in a body."""
    place = f"127.0.0.1:{house.port}"
    form = f"POST /accounts/login/ HTTP/1.1\r\nHost: {place}\r\nContent-Length: 100000\r\n\r\n"
    return [
        Loris("silent", b"", b""),
        Loris("first line", b"GET /", b"a"),
        Loris("header", f"GET / HTTP/1.1\r\nHost: {place}\r\nX-A: ".encode(), b"a"),
        Loris("handshake", handshake(house.path, house.port)[:-2], b"X: 1\r\n"),
        Loris("body", form.encode(), b"a"),
    ]


async def hold(house: House, many: int) -> list[Held]:
    """Open so many, some of each kind, a few hundred at a time."""
    chosen, held = ways(house), []
    for start in range(0, many, AT_A_TIME):
        opening = (_open(house, chosen[n % len(chosen)]) for n in range(start, min(start + AT_A_TIME, many)))
        held += [one for one in await asyncio.gather(*opening) if one is not None]
    return held


async def _open(house: House, loris: Loris) -> Held | None:
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
            writer.write(loris.beginning)
            return Held(loris, reader, writer)
    return None


async def drip(held: Sequence[Held], seconds: float) -> None:
    """Send each a byte a second."""
    for _ in range(int(seconds / DRIP_S)):
        for one in held:
            if not one.ended and one.loris.drop:
                one.writer.write(one.loris.drop)
        await asyncio.sleep(DRIP_S)


def let_go(held: Sequence[Held]) -> None:
    """End all that are left."""
    for one in held:
        one.task.cancel()
        one.writer.transport.abort()
