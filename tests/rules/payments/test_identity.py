"""Identity numbers by their standards, and the commitment to an identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from auction.rules import identity
from auction.rules.identity import NATURAL, ORGANISATION, Identity, NotANumber

LIN = Identity(NATURAL, "林晓月", "110105199003070025")


@pytest.mark.parametrize("number", ["110105199003070025", "11010519491231002X", "440524188001010014"])
def test_the_standards_own_numbers_are_right(number: str) -> None:
    assert identity.is_resident_number(number)


@pytest.mark.parametrize("sequence", range(100, 122))
def test_the_check_digit_makes_the_number_one_modulo_eleven(sequence: int) -> None:
    body = f"11010519900307{sequence}"

    for check, value in zip("0123456789X", range(11), strict=True):
        total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(body)) + value
        assert identity.is_resident_number(body + check) is (total % 11 == 1)


@pytest.mark.parametrize("place", range(18))
def test_one_wrong_digit_is_found(place: int) -> None:
    digits = list(LIN.number)
    digits[place] = str((int(digits[place]) + 1) % 10)

    assert not identity.is_resident_number("".join(digits))


@pytest.mark.parametrize(
    "number",
    [
        "",
        "11010519900307002",
        "110105199013070025",
        "１１０１０５１９９００３０７００２５",
        "1101051990030700250",
    ],
)
def test_other_texts_are_no_resident_number(number: str) -> None:
    with pytest.raises(NotANumber):
        identity.checked_number(NATURAL, number)


def test_spaces_and_small_letters_are_forgiven() -> None:
    assert identity.checked_number(NATURAL, " 110105 19491231 002x ") == "11010519491231002X"


@pytest.mark.parametrize(
    ("code", "right"),
    [("91350100M000100Y43", True), ("91350100M000100Y44", False), ("91350100I000100Y43", False)],
)
def test_organisation_codes_carry_a_check_character(code: str, right: bool) -> None:
    assert identity.is_organisation_code(code) is right


def test_an_organisations_number_is_not_a_persons() -> None:
    with pytest.raises(NotANumber):
        identity.checked_number(ORGANISATION, LIN.number)


@pytest.mark.parametrize(
    ("number", "day"),
    [("110105199003070025", date(2008, 3, 7)), ("110105200402290000", date(2022, 3, 1))],
)
def test_full_age_comes_with_the_eighteenth_birthday(number: str, day: date) -> None:
    assert identity.adult_on(number) == day


def test_a_commitment_binds_name_number_and_nonce() -> None:
    nonce = b"n" * 32

    made = identity.commitment(LIN, nonce)

    assert made == identity.commitment(LIN, nonce)
    assert made != identity.commitment(replace(LIN, name="林小月"), nonce)
    assert made != identity.commitment(LIN, b"m" * 32)
