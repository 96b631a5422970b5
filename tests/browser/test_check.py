"""Checking an auction in the browser: in order, changed, and from a saved file without a connection."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.support import records
from tests.support.browser import PHONE, barriers, person_at
from tests.support.publishing import COLLEGE, LOG, NOTARY, Publication
from tests.support.site import Site

SOLD = "/lots/1/"
PATIENCE_MS = 30_000


@pytest.fixture
def tab(browser: Browser, demo_site: Site) -> Iterator[Page]:
    """Yield the page of the sold lot on a phone, the checker in view."""
    with person_at(browser, demo_site, PHONE) as tab:
        tab.goto(SOLD)
        tab.locator("auction-check").scroll_into_view_if_needed()
        yield tab


def said(tab: Page, verdict: str, kind: str = "p") -> Locator:
    """Return the checker's sentence, once it is shown."""
    sentence = tab.locator(f"auction-check {kind}[data-check={verdict}]")
    expect(sentence).to_be_visible(timeout=PATIENCE_MS)
    return sentence


def record(tab: Page) -> str:
    """Return the sold lot's public record."""
    return tab.request.get(f"{SOLD}record.jsonl").text()


def lowered(record: str) -> tuple[str, int]:
    """Return a record whose last bid is a fen lower, canonical as before, and that bid's place."""
    leaves = [json.loads(line) for line in record.splitlines()]
    place = max(leaf["seq"] for leaf in leaves if leaf["kind"] == "bid")
    leaves[place - 1]["amount"] -= 1
    lines = (json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for leaf in leaves)
    return "".join(f"{line}\n" for line in lines), place


def test_a_closed_round_is_found_in_order_and_again_without_a_connection(tab: Page) -> None:
    tab.locator("[data-part=check]").click()
    said(tab, "sound")
    assert tab.locator("[data-field=check-lines]").inner_text() == str(len(record(tab).splitlines()))
    assert barriers(tab) == []

    tab.context.set_offline(True)
    tab.locator("[data-part=check]").click()

    said(tab, "sound")
    expect(tab.locator("[data-group=bids] [data-is=sound]")).to_be_visible()
    expect(tab.locator("[data-group=receipts] [data-is=unchecked]")).to_be_visible()


def test_a_changed_record_is_found_broken(tab: Page) -> None:
    changed, place = lowered(record(tab))
    tab.route("**/record.zip*", lambda route: route.fulfill(status=404))
    tab.route("**/record.jsonl*", lambda route: answer(route, changed))

    tab.locator("[data-part=check]").click()

    said(tab, "broken")
    violations = tab.locator("[data-part=violations] li")
    expect(violations.filter(has_text="S3")).to_contain_text(str(place + 1))
    expect(violations.filter(has_text="C6")).to_be_visible()
    expect(tab.locator("[data-group=chain] [data-is=broken]")).to_be_visible()
    assert barriers(tab) == []


def answer(route: Route, record: str) -> None:
    """Answer with a record in place of the platform's."""
    route.fulfill(status=200, content_type="application/jsonl", body=record)


def test_a_saved_record_is_checked_without_a_connection(tab: Page) -> None:
    saved = record(tab).encode()
    expect(tab.locator("auction-check[ready]")).to_be_attached(timeout=PATIENCE_MS)
    tab.context.set_offline(True)

    files = [("saved.jsonl", saved), ("receipt.txt", b"judic-bid-receipt/v1\nforged 1\n")]
    given = [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in files]
    tab.locator("#check-files").set_input_files(given)  # type: ignore[arg-type]

    said(tab, "broken")
    expect(tab.locator("[data-part=violations] li")).to_have_count(1)
    expect(tab.locator("[data-part=violations] li")).to_contain_text("R1")


def just_ended() -> list[bytes]:
    """Return a genuine record whose last line was written now."""
    book = records.sold()
    later = int(time.time() * 1000) - book[len(book.entries)]["t"]
    for seq in range(1, len(book.entries) + 1):
        entry = book[seq]
        moved = {
            name: entry[name] + later
            for name in ("t", "start_t", "in_t", "deadline", "since")
            if name in entry
        }
        book.edit(seq, **moved)
    return book.lines()


def test_what_is_not_signed_yet_is_said_to_be_so_until_it_is(tab: Page) -> None:
    lines = just_ended()
    unproven = Publication(lines, files={f"proofs/{len(lines)}.tlog-proof": None})
    answers = [
        unproven,
        Publication(lines, signers=(LOG, NOTARY)),
        Publication(lines, signers=(LOG, NOTARY, COLLEGE)),
    ]
    tab.route("**/record.zip*", lambda route: route.fulfill(body=answers.pop(0).zip()))

    tab.locator("[data-part=check]").click()

    said(tab, "waiting", "div")
    expect(tab.locator("[data-group=log] [data-is=waiting]")).to_be_visible()
    expect(tab.locator("[data-part=violations] li")).to_have_count(0)
    expect(tab.locator("[data-group=witnesses] [data-is=waiting]")).to_be_visible()
    said(tab, "sound")
    expect(tab.locator("[data-group=witnesses] [data-is=sound]")).to_be_visible()
    assert answers == []


def test_what_is_still_not_signed_after_two_minutes_is_a_violation(tab: Page) -> None:
    lines = records.sold().lines()
    unproven = Publication(lines, files={f"proofs/{len(lines)}.tlog-proof": None}).zip()
    tab.route("**/record.zip*", lambda route: route.fulfill(body=unproven))

    tab.locator("[data-part=check]").click()

    said(tab, "broken")
    expect(tab.locator("[data-part=violations] li")).to_contain_text("L2")
