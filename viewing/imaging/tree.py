"""The files of one panorama as they are written and as they are read back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import simplejpeg

from viewing.imaging.pixels import Picture
from viewing.rules.pyramid import PREVIEW_FACE, TILE, tile_name

QUALITY: Final = 85
PREVIEW_QUALITY: Final = 70


@dataclass
class Tree:
    """A folder being filled; `hashes` holds each written file's SHA-256 by name."""

    root: Path
    hashes: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, picture: Picture, quality: int = QUALITY) -> None:
        """Write a picture as JPEG."""
        data = encode(picture, quality)
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.hashes[name] = hashlib.sha256(data).hexdigest()

    def write_row(self, face: str, level: int, row: int, strip: Picture) -> None:
        """Write a 512-row strip as a row of tiles."""
        for column in range(strip.shape[1] // TILE):
            tile = strip[:, column * TILE : (column + 1) * TILE]
            self.write(tile_name(face, level, row, column), tile)

    def write_levels(self, face: str, level: int, picture: Picture) -> Picture:
        """Write a face at this level and all coarser ones by area average; return its preview."""
        while level >= 0:
            for row in range(picture.shape[0] // TILE):
                self.write_row(face, level, row, picture[row * TILE : (row + 1) * TILE])
            picture, level = (halved(picture) if level else picture), level - 1
        return shrunk(picture, PREVIEW_FACE)

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


def halved(picture: Picture) -> Picture:
    """Return a picture of half the width and height, each pixel the mean of four."""
    height, width = picture.shape[:2]
    return np.asarray(cv2.resize(picture, (width // 2, height // 2), interpolation=cv2.INTER_AREA), np.uint8)


def shrunk(picture: Picture, size: int) -> Picture:
    """Return a square picture at a smaller size by area average."""
    return np.asarray(cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA), np.uint8)
