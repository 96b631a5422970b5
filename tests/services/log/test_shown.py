"""Receipts name the checkpoint that was shown before, and promise when their leaf is under the next one."""

from __future__ import annotations

import threading
from base64 import b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

import verify_record
from auction import record
from auction.log import note
from auction.log.checkpoint import read
from auction.log.files import tiles
from auction.log.shown import Shown, begin, shown
from auction.log.signer import Signer
from auction.log.tiles import Tiles
from auction.models import Logged, Round
from auction.queries.export import record_zip
from auction.receipts import Accepted, public_key, signed, statement, verify
from auction.record import ms
from auction.services.closing import close_rounds
from auction.services.log_publish import grow
from tests.support.bidding import a_recorded_round, bid
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, lin, zhao

pytestmark = pytest.mark.django_db
PROMISE_MS = 60_000


@pytest.fixture(autouse=True)
def _nothing_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "lines", Shown.lines)


def said(receipt: str) -> dict[str, str]:
    return verify(receipt, public_key())


def a_round_in_the_log() -> Round:
    """Return a round with two qualified bidders whose first leaves are published, and shown."""
    round = a_recorded_round()
    for person in (lin(), zhao()):
        bidder = a_bidder(round, person)
        record.append(round, "qualify", {"code": bidder.code, "commit": "ef" * 32}, at=NOON)
    grow(at=NOON)
    shown.look()
    return round


def test_without_a_log_a_receipt_names_and_promises_none(settings: Settings, tmp_path: Path) -> None:
    settings.LOG_DIR, settings.SIGNER_SOCKET = str(tmp_path), ""
    shown.look()

    told = said(bid(a_bidder(a_recorded_round(), lin()), 1_400_000, NOON).receipt)
    assert (told["seen"], told["mmd_ms"]) == ("-", "-")


def test_a_receipt_and_a_refusal_name_the_newest_checkpoint(signer: Signer) -> None:
    round = a_round_in_the_log()
    origin, size, root = read(note.parse(tiles().checkpoint()).text)
    mine, other = round.bidders.order_by("pk")

    taken, refused = bid(mine, 1_400_000, NOON), bid(other, 1, NOON)

    for told in (said(taken.receipt), said(refused.receipt)):
        assert told["seen"] == f"{size} {b64encode(root).decode()} {origin}"
        assert told["mmd_ms"] == str(PROMISE_MS)
    grow(at=NOON)
    assert Logged.objects.get(event__hash=taken.hash).index >= size > 0


def test_a_bid_reads_no_file_and_is_shown_no_more_than_was_looked_at(
    signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = a_round_in_the_log()
    mine = round.bidders.earliest("pk")
    first = bid(mine, 1_400_000, NOON)
    grow(at=NOON)

    with monkeypatch.context() as patch:
        patch.setattr(Tiles, "checkpoint", lambda *_: pytest.fail("a bid read a file"))
        second = bid(mine, 1, NOON)
    shown.look()
    third = bid(mine, 2, NOON)

    assert said(first.receipt)["seen"] == said(second.receipt)["seen"] != said(third.receipt)["seen"]


def test_what_cannot_be_read_leaves_what_was_shown(signer: Signer, settings: Settings) -> None:
    a_round_in_the_log()
    known = shown.lines

    (Path(settings.LOG_DIR) / "checkpoint").write_text("half a check", encoding="utf-8")
    shown.look()

    assert shown.lines == known
    assert "mmd_ms 60000" in known


def test_a_process_looks_again_and_again(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Semaphore(0)
    monkeypatch.setattr("auction.log.shown.STEP", 0.01)
    monkeypatch.setattr(Shown, "look", lambda _: looked.release())
    begin.cache_clear()

    begin()

    assert all(looked.acquire(timeout=5) for _ in range(3))


def test_after_the_end_the_receipts_hold_and_that_of_a_bid_nobody_kept_is_evidence(
    signer: Signer, tmp_path: Path
) -> None:
    round = a_round_in_the_log()
    mine, other = round.bidders.order_by("pk")
    kept = [bid(mine, 1_400_000, NOON).receipt, bid(other, 1, NOON).receipt]
    nobody_kept = Accepted(round.pk, 9, mine.code, "c", 5, 6, ms(NOON), 8, "0" * 64, "0" * 64)
    dropped = signed([statement(nobody_kept)])
    grow(at=NOON)

    at_noon = violated(round, dropped)
    close(round, HandClock(tmp_path / "clock"))

    assert at_noon == {"C1", "R2"}
    assert violated(round, kept) == set()
    assert violated(round, dropped) == {"R2", "R6"}


def close(round: Round, clock: HandClock) -> None:
    """Close a round whose end has come, and let the log have it."""
    round.refresh_from_db()
    at = round.closes_at + timedelta(seconds=2)
    clock.set(at)
    close_rounds(round_ids=[round.pk], at=at)
    grow(at=at)


def violated(round: Round, receipts: list[str]) -> set[str]:
    """Return the rules that the archive and these receipts break."""
    asked = verify_record.Asked(receipts=tuple(each.encode() for each in receipts))
    return {each["rule"] for each in verify_record.check(record_zip(round), asked)["violations"]}
