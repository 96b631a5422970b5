"""The clerk: what is due is done, one row's error stops no other, and doing it twice changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.core.management import call_command

from auction.models import Round
from auction.queries import due
from auction.rules.fairness import FINAL
from auction.rules.window import CLOSE_DELAY
from config import clerk, lanes
from config.lanes import Rests, rows, whole
from tests.support.bidding import a_recorded_round, begin_record, bid, leaves
from tests.support.clock import NOON, HandClock
from tests.support.migrated import bring_up_to_date
from tests.support.people import a_bidder, an_announced_round, lin
from tests.support.site import ROOT, sqlite_url


@pytest.mark.django_db
def test_the_clerk_opens_and_closes_what_is_due_and_nothing_else(clock: HandClock) -> None:
    opening, closing, later = an_announced_round(opens_at=NOON), a_recorded_round(), an_announced_round()
    begin_record(opening, at=NOON)
    Round.objects.filter(pk=closing.pk).update(closes_at=NOON - CLOSE_DELAY)

    for _ in range(2):
        clerk.TO_THE_MOMENT[0].turn(Rests())

    states = dict(Round.objects.values_list("pk", "state"))
    assert states == {opening.pk: "open", closing.pk: "unsold", later.pk: "announced"}
    assert [leaf["kind"] for leaf in leaves(closing.pk)] == ["open", "close"]


def test_a_row_that_fails_rests_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done: list[int] = []

    def act(row: int, at: datetime) -> None:
        if row == 1:
            raise OSError
        done.append(row)

    step, rests = rows("try", lambda _: [1, 2], act), Rests()
    for _ in range(3):
        step(NOON, rests)

    assert done == [2, 2, 2]
    assert len(caplog.records) == 1


def test_a_row_that_rested_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "FIRST_REST", 0)
    outcomes = iter([OSError, OSError, None])
    tried: list[datetime] = []

    def act(at: datetime) -> None:
        tried.append(at)
        if error := next(outcomes):
            raise error

    lane, rests = whole("try", act), Rests()
    for _ in range(3):
        lane(NOON, rests)

    assert len(tried) == 3
    assert rests.failures == {}


@pytest.mark.django_db
def test_one_turn_of_everything_does_what_is_due(clock: HandClock) -> None:
    round = a_recorded_round()
    bid(a_bidder(round, lin()), 1_400_000, NOON)
    clock.set(round.closes_at + CLOSE_DELAY)

    clerk.TO_THE_MOMENT[0].turn(Rests())

    assert due.to_confirm(clock.at) == [round.pk]
    assert due.to_close(clock.at + timedelta(days=1)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("left", "soon"), [(FINAL, True), (FINAL + timedelta(seconds=1), False)])
def test_the_log_grows_without_delay_while_a_round_may_end_soon(
    left: timedelta, soon: bool, clock: HandClock
) -> None:
    round = a_recorded_round(at=clock.at)
    Round.objects.filter(pk=round.pk).update(closes_at=clock.at + left)

    assert due.next_growth() == (clock.at + due.GLANCE if soon else None)


def test_a_clerk_that_is_told_to_stop_stops_cleanly(tmp_path: Path) -> None:
    environment = os.environ | {"DATABASE_URL": sqlite_url(tmp_path), "MEDIA_ROOT": str(tmp_path)}
    manage, there = [sys.executable, "-u", "manage.py"], {"cwd": ROOT, "env": environment}
    migrate = partial(
        subprocess.run, [*manage, "migrate", "--verbosity", "0"], check=True, timeout=60, **there
    )
    bring_up_to_date(sqlite_url(tmp_path), migrate)
    working = subprocess.Popen([*manage, "clerk"], stdout=subprocess.PIPE, text=True, **there)

    assert working.stdout is not None
    assert "at work" in working.stdout.readline()
    working.send_signal(signal.SIGTERM)
    assert working.wait(15) == 0
    working.stdout.close()


@pytest.mark.django_db
def test_everything_due_can_be_done_once_by_command(clock: HandClock) -> None:
    round = an_announced_round(opens_at=NOON)
    begin_record(round, at=NOON)

    call_command("clerk", "--once", skip_checks=True)

    assert Round.objects.get(pk=round.pk).state == "open"
