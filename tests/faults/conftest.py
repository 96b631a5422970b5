"""What every test of this folder stands on: a running site of its own, to be broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from pytest_django import DjangoDbBlocker

if TYPE_CHECKING:
    from tests.faults.world import World


@pytest.fixture(scope="module")
def world(django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Give a world whose site is started, and let the test's own models live in its database."""
    from tests.faults.world import running_world  # Django is not ready when a conftest is read
    from tests.support.world import standing_on

    with running_world() as found, django_db_blocker.unblock(), standing_on(found.postgres.url):
        found.start_site()
        yield found
