"""The record: chained, canonical, closed to what it does not know, and closed to change."""

from __future__ import annotations

from datetime import timedelta

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from auction import record
from auction.models import Bid, Event, Notice, Round
from tests.support.bidding import a_recorded_round, bid, leaves, unbroken
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, lin

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(clock: HandClock) -> Round:
    """Return an open round with one bid."""
    opened = a_recorded_round()
    bid(a_bidder(opened, lin()), 1_400_000.94, NOON)
    return Round.objects.get(pk=opened.pk)


def test_every_leaf_is_its_own_canonical_form(round: Round) -> None:
    stored = [event.leaf.encode() for event in record.after(round.pk, 0)]

    assert stored == [rfc8785.dumps(leaf) for leaf in leaves(round.pk)]
    assert unbroken(round.pk)


def test_amounts_are_fen_and_times_whole_milliseconds(round: Round) -> None:
    leaf = leaves(round.pk)[-1]

    assert leaf["amount"] == 140_000_094
    assert leaf["in_t"] == int(NOON.timestamp() * 1000)
    assert record.instant(leaf["deadline"]) == round.closes_at


def test_time_never_runs_backwards_in_a_record(round: Round) -> None:
    record.append(round, "note", {"about": "late"}, at=NOON - timedelta(hours=2))

    times = [leaf["t"] for leaf in leaves(round.pk)]
    assert times == sorted(times)


PLAIN = some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | some.text()
LISTS = some.lists(PLAIN | some.lists(PLAIN | some.lists(PLAIN, max_size=2), max_size=3), max_size=4)
VALUES = PLAIN | LISTS


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.dictionaries(some.text("abcxyz_", min_size=1, max_size=8), VALUES))
def test_the_quick_canonical_form_is_rfc_8785(body: dict[str, object]) -> None:
    assert record._canonical(body).encode() == rfc8785.dumps(body)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("note", {}),
        ("note", {"about": "winner", "name": "林某"}),
        ("qualify", {"code": "A1", "commit": "0", "person": 7}),
        ("close", {"winner": None, "price": None}),
    ],
)
def test_a_field_that_a_kind_does_not_know_or_lacks_is_not_recordable(
    round: Round, kind: str, body: record.Body
) -> None:
    with pytest.raises(record.NotRecordable):
        record.append(round, kind, body, at=NOON)


def test_what_came_after_a_place_is_found(round: Round) -> None:
    assert [event.seq for event in record.after(round.pk, 1)] == [2]


@pytest.mark.parametrize("table", [Event, Bid, Notice])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_no_sql_changes_what_happened(round: Round, table: type[Event | Bid | Notice], act: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table._meta.db_table))


def test_no_replacing_insert_walks_past_the_triggers(round: Round) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    columns = "round_id, seq, kind, leaf, hash, at"
    again = (
        f"INSERT OR REPLACE INTO auction_event ({columns}) SELECT {columns} FROM auction_event WHERE seq = 2"
    )

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(again)


def test_no_truncation_empties_the_record(round: Round) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("TRUNCATE is PostgreSQL's")
    with (
        pytest.raises(DatabaseError, match=r"append-only|foreign key"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE auction_event")
