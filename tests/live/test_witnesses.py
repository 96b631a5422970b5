"""Two installations on one machine witness each other, and each sees when the other changes its past."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from auction import clock
from auction.log import checkpoint, note
from auction.log.checkpoint import Checkpoint
from auction.log.signer import Signer
from auction.log.tiles import WITNESSED, Tiles
from auction.log.witness import Witness
from auction.models import Event, Log, Round, Witnessed
from tests.support.append_only import lifted_triggers
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import a_bidder, lin, zhao
from tests.support.servers import free_port
from tests.support.site import Site, running_site
from tests.support.world import servers_of, standing_on

WITHIN = 120.0  # seconds; the machine may be busy


@dataclass
class Installation:
    """A site with a signer and a witness of its own, in a folder; `url` is its database."""

    name: str
    folder: Path
    url: str
    port: int

    def __post_init__(self) -> None:
        self.origin = f"{self.name}.example/log"
        self.vkey = Signer(self.folder / "signer", self.origin).vkey()
        self.witness = Witness(self.folder / "witness", f"{self.name}.example/witness").vkey()

    @property
    def tiles(self) -> Tiles:
        return Tiles(self.folder / "log")

    def environment(self) -> dict[str, str]:
        return {
            "LOG_ORIGIN": self.origin,
            "LOG_DIR": str(self.folder / "log"),
            "SIGNER_DIR": str(self.folder / "signer"),
            "SIGNER_SOCKET": str(self.folder / "sock"),
            "WITNESSES": str(self.folder / "asked"),
            "FAIR_CLOSE_GATE": "0",
        }

    def trust(self, other: Installation) -> None:
        """Witness the other's log, and ask the other's witness."""
        (self.folder / "served").write_text(f"log {other.vkey}\nquorum none\n", encoding="utf-8")
        asked = f"witness other {other.witness} http://127.0.0.1:{other.port}\nquorum other\n"
        (self.folder / "asked").write_text(asked, encoding="utf-8")

    def start(self, site: Site) -> None:
        """Start the witness; the rest `running_site` starts."""
        words = ["--name", f"{self.name}.example/witness", "--port", str(self.port)]
        files = ["--folder", str(self.folder / "witness"), "--policy", str(self.folder / "served")]
        site._start("witness", "manage.py", "witness", *words, *files)

    def remembered(self, other: Installation) -> Checkpoint:
        """Return what its witness cosigned last of the other."""
        return Witness(self.folder / "witness", self.name).memory(other.origin).last()

    def covered_by(self, other: Installation, size: int) -> bool:
        """Return whether its published log has so many leaves with the other's cosignature."""
        text = self.tiles.checkpoint(WITNESSED)
        if not text:
            return False
        known = [note.vkey(self.vkey), note.vkey(other.witness)]
        signed = note.parse(text)
        return len(note.verified(signed, known)) == 2 and checkpoint.read(signed.text).size >= size


@pytest.fixture
def both(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[list[tuple[Installation, Site]]]:
    """Run a site on SQLite and one on PostgreSQL that witness each other."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        made = []
        for name in ("sqlite", "postgresql"):
            (tmp_path / name).mkdir()
            found = stack.enter_context(servers_of(name, tmp_path / name, request))
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judicial-log-")))
            made.append((Installation(name, folder, found.database_url, free_port()), found.redis_url))
        (one, _), (other, _) = made
        one.trust(other)
        other.trust(one)
        yield [(each, stack.enter_context(_running(each, redis))) for each, redis in made]


@contextmanager
def _running(each: Installation, redis: str) -> Iterator[Site]:
    environment = each.environment()
    with running_site(database_url=each.url, redis_url=redis, environment=environment) as site:
        each.start(site)
        yield site


def _a_sale(each: Installation) -> tuple[int, int]:
    """Let two people bid on a site; return the round and the length of its record."""
    with standing_on(each.url):
        round = a_recorded_round(at=clock.now())
        for number, person in enumerate((lin(), zhao())):
            bid(a_bidder(round, person, at=clock.now()), 1_400_000 + 5_000 * number, clock.now())
        return round.pk, Event.objects.count()


def _end(each: Installation, round_id: int) -> int:
    """Let the clerk close the round now; return the lot."""
    with standing_on(each.url):
        Round.objects.filter(pk=round_id).update(closes_at=clock.now())
        _wait(lambda: Event.objects.filter(round=round_id, kind="close").exists())
        return Round.objects.get(pk=round_id).lot_id


Pair = Sequence[tuple[Installation, Site]]


def test_two_installations_witness_each_other_and_a_forged_past_is_refused(both: Pair) -> None:
    (one, _), (other, site) = both
    for each, witness in ((one, other), (other, one)):
        round_id, size = _a_sale(each)
        _wait(partial(each.covered_by, witness, size))
    page = f"{site.base_url}/lots/{_end(other, round_id)}/"
    begun = time.monotonic()
    _wait(lambda: "会签已经足够" in _page(page), both)
    print(f"the result was vouched for {time.monotonic() - begun:.1f} s after the close")

    before = one.remembered(other)
    _forge(other, site)
    _wait(lambda: "The witness sqlite.example/witness refuses postgresql.example/log" in site.log("clerk"))
    assert "sqlite.example/witness</b> 拒绝签署" in _page(page)
    _is_refused(one, other, before)


def _is_refused(one: Installation, other: Installation, before: Checkpoint) -> None:
    """Check that a forged log of the same size has no cosignature, and that what it forged is remembered."""
    forged = checkpoint.read(note.parse(other.tiles.checkpoint()).text)
    assert (forged.size, forged.root != before.root) == (before.size, True)
    assert one.remembered(other) == before
    assert not other.covered_by(one, 1)
    assert any((one.folder / "witness/refused").iterdir())


def _forge(each: Installation, site: Site) -> None:
    """Lower a bid in the past, and let everything of the site's own forget what was signed."""
    site.kill("clerk")
    site.kill("signer")
    with standing_on(each.url), lifted_triggers():
        _lower_a_bid()
        Log.objects.update(signed_size=0, checkpoint="", witnessed="", witnessed_size=0)
        Witnessed.objects.all().delete()
    shutil.rmtree(each.folder / "log")
    (each.folder / "signer" / "checkpoint").unlink()
    (each.folder / "sock").unlink()
    site.start_signer()
    site.start_clerk()


def _lower_a_bid() -> None:
    assert Log.objects.get().size == Event.objects.count()
    event = Event.objects.filter(kind="bid").order_by("pk")[0]
    forged = event.leaf.replace("140000000", "130000000")
    assert forged != event.leaf
    Event.objects.filter(pk=event.pk).update(leaf=forged)


def _wait(until: Callable[[], bool], both: Pair = ()) -> None:
    deadline = time.monotonic() + WITHIN
    while not until():
        assert time.monotonic() < deadline, "\n".join(_said(both))
        time.sleep(0.1)


def _said(both: Pair) -> Iterator[str]:
    yield "it did not happen in time"
    for each, site in both:
        for part in ("clerk", "witness"):
            yield f"--- {each.name} {part}\n{site.log(part)[-3000:]}"


def _page(url: str) -> str:
    return httpx.get(url, timeout=WITHIN).text
