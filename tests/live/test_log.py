"""The log of a running site: it follows the records, outlives its signer, and starts on no older database."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from auction import clock, record
from auction.log import note
from auction.log.checkpoint import Checkpoint, read
from auction.log.tiles import unbundled
from auction.models import Round
from config.serving import web
from tests.support.bidding import a_recorded_round
from tests.support.site import ROOT, Site, running_site, sqlite_url
from tests.support.world import standing_on


@pytest.fixture
def site(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Yield a site whose log is signed."""
    with (
        running_site(database_url=sqlite_url(tmp_path), signer=True) as made,
        django_db_blocker.unblock(),
    ):
        more_leaves(made)
        wait(lambda: covered(made))
        yield made


def wait(holds: Callable[[], bool], within: float = 30.0) -> None:
    """Wait until something holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within, "it did not happen in time"
        time.sleep(0.05)


def published(site: Site) -> Checkpoint | None:
    """Return the published checkpoint, if there is one yet."""
    try:
        with urllib.request.urlopen(f"{site.base_url}/log/checkpoint", timeout=5) as answer:
            return read(note.parse(answer.read().decode()).text)
    except OSError:
        return None


def leaves(site: Site) -> int:
    """Return how many leaves the records have."""
    with standing_on(site.environment["DATABASE_URL"]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM auction_event")
        return int(cursor.fetchone()[0])


def covered(site: Site, more: int = 0) -> bool:
    """Return whether the published checkpoint is over all leaves there are, and so many of the log's own."""
    there = published(site)
    return there is not None and there.size == leaves(site) + more


def more_leaves(site: Site) -> None:
    """Let a record grow, begun if there is none."""
    with standing_on(site.environment["DATABASE_URL"]):
        round = Round.objects.first() or a_recorded_round(at=clock.now())
        record.append(round, "note", {"about": "correction"}, at=clock.now())


def test_the_log_follows_the_records_and_outlives_its_signer(site: Site) -> None:
    site.kill("signer")
    before = published(site)
    more_leaves(site)
    time.sleep(1)
    assert published(site) == before

    site.start_signer()
    wait(lambda: covered(site))
    size = leaves(site)
    bundle = (site.folder / f"log/tile/entries/000.p/{size}").read_bytes()
    assert len(list(unbundled(bundle))) == size


def test_a_restored_backup_starts_nothing_until_the_log_is_succeeded(site: Site, tmp_path: Path) -> None:
    signed = backed_up_and_grown(site, tmp_path)
    restore(tmp_path)

    for words in (["manage.py", "clerk"], web("127.0.0.1", site.port)):
        code, said = started(site, words)
        assert code != 0
        assert f"signed {signed} leaves, the database knows {leaves(site)}" in said, said

    said = succeed(site)
    assert f"ended with {signed} leaves" in said
    site.start_web()
    site.start_clerk()
    wait(lambda: covered(site, more=1))


def backed_up_and_grown(site: Site, folder: Path) -> int:
    """Copy the database as a backup does, let the log grow, stop; return how many leaves were signed."""
    stop(site)
    shutil.copy(folder / "db.sqlite3", folder / "last-night")
    site.start_web()
    site.start_clerk()
    more_leaves(site)
    wait(lambda: covered(site))
    stop(site)
    return leaves(site)


def stop(site: Site) -> None:
    """Kill all that writes, and bring what it wrote into the one file."""
    for name in ("clerk", "web"):
        site.kill(name)
    with standing_on(site.environment["DATABASE_URL"]), connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def restore(folder: Path) -> None:
    """Put the backup in the database's place."""
    for left in folder.glob("db.sqlite3*"):
        left.unlink()
    shutil.copy(folder / "last-night", folder / "db.sqlite3")


def succeed(site: Site) -> str:
    """Do what docs/log.md says of a restored backup; return what the command said."""
    last = Path(site.environment["LOG_DIR"]) / "checkpoint"
    site.kill("signer")
    Path(site.environment["SIGNER_SOCKET"]).unlink()
    site.environment |= {
        "LOG_ORIGIN": "auction.example/log/2",
        "LOG_DIR": str(site.folder / "log-2"),
        "SIGNER_DIR": str(site.folder / "signer-2"),
    }
    said = site.manage("succeed_log", "--checkpoint", str(last), "--why", "a backup was restored")
    site.start_signer()
    return said


def started(site: Site, words: list[str]) -> tuple[int, str]:
    """Start a part that should not start; return its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr
