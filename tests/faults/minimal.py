"""What the run checks itself, beside the checker: what only it knows of its clients."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.faults.history import History

SURELY_MS: Final = 400  # a bid sent so long before the end was on the machine before it, whatever the load

Line = dict[str, Any]


def violations(history: History) -> list[str]:
    """Return what is wrong, one sentence each."""
    found = [f"answers to one key differ: {each}" for each in history.disagreements]
    found += [f"{name} never heard of the end" for name in history.unaware]
    return found + [f"sent in time, refused as late, not suspended: {bid}" for bid in silently_late(history)]


def silently_late(history: History) -> list[Line]:
    """Return the bids sent in time and refused as late by whoever they were sent to, the lot not suspended.

    The platform's own stamp cannot show it: a process that stood still stamps what waited for it too late.
    """
    ends, suspended = _ends(history)
    bids = [line for line in history.lines if line["op"] == "bid" and line["ground"] == "out_of_time"]
    at_once = [bid for bid in bids if bid["attempts"] == 1 and bid["round"] in ends]
    early = [bid for bid in at_once if bid["sent"] and bid["sent"] < ends[bid["round"]] - SURELY_MS]
    return [bid for bid in early if bid["round"] not in suspended]


def _ends(history: History) -> tuple[dict[int, int], set[int]]:
    """Return the end of every round that was closed, and the rounds that were ever suspended."""
    leaves = [json.loads(line["leaf"]) for line in history.lines if line["op"] == "leaf"]
    ends = {leaf["lot"]: leaf["deadline"] for leaf in leaves if leaf["kind"] == "close"}
    return ends, {leaf["lot"] for leaf in leaves if leaf["kind"] == "suspend"}
