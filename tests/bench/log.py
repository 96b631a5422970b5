"""How far the public log is behind the records while a round may end: real clerk, real signer, PostgreSQL.

A site with its signer runs beside one bidder in this process; PostgreSQL waits for its disk as in production.
`ROUNDS` rounds end within four minutes and are bid on at random moments, four bids in quick succession each
time, so that no bid follows the clerk's beat. `behind_ms` is the time from a bid's commit, seen by whoever
made it, until a checkpoint over its leaf is in the published file, which is read every two milliseconds. No
peer keeps a public log; `ratio_to` compares with the 200 ms that are promised.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import django

from tests.bench.lines import line, percentile, ratios
from tests.support.servers import fresh_database, postgresql
from tests.support.site import running_site

ROUNDS: Final = 8
BIDS: Final = 400
APART: Final = 0.1  # seconds between two bids, on average
CLUSTER: Final = 4  # every so many bids a few come at once
WARM: Final = 2.0  # seconds; these rounds did not come near their end, they were made there
PROMISE_MS: Final = 200.0
POLL: Final = 0.002
PATIENCE: Final = 30.0

Seen = list[tuple[float, int]]


@contextmanager
def a_signed_site() -> Iterator[Path]:
    """Run a site whose log is signed, and stand on its database; give the file its checkpoint is in."""
    from tests.support.world import standing_on

    with ExitStack() as stack:
        url = stack.enter_context(fresh_database(stack.enter_context(postgresql(durable=True))))
        site = stack.enter_context(running_site(database_url=url, signer=True, forked=False))
        stack.enter_context(standing_on(url))
        yield site.folder / "log" / "checkpoint"


@contextmanager
def watched(file: Path) -> Iterator[Seen]:
    """Note when the published checkpoint is first seen to be of a size."""
    published: Seen = []
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(file, published, stop))
    watcher.start()
    try:
        yield published
    finally:
        stop.set()
        watcher.join()


def bids(chance: random.Random) -> Seen:
    """Bid on rounds that end soon; return when each bid was committed, and how many leaves there were."""
    from auction import clock
    from auction.models import Event
    from tests.support.bidding import a_recorded_round, bid
    from tests.support.people import a_bidder, lin, zhao

    at = clock.now()
    rounds = [a_recorded_round(at=at, closes_at=at + timedelta(minutes=4)) for _ in range(ROUNDS)]
    seats = [[a_bidder(round, person, at=at) for person in (lin(), zhao())] for round in rounds]
    committed: Seen = []
    time.sleep(WARM)
    for number in range(BIDS):
        if number % CLUSTER == 0:
            time.sleep(chance.uniform(0, 2 * CLUSTER * APART))
        pair, turn = seats[number % ROUNDS], number // ROUNDS
        assert bid(pair[turn % 2], 1_400_000 + 5_000 * turn, clock.now()).accepted
        committed.append((time.monotonic(), Event.objects.count()))
    return committed


def behind(committed: Seen, published: Sequence[tuple[float, int]]) -> list[float]:
    """Return for each bid after how many ms it was under a published checkpoint."""
    return [
        1000 * (next(at for at, size in published if size >= leaves) - then) for then, leaves in committed
    ]


def _watch(file: Path, published: Seen, stop: threading.Event) -> None:
    size = 0
    while not stop.wait(POLL):
        now = _size(file)
        if now > size:
            published.append((time.monotonic(), size := now))


def _size(file: Path) -> int:
    try:
        return int(file.read_text(encoding="utf-8").splitlines()[1])
    except FileNotFoundError:
        return 0


def _patiently(file: Path, size: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _size(file) < size:
        assert time.monotonic() < deadline, "the log did not follow"
        time.sleep(0.05)


def main() -> None:
    """Measure and print."""
    with a_signed_site() as file, watched(file) as published:
        committed = bids(random.Random(200))
        _patiently(file, committed[-1][1])
    waits = behind(committed, published)
    keys = {"bids": len(waits), "rounds": ROUNDS}
    for name, value in (("p50", percentile(waits, 50)), ("p99", percentile(waits, 99)), ("max", max(waits))):
        line("log", f"behind_{name}_ms", value, ratios(value, {"promise": PROMISE_MS}), **keys)


if __name__ == "__main__":
    django.setup()
    main()
