"""All lots as open data: stable pages, kept by whoever asked before, and nobody's name."""

from __future__ import annotations

from datetime import UTC
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from auction.models import Bidder, Round
from tests.support import sales
from tests.support.people import a_lot, an_announced_round, an_open_round

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(client: Client, address: str = "/lots.json") -> dict[str, Any]:
    parts = urlsplit(address)
    said: dict[str, Any] = client.get(f"{parts.path}?{parts.query}").json()
    return said


def walked(client: Client, address: str | None) -> list[int]:
    """Return the numbers of all lots from an address on."""
    found: list[int] = []
    while address:
        said = page(client, address)
        found += [lot["id"] for lot in said["lots"]]
        address = said["next"]
    return found


def test_a_lot_is_told_with_its_rounds(client: Client) -> None:
    flat = a_lot(title="示范路301室")
    round = an_open_round(lot=flat, price_fen=150_000_000, bid_count=3)

    (lot,) = page(client)["lots"]
    (told,) = lot["rounds"]
    assert (lot["id"], lot["court"], lot["kind"]) == (flat.pk, flat.court_name, "house")
    assert (told["id"], told["state"], told["price_fen"], told["bids"]) == (round.pk, "open", 150_000_000, 3)
    closes_at = round.closes_at.astimezone(UTC)
    assert told["closes_at"] == f"{closes_at:%Y-%m-%dT%H:%M:%S}.{closes_at.microsecond // 1000:03}Z"
    assert (told["closed_at"], told["links"]["confirmation"], lot["links"]["tour"]) == (None, None, None)


def test_the_pages_hold_every_lot_once_and_those_that_come_meanwhile(client: Client) -> None:
    first = [an_announced_round(lot=a_lot()).lot_id for _ in range(3)]
    begun = page(client, "/lots.json?limit=2")
    last = an_announced_round(lot=a_lot()).lot_id

    assert [lot["id"] for lot in begun["lots"]] == first[:2]
    assert walked(client, begun["next"]) == [first[2], last]
    assert walked(client, "/lots.json?limit=1") == [*first, last]
    assert page(client, f"/lots.json?after={last}") == {"lots": [], "next": None}


def test_the_practice_lot_is_for_sale_nowhere(client: Client) -> None:
    an_open_round(lot=a_lot(practice=True))

    assert page(client)["lots"] == []


def test_who_has_it_gets_it_again_only_when_it_changed(client: Client) -> None:
    round = an_open_round(lot=a_lot())
    answer = client.get("/lots.json")
    known = {"If-None-Match": answer["ETag"]}

    assert answer["Cache-Control"] == "public, max-age=10"
    assert "Cookie" not in answer.get("Vary", "")
    assert client.get("/lots.json", headers=known).status_code == 304
    Round.objects.filter(pk=round.pk).update(price_fen=1, bid_count=1)
    assert client.get("/lots.json", headers=known).status_code == 200


def test_the_question_costs_the_same_however_many_lots_there_are(
    client: Client, django_assert_num_queries: Any
) -> None:
    for _ in range(5):
        an_announced_round(lot=a_lot())

    with django_assert_num_queries(2):
        assert len(page(client)["lots"]) == 5


def test_of_a_sale_it_says_the_price_and_no_name(client: Client) -> None:
    sales.confirmed()
    body = client.get("/lots.json").content.decode()

    (told,) = client.get("/lots.json").json()["lots"][0]["rounds"]
    assert (told["state"], told["price_fen"]) == ("confirmed", sales.PRICE)
    assert told["links"]["confirmation"].endswith(f"/rounds/{told['id']}/confirmation/")
    bidder = Bidder.objects.get()
    assert not [word for word in (sales.LIN.name, sales.LIN.number, bidder.code) if word in body]


def test_every_link_leads_somewhere(client: Client) -> None:
    sales.confirmed()
    lot = page(client)["lots"][0]
    links = {**lot["links"], **lot["rounds"][0]["links"]}
    unsigned = {"record_zip", "proofs"}  # no log is signed here; tests/live holds these

    for name, address in links.items():
        if address and name not in unsigned:
            parts = urlsplit(address)
            assert client.get(f"{parts.path}?{parts.query}").status_code == 200, name
    assert links["proofs"].endswith(f"/rounds/{lot['rounds'][0]['id']}/proofs/{{seq}}.tlog-proof")


@pytest.mark.parametrize(
    "asked", ["after=-1", "after=x", "after=²", "limit=0", "limit=101", "limit=", f"after={10**30}"]
)
def test_a_question_that_makes_no_sense_is_refused(client: Client, asked: str) -> None:
    assert client.get(f"/lots.json?{asked}").status_code == 400
