"""One entry of a record: its canonical form (RFC 8785), its place in the chain, the fields it may have."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any, TypeGuard

from .terms import Found, Line

LARGEST = 2**53 - 1
LONGEST = 65_535
COMMON = frozenset({"v", "kind", "lot", "seq", "prev", "t"})
NEEDED = {
    "open": frozenset({"start", "step", "ext_ms", "start_t", "deadline"}),
    "qualify": frozenset({"code", "commit"}),
    "bid": frozenset({"code", "cid", "amount", "in_t", "deadline"}),
    "suspend": frozenset({"reason"}),
    "resume": frozenset({"reason", "deadline"}),
    "close": frozenset({"winner", "price", "deadline"}),
    "void": frozenset({"reason"}),
    "note": frozenset({"about"}),
}
EXTRA = {
    "open": frozenset({"round", "deposit", "ranks", "assets", "notices", "tour"}),
    "bid": frozenset({"rank"}),
    "suspend": frozenset({"since", "incident"}),
    "close": frozenset({"reach", "reach_end"}),
    "note": frozenset({"digest", "price", "reason", "opening", "identity", "deadline", "code"}),
}
FIELDS = {
    kind: (COMMON | need, COMMON | need | EXTRA.get(kind, frozenset())) for kind, need in NEEDED.items()
}
AMOUNTS = frozenset({"start", "step", "amount"})
TYPES: dict[str, type] = {
    **dict.fromkeys(("t", "in_t", "start_t", "deadline", "since", "ext_ms", "rank", *AMOUNTS), int),
    **dict.fromkeys(("cid", "commit"), str),
    "ranks": list,
    "code": str,
}
KNOWN_KINDS = frozenset(NEEDED)

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: Any) -> str:
    """Return the RFC 8785 form of what a leaf may hold: all that JSON knows, with whole numbers below 2^53.

    :raises ValueError: if it holds anything else
    """
    _only_plain(value)
    return _encode(value)


def _only_plain(value: Any) -> None:
    check = PLAIN.get(type(value))
    if check is not None:
        check(value)


def _plain_object(value: Line) -> None:
    # RFC 8785 sorts names by UTF-16 units, Python by code points: the same for names in ASCII.
    if not all(name.isascii() for name in value):
        raise ValueError("a name that is not ASCII")
    for each in value.values():
        _only_plain(each)


def _plain_list(value: list[Any]) -> None:
    for each in value:
        _only_plain(each)


def _plain_number(value: float) -> None:
    if type(value) is float or abs(value) > LARGEST:
        raise ValueError(f"no number of a record: {value}")


PLAIN: dict[type, Any] = {dict: _plain_object, list: _plain_list, int: _plain_number, float: _plain_number}


def digest(leaf: str) -> str:
    """Return a leaf's SHA-256 in hex."""
    return hashlib.sha256(leaf.encode("utf-8", "surrogatepass")).hexdigest()


def read(texts: Sequence[str]) -> tuple[list[Line | None], list[str], list[tuple[str, str]]]:
    """Return the leaves, their digests, and what is wrong with the chain (S0-S7, P1, B0).

    A leaf that cannot be read, or lacks what its kind needs, is None: no rule can be held to it.
    """
    leaves: list[Line | None] = []
    digests: list[str] = []
    found: list[tuple[str, str]] = []
    chain = Chain()
    for place, text in enumerate(texts, 1):
        leaf, faults = _read(text)
        hashed = digest(text)
        found += faults
        if leaf is not None:
            found += chain.faults(place, leaf)
        chain.prev = hashed
        digests.append(hashed)
        leaves.append(None if leaf is None or (faults and _unusable(leaf)) else leaf)
    return leaves, digests, found


class Chain:
    """What the leaves before make of the next: its `prev`, lot and least time."""

    def __init__(self) -> None:
        self.prev = "0" * 64
        self.lot: Any = None
        self.t: int | None = None

    def faults(self, place: int, leaf: Line) -> Found:
        """Yield what is wrong with a leaf's place in the chain."""
        if leaf.get("seq") != place:
            yield "S2", f"leaf {place} has seq {leaf.get('seq')}"
        if leaf.get("prev") != self.prev:
            yield "S3", f"leaf {place} does not follow the one before"
        yield from self._lot(place, leaf)
        yield from self._time(place, leaf)
        if (leaf.get("kind") == "open") != (place == 1):
            yield "S6", f"leaf {place} is of kind {leaf.get('kind')}"

    def _lot(self, place: int, leaf: Line) -> Found:
        if place > 1 and leaf.get("lot") != self.lot:
            yield "S4", f"leaf {place} is of lot {leaf.get('lot')}, not {self.lot}"
        else:
            self.lot = leaf.get("lot")

    def _time(self, place: int, leaf: Line) -> Found:
        t = leaf.get("t")
        if type(t) is int:
            if self.t is not None and t < self.t:
                yield "S5", f"leaf {place} is {self.t - t} ms before the one before it"
            self.t = t


def _read(text: str) -> tuple[Line | None, list[tuple[str, str]]]:
    try:
        leaf = json.loads(text) if len(text.encode()) <= LONGEST else None
    except (ValueError, RecursionError):
        leaf = None
    if type(leaf) is not dict:
        return None, [("S0", f"no JSON object: {text[:60]!r}")]
    return leaf, [*_form(text, leaf), *_shape(leaf)]


def _form(text: str, leaf: Line) -> Found:
    try:
        same = canonical(leaf) == text
    except (ValueError, RecursionError) as error:
        yield "S1", f"leaf {leaf.get('seq')}: {error}"
        return
    if not same:
        yield "S1", f"leaf {leaf.get('seq')} is not in canonical form: {text[:60]!r}"


def _shape(leaf: Line) -> Found:
    kind = leaf.get("kind")
    if not _known(kind):
        yield "S7", f"leaf {leaf.get('seq')} is of unknown kind {kind!r}"
        return
    need, may = FIELDS[kind]
    if not need <= leaf.keys() <= may:
        yield "P1", f"leaf {leaf.get('seq')} ({kind}): {sorted(leaf.keys() ^ need)}"
    wrong = [(name, value) for name, value in leaf.items() if not _typed(name, value)]
    for name, value in wrong:
        yield ("B0" if name in AMOUNTS else "P1"), f"leaf {leaf.get('seq')}: {name} {value!r}"


def _known(kind: Any) -> TypeGuard[str]:
    return type(kind) is str and kind in KNOWN_KINDS


def _typed(name: str, value: Any) -> bool:
    kind: type = type(value)
    if TYPES.get(name, kind) is not kind:
        return False
    return name not in AMOUNTS or 1 <= value <= LARGEST


def _unusable(leaf: Line) -> bool:
    """Return whether a rule cannot be held to this leaf."""
    if not _known(leaf.get("kind")) or not FIELDS[leaf["kind"]][0] <= leaf.keys():
        return True
    return not all(type(value) is TYPES.get(name, type(value)) for name, value in leaf.items())
