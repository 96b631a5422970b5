"""Bids by HTTP: stamped when their last byte comes, and answered in time whatever the database does."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from auction import clock, engine, messages
from auction.engine import WORD_WITHIN, Offer
from auction.messages import BadMessage
from auction.views.bidding import ARRIVED

BIDS: Final = re.compile(r"/rounds/([0-9]{1,18})/bids")
JSON: Final = b"application/json"

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]


class Request:
    """One request on its way through the application."""

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.scope = dict(scope)
        self.body = b""
        self._receive = receive
        self._send = send
        self._begun = False
        self._over: asyncio.Task[None] | None = None  # our own answer, after which no other is heard
        self._timer: asyncio.TimerHandle | None = None

    async def serve(self, app: App) -> None:
        """Let the application answer, and go on in its thread even when we have answered for it."""
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            if self._timer is not None:
                self._give_up()
            raise
        finally:
            if self._timer is not None:
                self._timer.cancel()
            if self._over is not None:
                await self._over

    async def receive(self) -> Any:
        """Stamp the last byte before a thread or the database is waited for (art. 20¶2)."""
        message = await self._receive()
        if not message.get("more_body", False):
            self.scope.setdefault(ARRIVED, time.monotonic())
        if self._is_bid():
            self._expect(message)
        return message

    async def send(self, message: Any) -> None:
        """Pass the answer on, unless it comes too late or says that we failed, which decides no bid."""
        if message.get("status", 0) >= HTTPStatus.INTERNAL_SERVER_ERROR and self._timer is not None:
            self._give_up()
        self._begun = True
        if self._over is None:
            await self._send(message)

    def _is_bid(self) -> bool:
        by_script = (b"content-type", JSON) in self.scope.get("headers", ())
        return by_script and BIDS.fullmatch(self.scope["path"]) is not None

    def _expect(self, message: Any) -> None:
        if len(self.body) <= messages.LARGEST_BID:
            self.body += message.get("body", b"")
        if ARRIVED in self.scope and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(WORD_WITHIN, self._give_up)

    def _give_up(self) -> None:
        """Say that the bid is undecided: it may be committed yet. It is asked for again."""
        if self._begun or self._over is not None:
            return
        try:
            answer = json.dumps(self._undecided()).encode()
        except BadMessage:  # the application will say so
            return
        self._over = asyncio.create_task(self._say(answer))

    def _undecided(self) -> dict[str, Any]:
        bid = messages.read_bid(self.body)
        round_id = int(self.scope["path"].split("/")[2])
        offer = Offer(round_id, None, bid.amount, bid.key, clock.told(self.scope[ARRIVED]))
        return messages.decided(engine.give_up(offer))

    async def _say(self, answer: bytes) -> None:
        headers = [(b"content-type", JSON), (b"content-length", b"%d" % len(answer))]
        start = {"type": "http.response.start", "status": HTTPStatus.CONFLICT, "headers": headers}
        await self._send(start)
        await self._send({"type": "http.response.body", "body": answer})
