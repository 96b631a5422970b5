"""F19: malformed frames and requests, each offender answered with the code his offence deserves."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.faults.abuse.frames import Salvo, salvo
from tests.faults.abuse.house import House
from tests.faults.abuse.requests import NOTHING, Address, Knock, address, knock
from tests.faults.abuse.wire import NoHandshake, Wire

LANES = 12
WHO = ("", "chen", "wang")  # nobody, who may not bid, who may


@dataclass
class Tally:
    """What offenders sent, how each was answered, and what should not have been."""

    frames: int = 0
    sockets: int = 0
    requests: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def judge_request(self, number: int, asked: Knock, status: int) -> None:
        """Count a request, and keep what reproduces a wrong answer."""
        self.requests += 1
        self.statuses[status] += 1
        if status not in asked.statuses:
            self.wrong.append(f"request {number} ({asked.kind}) was answered with {status}")

    def judge(self, number: int, shot: Salvo, code: int) -> None:
        """Count a salvo, and keep what reproduces a wrong answer."""
        self.frames += len(shot.frames) + len(shot.debris)
        self.sockets += 1
        self.codes[code] += 1
        if code not in shot.codes:
            self.wrong.append(f"salvo {number} ({shot.kind}) was answered with {code}")


async def fuzz(house: House, *, frames: int, seed: int) -> Tally:
    """Send at least so many frames, on many sockets at a time."""
    tally, numbers = Tally(), count()
    await asyncio.gather(*(_lane(house, tally, numbers, frames, seed) for _ in range(LANES)))
    return tally


async def fuzz_requests(house: House, tally: Tally, *, requests: int, seed: int) -> None:
    """Send so many malformed requests, each on a connection of its own."""
    at = await asyncio.to_thread(address, house, "wang")
    numbers = iter(range(requests))
    await asyncio.gather(*(_requests_lane(at, tally, numbers, seed) for _ in range(4)))


async def _requests_lane(at: Address, tally: Tally, numbers: Iterator[int], seed: int) -> None:
    for number in numbers:
        asked = knock(at, seed, number)
        tally.judge_request(number, asked, await ask(at.port, asked.data))


async def ask(port: int, data: bytes, within: float = 20.0) -> int:
    """Send a request on a connection of its own and return the status, 0 if the connection just ended."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        line = await asyncio.wait_for(reader.readline(), within)
        return int(line.split(b" ")[1]) if line else NOTHING
    except ConnectionError:
        return NOTHING
    finally:
        writer.transport.abort()


async def _lane(house: House, tally: Tally, numbers: count[int], frames: int, seed: int) -> None:
    while tally.frames < frames:
        number = next(numbers)
        shot = salvo(seed, number)
        tally.judge(number, shot, await fire(house, shot, WHO[number % len(WHO)]))


async def fire(house: House, shot: Salvo, who: str) -> int:
    """Send a salvo on a socket of its own and return the close code."""
    try:
        wire = await Wire.call(house.port, house.path, Cookie=house.cookie(who))
    except NoHandshake:
        return -1
    try:
        await wire.say(b"".join(shot.frames + shot.debris * shot.at_once))
        if shot.leaves:
            wire.writer.write_eof()
        code = await wire.ending()
        if shot.debris:
            await wire.say(b"".join(shot.debris))
        return code
    finally:
        await wire.hang_up()
