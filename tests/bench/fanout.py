"""One frame to many watchers: how soon the last has it, and what a delivery and a connection cost.

Server on core 0, a C epoll client on core 1, frames of about 350 bytes. Each way has a server of its own;
so many sockets are opened, then frames are published one at a time. `p99_ms` is over these frames: the
time from just before publishing (written into the frame) to the last socket's receipt, both by
CLOCK_MONOTONIC. `cpu_s_per_million` is the server's processor time for the frames by their deliveries,
`kb_per_connection` the growth of its resident memory by the sockets. Ours is the product's own
application (SQLite, one round) with one more address to publish by; `path=bidders` are signed-in sockets
behind Channels, `path=watchers` have no session. Peers are the floor (a C loop that writes one prebuilt
frame), stock Channels `group_send` on uvicorn with the in-memory and the Redis pub/sub layer, and node's
`ws` and `socket.io` (installed by npm into a temporary folder). `ratio_to` is ours by theirs.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.crowd import Crowd, NoCompiler, Server, TooSlow, built, crowd, peers, serving, uvicorn
from tests.bench.lines import line, percentile, ratios, remark
from tests.bench.world import World, a_world

SIZES: Final = (100, 1_000, 10_000)
SETTLE: Final = 0.05  # seconds between two frames
ENOUGH: Final = 60.0  # seconds; a peer that takes longer is measured on fewer frames
FEWEST: Final = 3
OURS: Final = ("--http", "config.entrance:Entrance", "--ws", "config.server:Sockets")


@dataclass(frozen=True)
class Way:
    """A server, and how its clients come."""

    command: list[str]
    environment: dict[str, str]
    path: str
    cookie: str = ""
    hello: str = ""
    round_id: int = 0
    frames: int = 60


@dataclass(frozen=True)
class Measured:
    """What one way took at one size."""

    p99_ms: float
    cpu_s_per_million: float
    kb_per_connection: float


def measure(way: Way, count: int, folder: Path) -> Measured:
    """Open the sockets, publish, and return what it took."""
    with serving(way.command, way.environment, folder / "log") as server:
        before = server.resident_kb()
        more = {"cookie": way.cookie, "hello": way.hello}
        with crowd(built("crowd", folder), server.port, count, way.path, **more) as clients:
            if way.round_id:  # ours; whoever has not been told what stands is told no frame either
                clients.met()
            time.sleep(1 + count / 5_000)
            grown = server.resident_kb() - before
            return _published(way, server, clients, grown)


def _published(way: Way, server: Server, clients: Crowd, grown: float) -> Measured:
    times: list[float] = []
    started, until = server.cpu_s(), time.monotonic() + ENOUGH
    frames = max(8, way.frames if clients.opened < 5_000 else way.frames // 3)
    while len(times) < frames and (len(times) < FEWEST or time.monotonic() < until):
        server.publish(len(times) + 1, way.round_id)
        times.append(clients.received())
        time.sleep(SETTLE)
    cpu = (server.cpu_s() - started) / (len(times) * clients.opened) * 1e6
    return Measured(percentile(times, 99), cpu, grown / clients.opened)


@contextmanager
def ways() -> Iterator[tuple[dict[str, Way], dict[str, Way], Path]]:
    """Give ours by path, and the peers by name."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judicial-bench-")))
        world = stack.enter_context(a_world(folder))
        yield _ours(world), _peers(world, folder), folder


def _ours(world: World) -> dict[str, Way]:
    command = uvicorn("tests.bench.ours:application", *OURS)
    path = f"/ws/rounds/{world.round_id}/"
    return {
        "bidders": Way(command, world.environment, path, world.cookie, round_id=world.round_id),
        "watchers": Way(command, world.environment, path, round_id=world.round_id),
    }


def _peers(world: World, folder: Path) -> dict[str, Way]:
    stock = uvicorn("tests.bench.stock:application")
    found = {
        "floor": Way([str(built("floor", folder)), "{port}"], {}, "/"),
        "channels_inmemory": Way(stock, world.environment, "/fan/", frames=24),
        "channels_pubsub": Way(stock, world.with_redis, "/fan/", frames=24),
    }
    if (modules := peers(folder)) is None:
        remark("npm or its registry is missing: ws and socket.io are left out.")
        return found
    native = Path(__file__).parent / "native"
    told = {"PEERS": str(modules)}
    found["node_ws"] = Way(["node", str(native / "ws.mjs"), "{port}"], told, "/")
    io = ["node", str(native / "io.mjs"), "{port}"]
    found["socket_io"] = Way(io, told, "/socket.io/?EIO=4&transport=websocket", hello="40")
    return found


def main() -> int:
    """Measure every way at every size and print the lines."""
    sizes = [int(size) for size in os.environ.get("SIZES", "").split(",") if size] or SIZES
    try:
        with ways() as (ours, others, folder):
            for count in sizes:
                theirs = dict(_measured(others, count, folder))
                for path, way in ours.items():
                    _say(path, count, measure(way, count, folder), theirs)
    except NoCompiler:
        remark("gcc is missing: neither crowd nor floor can be built.")
        return 1
    return 0


def _measured(others: dict[str, Way], count: int, folder: Path) -> Iterator[tuple[str, Measured]]:
    """Measure the peers; one that cannot bear so many sockets in minutes is named and left out."""
    for name, way in others.items():
        try:
            found = measure(way, count, folder)
        except (TooSlow, TimeoutError) as why:
            remark(f"{count} {name}: {why}")
            continue
        remark(f"{count} {name}: {found}")
        yield name, found


def _say(path: str, count: int, found: Measured, theirs: dict[str, Measured]) -> None:
    for metric in ("p99_ms", "cpu_s_per_million", "kb_per_connection"):
        others = {name: getattr(measured, metric) for name, measured in theirs.items()}
        line(
            "fanout",
            metric,
            getattr(found, metric),
            ratios(getattr(found, metric), others),
            path=path,
            n=count,
        )


if __name__ == "__main__":
    sys.exit(main())
