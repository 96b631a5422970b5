#!/usr/bin/env python3
"""Check the published record of an online judicial auction, offline and without trusting who runs it.

    python verify_record.py record.zip --receipt mine.txt --since checkpoint-i-kept
    python verify_record.py --receipt mine.txt --proof mine.tlog-proof --policy policy --keys receipt-key.json

Written from docs/record-format.md alone; the codes (S0 … I2) are explained there. Needs Python 3.9 or later
and, for signatures, the package `cryptography`. Nothing is sent and nothing is written. Exit code 0: no rule
is violated; 1: at least one is, a line each; 2: called wrongly. What is read may be hostile: it is capped
before it is read, and nothing here recurses deeper than the four levels a line may nest.

Read it from top to bottom: 1 the words of the rules, 2 JSON, 3 the lines, 4 the auction told again, 5 trees
and notes, 6 the log, 7 receipts, 8 what was published, 9 the files, 10 the caller.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import functools
import hashlib
import io
import json
import math
import os
import re
import sys
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

MIB = 1 << 20
RECORD_BYTES, RECORD_LINES, LINE_BYTES, LINE_DEPTH = 64 * MIB, 200_000, 65_535, 4
ZIP_BYTES, ZIP_ENTRIES, ENTRY_BYTES = 256 * MIB, 200_100, 64 * MIB
FILE_BYTES, RECEIPT_BYTES = MIB, 65_535  # a checkpoint, a policy, a proof …; a receipt
NOTE_SIGNATURES, PATH_HASHES = 100, 64
LISTED = 1_000
LARGEST = 2**53 - 1
FIVE_MINUTES = 300_000  # 法释〔2016〕18号 art. 20
UNTOLD = math.nan  # what nobody told: every comparison with it is false, so it breaks no rule


class Malformed(ValueError):
    """What was read has not the form it must have; the message says what is wrong."""


class Refused(Exception):
    """The record cannot be checked at all (F0)."""


class Wrong(Exception):
    """The program was called wrongly."""


# What reading a thing may raise when it has another form.
OTHER_FORM = (ValueError, TypeError, KeyError, AttributeError)

# --- 1. The words of the rules ------------------------------------------------------------------------------
# {name} is a field of the line; {now_price}, {now_deadline}, {now_leader} … stood before it.

SENTENCES = {
    "S0": "the line is no JSON object in UTF-8 of at most 65,535 bytes that nests no deeper than 4",
    "S1": "its bytes are not the RFC 8785 form of what it says",
    "S2": "its seq is {seq}, not the number of the line",
    "S3": "its prev is {prev}, but the hash of the line before is {before}",
    "S4": "its lot is {lot}, not that of the first line",
    "S5": "it was written at {t}, before a line before it ({last_t})",
    "S6": "line 1 must be of kind open and no other line may be; this one is {kind}",
    "S7": "{kind} is none of the eight kinds",
    "P1": "{fault}",
    "P1 rank": "the bid tells the rank {rank} although it does not equal the price",
    "B0": "{fault}, no whole number from 1 to 2^53-1",
    "B1": "the bid of {amount} is less than the least allowed, {least}",
    "B2": "the bid came at {in_t}, not before the deadline {now_deadline}",
    "B2 open": "the deadline {deadline} is not after the start {start_t}",
    "B3": "{code} bids without having been qualified",
    "B5": "{code} equals the price with the rank {rank}, which does not go before the leader {now_leader}",
    "B5 other": "{code} tells the rank {rank}, another than the first it told",
    "B6": "{code} has been qualified before",
    "B7": "a bid while the auction is suspended",
    "B8": "the bid came at {in_t}, before the auction started",
    "B9": "the bid came at {in_t}, after it was written at {t}",
    "B10": "the bid came at {in_t} and was written at {t}, more than six seconds later",
    "E1": "the deadline after the bid is said to be {deadline}; by the rule of five minutes it is {expected}",
    "E1 open": "ext_ms is {ext_ms}, not five minutes, and it is no practice",
    "E2": "suspended while it is suspended already",
    "E2 resume": "resumed when {now_state}, until {deadline}; {now_left} ms were left when suspended",
    "E3": "resumed at {t} with a deadline of {deadline}, less than one extension away",
    "C1": "there is neither a close nor a void",
    "C1 again": "a second end ({kind})",
    "C2": "a {kind} after the end",
    "C2 opened": "said to be opened when it is {now_state}",
    "C3": "closed at {t}, less than two seconds after the deadline {now_deadline}",
    "C4": "closed at {t}, more than a minute after the deadline {now_deadline}",
    "C5": "closed while suspended",
    "C6": "won by {winner} for {price}, but the last bid is that of {now_leader} for {now_price}",
    "I2": "the identity of {code} was opened, who has not won",
    "C7": "its deadline is {deadline}, but the deadline was {now_deadline}",
}


def shown(value: Any) -> str:
    """Return a value as short printable ASCII: nothing that was read may steer a terminal."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "nothing"
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:77] + "..."


class Findings:
    """Violations and remarks as (line, rule, sentence)."""

    def __init__(self) -> None:
        self.ok = True
        self.violations: list[tuple[int, str, str]] = []
        self.remarks: list[tuple[int, str, str]] = []

    def add(self, rule: str, line: int, text: str) -> None:
        """Note a violation; of very many only those that will be listed are kept."""
        self.ok = False
        self.violations.append((line, rule, text))
        if len(self.violations) > 8 * LISTED:
            self.violations = self.first()

    def say(self, key: str, line: int, facts: dict[str, Any], *, remark: bool = False) -> None:
        """Note a violation of the rule a sentence's key begins with, or remark on it."""
        told = ((name, value if name == "fault" else shown(value)) for name, value in facts.items())
        text = SENTENCES[key].format_map(defaultdict(lambda: "nothing", told))
        (self.remark if remark else self.add)(key.partition(" ")[0], line, text)

    def remark(self, rule: str, line: int, text: str) -> None:
        """Note what violates nothing but should be known."""
        self.remarks.append((line, rule, text))

    def first(self) -> list[tuple[int, str, str]]:
        """Return the violations to be listed: the first by line, then by rule."""
        return sorted(self.violations, key=lambda found: found[:2])[:LISTED]


# --- 2. JSON (RFC 8259) and its one form (RFC 8785) ---------------------------------------------------------

MARK = re.compile(r'\\.|["{}\[\]]', re.DOTALL)
DEEPER = {"{": 1, "[": 1, "}": -1, "]": -1}


def _integer(token: str) -> Any:
    """Return an integer within ±(2^53-1), else a float, which no rule takes for an integer."""
    return int(token) if len(token) <= 17 and abs(int(token)) <= LARGEST else float(token)


def _no_number(token: str) -> NoReturn:
    raise Malformed(f"{token} is no JSON")


