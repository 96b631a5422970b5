"""A bidder's own socket: what his browser would do, and nothing it could not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect

ANSWER_WITHIN: Final = 10.0  # seconds
AGAIN: Final = frozenset({"too_many", "undecided", "clock_fault"})  # these decide nothing: the same key again
PAUSE: Final = 0.25


class Lines:
    """The open sockets of a replay, one for each bidder."""

    def __init__(self, site: str, stack: AsyncExitStack) -> None:
        self._site = site.rstrip("/")
        self._stack = stack
        self._open: dict[tuple[int, str], ClientConnection] = {}

    async def bid(self, round_id: int, session: str, fen: int) -> dict[str, Any]:
        """Bid by this session's socket and return the answer, asking again while nothing is decided."""
        socket = await self._socket(round_id, session)
        key = str(uuid4())
        while True:
            await socket.send(json.dumps({"type": "bid", "key": key, "amount": fen}))
            answer = await asyncio.wait_for(_answer(socket, key), ANSWER_WITHIN)
            if answer.get("ground") not in AGAIN:
                return answer
            await asyncio.sleep(PAUSE)

    async def _socket(self, round_id: int, session: str) -> ClientConnection:
        if (round_id, session) not in self._open:
            address = urlsplit(self._site)._replace(scheme="wss" if self._site.startswith("https") else "ws")
            cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
            opening = connect(
                f"{address.geturl()}/ws/rounds/{round_id}/",
                origin=self._site,  # type: ignore[arg-type]
                additional_headers=cookie,
            )
            self._open[round_id, session] = await self._stack.enter_async_context(opening)
        return self._open[round_id, session]


@asynccontextmanager
async def lines(site: str) -> AsyncIterator[Lines]:
    """Give sockets to a site, closed at the end."""
    async with AsyncExitStack() as stack:
        yield Lines(site, stack)


async def _answer(socket: ClientConnection, key: str) -> dict[str, Any]:
    async for text in socket:
        message: dict[str, Any] = json.loads(text)
        if message.get("key") == key:
            return message
    raise ConnectionError("The socket was closed before the bid was answered.")
