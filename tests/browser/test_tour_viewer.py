"""The drawn flat is walked through in Chromium: by touch, by keys, by its rooms' list and without WebGL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.support.browser import PHONE, own_browser, person_at
from tests.support.site import Site

ROOMS = 6
SETTLED = "tour-viewer[data-settled]"
VIEW = "document.querySelector('tour-viewer').view"
FIRST_VIEW = 300_000
"""Bytes of pictures that may be fetched before the first room is seen (references.md, M7)."""


@pytest.fixture(scope="module")
def one_phone(browser: Browser, demo_site: Site) -> Iterator[BrowserContext]:
    """Yield a phone's browser, which keeps scripts and pictures from test to test."""
    with own_browser(browser, demo_site, PHONE) as context:
        yield context


@pytest.fixture
def phone(one_phone: BrowserContext) -> Iterator[Page]:
    with one_phone.new_page() as tab:
        yield tab


@pytest.fixture(scope="module")
def tour(one_phone: BrowserContext) -> str:
    """Return the public tour that has every room."""
    for path in (f"/tours/{number}/" for number in range(1, 9)):
        answer = one_phone.request.get(f"{path}manifest.json")
        if answer.ok and len(answer.json()["scenes"]) == ROOMS:
            return path
    raise LookupError("no public tour of the whole flat")


@pytest.fixture
def viewer(phone: Page, tour: str) -> Page:
    phone.goto(tour)
    phone.wait_for_selector(SETTLED)
    return phone


def turn_to(tab: Page, kind: str) -> None:
    """Look at the first point of that kind in the scene shown."""
    tab.evaluate(
        """async (kind) => {
            const viewer = document.querySelector("tour-viewer");
            const { scenes } = await (await fetch(viewer.getAttribute("manifest"))).json();
            const spot = scenes[0].hotspots.find((each) => each.kind === kind);
            viewer.view = { yaw: spot.yaw, pitch: spot.pitch, fov: 70 };
        }""",
        kind,
    )


def test_the_first_view_of_a_phone_fits_its_budget(browser: Browser, demo_site: Site, tour: str) -> None:
    sizes: list[int] = []

    def weigh(request: Request) -> None:
        if "/tiles/" in request.url:
            sizes.append(request.sizes()["responseBodySize"])

    with person_at(browser, demo_site, PHONE) as phone:
        phone.on("requestfinished", weigh)
        phone.goto(tour)
        phone.wait_for_selector(SETTLED)

    assert 0 < sum(sizes) < FIRST_VIEW


def test_what_the_canvas_shows_is_not_one_colour(viewer: Page) -> None:
    picture = viewer.locator("tour-viewer canvas").screenshot(type="png")

    # A single colour of this size packs into some 3 kB.
    assert len(picture) > 50_000


def test_a_finger_drags_the_view(viewer: Page) -> None:
    before = viewer.evaluate(VIEW)
    box = viewer.locator(".tour__stage").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3

    viewer.mouse.move(*middle)
    viewer.mouse.down()
    viewer.mouse.move(middle[0] - 100, middle[1], steps=5)
    viewer.mouse.up()

    assert (viewer.evaluate(VIEW)["yaw"] - before["yaw"]) % 360 > 15


def test_keys_look_around_and_come_home(viewer: Page) -> None:
    start = viewer.evaluate(VIEW)
    viewer.focus(".tour__stage")

    viewer.keyboard.press("ArrowLeft")
    viewer.keyboard.press("+")
    turned = viewer.evaluate(VIEW)
    viewer.keyboard.press("Home")

    assert turned["yaw"] != start["yaw"]
    assert turned["fov"] < start["fov"]
    assert viewer.evaluate(VIEW) == start


def test_a_way_leads_into_the_next_room_and_its_words_follow(viewer: Page) -> None:
    first = viewer.locator("[data-field=description]").inner_text()

    turn_to(viewer, "link")
    viewer.locator(".tour__marker--link:visible").first.click()

    expect(viewer.locator("[data-field=description]")).not_to_have_text(first)
    current = viewer.locator(".tour__scene[aria-current=true]")
    expect(current).to_have_count(1)
    expect(viewer.locator("[data-field=current]")).to_have_text(current.inner_text())


def test_a_defect_opens_its_words_and_escape_returns_to_it(viewer: Page) -> None:
    turn_to(viewer, "defect")
    marker = viewer.locator(".tour__marker--defect:visible").first
    marker.click()

    told = viewer.locator("[data-field=panel-text]").inner_text()
    viewer.keyboard.press("Escape")

    assert told in viewer.locator(".tour__defects").inner_text()
    expect(viewer.locator("[data-part=panel]")).to_be_hidden()
    expect(marker).to_be_focused()


def test_the_list_of_defects_leads_the_eye_to_one(viewer: Page) -> None:
    before = viewer.evaluate(VIEW)

    viewer.locator(".tour__find").first.click()

    assert viewer.evaluate(VIEW)["pitch"] != before["pitch"]
    expect(viewer.locator("[data-part=panel]")).to_be_visible()
    expect(viewer.locator(".tour__marker--defect:visible").first).to_be_in_viewport()


def test_without_webgl_every_room_is_a_still_picture(phone: Page, tour: str) -> None:
    phone.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    phone.goto(tour)
    still = phone.locator("[data-part=still]")
    expect(still).to_be_visible()
    first = still.get_attribute("src")

    phone.locator(".tour__scene").nth(1).click()

    expect(still).not_to_have_attribute("src", first or "")
    expect(phone.locator(".tour__flat")).to_be_visible()


def test_a_tour_that_cannot_be_had_says_so(phone: Page, tour: str) -> None:
    phone.route("**/manifest.json", lambda route: route.abort())
    phone.goto(tour)

    expect(phone.locator("[data-message=failed]")).to_be_visible()
