"""What is drawn at a known direction appears in the tile and at the pixel that geometry says."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from py360convert.utils import uv2coor, xyz2uv

from tests.support import pictures
from viewing.imaging import faces, sandbox
from viewing.imaging.pixels import Pixels
from viewing.rules import geometry
from viewing.rules.intake import place
from viewing.rules.pyramid import FACES, tile_name

# In the middle of faces, near their edges and corners, at the back seam and near both poles.
DOTS = [
    (5.0, 4.0),
    (12.5, -20.0),
    (93.0, 30.0),
    (-132.0, 33.0),
    (176.0, -5.0),
    (-100.0, -50.0),
    (60.0, 88.0),
    (-30.0, -86.0),
]
Cutter = Callable[[bytes], tuple[Path, sandbox.Cut]]


@pytest.fixture(scope="module")
def cutter(tmp_path_factory: pytest.TempPathFactory) -> Cutter:
    def cut(data: bytes) -> tuple[Path, sandbox.Cut]:
        folder = tmp_path_factory.mktemp("cut")
        (folder / "original").write_bytes(data)
        (folder / "tree").mkdir()
        return folder / "tree", sandbox.cut(folder / "original", folder / "tree")

    return cut


@pytest.fixture(scope="module")
def dotted(cutter: Cutter) -> tuple[Path, sandbox.Cut]:
    return cutter(pictures.jpeg(pictures.with_dots(DOTS)))


@pytest.fixture(scope="module")
def smooth(cutter: Cutter) -> tuple[Path, sandbox.Cut]:
    return cutter(pictures.jpeg(pictures.smooth(4096)))


def opened(path: Path) -> NDArray[np.float64]:
    return np.asarray(Image.open(io.BytesIO(path.read_bytes()))).astype(np.float64)


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("direction", DOTS, ids=str)
def test_a_dot_lies_at_its_predicted_pixel(
    dotted: tuple[Path, sandbox.Cut], direction: tuple[float, float], level: int
) -> None:
    tree, cut = dotted
    spot = geometry.spot(*direction, cut.levels[level])
    tile = opened(tree / tile_name(spot.face, level, spot.tile_y, spot.tile_x))

    rows, columns = np.mgrid[0:512, 0:512]
    light = np.clip(tile.mean(axis=-1) - pictures.SRGB_GREY - 10, 0, None)
    light[np.hypot(rows - spot.y, columns - spot.x) > 25] = 0

    assert (rows * light).sum() / light.sum() == pytest.approx(spot.y, abs=0.25)
    assert (columns * light).sum() / light.sum() == pytest.approx(spot.x, abs=0.25)


@pytest.mark.parametrize("face", FACES)
def test_every_pixel_of_a_face_has_the_colour_of_its_direction(
    smooth: tuple[Path, sandbox.Cut], face: str
) -> None:
    tree, _ = smooth
    centres = geometry.centres(512, 0, 512)
    vectors = geometry.face_vectors(face, *np.broadcast_arrays(centres[None, :], centres[:, None]))
    expected = 127.5 + 100 * vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)

    assert np.abs(opened(tree / tile_name(face, 0, 0, 0)) - expected).max() < 6


@pytest.mark.parametrize("face", FACES)
def test_no_seam_shows_where_tiles_of_a_face_meet(smooth: tuple[Path, sandbox.Cut], face: str) -> None:
    tree, _ = smooth
    left, right = (opened(tree / tile_name(face, 1, 0, x)) for x in (0, 1))

    assert np.abs(left[:, -1] - right[:, 0]).max() <= 6


@pytest.mark.parametrize("face", "fu")
@pytest.mark.parametrize(("size", "strip", "width"), [(512, 0, 2048), (1024, 1, 4096), (512, 0, 2002)])
def test_the_coordinates_are_py360converts_to_the_bit(face: str, size: int, strip: int, width: int) -> None:
    s, t = geometry.centres(size, 0, size), geometry.centres(size, strip * 512, (strip + 1) * 512)
    vectors = geometry.face_vectors(face, *np.broadcast_arrays(s[None, :], t[:, None]))

    theirs = uv2coor(*xyz2uv(vectors), width // 2, width)
    ours = faces._coordinates(face, size, strip, width, width // 2)

    assert all((one == other[..., 0]).all() for one, other in zip(ours, theirs, strict=True))


def test_no_seam_shows_where_faces_meet(smooth: tuple[Path, sandbox.Cut]) -> None:
    tree, _ = smooth
    side = {face: opened(tree / tile_name(face, 0, 0, 0)) for face in FACES}

    for left, right in ("lf", "fr", "rb", "bl"):
        assert np.abs(side[left][:, -1] - side[right][:, 0]).max() <= 6
    assert np.abs(side["u"][-1] - side["f"][0]).max() <= 6
    assert np.abs(side["d"][0] - side["f"][-1]).max() <= 6


@pytest.mark.parametrize("lower", [False, True])
def test_beyond_a_pole_lies_the_other_side(lower: bool) -> None:
    picture = pictures.smooth(2048)
    pixels = Pixels(place(2048, 1024, None), lambda top, bottom: picture[top:bottom])

    cap = faces.pole_cap(pixels, lower=lower)

    assert (cap[faces.REACH] == picture[-1 if lower else 0]).all()
    assert (cap[faces.REACH - 1] == np.roll(cap[faces.REACH], 1024, axis=0)).all()


def test_the_preview_is_the_six_faces_in_order(smooth: tuple[Path, sandbox.Cut]) -> None:
    preview = opened(smooth[0] / "preview.jpg")

    assert preview.shape == (768, 128, 3)
    for number, face in enumerate(FACES):
        ahead = 127.5 + 100 * np.array(geometry.AXES[face][2])
        assert np.abs(preview[number * 128 + 64, 64] - ahead).max() < 8


def test_the_still_looks_straight_ahead(smooth: tuple[Path, sandbox.Cut]) -> None:
    still = opened(smooth[0] / "still.jpg")

    vectors = geometry.view_vectors(0, 0, 75, (1200, 900))
    expected = 127.5 + 100 * vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    assert still.shape == (900, 1200, 3)
    assert np.abs(still - expected).max() < 8


@pytest.mark.parametrize("width", [2002, 2046])
def test_a_width_that_four_does_not_divide_is_cut_as_truly(cutter: Cutter, width: int) -> None:
    tree, _ = cutter(pictures.jpeg(pictures.smooth(width)))

    for face in "flu":
        middle = opened(tree / tile_name(face, 0, 0, 0))[255:257, 255:257].mean(axis=(0, 1))
        assert middle == pytest.approx(127.5 + 100 * np.array(geometry.AXES[face][2]), abs=1.5)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_turned_picture_is_put_upright(cutter: Cutter, orientation: int) -> None:
    tree, cut = cutter(pictures.turned(pictures.smooth(), orientation))

    assert (cut.width, cut.height) == (2048, 1024)
    assert opened(tree / "r/0/0_0.jpg")[255, 255] == pytest.approx([227, 127, 127], abs=5)
    assert opened(tree / "u/0/0_0.jpg")[255, 255] == pytest.approx([127, 227, 127], abs=5)


def test_a_cropped_panorama_is_completed_with_grey(cutter: Cutter) -> None:
    said = {"FullPanoWidthPixels": 2048, "FullPanoHeightPixels": 1024, "CroppedAreaTopPixels": 300}
    crop = {
        "CroppedAreaImageWidthPixels": 2048,
        "CroppedAreaImageHeightPixels": 500,
        "CroppedAreaLeftPixels": 0,
    }
    tree, cut = cutter(pictures.jpeg(pictures.smooth()[300:800], xmp=pictures.gpano(**said, **crop)))

    assert (cut.width, cut.height) == (2048, 1024)
    assert opened(tree / "f/0/0_0.jpg")[255, 255] == pytest.approx([127, 127, 227], abs=5)
    assert opened(tree / "u/0/0_0.jpg")[255, 255] == pytest.approx([128, 128, 128], abs=3)
