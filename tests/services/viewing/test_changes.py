"""Scenes are put in order and in words, points are marked, and a frozen tour stays as it was announced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from viewing import queries
from viewing.models import Hotspot, Panorama, Scene, Tour
from viewing.rules.faults import Fault, Unfit
from viewing.rules.points import Point, View
from viewing.rules.seal import seal
from viewing.services import place_hotspot as placing
from viewing.services.aim_scene import aim_scene
from viewing.services.drop_hotspot import drop_hotspot
from viewing.services.drop_scene import drop_scene
from viewing.services.edit_scene import edit_scene
from viewing.services.freeze_tour import freeze_tour
from viewing.services.move_scene import move_scene
from viewing.services.open_tour import open_tour
from viewing.services.place_hotspot import place_hotspot
from viewing.services.start_at_scene import start_at_scene

pytestmark = pytest.mark.django_db


def scene_of(tour: Tour, slug: str, at: datetime, state: str = "ready") -> Scene:
    digest = f"{tour.pk}{slug}".encode().hex().ljust(64, "0")
    panorama = Panorama.objects.create(digest=digest, size=1, state=state, tiles=digest, levels=[512], at=at)
    return tour.scenes.create(panorama=panorama, slug=slug, name=slug, order=tour.scenes.count())


@pytest.fixture
def scenes(tour: Tour, at: datetime) -> list[Scene]:
    return [scene_of(tour, slug, at) for slug in ("hall", "bath", "bed")]


@pytest.mark.parametrize(
    ("number", "by", "order"),
    [(0, 1, "bath hall bed"), (2, -1, "hall bed bath"), (0, -1, "hall bath bed"), (2, 99, "hall bath bed")],
)
def test_a_scene_moves_in_the_list(tour: Tour, scenes: list[Scene], number: int, by: int, order: str) -> None:
    move_scene(scene_id=scenes[number].pk, by=by)

    assert [scene.slug for scene in tour.scenes.all()] == order.split()


def test_the_manifest_says_what_was_made(tour: Tour, scenes: list[Scene]) -> None:
    hall, bath, _ = scenes
    edit_scene(scene_id=hall.pk, name="客厅", description="朝南，两扇窗。")
    aim_scene(scene_id=hall.pk, view=View(200.0, -10.0, 60.0))
    start_at_scene(scene_id=bath.pk)

    said = queries.manifest(Tour.objects.get())

    first = said["scenes"][0]
    assert (said["start"], said["title"], said["version"]) == ("bath", tour.title, 1)
    assert (first["id"], first["name"], first["description"]) == ("hall", "客厅", "朝南，两扇窗。")
    assert first["view"] == {"yaw": -160.0, "pitch": -10.0, "fov": 60.0}


def test_the_manifest_says_where_the_tiles_are(tour: Tour, scenes: list[Scene]) -> None:
    at = f"/tiles/{scenes[0].panorama.tiles}"

    first = queries.manifest(tour)["scenes"][0]

    template = f"{at}/{{face}}/{{level}}/{{y}}_{{x}}.jpg"
    assert first["tiles"] == {"template": template, "tile": 512, "levels": [512]}
    assert (first["preview"], first["still"]) == (f"{at}/preview.jpg", f"{at}/still.jpg")


def test_the_manifest_says_what_is_marked(tour: Tour, scenes: list[Scene]) -> None:
    link = place_hotspot(scene_id=scenes[0].pk, point=Point("link", 12.5, -20.0, scenes[1].pk, "去卫生间"))

    spots = queries.manifest(tour)["scenes"][0]["hotspots"]

    where = {"yaw": 12.5, "pitch": -20.0, "target": "bath"}
    assert spots == [{"id": link.pk, "kind": "link", **where, "text": "去卫生间"}]


def test_the_manifest_keeps_back_what_is_not_ready(tour: Tour, scenes: list[Scene], at: datetime) -> None:
    attic = scene_of(tour, "attic", at, state="cutting")
    place_hotspot(scene_id=scenes[0].pk, point=Point("link", 0, 0, attic.pk))
    start_at_scene(scene_id=attic.pk)

    said = queries.manifest(Tour.objects.get())

    assert [scene["id"] for scene in said["scenes"]] == ["hall", "bath", "bed"]
    assert said["scenes"][0]["hotspots"] == []
    assert said["start"] == "hall"


def test_a_link_leads_only_within_its_tour(scenes: list[Scene], at: datetime) -> None:
    stranger = scene_of(open_tour(title="another"), "hall", at)

    with pytest.raises(Unfit) as refused:
        place_hotspot(scene_id=scenes[0].pk, point=Point("link", 0, 0, stranger.pk))

    assert refused.value.fault is Fault.LINK_NOWHERE


def test_a_scene_holds_so_many_points(scenes: list[Scene], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MOST_POINTS", 1)
    place_hotspot(scene_id=scenes[0].pk, point=Point("defect", 0, 0, None, "墙面渗水"))

    with pytest.raises(Unfit) as refused:
        place_hotspot(scene_id=scenes[0].pk, point=Point("defect", 0, 0, None, "墙面渗水"))

    assert refused.value.fault is Fault.TOO_MANY_POINTS


def test_a_dropped_scene_takes_its_points_and_links_along(tour: Tour, scenes: list[Scene]) -> None:
    hall, bath, _ = scenes
    place_hotspot(scene_id=hall.pk, point=Point("link", 0, 0, bath.pk))
    start_at_scene(scene_id=bath.pk)

    drop_scene(scene_id=bath.pk)

    tour.refresh_from_db()
    assert not Hotspot.objects.exists()
    assert tour.start is None
    assert Panorama.objects.count() == 3


def test_a_frozen_tour_is_sealed_by_what_its_manifest_shows(
    tour: Tour, scenes: list[Scene], at: datetime
) -> None:
    digest = freeze_tour(tour, at)

    tour.refresh_from_db()
    assert (tour.frozen_at, tour.digest) == (at, digest)
    assert digest == seal(queries.manifest(tour)["scenes"])


def test_a_tour_frozen_before_keeps_its_seal(tour: Tour, scenes: list[Scene], at: datetime) -> None:
    assert freeze_tour(tour, at) == freeze_tour(tour, at)


@pytest.mark.parametrize(
    ("state", "fault"), [(None, Fault.NO_SCENE), ("cutting", Fault.NOT_READY), ("unfit", Fault.NOT_READY)]
)
def test_an_unready_tour_cannot_be_announced(
    tour: Tour, at: datetime, state: str | None, fault: Fault
) -> None:
    if state:
        scene_of(tour, "hall", at, state=state)

    with pytest.raises(Unfit) as refused:
        freeze_tour(tour, at)

    assert refused.value.fault is fault


@pytest.mark.parametrize(
    "change",
    [
        lambda scene, _: edit_scene(scene_id=scene.pk, name="x", description=""),
        lambda scene, _: aim_scene(scene_id=scene.pk, view=View(1.0)),
        lambda scene, _: move_scene(scene_id=scene.pk, by=1),
        lambda scene, _: start_at_scene(scene_id=scene.pk),
        lambda scene, _: drop_scene(scene_id=scene.pk),
        lambda scene, _: place_hotspot(scene_id=scene.pk, point=Point("info", 0, 0, None, "x")),
        lambda _, spot: drop_hotspot(hotspot_id=spot.pk),
    ],
    ids=["edit", "aim", "move", "start", "drop", "place", "drop_point"],
)
def test_a_frozen_tour_refuses_every_change(
    tour: Tour, scenes: list[Scene], at: datetime, change: Callable[[Scene, Hotspot], Any]
) -> None:
    spot = place_hotspot(scene_id=scenes[0].pk, point=Point("info", 0, 0, None, "x"))
    freeze_tour(tour, at)
    before = queries.manifest(tour)

    with pytest.raises(Unfit) as refused:
        change(scenes[0], spot)

    assert refused.value.fault is Fault.FROZEN
    assert queries.manifest(tour) == before
