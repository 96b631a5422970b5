"""The whole story: an officer lists a flat, a phone walks through it, two people bid, the court settles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from config.demo.people import natural_number
from tests.support.actors import Bidder, Clock, Officer, at_screen, bidder, officer, send
from tests.support.browser import PHONE
from tests.support.servers import fresh_database
from tests.support.site import ROOT, Site, running_site

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
OPENS = datetime(2026, 12, 7, 2, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=24)
PICTURES = [ROOT / "media" / "demo" / f"{room}.jpg" for room in ("living", "kitchen")]
COURT = "from config.demo.people import open_court; open_court()"
LIN, HE = (natural_number(1), "林小满"), (natural_number(2), "何大山")
BANK, DEBTOR = "91350100M000100Y43", "440524188001010014"


@pytest.fixture(scope="module")
def clock(tmp_path_factory: pytest.TempPathFactory) -> Clock:
    """Return the site's clock, on the morning the officer begins."""
    return Clock(tmp_path_factory.mktemp("clock") / "clock", NOW)


@pytest.fixture(scope="module")
def site(clock: Clock, postgresql_url: str, redis_url: str) -> Iterator[Site]:
    """Yield a site that has a court and nothing else."""
    with (
        fresh_database(postgresql_url) as database,
        running_site(database_url=database, redis_url=redis_url, clock_file=clock.file) as running,
    ):
        running.manage("shell", "--no-imports", "--command", COURT)
        yield running


def test_a_flat_goes_from_its_seizure_to_the_creditor(browser: Browser, site: Site, clock: Clock) -> None:
    with officer(browser, site, "zhou", NOW) as zhou:
        lot = list_the_flat(zhou)
        walk_through(browser, site, lot)
        with bidder(browser, site, "lin") as lin, bidder(browser, site, "he") as he:
            qualify(lin, LIN, lot)
            qualify(he, HE, lot)
            bid_against_each_other(lin, he, lot, clock)
            nobody_knows_the_bidders(zhou, browser, site, lot)
            see_it_sold(lin, he, lot, clock)
            pay_the_balance(lin, zhou, lot, clock)
        settle(zhou, clock)
        release(browser, site, zhou)


def list_the_flat(zhou: Officer) -> int:
    """Enter case and property, take every step of the wizard, and publish."""
    zhou.open_case("(2026)京0199执2001号")
    zhou.add("parties", side="applicant", kind="organisation", name="示例银行", number=BANK)
    zhou.add("parties", side="debtor", kind="natural", name="周某", number=DEBTOR)
    zhou.add("claims", kind="mortgage", amount="1,000,000", priority=1, creditor=first_creditor(zhou))
    seize(zhou)
    zhou.start_listing()
    describe(zhou)
    zhou.begin_tour()
    zhou.build_tour(PICTURES)
    zhou.link_scenes("kitchen")
    decide(zhou)
    return zhou.publish()


def first_creditor(zhou: Officer) -> str:
    """Return the number of the only creditor in the claim's form."""
    zhou.tab.goto(f"{zhou.case}claims/new/")
    return zhou.tab.locator("[name='creditor'] option:not([value=''])").first.get_attribute("value") or ""


def seize(zhou: Officer) -> None:
    """Enter the flat, its seizure and a tax."""
    zhou.add("properties", category="house", name="示例路1号院301室", province="北京市")
    days = {"seized_on": zhou.day(-50), "expires_on": zhou.day(900)}
    zhou.add_to_property("seizures", order=1, document="(2026)京0199执保1号", **days)
    zhou.add_to_property("taxes", name="契税", rate="3%", bearer="buyer_by_law")


def describe(zhou: Officer) -> None:
    """Say all that must be known of the flat."""
    zhou.step(
        "property",
        title="登记在被执行人名下，建筑面积89平方米",
        possession="被执行人居住，法院负责腾退后交付",
        burdens="抵押权人示例银行",
        defects="厨房地砖开裂",
        qualification="应当具备北京市购房资格",
        visits="公告期内每周三14:00",
    )


def decide(zhou: Officer) -> None:
    """Take the wizard's steps from the price to the announcement."""
    dates = {"dated_on": zhou.day(-20), "valid_until": zhou.day(300)}
    zhou.step("price", way="appraisal", amount="1,000,000", by="示例评估公司", document="示评1号", **dates)
    judge(zhou)
    zhou.notify(-6)
    hours = {"opens_at": beijing(OPENS), "closes_at": beijing(CLOSES)}
    zhou.step("announcement", title="示例路1号院301室", **hours)


def judge(zhou: Officer) -> None:
    """Enter the decision of a panel of three."""
    zhou.tab.goto(f"{zhou.listing}decision/")
    for name in ("孙洁", "李正", "吴敏"):
        zhou.tab.get_by_label(name).check()
    fixed = {"starting": "700,000", "increment": "5,000", "deposit": "70,000", "balance_days": 10}
    form = zhou.tab.locator("form:has(button[name='on'])")
    send(form, document="合议庭评议笔录", decided_on=zhou.day(-10), **fixed)


def walk_through(browser: Browser, site: Site, lot: int) -> None:
    """Open the lot on a phone without signing in, enter the viewing, and go through the door."""
    with at_screen(browser, site, PHONE) as phone:
        phone.goto(f"/lots/{lot}/")
        phone.locator("[data-act='enter-tour'], .gallery__enter, a[href*='/tours/']").first.tap()
        here = phone.locator("[data-field='current']")
        expect(here).to_have_text("living")
        phone.locator(".tour__marker--link").first.dispatch_event("click")
        expect(here).to_have_text("kitchen")


