"""Money in whole fen: parsed, added, shown, and written in capital numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LARGEST_FEN: Final = 2**53 - 1  # the record is read by JavaScript too (RFC 8785)

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
GROUPS: Final = ("", "万", "亿", "万亿")
WRITTEN: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?", re.ASCII)


class NotMoney(ValueError):
    """The text is not an amount of yuan with at most two decimals."""


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in whole fen (CNY 0.01); may be negative in a ledger."""

    fen: int

    def __add__(self, other: Money) -> Money:
        return Money(self.fen + other.fen)

    def __sub__(self, other: Money) -> Money:
        return Money(self.fen - other.fen)

    def __mul__(self, times: int) -> Money:
        return Money(self.fen * times)

    def __neg__(self) -> Money:
        return Money(-self.fen)

    def __bool__(self) -> bool:
        return self.fen != 0

    def __str__(self) -> str:
        """Return yuan with thousands commas and two decimals: 1,234.50."""
        sign = "-" if self.fen < 0 else ""
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{sign}{yuan:,}.{fen:02d}"

    def share(self, part: int, whole: int) -> Money:
        """Return this amount times part/whole, rounded down to the fen."""
        return Money(self.fen * part // whole)


ZERO: Final = Money(0)


def yuan(amount: int, fen: int = 0) -> Money:
    """Return an amount given in yuan and fen."""
    return Money(amount * 100 + fen)


def parse(text: str) -> Money:
    """Return the amount a person wrote in yuan, with or without thousands commas.

    :raises NotMoney: if the text is anything else, or beyond 2^53-1 fen
    """
    match = WRITTEN.fullmatch(text.strip().removeprefix("¥").strip())
    if match is None:
        raise NotMoney(text)
    amount = Money(int(match[1].replace(",", "")) * 100 + int((match[2] or "").ljust(2, "0")))
    if amount.fen > LARGEST_FEN:
        raise NotMoney(text)
    return amount


def capitals(amount: Money) -> str:
    """Return the amount in Chinese capital numerals (正确填写票据和结算凭证的基本规定)."""
    yuan_part, fen_part = divmod(amount.fen, 100)
    jiao, fen = divmod(fen_part, 10)
    whole = _whole(yuan_part) + "元" if yuan_part or not fen_part else ""
    if not fen_part:
        return whole + "整"
    gap = "零" if whole and not jiao else ""
    tenths = DIGITS[jiao] + "角" if jiao else ""
    return whole + gap + tenths + (DIGITS[fen] + "分" if fen else "整")


def _whole(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text = ""
    for index in range(len(groups) - 1, -1, -1):
        text += _group(groups[index], bool(text)) + (GROUPS[index] if groups[index] else "")
    return re.sub("零+", "零", text).rstrip("零")


def _group(group: int, after_more: bool) -> str:
    """Return up to four digits in capitals, with one zero for a gap before or inside."""
    if group == 0:
        return "零"
    text = "零" if after_more and group < 1000 else ""
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += DIGITS[digit] + PLACES[place]
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")
