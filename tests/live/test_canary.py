"""Nothing a running site emits tells who bids before the end; after it the purchaser, where the law wants it.

Bidders with unmistakable names register by the pages and bid by sockets, in separate processes that log at
DEBUG; then all that came out is searched: pages by role, JSON, sockets, record, receipts, log and checkpoint,
lines of all processes, Redis, database, files and command lines.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from auction.models import Bidder, Event, Person, Round
from config.demo.moment import clock_at
from tests.support import canary, money, sales
from tests.support.actors import Clock
from tests.support.bidding import a_recorded_round
from tests.support.canary import ACCOUNTS, CANARIES, Piece
from tests.support.people import NOON, chen, judge_wu
from tests.support.servers import fresh_database
from tests.support.site import Site, running_site
from tests.support.sockets import watching
from tests.support.world import signed_in, standing_on

WINNER, *LOSERS = CANARIES
PATIENCE_S = 40
BY_LAW = "/rounds/1/confirmation"  # art. 22¶1: the confirmation is public, in the true name
REFUNDS = (
    "the court: /officer/account/orders.csv"  # art. 23: what came by bank goes back by bank, to its payer
)


@dataclass
class Told:
    """What came out before the end and after it; `rows` are the database's."""

    before: list[Piece] = field(default_factory=list)
    rows: list[Piece] = field(default_factory=list)
    own: list[Piece] = field(default_factory=list)
    after: list[Piece] = field(default_factory=list)
    rows_after: list[Piece] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    journal: list[str] = field(default_factory=list)
    record: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
    postgresql_url: str,
    redis_url: str,
) -> Iterator[Told]:
    """Play the sale once, and give what was heard of it."""
    clock = Clock(tmp_path_factory.mktemp("clock") / "clock", NOON)
    with (
        fresh_database(postgresql_url) as url,
        running_site(
            database_url=url,
            redis_url=redis_url,
            clock_file=clock.file,
            signer=True,
            forked=False,
            environment={"LOG_LEVEL": "DEBUG"},
        ) as site,
        django_db_blocker.unblock(),
        standing_on(url),
        clock_at(NOON),
    ):
        yield _played(site, clock, redis_url)


def _played(site: Site, clock: Clock, redis_url: str) -> Told:
    told = Told()
    with canary.overheard(redis_url) as heard:
        round = _begun(site, told)
        told.before += asyncio.run(_bidding(site, round, _sessions()))
        told.before += [*_shown(site), *canary.command_lines(site)]
        told.rows, told.own = list(canary.rows()), list(canary.pages(site, "own", WINNER.person()))
        _ended(round, clock)
        told.before.append(("redis", heard.decode(errors="replace")))  # nothing there, even after
    told.after, told.rows_after = list(_shown(site)), list(canary.rows())
    told.codes = list(Bidder.objects.order_by("pk").values_list("code", flat=True))
    told.journal = Path(site.folder / "signer/openings").read_text().splitlines()
    told.record = [json.loads(leaf) for leaf in Event.objects.values_list("leaf", flat=True)]
    return told


def _begun(site: Site, told: Told) -> Round:
    round = a_recorded_round(**money.a_small_round())
    sales.a_listing(round)
    canary.take_part(site, round, CANARIES)
    told.before.append(canary.pay_by_bank(site, judge_wu()))
    assert Bidder.objects.exclude(code="").count() == len(CANARIES)
    return round


async def _bidding(site: Site, round: Round, sessions: list[str]) -> list[Piece]:
    """Let the canaries bid, each twice, the winner last; return every frame of all who watch."""
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(watching(site, round.pk, session)) for session in sessions]
        for number, place in enumerate((-1, -2, -3, -2, -1, -3)):
            assert (await sockets[place].bid(50_000 + 500 * number))["type"] == "accepted"
        for one in sockets:
            with suppress(TimeoutError):
                await one.until(within=1.0, type="no more")
            assert any(frame.get("amount") for frame in one.seen)
    await asyncio.sleep(0.1)  # the loop closes the connections' transports
    return [("a socket", json.dumps(frame, ensure_ascii=False)) for one in sockets for frame in one.seen]


def _sessions() -> list[str]:
    """Return the sessions of who watches: nobody, a stranger, the court, the bidders, the winner first."""
    people = (chen(), judge_wu(), *(each.person() for each in CANARIES))
    return ["", *map(signed_in, people)]


def _shown(site: Site) -> Iterator[Piece]:
    """Yield what a stranger, a bidder, the court and the administrator are shown, and all files and lines."""
    root = Person.objects.filter(username="root").first() or Person.objects.create_superuser("root")
    roles = {"anyone": None, "a stranger": chen(), "the court": judge_wu(), "the administrator": root}
    for role, person in roles.items():
        yield from canary.pages(site, role, person)
    yield from canary.files(site)


def _ended(round: Round, clock: Clock) -> None:
    """Let the end come, and wait until the clerk has confirmed the sale."""
    clock.set(round.closes_at + timedelta(seconds=3))
    deadline = time.monotonic() + PATIENCE_S
    while Round.objects.get(pk=round.pk).state != "confirmed":
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_the_search_would_find_a_name(told: Told) -> None:
    own = {where for where, _ in canary.found(told.own, [WINNER])}
    searched = {where for where, _ in told.before}

    assert "own: /mine/real-name/" in own
    assert "auction_person" in {where for where, _ in canary.found(told.rows, [WINNER])}
    assert {"anyone: /lots/1/", "the court: /officer/", "the administrator: /rounds/1/state.json"} <= searched
    assert {"web.log", "clerk.log", "signer.log", "log/checkpoint", "a socket"} <= searched
    assert '"PUBLISH"' in dict(told.before)["redis"]


def test_before_the_end_nothing_tells_who_bids(told: Told) -> None:
    assert canary.found(told.before) == set()
    assert canary.found(told.own, LOSERS) == set()


def test_before_the_end_the_database_knows_people_and_codes_but_not_which_is_whose(told: Told) -> None:
    rest = [(table, row) for table, row in told.rows if table not in ACCOUNTS]
    accounts = [row for table, row in told.rows if table in ACCOUNTS | {"auction_realname", "the sessions"}]

    assert canary.found(rest) == set()
    assert not [code for code in told.codes for row in accounts if code in row]


def test_no_line_of_a_log_names_a_code(told: Told) -> None:
    lines = [text for where, text in told.after if where.endswith(".log")]

    assert len(lines) >= 4
    assert not [code for code in told.codes for text in lines if code in text]


def test_after_the_end_only_the_purchaser_is_named_and_where_the_law_wants_it(told: Told) -> None:
    named = canary.found(told.after, [WINNER])
    elsewhere = {at for at in named if BY_LAW not in at[0] and not at[0].startswith("the court: /officer/")}

    assert any(BY_LAW in where for where, _ in named)
    assert elsewhere == set()
    assert {trace for _, trace in named} <= {WINNER.name, WINNER.name[2:]}
    assert {where for where, _ in canary.found(told.after, LOSERS)} == {REFUNDS}
    rest = [(table, row) for table, row in told.rows_after if table not in ACCOUNTS]
    assert {table for table, _ in canary.found(rest)} == {"auction_document"}


def test_the_one_opening_is_in_the_record_and_in_the_vaults_journal(told: Told) -> None:
    notes = [leaf for leaf in told.record if leaf["kind"] == "note" and leaf["about"] == "opening"]

    assert [note["code"] for note in notes] == [told.codes[0]]
    assert [note["opening"] for note in notes] == [
        hashlib.sha256(line.encode()).hexdigest() for line in told.journal
    ]
