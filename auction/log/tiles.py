"""The log as static files that anyone may mirror (c2sp.org/tlog-tiles): tiles of hashes, bundles of leaves.

A tile holds up to 256 hashes of whole subtrees of height 8 × level. What is written for one size is never
changed by a larger one: a tile that grows gets a new name until it is full.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from auction.log import checkpoint, note, tree

WIDTH: Final = 256
HASH: Final = 32
ENTRIES: Final = "entries"
LATEST: Final = "checkpoint"
WITNESSED: Final = "witnessed"  # the last checkpoint with cosignatures that suffice


def path(kind: int | str, place: int, width: int = WIDTH) -> str:
    """Return the path of a tile of a level, or of a bundle of `entries`; less than a whole one is partial."""
    rest, last = divmod(place, 1000)
    parts = [f"{last:03}"]
    while rest:
        rest, part = divmod(rest, 1000)
        parts.insert(0, f"x{part:03}")
    name = "/".join(("tile", str(kind), *parts))
    return name if width == WIDTH else f"{name}.p/{width}"


def bundle(leaves: Sequence[bytes]) -> bytes:
    """Return leaves with their lengths before them.

    :raises OverflowError: if one is longer than 65,535 bytes
    """
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


class Tiles:
    """The files of one log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def grow(self, old: int, leaves: Sequence[bytes]) -> None:
        """Write what the tree needs to grow from a size by these leaves, each file safe on the disk.

        `leaves` must begin with those of the last bundle that is not full: `old` is a multiple of 256.
        """
        size = old + len(leaves)
        hashes = [tree.leaf_hash(leaf) for leaf in leaves]
        for place, start in enumerate(range(0, len(leaves), WIDTH), old // WIDTH):
            some = leaves[start : start + WIDTH]
            self._write(path(ENTRIES, place, len(some)), bundle(some))
        self._grow_level(0, old, hashes)
        for level in range(1, 8):
            first, last = old >> 8 * level, size >> 8 * level
            self._grow_level(level, first, [self._full(level, place) for place in range(first, last)])

    def read(self, size: int) -> tree.Read:
        """Return how to read whole subtrees of the tree of a size."""

        @lru_cache(512)
        def tile(level: int, place: int) -> bytes:
            width = min(WIDTH, (size >> 8 * level) - place * WIDTH)
            return self._tile(level, place, width)

        @lru_cache(1 << 16)  # one row of a whole record's proofs asks for the same subtrees again and again
        def read(height: int, place: int) -> bytes:
            level, above = divmod(height, 8)
            first = place << above
            data = tile(level, first // WIDTH)
            some = first % WIDTH
            row = [data[at * HASH : (at + 1) * HASH] for at in range(some, some + (1 << above))]
            return _joined(row)

        return read

    def publish(self, text: str, name: str = LATEST) -> None:
        """Put a signed checkpoint in the place of the last, at once, unless a larger one is there.

        It waits while another process puts one there: one that compares and then stands still for a while
        would put the older in the place of the newer.
        """
        with self._alone():
            there = self.checkpoint(name)
            if there != text and (not there or _size(there) <= _size(text)):
                self._write(name, text.encode())

    def checkpoint(self, name: str = LATEST) -> str:
        """Return the signed checkpoint that is published; empty if none is."""
        with suppress(FileNotFoundError):
            return (self.folder / name).read_text(encoding="utf-8")
        return ""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the folder's lock, which goes with the process that holds it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)

    def _grow_level(self, level: int, first: int, hashes: Sequence[bytes]) -> None:
        """Append hashes to a level that has `first` of them already."""
        place, there = divmod(first, WIDTH)
        before = self._tile(level, place, there) if there and hashes else b""
        data = before + b"".join(hashes)
        for start in range(0, len(data), WIDTH * HASH):
            some = data[start : start + WIDTH * HASH]
            self._write(path(level, place + start // (WIDTH * HASH), len(some) // HASH), some)

    def _full(self, level: int, place: int) -> bytes:
        """Return the hash over a full tile of the level below."""
        data = self._tile(level - 1, place, WIDTH)
        return _joined([data[at : at + HASH] for at in range(0, len(data), HASH)])

    def _tile(self, level: int, place: int, width: int) -> bytes:
        """Return a tile's bytes; a partial one may be cut from the full one that followed it."""
        with suppress(FileNotFoundError):
            return (self.folder / path(level, place, width)).read_bytes()
        return (self.folder / path(level, place)).read_bytes()[: width * HASH]

    def _write(self, name: str, data: bytes) -> None:
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{os.getpid()}.draft")
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        _sync(place.parent)
        # A full tile serves for its parts.
        shutil.rmtree(place.with_name(f"{place.name}.p"), ignore_errors=True)


def unbundled(data: bytes) -> Iterator[bytes]:
    """Yield the leaves of a bundle.

    :raises ValueError: if it is cut short
    """
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        leaf = data[at + 2 : at + 2 + length]
        if len(leaf) != length:
            raise ValueError("cut short")
        yield leaf
        at += 2 + length


def _size(text: str) -> int:
    return checkpoint.read(note.parse(text).text).size


def _joined(row: Sequence[bytes]) -> bytes:
    while len(row) > 1:
        row = [tree.node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
