"""The closing wave: many rounds that end at the same second, closed by real `manage.py clerk` processes.

PostgreSQL waits for its disk as in production. Each case has a database of its own with so many open rounds,
each with three bidders and `history` bids, and a whole site beside it (web, payment server, one clerk or
more), so the confirmations and releases that follow the closings run meanwhile. All ends are then set to one
moment three seconds ahead. `late_*_ms` is how long after the allowed moment (`closes_at + CLOSE_DELAY`) the
record says a round closed, `t` of its leaf, by the database's clock; `seen_*_ms` is when an observer with a
connection of his own saw it committed, by the same clock and asked every few milliseconds. `early` counts
rounds closed before they may be: it must be 0. `jitter_ms` is p99 less p50 of rounds that end alone, at
moments that follow no beat. `growth` compares the time a round costs: 5,000 rounds with 500 (linear is 1),
and 1,000 bids a round with 10 (flat is 1). With `SITE=cluster` the whole cluster is the site, with its two
clerks, and grows no further than 5,000 rounds.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import django
import psycopg

from tests.bench import cluster
from tests.bench.lines import line, percentile, remark
from tests.bench.site import is_cluster
from tests.support.cluster import CLERKS
from tests.support.servers import fresh_database, postgresql
from tests.support.site import running_site

AHEAD: Final = timedelta(seconds=3)
WARM: Final = 5.0  # seconds the site runs before the ends are set
PATIENCE: Final = 60.0  # seconds after the allowed moment
POLL: Final = 0.005
ALONE: Final = 40
FAST: Final = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
CASES: Final = ((1000, 10, 1), (1000, 10, 2), (5000, 10, 1))  # rounds, bids a round, clerks


@dataclass
class Wave:
    """What was measured of one case: per round in ms after its allowed moment, and all of it in seconds."""

    late: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    @property
    def all_s(self) -> float:
        """Return when the last round was seen closed."""
        return max(self.seen, default=float("nan")) / 1000

    @property
    def jitter(self) -> float:
        """Return how far the slowest hundredth lies behind the middle."""
        return percentile(self.late, 99) - percentile(self.late, 50)


@contextmanager
def a_site(server: str, rounds: int, history: int, clerks: int) -> Iterator[psycopg.Connection[Any]]:
    """Run a site on a database filled with rounds, and give an observer's connection to it."""
    from tests.bench.ten_oclock import many_rounds
    from tests.support.world import standing_on

    with ExitStack() as stack:
        url = stack.enter_context(cluster.running() if is_cluster() else fresh_database(server))
        migrate(url)
        stack.enter_context(standing_on(url))
        many_rounds(rounds, history=history, at=datetime.now(UTC).replace(microsecond=0))
        if not is_cluster():
            stack.enter_context(one_machine(url, clerks))
        time.sleep(WARM)
        yield stack.enter_context(psycopg.connect(url, autocommit=True))


@contextmanager
def one_machine(url: str, clerks: int) -> Iterator[None]:
    """Run web, payment server and so many clerks."""
    with running_site(database_url=url, migrate=False, forked=False, environment=FAST) as site:
        for number in range(1, clerks):
            site.start_clerk(f"clerk-{number}")
        yield


def migrate(url: str) -> None:
    """Bring a database up to date."""
    from django.core.management import call_command

    from tests.support.world import standing_on

    with standing_on(url):
        call_command("migrate", verbosity=0)


def wave(server: str, rounds: int, history: int, clerks: int = 1) -> Wave:
    """Let all rounds end at the same second and watch."""
    with a_site(server, rounds, history, clerks) as observer:
        end = now(observer) + AHEAD
        observer.execute("UPDATE auction_round SET closes_at = %s", [end])
        seen = watch(observer, end + delay(), rounds)
        return Wave(lateness(observer), seen)


