"""Directions, pixels and faces agree with the manifest's convention and with each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewing.rules import geometry

yaws = st.floats(-179.99, 180)
pitches = st.floats(-89.9, 89.9)


@pytest.mark.parametrize(
    ("yaw", "pitch", "face"),
    [
        (0, 0, "f"),
        (90, 0, "r"),
        (180, 0, "b"),
        (-90, 0, "l"),
        (0, 90, "u"),
        (0, -90, "d"),
        (44, 0, "f"),
        (46, 0, "r"),
    ],
)
def test_a_direction_meets_its_face(yaw: float, pitch: float, face: str) -> None:
    assert geometry.face_point(yaw, pitch)[0] == face


@pytest.mark.parametrize(
    ("yaw", "pitch", "s", "t"),
    [(45, 0, 1, 0), (-45, 0, -1, 0), (0, 45, 0, -1), (0, -45, 0, 1)],
)
def test_right_and_down_grow_on_the_front_face(yaw: float, pitch: float, s: float, t: float) -> None:
    vector = geometry.face_vectors("f", np.float64(s), np.float64(t))

    assert geometry.angles(vector) == pytest.approx((yaw, pitch))


@pytest.mark.parametrize(
    ("face", "s", "t", "vector"),
    [
        ("r", 0.5, 0.25, (1, -0.25, -0.5)),
        ("b", 0.5, 0.25, (-0.5, -0.25, -1)),
        ("l", 0.5, 0.25, (-1, -0.25, 0.5)),
        ("u", 0.5, 0.25, (0.5, 1, 0.25)),
        ("d", 0.5, 0.25, (0.5, -1, -0.25)),
    ],
)
def test_every_face_is_laid_out_as_the_manifest_says(
    face: str, s: float, t: float, vector: tuple[float, ...]
) -> None:
    assert tuple(geometry.face_vectors(face, np.float64(s), np.float64(t))) == pytest.approx(vector)


@given(yaws, pitches)
def test_a_direction_comes_back_from_its_face(yaw: float, pitch: float) -> None:
    face, s, t = geometry.face_point(yaw, pitch)

    back = geometry.face_vectors(face, np.float64(s), np.float64(t))

    assert max(abs(s), abs(t)) <= 1 + 1e-9
    assert back / np.linalg.norm(back) == pytest.approx(geometry.direction(yaw, pitch), abs=1e-9)


@given(yaws, pitches)
def test_a_direction_comes_back_from_its_pixel(yaw: float, pitch: float) -> None:
    pixel = geometry.equirect_pixel(yaw, pitch, 4096, 2048)

    assert geometry.equirect_angles(*pixel, 4096, 2048) == pytest.approx((yaw, pitch))


def test_the_first_pixel_centre_lies_half_a_pixel_from_the_edge() -> None:
    assert geometry.equirect_pixel(-180, 90, 4096, 2048) == (-0.5, -0.5)
    assert geometry.equirect_pixel(0, 0, 4096, 2048) == (2047.5, 1023.5)


@given(yaws, pitches, st.sampled_from([512, 1024, 2048, 4096]))
def test_a_spot_lies_in_an_existing_tile(yaw: float, pitch: float, size: int) -> None:
    spot = geometry.spot(yaw, pitch, size)

    assert 0 <= spot.tile_x < size // 512
    assert 0 <= spot.tile_y < size // 512
    assert -0.51 <= spot.x <= 511.51
    assert -0.51 <= spot.y <= 511.51


def test_a_spot_is_counted_in_pixels_from_its_tiles_first_centre() -> None:
    spot = geometry.spot(90 + 5, -5, 1024)

    x = (np.tan(np.radians(5)) + 1) * 512 - 0.5
    y = (np.tan(np.radians(5)) / np.cos(np.radians(5)) + 1) * 512 - 0.5
    assert (spot.face, spot.tile_y, spot.tile_x) == ("r", 1, 1)
    assert (spot.x, spot.y) == pytest.approx((x - 512, y - 512))


@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (120, 30), (-75, -60)])
def test_a_view_looks_where_it_is_aimed(yaw: float, pitch: float) -> None:
    vectors = geometry.view_vectors(yaw, pitch, 75, (5, 3))

    assert geometry.angles(vectors[1, 2]) == pytest.approx((yaw, pitch), abs=1e-3)
    assert vectors[1, 4] @ vectors[1, 2] < vectors[1, 2] @ vectors[1, 2] + 1e-5
    assert geometry.angles(vectors[0, 2])[1] > pitch
