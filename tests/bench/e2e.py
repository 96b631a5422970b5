"""Bidders under a crowd: how fast bids are decided while everyone watches, and how soon the last one knows.

Method: PostgreSQL with `fsync` and `synchronous_commit` on, the web server pinned to core 0, all else on
core 1: database, Redis, the bidders' client (tests/bench/client.c) and the watchers'
(tests/bench/native/crowd.c). On one round 32 bidders bid in closed loops by websockets of their own, each bid
higher than the last sent, while 5,000 anonymous websockets watch the same round. The watchers connect first;
the figures are of the seconds after one second of warm-up. The peer runs in turn with us, twice each, every
time with a server, a round and sockets of its own, on the same database and Redis, with the same clients:

- `naive`: tests/bench/naive.py with `NAIVE_BROADCAST=1`: a stock consumer behind AuthMiddlewareStack, atomic
  + select_for_update by the ORM for each bid, and each accepted bid told by `group_send`, through the Redis
  pub/sub layer (in memory where there is no Redis).

`ack_*_ms` is from a bid's sending to its answer, after the commit; answers after the end are not counted.
`last_p99_ms` is over the accepted bids: from a bid's sending until the last of the watchers has been sent its
place in the record or a later one, by event, leap or snapshot, as a whole frame, by CLOCK_MONOTONIC, which
both clients share. After the bidding the watchers are waited for, 15 s at most; a bid that some watcher still
has not learnt of counts as learnt then, which flatters the peer, is told on stderr, and fails the run if it
is ours, as do a watcher cut off and a bid unanswered. Figures are medians of the turns. Ratios of times
below 1 are better. With `SITE=cluster` ours is the whole cluster, bidders and watchers coming through nginx.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from tests.bench import client, crowd, site
from tests.bench.lines import line, percentile, ratios, remark
from tests.support import servers

BIDDERS: Final = 32
WATCHERS: Final = 5_000
SECONDS: Final = 7.0
TURNS: Final = 2
DRAIN_S: Final = 15.0
SETTLE_S: Final = 1.0
PRICE: Final = 140_000_000
WAYS: Final = {"ours": site.SITE, "naive": "tests.bench.naive:application"}


@dataclass(frozen=True)
class Stage:
    """What every run stands on: the database, Redis (or nothing), and a folder for programs and notes."""

    url: str
    redis_url: str
    folder: Path


class Note(NamedTuple):
    """An accepted bid: its place in the record, and when it was sent and answered, in ns."""

    seq: int
    sent: int
    answered: int


class Mark(NamedTuple):
    """From when on, in ns, every watcher has been told up to a place; and how many watchers there were."""

    seq: int
    at: int
    watching: int


@dataclass(frozen=True)
class Found:
    """The figures of one run, in bids a second and ms."""

    decisions_per_s: float
    ack_p50_ms: float
    ack_p99_ms: float
    last_p99_ms: float


METRICS: Final = tuple(Found.__dataclass_fields__)


def main() -> int:
    """Run both ways in turn and print the lines."""
    site.set_up()
    allow_many_sockets()
    found: dict[str, list[Found]] = {name: [] for name in WAYS}
    try:
        with stage() as stands:
            for _ in range(TURNS):
                for name in WAYS:
                    found[name] += tried(name, stands)
    except crowd.NoCompiler:
        remark("gcc is missing: the clients cannot be built.")
        return 1
    say(found)
    return 0


def allow_many_sockets() -> None:
    """Let this process's servers and clients open as many files as they may."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def stage() -> Iterator[Stage]:
    """Start the servers that both ways share."""
    from tests.support.world import standing_on

    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="judicial-bench-")))
        url = stack.enter_context(site.database())
        site.migrate(url)
        stack.enter_context(standing_on(url))
        try:
            redis_url = stack.enter_context(servers.redis())
        except servers.Missing:
            remark("Redis is missing: both ways tell within their process only.")
            redis_url = ""
        yield Stage(url, redis_url, folder)


def tried(name: str, stands: Stage) -> list[Found]:
    """Return the run, or nothing if the peer could not do it; our own failure is a failure."""
    try:
        return [measure(name, stands)]
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        if name == "ours":
            raise
        remark(f"{name}: {error}")
        return []


