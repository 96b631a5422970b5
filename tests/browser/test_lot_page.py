"""Bidding on the lot page: by keyboard, without a socket or scripts, with no jolt when another bids."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import DjangoDbBlocker

from tests.browser.lot import NO_SOCKET, Lot, accepted, bid, open_lot, stand
from tests.support.site import Site

SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({ type: "layout-shift" })"""


@pytest.fixture
def lot(browser: Browser, lots_site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Lot]:
    """Yield an open lot with three hours to go."""
    with django_db_blocker.unblock():
        lot = open_lot(browser, lots_site, timedelta(hours=3))
    with lot.windows:
        yield lot


def test_a_bid_is_seen_by_the_other_without_a_jolt(lot: Lot) -> None:
    here, there = lot.tab("lin", phone=True), lot.tab("zhao")
    there.evaluate(SHIFTS)

    bid(here, "1,400,000")

    accepted(here)
    expect(there.locator(".live__figure").first).to_have_text("¥1,400,000")
    expect(there.locator("#amount")).to_have_value("1,405,000")
    expect(there.locator("[data-part=ear]")).to_contain_text("¥1,400,000")
    stand(there, "1,405,000")
    expect(here.locator("[data-when=behind]").first).to_be_visible()
    assert there.evaluate("window.shifted") < 0.01


def test_the_keyboard_alone_makes_a_bid(lot: Lot) -> None:
    tab = lot.tab("lin")

    tab.focus("#amount")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-part=dialog]")).to_contain_text("壹佰肆拾万元整")
    tab.keyboard.press("Enter")

    accepted(tab)


def test_without_a_socket_the_bid_goes_by_http(lot: Lot) -> None:
    tab = lot.tab("lin", script=NO_SOCKET)
    expect(tab.locator("[data-part=lost]")).to_be_visible()

    bid(tab, "1,400,000")

    accepted(tab)
    expect(tab.locator("[data-when=leading]").first).to_be_visible()


def test_an_unanswered_bid_is_said_to_be_unsure_and_counts_once(lot: Lot) -> None:
    tab = lot.tab("lin", script=NO_SOCKET)
    expect(tab.locator("[data-part=lost]")).to_be_visible()
    tab.route("**/bids", lambda route: (route.fetch(), route.abort()))  # it arrives; the answer is lost
    bid(tab, "1,400,000")
    expect(tab.locator("[data-bid=unsure]")).to_be_visible()

    tab.unroute("**/bids")
    tab.locator("[data-part=retry]").click()

    expect(tab.locator("[data-bid=accepted]")).to_be_visible()
    expect(tab.locator("#history [data-field=bids]")).to_have_text("1")


def test_an_outlier_is_asked_for_again_and_then_taken(lot: Lot) -> None:
    tab = lot.tab("lin")
    bid(tab, "9,999,999")
    expect(tab.locator("[data-bid=differs]")).to_be_visible()

    tab.locator("[name=again]").fill("9999999")
    tab.locator("[data-part=confirm]").click()

    accepted(tab)
    expect(tab.locator("[data-bid=accepted]")).to_contain_text("¥9,999,999")


@pytest.mark.parametrize(("amount", "ground"), [("5", "too_low"), ("much", "not_a_price")])
def test_what_cannot_stand_is_refused_before_it_is_sent(lot: Lot, amount: str, ground: str) -> None:
    tab = lot.tab("lin")

    tab.locator("#amount").fill(amount)
    tab.locator(".bid-box__send").click()

    expect(tab.locator(f"[data-ground={ground}]")).to_be_visible()
    expect(tab.locator("[data-part=dialog]")).to_be_hidden()


def test_without_scripts_a_bid_still_stands(lot: Lot) -> None:
    window = lot.windows.enter_context(
        lot.browser.new_context(base_url=lot.site.base_url, java_script_enabled=False)
    )
    lot.sign_in(window, "lin")
    tab = window.new_page()
    tab.goto(lot.path)

    tab.locator(".bid-box__send").click()
    tab.locator("main form button").first.click()

    assert "accepted=140000000" in tab.url
    assert tab.locator("[data-bid=accepted]").is_visible()
