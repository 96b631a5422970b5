"""Stripe, spoken through its SDK; the local fake speaks the same API.

API version 2026-10-28.endive. A hold is a PaymentIntent captured by hand. Every request that changes
something carries an idempotency key made from our own row, so a repeated attempt is the same attempt.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, Literal

import stripe
from django.conf import settings

from auction.payments.base import (
    Ask,
    CardProvider,
    Cue,
    ForgedCue,
    Page,
    ProviderDown,
    ProviderRefuses,
    Seen,
    Where,
)
from auction.rules.money import Money

CURRENCY: Final = "cny"
TIMEOUT: Final = 15
FUTURE_SECONDS: Final = 60
"""The SDK refuses notices older than five minutes, and takes one dated tomorrow; we do not."""

stripe.enable_telemetry = False


def provider() -> CardProvider:
    """Return the provider that the settings name."""
    return _provider(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.STRIPE_WEBHOOK_SECRET)


@lru_cache(maxsize=4)
def _provider(key: str, base: str, webhook_secret: str) -> Stripe:
    return Stripe(key, base, webhook_secret)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the SDK's errors into ours."""
    try:
        yield
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise ProviderDown(str(error)) from error
    except stripe.StripeError as error:
        raise ProviderRefuses(str(error)) from error


class Stripe:
    """One account at Stripe (or its local fake)."""

    def __init__(self, key: str, base: str, webhook_secret: str) -> None:
        http = stripe.RequestsClient(timeout=TIMEOUT)
        if base:
            addresses: dict[str, Any] = {"base_addresses": {"api": base}}
        else:
            addresses = {}
        self._client = stripe.StripeClient(key, http_client=http, max_network_retries=2, **addresses)
        self._live = key.startswith("sk_live_")
        self._secret = webhook_secret

    def hold(self, ask: Ask) -> Page:
        """Open a page that holds the amount on a card."""
        return self._open(ask, "manual")

    def charge(self, ask: Ask) -> Page:
        """Open a page that takes the amount from a card."""
        return self._open(ask, "automatic")

    def _open(self, ask: Ask, capture: Literal["manual", "automatic"]) -> Page:
        price = {"currency": CURRENCY, "unit_amount": ask.amount.fen, "product_data": {"name": ask.title}}
        params: Any = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "line_items": [{"price_data": price, "quantity": 1}],
            "payment_intent_data": {"capture_method": capture, "metadata": {"subject": ask.subject}},
            "metadata": {"subject": ask.subject},
            "success_url": ask.back,
            "cancel_url": ask.cancel,
            "locale": "zh" if ask.language.startswith("zh") else "en",
        }
        key = f"{ask.subject}:{capture}:{ask.attempt}"
        with _translated():
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": key})
        return Page(session.id, session.url or "")

    def apply(self, payment: str, amount: Money) -> None:
        """Take a held amount; taking it again is no error."""
        with _translated():
            if self._client.v1.payment_intents.retrieve(payment).status == "succeeded":
                return
            key = f"{payment}:capture"
            self._client.v1.payment_intents.capture(
                payment, {"amount_to_capture": amount.fen}, {"idempotency_key": key}
            )

    def release(self, payment: str, subject: str) -> bool:
        """Give back what is held or was taken; looked up first, since keys are forgotten after a day."""
        with _translated():
            intent = self._client.v1.payment_intents.retrieve(payment)
            if intent.status == "succeeded":
                return self._refund(payment, subject)
            if intent.status != "canceled":
                key = f"{payment}:cancel"
                self._client.v1.payment_intents.cancel(payment, {}, {"idempotency_key": key})
            return True

    def _refund(self, payment: str, subject: str) -> bool:
        """Return whether the one refund of this payment has succeeded, asking for it if there is none."""
        refunds = self._client.v1.refunds.list({"payment_intent": payment, "limit": 100}).data
        alive = [refund for refund in refunds if refund.status not in ("failed", "canceled")]
        if not alive:
            # Each failed refund makes way for the next, under its own key.
            key = f"{subject}:refund:{len(refunds)}"
            asked = self._client.v1.refunds.create(
                {"payment_intent": payment, "metadata": {"subject": subject}}, {"idempotency_key": key}
            )
            alive = [asked]
        return alive[0].status == "succeeded"

    def look_up(self, session: str) -> Seen:
        """Return what is so."""
        expand: Any = {"expand": ["payment_intent.latest_charge"]}
        with _translated():
            found = self._client.v1.checkout.sessions.retrieve(session, expand)
        self._check_mode(found.livemode)
        subject = found.metadata["subject"] if found.metadata and "subject" in found.metadata else ""
        amount = Money(found.amount_total or 0) if found.currency == CURRENCY else Money(-1)
        where, payment, until = _where(found.payment_intent, session_open=found.status == "open")
        return Seen(where, payment, amount, subject, until, found.status == "open", found.url or "")

    def _check_mode(self, livemode: bool) -> None:
        if livemode != self._live:
            raise ProviderRefuses("The payment was made in the other mode (test or live).")

    def close(self, session: str) -> None:
        """Close a page so that nobody can pay there any more; a closed one stays closed."""
        with _translated():
            if self._client.v1.checkout.sessions.retrieve(session).status == "open":
                self._client.v1.checkout.sessions.expire(session)

    def cue(self, payload: bytes, signature: str) -> Cue:
        """Return what a notice is about, once its signature and time are right."""
        try:
            event = stripe.Webhook.construct_event(payload, signature, self._secret)
            sent = int(dict(part.split("=", 1) for part in signature.split(",") if "=" in part)["t"])
        except (ValueError, KeyError, stripe.SignatureVerificationError) as error:
            raise ForgedCue(str(error)) from error
        # Compared with the machine's clock, as the SDK does: the platform's may be set by hand.
        if sent > time.time() + FUTURE_SECONDS or event.livemode != self._live:
            raise ForgedCue("dated in the future, or of the other mode")
        return Cue(event.id, event.type, _references(event.data.object.to_dict()))


def _where(intent: Any, *, session_open: bool) -> tuple[Where, str, datetime | None]:
    """Return where a payment is, its name, and until when a hold lasts."""
    if intent is None:
        return (Where.OPEN if session_open else Where.GONE), "", None
    place: dict[str, Callable[[], Where]] = {
        "requires_capture": lambda: Where.HELD,
        "succeeded": lambda: Where.RETURNED if intent.latest_charge.refunded else Where.PAID,
        "canceled": lambda: Where.GONE,
    }
    other = Where.OPEN if session_open else Where.GONE
    where = place[intent.status]() if intent.status in place else other
    return where, intent.id, _until(intent) if where is Where.HELD else None


def _until(intent: Any) -> datetime | None:
    until = intent.latest_charge.payment_method_details.card.capture_before
    return datetime.fromtimestamp(until, UTC) if until else None


def _references(thing: dict[str, Any]) -> frozenset[str]:
    """Return the names by which our rows may know this object: its own, and its payment's."""
    names = (thing.get("id"), thing.get("payment_intent"))
    return frozenset(name for name in names if isinstance(name, str))
