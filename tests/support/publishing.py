"""What an installation publishes with a record: tree, checkpoint, proofs, policy, receipts. From the text."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support import records

ORIGIN = "auction.court.example/log/2026"
Signer = tuple[str, int, Ed25519PrivateKey]  # name, signature type, key


def b64(raw: bytes) -> str:
    """Return base64."""
    return base64.b64encode(raw).decode()


def private(seed: str) -> Ed25519PrivateKey:
    """Return the key of a seed."""
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())


def public(key: Ed25519PrivateKey) -> bytes:
    """Return its public half."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


LOG: Signer = (ORIGIN, 1, private("log"))
NOTARY: Signer = ("notary.example/w1", 4, private("notary"))
COLLEGE: Signer = ("college.example/w2", 4, private("college"))
PROSECUTOR: Signer = ("prosecutor.example/w3", 4, private("prosecutor"))
WITNESSES = {"notary": NOTARY, "college": COLLEGE, "prosecutor": PROSECUTOR}
RECEIPTS = private("receipts")


# --- RFC 6962 2.1, word for word: MTH, PATH and PROOF by their definitions ---------------------------------


class Tree:
    """The tree of these leaves."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self.hash = cache(self._hash)

    def _hash(self, first: int, last: int) -> bytes:
        if last - first == 0:
            return hashlib.sha256(b"").digest()
        if last - first == 1:
            return hashlib.sha256(b"\x00" + self.leaves[first]).digest()
        middle = first + split(last - first)
        return hashlib.sha256(b"\x01" + self.hash(first, middle) + self.hash(middle, last)).digest()

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first leaves."""
        return self.hash(0, len(self.leaves) if size is None else size)

    def path(self, index: int, first: int = 0, last: int | None = None) -> list[bytes]:
        """Return the audit path of a leaf."""
        last = len(self.leaves) if last is None else last
        if last - first == 1:
            return []
        middle = first + split(last - first)
        if index < middle:
            return [*self.path(index, first, middle), self.hash(middle, last)]
        return [*self.path(index, middle, last), self.hash(first, middle)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof between two sizes."""
        return self._subproof(old, 0, new, whole=True)

    def _subproof(self, old: int, first: int, last: int, *, whole: bool) -> list[bytes]:
        if old == last - first:
            return [] if whole else [self.hash(first, last)]
        half = split(last - first)
        if old <= half:
            return [*self._subproof(old, first, first + half, whole=whole), self.hash(first + half, last)]
        return [*self._subproof(old - half, first + half, last, whole=False), self.hash(first, first + half)]


def split(size: int) -> int:
    """Return the largest power of two below a size."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


# --- signed notes -------------------------------------------------------------------------------------------


def key_id(signer: Signer) -> bytes:
    """Return the four bytes that name a key."""
    name, kind, key = signer
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public(key)).digest()[:4]


def vkey(signer: Signer) -> str:
    """Return the key as a policy writes it."""
    name, kind, key = signer
    return f"{name}+{key_id(signer).hex()}+{b64(bytes([kind]) + public(key))}"


def signature(signer: Signer, text: str, time: int = 1_795_086_400) -> str:
    """Return the line a log or a witness puts below a note."""
    name, kind, key = signer
    if kind == 1:
        made = key.sign(text.encode())
    else:
        made = time.to_bytes(8, "big") + key.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
    return f"— {name} {b64(key_id(signer) + made)}\n"


def note(text: str, *signers: Signer) -> bytes:
    """Return a text signed by these."""
    return (text + "\n" + "".join(signature(signer, text) for signer in signers)).encode()


def policy(quorum: str = "two", *, log: Signer = LOG, witnesses: dict[str, Signer] | None = None) -> bytes:
    """Return a policy in which two of three must witness."""
    known = WITNESSES if witnesses is None else witnesses
    lines = [f"log {vkey(log)}", *(f"witness {name} {vkey(signer)}" for name, signer in known.items())]
    group = [f"group two 2 {' '.join(known)}"] if known else []
    return "\n".join(["# our policy", "", *lines, *group, f"quorum {quorum}", ""]).encode()


# --- the zip ------------------------------------------------------------------------------------------------


