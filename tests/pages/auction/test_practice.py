"""The practice pages: listed apart, joined by one click, marked as play, and without any page of money."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from auction import clock
from auction.models import Round
from auction.rules.window import CLOSE_DELAY
from auction.services import practice
from auction.services.closing import close_round
from auction.services.opening import open_bidding
from tests.support.people import a_lot, an_open_round, chen

PLAY = "此处为模拟出价"


@pytest.fixture
def round(db: None) -> Round:
    """Return an open practice round."""
    begun = practice.open_practice(at=clock.now())
    open_bidding(round_id=begun.pk, at=clock.now())
    return begun


def page(client: Client, path: str) -> str:
    """Return a page's text."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_leads_to_practice_and_lists_only_real_lots(client: Client, round: Round) -> None:
    an_open_round(at=clock.now(), lot=a_lot())

    text = page(client, "/")

    assert 'href="/practice/"' in text
    assert f"/lots/{round.lot_id}/" not in text
    assert client.get("/practice/")["Location"] == f"/lots/{round.lot_id}/"


@pytest.mark.django_db
def test_without_a_practice_lot_nothing_leads_there(client: Client) -> None:
    assert "/practice/" not in page(client, "/")
    assert client.get("/practice/").status_code == 404


def test_a_visitor_is_asked_to_sign_in_and_then_joins_by_one_click(client: Client, round: Round) -> None:
    path = f"/lots/{round.lot_id}/"
    assert f"?next={path}" in page(client, path)
    client.force_login(chen())

    assert f'action="/rounds/{round.pk}/practice"' in page(client, path)
    client.post(f"/rounds/{round.pk}/practice")

    assert round.bidders.get().code in page(client, path)
    assert 'data-part="bid"' in page(client, path)


def test_every_page_of_it_is_marked_as_play(client: Client, round: Round) -> None:
    client.force_login(chen())
    client.post(f"/rounds/{round.pk}/practice")

    for path in (f"/lots/{round.lot_id}/", f"/rounds/{round.pk}/bid/"):
        assert PLAY in page(client, path)
    assert '"practice":true' in page(client, f"/lots/{round.lot_id}/record.jsonl").splitlines()[0]


def test_an_ended_round_speaks_of_no_sale(client: Client, round: Round) -> None:
    Round.objects.filter(pk=round.pk).update(closes_at=clock.now() - CLOSE_DELAY - timedelta(seconds=1))
    assert close_round(round_id=round.pk, at=clock.now())
    client.force_login(chen())

    answer = client.post(f"/rounds/{round.pk}/practice", follow=True)

    text = answer.content.decode()
    assert "未发生任何成交" in text
    assert "成交确认书" not in text


@pytest.mark.parametrize("path", ["register/", "deposit/", "deposit/return/", "balance/", "confirmation/"])
def test_there_is_no_page_of_money_or_sale_for_it(client: Client, round: Round, path: str) -> None:
    client.force_login(chen())
    client.post(f"/rounds/{round.pk}/practice")

    answer = client.get(f"/rounds/{round.pk}/{path}")

    assert answer.status_code == 404 or answer["Location"].startswith(("/rounds/", "/lots/"))


def test_only_practice_is_joined_so(client: Client, db: None) -> None:
    real = an_open_round(at=clock.now())
    client.force_login(chen())

    assert client.post(f"/rounds/{real.pk}/practice").status_code == 404
