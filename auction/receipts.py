"""Signed receipts and refusals: what the bidder holds in his hand if the platform later says otherwise.

A receipt is three blocks of text, parted by empty lines: the statement, its proof, and the signature.
The statement is `name value` lines under a title; times are UTC ms, amounts fen, `-` stands for nothing:

    judic-bid-receipt/v1     origin lot seq code cid amount in_t t deadline leaf prev
    judic-bid-refusal/v1     origin lot code cid amount in_t t reason article price deadline state least

and of both `seen mmd_ms key` (`in_t` arrival, `t` decision, `deadline` the end after the bid, `leaf` and
`prev` SHA-256 in the record, `seen` the checkpoint shown before, `mmd_ms` how long the leaf may take to the
log, `key` the receipt key's id; docs/record-format.md §5). Signing costs more than deciding, so one signature
serves a batch: the statements, as UTF-8 without a newline at the end, are the leaves of an RFC 6962 tree, the
proof is `index`, `size` and the audit path in base64, and Ed25519 (RFC 8032) signs the lines
`judic-bid-batch/v1`, size and root in base64, each with a newline.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from auction.log.shown import shown

MOST_STEPS: Final = 64
FORM: Final = re.compile(
    r"(.+)\n\nindex (0|[1-9][0-9]{0,9})\nsize ([1-9][0-9]{0,9})\npath (-|[\w+/= ]+)\n\nsig ([\w+/=]+)\n",
    re.ASCII | re.DOTALL,
)
SEED: Final = b"judic-receipt-key/v1\x00"


class Accepted(NamedTuple):
    """What a receipt states."""

    lot: int
    seq: int
    code: str
    cid: str
    amount: int
    in_t: int
    t: int
    deadline: int
    leaf: str
    prev: str


class Refusal(NamedTuple):
    """What a refusal states: the reason, and the price, end and state it rests on."""

    lot: int
    code: str
    cid: str
    amount: int
    in_t: int | str
    t: int | str
    reason: str
    article: str
    price: int | str
    deadline: int | str
    state: str
    least: int | str


class NotGenuine(ValueError):
    """The text is no receipt that this key signed."""


def statement(fields: Accepted | Refusal) -> str:
    """Return the text that is signed."""
    title = "receipt" if isinstance(fields, Accepted) else "refusal"
    return _form(title, fields._fields) % (*fields, shown.lines)


def signed(statements: Sequence[str]) -> list[str]:
    """Return these statements as receipts under one signature."""
    if not statements:
        return []
    leaves = [_leaf_hash(text) for text in statements]
    root, paths = _tree(leaves)
    signature = b64encode(_key().sign(_signed_text(len(leaves), root))).decode()
    return [
        f"{text}\n\nindex {index}\nsize {len(leaves)}\npath {' '.join(path) or '-'}\n\nsig {signature}\n"
        for index, (text, path) in enumerate(zip(statements, paths, strict=True))
    ]


def verify(receipt: str, public_key: bytes) -> dict[str, str]:
    """Return the fields of a genuine receipt; needs nothing of the platform but its 32-byte public key.

    :raises NotGenuine: if the text was changed, or this key did not sign it
    """
    try:
        text, index, size, path, sig = _parts(receipt)
        root = _climb(_leaf_hash(text), int(index), int(size), [] if path == "-" else path.split(" "))
        key = Ed25519PublicKey.from_public_bytes(public_key)
        key.verify(_bytes(sig), _signed_text(int(size), root))
        return dict(line.split(" ", 1) for line in text.split("\n")[1:])
    except (ValueError, InvalidSignature) as error:
        raise NotGenuine from error


def _parts(receipt: str) -> tuple[str, ...]:
    """Return statement, index, size, path and signature.

    :raises ValueError: if it has another form
    """
    found = FORM.fullmatch(receipt)
    if found is None:
        raise ValueError(receipt)
    return found.groups()


def _bytes(text: str) -> bytes:
    """Return what a base64 text stands for.

    :raises ValueError: if the same bytes are written otherwise
    """
    read = b64decode(text, validate=True)
    if b64encode(read).decode() != text:
        raise ValueError(text)
    return read


@cache
def public_key() -> bytes:
    """Return the 32 bytes by which receipts are verified."""
    return _key().public_key().public_bytes_raw()


@cache
def key_id() -> str:
    """Return the name of the key that signs now."""
    return id_of(public_key())


def id_of(key: bytes) -> str:
    """Return a public key's name: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:16]


@cache
def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(SEED + settings.RECEIPT_KEY.encode()).digest())


@cache
def _form(title: str, names: tuple[str, ...]) -> str:
    origin = urlsplit(settings.SITE_URL).netloc
    lines = [
        f"judic-bid-{title}/v1",
        f"origin {origin}",
        *(f"{name} %s" for name in names),
        "%s",  # of the log
        f"key {key_id()}",
    ]
    return "\n".join(lines)


def _signed_text(size: int, root: bytes) -> bytes:
    return f"judic-bid-batch/v1\n{size}\n{b64encode(root).decode()}\n".encode()


def _leaf_hash(text: str) -> bytes:
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _tree(leaves: list[bytes]) -> tuple[bytes, list[list[str]]]:
    """Return the root, and of every leaf its audit path."""
    levels, written = [leaves], []
    while len(levels[-1]) > 1:
        written.append([b64encode(node).decode() for node in levels[-1]])
        levels.append(_above(levels[-1]))
    return levels[-1][0], [_path(written, index) for index in range(len(leaves))]


def _above(row: list[bytes]) -> list[bytes]:
    """Return the nodes over a level: two make one, and one left over rises as it is."""
    paired = [_node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=False)]
    return paired + row[len(row) - len(row) % 2 :]


def _path(levels: list[list[str]], index: int) -> list[str]:
    beside = [(index >> height) ^ 1 for height in range(len(levels))]
    return [level[at] for level, at in zip(levels, beside, strict=True) if at < len(level)]


def _climb(node: bytes, index: int, size: int, path: list[str]) -> bytes:
    """Return the root that a leaf and its path lead to.

    :raises ValueError: if the path does not fit the place
    """
    steps = iter(path)
    if not 0 <= index < size or len(path) > MOST_STEPS:
        raise ValueError(index)
    while size > 1:
        if index ^ 1 < size:
            beside = _bytes(next(steps, ""))
            node = _node_hash(beside, node) if index % 2 else _node_hash(node, beside)
        index, size = index // 2, (size + 1) // 2
    if next(steps, None) is not None:
        raise ValueError(path)
    return node
