"""One browser and one site filled by the demo for all tests in Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from xdist.scheduler import LoadScopeScheduling

from tests.support.append_only import _tables_may_be_emptied  # noqa: F401 (a fixture)
from tests.support.browser import chromium
from tests.support.servers import fresh_database
from tests.support.site import Site, running_site, sqlite_url

# Playwright's own loop runs in this thread, and Django would take it for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# These tests share the machine and measure no time, unless they say how long.
expect.set_options(timeout=15_000)

# Whose tests share a site also share a process, so that each site is started, and the demo made, but once.
SITES = {
    "test_bidder_side": "lots",
    "test_lot_page": "lots",
    "test_receipts": "signed",
    "test_story": "story",
}


class BySite(LoadScopeScheduling):
    """Gives a process all tests of a site (pytest-xdist's own groups go unheeded under pytest 9)."""

    def _split_scope(self, nodeid: str) -> str:
        return SITES.get(Path(nodeid.partition("::")[0]).stem, "demo")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BySite:
    """Share the tests out by site."""
    return BySite(config, log)


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """Yield Chromium."""
    with chromium(chromium_path) as started:
        yield started


@pytest.fixture(scope="session")
def demo_site(postgresql_url: str, redis_url: str) -> Iterator[Site]:
    """Yield a site as `make run` fills it, on the servers of production; tests here only look."""
    with (
        fresh_database(postgresql_url) as database,
        running_site(database_url=database, redis_url=redis_url, demo=True) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def lots_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site on SQLite and without Redis, which tests fill with lots of their own."""
    with running_site(database_url=sqlite_url(tmp_path_factory.mktemp("lots"))) as site:
        yield site
