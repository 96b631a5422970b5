"""The ledger: every movement of money is one balanced transfer, booked once and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Sum

from auction.models import Posting, Transfer
from auction.rules.money import ZERO, Money

HOLDS = "hold:stripe"
CARDS = "clearing:stripe"
BANK = "bank:court"
SUSPENSE = "suspense"


class Unbalanced(ValueError):
    """The postings do not sum to zero, or the same cause was booked with others before."""


def book(*, key: str, memo: str, postings: Mapping[str, Money], at: datetime) -> Transfer:
    """Book a transfer inside the caller's transaction; the same key books once.

    What the court owes is positive, where the money lies negative.

    :raises Unbalanced: if the postings do not sum to zero, or the key was booked with other postings
    """
    given = {account: amount.fen for account, amount in postings.items() if amount}
    if sum(given.values()) != 0:
        raise Unbalanced(key)
    transfer, fresh = Transfer.objects.get_or_create(key=key, defaults={"memo": memo, "at": at})
    if fresh:
        Posting.objects.bulk_create(
            Posting(transfer=transfer, account=name, fen=fen) for name, fen in given.items()
        )
    elif dict(transfer.postings.values_list("account", "fen")) != given:
        raise Unbalanced(key)
    return transfer


def balance(account: str) -> Money:
    """Return what is on an account."""
    total: int | None = Posting.objects.filter(account=account).aggregate(total=Sum("fen"))["total"]
    return Money(total) if total else ZERO


def deposits(round_id: int) -> str:
    """Return the account of a round's held deposits."""
    return f"deposits:round:{round_id}"


def price(round_id: int) -> str:
    """Return the account of what came for a round's price."""
    return f"price:round:{round_id}"


def forfeited(round_id: int) -> str:
    """Return the account of the deposits a round's defaulters lost."""
    return f"forfeited:round:{round_id}"


def pending(code: str) -> str:
    """Return the account of transfers that came under a remittance code and do not suffice yet."""
    return f"pending:{code}"


def outgoing(code: str) -> str:
    """Return the account of money ordered to be sent by the bank, until a statement shows that it went."""
    return f"outgoing:{code}"


def case(case_number: str) -> str:
    """Return the account of a case's funds."""
    return f"case:{case_number}"
