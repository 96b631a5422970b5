"""Take a picture of every page as a phone and as a desktop shows it, on a site filled by the demo.

`make screenshots` writes var/screenshots/<width>/<name>.png and the README's picture, and says what is wrong
with a page. The pages are in tests/support/places.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from tools import ROOT, Failed, ended, say

sys.path.insert(0, str(ROOT))

from tests.support.browser import DESKTOP, PHONE, Screen, barriers, chromium, go, person_at
from tests.support.places import PLACES, Place
from tests.support.site import Site, running_site, sqlite_url

OUT = ROOT / "var" / "screenshots"
README = ROOT / "media" / "demo" / "readme.png"
README_PLACE = "lot"
README_BYTES = 1_000_000


def main() -> int:
    """Picture every page; the exit code is not zero if one has a fault."""
    asked = sys.argv[1:] or [place.name for place in PLACES]
    places = [place for place in PLACES if place.name in asked]
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(database_url=sqlite_url(Path(folder)), demo=True) as site,
        chromium() as browser,
    ):
        found = [picture(browser, site, screen, place) for screen in (PHONE, DESKTOP) for place in places]
    if README_PLACE in asked:
        make_readme_picture()
    faults = [fault for some in found for fault in some]
    say("\n".join(faults) or f"Every page is in {OUT.relative_to(ROOT)}.")
    return int(bool(faults))


def picture(browser: Browser, site: Site, screen: Screen, place: Place) -> list[str]:
    """Take one picture and return what is wrong with the page."""
    folder = OUT / str(screen.width)
    folder.mkdir(parents=True, exist_ok=True)
    with person_at(browser, site, screen, place.login) as tab:
        faults = go(tab, place)
        if place.name == README_PLACE:
            tab.screenshot(path=folder / "top.png")
        tab.screenshot(path=folder / f"{place.name}.png", full_page=True)
        return [f"{place.name} at {screen.width}: {fault}" for fault in (*faults, *barriers(tab))]


def make_readme_picture() -> None:
    """Put the lot page into the README, small enough to be committed.

    :raises Failed: if it is not
    """
    with Image.open(OUT / str(DESKTOP.width) / "top.png") as top:
        top.convert("RGB").save(README, optimize=True)
    if README.stat().st_size > README_BYTES:
        raise Failed(f"{README.name} has more than {README_BYTES:,} bytes.")


if __name__ == "__main__":
    sys.exit(ended(main))
