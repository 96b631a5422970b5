"""`python -m tests.faults.run --minutes 5 --seed 1`: a site under load and faults, its history checked.

Rounds open and end all the time; people bid until the last moment, twice, too low, with priority, by socket and by
HTTP; one fault follows another. Afterwards the faults stop, every round must come to its end, and no invariant may
be broken. The exit code is not zero if one is, or if the run did not meet the hard cases often enough.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

os.environ.setdefault("LOG_LEVEL", "WARNING")

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connection

from auction import record
from auction.models import Event, Round
from tests.faults import minimal, seed
from tests.faults.bidders import Bidder, Watcher
from tests.faults.history import History, now_ms
from tests.faults.nemesis import Nemesis
from tests.faults.seed import Plan
from tests.faults.world import World, running_world
from tests.support.world import standing_on

PEOPLE: Final = 24
EVERY_S: Final = 2.2  # a round opens
HEAD_START_S: Final = 12.0
LAST_OPENS_S: Final = 22.0  # before the faults stop
END_WITHIN_S: Final = 90.0  # after the faults stop every round has ended
CURRENT_WITHIN_S: Final = 6.0  # after its end every watcher has heard of it

Result = TypeVar("Result")


@dataclass
class Run:
    """One run: its length, its dice, and what happened."""

    seconds: float
    seed: str
    every_s: float = EVERY_S
    faults: bool = True
    history: History = field(default_factory=History)
    crashes: int = 0

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
        made, everyone = seed.rounds(times), seed.people(PEOPLE)
        who = [rng.sample(everyone, rng.choice((3, 4))) for _ in made]
        return [_plan(round, seats, rng) for round, seats in zip(made, seed.seats(made, who), strict=True)]

    async def _play(self, world: World, plans: list[Plan]) -> None:
        nemesis = Nemesis(world, self.history, self.seed)
        until = time.monotonic() + HEAD_START_S + self.seconds
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=50)) as client:
            playing = [asyncio.create_task(self._round(world, plan, client)) for plan in plans]
            if self.faults:
                await asyncio.sleep(HEAD_START_S)
                await nemesis.run(until)
            await asyncio.sleep(max(0.0, until - time.monotonic()))
            await asyncio.wait(playing, timeout=END_WITHIN_S)
            for task in playing:
                task.cancel()
            await asyncio.gather(*playing, return_exceptions=True)

    async def _round(self, world: World, plan: Plan, client: httpx.AsyncClient) -> None:
        """Bid on one round and watch it until all know of its end."""
        await asyncio.sleep(max(0.0, plan.opens_ms - 1_500 - now_ms()) / 1000)
        told = {
            "plan": plan,
            "urls": world.urls,
            "history": self.history,
            "client": client,
            "seed": self.seed,
        }
        bidders = [Bidder(seat=seat, **told) for seat in plan.seats]
        watcher = Watcher(f"{plan.round_id}-anyone", world.urls, plan.round_id, self.history)
        tasks = [asyncio.create_task(each.run()) for each in (*bidders, watcher)]
        try:
            while not self._known(plan, [watcher, *(each.watcher for each in bidders)]):
                await asyncio.sleep(0.25)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _known(self, plan: Plan, watchers: list[Watcher]) -> bool:
        over = self.history.over.get(plan.round_id)
        return over is not None and now_ms() > over + CURRENT_WITHIN_S * 1000

    def _read(self, world: World) -> None:
        """Note the record as it is in the database, read past everything that could cache it."""
        for event in patiently(lambda: list(Event.objects.order_by("round_id", "seq"))):
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


def main() -> int:
    """Run as told, and say how it went."""
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--minutes", type=float, default=5.0)
    told.add_argument("--seed", default="1")
    told.add_argument("--history", type=Path, help="where to keep the history")
    told.add_argument("--quiet", action="store_true", help="let nothing break")
    given = told.parse_args()
    run = Run(given.minutes * 60, given.seed, faults=not given.quiet)
    with running_world(BUG=os.environ.get("BUG", "")) as world:
        run.play(world)
        if given.history:
            run.history.write(given.history)
            for part in (*world.webs, *world.clerks, world.postgres.process):
                given.history.with_suffix(f".{part.name}.log").write_bytes(part.log.read_bytes())
    found = minimal.violations(run.history)
    print(json.dumps(_summary(run, found), ensure_ascii=False, indent=1))
    for line in found[:20]:
        print(line)
    return int(bool(found))


def _summary(run: Run, found: list[str]) -> dict[str, Any]:
    return {
        "rounds": len({line["round"] for line in run.history.lines if line["op"] == "leaf"}),
        "counts": dict(run.history.counts),
        "doubts": len(run.history.doubts),
        "crashes": run.crashes,
        "violations": len(found),
    }


if __name__ == "__main__":
    sys.exit(main())