def qualify(who: Bidder, identity: tuple[str, str], lot: int) -> None:
    """Sign up, prove the name, register and pay the deposit by card."""
    number, name = identity
    who.sign_up(number, name)
    who.register(lot)
    who.tab.goto(f"/lots/{lot}/")


def bid_against_each_other(lin: Bidder, he: Bidder, lot: int, clock: Clock) -> None:
    """Bid in turn; each sees the other's bid within a second, and a late one moves the end."""
    clock.set(OPENS + timedelta(seconds=10))
    for who in (lin, he):
        who.tab.goto(f"/lots/{lot}/")
    lin.bid()
    expect(he.tab.locator("[data-field='price']").first).to_contain_text("700,000", timeout=1000)
    he.bid()
    expect(lin.tab.locator("[data-field='price']").first).to_contain_text("705,000", timeout=1000)
    clock.set(CLOSES - timedelta(minutes=2))
    lin.tab.reload()
    lin.bid("730,000")
    expect(he.tab.locator("[data-when='extended']")).to_be_visible()


def nobody_knows_the_bidders(zhou: Officer, browser: Browser, site: Site, lot: int) -> None:
    """Look through the officer's and the public's pages for the bidders' names and numbers."""
    places = ("", "cases/1/", "listings/1/publish/", "listings/1/settlement/", "account/")
    shown = [source(zhou.tab, f"/officer/{place}") for place in places]
    with at_screen(browser, site, PHONE) as phone:
        public = (f"/lots/{lot}/", f"/lots/{lot}/record.jsonl", f"/rounds/{lot}/state.json")
        shown += [source(phone, place) for place in public]
    for secret in (*LIN, *HE, "lin@", "he@"):
        assert not any(secret in page for page in shown)


def see_it_sold(lin: Bidder, he: Bidder, lot: int, clock: Clock) -> None:
    """Let the end pass: the page says so by itself, and only now the purchaser has a name."""
    clock.set(CLOSES + timedelta(minutes=4))
    link = he.tab.locator("a[href$='/confirmation/']").first
    open_with(he.tab, f"/lots/{lot}/", "/confirmation/")
    link.click()
    expect(he.tab.locator("main")).to_contain_text("林小满")
    open_with(he.tab, f"/rounds/{lot}/deposit/", "notice--good")
    expect(he.tab.locator("main .notice--good")).to_be_visible()


def pay_the_balance(lin: Bidder, zhou: Officer, lot: int, clock: Clock) -> None:
    """Send the balance by bank, and let the officer import the court's statement."""
    where = lin.tab.locator("main dl b.figures").first
    open_with(lin.tab, f"/rounds/{lot}/balance/", '<b class="figures">')
    line = f"2026-12-09,B1,660000.00,林小满,6222,{where.inner_text()}"
    file = {"name": "statement.csv", "mimeType": "text/csv", "buffer": statement(line)}
    clock.set(CLOSES + timedelta(days=1))
    zhou.today = clock.at
    zhou.tab.goto(f"{zhou.listing}settlement/")
    form = zhou.tab.locator("form[action$='statement/']")
    form.locator("input[type='file']").set_input_files([file])
    send(form)


def settle(zhou: Officer, clock: Clock) -> None:
    """Rule, serve, hand over, enter a cost, and draw the distribution up."""
    zhou.settle("ruling/draft", number="(2026)京0199执2001号之一")
    zhou.settle("ruling/service", on=zhou.day(0), proof="送达回证")
    zhou.settle("handover", on=zhou.day(0), note="钥匙三把")
    cost = {"step": "cost", "name": "评估费", "payee": "示例评估公司", "receipt": "发票1"}
    zhou.settle("costs", amount="3,000", **cost)
    zhou.tab.goto(f"{zhou.listing}distribution/")
    form = zhou.tab.locator("form[action$='distribution/draft/']")
    form.locator("input[type='radio']").first.check()
    send(form)


def release(browser: Browser, site: Site, zhou: Officer) -> None:
    """Let a second officer release the money; the case's line then runs from seizure to payment."""
    with officer(browser, site, "wu", zhou.today) as wu:
        wu.tab.goto(f"{zhou.listing}distribution/")
        send(wu.tab.locator("form[action$='release/']"))
    zhou.tab.goto(zhou.case)
    line = zhou.tab.locator("main").inner_text()
    for article in ("第485条", "第12条", "第20条第2款", "第22条第2款", "法发〔2017〕6号"):
        assert article in line


def source(tab: Page, place: str) -> str:
    """Return everything the page's address answers."""
    answer = tab.request.get(place)
    assert answer.ok, place
    return answer.text()


def open_with(tab: Page, place: str, sign: str) -> None:
    """Open the page once the clerk's work is on it, of which a piece of its source is the sign."""
    for _ in range(120):
        if sign in tab.request.get(place).text():
            tab.goto(place)
            return
        tab.wait_for_timeout(250)
    raise AssertionError(f"{place} never showed it")


def statement(line: str) -> bytes:
    """Return a bank statement of one line, as a bank exports it."""
    return f"交易日期,流水号,金额,对方户名,对方账号,附言\n{line}\n".encode("gb18030")


def beijing(at: datetime) -> str:
    """Return an instant as date fields take it, in Beijing's time."""
    return f"{at + timedelta(hours=8):%Y-%m-%dT%H:%M}"
