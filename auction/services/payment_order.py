"""The court's bank is ordered to send money back to the account it came from (never to another)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime

from auction.models import PaymentOrder, StatementLine
from auction.models.sealing import seal, unseal
from auction.rules.money import Money

PAYER = "payer"
PAYEE = "payee"
COUNTED = ("", "over")
"""What `StatementLine.why` says of a line that was counted, at least in part."""


class NoOrigin(ValueError):
    """No statement line says where the money came from."""


def order(*, cause: str, code: str, amount: Money, at: datetime) -> PaymentOrder:
    """Order money back under the remittance code it came with; the same cause orders once.

    It goes where counted money came from: a stranger's transfer under the same code is in suspense.

    :raises NoOrigin: if no transfer came under this code
    """
    counted = StatementLine.objects.filter(code=code, fen__gt=0, why__in=COUNTED)
    line = counted.order_by("pk").first()
    if line is None:
        raise NoOrigin(code)
    payer = unseal(PAYER, line.reference, line.sealed_payer)
    facts = {"code": code, "fen": amount.fen, "sealed_payee": seal(PAYEE, code, payer), "at": at}
    made, _ = PaymentOrder.objects.get_or_create(cause=cause, defaults=facts)
    return made


def instructions(orders: Iterable[PaymentOrder]) -> bytes:
    """Return the orders as CSV for the court's bank; the debit must carry the code in its remark."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("收款户名", "收款账号", "金额", "附言"))
    for made in orders:
        payee = unseal(PAYEE, made.code, made.sealed_payee)
        rows.writerow(
            (
                _plain(payee["name"]),
                _plain(payee["account"]),
                str(Money(made.fen)).replace(",", ""),
                made.code,
            )
        )
    return text.getvalue().encode("utf-8-sig")


def _plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
