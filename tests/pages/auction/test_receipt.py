"""A receipt's own page: what is kept of its leaf, and the same address as a code."""

from __future__ import annotations

import pytest
import segno
from django.conf import settings
from django.test import Client
from django.utils.html import escape

from auction.models import Log, Logged, Round
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import NOON, a_bidder, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def a_bid() -> tuple[Round, str, str]:
    """Return a round with one bid, the bid's page, and the hash of its leaf."""
    round = a_recorded_round()
    made = bid(a_bidder(round, lin()), 1_400_000, NOON)
    return round, f"/receipts/{round.pk}/{made.seq}/{made.hash}/", made.hash


def text(client: Client, path: str) -> str:
    return client.get(path, headers={"Accept-Language": "en"}).content.decode()


def test_a_bid_in_the_record_waits_for_the_log_and_is_found_there(client: Client) -> None:
    round, page, hashed = a_bid()
    assert "not in the public log yet" in text(client, page)
    assert "No log has been signed yet" in text(client, page)

    event = round.events.get(hash=hashed)
    log = Log.objects.create(
        origin="o", started_at=NOON, size=9, signed_size=7, checkpoint="c", signed_at=NOON
    )
    Logged.objects.create(log=log, event=event, index=6)

    told = text(client, page)
    assert '<b class="figures">6</b>' in told
    assert '<b class="figures">7</b>' in told
    assert f"/rounds/{round.pk}/proofs/{event.seq}.tlog-proof" in told


def test_a_bid_beyond_what_is_signed_is_not_told_to_be_in_the_log(client: Client) -> None:
    round, page, hashed = a_bid()
    log = Log.objects.create(
        origin="o", started_at=NOON, size=9, signed_size=6, checkpoint="c", signed_at=NOON
    )
    Logged.objects.create(log=log, event=round.events.get(hash=hashed), index=6)

    told = text(client, page)
    assert "not in the public log yet" in told
    assert 'grew last at <b class="figures">2026-11-20 12:00:00</b>, to <b class="figures">6</b>' in told


@pytest.mark.parametrize("change", ["another leaf", "another place", "no bid"])
def test_what_the_record_does_not_hold_is_told_with_what_to_do(client: Client, change: str) -> None:
    round, page, hashed = a_bid()
    opening = round.events.get(seq=1).hash
    paths = {
        "another leaf": page.replace(hashed, "0" * 64),
        "another place": page.replace(f"/2/{hashed}", f"/3/{hashed}"),
        "no bid": f"/receipts/{round.pk}/1/{opening}/",
    }

    told = text(client, paths[change])
    assert "The record has no such bid" in told
    assert "第31条" in told


def test_the_code_says_the_address_of_the_page(client: Client) -> None:
    _, page, _ = a_bid()

    drawn = segno.make(f"{settings.SITE_URL}{page}", error="m", micro=False)
    assert escape(drawn.svg_data_uri(border=4, light="#fff", scale=4)) in text(client, page)


@pytest.mark.parametrize("leaf", ["0" * 63, "G" * 64, "a%0A" * 16])
def test_what_is_no_hash_has_no_page(client: Client, leaf: str) -> None:
    round, _, _ = a_bid()

    assert client.get(f"/receipts/{round.pk}/2/{leaf}/").status_code == 404
    assert client.get(f"/receipts/{10**30}/2/{'0' * 64}/").status_code == 404
    assert client.get(f"/receipts/{round.pk}/{10**30}/{'0' * 64}/").status_code == 200
