"""Amounts as pages show them."""

from __future__ import annotations

from django import template

from auction.rules.money import Money
from auction.rules.money import capitals as in_capitals

register = template.Library()


@register.filter
def money(fen: int | Money | None) -> str:
    """Return ¥1,234.50, always with two decimals: for ledgers and documents."""
    if fen is None:
        return "—"
    amount = fen if isinstance(fen, Money) else Money(fen)
    return f"¥{amount}"


@register.filter
def price(fen: int | Money | None) -> str:
    """Return ¥1,234 or ¥1,234.50: for prices, which seldom have fen."""
    return money(fen).removesuffix(".00")


@register.filter
def plain_price(fen: int) -> str:
    """Return 1,234 or 1,234.50, as a person would type it."""
    return price(fen).removeprefix("¥")


@register.filter
def fen_of(text: str) -> int | None:
    """Return the fen an address carries, or None if it carries none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 16 else None


@register.filter
def capitals(fen: int | Money) -> str:
    """Return the amount in Chinese capital numerals."""
    return in_capitals(fen if isinstance(fen, Money) else Money(fen))
