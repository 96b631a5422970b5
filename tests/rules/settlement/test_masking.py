"""What of a purchaser's number is published."""

from __future__ import annotations

from auction.rules.masking import published_number


def test_a_persons_date_of_birth_is_hidden() -> None:
    shown = published_number("natural", "110105199003070028")

    assert shown == "110105********0028"


def test_an_organisations_code_is_public_whole() -> None:
    assert published_number("organisation", "91110000100000000X") == "91110000100000000X"
