"""Rays meet boxes, pillars and ellipsoids where geometry says; light falls off and is shaded."""

from __future__ import annotations

import numpy as np
import pytest

from viewing.demo_flat.cast import Floats, blocked, nearest, rays
from viewing.demo_flat.light import Lamp, direct
from viewing.demo_flat.shapes import Solid, box, ellipsoid, pillar
from viewing.demo_flat.view import Band, look
from viewing.demo_flat.world import World, surface

UNIT = ((-1.0, 1.0), (-1.0, 1.0), (-1.0, 1.0))
LAMP = Lamp((0.0, 2.0, 0.0), (0.01, 0.0, 0.0), (0.0, 0.0, 0.01), (np.pi / 4e-4, 0.0, 0.0))
FLOOR = box((-2.0, 2.0), (-0.1, 0.0), (-2.0, 2.0), "wall")
SHADE = box((-0.2, 0.2), (0.9, 1.0), (-0.2, 0.2), "wall")


def column(*values: float) -> Floats:
    return np.array(values, np.float32)[:, None]


def distance(solid: Solid, start: tuple[float, float, float], along: tuple[float, float, float]) -> float:
    return float(nearest([solid], rays(column(*start), column(*along)))[0][0])


def falls_on_the_floor(*solids: Solid) -> float:
    flat = World((FLOOR, *solids), {})
    spot = surface(flat, column(0.0, 0.0, 0.0), np.array([0], np.int32))
    return float(direct(flat, spot, [LAMP], np.array([0], np.int32), 8)[0, 0])


@pytest.mark.parametrize("build", [box, pillar, ellipsoid])
def test_a_ray_meets_each_solid_at_its_near_side(build: object) -> None:
    solid = build(*UNIT, "wall")  # type: ignore[operator]

    assert distance(solid, (0, 0, -5), (0, 0, 1)) == pytest.approx(4, abs=1e-4)


def test_a_ray_past_the_corner_meets_the_box_but_not_the_pillar() -> None:
    reach = [distance(build(*UNIT, "wall"), (0.9, 0, -5), (0, 0, 1)) for build in (box, pillar)]

    assert reach[0] == pytest.approx(4, abs=1e-4)
    assert reach[1] == pytest.approx(5 - np.sqrt(1 - 0.81), abs=1e-4)


def test_a_ray_over_the_pole_meets_the_pillar_but_not_the_ellipsoid() -> None:
    over = [distance(build(*UNIT, "wall"), (0.9, 5, 0), (0, -1, 0)) for build in (pillar, ellipsoid)]

    assert over[0] == pytest.approx(4, abs=1e-4)
    assert over[1] == pytest.approx(5 - np.sqrt(1 - 0.81), abs=1e-4)


def test_a_ray_that_points_away_meets_nothing() -> None:
    assert distance(box(*UNIT, "wall"), (0, 0, -5), (0, 0, -1)) == np.inf


def test_the_nearer_of_two_solids_is_seen() -> None:
    solids = [box((-1, 1), (-1, 1), (4, 5), "wall"), box((-1, 1), (-1, 1), (2, 3), "wall")]

    _, which = nearest(solids, rays(column(0, 0, 0), column(0, 0, 1)))

    assert which[0] == 1


def test_what_lies_beyond_the_reach_does_not_block() -> None:
    ray = rays(column(0, 0, -5), column(0, 0, 1))
    reaches = [blocked([box(*UNIT, "wall")], ray, np.array([reach], np.float32))[0] for reach in (3.9, 4.1)]

    assert reaches == [False, True]


def test_a_small_lamp_lights_by_the_inverse_square() -> None:
    assert falls_on_the_floor() == pytest.approx(1 / 4, rel=0.02)


def test_what_stands_between_keeps_the_light_off() -> None:
    assert falls_on_the_floor(SHADE) == 0


def test_the_rows_and_columns_a_solid_is_looked_for_in_miss_no_pixel_of_it() -> None:
    solids = (
        FLOOR,
        SHADE,
        ellipsoid((-2, -1.5), (1, 2), (-1.9, -1.2), "wall"),
        pillar((0.1, 0.5), (1, 2.5), (-1, 0), "wall"),
    )
    band = Band(0, 64, 64)
    whole = rays(column(0.3, 1.5, 0.4), band.directions())

    quick, _, _ = look(World(solids, {}), (0.3, 1.5, 0.4), band)

    assert np.array_equal(quick, nearest(solids, whole)[0])
