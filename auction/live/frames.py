"""What travels to the watchers: one entry of the record as one ready websocket message."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, NamedTuple

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
