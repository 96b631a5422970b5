"""Case numbers as people write them, and as the courts' records hold them."""

from __future__ import annotations

from pathlib import Path

import pytest

from enforcement.rules.case_number import NotACaseNumber, parse


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("(2021)京0105执1234号", "(2021)京0105执1234号"),
        ("（2021）京0105执1234号", "(2021)京0105执1234号"),
        (" 〔2021〕 京0105执恢12号之一 ", "(2021)京0105执恢12号之一"),
        ("(２０２１)京0105执１２号", "(2021)京0105执12号"),
        ("(2021)最高法执监3号", "(2021)最高法执监3号"),
        ("(2014)鱼执字第01174号", "(2014)鱼执字第01174号"),
        ("（2014）甬仑引调字第00232号", "(2014)甬仑引调字第00232号"),
    ],
)
def test_a_case_number_has_one_canonical_form(written: str, canonical: str) -> None:
    assert str(parse(written)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2021京0105执1234号",
        "(2021)京0105执号",
        "(2021)X0105执1号",
        "(2021)京0105执1234",
        "(21)京0105执1号",
    ],
)
def test_anything_else_is_no_case_number(text: str) -> None:
    with pytest.raises(NotACaseNumber):
        parse(text)


@pytest.mark.parametrize(
    ("text", "enforces"),
    [
        ("(2021)京0105执1234号", True),
        ("(2021)京0105执恢1234号", True),
        ("(2014)鱼执字第01174号", True),
        ("(2021)京0105执异1234号", False),
        ("(2021)京0105执保1234号", False),
        ("(2021)京0105民初1234号", False),
    ],
)
def test_only_enforcement_and_its_resumption_sell(text: str, enforces: bool) -> None:
    assert parse(text).enforces is enforces


def test_the_parts_of_a_number_are_told_apart() -> None:
    number = parse("(2020)川01执异259号")

    assert (number.year, number.court, number.kind, number.number) == (2020, "川01", "执异", "259")
    assert number.belongs_to("川01")
    assert not number.belongs_to("川0101")


def test_every_real_case_number_is_read_and_written_back_the_same(shared_data: Path) -> None:
    lines = (shared_data / "courts" / "case_numbers_real.txt").read_text(encoding="utf-8").split()

    for line in lines:
        number = parse(line)
        assert parse(str(number)) == number
        assert str(number) == line.replace("（", "(").replace("）", ")")
