"""The record of a round: an append-only chain of leaves that says all that happened, and nothing of who.

A leaf is the RFC 8785 form of a JSON object: `v`, `kind`, `lot` (the round it belongs to), `seq` (1, 2, …),
`prev` (SHA-256 of the leaf before, in hex; zeros before the first), `t` (UTC ms), and the kind's own fields.
Times are UTC milliseconds and amounts fen, as integers. What is recorded is published after the commit.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple, Protocol

from django.db import transaction

from auction import live
from auction.models import Event, Round

log = logging.getLogger(__name__)
Value = str | int | bool | None | list["Value"] | dict[str, "Value"]
Body = Mapping[str, Value]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
VERSION: Final = 1
GENESIS: Final = "0" * 64
CHAIN: Final = ("seq", "head", "recorded_at", "version")  # the round's columns that `link` moves
# Needed and allowed fields by kind: nothing else may enter, so that no identity does before its time. A rank
# enters with the bid that uses it, not before: priority purchasers are announced by name (art. 13).
NEEDED: Final[dict[str, frozenset[str]]] = {
    "open": frozenset({"start", "step", "ext_ms", "start_t", "deadline"}),
    "qualify": frozenset({"code", "commit"}),
    "bid": frozenset({"code", "cid", "amount", "in_t", "deadline"}),
    "suspend": frozenset({"reason"}),
    "resume": frozenset({"reason", "deadline"}),
    "close": frozenset({"winner", "price", "deadline"}),
    "void": frozenset({"reason"}),
    "note": frozenset({"about"}),
}
ALLOWED: Final[dict[str, frozenset[str]]] = NEEDED | {
    "open": NEEDED["open"] | {"round", "deposit", "ranks", "assets", "notices", "tour", "practice"},
    "bid": NEEDED["bid"] | {"rank"},
    "suspend": NEEDED["suspend"] | {"since", "incident"},
    "close": NEEDED["close"] | {"reach", "reach_end"},
    "note": NEEDED["note"] | {"digest", "price", "reason", "opening", "identity", "deadline", "code"},
}

# RFC 8785 for what a leaf may hold: ASCII field names, whole numbers up to 2^53, strings, null, lists. The
# library takes six times as long; a test holds the two to each other.
_canonical = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


class Entry(NamedTuple):
    """One entry of a record, about to be written."""

    seq: int
    kind: str
    leaf: str
    hash: str
    at: datetime


class Chained(Protocol):
    """A round as far as its record goes: the columns of `CHAIN`, which every entry moves."""

    pk: int
    seq: int
    head: str
    recorded_at: datetime | None
    version: int


class NotRecordable(ValueError):
    """The body has a field its kind does not know, or lacks one that it needs."""


def append(round: Round, kind: str, body: Body, *, at: datetime) -> Event:
    """Append one entry to the record and publish it after the commit; the caller holds the round's row lock.

    Moves the round's `seq`, `head`, `recorded_at` and `version` and saves these.

    :raises NotRecordable: if the body does not fit its kind
    """
    event = link(round, kind, body, at=at)
    event.save(force_insert=True)
    round.save(update_fields=CHAIN)
    publish(round.pk, [event])
    return event


def link(round: Round, kind: str, body: Body, *, at: datetime) -> Event:
    """Return the next entry, unsaved, and move the round's chain to it; for writers that save it themselves.

    :raises NotRecordable: if the body does not fit its kind
    """
    return Event(round=round, **chain(round, kind, body, at=at)._asdict())


def chain(round: Chained, kind: str, body: Body, *, at: datetime) -> Entry:
    """Return the next entry and move the round's chain to it, writing nothing.

    Time never runs backwards in a record: an earlier instant is written as the last one.

    :raises NotRecordable: if the body does not fit its kind
    """
    if not NEEDED[kind] <= body.keys() <= ALLOWED[kind]:
        raise NotRecordable(f"{kind}: {sorted(set(body) ^ NEEDED[kind])}")
    if round.recorded_at is not None and at < round.recorded_at:
        at = round.recorded_at
    round.seq += 1
    head: dict[str, Value] = {
        "v": VERSION,
        "kind": kind,
        "lot": round.pk,
        "seq": round.seq,
        "prev": round.head or GENESIS,
        "t": ms(at),
    }
    leaf = _canonical({**head, **body})
    round.head = digest(leaf)
    round.recorded_at = at
    round.version += 1
    return Entry(round.seq, kind, leaf, round.head, at)


def publish(round_id: int, events: Sequence[Event]) -> None:
    """Tell the watchers of these entries once they are committed."""
    transaction.on_commit(partial(tell, round_id, events), robust=True)


def tell(round_id: int, entries: Sequence[Entry | Event]) -> None:
    """Tell the watchers of entries that are committed; they read what they are not told."""
    try:
        live.publish(round_id, [live.Entry(entry.seq, entry.leaf, entry.hash) for entry in entries])
    except Exception:
        log.warning("Round %d's watchers could not be told.", round_id, exc_info=True)


def after(round_id: int, seq: int) -> list[Event]:
    """Return the entries of a round after a sequence number, in order."""
    return list(Event.objects.filter(round_id=round_id, seq__gt=seq).order_by("seq"))


def digest(leaf: str) -> str:
    """Return a leaf's SHA-256 in hex."""
    return hashlib.sha256(leaf.encode()).hexdigest()


def ms(at: datetime) -> int:
    """Return an instant as whole UTC milliseconds, rounded down."""
    return (at - EPOCH) // MILLISECOND


def instant(ms: int) -> datetime:
    """Return the instant of a recorded time."""
    return EPOCH + ms * MILLISECOND
