"""The ways of cutting a panorama that `panorama` measures, each run once in a process of its own.

A way is made ready first (what it imports); the clock runs from the
opened file to the last tile. Every way leaves `{face}/{level}/{y}_{x}.jpg`, JPEG quality 85, chroma halved.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
import simplejpeg
from numpy.typing import NDArray

from viewing.rules.geometry import centres, face_vectors
from viewing.rules.pyramid import FACES, TILE, levels, tile_name, tile_names

Picture = NDArray[np.uint8]
Work = Callable[[], None]
THREADS: Final = os.cpu_count() or 1
QUALITY: Final = 85
# How the picture is turned so that the camera looks at a face: yaw and pitch in degrees, as Hugin counts.
TURNED: Final = {"f": (0, 0), "r": (-90, 0), "b": (180, 0), "l": (90, 0), "u": (0, -90), "d": (0, 90)}


def run() -> None:
    """Run one way, `WAY SOURCE INTO`, and print its seconds by the wall and of all processors."""
    way, source, into = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work = WAYS[way](source, into)
    began, spent = time.perf_counter(), sum(os.times()[:4])
    work()
    print(
        json.dumps({"wall_s": time.perf_counter() - began, "cpu_s": sum(os.times()[:4]) - spent}), flush=True
    )
    tidied(into)


def ours(source: Path, into: Path) -> Work:
    """Cut as the site does, with preview, still and tree hash."""
    from viewing.imaging.cutter import cut
    from viewing.imaging.sphere import decode

    def work() -> None:
        cut(decode(source), into)

    return work


def floor(source: Path, into: Path) -> Work:
    """Decode the input and encode the pixels of the tiles found in `into`: nothing is cut or written."""
    names = tile_names(levels(_size(source)[0]))
    tiles = [simplejpeg.decode_jpeg((into / name).read_bytes(), "RGB") for name in names]

    def work() -> None:
        simplejpeg.decode_jpeg(source.read_bytes(), "RGB")
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda tile: simplejpeg.encode_jpeg(tile, QUALITY, "RGB", "420"), tiles))

    return work


def py360convert(source: Path, into: Path) -> Work:
    """Cut by e2c (with OpenCV, as installed here), tiles by Pillow."""
    from PIL import Image
    from py360convert import e2c

    def work() -> None:
        Image.MAX_IMAGE_PIXELS = None
        picture = np.asarray(Image.open(source).convert("RGB"))
        cube = e2c(picture, face_w=_face(source), cube_format="dict")
        _tiles_by_pillow({face: cube[face.upper()] for face in FACES}, into)

    return work


def ffmpeg(source: Path, into: Path) -> Work:
    """Cut by v360 (bilinear, as it does unasked), tiles by Pillow."""
    size = _face(source)
    command = ["ffmpeg", "-v", "error", "-i", str(source), "-vf", f"v360=e:c6x1:w={6 * size}:h={size}"]

    def work() -> None:
        raw = subprocess.run(
            [*command, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True
        ).stdout
        row = np.frombuffer(raw, np.uint8).reshape(size, 6 * size, 3)
        cube = {face: row[:, at * size : (at + 1) * size] for at, face in enumerate("rludfb")}
        _tiles_by_pillow(cube, into)

    return work


def nona(source: Path, into: Path) -> Work:
    """Cut by Hugin's nona, one flat picture a face as Pannellum does, tiles by Pillow."""
    from PIL import Image

    size, (width, height) = _face(source), _size(source)
    into.mkdir(parents=True, exist_ok=True)
    project = into / "faces.pto"
    project.write_text(
        f'p f0 w{size} h{size} v90 n"TIFF_m c:NONE r:CROP"\nm i0\n'
        + "".join(
            f'i f4 w{width} h{height} v360 r0 p{pitch} y{yaw} n"{source}"\n'
            for yaw, pitch in map(TURNED.__getitem__, FACES)
        )
    )

    def work() -> None:
        subprocess.run(
            ["nona", "-o", str(into / "face"), str(project)], check=True, stdout=subprocess.DEVNULL
        )
        cube = {face: _whole(Image.open(into / f"face{at:04}.tif"), size) for at, face in enumerate(FACES)}
        _tiles_by_pillow(cube, into)

    return work


