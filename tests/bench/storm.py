"""5,000 sockets at once: how many a second open and know what stands, and no bid in progress is lost.

Server on core 0, a C epoll client on core 1 that keeps 256 handshakes under way; PostgreSQL. `connects_per_s`
is the sockets by the time from the first connect to the last one's snapshot, `cpu_ms_per_connect` the
server's processor time by the sockets, up to the moment all have their snapshot. `who=bidders` have a
session each, `who=watchers` none. The peer is stock Channels: AuthMiddlewareStack, a consumer that joins a
group and reads what stands from the database; 500 come to it, for 5,000 take it minutes (that it is no faster
with more is assumed). Nobody is pinged, for the peer takes longer than a ping may.
During ours a bidder bids once every 50 ms; `bids_lost` counts those without an answer: it must be 0.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

from websockets.asyncio.client import connect

from tests.bench.crowd import NoCompiler, Server, built, crowd, serving, uvicorn
from tests.bench.fanout import OURS
from tests.bench.lines import line, ratios, remark
from tests.bench.world import World, a_world

COUNT: Final = 5_000
PEERS: Final = 500
AT_ONCE: Final = "256"
BID_EVERY: Final = 0.05
ANSWER_WITHIN: Final = 5.0


@dataclass
class Stormed:
    """What the sockets took."""

    connects_per_s: float
    cpu_ms: float


@dataclass
class Bidding:
    """A bidder who goes on bidding while the others connect, in a thread of his own."""

    server: Server
    world: World
    asked: int = 0
    answered: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Bid until it is over."""
        asyncio.run(self._bid())

    async def _bid(self) -> None:
        address = f"ws://127.0.0.1:{self.server.port}/ws/rounds/{self.world.round_id}/"
        origin = f"http://127.0.0.1:{self.server.port}"
        headers = {"Cookie": self.world.cookie}
        async with connect(address, origin=origin, additional_headers=headers, ping_interval=None) as socket:  # type: ignore[arg-type]
            while not self.over.is_set():
                key = str(uuid4())
                await socket.send(json.dumps({"type": "bid", "key": key, "amount": 100}))
                self.asked += 1
                async with asyncio.timeout(ANSWER_WITHIN):
                    while json.loads(await socket.recv()).get("key") != key:
                        pass
                self.answered += 1
                await asyncio.sleep(BID_EVERY)


def storm(server: Server, path: str, cookie: str, program: Path, count: int = COUNT) -> Stormed:
    """Connect all at once and return what it took."""
    before = server.cpu_s()
    with crowd(program, server.port, count, path, cookie=cookie, at_once=AT_ONCE) as clients:
        if clients.opened < count:
            raise RuntimeError(f"{path}: {count - clients.opened} sockets were refused.")
        seconds = clients.met()
        return Stormed(count / seconds, (server.cpu_s() - before) / count * 1000)


def ours(world: World, cookie: str, folder: Path) -> tuple[Stormed, int]:
    """Return what it took us, and how many bids got no answer meanwhile."""
    command = uvicorn("tests.bench.ours:application", *OURS)
    with serving(command, world.environment, folder / "log") as server:
        bidding = Bidding(server, world)
        thread = threading.Thread(target=bidding.run, daemon=True)
        thread.start()
        time.sleep(1)
        found = storm(server, f"/ws/rounds/{world.round_id}/", cookie, built("crowd", folder))
        bidding.over.set()
        thread.join(ANSWER_WITHIN)
        return found, bidding.asked - bidding.answered


def stock(world: World, cookie: str, folder: Path) -> Stormed:
    """Return what it took stock Channels."""
    command = uvicorn("tests.bench.stock:storm")
    with serving(command, world.environment, folder / "log") as server:
        return storm(server, f"/who/{world.round_id}/", cookie, built("crowd", folder), PEERS)


def main() -> int:
    """Measure both ways for both kinds of clients and print the lines."""
    with tempfile.TemporaryDirectory(prefix="judicial-bench-") as name:
        folder = Path(name)
        try:
            with a_world(folder, bidders=COUNT, durable=True) as world:
                for who, cookie in (("bidders", world.cookies(folder)), ("watchers", "")):
                    _say(who, ours(world, cookie, folder), stock(world, cookie, folder))
        except NoCompiler:
            remark("gcc is missing: the crowd cannot be built.")
            return 1
    return 0


def _say(who: str, found: tuple[Stormed, int], peer: Stormed) -> None:
    made, lost = found
    keys = {"n": COUNT, "who": who}
    line(
        "storm", "connects_per_s", made.connects_per_s, _to(made.connects_per_s, peer.connects_per_s), **keys
    )
    line("storm", "cpu_ms_per_connect", made.cpu_ms, _to(made.cpu_ms, peer.cpu_ms), **keys)
    line("storm", "bids_lost", lost, **keys)


def _to(value: float, peer: float) -> dict[str, float]:
    return ratios(value, {"channels_stock": peer})


if __name__ == "__main__":
    sys.exit(main())
