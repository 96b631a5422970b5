"""What is asked of a card provider: hold, charge, apply, release, look up.

Its state is evidence, our ledger the truth: every answer says for whom and how much, and is compared with
our row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from auction.rules.money import Money


class ProviderDown(Exception):
    """The payment provider cannot be asked now; whether something happened is not known."""


class ProviderRefuses(Exception):
    """The payment provider refuses what was asked."""


class ForgedCue(Exception):
    """The notice does not come from the payment provider, or not from now."""


@dataclass(frozen=True)
class Ask:
    """A payment page to be opened: for what (`deposit:12`), how much, and where the payer goes afterwards."""

    subject: str
    attempt: int
    amount: Money
    title: str
    back: str
    cancel: str
    language: str


@dataclass(frozen=True)
class Page:
    """An opened payment page."""

    session: str
    url: str


class Where(StrEnum):
    """Where a payment is at the provider."""

    OPEN = "open"
    HELD = "held"
    PAID = "paid"
    RETURNED = "returned"
    GONE = "gone"


@dataclass(frozen=True)
class Seen:
    """What the provider says when looked up; `session_open` if somebody could still pay."""

    where: Where
    payment: str
    amount: Money
    subject: str
    capture_before: datetime | None = None
    session_open: bool = False
    url: str = ""


@dataclass(frozen=True)
class Cue:
    """A verified notice: something happened to one of these references; what, is looked up."""

    event: str
    kind: str
    references: frozenset[str]


class CardProvider(Protocol):
    """A provider of card payments."""

    def hold(self, ask: Ask) -> Page:
        """Open a page that holds the amount on a card."""

    def charge(self, ask: Ask) -> Page:
        """Open a page that takes the amount from a card."""

    def apply(self, payment: str, amount: Money) -> None:
        """Take a held amount."""

    def release(self, payment: str, subject: str) -> bool:
        """Give back what is held or was taken; return whether it is on its way for certain."""

    def look_up(self, session: str) -> Seen:
        """Return what is so."""

    def close(self, session: str) -> None:
        """Close a page so that nobody can pay there any more."""

    def cue(self, payload: bytes, signature: str) -> Cue:
        """Return what a notice is about, once its signature and time are right."""
