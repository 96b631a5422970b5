"""From the sphere to the six faces of a cube, strip by strip.

Coordinates are py360convert's own to the bit (a test holds them to it; to load it, and scipy behind it, takes
longer than to cut a small panorama), asked at pixel centres and fed to `cv2.remap`. Columns of an
equirectangular picture only shift with yaw, so one map serves the four side faces; both poles share another,
the lower one upside down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from viewing.imaging.pixels import Picture, Pixels
from viewing.rules.geometry import Floats, centres, face_vectors
from viewing.rules.pyramid import TILE

SIDES: Final = {"l": -1, "f": 0, "r": 1, "b": 2}  # quarter turns to the right
REACH: Final = 3  # pixels a cubic kernel may look beyond a coordinate, and one for rounding


@dataclass(frozen=True)
class Window:
    """A map into a window of source pixels, which begins at column `left` and row `top`."""

    columns: Floats
    rows: Floats
    left: int
    top: int
    width: int
    height: int


def side_window(size: int, strip: int, width: int, height: int) -> Window:
    """Return the map of one 512-row strip of a front face of `size` pixels into a width × height sphere."""
    columns, rows = _coordinates("f", size, strip, width, height)
    left, top = (int(np.floor(low.min())) - REACH for low in (columns, rows))
    right, bottom = (int(np.ceil(high.max())) + REACH + 1 for high in (columns, rows))
    return Window(columns - left, rows - top, left, top, right - left, bottom - top)


def side_strip(pixels: Pixels, face: str, window: Window, band: Picture) -> Picture:
    """Return one strip of a side face; `band` holds the window's rows over the whole width."""
    shift = SIDES[face] * pixels.place.full_width / 4
    whole = int(np.floor(shift))
    source = _around(band, window.left + whole, window.width + 1)
    return remap(source, window.columns + np.float32(shift - whole), window.rows)


def pole_strip(cap: Picture, size: int, strip: int, height: int) -> Picture:
    """Return one strip of the upper face from the cap made by `pole_cap`; for the lower one turn it over."""
    columns, rows = _coordinates("u", size, strip, cap.shape[1], height)
    return remap(cap, columns, rows + REACH, cv2.BORDER_WRAP)


def pole_cap(pixels: Pixels, *, lower: bool) -> Picture:
    """Return the sphere's rows around a pole, pole first, with the rows beyond the pole above them."""
    width, height = pixels.place.full_width, pixels.place.full_height
    reach = int(np.ceil(height * (0.5 - np.arctan(np.sqrt(0.5)) / np.pi))) + REACH + 1
    cap = np.empty((REACH + reach, width, 3), np.uint8)
    cap[REACH:] = pixels.rows(height - reach, height)[::-1] if lower else pixels.rows(0, reach)
    cap[:REACH] = np.roll(cap[REACH : 2 * REACH][::-1], width // 2, axis=1)
    return cap


def remap(source: Picture, columns: Floats, rows: Floats, border: int = cv2.BORDER_REPLICATE) -> Picture:
    """Return the source sampled cubically at the given coordinates."""
    return np.asarray(cv2.remap(source, columns, rows, cv2.INTER_CUBIC, borderMode=border), np.uint8)


def _coordinates(face: str, size: int, strip: int, width: int, height: int) -> tuple[Floats, Floats]:
    """Return columns and rows (512, size) of a strip's pixel centres in a width × height sphere."""
    s = centres(size, 0, size)[None, :]
    t = centres(size, strip * TILE, (strip + 1) * TILE)[:, None]
    x, y, z = np.moveaxis(face_vectors(face, *np.broadcast_arrays(s, t)), -1, 0)
    columns = (np.arctan2(x, z) / (2 * np.pi) + 0.5) * width - 0.5
    rows = (-np.arctan2(y, np.hypot(x, z)) / np.pi + 0.5) * height - 0.5
    return columns, rows


def _around(band: Picture, left: int, width: int) -> Picture:
    """Return columns left…left+width of a band that closes on itself."""
    start = left % band.shape[1]
    if start + width <= band.shape[1]:
        return band[:, start : start + width]
    return np.concatenate([band[:, start:], band[:, : start + width - band.shape[1]]], axis=1)
