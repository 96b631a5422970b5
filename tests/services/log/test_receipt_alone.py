"""What a bidder keeps of a bid, and three public files: they are enough, without the record."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

import verify_record
from auction.log import note
from auction.log.checkpoint import read
from auction.log.shown import shown
from auction.log.signer import Signer
from auction.models import Round
from auction.services.log_publish import grow
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import NOON, a_bidder, chen, lin

pytestmark = pytest.mark.django_db


def fetched(client: Client, path: str) -> bytes:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return bytes(answer.content)


def bids(signer: Signer) -> tuple[Round, bytes, bytes]:
    """Return a round, the receipt of a bid under a log that had begun, and the refusal of a lower one."""
    round = a_recorded_round()
    one, other = a_bidder(round, lin()), a_bidder(round, chen())
    grow(at=NOON)
    shown.look()
    receipt, refusal = (bid(who, yuan, NOON).receipt.encode() for who, yuan in ((one, 1_400_000), (other, 5)))
    grow(at=NOON + timedelta(seconds=1))
    return round, receipt, refusal


def test_a_real_receipt_is_checked_with_what_is_public(
    signer: Signer, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown, "lines", shown.lines)
    round, receipt, refusal = bids(signer)
    proof = fetched(client, f"/rounds/{round.pk}/proofs/2.tlog-proof")
    size = read(note.parse(fetched(client, "/log/checkpoint").decode()).text).size
    files = {"policy": fetched(client, "/log/policy"), "keys": fetched(client, "/receipt-key.json")}
    grown = fetched(client, f"/log/growth/1-{size}")
    asked = verify_record.Asked(**files, receipts=(receipt, refusal), proofs=(proof,), growths=(grown,))

    told = verify_record.check_alone(asked)
    assert (told["violations"], told["summary"]["leaves"]) == ([], 1)
    assert b"\nseen 1 " in receipt
    without = verify_record.check_alone(asked._replace(growths=(b"",)))
    assert {each["rule"] for each in without["violations"]} == {"L5"}
