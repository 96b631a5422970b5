"""The site's role cannot change the record even where no trigger stands, and needs no more to hold a sale."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from pytest_django import DjangoDbBlocker

from auction.models import Logged, Round
from tests.support import forks
from tests.support.bidding import begin_record, leaves, stands_as_recorded
from tests.support.clock import NOON, HandClock
from tests.support.migrated import bring_up_to_date
from tests.support.people import a_bidder, an_announced_round, lin, zhao
from tests.support.servers import fresh_database
from tests.support.site import COMMAND_S, Site, running_site
from tests.support.sockets import watching
from tests.support.world import signed_in, standing_on

KEPT = (
    "auction_bid",
    "auction_clockoffset",
    "auction_conflict",
    "auction_document",
    "auction_event",
    "auction_incident",
    "auction_incidentend",
    "auction_logged",
    "auction_notice",
    "auction_posting",
    "auction_priorityright",
    "auction_transfer",
    "enforcement_caseevent",
)
CHANGES = {"UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"}


@dataclass(frozen=True)
class Role:
    """The addresses of a migrated database, for its owner and for the site's role."""

    owner_url: str
    url: str
    said: str


@pytest.fixture(scope="module")
def role(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Role]:
    """Give a database with the role, which goes with it."""
    name, password = f"site_{secrets.token_hex(4)}", secrets.token_hex(16)
    secret = tmp_path_factory.mktemp("role") / "password"
    secret.write_text(f"{password}\n", encoding="utf-8")
    with fresh_database(postgresql_url) as owner:
        bring_up_to_date(owner, lambda: manage(owner, "migrate", "--verbosity", "0"))
        said = manage(owner, "application_role", name, "--password-file", str(secret))
        place = urlsplit(owner).netloc.rpartition("@")[2]
        yield Role(owner, urlsplit(owner)._replace(netloc=f"{name}:{password}@{place}").geturl(), said)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"DROP ROLE {name}".encode())


def manage(url: str, *words: str) -> str:
    """Run a command on a database and return what it printed."""
    environment = {**os.environ, "DATABASE_URL": url, "REDIS_URL": ""}
    code, said, wrong = forks.run(["manage.py", *words], environment, COMMAND_S)
    if code:
        raise subprocess.CalledProcessError(code, words, said, wrong)
    return said


def refused(url: str, *statements: str) -> list[str]:
    """Return which of these statements the database denies a right to."""
    found = []
    for statement in statements:
        with psycopg.connect(url) as connection:
            try:
                connection.execute(statement.encode())
            except InsufficientPrivilege:
                found.append(statement)
            connection.rollback()
    return found


@pytest.fixture(scope="module")
def _no_triggers(role: Role) -> Iterator[None]:
    """Take every trigger away, as an administrator would: what is refused now, rights refuse."""
    for act in ("DISABLE", "ENABLE"):
        with psycopg.connect(role.owner_url) as owner:
            for table in KEPT:
                owner.execute(f"ALTER TABLE {table} {act} TRIGGER USER".encode())
        if act == "DISABLE":
            yield


@pytest.mark.usefixtures("_no_triggers")
@pytest.mark.parametrize("table", KEPT)
def test_nothing_of_an_append_only_table_may_be_changed(role: Role, table: str) -> None:
    changes = [change.format(table) for change in sorted(CHANGES)]

    assert refused(role.url, *changes) == changes
    assert refused(role.owner_url, *changes) == []
    assert table in role.said


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE auction_event DISABLE TRIGGER ALL",
        "DROP TRIGGER auction_event_no_update ON auction_event",
        "DROP TABLE auction_event CASCADE",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE public.of_my_own (id int)",
        "SET session_replication_role = replica",
        "TRUNCATE auction_round CASCADE",
        "DELETE FROM auction_log",
        "DELETE FROM auction_witnessed",
        "UPDATE django_migrations SET name = name",
        "CREATE ROLE another",
    ],
)
def test_nor_may_what_guards_them_be_taken_away(role: Role, statement: str) -> None:
    assert refused(role.url, statement) == [statement]


def test_to_read_and_to_add_is_allowed(role: Role) -> None:
    reading = [f"SELECT count(*) FROM {table}" for table in KEPT]

    assert refused(role.url, *reading, "UPDATE auction_round SET version = version") == []


def test_only_postgresql_has_roles(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as told:
        manage(f"sqlite:///{tmp_path}/db", "application_role", "x", "--password-file", __file__)

    assert "Only PostgreSQL has roles" in told.value.stderr


@pytest.fixture
def hand(tmp_path: Path) -> HandClock:
    return HandClock(tmp_path / "clock")


@pytest.fixture
def site(role: Role, redis_url: str, hand: HandClock, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Give a site whose processes, and the test's own rows, are the role's."""
    with (
        django_db_blocker.unblock(),
        standing_on(role.url),
        running_site(
            database_url=role.url, redis_url=redis_url, clock_file=hand.path, migrate=False
        ) as running,
    ):
        yield running


def test_a_round_is_opened_bid_for_and_closed_under_it(site: Site, hand: HandClock) -> None:
    round = an_announced_round(at=NOON, opens_at=NOON + timedelta(minutes=1))
    begin_record(round, at=NOON - timedelta(days=1))
    sessions = [signed_in(person) for person in (lin(), zhao())]
    for person in (lin(), zhao()):
        a_bidder(round, person)
    hand.go(minutes=2)
    until(lambda: state(round) == "open")

    answers = [
        asyncio.run(bid(site, round, session, 1_400_000 + 5_000 * n)) for n, session in enumerate(sessions)
    ]
    hand.set(Round.objects.get(pk=round.pk).closes_at + timedelta(seconds=5))
    until(lambda: state(round) in ("sold", "confirmed"))

    assert answers == ["accepted", "accepted"]
    assert [leaf["kind"] for leaf in leaves(round.pk)][:5] == ["open", "note", "bid", "bid", "close"]
    assert stands_as_recorded(round.pk)
    until(lambda: Logged.objects.filter(event__round=round, event__kind="close").exists())


async def bid(site: Site, round: Round, session: str, yuan: int) -> str:
    async with watching(site, round.pk, session) as bidder:
        return str((await bidder.bid(yuan))["type"])


def state(round: Round) -> str:
    return str(Round.objects.get(pk=round.pk).state)


def until(holds: Callable[[], bool], within: float = 30.0) -> None:
    """Wait until something holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not happen in time"
        time.sleep(0.1)
