"""Ways to spoil the valid history, each with the invariant it breaks: the checker must name that one.

The first table spoils entries before they are chained anew, as someone would who owns the database; the
second the leaves' very bytes; the third what bidders, watchers and receipts say beside an honest record.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.faults.story import CLOSED, END, GO, LAST, LATE, MINUTE, STOP, T0, Line, Story, a_bid

Entries = list[Line]
OPEN, NOTE, FIRST, SECOND, EQUAL, BETTER, LATER, SUSPEND, RESUME, FINAL, CLOSE = (
    0,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
)


def put(at: int, entries: Entries, **fields: Any) -> None:
    entries[at] |= fields


def drop(at: int, entries: Entries) -> None:
    del entries[at]


def insert(at: int, entries: Entries, entry: Line) -> None:
    entries.insert(at, dict(entry))


def again(at: int, to: int, entries: Entries, **fields: Any) -> None:
    """Repeat an entry at another place, with other fields."""
    entries.insert(to, entries[at] | fields)


def qualified_late(entries: Entries) -> None:
    entries.insert(LATER, entries.pop(4) | {"t": T0 + 5_000})


def early_end(entries: Entries) -> None:
    put(CLOSE, entries, t=CLOSED + 1_500)


def never_suspended(entries: Entries) -> None:
    del entries[SUSPEND]


def less_than_was_left(entries: Entries) -> None:
    """Resume with one extension where more was left."""
    put(SUSPEND, entries, t=LATE + 100, since=LATE - 60 * MINUTE)


def closed_while_suspended(entries: Entries) -> None:
    del entries[RESUME : CLOSE + 1]
    end = LATE + 5 * MINUTE
    insert(
        RESUME,
        entries,
        {"kind": "close", "t": end + 2_100, "winner": "A", "price": 1_030_000, "deadline": end},
    )


def bid_after_the_end(entries: Entries) -> None:
    insert(CLOSE + 1, entries, a_bid("A", 1_060_000, CLOSED + 3_000, CLOSED + 5 * MINUTE))


def step_forgotten(entries: Entries) -> None:
    put(LATER, entries, amount=1_019_999)


def swapped_leader(entries: Entries) -> None:
    put(CLOSE, entries, winner="D", price=1_010_000)


def rank_unused(entries: Entries) -> None:
    put(FINAL, entries, rank=3)


VOID = {"kind": "void", "t": CLOSED + 2_300, "reason": "again"}
ON_ENTRIES: dict[str, tuple[str, Callable[[Entries], None]]] = {
    "another lot's entry": ("S4", partial(put, SECOND, lot=8)),
    "time runs back": ("S5", partial(put, LATER, t=T0 + 10, in_t=T0 + 5, deadline=END)),
    "begins with a qualification": ("S6", partial(drop, OPEN)),
    "opened twice": ("S6", partial(again, OPEN, NOTE)),
    "unknown kind": ("S7", partial(put, NOTE, kind="remark")),
    "amount as text": ("B0", partial(put, LATER, amount="1030000")),
    "amount of nothing": ("B0", partial(put, FIRST, amount=0)),
    "amount of a yes": ("B0", partial(put, FIRST, amount=True)),
    "first bid below the start": ("B1", partial(put, FIRST, amount=999_999)),
    "less than a step": ("B1", step_forgotten),
    "lower than the price": ("B1", partial(put, FINAL, amount=1_000_000)),
    "after the end": ("B2", partial(put, FINAL, in_t=CLOSED - 3 * MINUTE + 60, t=CLOSED - 3 * MINUTE + 99)),
    "by nobody qualified": ("B3", partial(put, LATER, code="X")),
    "qualified after he bid": ("B3", qualified_late),
    "equal without a rank": ("B5", lambda entries: entries[EQUAL].pop("rank")),
    "equal by a worse rank": ("B5", partial(again, EQUAL, LATER, t=T0 + 5_020, in_t=T0 + 5_000, cid="worse")),
    "equal at the same rank": ("B5", partial(put, EQUAL, rank=1)),
    "a rank nobody was given": ("B5", partial(put, BETTER, rank=0)),
    "one code, two ranks": ("B5", partial(put, BETTER, code="C")),
    "one code qualified twice": ("B6", partial(again, 1, NOTE)),
    "bid while suspended": ("B7", partial(again, LATER, RESUME, t=STOP + 20, in_t=STOP, amount=1_050_000)),
    "bid before the beginning": ("B8", partial(put, FIRST, in_t=T0 - 1)),
    "recorded before it came": ("B9", partial(put, FINAL, in_t=LAST + 21, deadline=LAST + 5 * MINUTE + 21)),
    "decided after seven seconds": ("B10", partial(put, LATER, t=LATE + 7_000)),
    "extension forgotten": ("E1", partial(put, LATER, deadline=END)),
    "extension too long": ("E1", partial(put, LATER, deadline=LATE + 6 * MINUTE)),
    "extension out of season": ("E1", partial(put, SECOND, deadline=END + 1)),
    "one minute announced": ("E1", partial(put, OPEN, ext_ms=MINUTE)),
    "less than was left": ("E2", less_than_was_left),
    "resumed without a stop": ("E2", never_suspended),
    "less than an extension": ("E3", partial(put, RESUME, deadline=GO + 4 * MINUTE)),
    "no end": ("C1", partial(drop, CLOSE)),
    "two ends": ("C1", partial(again, CLOSE, CLOSE + 1)),
    "closed and withdrawn": ("C1", partial(insert, CLOSE + 1, entry=VOID)),
    "bid after the hammer": ("C2", bid_after_the_end),
    "closed early": ("C3", partial(put, CLOSE, t=LAST + MINUTE)),
    "closed while bids wait": ("C3", early_end),
    "closed late": ("C4", partial(put, CLOSE, t=CLOSED + 4_001)),
    "closed while suspended": ("C5", closed_while_suspended),
    "another winner": ("C6", swapped_leader),
    "nobody wins": ("C6", partial(put, CLOSE, winner=None, price=None)),
    "another price": ("C6", partial(put, CLOSE, price=1_050_000)),
    "another end told": ("C7", partial(put, CLOSE, deadline=CLOSED - 1)),
    "a name in the record": ("P1", partial(put, FINAL, name="Lin")),
    "a rank before its use": ("P1", rank_unused),
    "no reason given": ("P1", lambda entries: entries[SUSPEND].pop("reason")),
}


def spell(seq: int, old: str, new: str, leaves: list[str]) -> None:
    """Write an entry's bytes otherwise."""
    assert old in leaves[seq - 1]
    leaves[seq - 1] = leaves[seq - 1].replace(old, new, 1)


