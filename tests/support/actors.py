"""People before a screen, as a story tells of them: what an officer, a bidder and a phone viewer do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import DESKTOP, PHONE, Screen, person_at
from tests.support.site import Site

CARD = {"cardNumber": "4242424242424242", "cardExpiry": "12 / 34", "cardCvc": "123"}
SLOW = 30_000  # milliseconds; what waits for clerk, cutter or payment page on a busy machine


class Clock:
    """The site's platform clock, set by hand; it goes on at its natural rate from each setting."""

    def __init__(self, file: Path, at: datetime) -> None:
        self.file = file
        self.set(at)

    def set(self, at: datetime) -> None:
        """Let it be this instant now; the file is swapped whole, as readers may look at any moment."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{at.isoformat()}\n1", encoding="ascii")
        fresh.replace(self.file)
        self.at = at


@contextmanager
def at_screen(browser: Browser, site: Site, screen: Screen) -> Iterator[Page]:
    """Yield a tab of somebody's own browser that may take its time."""
    with person_at(browser, site, screen) as tab:
        tab.set_default_timeout(SLOW)
        yield tab


def write(form: Locator, **values: object) -> None:
    """Fill fields by name, boxes and choices alike."""
    for name, value in values.items():
        field = form.locator(f"[name='{name}']")
        if field.first.evaluate("field => field.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def send(form: Locator, **values: object) -> None:
    """Fill a form, press its first button, and see that it was not refused."""
    write(form, **values)
    page = form.page
    with page.expect_navigation():
        form.locator("button").first.click()
    said = page.locator(".field__error:visible, .summary-errors:visible, .notice--bad:visible")
    assert said.count() == 0, said.all_inner_texts()


def sign_in(tab: Page, name: str, password: str) -> None:
    """Sign in through the page."""
    tab.goto("/accounts/login/")
    send(tab.locator("main form"), login=name, password=password)


@dataclass
class Officer:
    """An officer at his desk; `today` is the court's calendar day."""

    tab: Page
    today: datetime
    case: str = ""
    listing: str = ""
    estate: int = 1

    def day(self, days: int) -> str:
        """Return a day so many days from today, as date fields take it."""
        return (self.today + timedelta(days=days)).date().isoformat()

    def open_case(self, number: str) -> None:
        """Open a case and stay on its page."""
        self.tab.goto("/officer/cases/new/")
        send(
            self._form(),
            number=number,
            filed_on=self.day(-60),
            cause="借款合同纠纷",
            title_document="民事判决书",
        )
        self.case = self.tab.url

    def add(self, what: str, **values: object) -> None:
        """Add a party, a claim or a property to the case; afterwards be where the site leads."""
        self.tab.goto(f"{self.case}{what}/new/")
        send(self._form(), **values)

    def add_to_property(self, what: str, **values: object) -> None:
        """Add a seizure or a tax to the case's property."""
        self.tab.goto(f"/officer/properties/{self.estate}/{what}/new/")
        send(self._form(), **values)

    def start_listing(self) -> None:
        """Begin to bring the case's property to sale."""
        self.tab.goto(self.case)
        self.tab.locator("form[action$='/listing/'] button").click()
        self.tab.wait_for_url("**/officer/listings/**")
        self.listing = self.tab.url[: self.tab.url.rindex("/", 0, -1) + 1]

    def begin_tour(self) -> None:
        """Begin the property's tour and be where it is built."""
        self.tab.goto(f"{self.listing}viewing/")
        self.tab.locator("form[action$='/tour/'] button").click()
        self.tab.wait_for_url("**/officer/tours/*/")

    def build_tour(self, pictures: list[Path]) -> None:
        """Choose panoramas, several at once; they are sent, cut, and shown when each is ready."""
        self.tab.set_input_files("#pictures", pictures)
        ready = self.tab.locator("tour-viewer [data-scene]")
        expect(ready).to_have_count(len(pictures), timeout=4 * SLOW)

    def link_scenes(self, target: str) -> None:
        """Click into the picture, and let that point lead to another scene."""
        stage = self.tab.locator("tour-viewer canvas")
        stage.scroll_into_view_if_needed()
        self.tab.wait_for_timeout(1000)
        stage.click(position={"x": 180, "y": 160})
        form = self.tab.locator("[data-panel]:not([hidden]) form[data-place]")
        expect(form.locator("[name='yaw']")).not_to_have_value("")
        form.locator("[name='target']").select_option(label=target)
        send(form, kind="link", text=f"去{target}")

    def step(self, name: str, **values: object) -> None:
        """Fill a step of the wizard and go on."""
        self.tab.goto(f"{self.listing}{name}/")
        form = self.tab.locator("form:has(button[name='on'])")
        send(form, **values)

    def notify(self, days: int) -> None:
        """Record the notice to everyone who must have it."""
        self.tab.goto(f"{self.listing}notices/")
        waiting = self.tab.locator("form:has(.tag--warn)")
        while waiting.count():
            form = waiting.first
            form.locator("select").select_option("post")
            form.locator("input[type='date']").fill(self.day(days))
            form.locator("input[type='text']").fill("EMS 1000000001")
            send(form)

    def publish(self) -> int:
        """Publish the announcement; return the lot's number."""
        self.tab.goto(f"{self.listing}publish/")
        send(self.tab.locator("main form"))
        link = self.tab.locator("a[href^='/lots/']").first
        return int(re.findall(r"\d+", link.get_attribute("href") or "")[0])

    def settle(self, part: str, **values: object) -> None:
        """Send the settlement's form that goes to this address."""
        self.tab.goto(f"{self.listing}settlement/")
        form = self.tab.locator(f"form[action$='{part}/']")
        if not form.is_visible():
            self.tab.locator("details", has=form).locator("summary").first.click()
        send(form, **values)

    def _form(self) -> Locator:
        return self.tab.locator("main form").first


@dataclass
class Bidder:
    """A bidder with his own browser."""

    tab: Page
    name: str

    def sign_up(self, number: str, true_name: str) -> None:
        """Create an account and prove the real name."""
        self.tab.goto("/accounts/signup/")
        secret = f"{self.name}-有恒-2026"
        send(self.tab.locator("main form"), username=self.name, password1=secret, password2=secret)
        self.tab.goto("/mine/real-name/")
        send(self.tab.locator("main form"), kind="natural", name=true_name, number=number)

    def register(self, round: int) -> None:
        """Tick the seven warnings and pay the deposit on the provider's own page."""
        self.tab.goto(f"/rounds/{round}/register/")
        for box in self.tab.locator("input[name='read']").all():
            box.check()
        send(self.tab.locator("main form"))
        self.tab.locator("button[name='rail'][value^='stripe']").click()
        self.tab.locator("#cardNumber").wait_for()
        write(self.tab.locator("form"), **CARD)
        self.tab.locator("form button[type='submit']").click()
        self.tab.locator(".notice--good").first.wait_for()

    def bid(self, amount: str = "") -> None:
        """Bid the least, or this amount, and wait until it is acknowledged."""
        if amount:
            self.tab.locator("#amount").fill(amount)
        self.tab.locator(".bid-box__send").click()
        self.tab.locator("[data-part='confirm']").click()
        expect(self.tab.locator("[data-bid='accepted']")).to_be_visible()

    def price(self) -> str:
        """Return the price that the page shows."""
        return self.tab.locator("[data-field='price']").first.inner_text()


@contextmanager
def officer(browser: Browser, site: Site, name: str, today: datetime) -> Iterator[Officer]:
    """Yield an officer who has signed in."""
    with at_screen(browser, site, DESKTOP) as tab:
        words = "from config.demo.people import password; print(password())"
        sign_in(tab, name, site.manage("shell", "--no-imports", "--command", words).strip())
        yield Officer(tab, today)


@contextmanager
def bidder(browser: Browser, site: Site, name: str) -> Iterator[Bidder]:
    """Yield a bidder at his own screen."""
    with at_screen(browser, site, PHONE if name == "lin" else DESKTOP) as tab:
        yield Bidder(tab, name)