@dataclass
class Publication:
    """A record in a log among other leaves; what a mutant changes is changed before `zip` is asked."""

    lines: list[bytes]
    signers: tuple[Signer, ...] = (LOG, NOTARY, COLLEGE)
    origin: str = ORIGIN
    files: dict[str, bytes | None] = field(default_factory=dict)  # in place of ours; None takes one away

    def __post_init__(self) -> None:
        self.leaves = [b"a leaf of another lot, first", b"another"]
        self.places = []
        for line in self.lines:
            self.places.append(len(self.leaves))
            self.leaves += [line, b"between, after " + line[:9]]
        self.tree = Tree(self.leaves)

    def text(self, size: int | None = None) -> str:
        """Return the three lines of a checkpoint."""
        size = len(self.leaves) if size is None else size
        return f"{self.origin}\n{size}\n{b64(self.tree.root(size))}\n"

    def checkpoint(self, size: int | None = None) -> bytes:
        """Return a checkpoint signed by all signers."""
        return note(self.text(size), *self.signers)

    def proof(self, number: int, index: int | None = None, extra: str = "") -> bytes:
        """Return the tlog-proof of a line."""
        index = self.places[number - 1] if index is None else index
        path = "".join(f"{b64(node)}\n" for node in self.tree.path(index))
        head = f"c2sp.org/tlog-proof@v1\n{extra}index {index}\n{path}\n"
        return head.encode() + note(self.text(), self.signers[0])

    def seen(self, size: int | None = None) -> str:
        """Return what a receipt says of a checkpoint its bidder was shown."""
        origin, told, root = self.text(size).split()
        return f"{told} {root} {origin}"

    def consistency(self, old: int) -> bytes:
        """Return the proof between an older size and ours, a hash a line."""
        return "".join(f"{b64(node)}\n" for node in self.tree.consistency(old, len(self.leaves))).encode()

    def contents(self) -> dict[str, bytes]:
        """Return the files by name."""
        notices = [
            {"kind": "notice", "number": str(n), "text": text} for n, text in enumerate(records.NOTICES)
        ]
        ours: dict[str, bytes | None] = {
            "record.jsonl": b"".join(line + b"\n" for line in self.lines),
            "checkpoint": self.checkpoint(),
            "policy": policy(),
            "keys.json": json.dumps({"receipt": [{"id": "r1", "key": b64(public(RECEIPTS))}]}).encode(),
            "notices.json": json.dumps(notices).encode(),
            "tour.json": records.TOUR,
            **{f"proofs/{n}.tlog-proof": self.proof(n) for n in range(1, len(self.lines) + 1)},
        }
        return {name: raw for name, raw in {**ours, **self.files}.items() if raw is not None}

    def zip(self) -> bytes:
        """Return the zip."""
        return zipped(self.contents())


def extra(line: bytes) -> str:
    """Return the line by which a tlog-proof brings its leaf with it."""
    return f"extra {b64(line)}\n"


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of these files."""
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, raw in files.items():
            packed.writestr(name, raw)
    return box.getvalue()


def published(book: records.Book | None = None, **changes: Any) -> Publication:
    """Return the publication of a record."""
    return Publication((book or records.sold()).lines(), **changes)


def opening(code: object = records.CHEN, **changes: Any) -> bytes:
    """Return the purchaser's opening.json."""
    said = {"code": code, "nonce": b64(records.NONCE), "identity": records.PERSON, **changes}
    return json.dumps(said).encode()


# --- receipts -----------------------------------------------------------------------------------------------


def receipt(book: records.Book, seq: int, /, **changes: str) -> str:
    """Return the statement of the receipt for a bid."""
    lines = book.lines()
    said = {name: str(book[seq][name]) for name in ("code", "cid", "amount", "in_t", "t", "deadline")}
    prev = records.hexed(lines[seq - 2])
    named = {"origin": ORIGIN, "lot": str(book.lot), "seq": str(seq), **said}
    named |= {"leaf": records.hexed(lines[seq - 1]), "prev": prev, "key": "r1"}
    return statement("judic-bid-receipt/v1", {**named, **changes})


def refusal(**changes: str) -> str:
    """Return the statement of a refusal for a bid that came too late."""
    t = records.END + 5
    said = {"origin": ORIGIN, "lot": str(records.LOT), "code": records.LIN, "cid": "late-1"}
    said |= {
        "amount": str(records.PRICE + records.STEP),
        "in_t": str(t),
        "t": str(t + 9),
        "reason": "out_of_time",
    }
    said |= {"article": "20", "price": str(records.PRICE), "deadline": str(records.END), "state": "open"}
    return statement("judic-bid-refusal/v1", {**said, "least": "-", "key": "r1", **changes})


def statement(title: str, said: dict[str, str]) -> str:
    """Return a statement."""
    return "\n".join([title, *(f"{name} {value}" for name, value in said.items())])


def sealed(wanted: str, batch: int = 5, key: Ed25519PrivateKey = RECEIPTS) -> bytes:
    """Return a statement with its place in a batch and the batch's signature."""
    place = batch // 2
    statements = [f"other {number}" for number in range(batch)]
    statements[place] = wanted
    tree = Tree([text.encode() for text in statements])
    path = " ".join(b64(node) for node in tree.path(place)) or "-"
    made = key.sign(f"judic-bid-batch/v1\n{batch}\n{b64(tree.root())}\n".encode())
    return f"{wanted}\n\nindex {place}\nsize {batch}\npath {path}\n\nsig {b64(made)}\n".encode()
