"""Checkout Sessions: the hosted page's side of a payment (docs.stripe.com/api/checkout/sessions)."""

from __future__ import annotations

from typing import Any

from tests.support.fake_stripe import intents
from tests.support.fake_stripe.cards import Card
from tests.support.fake_stripe.context import Context, Thing
from tests.support.fake_stripe.wire import Params, accept, chosen, invalid, money, text, whole

CREATE = {
    "cancel_url", "client_reference_id", "currency", "customer", "customer_email", "expires_at", "line_items",
    "locale", "metadata", "mode", "payment_intent_data", "payment_method_types", "submit_type", "success_url",
}  # fmt: skip
INTENT_DATA = {"capture_method", "description", "metadata", "statement_descriptor_suffix"}
SHORTEST, LONGEST = 30 * 60, 24 * 3600


def create(context: Context, params: Params) -> Thing:
    """Open a session; its PaymentIntent comes into being when somebody pays."""
    accept(params, CREATE)
    accept(params.get("payment_intent_data") or {}, INTENT_DATA)
    if text(params, "mode") != "payment":
        raise invalid("Only mode=payment is served here.", param="mode")
    text(params, "success_url")
    if customer := params.get("customer"):
        context.fetch("customer", customer, "customer")
    expires_at = whole(params, "expires_at", context.at + LONGEST)
    if not SHORTEST <= expires_at - context.at <= LONGEST:
        message = "The `expires_at` timestamp must be between 30 minutes and 24 hours from creation."
        raise invalid(message, param="expires_at")
    session = _blank(context, params, expires_at)
    context.store.set(f"intent data of {session['id']}", params.get("payment_intent_data") or {})
    context.store.set(
        f"name of {session['id']}", _lines(params)[0]["price_data"].get("product_data", {}).get("name")
    )
    return context.store.put(session)


def _lines(params: Params) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = params.get("line_items") or []
    if not lines or not all("price_data" in line for line in lines):
        raise invalid("Missing required param: line_items[0][price_data].", code="parameter_missing")
    return lines


def _total(params: Params) -> tuple[int, str]:
    lines = _lines(params)
    currency = text(lines[0]["price_data"], "currency").lower()
    amount = sum(whole(line["price_data"], "unit_amount") * whole(line, "quantity", 1) for line in lines)
    return money(amount, currency, "line_items"), currency


def _blank(context: Context, params: Params, expires_at: int) -> Thing:
    amount, currency = _total(params)
    chosen(params.get("payment_intent_data") or {}, "capture_method", intents.CAPTURE_METHODS)
    echoed = (
        "cancel_url",
        "client_reference_id",
        "customer",
        "customer_email",
        "locale",
        "submit_type",
        "success_url",
    )
    session = context.fresh(
        "checkout.session",
        "cs_test",
        **{name: params.get(name) for name in echoed},
        amount_subtotal=amount,
        amount_total=amount,
        currency=currency,
        customer_details=None,
        expires_at=expires_at,
        mode="payment",
        payment_intent=None,
        payment_method_types=["card"],
        payment_status="unpaid",
        status="open",
        ui_mode="hosted_page",
    ) | {"metadata": params.get("metadata") or {}}
    return session | {"url": f"{context.base_url}/c/pay/{session['id']}"}


def expire(context: Context, params: Params, identifier: str) -> Thing:
    """Close an open session, and the PaymentIntent that somebody began."""
    accept(params, set())
    session = context.fetch("checkout.session", identifier, "session")
    if session["status"] != "open":
        message = (
            "Only Checkout Sessions with a status in [open] can be expired. "
            f"This Checkout Session has a status of {session['status']}."
        )
        raise invalid(message, executed=True)
    session |= {"status": "expired", "url": None}
    context.store.put(session)
    intent = context.store.get(session["payment_intent"] or "")
    if intent and intent["status"] in intents.MAY_BE_CANCELED:
        intents.end(context, intent, reason="expired")
    context.emit("checkout.session.expired", session)
    return session


def expire_due(context: Context) -> None:
    """Close every open session whose time is over."""
    for session in context.store.every("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= context.at:
            expire(context, {}, session["id"])


def pay(context: Context, session: Thing, card: Card, email: str) -> Thing:
    """Pay from the hosted page; return the PaymentIntent, which may still ask for 3-D Secure.

    :raises Refusal: if the card is declined; the session stays open
    """
    intent = context.store.get(session["payment_intent"] or "") or _intent(context, session)
    session |= {"payment_intent": intent["id"], "customer_details": {"email": email or None}}
    context.store.put(session)
    intent = intents.pay(context, intent, card)
    return complete(context, session, intent)


def _intent(context: Context, session: Thing) -> Thing:
    data = context.store.setting(f"intent data of {session['id']}", {})
    shared = {"currency": session["currency"], "customer": session["customer"]}
    intent = intents.blank(context, session["amount_total"], data | shared)
    context.emit("payment_intent.created", context.store.put(intent))
    return intent


def complete(context: Context, session: Thing, intent: Thing) -> Thing:
    """Close the session once its PaymentIntent is paid or held."""
    if intent["status"] in ("succeeded", "requires_capture"):
        # A hold leaves the session "unpaid": no money has moved yet.
        paid = "paid" if intent["status"] == "succeeded" else "unpaid"
        session |= {"status": "complete", "payment_status": paid, "url": None}
        context.emit("checkout.session.completed", context.store.put(session))
    return intent


def of_intent(context: Context, intent: Thing) -> Thing | None:
    """Return the session that a PaymentIntent belongs to."""
    sessions = context.store.every("checkout.session")
    return next((each for each in sessions if each["payment_intent"] == intent["id"]), None)