DECODE = json.JSONDecoder(parse_int=_integer, parse_constant=_no_number).decode
ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def depth(text: str) -> int:
    """Return how deep objects and arrays nest at most, without parsing; strings hold no brackets."""
    level = deepest = 0
    quoted = False
    for mark in MARK.findall(text):
        quoted ^= mark == '"'
        level += 0 if quoted else DEEPER.get(mark, 0)
        deepest = max(deepest, level)
    return deepest


def parse(raw: bytes) -> Any:
    """Return what JSON says.

    :raises ValueError: if it is none, no UTF-8, or nests too deep
    """
    text = raw.decode("utf-8")
    if text.count("{") + text.count("[") > LINE_DEPTH and depth(text) > LINE_DEPTH:
        raise Malformed("it nests too deep")
    return DECODE(text)


def form(value: Any) -> bytes:
    """Return the RFC 8785 form of what `parse` returned.

    :raises ValueError: if it has none: a number that is no integer in ±(2^53-1), or a lone surrogate
    """
    return bytes(ENCODE(_ordered(value)).encode("utf-8"))


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _ordered(value[name]) for name in sorted(value, key=lambda n: n.encode("utf-16-be"))}
    if isinstance(value, list):
        return [_ordered(part) for part in value]
    if isinstance(value, float):
        raise Malformed("a number that is no integer")
    return value


def _has_form(said: dict[str, Any], line: bytes) -> bool:
    try:
        return form(said) == line
    except ValueError:
        return False


# --- 3. The lines, each by itself ---------------------------------------------------------------------------

COMMON = "v kind lot seq prev t"
FIELDS = {  # kind: what it needs, what it may have
    "open": ("start step ext_ms start_t deadline", "round deposit ranks assets notices tour practice"),
    "qualify": ("code commit", ""),
    "bid": ("code cid amount in_t deadline", "rank"),
    "suspend": ("reason", "since incident"),
    "resume": ("reason deadline", ""),
    "close": ("winner price deadline", "reach reach_end"),
    "void": ("reason", ""),
    "note": ("about", "digest price reason opening identity deadline code"),
}
AMOUNTS = "start step amount".split()
FITS: dict[str, Callable[[Any], bool]] = {  # field: whether a value has its type; a bool is no integer
    **dict.fromkeys("lot seq t ext_ms start_t deadline in_t since rank".split(), lambda v: type(v) is int),
    **dict.fromkeys(AMOUNTS, lambda v: type(v) is int and 1 <= v <= LARGEST),
    **dict.fromkeys("kind prev code cid commit about".split(), lambda v: type(v) is str),
    "v": lambda v: type(v) is int and v == 1,
    "ranks": lambda v: type(v) is list and all(type(rank) is int for rank in v),
}
FITS_IN: dict[str, dict[str, Callable[[Any], bool]]] = {
    "close": {
        "winner": lambda v: v is None or type(v) is str,
        "price": lambda v: v is None or type(v) is int,
    },
    "note": {"code": lambda v: True},
}


class Kind:
    """How a line of a kind must look."""

    def __init__(self, name: str, needs: str, may: str) -> None:
        self.needs = frozenset(f"{COMMON} {needs}".split())
        self.allows = self.needs | set(may.split())
        fits = {field: fit for field, fit in FITS.items() if field in self.allows}
        self.fits = {**fits, **FITS_IN.get(name, {})}

    def faults(self, said: dict[str, Any]) -> dict[str, str]:
        """Return what is wrong with the fields, by rule (P1, B0)."""
        names, faults = said.keys(), {}
        for name in self.needs - names:
            faults["P1"] = f"its {name} is missing"
        for name in names - self.allows:
            faults["P1"] = f"a {shown(name)} may not be there"
        for name, fits in self.fits.items():
            if name in said and not fits(said[name]):
                faults["B0" if name in AMOUNTS else "P1"] = f"its {name} is {shown(said[name])}"
        return faults


KINDS = {name: Kind(name, *fields) for name, fields in FIELDS.items()}
KNOWN = frozenset().union(*(kind.allows for kind in KINDS.values()))


class Record:
    """The lines of a round by their numbers, asked S, P1 and B0 while they are read.

    `said` holds the fields of each line, None for an S0; `sound` the numbers of the lines that take part.
    """

    def __init__(self, lines: dict[int, bytes], findings: Findings) -> None:
        self.lines, self.findings = lines, findings
        self.said: dict[int, dict[str, Any] | None] = {}
        self.sound: list[int] = []
        self.first: dict[str, Any] | None = None
        self.before, self.last_t = "0" * 64, UNTOLD
        for number, line in lines.items():
            self.said[number] = self._read(number, line)
            self.before = hashlib.sha256(line).hexdigest()
        lot: Any = self.first.get("lot") if self.first else None
        self.lot: int | None = lot if type(lot) is int else None
        bids = [said for said in self.said.values() if said and said.get("kind") == "bid"]
        self.bids = [(said.get("code"), said.get("cid")) for said in bids]  # of any type: no set

    def _read(self, number: int, line: bytes) -> dict[str, Any] | None:
        try:
            said = parse(line) if len(line) <= LINE_BYTES else None
        except ValueError:
            said = None
        if type(said) is not dict:
            self.findings.say("S0", number, {})
            return None
        self.first = said if self.first is None else self.first
        self._chain(number, line, said)
        self._shape(number, said)
        # Only what is asked about later is kept: a hostile line unpacks to many times its size.
        return {name: said[name] for name in KNOWN & said.keys() if number == 1 or not _is_nest(said[name])}

    def _chain(self, number: int, line: bytes, said: dict[str, Any]) -> None:
        seq, t = said.get("seq"), said.get("t")
        asked = {
            "S1": not _has_form(said, line),
            "S2": type(seq) is not int or seq != number,
            "S3": said.get("prev") != self.before,
            "S4": said is not self.first and not _is_same_lot(said, self.first or {}),
            "S5": type(t) is int and t < self.last_t,
            "S6": (number == 1) != (said.get("kind") == "open"),
        }
        for rule, broken in asked.items():
            if broken:
                self.findings.say(rule, number, {**said, "before": self.before, "last_t": self.last_t})
        self.last_t = t if type(t) is int else self.last_t

    def _shape(self, number: int, said: dict[str, Any]) -> None:
        name = said.get("kind")
        kind = KINDS.get(name) if type(name) is str else None
        faults = {"S7": ""} if kind is None else kind.faults(said)
        for rule, fault in faults.items():
            self.findings.say(rule, number, {"kind": name, "fault": fault})
        if not faults:
            self.sound.append(number)


def _is_nest(value: Any) -> bool:
    return type(value) in (list, dict)


