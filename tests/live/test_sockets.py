"""Live bidding on a running site: real sockets, real processes, both databases."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest
from pytest_django import DjangoDbBlocker
from websockets.exceptions import ConnectionClosed, InvalidStatus

from auction import clock
from auction.models import Bid, Round
from tests.support.bidding import a_recorded_round, stands_as_recorded
from tests.support.people import a_bidder, chen, lin, zhao
from tests.support.site import Site, running_site
from tests.support.sockets import Socket, watching
from tests.support.world import servers_of, signed_in, standing_on

WITHIN_A_SECOND = 1.0
PATIENCE_S = 30


@dataclass(frozen=True)
class House:
    """A running site with an open round; Lin and Zhao may bid, Zhao has priority, Chen may not."""

    site: Site
    round: Round
    lin: str
    zhao: str
    chen: str


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, str]]:
    """Give a site on each database."""
    with (
        servers_of(request.param, tmp_path_factory.mktemp("site"), request) as servers,
        running_site(database_url=servers.database_url, redis_url=servers.redis_url) as site,
    ):
        yield site, servers.database_url


@pytest.fixture
def house(running: tuple[Site, str], django_db_blocker: DjangoDbBlocker) -> Iterator[House]:
    """Give the site a round of its own, and hold its record against replay when the test is over."""
    site, url = running
    with django_db_blocker.unblock(), standing_on(url):
        at = clock.now()
        round = a_recorded_round(at=at)
        for person, rank in ((lin(), None), (zhao(), 1)):
            a_bidder(round, person, rank, at=at)
        yield House(site, round, signed_in(lin()), signed_in(zhao()), signed_in(chen()))
        assert stands_as_recorded(round.pk)


async def test_two_bidders_see_each_other_within_a_second(house: House) -> None:
    async with (
        watching(house.site, house.round.pk, house.lin) as lin,
        watching(house.site, house.round.pk, house.zhao) as zhao,
    ):
        await zhao.until(type="snapshot")
        accepted = await lin.bid(1_400_000)
        seen = await zhao.until(type="event", kind="bid", within=WITHIN_A_SECOND)
        matched = await zhao.bid(1_400_000)
        back = await lin.until(seq=matched["seq"], type="event", within=WITHIN_A_SECOND)

    assert (seen["seq"], seen["amount"], seen["hash"]) == (accepted["seq"], 140_000_000, accepted["hash"])
    assert back["code"] != seen["code"]


async def test_anyone_may_watch_and_learns_nothing_of_who(house: House) -> None:
    async with (
        watching(house.site, house.round.pk) as anyone,
        watching(house.site, house.round.pk, house.lin) as lin,
    ):
        snapshot = await anyone.until(type="snapshot")
        own = await lin.until(type="snapshot")
        await lin.bid(1_400_000)
        event = await anyone.until(type="event")

    assert snapshot["you"] is None
    assert own["you"] == {"code": "T0001", "rank": None, "leading": False, "least": 140_000_000}
    assert set(event) == {"type", "kind", "seq", "t", "hash", "code", "cid", "amount", "in_t", "deadline"}


async def test_who_is_not_registered_is_refused_with_the_article(house: House) -> None:
    async with watching(house.site, house.round.pk, house.chen) as chen:
        refused = await chen.bid(1_400_000)

    assert (refused["type"], refused["ground"]) == ("refused", "not_qualified")
    assert "第18条" in refused["article"]


async def test_a_session_that_ends_ends_its_open_sockets(house: House) -> None:
    async with (
        watching(house.site, house.round.pk, house.lin) as lin,
        watching(house.site, house.round.pk, house.zhao) as zhao,
    ):
        await lin.until(type="snapshot")
        page = await _signed_out(house.site, house.lin)
        with pytest.raises(ConnectionClosed) as closed:
            await lin.bid(1_400_000)
        accepted = await zhao.bid(1_400_000)

    assert page == 200
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert accepted["type"] == "accepted"


def browser_of(site: Site, session: str = "") -> httpx.AsyncClient:
    """Give a browser that waits for a busy machine as browsers do, not httpx's five seconds."""
    cookies = {"sessionid": session} if session else {}
    return httpx.AsyncClient(base_url=site.base_url, cookies=cookies, timeout=PATIENCE_S)


async def _signed_out(site: Site, session: str) -> int:
    """Sign out by the page; return the status it was shown with."""
    async with browser_of(site, session) as browser:
        page = await browser.get("/accounts/logout/")
        token = browser.cookies["csrftoken"]
        await browser.post("/accounts/logout/", data={"csrfmiddlewaretoken": token})
    return page.status_code


async def test_the_same_key_by_socket_and_by_http_is_one_bid(house: House) -> None:
    key = str(uuid4())
    async with watching(house.site, house.round.pk, house.lin) as lin:
        by_socket = await lin.bid(1_400_000, key)
    async with browser_of(house.site, house.lin) as browser:
        await browser.get("/accounts/logout/")
        headers = {"X-CSRFToken": browser.cookies["csrftoken"], "Origin": house.site.base_url}
        by_http = await browser.post(
            f"/rounds/{house.round.pk}/bids", json={"key": key, "amount": 140_000_000}, headers=headers
        )

    assert by_http.json() == by_socket
    assert await Bid.objects.filter(round=house.round).acount() == 1


async def test_what_was_missed_comes_by_socket_and_by_http(house: House) -> None:
    async with watching(house.site, house.round.pk, house.lin) as lin:
        accepted = await lin.bid(1_400_000)
    async with (
        watching(house.site, house.round.pk) as late,
        browser_of(house.site) as browser,
    ):
        await late.until(type="snapshot")
        await late.send(type="after", seq=accepted["seq"] - 1)
        by_socket = await late.until(type="event")
        by_http = await browser.get(
            f"/rounds/{house.round.pk}/events.json", params={"after": accepted["seq"] - 1}
        )

    assert by_http.json() == {"events": [by_socket]}
    assert by_socket["hash"] == accepted["hash"]


async def test_a_foreign_origin_is_refused(house: House) -> None:
    with pytest.raises(InvalidStatus):
        async with watching(house.site, house.round.pk, house.lin, origin="https://elsewhere.example"):
            pass


@pytest.mark.parametrize(
    "text", ["", "[]", '{"type":"bid"}', '{"type":"time","sent":0,"more":1}', "[" * 4000]
)
async def test_what_is_no_message_closes_the_socket(house: House, text: str) -> None:
    async with watching(house.site, house.round.pk) as anyone:
        await anyone.until(type="snapshot")
        await anyone.connection.send(text)
        with pytest.raises(ConnectionClosed) as closed:
            await anyone.until(type="never")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4400


async def test_the_platforms_time_is_told(house: House) -> None:
    async with watching(house.site, house.round.pk) as anyone:
        await anyone.send(type="time", sent=17.5)
        told = await anyone.until(type="time")

    assert told["sent"] == 17.5
    assert abs(told["now"] / 1000 - time.time()) < 2


async def test_of_32_bids_at_one_price_one_is_accepted(house: House) -> None:
    async with (
        watching(house.site, house.round.pk, house.lin) as lin,
        watching(house.site, house.round.pk, house.lin) as again,
    ):
        answers = await asyncio.gather(*(_many(socket, 8) for socket in (lin, again)))

    kinds = [answer["type"] for group in answers for answer in group]
    assert kinds.count("accepted") == 1
    assert kinds.count("refused") == 15


async def _many(socket: Socket, count: int) -> list[dict[str, object]]:
    return [await socket.bid(1_400_000) for _ in range(count)]
