"""A websocket on a round of a running site, as a page has it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from tests.support.site import Site


class Socket:
    """Sends messages and waits for those that answer, keeping all that came in `seen`."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.seen: list[dict[str, Any]] = []

    async def send(self, **message: Any) -> None:
        """Send one message."""
        await self.connection.send(json.dumps(message))

    async def until(self, *, within: float = 5.0, **fields: Any) -> dict[str, Any]:
        """Return the next message that has these fields."""
        async with asyncio.timeout(within):
            while True:
                message: dict[str, Any] = json.loads(await self.connection.recv())
                self.seen.append(message)
                if fields.items() <= message.items():
                    return message

    async def bid(self, yuan: float, key: str = "") -> dict[str, Any]:
        """Bid so many yuan and return the answer."""
        key = key or str(uuid4())
        await self.send(type="bid", key=key, amount=round(yuan * 100))
        return await self.until(key=key)


@asynccontextmanager
async def watching(site: Site, round_id: int, session: str = "", origin: str = "") -> AsyncIterator[Socket]:
    """Watch a round, signed in by a session if one is given."""
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    address = f"{site.ws_url}/ws/rounds/{round_id}/"
    async with connect(address, origin=origin or site.base_url, additional_headers=headers) as connection:  # type: ignore[arg-type]
        yield Socket(connection)
