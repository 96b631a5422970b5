"""Before the close nobody finds out who is behind a code: no page, no JSON, no row, no log (arts. 8, 18)."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from auction.models import Bidder, Person, Round
from auction.rules.deposit import Rail
from auction.services.closing import close_round
from auction.services.confirmation import confirm_sale
from auction.services.deposits import refresh
from auction.services.statement import import_statement
from tests.support import money, sales
from tests.support.addresses import paths
from tests.support.fake_stripe.server import FakeStripe
from tests.support.people import NOON, an_open_round, chen, judge_wu, lin

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]

NAME, NUMBER = money.NAMES["lin"]
TRACES = (NAME, NUMBER, NUMBER[6:], "lin@example.com")


@pytest.fixture
def round(stripe_server: FakeStripe) -> Round:
    """Return an open round of the court's case, in which Lin leads."""
    round = an_open_round(**money.a_small_round())
    sales.a_listing(round)
    deposit = money.paid(money.a_registration(round, lin()), Rail.HOLD)
    standing = {"leading": deposit.bidder, "price_fen": 5_000_000, "leading_at": NOON, "bid_count": 1}
    Round.objects.filter(pk=round.pk).update(**standing)
    return round


def everything(client: Client) -> Iterator[tuple[str, str]]:
    for path in paths():
        answer = client.get(path)
        if answer.status_code == 200:
            yield path, b"".join(answer).decode("utf-8", "replace")


def rows() -> Iterator[tuple[str, str]]:
    """Yield every row of every table, as the administrator of the database sees it."""
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield table, " ".join(_shown(value) for value in row)


def _shown(value: object) -> str:
    return value.decode("utf-8", "ignore") if isinstance(value, bytes | memoryview) else str(value)


@pytest.mark.parametrize("who", ["anonymous", "chen", "judge_wu"])
def test_no_page_tells_who_bids(client: Client, round: Round, who: str) -> None:
    if who != "anonymous":
        client.force_login({"chen": chen, "judge_wu": judge_wu}[who]())

    shown = dict(everything(client))

    assert f"/lots/{round.lot_id}/" in shown
    found = [(path, trace) for path, text in shown.items() for trace in TRACES if trace in text]
    assert found == []


def test_only_lin_sees_which_code_is_hers(client: Client, round: Round) -> None:
    code = Bidder.objects.get().code
    client.force_login(lin())

    assert code in client.get("/mine/").content.decode()

    client.force_login(judge_wu())
    mine = client.get("/mine/").content.decode()
    assert code not in mine


def test_no_row_holds_the_name_or_number_in_clear(round: Round) -> None:
    found = [(table, trace) for table, text in rows() for trace in (NAME, NUMBER) if trace in text]

    assert found == []


def test_no_row_ties_a_person_to_a_bidder(round: Round) -> None:
    related = {field.related_model for field in Bidder._meta.get_fields() if field.is_relation}

    assert Person not in related


def test_the_log_tells_nothing(client: Client, round: Round, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.force_login(lin())
        dict(everything(client))
        deposit = Bidder.objects.get().deposit
        refresh(deposit_id=deposit.pk, at=NOON)
        statement = money.statement(("B1", "1", NAME, deposit.remittance_code))
        import_statement(file=io.BytesIO(statement), account="京0105", at=NOON)

    assert not [line for line in caplog.messages for trace in (NAME, NUMBER) if trace in line]


@pytest.mark.parametrize(
    "path",
    [
        "/lots/1/",
        "/rounds/1/state.json",
        "/rounds/1/events.json",
        "/lots/1/record.jsonl",
        "/",
    ],
)
def test_a_bidder_and_a_stranger_ask_the_database_the_same(round: Round, path: str) -> None:
    path = path.replace("/lots/1/", f"/lots/{round.lot_id}/").replace("/rounds/1/", f"/rounds/{round.pk}/")

    bidder, stranger = (asked(path, who) for who in (lin(), chen()))

    assert len(stranger) > 1
    assert bidder == stranger


def asked(path: str, who: Person) -> list[str]:
    """Return what is asked of the database for a page, the values left out."""
    client = Client()
    client.force_login(who)
    client.get(path)  # what a process keeps after its first page is there
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]


def test_once_it_is_over_only_the_purchaser_is_named(client: Client, round: Round) -> None:
    money.paid(money.a_registration(round, chen()), Rail.HOLD)
    close_round(round_id=round.pk, at=round.closes_at + timedelta(seconds=3))
    confirm_sale(round_id=round.pk, at=round.closes_at + timedelta(seconds=4))

    shown = client.get(f"/rounds/{round.pk}/confirmation/").content.decode()
    everywhere = "".join(text for _, text in everything(client))

    assert NAME in shown
    assert NUMBER not in everywhere
    assert money.NAMES["chen"][0] not in everywhere
