"""What is acknowledged stays, and what ends ends once: processes killed, doubled, and cut off from Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoDbBlocker
from websockets.exceptions import ConnectionClosed

from auction import clock, record
from auction.models import Bid, Round
from auction.rules.window import CLOSE_DELAY
from tests.support.bidding import a_recorded_round, leaves, stands_as_recorded
from tests.support.clock import NOON, HandClock
from tests.support.people import a_bidder, lin, zhao
from tests.support.site import Site, running_site
from tests.support.sockets import Socket, watching
from tests.support.world import Servers, servers_of, signed_in, standing_on


@pytest.fixture(params=["sqlite", "postgresql"])
def servers(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Servers]:
    """Give an empty database of each kind, and let the test's own models live there."""
    with (
        servers_of(request.param, tmp_path, request) as found,
        django_db_blocker.unblock(),
        standing_on(found.database_url),
    ):
        yield found


@pytest.fixture
def hand(tmp_path: Path) -> HandClock:
    """Give a clock set by hand, at noon."""
    return HandClock(tmp_path / "clock")


def site_on(servers: Servers, hand: HandClock | None = None, *, migrate: bool = True) -> Any:
    clock_file = hand.path if hand else None
    return running_site(
        database_url=servers.database_url, redis_url=servers.redis_url, clock_file=clock_file, migrate=migrate
    )


def a_round_for_two(at: datetime) -> tuple[Round, str, str]:
    round = a_recorded_round(at=at)
    for person in (lin(), zhao()):
        a_bidder(round, person, at=at)
    return round, signed_in(lin()), signed_in(zhao())


@dataclass
class Bidding:
    """What a bidder was told, and the bid he was told nothing about when his socket broke."""

    site: Site
    round_id: int
    session: str
    receipts: list[dict[str, Any]] = field(default_factory=list)
    unanswered: tuple[str, int] | None = None

    async def until_cut(self, price: list[int]) -> None:
        """Bid one step more whenever the other leads, until the socket breaks."""
        try:
            async with watching(self.site, self.round_id, self.session) as socket:
                while True:
                    await self._once(socket, price)
                    await asyncio.sleep(0.01)
        except (ConnectionClosed, OSError):
            return

    async def _once(self, socket: Socket, price: list[int]) -> None:
        key, yuan = str(uuid4()), price[0] + 5_000
        self.unanswered = (key, yuan)
        answer = await socket.bid(yuan, key)
        self.unanswered = None
        if answer["type"] == "accepted":
            self.receipts.append(answer)
            price[0] = max(price[0], yuan)

    async def ask_again(self) -> None:
        """Send the unanswered bid once more with its key, and keep the receipt."""
        if self.unanswered is None:
            return
        (key, yuan), self.unanswered = self.unanswered, None
        async with watching(self.site, self.round_id, self.session) as socket:
            answer = await socket.bid(yuan, key)
        if answer["type"] == "accepted":
            self.receipts.append(answer)


def test_killing_the_web_process_while_bids_come_loses_no_acknowledged_bid(servers: Servers) -> None:
    with site_on(servers) as site:
        round, *sessions = a_round_for_two(clock.now())
        bidders = [Bidding(site, round.pk, session) for session in sessions]
        for _ in range(3):
            asyncio.run(_bid_and_kill(site, bidders))
            site.start_web()
        asyncio.run(_ask_again(bidders))

    told = [receipt for bidder in bidders for receipt in bidder.receipts]
    kept = dict(Bid.objects.filter(round=round, seq__isnull=False).values_list("seq", "amount_fen"))
    hashes = {event.seq: event.hash for event in record.after(round.pk, 0)}
    assert len(told) >= 6
    assert all(kept[receipt["seq"]] == receipt["amount"] for receipt in told)
    assert all(hashes[receipt["seq"]] == receipt["hash"] for receipt in told)
    assert len(kept) == len({bid["seq"] for bid in told})
    assert stands_as_recorded(round.pk)


