"""A sphere's planes into its tree of tiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from viewing.imaging import faces
from viewing.imaging.faces import SIDES, Strip, Window
from viewing.imaging.planes import Planes, blank, each, halved, three, upside_down
from viewing.imaging.sphere import Sphere
from viewing.imaging.still import draw_still
from viewing.imaging.tree import PREVIEW_QUALITY, Tree, encode, encode_planes
from viewing.rules.points import View
from viewing.rules.pyramid import FACES, PREVIEW, STILL, TILE

DENSE: Final = 4  # panorama pixels around for a face pixel across
Windows = tuple[Window, Window, Window]


def cut(sphere: Sphere, into: Path) -> Tree:
    """Write every tile, the preview and the still of a panorama, and return the filled tree."""
    cv2.setNumThreads(1)  # our own threads each take a row of tiles
    tree = Tree(into)
    luma, blue, red = (np.concatenate(alike) for alike in zip(*_cut_faces(sphere, tree), strict=True))
    tree.write(PREVIEW, encode_planes((luma, blue, red), PREVIEW_QUALITY))
    tree.write(STILL, encode(draw_still(tree, sphere.sizes, View())))
    return tree


def _cut_faces(sphere: Sphere, tree: Tree) -> list[Planes]:
    """Write every tile and return the faces' previews; what it holds meanwhile is freed with it."""
    rests = {face: _Rest(face, sphere.sizes, tree) for face in FACES}
    caps = {face: each(sphere.planes, partial(faces.pole_cap, lower=face == "d")) for face in "ud"}
    strips = range(-(-sphere.sizes[-1] // TILE // 2))
    jobs = [partial(_cut_sides, sphere, rests, strip) for strip in strips]
    jobs += [partial(_cut_poles, sphere, caps, rests, strip) for strip in strips]
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 4)) as pool:
        list(pool.map(lambda job: job(), jobs))
        return list(pool.map(_Rest.finish, rests.values()))


def _cut_sides(sphere: Sphere, rests: dict[str, _Rest], strip: int) -> None:
    """Cut one row of tiles of each side face, and the row as far from the other edge."""
    kernel = _kernel(sphere)
    for row, windows in _windows(sphere, strip, faces.side_windows):
        for face in SIDES:
            cut = (
                faces.side_strip(plane, face, window, kernel)
                for plane, window in zip(sphere.planes, windows, strict=True)
            )
            rests[face].take(row, three(cut))


def _cut_poles(sphere: Sphere, caps: dict[str, Planes], rests: dict[str, _Rest], strip: int) -> None:
    """Cut one row of tiles of the upper face and its like of the lower, and the rows opposite."""
    kernel = _kernel(sphere)
    for row, windows in _windows(sphere, strip, faces.pole_windows):
        upper, lower = (
            three(faces.pole_strip(plane, window, kernel) for plane, window in zip(cap, windows, strict=True))
            for cap in (caps["u"], caps["d"])
        )
        rests["u"].take(row, upper)
        rests["d"].take(rests["d"].strips - 1 - row, each(lower, upside_down))


def _windows(
    sphere: Sphere, strip: int, windows: Callable[[Strip, int, int], Iterator[Window]]
) -> Iterator[tuple[int, Windows]]:
    """Yield a row of tiles and its map for each plane, then the same for its mirror image.

    On chroma everything is half as large.
    """
    size, (height, width) = sphere.sizes[-1], sphere.planes[0].shape
    luma, chroma = (
        windows(
            Strip(size // part, strip * TILE // part, (strip + 1) * TILE // part),
            width // part,
            height // part,
        )
        for part in (1, 2)
    )
    mirrored = size // TILE - 1 - strip
    for row, fine, coarse in zip(dict.fromkeys((strip, mirrored)), luma, chroma, strict=False):
        yield row, (fine, coarse, coarse)


def _kernel(sphere: Sphere) -> int:
    """Return how to sample: what is finer than its faces is averaged a little, what is coarser kept sharp."""
    dense = sphere.planes[0].shape[1] >= DENSE * sphere.sizes[-1]
    return cv2.INTER_LINEAR if dense else cv2.INTER_CUBIC


class _Rest:
    """A face whose finest level is written as it comes; half of it is kept for the coarser levels."""

    def __init__(self, face: str, sizes: tuple[int, ...], tree: Tree) -> None:
        self.face, self.tree, self.finest = face, tree, len(sizes) - 1
        self.strips = sizes[-1] // TILE
        self.half = blank(sizes[-1] // 2, sizes[-1] // 2)

    def take(self, strip: int, cut: Planes) -> None:
        """Write a strip's tiles and keep its half."""
        self.tree.write_row(self.face, self.finest, strip, cut)
        for kept, plane in zip(self.half, halved(cut), strict=True):
            kept[strip * plane.shape[0] : (strip + 1) * plane.shape[0]] = plane

    def finish(self) -> Planes:
        """Write the coarser levels and return the preview."""
        return self.tree.write_levels(self.face, self.finest - 1, self.half)
