"""Every page of the demo answers, fits its screen, is silent in the console and open to everyone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import DESKTOP, PHONE, Screen, barriers, go, person_at
from tests.support.places import PLACES, Place
from tests.support.site import Site

Tabs = Callable[[Screen, str], Page]


@pytest.fixture(scope="module")
def tabs(browser: Browser, demo_site: Site) -> Iterator[Tabs]:
    """Give each person one tab on each screen, in which he goes from page to page."""
    with ExitStack() as stack:
        yield cache(lambda screen, login: stack.enter_context(person_at(browser, demo_site, screen, login)))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_has_no_fault_and_no_barrier(tabs: Tabs, place: Place, screen: Screen) -> None:
    tab = tabs(screen, place.login)

    faults = go(tab, place)

    assert not faults
    assert not barriers(tab)
