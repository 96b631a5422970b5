"""The confirmation of a sale: once, in the true name, tied to the record."""

from __future__ import annotations

import json

import pytest

from auction import documents
from auction.models import Document, Event, Round, RoundState
from auction.rules.grounds import Ground, Refused
from auction.services.confirmation import confirm_sale
from tests.support import sales

pytestmark = pytest.mark.django_db


def the_round() -> Round:
    return Round.objects.get()


def test_the_confirmation_names_the_purchaser_and_hides_her_birthday() -> None:
    sales.confirmed()

    facts = Document.objects.get().facts
    assert (facts["purchaser"], facts["number"]) == ("林晓月", "110105********0025")
    assert facts["price_capitals"] == "叁佰万元整"
    assert the_round().state == RoundState.CONFIRMED


def test_the_record_notes_the_digest_of_the_pdf_and_no_name() -> None:
    sales.confirmed()

    opening, leaf = Event.objects.filter(kind="note").values_list("leaf", flat=True)
    assert json.loads(opening)["about"] == "opening"
    assert json.loads(leaf)["digest"] == documents.digest(bytes(Document.objects.get().pdf))
    assert "林" not in opening + leaf


def test_the_paper_carries_the_hash_the_record_had_at_the_close() -> None:
    sales.confirmed()

    assert Document.objects.get().facts["record_head"] == Event.objects.get(kind="close").hash


def test_asked_twice_there_is_one_confirmation() -> None:
    sales.confirmed()

    again = confirm_sale(round_id=the_round().pk, at=sales.PAID)

    assert Document.objects.get() == again
    assert Event.objects.filter(kind="note").count() == 2


def test_an_unsold_round_is_not_confirmed() -> None:
    sales.closed(price_fen=None)

    with pytest.raises(Refused) as refusal:
        confirm_sale(round_id=the_round().pk, at=sales.CLOSED)

    assert refusal.value.ground is Ground.WRONG_STATE
    assert not Document.objects.exists()
