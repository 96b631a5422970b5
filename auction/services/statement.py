"""A statement of the court's account is imported: lines find their deposit or balance by the remittance code.

What does not fit waits in suspense and qualifies nobody: no code, another's account, too much, too late.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO

from django.db import transaction

from auction.models import Balance, Bidder, Deposit, PaymentOrder, StatementLine
from auction.models.sealing import payer_hash, seal
from auction.payments.bank import LARGEST, Line, read_statement
from auction.rules.codes import find_remittance_code
from auction.rules.deposit import Rail, State
from auction.rules.money import ZERO, Money
from auction.services import ledger
from auction.services.balance import receive
from auction.services.deposit_secured import locked, secure
from auction.services.payment_order import PAYER

Filter = dict[str, str]


@dataclass
class Summary:
    """What an import did: how many lines were new, matched, in suspense (with why), or known before."""

    lines: int = 0
    matched: int = 0
    repeated: int = 0
    suspense: list[tuple[str, str]] = field(default_factory=list)
    received: Money = ZERO


def import_statement(*, file: IO[bytes], account: str, at: datetime, court: str = "") -> Summary:
    """Import a statement of one court's account; a line known by its reference counts once.

    It is read whole or not at all, then each line is booked by itself: no bid waits for a long statement, and
    an import that was cut off is done again. The order is random: whoever holds the statement could else tell
    by the order of the codes in the record which name got which. Where the court is named, the codes of other
    courts' lots are unknown to it.

    :raises NotAStatement: if it cannot be read
    """
    summary = Summary()
    lines = read_statement(file.read(LARGEST + 1))
    ours = {"bidder__round__lot__court_name": court} if court else {}
    secrets.SystemRandom().shuffle(lines)
    for line in lines:
        summary.lines += 1
        if StatementLine.objects.filter(account=account, reference=line.reference).exists():
            summary.repeated += 1
        else:
            _take(line, account, ours, summary, at)
    return summary


@transaction.atomic
def _take(line: Line, account: str, ours: Filter, summary: Summary, at: datetime) -> None:
    code = find_remittance_code(line.remark)
    payer = {"name": line.name, "account": line.account, "remark": line.remark}
    # In the ledger a line is named by account and reference, for banks number each account on its own.
    booked = replace(line, reference=f"{account}/{line.reference}")
    why = (_sent if line.amount < ZERO else _came)(booked, code, ours, at)
    StatementLine.objects.create(
        account=account,
        reference=line.reference,
        booked_on=line.booked_on,
        fen=line.amount.fen,
        code=code,
        sealed_payer=seal(PAYER, line.reference, payer),
        state=StatementLine.State.SUSPENSE if why else StatementLine.State.MATCHED,
        why=why,
        at=at,
    )
    summary.received += max(line.amount, ZERO)
    summary.matched += not why
    summary.suspense += [(line.reference, why)] if why else []


def _came(line: Line, code: str, ours: Filter, at: datetime) -> str:
    """Book money that came; return why it is in suspense, or nothing."""
    named = ours | {"remittance_code": code}
    deposit = Deposit.objects.filter(**named).select_related("bidder").first() if code else None
    balance = Balance.objects.filter(**named).select_related("bidder").first() if code else None
    owner = deposit or balance
    why = _misfit(line, code, owner.bidder if owner else None)
    if why:
        return _suspend(line, why, at)
    if deposit:
        return _for_deposit(line, deposit.pk, at)
    excess = _for_balance(line, balance, at) if balance else ZERO
    return "over" if excess else ""


def _misfit(line: Line, code: str, bidder: Bidder | None) -> str:
    if not code:
        return "no_code"
    if bidder is None:
        return "unknown_code"
    return "" if payer_hash(bidder.round_id, line.name) == bidder.payer else "other_payer"


def _suspend(line: Line, why: str, at: datetime) -> str:
    postings = {ledger.BANK: -line.amount, ledger.SUSPENSE: line.amount}
    ledger.book(key=f"bank:{line.reference}", memo=f"suspense: {why}", postings=postings, at=at)
    return why


def _for_deposit(line: Line, deposit_id: int, at: datetime) -> str:
    """Count a transfer to a deposit; several may make it up together."""
    round, deposit = locked(deposit_id)
    if deposit.state != State.DUE:
        return _suspend(line, "not_due", at)
    waiting = ledger.pending(deposit.remittance_code)
    missing = Money(deposit.amount_fen) - ledger.balance(waiting)
    counted = min(line.amount, missing)
    postings = {ledger.BANK: -line.amount, waiting: counted, ledger.SUSPENSE: line.amount - counted}
    ledger.book(key=f"bank:{line.reference}", memo="deposit by transfer", postings=postings, at=at)
    deposit.received_fen += counted.fen
    deposit.save(update_fields=["received_fen"])
    if counted == missing:
        deposit.rail = Rail.BANK
        secure(round=round, deposit=deposit, source=waiting, at=at)
    return "over" if counted < line.amount else ""


def _for_balance(line: Line, balance: Balance, at: datetime) -> Money:
    key = f"bank:{line.reference}"
    return receive(balance_id=balance.pk, amount=line.amount, source=ledger.BANK, key=key, at=at)


def _sent(line: Line, code: str, ours: Filter, at: datetime) -> str:
    """Confirm a payment order by the debit that carries its code; return why not, or nothing."""
    codes = Deposit.objects.filter(**ours).values("remittance_code")
    ordered = PaymentOrder.objects.filter(code__in=codes, state=PaymentOrder.State.ORDERED)
    ordered = ordered.filter(code=code, fen=-line.amount.fen)
    found = ordered.select_for_update().first() if code else None
    if found is None:
        return "unknown_debit"
    postings = {ledger.outgoing(code): line.amount, ledger.BANK: -line.amount}
    ledger.book(key=f"bank:{line.reference}", memo="sent by the bank", postings=postings, at=at)
    found.state, found.paid_at = PaymentOrder.State.PAID, at
    found.save(update_fields=["state", "paid_at"])
    return ""
