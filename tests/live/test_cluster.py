"""The cluster serves through nginx, carries bids between its web processes, and outlives the death of one."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pytest_django import DjangoDbBlocker
from websockets.asyncio.client import connect

from auction import clock
from tests.support.bidding import a_recorded_round, stands_as_recorded
from tests.support.cluster import WEB, Cluster, our_keys, running_cluster
from tests.support.people import a_bidder, lin, zhao
from tests.support.sockets import Socket
from tests.support.world import signed_in, standing_on


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Give a cluster without the demo; when the tests are over it must leave nothing behind."""
    with running_cluster(demo=False, environment=our_keys()) as running:
        yield running
        parts = running.supervisor.parts
    assert all(part.process.poll() is not None for part in parts.values())
    assert not running.folder.exists()
    for port in (running.port, *running.web_ports.values()):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def pages(cluster: Cluster) -> Iterator[httpx.Client]:
    """Give a browser that believes the cluster's certificate."""
    with httpx.Client(base_url=cluster.base_url, verify=cluster.tls, timeout=30) as client:
        yield client


@asynccontextmanager
async def watching(cluster: Cluster, url: str, session: str = "", **given: Any) -> AsyncIterator[Socket]:
    """Watch a round at an address of the cluster, as a page has it."""
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    async with connect(url, origin=cluster.base_url, additional_headers=headers, **given) as connection:  # type: ignore[arg-type]
        yield Socket(connection)


def at_nginx(cluster: Cluster, round_id: int, session: str = "") -> Any:
    url = f"{cluster.ws_url}/ws/rounds/{round_id}/"
    return watching(cluster, url, session, ssl=cluster.tls)


def at_process(cluster: Cluster, name: str, round_id: int, session: str = "") -> Any:
    return watching(cluster, f"ws://127.0.0.1:{cluster.web_ports[name]}/ws/rounds/{round_id}/", session)


def test_pages_come_from_django_and_files_from_nginx(pages: httpx.Client) -> None:
    page = pages.get("/")
    style = next(word for word in page.text.split('"') if word.endswith(".css"))

    file = pages.get(style)

    assert page.status_code == file.status_code == 200
    assert page.headers["strict-transport-security"]
    assert "immutable" in file.headers["cache-control"]
    assert file.headers["content-type"] == "text/css"


def test_a_bid_made_at_one_process_reaches_who_watches_at_the_other(
    cluster: Cluster, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), standing_on(cluster.database_url):
        round, sessions = a_round_for_two()
        seen = asyncio.run(_bid_at_each(cluster, round.pk, sessions))
        assert stands_as_recorded(round.pk)

    assert seen == [140_000_000, 140_500_000]


def a_round_for_two() -> tuple[Any, list[str]]:
    round = a_recorded_round(at=clock.now())
    for person in (lin(), zhao()):
        a_bidder(round, person, at=clock.now())
    return round, [signed_in(person) for person in (lin(), zhao())]


async def _bid_at_each(cluster: Cluster, round_id: int, sessions: list[str]) -> list[int]:
    """Bid through each process in turn; return what a watcher of the other process saw."""
    first, second = WEB
    seen = []
    for at, elsewhere, session, yuan in (
        (first, second, sessions[0], 1_400_000),
        (second, first, sessions[1], 1_405_000),
    ):
        async with (
            at_process(cluster, at, round_id, session) as bidder,
            at_process(cluster, elsewhere, round_id) as watcher,
        ):
            await watcher.until(type="snapshot")
            accepted = await bidder.bid(yuan)
            event = await watcher.until(type="event", seq=accepted["seq"], within=3)
            seen.append(event["amount"])
    return seen


def test_when_one_process_is_killed_the_other_serves_and_it_comes_back(
    cluster: Cluster, pages: httpx.Client, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), standing_on(cluster.database_url):
        round, sessions = a_round_for_two()
        cluster.supervisor.kill("web1")
        answers = [pages.get("/").status_code for _ in range(8)]
        accepted = asyncio.run(_bid(cluster, round.pk, sessions[0]))
    comes_back(cluster)

    assert answers == [200] * 8
    assert accepted["amount"] == 140_000_000


async def _bid(cluster: Cluster, round_id: int, session: str) -> dict[str, Any]:
    async with at_nginx(cluster, round_id, session) as bidder:
        return await bidder.bid(1_400_000)


def comes_back(cluster: Cluster) -> None:
    """Tend the cluster until the killed process lives again and answers."""
    cluster.tend()
    time.sleep(0.6)
    cluster.tend()
    cluster.wait()
    assert cluster.supervisor.parts["web1"].deaths == 1


def test_nginx_serves_the_files_of_the_log_itself_as_django_would(
    cluster: Cluster, pages: httpx.Client, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock(), standing_on(cluster.database_url):
        a_round_for_two()
    size = signed_size(pages)
    with httpx.Client(base_url=f"http://127.0.0.1:{cluster.web_ports['web1']}", headers=AS_NGINX) as web:
        for path in ("checkpoint", f"tile/entries/000.p/{size}", f"tile/0/000.p/{size}"):
            file, ours = pages.get(f"/log/{path}"), web.get(f"/log/{path}")
            assert (file.status_code, file.content) == (ours.status_code, ours.content) == (200, ours.content)
            assert [file.headers[name] for name in TOLD] == [ours.headers[name] for name in TOLD]
            assert ("content-security-policy" in file.headers, "etag" in file.headers) == (
                False,
                path.startswith("tile"),
            )
    assert "content-security-policy" in pages.get("/log/policy").headers


AS_NGINX = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}
TOLD = ("content-type", "cache-control", "access-control-allow-origin", "x-content-type-options")


def signed_size(pages: httpx.Client) -> int:
    """Return how many leaves the log has once all are signed: it grows no more for two seconds."""
    deadline, size = time.monotonic() + 60, 0
    while True:
        time.sleep(2)
        answer = pages.get("/log/checkpoint")
        now = int(answer.text.split("\n")[1]) if answer.status_code == 200 else 0
        if 0 < now == size:
            return size
        assert time.monotonic() < deadline
        size = now


def test_no_compression_is_agreed_on_a_websocket(cluster: Cluster) -> None:
    async def offered() -> str | None:
        async with connect(f"{cluster.ws_url}/ws/rounds/1/", ssl=cluster.tls, origin=cluster.base_url) as it:  # type: ignore[arg-type]
            assert it.response is not None
            return it.response.headers.get("Sec-WebSocket-Extensions")

    assert asyncio.run(offered()) is None
