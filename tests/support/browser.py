"""Chromium for tests and pictures: phone and desktop, signed in without typing, checked by axe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright

from tests.support import servers
from tests.support.places import Place
from tests.support.site import ROOT, Site

# Without a graphics card its imitation is for WebGL alone: to put pages together with it takes twice as long.
FLAGS = [
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--hide-scrollbars",
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN_AXE = """async (tags) => {
  const told = await axe.run({ runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
  return told.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}"""
SESSION = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
person = get_user_model().objects.get(username={name!r})
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@dataclass(frozen=True)
class Screen:
    """What somebody holds or sits before, in CSS pixels."""

    width: int
    height: int
    touch: bool


PHONE = Screen(390, 844, touch=True)
DESKTOP = Screen(1280, 800, touch=False)


@contextmanager
def chromium(program: Path | None = None) -> Iterator[Browser]:
    """Run the browser without a window, with WebGL drawn in software."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program or servers.chromium(), args=FLAGS, chromium_sandbox=False
        )
        yield browser
        browser.close()


@contextmanager
def person_at(browser: Browser, site: Site, screen: Screen, login: str = "") -> Iterator[Page]:
    """Yield a tab of somebody's own browser, signed in if a user name is given."""
    with own_browser(browser, site, screen, login) as context:
        yield context.new_page()


@contextmanager
def own_browser(browser: Browser, site: Site, screen: Screen, login: str = "") -> Iterator[BrowserContext]:
    """Yield somebody's own browser, signed in if a user name is given."""
    context = browser.new_context(
        base_url=site.base_url,
        viewport={"width": screen.width, "height": screen.height},
        has_touch=screen.touch,
        is_mobile=screen.touch,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    try:
        if login:
            sign_in(context, site, login)
        yield context
    finally:
        context.close()


def sign_in(context: BrowserContext, site: Site, login: str) -> None:
    """Give the browser a session of the person."""
    key = session_key(site, login)
    context.add_cookies([{"name": "sessionid", "value": key, "url": site.base_url}])


@cache
def session_key(site: Site, login: str) -> str:
    """Return the key of a session of the person, made once for a site: a command takes a second to start."""
    return site.manage("shell", "--no-imports", "--command", SESSION.format(name=login)).strip()


def go(tab: Page, place: Place) -> list[str]:
    """Go to the page and return its faults: a bad answer, a script's complaint, a page too wide."""
    with complaints(tab) as faults:
        answer = tab.goto(place.path)
        tab.wait_for_timeout(300)
    if answer is None or not answer.ok:
        faults.append(f"answers {answer.status if answer else 'nothing'}")
    if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("wider than the screen")
    return faults


@contextmanager
def complaints(tab: Page) -> Iterator[list[str]]:
    """Write down what scripts complain of meanwhile."""
    told: list[str] = []

    def script(error: Error) -> None:
        told.append(f"script: {error}")

    def console(message: ConsoleMessage) -> None:
        told.extend([message.text] if message.type == "error" else [])

    tab.on("pageerror", script)
    tab.on("console", console)
    yield told
    tab.remove_listener("pageerror", script)
    tab.remove_listener("console", console)


def barriers(tab: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA on the page as it stands."""
    tab.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = tab.evaluate(RUN_AXE, WCAG)
    return found
