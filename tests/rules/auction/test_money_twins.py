"""The page's own arithmetic agrees with the server's: both are held to one file of examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from auction.rules.money import Money, NotMoney, capitals, parse

TWINS: Final = json.loads((Path(__file__).parents[2] / "js" / "money.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "fen"), TWINS["parse"])
def test_the_server_reads_what_the_page_reads(text: str, fen: int | None) -> None:
    try:
        read: int | None = parse(text).fen
    except NotMoney:
        read = None

    assert read == fen


@pytest.mark.parametrize(("fen", "text"), TWINS["capitals"])
def test_the_server_writes_the_capitals_the_page_writes(fen: int, text: str) -> None:
    assert capitals(Money(fen)) == text


@pytest.mark.parametrize(("fen", "text"), TWINS["price"])
def test_the_server_shows_the_amount_the_page_shows(fen: int, text: str) -> None:
    assert f"¥{Money(fen)}".removesuffix(".00") == text
