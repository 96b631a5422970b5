"""Receipts, refusals and what was published (sections 5 and 6): each rule broken once."""

from __future__ import annotations

import json

import pytest

from tests.support.publishing import (
    RECEIPTS,
    b64,
    opening,
    private,
    public,
    published,
    receipt,
    refusal,
    sealed,
)
from tests.support.records import CHEN, END, LIN, PERSON, Book, commitment, hexed, sold

from .conftest import Verifier

ZIP = published().zip()
MINE = receipt(sold(), 8)
GOOD = sealed(MINE)


@pytest.mark.parametrize("batch", [1, 2, 3, 8, 100])
def test_a_genuine_receipt_fits(broken: Verifier, batch: int) -> None:
    for wanted in (MINE, refusal()):
        assert broken(ZIP, receipts=(sealed(wanted, batch),)) == set()


def test_further_names_any_order_and_no_newline_at_the_end_are_fine(broken: Verifier) -> None:
    title, *lines = MINE.split("\n")
    turned = "\n".join([title, *reversed(lines), "colour blue"])

    assert broken(ZIP, receipts=(sealed(turned)[:-1], GOOD)) == set()


FORGED = {
    "nothing": b"",
    "no UTF-8": b"\xff\n\n\n",
    "very long": b"x" * 70_000,
    "a name of it changed": GOOD.replace(b"amount 70500000", b"amount 70000000"),
    "another size": GOOD.replace(b"size 5", b"size 6"),
    "another index": GOOD.replace(b"index 2", b"index 3"),
    "an index outside": GOOD.replace(b"index 2", b"index 5"),
    "an index of 5,000 digits": GOOD.replace(b"index 2", b"index " + b"2" * 5_000),
    "no path": GOOD.replace(b"path ", b"path -"),
    "10,000 hashes": GOOD.replace(b"path ", b"path " + (b"A" * 43 + b"= ") * 1_000),
    "a signature by another": sealed(MINE, key=private("another")),
    "a signature cut short": GOOD[:-5] + b"\n",
    "a key nobody knows": sealed(receipt(sold(), 8, key="r9")),
    "no receipt by its title": sealed(MINE.replace("receipt/v1", "receipt/v2")),
    "a name missing": sealed(MINE.replace("\nprev ", "\nprevious ")),
    "a name twice": sealed(MINE + "\ncid other"),
    "a line without a value": sealed(MINE + "\nmmd"),
    "four blocks": GOOD + b"\nmore\n",
    "two newlines at its end": GOOD + b"\n\n",
}


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_genuine_says_nothing_else(broken: Verifier, name: str) -> None:
    assert broken(ZIP, receipts=(FORGED[name],)) == {"R1 0"}


def test_without_keys_no_receipt_is_genuine_and_the_callers_key_is_enough(broken: Verifier) -> None:
    key = public(RECEIPTS)

    assert broken(published(files={"keys.json": None}).zip(), receipts=(GOOD,)) == {"R1 0"}
    assert broken(sold(), receipts=(GOOD,)) == {"R1 0"}
    assert broken(sold(), receipts=(GOOD,), receipt_key=key) == set()
    assert broken(ZIP, receipts=(GOOD,), receipt_key=public(private("another"))) == {"R1 0"}


@pytest.mark.parametrize(
    "keys", [b"", b"[]", b'{"receipt":{}}', b'{"receipt":[{"id":[],"key":"AAAA"}]}', b"[[[[[[[["]
)
def test_keys_that_cannot_be_read_are_none(broken: Verifier, keys: bytes) -> None:
    assert broken(published(files={"keys.json": keys}).zip(), receipts=(GOOD,)) == {"R1 0"}


T = int(str(sold()[8]["t"]))
SOON, LONG_AGO = {"from": T + 1}, {"until": T}


def listed(*times: dict[str, object], **changes: object) -> bytes:
    """Return a zip whose keys are the receipts' own, at these times."""
    told = {"id": "r1", "key": b64(public(RECEIPTS)), **changes}
    keys = json.dumps({"receipt": [{**told, **bounds} for bounds in times]}).encode()
    return published(files={"keys.json": keys}).zip()


