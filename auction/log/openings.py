"""The vault's own journal of what it opened: one JSON object a line, each naming the hash of the line before.

The hash of each line goes into the public record, so that none can be taken out or changed unseen.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Final

FIRST: Final = "0" * 64


class OtherOpened(ValueError):
    """In this round another code was opened before: a round has one purchaser."""


class Openings:
    """The journal in a file of the vault's; without a file (in development) nothing is kept.

    :raises ValueError: if a line was taken out or changed
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._last = FIRST
        self._codes: dict[int, str] = {}
        for line in _lines(path) if path else ():
            self._take(line)

    def add(self, lot: int, code: str, why: str, *, at: int) -> str:
        """Write an opening down, safe on the disk, and return the hash of its line; `at` is UTC ms.

        :raises OtherOpened: if another code of the round was opened before
        """
        if self._codes.get(lot, code) != code:
            raise OtherOpened("another code of this round was opened before")
        fields = {"at": at, "code": code, "lot": lot, "prev": self._last, "why": why}
        line = json.dumps(fields, sort_keys=True, separators=(",", ":"))
        if self._path:
            _append(self._path, line)
        self._take(line)
        return self._last

    def _take(self, line: str) -> None:
        fields = json.loads(line)
        if fields["prev"] != self._last:
            raise ValueError(f"the journal of openings was changed before: {line}")
        self._codes[fields["lot"]] = fields["code"]
        self._last = hashlib.sha256(line.encode()).hexdigest()


def _lines(path: Path) -> list[str]:
    """Return the whole lines; one that was cut short by a crash was never told to anybody and goes."""
    if not path.exists():
        return []
    whole, _, torn = path.read_text(encoding="ascii").rpartition("\n")
    if torn:
        os.truncate(path, path.stat().st_size - len(torn))
    return whole.splitlines()


def _append(path: Path, line: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