ON_LEAVES: dict[str, tuple[str, Callable[[list[str]], None]]] = {
    "half a leaf": ("S0", lambda leaves: leaves.__setitem__(9, leaves[9][:40])),
    "a list for a leaf": ("S0", lambda leaves: leaves.__setitem__(9, "[" * 50_000)),
    "half a character": ("S0", partial(spell, 12, "cut", "\ud800")),
    "a space": ("S1", partial(spell, 9, ",", ", ")),
    "a field twice": ("S1", partial(spell, 9, '{"amount"', '{"amount":1,"amount"')),
    "a broken amount": ("S1", partial(spell, 9, "1010000", "1010000.0")),
    "an escaped letter": ("S1", partial(spell, 12, "power", "\\u0070ower")),
    "a leaf lost": ("S2", lambda leaves: leaves.pop(9)),
    "two leaves exchanged": ("S2", lambda leaves: leaves.insert(8, leaves.pop(9))),
    "an amount changed in place": ("S3", partial(spell, 7, "1000000", "1000001")),
    "another beginning": ("S3", partial(spell, 1, "0" * 64, "1" * 64)),
}


def of(story: Story, cid: str) -> Line:
    """Return the attempt whose key begins so."""
    return next(each for each in story.attempts if each["cid"].startswith(cid))


def ok(story: Story, **fields: Any) -> None:
    of(story, "C-3000").update(fields)


def low(story: Story, **fields: Any) -> None:
    of(story, "C-refused").update(fields)


def late(story: Story, **fields: Any) -> None:
    of(story, "A-refused").update(fields)


def saw(watcher: str, place: int, story: Story, **fields: Any) -> None:
    [each for each in story.seen if each["watcher"] == watcher][place].update(fields)


def unseen(watcher: str, first: int, after: int, story: Story) -> None:
    own = [each for each in story.seen if each["watcher"] == watcher]
    story.seen = [each for each in story.seen if each not in own[first:after]]


def forged(story: Story, cid: str, old: str, new: str) -> None:
    attempt = of(story, cid)
    assert old in attempt["receipt"]
    attempt["receipt"] = attempt["receipt"].replace(old, new, 1)


def exchanged(story: Story) -> None:
    of(story, "C-3000")["receipt"] = of(story, "D-4000")["receipt"]


def ghost(story: Story) -> None:
    story.attempts = [each for each in story.attempts if not each["cid"].startswith("D-4000")]


def made_later(story: Story) -> None:
    """Let the bid at 8 have been made after the one at 9 was acknowledged."""
    ok(story, returned=T0 + 1_900, invoked=T0 + 1_500)
    of(story, "B-2000")["invoked"] = T0 + 1_950


def refused_in_time(story: Story) -> None:
    late(story, in_t=CLOSED - 1_000, invoked=CLOSED - 1_010, receipt=None)


def refused_in_time_untold(story: Story) -> None:
    late(story, in_t=None, invoked=CLOSED - 2_010, returned=CLOSED - 1_000, receipt=None)


def two_answers(story: Story) -> None:
    story.attempts.append(of(story, "C-refused") | {"ground": "suspended", "receipt": None})


def two_amounts(story: Story) -> None:
    story.attempts.append(of(story, "C-3000") | {"amount": 1_020_000, "receipt": None})


def lost_unanswered(story: Story) -> None:
    of(story, "lost").update(outcome="ok", seq=11, hash="ef" * 32, returned=T0 + 6_100)


