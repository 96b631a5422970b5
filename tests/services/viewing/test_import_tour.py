"""A folder of Marzipano's tool becomes a tour with its recorded links."""

from __future__ import annotations

import json
import math
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.support import pictures
from viewing import queries
from viewing.models import Scene, Tour
from viewing.rules.geometry import equirect_pixel

pytestmark = pytest.mark.django_db
RECORDED = {
    "0-dining-room": {"5-living-room", "3-bedroom", "1-kitchen"},
    "1-kitchen": {"5-living-room", "0-dining-room", "4-laundry"},
    "2-patio": {"5-living-room"},
}


def a_folder(path: Path, rooms: dict[str, str]) -> Path:
    scenes = [
        {
            "id": room,
            "name": room.upper(),
            "linkHotspots": [{"yaw": 0.5, "pitch": 0.25, "target": target}],
            "infoHotspots": [],
        }
        for room, target in rooms.items()
    ]
    (path / "data.js").write_text(f"var APP_DATA = {json.dumps({'scenes': scenes})};")
    (path / "equirect_derived").mkdir()
    for grey, room in enumerate(rooms):
        picture = pictures.jpeg(pictures.plain(grey=50 + 50 * grey))
        (path / "equirect_derived" / f"{room}.jpg").write_bytes(picture)
    return path


def test_a_folder_becomes_a_ready_tour(tmp_path: Path) -> None:
    out = StringIO()

    call_command(
        "import_tour", a_folder(tmp_path, {"hall": "bath", "bath": "hall"}), title="样板间", stdout=out
    )

    said = queries.manifest(Tour.objects.get(title="样板间"))
    assert [(scene["id"], scene["name"]) for scene in said["scenes"]] == [("hall", "HALL"), ("bath", "BATH")]
    assert said["scenes"][0]["hotspots"][0] | {"id": 0} == {
        "id": 0,
        "kind": "link",
        "yaw": pytest.approx(math.degrees(0.5)),
        "pitch": pytest.approx(-math.degrees(0.25)),
        "target": "bath",
        "text": "",
    }
    assert "2 scenes: /tours/" in out.getvalue()


@pytest.mark.parametrize("rooms", [{"hall": "nowhere"}, {"hall": "hall"}])
def test_a_folder_with_a_dangling_link_leaves_no_tour(tmp_path: Path, rooms: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_tour", a_folder(tmp_path, rooms))

    assert not Tour.objects.exists()
    assert not Scene.objects.exists()


def test_a_folder_without_a_tour_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_tour", tmp_path)


def test_the_six_rooms_of_a_real_flat_are_linked_as_recorded(shared_data: Path) -> None:
    call_command("import_tour", shared_data / "tours" / "flat-six-scenes", stdout=StringIO())

    scenes = {scene["id"]: scene for scene in queries.manifest(Tour.objects.get())["scenes"]}
    links = {name: {spot["target"] for spot in scene["hotspots"]} for name, scene in scenes.items()}
    assert len(scenes) == 6
    assert {name: links[name] for name in RECORDED} == RECORDED
    assert scenes["0-dining-room"]["tiles"]["levels"] == [512, 1024, 2048]
    assert scenes["0-dining-room"]["view"]["pitch"] == pytest.approx(-28.07, abs=0.01)
    # A link to the next room lies on the floor towards its door: below the horizon, in the lower half.
    spots = [spot for scene in scenes.values() for spot in scene["hotspots"]]
    assert all(equirect_pixel(spot["yaw"], spot["pitch"], 8192, 4096)[1] > 2048 for spot in spots)