async def _bid_and_kill(site: Site, bidders: list[Bidding]) -> None:
    """Ask again what the last crash left open, then bid until the web process is killed."""
    await _ask_again(bidders)
    told = [receipt["amount"] // 100 for bidder in bidders for receipt in bidder.receipts]
    price = [max([1_395_000, *told])]
    bidding = [asyncio.create_task(bidder.until_cut(price)) for bidder in bidders]
    await asyncio.sleep(1.0)
    site.kill("web")
    await asyncio.wait_for(asyncio.gather(*bidding), 10)


async def _ask_again(bidders: list[Bidding]) -> None:
    for bidder in bidders:
        await bidder.ask_again()


def test_two_clerks_close_once_and_never_before_the_end_and_two_seconds(
    servers: Servers, hand: HandClock
) -> None:
    with site_on(servers, hand) as site, site_on(servers, hand, migrate=False):
        round, session, _ = a_round_for_two(NOON)
        hand.set(round.closes_at - timedelta(milliseconds=1))
        accepted = asyncio.run(_bid_once(site, round.pk, session))
        end = record.instant(accepted["closes_at"])

        hand.set(end + CLOSE_DELAY - timedelta(milliseconds=1))
        time.sleep(1)
        early = Round.objects.get(pk=round.pk).state
        hand.set(end + CLOSE_DELAY)
        _wait(lambda: Round.objects.get(pk=round.pk).state != "open")

    assert early == "open"
    assert [leaf["kind"] for leaf in leaves(round.pk)].count("close") == 1
    assert leaves(round.pk)[2]["deadline"] == accepted["closes_at"]


async def _bid_once(site: Site, round_id: int, session: str) -> dict[str, Any]:
    async with watching(site, round_id, session) as socket:
        return await socket.bid(1_400_000)


def test_watchers_of_another_process_see_a_bid_and_the_clerks_closing(
    servers: Servers, hand: HandClock
) -> None:
    with site_on(servers, hand) as one, site_on(servers, hand, migrate=False) as other:
        round, session, _ = a_round_for_two(NOON)
        seen, closed = asyncio.run(_across(one, other, round, session, hand))

    assert seen["amount"] == 140_000_000
    assert closed["price"] == 140_000_000


async def _across(one: Site, other: Site, round: Round, session: str, hand: HandClock) -> tuple[Any, Any]:
    async with watching(one, round.pk, session) as bidder, watching(other, round.pk) as watcher:
        await watcher.until(type="snapshot")
        await bidder.bid(1_400_000)
        seen = await watcher.until(type="event", kind="bid", within=3)
        hand.set(round.closes_at + CLOSE_DELAY)
        return seen, await watcher.until(type="event", kind="close")


def test_two_processes_accept_one_of_many_bids_at_one_price(servers: Servers) -> None:
    with site_on(servers) as one, site_on(servers, migrate=False) as other:
        round, *sessions = a_round_for_two(clock.now())
        answers = asyncio.run(_race([one, other], round, sessions))

    kinds = [answer["type"] for answer in answers]
    assert (kinds.count("accepted"), kinds.count("refused")) == (1, 31)
    assert {answer.get("ground") for answer in answers} <= {None, "too_low", "already_leading", "undecided"}
    assert stands_as_recorded(round.pk)


async def _race(sites: list[Site], round: Round, sessions: list[str]) -> list[dict[str, Any]]:
    """Bid the same price on 32 sockets at once, by both people through both processes."""
    async with AsyncExitStack() as stack:
        places = [(site, session) for site in sites for session in sessions] * 8
        opening = [stack.enter_async_context(watching(site, round.pk, session)) for site, session in places]
        sockets = [await each for each in opening]
        return await asyncio.gather(*(socket.bid(1_400_000) for socket in sockets))


def test_with_redis_away_watchers_read_the_record(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with ExitStack() as stack:
        found = stack.enter_context(servers_of("sqlite", tmp_path, request))
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(standing_on(found.database_url))
        nobody = Servers(found.database_url, "redis://127.0.0.1:1/0")
        one, other = stack.enter_context(site_on(nobody)), stack.enter_context(site_on(nobody, migrate=False))
        round, session, _ = a_round_for_two(clock.now())
        seen = asyncio.run(_seen_across(one, other, round, session))

    assert seen["amount"] == 140_000_000


async def _seen_across(one: Site, other: Site, round: Round, session: str) -> dict[str, Any]:
    async with watching(one, round.pk, session) as bidder, watching(other, round.pk) as watcher:
        await watcher.until(type="snapshot", within=10)
        await bidder.bid(1_400_000)
        return await watcher.until(type="event", kind="bid", within=5)


def _wait(until: Callable[[], bool], within: float = 5.0) -> None:
    deadline = time.monotonic() + within
    while not until():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
