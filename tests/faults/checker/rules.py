"""What the record alone must show: arts. 20-21 bid by bid (B, E), and one right end (C)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .terms import Allowances, Coverage, Found, Line

CONFIRMED = {"confirmation": "confirmed", "default": "defaulted"}


class Stands(NamedTuple):
    """What stands after an entry."""

    state: str
    price: int | None
    leader: str | None
    deadline: int
    bids: int


class Fold:
    """Reads a record entry by entry and says which rule each breaks; `stood` is what stood after each."""

    def __init__(self, ranks: Mapping[str, int], late: Callable[[int, int], bool], allow: Allowances) -> None:
        self.ranks, self.late_excused, self.allow = ranks, late, allow
        self.start, self.step, self.ext, self.start_t = 1, 1, allow.ext_ms, 0
        self.offered: list[int] | None = None
        self.state, self.deadline = "announced", 0
        self.price: int | None = None
        self.leader: str | None = None
        self.end: str | None = None
        self.left = 0
        self.qualified: set[str] = set()
        self.bids: list[Line] = []
        self.stood: list[Stands] = []
        self.coverage = Coverage()
        self._by_kind = {
            "open": self._open,
            "qualify": self._qualify,
            "bid": self._bid,
            "suspend": self._suspend,
            "resume": self._resume,
            "close": self._close,
            "void": self._void,
            "note": self._note,
        }

    def take(self, leaf: Line | None) -> Found:
        """Yield what an entry breaks."""
        if leaf is not None:
            if self.end is not None and leaf["kind"] != "note":
                yield from self._after_the_end(leaf)
            else:
                yield from self._by_kind[leaf["kind"]](leaf)
        self.stood.append(Stands(self.state, self.price, self.leader, self.deadline, len(self.bids)))

    def finish(self) -> Found:
        """Yield what is missing at the end."""
        if self.end is None and not self.allow.unfinished:
            yield "C1", "the record has no end"

    def _after_the_end(self, leaf: Line) -> Found:
        again = leaf["kind"] in ("close", "void")
        yield ("C1" if again else "C2"), f"leaf {leaf['seq']}: a {leaf['kind']} after the {self.end}"

    def _open(self, leaf: Line) -> Found:
        self.start, self.step, self.ext = leaf["start"], leaf["step"], leaf["ext_ms"]
        self.start_t, self.deadline = leaf["start_t"], leaf["deadline"]
        self.offered = leaf.get("ranks")
        if self.ext != self.allow.ext_ms:
            yield "E1", f"an extension of {self.ext} ms is announced, art. 20 gives five minutes"
        if self.deadline <= self.start_t:
            yield "B2", "the end is announced before the beginning"

    def _qualify(self, leaf: Line) -> Found:
        if leaf["code"] in self.qualified:
            yield "B6", f"leaf {leaf['seq']}: code {leaf['code']} a second time"
        self.qualified.add(leaf["code"])

    def _bid(self, leaf: Line) -> Found:
        yield from self._may_bid(leaf)
        yield from self._in_time(leaf)
        yield from self._enough(leaf)
        after = leaf["in_t"] + self.ext if self.deadline - leaf["in_t"] <= self.ext else self.deadline
        if leaf["deadline"] != after:
            yield "E1", f"leaf {leaf['seq']}: the end is {leaf['deadline']}, art. 20 says {after}"
        self._count(leaf)
        if self.state == "announced":
            self.state = "open"
        self.price, self.leader, self.deadline = leaf["amount"], leaf["code"], leaf["deadline"]
        self.bids.append(leaf)

    def _count(self, leaf: Line) -> None:
        coverage = self.coverage
        coverage.bids += 1
        coverage.late += self.deadline - leaf["in_t"] <= self.ext
        coverage.extensions += leaf["deadline"] > self.deadline
        coverage.equal += leaf["amount"] == self.price

    def _may_bid(self, leaf: Line) -> Found:
        if leaf["code"] not in self.qualified:
            yield "B3", f"leaf {leaf['seq']}: {leaf['code']} is not qualified"
        if self.state == "suspended":
            yield "B7", f"leaf {leaf['seq']}: a bid while suspended"

    def _in_time(self, leaf: Line) -> Found:
        in_t, t = leaf["in_t"], leaf["t"]
        if in_t >= self.deadline:
            yield "B2", f"leaf {leaf['seq']}: {in_t - self.deadline} ms after the end"
        if in_t < self.start_t:
            yield "B8", f"leaf {leaf['seq']}: {self.start_t - in_t} ms before the beginning"
        if in_t > t:
            yield "B9", f"leaf {leaf['seq']}: recorded {in_t - t} ms before it arrived"
        if t - in_t > self.allow.decide_within:
            yield "B10", f"leaf {leaf['seq']}: decided {t - in_t} ms after it arrived"

    def _enough(self, leaf: Line) -> Found:
        amount, rank, seq = leaf["amount"], leaf.get("rank"), leaf["seq"]
        if self.price is not None and amount == self.price:
            yield from self._outranks(leaf)
            return
        least = self.start if self.price is None else self.price + self.step
        if amount < least:
            yield "B1", f"leaf {seq}: {amount} is less than {least}"
        if rank is not None:
            yield "P1", f"leaf {seq}: rank {rank} is told without being used"

    def _outranks(self, leaf: Line) -> Found:
        rank, mine, seq = leaf.get("rank"), self.ranks.get(leaf["code"]), leaf["seq"]
        other = None if self.leader is None else self.ranks.get(self.leader)
        if type(rank) is not int:
            yield "B5", f"leaf {seq}: {leaf['code']} equals the price and has no rank"
        elif rank != mine or (self.offered and rank not in self.offered):
            yield "B5", f"leaf {seq}: rank {rank} is not {leaf['code']}'s"
        elif other is not None and rank >= other:
            yield "B5", f"leaf {seq}: rank {rank} equals the price of rank {other}"

    def _suspend(self, leaf: Line) -> Found:
        if self.state == "suspended":
            yield "E2", f"leaf {leaf['seq']}: suspended twice"
        self.state = "suspended"
        since: int = leaf["since"] if "since" in leaf else leaf["t"]
        self.left = self.deadline - since

    def _resume(self, leaf: Line) -> Found:
        given = leaf["deadline"] - leaf["t"]
        if self.state != "suspended":
            yield "E2", f"leaf {leaf['seq']}: resumed, but it was not suspended"
        if given < self.left:
            yield "E2", f"leaf {leaf['seq']}: {self.left} ms were left, {given} ms are given"
        if given < self.ext:
            yield "E3", f"leaf {leaf['seq']}: {given} ms are given, an extension is {self.ext} ms"
        self.state, self.deadline = "open", leaf["deadline"]

    def _close(self, leaf: Line) -> Found:
        yield from self._on_time(leaf)
        if self.state == "suspended":
            yield "C5", f"leaf {leaf['seq']}: closed while suspended"
        if (leaf["winner"], leaf["price"]) != (self.leader, self.price):
            told = f"{leaf['winner']} at {leaf['price']}"
            yield "C6", f"leaf {leaf['seq']}: {told}; the last bid is {self.leader} at {self.price}"
        if leaf["deadline"] != self.deadline:
            yield "C7", f"leaf {leaf['seq']}: the end is told as {leaf['deadline']}, it was {self.deadline}"
        self.end = "close"
        self.state = "unsold" if self.leader is None else "sold"

    def _on_time(self, leaf: Line) -> Found:
        over = leaf["t"] - self.deadline
        if over <= 0 or over < self.allow.close_delay:
            yield "C3", f"leaf {leaf['seq']}: closed {over} ms after the end, too early"
        latest = self.allow.close_delay + self.allow.close_grace
        if over > latest and not self.late_excused(self.deadline, leaf["t"]):
            yield "C4", f"leaf {leaf['seq']}: closed {over} ms after the end, too late"

    def _void(self, _leaf: Line) -> Found:
        self.end, self.state = "void", "withdrawn"
        yield from ()

    def _note(self, leaf: Line) -> Found:
        about = leaf["about"]
        if about == "opened" and self.end is None:
            if self.state != "announced":
                yield "C2", f"leaf {leaf['seq']}: opened while {self.state}"
            self.state = "open"
        elif isinstance(about, str) and about in CONFIRMED and self.end == "close":
            self.state = CONFIRMED[about]


def ranks_told(leaves: Sequence[Any], known: Mapping[str, int]) -> tuple[dict[str, int], list[str]]:
    """Return the rank of each code, as known or as its own bids tell, and the codes that tell two."""
    ranks = dict(known)
    torn = []
    for leaf in leaves:
        used = leaf is not None and leaf["kind"] == "bid" and "rank" in leaf
        if used and ranks.setdefault(leaf["code"], leaf["rank"]) != leaf["rank"]:
            torn.append(leaf["code"])
    return ranks, torn
