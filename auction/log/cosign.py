"""The log's side of a witness: a checkpoint goes there, a cosignature comes back (c2sp.org/tlog-witness)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from auction.log import checkpoint, note
from auction.log.note import Note, Signed
from auction.log.outward import LONGEST, connected
from auction.log.policy import Party
from auction.log.witness import request

TIMEOUT: Final = 3.0  # seconds to be connected, and as many for all that follows
SIZE: Final = re.compile(r"(0|[1-9][0-9]{0,18})\n")

Steps = Callable[[int], Sequence[bytes]]  # from an older size: the proof that the checkpoint begins with it


class Silent(Exception):
    """The witness gives no cosignature now: it is not reached, or knows nothing of us."""


class Ahead(Exception):
    """The witness has cosigned more than this checkpoint; `last` is how much."""

    def __init__(self, last: int) -> None:
        super().__init__(f"it has cosigned {last} leaves")
        self.last = last


class Refused(Exception):
    """What the witness cosigned, `last` leaves, is not the beginning of this checkpoint."""

    def __init__(self, last: int, size: int) -> None:
        super().__init__(f"the log of {size} leaves does not begin with the {last} it cosigned")
        self.last = last


class _Answer(NamedTuple):
    status: int
    body: str

    @property
    def last(self) -> int | None:
        """Return the size of what the witness says it cosigned last."""
        found = SIZE.fullmatch(self.body) if self.status == 409 else None
        return int(found[1]) if found else None


def ask(witness: Party, signed: Note, old: int, steps: Steps) -> Signed:
    """Return a witness's cosignature of a checkpoint; `old` is what we think it cosigned last.

    :raises Silent: if it gives none now
    :raises Ahead: if it knows a larger log
    :raises Refused: if it knows another log
    """
    size = checkpoint.read(signed.text).size
    try:
        with connected(witness.url, within=TIMEOUT) as line:
            answer = _post(line, witness.url, request(old, steps(old), signed))
            if answer.last not in (None, old) and (answer.last or 0) <= size:
                old = answer.last or 0
                answer = _post(line, witness.url, request(old, steps(old), signed))
        return _judged(answer, signed, witness, old)
    except (OSError, HTTPException, ValueError) as error:
        raise Silent(f"{type(error).__name__}: {error}") from error


def _judged(answer: _Answer, signed: Note, witness: Party, old: int) -> Signed:
    size = checkpoint.read(signed.text).size
    if answer.status == 422 or answer.last == old:
        raise Refused(old, size)
    if answer.last is not None and answer.last > size:
        raise Ahead(answer.last)
    if answer.status != 200:
        raise Silent(f"it answers {answer.status}")
    given = note.parse(f"{Note(signed.text, signed.lines)}{answer.body}")
    fresh = Note(given.text, given.lines[len(signed.lines) :])
    return note.verified(fresh, [witness.key])[-1]


def _post(line: HTTPConnection, url: str, body: bytes) -> _Answer:
    path = urlsplit(url).path.rstrip("/") + "/add-checkpoint"
    line.request("POST", path, body, {"Content-Type": "text/plain; charset=utf-8"})
    answer = line.getresponse()
    return _Answer(answer.status, answer.read(LONGEST).decode())