@pytest.mark.parametrize("bounds", [{}, {"from": T}, {"until": T + 1}, {"from": -5, "until": 2**53 - 1}])
def test_a_receipt_stands_if_its_key_was_one_when_it_was_given(
    broken: Verifier, bounds: dict[str, object]
) -> None:
    another = {"id": "r2", "key": b64(bytes(32)), "from": 5}

    assert broken(listed(bounds, another), receipts=(GOOD,)) == set()


@pytest.mark.parametrize("bounds", [SOON, LONG_AGO, {"from": T + 1, "until": T}, {"until": 0}])
def test_outside_its_time_a_key_signs_no_receipt(broken: Verifier, bounds: dict[str, object]) -> None:
    told = broken.told(listed(bounds), receipts=(GOOD,))

    assert [row["rule"] for row in told["violations"]] == ["R1"]
    assert "not given in the time of the key" in told["violations"][0]["text"]
    assert broken(listed(bounds), receipts=(GOOD,), receipt_key=public(RECEIPTS)) == set()


def test_who_tells_no_time_needs_a_key_that_has_no_end(broken: Verifier) -> None:
    timeless = sealed(refusal(t="-", reason="clock_fault"))

    assert broken(listed({"from": T}), receipts=(timeless,)) == set()
    assert broken(listed({"until": 2**53 - 1}), receipts=(timeless,)) == {"R1 0"}


@pytest.mark.parametrize("wrong", [{"from": "5"}, {"until": None}, {"from": 1.0}, {"id": 5}, {"key": "AAAA"}])
def test_what_is_no_key_is_passed_over_and_the_last_of_an_id_counts(
    broken: Verifier, wrong: dict[str, object]
) -> None:
    assert broken(listed(wrong), receipts=(GOOD,)) == {"R1 0"}
    assert broken(listed(wrong, {}), receipts=(GOOD,)) == set()
    assert broken(listed({}, wrong), receipts=(GOOD,)) == set()
    assert broken(listed(LONG_AGO, {}), receipts=(GOOD,)) == set()
    assert broken(listed({}, LONG_AGO), receipts=(GOOD,)) == {"R1 0"}