def measure(name: str, stands: Stage) -> Found:
    """Serve one way, let the watchers in, then the bidders bid, and return the figures."""
    round = site.some_rounds(1, BIDDERS)[0]
    notes, places = stands.folder / f"notes-{round.round_id}", stands.folder / f"places-{round.round_id}"
    program, path = crowd.built("crowd", stands.folder), f"/ws/rounds/{round.round_id}/"
    more = {"REDIS_URL": stands.redis_url, "NAIVE_BROADCAST": "1"}
    with (
        site.serving(stands.url, WAYS[name], **more) as (port, _),
        crowd.crowd(program, port, WATCHERS, path, places=str(places)) as watchers,
    ):
        if watchers.opened < WATCHERS:
            raise RuntimeError(f"{WATCHERS - watchers.opened} watchers were refused.")
        time.sleep(SETTLE_S)
        ran = bid(port, round, notes)
        bids = read_notes(notes)
        marks = wait_for_the_last(places, bids)
    return figures(name, ran, bids, marks)


def bid(port: int, round: site.Bidders, notes: Path) -> client.Run:
    """Let all bidders bid on a round at once."""
    places = [client.Place(slot, round.round_id, session) for slot, session in enumerate(round.sessions)]
    return client.bid_noting(notes, port, places, {round.round_id: PRICE}, SECONDS)


def read_notes(path: Path) -> list[Note]:
    """Return the accepted bids, at least one.

    :raises RuntimeError: if there is none
    """
    notes = [Note(*map(int, text.split())) for text in path.read_text().splitlines()]
    if not notes:
        raise RuntimeError("No bid was accepted and answered in time.")
    return notes


def wait_for_the_last(places: Path, bids: list[Note]) -> list[Mark]:
    """Return how far all the watchers had come when, once they know of every bid, or time is up."""
    last, deadline = max(note.seq for note in bids), time.monotonic() + DRAIN_S
    while True:
        over = time.monotonic() > deadline
        marks = read_marks(places)
        if over or marks[-1].seq >= last:
            return marks
        time.sleep(0.1)


def read_marks(path: Path) -> list[Mark]:
    """Return the lines that are written whole."""
    whole = path.read_text().rpartition("\n")[0]
    return [Mark(*map(int, text.split())) for text in whole.splitlines()]


def figures(name: str, ran: client.Run, bids: list[Note], marks: list[Mark]) -> Found:
    """Return what a run comes to.

    :raises RuntimeError: if watchers or bids of ours were lost
    """
    unlearnt = sum(note.seq > marks[-1].seq for note in bids)
    gone = WATCHERS - marks[-1].watching
    if unlearnt or gone or ran.lost:
        lost = f"{unlearnt} bids unlearnt, {gone} watchers cut off, {ran.lost} bids unanswered"
        if name == "ours":
            raise RuntimeError(lost)
        remark(f"{name}: {lost}")
    found = Found(ran.per_second, ran.p50, ran.p99, percentile(learnt_after(bids, marks), 99))
    remark(f"{name}: {found}, {len(bids)} of {ran.answered} accepted, {len(marks)} tellings")
    return found


def learnt_after(bids: list[Note], marks: list[Mark]) -> list[float]:
    """Return for each bid the ms from its sending until every watcher knew; of one unlearnt, until now."""
    marks = sorted(marks)
    seqs, end = [mark.seq for mark in marks], time.monotonic_ns()
    found = (bisect_left(seqs, note.seq) for note in bids)
    known = [marks[place].at if place < len(marks) else end for place in found]
    return [(at - note.sent) / 1e6 for at, note in zip(known, bids, strict=True)]


def say(found: dict[str, list[Found]]) -> None:
    """Print our medians and their ratios to the peer's."""
    for metric in METRICS:
        middle = {
            name: statistics.median(getattr(run, metric) for run in runs)
            for name, runs in found.items()
            if runs
        }
        ours = middle.pop("ours")
        line("e2e", metric, ours, ratios(ours, middle), bidders=BIDDERS, watchers=WATCHERS)


if __name__ == "__main__":
    sys.exit(main())
