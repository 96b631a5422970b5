"""Codes: unambiguous, random, and a typing mistake on a transfer is found."""

from __future__ import annotations

from itertools import pairwise

from auction.rules import codes


def test_a_remittance_code_is_found_in_a_remark_however_it_is_written() -> None:
    code = codes.remittance_code()

    remark = f"拍卖保证金 {code[:2].lower()} {code[2:6]}-{code[6:].lower()} 林晓月"

    assert codes.find_remittance_code(remark) == code


def test_one_wrong_sign_is_found() -> None:
    code = codes.remittance_code()

    for place in range(2, len(code)):
        for sign in set(codes.SIGNS) - {code[place]}:
            assert codes.find_remittance_code(code[:place] + sign + code[place + 1 :]) == ""


def test_two_swapped_signs_are_found() -> None:
    code = codes.remittance_code()

    for left, right in pairwise(range(2, 10)):
        if code[left] != code[right]:
            swapped = code[:left] + code[right] + code[left] + code[right + 1 :]
            assert codes.find_remittance_code(swapped) == ""


def test_a_bidder_code_has_no_sign_that_looks_like_another() -> None:
    drawn = {codes.bidder_code() for _ in range(200)}

    assert len(drawn) > 190
    assert not set("".join(drawn)) & set("01258BGIOSZ")
