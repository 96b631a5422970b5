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


class Line:
    """One open socket: it reads all the time, as a browser does, and keeps the answers for who asked."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._asked: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def ask(self, key: str, fen: int) -> dict[str, Any]:
        """Send a bid and return its answer."""
        self._asked[key] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps({"type": "bid", "key": key, "amount": fen}))
        return await asyncio.wait_for(self._asked[key], ANSWER_WITHIN)

    async def read(self) -> None:
        """Read until the socket is closed."""
        async for text in self._socket:
            message = json.loads(text)
            asked = self._asked.pop(message.get("key"), None)
            if asked is not None and not asked.done():
                asked.set_result(message)


class Lines:
    """The open sockets of a replay, one for each bidder."""

    def __init__(self, site: str, stack: AsyncExitStack) -> None:
        self._site = site.rstrip("/")
        self._stack = stack
        self._open: dict[tuple[int, str], Line] = {}

    async def bid(self, round_id: int, session: str, fen: int) -> dict[str, Any]:
        """Bid by this session's socket and return the answer, asking again while nothing is decided."""
        line = await self._line(round_id, session)
        key = str(uuid4())
        while (answer := await line.ask(key, fen)).get("ground") in AGAIN:
            await asyncio.sleep(PAUSE)
        return answer

    async def _line(self, round_id: int, session: str) -> Line:
        if (round_id, session) not in self._open:
            socket = await self._stack.enter_async_context(self._opening(round_id, session))
            line = self._open[round_id, session] = Line(socket)
            reading = asyncio.create_task(line.read())
            self._stack.callback(reading.cancel)
        return self._open[round_id, session]

    def _opening(self, round_id: int, session: str) -> connect:
        address = urlsplit(self._site)._replace(scheme="wss" if self._site.startswith("https") else "ws")
        return connect(
            f"{address.geturl()}/ws/rounds/{round_id}/",
            origin=self._site,  # type: ignore[arg-type]
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
        )


@asynccontextmanager
async def lines(site: str) -> AsyncIterator[Lines]:
    """Give sockets to a site, closed at the end."""
    async with AsyncExitStack() as stack:
        yield Lines(site, stack)
