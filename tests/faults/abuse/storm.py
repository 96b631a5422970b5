"""F18: everybody's line breaks at once, and everybody's page comes back as static/js/live/line.js does."""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.faults.abuse.house import House
from tests.faults.abuse.wire import STILL_OPEN, TEXT, NoHandshake, Wire, frame

SCRIPTS: Final = Path(__file__).resolve().parents[3] / "static" / "js" / "live"
AT_A_TIME: Final = 200


def of_script(script: str, name: str) -> float:
    """Return a constant of the page's own script in seconds, so that the storm blows as in earnest."""
    text = (SCRIPTS / script).read_text(encoding="utf-8")
    found = re.search(rf"const {name} = ([\d_]+);", text)
    assert found, f"{script} has no {name}"
    return int(found[1]) / 1000


FIRST_WAIT_S: Final = of_script("line.js", "FIRST_WAIT_MS")
LONGEST_WAIT_S: Final = of_script("line.js", "LONGEST_WAIT_MS")
ANSWER_WITHIN_S: Final = of_script("bids.js", "ANSWER_WITHIN_MS")


@dataclass
class Page:
    """One open page: it connects, reads, and connects again when its line breaks."""

    house: House
    through: int
    who: str = ""
    wire: Wire | None = None
    failures: int = 0
    back_at: float = 0.0
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    broken: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        """Be connected for ever."""
        while True:
            with suppress(NoHandshake, OSError):
                await self._hear()
            self.wire = None
            wait = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**self.failures)
            self.failures += 1
            await asyncio.sleep(wait * (0.5 + random.random()))

    async def _hear(self) -> None:
        self.wire = None
        wire = await Wire.call(
            self.house.port, self.house.path, to=self.through, Cookie=self.house.cookie(self.who)
        )
        self.failures = 0
        try:
            while wire.code == STILL_OPEN:
                for text in await wire.texts():
                    self._take(wire, json.loads(text))
        finally:
            wire.drop()

    def _take(self, wire: Wire, message: dict[str, Any]) -> None:
        if message["type"] == "snapshot":
            self.wire, self.back_at = wire, time.monotonic()
        if "key" in message:
            self.told[message["key"]] = message

    async def bid(self, key: str, fen: int, within: float = 30.0) -> dict[str, Any]:
        """Send a bid, and again with the same key whenever no answer came in time."""
        async with asyncio.timeout(within):
            while key not in self.told:
                await self._send(key, fen)
        return self.told[key]

    async def _send(self, key: str, fen: int) -> None:
        if self.wire is not None:
            await self.wire.say(frame(TEXT, json.dumps({"type": "bid", "key": key, "amount": fen}).encode()))
        line, patience = self.wire, time.monotonic() + ANSWER_WITHIN_S
        while key not in self.told and self.wire is line and time.monotonic() < patience:
            await asyncio.sleep(0.02)


async def open_pages(
    house: House, through: int, who: list[str]
) -> tuple[list[Page], list[asyncio.Task[None]]]:
    """Open a page for each, and wait until all of them show the round."""
    pages = [Page(house, through, each) for each in who]
    tasks: list[asyncio.Task[None]] = []
    for start in range(0, len(pages), AT_A_TIME):
        group = pages[start : start + AT_A_TIME]
        tasks += [asyncio.create_task(page.live()) for page in group]
        await all_back(group, 0.0, within=60)
    return pages, tasks


async def all_back(pages: list[Page], since: float, within: float) -> list[float]:
    """Wait until every page shows the round anew; return after how many seconds each did, in order."""
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            while any(page.wire is None or page.back_at <= since for page in pages):
                await asyncio.sleep(0.02)
    return sorted(page.back_at - since for page in pages if page.wire is not None and page.back_at > since)