def _is_same_lot(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Say whether both are missing or equal; a nest and a number that is no integer equal nothing."""
    lot, wanted = one.get("lot", ...), other.get("lot", ...)
    return type(lot) is type(wanted) and not _is_nest(lot) and type(lot) is not float and lot == wanted


# --- 4. The auction told again ------------------------------------------------------------------------------


class Fold:
    """What stands after each line that takes part: state, deadline, price, leader, and what `open` told."""

    def __init__(self, record: Record, findings: Findings) -> None:
        self.findings = findings
        self.state, self.deadline, self.left = "announced", UNTOLD, UNTOLD
        self.price: int | None = None
        self.leader: str | None = None
        self.start = self.step = self.ext = self.start_t = UNTOLD
        self.offered: frozenset[int] = frozenset()
        self.commits: dict[str, str] = {}
        self.bids = 0
        self.end: dict[str, Any] | None = None
        self.ranks: dict[str, int] = {}
        told = [(number, record.said[number] or {}) for number in record.sound]
        for _, said in told:
            if said["kind"] == "bid" and "rank" in said:
                self.ranks.setdefault(said["code"], said["rank"])
        for self.number, self.said in told:
            self._line(self.said["kind"], self.said)

    def _ask(self, key: str, broken: bool, **more: Any) -> None:
        if broken:
            self.findings.say(key, self.number, self._facts(more))

    def _facts(self, more: dict[str, Any]) -> dict[str, Any]:
        stood = ("state", "deadline", "left", "price", "leader")
        return {**self.said, **{f"now_{name}": getattr(self, name) for name in stood}, **more}

    def _line(self, kind: str, said: dict[str, Any]) -> None:
        self._ask("B5 other", kind == "bid" and self._tells_another(said))
        self._ask("I2", kind == "note" and said["about"] == "opening" and not self.has_won(said.get("code")))
        if self.end is None:
            getattr(self, f"_{kind}")(said)
        elif kind == "note":
            self._ask("C2 opened", said["about"] == "opened")
        else:
            self._ask("C1 again" if kind in ("close", "void") else "C2", True)

    def has_won(self, code: Any) -> bool:
        """Return whether the round has closed with this code as its winner."""
        return self.end is not None and code is not None and bool(code == self.end.get("winner"))

    def _tells_another(self, said: dict[str, Any]) -> bool:
        return "rank" in said and bool(said["rank"] != self.ranks[said["code"]])

    def _open(self, said: dict[str, Any]) -> None:
        if self.number != 1:  # S6 said so; it changes nothing
            return
        self._ask("E1 open", said["ext_ms"] != FIVE_MINUTES and said.get("practice") is not True)
        self._ask("B2 open", said["deadline"] <= said["start_t"])
        self.start, self.step, self.ext = said["start"], said["step"], said["ext_ms"]
        self.start_t, self.deadline = said["start_t"], said["deadline"]
        self.offered = frozenset(said.get("ranks", ()))

    def _qualify(self, said: dict[str, Any]) -> None:
        self._ask("B6", said["code"] in self.commits)
        self.commits.setdefault(said["code"], said["commit"])

    def _bid(self, said: dict[str, Any]) -> None:
        in_t, t = said["in_t"], said["t"]
        self._ask("B3", said["code"] not in self.commits)
        self._ask("B7", self.state == "suspended")
        self._ask("B2", in_t >= self.deadline)
        self._ask("B8", in_t < self.start_t)
        self._ask("B9", in_t > t)
        self._ask("B10", t - in_t > 6_000)
        self._bid_amount(said)
        expected = in_t + self.ext if self.deadline - in_t <= self.ext else self.deadline
        self._ask("E1", not math.isnan(self.ext) and said["deadline"] != expected, expected=expected)
        self.price, self.leader, self.deadline = said["amount"], said["code"], said["deadline"]
        self.state = "open" if self.state == "announced" else self.state
        self.bids += 1

    def _bid_amount(self, said: dict[str, Any]) -> None:
        """Ask whether it is enough: a step more (art. 20), or the price itself by a priority (art. 21)."""
        if said["amount"] == self.price:
            self._ask("B5", not self._tells_another(said) and not self._goes_first(said.get("rank")))
            return
        least = self.start if self.price is None else self.price + self.step
        self._ask("B1", said["amount"] < least, least=least)
        self._ask("P1 rank", "rank" in said)

    def _goes_first(self, rank: int | None) -> bool:
        if rank is None or (self.offered and rank not in self.offered):
            return False
        return rank < self.ranks.get(self.leader or "", math.inf)

    def _suspend(self, said: dict[str, Any]) -> None:
        self._ask("E2", self.state == "suspended")
        self.left = self.deadline - said.get("since", said["t"])
        self.state = "suspended"

    def _resume(self, said: dict[str, Any]) -> None:
        ahead = said["deadline"] - said["t"]
        self._ask("E2 resume", self.state != "suspended" or ahead < self.left)
        self._ask("E3", ahead < self.ext)
        self.deadline, self.state = said["deadline"], "open"

    def _close(self, said: dict[str, Any]) -> None:
        late = said["t"] - self.deadline
        self._ask("C3", late < 2_000)
        self._ask("C5", self.state == "suspended")
        self._ask("C6", (said["winner"], said["price"]) != (self.leader, self.price))
        self._ask("C7", said["deadline"] != self.deadline and not math.isnan(self.deadline))
        if late > 60_000:
            self.findings.say("C4", self.number, self._facts({}), remark=True)
        self.end, self.state = said, "ended"

    def _void(self, said: dict[str, Any]) -> None:
        self.end, self.state = said, "ended"

    def _note(self, said: dict[str, Any]) -> None:
        if said["about"] == "opened":
            self._ask("C2 opened", self.state != "announced")
            self.state = "open"

    def summary(self) -> dict[str, Any]:
        """Return what came of it."""
        closed = self.end is not None and self.end["kind"] == "close"
        return {
            "bids": self.bids,
            "winner": self.leader if closed else None,
            "price": self.price,
            "deadline": None if math.isnan(self.deadline) else self.deadline,
            "ended_t": self.end["t"] if self.end else None,
        }


# --- 5. Trees (RFC 6962 section 2.1) and signed notes (C2SP) ------------------------------------------------


class Tree(NamedTuple):
    """A tree's size and root."""

    size: int
    root: bytes


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


@functools.lru_cache(maxsize=1 << 16)  # the proofs of a record share most of their nodes
def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _half(size: int) -> int:
    """Return the largest power of two less than size: there RFC 6962 parts a tree."""
    return 1 << (size - 1).bit_length() - 1


def root_over(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root to which an audit path (2.1.1) leads from a leaf's hash.

    :raises Malformed: if no path of this length belongs to this index and size
    """
    rights: list[bool] = []  # from the root down: whether the leaf is in the right half
    if not 0 <= index < size:
        raise Malformed("the index is outside the tree")
    while size > 1:
        half = _half(size)
        rights.append(index >= half)
        index, size = (index - half, size - half) if index >= half else (index, half)
    if len(path) != len(rights):
        raise Malformed("the path has not the length its index and size ask for")
    for sibling, right in zip(path, reversed(rights)):
        leaf = node_hash(sibling, leaf) if right else node_hash(leaf, sibling)
    return leaf


def is_consistent(old: Tree, new: Tree, proof: list[bytes]) -> bool:
    """Return whether a proof (2.1.2) shows that the newer tree begins with the older; 0 < old size <= new."""
    in_both: list[bool] = []  # from the root down: whether the half beside the way belongs to both trees
    first, last, whole = old.size, new.size, True
    while first != last:
        half = _half(last)
        in_both.append(first > half)
        whole = whole and first <= half
        first, last = (first - half, last - half) if first > half else (first, half)
    if len(proof) != len(in_both) + (not whole):
        return False
    older = newer = old.root if whole else proof[0]
    for sibling, both in zip(proof[not whole :], reversed(in_both)):
        older = node_hash(sibling, older) if both else older
        newer = node_hash(sibling, newer) if both else node_hash(newer, sibling)
    return (older, newer) == (old.root, new.root)


def unbase64(text: str, length: int | None = None) -> bytes:
    """Return what strict base64 says: encoded again it gives the same text.

    :raises ValueError: if it is none, or of another length
    """
    raw = binascii.a2b_base64(text)
    if binascii.b2a_base64(raw, newline=False).decode() != text or length not in (None, len(raw)):
        raise Malformed("it holds no base64, or of a wrong length")
    return raw


def hash_from(text: str) -> bytes:
    """Return a hash from base64.

    :raises ValueError: if it is none
    """
    return unbase64(text, 32)


def decimal(text: str) -> int:
    """Return a number from its digits.

    :raises Malformed: if they are none, begin with a needless 0, or say more than 2^53-1
    """
    if not re.fullmatch("0|[1-9][0-9]{0,15}", text) or int(text) > LARGEST:
        raise Malformed("it holds no number in plain digits")
    return int(text)


def is_signed(key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether the Ed25519 signature is right.

    :raises Wrong: if `cryptography` is not installed
    """
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        raise Wrong("signatures are checked with the package cryptography, which is not installed") from None
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


Signature = tuple[str, bytes, bytes]  # a line below a note: whose key, which, and what it made


def _signature(line: str) -> Signature:
    match = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
    raw = unbase64(match[2]) if match else b""
    if not match or len(raw) < 5:
        raise Malformed("it has a line below its text that is no signature")
    return match[1], raw[:4], raw[4:]


@functools.lru_cache(maxsize=4)  # a zip's proofs all hold the same note
def signed_note(raw: bytes) -> tuple[str, list[Signature]]:
    """Return the text of a note and its signatures, none of them verified.

    :raises ValueError: if it is no signed note
    """
    note = raw.decode("utf-8")
    text, _, below = note.rpartition("\n\n")
    lines = below.split("\n")
    is_plain = text and not re.search(r"[\x00-\x09\x0b-\x1f]", note)
    if not is_plain or lines.pop() or not 0 < len(lines) <= NOTE_SIGNATURES:
        raise Malformed("it is no signed note")
    return text + "\n", [_signature(line) for line in lines]


class Checkpoint(NamedTuple):
    """A checkpoint: its text with the last newline, what that says, and the lines below it."""

    text: str
    origin: str
    tree: Tree
    signatures: list[Signature]


def checkpoint_from(raw: bytes) -> Checkpoint:
    """Return a checkpoint, its signatures not verified.

    :raises ValueError: if it is no signed note of three lines
    """
    text, signatures = signed_note(raw)
    lines = text[:-1].split("\n")
    if len(lines) != 3 or not lines[0]:
        raise Malformed("it has not the three lines origin, size and root")
    return Checkpoint(text, lines[0], Tree(decimal(lines[1]), hash_from(lines[2])), signatures)


def tlog_proof(raw: bytes) -> tuple[int, list[bytes], bytes, bytes]:
    """Return index, path, checkpoint and extra of a tlog-proof.

    :raises ValueError: if it is none
    """
    head, _, note = raw.partition(b"\n\n")
    title, *lines = head.decode("ascii").split("\n")
    extra = unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    if title != "c2sp.org/tlog-proof@v1" or not lines or not lines[0].startswith("index "):
        raise Malformed("it is no tlog-proof")
    if len(lines) > 1 + PATH_HASHES:
        raise Malformed("its path is too long")
    return decimal(lines[0][6:]), [hash_from(line) for line in lines[1:]], note, extra


# --- 6. The log: policy, checkpoint, proofs -----------------------------------------------------------------

LOG, WITNESS = 1, 4  # the signature types: Ed25519 of a note, Ed25519 cosignature with its time


class Key(NamedTuple):
    """A key of a policy."""

    name: str
    ident: bytes
    type: int
    raw: bytes

    def made(self, signature: bytes, text: str) -> bool:
        """Return whether it made the signature, as the key of a log or of a witness does."""
        if self.type == LOG:
            return is_signed(self.raw, signature, text.encode())
        time = int.from_bytes(signature[:8], "big")
        message = f"cosignature/v1\ntime {time}\n{text}".encode()
        return time < 2**63 and is_signed(self.raw, signature[8:], message)


def key_from(vkey: str) -> Key:
    """Return a key from its name, ID and base64.

    :raises ValueError: if it is no vkey, or its ID is not that of the key
    """
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-fA-F]{8})\+(\S+)", vkey)
    raw = unbase64(match[3]) if match else b""
    if not match or len(raw) < 2:
        raise Malformed("the policy has a key that is no vkey")
    key = Key(match[1], bytes.fromhex(match[2]), raw[0], raw[1:])
    named = key.name.encode("utf-8", "surrogateescape") + b"\n" + raw
    if key.type in (LOG, WITNESS) and (len(raw), hashlib.sha256(named).digest()[:4]) != (33, key.ident):
        raise Malformed("the policy has a key whose ID does not fit")
    return key


