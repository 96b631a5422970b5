"""Fixtures of the tests of this folder's neighbours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.faults.abuse.house import House, open_house
from tests.support.bidding import stands_as_recorded
from tests.support.world import servers_of


@pytest.fixture(scope="module", name="house")
def a_house(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[House]:
    """Give a site on PostgreSQL and Redis; in the end it must be as sound as in the beginning."""
    with (
        django_db_blocker.unblock(),
        servers_of("postgresql", tmp_path_factory.mktemp("site"), request) as servers,
        open_house(servers) as found,
    ):
        yield found
        assert found.troubles() == []
        assert found.alive()
        assert stands_as_recorded(found.round.pk)
