"""Real names are proved once, sealed, and one number belongs to one account."""

from __future__ import annotations

import pytest

from auction.models import RealName
from auction.models.sealing import SealBroken, unseal
from auction.rules.identity import NATURAL, NotANumber
from auction.services.real_name import NumberTaken, identity_of, prove
from tests.support import money
from tests.support.people import NOON, chen, lin

pytestmark = pytest.mark.django_db


def test_name_and_number_are_stored_sealed() -> None:
    money.named(lin())

    row = RealName.objects.get()
    stored = bytes(row.sealed) + row.number_hash.encode()
    assert "林晓月".encode() not in stored
    assert b"110105199003070025" not in stored
    assert identity_of(row).name == "林晓月"


def test_a_seal_cannot_be_moved_to_another_person() -> None:
    money.named(lin())

    with pytest.raises(SealBroken):
        unseal("real name", f"person:{chen().pk}", RealName.objects.get().sealed)


def test_a_number_belongs_to_one_account() -> None:
    money.named(lin())

    with pytest.raises(NumberTaken):
        prove(person=chen(), kind=NATURAL, name="陈小明", number="110105199003070025", at=NOON)

    assert RealName.objects.count() == 1


def test_a_proved_name_stays() -> None:
    money.named(lin())

    again = prove(person=lin(), kind=NATURAL, name="陈小明", number=money.NAMES["chen"][1], at=NOON)

    assert identity_of(again).name == "林晓月"


def test_a_wrong_number_is_refused() -> None:
    with pytest.raises(NotANumber):
        prove(person=lin(), kind=NATURAL, name="林晓月", number="110105199003070026", at=NOON)
