"""What a socket is sent: everything in order, or, if it is too slow, the newest snapshot."""

from __future__ import annotations

import asyncio

import pytest

from auction.live import Frame, Watcher
from auction.live.watcher import LIMIT


class Page:
    """A page that reads only while its gate is open; its server's record is `length` entries long."""

    def __init__(self, length: int = 0) -> None:
        self.length = length
        self.got: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.watcher = Watcher(self._receive, self._snapshot)

    async def _receive(self, text: str) -> None:
        await self.gate.wait()
        self.got.append(text)

    async def _snapshot(self) -> Frame:
        return Frame(self.length, f"snapshot at {self.length}")

    def publish(self, *places: int) -> None:
        self.length = max(self.length, *places)
        self.watcher.offer([Frame(place, f"entry {place}") for place in places])

    async def rest(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)


async def test_a_page_gets_a_snapshot_first_and_then_what_follows_it() -> None:
    page = Page(length=7)
    page.watcher.refresh()
    await page.rest()

    page.publish(6, 7)
    page.publish(8)
    page.publish(9, 10)
    await page.rest()

    assert page.got == ["snapshot at 7", "entry 8", "entry 9", "entry 10"]


async def test_what_is_published_while_the_snapshot_is_read_is_neither_lost_nor_doubled() -> None:
    page = Page(length=7)
    page.gate.clear()
    page.watcher.refresh()
    await page.rest()
    page.publish(7)
    page.publish(8)
    page.gate.set()
    await page.rest()

    assert page.got == ["snapshot at 7", "entry 8"]


async def test_a_page_that_is_too_slow_gets_the_newest_snapshot_and_its_own_answers() -> None:
    page = Page()
    page.watcher.refresh()
    await page.rest()
    page.gate.clear()

    for place in range(1, LIMIT + 10):
        page.publish(place)
    page.watcher.answer("accepted")
    page.gate.set()
    await page.rest()

    assert page.got[0] == "snapshot at 0"
    assert "accepted" in page.got
    assert page.got[-1] in {"accepted", f"snapshot at {LIMIT + 9}"}
    assert len(page.got) <= 5


async def test_a_page_that_went_away_is_sent_nothing_more() -> None:
    page = Page()
    page.watcher.refresh()
    await page.watcher.leave()

    page.publish(1)
    await page.rest()

    assert page.got == []


@pytest.mark.parametrize("times", [1, 3])
async def test_a_snapshot_that_cannot_be_read_is_asked_for_again(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auction.live.watcher.RETRY_AFTER", 0)
    page = Page(length=3)
    failures = iter([OSError] * times)

    async def failing() -> Frame:
        for error in failures:
            raise error
        return Frame(3, "snapshot")

    page.watcher = Watcher(page._receive, failing)
    page.watcher.refresh()
    await page.rest()

    assert page.got == ["snapshot"]
