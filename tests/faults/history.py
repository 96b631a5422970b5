"""What happened, as the checker reads it: one JSON object a line, times in UTC ms of this machine."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

OVER: Final = frozenset({"sold", "confirmed", "unsold", "withdrawn"})


def now_ms() -> int:
    """Return this machine's time."""
    return int(time.time() * 1000)


class History:
    """The lines of a run, and what the run itself needs to know while it runs."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.deadlines: dict[int, int] = {}  # by round: the end that stands, as some watcher heard
        self.over: dict[int, int] = {}  # by round: when the first watcher heard that it was closed
        self.unaware: list[str] = []  # watchers who had not heard of the end when the run was over
        self.doubts: list[int] = []  # when an attempt ended without an answer
        self.disagreements: list[dict[str, Any]] = []  # answers to one key that differ
        self.counts: Counter[str] = Counter()

    def bid(self, **fields: Any) -> None:
        """Note what became of a bid."""
        self.lines.append({"op": "bid", **fields})
        self.counts[fields["outcome"]] += 1

    def saw(self, watcher: str, round_id: int, frame: dict[str, Any]) -> None:
        """Note a frame of the record that reached a watcher."""
        kind = frame["type"]
        rest = {key: value for key, value in frame.items() if key != "type"}
        if kind == "event":
            rest = {"event": rest.pop("kind"), **rest}
            self._heard(round_id, rest)
        elif "closes_at" in frame:
            self.deadlines[round_id] = frame["closes_at"]
            self._ended(round_id, frame["state"] in OVER)
        self.lines.append(
            {"op": "saw", **rest, "watcher": watcher, "round": round_id, "kind": kind, "at": now_ms()}
        )

    def fault(self, kind: str, at: int, until: int) -> None:
        """Note a fault."""
        self.lines.append({"op": "fault", "kind": kind, "at": at, "until": until})
        self.counts[f"fault {kind}"] += 1

    def ranks(self, round_id: int, ranks: dict[str, int]) -> None:
        """Note who has priority in a round."""
        self.lines += [
            {"op": "rank", "round": round_id, "code": code, "rank": rank} for code, rank in ranks.items()
        ]

    def left(self, round_id: int, states: dict[str, str]) -> None:
        """Note the watchers who go away as they know that the round is over, and those who do not."""
        for watcher, state in states.items():
            if state in OVER:
                self.lines.append({"op": "left", "watcher": watcher, "round": round_id})
            else:
                self.unaware.append(watcher)

    def leaf(self, round_id: int, leaf: str) -> None:
        """Note a leaf of the record as it is in the database at the end."""
        self.lines.append({"op": "leaf", "round": round_id, "leaf": leaf})

    def head(self, at: int, size: int, root: str, leaves: list[str]) -> None:
        """Note a checkpoint of the public log and the leaves it added."""
        self.lines.append({"op": "head", "at": at, "size": size, "root": root, "leaves": leaves})
        self.counts["leaves logged"] += len(leaves)

    def write(self, path: Path) -> None:
        """Write all lines to a file."""
        with path.open("w", encoding="utf-8") as file:
            for line in self.lines:
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")

    def _heard(self, round_id: int, event: dict[str, Any]) -> None:
        if "deadline" in event:
            self.deadlines[round_id] = event["deadline"]
        self._ended(round_id, event["event"] in {"close", "void"})

    def _ended(self, round_id: int, over: bool) -> None:
        if over:
            self.over.setdefault(round_id, now_ms())
