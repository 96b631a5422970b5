"""A picture as JPEG keeps it: luma whole, both chromas at half the width and height (ITU-T T.871, 4:2:0).

Cut so, no colour is converted and half the bytes are touched that RGB would need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]  # luma (h, w), blue and red chroma (h/2, w/2)
Rgb = NDArray[np.uint8]


def blank(width: int, height: int) -> Planes:
    """Return planes to be filled; width and height are even."""
    half = height // 2, width // 2
    return np.empty((height, width), np.uint8), np.empty(half, np.uint8), np.empty(half, np.uint8)


def each(planes: Planes, change: Callable[[Plane], Plane]) -> Planes:
    """Return the planes, each changed alike."""
    return three(map(change, planes))


def three(found: Iterable[Plane]) -> Planes:
    """Return three planes as one picture."""
    luma, blue, red = found
    return luma, blue, red


def from_rgb(strip: Rgb) -> Planes:
    """Return an sRGB strip of even width and height as planes, chroma by the mean of four pixels."""
    height, width = strip.shape[:2]
    luma, red, blue = (np.asarray(plane, np.uint8) for plane in cv2.split(_ycc(strip)))
    return luma, resized(blue, width // 2, height // 2), resized(red, width // 2, height // 2)


def chroma(strip: Rgb) -> tuple[Plane, Plane]:
    """Return the blue and red chroma of an sRGB strip at its own size."""
    whole = _ycc(strip)
    return whole[..., 2], whole[..., 1]


def _ycc(strip: Rgb) -> Rgb:
    """Return a strip as luma, red and blue chroma, full range as JPEG has it."""
    return np.asarray(cv2.cvtColor(strip, cv2.COLOR_RGB2YCrCb), np.uint8)


def upside_down(plane: Plane) -> Plane:
    """Return a plane with its last row first."""
    return np.ascontiguousarray(plane[::-1])


def halved(planes: Planes) -> Planes:
    """Return planes of half the width and height, each pixel the mean of four."""
    return each(planes, lambda plane: resized(plane, plane.shape[1] // 2, plane.shape[0] // 2))


def fitted(planes: Planes, width: int, height: int) -> Planes:
    """Return planes at another even size: by area average where they shrink, linear where they grow."""
    luma, blue, red = planes
    small = width // 2, height // 2
    return resized(luma, width, height), resized(blue, *small), resized(red, *small)


def resized(plane: Plane, width: int, height: int) -> Plane:
    """Return a plane at another size."""
    if plane.shape == (height, width):
        return plane
    kernel = cv2.INTER_AREA if width < plane.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(plane, (width, height), interpolation=kernel), np.uint8)
