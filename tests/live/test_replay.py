"""Real auctions, bid again through the real websocket: what the platform makes of them equals what happened.

The facts are computed here from the file alone, by the five-minute rule and nothing of the site's code.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support import forks
from tests.support.clock import HandClock
from tests.support.migrated import bring_up_to_date
from tests.support.site import COMMAND_S, ROOT, running_site
from tests.support.world import servers_of

FIVE_MINUTES = timedelta(minutes=5)
NOMINAL_END = datetime.fromisoformat("2026-05-26T10:00:00+08:00")


@pytest.fixture(scope="module")
def history(shared_data: Path) -> Path:
    return shared_data / "bids" / "judicial_auctions_shenzhen_2026.csv"


def bids_of(history: Path, lot: str) -> list[dict[str, str]]:
    with history.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lot"] == lot]
    return sorted(rows, key=lambda row: int(row["seq"]))


def literal_end(history: Path, lot: str) -> tuple[datetime, int]:
    """Return the end and the number of extensions by article 20¶2, read literally."""
    end, extensions = NOMINAL_END, 0
    for row in bids_of(history, lot):
        at = datetime.fromisoformat(row["time"])
        assert at < end, f"{lot}: the bid at {at} came after the end at {end}"
        if end - at < FIVE_MINUTES:
            end, extensions = at + FIVE_MINUTES, extensions + 1
    return end, extensions


@pytest.fixture(scope="module", params=["own server on SQLite", "running site on PostgreSQL"])
def replayed(
    request: pytest.FixtureRequest, history: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[dict[str, Any]]]:
    """Give what the command prints for each lot."""
    folder = tmp_path_factory.mktemp("replay")
    if "SQLite" in request.param:
        with servers_of("sqlite", folder, request) as servers:
            environment = os.environ | {"DATABASE_URL": servers.database_url, "REDIS_URL": ""}
            migrate = partial(_manage, environment, "migrate", "--verbosity", "0")
            bring_up_to_date(servers.database_url, migrate)
            yield _lines(_manage(environment, "replay_bids", str(history), "--json"))
        return
    clock = HandClock(folder / "clock", NOMINAL_END - timedelta(days=1))
    with servers_of("postgresql", folder, request) as servers:
        urls = {"database_url": servers.database_url, "redis_url": servers.redis_url}
        with running_site(**urls, clock_file=clock.path) as site:
            yield _lines(site.manage("replay_bids", str(history), "--json", "--url", site.base_url))


def _manage(environment: dict[str, str], *words: str) -> str:
    code, said, wrong = forks.run(["manage.py", *words], environment, COMMAND_S)
    assert code == 0, wrong
    return said


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_every_recorded_bid_is_accepted_and_the_final_price_is_the_facts(
    replayed: list[dict[str, Any]], history: Path
) -> None:
    facts = json.loads((history.parent / f"{history.stem}_facts.json").read_text(encoding="utf-8"))

    shown = {lot["lot"]: (lot["accepted"], lot["refused"], lot["price_fen"]) for lot in replayed}

    yuan_and_fen = {fact["lot"]: fact["high"].split(".") for fact in facts}
    assert shown == {
        fact["lot"]: (fact["bids"], [], int("".join(yuan_and_fen[fact["lot"]]))) for fact in facts
    }


def test_end_and_extensions_are_those_of_the_five_minute_rule(
    replayed: list[dict[str, Any]], history: Path
) -> None:
    shown = {lot["lot"]: (datetime.fromisoformat(lot["ended"]), lot["extensions"]) for lot in replayed}

    assert shown == {lot: literal_end(history, lot) for lot in shown}
    assert {lot["state"] for lot in replayed} <= {"sold", "confirmed"}


def test_no_recorded_bid_falls_after_the_computed_end(replayed: list[dict[str, Any]], history: Path) -> None:
    for lot in replayed:
        last = datetime.fromisoformat(bids_of(history, lot["lot"])[-1]["time"])

        assert last <= datetime.fromisoformat(lot["ended"]) - FIVE_MINUTES


def test_a_file_that_is_no_history_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("lot,seq\n", encoding="utf-8")
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"}
    command = [sys.executable, "manage.py", "replay_bids", str(file)]

    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("CommandError")
    assert done.stderr.count("\n") == 1
