"""How many bids a second one server core decides, and how long a bidder waits for his answer.

Method: PostgreSQL with `fsync` and `synchronous_commit` on (and SQLite with `synchronous=FULL`), the web
server pinned to core 0, clients and database on core 1. Each bidder is a websocket in a closed loop: he sends
a bid, always higher than the last so that nearly all are accepted, waits for the answer, and sends the next;
a lone bidder is two people in turn, as nobody may outbid himself. The figures are of the seconds after one
second of warm-up. Every answer counted comes after the commit. Peers run in turn with us, twice each, on the
same database, with the same clients:

- `naive`: tests/bench/naive.py, atomic + select_for_update by the ORM in a stock consumer (it tells no
  watchers; we do).
- `pgbench`: PostgreSQL's own driver on core 0 in our place, prepared, as many clients: lock the round, insert
  an event and a bid, update the round, commit. It judges nothing, signs nothing and serves no socket.

`rounds=1000` is one bid on its way in each of 1,000 rounds (pgbench: 128 clients on rounds at random).
`waited_ms` is the longest wait of all. Ratios of times below 1 are better. With `SITE=cluster` ours is the
whole cluster, through its nginx.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import client, pgbench, site
from tests.bench.lines import line, ratios, remark
from tests.support import servers

SECONDS = 2.0
TURNS = 2
HOT = (1, 8, 32, 128)
PRICE = 140_000_000
NAIVE = "tests.bench.naive:application"
SITE = "config.asgi:application"

Way = Callable[[], client.Run]


@dataclass(frozen=True)
class Load:
    """So many bidders at once on each of so many rounds."""

    bidders: int
    rounds: int


def main() -> int:
    """Run all loads on both databases."""
    site.set_up()
    with site.database() as url, _running(url) as ports:
        for load in [*(Load(many, 1) for many in HOT), Load(1, 1000)]:
            _compare("postgresql", load, ports, pgbench.way(url, load.bidders, load.rounds, SECONDS))
    if site.is_cluster():
        return 0
    with (
        tempfile.TemporaryDirectory() as folder,
        _running(f"sqlite:///{Path(folder) / 'db.sqlite3'}") as ports,
    ):
        for many in HOT:
            _compare("sqlite", Load(many, 1), ports, None)
    return 0


@contextmanager
def _running(url: str) -> Iterator[dict[str, int]]:
    """Serve the site and the naive way on a database."""
    from tests.support.world import standing_on

    site.migrate(url)
    with ExitStack() as stack:
        stack.enter_context(standing_on(url))
        yield {
            "ours": stack.enter_context(site.serving(url, SITE))[0],
            "naive": stack.enter_context(site.serving(url, NAIVE))[0],
        }


def _compare(database: str, load: Load, ports: dict[str, int], ceiling: Way | None) -> None:
    ways: dict[str, Way] = {name: _bidding(port, load) for name, port in ports.items()}
    if ceiling is not None:
        ways["pgbench"] = ceiling
    runs: dict[str, list[client.Run]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, way in ways.items():
            runs[name] += _tried(name, load, way)
    _say(database, load, runs)


def _tried(name: str, load: Load, way: Way) -> list[client.Run]:
    """Return the run, or nothing if the peer could not do it; our own failure is a failure."""
    try:
        return [way()]
    except (RuntimeError, servers.Missing) as error:
        if name == "ours":
            raise
        remark(f"{name} at {load}: {error}")
        return []


def _bidding(port: int, load: Load) -> Way:
    """Return a run on rounds of its own."""
    people = max(2, load.bidders)
    rounds = site.some_rounds(load.rounds, people)
    places = [
        client.Place(number if load.bidders == 1 else number * people + seat, each.round_id, session)
        for number, each in enumerate(rounds)
        for seat, session in enumerate(each.sessions)
    ]
    prices = {each.round_id: PRICE for each in rounds}

    def run() -> client.Run:
        found = client.bid(port, places, prices, seconds=SECONDS, core=site.CLIENT_CORE)
        for round_id in prices:
            prices[round_id] += 10**12  # above all that was bid
        return found

    return run


def _say(database: str, load: Load, runs: dict[str, list[client.Run]]) -> None:
    keys = {"bidders": load.bidders, "rounds": load.rounds, "database": database}
    ours = runs["ours"]
    share = sum(run.accepted for run in ours) / max(1, sum(run.answered for run in ours))
    peers = {name: _middle(found, "per_second") for name, found in runs.items() if name != "ours" and found}
    speed = _middle(ours, "per_second")
    line("bids", "decisions_per_s", speed, ratios(speed, peers), **keys, accepted=round(share, 3))
    for metric, field in (("p50_ms", "p50"), ("p99_ms", "p99"), ("waited_ms", "longest")):
        theirs = {"naive": _middle(runs["naive"], field)} if runs["naive"] else {}
        value = _middle(ours, field)
        line("bids", metric, value, ratios(value, theirs), **keys)
    if lost := sum(run.lost for run in ours):
        remark(f"{lost} bids of {load} on {database} got no answer within 5 s.")


def _middle(runs: list[client.Run], field: str) -> float:
    return statistics.median(getattr(run, field) for run in runs)


if __name__ == "__main__":
    sys.exit(main())
