"""A client's line to one round, as the page keeps it: a websocket that comes back, and plain HTTP."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.faults.history import now_ms

ANSWER_WITHIN: Final = 3.0  # seconds, as the page waits
HTTP_WITHIN: Final = 5.0
FIRST_WAIT, LONGEST_WAIT = 0.3, 3.0
TOKEN: Final = "t" * 32
BROKEN: Final = (OSError, WebSocketException, TimeoutError, asyncio.IncompleteReadError, EOFError)

Answer = dict[str, Any]
Hear = Callable[[dict[str, Any]], None]


class Line:
    """Connects to any of the web processes, and to another one when that is gone."""

    def __init__(self, urls: list[str], round_id: int, session: str, hear: Hear, rng: random.Random) -> None:
        self.urls = urls
        self.round_id = round_id
        self.session = session
        self.hear = hear
        self.rng = rng
        self.connects = 0
        self.codes: list[int] = []
        self.sent: int | None = None  # when the first bid since it was last cleared was on its way
        self._socket: ClientConnection | None = None
        self._waiting: dict[str, list[asyncio.Future[Answer]]] = {}

    async def keep(self) -> None:
        """Stay connected until cancelled."""
        failures = 0
        while True:
            with suppress(*BROKEN):
                async with self._connected() as socket:
                    failures, self._socket = 0, socket
                    self.connects += 1
                    await self._listen(socket)
            self._lost()
            failures += 1
            await asyncio.sleep(min(LONGEST_WAIT, FIRST_WAIT * 2**failures) * (0.5 + self.rng.random()))

    async def by_socket(self, key: str, amount: int, *, copies: int = 1) -> list[Answer]:
        """Send a bid, twice if it is to be doubled, and return the answers that came in time."""
        socket = self._socket
        if socket is None:
            return []
        waiting = [asyncio.get_running_loop().create_future() for _ in range(copies)]
        self._waiting.setdefault(key, []).extend(waiting)
        with suppress(*BROKEN):
            for _ in waiting:
                await socket.send(json.dumps({"type": "bid", "key": key, "amount": amount}))
                self._is_sent()
            await asyncio.wait(waiting, timeout=ANSWER_WITHIN)
        self._waiting.pop(key, None)
        return [each.result() for each in waiting if each.done() and not each.cancelled()]

    async def by_http(self, client: httpx.AsyncClient, key: str, amount: int) -> list[Answer]:
        """Send a bid as the page does when its socket is silent."""
        url = self.rng.choice(self.urls)
        cookies = f"sessionid={self.session}; csrftoken={TOKEN}"
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Origin": url, "Accept": "application/json"}
        with suppress(httpx.HTTPError, ValueError):
            answer = await client.post(
                f"{url}/rounds/{self.round_id}/bids",
                json={"key": key, "amount": amount},
                headers=headers,
                timeout=HTTP_WITHIN,
                extensions={"trace": self._traced},
            )
            if answer.status_code in {200, 409}:
                return [answer.json()]
        return []

    async def ask_after(self, seq: int) -> None:
        """Ask for what came after a place of the record."""
        if self._socket is not None:
            with suppress(*BROKEN):
                await self._socket.send(json.dumps({"type": "after", "seq": seq}))

    def _connected(self) -> connect:
        url = self.rng.choice(self.urls)
        headers = {"Cookie": f"sessionid={self.session}"} if self.session else {}
        address = f"{url.replace('http', 'ws', 1)}/ws/rounds/{self.round_id}/"
        return connect(  # type: ignore[arg-type]
            address,
            origin=url,
            additional_headers=headers,
            open_timeout=5,
            close_timeout=0.5,
            ping_interval=5,
            ping_timeout=5,
            compression=None,
            proxy=None,
        )

    async def _listen(self, socket: ClientConnection) -> None:
        try:
            async for text in socket:
                self._take(json.loads(text))
        finally:
            self.codes.append(socket.close_code or 0)

    def _take(self, frame: dict[str, Any]) -> None:
        if frame["type"] in {"accepted", "refused"}:
            waiting = [each for each in self._waiting.get(frame["key"], []) if not each.done()]
            if waiting:
                waiting[0].set_result(frame)
        else:
            self.hear(frame)

    async def _traced(self, step: str, _: dict[str, Any]) -> None:
        if step == "http11.send_request_body.complete":
            self._is_sent()

    def _is_sent(self) -> None:
        """Note that the kernel has a bid: what this client took to hand it over is not the platform's."""
        self.sent = self.sent or now_ms()

    def _lost(self) -> None:
        self._socket = None
        for waiting in self._waiting.values():
            for each in waiting:
                each.cancel()