def recorded_twice(story: Story) -> None:
    story.attempts.append(
        of(story, "B-2000") | {"outcome": "fail", "returned": T0 + 9_000, "ground": "too_low"}
    )


def slow(story: Story) -> None:
    story.seen = [each | {"at": each["at"] + 1_100} for each in story.seen]


def uncommitted(story: Story) -> None:
    story.seen.append(story.seen[15] | {"watcher": "w1", "seq": 17})


def heads(story: Story) -> list[Line]:
    return [each for each in story.rest if each["op"] == "head"]


def late_in_log(story: Story) -> None:
    heads(story)[8]["at"] += 4_000  # no fault is near


def never_in_log(story: Story) -> None:
    kept = heads(story)[:-3]
    story.rest = [each for each in story.rest if each["op"] != "head"] + kept


def shrunk(story: Story) -> None:
    story.rest.append(heads(story)[3] | {"leaves": []})


def twice_in_log(story: Story) -> None:
    last = heads(story)[-1]
    last["leaves"] = [*last["leaves"], story.leaves[7]]


def reordered_in_log(story: Story) -> None:
    one, other = heads(story)[4:6]
    one["leaves"], other["leaves"] = other["leaves"], one["leaves"]


ON_STORY: dict[str, tuple[str, Callable[[Story], None]]] = {
    "acknowledged and lost": ("A1", lost_unanswered),
    "acknowledged with another place": ("A1", partial(ok, seq=8)),
    "acknowledged with another hash": ("A1", partial(ok, hash="00" * 32)),
    "acknowledged with another amount": ("A1", partial(ok, amount=1_020_000)),
    "acknowledged with another end": ("A1", partial(ok, deadline=END + 1)),
    "refused and recorded": (
        "A2",
        partial(ok, outcome="fail", seq=None, hash=None, ground="too_low", receipt=None),
    ),
    "undecided, then refused, and recorded": ("A2", recorded_twice),
    "made by nobody": ("A4", ghost),
    "made by him for less": ("A4", lambda story: of(story, "B-2000").update(amount=1_000_000)),
    "before one that was acknowledged": ("A5", made_later),
    "one key, two answers": ("A6", two_answers),
    "one key, two amounts": ("A6", two_amounts),
    "recorded before it was made": ("A7", partial(ok, invoked=T0 + 3_400)),
    "a receipt changed": ("A8", partial(forged, cid="C-3000", old="amount 1010000", new="amount 1010001")),
    "a receipt for another": ("A8", exchanged),
    "a receipt unsigned": ("A8", partial(forged, cid="C-3000", old="sig ", new="sig AAAA")),
    "a receipt from elsewhere in the tree": (
        "A8",
        partial(forged, cid="C-3000", old="index 1", new="index 2"),
    ),
    "a receipt without its path": ("A8", partial(forged, cid="C-3000", old="path ", new="path - ")),
    "no receipt": ("A8", partial(ok, receipt="trust me")),
    "a refusal as a receipt": ("A8", lambda story: ok(story, receipt=of(story, "C-refused")["receipt"])),
    "a refusal for another reason": ("A8", partial(low, ground="not_a_price")),
    "refused in time": ("C8", refused_in_time),
    "refused before the end could be": ("C8", refused_in_time_untold),
    "an entry missed": ("W1", partial(unseen, "w1", 5, 6)),
    "an entry twice": ("W1", lambda story: story.seen.insert(6, dict(story.seen[5]))),
    "entries in another order": ("W1", lambda story: story.seen.insert(6, story.seen.pop(7))),
    "a leap back": ("W1", partial(saw, "w2", 2, seq=7)),
    "a snapshot from before": ("W1", partial(saw, "w2", 6, seq=12)),
    "a leap with another price": ("W1", partial(saw, "w2", 2, price=1_020_000)),
    "a leap with another leader": ("W1", partial(saw, "w2", 2, leader="C")),
    "a leap with another end": ("W1", partial(saw, "w2", 2, closes_at=END + 1)),
    "a leap that forgets a bid": ("W1", partial(saw, "w2", 2, bids=3)),
    "a snapshot in another state": ("W1", partial(saw, "w2", 6, state="suspended")),
    "a recent bid invented": ("W1", lambda story: story.seen[18]["recent"][1].update(amount=1_000_000)),
    "a recent bid left out": ("W1", lambda story: story.seen[18]["recent"].pop(1)),
    "never told of the end": ("W2", partial(unseen, "w1", 14, 16)),
    "an entry with another hash": ("W3", partial(saw, "w1", 8, hash="00" * 32)),
    "an entry with another amount": ("W3", partial(saw, "w1", 8, amount=1)),
    "an entry that was rolled back": ("W3", uncommitted),
    "told too late": ("W4", slow),
    "a log that shrank": ("K1", shrunk),
    "a log of another root": ("K1", lambda story: heads(story)[-1].update(root="00" * 32)),
    "a log that has a bid twice": ("K2", twice_in_log),
    "a log in another order": ("K2", reordered_in_log),
    "a bid that came late into the log": ("K4", late_in_log),
    "a bid that never came into the log": ("K4", never_in_log),
}
