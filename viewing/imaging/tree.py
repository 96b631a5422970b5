"""The files of one panorama as they are written and as they are read back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import simplejpeg

from viewing.imaging.pixels import Picture
from viewing.imaging.planes import Planes, each, fitted, halved
from viewing.rules.pyramid import PREVIEW_FACE, TILE, tile_name

QUALITY: Final = 85
PREVIEW_QUALITY: Final = 70


@dataclass
class Tree:
    """A folder being filled; `hashes` holds each written file's SHA-256 by name."""

    root: Path
    hashes: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, data: bytes) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.hashes[name] = hashlib.sha256(data).hexdigest()

    def write_row(self, face: str, level: int, row: int, strip: Planes) -> None:
        """Write a strip of 512 rows as a row of tiles."""
        for column in range(strip[0].shape[1] // TILE):
            self.write(tile_name(face, level, row, column), encode_planes(_tile(strip, column)))

    def write_levels(self, face: str, level: int, picture: Planes) -> Planes:
        """Write a face at this level and all coarser ones by area average; return its preview."""
        for coarser in range(level, -1, -1):
            for row in range(picture[0].shape[0] // TILE):
                self.write_row(face, coarser, row, _row(picture, row))
            picture = halved(picture) if coarser else picture
        return fitted(picture, PREVIEW_FACE, PREVIEW_FACE)

    def read_face(self, face: str, level: int, size: int) -> Picture:
        """Return a whole face of a level from its tiles."""
        picture = np.empty((size, size, 3), np.uint8)
        for y in range(size // TILE):
            for x in range(size // TILE):
                tile = simplejpeg.decode_jpeg((self.root / tile_name(face, level, y, x)).read_bytes(), "RGB")
                picture[y * TILE : (y + 1) * TILE, x * TILE : (x + 1) * TILE] = tile
        return picture


def encode(picture: Picture, quality: int = QUALITY) -> bytes:
    """Return an sRGB picture as a JPEG file; made of pixels alone, it carries no metadata."""
    data: bytes = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality, "RGB", "420")
    return data


def encode_planes(planes: Planes, quality: int = QUALITY) -> bytes:
    """Return planes as a JPEG file; made of pixels alone, it carries no metadata."""
    data: bytes = simplejpeg.encode_jpeg_yuv_planes(*each(planes, np.ascontiguousarray), quality)
    return data


def _row(picture: Planes, row: int) -> Planes:
    """Return the rows of one row of tiles; chroma has half as many."""
    luma, blue, red = picture
    half = slice(row * TILE // 2, (row + 1) * TILE // 2)
    return luma[row * TILE : (row + 1) * TILE], blue[half], red[half]


def _tile(strip: Planes, column: int) -> Planes:
    """Return one tile of a row of tiles."""
    luma, blue, red = strip
    half = slice(column * TILE // 2, (column + 1) * TILE // 2)
    return luma[:, column * TILE : (column + 1) * TILE], blue[:, half], red[:, half]
