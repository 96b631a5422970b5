"""Reads the rooms' furniture lists: a piece a line, `#` begins a remark.

box 0.05 0.95 0.12 0.27 0.25 2.4 sofa        x, y and z as ranges in metres, the material
chair 2.28 5.82 -1 cloth_green               see pieces.py for what each piece takes
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from viewing.demo_flat import pieces
from viewing.demo_flat.pieces import Builder, Numbers, Words, ranges
from viewing.demo_flat.plan import ROOMS
from viewing.demo_flat.shapes import Solid, box, ellipsoid, pillar

LISTS = Path(__file__).parent / "furniture"


def _box(numbers: Numbers, words: Words) -> list[Solid]:
    x, y, z = ranges(numbers)
    return [box(x, y, z, words[0], detail="detail" in words)]


def _pillar(numbers: Numbers, words: Words) -> list[Solid]:
    x, y, z = ranges(numbers)
    return [pillar(x, y, z, words[0], detail="detail" in words)]


def _ellipsoid(numbers: Numbers, words: Words) -> list[Solid]:
    x, y, z = ranges(numbers)
    return [ellipsoid(x, y, z, words[0], detail="detail" in words)]


BUILDERS: dict[str, Builder] = {
    "box": _box,
    "pillar": _pillar,
    "ellipsoid": _ellipsoid,
    "legs": pieces.legs,
    "table": pieces.table,
    "chair": pieces.chair,
    "plant": pieces.plant,
    "curtain": pieces.curtain,
    "picture": pieces.picture,
    "books": pieces.books,
    "lamp": pieces.lamp,
    "pendant": pieces.pendant,
    "downlight": pieces.downlight,
    "fronts": pieces.fronts,
}
SEEDED = ("plant", "books")
"""Pieces whose last number is a seed, not a length."""


def everything() -> Iterator[Solid]:
    """Yield the furniture of all rooms."""
    for room in ROOMS:
        for line in (LISTS / f"{room.slug}.txt").read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield from piece(line)


def piece(line: str) -> list[Solid]:
    """Return the solids of one line.

    :raises KeyError: if there is no such piece
    """
    kind, *fields = line.split()
    length = len(fields) - 1 if kind in SEEDED else sum(_is_number(field) for field in fields)
    return BUILDERS[kind]([float(field) for field in fields[:length]], fields[length:])


def _is_number(field: str) -> bool:
    return field.lstrip("-").replace(".", "", 1).isdigit()
