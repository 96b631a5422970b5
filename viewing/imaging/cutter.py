"""A decoded panorama into its tree of tiles."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from viewing.imaging import faces
from viewing.imaging.pixels import Picture, Pixels
from viewing.imaging.still import draw_still
from viewing.imaging.tree import PREVIEW_QUALITY, Tree, halved, shrunk
from viewing.rules.points import View
from viewing.rules.pyramid import FACES, PREVIEW, PREVIEW_FACE, STILL, TILE, levels


def cut(pixels: Pixels, into: Path) -> Tree:
    """Write every tile, the preview and the still of a panorama, and return the filled tree."""
    cv2.setNumThreads(1)  # our own threads each take a face
    tree, sizes = Tree(into), levels(pixels.place.full_width)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        previews = _cut_sides(pixels, sizes, tree, pool)
        # One pole after the other: in the largest panorama each takes over 100 MB.
        previews |= {face: _cut_pole(pixels, face, _Rest(face, sizes, tree), pool) for face in "ud"}
    tree.write(PREVIEW, np.concatenate([previews[face] for face in FACES]), PREVIEW_QUALITY)
    tree.write(STILL, draw_still(tree, sizes, View()))
    return tree


def _cut_sides(
    pixels: Pixels, sizes: tuple[int, ...], tree: Tree, pool: ThreadPoolExecutor
) -> dict[str, Picture]:
    """Cut the four side faces together, strip by strip, and return their previews."""
    place = pixels.place
    rests = {face: _Rest(face, sizes, tree) for face in faces.SIDES}
    for strip in range(sizes[-1] // TILE):
        window = faces.side_window(sizes[-1], strip, place.full_width, place.full_height)
        band = pixels.rows(window.top, window.top + window.height)

        def one(face: str, strip: int = strip, window: faces.Window = window, band: Picture = band) -> None:
            rests[face].take(strip, faces.side_strip(pixels, face, window, band))

        list(pool.map(one, faces.SIDES))
    return dict(zip(rests, pool.map(_Rest.finish, rests.values()), strict=True))


def _cut_pole(pixels: Pixels, face: str, rest: _Rest, pool: ThreadPoolExecutor) -> Picture:
    """Cut the upper or the lower face and return its preview."""
    lower, last = face == "d", rest.strips - 1
    cap = faces.pole_cap(pixels, lower=lower)

    def one(strip: int) -> None:
        cut_strip = faces.pole_strip(cap, rest.size, strip, pixels.place.full_height)
        rest.take(last - strip if lower else strip, cut_strip[::-1] if lower else cut_strip)

    list(pool.map(one, range(rest.strips)))
    return rest.finish()


class _Rest:
    """A face whose finest level is written as it comes; half of it is kept for the coarser levels."""

    def __init__(self, face: str, sizes: tuple[int, ...], tree: Tree) -> None:
        self.face, self.tree, self.finest = face, tree, len(sizes) - 1
        self.size, self.strips = sizes[-1], sizes[-1] // TILE
        half = max(sizes[-1] // 2, TILE // 2)
        self.half = np.empty((half, half, 3), np.uint8)

    def take(self, strip: int, picture: Picture) -> None:
        """Write a strip's tiles and keep its half."""
        self.tree.write_row(self.face, self.finest, strip, picture)
        self.half[strip * TILE // 2 : (strip + 1) * TILE // 2] = halved(picture)

    def finish(self) -> Picture:
        """Write the coarser levels and return the preview."""
        if self.finest == 0:
            return shrunk(self.half, PREVIEW_FACE)
        return self.tree.write_levels(self.face, self.finest - 1, self.half)
