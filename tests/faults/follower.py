"""Somebody who follows the public log as any stranger can, by its published files (c2sp.org/tlog-tiles)."""

from __future__ import annotations

import asyncio
import random
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from typing import Final

import httpx

from tests.faults.history import History, now_ms

LOOKS_S: Final = 0.3
WIDTH: Final = 256


class Follower:
    """Fetches each checkpoint and the leaves it adds, from whichever web process answers."""

    def __init__(self, urls: list[str], history: History, client: httpx.AsyncClient) -> None:
        self.urls, self.history, self.client = urls, history, client
        self.size = 0
        self.rng = random.Random("follower")

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_S)

    async def look(self) -> None:
        """Note the newest checkpoint, if it is another and can be had with its leaves."""
        try:
            text = (await self._got("checkpoint")).decode()
            _, told, root = text.split("\n")[:3]
            if int(told) == self.size:
                return
            leaves = [leaf async for leaf in self._leaves(int(told))]
        except (httpx.HTTPError, ValueError):
            return
        self.history.head(now_ms(), int(told), b64decode(root).hex(), leaves)
        self.size = int(told)

    async def _leaves(self, size: int) -> AsyncIterator[str]:
        for place in range(self.size // WIDTH, -(-size // WIDTH)):
            bundle = await self._bundle(place, min(WIDTH, size - place * WIDTH))
            first = max(0, self.size - place * WIDTH)
            for leaf in list(_leaves(bundle))[first : size - place * WIDTH]:
                yield leaf.decode()

    async def _bundle(self, place: int, width: int) -> bytes:
        """Return a bundle of leaves; a partial one may have been followed by the full one."""
        name = f"tile/entries/{place:03}"
        try:
            return await self._got(name if width == WIDTH else f"{name}.p/{width}")
        except httpx.HTTPError:
            return await self._got(name)

    async def _got(self, name: str) -> bytes:
        answer = await self.client.get(f"{self.rng.choice(self.urls)}/log/{name}", timeout=3)
        return answer.raise_for_status().content


def _leaves(bundle: bytes) -> Iterator[bytes]:
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]
