"""One valid history, written by hand from arts. 20-21, for the checker's own tests to spoil."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Line = dict[str, Any]
T0 = 1_795_000_000_000
DAY, MINUTE = 86_400_000, 60_000
LOT = 7
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw().hex()
END = T0 + 60 * MINUTE
LATE = END - 3 * MINUTE  # the bid that first moves the end
STOP, GO = LATE + 2 * MINUTE, LATE + 20 * MINUTE
RESUMED = GO + 5 * MINUTE  # three minutes were left, five are given
LAST = RESUMED - 2 * MINUTE
CLOSED = LAST + 5 * MINUTE


def a_record() -> list[Line]:
    """Return the entries of a record, as `chained` takes them."""
    opening = {"start": 1_000_000, "step": 10_000, "ext_ms": 5 * MINUTE, "start_t": T0, "deadline": END}
    return [
        {"kind": "open", "t": T0 - DAY, **opening, "ranks": [1, 2]},
        *({"kind": "qualify", "t": T0 - DAY + 1, "code": code, "commit": "ab" * 32} for code in "ABCD"),
        {"kind": "note", "t": T0 + 50, "about": "opened"},
        a_bid("A", 1_000_000, T0 + 1_000, END),
        a_bid("B", 1_010_000, T0 + 2_000, END),
        a_bid("C", 1_010_000, T0 + 3_000, END, rank=2),
        a_bid("D", 1_010_000, T0 + 4_000, END, rank=1),
        a_bid("A", 1_030_000, LATE, LATE + 5 * MINUTE),
        {"kind": "suspend", "t": STOP, "reason": "a power cut"},
        {"kind": "resume", "t": GO, "reason": "restored", "deadline": RESUMED},
        a_bid("B", 1_040_000, LAST, CLOSED),
        {"kind": "close", "t": CLOSED + 2_200, "winner": "B", "price": 1_040_000, "deadline": CLOSED},
        {"kind": "note", "t": CLOSED + 3_000, "about": "confirmation", "code": "B", "digest": "cd" * 32},
    ]


def a_bid(code: str, amount: int, in_t: int, deadline: int, **more: Any) -> Line:
    """Return the entry of a bid decided 20 ms after it arrived."""
    own = {"code": code, "cid": f"{code}-{in_t - T0}", "amount": amount, "in_t": in_t, "deadline": deadline}
    return {"kind": "bid", "t": in_t + 20, **own, **more}


def chained(entries: list[Line]) -> list[str]:
    """Return the leaves of these entries: in order, each with the hash of the one before."""
    leaves: list[str] = []
    for seq, entry in enumerate(entries, 1):
        prev = digest(leaves[-1]) if leaves else "0" * 64
        leaf = {"v": 1, "lot": LOT, "seq": seq, "prev": prev, **entry}
        leaves.append(json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
    return leaves


def digest(leaf: str) -> str:
    """Return a leaf's SHA-256 in hex."""
    return hashlib.sha256(leaf.encode()).hexdigest()


@dataclass
class Story:
    """A history in parts, which a test may spoil before it is told."""

    leaves: list[str]
    attempts: list[Line] = field(default_factory=list)
    seen: list[Line] = field(default_factory=list)
    rest: list[Line] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """Return the lines of the history."""
        leaves = [{"op": "leaf", "round": LOT, "leaf": leaf} for leaf in self.leaves]
        return [{"op": "key", "public": PUBLIC}, *leaves, *self.attempts, *self.seen, *self.rest]

    def leaf(self, seq: int) -> Line:
        """Return an entry as it is told."""
        told: Line = json.loads(self.leaves[seq - 1])
        return told


def a_story() -> Story:
    """Return a whole valid history: record, attempts with receipts, watchers, a fault."""
    story = Story(chained(a_record()))
    story.attempts = [_attempt(story, seq) for seq in range(7, 15) if story.leaf(seq)["kind"] == "bid"]
    story.attempts += [*_refusals(), _unknown()]
    story.attempts[1] |= {"outcome": "info", "returned": None, "seq": None, "hash": None, "receipt": None}
    _sign([each for each in story.attempts if each["receipt"]])
    story.seen = [*_events(story, "w1", 1, 17), *_second(story), *_events(story, "w3", 1, 10)]
    fault = {"op": "fault", "kind": "kill web", "at": T0 + 1_500, "until": T0 + 1_900}
    left = {"op": "left", "watcher": "w3", "round": LOT}
    ranks = [{"op": "rank", "round": LOT, "code": code, "rank": rank} for code, rank in (("C", 2), ("D", 1))]
    story.rest = [fault, left, *ranks, *_heads(story), {"op": "end", "at": CLOSED + 20_000}]
    return story


def _heads(story: Story) -> list[Line]:
    """Return the checkpoints of a log with each entry a second after it was made, the first six at once."""
    heads = []
    for first, after in ((0, 6), *((seq, seq + 1) for seq in range(6, len(story.leaves)))):
        told = {"size": after, "root": _root(story.leaves[:after]), "leaves": story.leaves[first:after]}
        heads.append({"op": "head", "at": story.leaf(after)["t"] + 1_000, **told})
    return heads


