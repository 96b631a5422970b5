"""Proofs as text: that a leaf is in a log (c2sp.org/tlog-proof), that a log only grew (RFC 6962 §2.1.2)."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from typing import Final

FIRST: Final = "c2sp.org/tlog-proof@v1"
MOST: Final = 63  # hashes


def inclusion(index: int, path: Iterable[bytes], checkpoint: str, *, leaf: str = "") -> str:
    """Return the proof of one leaf, self-contained: its index, its path and the signed checkpoint.

    The leaf itself may go with it as the specification's `extra`, so that nothing else is needed to check.
    """
    extra = f"extra {b64encode(leaf.encode()).decode()}\n" if leaf else ""
    return f"{FIRST}\n{extra}index {index}\n{lines(path)}\n{checkpoint}"


def lines(hashes: Iterable[bytes]) -> str:
    """Return hashes in base64, one a line."""
    return "".join(f"{b64encode(each).decode()}\n" for each in hashes)


def hashes(texts: Sequence[str]) -> list[bytes]:
    """Return the hashes in such lines.

    :raises ValueError: if there are too many, or one is none
    """
    found = [b64decode(text, validate=True) for text in texts]
    if len(found) > MOST or any(len(each) != 32 for each in found):
        raise ValueError("no hashes")
    return found
