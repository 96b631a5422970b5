"""Charges: what a card gave, and for how long it holds it.

Source: docs.stripe.com/payments/place-a-hold-on-a-payment-method.
"""

from __future__ import annotations

from tests.support.fake_stripe.cards import Card
from tests.support.fake_stripe.context import Context, Thing

HOLD_SECONDS = 7 * 24 * 3600
"""A card-not-present authorisation that the customer began lasts seven days, whatever the brand."""


def authorise(context: Context, intent: Thing, card: Card) -> Thing:
    """Charge the card, or hold the money where the PaymentIntent is captured by hand."""
    manual = intent["capture_method"] == "manual"
    charge = context.store.put(_charge(context, intent, card, captured=not manual))
    amount = intent["amount"]
    intent |= {"latest_charge": charge["id"], "next_action": None}
    intent |= {"status": "requires_capture" if manual else "succeeded"}
    intent |= {"amount_capturable": amount if manual else 0, "amount_received": 0 if manual else amount}
    context.store.put(intent)
    context.emit("charge.succeeded", charge)
    context.emit("payment_intent.amount_capturable_updated" if manual else "payment_intent.succeeded", intent)
    return intent


def _charge(context: Context, intent: Thing, card: Card, *, captured: bool) -> Thing:
    amount = intent["amount"]
    return context.fresh(
        "charge",
        "ch",
        amount=amount,
        amount_captured=amount if captured else 0,
        amount_refunded=0,
        balance_transaction=None,
        billing_details={"address": None, "email": None, "name": None, "phone": None},
        captured=captured,
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=None,
        failure_message=None,
        outcome={"network_status": "approved_by_network", "reason": None, "type": "authorized"},
        paid=True,
        payment_intent=intent["id"],
        payment_method=intent["payment_method"],
        payment_method_details={"type": "card", "card": _card(context, amount, card, captured=captured)},
        receipt_url=None,
        refunded=False,
        status="succeeded",
    ) | {"metadata": dict(intent["metadata"])}


def _card(context: Context, amount: int, card: Card, *, captured: bool) -> Thing:
    held = {} if captured else {"capture_before": context.at + HOLD_SECONDS}
    return held | {
        "amount_authorized": amount,
        "brand": card.brand,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2040,
        "fingerprint": f"fp{card.number[-8:]}",
        "funding": "credit",
        "last4": card.number[-4:],
        "network": card.brand,
        "three_d_secure": {"result": "authenticated"} if card.challenge else None,
        "wallet": None,
    }


def release(context: Context, intent: Thing, *, expired: bool) -> None:
    """Give a hold back to the card: the uncaptured charge counts as refunded."""
    charge = context.fetch("charge", intent["latest_charge"])
    charge |= {"refunded": True, "amount_refunded": charge["amount"]}
    context.store.put(charge)
    context.emit("charge.expired" if expired else "charge.refunded", charge)