def _root(leaves: list[str]) -> str:
    """Return the root of RFC 6962 2.1, by its definition."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0].encode()).hexdigest()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    parts = (bytes.fromhex(_root(part)) for part in (leaves[:half], leaves[half:]))
    return hashlib.sha256(b"\1" + b"".join(parts)).hexdigest()


def _attempt(story: Story, seq: int) -> Line:
    leaf, hashed = story.leaf(seq), digest(story.leaves[seq - 1])
    mine = {name: leaf[name] for name in ("code", "cid", "amount", "in_t", "deadline")}
    times = {"invoked": leaf["in_t"] - 5, "returned": leaf["t"] + 5}
    names = ("lot", "seq", "code", "cid", "amount", "in_t", "t", "deadline")
    said = {name: leaf[name] for name in names} | {"leaf": hashed, "prev": leaf["prev"], "mmd_ms": 2_000}
    receipt = _statement("judic-bid-receipt/v1", said)
    told = {"outcome": "ok", "seq": seq, "hash": hashed, "ground": None, "receipt": receipt}
    return {"op": "bid", "round": LOT, **mine, **times, **told}


def _refusals() -> list[Line]:
    low = {"price": 1_010_000, "deadline": END, "least": 1_020_000}
    late = {"price": 1_040_000, "deadline": CLOSED, "least": 1_050_000}
    return [
        _refusal("C", 1_005_000, T0 + 5_000, "too_low", low),
        _refusal("A", 1_060_000, CLOSED + 100, "out_of_time", late),
    ]


def _refusal(code: str, amount: int, in_t: int, reason: str, on: Line) -> Line:
    cid = f"{code}-refused-{in_t - T0}"
    said = {"lot": LOT, "code": code, "cid": cid, "amount": amount, "in_t": in_t, "t": in_t, "reason": reason}
    asked = {"op": "bid", "round": LOT, "code": code, "cid": cid, "amount": amount, "in_t": in_t}
    told = {"outcome": "fail", "seq": None, "hash": None, "ground": reason, "deadline": on["deadline"]}
    receipt = _statement("judic-bid-refusal/v1", {**said, **on, "state": "open"})
    return {**asked, **told, "invoked": in_t - 5, "returned": in_t + 25, "receipt": receipt}


def _unknown() -> Line:
    asked = {"op": "bid", "round": LOT, "code": "C", "cid": "lost", "amount": 1_020_000}
    told = {"outcome": "info", "seq": None, "hash": None, "ground": None, "in_t": None, "receipt": None}
    return {**asked, **told, "invoked": T0 + 6_000, "returned": None}


def _statement(title: str, fields: Line) -> str:
    return "\n".join((title, "origin court.example", *(f"{name} {value}" for name, value in fields.items())))


def _sign(attempts: list[Line]) -> None:
    """Turn the statements in these attempts into receipts under one signature."""
    texts = [attempt["receipt"] for attempt in attempts]
    nodes = [hashlib.sha256(b"\0" + text.encode()).digest() for text in texts]
    paths: list[list[str]] = [[] for _ in texts]
    height = 0
    while len(nodes) > 1:
        for index, path in enumerate(paths):
            beside = (index >> height) ^ 1
            path.extend(b64encode(node).decode() for node in nodes[beside : beside + 1])
        nodes = [_above(nodes[place : place + 2]) for place in range(0, len(nodes), 2)]
        height += 1
    signed = f"judic-bid-batch/v1\n{len(texts)}\n{b64encode(nodes[0]).decode()}\n".encode()
    sig = b64encode(KEY.sign(signed)).decode()
    for index, attempt in enumerate(attempts):
        proof = f"index {index}\nsize {len(texts)}\npath {' '.join(paths[index]) or '-'}"
        attempt["receipt"] = f"{texts[index]}\n\n{proof}\n\nsig {sig}\n"


def _above(pair: list[bytes]) -> bytes:
    return pair[0] if len(pair) == 1 else hashlib.sha256(b"\1" + pair[0] + pair[1]).digest()


def _events(story: Story, watcher: str, first: int, after: int) -> list[Line]:
    seen = []
    for seq in range(first, after):
        leaf = story.leaf(seq)
        told = {name: value for name, value in leaf.items() if name not in ("v", "lot", "prev", "round")}
        told |= {"event": told.pop("kind"), "hash": digest(story.leaves[seq - 1])}
        ours = {"op": "saw", "watcher": watcher, "round": LOT, "kind": "event", "at": leaf["t"] + 40}
        seen.append({**told, **ours})
    return seen


def _second(story: Story) -> list[Line]:
    """Return what a watcher saw who came late, was led over some entries, and came again."""
    recent = [
        {"seq": seq, "code": code, "amount": 1_010_000, "at": T0 + at}
        for seq, code, at in ((10, "D", 4_000), (9, "C", 3_000), (8, "B", 2_000))
    ]
    first = {"kind": "snapshot", "seq": 6, "state": "open", "price": None, "leader": None, "closes_at": END}
    leap = {"kind": "leap", "seq": 10, "state": "open", "price": 1_010_000, "leader": "D", "closes_at": END}
    again = {"kind": "snapshot", "seq": 13, "state": "open", "price": 1_030_000, "leader": "A"}
    ours = {"op": "saw", "watcher": "w2", "round": LOT}
    return [
        {**ours, **first, "bids": 0, "recent": [], "at": T0 + 60},
        *_events(story, "w2", 7, 8),
        {**ours, **leap, "bids": 4, "recent": recent, "at": T0 + 4_100},
        *_events(story, "w2", 11, 14),
        {**ours, **again, "closes_at": RESUMED, "bids": 5, "at": GO + 100},
        *_events(story, "w2", 14, 17),
    ]
