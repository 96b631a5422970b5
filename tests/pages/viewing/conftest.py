"""A folder for pictures, an officer's tour, and the people who come to it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractUser
    from django.test import Client

    from viewing.models import Scene, Tour

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Keep pictures in a folder of the test's own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def keeper(db: None) -> AbstractUser:
    """Return Judge Wu as one of the court's officers who keep its tours."""
    from django.contrib.auth.models import Group, Permission

    from tests.support.people import judge_wu

    court, _ = Group.objects.get_or_create(name="court 京0105")
    court.permissions.add(Permission.objects.get(codename="change_tour"))
    wu = judge_wu()
    wu.groups.add(court)
    return wu


@pytest.fixture
def tour(keeper: AbstractUser) -> Tour:
    """Return an empty tour of Judge Wu's court."""
    from viewing.services.open_tour import open_tour

    return open_tour(title="朝阳区某小区3号楼1201室", keepers=keeper.groups.get(name="court 京0105"))


@pytest.fixture
def scene(tour: Tour) -> Scene:
    """Return a ready scene with a published preview."""
    from viewing import store
    from viewing.models import Panorama

    tiles = "ab" * 32
    panorama = Panorama.objects.create(
        digest="cd" * 32, name="a.jpg", size=1, state="ready", tiles=tiles, levels=[512], at=AT
    )
    store.tree(tiles).mkdir()
    (store.tree(tiles) / "preview.jpg").write_bytes(b"\xff\xd8preview")
    return tour.scenes.create(panorama=panorama, slug="hall", name="客厅", order=0)


@pytest.fixture
def officer(client: Client, keeper: AbstractUser) -> Client:
    """Return a browser Judge Wu is signed in with."""
    client.force_login(keeper)
    return client
