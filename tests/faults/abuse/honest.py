"""Two honest bidders who outbid each other while others misbehave: Lin by socket, Zhao by HTTP."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx

from tests.faults.abuse.house import House
from tests.support.sockets import Socket, watching

PAUSE_S = 0.15
STEP_FEN = 500_000
WITHIN_S = 30.0


@dataclass
class Honest:
    """What the honest bidders experienced."""

    house: House
    answers: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    fen: int = 0
    stopped: bool = False

    def count(self, answer: dict[str, object], asked: float) -> None:
        """Note an answer and how long it took."""
        self.waits.append(time.monotonic() - asked)
        self.answers[str(answer.get("ground") or answer["type"])] += 1
        if answer["type"] == "accepted":
            self.fen += STEP_FEN

    async def go_on(self) -> None:
        """Bid in turn until told to stop."""
        who, self.fen = await asyncio.to_thread(self.house.next_bid)
        headers = await asyncio.to_thread(self._headers)
        async with (
            watching(self.house.site, self.house.round.pk, self.house.sessions["lin"]) as lin,
            httpx.AsyncClient(base_url=self.house.site.base_url, headers=headers, timeout=WITHIN_S) as zhao,
        ):
            turns = cycle((self._by_socket(lin), self._by_http(zhao)))
            if who == "zhao":
                next(turns)
            while not self.stopped:
                await next(turns)()
                await asyncio.sleep(PAUSE_S)

    def _by_socket(self, lin: Socket) -> Callable[[], Awaitable[None]]:
        async def ask(key: str) -> dict[str, Any]:
            lin.seen.clear()
            await lin.send(type="bid", key=key, amount=self.fen)
            return await lin.until(key=key, within=WITHIN_S)

        return partial(self._bid, ask)

    def _by_http(self, zhao: httpx.AsyncClient) -> Callable[[], Awaitable[None]]:
        async def ask(key: str) -> dict[str, Any]:
            body = {"key": key, "amount": self.fen}
            answer = await zhao.post(f"/rounds/{self.house.round.pk}/bids", json=body)
            return dict(answer.json())

        return partial(self._bid, ask)

    async def _bid(self, ask: Callable[[str], Awaitable[dict[str, Any]]]) -> None:
        """Bid, and as the page does ask again with the same key for what is undecided."""
        asked, key = time.monotonic(), str(uuid4())
        while (answer := await ask(key)).get("ground") == "undecided" and time.monotonic() < asked + WITHIN_S:
            await asyncio.sleep(PAUSE_S)
        self.count(answer, asked)

    def _headers(self) -> dict[str, str]:
        token = self.house.token("zhao")
        return {
            "Cookie": f"{self.house.cookie('zhao')}; csrftoken={token}",
            "X-CSRFToken": token,
            "Origin": self.house.site.base_url,
        }

    @property
    def bids(self) -> int:
        """Return how many bids were answered."""
        return self.answers.total()

    @property
    def untroubled(self) -> bool:
        """Return whether every bid was accepted."""
        return set(self.answers) == {"accepted"}

    def p99(self) -> float:
        """Return the wait that one bid in a hundred exceeds, in seconds."""
        return sorted(self.waits)[int(len(self.waits) * 0.99)] if self.waits else 0.0


@asynccontextmanager
async def honest_bidding(house: House) -> AsyncIterator[Honest]:
    """Let the honest bid meanwhile, once they are at it; whatever breaks their line is raised at the end."""
    honest = Honest(house)
    bidding = asyncio.create_task(honest.go_on())
    try:
        while not (honest.bids or bidding.done()):
            await asyncio.sleep(PAUSE_S)
        yield honest
    finally:
        honest.stopped = True
        await asyncio.wait_for(bidding, 3 * WITHIN_S)
