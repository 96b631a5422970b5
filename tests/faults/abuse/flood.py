"""F16: sockets that speak a thousand times a second, and one person who speaks on many at a time."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from tests.faults.abuse.house import House
from tests.faults.abuse.wire import CONTINUE, PING, PONG, STILL_OPEN, TEXT, Wire, frame

A_SECOND: Final = 1000
TICK_S: Final = 0.05
ONE_FEN: Final = 1


def _time() -> bytes:
    return frame(TEXT, b'{"type":"time","sent":1}')


def _bid() -> bytes:
    return frame(TEXT, bid(str(uuid4())))


def bid(key: str, fen: int = ONE_FEN) -> bytes:
    """Return the text of a bid, which is too low if nothing else is said."""
    return json.dumps({"type": "bid", "key": key, "amount": fen}).encode()


FLOODS: Final[dict[str, Callable[[], bytes]]] = {
    "time": _time,
    "bid": _bid,
    "after": lambda: frame(TEXT, b'{"type":"after","seq":0}'),
    "ping": lambda: frame(PING, b"x" * 125),
    "pong": lambda: frame(PONG, b"x" * 125),
    "empty fragments": lambda: frame(CONTINUE, b"", first=0),
}


@dataclass
class Flooded:
    """How each flooder ended, and after how many seconds."""

    codes: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


async def flood(
    house: House, kind: str, *, sockets: int, seconds: float = 30.0, who: str = "wang"
) -> Flooded:
    """Flood from so many sockets at once, each until it is closed or the time is over."""
    wires = [await Wire.call(house.port, house.path, Cookie=house.cookie(who)) for _ in range(sockets)]
    flooded = Flooded()
    await asyncio.gather(*(_flood(wire, kind, seconds, flooded) for wire in wires))
    return flooded


async def _flood(wire: Wire, kind: str, seconds: float, flooded: Flooded) -> None:
    started = time.monotonic()
    if kind == "empty fragments":
        await wire.say(frame(TEXT, b"", first=0))
    pouring = asyncio.create_task(_pour(wire, FLOODS[kind]))
    flooded.codes[await wire.ending(seconds)] += 1
    flooded.seconds.append(time.monotonic() - started)
    pouring.cancel()
    await wire.hang_up()


async def _pour(wire: Wire, make: Callable[[], bytes]) -> None:
    """Say as much as a second holds, a twentieth at a time, without waiting for room."""
    while wire.code == STILL_OPEN and not wire.writer.transport.is_closing():
        wire.writer.write(b"".join(make() for _ in range(int(A_SECOND * TICK_S))))
        await asyncio.sleep(TICK_S)


async def crowd(house: House, *, sockets: int, seconds: float, a_second: float = 4.0) -> list[dict[str, Any]]:
    """Bid as Wang on so many sockets, on each within its own limit; return every answer."""
    wires = [await Wire.call(house.port, house.path, Cookie=house.cookie("wang")) for _ in range(sockets)]
    answers = await asyncio.gather(*(_within_limit(wire, seconds, a_second) for wire in wires))
    return [answer for some in answers for answer in some]


async def _within_limit(wire: Wire, seconds: float, a_second: float) -> list[dict[str, Any]]:
    asked = [str(uuid4()) for _ in range(int(seconds * a_second))]
    asking = asyncio.create_task(_ask(wire, asked, 1 / a_second))
    answers: dict[str, dict[str, Any]] = {}
    async with asyncio.timeout(seconds + 15):
        while len(answers) < len(asked) and wire.code == STILL_OPEN:
            told = [json.loads(text) for text in await wire.texts()]
            answers |= {message["key"]: message for message in told if message.get("key") in asked}
    await asking
    await wire.hang_up()
    return list(answers.values())


async def _ask(wire: Wire, keys: list[str], pause: float) -> None:
    for key in keys:
        await wire.say(frame(TEXT, bid(key)))
        await asyncio.sleep(pause)
