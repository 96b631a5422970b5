"""Who breaks things: faults by name, drawn from a shuffled deck, many aimed at the ends of rounds."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Final

from tests.faults.failpoints import EXIT, POINTS
from tests.faults.history import History, now_ms
from tests.faults.process import Process
from tests.faults.proxy import Mode, Proxy
from tests.faults.world import START_S, World

AIMED: Final = 0.6  # the share of faults that wait for an end
NEAR_MS: Final = 2_000
LOOK_AHEAD_MS: Final = 6_000
WALK_S: Final = 15.0  # in which a process that walks over the steps comes to its next

Fault = Callable[["Nemesis"], Awaitable[None]]


class Nemesis:
    """Draws fault after fault until told to stop, and notes each."""

    def __init__(self, world: World, history: History, seed: str) -> None:
        self.world = world
        self.history = history
        self.rng = random.Random(f"nemesis {seed}")
        self.faults = {
            name: do for name, do in FAULTS.items() if name != "disk full" or world.postgres.may_fill
        }

    def only(self, *names: str) -> Nemesis:
        """Do only these faults."""
        self.faults = {name: self.faults[name] for name in names if name in self.faults}
        return self

    async def run(self, until: float) -> None:
        """Break one thing after another until then (`time.monotonic()`)."""
        for name in self._deck():
            await self._wait()
            if time.monotonic() >= until:
                return
            await self.do(name)

    async def do(self, name: str) -> None:
        """Do one fault and note when it was."""
        at = now_ms()
        await self.faults[name](self)
        self.history.fault(name, at, now_ms())

    def either(self, parts: list[Process]) -> Process:
        """Return one of them."""
        return self.rng.choice(parts)

    async def end_at(self, part: Process, steps: str, within: float = 8.0) -> None:
        """Kill a process, arm it, and wait until it ends at its step or for so long."""
        name = self.rng.choice([name for name in POINTS if name.startswith(steps)])
        self._arm(part, name, most=6)
        part.kill()
        await self._ends(part, name, within)

    def _arm(self, part: Process, name: str, *, most: int) -> None:
        """Let a process, when it starts the next time, end at one of its first calls of a step."""
        part.next = {"FAILPOINT": f"{name}={self.rng.randint(1, most if name.startswith('bid') else 1)}"}

    async def _ends(self, part: Process, name: str, within: float) -> bool:
        """Wait for so long, from when it listens, until a process ends at its step; return whether it did."""
        ends, deadline = len(part.ends), time.monotonic() + START_S
        while len(part.ends) == ends and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
            if deadline > time.monotonic() + within and self.world.listens(part):
                deadline = time.monotonic() + within
        ended = part.ends[ends:] == [EXIT]
        self.history.counts[f"ended {name}"] += ended
        return ended

    async def rest(self, until: float) -> None:
        """Break nothing."""
        await asyncio.sleep(until - time.monotonic())

    async def walk(self, until: float) -> None:
        """End processes at every step there is, each until it has ended there once.

        First the web processes: as long as they crash the gate suspends the rounds, and no clerk closes any.
        """
        for kind, parts in (("bid", self.world.webs), ("close", self.world.clerks)):
            names = deque(name for name in POINTS if name.startswith(kind))
            await asyncio.gather(*(self._walk(part, names, until) for part in parts))

    async def _walk(self, part: Process, names: deque[str], until: float) -> None:
        """End a process at step after step; the next is armed before it ends, so that no start is wasted."""
        ahead, starts = self._ahead(part, names), part.starts
        part.kill()
        while ahead and time.monotonic() < until:
            name, at = ahead, now_ms()
            while part.starts == starts:
                await asyncio.sleep(0.05)
            ahead, starts = self._ahead(part, names), part.starts
            if not await self._ends(part, name, WALK_S):
                names.append(name)
                ahead = ahead or self._ahead(part, names)
                part.kill()
            self.history.fault(f"ended at {name}", at, now_ms())

    def _ahead(self, part: Process, names: deque[str]) -> str:
        """Arm the next step there is, if any."""
        if not names:
            return ""
        self._arm(part, names[0], most=2)
        return names.popleft()

    def _deck(self) -> Iterator[str]:
        while True:
            deck = sorted(self.faults)
            self.rng.shuffle(deck)
            yield from deck

    async def _wait(self) -> None:
        """Wait for a random while, or until an end is near."""
        now = now_ms()
        ends = [end - now for end in self.history.deadlines.values() if 0 < end - now < LOOK_AHEAD_MS]
        aimed = ends and self.rng.random() < AIMED
        if aimed:
            await asyncio.sleep(max(0.0, self.rng.choice(ends) + self.rng.uniform(-1_500, 1_800)) / 1000)
        else:
            await asyncio.sleep(self.rng.uniform(0.3, 2.5))


async def kill_web(nemesis: Nemesis) -> None:
    """Kill -9 a web process; its supervisor starts it again."""
    nemesis.either(nemesis.world.webs).kill()


async def kill_clerk(nemesis: Nemesis) -> None:
    """Kill -9 a clerk."""
    nemesis.either(nemesis.world.clerks).kill()


async def end_web(nemesis: Nemesis) -> None:
    """Let a web process end at some step of a bid."""
    await nemesis.end_at(nemesis.either(nemesis.world.webs), "bid")


async def end_clerk(nemesis: Nemesis) -> None:
    """Let both clerks end at some step of a close; whoever comes there first does."""
    await nemesis.end_at(nemesis.either(nemesis.world.clerks), "close")


async def kill_largest(nemesis: Nemesis) -> None:
    """Kill -9 whichever process of the site holds most memory, as a machine that has none left does."""
    site = [part for part in (*nemesis.world.webs, *nemesis.world.clerks) if part.alive]
    if site:
        max(site, key=Process.memory).kill()


async def starve(nemesis: Nemesis) -> None:
    """Give a web process no more memory than it has, for 2 to 4 seconds."""
    part, limit = nemesis.either(nemesis.world.webs), resource.RLIMIT_AS
    with suppress(OSError):  # it may end meanwhile
        pid, before = part.pid, resource.prlimit(part.pid, limit)
        resource.prlimit(pid, limit, (part.address_space(), before[1]))
        await asyncio.sleep(nemesis.rng.uniform(2, 4))
        resource.prlimit(pid, limit, before)


async def kill_signer(nemesis: Nemesis) -> None:
    """Kill the signer of the public log; bids do not wait for it."""
    nemesis.world.signer.kill()


async def kill_redis(nemesis: Nemesis) -> None:
    """Kill -9 Redis, which forgets everything."""
    nemesis.world.redis.kill()


async def kill_backend(nemesis: Nemesis) -> None:
    """Kill -9 one backend of PostgreSQL, which then restarts all of itself."""
    backends = await asyncio.to_thread(nemesis.world.postgres.backends)
    if backends:
        with suppress(ProcessLookupError):
            os.kill(nemesis.rng.choice(backends), signal.SIGKILL)


async def kill_postmaster(nemesis: Nemesis) -> None:
    """Kill -9 the postmaster; the supervisor starts it on the same data."""
    await asyncio.to_thread(nemesis.world.postgres.kill)


async def restart_postgres(nemesis: Nemesis) -> None:
    """Stop PostgreSQL at once; it recovers from its log."""
    await asyncio.to_thread(nemesis.world.postgres.stop_at_once)


async def slow_disk(nemesis: Nemesis) -> None:
    """Let every commit wait 100 ms longer for the disk, for 2 to 4 seconds (`commit_delay`)."""
    postgres = nemesis.world.postgres
    await asyncio.to_thread(postgres.slow_commits, 100)
    await asyncio.sleep(nemesis.rng.uniform(2, 4))
    await asyncio.to_thread(postgres.slow_commits, 0)


async def stall_disk(nemesis: Nemesis) -> None:
    """Stop every backend for 1 to 3 seconds, as an fsync that does not come back would."""
    backends = await asyncio.to_thread(nemesis.world.postgres.backends)
    _each(backends, signal.SIGSTOP)
    try:
        await asyncio.sleep(nemesis.rng.uniform(1, 3))
    finally:
        _each(backends, signal.SIGCONT)


async def fill_disk(nemesis: Nemesis) -> None:
    """Leave the database no free byte for 2 to 4 seconds."""
    postgres = nemesis.world.postgres
    await asyncio.to_thread(postgres.fill_disk)
    await asyncio.sleep(nemesis.rng.uniform(2, 4))
    postgres.free_disk()


async def flush_redis(nemesis: Nemesis) -> None:
    """Let Redis forget everything."""
    with suppress(Exception):
        await asyncio.to_thread(nemesis.world.redis_client().flushall)


async def pause_redis(nemesis: Nemesis) -> None:
    """Stop Redis for two seconds."""
    await _pause(nemesis.world.redis, 2.0)


async def small_redis(nemesis: Nemesis) -> None:
    """Leave Redis no memory for 2 seconds."""
    with suppress(Exception):
        await asyncio.to_thread(nemesis.world.redis_client().config_set, "maxmemory", "1")
    await asyncio.sleep(2)
    with suppress(Exception):
        await asyncio.to_thread(nemesis.world.redis_client().config_set, "maxmemory", "0")


async def cut(nemesis: Nemesis) -> None:
    """Break the connections of one process to its database, and let it make none for a second or two."""
    await _switched(nemesis, Mode.CUT, nemesis.rng.uniform(0.5, 2))


async def hold(nemesis: Nemesis) -> None:
    """Let nothing pass between a process and its database for 1 to 5 seconds."""
    await _switched(nemesis, Mode.HOLD, nemesis.rng.uniform(1, 5))


async def hold_mid_commit(nemesis: Nemesis) -> None:
    """Let the next commit reach the database, and its answer nobody, for 1 to 4 seconds; then break."""
    proxy = _proxy(nemesis)
    await asyncio.to_thread(proxy.switch, Mode.HOLD_AFTER_COMMIT)
    await asyncio.sleep(nemesis.rng.uniform(1, 4))
    await asyncio.to_thread(proxy.switch, Mode.CUT)
    await asyncio.to_thread(proxy.switch, Mode.OK)


async def delay(nemesis: Nemesis) -> None:
    """Let every packet between a process and its database take 100 ms longer, for 2 to 4 seconds."""
    await _switched(nemesis, Mode.DELAY, nemesis.rng.uniform(2, 4))


async def pause_web(nemesis: Nemesis) -> None:
    """Stop a web process for 1 to 4 seconds."""
    await _pause(nemesis.either(nemesis.world.webs), nemesis.rng.uniform(1, 4))


async def pause_clerk(nemesis: Nemesis) -> None:
    """Stop one of the two clerks, wherever it is, for longer than its transaction could last."""
    await _pause(nemesis.either(nemesis.world.clerks), nemesis.rng.uniform(2, 5))


async def clock_forward(nemesis: Nemesis) -> None:
    """Put the clock of one process ten seconds forward, and back after a while."""
    await _turned(nemesis, signal.SIGUSR1, signal.SIGUSR2)


async def clock_back(nemesis: Nemesis) -> None:
    """Put the clock of one process ten seconds back, as if its machine had slept, and forward again."""
    await _turned(nemesis, signal.SIGUSR2, signal.SIGUSR1)


FAULTS: Final[dict[str, Fault]] = {
    "kill web": kill_web,
    "kill clerk": kill_clerk,
    "web ends at a step": end_web,
    "clerk ends at a step": end_clerk,
    "largest killed": kill_largest,
    "no memory": starve,
    "kill signer": kill_signer,
    "kill redis": kill_redis,
    "kill backend": kill_backend,
    "kill postmaster": kill_postmaster,
    "restart postgres": restart_postgres,
    "slow disk": slow_disk,
    "stalled disk": stall_disk,
    "disk full": fill_disk,
    "redis flushed": flush_redis,
    "redis paused": pause_redis,
    "redis full": small_redis,
    "proxy cut": cut,
    "proxy black hole": hold,
    "black hole in commit": hold_mid_commit,
    "proxy delay": delay,
    "web paused": pause_web,
    "clerk paused": pause_clerk,
    "clock forward": clock_forward,
    "clock back": clock_back,
}

# What cuts a bidder off from his answer, at least now and then.
INTERRUPTING: Final = frozenset(
    {
        "kill web",
        "web ends at a step",
        "kill backend",
        "kill postmaster",
        "restart postgres",
        "stalled disk",
        "proxy cut",
        "proxy black hole",
        "black hole in commit",
        "web paused",
    }
)


def _proxy(nemesis: Nemesis) -> Proxy:
    """Return a proxy, mostly the one a web process depends on."""
    return nemesis.world.proxies[nemesis.rng.random() < 0.25]


async def _switched(nemesis: Nemesis, mode: Mode, lasts: float) -> None:
    proxy = _proxy(nemesis)
    await asyncio.to_thread(proxy.switch, mode)
    await asyncio.sleep(lasts)
    await asyncio.to_thread(proxy.switch, Mode.OK)


async def _pause(part: Process, lasts: float) -> None:
    part.send(signal.SIGSTOP)
    try:
        await asyncio.sleep(lasts)
    finally:
        part.send(signal.SIGCONT)


async def _turned(nemesis: Nemesis, there: signal.Signals, back: signal.Signals) -> None:
    """Turn a process's clock, unless it is so young that it does not listen yet."""
    part = nemesis.either([*nemesis.world.webs, *nemesis.world.clerks])
    starts = part.starts
    if not nemesis.world.listens(part):
        return
    part.send(there)
    await asyncio.sleep(nemesis.rng.uniform(3, 7))
    if part.starts == starts:
        part.send(back)


def _each(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
