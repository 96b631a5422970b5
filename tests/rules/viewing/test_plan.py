"""A tour file of Marzipano's tool becomes a plan in our angles."""

from __future__ import annotations

import json
import math

import pytest

from viewing.rules.faults import Fault, Unfit
from viewing.rules.plan import PlannedPoint, PlannedScene, read_marzipano
from viewing.rules.points import View

HALL = {
    "id": "0-hall",
    "name": "hall",
    "initialViewParameters": {"yaw": math.pi / 2, "pitch": math.pi / 6, "fov": math.pi / 2},
    "linkHotspots": [{"yaw": -math.pi / 4, "pitch": -math.pi / 3, "target": "1-bath"}],
    "infoHotspots": [{"yaw": 0, "pitch": 0, "title": "Damp", "text": "<b>on</b> the wall"}],
}


def test_pitch_points_down_there_and_up_here() -> None:
    (scene,) = read_marzipano(f"var APP_DATA = {json.dumps({'scenes': [HALL]})};")

    assert scene.view == View(pytest.approx(90), pytest.approx(-30), pytest.approx(90))
    assert scene.points[0] == PlannedPoint("link", pytest.approx(-45), pytest.approx(60), "1-bath")


def test_a_remark_loses_its_markup() -> None:
    (scene,) = read_marzipano(json.dumps({"scenes": [HALL]}))

    assert scene.points[1].text.split() == ["Damp", "on", "the", "wall"]


def test_a_scene_without_a_view_looks_ahead() -> None:
    bare = {**HALL, "initialViewParameters": {}, "linkHotspots": [], "infoHotspots": []}

    assert read_marzipano(json.dumps({"scenes": [bare]})) == (PlannedScene("0-hall", "hall", View(), ()),)


@pytest.mark.parametrize(
    "text", ["", "var x = 1", "{}", '{"scenes": [{}]}', '{"scenes": 3}', '{"scenes": ["x"]}']
)
def test_what_is_no_tour_file_is_refused(text: str) -> None:
    with pytest.raises(Unfit) as refused:
        read_marzipano(text)

    assert refused.value.fault is Fault.NO_TOUR_FOUND