class Policy:
    """A tlog-policy: the keys of the log, the witnesses, the groups they make, and the quorum."""

    WORDS = {"log": (1, 2), "witness": (2, 3), "group": (3, LARGEST), "quorum": (1, 1)}

    def __init__(self, raw: bytes) -> None:
        if not raw.endswith(b"\n") or re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", raw):
            raise Malformed("the policy is missing, holds control characters or does not end with a newline")
        self.logs: list[Key] = []
        self.witnesses: dict[str, Key] = {}
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.defined, self.grouped = set[str](), set[str]()
        self.quorum: str | None = None
        for line in raw.decode("utf-8", "surrogateescape").split("\n"):
            words = [word for word in re.split("[ \t]+", line) if word]
            if words and not words[0].startswith("#"):
                self._line(*words)
        self._hold(self.quorum is not None, "names no quorum")

    @staticmethod
    def _hold(true: bool, otherwise: str) -> None:
        if not true:
            raise Malformed(f"the policy {otherwise}")

    def _line(self, keyword: str, *words: str) -> None:
        least, most = self.WORDS.get(keyword, (1, 0))
        self._hold(least <= len(words) <= most, "has a line that is none of a policy")
        getattr(self, f"_{keyword}")(*words)

    def _log(self, vkey: str, _url: str = "") -> None:
        self.logs.append(self._fresh(key_from(vkey), self.logs))

    def _witness(self, name: str, vkey: str, _url: str = "") -> None:
        self._name(name)
        self.witnesses[name] = self._fresh(key_from(vkey), [*self.witnesses.values()])

    def _group(self, name: str, threshold: str, *members: str) -> None:
        for member in members:
            self._hold(member in self.defined and member not in self.grouped, "groups what it may not")
            self.grouped.add(member)
        least = len(members) if threshold == "all" else 1 if threshold == "any" else decimal(threshold)
        self._hold(1 <= least <= len(members), "has a group that asks for none or for more than it has")
        self._name(name)
        self.groups[name] = (least, members)

    def _quorum(self, name: str) -> None:
        self._hold(self.quorum is None, "names two quorums")
        self._hold(name == "none" or name in self.defined, "names a quorum that is not defined before")
        self.quorum = name

    def _name(self, name: str) -> None:
        self._hold(name != "none" and name not in self.defined, "gives a name twice")
        self.defined.add(name)

    def _fresh(self, key: Key, keys: list[Key]) -> Key:
        self._hold(all(key.raw != other.raw for other in keys), "has a key twice")
        return key

    def judge(self, checkpoint: Checkpoint) -> tuple[list[Key], int, str | None]:
        """Return the known keys that signed, the last time of a witness in ms, why it does not stand (L1)."""
        logs = [key for key in self.logs if key.type == LOG]
        witnesses = [key for key in self.witnesses.values() if key.type == WITNESS]
        known = {(key.name, key.ident): key for key in (*witnesses, *logs)}
        asked = [(known[line[:2]], line[2]) for line in checkpoint.signatures if line[:2] in known]
        signed = [key for key, raw in asked if key.made(raw, checkpoint.text)]
        times = [1000 * int.from_bytes(raw[:8], "big") for key, raw in asked if key in witnesses]
        fault = None
        if len(signed) < len(asked):
            fault = "it bears a wrong signature of a known key"
        elif not any(key.name == checkpoint.origin for key in signed if key in logs):
            fault = f"it is not signed by the policy's log as {shown(checkpoint.origin)}"
        return signed, max(times, default=-1), fault

    def is_met(self, signed: list[Key]) -> bool:
        """Return whether the quorum is among the witnesses that signed and the groups they make."""
        stand = {"none", *(name for name, key in self.witnesses.items() if key in signed)}
        for name, (least, members) in self.groups.items():  # a group names only what stands before it
            if sum(member in stand for member in members) >= least:
                stand.add(name)
        return self.quorum in stand


