"""One run: rounds that open and end all the time, their bidders and watchers, and what breaks meanwhile."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import compress
from operator import not_
from typing import Final, TypeVar

import httpx
from django.db import DatabaseError, InterfaceError, connection

from auction import receipts, record
from auction.models import Event, Round
from tests.faults import seed
from tests.faults.bidders import Bidder, Watcher
from tests.faults.follower import Follower
from tests.faults.history import OVER, History, now_ms
from tests.faults.nemesis import Nemesis
from tests.faults.seed import Plan
from tests.faults.world import World
from tests.support.world import standing_on

PEOPLE: Final = 24
EVERY_S: Final = 2.2  # a round opens
HEAD_START_S: Final = 12.0
LAST_OPENS_S: Final = 22.0  # before the faults stop
END_WITHIN_S: Final = 90.0  # after the faults stop every round has ended, and all know
SETTLE_MS: Final = 3_000  # after its end a round is watched a little longer

Result = TypeVar("Result")
Breaking = Callable[[Nemesis, float], Awaitable[None]]


@dataclass
class Run:
    """One run: its length, its dice, and what happened."""

    seconds: float
    seed: str
    every_s: float = EVERY_S
    breaking: Breaking = Nemesis.run
    history: History = field(default_factory=History)
    crashes: int = 0
    offered: tuple[str, ...] = ()
    played: set[int] = field(default_factory=set)

    def play(self, world: World) -> None:
        """Seed the database, play, and read the record."""
        with standing_on(world.postgres.url):
            plans = self._plans()
            world.start_site()
            asyncio.run(self._play(world, plans))
            self._read(world)
        self.crashes = world.crashes

    def _plans(self) -> list[Plan]:
        """Seed rounds that open one after another, each with three or four bidders."""
        rng = random.Random(f"plans {self.seed}")
        begin = record.instant(now_ms()) + timedelta(seconds=HEAD_START_S)
        count = max(3, int((self.seconds - LAST_OPENS_S) / self.every_s))
        times = [
            (begin + timedelta(seconds=number * self.every_s), timedelta(seconds=rng.uniform(8, 14)))
            for number in range(count)
        ]
        self.history.lines.append({"op": "key", "public": receipts.public_key().hex()})
        made, everyone = seed.rounds(times), seed.people(PEOPLE)
        who = [rng.sample(everyone, rng.choice((3, 4))) for _ in made]
        return [_plan(round, seats, rng) for round, seats in zip(made, seed.seats(made, who), strict=True)]

    async def _play(self, world: World, plans: list[Plan]) -> None:
        nemesis = Nemesis(world, self.history, self.seed)
        self.offered = tuple(nemesis.faults)
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=50)) as client:
            following = asyncio.create_task(Follower(world.urls, self.history, client).run())
            playing = [asyncio.create_task(self._round(world, plan, client)) for plan in plans]
            await asyncio.sleep(HEAD_START_S)
            await self.breaking(nemesis, time.monotonic() + self.seconds)
            begun = [plan.round_id in self.played for plan in plans]
            await cancelled(compress(playing, map(not_, begun)))
            await asyncio.wait(list(compress(playing, begun)), timeout=END_WITHIN_S)
            await cancelled([*playing, following])

    async def _round(self, world: World, plan: Plan, client: httpx.AsyncClient) -> None:
        """Bid on one round and watch it until all know of its end."""
        await asyncio.sleep(max(0.0, plan.opens_ms - 1_500 - now_ms()) / 1000)
        self.played.add(plan.round_id)
        self.history.ranks(plan.round_id, {seat.code: seat.rank for seat in plan.seats if seat.rank})
        bidders = [Bidder(plan, seat, world.urls, self.history, client, self.seed) for seat in plan.seats]
        watcher = Watcher(f"{plan.round_id}-anyone", world.urls, plan.round_id, self.history)
        watchers = [watcher, *(each.watcher for each in bidders)]
        tasks = [asyncio.create_task(each.run()) for each in (*bidders, watcher)]
        try:
            while not self._known(plan, watchers):
                await asyncio.sleep(0.25)
        finally:
            self.history.left(plan.round_id, {each.name: each.view.state for each in watchers})
            await cancelled(tasks)

    def _known(self, plan: Plan, watchers: list[Watcher]) -> bool:
        over = self.history.over.get(plan.round_id)
        settled = over is not None and now_ms() > over + SETTLE_MS
        return settled and all(watcher.view.state in OVER for watcher in watchers)

    def _read(self, world: World) -> None:
        """Note the record as it is in the database, read past everything that could cache it."""
        self.history.lines.append({"op": "end", "at": now_ms()})
        for event in patiently(
            lambda: list(Event.objects.filter(round__in=self.played).order_by("round_id", "seq"))
        ):
            self.history.leaf(event.round_id, event.leaf)


def patiently(read: Callable[[], Result], within: float = 60.0) -> Result:
    """Return what can be read as soon as the database lets it be read."""
    end = time.monotonic() + within
    while True:
        try:
            return read()
        except (DatabaseError, InterfaceError):
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def _plan(round: Round, seats: list[seed.Seat], rng: random.Random) -> Plan:
    closes = record.ms(round.closes_at)
    bored = closes + rng.randrange(-1_000, 8_000)
    return Plan(round.pk, record.ms(round.opens_at), closes, bored, seats)


async def cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait for their end."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
