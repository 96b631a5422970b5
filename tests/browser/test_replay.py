"""A finished auction played again on its lot's page: by keyboard, by itself, long; not if it is broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.support import records
from tests.support.browser import PHONE, barriers, own_browser
from tests.support.publishing import published
from tests.support.records import Book
from tests.support.site import Site

SOLD = "/lots/1/"


@pytest.fixture(scope="module")
def one_phone(browser: Browser, demo_site: Site) -> Iterator[BrowserContext]:
    """Yield a phone's browser, which keeps scripts and styles from test to test."""
    with own_browser(browser, demo_site, PHONE) as context:
        yield context


@pytest.fixture
def tab(one_phone: BrowserContext) -> Iterator[Page]:
    """Yield the page of the sold lot on a phone."""
    with one_phone.new_page() as tab:
        tab.goto(SOLD)
        yield tab


def play(tab: Page, archive: bytes | None = None) -> None:
    """Have the record checked and played, an archive in place of the platform's if one is given."""
    if archive is not None:
        tab.route("**/record.zip*", lambda route: route.fulfill(status=200, body=archive))
    part(tab, "load").click()
    expect(part(tab, "player")).to_be_visible(timeout=60_000)


def part(tab: Page, name: str) -> Locator:
    return tab.locator(f"auction-replay [data-part={name}]")


def places(tab: Page) -> Any:
    """Return where each part stands in the replay, and how large it is."""
    measure = "parts => parts.map(part => [part.offsetTop, part.offsetHeight, part.offsetWidth])"
    return part(tab, "player").locator("> *").evaluate_all(measure)


def field(tab: Page, name: str) -> Locator:
    return tab.locator(f"auction-replay dl [data-field={name}]")


def shown(tab: Page, name: str) -> str:
    return field(tab, name).inner_text()


def seq(tab: Page) -> str:
    """Return the number of the line that is shown."""
    return part(tab, "what").locator("[data-field=seq]").inner_text()


def leaves(tab: Page) -> list[dict[str, Any]]:
    """Return the sold lot's public record up to its end."""
    lines = tab.request.get(f"{SOLD}record.jsonl").text().splitlines()
    found = [json.loads(line) for line in lines]
    return found[: next(place for place, leaf in enumerate(found) if leaf["kind"] == "close") + 1]


def test_by_the_keyboard_each_bid_stands_as_its_record_says(tab: Page) -> None:
    play(tab)
    slider = part(tab, "slider")
    slider.press("ArrowRight")  # it stands still from here on
    slider.press("Home")

    for leaf in leaves(tab)[1:]:
        if int(seq(tab)) < leaf["seq"]:
            slider.press("ArrowRight")
        if leaf["kind"] != "bid":
            continue
        assert seq(tab) == str(leaf["seq"])
        assert shown(tab, "leader") == leaf["code"]
        assert shown(tab, "price").replace(",", "") == f"¥{leaf['amount'] // 100}"
        assert leaf["code"] in (slider.get_attribute("aria-valuetext") or "")
        expect(part(tab, "rows").locator("tr").first).to_contain_text(leaf["code"])


def test_it_plays_by_itself_to_the_end_and_moves_nothing_around(tab: Page) -> None:
    play(tab)
    before = places(tab)

    expect(tab.locator("auction-replay [data-what=sold]")).to_be_visible(timeout=30_000)

    last = leaves(tab)[-1]
    assert (shown(tab, "leader"), shown(tab, "bids")) == (last["winner"], "5")
    assert places(tab) == before
    expect(tab.locator("auction-replay [data-play=paused]")).to_be_visible()
    expect(part(tab, "replay-ear")).to_contain_text("成交")
    assert barriers(tab) == []


def test_a_stop_and_a_moved_end_are_shown_as_they_were(tab: Page) -> None:
    play(tab, published(records.sold()).zip())
    expect(tab.locator("auction-replay [data-check=sound]")).to_be_visible()
    slider = part(tab, "slider")
    slider.focus()
    slider.press("End")
    for name, count in (("extensions", "2"), ("suspensions", "1"), ("bids", "5")):
        expect(field(tab, name)).to_have_text(count)

    for _ in range(3):
        slider.press("ArrowLeft")

    expect(tab.locator("auction-replay [data-state=suspended]")).to_be_visible()
    expect(part(tab, "what")).to_contain_text("the line was cut")
    expect(field(tab, "extensions")).to_have_text("1")


def test_a_record_that_is_broken_is_not_played(tab: Page) -> None:
    book = records.sold()
    book.edit(9, amount=records.START)
    tab.route("**/record.zip*", lambda route: route.fulfill(status=200, body=published(book).zip()))

    part(tab, "load").click()

    expect(tab.locator("auction-replay [data-check=broken]")).to_be_visible(timeout=30_000)
    expect(part(tab, "player")).to_be_hidden()


def work(tab: Page, seconds: float) -> dict[str, float]:
    """Return for how many seconds the page was at work meanwhile, by kind of work."""
    tools = tab.context.new_cdp_session(tab)
    tools.send("Performance.enable")

    def taken() -> dict[str, float]:
        return {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}

    before = taken()
    tab.wait_for_timeout(seconds * 1000)
    return {name: value - before[name] for name, value in taken().items() if name.endswith("Duration")}


def test_ten_thousand_bids_stay_smooth(tab: Page) -> None:
    tab.route("**/record.zip*", lambda route: route.fulfill(status=404))
    record = records.long(10_000).data()
    tab.route("**/record.jsonl*", lambda route: route.fulfill(status=200, body=record))
    play(tab)
    expect(tab.locator("auction-replay [data-check=waiting]")).to_be_visible()  # in order, but under no log
    part(tab, "speed").select_option("600")

    spent = work(tab, 4)

    assert int(shown(tab, "bids")) > 500
    assert spent["ScriptDuration"] + spent["LayoutDuration"] + spent["RecalcStyleDuration"] < 2.0, (
        spent
    )  # of four: a page that hangs has all of them


def long_day() -> Book:
    """Return a record of one bid in the morning and one in the last minute."""
    book = records.announced().bid(records.LIN, records.START, records.START_T + records.HOUR)
    book.bid(records.CHEN, records.PRICE, records.LATE, records.LATE + records.EXT)
    end = records.LATE + records.EXT
    return book.add("close", end + 2_500, winner=records.CHEN, price=records.PRICE, deadline=end)


def test_the_slider_can_be_kept_to_the_last_minutes(tab: Page) -> None:
    play(tab, published(long_day()).zip())
    part(tab, "last").check()
    slider = part(tab, "slider")
    slider.press("ArrowRight")  # it stands still from here on
    slider.press("Home")

    assert (
        int(slider.get_attribute("max") or 0)
        == records.EXT + records.LATE + records.EXT + 2_500 - records.NOON
    )
    assert shown(tab, "leader") == records.LIN
    slider.press("ArrowRight")
    assert shown(tab, "leader") == records.CHEN
