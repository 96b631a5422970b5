"""Whatever a camera or a phone stores, and however it was held, the tiles show the room upright and whole."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support import pictures
from viewing.imaging import sandbox
from viewing.imaging.completed import completed
from viewing.imaging.planes import from_rgb
from viewing.rules import geometry
from viewing.rules.faults import Fault, Unfit
from viewing.rules.headers import read_claim
from viewing.rules.intake import Place
from viewing.rules.pyramid import FACES, tile_name

CROP = {
    "FullPanoWidthPixels": 2048,
    "FullPanoHeightPixels": 1024,
    "CroppedAreaLeftPixels": 0,
    "CroppedAreaTopPixels": 300,
    "CroppedAreaImageWidthPixels": 2048,
    "CroppedAreaImageHeightPixels": 500,
}
RESIZED = {name: value * 2 for name, value in CROP.items()}
Cutter = Callable[[bytes], Path]


@pytest.fixture
def cutter(tmp_path: Path) -> Cutter:
    def cut(data: bytes) -> Path:
        (tmp_path / "original").write_bytes(data)
        (tmp_path / "tree").mkdir()
        sandbox.cut(tmp_path / "original", tmp_path / "tree")
        return tmp_path / "tree"

    return cut


def opened(path: Path) -> NDArray[np.float64]:
    return np.asarray(Image.open(io.BytesIO(path.read_bytes()))).astype(np.float64)


def assert_shows_the_sphere(tree: Path) -> None:
    for face in FACES:
        middle = opened(tree / tile_name(face, 0, 0, 0))[255:257, 255:257].mean(axis=(0, 1))
        assert middle == pytest.approx(127.5 + 100 * np.array(geometry.AXES[face][2]), abs=3)


def seen_part(xmp: bytes) -> bytes:
    return pictures.jpeg(pictures.smooth()[300:800], xmp=xmp)


@pytest.mark.parametrize(
    "xmp",
    [
        pictures.gpano(**CROP),
        pictures.gpano_in_elements(**CROP),
        pictures.gpano(**RESIZED),
        pictures.gpano(ProjectionType="equirectangular", **CROP, PosePitchDegrees="NaN"),
    ],
    ids=["attributes", "elements", "resized", "no pose"],
)
def test_a_part_lies_where_its_gpano_says_and_the_rest_is_nothing_sharp(cutter: Cutter, xmp: bytes) -> None:
    tree = cutter(seen_part(xmp))

    for face in "frbl":
        middle = opened(tree / tile_name(face, 0, 0, 0))[255:257, 255:257].mean(axis=(0, 1))
        assert middle == pytest.approx(127.5 + 100 * np.array(geometry.AXES[face][2]), abs=3)
    for face in "ud":
        tile = opened(tree / tile_name(face, 0, 0, 0))
        assert max(np.abs(np.diff(tile, axis=axis)).max() for axis in (0, 1)) < 12


def test_what_was_seen_is_left_as_it_was_and_the_gap_closes_without_a_step() -> None:
    sphere = pictures.smooth()
    place = Place(2048, 1024, 1500, 200, 2000 - 1500, 600)
    seen = np.full_like(sphere, 255)
    seen[200:800, 1500:2000] = sphere[200:800, 1500:2000]

    luma, *_ = completed(from_rgb(seen), place)

    assert (luma[200:800, 1500:2000] == from_rgb(sphere)[0][200:800, 1500:2000]).all()
    assert np.abs(np.diff(luma.astype(int), axis=0)).max() <= 12
    assert np.abs(np.diff(luma.astype(int), axis=1, append=luma[:, :1])).max() <= 12


@pytest.mark.parametrize(
    ("pose", "seen", "lies"),
    [
        ({"PosePitchDegrees": 12}, (0, 0), (0, 12)),
        ({"PosePitchDegrees": -12}, (180, 0), (180, 12)),
        ({"PoseRollDegrees": 12}, (90, 0), (90, -12)),
        ({"PoseRollDegrees": -12}, (-90, 0), (-90, -12)),
        ({"PosePitchDegrees": 30, "PoseRollDegrees": 90}, (90, 0), (0, -60)),
    ],
)
def test_a_tilted_camera_is_levelled(
    cutter: Cutter, pose: dict[str, int], seen: tuple[float, float], lies: tuple[float, float]
) -> None:
    tree = cutter(
        pictures.jpeg(
            pictures.with_dots([seen]), xmp=pictures.gpano(ProjectionType="equirectangular", **pose)
        )
    )
    spot = geometry.spot(*lies, 512)
    light = opened(tree / tile_name(spot.face, 0, 0, 0)).mean(axis=-1)

    rows, columns = np.mgrid[0:512, 0:512]
    light = np.clip(light - pictures.SRGB_GREY - 10, 0, None)

    assert (rows * light).sum() / light.sum() == pytest.approx(spot.y, abs=0.25)
    assert (columns * light).sum() / light.sum() == pytest.approx(spot.x, abs=0.25)


def test_a_level_camera_with_a_pose_is_cut_the_same(cutter: Cutter) -> None:
    assert_shows_the_sphere(
        cutter(
            pictures.jpeg(
                pictures.smooth(), xmp=pictures.gpano(ProjectionType="equirectangular", PoseRollDegrees=0.05)
            )
        )
    )


def stored(kind: str, **options: object) -> bytes:
    return pictures.encoded(Image.fromarray(pictures.smooth()), kind, **options)


def with_gain_map() -> bytes:
    gain = Image.new("L", (512, 256), 40)
    return stored("MPO", save_all=True, append_images=[gain], quality=95)


@pytest.mark.parametrize(
    "data",
    [
        stored("JPEG", quality=95, subsampling=0),
        stored("JPEG", quality=95, subsampling=1),
        stored("JPEG", quality=95, progressive=True),
        stored("JPEG", quality=95, keep_rgb=True),
        with_gain_map(),
        stored("PNG"),
        stored("WEBP", quality=95),
        stored("WEBP", lossless=True),
        pictures.turned(pictures.smooth(), 6),
        pictures.jpeg(pictures.smooth(2002)),
        pictures.jpeg(pictures.smooth(2050)[:, :-1]),
        pictures.jpeg(pictures.smooth(2900)),
    ],
    ids=[
        "444",
        "422",
        "progressive",
        "rgb",
        "mpo",
        "png",
        "webp",
        "lossless",
        "turned",
        "2002",
        "odd",
        "dense",
    ],
)
def test_however_it_is_stored_the_sphere_is_shown(cutter: Cutter, data: bytes) -> None:
    assert_shows_the_sphere(cutter(data))


def test_sixteen_bits_a_colour_are_shown_in_eight(cutter: Cutter) -> None:
    import cv2

    deep = pictures.smooth().astype(np.uint16)[..., ::-1] * 257
    _, data = cv2.imencode(".png", deep)

    assert_shows_the_sphere(cutter(data.tobytes()))


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"avif"])
def test_a_phone_format_we_do_not_open_is_refused_by_its_own_sentence(brand: bytes) -> None:
    with pytest.raises(Unfit) as refused:
        read_claim(io.BytesIO(b"\0\0\0\x18ftyp" + brand + bytes(64)))

    assert refused.value.fault is Fault.PHONE_FORMAT
