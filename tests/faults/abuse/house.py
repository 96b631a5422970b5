"""A site with one open round: Lin and Zhao bid honestly, Wang bids to disturb, Chen may not bid."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from auction import clock
from auction.models import Person, Round
from tests.support import servers
from tests.support.bidding import a_recorded_round
from tests.support.people import _person, a_bidder, chen, lin, zhao
from tests.support.site import Site, running_site, sqlite_url
from tests.support.world import Servers, signed_in, standing_on

TROUBLE = ("Traceback", "ERROR", "CRITICAL", '" 500', "Exception in")

# With DEBUG Django keeps the last 9,000 queries of each connection, which looks like a leak.
KEEPS_NO_QUERIES = {"DJANGO_SETTINGS_MODULE": "tests.bench.settings"}
LIN = "T0001"
CLIENTS_FAULT = " django.security."  # a refusal that Django calls an error


@dataclass(frozen=True)
class House:
    """A running site, its round, and the sessions of who is signed in."""

    site: Site
    round: Round
    sessions: dict[str, str]

    @property
    def port(self) -> int:
        """Return where the site listens."""
        return self.site.port

    @property
    def path(self) -> str:
        """Return the path of the round's socket."""
        return f"/ws/rounds/{self.round.pk}/"

    def cookie(self, who: str) -> str:
        """Return the cookie of whoever this is; nobody has none."""
        return f"sessionid={self.sessions[who]}" if who else ""

    def web(self) -> psutil.Process:
        """Return the web process."""
        return psutil.Process(self.site.parts["web"].pid)

    def memory(self) -> int:
        """Return what the web process holds in memory, in bytes."""
        return int(self.web().memory_info().rss)

    def troubles(self) -> list[str]:
        """Return the lines of the web log that tell of a fault of ours."""
        lines = [line for line in self.site.log("web").splitlines() if CLIENTS_FAULT not in line]
        return [line for line in lines if any(word in line for word in TROUBLE)]

    def alive(self) -> bool:
        """Return whether the process that was started still answers."""
        running = self.site.parts["web"].poll() is None
        return running and httpx.get(self.site.base_url, timeout=60).status_code == 200

    def state(self) -> dict[str, Any]:
        """Return what stands, as anyone may read it."""
        answer: dict[str, Any] = httpx.get(
            f"{self.site.base_url}/rounds/{self.round.pk}/state.json", timeout=60
        ).json()
        return answer

    def length(self) -> int:
        """Return how many entries the record has."""
        return int(self.state()["seq"])

    def next_bid(self) -> tuple[str, int]:
        """Return who of the honest may bid next, and what he must offer at least, in fen."""
        state = self.state()
        return ("zhao" if state["leader"] == LIN else "lin"), int(state["least"])

    def token(self, who: str) -> str:
        """Return a CSRF token, which whoever posts must show."""
        cookies = {"sessionid": self.sessions[who]}
        return httpx.get(f"{self.site.base_url}/accounts/logout/", cookies=cookies, timeout=60).cookies[
            "csrftoken"
        ]


@contextmanager
def a_house(kind: str) -> Iterator[House]:
    """Run a site on servers of its own: a file of SQLite, or PostgreSQL and Redis."""
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            found = Servers(sqlite_url(folder), "")
        else:
            urls = stack.enter_context(servers.postgresql()), stack.enter_context(servers.redis())
            found = Servers(*urls)
        yield stack.enter_context(open_house(found))


@contextmanager
def open_house(servers: Servers) -> Iterator[House]:
    """Run a site on these servers with one round that stays open for a day."""
    with (
        running_site(
            database_url=servers.database_url,
            redis_url=servers.redis_url,
            forked=False,
            environment=KEEPS_NO_QUERIES,
        ) as site,
        standing_on(servers.database_url),
    ):
        house = House(site, _round(), {person.username: signed_in(person) for person in _people()})
        house.token("lin")  # the first page is slow: every template is read
        yield house


def _people() -> list[Person]:
    return [lin(), zhao(), wang(), chen()]


def wang() -> Person:
    """Return Wang, who may bid, and bids to disturb."""
    return _person("wang")


def _round() -> Round:
    at = clock.now()
    round = a_recorded_round(at=at)
    for person in (lin(), zhao(), wang()):
        a_bidder(round, person, at=at)
    return round
