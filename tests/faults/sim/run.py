"""Many worlds, in processes of their own, and what the checker says of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.faults.checker import Allowances, Summary, check
from tests.faults.sim import stage

SIZE = 200  # auctions that run at once


@dataclass(frozen=True)
class Task:
    """One world: the seed of the run, its number in it, and how many auctions run in it."""

    seed: str
    world: int
    size: int = SIZE

    def replay(self) -> str:
        """Return the command that lets this world happen again."""
        return f"python -m tests.faults.sim --seed {self.seed} --world {self.world} --size {self.size}"


def tasks(seed: str, auctions: int, size: int = SIZE) -> list[Task]:
    """Return the worlds of a run."""
    whole, rest = divmod(auctions, size)
    return [Task(seed, world, size) for world in range(whole)] + ([Task(seed, whole, rest)] if rest else [])


def run(many: list[Task], processes: int) -> Iterator[tuple[Task, Summary]]:
    """Yield each world's summary as it is done."""
    if processes == 1:
        stage.start()
        yield from map(judged, many)
        return
    with get_context("spawn").Pool(processes, initializer=stage.start) as pool:
        yield from pool.imap_unordered(judged, many)


def judged(task: Task) -> tuple[Task, Summary]:
    """Let one world happen, and judge it; the same task gives the same history."""
    from auction import receipts

    return task, check(history(task), Allowances(recovery=1_000, public_key=receipts.public_key().hex()))


def history(task: Task) -> list[dict[str, Any]]:
    """Let one world happen and return its history; needs the stage."""
    from tests.faults.sim import rows
    from tests.faults.sim.world import World

    rows.clear()
    return World(f"{task.seed}/{task.world}", task.size).run()


def write(task: Task, path: Path) -> None:
    """Write the history of one world to a file."""
    lines = map(partial(json.dumps, ensure_ascii=False, separators=(",", ":")), history(task))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
