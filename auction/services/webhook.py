"""A notice of the provider arrives: it is verified, kept once, and taken as a cue to look the payment up."""

from __future__ import annotations

from datetime import datetime

from auction.models import Balance, Delivery, Deposit
from auction.payments.base import Cue
from auction.payments.stripe import provider
from auction.services.balance_payment import refresh_balance
from auction.services.deposit_refresh import refresh


def receive(*, payload: bytes, signature: str, at: datetime) -> bool:
    """Act on a notice; return False if it was acted on before.

    One that could not be acted on stays unhandled, so that its repetition is.

    :raises ForgedCue: if it is not the provider's, or not from now
    :raises ProviderDown: if the provider cannot be asked now
    """
    cue = provider().cue(payload, signature)
    subject = " ".join(sorted(cue.references))[:120]
    facts = {"kind": cue.kind[:60], "subject": subject, "received_at": at}
    delivery, _ = Delivery.objects.get_or_create(event_id=cue.event, defaults=facts)
    if delivery.handled_at is not None:
        return False
    _look_up(cue, at)
    Delivery.objects.filter(pk=delivery.pk).update(handled_at=at)
    return True


def _look_up(cue: Cue, at: datetime) -> None:
    """Look up every row that one of the references names; the lookups themselves are idempotent."""
    for field in ("session", "payment"):
        named = {f"{field}__in": cue.references}
        for pk in Deposit.objects.filter(**named).values_list("pk", flat=True):
            refresh(deposit_id=pk, at=at)
        for pk in Balance.objects.filter(**named).values_list("pk", flat=True):
            refresh_balance(balance_id=pk, at=at)
