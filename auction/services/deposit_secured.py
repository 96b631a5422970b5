"""A deposit has come: it is held, and its bidder qualified with a code (art. 18¶1)."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from auction import record
from auction.models import Bidder, Deposit, Round
from auction.payments.base import Seen, Where
from auction.rules import codes, eligibility
from auction.rules import deposit as rules
from auction.rules.deposit import Act, Rail, State
from auction.rules.grounds import Refused
from auction.rules.money import Money
from auction.services import ledger
from auction.services.payment_order import order

log = logging.getLogger(__name__)

ON_CARD = {Where.HELD: (Rail.HOLD, ledger.HOLDS), Where.PAID: (Rail.CHARGE, ledger.CARDS)}


@transaction.atomic
def secure_by_card(*, deposit_id: int, seen: Seen, at: datetime) -> Deposit:
    """Hold a deposit that the provider, when looked up, says is held or paid; asked again it changes nothing.

    :raises Refused: if what was seen is not this deposit
    """
    round, deposit = locked(deposit_id)
    if seen.where not in ON_CARD or deposit.state != State.DUE:
        return deposit
    if seen.subject != subject(deposit) or seen.amount != Money(deposit.amount_fen):
        log.error("deposit %s: another payment was seen under its session", deposit.pk)
        return deposit
    rail, account = ON_CARD[seen.where]
    deposit.rail, deposit.payment, deposit.capture_before = rail, seen.payment, seen.capture_before
    secure(round=round, deposit=deposit, source=account, at=at)
    send_part_back(deposit, at)
    return deposit


def send_part_back(deposit: Deposit, at: datetime) -> None:
    """Send back what came by transfer for a deposit that was then not paid so; inside the caller's lock."""
    waiting = ledger.pending(deposit.remittance_code)
    part = ledger.balance(waiting)
    if part:
        made = order(cause=subject(deposit), code=deposit.remittance_code, amount=part, at=at)
        postings = {waiting: -part, ledger.outgoing(made.code): part}
        key = f"{subject(deposit)}:returned"
        ledger.book(key=key, memo="part payment returned", postings=postings, at=at)


def locked(deposit_id: int) -> tuple[Round, Deposit]:
    """Lock the round, then the deposit: always in this order."""
    round_id = Deposit.objects.values_list("bidder__round_id", flat=True).get(pk=deposit_id)
    round = Round.objects.select_for_update(of=("self",)).select_related("lot").get(pk=round_id)
    deposit = Deposit.objects.select_for_update(of=("self",)).select_related("bidder").get(pk=deposit_id)
    deposit.bidder.round = round
    return round, deposit


def subject(deposit: Deposit) -> str:
    """Return the name the provider knows this deposit by: random, so it says nothing and never recurs."""
    return f"deposit:{deposit.remittance_code}"


def secure(*, round: Round, deposit: Deposit, source: str, at: datetime) -> None:
    """Book the deposit from where the money lies, and qualify its bidder if the bidding has not ended."""
    amount = Money(deposit.amount_fen)
    postings = {source: -amount, ledger.deposits(round.pk): amount}
    ledger.book(key=f"{subject(deposit)}:held:{deposit.asked}", memo="deposit held", postings=postings, at=at)
    deposit.state = rules.after(deposit.state, Act.SECURE)
    deposit.received_fen = deposit.amount_fen
    deposit.held_at, deposit.retry_at = at, None
    try:
        eligibility.check_time(round.state, round.closes_at, at)
    except Refused:
        # Too late to take part (art. 18¶1): the money goes straight back.
        deposit.release_by = rules.settle_by(at)
    else:
        qualify(round=round, deposit=deposit, at=at)
    deposit.save()


def qualify(*, round: Round, deposit: Deposit, at: datetime) -> None:
    """Give the bidder his code and record it with the commitment; the caller holds the round's lock."""
    if deposit.state == State.DUE:
        deposit.state, deposit.held_at = rules.after(deposit.state, Act.SECURE), at
        deposit.save(update_fields=["state", "held_at"])
    give_code(round=round, bidder=deposit.bidder, at=at)


def give_code(*, round: Round, bidder: Bidder, at: datetime) -> None:
    """Let a bidder take part under a code, and record both it and the commitment to who he is."""
    bidder.code, bidder.qualified_at = _unused_code(round), at
    bidder.save(update_fields=["code", "qualified_at"])
    record.append(round, "qualify", {"code": bidder.code, "commit": bidder.commitment}, at=at)


def _unused_code(round: Round) -> str:
    while True:
        code = codes.bidder_code()
        if not Bidder.objects.filter(round=round, code=code).exists():
            return code
