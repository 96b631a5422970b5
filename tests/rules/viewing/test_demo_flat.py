"""The drawn flat is what its flat.json says: tests elsewhere measure against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray

from viewing.demo_flat import furnishing, house, plan
from viewing.demo_flat.album import LARGEST
from viewing.demo_flat.materials import Material
from viewing.demo_flat.patterns import plain
from viewing.demo_flat.shapes import Solid
from viewing.demo_flat.survey import bearing, sees, survey
from viewing.demo_flat.world import World

DEMO = Path(__file__).resolve().parents[3] / "media" / "demo"
ROOMS = [room.slug for room in plan.ROOMS]


@pytest.fixture(scope="module")
def world() -> World:
    solids: tuple[Solid, ...] = (*house.shell(), *furnishing.everything())
    return World(solids, {"wall": Material(plain("ffffff"))})


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    flat: dict[str, Any] = json.loads((DEMO / "flat.json").read_text(encoding="utf-8"))
    return flat


def drawn(room: str) -> NDArray[np.float64]:
    return simplejpeg.decode_jpeg((DEMO / f"{room}.jpg").read_bytes()).astype(np.float64)


def around(picture: NDArray[np.float64], yaw: float, pitch: float, reach: int = 4) -> float:
    height, width = picture.shape[:2]
    column, row = round((yaw / 360 + 0.5) * width - 0.5), round((0.5 - pitch / 180) * height - 0.5)
    return float(picture[row - reach : row + reach + 1, column - reach : column + reach + 1].mean())


def scene(told: dict[str, Any], room: str) -> dict[str, Any]:
    return next(each for each in told["scenes"] if each["id"] == room)


def test_the_committed_geometry_is_that_of_the_plan(world: World, told: dict[str, Any]) -> None:
    assert json.loads(json.dumps(survey(world))) == told


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_a_picture_of_full_size_within_a_megabyte(room: str) -> None:
    jpeg = (DEMO / f"{room}.jpg").read_bytes()

    assert simplejpeg.decode_jpeg_header(jpeg)[:2] == (2048, 4096)
    assert len(jpeg) <= LARGEST


def test_yaw_is_clockwise_from_north_and_pitch_up() -> None:
    directions = [bearing((0, 1.5, 0), at) for at in ((0, 1.5, 2), (2, 1.5, 0), (0, 3.5, 2), (-1, 1.5, -1))]

    assert directions == [(0, 0), (90, 0), (0, 45), (-135, 0)]


@pytest.mark.parametrize("mark", plan.MARKS, ids=lambda mark: mark.slug)
def test_every_mark_can_be_seen_in_its_own_room(world: World, mark: plan.Mark) -> None:
    camera = next(room.camera for room in plan.ROOMS if room.slug == mark.room)

    assert sees(world, camera, mark.at)


@pytest.mark.parametrize("room", ROOMS)
def test_no_camera_stands_in_a_wall_or_in_furniture(world: World, room: str) -> None:
    camera = np.array(next(each.camera for each in plan.ROOMS if each.slug == room))[:, None]
    inside = ((world.low < camera) & (world.high > camera)).all(axis=0)

    assert not inside.any()


def test_every_way_leads_back(told: dict[str, Any]) -> None:
    ways = {
        (each["id"], spot["target"]) for each in told["scenes"] for spot in each["hotspots"] if spot["target"]
    }

    assert len(ways) == 10
    assert ways == {(target, start) for start, target in ways}


@pytest.mark.parametrize("room", ["bedroom", "study"])
def test_beyond_the_known_corner_of_a_window_is_its_frame_and_then_daylight(
    told: dict[str, Any], room: str
) -> None:
    corner = next(point for point in scene(told, room)["points"] if point["id"] == f"{room}-window-corner")
    picture = drawn(room)

    daylight = around(picture, corner["yaw"] - 6, corner["pitch"] - 6)
    frame = around(picture, corner["yaw"] - 6, corner["pitch"] - 0.6, 1)

    assert daylight > 170 > frame + 60


@pytest.mark.parametrize("line", ["sofa 1 2 3", "box 1 2 3 wall"])
def test_a_piece_that_nobody_can_build_is_refused(line: str) -> None:
    with pytest.raises((KeyError, ValueError)):
        furnishing.piece(line)
