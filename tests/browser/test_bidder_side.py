"""A bidder's side: a dead socket, a reload, receipts, a wrong clock, automatic bidding, practice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, Request, WebSocket, expect
from pytest_django import DjangoDbBlocker

from auction.services.practice import open_practice
from tests.browser.lot import NO_SOCKET, Lot, bid, open_lot, stand
from tests.support.browser import barriers
from tests.support.people import chen
from tests.support.site import Site
from tests.support.world import signed_in, standing_on

# The socket is up and says nothing of bids: they go into a tunnel, and their answers with them.
TUNNEL = """const Real = WebSocket; window.WebSocket = class extends Real {
  send(text) { if (!String(text).includes('"bid"')) super.send(text) }
}"""
SLOW_CLOCK = "const now = Date.now.bind(Date); Date.now = () => now() - 9800"
KEPT = """new Promise((resolve) => { indexedDB.open("judicial-auction").onsuccess = ({ target }) => {
  const asked = target.result.transaction("receipts").objectStore("receipts").getAll();
  asked.onsuccess = () => resolve(JSON.stringify(asked.result)) } })"""
SECONDS = re.compile(r"^\d{1,2}\.\d{3}$")
CEILING = "1,487,650"
MANY_FORMS = ("148765000", "1487650", "1,487,650", "1487650.00")


@pytest.fixture
def lot(browser: Browser, lots_site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Lot]:
    """Yield an open lot with two minutes to go."""
    with django_db_blocker.unblock():
        lot = open_lot(browser, lots_site, timedelta(minutes=2))
    with lot.windows:
        yield lot


@pytest.fixture
def practice(browser: Browser, lots_site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Lot]:
    """Yield a practice lot whose round has just begun, and Chen, who has proved no name."""
    with django_db_blocker.unblock(), standing_on(lots_site.environment["DATABASE_URL"]):
        lot_id = open_practice(at=datetime.now(UTC)).lot_id
        sessions = {"chen": signed_in(chen())}
    lot = Lot(f"/lots/{lot_id}/", browser, lots_site, sessions)
    with lot.windows:
        yield lot


def turn_on(tab: Page, ceiling: str) -> None:
    """Turn automatic bidding on up to a ceiling."""
    tab.locator("[data-part=auto] summary").click()
    tab.locator("#ceiling").fill(ceiling)
    tab.locator("[data-part=auto-ask]").click()
    tab.locator("[data-part=auto-confirm]").click()
    expect(tab.locator(".auto__on")).to_be_visible()


def why(tab: Page, code: str) -> None:
    """Expect automatic bidding to have stopped for this reason."""
    expect(tab.locator(f"[data-auto=why-{code}]")).to_be_visible(timeout=15_000)
    expect(tab.locator(".auto__on")).to_be_hidden()


def test_a_bid_lost_in_a_tunnel_is_asked_for_by_https_and_stands_once(lot: Lot) -> None:
    tab = lot.tab("lin", script=TUNNEL)

    bid(tab, "1,400,000")
    expect(tab.locator("[data-bid=sent]")).to_be_visible()

    expect(tab.locator("[data-bid=accepted]")).to_be_visible(timeout=8_000)
    expect(tab.locator("#history [data-field=bids]")).to_have_text("1")


def test_a_reload_loses_no_bid_that_is_on_its_way(lot: Lot) -> None:
    tab = lot.tab("lin", script=NO_SOCKET)
    keys: list[str] = []
    tab.on("request", lambda asked: keys.extend(re.findall('"key":"([^"]+)"', asked.post_data or "")))
    tab.route("**/bids", lambda route: route.abort())
    bid(tab, "1,400,000")
    expect(tab.locator("[data-bid=unsure]")).to_be_visible()

    tab.unroute("**/bids")
    tab.reload()

    expect(tab.locator("[data-bid=accepted]")).to_be_visible()
    assert len(keys) >= 3
    assert len(set(keys)) == 1


def test_a_bid_that_is_left_can_be_followed_by_another(lot: Lot) -> None:
    tab = lot.tab("lin", script=NO_SOCKET)
    tab.route("**/bids", lambda route: route.abort())
    bid(tab, "1,400,000")
    expect(tab.locator("[data-part=send]")).to_be_disabled()

    tab.locator("[data-part=leave]").click()
    tab.unroute("**/bids")
    bid(tab, "1,410,000")

    expect(tab.locator("[data-bid=accepted]")).to_contain_text("¥1,410,000")


def test_a_receipt_says_how_long_before_the_end_and_can_be_saved(lot: Lot) -> None:
    tab = lot.tab("lin")

    stand(tab, "1,400,000")

    expect(tab.locator("[data-receipt=early]")).to_contain_text("1 分")
    expect(tab.locator("[data-receipt=early] [data-field=seconds]")).to_have_text(SECONDS)
    with tab.expect_download() as download:
        tab.locator("[data-bid=accepted] [data-part=receipt]").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("judic-bid-receipt/v1")
    assert "amount 140000000" in text


def test_a_refusal_is_among_the_receipts_and_names_nobody(lot: Lot) -> None:
    tab = lot.tab("lin")
    stand(tab, "1,400,000")

    bid(tab, "1,500,000")

    expect(tab.locator("[data-ground=already_leading]").first).to_be_visible()
    tab.locator("[data-part=receipts] summary").click()
    expect(tab.locator("[data-part=receipt-rows] > li")).to_have_count(2)
    kept = tab.evaluate(KEPT)
    assert "already_leading" in kept
    assert "lin" not in kept.replace("deadline", "")


def test_a_wrong_device_clock_is_said_and_the_countdown_is_right(lot: Lot) -> None:
    tab, right = lot.tab("lin", script=SLOW_CLOCK), lot.tab("zhao")

    expect(tab.locator("[data-line='slow fast']")).to_contain_text("9.8")
    expect(tab.locator("[data-line=sure]")).to_be_visible()
    expect(right.locator("[data-line='slow fast']")).to_be_hidden()
    assert not barriers(tab)
    seconds = "Number(document.querySelector('.live__clock [data-field=minutes]').textContent) * 60 + "
    seconds += "Number(document.querySelector('.live__clock [data-field=seconds]').textContent)"
    assert abs(tab.evaluate(seconds) - right.evaluate(seconds)) <= 2


def test_offline_and_back_is_shown(lot: Lot) -> None:
    tab = lot.tab("lin")
    expect(tab.locator("[data-line=online]")).to_be_visible()

    tab.context.set_offline(True)
    expect(tab.locator("[data-part=lost] [data-line=offline]")).to_be_visible()
    assert not barriers(tab)
    tab.context.set_offline(False)

    expect(tab.locator("[data-line=online]")).to_be_visible()
    expect(tab.locator("[data-part=lost]")).to_be_hidden()


def test_automatic_bidding_outbids_up_to_its_ceiling_which_never_leaves_the_page(lot: Lot) -> None:
    sent: list[str] = []
    auto, other = lot.tab("lin"), lot.tab("zhao")
    listen(auto, sent)
    auto.reload()
    turn_on(auto, CEILING)

    expect(auto.locator("[data-auto=leading]")).to_be_visible(timeout=10_000)
    bid(other, "1,420,000")
    expect(other.locator(".live__figure").first).to_have_text("¥1,425,000", timeout=10_000)
    expect(auto.locator("[data-auto=leading]")).to_be_visible(timeout=10_000)
    bid(other, "1,487,000")

    why(auto, "ceiling")
    assert any('"bid"' in text for text in sent)
    sent.append(auto.evaluate("JSON.stringify([localStorage, sessionStorage])"))
    assert not [text for text in sent for form in MANY_FORMS if form in text]


def listen(tab: Page, sent: list[str]) -> None:
    """Write down everything the page sends, by socket or request."""

    def socket(line: WebSocket) -> None:
        line.on("framesent", lambda frame: sent.append(str(frame)))

    def request(asked: Request) -> None:
        sent.append(f"{asked.url} {asked.post_data or ''} {asked.headers}")

    tab.on("websocket", socket)
    tab.on("request", request)


def test_automatic_bidding_ends_with_a_reload_and_says_so(lot: Lot) -> None:
    tab = lot.tab("lin")
    turn_on(tab, CEILING)
    assert not barriers(tab)

    tab.reload()

    why(tab, "reload")
    expect(tab.locator("#ceiling")).to_have_value("")


def test_automatic_bidding_stops_at_a_refusal(lot: Lot) -> None:
    # Each amount is made too low on its way, as if somebody had been quicker.
    lower = """const send = WebSocket.prototype.send; WebSocket.prototype.send = function (text) {
      send.call(this, text.replace(/"amount":\\d+/, '"amount":100')) }"""
    tab = lot.tab("lin", script=lower)

    turn_on(tab, CEILING)

    why(tab, "refused")
    expect(tab.locator("[data-ground=too_low]").first).to_be_visible()


def test_automatic_bidding_stops_when_the_device_slept_or_the_bidder_says_so(lot: Lot) -> None:
    tab = lot.tab("lin")
    turn_on(tab, CEILING)
    tab.locator("[data-part=auto-stop]").click()
    why(tab, "off")

    turn_on(tab, CEILING)
    tab.evaluate("{ const now = Date.now.bind(Date); Date.now = () => now() + 60_000 }")

    why(tab, "slept")


def test_a_ceiling_below_the_least_amount_is_not_taken(lot: Lot) -> None:
    tab = lot.tab("lin")
    tab.locator("[data-part=auto] summary").click()
    tab.locator("#ceiling").fill("5")

    tab.locator("[data-part=auto-ask]").click()

    expect(tab.locator("[data-auto=below]")).to_be_visible()
    expect(tab.locator("[data-part=auto-dialog]")).to_be_hidden()


def test_practice_is_joined_by_a_click_and_answered_by_the_partner(practice: Lot) -> None:
    window = practice.browser.new_context(base_url=practice.site.base_url, locale="zh-CN")
    practice.windows.enter_context(window)
    practice.sign_in(window, "chen")
    tab = window.new_page()
    tab.goto("/")
    tab.locator("a[href='/practice/']").click()

    tab.locator("form[action$='/practice'] button").click()
    bid(tab, "1,000,000")

    expect(tab.locator("[data-bid=accepted]")).to_be_visible(timeout=10_000)
    expect(tab.locator(".live__figure").first).to_have_text("¥1,010,000", timeout=40_000)
    expect(tab.locator("[data-when=behind]").first).to_be_visible()
    assert not barriers(tab)
