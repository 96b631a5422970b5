"""The court's bank is ordered to send money back to the account it came from (never to another)."""

from __future__ import annotations

from datetime import datetime

from auction.models import PaymentOrder, StatementLine
from auction.models.sealing import seal, unseal
from auction.rules.money import Money

PAYER = "payer"
PAYEE = "payee"


class NoOrigin(ValueError):
    """No statement line says where the money came from."""


def order(*, cause: str, code: str, amount: Money, at: datetime) -> PaymentOrder:
    """Order money back under the remittance code it came with; the same cause orders once.

    :raises NoOrigin: if no transfer came under this code
    """
    line = StatementLine.objects.filter(code=code, fen__gt=0).order_by("pk").first()
    if line is None:
        raise NoOrigin(code)
    payer = unseal(PAYER, line.reference, line.sealed_payer)
    facts = {"code": code, "fen": amount.fen, "sealed_payee": seal(PAYEE, code, payer), "at": at}
    made, _ = PaymentOrder.objects.get_or_create(cause=cause, defaults=facts)
    return made
