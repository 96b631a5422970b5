"""PaymentIntents: create, confirm, capture, cancel, expire.

Source: docs.stripe.com/payments/paymentintents/lifecycle.
"""

from __future__ import annotations

from typing import Any

from tests.support.fake_stripe import cards
from tests.support.fake_stripe.cards import Card
from tests.support.fake_stripe.charges import authorise, release
from tests.support.fake_stripe.context import Context, Thing, new_id
from tests.support.fake_stripe.wire import Params, Refusal, accept, chosen, invalid, money, text, whole

CREATE = {
    "amount", "automatic_payment_methods", "capture_method", "confirm", "currency", "customer", "description",
    "metadata", "payment_method", "payment_method_types", "return_url", "statement_descriptor_suffix",
}  # fmt: skip
CONFIRM = {"payment_method", "payment_method_data", "return_url"}
CAPTURE = {"amount_to_capture", "metadata"}
CANCEL = {"cancellation_reason"}
REASONS = ("", "abandoned", "duplicate", "fraudulent", "requested_by_customer")
CAPTURE_METHODS = ("automatic_async", "automatic", "manual")
MAY_BE_PAID = ("requires_payment_method", "requires_confirmation")
MAY_BE_CANCELED = (*MAY_BE_PAID, "requires_action", "requires_capture")


def create(context: Context, params: Params) -> Thing:
    """Create a PaymentIntent, and pay it at once where ``confirm`` says so."""
    accept(params, CREATE)
    amount = money(whole(params, "amount"), text(params, "currency").lower())
    if customer := params.get("customer"):
        context.fetch("customer", customer, "customer")
    intent = blank(context, amount, params)
    if method := params.get("payment_method"):
        intent |= {"payment_method": method, "status": "requires_confirmation"}
    context.store.put(intent)
    context.emit("payment_intent.created", intent)
    return (
        confirm(context, {"return_url": params.get("return_url")}, intent["id"]) if _yes(params) else intent
    )


def _yes(params: Params) -> bool:
    return params.get("confirm") == "true"


def blank(context: Context, amount: int, params: Params) -> Thing:
    """Return a PaymentIntent that nobody has tried to pay."""
    identifier = new_id("pi")
    state = dict.fromkeys(
        (
            "canceled_at",
            "cancellation_reason",
            "last_payment_error",
            "latest_charge",
            "next_action",
            "payment_method",
        )
    )
    return context.fresh(
        "payment_intent",
        "pi",
        **state,
        amount=amount,
        amount_capturable=0,
        amount_received=0,
        capture_method=chosen(params, "capture_method", CAPTURE_METHODS),
        client_secret=f"{identifier}_secret_{new_id('s')}",
        confirmation_method="automatic",
        currency=params.get("currency", "cny").lower(),
        customer=params.get("customer"),
        description=params.get("description"),
        payment_method_types=["card"],
        receipt_email=None,
        statement_descriptor_suffix=params.get("statement_descriptor_suffix"),
        status="requires_payment_method",
    ) | {"id": identifier, "metadata": params.get("metadata") or {}}


def confirm(context: Context, params: Params, identifier: str) -> Thing:
    """Pay a PaymentIntent with a test payment method or a card number."""
    accept(params, CONFIRM)
    intent = context.fetch("payment_intent", identifier, "intent")
    _require(intent, MAY_BE_PAID, "confirmed")
    number = (params.get("payment_method_data") or {}).get("card", {}).get("number")
    method = str(params.get("payment_method") or intent["payment_method"] or "")
    if not number and not method:
        raise invalid("You must provide a payment method to confirm this PaymentIntent.", executed=True)
    card = cards.by_number(number) if number else cards.by_method(method)
    return pay(context, intent, card, return_url=params.get("return_url"))


def pay(context: Context, intent: Thing, card: Card, *, return_url: str | None = None) -> Thing:
    """Let the card pay; it may be declined or may ask for 3-D Secure first.

    :raises Refusal: if the card is declined
    """
    intent |= {"payment_method": new_id("pm"), "last_payment_error": None}
    if card.decline:
        raise fail(context, intent, cards.declined(card))
    if card.challenge:
        return _challenge(context, intent, card, return_url)
    return authorise(context, intent, card)


