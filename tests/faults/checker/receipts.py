"""Receipts: statement, audit path (RFC 6962), signature (Ed25519), and whether they say what is so (A8)."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from .terms import Found, Line

if TYPE_CHECKING:
    from .attempts import Record

TITLES = {"ok": "judic-bid-receipt/v1", "fail": "judic-bid-refusal/v1"}
LONGEST = 8_192
SAME = ("seq", "code", "cid", "amount", "in_t", "t", "deadline", "lot", "prev")


class NotGenuine(ValueError):
    """The text is no receipt that this key signed."""


class Receipts:
    """Verifies receipts under one key; a batch's signature is verified once."""

    def __init__(self, public_key: str) -> None:
        self.checked = 0
        self._key = _load(public_key) if public_key else None
        self._good: set[tuple[bytes, str]] = set()

    def faults(self, attempt: Line, record: Record) -> Found:
        """Yield what is wrong with an attempt's receipt, if it has one."""
        if not attempt.get("receipt"):
            return
        self.checked += 1
        try:
            title, fields = self.verified(attempt["receipt"])
        except NotGenuine as error:
            yield "A8", f"{attempt['cid']}: {error}"
            return
        if title != TITLES.get(attempt["outcome"]):
            yield "A8", f"{attempt['cid']}: an answer of kind {attempt['outcome']} has a {title}"
            return
        different = (
            _of_bid(attempt, fields, record)
            if attempt["outcome"] == "ok"
            else _of_refusal(attempt, fields, record)
        )
        if different:
            yield "A8", f"{attempt['cid']}: the receipt differs in {', '.join(different)}"

    def verified(self, text: str) -> tuple[str, dict[str, str]]:
        """Return title and fields of a genuine receipt.

        :raises NotGenuine: if its path or signature is not right
        """
        try:
            statement, proof, signature = text[:LONGEST].removesuffix("\n").split("\n\n")
            index, size, path = (line.split(" ", 1)[1] for line in proof.split("\n"))
            steps = [] if path == "-" else [b64decode(step, validate=True) for step in path.split(" ")]
            root = _root(hashlib.sha256(b"\0" + statement.encode()).digest(), int(index), int(size), steps)
            title, *lines = statement.split("\n")
            fields = dict(line.split(" ", 1) for line in lines)
        except (ValueError, IndexError) as error:
            raise NotGenuine(f"no receipt: {error}") from error
        signed = f"judic-bid-batch/v1\n{int(size)}\n{b64encode(root).decode()}\n".encode()
        self._verify(signed, signature)
        return title, fields

    def _verify(self, signed: bytes, signature: str) -> None:
        if self._key is None or (signed, signature) in self._good:
            return
        try:
            self._key.verify(b64decode(signature.removeprefix("sig "), validate=True), signed)
        except Exception as error:
            raise NotGenuine("this key did not sign it") from error
        self._good.add((signed, signature))


def _load(public_key: str) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))


def _root(node: bytes, index: int, size: int, steps: list[bytes]) -> bytes:
    """Return the root a leaf hash leads to (RFC 6962 2.1): level by level, one left over rises as it is.

    :raises ValueError: if the path does not fit
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} of {size}")
    rest = iter(steps)
    while size > 1:
        if index ^ 1 < size:
            beside = next(rest, b"")
            pair = beside + node if index & 1 else node + beside
            node = hashlib.sha256(b"\1" + pair).digest()
        index, size = index >> 1, (size + 1) >> 1
    if next(rest, None) is not None:
        raise ValueError("the path is too long")
    return node


def _of_bid(attempt: Line, fields: dict[str, str], record: Record) -> list[str]:
    """Return in which fields a receipt differs from the entry of the record it is for."""
    places = record.bids.get((attempt["code"], attempt["cid"]))
    if not places:
        return ["leaf (there is none)"]
    leaf: Any = record.leaves[places[0]]
    different = [name for name in SAME if fields.get(name) != str(leaf[name])]
    return different + (["leaf"] if fields.get("leaf") != record.digests[places[0]] else [])


def _of_refusal(attempt: Line, fields: dict[str, str], record: Record) -> list[str]:
    """Return in which fields a refusal differs from the attempt, or from all that ever stood."""
    mine = {"cid": attempt["cid"], "amount": str(attempt["amount"]), "reason": str(attempt.get("ground"))}
    different = [name for name, value in mine.items() if fields.get(name) != value]
    if fields.get("code") not in ("-", attempt["code"]):
        different.append("code")
    if (_number(fields, "price"), _number(fields, "deadline")) not in record.prices:
        different.append("price and deadline")
    least = _number(fields, "least")
    if fields.get("reason") == "too_low" and (least is None or attempt["amount"] == least):
        different.append("reason")
    return different


def _number(fields: dict[str, str], name: str) -> int | None:
    value = fields.get(name, "-")
    return int(value) if value.isdecimal() else None
