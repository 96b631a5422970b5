"""Stripe's test cards: what each number does (docs.stripe.com/testing)."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.fake_stripe.wire import Params, Refusal, card_error, invalid


@dataclass(frozen=True)
class Card:
    """A test card: the decline code, whether it asks for 3-D Secure, and how its refunds end."""

    number: str
    brand: str = "visa"
    decline: str = ""
    challenge: bool = False
    refund: str = "succeeded"


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242"),
        Card("5555555555554444", brand="mastercard"),
        Card("4000000000000002", decline="generic_decline"),
        Card("4000000000009995", decline="insufficient_funds"),
        Card("4000002500003155", challenge=True),
        Card("4000000000007726", refund="pending, then succeeded"),
        Card("4000000000005126", refund="succeeded, then failed"),
    )
}
METHODS = {
    "pm_card_visa": "4242424242424242",
    "pm_card_mastercard": "5555555555554444",
    "pm_card_visa_chargeDeclined": "4000000000000002",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "4000000000009995",
    "pm_card_authenticationRequired": "4000002500003155",
    "pm_card_pendingRefund": "4000000000007726",
    "pm_card_refundFail": "4000000000005126",
}
MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "test_mode_live_card": "Your card was declined. Your request was in test mode, but used a non test card.",
}


def by_method(method: str) -> Card:
    """Return the card behind one of Stripe's ready test payment methods."""
    if method not in METHODS:
        raise invalid(f"No such PaymentMethod: '{method}'", code="resource_missing", param="payment_method")
    return CARDS[METHODS[method]]


def by_number(number: str) -> Card:
    """Return the card with this number; an unknown one is declined, a mistyped one refused."""
    digits = "".join(sign for sign in number if sign.isdigit())
    if not luhn(digits):
        raise card_error("Your card number is incorrect.", "incorrect_number", param="number")
    return CARDS.get(digits, Card(digits, decline="test_mode_live_card"))


def luhn(digits: str) -> bool:
    """Return whether the check digit is right (ISO/IEC 7812-1 annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return len(digits) >= 13 and sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def check_details(form: Params, year: int, month: int) -> None:
    """Refuse an expiry that is past or misformed and a security code that is not one."""
    parts = str(form.get("cardExpiry", "")).replace(" ", "").split("/")
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[0]) <= 12:
        raise card_error(
            "Your card's expiration date is incomplete.", "invalid_expiry_month", param="exp_month"
        )
    if (2000 + int(parts[1]) % 100, int(parts[0])) < (year, month):
        raise card_error(
            "Your card's expiration year is in the past.", "invalid_expiry_year", param="exp_year"
        )
    if not (code := str(form.get("cardCvc", ""))).isdigit() or len(code) != 3:
        raise card_error("Your card's security code is incomplete.", "invalid_cvc", param="cvc")


def declined(card: Card) -> Refusal:
    """Return the error of a card that its issuer declines."""
    code = "card_declined"
    return card_error(
        MESSAGES[card.decline], code, decline_code=card.decline, doc_url=f"https://stripe.com/docs/{code}"
    )
