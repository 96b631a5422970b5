"""Refunds: never more than was taken (docs.stripe.com/api/refunds)."""

from __future__ import annotations

from tests.support.fake_stripe import cards
from tests.support.fake_stripe.context import Context, Thing
from tests.support.fake_stripe.wire import Params, accept, chosen, invalid, whole

CREATE = {"amount", "charge", "metadata", "payment_intent", "reason"}
REASONS = ("", "duplicate", "fraudulent", "requested_by_customer")
SETTLES_AFTER = 2
"""Seconds until a refund that does not end at once ends."""


def create(context: Context, params: Params) -> Thing:
    """Refund a charge, all that is left or part."""
    accept(params, CREATE)
    charge = _charge(context, params)
    left = charge["amount_captured"] - _given_back(context, charge)
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise invalid(message, code="charge_already_refunded", executed=True)
    amount = whole(params, "amount", left)
    if not 0 < amount <= left:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise invalid(message, param="amount", executed=True)
    refund = context.store.put(_refund(context, charge, amount, params))
    _count(context, charge)
    context.emit("refund.created", refund)
    context.emit("charge.refunded", charge)
    return refund


def _charge(context: Context, params: Params) -> Thing:
    if params.get("charge"):
        charge = context.fetch("charge", params["charge"], "charge")
    elif params.get("payment_intent"):
        intent = context.fetch("payment_intent", params["payment_intent"], "payment_intent")
        charge = context.store.get(intent["latest_charge"] or "") or {"captured": False}
    else:
        raise invalid(
            "One of the following params should be provided for this request: payment_intent or charge."
        )
    if not charge["captured"]:
        raise invalid("This PaymentIntent does not have a successful charge to refund.", executed=True)
    return charge


def _refund(context: Context, charge: Thing, amount: int, params: Params) -> Thing:
    last4 = charge["payment_method_details"]["card"]["last4"]
    ending = next(card.refund for card in cards.CARDS.values() if card.number.endswith(last4))
    refund = context.fresh(
        "refund",
        "re",
        amount=amount,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details={"type": "card", "card": {"type": "refund"}},
        payment_intent=charge["payment_intent"],
        reason=chosen(params, "reason", REASONS) or None,
        receipt_number=None,
        status=ending.split(",")[0],
    ) | {"metadata": params.get("metadata") or {}}
    if ", then " in ending:
        context.store.set(f"ending of {refund['id']}", ending.split(", then ")[1])
    return refund


def _given_back(context: Context, charge: Thing) -> int:
    refunds = context.store.every("refund")
    return sum(r["amount"] for r in refunds if r["charge"] == charge["id"] and r["status"] != "failed")


def _count(context: Context, charge: Thing) -> None:
    back = _given_back(context, charge)
    released = charge["amount"] - charge["amount_captured"]
    charge |= {"amount_refunded": released + back, "refunded": back == charge["amount_captured"]}
    context.store.put(charge)


def settle(context: Context) -> None:
    """End the refunds whose test card makes them end later."""
    for refund in context.store.every("refund"):
        ending = context.store.setting(f"ending of {refund['id']}", None)
        if ending and refund["status"] != ending and refund["created"] + SETTLES_AFTER <= context.at:
            _settle(context, refund, ending)


def _settle(context: Context, refund: Thing, ending: str) -> None:
    was = refund["status"]
    refund |= {"status": ending} | ({"failure_reason": "unknown"} if ending == "failed" else {})
    context.store.put(refund)
    _count(context, context.fetch("charge", refund["charge"]))
    context.emit("refund.failed" if ending == "failed" else "refund.updated", refund, status=was)