def why(wrong: ValueError) -> str:
    """Return what was wrong, in our words."""
    return str(wrong) if isinstance(wrong, Malformed) else "it is not in the encoding it should be in"


class Log:
    """The rules of the log, asked of a zip."""

    stands = False  # whether there is no L1

    def __init__(self, file: Callable[[str], bytes | None], asked: Asked, findings: Findings) -> None:
        self.file, self.findings = file, findings
        self.checkpoint: Checkpoint | None = None
        self.policy: Policy | None = None
        self.witnesses: list[str] = []
        self.proven: dict[int, int] = {}  # the index of each line without L2
        self.latest, self.at = -1, asked.at  # ms; the checkpoint is at least as late
        self.raw = file("checkpoint") or b""
        try:
            self.checkpoint = checkpoint_from(self.raw)
            self.policy = Policy(asked.policy or file("policy") or b"")
            self._judge(self.checkpoint, self.policy)
        except ValueError as wrong:
            findings.add("L1", 0, f"the checkpoint does not stand: {why(wrong)}")
        if self.checkpoint and asked.since is not None:
            self._since(self.checkpoint, asked.since, asked.growths)

    def _judge(self, checkpoint: Checkpoint, policy: Policy) -> None:
        signed, last, fault = policy.judge(checkpoint)
        self.witnesses = [key.name for key in policy.witnesses.values() if key in signed]
        if not policy.is_met(signed):
            self.findings.add("L4", 0, f"the witnesses {shown(self.witnesses)} do not make the quorum")
        if policy.quorum == "none":
            self.findings.remark(
                "L4", 0, "the policy asks for no witness: the log alone vouches for its order"
            )
        if fault:
            raise Malformed(fault)
        self.stands = True
        self.latest = max(self.latest, last)

    def _since(self, now: Checkpoint, raw: bytes, growths: Sequence[bytes]) -> None:
        try:
            kept = checkpoint_from(raw)
            fault = self.policy.judge(kept)[2] if self.policy else "without a policy nothing is by the log"
            if fault or kept.origin != now.origin:
                raise Malformed(fault or "it is of another log")
            if not has_grown(kept.tree, now.tree, growths):
                raise Malformed(f"no proof leads from {kept.tree.size} leaves to {now.tree.size}")
        except ValueError as wrong:
            self.findings.add("L5", 0, f"the checkpoint you kept does not fit: {why(wrong)}")

    def ask(self, record: Record) -> None:
        """Ask L2 and L3 of every line."""
        before: int | None = None
        for number, line in record.lines.items() if self.checkpoint else ():
            index = self._index(number, line)
            if index is not None and before is not None and index <= before:
                self.findings.add(
                    "L3", number, f"its index {index} is not after {before}, that of the line before"
                )
            before = index
        told = [(record.said[number] or {}).get("t") for number in self.proven]
        self.latest = max([self.latest, *(t for t in told if type(t) is int)])

    def _index(self, number: int, line: bytes) -> int | None:
        """Return the leaf's index as its proof tells it, and ask L2."""
        index = None
        try:
            raw = self.file(f"proofs/{number}.tlog-proof") or b""
            told, path, note, _ = tlog_proof(raw)
            index = told if note == self.raw or signed_note(note) else None
            self._prove(leaf_hash(line), told, path, note)
            self.proven[number] = told
        except ValueError as wrong:
            self.findings.add("L2", number, f"its proof does not stand: {why(wrong)}")
        return index

    def _prove(self, leaf: bytes, index: int, path: list[bytes], note: bytes) -> None:
        assert self.checkpoint
        if note != self.raw and signed_note(note)[0] != self.checkpoint.text:
            raise Malformed("it names another checkpoint")
        if root_over(leaf, index, self.checkpoint.tree.size, path) != self.checkpoint.tree.root:
            raise Malformed("it does not lead from the line to the root")


def has_grown(one: Tree, other: Tree, growths: Sequence[bytes]) -> bool:
    """Return whether the larger tree begins with the other, as one of these proofs shows if it needs one."""
    old, new = sorted((one, other))
    if old.size in (0, new.size):
        return old.root == (new.root if old.size else hashlib.sha256(b"").digest())
    return any(is_consistent(old, new, _hashes(growth)) for growth in growths)


def _hashes(growth: bytes) -> list[bytes]:
    try:
        return [hash_from(line) for line in growth.decode("ascii").split()[: 2 * PATH_HASHES]]
    except ValueError:
        return []


# --- 7. Receipts --------------------------------------------------------------------------------------------

