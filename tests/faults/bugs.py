"""Bugs planted on purpose, by name: a run that does not find them proves nothing."""

from __future__ import annotations


def plant(name: str) -> None:
    """Plant the bug of this name; none if it is empty."""
    if name:
        raise SystemExit(f"there is no bug {name}")
