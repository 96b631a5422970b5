"""The Merkle tree of RFC 6962 §2.1: its root, and proofs that a leaf is in it and that it only grew.

Whole subtrees of 2^height leaves are read from where they are kept; the rest is computed. Heights and places
count from 0, a proof is its hashes in the order of the RFC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final

EMPTY: Final = hashlib.sha256().digest()

# height, place: the hash of the leaves from place << height to before (place + 1) << height
Read = Callable[[int, int], bytes]


class NotConsistent(ValueError):
    """The proof does not show what it should."""


def leaf_hash(data: bytes) -> bytes:
    """Return a leaf's hash."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, read: Read) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return _subtree(0, size, read) if size else EMPTY


def inclusion(index: int, size: int, read: Read) -> list[bytes]:
    """Return the audit path of a leaf, from its neighbour up (§2.1.1).

    :raises IndexError: if the tree has no such leaf
    """
    if not 0 <= index < size:
        raise IndexError(index)
    beside, _ = _beside(index, size, alone=True)
    return [_subtree(start, end, read) for start, end in beside]


def consistency(old: int, size: int, read: Read) -> list[bytes]:
    """Return the proof that the tree of `size` leaves begins with that of `old` (§2.1.2); empty if old is 0.

    :raises IndexError: if the tree never had that size
    """
    if not 0 <= old <= size:
        raise IndexError(old)
    if old == 0:
        return []
    beside, start = _beside(old - 1, size, alone=False)
    whole = [(start, old)] if start else []
    return [_subtree(start, end, read) for start, end in (*whole, *beside)]


def root_by_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's hash and its audit path lead to.

    :raises NotConsistent: if the path does not fit the place
    """
    if not 0 <= index < size:
        raise NotConsistent("the tree has no such leaf")
    beside, _ = _beside(index, size, alone=True)
    for (start, _), other in _paired(beside, path):
        leaf = node_hash(other, leaf) if start < index else node_hash(leaf, other)
    return leaf


def check_consistency(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Check that a tree begins with an older one.

    :raises NotConsistent: if the proof does not show it
    """
    if old > size:
        raise NotConsistent("the older tree is larger")
    if old == 0:
        _check_begin(old_root, size, root, proof)
    else:
        _check_growth(old, old_root, size, root, proof)


def _check_begin(old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    if proof or old_root != EMPTY or (size == 0 and root != EMPTY):
        raise NotConsistent("an empty tree has another root, and needs no proof")


def _check_growth(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    beside, start = _beside(old - 1, size, alone=False)
    before = after = proof[0] if start and proof else old_root
    for (place, _), other in _paired(beside, proof[1:] if start else proof):
        if place < old:
            before, after = node_hash(other, before), node_hash(other, after)
        else:
            after = node_hash(after, other)
    if (before, after) != (old_root, root):
        raise NotConsistent("the proof leads to other roots")


def _beside(leaf: int, size: int, *, alone: bool) -> tuple[list[tuple[int, int]], int]:
    """Return the subtrees beside the way to a leaf, the lowest first, and where the way ends.

    Alone the way ends at the leaf; else at the first subtree that ends with it, and its first leaf is told.
    A subtree is its first leaf and the one after its last.
    """
    start, end, beside = 0, size, []
    while end - start > 1 if alone else end != leaf + 1:
        middle = start + _largest_power_below(end - start)
        if leaf < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return beside[::-1], start


def _paired(
    beside: Sequence[tuple[int, int]], hashes: Sequence[bytes]
) -> Iterator[tuple[tuple[int, int], bytes]]:
    if len(beside) != len(hashes):
        raise NotConsistent("the proof has another length")
    return zip(beside, hashes, strict=True)


def _subtree(start: int, end: int, read: Read) -> bytes:
    """Return the hash over leaves [start, end), where start is a multiple of the power of two it spans."""
    found: bytes | None = None
    for height in range(end.bit_length()):  # from the smallest whole subtree at the right end, leftwards
        if end - start >> height & 1:
            end -= 1 << height
            whole = read(height, end >> height)
            found = whole if found is None else node_hash(whole, found)
    assert found is not None
    return found


def _largest_power_below(count: int) -> int:
    """Return the largest power of two smaller than a number."""
    return 1 << (count - 1).bit_length() - 1
