"""The log's signer: a process of its own, with its own key and memory, that asks nobody else what it signed.

It speaks over a Unix socket: one JSON object a line, answered by one. `{"ask": "last"}` tells the key and the
last checkpoint; `{"ask": "sign", "old", "size", "root", "proof"}` (hashes in base64) is answered by
`{"lines": […]}`, or by `{"refused", "size", "root"}` with what it signed last. It runs as a user of its own:
whoever rules the web server and the database can ask it, but not make it forget. What is asked of the vault,
the vault answers (`auction.log.vault`).
"""

from __future__ import annotations

import json
import socket
import socketserver
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from auction.log import keys, note, proof, tree
from auction.log.checkpoint import Checkpoint
from auction.log.memory import Behind, Memory
from auction.log.openings import Openings
from auction.log.vault import ASKS, Vault

LONGEST: Final = 1 << 16
TIMEOUT: Final = 5.0  # seconds


class Refused(Exception):
    """The signer does not sign this; `size` is what it signed last."""

    def __init__(self, why: str, size: int) -> None:
        super().__init__(why)
        self.size = size


class Unreachable(Exception):
    """Nobody answers at the signer's socket."""


class Last(NamedTuple):
    """The signer's key, and the size and root it signed last."""

    vkey: str
    size: int
    root: bytes


class Signer:
    """Keys and memory of one log in a folder; the first start makes a key there.

    `keys` holds one secret a line, the newest last: while a key is exchanged, both sign. `vault` holds the
    vault's master secret, and `openings` its journal.
    """

    def __init__(self, folder: Path, origin: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.origin = origin
        self.memory = Memory(folder / "checkpoint", origin)
        self._secrets = keys.secrets(folder / "keys")
        self.vault = Vault(keys.seeds(folder / "vault")[0], self.memory.last, Openings(folder / "openings"))

    def vkey(self) -> str:
        """Return the newest key."""
        public = self._secrets[-1].public_key().public_bytes_raw()
        return str(note.Key(self.origin, note.ED25519, public))

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a question."""
        if asked.get("ask") == "last":
            return {"vkey": self.vkey(), **_told(self.memory.last())}
        return self.vault.answer(asked) if asked.get("ask") in ASKS else self._next(asked)

    def _next(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return {"lines": self._sign(asked)}
        except Behind as behind:
            return {"refused": "another size was signed last", **_told(behind.last)}
        except tree.NotConsistent as fault:
            return {"refused": str(fault), **_told(self.memory.last())}
        except (KeyError, TypeError, ValueError):
            return {"refused": "not understood", **_told(self.memory.last())}

    def _sign(self, asked: Mapping[str, Any]) -> list[str]:
        new = Checkpoint(self.origin, int(asked["size"]), b64decode(asked["root"], validate=True))
        self.memory.advance(int(asked["old"]), new, proof.hashes(asked["proof"]))
        return [note.sign(str(new), self.origin, secret) for secret in self._secrets]


def serve(signer: Signer, path: Path) -> socketserver.UnixStreamServer:
    """Return a server at this socket; whoever may write the socket may ask."""
    with suppress(FileNotFoundError):
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)

    class Handler(socketserver.StreamRequestHandler):
        timeout = TIMEOUT

        def handle(self) -> None:
            with suppress(OSError, ValueError):
                asked = json.loads(self.rfile.readline(LONGEST))
                self.wfile.write(json.dumps(signer.answer(asked)).encode() + b"\n")

    server = socketserver.UnixStreamServer(str(path), Handler)
    path.chmod(0o660)
    return server


def last(path: Path) -> Last:
    """Ask what was signed last.

    :raises Unreachable: if nobody answers
    """
    told = ask(path, {"ask": "last"})
    return Last(told["vkey"], told["size"], b64decode(told["root"]))


def signed(path: Path, old: int, new: Checkpoint, steps: Sequence[bytes]) -> str:
    """Return the next checkpoint as a signed note.

    :raises Refused: if the signer does not find it to begin with what it signed last
    :raises Unreachable: if nobody answers
    """
    asked = {"ask": "sign", "old": old, "size": new.size, "root": b64encode(new.root).decode()}
    told = ask(path, {**asked, "proof": [b64encode(step).decode() for step in steps]})
    if "lines" not in told:
        raise Refused(told["refused"], told["size"])
    return str(note.Note(str(new), tuple(told["lines"])))


def _told(last: Checkpoint) -> dict[str, Any]:
    return {"size": last.size, "root": b64encode(last.root).decode()}


def ask(path: Path, question: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to one question.

    :raises Unreachable: if nobody answers
    """
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(TIMEOUT)
            line.connect(str(path))
            line.sendall(json.dumps(question).encode() + b"\n")
            answer: dict[str, Any] = json.loads(line.makefile("rb").readline())
    except (OSError, ValueError) as error:
        raise Unreachable(str(path)) from error
    return answer
