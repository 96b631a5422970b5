"""The public log against what was promised of it (K1, K2, K4): all from what somebody fetched and when.

A head is a checkpoint as it was fetched at a time, and the leaves it added.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from .history import Faults
from .terms import Allowances, Found, Line


class Log:
    """The log as its heads tell it; `at` has for each leaf's hash when it was first seen in it."""

    def __init__(self, heads: Sequence[Line]) -> None:
        self.heads = heads
        self.leaves = [leaf for head in heads for leaf in head["leaves"]]
        digests = [_digest(leaf) for leaf in self.leaves]
        self.times = Counter(digests)
        self.place = {digest: place for place, digest in enumerate(digests)}
        self.at: dict[str, int] = {}
        for head in heads:
            for leaf in head["leaves"]:
                self.at.setdefault(_digest(leaf), head["at"])

    def faults(self) -> Found:
        """Yield where it did not only grow, or is not what its checkpoint says (K1)."""
        size = 0
        for head in self.heads:
            if head["size"] != size + len(head["leaves"]):
                yield "K1", f"after {size} leaves a checkpoint of {head['size']} added {len(head['leaves'])}"
            size = head["size"]
        root = _root([hashlib.sha256(b"\0" + leaf.encode()).digest() for leaf in self.leaves])
        if root.hex() != self.heads[-1]["root"]:
            yield "K1", f"the root of the last checkpoint, of {size} leaves, is that of others"

    def order(self, digests: Sequence[str]) -> Found:
        """Yield which leaves of a record it has twice, or in another order (K2)."""
        twice = [digest for digest in digests if self.times[digest] > 1]
        if twice:
            yield "K2", f"{len(twice)} leaves are in the log more than once, first {twice[0]}"
        logged = [self.place[digest] for digest in digests if digest in self.place]
        if logged != sorted(logged):
            yield "K2", "the log has the leaves in another order"

    def promised(self, attempts: Iterable[Line], faults: Faults, end: int | None, allow: Allowances) -> Found:
        """Yield whose bid was not in it as soon as the receipt promises (K4).

        A fault puts that off, but not for good: what is due when nobody looks any more must be there.
        """
        for attempt in attempts:
            said = _told(attempt.get("receipt") or "")
            if attempt["outcome"] != "ok" or not {"t", "mmd_ms"} <= said.keys():
                continue
            t, due = said["t"], said["t"] + said["mmd_ms"] + allow.skew
            at = self.at.get(attempt["hash"])
            if at is None and end is not None and end > due and not faults.shade(end, end):
                yield "K4", f"{attempt['cid']} never came into the log"
            elif at is not None and at > due + allow.seen_within and not faults.shade(t, at):
                yield "K4", f"{attempt['cid']} came into the log {at - due} ms too late"


def _told(receipt: str) -> dict[str, int]:
    lines = [line.split(" ", 1) for line in receipt.split("\n\n", maxsplit=1)[0].split("\n") if " " in line]
    return {name: int(value) for name, value in lines if name in ("t", "mmd_ms") and value.isdecimal()}


def _digest(leaf: str) -> str:
    return hashlib.sha256(leaf.encode()).hexdigest()


def _root(nodes: list[bytes]) -> bytes:
    """Return the root over leaf hashes (RFC 6962 2.1): level by level, one left over rises as it is."""
    while len(nodes) > 1:
        pairs: list[Any] = [nodes[place : place + 2] for place in range(0, len(nodes), 2)]
        nodes = [hashlib.sha256(b"\1" + b"".join(pair)).digest() if pair[1:] else pair[0] for pair in pairs]
    return nodes[0] if nodes else hashlib.sha256(b"").digest()
