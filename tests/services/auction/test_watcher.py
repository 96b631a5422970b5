"""What a watcher is told: all in order, many bids as one leap, or, if it is too slow, the newest snapshot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.live import rfc6455, standing
from auction.live.flush import FEW, Flush, gather
from auction.live.frames import Entry
from auction.live.room import KEPT, Room
from auction.live.standing import Standing
from auction.live.watcher import BEHIND, Watcher
from tests.support.clock import HandClock

OPENING = Standing(3, "open", "first_auction", None, None, 1_000, 0, 90_000, 0, (), 100)
COMPARED = ("seq", "state", "price", "leader", "least", "closes_at", "bids")


class Page(Watcher):
    """A page that folds what it is sent as round.js does."""

    def __init__(self) -> None:
        self.room = None
        self.seen = BEHIND
        self.got: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:  # type: ignore[override]
        self.got += [json.loads(text) for text in rfc6455.texts(data)]

    @property
    def places(self) -> list[tuple[str, int]]:
        return [(frame["type"], frame["seq"]) for frame in self.got]


def an_entry(seq: int, kind: str = "bid", **fields: Any) -> Entry:
    bid = {"amount": 1_000 * seq, "code": f"C{seq % 3}", "in_t": seq, "deadline": 90_000 + seq, "cid": "x"}
    leaf = {
        "v": 1,
        "lot": 1,
        "prev": "0",
        "seq": seq,
        "kind": kind,
        "t": seq,
        **(bid if kind == "bid" else fields),
    }
    return Entry(seq, json.dumps(leaf), "hash")


def a_room(*pages: Page, clock: HandClock) -> Room:
    room = Room(1)
    room.begin(OPENING, [])
    for page in pages:
        room.watchers.add(page)
        page.room = room
        room.receive(page)
    return room


async def told(room: Room) -> None:
    while room._telling is not None and not room._telling.done():
        await asyncio.sleep(0.005)


async def test_a_page_gets_a_snapshot_first_and_then_what_follows_it(clock: HandClock) -> None:
    page = Page()
    room = a_room(page, clock=clock)

    assert room.hear([an_entry(3), an_entry(4)]) is False
    await told(room)
    room.hear([an_entry(5)])
    await told(room)

    assert page.places == [("snapshot", 3), ("event", 4), ("event", 5)]


async def test_a_missing_entry_is_not_passed_over(clock: HandClock) -> None:
    page = Page()
    room = a_room(page, clock=clock)

    assert room.hear([an_entry(6)]) is True
    await told(room)

    assert page.places == [("snapshot", 3)]


async def test_many_bids_at_once_are_one_leap_and_other_entries_stay_whole(clock: HandClock) -> None:
    page = Page()
    room = a_room(page, clock=clock)

    room.hear([*(an_entry(seq) for seq in range(4, 30)), an_entry(30, "suspend", reason="x")])
    await told(room)

    assert page.places == [("snapshot", 3), ("leap", 29), ("event", 30)]
    assert page.got[1]["bids"] == 26
    assert [bid["seq"] for bid in page.got[1]["recent"]] == [29, 28, 27, 26, 25]


async def test_who_joins_between_two_tellings_is_told_nothing_twice(clock: HandClock) -> None:
    early, late = Page(), Page()
    room = a_room(early, clock=clock)
    room.hear([an_entry(4)])
    room.watchers.add(late)
    room.receive(late)
    await told(room)

    assert late.places == [("snapshot", 3), ("event", 4)]


async def test_a_full_page_misses_what_is_published_and_then_gets_the_newest_snapshot(
    clock: HandClock,
) -> None:
    page = Page()
    room = a_room(page, clock=clock)
    page.falls_behind()
    room.hear([an_entry(4)])
    await told(room)
    page.catches_up()
    room.hear([an_entry(5)])
    await told(room)

    assert page.places == [("snapshot", 3), ("snapshot", 4), ("event", 5)]


async def test_a_page_that_went_away_is_sent_nothing_more(clock: HandClock) -> None:
    page = Page()
    room = a_room(page, clock=clock)
    room.hear([an_entry(4)])
    room.dismiss(page)
    await told(room)

    assert page.places == [("snapshot", 3)]
    assert room.watchers == set()


async def test_what_was_told_is_told_again_as_far_as_it_is_kept(clock: HandClock) -> None:
    page = Page()
    room = a_room(page, clock=clock)
    room.hear([an_entry(seq) for seq in range(4, 4 + KEPT + 10)])
    await told(room)
    page.got.clear()

    page.resend(10 + KEPT)
    page.resend(4)
    page.resend(10_000)

    assert page.places == [("event", seq) for seq in range(11 + KEPT, 14 + KEPT)] + [("snapshot", 13 + KEPT)]


async def test_one_whose_socket_fails_takes_nothing_from_the_others(clock: HandClock) -> None:
    broken, page = Page(), Page()
    room = a_room(broken, page, clock=clock)
    broken.write = None  # type: ignore[method-assign, assignment]

    room.hear([an_entry(4)])
    await told(room)

    assert page.places[-1] == ("event", 4)


KINDS = st.lists(
    st.sampled_from(["bid", "bid", "bid", "bid", "suspend", "resume", "note", "close", "qualify"]), min_size=1
)


def entries(kinds: list[str]) -> Iterator[dict[str, Any]]:
    more = {"reason": "x", "deadline": 99_000, "about": "opened", "winner": "C1", "code": "C9"}
    for seq, kind in enumerate(kinds, OPENING.seq + 1):
        yield an_entry(seq, kind, **more).message()


@given(kinds=KINDS, cuts=st.sets(st.integers(1, 40)), start=st.integers(3, 40))
def test_however_it_is_told_everyone_ends_where_the_record_leads(
    kinds: list[str], cuts: set[int], start: int
) -> None:
    events = list(entries(kinds))
    stands, flushes = OPENING, []
    for run in _cut(events, cuts):
        stands, flush = gather(stands, run)
        flushes.append(flush)
    expected = OPENING
    for event in events:
        expected = standing.after(expected, event)

    assert stands == expected
    assert _folded(flushes, OPENING.seq) == _fields(expected)
    if start < expected.seq:
        assert _frames(flushes, start)[-1]["seq"] == expected.seq


def _cut(events: list[dict[str, Any]], cuts: set[int]) -> Iterator[list[dict[str, Any]]]:
    edges = [0, *sorted(cut for cut in cuts if cut < len(events)), len(events)]
    yield from (events[a:b] for a, b in pairwise(edges))


def _frames(flushes: list[Flush], seen: int) -> list[dict[str, Any]]:
    return [json.loads(text) for flush in flushes for text in rfc6455.texts(flush.after(seen))]


def _folded(flushes: list[Flush], seen: int) -> dict[str, Any]:
    """Return where a page ends: an event must be the next one, a leap says all."""
    now = _fields(OPENING)
    for frame in _frames(flushes, seen):
        if frame["type"] == "leap":
            now = {name: frame[name] for name in COMPARED}
        else:
            assert frame["seq"] == now["seq"] + 1
            stands = Standing(**{**vars(OPENING), **now})
            now = _fields(standing.after(stands, frame))
    return now


def _fields(stands: Standing) -> dict[str, Any]:
    return {name: getattr(stands, name) for name in COMPARED}


@pytest.mark.parametrize("many", [1, FEW, FEW + 1])
def test_a_few_bids_are_told_one_by_one(many: int) -> None:
    _, flush = gather(OPENING, [an_entry(4 + n).message() for n in range(many)])

    assert len(list(rfc6455.texts(flush.data))) == (many if many <= FEW else 1)
