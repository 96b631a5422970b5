"""What travels to the watchers: one entry of the record as one ready websocket message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from django.db.models import F

from auction.models import Event

PRIVATE: Final = frozenset(
    {"v", "lot", "prev"}
)  # of use to the verifier only, who reads the leaves themselves

Message = dict[str, Any]

# Made once: json.dumps makes a new one at each call that says how.
_decode: Final = json.JSONDecoder().decode
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Frame(NamedTuple):
    """A message ready to be sent, and its place in the record."""

    seq: int
    text: str


class Entry(NamedTuple):
    """A committed entry of the record."""

    seq: int
    leaf: str
    hash: str

    def message(self) -> Message:
        """Return the entry as an `event` message: the leaf's fields, its type and its hash."""
        fields = _decode(self.leaf)
        for name in PRIVATE:
            fields.pop(name, None)
        return {"type": "event", **fields, "hash": self.hash}

    def frame(self) -> Frame:
        """Return the entry ready to be sent."""
        return Frame(self.seq, wire(self.message()))


def wire(message: Message) -> str:
    """Return a message as the text of a frame."""
    return _encode(message)


def entries_after(round_id: int, seq: int, most: int | None = None) -> list[Entry]:
    """Return the entries of a round's record after a place, in order, not more than `most`."""
    events = Event.objects.filter(round_id=round_id, seq__gt=seq).order_by("seq")
    return [Entry(*fields) for fields in events.values_list("seq", "leaf", "hash")[:most]]


def last_entries(round_ids: Sequence[int], most: int) -> dict[int, list[Entry]]:
    """Return the last entries of rounds' records, not more than `most` of each, in order."""
    events = Event.objects.filter(round__in=round_ids, seq__gt=F("round__seq") - most).order_by("seq")
    found: dict[int, list[Entry]] = {}
    for round_id, seq, leaf, digest in events.values_list("round_id", "seq", "leaf", "hash"):
        found.setdefault(round_id, []).append(Entry(seq, leaf, digest))
    return found


def frames_after(round_id: int, seq: int, most: int | None = None) -> list[Frame]:
    """Return the same, ready to be sent."""
    return [entry.frame() for entry in entries_after(round_id, seq, most)]
