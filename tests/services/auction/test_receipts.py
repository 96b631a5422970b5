"""Receipts: every answer is signed, verifies without the platform, and stays byte for byte what it was."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as some

from auction import receipts
from auction.engine import Offer, store, submit_now
from auction.models import Bid, Event, Round
from auction.rules.grounds import Ground
from tests.support.bidding import a_recorded_round, an_offer, bid
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, chen, lin, zhao
from tests.support.seats import person_seat


@pytest.fixture
def round(clock: HandClock) -> Round:
    return a_recorded_round()


@settings(deadline=None, max_examples=30)
@given(some.integers(1, 70))
def test_every_statement_of_a_batch_verifies(many: int) -> None:
    statements = [_statement(seq) for seq in range(1, many + 1)]

    fields = [receipts.verify(text, receipts.public_key()) for text in receipts.signed(statements)]

    assert [int(each["seq"]) for each in fields] == list(range(1, many + 1))


def test_the_root_is_that_of_rfc_6962() -> None:
    # The seven-leaf tree of RFC 6962, 2.1.3, hashed by hand from its text.
    leaves = [hashlib.sha256(b"\x00" + bytes([n])).digest() for n in range(7)]

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    left = node(node(leaves[0], leaves[1]), node(leaves[2], leaves[3]))
    right = node(node(leaves[4], leaves[5]), leaves[6])
    root, paths = receipts._tree(leaves)

    assert root == node(left, right)
    assert [b64decode(step) for step in paths[6]] == [node(leaves[4], leaves[5]), left]


@settings(deadline=None)
@given(some.data())
def test_no_changed_byte_verifies(data: some.DataObject) -> None:
    text = receipts.signed([_statement(seq) for seq in range(1, 6)])[2]
    at = data.draw(some.integers(0, len(text) - 1))
    other = data.draw(some.characters(codec="ascii").filter(lambda char: char != text[at]))

    changed = text[:at] + other + text[at + 1 :]

    with pytest.raises(receipts.NotGenuine):
        receipts.verify(changed, receipts.public_key())


def test_another_key_does_not_verify() -> None:
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    with pytest.raises(receipts.NotGenuine):
        receipts.verify(receipts.signed([_statement(1)])[0], stranger)


@pytest.mark.django_db
def test_the_public_key_is_published(client: Client) -> None:
    told = client.get("/receipt-key.json").json()

    assert b64decode(told["key"]) == receipts.public_key()
    assert told["id"] == receipts.key_id() == hashlib.sha256(receipts.public_key()).hexdigest()[:16]
    assert told["receipt"] == [{"id": told["id"], "key": told["key"]}]


@pytest.mark.django_db
def test_a_receipt_states_what_the_record_says(round: Round) -> None:
    decision = bid(a_bidder(round, lin()), 1_400_000, NOON)

    said = receipts.verify(decision.receipt, receipts.public_key())
    event = Event.objects.get(round=round, kind="bid")
    leaf = json.loads(event.leaf)
    assert (said["leaf"], said["prev"]) == (event.hash, leaf["prev"])
    names = {
        "code": "code",
        "cid": "cid",
        "amount": "amount",
        "in_t": "in_t",
        "t": "t",
        "deadline": "deadline",
    }
    assert {name: said[name] for name in names} == {name: str(leaf[field]) for name, field in names.items()}


@pytest.mark.django_db
def test_a_refusal_states_its_reason_and_what_it_rests_on(round: Round) -> None:
    bid(a_bidder(round, lin()), 1_400_000, NOON)
    decision = bid(a_bidder(round, zhao()), 1_404_999, NOON)

    said = receipts.verify(decision.receipt, receipts.public_key())
    assert (said["reason"], said["article"]) == ("too_low", "online_auction/20/1")
    assert (said["price"], said["least"], said["state"]) == ("140000000", "140500000", "open")
    assert Bid.objects.get(ground="too_low").receipt == decision.receipt


@pytest.mark.django_db
def test_a_refusal_that_decides_nothing_is_signed_and_not_kept(round: Round, clock: HandClock) -> None:
    offer = an_offer(a_bidder(round, lin()), 1_400_000)
    clock.go(seconds=2)

    late = submit_now(offer)
    stranger = submit_now(offer._replace(seat=None))
    unregistered = submit_now(offer._replace(seat=person_seat(chen(), round.pk), arrived_at=clock.at))
    timeless = submit_now(offer._replace(arrived_at=None))

    answers = [late, stranger, unregistered, timeless]
    reasons = [receipts.verify(each.receipt, receipts.public_key())["reason"] for each in answers]
    assert reasons == ["undecided", "not_qualified", "not_qualified", "clock_fault"]
    assert Bid.objects.count() == 0


@pytest.mark.django_db
def test_a_flood_buys_one_signature(round: Round) -> None:
    offer = an_offer(a_bidder(round, lin()), 1)
    answers = [submit_now(offer._replace(key=str(uuid4()))) for _ in range(40)]

    flood = [each for each in answers if each.ground is Ground.TOO_MANY]
    assert len(flood) > 2
    assert 1 <= len([each for each in flood if each.receipt]) < len(flood)


@pytest.mark.django_db
def test_a_key_sent_again_gets_the_same_receipt_over_http_too(round: Round, clock: HandClock) -> None:
    a_bidder(round, lin())
    seat = person_seat(lin(), round.pk)
    first = submit_now(Offer(round.pk, seat, 140_000_000, str(uuid4()), NOON))
    clock.go(seconds=30)
    browser = Client()
    browser.force_login(lin())

    again = browser.post(
        f"/rounds/{round.pk}/bids",
        {"key": first.offer.key, "amount": first.offer.amount_fen},
        content_type="application/json",
    ).json()

    assert first.receipt
    assert (again["type"], again["receipt"], again["seq"]) == ("accepted", first.receipt, first.seq)


@pytest.mark.django_db(transaction=True)
def test_an_answer_lost_after_the_commit_is_one_bid_with_the_same_receipt(
    clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = a_recorded_round()
    offer = an_offer(a_bidder(round, lin()), 1_400_000)
    committing = store.commit

    def commit_and_die() -> None:
        committing()
        monkeypatch.setattr(store, "commit", committing)
        raise ConnectionError("the answer to the commit is lost")

    monkeypatch.setattr(store, "commit", commit_and_die)
    decision = submit_now(offer)

    assert decision.accepted
    assert Bid.objects.get().receipt == decision.receipt == submit_now(offer).receipt
    assert receipts.verify(decision.receipt, receipts.public_key())["seq"] == str(decision.seq)


def _statement(seq: int) -> str:
    return receipts.statement(receipts.Accepted(1, seq, "T0001", "c", 5, 6, 7, 8, "a" * 64, "b" * 64))