def _challenge(context: Context, intent: Thing, card: Card, return_url: str | None) -> Thing:
    step = {"url": f"{context.base_url}/3ds/{intent['id']}", "return_url": return_url}
    intent |= {
        "status": "requires_action",
        "next_action": {"type": "redirect_to_url", "redirect_to_url": step},
    }
    context.store.put(intent)
    context.store.set(f"card of {intent['id']}", card.number)
    context.emit("payment_intent.requires_action", intent)
    return intent


def challenged_card(context: Context, intent: Thing) -> Card:
    """Return the card that waits for 3-D Secure."""
    return cards.CARDS[context.store.setting(f"card of {intent['id']}", "")]


def fail(context: Context, intent: Thing, refusal: Refusal) -> Refusal:
    """Write the failed attempt on the PaymentIntent and return the error with it attached."""
    error = refusal.body["error"]
    intent |= {"status": "requires_payment_method", "next_action": None, "last_payment_error": dict(error)}
    intent["payment_method"] = None
    context.store.put(intent)
    context.emit("payment_intent.payment_failed", intent)
    error["payment_intent"] = dict(intent)
    return refusal


def capture(context: Context, params: Params, identifier: str) -> Thing:
    """Take the held money, all or part; the rest is released."""
    accept(params, CAPTURE)
    intent = context.fetch("payment_intent", identifier, "intent")
    _require(intent, ("requires_capture",), "captured")
    held = intent["amount_capturable"]
    taken = whole(params, "amount_to_capture", held)
    if not 0 < taken <= held:
        message = f"The capture amount must be between 1 and the capturable amount ({held})."
        raise invalid(message, code="amount_too_large", param="amount_to_capture")
    intent["metadata"] |= params.get("metadata") or {}
    return _take(context, intent, held, taken)


def _take(context: Context, intent: Thing, held: int, taken: int) -> Thing:
    intent |= {"status": "succeeded", "amount_received": taken, "amount_capturable": 0}
    charge = context.fetch("charge", intent["latest_charge"]) | {"captured": True, "amount_captured": taken}
    charge["amount_refunded"] = held - taken
    context.store.put(intent)
    context.store.put(charge)
    context.emit("charge.captured", charge)
    context.emit("payment_intent.succeeded", intent)
    return intent


def cancel(context: Context, params: Params, identifier: str) -> Thing:
    """Cancel a PaymentIntent and release what it holds."""
    accept(params, CANCEL)
    intent = context.fetch("payment_intent", identifier, "intent")
    _require(intent, MAY_BE_CANCELED, "canceled")
    if intent["status"] != "requires_capture" and _open_session(context, intent):
        raise invalid(
            "You cannot cancel this PaymentIntent because it has been created by a Checkout Session. "
            "Expire the Checkout Session instead.",
            executed=True,
        )
    return end(context, intent, reason=chosen(params, "cancellation_reason", REASONS) or None)


def _open_session(context: Context, intent: Thing) -> bool:
    sessions = context.store.every("checkout.session")
    return any(each["payment_intent"] == intent["id"] and each["status"] == "open" for each in sessions)


def end(context: Context, intent: Thing, *, reason: str | None) -> Thing:
    """Move to canceled; a hold goes back to the card."""
    if intent["status"] == "requires_capture":
        release(context, intent, expired=reason == "automatic")
    intent |= {"status": "canceled", "canceled_at": context.at, "cancellation_reason": reason}
    intent |= {"amount_capturable": 0, "next_action": None}
    context.store.put(intent)
    context.emit("payment_intent.canceled", intent)
    return intent


def expire_holds(context: Context) -> None:
    """Cancel every hold whose ``capture_before`` has come."""
    for intent in context.store.every("payment_intent"):
        if intent["status"] == "requires_capture" and _capture_before(context, intent) <= context.at:
            end(context, intent, reason="automatic")


def _capture_before(context: Context, intent: Thing) -> int:
    charge: dict[str, Any] = context.fetch("charge", intent["latest_charge"])
    return int(charge["payment_method_details"]["card"]["capture_before"])


def _require(intent: Thing, states: tuple[str, ...], verb: str) -> None:
    if intent["status"] in states:
        return
    message = (
        f"This PaymentIntent could not be {verb} because it has a status of {intent['status']}. "
        f"Only a PaymentIntent with one of the following statuses may be {verb}: {', '.join(states)}."
    )
    refusal = invalid(message, code="payment_intent_unexpected_state", executed=True)
    refusal.body["error"]["payment_intent"] = dict(intent)
    raise refusal
