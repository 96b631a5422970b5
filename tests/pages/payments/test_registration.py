"""Real name, seven warnings, refusals with their article."""

from __future__ import annotations

import pytest
from django.test import Client

from auction.models import Barred, Bidder, RealName, Round
from auction.models.sealing import number_hash
from auction.services.register import warnings
from tests.support import money
from tests.support.people import NOON, an_open_round, chen, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def as_lin(client: Client) -> Client:
    client.force_login(lin())
    return client


def register_url(round: Round) -> str:
    return f"/rounds/{round.pk}/register/"


@pytest.mark.parametrize("path", ["/mine/", "/mine/real-name/", "/rounds/1/register/", "/rounds/1/deposit/"])
def test_personal_pages_ask_to_sign_in(client: Client, path: str) -> None:
    assert "/accounts/login/" in client.get(path)["Location"]


def test_a_real_name_leads_back_to_the_registration(as_lin: Client) -> None:
    name, number = money.NAMES["lin"]
    onward = "/rounds/7/register/"

    answer = as_lin.post(
        "/mine/real-name/", {"kind": "natural", "name": name, "number": number, "next": onward}
    )

    assert answer["Location"] == onward
    assert name in as_lin.get("/mine/real-name/").content.decode()


def test_it_leads_to_no_other_site(as_lin: Client) -> None:
    name, number = money.NAMES["lin"]
    form = {"kind": "natural", "name": name, "number": number, "next": "https://evil.test/"}

    assert as_lin.post("/mine/real-name/", form)["Location"] == "/mine/"


def test_a_wrong_number_is_said_beside_the_field(as_lin: Client) -> None:
    form = {"kind": "natural", "name": "林晓月", "number": "110105199003070026"}

    page = as_lin.post("/mine/real-name/", form).content.decode()

    assert "field__error" in page
    assert not RealName.objects.exists()


def test_a_number_that_another_account_has_is_refused(as_lin: Client) -> None:
    money.named(chen())
    name, number = money.NAMES["chen"]

    assert (
        as_lin.post("/mine/real-name/", {"kind": "natural", "name": name, "number": number}).status_code
        == 409
    )


def test_the_page_asks_for_the_real_name_first(as_lin: Client) -> None:
    page = as_lin.get(register_url(an_open_round())).content.decode()

    assert "/mine/real-name/?next=/rounds/" in page
    assert 'name="read"' not in page


def test_reading_every_warning_registers(as_lin: Client) -> None:
    round = an_open_round()
    money.named(lin())

    answer = as_lin.post(register_url(round), {"read": list(warnings(round.lot))})

    assert answer["Location"] == f"/rounds/{round.pk}/deposit/"
    assert Bidder.objects.get().warnings_digest == money.consent(round).digest()


def test_an_unread_warning_is_refused_with_its_article(as_lin: Client) -> None:
    round = an_open_round()
    money.named(lin())

    answer = as_lin.post(register_url(round))

    assert (answer.status_code, Bidder.objects.count()) == (409, 0)
    assert "法释〔2016〕18号第14条" in answer.content.decode()


def test_a_barred_person_reads_why_before_ticking(as_lin: Client) -> None:
    round = an_open_round()
    money.named(lin())
    Barred.objects.create(
        number_hash=number_hash(money.NAMES["lin"][1]), why="office", reason="clerk", at=NOON
    )

    assert "法释〔2016〕18号第34条" in as_lin.get(register_url(round)).content.decode()


def test_personal_pages_are_not_kept(as_lin: Client) -> None:
    assert "no-store" in as_lin.get("/mine/")["Cache-Control"]
