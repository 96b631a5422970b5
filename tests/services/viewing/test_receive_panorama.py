"""A picture that comes in becomes a scene, once, or is refused with a fault."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.support import pictures
from viewing import store
from viewing.models import Panorama, Scene, Tour
from viewing.rules import intake
from viewing.rules.faults import Fault, Unfit
from viewing.services import receive_panorama as receiving
from viewing.services.freeze_tour import freeze_tour
from viewing.services.open_tour import open_tour
from viewing.services.receive_panorama import Upload, receive_panorama

pytestmark = pytest.mark.django_db


def receive(tour: Tour, at: datetime, data: bytes, name: str = "客厅.jpg") -> Scene:
    return receive_panorama(tour=tour, upload=Upload(name, [data[:1000], data[1000:]]), at=at)


def test_a_picture_becomes_a_scene_that_waits_to_be_cut(tour: Tour, at: datetime) -> None:
    data = pictures.jpeg()

    scene = receive(tour, at, data)

    assert (scene.name, scene.slug, scene.order) == ("客厅", "客厅", 0)
    assert scene.panorama.state == Panorama.State.RECEIVED
    assert store.original(scene.panorama.digest).read_bytes() == data


def test_the_same_picture_is_kept_once(tour: Tour, at: datetime) -> None:
    first = receive(tour, at, pictures.jpeg())

    second = receive(open_tour(title="another"), at, pictures.jpeg(), "other.jpg")

    assert first.panorama == second.panorama
    assert len(list(store.folder("originals").iterdir())) == 1


def test_pictures_of_one_name_get_slugs_of_their_own(tour: Tour, at: datetime) -> None:
    scenes = [receive(tour, at, pictures.jpeg(pictures.plain(grey=grey)), "a b.jpg") for grey in (10, 20, 30)]

    assert [scene.slug for scene in scenes] == ["a-b", "a-b-2", "a-b-3"]
    assert [scene.order for scene in scenes] == [0, 1, 2]


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b\\c.jpg", "", ".jpg", "<script>.jpg", "x" * 300])
def test_a_name_never_becomes_a_path(tour: Tour, at: datetime, media: Path, name: str) -> None:
    scene = receive(tour, at, pictures.jpeg(), name)

    assert len(scene.name) <= 60
    assert [path.parent for path in media.rglob("*") if path.is_file()] == [media / "originals"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"no picture", Fault.NOT_A_PICTURE),
        (pictures.jpeg(pictures.plain(1024, 512)), Fault.TOO_SMALL),
        (pictures.jpeg(pictures.plain(2400, 1800)), Fault.NOT_TWO_TO_ONE),
    ],
    ids=["text", "small", "photo"],
)
def test_a_refused_picture_leaves_nothing(
    tour: Tour, at: datetime, media: Path, data: bytes, fault: Fault
) -> None:
    with pytest.raises(Unfit) as refused:
        receive(tour, at, data)

    assert refused.value.fault is fault
    assert not tour.scenes.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_heavy_upload_is_stopped_on_the_way(
    tour: Tour, at: datetime, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_BYTES", 2000)
    chunks = iter([bytes(1500)] * 100)

    with pytest.raises(Unfit) as refused:
        receive_panorama(tour=tour, upload=Upload("big.jpg", chunks), at=at)

    assert refused.value.fault is Fault.TOO_HEAVY
    assert len(list(chunks)) == 98
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_a_picture_found_unfit_before_is_refused_at_once(tour: Tour, at: datetime) -> None:
    scene = receive(tour, at, pictures.jpeg())
    Panorama.objects.update(state=Panorama.State.UNFIT, why="broken")

    with pytest.raises(Unfit) as refused:
        receive(tour, at, pictures.jpeg())

    assert refused.value.fault is Fault.BROKEN
    assert list(tour.scenes.all()) == [scene]


def test_a_frozen_tour_takes_no_picture(tour: Tour, at: datetime) -> None:
    receive(tour, at, pictures.jpeg())
    Panorama.objects.update(state=Panorama.State.READY, tiles="0" * 64)
    freeze_tour(tour, at)

    with pytest.raises(Unfit) as refused:
        receive(tour, at, pictures.jpeg(pictures.plain(grey=10)))

    assert refused.value.fault is Fault.FROZEN
    assert len(list(store.folder("originals").iterdir())) == 1


def test_a_full_tour_takes_no_picture(tour: Tour, at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_SCENES", 0)

    with pytest.raises(Unfit) as refused:
        receive(tour, at, pictures.jpeg())

    assert refused.value.fault is Fault.TOO_MANY_SCENES


def test_the_limit_is_sixty_megabytes() -> None:
    assert intake.MOST_BYTES == 60 * 1024 * 1024
