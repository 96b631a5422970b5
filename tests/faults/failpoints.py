"""Where a process can be made to end: at the n-th call of a named step of the product."""

from __future__ import annotations


def arm(told: str) -> None:
    """Arm a point, told as `name:n`; none if it is empty."""
    if told:
        raise SystemExit(f"there is no fail-point {told}")
