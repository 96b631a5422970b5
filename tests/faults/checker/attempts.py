"""What bidders were promised against what is recorded (A1-A8, C8)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from .receipts import Receipts
from .rules import Stands
from .terms import Allowances, Found, Line

Key = tuple[str, str]
CLAIMED = (("seq", "seq"), ("amount", "amount"), ("in_t", "in_t"), ("deadline", "deadline"))


class Record:
    """A record as far as attempts are held against it."""

    def __init__(
        self, leaves: Sequence[Line | None], digests: Sequence[str], stood: Sequence[Stands]
    ) -> None:
        self.leaves, self.digests, self.stood = leaves, digests, stood
        self.bids: defaultdict[Key, list[int]] = defaultdict(list)  # places, by code and key
        for place, leaf in enumerate(leaves):
            if leaf is not None and leaf["kind"] == "bid":
                self.bids[leaf["code"], leaf["cid"]].append(place)
        self.times = [leaf["t"] if leaf else 0 for leaf in leaves]
        self.prices = {(stand.price, stand.deadline) for stand in stood}
        self.voided = next((leaf["t"] for leaf in leaves if leaf and leaf["kind"] == "void"), None)

    def deadline_at(self, at: int) -> int | None:
        """Return the end that stood at a time, or None before the record began."""
        place = bisect_right(self.times, at)
        return self.stood[place - 1].deadline if place else None

    def suspended_near(self, first: int, last: int) -> bool:
        """Return whether the round was suspended at some time of a span."""
        place = max(0, bisect_right(self.times, first) - 1)
        end = bisect_right(self.times, last)
        return any(stand.state == "suspended" for stand in self.stood[place:end])


def judge(record: Record, attempts: Sequence[Line], receipts: Receipts, allow: Allowances) -> Found:
    """Yield which promise to a bidder was broken."""
    by_key: defaultdict[Key, list[Line]] = defaultdict(list)
    for attempt in attempts:
        by_key[attempt["code"], attempt["cid"]].append(attempt)
    yield from _recorded(record, by_key, allow)
    for attempt in attempts:
        yield from OUTCOMES[attempt["outcome"]](record, attempt, allow)
        yield from receipts.faults(attempt, record)
    for same in by_key.values():
        yield from _answers_agree(same)
    yield from _in_order(record, by_key)


def _recorded(record: Record, by_key: dict[Key, list[Line]], allow: Allowances) -> Found:
    for key, places in record.bids.items():
        if len(places) > 1:
            yield "A6", f"{key} is recorded {len(places)} times"
        for place in places:
            yield from _was_made(record.leaves[place], by_key.get(key, ()), allow)


def _was_made(leaf: Any, same: Sequence[Line], allow: Allowances) -> Found:
    made = [each["invoked"] for each in same if each["amount"] == leaf["amount"]]
    if not made:
        yield "A4", f"leaf {leaf['seq']}: nobody made this bid of {leaf['amount']} by {leaf['code']}"
    elif leaf["in_t"] < min(made) - allow.skew:
        yield "A7", f"leaf {leaf['seq']}: it is recorded as arrived before it was made"


def _ok(record: Record, attempt: Line, _allow: Allowances) -> Found:
    places = record.bids.get((attempt["code"], attempt["cid"]))
    if not places:
        yield "A1", f"acknowledged and lost: {_named(attempt)}, seq {attempt['seq']}"
        return
    leaf: Any = record.leaves[places[0]]
    told = [name for name, mine in CLAIMED if attempt.get(mine) is not None and attempt[mine] != leaf[name]]
    if attempt["seq"] != leaf["seq"] or told:
        yield "A1", f"acknowledged as another: {_named(attempt)}: {told}"
    if attempt["hash"] != record.digests[places[0]]:
        yield "A1", f"acknowledged with another hash: {_named(attempt)}"


def _fail(record: Record, attempt: Line, allow: Allowances) -> Found:
    for place in record.bids.get((attempt["code"], attempt["cid"]), ()):
        leaf: Any = record.leaves[place]
        if leaf["amount"] == attempt["amount"]:
            yield "A2", f"refused ({attempt.get('ground')}) and recorded: {_named(attempt)}"
    if attempt.get("ground") == "out_of_time":
        yield from _late(record, attempt, allow)


def _late(record: Record, attempt: Line, allow: Allowances) -> Found:
    """Yield if a bid was refused as late that was not."""
    in_t = attempt.get("in_t")
    at = in_t if in_t is not None else (attempt.get("returned") or attempt["invoked"]) + allow.skew
    deadline = record.deadline_at(at - allow.skew)
    if deadline is None or at >= deadline:
        return
    decided = at + allow.decide_within
    voided = record.voided is not None and record.voided <= decided
    if not voided and not record.suspended_near(at, decided):
        yield "C8", f"refused as late {deadline - at} ms before the end: {_named(attempt)}"


def _info(_record: Record, _attempt: Line, _allow: Allowances) -> Found:
    yield from ()  # A3: it may be recorded or not


def _answers_agree(same: Sequence[Line]) -> Found:
    """Yield if one key for one amount got two different definite answers, or two amounts were accepted."""
    if len(same) == 1:
        return
    key = f"{same[0]['code']} {same[0]['cid']}"
    answers = {_answer(each) for each in same if each["outcome"] != "info"}
    if len(answers) > len({answer[0] for answer in answers}):
        yield "A6", f"one key, two answers: {key}"
    if len({answer[0] for answer in answers if answer[1] == "ok"}) > 1:
        yield "A6", f"one key, two amounts accepted: {key}"


def _answer(attempt: Line) -> tuple[Any, ...]:
    return attempt["amount"], attempt["outcome"], *(attempt.get(name) for name in ("seq", "hash", "ground"))


def _in_order(record: Record, by_key: dict[Key, list[Line]]) -> Found:
    """Yield if a bid is recorded after one that was made only after its answer (A5), in one sweep."""
    placed = [(places[0] + 1, by_key[key]) for key, places in record.bids.items() if key in by_key]
    answered = sorted(
        (each["returned"], seq)
        for seq, same in placed
        for each in same
        if each["outcome"] == "ok" and each["returned"] is not None
    )
    highest = list(accumulate((seq for _, seq in answered), max))
    for seq, same in placed:
        before = bisect_left(answered, (min(each["invoked"] for each in same), 0))
        if before and highest[before - 1] > seq:
            yield "A5", f"leaf {seq} was made after leaf {highest[before - 1]} was acknowledged"


def _named(attempt: Line) -> str:
    return f"{attempt['code']} {attempt['cid']} {attempt['amount']}"


OUTCOMES = {"ok": _ok, "fail": _fail, "info": _info}
