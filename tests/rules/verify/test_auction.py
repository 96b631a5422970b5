"""The auction told again (section 3, B1 to C7): each rule broken once, in a record otherwise genuine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.records import (
    CHEN,
    END,
    EXT,
    HOUR,
    LAST_T,
    LATE,
    LIN,
    MINUTE,
    NOON,
    PRICE,
    SECOND,
    START,
    START_T,
    STEP,
    ZHAO,
    Book,
    announced,
    running,
    sold,
)

from .conftest import Verifier


def edit(seq: int, /, **changes: Any) -> Callable[[], Book]:
    return lambda: sold().edit(seq, **changes)


def bids(*offers: tuple[Any, ...], **opening: Any) -> Callable[[], Book]:
    """Return a running record with these bids, an hour apart: code, amount, and rank if there is one."""

    def made() -> Book:
        book = announced(**opening)
        for number, (code, amount, *rank) in enumerate(offers, 1):
            book.bid(code, amount, START_T + number * HOUR, **({"rank": rank[0]} if rank else {}))
        return book

    return made


def one_bid(in_t: int, deadline: int, **more: Any) -> Callable[[], Book]:
    return lambda: announced().bid(LIN, START, in_t, deadline, **more)


def after(base: Callable[[], Book], kind: str, t: int, **fields: Any) -> Callable[[], Book]:
    return lambda: base().add(kind, t, **fields)


def closed(base: Callable[[], Book], t: int = NOON + 2_000, **changes: Any) -> Callable[[], Book]:
    said = {"winner": CHEN, "price": START + STEP, "deadline": NOON, **changes}
    return after(base, "close", t, **said)


SOLD = {
    "a last bid too low, and the close rests on it": (edit(12, amount=PRICE - 1), {"B1 12", "C6 13"}),
    "a bid that came a second after the end": (
        edit(12, in_t=SECOND + 1_000, t=SECOND + 1_020),
        {"B2 12", "E1 12"},
    ),
    "a bid by a code not qualified": (edit(6, code="GHST"), {"B3 6"}),
    "a price equalled without a rank": (edit(7, drop=["rank"]), {"B5 7"}),
    "a price equalled with a rank not offered": (edit(7, rank=3), {"B5 7"}),
    "a rank told with a higher bid": (edit(9, rank=2), {"P1 9"}),
    "a code qualified twice": (edit(4, code=ZHAO), {"B6 4", "B3 9", "B3 12"}),
    "a bid while suspended": (
        edit(11, kind="note", about="x", drop=["reason"]),
        {"B7 12", "B2 12", "C5 13"},
    ),
    "an extension of half a minute": (edit(9, deadline=LATE + 30_000), {"E1 9"}),
    "no extension": (edit(12, deadline=SECOND), {"E1 12", "C7 13"}),
    "an extension not due": (edit(8, deadline=NOON + 1), {"E1 8"}),
    "resumed for less than was left": (
        edit(11, deadline=LAST_T - 1),
        {"E2 11", "E3 11", "B2 12"},
    ),
    "suspended twice": (
        edit(5, kind="suspend", reason="x", drop=["about"]),
        {"B7 6", "B7 7", "B7 8", "B7 9", "E2 10"},
    ),
    "another step told afterwards": (edit(1, step=STEP + 1), {"B1 8", "B1 9", "B1 12"}),
    "another start told afterwards": (edit(1, start=START + 1), {"B1 6"}),
    "extensions of four minutes": (edit(1, ext_ms=240_000), {"E1 1", "E1 9", "E1 12"}),
    "a deadline before the start": (
        edit(1, deadline=START_T),
        {"B2 1", "B2 6", "E1 6"},
    ),
    "closed a second after the deadline": (edit(13, t=END + 1_000), {"C3 13"}),
    "won by another": (edit(13, winner=LIN), {"C6 13"}),
    "won for less": (edit(13, price=PRICE - STEP), {"C6 13"}),
    "won by nobody": (edit(13, winner=None, price=None), {"C6 13"}),
    "another deadline in the close": (edit(13, deadline=END - 1), {"C7 13"}),
    "a second close": (
        edit(14, kind="close", winner=CHEN, price=PRICE, deadline=END, drop=["about", "digest"]),
        {"C1 14"},
    ),
    "void after the close": (edit(14, kind="void", reason="x", drop=["about", "digest"]), {"C1 14"}),
    "suspended after the close": (edit(14, kind="suspend", reason="x", drop=["about", "digest"]), {"C2 14"}),
    "opened after the close": (edit(14, about="opened"), {"C2 14"}),
    "opened when it was open": (
        edit(10, kind="note", about="opened", drop=["reason", "since", "incident"]),
        {"C2 10", "E2 11"},
    ),
}


@pytest.mark.parametrize("name", SOLD)
def test_a_sale_changed_and_chained_anew_breaks_just_these_rules(broken: Verifier, name: str) -> None:
    book, rules = SOLD[name]

    assert broken(book()) == rules


RUNNING = {
    "nothing": (running, set()),
    "the start exactly": (bids((LIN, START)), set()),
    "one fen below the start": (bids((LIN, START - 1)), {"B1 6"}),
    "one fen below the step": (bids((LIN, START), (CHEN, START + STEP - 1)), {"B1 7"}),
    "more than a step": (bids((LIN, START), (CHEN, START + 9 * STEP + 7)), set()),
    "equalled by a priority": (bids((LIN, START), (ZHAO, START, 1)), set()),
    "equalled by a better priority": (bids((LIN, START), (ZHAO, START, 2), (CHEN, START, 1)), set()),
    "equalled by a worse priority": (bids((LIN, START), (ZHAO, START, 1), (CHEN, START, 2)), {"B5 8"}),
    "equalled by the same priority": (bids((LIN, START), (ZHAO, START, 1), (CHEN, START, 1)), {"B5 8"}),
    "equalled by oneself": (bids((LIN, START), (ZHAO, START, 1), (ZHAO, START, 1)), {"B5 8"}),
    "a leader who tells his rank only later": (
        bids((LIN, START), (ZHAO, START + STEP), (CHEN, START + STEP, 2), (ZHAO, START + STEP, 1)),
        {"B5 8"},
    ),
    "another rank at another time": (
        bids((LIN, START), (ZHAO, START, 1), (LIN, START + STEP), (ZHAO, START + STEP, 2)),
        {"B5 9"},
    ),
    "another rank where none may be": (
        bids((LIN, START), (ZHAO, START, 1), (ZHAO, START + STEP, 2)),
        {"B5 8", "P1 8"},
    ),
    "any rank if none were offered": (bids((LIN, START), (ZHAO, START, 9), ranks=[]), set()),
    "a rank with the first bid": (bids((ZHAO, START, 1)), {"P1 6"}),
    "the last millisecond": (one_bid(NOON - 1, NOON - 1 + EXT), set()),
    "the deadline itself": (one_bid(NOON, NOON + EXT), {"B2 6"}),
    "just within the last five minutes": (one_bid(NOON - EXT, NOON), set()),
    "a millisecond within the last five minutes": (one_bid(NOON - EXT + 1, NOON + 1), set()),
    "a millisecond not given": (one_bid(NOON - EXT + 1, NOON), {"E1 6"}),
    "written as it came": (one_bid(START_T + 500, NOON, t=START_T + 500), set()),
    "just before the last five minutes": (one_bid(NOON - EXT - 1, NOON), set()),
    "the first millisecond": (one_bid(START_T, NOON), set()),
    "before the start": (one_bid(START_T - 1, NOON, t=START_T), {"B8 6"}),
    "written before it came": (one_bid(START_T + 500, NOON, t=START_T + 499), {"B9 6"}),
    "six seconds on its way": (one_bid(START_T, NOON, t=START_T + 6_000), set()),
    "more than six seconds on its way": (one_bid(START_T, NOON, t=START_T + 6_001), {"B10 6"}),
    "resumed without having been suspended": (
        after(running, "resume", START_T + 3 * HOUR, reason="x", deadline=NOON + HOUR),
        {"E2 8"},
    ),
    "a practice may be quick": (lambda: announced(ext_ms=5_000, practice=True), set()),
    "no practice but something like it": (lambda: announced(ext_ms=5_000, practice=1), {"E1 1"}),
    "void": (after(running, "void", START_T + 5 * HOUR, reason="art. 31"), set()),
    "closed two seconds after": (closed(running), set()),
    "closed too early": (closed(running, NOON + 1_999), {"C3 8"}),
    "closed while suspended": (
        closed(after(running, "suspend", NOON - MINUTE, reason="x")),
        {"C5 9"},
    ),
    "nobody bid": (closed(announced, winner=None, price=None), set()),
}


@pytest.mark.parametrize("name", RUNNING)
def test_a_running_record_breaks_just_these_rules(broken: Verifier, name: str) -> None:
    book, rules = RUNNING[name]

    assert broken(book(), running=True) == rules


def test_a_record_without_an_end_is_truncated_unless_it_is_running(broken: Verifier) -> None:
    assert broken(running()) == {"C1 0"}


def test_a_close_a_minute_late_is_a_remark(broken: Verifier) -> None:
    late, later = (closed(running, NOON + 60_000 + more)() for more in (0, 1))

    assert broken(late) == broken(later) == set()
    assert [row["rule"] for row in broken.told(late)["remarks"]] == ["L1"]
    assert [(row["rule"], row["line"]) for row in broken.told(later)["remarks"]] == [("C4", 8), ("L1", 0)]


def test_suspending_twice_counts_what_is_left_anew(broken: Verifier) -> None:
    def story(deadline: int) -> Book:
        book = running().add("suspend", NOON - 2 * HOUR, reason="x").add("suspend", NOON - HOUR, reason="y")
        return book.add("resume", NOON, reason="z", deadline=deadline)

    assert broken(story(NOON + HOUR), running=True) == {"E2 9"}
    assert broken(story(NOON + HOUR - 1), running=True) == {"E2 9", "E2 10"}


def test_what_is_left_counts_from_when_it_broke_not_from_when_it_was_written(broken: Verifier) -> None:
    book = running().add("suspend", NOON - HOUR, since=NOON - 2 * HOUR, reason="x")

    assert broken(book.add("resume", NOON, reason="y", deadline=NOON + HOUR), running=True) == {"E2 9"}


def test_without_an_opening_only_what_was_told_is_asked(broken: Verifier) -> None:
    """The bid of line 6 tells a deadline, so the next is late; start, step and extension nobody told."""
    book = announced().raw(1, b"?")
    book.bid(LIN, 5, 10, 2_000, t=20).bid(CHEN, 6, 3_000, 9_000)
    found = broken(book, running=True)

    assert {each for each in found if int(each.split()[1]) > 5} == {"S5 6", "B2 7"}


def test_a_bid_after_the_end_counts_for_nothing_but_its_rank(broken: Verifier) -> None:
    book = sold().bid(ZHAO, PRICE, END + 2 * HOUR, rank=2)

    assert broken(book) == {"C2 15", "B5 15"}


def test_the_summary_tells_what_came_of_it(broken: Verifier) -> None:
    summary = broken.told(sold())["summary"]

    assert (summary["lot"], summary["leaves"], summary["price"]) == (17, 14, PRICE)
    assert (summary["deadline"], summary["ended_t"]) == (END, END + 2_300)
    assert LAST_T + EXT == END
    assert broken.told(running())["summary"]["winner"] is None


def test_only_the_winners_identity_is_opened_and_only_after_the_end(broken: Verifier) -> None:
    def after(book: Book, **told: object) -> Book:
        return book.add("note", END + 2 * HOUR, about="opening", reason="confirmation", **told)

    void = sold().edit(13, kind="void", reason="art. 31", drop=["winner", "price", "deadline", "reach"])
    assert broken(after(sold(), code=CHEN)) == set()
    for told in ({"code": LIN}, {"code": None}, {"code": [CHEN]}, {"code": "GHST"}, {}):
        assert broken(after(sold(), **told)) == {"I2 15"}
    assert broken(after(void, code=CHEN)) == {"I2 15"}
    assert broken(after(running(), code=CHEN), running=True) == {"I2 8"}
