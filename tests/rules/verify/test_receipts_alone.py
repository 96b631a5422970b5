"""A receipt without its record (section 5): held against the proof of its leaf and the growth of the log."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

import verify_record
from tests.support.publishing import (
    COLLEGE,
    LOG,
    NOTARY,
    RECEIPTS,
    b64,
    extra,
    note,
    policy,
    private,
    public,
    published,
    receipt,
    refusal,
    sealed,
    signature,
)
from tests.support.records import CHEN, LIN, sold

GENUINE = published(signers=(LOG,))
SEQ = 8
LEAF = GENUINE.lines[SEQ - 1]
PLACE, SIZE = GENUINE.places[SEQ - 1], len(GENUINE.leaves)
T = int(str(sold()[SEQ]["t"]))
ELSEWHERE = b64(hashlib.sha256(b"another log").digest())
GROWTH = (GENUINE.consistency(3),)


def mine(**changes: str) -> bytes:
    return sealed(receipt(sold(), SEQ, **{"seen": GENUINE.seen(3), **changes}))


def proof(number: int = SEQ, **changes: Any) -> bytes:
    return GENUINE.proof(number, **{"extra": extra(GENUINE.lines[number - 1]), **changes})


def told(*receipts: bytes, **asked: Any) -> dict[str, Any]:
    keys = GENUINE.contents()["keys.json"]
    given = {"policy": policy("none"), "keys": keys, "proofs": (proof(),), "growths": GROWTH, **asked}
    return verify_record.check_alone(verify_record.Asked(receipts=receipts, **given))


def broken(*receipts: bytes, **asked: Any) -> set[str]:
    said = told(*receipts, **asked)
    found = {f"{row['rule']} {row['line']}" for row in said["violations"]}
    assert said["ok"] is not bool(found)
    return found


def remarked(*receipts: bytes, **asked: Any) -> list[str]:
    return [row["rule"] for row in told(*receipts, **asked)["remarks"]]


def test_a_receipt_with_the_proof_of_its_leaf_fits() -> None:
    assert broken(mine(mmd_ms="0")) == set()
    assert told(mine())["summary"] | {"root": ""} == {
        **verify_record.NOTHING,
        "receipts": 1,
        "leaves": 1,
        "origin": LOG[0],
        "size": SIZE,
        "root": "",
    }


def test_several_with_their_proofs_are_each_held_against_their_own() -> None:
    other = sealed(receipt(sold(), 9, seen=GENUINE.seen(0)))

    assert broken(mine(), other, proofs=(proof(9), proof())) == set()
    assert broken(mine(), other, proofs=(proof(9), proof()), policy=b"") == {"L1 0"}


def test_without_a_proof_only_the_receipt_itself_is_asked() -> None:
    assert broken(mine(leaf="0" * 64, mmd_ms="0"), proofs=()) == set()
    assert remarked(mine(), proofs=()) == ["L2"]
    assert broken(sealed(receipt(sold(), SEQ), key=private("another")), proofs=()) == {"R1 0"}
    assert broken(mine(), keys=None) == {"R1 0"}
    assert broken(mine(), keys=None, receipt_key=public(RECEIPTS)) == set()


OTHERWISE = {
    "leaf": "0" * 64,
    "code": LIN + "x",
    "cid": "other",
    "amount": "70500001",
    "in_t": "5",
    "deadline": "5",
    "prev": "0" * 64,
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_leaf_that_is_not_the_bid_of_the_receipt_is_evidence(name: str) -> None:
    assert broken(mine(**{name: OTHERWISE[name]})) == {"R2 0"}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("another place", {"index": PLACE + 1}),
        ("another leaf", {"extra": extra(LEAF.replace(LIN.encode(), CHEN.encode()))}),
    ],
)
def test_a_proof_that_leads_elsewhere_is_told_at_its_line(name: str, wrong: dict[str, Any]) -> None:
    assert f"L2 {SEQ}" in broken(mine(), proofs=(proof(**wrong),))


HOSTILE = {
    "nothing": b"",
    "no leaf": proof(extra=""),
    "a leaf that is no JSON": proof(extra=extra(b"{")),
    "a leaf without a number": proof(extra=extra(b'{"seq":true}')),
    "a leaf of a huge number": proof(extra=extra(b'{"seq":' + b"9" * 5_000 + b"}")),
    "a leaf that is a list": proof(extra=extra(b"[]")),
    "a leaf nested deep": proof(extra=extra(b'{"a":' * 50_000)),
    "no base64": proof(extra="extra ?\n"),
    "a long path": proof().replace(b"index", b"x" * 44 + b"\nindex"),
    "bytes": bytes(range(256)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_proof_is_told_and_survived(name: str) -> None:
    assert broken(mine(), proofs=(HOSTILE[name],)) == {"L2 0"}


def test_the_checkpoint_in_the_proof_is_the_policys_and_as_witnessed_as_that_asks() -> None:
    cosigned = proof().replace(note(GENUINE.text(), LOG), note(GENUINE.text(), LOG, NOTARY, COLLEGE))

    assert broken(mine(), policy=policy("two")) == {"L4 0"}
    assert broken(mine(), policy=policy("two"), proofs=(cosigned,)) == set()
    assert told(mine(), policy=policy("two"), proofs=(cosigned,))["summary"]["witnesses"] == [
        NOTARY[0],
        COLLEGE[0],
    ]
    assert broken(mine(), policy=policy("none", log=(LOG[0], 1, private("other")))) == {"L1 0"}


def test_the_log_must_be_seen_to_have_grown_from_what_the_receipt_names() -> None:
    assert broken(mine(), growths=(b"", GENUINE.consistency(5), *GROWTH)) == set()
    assert broken(mine(), growths=(GENUINE.consistency(5),)) == {"L5 0"}
    assert broken(mine(), growths=(b"\xff", b"x\n" * 9)) == {"L5 0"}
    assert remarked(mine(), growths=()) == ["L4", "L5"]
    assert broken(mine(seen=f"3 {ELSEWHERE} {LOG[0]}")) == {"L5 0"}
    assert broken(mine(seen=f"{SIZE + 9} {ELSEWHERE} older.example"), growths=()) == set()


def test_what_a_bid_was_made_under_cannot_have_it() -> None:
    assert broken(mine(seen=GENUINE.seen(PLACE + 1)), growths=(GENUINE.consistency(PLACE + 1),)) == {"R5 0"}


def test_two_receipts_of_two_logs_prove_it_without_anything_else() -> None:
    small = sealed(refusal(seen=GENUINE.seen(3)))
    forked = mine(seen=f"3 {ELSEWHERE} {LOG[0]}")

    assert broken(forked, small, proofs=()) == broken(small, forked, proofs=()) == {"R5 0"}
    assert broken(small, small, proofs=()) == set()


def test_another_checkpoint_is_held_against_the_proofs() -> None:
    kept = GENUINE.checkpoint(9)

    assert broken(mine(), since=kept, growths=(*GROWTH, GENUINE.consistency(9))) == set()
    assert broken(mine(), since=kept) == {"L5 0"}


def test_a_leaf_that_is_not_there_in_time_is_missed_by_a_witness() -> None:
    late = proof(index=PLACE + 1) + signature(NOTARY, GENUINE.text(), time=T // 1000 + 61).encode()

    assert broken(mine(mmd_ms="60000"), proofs=(late,)) == {f"L2 {SEQ}", "R6 0"}
    assert broken(mine(mmd_ms="62000"), proofs=(late,)) == {f"L2 {SEQ}"}


def test_of_a_refusal_only_what_it_says_is_asked() -> None:
    assert broken(sealed(refusal(seen=GENUINE.seen(3), mmd_ms="0")), at=10 * T) == set()
    assert broken(sealed(refusal(in_t="5"))) == {"R4 0"}
    assert broken(sealed(refusal(cid="cid-7", code=str(sold()[SEQ]["code"])))) == {"R3 0"}
    assert broken(sealed(refusal(seen=f"{SIZE} {ELSEWHERE} {LOG[0]}"))) == {"R5 0"}
