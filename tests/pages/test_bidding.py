"""Bidding by plain HTTP: by the page's script when its socket fails, and without scripts at all."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from auction.engine import drain
from auction.models import Bid, Round
from tests.support.bidding import a_recorded_round
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, chen, lin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(tmp_path: Path, settings: Settings) -> None:
    settings.PLATFORM_CLOCK = str(tmp_path / "clock")
    HandClock(tmp_path / "clock", NOON)
    drain.allowance.cache_clear()


@pytest.fixture
def round() -> Round:
    return a_recorded_round()


@pytest.fixture
def lins(client: Client, round: Round) -> Client:
    """Return Lin's browser; he may bid."""
    a_bidder(round, lin())
    client.force_login(lin())
    return client


def test_the_script_gets_the_sockets_answer(lins: Client, round: Round) -> None:
    key = str(uuid4())
    body = {"key": key, "amount": 140_000_000}

    first = lins.post(f"/rounds/{round.pk}/bids", body, content_type="application/json")
    again = lins.post(f"/rounds/{round.pk}/bids", body, content_type="application/json")

    assert first.json()["type"] == "accepted"
    assert again.json() == first.json()
    assert Bid.objects.count() == 1


def test_a_refusal_is_a_conflict_with_its_ground(lins: Client, round: Round) -> None:
    body = {"key": str(uuid4()), "amount": 1}

    answer = lins.post(f"/rounds/{round.pk}/bids", body, content_type="application/json")

    assert (answer.status_code, answer.json()["ground"]) == (409, "too_low")


@pytest.mark.parametrize(
    ("amount", "outcome"), [("1,400,000.00", "accepted=140000000"), ("1", "refused=too_low")]
)
def test_without_scripts_the_form_goes_back_to_the_lot(
    lins: Client, round: Round, amount: str, outcome: str
) -> None:
    answer = lins.post(f"/rounds/{round.pk}/bids", {"key": str(uuid4()), "amount": amount})

    assert (answer.status_code, answer.url) == (302, f"/lots/{round.lot_id}/?{outcome}#bid")  # type: ignore[attr-defined]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"key":"x","amount":1}'])
def test_what_is_no_bid_is_a_bad_request(lins: Client, round: Round, body: bytes) -> None:
    answer = lins.post(f"/rounds/{round.pk}/bids", body, content_type="application/json")

    assert answer.status_code == 400


def test_who_is_not_registered_is_refused(client: Client, round: Round) -> None:
    client.force_login(chen())

    answer = client.post(
        f"/rounds/{round.pk}/bids",
        {"key": str(uuid4()), "amount": 140_000_000},
        content_type="application/json",
    )

    assert answer.json()["ground"] == "not_qualified"


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, round: Round) -> None:
    assert client.post(f"/rounds/{round.pk}/bids", {"amount": "1"}).status_code == 302
    assert Bid.objects.count() == 0


def test_what_stands_and_what_was_missed_are_public(lins: Client, round: Round) -> None:
    lins.post(f"/rounds/{round.pk}/bids", {"key": str(uuid4()), "amount": "1400000"})
    anyone = Client()

    state = anyone.get(f"/rounds/{round.pk}/state.json").json()
    events = anyone.get(f"/rounds/{round.pk}/events.json?after=1").json()["events"]

    assert (state["price"], state["leader"], state["you"]) == (140_000_000, "T0001", None)
    assert [event["kind"] for event in events] == ["bid"]
    assert anyone.get(f"/rounds/{round.pk}/events.json?after=x").status_code == 400


def test_the_record_is_public_as_exact_leaves(lins: Client, round: Round) -> None:
    lins.post(f"/rounds/{round.pk}/bids", {"key": str(uuid4()), "amount": "1400000"})

    answer = Client().get(f"/lots/{round.lot_id}/record.jsonl")

    leaves = [event.leaf for event in round.events.all()]
    assert answer.content.decode() == "".join(f"{leaf}\n" for leaf in leaves)
