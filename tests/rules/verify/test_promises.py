"""What receipts say of the log (section 5): the checkpoint they were made under, and when they are in it."""

from __future__ import annotations

import hashlib

import pytest

from tests.support.publishing import (
    COLLEGE,
    LOG,
    NOTARY,
    RECEIPTS,
    b64,
    note,
    policy,
    public,
    published,
    receipt,
    refusal,
    sealed,
    signature,
)
from tests.support.records import sold

from .conftest import Verifier

GENUINE = published()
ZIP = GENUINE.zip()
SEQ = 8
T = int(str(sold()[SEQ]["t"]))
LAST = int(str(sold()[len(sold().lines())]["t"]))
OTHER_ROOT = b64(hashlib.sha256(b"another log").digest())
LATE = signature(NOTARY, GENUINE.text(), time=LAST // 1000 + 1_000)


def mine(**changes: str) -> bytes:
    """Return the receipt of a bid of the record."""
    return sealed(receipt(sold(), SEQ, **changes))


def lost(**changes: str) -> bytes:
    """Return the receipt of a bid that was confirmed and is nowhere."""
    return mine(leaf="0" * 64, **changes)


@pytest.mark.parametrize("size", [0, 1, GENUINE.places[SEQ - 1]])
def test_a_receipt_made_under_a_beginning_of_the_log_fits(broken: Verifier, size: int) -> None:
    assert broken(ZIP, receipts=(mine(seen=GENUINE.seen(size), mmd_ms="0"),)) == set()


def test_a_bid_is_not_in_a_log_that_was_shown_before_it_was_made(broken: Verifier) -> None:
    assert broken(ZIP, receipts=(mine(seen=GENUINE.seen(GENUINE.places[SEQ - 1] + 1)),)) == {"R5 0"}


def test_another_root_of_the_same_size_is_another_log(broken: Verifier) -> None:
    whole = len(GENUINE.leaves)
    forked = f"{whole} {OTHER_ROOT} {GENUINE.origin}"

    assert broken(ZIP, receipts=(sealed(refusal(seen=GENUINE.seen())),)) == set()
    assert broken(ZIP, receipts=(sealed(refusal(seen=forked)),)) == {"R5 0"}
    assert broken(ZIP, receipts=(sealed(refusal(seen=forked, lot="18")),)) == {"R5 0"}


def test_two_receipts_of_two_logs_prove_it_without_the_log(broken: Verifier) -> None:
    small = sealed(refusal(seen=GENUINE.seen(3)))
    forked = mine(seen=f"3 {OTHER_ROOT} {GENUINE.origin}")

    assert broken(ZIP, receipts=(forked,)) == broken(ZIP, receipts=(small, small)) == set()
    assert broken(ZIP, receipts=(small, forked)) == broken(ZIP, receipts=(forked, small)) == {"R5 0"}


UNTOLD = {
    "nothing": "-",
    "a log that was succeeded": f"{len(GENUINE.leaves)} {OTHER_ROOT} {GENUINE.origin}/older",
    "a size alone": "1200",
    "a size with a zero before it": f"0{len(GENUINE.leaves)} {OTHER_ROOT} {GENUINE.origin}",
    "a root too short": f"{len(GENUINE.leaves)} AAAA {GENUINE.origin}",
    "a root that is no base64": f"{len(GENUINE.leaves)} {'*' * 44} {GENUINE.origin}",
    "a word more": f"{len(GENUINE.leaves)} {OTHER_ROOT} {GENUINE.origin} x",
    "two spaces": f"{len(GENUINE.leaves)}  {OTHER_ROOT} {GENUINE.origin}",
    "no origin": f"{len(GENUINE.leaves)} {OTHER_ROOT} ",
}


@pytest.mark.parametrize("name", UNTOLD)
def test_what_is_no_checkpoint_of_this_log_tells_nothing(broken: Verifier, name: str) -> None:
    assert broken(ZIP, receipts=(mine(seen=UNTOLD[name]),)) == set()


def test_a_leaf_that_is_missing_after_the_promised_delay_is_told(broken: Verifier) -> None:
    """The record's own last line was written later than promised, and is in the log."""
    assert broken(ZIP, receipts=(lost(mmd_ms=str(LAST - T - 1)),)) == {"R2 0", "R6 0"}
    assert broken(ZIP, receipts=(lost(mmd_ms=str(LAST - T)),)) == {"R2 0"}


@pytest.mark.parametrize("mmd", ["-", "", "-1", "02", "1.5", "x", "9007199254740991", "9" * 5_000])
def test_what_is_no_delay_or_a_very_long_one_promises_nothing_yet(broken: Verifier, mmd: str) -> None:
    assert broken(ZIP, receipts=(lost(mmd_ms=mmd),)) == {"R2 0"}


def test_the_time_of_a_cosignature_or_of_the_caller_counts_too(broken: Verifier) -> None:
    later = note(GENUINE.text(), LOG, COLLEGE) + LATE.encode()
    cosigned = published(files={"checkpoint": later}).zip()
    promise = (lost(mmd_ms=str(LAST - T)),)

    assert broken(cosigned, receipts=promise) == {"R2 0", "R6 0"}
    assert broken(ZIP, receipts=promise, at=LAST) == {"R2 0"}
    assert broken(ZIP, receipts=promise, at=LAST + 1) == {"R2 0", "R6 0"}


def test_a_log_that_stood_still_is_told_from_one_that_went_on(broken: Verifier) -> None:
    (_, still) = broken.told(ZIP, receipts=(lost(mmd_ms=str(LAST - T)),), at=LAST + 1)["violations"]
    (_, left_out) = broken.told(ZIP, receipts=(lost(mmd_ms="0"),), at=LAST + 1)["violations"]

    assert still["text"].endswith("a log that stood still has it not")
    assert left_out["text"].endswith(f"the log of {LAST} has it not")


def test_a_leaf_in_the_record_and_not_in_the_log_is_missing(broken: Verifier) -> None:
    unproven = published(files={f"proofs/{SEQ}.tlog-proof": None}).zip()

    assert broken(unproven, receipts=(mine(mmd_ms="60000"),)) == {f"L2 {SEQ}", "R6 0"}
    assert broken(unproven, receipts=(mine(),)) == {f"L2 {SEQ}"}


def test_the_receipt_of_a_bid_in_another_lot_is_not_proven_here(broken: Verifier) -> None:
    assert broken(ZIP, receipts=(mine(mmd_ms="0", lot="18"),)) == {"R2 0", "R6 0"}


def test_of_a_refusal_nothing_is_missing(broken: Verifier) -> None:
    assert broken(ZIP, receipts=(sealed(refusal(mmd_ms="0")),), at=10 * T) == set()


def test_without_a_log_that_stands_nothing_of_it_is_asked(broken: Verifier) -> None:
    told = (lost(mmd_ms="0", seen=f"{len(GENUINE.leaves)} {OTHER_ROOT} {GENUINE.origin}"),)
    stranger = published(files={"policy": policy(log=(GENUINE.origin, 1, COLLEGE[2]))}).zip()

    assert broken(stranger, receipts=told) == {"L1 0", "R2 0"}
    assert broken(sold(), receipts=told, receipt_key=public(RECEIPTS)) == {"R2 0"}
