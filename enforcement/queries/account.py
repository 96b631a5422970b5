"""The court's account: what its bank is to send back, and what came that fits nothing."""

from __future__ import annotations

from auction.models import Deposit, PaymentOrder, StatementLine
from enforcement.models import Court

LATEST = 100


def orders_of(court: Court) -> list[PaymentOrder]:
    """Return the payments the court's bank has not made yet, the oldest first."""
    codes = Deposit.objects.filter(bidder__round__lot__court_name=court.name).values("remittance_code")
    waiting = PaymentOrder.objects.filter(state=PaymentOrder.State.ORDERED, code__in=codes)
    return list(waiting.order_by("pk"))


def suspense_of(court: Court) -> list[StatementLine]:
    """Return the latest lines of the court's statements that wait for somebody to decide."""
    waiting = StatementLine.objects.filter(account=court.code, state=StatementLine.State.SUSPENSE)
    return list(waiting.order_by("-pk")[:LATEST])
