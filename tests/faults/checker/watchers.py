"""What watchers saw against what is recorded (W1-W4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

from .attempts import Record
from .history import Faults, RoundHistory
from .terms import Allowances, Found, Line

OURS = frozenset({"op", "watcher", "round", "kind", "at", "event", "seq", "hash", "type"})
TOLD = {"price": "price", "leader": "leader", "closes_at": "deadline", "bids": "bids", "state": "state"}


class Watchers:
    """All watchers of one round."""

    def __init__(self, record: Record, faults: Faults, allow: Allowances) -> None:
        self.record, self.faults, self.allow = record, faults, allow
        self.delays: list[int] = []

    def judge(self, history: RoundHistory, end: int | None) -> Found:
        """Yield what watchers were told wrongly, twice, not at all, or late."""
        last_due = None if end is None else self._due(end)
        for name, frames in history.seen.items():
            reached = 0
            for frame in frames:
                yield from self._frame(name, reached, frame)
                reached = max(reached, frame["seq"])
            if last_due is not None and name not in history.left and reached < last_due:
                yield "W2", f"{name} is at {reached}, the record is at {last_due}"

    def _due(self, end: int) -> int:
        """Return the last place that every watcher must know of by the end."""
        times = self.record.times
        return sum(t + self.allow.quiet <= end for t in times)

    def _frame(self, name: str, reached: int, frame: Line) -> Found:
        seq = frame["seq"]
        yield from _forward(name, reached, frame)
        if not 1 <= seq <= len(self.record.leaves):
            yield "W3", f"{name} saw entry {seq}, the record has {len(self.record.leaves)}"
        elif frame["kind"] == "event":
            yield from self._event(name, frame)
        else:
            yield from self._standing(name, frame)

    def _event(self, name: str, frame: Line) -> Found:
        leaf = self.record.leaves[frame["seq"] - 1]
        if frame.get("hash") != self.record.digests[frame["seq"] - 1]:
            yield "W3", f"{name} saw another entry {frame['seq']} than is recorded"
        if leaf is None:
            return
        other = [field for field in frame.keys() - OURS if field in leaf and frame[field] != leaf[field]]
        if other or frame.get("event", leaf["kind"]) != leaf["kind"]:
            yield "W3", f"{name} saw entry {frame['seq']} with other {sorted(other)}"
        if not self.faults.shade(leaf["t"], frame["at"]):
            self.delays.append(frame["at"] - leaf["t"])

    def _standing(self, name: str, frame: Line) -> Found:
        """Yield where a leap or snapshot tells another state than the record's own fold."""
        stands = self.record.stood[frame["seq"] - 1]
        different = [
            field for field, mine in TOLD.items() if field in frame and frame[field] != getattr(stands, mine)
        ]
        if different:
            yield "W1", f"{name}: the {frame['kind']} at {frame['seq']} differs in {', '.join(different)}"
        if not self._recent(frame, stands.bids):
            yield "W1", f"{name}: the {frame['kind']} at {frame['seq']} tells other recent bids"

    def _recent(self, frame: Line, bids: int) -> bool:
        told: Sequence[Mapping[str, Any]] = frame.get("recent") or ()
        seqs = [bid["seq"] for bid in told]
        if seqs != sorted(seqs, reverse=True) or len(set(seqs)) != len(seqs) or len(seqs) > bids:
            return False
        return all(self._is_recorded(bid, frame["seq"], bids - place) for place, bid in enumerate(told))

    def _is_recorded(self, bid: Mapping[str, Any], seq: int, count: int) -> bool:
        """Return whether a recent bid is the `count`-th of the record, not after `seq`."""
        if not 1 <= bid["seq"] <= seq:
            return False
        leaf = self.record.leaves[bid["seq"] - 1]
        if leaf is None or leaf["kind"] != "bid" or self.record.stood[bid["seq"] - 1].bids != count:
            return False
        mine = (leaf["code"], leaf["amount"], leaf["in_t"])
        return (bid["code"], bid["amount"], bid.get("at", leaf["in_t"])) == mine


def _forward(name: str, reached: int, frame: Line) -> Found:
    seq, kind = frame["seq"], frame["kind"]
    if kind == "event" and reached and seq != reached + 1:
        yield "W1", f"{name} saw entry {seq} after {reached}"
    elif kind == "leap" and seq <= reached:
        yield "W1", f"{name} was led back by a leap from {reached} to {seq}"
    elif kind == "snapshot" and seq < reached:
        yield "W1", f"{name} was led back by a snapshot from {reached} to {seq}"


def slow(delays: Sequence[int], allow: Allowances) -> Found:
    """Yield if one frame in a hundred came late (W4), outside faults and their recovery."""
    if not delays:
        return
    ordered = sorted(delays)
    p99 = ordered[ceil(len(ordered) * 0.99) - 1]
    if p99 > allow.seen_within:
        yield "W4", f"p99 of {len(ordered)} frames was seen {p99} ms after its time"
