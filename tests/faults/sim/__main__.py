"""Run the simulation: `python -m tests.faults.sim --auctions 10000 --seed 1 --processes 2`.

Exits with 1 on a violation, naming the world and how to see it again, and with 2 if the hard cases came too
rarely. `--bugs` plants one bug after the other instead, and exits with 1 if one is not found.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from tests.faults.checker import Gates, Summary
from tests.faults.sim import stage
from tests.faults.sim.run import SIZE, Task, run, tasks, write

WHOLE = 10_000  # auctions after which every gate must have been met
EVERY = 20.0  # seconds between two lines of progress


def main(words: list[str] | None = None) -> int:
    """Run what was asked for."""
    asked = _asked(words)
    if asked.bugs:
        return _bugs()
    if asked.out:
        stage.start()
        write(Task(asked.seed, asked.world or 0, asked.size), Path(asked.out))
        return 0
    only = asked.world is not None
    todo = (
        [Task(asked.seed, asked.world, asked.size)] if only else tasks(asked.seed, asked.auctions, asked.size)
    )
    return _judge(todo, 1 if only else asked.processes, part=len(todo) * asked.size / WHOLE)


def _asked(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="sim", description="Simulate auctions and judge them.")
    parser.add_argument("--auctions", type=int, default=1_000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--size", type=int, default=SIZE, help="auctions that run at once")
    parser.add_argument("--world", type=int, help="this world of the run alone")
    parser.add_argument("--out", help="write the history of --world to this file instead of judging it")
    parser.add_argument("--bugs", action="store_true", help="plant bugs and see that each is found")
    return parser.parse_args(words)


def _judge(todo: list[Task], processes: int, part: float) -> int:
    total, started, said = Summary(), time.monotonic(), 0.0
    for task, summary in run(todo, processes):
        total.add(summary)
        if not summary.clean:
            print(*summary.violations[:20], sep="\n")
            print(f"seen again by: {task.replay()}")
            break
        if time.monotonic() - started - said > EVERY:
            said = time.monotonic() - started
            print(f"{said:6.0f} s {_rate(total, said)} {total}", flush=True)
    return _ended(total, time.monotonic() - started, part)


def _ended(total: Summary, seconds: float, part: float) -> int:
    missed = total.coverage.missed(Gates().scaled(min(1.0, part))) if part >= 1 else []
    print(*(f"not covered: {gate}" for gate in missed), sep="\n", end="\n" if missed else "")
    print(f"{seconds:6.0f} s {_rate(total, seconds)} {total}")
    print(json.dumps(total.as_json()["coverage"], sort_keys=True))
    if not total.clean:
        return 1
    return 2 if missed else 0


def _rate(total: Summary, seconds: float) -> str:
    return f"{total.rounds / max(seconds, 0.001):5.0f} auctions/s"


def _bugs() -> int:
    stage.start()
    from tests.faults.sim.bugs import hunt

    found = hunt()
    print(json.dumps(found, indent=1))
    return int(not all(each["found"] for each in found.values()))


if __name__ == "__main__":
    sys.exit(main())