def alone(server: str, count: int) -> Wave:
    """Let rounds end one by one at random moments, and measure each."""
    chance = random.Random(20)  # the same moments in every run
    with a_site(server, count, 10, 1) as observer:
        start = now(observer) + AHEAD
        for place, (round_id,) in enumerate(observer.execute("SELECT id FROM auction_round").fetchall()):
            end = start + timedelta(milliseconds=place * 250 + chance.randrange(250))
            observer.execute("UPDATE auction_round SET closes_at = %s WHERE id = %s", [end, round_id])
        watch(observer, start + delay(), count)
        return Wave(lateness(observer))


def watch(observer: psycopg.Connection[Any], allowed: datetime, rounds: int) -> list[float]:
    """Return when each round was seen to be closed, in ms after the allowed moment."""
    seen: list[float] = []
    deadline = time.monotonic() + PATIENCE
    while len(seen) < rounds and time.monotonic() < deadline:
        asked = "SELECT count(*), clock_timestamp() FROM auction_round WHERE state = 'open'"
        still, at = observer.execute(asked).fetchone() or (rounds, allowed)
        seen += [(at - allowed) / timedelta(milliseconds=1)] * (rounds - still - len(seen))
        time.sleep(POLL)
    if len(seen) < rounds:
        remark(f"{rounds - len(seen)} of {rounds} rounds were not closed within {PATIENCE:.0f} s.")
    return seen


def lateness(observer: psycopg.Connection[Any]) -> list[float]:
    """Return for each closed round how many ms after the allowed moment its record says it closed."""
    asked = (
        "SELECT (e.leaf::json->>'t')::bigint - (e.leaf::json->>'deadline')::bigint FROM auction_event e "
        "WHERE e.kind = 'close'"
    )
    allowed = delay() / timedelta(milliseconds=1)
    return [late - allowed for (late,) in observer.execute(asked).fetchall()]


def now(observer: psycopg.Connection[Any]) -> datetime:
    """Return the database's time, cut to the second."""
    row = observer.execute("SELECT clock_timestamp()").fetchone() or (datetime.now(UTC),)
    at: datetime = row[0]
    return at.replace(microsecond=0)


def delay() -> timedelta:
    """Return how long after its end a round may close."""
    from auction.rules.window import CLOSE_DELAY

    return CLOSE_DELAY


def say(found: Wave, **keys: object) -> None:
    """Print the lines of one case."""
    for name, values in (("late", found.late), ("seen", found.seen)):
        if values:
            for part, percent in (("p50", 50.0), ("p99", 99.0), ("max", 100.0)):
                line("closing", f"{name}_{part}_ms", percentile(values, percent), **keys)
    line("closing", "early", sum(late < 0 for late in found.late), **keys)
    if found.seen:
        line("closing", "all_closed_s", found.all_s, **keys)
    else:
        line("closing", "jitter_ms", found.jitter, **keys)


def growth(more: Wave, less: Wave, of: str) -> None:
    """Print how many times the cost of a round is in one case what it is in another."""
    each = [found.all_s / len(found.seen) for found in (more, less)]
    line("closing", "growth", each[0] / each[1], of=of)


def on_cluster() -> None:
    """Measure with the cluster's two clerks."""
    for rounds in (1000, 5000):
        say(wave("", rounds, 10), rounds=rounds, history=10, clerks=len(CLERKS))


def main(cases: Sequence[tuple[int, int, int]] = CASES) -> None:
    """Measure every case."""
    found: dict[tuple[int, int, int], Wave] = {}
    with postgresql(durable=True) as server:
        say(alone(server, ALONE), rounds=1, history=10, clerks=1)
        for rounds, history, clerks in cases:
            found[rounds, history, clerks] = wave(server, rounds, history, clerks)
            say(found[rounds, history, clerks], rounds=rounds, history=history, clerks=clerks)
        growth(found[5000, 10, 1], wave(server, 500, 10), "rounds")
        long, short = wave(server, 200, 1000), wave(server, 200, 10)
        say(long, rounds=200, history=1000, clerks=1)
        growth(long, short, "history")


if __name__ == "__main__":
    django.setup()
    on_cluster() if is_cluster() else main()
