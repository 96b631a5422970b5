"""A round is closed only on evidence; else it is suspended, entered, and goes on with its time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from auction.models import Incident, IncidentEnd, Pause, Process, Round, Stall, Uptime
from auction.rules.fairness import FINAL, GAP, Span
from auction.rules.window import CLOSE_DELAY, EXTENSION
from auction.services import heartbeat
from auction.services.closing import close_round, close_rounds
from auction.services.suspension import resume, suspend
from auction.services.uptime import answered
from auction.services.watch import watch
from tests.support.bidding import a_recorded_round, bid, leaves, stands_as_recorded
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, lin

pytestmark = pytest.mark.django_db
END = NOON + timedelta(hours=2)
AT = END + CLOSE_DELAY
S = timedelta(seconds=1)


@pytest.fixture
def round(clock: HandClock, settings: Settings) -> Iterator[Round]:
    """Give an open round with a bid that ends in two hours, and hold live against replay at the end."""
    settings.FAIR_CLOSE_GATE = True
    opened = a_recorded_round(closes_at=END)
    bid(a_bidder(opened, lin()), 1_400_000, NOON)
    yield opened
    assert stands_as_recorded(opened.pk)


def reached(*spans: tuple[float, float]) -> None:
    """Let the platform have answered in these times, in seconds from the end."""
    for start, end in spans:
        Uptime.objects.create(from_at=END + start * S, until_at=END + end * S)


def states(*rounds: Round) -> list[str]:
    return [Round.objects.get(pk=one.pk).state for one in rounds]


def test_a_fair_round_closes_and_says_how_far_it_could_be_reached(round: Round) -> None:
    reached((-20_000, -1000), (-639, 1))

    assert close_round(round_id=round.pk, at=AT)

    close = leaves(round.pk)[-1]
    assert (close["kind"], close["reach"], close["reach_end"]) == ("close", 966, 1000)


def test_over_an_outage_nothing_is_sold(round: Round) -> None:
    reached((-20_000, -100), (-80, 1))

    assert close_round(round_id=round.pk, at=AT) is None

    last, pause = leaves(round.pk)[-1], Pause.objects.get(round=round)
    assert (last["kind"], last["reason"], last["incident"]) == ("suspend", "unreachable", pause.incident_id)
    assert (pause.from_at, pause.at, pause.end_before) == (END - 100 * S, AT, END)
    assert states(round) == ["suspended"]


def test_while_too_little_is_known_a_round_waits(round: Round) -> None:
    reached((-20_000, -7))

    assert close_round(round_id=round.pk, at=AT) is None
    assert states(round) == ["open"]

    answered(at=AT)
    assert close_round(round_id=round.pk, at=AT) is not None


def test_of_one_batch_the_fair_close_and_the_others_are_suspended(round: Round) -> None:
    earlier = a_recorded_round(closes_at=END - 900 * S)
    reached((-20_000, -100), (-80, 1))

    closed = close_rounds(round_ids=[round.pk, earlier.pk], at=AT)

    assert [event.round_id for event in closed] == [earlier.pk]
    assert states(round, earlier) == ["suspended", "unsold"]


def test_an_outage_in_the_last_minutes_suspends_at_once_and_its_end_resumes(round: Round) -> None:
    reached((-20_000, -200))
    began, back = END - 200 * S, END - 150 * S

    watch(began + GAP)
    assert states(round) == ["open"]
    watch(began + GAP + S)
    assert states(round) == ["suspended"]

    _answers(back, 70)
    watch(back + 59 * S)
    assert states(round) == ["suspended"]
    watch(back + 70 * S)

    assert states(round) == ["open"]
    assert Round.objects.get(pk=round.pk).closes_at == back + 70 * S + EXTENSION
    assert leaves(round.pk)[-1]["reason"] == "restored"
    assert IncidentEnd.objects.get(incident__pauses__round=round).until_at == back


def test_a_long_outage_gives_back_all_the_time_it_took(round: Round) -> None:
    reached((-20_000, -5000), (10, 100))
    close_round(round_id=round.pk, at=AT)

    watch(END + 100 * S)

    assert Round.objects.get(pk=round.pk).closes_at == END + 5100 * S


def test_what_the_court_suspended_the_platform_does_not_resume(round: Round) -> None:
    reached((-20_000, 1))
    suspend(round_id=round.pk, reason="案外人异议", at=END - FINAL)

    watch(END)
    assert states(round) == ["suspended"]

    resume(round_id=round.pk, reason="异议不成立", at=END)
    pause = Pause.objects.get(round=round)
    assert (pause.incident, pause.until_at, pause.end_after) == (None, END, END + FINAL)


def test_a_new_platform_suspends_nothing(round: Round) -> None:
    watch(END - FINAL)
    reached((-30, 1))
    watch(END)

    assert close_round(round_id=round.pk, at=AT)
    assert not Incident.objects.exists()


def test_several_clerks_enter_one_outage_once(round: Round) -> None:
    reached((-20_000, -100))
    for _ in range(2):
        watch(END - 80 * S)
        answered(at=END - 60 * S)

    assert Incident.objects.get().from_at == END - 100 * S
    assert IncidentEnd.objects.get().until_at == END - 60 * S
    assert Uptime.objects.count() == 2


def test_a_process_that_stalled_over_the_end_sells_nothing(round: Round) -> None:
    reached((-20_000, 1))
    process = heartbeat.begin(at=END - 600 * S)
    heartbeat.beat(process_id=process.pk, at=END + S, stalls=[Span(END - S, END + S)])

    assert close_round(round_id=round.pk, at=AT) is None
    assert Incident.objects.get(pauses__round=round).cause == "stalled"


def test_a_process_that_ended_as_it_should_is_waited_for_no_more(round: Round) -> None:
    reached((-20_000, 1))
    process = heartbeat.begin(at=END - 600 * S)
    heartbeat.beat(process_id=process.pk, at=END - S)
    assert close_round(round_id=round.pk, at=AT) is None

    heartbeat.end(process_id=process.pk, at=END - S)

    assert close_round(round_id=round.pk, at=AT)


def test_dead_processes_are_found_and_living_ones_are_not() -> None:
    living = heartbeat.begin(at=NOON)
    dead = Process.objects.create(host=living.host, pid=2**22 + 1, started_at=NOON, beat_at=NOON)
    elsewhere = Process.objects.create(host="elsewhere", pid=dead.pid, started_at=NOON, beat_at=NOON)

    heartbeat.bury(END)

    found = dict(Process.objects.values_list("pk", "dead_at"))
    assert found == {living.pk: None, dead.pk: END, elsewhere.pk: None}
    assert living.pid == os.getpid()


def test_stalls_and_beat_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    process = heartbeat.begin(at=NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        heartbeat.beat(process_id=process.pk, at=END, stalls=[Span(END, None)])  # type: ignore[arg-type]

    process.refresh_from_db()
    assert process.beat_at == NOON
    assert not Stall.objects.exists()


def test_the_ledger_of_outages_does_not_change() -> None:
    incident = Incident.objects.create(cause="unreachable", from_at=NOON, at=NOON)

    with pytest.raises(DatabaseError), transaction.atomic():
        incident.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Incident.objects.update(from_at=END)


def _answers(start: object, seconds: int) -> None:
    for second in range(0, seconds + 1, 2):
        answered(at=start + second * S)  # type: ignore[operator]
