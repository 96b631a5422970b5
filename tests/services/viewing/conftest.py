"""A folder for pictures and a tour to put them in."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from viewing.models import Tour

# Pictures are cut alike whatever the database: once, on SQLite, is enough.
PICTURES_ONLY = {
    "test_truth.py",
    "test_demo_truth.py",
    "test_sandbox.py",
    "test_real_pictures.py",
    "test_foreign_tiles.py",
    "test_kinds_of_pictures.py",
    "test_mutated_pictures.py",
}
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests of pictures where the database is not SQLite."""
    elsewhere = not os.environ.get("DATABASE_URL", "sqlite").startswith("sqlite")
    return True if elsewhere and collection_path.name in PICTURES_ONLY else None


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Keep pictures in a folder of the test's own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def at() -> datetime:
    """Return the hour at which these tests happen."""
    return AT


@pytest.fixture
def tour(db: None) -> Tour:
    """Return an empty tour."""
    from viewing.services.open_tour import open_tour  # models load only once Django is set up

    return open_tour(title="朝阳区某小区3号楼1201室")
