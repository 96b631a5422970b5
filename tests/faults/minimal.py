"""What the run checks by itself, beside the checker: what it alone knows of its clients."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import Any, Final

from tests.faults.history import History

SURELY_MS: Final = 400  # a bid sent this long before the end was on the machine before it, whatever the load

Line = dict[str, Any]


def violations(history: History) -> list[str]:
    """Return what is wrong, one sentence each."""
    leaves = _leaves(history)
    bids = [line for line in history.lines if line["op"] == "bid"]
    found = [f"answers to one key differ: {each}" for each in history.disagreements]
    found += [f"{name} never heard of the end" for name in history.unaware]
    for round_id, record in leaves.items():
        found += _record(round_id, record)
    return [*found, *_promises(bids, leaves)]


def _leaves(history: History) -> dict[int, list[tuple[Line, str]]]:
    kept: defaultdict[int, list[tuple[Line, str]]] = defaultdict(list)
    for line in history.lines:
        if line["op"] == "leaf":
            leaf = line["leaf"]
            kept[line["round"]].append((json.loads(leaf), hashlib.sha256(leaf.encode()).hexdigest()))
    return kept


def _record(round_id: int, record: list[tuple[Line, str]]) -> list[str]:
    ends = [leaf for leaf, _ in record if leaf["kind"] in {"close", "void"}]
    found = [] if len(ends) == 1 else [f"round {round_id} has {len(ends)} ends"]
    prev = "0" * 64
    for place, (leaf, digest) in enumerate(record, 1):
        if (leaf["seq"], leaf["prev"]) != (place, prev):
            found.append(f"round {round_id}: the chain breaks at {place}")
        prev = digest
    return found


def _promises(bids: list[Line], leaves: dict[int, list[tuple[Line, str]]]) -> list[str]:
    found = []
    for bid in bids:
        record = leaves.get(bid["round"], [])
        own = [(leaf, digest) for leaf, digest in record if leaf.get("cid") == bid["cid"]]
        if len(own) > 1:
            found.append(f"a bid is recorded twice: {bid}")
        if bid["outcome"] == "ok" and [(leaf["seq"], digest) for leaf, digest in own] != [
            (bid["seq"], bid["hash"])
        ]:
            found.append(f"an acknowledged bid is lost or another: {bid}")
        if bid["outcome"] == "fail" and own:
            found.append(f"a refused bid is recorded: {bid}")
        found += [
            f"recorded before it was sent: {bid} {leaf}"
            for leaf, _ in own
            if leaf["in_t"] < bid["invoked"] - 300
        ]
    return found
