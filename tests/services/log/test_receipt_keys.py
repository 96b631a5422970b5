"""The key of receipts is exchanged: what it signed before stands, what it signs afterwards does not."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

import verify_record
from auction import receipts
from auction.log.signer import Signer
from auction.models import Bidder
from auction.queries.export import record_zip
from auction.record import ms
from auction.services.log_publish import grow
from tests.support.bidding import a_recorded_round, bid
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, chen, lin

pytestmark = pytest.mark.django_db
OLD, NEW = "the old one " * 4, "the new one " * 4
ZERO = base64.b64encode(bytes(32)).decode()


@pytest.fixture(autouse=True)
def _old_key(settings: Settings) -> Iterator[None]:
    take(OLD, settings)
    yield
    take(settings.RECEIPT_KEY, settings)


@pytest.fixture
def clock(settings: Settings) -> HandClock:
    return HandClock(Path(settings.PLATFORM_CLOCK))


def take(secret: str, settings: Settings) -> None:
    """Let the site sign with another key, as after a start."""
    settings.RECEIPT_KEY = secret
    for kept in (receipts.public_key, receipts.key_id, receipts._key, receipts._form):
        kept.cache_clear()


def exchange(folder: Path, settings: Settings) -> None:
    """Do what docs/log.md says."""
    with (folder / "former").open("a") as file:
        call_command("retire_receipt_key", stdout=file)
    settings.FORMER_RECEIPT_KEYS = str(folder / "former")
    take(NEW, settings)


def offered(bidder: Bidder, amount: int, clock: HandClock) -> bytes:
    """Return the receipt of a bid a second later."""
    decision = bid(bidder, amount, clock.go(seconds=1))
    assert decision.ground is None
    return decision.receipt.encode()


def faults() -> list[str]:
    return [each.id for each in run_checks() if each.id in {"auction.E003", "auction.E004"}]


def test_a_receipt_outlives_its_key_and_none_is_given_by_it_afterwards(
    signer: Signer, clock: HandClock, tmp_path: Path, settings: Settings
) -> None:
    round = a_recorded_round()
    one, other = a_bidder(round, lin()), a_bidder(round, chen())
    before = offered(one, 1_400_000, clock)
    clock.go(seconds=1)
    exchange(tmp_path, settings)
    by_new = offered(other, 1_500_000, clock)
    take(OLD, settings)
    by_old, key = offered(one, 1_600_000, clock), receipts.public_key()
    take(NEW, settings)
    grow(at=clock.at)

    told = verify_record.check(
        record_zip(round), verify_record.Asked(running=True, receipts=(before, by_new, by_old))
    )
    (wrong,) = [each["text"] for each in told["violations"] if each["rule"].startswith("R")]
    assert receipts.verify(by_old.decode(), key)["cid"] in wrong
    assert "not given in the time of the key" in wrong


def test_the_times_of_keys_meet_and_are_told(client: Client, tmp_path: Path, settings: Settings) -> None:
    old = receipts.key_id()
    exchange(tmp_path, settings)

    first, second = client.get("/receipt-key.json").json()["receipt"]
    assert (first["id"], first["until"], first.get("from")) == (old, ms(NOON), None)
    assert (second["id"], second["from"], second.get("until")) == (receipts.key_id(), ms(NOON), None)


def test_a_key_that_was_retired_signs_nothing_more(tmp_path: Path, settings: Settings) -> None:
    exchange(tmp_path, settings)
    assert faults() == []

    take(OLD, settings)
    assert faults() == ["auction.E004"]


@pytest.mark.parametrize(
    "lines",
    [
        f"{ZERO}",
        f"{ZERO} soon",
        "AAAA 5",
        f"{ZERO} 5 5",
        f"{ZERO} 0",
        f"{ZERO} 5\n{ZERO} 6",
        f"{ZERO} 6\n{ZERO[1:]}A 6",
    ],
)
def test_a_file_that_is_none_refuses_to_start(tmp_path: Path, settings: Settings, lines: str) -> None:
    settings.FORMER_RECEIPT_KEYS = str(tmp_path / "former")
    assert faults() == ["auction.E003"]

    (tmp_path / "former").write_text(f"# {ZERO}\n\n{lines}\n")
    assert faults() == ["auction.E003"]
