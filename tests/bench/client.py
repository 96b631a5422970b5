"""The clients of the benchmarks: a small C program, compiled when it is first needed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.servers import Missing

SOURCE = Path(__file__).with_suffix(".c")
STEP_FEN = 500_000


@dataclass(frozen=True)
class Place:
    """One socket: on a round, signed in by a session; those of one slot bid in turn."""

    slot: int
    round_id: int
    session: str


@dataclass(frozen=True)
class Run:
    """What the clients saw: answers in so many seconds, and send-to-answer times in ms."""

    answered: int
    accepted: int
    seconds: float
    p50: float
    p99: float
    longest: float
    lost: int
    bytes: int

    @property
    def per_second(self) -> float:
        """Return decisions a second."""
        return self.answered / self.seconds if self.seconds else 0.0


def bid(port: int, places: list[Place], prices: dict[int, int], *, seconds: float, core: int) -> Run:
    """Let these sockets bid in closed loops, each more than the last on its round; above `prices`, in fen."""
    words = ["taskset", "-c", str(core), str(program()), str(port), str(seconds), "1", str(STEP_FEN)]
    return _ran(words, places, prices, seconds)


def bid_noting(notes: Path, port: int, places: list[Place], prices: dict[int, int], seconds: float) -> Run:
    """Let them bid as `bid` does, on this process's core, and note each accepted bid in a file.

    Its lines are the bid's place in the record, when it was sent and when it was answered, in ns by
    CLOCK_MONOTONIC.
    """
    words = [str(program()), str(port), str(seconds), "1", str(STEP_FEN), str(notes)]
    return _ran(words, places, prices, seconds)


def _ran(words: list[str], places: list[Place], prices: dict[int, int], seconds: float) -> Run:
    lines = [f"{place.slot} {place.round_id} {prices[place.round_id]} {place.session}" for place in places]
    done = subprocess.run(
        words,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 120,
    )
    if done.returncode:
        raise RuntimeError(f"The clients failed: {done.stderr.strip()[-300:]}")
    return Run(**json.loads(done.stdout))


@cache
def program() -> Path:
    """Return the compiled client.

    :raises Missing: if there is no C compiler
    """
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Missing("The benchmarks need a C compiler for their clients: install gcc.")
    built = Path(tempfile.mkdtemp(prefix="judicial-client-")) / "client"
    subprocess.run([compiler, "-O2", "-o", str(built), str(SOURCE)], check=True)
    return built
