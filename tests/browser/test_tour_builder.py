"""An officer makes a tour on a phone: pictures go up, points are marked, the first view is chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import pictures
from tests.support.browser import PHONE, barriers, person_at
from tests.support.site import Site

SETTLED = "tour-viewer[data-settled]"
PANEL = "[data-panel]:not([hidden])"
DATA = '{"scenes": [{"id": "hall", "name": "客厅", "linkHotspots": [], "infoHotspots": []}]}'


@pytest.fixture
def builder(browser: Browser, demo_site: Site, tmp_path: Path) -> Iterator[Page]:
    """Yield the page of a tour of its own, with one scene; the demo's tours stay as they are."""
    (tmp_path / "equirect_derived").mkdir()
    (tmp_path / "equirect_derived" / "hall.jpg").write_bytes(pictures.jpeg(pictures.smooth()))
    (tmp_path / "data.js").write_text(DATA)
    said = demo_site.manage("import_tour", str(tmp_path))
    tour = re.search(r"/tours/(\d+)/", said)
    assert tour
    with person_at(browser, demo_site, PHONE, "wu") as tab:
        tab.goto(f"/officer/tours/{tour[1]}/")
        tab.wait_for_selector(SETTLED)
        yield tab


def files(folder: Path, **contents: bytes) -> list[str]:
    for name, data in contents.items():
        (folder / f"{name}.jpg").write_bytes(data)
    return [str(folder / f"{name}.jpg") for name in contents]


def test_several_pictures_go_up_at_once_and_become_scenes(builder: Page, tmp_path: Path) -> None:
    chosen = files(tmp_path, bath=pictures.jpeg(pictures.plain(grey=60)), bed=pictures.jpeg())

    builder.set_input_files("#pictures", chosen)

    expect(builder.locator("[data-panel]")).to_have_count(3, timeout=60_000)
    expect(builder.locator(".scene-card .tag--good")).to_have_count(3)


def test_a_refused_picture_says_why_and_stays_in_sight(builder: Page, tmp_path: Path) -> None:
    chosen = files(tmp_path, small=pictures.jpeg(pictures.plain(800, 400)), bed=pictures.jpeg())

    builder.set_input_files("#pictures", chosen)

    expect(builder.locator("[data-part=news]")).to_be_visible(timeout=60_000)
    refused = builder.locator(".upload[data-state=unfit]")
    expect(refused.locator("[data-fault=too_small]")).to_be_visible()
    expect(refused.locator("[data-fault]:visible")).to_have_count(1)


def test_a_click_in_the_picture_marks_a_defect_there(builder: Page) -> None:
    stage = builder.locator(".tour__stage")
    stage.scroll_into_view_if_needed()
    stage.click(position={"x": 120, "y": 160})
    form = builder.locator(f"{PANEL} [data-place]")
    picked = float(form.locator("[name=yaw]").input_value())
    form.locator("[name=kind]").select_option("defect")
    expect(form.locator("[name=target]")).to_be_hidden()
    form.locator("[name=text]").fill("墙面渗水")
    form.locator("button").click()

    expect(builder.locator(f"{PANEL} .point-list")).to_contain_text("墙面渗水")
    assert -60 < picked < 0


def test_the_view_seen_becomes_the_first_view(builder: Page) -> None:
    builder.focus(".tour__stage")
    for _ in range(3):
        builder.keyboard.press("ArrowRight")
    aim = builder.locator(f"{PANEL} [data-aim]")
    expect(aim.locator("[name=yaw]")).not_to_have_value("0.000000")
    turned = float(aim.locator("[name=yaw]").input_value())
    with builder.expect_navigation():
        aim.locator("button").click()
    builder.wait_for_selector(SETTLED)

    assert builder.evaluate("document.querySelector('tour-viewer').view")["yaw"] == pytest.approx(
        turned, abs=1
    )


def test_the_page_has_no_barriers(builder: Page) -> None:
    assert barriers(builder) == []
