"""A witness for others' logs: it cosigns what only grew (c2sp.org/tlog-witness, tlog-cosignature).

It remembers the last checkpoint it cosigned of each log, on its own disk. What is refused although the log's
own key signed it is kept: it may prove that the log has shown two histories.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final, NamedTuple

from auction.log import checkpoint, keys, note, proof
from auction.log.checkpoint import Checkpoint
from auction.log.memory import Behind, Memory
from auction.log.note import Key, Note
from auction.log.tree import NotConsistent

LONGEST: Final = 1 << 16  # bytes of a request
OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")
PLAIN: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"
MOST_KEPT: Final = 1000  # refused checkpoints

log = logging.getLogger(__name__)


class Answer(NamedTuple):
    """An HTTP answer."""

    status: int
    body: str = ""
    type: str = PLAIN


class Asked(NamedTuple):
    """A request: the size cosigned before, the proof that the log only grew since, and its checkpoint."""

    old: int
    proof: list[bytes]
    note: Note
    new: Checkpoint


class Witness:
    """One witness, whose keys and memories are in a folder; the first start makes a key there."""

    def __init__(self, folder: Path, name: str, logs: Iterable[Key] = ()) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.name = name
        self._secrets = keys.secrets(folder / "keys")
        self._logs: defaultdict[str, list[Key]] = defaultdict(list)
        for key in logs:
            self._logs[key.name].append(key)
        self._lock = threading.Lock()

    def vkey(self) -> str:
        """Return the newest key."""
        public = self._secrets[-1].public_key().public_bytes_raw()
        return str(Key(self.name, note.COSIGNATURE, public))

    def memory(self, origin: str) -> Memory:
        """Return what is remembered of a log."""
        return Memory(self.folder / hashlib.sha256(origin.encode()).hexdigest(), origin)

    def add_checkpoint(self, body: bytes, at: int) -> Answer:
        """Answer a request that came at a time (seconds since 1970)."""
        try:
            asked = read(body)
        except ValueError:
            return Answer(400)
        if asked.new.origin not in self._logs:
            return Answer(404)
        if not _signed(asked.note, self._logs[asked.new.origin]):
            return Answer(403)
        if asked.old > asked.new.size:
            return Answer(400)
        with self._lock:  # no smaller size may come between the look and the writing
            return self._advance(asked, at)

    def _advance(self, asked: Asked, at: int) -> Answer:
        memory = self.memory(asked.new.origin)
        last = memory.last()
        try:
            memory.advance(asked.old, asked.new, asked.proof)
        except Behind:
            return _conflict(last)
        except NotConsistent as fault:
            self._keep(asked, last, fault)
            forked = asked.new.size == last.size and asked.new.root != last.root
            return _conflict(last) if forked else Answer(422)
        lines = (note.cosign(asked.note.text, self.name, secret, at) for secret in self._secrets)
        return Answer(200, "".join(f"{line}\n" for line in lines))

    def _keep(self, asked: Asked, last: Checkpoint, fault: NotConsistent) -> None:
        """Keep what the log signed and what was cosigned before, once."""
        told = (asked.new.origin, asked.new.size, last.size, fault)
        log.error("%s signed %d leaves that do not begin with the %d cosigned before: %s", *told)
        folder = self.folder / "refused"
        folder.mkdir(exist_ok=True)
        text = f"{asked.note}\nold {asked.old}\n{proof.lines(asked.proof)}\n{last}"
        if sum(1 for _ in folder.iterdir()) < MOST_KEPT:
            (folder / hashlib.sha256(text.encode()).hexdigest()).write_text(text, encoding="utf-8")


def hold(folder: Path) -> IO[str]:
    """Return the folder's lock, to be kept as long as the witness lives: two would roll each other back.

    :raises BlockingIOError: if another process has it
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (folder / "lock").open("w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise
    return lock


def read(body: bytes) -> Asked:
    """Return what is asked; checkpoints with extension lines are not taken.

    :raises ValueError: if it is no such request
    """
    head, _, whole = body.decode().partition("\n\n")
    first, *lines = head.split("\n")
    old = OLD.fullmatch(first)
    if old is None:
        raise ValueError("no old size")
    signed = note.parse(whole)
    return Asked(int(old[1]), proof.hashes(lines), signed, checkpoint.read(signed.text))


def request(old: int, steps: Iterable[bytes], signed: Note) -> bytes:
    """Return the body of a request."""
    return f"old {old}\n{proof.lines(steps)}\n{signed}".encode()


def _signed(signed: Note, trusted: Iterable[Key]) -> bool:
    try:
        return bool(note.verified(signed, trusted))
    except note.NotSigned:
        return False


def _conflict(last: Checkpoint) -> Answer:
    return Answer(409, f"{last.size}\n", SIZE)