RECEIPT, REFUSAL = "judic-bid-receipt/v1", "judic-bid-refusal/v1"
STATED = {
    RECEIPT: "origin lot seq code cid amount in_t t deadline leaf prev key".split(),
    REFUSAL: "origin lot code cid amount in_t t reason article price deadline state least key".split(),
}
ACKNOWLEDGED = "code cid amount in_t t deadline prev".split()


class Seal(NamedTuple):
    """A key of receipts, and the time in which it is one, in ms."""

    raw: bytes
    begins: int = -1
    ends: int = LARGEST + 1  # it has no end

    def serves(self, t: int) -> bool:
        """Return whether it is one at a time; where none is told (-1), only one without an end is."""
        return self.begins <= t < self.ends if t >= 0 else self.ends > LARGEST


def seals_from(raw: bytes) -> dict[str, Seal]:
    """Return the keys of receipts by their ids; what is none is passed over."""
    try:
        listed = parse(raw)["receipt"]
        return dict(seal for seal in map(_seal, listed if type(listed) is list else ()) if seal)
    except OTHER_FORM:
        return {}


def _seal(told: Any) -> tuple[str, Seal] | None:
    try:
        begins, ends = told.get("from", -1), told.get("until", LARGEST + 1)
        is_one = type(told["id"]) is str and {type(begins), type(ends)} == {int}
        return (told["id"], Seal(unbase64(told["key"], 32), begins, ends)) if is_one else None
    except OTHER_FORM:
        return None


def receipt_from(raw: bytes, seals: Callable[[str], Seal | None]) -> dict[str, str]:
    """Return what a genuine receipt or refusal states, its title under "".

    :raises ValueError: if it is not genuine
    """
    text = raw.decode("utf-8")
    blocks = (text[:-1] if text.endswith("\n") else text).split("\n\n")
    if len(raw) > RECEIPT_BYTES or len(blocks) != 3:
        raise Malformed("it is too long or not made of three blocks")
    statement, proof, seal = blocks
    said = _statement(*statement.split("\n"))
    sealed, key = _batch(statement.encode(), proof.split("\n")), seals(said["key"])
    if key is None:
        raise Malformed("the key it names is not known")
    if not seal.startswith("sig ") or not is_signed(key.raw, unbase64(seal[4:]), sealed):
        raise Malformed("its signature is wrong")
    if not key.serves(_number(said["t"])):
        raise Malformed("it was not given in the time of the key it names")
    return said


def _statement(title: str, *lines: str) -> dict[str, str]:
    said = {"": title, **dict(line.split(" ", 1) for line in lines if " " in line)}
    if title not in STATED or len(said) != 1 + len(lines) or not said.keys() >= set(STATED[title]):
        raise Malformed("it does not say what a receipt says, each once")
    return said


def _batch(statement: bytes, lines: list[str]) -> bytes:
    """Return what was signed: the size and root of the tree the proof leads to."""
    said = [line.partition(" ") for line in lines]
    if [name for name, _, _ in said] != ["index", "size", "path"]:
        raise Malformed("its proof is not index, size and path")
    index, size, path = (value for _, _, value in said)
    hashes = [] if path == "-" else [hash_from(part) for part in path.split(" ")]
    root = root_over(leaf_hash(statement), decimal(index), decimal(size), hashes)
    return f"judic-bid-batch/v1\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def seen_from(text: str) -> tuple[str, Tree] | None:
    """Return the origin and tree of the checkpoint a receipt names, None if it tells none."""
    try:
        size, root, origin = text.split(" ")
        return (origin, Tree(decimal(size), hash_from(root))) if origin else None
    except ValueError:
        return None


class Receipts:
    """The rules of receipts, each held against a record and, if it stands in one, its log.

    `find` returns those that a receipt is held against, None where there is none. `growths` are proofs that
    the log has grown from what a receipt names, None if that is not asked (L5).
    """

    def __init__(
        self,
        find: Callable[[dict[str, str]], tuple[Record | None, Log | None]],
        findings: Findings,
        growths: Sequence[bytes] | None = None,
    ) -> None:
        self.find, self.findings, self.growths = find, findings, growths
        self.roots: dict[tuple[str, int], bytes] = {}

    def ask(self, raw: bytes, seals: Callable[[str], Seal | None]) -> None:
        """Ask R1 to R6 of one."""
        cid = re.search(rb"^cid (.{1,80})$", raw, re.MULTILINE)
        self.name = "the receipt " + shown(cid[1].decode("utf-8", "replace") if cid else "without a cid")
        try:
            said = receipt_from(raw, seals)
        except ValueError as wrong:
            self.findings.add("R1", 0, f"{self.name} is not genuine: {why(wrong)}")
            return
        record, log = self.find(said)
        number = self._receipt(said, record) if said[""] == RECEIPT else self._refusal(said, record)
        seen = seen_from(said.get("seen", ""))
        if log and log.stands and log.checkpoint:
            self._ask_log(said, log, log.checkpoint, log.proven.get(number))
        elif seen and record is None:
            self._seen(*seen, None)

    def _receipt(self, said: dict[str, str], record: Record | None) -> int:
        """Ask R2, and return the number of its line, 0 if that is not there."""
        if record is None:
            self.findings.remark("L2", 0, f"{self.name} came without a proof of its leaf")
            return 0
        number = _number(said["seq"]) if said["lot"] == str(record.lot) else 0
        line = record.said.get(number) or {}
        is_it = hashlib.sha256(record.lines.get(number, b"")).hexdigest() == said["leaf"]
        told = {name: str(value) if type(value) is int else value for name, value in line.items()}
        as_told = all(told.get(name) == said[name] for name in ACKNOWLEDGED)
        if not (is_it and line.get("kind") == "bid" and as_told):
            self.findings.add("R2", 0, f"{self.name} acknowledges a bid that is not so in this record")
        return number if is_it else 0

    def _ask_log(self, said: dict[str, str], log: Log, head: Checkpoint, index: int | None) -> None:
        self.roots.setdefault((head.origin, head.tree.size), head.tree.root)
        seen = seen_from(said.get("seen", ""))
        if seen and seen[0] == head.origin:
            self._seen(*seen, index)
            self._grown(seen[1], head.tree)
        t, delay = _number(said["t"]), _number(said.get("mmd_ms", ""))
        is_told = said[""] == RECEIPT and min(t, delay) >= 0
        if is_told and index is None and max(log.latest, log.at) > t + delay:
            late = f"the log of {log.latest}" if log.latest > t + delay else "a log that stood still"
            self.findings.add("R6", 0, f"{self.name} promises the log by {t + delay}; {late} has it not")

    def _seen(self, origin: str, tree: Tree, index: int | None) -> None:
        named = f"{self.name} names a log of {tree.size} leaves"
        if self.roots.setdefault((origin, tree.size), tree.root) != tree.root:
            self.findings.add("R5", 0, f"{named}, another than this one or than a receipt names")
        elif index is not None and index < tree.size:
            self.findings.add("R5", 0, f"{named}, made before the bid, which stands at {index}")

    def _grown(self, seen: Tree, now: Tree) -> None:
        if self.growths is None or seen.size == now.size or has_grown(seen, now, self.growths):
            return
        tell = self.findings.add if self.growths else self.findings.remark
        tell("L5", 0, f"{self.name} names a log of {seen.size} leaves; no proof leads from it to {now.size}")

    def _refusal(self, said: dict[str, str], record: Record | None) -> int:
        if record and said["lot"] != str(record.lot):
            self.findings.remark("R3", 0, f"{self.name} is of another lot")
            return 0
        if record and (said["code"], said["cid"]) in record.bids:
            self.findings.add("R3", 0, f"{self.name} refuses a bid that is in the record")
        in_t, deadline = _number(said["in_t"]), _number(said["deadline"])
        if said["reason"] == "out_of_time" and -1 < in_t < deadline:
            self.findings.add("R4", 0, f"{self.name} refuses as late what came at {in_t}, before {deadline}")
        return 0


