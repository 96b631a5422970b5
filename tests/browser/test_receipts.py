"""A receipt becomes a proof in the bidder's browser, stays there, and is evidence if the log lacks it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django import DjangoDbBlocker

from tests.browser.lot import Lot, open_lot, stand
from tests.support.browser import barriers
from tests.support.site import Site, running_site, sqlite_url

PATIENCE_MS = 90_000
LOOKED_S = 1.5
CHECKPOINT = re.compile(r"\S+\n[1-9]")
PROOFS = "**/proofs/*.tlog-proof"


@pytest.fixture(scope="module")
def signed_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a site whose log is signed, and which promises to be quick."""
    url = sqlite_url(tmp_path_factory.mktemp("signed"))
    # Nobody could probe the house for the five minutes before an end that comes within one.
    environment = {"LOG_WITHIN_S": "5", "FAIR_CLOSE_GATE": "0"}
    with running_site(database_url=url, signer=True, environment=environment) as site:
        yield site


@pytest.fixture
def lot(browser: Browser, signed_site: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Lot]:
    """Yield an open lot."""
    with django_db_blocker.unblock():
        lot = open_lot(browser, signed_site, timedelta(minutes=20))
    wait_for_a_checkpoint(signed_site)
    with lot.windows:
        yield lot


def wait_for_a_checkpoint(site: Site) -> None:
    """Wait until a signed log that has leaves is published, and the web process has looked at it."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    page = f"{site.base_url}/log/checkpoint"
    while not CHECKPOINT.match(httpx.get(page, timeout=PATIENCE_MS / 1000).text):
        assert time.monotonic() < deadline, site.log("clerk")
        time.sleep(0.1)
    time.sleep(LOOKED_S)


def told(tab: Page, state: str) -> Locator:
    """Return what the list of receipts says of the log, once it is shown."""
    if not tab.locator("details[data-part=receipts][open]").count():
        tab.locator("[data-part=receipts] summary").click()
    found = tab.locator(f"[data-part=receipt-rows] [data-receipt={state}]:not([hidden])")
    expect(found).to_be_visible(timeout=PATIENCE_MS)
    return found


def saved(tab: Page, part: str) -> str:
    """Return the text of the file that a link of the first receipt saves."""
    with tab.expect_download() as download:
        tab.locator(f"[data-part=receipt-rows] [data-part={part}]").first.click()
    return download.value.path().read_text(encoding="utf-8")


def test_a_receipt_becomes_a_proof_and_is_still_one_after_a_reload(lot: Lot) -> None:
    tab = lot.tab("lin", phone=True)
    stand(tab, "1,400,000")
    expect(tab.locator("[data-bid=accepted] [data-receipt=waiting]")).to_be_visible()

    expect(tab.locator("[data-bid=accepted] [data-receipt=proven]")).to_be_visible(timeout=PATIENCE_MS)
    place, size = told(tab, "proven").locator("b").all_inner_texts()
    assert barriers(tab) == []

    tab.route(PROOFS, lambda route: route.abort())
    tab.reload()
    assert told(tab, "proven").locator("b").all_inner_texts() == [place, size]
    assert f"\nindex {place}\n" in saved(tab, "proof")
    promise = re.search(r"^seen (\d+) \S{44} \S+/log\nmmd_ms 5000$", saved(tab, "receipt"), re.MULTILINE)
    assert promise
    assert 0 < int(promise[1]) <= int(place) < int(size)


def test_a_bid_left_out_of_a_log_that_grew_on_is_told_with_what_to_do(lot: Lot) -> None:
    tab = lot.tab("lin")
    tab.route(PROOFS, lambda route: route.fulfill(status=404))
    stand(tab, "1,400,000")
    told(tab, "still")
    assert barriers(tab) == []

    other = lot.tab("zhao")
    stand(other, "1,500,000")
    assert "31" in told(tab, "missing").inner_text()
    assert barriers(tab) == []
    mail = tab.locator("[data-part=receipt-rows] [data-part=mail]").get_attribute("href") or ""
    assert "body=judic-bid-receipt%2Fv1%0D%0Aorigin" in mail

    tab.unroute(PROOFS)
    tab.reload()
    told(tab, "proven")


def test_a_page_left_open_through_the_end_has_replay_check_and_who_vouches(
    browser: Browser, signed_site: Site, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        lot = open_lot(browser, signed_site, timedelta(seconds=20))
    with lot.windows:
        tab = lot.tab("lin", phone=True)
        expect(tab.locator("auction-replay")).to_be_hidden()
        expect(tab.locator("#vouching")).to_be_hidden()

        tab.locator("auction-replay [data-part=load]").click(timeout=PATIENCE_MS)
        expect(tab.locator("auction-replay [data-part=slider]")).to_be_visible(timeout=PATIENCE_MS)
        tab.locator("auction-check [data-part=check]").click()
        expect(tab.locator("auction-check [data-check=sound]")).to_be_visible(timeout=PATIENCE_MS)
        expect(tab.locator("#vouching h3")).to_be_visible()
        assert barriers(tab) == []


def test_a_proof_of_another_bid_is_not_taken_for_one(lot: Lot) -> None:
    tab, other = lot.tab("lin"), lot.tab("zhao")
    tab.route(PROOFS, lambda route: route.fallback(url=route.request.url.replace("/2.tlog", "/1.tlog")))

    stand(tab, "1,400,000")
    stand(other, "1,500,000")

    told(tab, "wrong")
    assert saved(tab, "proof").startswith("c2sp.org/tlog-proof@v1")
    told(other, "proven")


def test_receipts_kept_before_are_taken_over_once(lot: Lot) -> None:
    tab = lot.tab("lin")
    round, code = tab.locator("live-round").evaluate("({dataset}) => [dataset.round, dataset.code]")
    old = '{"key":"old","type":"refused","amount":100,"seq":null,"hash":"","arrived_at":null,"ended_at":null,'
    old += '"ground":"too_low","article":"","text":""}'
    tab.evaluate(
        "([name, text]) => localStorage.setItem(name, text)", [f"receipts:{round}:{code}", f"[{old}]"]
    )

    tab.reload()
    expect(tab.locator("[data-part=receipts] summary")).to_contain_text("1")
    assert tab.evaluate("localStorage.length") == 0
    tab.reload()
    expect(tab.locator("[data-part=receipts] summary")).to_contain_text("1")


def test_a_receipt_leads_to_its_own_page_with_a_code_for_others(lot: Lot) -> None:
    tab = lot.tab("lin", phone=True)
    stand(tab, "1,400,000")
    tab.locator("[data-part=receipts] summary").click()

    tab.locator("[data-part=receipt-rows] [data-part=page]").click()

    expect(tab.locator("main dd").nth(1)).to_have_text("¥1,400,000")
    assert tab.locator("main img").evaluate("(picture) => picture.naturalWidth") > 100
    assert re.search(r"/receipts/\d+/2/[0-9a-f]{64}/$", tab.url)
    assert barriers(tab) == []
