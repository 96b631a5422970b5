"""The public interfaces of a running site do what their description says, whatever they are asked."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from auction import clock
from auction.models import Incident
from tests.pages.auction.test_openapi import SAID
from tests.support.bidding import a_recorded_round
from tests.support.people import a_bidder, a_lot, lin
from tests.support.site import Site, running_site, sqlite_url
from tests.support.world import signed_in, standing_on
from viewing.models import Tour

LIMIT_S = 400
PATIENCE_S = 60  # for one answer: the machine may be busy
# A log of a few leaves fills no tile, and nobody witnesses it.
NOT_THERE = {"/log/tile/{level}/{index}", "/log/tile/entries/{index}", "/log/witnessed"}
# JSON Schema takes 651.0 for an integer; a bid must be read alike by every reader, and does not.
SETTINGS = """
request-timeout = {patience}
[auth.openapi]
session = {{ api_key = "{session}" }}
csrf = {{ api_key = "{csrf}" }}
csrfCookie = {{ api_key = "{csrf}" }}

[[operations]]
include-operation-id = "bid"
checks.positive_data_acceptance.expected-statuses = [200, 400, 404, 409]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """Yield a site with a lot, its tour, an outage and a bidder, whose log is signed."""
    with (
        running_site(database_url=sqlite_url(tmp_path_factory.mktemp("site")), signer=True) as made,
        django_db_blocker.unblock(),
    ):
        with standing_on(made.environment["DATABASE_URL"]):
            now = clock.now()
            tour = Tour.objects.create(title="301", frozen_at=now, digest="0" * 64)
            round = a_recorded_round(at=now, lot=a_lot(tour=tour))
            a_bidder(round, lin(), at=now)
            Incident.objects.create(cause="unreachable", from_at=now, at=now)
        wait_for_the_signature(made)
        yield made


def wait_for_the_signature(site: Site) -> None:
    """Wait until a checkpoint is published."""
    deadline = time.monotonic() + PATIENCE_S
    while httpx.get(f"{site.base_url}/log/checkpoint", timeout=PATIENCE_S).status_code != 200:
        assert time.monotonic() < deadline, "nothing was signed in time"
        time.sleep(0.05)


def test_whatever_is_described_is_there(site: Site) -> None:
    size = httpx.get(f"{site.base_url}/log/checkpoint", timeout=PATIENCE_S).text.split("\n")[1]
    values = {"old": "1", "size": size, "width": size, "level": "0", "index": "000"}
    found = {}
    for path, operations in SAID["paths"].items():
        if "get" in operations:
            address = re.sub(r"{(\w+)}", lambda match: values.get(match[1], "1"), path)
            found[path] = httpx.get(site.base_url + address, timeout=PATIENCE_S).status_code

    assert {path for path, status in found.items() if status != 200} == NOT_THERE


def test_no_question_makes_it_say_what_is_not_described(site: Site, tmp_path: Path) -> None:
    with standing_on(site.environment["DATABASE_URL"]):
        session = signed_in(lin())
    told = SETTINGS.format(session=session, csrf="c" * 32, patience=PATIENCE_S)
    (tmp_path / "schemathesis.toml").write_text(told)

    program = Path(sys.executable).with_name("st")
    words = ["--max-examples", "10", "--seed", "1", "--checks", "all", "--no-color"]
    command = [program, "run", f"{site.base_url}/openapi.json", *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT_S, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    others = len(SAID["paths"]) - 1  # all but the address of the description, which it read
    assert f"Tested: {others}" in done.stdout
