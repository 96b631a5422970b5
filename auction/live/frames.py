"""What travels to the watchers: one entry of the record as one ready websocket message."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, NamedTuple

from auction.models import Event

PRIVATE: Final = frozenset(
    {"v", "lot", "prev"}
)  # of use to the verifier only, who reads the leaves themselves


class Frame(NamedTuple):
    """A message ready to be sent, and its place in the record; answers to one socket alone have place 0."""

    seq: int
    text: str


@dataclass(frozen=True)
class Entry:
    """A committed entry of the record."""

    seq: int
    leaf: str
    hash: str

    def frame(self) -> Frame:
        """Return the entry as an `event` message: the leaf's fields, its type and its hash."""
        fields = {key: value for key, value in json.loads(self.leaf).items() if key not in PRIVATE}
        message = {"type": "event", **fields, "hash": self.hash}
        return Frame(self.seq, json.dumps(message, ensure_ascii=False, separators=(",", ":")))


def frames_after(round_id: int, seq: int) -> list[Frame]:
    """Return the frames of a round's record after a place, in order."""
    events = Event.objects.filter(round_id=round_id, seq__gt=seq).order_by("seq")
    return [Entry(event.seq, event.leaf, event.hash).frame() for event in events]
