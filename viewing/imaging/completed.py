"""A sphere whose picture shows only a part of it: the rest is filled softly, nothing can be seen in it."""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from viewing.imaging.planes import Plane, Planes, three
from viewing.rules.intake import Place

EDGE: Final = 8  # pixels of an edge that are averaged
SOFT: Final = 32  # parts of a side over which its colours are blurred
STRIP: Final = 256

Floats = NDArray[np.floating[Any]]


def completed(whole: Planes, place: Place) -> Planes:
    """Fill the planes in place and return them: a gap from edge to edge, above and below towards the mean."""
    parts = (whole[0].shape[1] // plane.shape[1] for plane in whole)
    return three(_filled(plane, place, part) for plane, part in zip(whole, parts, strict=True))


def _filled(plane: Plane, place: Place, part: int) -> Plane:
    """Fill one plane; on chroma everything is half as large."""
    top, bottom = place.top // part, -(-(place.top + place.height) // part)
    left, right = place.left // part, -(-(place.left + place.width) // part)
    if right - left < plane.shape[1]:
        _close(plane[top:bottom], left, right)
    _fade(plane[:bottom][::-1], bottom - top)
    _fade(plane[top:], bottom - top)
    return plane


def _close(band: Plane, left: int, right: int) -> None:
    """Fill the columns from `right` round to `left` from one edge's colours to the other's."""
    gap = (right + np.arange(band.shape[1] - (right - left))) % band.shape[1]
    one, other = (
        _blurred(edge.mean(axis=1), cv2.BORDER_REPLICATE)
        for edge in (band[:, right - EDGE : right], band[:, left : left + EDGE])
    )
    share = _eased(gap.size)
    band[:, gap] = np.rint(one[:, None] * (1 - share) + other[:, None] * share)


def _fade(plane: Plane, seen: int) -> None:
    """Fill the rows after the first `seen` from the last ones' colours to their mean."""
    if seen >= plane.shape[0]:
        return
    edge = _blurred(plane[seen - EDGE : seen].mean(axis=0), cv2.BORDER_WRAP)
    share = _eased(plane.shape[0] - seen)[:, None]
    for top in range(0, share.size, STRIP):
        part = share[top : top + STRIP]
        plane[seen + top : seen + top + STRIP] = np.rint(edge * (1 - part) + edge.mean() * part)


def _blurred(edge: Floats, border: int) -> Floats:
    """Return an edge's colours, each the mean of its neighbours."""
    reach = max(edge.size // SOFT, 1)
    padded = cv2.copyMakeBorder(edge.astype(np.float32)[None], 0, 0, reach, reach, border)
    return np.asarray(cv2.blur(padded, (2 * reach + 1, 1)), np.float32)[0, reach:-reach]


def _eased(count: int) -> Floats:
    """Return shares from 0 to 1 that start and end gently."""
    at = (np.arange(count, dtype=np.float32) + 1) / (count + 1)
    return at * at * (3 - 2 * at)
