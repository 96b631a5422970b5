"""What a benchmark says: one JSON object a line on stdout, and nothing else there; remarks go to stderr."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Mapping, Sequence


def line(
    bench: str, metric: str, value: float, ratio_to: Mapping[str, float] | None = None, **keys: object
) -> None:
    """Print one figure with its ratios: how many times a peer's figure of the same run ours is."""
    said = {"bench": bench, "metric": metric, **keys, "value": _short(value)}
    if ratio_to is not None:
        said["ratio_to"] = {name: _short(ratio) for name, ratio in ratio_to.items()}
    print(json.dumps(said), flush=True)


def ratios(ours: float, peers: Mapping[str, float]) -> dict[str, float]:
    """Return our figure as a multiple of each peer's; a peer that measured nothing is left out."""
    return {name: ours / theirs for name, theirs in peers.items() if theirs}


def remark(text: str) -> None:
    """Say something that is no figure, such as which peer is not installed."""
    print(text, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile by rank, without interpolation; of no values, not a number."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def median(values: Sequence[float]) -> float:
    """Return the median; of no values, not a number."""
    return statistics.median(values) if values else float("nan")


def _short(value: float) -> float:
    return float(f"{value:.4g}")
