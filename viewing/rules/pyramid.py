"""Which tiles a panorama is cut into, and what each is called."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from typing import Final

FACES: Final = "frblud"
TILE: Final = 512
LARGEST_FACE: Final = 4096
PREVIEW_FACE: Final = 128
STILL_SIZE: Final = (1200, 900)
PREVIEW: Final = "preview.jpg"
STILL: Final = "still.jpg"
FILE_NAME: Final = re.compile(r"(?:[frblud]/[0-3]/[0-7]_[0-7]|preview|still)\.jpg")


def levels(full_width: int) -> tuple[int, ...]:
    """Return the face sizes in pixels, coarse to fine: powers of two from 512 up to the one nearest width/4.

    A face spans a quarter turn, so at width/4 a face pixel is about as wide as a panorama's.
    """
    finest = round(math.log2(max(full_width / 4, TILE)))
    return tuple(2**power for power in range(TILE.bit_length() - 1, finest + 1) if 2**power <= LARGEST_FACE)


def tile_name(face: str, level: int, y: int, x: int) -> str:
    """Return a tile's path under its tree."""
    return f"{face}/{level}/{y}_{x}.jpg"


def tile_names(sizes: tuple[int, ...]) -> Iterator[str]:
    """Yield every tile's path of a pyramid with these face sizes."""
    for face in FACES:
        for level, size in enumerate(sizes):
            for y in range(size // TILE):
                yield from (tile_name(face, level, y, x) for x in range(size // TILE))


def all_names(sizes: tuple[int, ...]) -> frozenset[str]:
    """Return every file a finished tree holds."""
    return frozenset({*tile_names(sizes), PREVIEW, STILL})


def tree_hash(files: Mapping[str, str]) -> str:
    """Return the hash of a tree given each file's SHA-256 by name.

    It is the SHA-256 of the list that `sha256sum` prints for the files in order of their names.
    """
    listing = "".join(f"{files[name]}  {name}\n" for name in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()
