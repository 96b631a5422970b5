"""A sphere taken with a tilted camera, turned so that the horizon is level."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

import cv2
import numpy as np
from py360convert.utils import coor2uv, uv2coor, uv2unitxyz, xyz2uv

from viewing.imaging.faces import REACH
from viewing.imaging.planes import Plane, Planes, each
from viewing.rules.geometry import Floats, camera_axes

STRIP: Final = 128


def levelled(whole: Planes, pitch: float, roll: float) -> Planes:
    """Return the sphere as a level camera would have seen it; degrees, as GPano says its pose."""
    cv2.setNumThreads(1)  # our own threads each take a strip
    return each(whole, partial(_turned, axes=camera_axes(pitch, roll).astype(np.float32)))


def _turned(plane: Plane, axes: Floats) -> Plane:
    height, width = plane.shape
    turned, source = np.empty_like(plane), _beyond_poles(plane)

    def strip(top: int) -> None:
        rows = np.arange(top, min(top + STRIP, height), dtype=np.float32)
        level = np.stack(np.meshgrid(np.arange(width, dtype=np.float32), rows), axis=-1)
        u, v = xyz2uv(uv2unitxyz(coor2uv(level, height, width)).astype(np.float32) @ axes)
        columns, source_rows = (np.ascontiguousarray(at[..., 0]) for at in uv2coor(u, v, height, width))
        turned[top : top + STRIP] = cv2.remap(
            source, columns, source_rows + REACH, cv2.INTER_CUBIC, borderMode=cv2.BORDER_WRAP
        )

    _in_threads(strip, range(0, height, STRIP))
    return turned


def _in_threads(work: Callable[[int], None], tops: range) -> None:
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        list(pool.map(work, tops))


def _beyond_poles(plane: Plane) -> Plane:
    """Return a plane with the rows that lie beyond either pole: those on the other side, backwards."""
    over = np.roll(plane, plane.shape[1] // 2, axis=1)
    return np.concatenate([over[:REACH][::-1], plane, over[-REACH:][::-1]])
