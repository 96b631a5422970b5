"""Every page of the demo answers, fits its screen, is silent in the console and open to everyone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.browser import DESKTOP, PHONE, Screen, barriers, go, person_at
from tests.support.places import PLACES, Place
from tests.support.site import Site


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_a_page_has_no_fault_and_no_barrier(
    browser: Browser, demo_site: Site, place: Place, screen: Screen
) -> None:
    with person_at(browser, demo_site, screen, place.login) as tab:
        faults = go(tab, place)

        assert not faults
        assert not barriers(tab)
