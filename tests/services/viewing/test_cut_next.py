"""A waiting picture is cut, published whole, and taken up again when its cutter dies."""

from __future__ import annotations

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support import pictures
from viewing import store
from viewing.imaging import sandbox
from viewing.models import Panorama, Tour
from viewing.rules.points import View
from viewing.rules.pyramid import all_names
from viewing.services.aim_scene import aim_scene
from viewing.services.cut_next import FORGOTTEN, MOST_ATTEMPTS, cut_next
from viewing.services.receive_panorama import Upload, receive_panorama

pytestmark = pytest.mark.django_db
State = Panorama.State


@pytest.fixture
def waiting(tour: Tour, at: datetime) -> Panorama:
    return receive_panorama(tour=tour, upload=Upload("a.jpg", [pictures.jpeg()]), at=at).panorama


def published(media: Path) -> set[str]:
    return {path.name for path in (media / "tiles").glob("*")}


def test_a_waiting_picture_is_cut_and_published_under_its_hash(
    waiting: Panorama, at: datetime, media: Path
) -> None:
    assert cut_next(at)

    waiting.refresh_from_db()
    tree = store.tree(waiting.tiles)
    assert (waiting.state, waiting.levels, waiting.width) == (State.READY, [512], 2048)
    assert {str(path.relative_to(tree)) for path in tree.rglob("*.jpg")} == all_names((512,))
    assert not list((media / "cutting").iterdir())


def test_nothing_waiting_is_nothing_done(db: None, at: datetime) -> None:
    assert not cut_next(at)


def test_the_tree_is_named_by_its_checksums(waiting: Panorama, at: datetime) -> None:
    cut_next(at)

    waiting.refresh_from_db()
    listed = "sha256sum $(find . -type f | sed 's|^./||' | LC_ALL=C sort) | sha256sum"
    summed = subprocess.run(
        listed, shell=True, cwd=store.tree(waiting.tiles), capture_output=True, check=True
    )
    assert summed.stdout.decode().split()[0] == waiting.tiles


def test_a_broken_picture_is_unfit_and_says_why(tour: Tour, at: datetime, media: Path) -> None:
    upload = Upload("a.jpg", [pictures.jpeg(pictures.smooth())[:-5000]])
    panorama = receive_panorama(tour=tour, upload=upload, at=at).panorama

    cut_next(at)

    panorama.refresh_from_db()
    assert (panorama.state, panorama.why) == (State.UNFIT, "broken")
    assert published(media) == set()


def killed(original: Path, into: Path) -> sandbox.Cut:
    (into / "f").mkdir()
    (into / "f" / "half.jpg").write_bytes(b"half")
    raise KeyboardInterrupt


def test_a_cutter_killed_half_way_publishes_nothing_and_another_goes_on(
    waiting: Panorama, at: datetime, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = sandbox.cut
    monkeypatch.setattr(sandbox, "cut", killed)
    with pytest.raises(KeyboardInterrupt):
        cut_next(at)
    monkeypatch.setattr(sandbox, "cut", whole)

    assert published(media) == set()
    assert not cut_next(at + FORGOTTEN)
    assert cut_next(at + FORGOTTEN + timedelta(seconds=1))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts) == (State.READY, 2)
    assert published(media) == {waiting.tiles}
    assert not list((media / "cutting").iterdir())


def test_a_picture_that_kills_every_cutter_is_given_up(
    waiting: Panorama, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> Any:
        raise sandbox.CutterDied

    monkeypatch.setattr(sandbox, "cut", dies)

    done = [cut_next(at + timedelta(seconds=second)) for second in range(MOST_ATTEMPTS + 1)]

    waiting.refresh_from_db()
    assert done == [True] * MOST_ATTEMPTS + [False]
    assert (waiting.state, waiting.why) == (State.UNFIT, "too_hard")


def test_a_late_cutter_does_not_overwrite_another(
    waiting: Panorama, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_: Any, **__: Any) -> Any:
        Panorama.objects.update(state=State.READY, claimed_at=at + FORGOTTEN)
        raise sandbox.CutterDied

    monkeypatch.setattr(sandbox, "cut", overtaken)
    cut_next(at)

    waiting.refresh_from_db()
    assert waiting.state == State.READY


def test_a_start_view_gets_its_own_still_once_and_anew_when_it_changes(
    waiting: Panorama, at: datetime, media: Path
) -> None:
    cut_next(at)
    scene = waiting.scenes.get()
    assert not cut_next(at)
    seen = []
    for yaw in (90.0, 120.0):
        aim_scene(scene_id=scene.pk, view=View(yaw, -10.0, 60.0))
        assert cut_next(at)
        scene.refresh_from_db()
        seen.append(scene.still)

    assert not cut_next(at)
    assert all((media / "stills" / f"{still}.jpg").is_file() for still in seen)
