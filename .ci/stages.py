"""Stages of tests in waves of lanes: the lanes of a wave run beside each other, the stages of a lane in turn.

What a stage said is shown whole when it ends. All are run even when one fails.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import IO

from tools import PYTHON, ROOT, Failed, say

sys.path.insert(0, str(ROOT))

from tests.support import servers

LIMIT_S = 1800
GRACE_S = 20
LOOK_S = 0.1
LAST_LINES = 60
SPEAKING = RLock()


@dataclass
class Machine:
    """What runs: the stages, and the servers they need, each started when the first stage asks for it."""

    stack: ExitStack
    lock: RLock = field(default_factory=RLock)
    started: dict[str, str] = field(default_factory=dict)
    running: set[subprocess.Popen[str]] = field(default_factory=set)
    interrupted: bool = False

    def __post_init__(self) -> None:
        self.migrated = self.stack.enter_context(tempfile.TemporaryDirectory(prefix="judicial-migrated-"))

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

    def begin(self, command: Command, said: IO[str]) -> subprocess.Popen[str]:
        """Start a program, which Ctrl-C at our terminal reaches through us alone.

        :raises Failed: if we were interrupted
        """
        environment = {**os.environ, "MIGRATED_DIR": self.migrated, **command.environment}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of processes load the same modules
        with self.lock:
            if self.interrupted:
                raise Failed("It was interrupted before it began.")
            part = subprocess.Popen(
                command.words, cwd=ROOT, env=environment, stdout=said, stderr=said, start_new_session=True
            )
            self.running.add(part)
        return part

    def interrupt(self) -> None:
        """End all that runs; nothing begins any more."""
        with self.lock:
            self.interrupted = True
            running = tuple(self.running)
        end(*running)


@dataclass(frozen=True)
class Command:
    """A program with its words, and what the environment says besides."""

    words: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    limit_s: float = LIMIT_S

    def standing_back(self) -> Command:
        """Return it so that it takes the processor when nothing else wants it."""
        return replace(self, words=["nice", *self.words])


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
    busy: float
    said: str

    def __str__(self) -> str:
        verdict = "failed" if self.code else "passed"
        return f"{self.stage:<12} {verdict}  {self.seconds:6.1f} s, {self.busy:6.1f} s of a processor"

    @property
    def last_words(self) -> str:
        """Return the last of what it said."""
        return "\n".join((f"\n== The last of {self.stage}:", *self.said.rstrip().splitlines()[-LAST_LINES:]))


def run_stages(waves: Sequence[Wave], asked: list[str]) -> int:
    """Run the stages asked for, or all, one wave after another, and say how each went.

    :raises Failed: if there is no such stage
    """
    known = [stage.__name__ for wave in waves for lane in wave for stage in lane]
    if unknown := set(asked) - set(known):
        raise Failed(f"There is no stage {', '.join(sorted(unknown))}; there are {', '.join(known)}.")
    for number in (signal.SIGTERM, signal.SIGINT):  # whoever stops us, nothing is left behind
        signal.signal(number, signal.default_int_handler)  # a shell's background job ignores SIGINT
    started = time.monotonic()
    with ExitStack() as stack:
        machine = Machine(stack)
        results = [result for wave in waves for result in run_wave(wave, asked or known, machine)]
    failed = [result for result in results if result.code]
    for result in failed:  # a log that is kept short is kept from its end
        say(result.last_words)
    say("\n".join(("", *map(str, results), f"{'in all':<20}  {time.monotonic() - started:6.1f} s")))
    return int(bool(failed))


def run_wave(wave: Wave, asked: list[str], machine: Machine) -> list[Result]:
    """Run the lanes of a wave beside each other."""
    lanes = [[stage for stage in lane if stage.__name__ in asked] for lane in wave]
    with ThreadPoolExecutor(len(lanes)) as pool:
        running = [pool.submit(run_lane, lane, machine) for lane in lanes]
        try:
            return [result for lane in running for result in lane.result()]
        except KeyboardInterrupt:
            machine.interrupt()
            raise


def run_lane(lane: list[Stage], machine: Machine) -> list[Result]:
    """Run the stages of a lane one after another."""
    return [run_stage(stage, machine) for stage in lane if not machine.interrupted]


def run_stage(stage: Stage, machine: Machine) -> Result:
    """Run a stage, then show what it said; a server that is missing fails it with its one sentence."""
    say(f"-- {stage.__name__} begins: {stage.__doc__}")
    started = time.monotonic()
    try:
        code, busy, said = call(stage(machine), machine)
    except (servers.Missing, Failed) as missing:
        code, busy, said = 1, 0.0, str(missing)
    result = Result(stage.__name__, code, time.monotonic() - started, busy, said)
    with SPEAKING:
        say(f"\n== {result}\n{said.rstrip()}\n")
    return result


def call(command: Command, machine: Machine) -> tuple[int, float, str]:
    """Run a program; return its exit code, its seconds of a processor, and what it said.

    One that hangs is ended.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        part = machine.begin(command, said)
        busy = processor_time(part.pid, command.limit_s)
        if busy is None and part.poll() is None:
            end(part)
            said.write(f"\nIt took longer than {command.limit_s:.0f} s and was ended.")
        machine.running.discard(part)
        said.seek(0)
        return part.wait(), busy or 0.0, said.read()


def processor_time(pid: int, within: float) -> float | None:
    """Wait for a program's end; return for how many seconds it, and those it waited for, were at work.

    It is left for the caller to reap. None if it does not end in time, or was reaped already (Linux only).
    """
    deadline = time.monotonic() + within
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG):
                stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
                ticks = stat.rpartition(")")[2].split()[11:15]
                return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
            time.sleep(LOOK_S)
    return None


def end(*parts: subprocess.Popen[str]) -> None:
    """Interrupt programs, which then end what they started; kill what is left of it after a while."""
    families = [pid for part in parts for pid in family(part.pid)]
    for part in parts:
        part.send_signal(signal.SIGINT)
    deadline = time.monotonic() + GRACE_S
    for part in parts:
        with suppress(subprocess.TimeoutExpired):
            part.wait(max(0.0, deadline - time.monotonic()))
    for pid in families:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def family(pid: int) -> list[int]:
    """Return a process and all that stem from it, whatever group or session they are in (Linux only)."""
    children = (int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if parent(stat) == pid)
    return [pid, *(each for child in children for each in family(child))]


def parent(stat: Path) -> int | None:
    """Return the parent that `/proc/<pid>/stat` names, if the process still is."""
    with suppress(OSError):
        return int(stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    return None
