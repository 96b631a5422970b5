"""The public ledger of outages, a stopped round's own page, and the officer who stops one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from auction.models import IncidentEnd, Pause, Round
from auction.record import ms
from auction.rules.fairness import Cause, Outage
from auction.services.suspension import resume_rounds, stop
from tests.support import sales
from tests.support.bidding import a_recorded_round, leaves
from tests.support.clock import HandClock
from tests.support.people import NOON, chen, judge_wu

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=3)


@pytest.fixture
def stopped(clock: HandClock) -> Round:
    """Give a round that the platform suspended over an outage of a minute."""
    round = a_recorded_round()
    with transaction.atomic():
        stop({round: Outage(Cause.UNREACHABLE, NOON - timedelta(minutes=1), NOON)}, at=NOON)
    return Round.objects.get(pk=round.pk)


def test_the_site_says_that_it_can_be_reached(client: Client) -> None:
    answer = client.get("/health")

    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer["Cache-Control"]


def test_an_outage_and_what_it_stopped_can_be_read_by_anyone(client: Client, stopped: Round) -> None:
    before = client.get("/incidents/").content.decode()
    resume_rounds(round_ids=[stopped.pk], at=LATER)
    after = client.get("/incidents/").content.decode()

    assert stopped.lot.title in before
    assert "公开网址无响应" in before
    assert "结束时间由" not in before
    assert "结束时间由" in after


def test_the_ledger_is_data_too(client: Client, stopped: Round) -> None:
    resume_rounds(round_ids=[stopped.pk], at=LATER)

    (entry,) = client.get("/incidents.json").json()["incidents"]

    pause = Pause.objects.get()
    assert (entry["cause"], entry["until"]) == ("unreachable", ms(IncidentEnd.objects.get().until_at))
    assert entry["rounds"] == [
        {
            "round": stopped.pk,
            "suspended": ms(NOON),
            "since": ms(NOON - timedelta(minutes=1)),
            "end_before": ms(pause.end_before),
            "resumed": ms(LATER),
            "end_after": ms(Round.objects.get(pk=stopped.pk).closes_at),
        }
    ]


def test_a_stopped_rounds_page_says_why_and_by_which_article(client: Client, stopped: Round) -> None:
    page = client.get(f"/lots/{stopped.lot_id}/").content.decode()

    assert "平台曾连续十秒以上无法访问" in page
    assert "第28条" in page
    assert "unreachable</span>" not in page


def test_an_officer_stops_a_round_of_his_court_and_lets_it_go_on(client: Client, clock: HandClock) -> None:
    listing = sales.a_listing(a_recorded_round())
    client.force_login(judge_wu())

    for act, state in (("suspend", "suspended"), ("resume", "open")):
        answer = client.post(f"/officer/listings/{listing.pk}/{act}/", {"reason": f"理由 {act}"})
        assert answer.status_code == 302
        assert Round.objects.get().state == state

    assert [leaf["reason"] for leaf in leaves(Round.objects.get().pk)[1:]] == ["理由 suspend", "理由 resume"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_stopped(client: Client, clock: HandClock, reason: str) -> None:
    listing = sales.a_listing(a_recorded_round())
    client.force_login(judge_wu())

    client.post(f"/officer/listings/{listing.pk}/suspend/", {"reason": reason})

    assert Round.objects.get().state == "open"


def test_nobody_else_may_stop_a_round(client: Client, clock: HandClock) -> None:
    listing = sales.a_listing(a_recorded_round())
    client.force_login(chen())

    assert client.post(f"/officer/listings/{listing.pk}/suspend/", {"reason": "x"}).status_code == 403
    assert Round.objects.get().state == "open"
