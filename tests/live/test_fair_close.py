"""Nothing is sold over an outage: processes stopped and killed in the last minutes and through the end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from auction import clock
from auction.models import Incident, Pause, Round, Uptime
from auction.rules.fairness import GAP
from auction.rules.window import CLOSE_DELAY, EXTENSION
from tests.support.bidding import a_recorded_round, bid, leaves, stands_as_recorded
from tests.support.people import a_bidder, lin
from tests.support.site import Site, running_site
from tests.support.world import servers_of, standing_on

OUTAGE_S = 20
TRIALS = 3
PROBED = timedelta(seconds=3)  # from one question of the probe to the next, and a little
MS = timedelta(milliseconds=1)


@pytest.fixture(params=["postgresql", "sqlite"])
def site(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """Give a site that can be reached, as its own probe says."""
    with (
        servers_of(request.param, tmp_path, request) as servers,
        django_db_blocker.unblock(),
        standing_on(servers.database_url),
        running_site(database_url=servers.database_url, redis_url=servers.redis_url) as running,
    ):
        until(Uptime.objects.exists, 40)
        yield running


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_an_outage_in_the_last_minutes_ends_in_suspension_and_make_up_time(site: Site) -> None:
    round = a_round_ending_in(40)
    with Stopped(site):
        time.sleep(OUTAGE_S)
        seen = Round.objects.get(pk=round.pk)
    until(lambda: Round.objects.get(pk=round.pk).state == "open", 100)

    suspended, resumed = leaves(round.pk)[-2:]
    assert seen.state == "suspended"
    assert (suspended["kind"], suspended["reason"]) == ("suspend", "unreachable")
    assert (resumed["kind"], resumed["reason"]) == ("resume", "restored")
    assert resumed["deadline"] - resumed["t"] >= EXTENSION / MS
    assert resumed["t"] - suspended["t"] >= 60_000
    assert stands_as_recorded(round.pk)
    told = httpx.get(f"{site.base_url}/incidents.json", timeout=30).json()["incidents"][0]
    assert told["until"] - told["from"] >= (OUTAGE_S - 3) * 1000
    assert [(one["round"], one["end_after"]) for one in told["rounds"]] == [(round.pk, resumed["deadline"])]


def test_a_process_that_stood_still_over_the_end_sells_nothing(site: Site) -> None:
    fair, round = a_round_ending_in(4), a_round_ending_in(8)
    until(lambda: Round.objects.get(pk=fair.pk).state in ("sold", "confirmed"), 15)
    wait_until(round.closes_at - timedelta(seconds=1))
    with Stopped(site):
        wait_until(round.closes_at + CLOSE_DELAY + timedelta(seconds=1))
        meanwhile = Round.objects.get(pk=round.pk).state
    until(lambda: Round.objects.get(pk=round.pk).state != "open", 15)

    assert meanwhile == "open"
    assert [leaf["kind"] for leaf in leaves(round.pk)] == ["open", "bid", "suspend"]
    assert Incident.objects.get(pauses__round=round).cause in ("stalled", "silent")
    assert leaves(fair.pk)[2]["reach_end"] == 1000


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_clerks_that_were_away_over_the_end_find_the_gap_and_suspend(site: Site) -> None:
    round = a_round_ending_in(6)
    site.kill("clerk")
    wait_until(round.closes_at + timedelta(seconds=9))
    site.start_clerk()
    until(lambda: Round.objects.get(pk=round.pk).state != "open", 30)

    assert leaves(round.pk)[-1]["kind"] == "suspend"
    assert Pause.objects.get(round=round).end_before == round.closes_at


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_a_clerk_killed_for_a_moment_and_a_web_process_restarted_suspend_nothing(site: Site) -> None:
    for _ in range(TRIALS):
        round, gaps, away = closed_after_restarts(site)
        if not gaps:
            break
        assert away > GAP - PROBED, "it found a gap where none was"
    else:
        pytest.skip(f"this machine is too busy: in {TRIALS} trials a restart took it {away} and more")

    assert [leaf.get("reason", leaf["kind"]) for leaf in leaves(round.pk)] == ["open", "bid", "close"]


def closed_after_restarts(site: Site) -> tuple[Round, int, timedelta]:
    """Restart the web process and the clerk shortly before an end.

    Return how many gaps the probe found, and how long the slower of the two was away.
    """
    round = a_round_ending_in(280)
    begun = clock.now()
    Round.objects.filter(pk=round.pk).update(opens_at=begun)  # what an earlier trial took is before it
    before = Uptime.objects.count()
    away = max(restarted(site, "web", site.start_web), restarted(site, "clerk", site.start_clerk))
    Round.objects.filter(pk=round.pk).update(closes_at=clock.now() + GAP + timedelta(seconds=2))
    until(lambda: Round.objects.get(pk=round.pk).state != "open", 60)
    return round, Uptime.objects.count() - before, away


def restarted(site: Site, name: str, start: Callable[[], None]) -> timedelta:
    """Kill a part, start it, wait until the site is seen to be reached again; return how long it was not."""
    killed = clock.now()
    site.kill(name)
    start()
    begun = clock.now()
    until(lambda: Uptime.objects.latest("until_at").until_at > begun, 60)
    return clock.now() - killed


def a_round_ending_in(seconds: float) -> Round:
    """Return a round with a bid of Lin's, its end so far ahead."""
    at = clock.now()
    round = a_recorded_round(at=at, opens_at=at - timedelta(hours=1), closes_at=at + timedelta(hours=1))
    assert bid(a_bidder(round, lin(), at=at), 1_400_000, clock.now()).accepted
    round.refresh_from_db()
    round.closes_at = clock.now() + timedelta(seconds=seconds)
    round.save(update_fields=["closes_at"])
    return round


class Stopped:
    """The web process stands still meanwhile."""

    def __init__(self, site: Site) -> None:
        self.group = site.parts["web"].pid

    def __enter__(self) -> None:
        os.killpg(self.group, signal.SIGSTOP)

    def __exit__(self, *gone: object) -> None:
        os.killpg(self.group, signal.SIGCONT)


def wait_until(moment: Any) -> None:
    time.sleep(max(0.0, (moment - clock.now()).total_seconds()))


def until(so: Callable[[], bool], within: float) -> None:
    deadline = time.monotonic() + within
    while not so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