def _number(text: str) -> int:
    try:
        return decimal(text)
    except Malformed:
        return -1


# --- 8. What was published ----------------------------------------------------------------------------------


def _notices_hash(raw: bytes) -> str:
    try:
        digests = [hashlib.sha256(notice["text"].encode("utf-8")).hexdigest() for notice in parse(raw)]
    except OTHER_FORM:
        return "none"
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


PUBLISHED: dict[str, Callable[[bytes], str]] = {
    "notices": _notices_hash,
    "tour": lambda raw: hashlib.sha256(raw).hexdigest(),
}


def opening_fault(raw: bytes, fold: Fold) -> str | None:
    """Return why the identity opened is not the winner's (I1), None if it is."""
    try:
        said = parse(raw)
        code, person = said["code"], said["identity"]
        texts = [code, *person.values()]
        if set(person) != {"kind", "name", "number"} or any(type(text) is not str for text in texts):
            raise Malformed("no identity")
        opened = hashlib.sha256(b"judic-id-v1\x00" + unbase64(said["nonce"]) + form(person)).hexdigest()
    except OTHER_FORM:
        return "the opening is not code, nonce and identity"
    if fold.commits.get(code) != opened:
        return f"the identity opened is not the one committed to for {shown(code)}"
    return None if fold.has_won(code) else f"{shown(code)} did not win"


# --- 9. The files -------------------------------------------------------------------------------------------

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError, OSError, LookupError)
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Parcel:
    """The files of a zip, or a record alone."""

    def __init__(self, data: bytes) -> None:
        self.entries: dict[str, zipfile.ZipInfo] = {}
        self.is_zip = data[:2] == b"PK"
        if self.is_zip:
            self._open(data)
        self.record = self._unpacked("record.jsonl") if self.is_zip else data
        if len(self.record) > RECORD_BYTES or self.record.count(b"\n") > RECORD_LINES:
            raise Refused("the record is over 64 MiB or 200,000 lines")
        if not self.record.endswith(b"\n"):
            raise Refused("the record is empty or does not end with U+000A")
        self.lines = dict(enumerate(self.record[:-1].split(b"\n"), 1))

    def _open(self, data: bytes) -> None:
        # Entries are counted before the directory is read: each takes many times its bytes in memory.
        if len(data) > ZIP_BYTES or data.count(b"PK\x01\x02") > ZIP_ENTRIES:
            raise Refused("the zip is over 256 MiB or 200,100 entries")
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN:
            raise Refused("the zip is broken") from None
        self.entries = {entry.filename: entry for entry in self.zip.infolist()}
        if len(self.entries) != len(self.zip.infolist()) or "record.jsonl" not in self.entries:
            raise Refused("the zip holds no record.jsonl, or a name twice")
        if any(entry.file_size > ENTRY_BYTES for entry in self.entries.values()):
            raise Refused("the zip holds an entry that unpacks to more than 64 MiB")

    def get(self, name: str, most: int = FILE_BYTES) -> bytes | None:
        """Return a file, None if it is not there; of one longer than its kind can be, nothing.

        :raises Refused: if it cannot be unpacked
        """
        if name not in self.entries:
            return None
        return self._unpacked(name) if self.entries[name].file_size <= most else b""

    def _unpacked(self, name: str) -> bytes:
        try:
            if self.entries[name].compress_type in PACKED:
                return self.zip.read(self.entries[name])
        except BROKEN:
            pass
        raise Refused(f"{name} cannot be unpacked")


# --- 10. The caller -----------------------------------------------------------------------------------------


class Asked(NamedTuple):
    """What the caller asks and brought along."""

    running: bool = False
    policy: bytes | None = None
    since: bytes | None = None
    growths: Sequence[bytes] = ()
    opening: bytes | None = None
    receipts: Sequence[bytes] = ()
    proofs: Sequence[bytes] = ()
    keys: bytes | None = None
    receipt_key: bytes | None = None
    at: int = -1


SUMMARY = "lot leaves bids winner price deadline ended_t origin size root witnesses".split()
NOTHING: dict[str, Any] = {**dict.fromkeys(SUMMARY), "leaves": 0, "bids": 0, "witnesses": []}


def check(data: bytes, asked: Asked) -> dict[str, Any]:
    """Return the report on a record or a zip: the one object of --json."""
    findings = Findings()
    try:
        return _report(findings, _check(Parcel(data), asked, findings))
    except Refused as refused:
        findings = Findings()
        findings.add("F0", 0, str(refused))
        return _report(findings, {})


def _report(findings: Findings, summary: dict[str, Any]) -> dict[str, Any]:
    listed = {"violations": findings.first(), "remarks": [*dict.fromkeys(findings.remarks)][:LISTED]}
    rows = {k: [dict(rule=r, line=n, text=text) for n, r, text in found] for k, found in listed.items()}
    return {"ok": findings.ok, **rows, "summary": {**NOTHING, **summary}}


def _check(parcel: Parcel, asked: Asked, findings: Findings) -> dict[str, Any]:
    record = Record(parcel.lines, findings)
    fold = Fold(record, findings)
    if fold.end is None and not asked.running:
        findings.say("C1", 0, {})
    summary = {"lot": record.lot, "leaves": len(record.lines), **fold.summary()}
    log = Log(parcel.get, asked, findings) if parcel.is_zip else None
    if log:
        summary.update(_check_log(log, record))
    else:
        findings.remark("L1", 0, "only a record was given: whether it is in the log was not asked")
    receipts = Receipts(lambda said: (record, log), findings)
    _check_receipts(parcel.get("keys.json") or b"", asked, receipts)
    _check_published(parcel, asked, record, fold)
    return summary


def _check_log(log: Log, record: Record) -> dict[str, Any]:
    log.ask(record)
    if log.checkpoint is None:
        return {}
    size, root = log.checkpoint.tree
    found = {"origin": log.checkpoint.origin, "size": size, "root": base64.b64encode(root).decode()}
    return {**found, "witnesses": log.witnesses}


