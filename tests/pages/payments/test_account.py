"""The court's account: statements in, orders out, and nobody else's money."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client

from auction.models import Deposit, PaymentOrder, Round
from auction.services.closing import close_round
from auction.services.deposits import release_due
from enforcement.models import Court, Officer
from tests.support import money
from tests.support.people import an_open_round, chen, judge_wu, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

NAME = money.NAMES["lin"][0]


@pytest.fixture
def as_judge_wu(client: Client) -> Client:
    client.force_login(judge_wu())
    return client


def imported(client: Client, *lines: tuple[str, str, str, str]) -> str:
    file = BytesIO(money.statement(*lines))
    file.name = "statement.csv"
    return client.post("/officer/account/", {"file": file}).content.decode()


def a_deposit_by_transfer(client: Client) -> Round:
    round = an_open_round()
    code = money.a_registration(round, lin()).deposit.remittance_code
    imported(client, ("B1", "140000", NAME, code))
    return round


def test_a_statement_secures_a_deposit_and_names_nobody(as_judge_wu: Client) -> None:
    code = money.a_registration(an_open_round(), lin()).deposit.remittance_code

    page = imported(as_judge_wu, ("B1", "140000", NAME, code), ("B2", "5", NAME, "?"))

    assert Deposit.objects.get().state == "held"
    assert "B2" in page
    assert NAME not in page
    assert Deposit.objects.get().bidder.code not in page


def test_a_deposit_sent_back_is_ordered_from_the_bank(as_judge_wu: Client) -> None:
    round = a_deposit_by_transfer(as_judge_wu)
    close_round(round_id=round.pk, at=round.closes_at + timedelta(seconds=3))
    release_due(round.closes_at + timedelta(hours=1))

    file = as_judge_wu.get("/officer/account/orders.csv").content.decode("utf-8-sig")

    code = Deposit.objects.get().remittance_code
    assert file.splitlines()[1] == f"{NAME},6222,140000.00,{code}"
    assert code in as_judge_wu.get("/officer/account/").content.decode()


def test_the_orders_of_another_court_are_not_shown(as_judge_wu: Client) -> None:
    round = a_deposit_by_transfer(as_judge_wu)
    close_round(round_id=round.pk, at=round.closes_at + timedelta(seconds=3))
    release_due(round.closes_at + timedelta(hours=1))
    other = Court.objects.create(code="京0108", name="北京市海淀区人民法院", province="北京市")
    Officer.objects.update(court=other)

    assert PaymentOrder.objects.get().code not in as_judge_wu.get("/officer/account/").content.decode()
    assert NAME not in as_judge_wu.get("/officer/account/orders.csv").content.decode()


def test_an_unreadable_file_changes_nothing_and_names_its_line(as_judge_wu: Client) -> None:
    page = imported(as_judge_wu, ("B1", "a lot", NAME, ""))

    assert 'role="alert"' in page
    assert not Deposit.objects.exists()


@pytest.mark.parametrize("path", ["/officer/account/", "/officer/account/orders.csv"])
def test_only_officers_come_here(client: Client, path: str) -> None:
    client.force_login(chen())

    assert client.get(path).status_code == 403
