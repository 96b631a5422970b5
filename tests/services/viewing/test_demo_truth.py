"""The drawn flat's known points lie in the tiles where geometry says, by a reprojection of the tests' own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray

from viewing.imaging import sandbox
from viewing.rules import geometry
from viewing.rules.pyramid import TILE, tile_name

DEMO = Path(__file__).resolve().parents[3] / "media" / "demo"
ROOMS = {scene["id"]: scene for scene in json.loads((DEMO / "flat.json").read_text())["scenes"]}
REACH = 24
Picture = NDArray[np.float64]


def opened(path: Path) -> Picture:
    return simplejpeg.decode_jpeg(path.read_bytes()).astype(np.float64)


@pytest.fixture(scope="module", params=["living", "bathroom"])
def room(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    tree = tmp_path_factory.mktemp(request.param)
    original = DEMO / f"{request.param}.jpg"
    return {
        **ROOMS[request.param],
        "cut": sandbox.cut(original, tree),
        "tree": tree,
        "whole": opened(original),
    }


def tile_around(room: dict[str, Any], spot: geometry.Spot, level: int) -> Picture:
    """Return the pixels of the published tile around a spot, kept inside the tile."""
    tile = opened(room["tree"] / tile_name(spot.face, level, spot.tile_y, spot.tile_x))
    return tile[patch(spot.y), patch(spot.x)]


def patch(centre: float) -> slice:
    start = int(np.clip(round(centre) - REACH, 0, TILE - 2 * REACH))
    return slice(start, start + 2 * REACH)


def expected_around(room: dict[str, Any], spot: geometry.Spot, size: int, shift: float = 0) -> Picture:
    """Return what the panorama shows there, read pixel by pixel at the nearest column and row."""
    first_y, first_x = spot.tile_y * TILE + patch(spot.y).start, spot.tile_x * TILE + patch(spot.x).start
    t = (2 * (first_y + np.arange(2 * REACH)) + 1) / size - 1
    s = (2 * (first_x + np.arange(2 * REACH) + shift) + 1) / size - 1
    yaws, pitches = geometry.angles(
        geometry.face_vectors(spot.face, *np.broadcast_arrays(s[None], t[:, None]))
    )
    height, width = room["whole"].shape[:2]
    columns, rows = geometry.equirect_pixel(yaws, pitches, width, height)  # type: ignore[arg-type]
    columns, rows = np.rint(columns).astype(int) % width, np.rint(rows).astype(int).clip(0, height - 1)
    seen: Picture = room["whole"][rows, columns]
    return seen


def test_every_known_point_is_in_its_predicted_tile_at_its_predicted_pixel(room: dict[str, Any]) -> None:
    level, size = len(room["cut"].levels) - 1, room["cut"].levels[-1]
    for point in room["points"]:
        spot = geometry.spot(point["yaw"], point["pitch"], size)

        published = tile_around(room, spot, level)

        off = [np.abs(published - expected_around(room, spot, size, shift)).mean() for shift in (-2, 0, 2)]
        assert off[1] < 12, point["id"]
        assert off[1] == min(off), point["id"]


def test_the_rooms_hold_points_to_measure_by() -> None:
    assert all(len(room["points"]) >= 2 for room in ROOMS.values())
