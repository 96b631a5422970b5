"""The keys receipts were ever signed with, each with its time: a receipt outlives the key that signed it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from auction import receipts


class BadKeys(ValueError):
    """A line of the file of former keys is wrong; says which, and why."""


class Former(NamedTuple):
    """A key that signs no more, and when it ceased to, in UTC ms; it began when the one before it ceased."""

    key: bytes
    until: int


def receipt_keys() -> list[dict[str, object]]:
    """Return all keys as `keys.json` has them (docs/record-format.md §1), today's last.

    :raises BadKeys: if the file of former ones cannot be read
    :raises OSError: if it is not there
    """
    known = former()
    begun: list[int | None] = [None, *(key.until for key in known)]
    ended = [*known, Former(receipts.public_key(), 0)]
    return [_told(each, since) for each, since in zip(ended, begun, strict=True)]


def former() -> tuple[Former, ...]:
    """Return the keys before today's, the oldest first.

    :raises BadKeys: if the file cannot be read
    :raises OSError: if it is not there
    """
    if not settings.FORMER_RECEIPT_KEYS:
        return ()
    path = Path(settings.FORMER_RECEIPT_KEYS)
    return _read(path, path.stat().st_mtime_ns)


def retired(*, at_ms: int) -> str:
    """Return the line by which today's key becomes a former one at a time, in UTC ms."""
    return f"{b64encode(receipts.public_key()).decode()} {at_ms}"


def _told(key: Former, since: int | None) -> dict[str, object]:
    bounds = {"from": since, "until": key.until or None}
    told = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"id": receipts.id_of(key.key), "key": b64encode(key.key).decode(), **told}


@lru_cache(4)
def _read(path: Path, changed: int) -> tuple[Former, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [(number, line.split()) for number, line in enumerate(lines, 1) if not line.startswith("#")]
    found = tuple(_former(words, number) for number, words in told if words)
    times, keys = [each.until for each in found], [each.key for each in found]
    if times != sorted(set(times)) or len(set(keys)) < len(keys):
        raise BadKeys("the times do not rise, or a key comes twice")
    return found


def _former(words: list[str], number: int) -> Former:
    try:
        key, until = words
        found = Former(b64decode(key, validate=True), int(until))
    except ValueError as error:
        raise BadKeys(f"line {number} is not a key in base64 and a time in ms") from error
    if len(found.key) != 32 or found.until <= 0:
        raise BadKeys(f"line {number} has no key of 32 bytes or no time after 1970")
    return found
