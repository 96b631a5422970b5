"""An open lot on a running site, and the windows of those who bid for it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.bidding import a_recorded_round
from tests.support.browser import DESKTOP, PHONE, person_at
from tests.support.people import a_bidder, lin, zhao
from tests.support.site import Site
from tests.support.world import signed_in, standing_on

NO_SOCKET = """window.WebSocket = class extends EventTarget {
  static OPEN = 1; readyState = 3;
  constructor() { super(); setTimeout(() => this.dispatchEvent(new CloseEvent("close", { code: 1006 })), 50) }
  send() {} close() {}
}"""

DECIDED = "[data-bid=accepted]:visible, [data-bid=undecided]:visible [data-part=again]"
MOST_BIDS = 10


@dataclass
class Lot:
    """An open lot with Lin and Zhao qualified; `tab` gives each a window of his own."""

    path: str
    browser: Browser
    site: Site
    sessions: dict[str, str]
    windows: ExitStack = field(default_factory=ExitStack)

    def tab(self, login: str, *, phone: bool = False, script: str = "") -> Page:
        """Return the lot in a signed-in person's window, live unless a script prevents it."""
        screen = PHONE if phone else DESKTOP
        tab = self.windows.enter_context(person_at(self.browser, self.site, screen))
        self.sign_in(tab.context, login)
        if script:
            tab.add_init_script(script)
        tab.goto(self.path)
        expect(tab.locator("[data-part=steps]")).to_be_visible()
        return tab

    def sign_in(self, window: BrowserContext, login: str) -> None:
        """Give the window a session of the person."""
        cookie = {"name": "sessionid", "value": self.sessions[login], "url": self.site.base_url}
        window.add_cookies([cookie])  # type: ignore[list-item]


def open_lot(browser: Browser, site: Site, lasts: timedelta) -> Lot:
    """Return a lot that is open so long, at a starting price of 1,400,000 yuan."""
    now = datetime.now(UTC)
    with standing_on(site.environment["DATABASE_URL"]):
        round = a_recorded_round(at=now, closes_at=now + lasts)
        people = {"lin": lin(), "zhao": zhao()}
        for person in people.values():
            a_bidder(round, person, at=now)
        sessions = {name: signed_in(person) for name, person in people.items()}
    return Lot(f"/lots/{round.lot_id}/", browser, site, sessions)


def bid(tab: Page, amount: str) -> None:
    """Write an amount, send it, and confirm."""
    tab.get_by_role("textbox").first.fill(amount)
    tab.locator(".bid-box__send").click()
    tab.locator("[data-part=confirm]").click()


def stand(tab: Page, amount: str) -> None:
    """Bid, and expect it to be accepted."""
    bid(tab, amount)
    accepted(tab)


def accepted(tab: Page) -> None:
    """Expect the bid to be accepted; one that a busy machine could not decide in its second is sent again.

    That is what the page asks of a bidder (art. 20: a bid counts when it arrives, or not at all).
    """
    for _ in range(MOST_BIDS):
        decided = tab.locator(DECIDED).first
        expect(decided).to_be_visible()
        if tab.locator("[data-bid=accepted]").is_visible():
            return
        decided.click()
    raise AssertionError(f"not one of {MOST_BIDS} bids was decided in its second")
