"""From the sphere to the six faces of a cube, strip by strip.

Coordinates are py360convert's own (`xyz2uv`, `uv2coor`), asked at pixel centres and fed to `cv2.remap`.
Columns of an equirectangular picture only shift with yaw, so one map serves the four side faces; both poles
share another, the lower one upside down. Each map's right half mirrors its left, and a row of tiles the row
as far from the other edge, so a quarter is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from py360convert.utils import uv2coor, xyz2uv

from viewing.imaging.planes import Plane
from viewing.rules.geometry import Floats, centres, face_vectors

SIDES: Final = {"l": -1, "f": 0, "r": 1, "b": 2}  # quarter turns to the right
REACH: Final = 3  # pixels a cubic kernel may look beyond a coordinate, and one for rounding


@dataclass(frozen=True)
class Strip:
    """Rows top…bottom of a face `size` pixels wide."""

    size: int
    top: int
    bottom: int


@dataclass(frozen=True)
class Window:
    """A fixed-point map into a window of source pixels, which begins at column `left` and row `top`."""

    points: NDArray[np.int16]
    fractions: NDArray[np.uint16]
    left: int = 0
    top: int = 0
    width: int = 0
    height: int = 0

    def of(self, plane: Plane, kernel: int, border: int = cv2.BORDER_REPLICATE) -> Plane:
        """Return what the map shows of a window's pixels."""
        shown = cv2.remap(plane, self.points, self.fractions, kernel, borderMode=border)
        return np.asarray(shown, np.uint8)


def side_windows(strip: Strip, width: int, height: int) -> Iterator[Window]:
    """Yield the maps of a strip of the front face and of its mirror image into a width × height sphere."""
    columns, rows = _coordinates("f", strip, width, height)
    yield _window(columns, rows)
    yield _window(columns[::-1], np.float32(height - 1) - rows[::-1])


def _window(columns: Floats, rows: Floats) -> Window:
    left, top = (int(np.floor(low.min())) - REACH for low in (columns, rows))
    right, bottom = (int(np.ceil(high.max())) + REACH + 1 for high in (columns, rows))
    return Window(*_fixed(columns - left, rows - top), left, top, right - left, bottom - top)


def side_strip(plane: Plane, face: str, window: Window, kernel: int) -> Plane:
    """Return one strip of a side face; the sphere's width is a multiple of four."""
    band = plane[window.top : window.top + window.height]
    return window.of(_around(band, window.left + SIDES[face] * plane.shape[1] // 4, window.width), kernel)


def pole_windows(strip: Strip, width: int, height: int) -> Iterator[Window]:
    """Yield the maps of a strip of the upper face and of its mirror image into the cap `pole_cap` makes."""
    columns, rows = _coordinates("u", strip, width, height)
    rows += REACH
    yield Window(*_fixed(columns, rows))
    yield Window(*_fixed(np.float32(width // 2 - 1) - columns[::-1], rows[::-1]))


def _fixed(columns: Floats, rows: Floats) -> tuple[NDArray[np.int16], NDArray[np.uint16]]:
    whole = np.ascontiguousarray(columns), np.ascontiguousarray(rows)
    points, fractions = cv2.convertMaps(*whole, cv2.CV_16SC2)
    return np.asarray(points, np.int16), np.asarray(fractions, np.uint16)


def pole_strip(cap: Plane, window: Window, kernel: int) -> Plane:
    """Return one strip of the upper face; for the lower one turn it over."""
    return window.of(cap, kernel, cv2.BORDER_WRAP)


def pole_cap(plane: Plane, *, lower: bool) -> Plane:
    """Return the sphere's rows around a pole, pole first, with the rows beyond the pole above them."""
    height, width = plane.shape
    reach = int(np.ceil(height * (0.5 - np.arctan(np.sqrt(0.5)) / np.pi))) + REACH + 1
    cap = np.empty((REACH + reach, width), np.uint8)
    cap[REACH:] = plane[: height - reach - 1 : -1] if lower else plane[:reach]
    cap[:REACH] = np.roll(cap[REACH : 2 * REACH][::-1], width // 2, axis=1)
    return cap


def _coordinates(face: str, strip: Strip, width: int, height: int) -> tuple[Floats, Floats]:
    """Return columns and rows of a strip's pixel centres in a width × height sphere."""
    s = centres(strip.size, 0, strip.size // 2)[None, :]
    t = centres(strip.size, strip.top, strip.bottom)[:, None]
    u, v = xyz2uv(face_vectors(face, s, t))
    columns, rows = (_plane(half) for half in uv2coor(u, v, height, width))
    return (
        np.concatenate([columns, np.float32(width - 1) - columns[:, ::-1]], axis=1),
        np.concatenate([rows, rows[:, ::-1]], axis=1),
    )


def _plane(coordinates: NDArray[Any]) -> Floats:
    return coordinates[..., 0].astype(np.float32, copy=False)


def _around(band: Plane, left: int, width: int) -> Plane:
    """Return columns left…left+width of a band that closes on itself."""
    start = left % band.shape[1]
    if start + width <= band.shape[1]:
        return band[:, start : start + width]
    return np.concatenate([band[:, start:], band[:, : start + width - band.shape[1]]], axis=1)
