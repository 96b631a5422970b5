"""Signed notes (c2sp.org/signed-note): a text, and lines of signatures by named keys.

A key's id is the first four bytes of SHA-256(name ‖ newline ‖ type ‖ public key). Types: 0x01 Ed25519 over
the text; 0x04 a witness's Ed25519 over `cosignature/v1`, the time and the text (c2sp.org/tlog-cosignature).
Lines by keys that are not known are passed over, so that a further algorithm may sign beside these.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = 0x01
COSIGNATURE: Final = 0x04
NAME: Final = re.compile(r"[^\s+]+")
LINE: Final = re.compile("— ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})")
MOST_LINES: Final = 100
LONGEST: Final = 1 << 20  # bytes of a note


class NotSigned(ValueError):
    """The text is no note, or the signature of a known key is wrong, or none is by a known key."""


@dataclass(frozen=True)
class Key:
    """A public key as a `vkey` names it."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which its signatures are told from others'."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.public).decode()}"

    def verifies(self, text: str, signature: bytes) -> int | None:
        """Return the time a signature states, 0 if it states none; None if it is wrong."""
        time = int.from_bytes(signature[:8], "big") if self.type == COSIGNATURE else 0
        body = signature[8:] if self.type == COSIGNATURE else signature
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(body, _said(self.type, text, time))
        except (InvalidSignature, ValueError):
            return None
        return time


class Signed(NamedTuple):
    """One line that a known key signed: the line whole, whose, and when by its own word (seconds, or 0)."""

    line: str
    key: Key
    time: int


class Note(NamedTuple):
    """A note's text, ending in a newline, and its signature lines, each without one."""

    text: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{line}\n" for line in self.lines)


def vkey(text: str) -> Key:
    """Return the key that a `vkey` stands for.

    :raises ValueError: if it is none, or its id is another key's
    """
    name, _, rest = text.partition("+")
    id, _, encoded = rest.partition("+")
    data = b64decode(encoded, validate=True)
    if not NAME.fullmatch(name) or len(data) != 33 or data[0] not in {ED25519, COSIGNATURE}:
        raise ValueError(text)
    key = Key(name, data[0], data[1:])
    if key.id.hex() != id:
        raise ValueError(text)
    return key


def parse(whole: str) -> Note:
    """Return a note, its signatures not yet looked at.

    :raises NotSigned: if it has another form
    """
    text, parted, lines = whole.rpartition("\n\n")
    controls = any(sign < " " and sign != "\n" for sign in whole)
    if not parted or not lines.endswith("\n") or controls or len(whole) > LONGEST:
        raise NotSigned("no note")
    found = tuple(lines[:-1].split("\n"))
    if len(found) > MOST_LINES or not all(LINE.fullmatch(line) for line in found):
        raise NotSigned("no signature lines")
    return Note(f"{text}\n", found)


def verified(note: Note, keys: Iterable[Key]) -> list[Signed]:
    """Return the lines by known keys, all right.

    :raises NotSigned: if one of them is wrong, or there is none
    """
    known = {(key.name, key.id): key for key in keys}
    found = []
    for line in note.lines:
        name, id, signature = _read(line)
        if (key := known.get((name, id))) is not None:
            time = key.verifies(note.text, signature)
            if time is None:
                raise NotSigned(f"the signature of {name} is wrong")
            found.append(Signed(line, key, time))
    if not found:
        raise NotSigned("nobody known signed it")
    return found


def sign(text: str, name: str, secret: Ed25519PrivateKey) -> str:
    """Return the line by which a key signs a text."""
    key = Key(name, ED25519, secret.public_key().public_bytes_raw())
    return _line(key, secret.sign(_said(ED25519, text, 0)))


def cosign(text: str, name: str, secret: Ed25519PrivateKey, time: int) -> str:
    """Return the line by which a witness states that at this time (seconds) it saw the log so."""
    key = Key(name, COSIGNATURE, secret.public_key().public_bytes_raw())
    return _line(key, time.to_bytes(8, "big") + secret.sign(_said(COSIGNATURE, text, time)))


def _said(type: int, text: str, time: int) -> bytes:
    return (f"cosignature/v1\ntime {time}\n{text}" if type == COSIGNATURE else text).encode()


def _line(key: Key, signature: bytes) -> str:
    return f"— {key.name} {b64encode(key.id + signature).decode()}"


def _read(line: str) -> tuple[str, bytes, bytes]:
    _, name, encoded = line.split(" ")
    try:
        data = b64decode(encoded, validate=True)
    except ValueError as error:
        raise NotSigned("no base64") from error
    return name, data[:4], data[4:]
