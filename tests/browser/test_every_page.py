"""Every page of the demo answers, fits its screen, is silent in the console and open to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.support.browser import DESKTOP, PHONE, Screen, barriers, go, own_browser
from tests.support.places import PLACES, Place
from tests.support.site import Site

pytestmark = pytest.mark.xdist_group("demo")

Browsers = Callable[[Screen, str], BrowserContext]


@pytest.fixture(scope="module")
def browsers(browser: Browser, demo_site: Site) -> Iterator[Browsers]:
    """Give each person one browser on each screen, which keeps scripts and styles from page to page."""
    with ExitStack() as stack:
        yield cache(lambda screen, login: stack.enter_context(own_browser(browser, demo_site, screen, login)))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_has_no_fault_and_no_barrier(browsers: Browsers, place: Place, screen: Screen) -> None:
    with browsers(screen, place.login).new_page() as tab:
        faults = go(tab, place)

        assert not faults
        assert not barriers(tab)
