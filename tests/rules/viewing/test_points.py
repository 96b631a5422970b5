"""What may be marked in a scene."""

from __future__ import annotations

import math

import pytest

from viewing.rules.faults import Fault, Unfit
from viewing.rules.points import Point, View, check_direction, check_point, check_view


@pytest.mark.parametrize(
    ("yaw", "kept"), [(0, 0), (180, 180), (-180, 180), (190, -170), (-541, 179), (720, 0)]
)
def test_a_yaw_is_kept_within_one_turn(yaw: float, kept: float) -> None:
    assert check_direction(yaw, 0)[0] == pytest.approx(kept)


@pytest.mark.parametrize(("yaw", "pitch"), [(0, 90.1), (0, -91), (math.nan, 0), (0, math.inf)])
def test_what_is_no_direction_is_refused(yaw: float, pitch: float) -> None:
    with pytest.raises(Unfit) as refused:
        check_direction(yaw, pitch)

    assert refused.value.fault is Fault.NO_SUCH_DIRECTION


@pytest.mark.parametrize(("fov", "kept"), [(5, 30), (75, 75), (170, 100)])
def test_a_view_is_as_wide_as_a_viewer_shows(fov: float, kept: float) -> None:
    assert check_view(View(fov=fov)).fov == kept


@pytest.mark.parametrize("target", [None, 7])
def test_a_link_leads_to_another_scene(target: int | None) -> None:
    with pytest.raises(Unfit) as refused:
        check_point(Point("link", 0, 0, target), scene=7)

    assert refused.value.fault is Fault.LINK_NOWHERE


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_defect_says_what_it_is(text: str) -> None:
    with pytest.raises(Unfit) as refused:
        check_point(Point("defect", 0, 0, None, text), scene=7)

    assert refused.value.fault is Fault.POINT_UNSAID


def test_a_defect_leads_nowhere_and_its_words_are_tidied() -> None:
    point = check_point(Point("defect", 0, 0, 8, " 墙面\n 渗水 "), scene=7)

    assert point == Point("defect", 0, 0, None, "墙面 渗水")
