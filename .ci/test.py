"""Run every test in stages, from the rules (no Django, milliseconds) to two browsers bidding.

Stages that may keep each other company run side by side in lanes, and what a stage said is shown whole when
it ends; stages that measure time have little company or none. All are run even when one fails, and the exit
code is not zero if any did. Stages can be named: `make test STAGES="rules js"`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import RLock

from tools import PYTHON, ROOT, Failed, ended, node, say

sys.path.insert(0, str(ROOT))

from tests.support import servers

LIMIT_S = 900
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


def pytest(*words: str, **environment: str) -> Command:
    """Return the command that runs pytest."""
    return Command([str(PYTHON), "-m", "pytest", "--quiet", *words], environment)


def rules(_: Machine) -> Command:
    """Test the rules with Django switched off."""
    return pytest("tests/rules", "-p", "no:django", "-p", "tests.support.no_django")


def js(_: Machine) -> Command:
    """Test the scripts that need no browser."""
    files = sorted(str(path) for path in (ROOT / "tests" / "js").rglob("*.test.js"))
    if not files:
        raise Failed("There are no tests of scripts.")
    return Command([str(node()), "--test", "--test-reporter=dot", *files])


def sqlite(_: Machine) -> Command:
    """Test acts and pages on SQLite."""
    return pytest("tests/services", "tests/pages", DATABASE_URL="sqlite:///:memory:", REDIS_URL="")


def postgresql(machine: Machine) -> Command:
    """Test acts on PostgreSQL."""
    return pytest("tests/services", DATABASE_URL=machine.database(), REDIS_URL="")


def live(machine: Machine) -> Command:
    """Test live bidding on PostgreSQL and Redis."""
    return pytest("tests/live", **machine.production())


def browser(machine: Machine) -> Command:
    """Test in Chromium, on PostgreSQL and Redis."""
    servers.chromium()
    return pytest("tests/browser", "-n", "2", "--dist", "loadgroup", **machine.production())


Stage = Callable[[Machine], Command]
Lane = tuple[Stage, ...]
WAVES: tuple[tuple[Lane, ...], ...] = (
    ((rules, js, sqlite), (postgresql,)),
    ((live,),),
    ((browser,),),
)
STAGES: dict[str, Stage] = {stage.__name__: stage for wave in WAVES for lane in wave for stage in lane}


@dataclass(frozen=True)
class Result:
    """How a stage went."""

    stage: str
    code: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.stage:<12} {'failed' if self.code else 'passed'}  {self.seconds:6.1f} s"


def main() -> int:
    """Run the stages and say how each went."""
    asked = sys.argv[1:] or list(STAGES)
    if unknown := set(asked) - set(STAGES):
        raise Failed(f"There is no stage {', '.join(sorted(unknown))}; there are {', '.join(STAGES)}.")
    started = time.monotonic()
    with ExitStack() as stack:
        machine = Machine(stack)
        results = [result for wave in WAVES for result in run_wave(wave, asked, machine)]
    say("\n".join(("", *map(str, results), f"{'in all':<20}  {time.monotonic() - started:6.1f} s")))
    return int(any(result.code for result in results))


def run_wave(wave: tuple[Lane, ...], asked: list[str], machine: Machine) -> list[Result]:
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
            part.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            part.kill()
            said.write(f"\nIt took longer than {LIMIT_S} s and was ended.")
        code = part.wait()
        said.seek(0)
        return code, said.read()


if __name__ == "__main__":
    sys.exit(ended(main))