FIELDS = {
    "code": LIN + "x",
    "cid": "other",
    "amount": "70500001",
    "in_t": "5",
    "t": "5",
    "deadline": "5",
    "prev": "0" * 64,
    "leaf": "0" * 64,
    "seq": "9",
    "lot": "18",
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_receipt_whose_bid_is_otherwise_in_the_record_is_evidence(broken: Verifier, name: str) -> None:
    assert broken(ZIP, receipts=(sealed(receipt(sold(), 8, **{name: FIELDS[name]})),)) == {"R2 0"}


@pytest.mark.parametrize("seq", ["0", "15", "-1", "13", "x", "9" * 5_000])
def test_a_receipt_for_a_line_that_is_no_bid_is_evidence(broken: Verifier, seq: str) -> None:
    assert broken(ZIP, receipts=(sealed(receipt(sold(), 8, seq=seq)),)) == {"R2 0"}


def test_the_sentence_names_the_bid_and_every_receipt_has_its_own(broken: Verifier) -> None:
    wrong = (sealed(receipt(sold(), 8, t="5")), sealed(receipt(sold(), 9, t="5")))
    told = broken.told(ZIP, receipts=wrong)

    assert [row["rule"] for row in told["violations"]] == ["R2", "R2"]
    assert "cid-7" in told["violations"][0]["text"]
    assert "cid-8" in told["violations"][1]["text"]


def test_a_refused_bid_that_is_in_the_record_is_evidence(broken: Verifier) -> None:
    assert broken(ZIP, receipts=(sealed(refusal(cid="cid-7")),)) == {"R3 0"}
    assert broken(ZIP, receipts=(sealed(refusal(cid="cid-7", code=CHEN)),)) == set()


def test_a_refusal_as_late_of_what_came_in_time_is_evidence(broken: Verifier) -> None:
    def found(in_t: object, reason: str = "out_of_time", deadline: object = END) -> set[str]:
        said = refusal(in_t=str(in_t), reason=reason, deadline=str(deadline))
        return broken(ZIP, receipts=(sealed(said),))

    assert found(END - 1) == {"R4 0"}
    assert found(END) == found(END - 1, "too_low") == found(5, deadline="-") == found("-") == set()


def test_a_refusal_of_another_lot_is_a_remark(broken: Verifier) -> None:
    told = broken.told(ZIP, receipts=(sealed(refusal(lot="18", cid="cid-7")),))

    assert told["ok"]
    assert [row["rule"] for row in told["remarks"]] == ["R3"]


NOTICES = {
    "another word": b'[{"text":"The house at 13 River Road is sold."}]',
    "no list": b"7",
    "no text": b'[{"number":"1"}]',
    "a text that is none": b'[{"text":5}]',
    "a lone surrogate": b'[{"text":"\\ud800"}]',
    "no JSON": b"[",
    "nested deep": b"[" * 100_000,
}


@pytest.mark.parametrize("name", NOTICES)
def test_an_announcement_that_is_not_the_one_named_is_told(broken: Verifier, name: str) -> None:
    assert broken(published(files={"notices.json": NOTICES[name]}).zip()) == {"D1 1"}


def test_a_tour_that_is_not_the_one_named_is_told_once_with_the_announcement(
    broken: Verifier,
) -> None:
    assert broken(published(files={"tour.json": b"{}"}).zip()) == {"D1 1"}
    assert broken(published(files={"tour.json": b"{}", "notices.json": b"[]"}).zip()) == {"D1 1"}
    assert broken(published(files={"tour.json": None, "notices.json": None}).zip()) == set()
    assert broken(published(sold().edit(1, drop=["tour", "notices"])).zip()) == set()


def test_the_opened_identity_is_the_winners(broken: Verifier) -> None:
    assert broken(sold(), opening=opening()) == set()
    assert broken(published(files={"opening.json": opening()}).zip()) == set()
    assert broken(published(files={"opening.json": opening()}).zip(), opening=opening(LIN)) == {"I1 0"}


def with_loser() -> Book:
    return sold().edit(2, commit=commitment(bytes(range(32)), PERSON))


OPENINGS = {
    "another name": opening(identity={**PERSON, "name": "陈安"}),
    "another nonce": opening(nonce=b64(bytes(32))),
    "a code nobody has": opening("GHST"),
    "a loser's": opening(LIN),
    "a field more": opening(identity={**PERSON, "phone": "1"}),
    "a number that is one": opening(identity={**PERSON, "number": 7}),
    "no identity": opening(identity=None),
    "a nonce in hex": opening(nonce="00" * 32),
    "a nonce that is a number": opening(nonce=5),
    "a code that is a list": opening(code=[CHEN]),
    "a code that is a number": opening(5),
    "a list": b"[]",
    "no JSON": b"{",
    "nested deep": b'{"a":' * 50_000,
    "a lone surrogate": opening(identity={**PERSON, "name": "\ud800"}),
}


@pytest.mark.parametrize("name", OPENINGS)
def test_an_identity_that_is_not_the_winners_is_told(broken: Verifier, name: str) -> None:
    assert broken(with_loser(), opening=OPENINGS[name]) == {"I1 0"}


def test_of_two_commitments_of_a_code_the_first_counts(broken: Verifier) -> None:
    twice = sold().edit(2, code=CHEN, commit=hexed(b"another"))

    assert "I1 0" in broken(twice, opening=opening())


def test_nobody_won_a_round_that_ended_void(broken: Verifier) -> None:
    void = sold().edit(13, kind="void", reason="art. 31", drop=["winner", "price", "deadline", "reach"])

    assert broken(void, opening=opening()) == {"I1 0"}


def test_a_winners_code_swapped_afterwards_is_caught_by_his_commitment(broken: Verifier) -> None:
    """Give the winner's line another's commitment and chain anew: the purchaser's own opening shows it."""
    renamed = sold().edit(4, commit=hexed(b"a friend"))

    assert broken(renamed) == set()
    assert broken(renamed, opening=opening()) == {"I1 0"}