def _whole(face: Any, size: int) -> Picture:
    """Return a face whole, if need be: nona leaves out rows where there is nothing."""
    if face.size == (size, size):
        return np.asarray(face.convert("RGB"))
    raise ValueError(f"nona's face is {face.size}")


def libvips(source: Path, into: Path) -> Work:
    """Cut by mapim, bilinear, and dzsave."""
    return _by_libvips(source, into, "bilinear")


def libvips_bicubic(source: Path, into: Path) -> Work:
    """Cut by mapim, bicubic, and dzsave."""
    return _by_libvips(source, into, "bicubic")


def _by_libvips(source: Path, into: Path, kernel: str) -> Work:
    import pyvips

    size, sphere = _face(source), _size(source)

    def work() -> None:
        picture = pyvips.Image.new_from_file(str(source)).copy_memory()
        interpolate = pyvips.Interpolate.new(kernel)
        into.mkdir(parents=True, exist_ok=True)
        for face in FACES:
            points = np.ascontiguousarray(_map(face, size, *sphere))
            index = pyvips.Image.new_from_memory(points.data, size, size, 2, "float")
            cut = picture.mapim(index, interpolate=interpolate, extend="copy")
            cut.dzsave(
                str(into / face), tile_size=TILE, overlap=0, depth="onetile", suffix=f".jpg[Q={QUALITY}]"
            )

    return work


def tidied(into: Path) -> None:
    """Give dzsave's files our names: it writes `f_files/0/column_row.jpg`."""
    for face in FACES:
        for path in (into / f"{face}_files").rglob("*.jpg"):
            column, row = path.stem.split("_")
            named = into / tile_name(face, int(path.parent.name), int(row), int(column))
            named.parent.mkdir(parents=True, exist_ok=True)
            path.rename(named)
        shutil.rmtree(into / f"{face}_files", ignore_errors=True)


def _map(face: str, size: int, width: int, height: int) -> NDArray[np.float32]:
    """Return for each pixel centre of a face (size, size, 2) the column and row of the sphere it shows."""
    at = centres(size, 0, size)
    x, y, z = np.moveaxis(face_vectors(face, *np.broadcast_arrays(at[None, :], at[:, None])), -1, 0)
    columns = (np.arctan2(x, z) / (2 * np.pi) + 0.5) * width - 0.5
    rows = (0.5 - np.arctan2(y, np.hypot(x, z)) / np.pi) * height - 0.5
    return np.stack([columns, rows], axis=-1).astype(np.float32)


def _tiles_by_pillow(cube: Mapping[str, Picture], into: Path) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda face: _levels_by_pillow(face, cube[face], into), FACES))


def _levels_by_pillow(face: str, picture: Picture, into: Path) -> None:
    """Write one face's tiles, each coarser level the mean of four pixels."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(picture))
    for level in reversed(range(len(levels(4 * picture.shape[0])))):
        (into / face / str(level)).mkdir(parents=True, exist_ok=True)
        for name, box in _boxes(face, level, image.width):
            image.crop(box).save(into / name, "JPEG", quality=QUALITY)
        image = image.reduce(2)


def _boxes(face: str, level: int, size: int) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    for y in range(size // TILE):
        for x in range(size // TILE):
            left, top = x * TILE, y * TILE
            yield tile_name(face, level, y, x), (left, top, left + TILE, top + TILE)


def _size(source: Path) -> tuple[int, int]:
    height, width, _, _ = simplejpeg.decode_jpeg_header(source.read_bytes())
    return width, height


def _face(source: Path) -> int:
    return levels(_size(source)[0])[-1]


WAYS: Final[dict[str, Callable[[Path, Path], Work]]] = {
    "ours": ours,
    "floor": floor,
    "py360convert": py360convert,
    "libvips": libvips,
    "libvips_bicubic": libvips_bicubic,
    "ffmpeg": ffmpeg,
    "nona": nona,
}
