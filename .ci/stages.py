"""Stages of tests in waves of lanes: the lanes of a wave run beside each other, the stages of a lane in turn.

What a stage said is shown whole when it ends. All are run even when one fails.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import RLock

from tools import PYTHON, ROOT, Failed, say

sys.path.insert(0, str(ROOT))

from tests.support import servers

LIMIT_S = 1800
SPEAKING = RLock()


@dataclass
class Machine:
    """The servers the stages need, each started when the first stage asks for it."""

    stack: ExitStack
    lock: RLock = field(default_factory=RLock)
    started: dict[str, str] = field(default_factory=dict)
    interrupted: bool = False

    def database(self) -> str:
        """Return the URL of an empty database of a running PostgreSQL; no two stages share one."""
        with self.lock:
            server = self.started.get("postgresql") or self.stack.enter_context(servers.postgresql())
            self.started["postgresql"] = server
            return self.stack.enter_context(servers.fresh_database(server))

    def redis(self) -> str:
        """Return the URL of a running Redis."""
        with self.lock:
            self.started.setdefault("redis", "")
            self.started["redis"] = self.started["redis"] or self.stack.enter_context(servers.redis())
            return self.started["redis"]

    def production(self) -> dict[str, str]:
        """Return the environment of the stages that run on the servers of production."""
        database, redis = self.database(), self.redis()
        return {
            "DATABASE_URL": database,
            "TEST_POSTGRESQL_URL": database,
            "REDIS_URL": redis,
            "TEST_REDIS_URL": redis,
        }


@dataclass(frozen=True)
class Command:
    """A program with its words, and what the environment says besides."""

    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    limit_s: float = LIMIT_S


def pytest(*words: str, **environment: str) -> Command:
    """Return the command that runs pytest."""
    return python("-m", "pytest", "--quiet", *words, **environment)


def python(*words: str, limit_s: float = LIMIT_S, **environment: str) -> Command:
    """Return the command that runs Python."""
    return Command([str(PYTHON), *words], environment, limit_s)


Stage = Callable[[Machine], Command]
Lane = Sequence[Stage]
Wave = Sequence[Lane]


@dataclass(frozen=True)
class Result:
    """How a stage went."""

    stage: str
    code: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.stage:<12} {'failed' if self.code else 'passed'}  {self.seconds:6.1f} s"


def run_stages(waves: Sequence[Wave], asked: list[str]) -> int:
    """Run the stages asked for, or all, one wave after another, and say how each went.

    :raises Failed: if there is no such stage
    """
    known = [stage.__name__ for wave in waves for lane in wave for stage in lane]
    if unknown := set(asked) - set(known):
        raise Failed(f"There is no stage {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    started = time.monotonic()
    with ExitStack() as stack:
        machine = Machine(stack)
        results = [result for wave in waves for result in run_wave(wave, asked or known, machine)]
    say("\n".join(("", *map(str, results), f"{'in all':<20}  {time.monotonic() - started:6.1f} s")))
    return int(any(result.code for result in results))


def run_wave(wave: Wave, asked: list[str], machine: Machine) -> list[Result]:
    """Run the lanes of a wave beside each other."""
    lanes = [[stage for stage in lane if stage.__name__ in asked] for lane in wave]
    with ThreadPoolExecutor(len(lanes)) as pool:
        running = [pool.submit(run_lane, lane, machine) for lane in lanes]
        try:
            return [result for lane in running for result in lane.result()]
        except KeyboardInterrupt:
            machine.interrupted = True
            raise


def run_lane(lane: list[Stage], machine: Machine) -> list[Result]:
    """Run the stages of a lane one after another."""
    return [run_stage(stage, machine) for stage in lane if not machine.interrupted]


def run_stage(stage: Stage, machine: Machine) -> Result:
    """Run a stage, then show what it said; a server that is missing fails it with its one sentence."""
    say(f"-- {stage.__name__} begins: {stage.__doc__}")
    started = time.monotonic()
    try:
        code, said = call(stage(machine))
    except (servers.Missing, Failed) as missing:
        code, said = 1, str(missing)
    result = Result(stage.__name__, code, time.monotonic() - started)
    with SPEAKING:
        say(f"\n== {result}\n{said.rstrip()}\n")
    return result


def call(command: Command) -> tuple[int, str]:
    """Run a program and return its exit code and what it said; one that hangs is ended."""
    environment = {**os.environ, **command.environment}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        part = subprocess.Popen(command.words, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            part.wait(command.limit_s)
        except subprocess.TimeoutExpired:
            part.kill()
            said.write(f"\nIt took longer than {command.limit_s:.0f} s and was ended.")
        code = part.wait()
        said.seek(0)
        return code, said.read()
