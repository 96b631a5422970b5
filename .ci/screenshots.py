"""Take a picture of every page as a phone and as a desktop shows it, on a site filled by the demo.

`make screenshots` writes var/screenshots/<width>/<name>.png and the README's picture. It fails if a page
answers with an error, if a script complains, or if a page is wider than its screen.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from playwright.sync_api import Page as Tab
from tools import ROOT, Failed, ended, say

sys.path.insert(0, str(ROOT))

from tests.support import servers
from tests.support.site import Site, running_site, sqlite_url

OUT = ROOT / "var" / "screenshots"
README = ROOT / "media" / "demo" / "readme.png"
README_PAGE = "lot"
README_BYTES = 1_000_000
WIDTHS = {390: 844, 1280: 800}
FLAGS = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--hide-scrollbars"]
SESSION = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.conf import settings
person = get_user_model().objects.get(username={name!r})
session = SessionStore()
session[SESSION_KEY] = str(person.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = person.get_session_auth_hash()
session.create()
print(session.session_key)
"""


@dataclass(frozen=True)
class Shot:
    """A page to picture: where it is, who is signed in, and a link on it to follow first."""

    name: str
    path: str
    login: str = ""
    follow: str = ""
    settle_ms: int = 400


SHOTS = (
    Shot("lots", "/"),
    Shot("how", "/how-it-works/"),
    Shot("lot", "/", follow="a[href^='/lots/']"),
    Shot("login", "/accounts/login/"),
    Shot("signup", "/accounts/signup/"),
    Shot("lot-bidder", "/", login="lin", follow="a[href^='/lots/']"),
    Shot("mine", "/mine/", login="lin"),
    Shot("desk", "/officer/", login="wu"),
)


def main() -> int:
    """Picture every page; the exit code is not zero if one has a fault."""
    faults: list[str] = []
    with filled_site() as site, chromium() as browser:
        for width, height in WIDTHS.items():
            for shot in SHOTS:
                faults += picture(site, browser, shot, (width, height))
    make_readme_picture()
    say("\n".join(faults) or f"Every page is in {OUT.relative_to(ROOT)}.")
    return int(bool(faults))


@contextmanager
def filled_site() -> Iterator[Site]:
    """Run a site of its own with the demo in it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(database_url=sqlite_url(Path(folder))) as site,
    ):
        site.manage("demo")
        yield site


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser, with WebGL drawn in software."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=servers.chromium(), args=FLAGS, chromium_sandbox=False
        )
        yield browser
        browser.close()


def picture(site: Site, browser: Browser, shot: Shot, size: tuple[int, int]) -> list[str]:
    """Take one picture and return what is wrong with the page."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale="zh-CN",
        has_touch=width < 600,
        is_mobile=width < 600,
    )
    try:
        sign_in(site, context, shot.login)
        tab = context.new_page()
        faults = visit(site, tab, shot)
        target = OUT / str(width) / f"{shot.name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=target, full_page=True)
        if shot.name == README_PAGE:
            tab.screenshot(path=OUT / str(width) / "top.png")
        return [f"{shot.name} at {width}: {fault}" for fault in faults]
    finally:
        context.close()


def sign_in(site: Site, context: BrowserContext, name: str) -> None:
    """Give the browser a session of the person, if one is named."""
    if not name:
        return
    key = site.manage("shell", "--no-imports", "--command", SESSION.format(name=name)).strip()
    context.add_cookies([{"name": "sessionid", "value": key, "url": site.base_url}])


def visit(site: Site, tab: Tab, shot: Shot) -> list[str]:
    """Go to the page and return its faults: a bad answer, a script's complaint, a page too wide."""
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(f"script: {error}"))
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    answer = tab.goto(site.base_url + shot.path, wait_until="load")
    if shot.follow:
        answer = tab.goto(site.base_url + str(tab.locator(shot.follow).first.get_attribute("href")))
    tab.wait_for_timeout(shot.settle_ms)
    if answer is None or not answer.ok:
        faults.append(f"answers {answer.status if answer else 'nothing'}")
    if tab.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("wider than the screen")
    return faults


def make_readme_picture() -> None:
    """Put the lot page into the README, small enough to be committed.

    :raises Failed: if it is not
    """
    with Image.open(OUT / "1280" / "top.png") as top:
        top.convert("RGB").quantize(256).save(README, optimize=True)
    if README.stat().st_size > README_BYTES:
        raise Failed(f"{README.name} has more than {README_BYTES:,} bytes.")


if __name__ == "__main__":
    sys.exit(ended(main))
