"""Who may come in, and what shuts the door behind him: origins, extensions, cookies, ended sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest
from django.db import connection

from auction.models import Person
from tests.faults.abuse.fixtures import a_house  # noqa: F401 (a fixture)
from tests.faults.abuse.flood import bid
from tests.faults.abuse.house import House, wang
from tests.faults.abuse.wire import TEXT, NoHandshake, Wire, frame
from tests.support.world import signed_in

Result = TypeVar("Result")
SESSION_ENDED = 4401
PATHS = pytest.mark.parametrize("who", ["", "lin"], ids=["light", "signed in"])


@PATHS
@pytest.mark.parametrize("origin", ["", "null", "https://elsewhere.example", "http://127.0.0.1.example"])
async def test_a_foreign_or_missing_origin_gets_no_socket(house: House, who: str, origin: str) -> None:
    with pytest.raises(NoHandshake, match="403"):
        await Wire.call(house.port, house.path, Cookie=house.cookie(who), Origin=origin)


@PATHS
async def test_no_compression_is_agreed_to(house: House, who: str) -> None:
    offered = "permessage-deflate; client_max_window_bits"
    wire = await Wire.call(house.port, house.path, Cookie=house.cookie(who), Sec_WebSocket_Extensions=offered)
    await wire.hang_up()

    assert b"sec-websocket-extensions" not in wire.head.lower()


def test_the_cookie_of_the_session_is_out_of_reach(house: House) -> None:
    with httpx.Client(timeout=60, base_url=house.site.base_url) as browser:
        browser.get("/accounts/login/")
        form = {
            "login": "lin",
            "password": "lin knows it",
            "csrfmiddlewaretoken": browser.cookies["csrftoken"],
        }
        answer = browser.post("/accounts/login/", data=form)
    cookie = next(line for line in answer.headers.get_list("set-cookie") if line.startswith("sessionid="))

    assert "httponly" in cookie.lower()
    assert "samesite=lax" in cookie.lower()


def log_out(house: House, session: str) -> None:
    with httpx.Client(timeout=60, base_url=house.site.base_url, cookies={"sessionid": session}) as browser:
        browser.get("/accounts/logout/")
        browser.post("/accounts/logout/", data={"csrfmiddlewaretoken": browser.cookies["csrftoken"]})


def disable(_house: House, _session: str) -> None:
    Person.objects.filter(username="wang").update(is_active=False)


def change_password(_house: House, _session: str) -> None:
    person = wang()
    person.set_password("something else")
    person.save()


def fresh_session() -> str:
    Person.objects.filter(username="wang").update(is_active=True)
    return signed_in(wang())


async def aside(work: Callable[..., Result], *given: Any) -> Result:
    """Touch the database in a thread that leaves no connection behind."""

    def done() -> Result:
        try:
            return work(*given)
        finally:
            connection.close()

    return await asyncio.to_thread(done)


@pytest.mark.parametrize("end", [log_out, disable, change_password])
async def test_who_is_signed_out_bids_no_more_and_is_hung_up_on(
    house: House, end: Callable[[House, str], None]
) -> None:
    session, key = await aside(fresh_session), str(uuid4())
    before = await asyncio.to_thread(house.state)
    wire = await Wire.call(house.port, house.path, Cookie=f"sessionid={session}")
    await wire.say(frame(TEXT, bid(key)))
    heard = await wire.answer(key)
    await aside(end, house, session)
    await wire.say(frame(TEXT, bid(str(uuid4()), before["least"])))
    code = await wire.ending()
    await wire.hang_up()
    after = await asyncio.to_thread(house.state)

    assert heard["ground"] == "too_low"
    assert code == SESSION_ENDED
    assert after["price"] == before["price"]
