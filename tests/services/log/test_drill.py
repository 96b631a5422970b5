"""The tampering drill: whatever a superuser does to a finished record is found from public data and receipts.

The table of what each takes is published in docs/drill.md, and compared here with what is found; with
`DRILL=write` it is written anew.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from django.conf import settings as site
from django.db import transaction

import verify_record
from auction import record
from auction.log.files import tiles
from auction.log.signer import Signer
from auction.models import Round
from auction.queries import export, proofs
from auction.services.closing import close_rounds
from auction.services.log_publish import publish
from auction.services.sequence import sequence
from tests.services.log.superuser import EDITS, HOW_FAR, Superuser, wipe
from tests.support.bidding import a_recorded_round, bid
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, chen, lin, zhao

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).resolve().parents[3] / "docs" / "drill.md"


class Finished(NamedTuple):
    """A finished round, the receipts its bidders hold, and the checkpoint somebody kept."""

    round: Round
    receipts: tuple[bytes, ...]
    checkpoint: str
    policy: str


@pytest.fixture
def finished(signer: Signer, tmp_path: Path) -> Finished:
    """Return a round in which three bid seven times and the last extended it, closed and in the log."""
    round = a_recorded_round()
    bidders = [a_bidder(round, person()) for person in (lin, chen, zhao)]
    for bidder in bidders:
        record.append(round, "qualify", {"code": bidder.code, "commit": "ef" * 32}, at=round.opens_at)
    clock, receipts = HandClock(tmp_path / "clock"), []
    for number in range(7):
        at = NOON + timedelta(minutes=number) if number < 6 else round.closes_at - timedelta(minutes=1)
        clock.set(at)
        receipts.append(bid(bidders[number % 3], 1_400_000 + 5_000 * number, at).receipt)
    round.refresh_from_db()
    clock.set(round.closes_at + timedelta(seconds=2))
    close_rounds(round_ids=[round.pk], at=round.closes_at + timedelta(seconds=2))
    text = publish(sequence(at=NOON), at=NOON)
    return Finished(round, tuple(each.encode() for each in receipts), text, proofs.policy())


def test_what_nobody_touched_is_found_right(finished: Finished) -> None:
    assert found(finished) == {"": set(), "receipts": set(), "checkpoint": set()}


def test_every_edit_is_found_and_told_as_published(finished: Finished, signer: Signer) -> None:
    rows = [line(edit, finished, signer) for edit in EDITS]
    assert len(EDITS) * len(HOW_FAR) >= 50
    assert not [row for row in rows if "nothing" in row]
    table = _told(rows)
    if os.environ.get("DRILL") == "write":
        TABLE.write_text(table, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == table


def line(edit: object, finished: Finished, signer: Signer) -> str:
    """Return a row of the table: what finds an edit, by how far the superuser goes."""
    cells = []
    for how_far in HOW_FAR:
        with undone():
            getattr(Superuser(finished.round, signer), how_far)(edit)
            cells.append(_cell(found(finished)))
    return f"| {(edit.__doc__ or '').rstrip('.')} | {' | '.join(cells)} |"


class undone:  # noqa: N801 (used as a statement)
    """Let everything be as it was afterwards: the database, the log's files and the signer's memory."""

    def __enter__(self) -> None:
        self.kept = Path(site.LOG_DIR).with_name("kept")
        wipe(self.kept)
        for name in ("log", "signer"):
            shutil.copytree(self.kept.with_name(name), self.kept / name)
        self.savepoint = transaction.savepoint()

    def __exit__(self, *_: object) -> None:
        transaction.savepoint_rollback(self.savepoint)
        for name in ("log", "signer"):
            wipe(self.kept.with_name(name))
            shutil.copytree(self.kept / name, self.kept.with_name(name))


def found(finished: Finished) -> dict[str, set[str]]:
    """Return the rules that are broken: by public data alone, by receipts, by a checkpoint that was kept."""
    data = export.record_zip(Round.objects.get(pk=finished.round.pk))
    brought = {"policy": finished.policy.encode()}
    alone = set(_rules(data, **brought))
    by_receipts = set(_rules(data, **brought, receipts=finished.receipts)) - alone
    kept = {"since": finished.checkpoint.encode(), "growths": (_growth(finished.checkpoint),)}
    return {"": alone, "receipts": by_receipts, "checkpoint": set(_rules(data, **brought, **kept)) - alone}


def _rules(data: bytes, **brought: object) -> Iterator[str]:
    told = verify_record.check(data, verify_record.Asked(**brought))  # type: ignore[arg-type]
    for each in told["violations"]:
        assert len(each["text"]) > 8
        yield each["rule"]


def _growth(old: str) -> bytes:
    """Return what the platform shows for the growth since an older checkpoint, if it can."""
    size, now = (int(text.split("\n")[1]) for text in (old, tiles().checkpoint()))
    try:
        return proofs.grown(min(size, now), max(size, now)).encode()
    except (IndexError, OSError):
        return b""


def _cell(rules: dict[str, set[str]]) -> str:
    words = [" ".join(sorted(rules[""]))]
    words += ["receipt"] if rules["receipts"] else []
    words += ["checkpoint"] if rules["checkpoint"] else []
    return ", ".join(word for word in words if word) or "nothing"


def _told(rows: list[str]) -> str:
    return "\n".join((HEAD, *rows, ""))


HEAD = """\
# The tampering drill

What a superuser of the database could do to a finished record, and what finds it. Rules (`S3`, `L2` …)
are those of `record-format.md`, found by anyone from the published archive; *receipt* means that a
bidder's receipt shows it too, *checkpoint* that an older checkpoint somebody kept, or a witness, does. He
may only edit; chain all lines anew; also write the log's files anew and ask the signer, who refuses; or
also have stolen the signer's key and wiped its memory.
This table is made by `tests/services/log/test_drill.py`, which fails if it no longer holds.

| What is made to look so | edited | chained anew | the log rewritten | key stolen |
|---|---|---|---|---|"""
