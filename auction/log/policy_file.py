"""Reading a policy's file, line by line (c2sp.org/tlog-policy)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from auction.log import note
from auction.log.note import Key
from auction.log.policy import NONE, Group, Party, Policy

LONGEST: Final = 1 << 16  # bytes
SPACE: Final = re.compile(r"[ \t]+")
FORBIDDEN: Final = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


class BadPolicy(ValueError):
    """A line of a policy is wrong; says which, and why."""


def read(data: bytes) -> Policy:
    """Return the policy in a file's bytes; those that are no UTF-8 stay what they are.

    :raises BadPolicy: if it is none
    """
    if len(data) > LONGEST or FORBIDDEN.search(data):
        raise BadPolicy("too long, or with control characters")
    reading = _Reading()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = SPACE.split(line.strip(" \t"))
        if words[0] and not words[0].startswith("#"):
            _take(reading, words, f"line {number}")
    if not reading.quorum:
        raise BadPolicy("no quorum line")
    known = (tuple(reading.logs), tuple(reading.witnesses), tuple(reading.groups))
    return Policy(*known, quorum=reading.quorum)


@dataclass
class _Reading:
    """What the lines so far said; `members` are the names that are in a group already."""

    logs: list[Party] = field(default_factory=list)
    witnesses: list[Party] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    members: set[str] = field(default_factory=set)
    quorum: str = ""

    def names(self) -> set[str]:
        return {witness.name for witness in self.witnesses} | {group.name for group in self.groups}


def _take(reading: _Reading, words: list[str], where: str) -> None:
    kind, *rest = words
    try:
        LINES[kind](reading, rest)
    except KeyError as error:
        raise BadPolicy(f"{where}: {kind!r} is no kind of line") from error
    except ValueError as error:
        raise BadPolicy(f"{where}: {error}") from error


def _log(reading: _Reading, words: list[str]) -> None:
    vkey, url = _with_url(words, 1)
    key = _key(vkey, note.ED25519, reading.logs)
    reading.logs.append(Party(key.name, key, url))


def _witness(reading: _Reading, words: list[str]) -> None:
    name, vkey, url = _with_url(words, 2)
    _demand_new(reading, name)
    reading.witnesses.append(Party(name, _key(vkey, note.COSIGNATURE, reading.witnesses), url))


def _group(reading: _Reading, words: list[str]) -> None:
    name, least, *members = words + [""] * (2 - len(words))
    _demand_new(reading, name)
    twice = len(set(members)) < len(members) or reading.members & set(members)
    if not members or twice or not set(members) <= reading.names():
        raise ValueError("a group has members, named before, each in one group only")
    reading.members |= set(members)
    reading.groups.append(Group(name, _least(least, len(members)), tuple(members)))


def _quorum(reading: _Reading, words: list[str]) -> None:
    if reading.quorum or len(words) != 1 or words[0] not in reading.names() | {NONE}:
        raise ValueError("one quorum, of a name defined before")
    reading.quorum = words[0]


LINES: Final[Mapping[str, Callable[[_Reading, list[str]], None]]] = {
    "log": _log,
    "witness": _witness,
    "group": _group,
    "quorum": _quorum,
}


def _with_url(words: list[str], count: int) -> list[str]:
    if not count <= len(words) <= count + 1:
        raise ValueError("too few or too many words")
    return [*words, ""][: count + 1]


def _key(vkey: str, type: int, known: Iterable[Party]) -> Key:
    key = note.vkey(vkey)
    if key.type != type or any(key.public == other.key.public for other in known):
        raise ValueError("a key of another type, or one that is there already")
    return key


def _demand_new(reading: _Reading, name: str) -> None:
    if name in reading.names() | {NONE, ""}:
        raise ValueError(f"{name!r} is a name already")


def _least(text: str, count: int) -> int:
    """Return how many of the members suffice."""
    words = {"any": 1, "all": count}
    least = words.get(text) or (int(text) if NUMBER.fullmatch(text) else 0)
    if not 1 <= least <= count:
        raise ValueError(f"{text!r} of {count}")
    return least
