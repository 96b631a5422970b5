"""Our tiles of a real room lie exactly where another tool's tiles of it do."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray

from viewing.imaging import sandbox
from viewing.rules.pyramid import FACES

EDGE = slice(8, -8)


@pytest.fixture(scope="module")
def flat(shared_data: Path) -> Path:
    return shared_data / "tours" / "flat-six-scenes"


@pytest.fixture(scope="module")
def ours(flat: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    tree = tmp_path_factory.mktemp("ours")
    sandbox.cut(flat / "equirect_derived" / "0-dining-room.jpg", tree)
    return tree


def opened(path: Path) -> NDArray[np.float64]:
    return simplejpeg.decode_jpeg(path.read_bytes(), "RGB").astype(np.float64)


@pytest.mark.parametrize("face", FACES)
def test_a_face_of_a_real_room_agrees_with_the_tool_that_made_the_tour(
    flat: Path, ours: Path, face: str
) -> None:
    theirs = opened(flat / "tiles" / "0-dining-room" / "1" / face / "0" / "0.jpg")
    cut = opened(ours / face / "0" / "0_0.jpg")

    shifts = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0)]
    off = [np.abs(np.roll(theirs, shift, (0, 1)) - cut)[EDGE, EDGE].mean() for shift in shifts]

    assert off[0] < 4
    assert off[0] < 0.75 * min(off[1:])