def _check_receipts(keys: bytes, asked: Asked, receipts: Receipts) -> None:
    seals = seals_from(asked.keys or keys)
    for raw in asked.receipts:
        receipts.ask(raw, lambda name: Seal(asked.receipt_key) if asked.receipt_key else seals.get(name))


def check_alone(asked: Asked) -> dict[str, Any]:
    """Return the report on receipts without their record, each held against the proof of its leaf."""
    findings = Findings()
    summary: dict[str, Any] = {"receipts": len(asked.receipts)}
    excerpts = [excerpt for raw in asked.proofs if (excerpt := _excerpt(raw, asked, findings))]
    for record, log in excerpts:
        summary.update(_check_log(log, record), leaves=summary.get("leaves", 0) + len(log.proven))

    def find(said: dict[str, str]) -> tuple[Record | None, Log | None]:
        for record, log in excerpts:
            is_it = any(said.get("seq") == str(number) for number in record.lines)
            is_it = is_it or (said["code"], said["cid"]) in record.bids
            if is_it and said["lot"] == str(record.lot):
                return record, log
        # What a refusal says of the log can be held against any; of a receipt nothing is missing then.
        return None, excerpts[-1][1] if excerpts and said[""] == REFUSAL else None

    _check_receipts(b"", asked, Receipts(find, findings, asked.growths))
    findings.violations = [*dict.fromkeys(findings.violations)]  # proofs may share a checkpoint
    return _report(findings, summary)


def _excerpt(raw: bytes, asked: Asked, findings: Findings) -> tuple[Record, Log] | None:
    """Return the line that a proof brings with it, as a record of it alone, and the log it leads to."""
    try:
        _, _, note, line = tlog_proof(raw)
        number = decimal(str(parse(line)["seq"]))
    except OTHER_FORM:
        findings.add("L2", 0, "a proof is no tlog-proof that brings its leaf with it")
        return None
    record = Record({number: line}, Findings())
    return record, Log({"checkpoint": note, f"proofs/{number}.tlog-proof": raw}.get, asked, findings)


def _check_published(parcel: Parcel, asked: Asked, record: Record, fold: Fold) -> None:
    first, wrong = record.said[1] or {}, []
    for name, hashed in PUBLISHED.items():
        raw = parcel.get(f"{name}.json", ENTRY_BYTES)
        if raw is not None and name in first and first[name] != hashed(raw):
            wrong.append(name)
    if wrong:
        fold.findings.add("D1", 1, f"what was published as {' and '.join(wrong)} is not what it names")
    opening = parcel.get("opening.json") if asked.opening is None else asked.opening
    fault = None if opening is None else opening_fault(opening, fold)
    if fault:
        fold.findings.add("I1", 0, fault)


RECORD = "lot {lot}: {leaves} lines, {bids} bids, won by {winner}, price {price} fen"
ALONE = "receipts {receipts}, in the log {leaves}"
COVERED = ", checkpoint of {size} leaves of {origin}, witnesses {witnesses}: "


def sentences(told: dict[str, Any]) -> Iterator[str]:
    """Yield the report in lines: one a violation, one a remark, and a summary."""
    for word, rows in (("", told["violations"]), ("remark ", told["remarks"])):
        for row in rows:
            yield f"{word}{row['rule']} line {row['line']}: {row['text']}"
    facts = {name: shown(value) for name, value in told["summary"].items()}
    verdict = "no rule is violated" if told["ok"] else f"{len(told['violations'])} violations listed"
    yield ((ALONE if "receipts" in facts else RECORD) + COVERED).format_map(facts) + verdict


class Words(argparse.ArgumentParser):
    """The words of the command; a wrong call is one sentence."""

    def error(self, message: str) -> NoReturn:
        """Refuse the call."""
        raise Wrong(message)


BROUGHT = {
    "--policy": "your own policy, in place of the zip's",
    "--keys": "the keys of receipts, in place of the zip's keys.json",
    "--since": "another checkpoint you kept",
    "--opening": "the purchaser's opening.json",
}


def words() -> Words:
    """Return what the command understands."""
    parser = Words(
        description="Check the published record of an online judicial auction, or receipts alone.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    one: dict[str, Any] = dict(type=read_file, metavar="FILE")
    many = dict(**one, nargs="+", action="extend", default=[])
    add("path", nargs="?", metavar="PATH", help="record.jsonl or the zip; none for receipts alone")
    add("--receipt", **many, dest="receipts", help="receipts and refusals you kept")
    add("--proof", **many, dest="proofs", help="for receipts alone: the tlog-proofs of their leaves")
    add("--consistency", **many, dest="growths", help="proofs of the log's growth, a base64 hash a line")
    for name, told in BROUGHT.items():
        add(name, **one, help=told)
    add("--receipt-key", type=key, metavar="BASE64", help="the one Ed25519 key of receipts")
    add("--at", type=decimal, default=-1, metavar="MS", help="when you fetched it, as ms since 1970 UTC")
    add("--running", action="store_true", help="the round is still running: no end is asked for")
    add("--json", action="store_true", help="say it as one JSON object")
    return parser


def key(text: str) -> bytes:
    """Return an Ed25519 key from base64."""
    return unbase64(text, 32)


def read_file(path: str, most: int = FILE_BYTES) -> bytes:
    """Return a file's bytes, no more than one too many.

    :raises Wrong: if it cannot be read or is longer than such a file can be
    """
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError):
        raise Wrong(f"{shown(path)} cannot be read") from None
    if most < len(data) <= ZIP_BYTES:
        raise Wrong(f"{shown(path)} is longer than such a file can be")
    return data


def _run(given: argparse.Namespace) -> int:
    asked = Asked(**{name: getattr(given, name) for name in Asked._fields})
    if given.path is None and not asked.receipts:
        raise Wrong("name a record, or receipts: verify_record.py PATH, verify_record.py --receipt FILE")
    told = check_alone(asked) if given.path is None else check(_record(given.path, asked), asked)
    print("\n".join([json.dumps(told)] if given.json else sentences(told)), flush=True)
    return int(not told["ok"])


def _record(path: str, asked: Asked) -> bytes:
    data = read_file(path, ZIP_BYTES)
    if data[:2] != b"PK" and {asked.policy, asked.since, *asked.growths} != {None}:
        raise Wrong("--policy, --since and --consistency need the zip: a record alone names no checkpoint")
    if asked.proofs:
        raise Wrong("--proof is for receipts alone: the zip has the proofs of its lines")
    return data


def main(arguments: list[str]) -> int:
    """Check what the caller names and return the exit code."""
    try:
        return _run(words().parse_args(arguments))
    except Wrong as wrong:
        sentence = str(wrong)
    except BrokenPipeError:  # nobody listens any more; nor may Python try to flush to them at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 2
    except (Exception, KeyboardInterrupt) as stopped:
        sentence = f"the check could not be finished ({type(stopped).__name__})"
    print("verify_record.py:", sentence.encode("ascii", "backslashreplace").decode(), file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
