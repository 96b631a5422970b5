"""A bid by HTTP is stamped when its last byte is here (art. 20¶2), whatever is waited for afterwards."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, RequestFactory

from auction import clock
from auction.models import Bid
from auction.views import bidding
from config import asgi
from tests.support.bidding import a_recorded_round
from tests.support.people import a_bidder, lin

Scope = dict[str, Any]


async def _served(monkeypatch: pytest.MonkeyPatch, *pauses: float) -> tuple[list[float], float]:
    """Return when each piece of a request was there, and its stamp."""
    came: list[float] = []
    seen: list[Scope] = []

    async def receive() -> Scope:
        await asyncio.sleep(pauses[len(came)])
        came.append(time.monotonic())
        return {"type": "http.request", "body": b"x", "more_body": len(came) < len(pauses)}

    async def pages(scope: Scope, receive: Any, send: Any) -> None:
        while (await receive())["more_body"]:
            pass
        await asyncio.sleep(0.05)  # a thread, the session, the database
        seen.append(scope)

    monkeypatch.setattr(asgi, "pages", pages)
    await asgi.stamped({"type": "http"}, receive, None)
    return came, seen[0][bidding.ARRIVED]


def test_the_last_byte_is_the_arrival(monkeypatch: pytest.MonkeyPatch) -> None:
    came, stamp = asyncio.run(_served(monkeypatch, 0, 0.02, 0.02))

    assert came[-1] <= stamp < came[-1] + 0.04


@pytest.mark.django_db
def test_a_slow_database_does_not_move_the_stamp(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    round, measured = a_recorded_round(at=clock.now()), clock.now
    a_bidder(round, lin(), at=round.opens_at)
    client.force_login(lin())
    tick = time.monotonic()
    monkeypatch.setattr(clock, "now", lambda: time.sleep(0.2) or measured())

    answer = bidding.bid(_request(client, tick), round.pk)

    assert answer.status_code == 200, answer.content
    assert Bid.objects.get().arrived_at == clock.instant(tick)


def _request(client: Client, tick: float) -> Any:
    body = {"key": str(uuid4()), "amount": 140_000_000}
    request: Any = RequestFactory().post("/", body, content_type="application/json")
    request.user, request.session, request.scope = lin(), client.session, {bidding.ARRIVED: tick}
    return request
