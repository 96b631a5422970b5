"""The fake Stripe, driven by Stripe's own SDK."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from tests.support.fake_stripe import running
from tests.support.fake_stripe.server import FakeStripe
from tests.support.hooks import Listener, listening

SECRET = "whsec_local"
WEEK = 7 * 24 * 3600


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


@pytest.fixture
def fake(tmp_path: Path, listener: Listener) -> Iterator[FakeStripe]:
    with running(tmp_path / "fake.sqlite3", webhook_url=listener.url, webhook_secret=SECRET) as fake:
        yield fake


@pytest.fixture
def client(fake: FakeStripe) -> stripe.StripeClient:
    addresses = {"api": fake.base_url}
    return stripe.StripeClient("sk_local", base_addresses=addresses, max_network_retries=0)


def knob(fake: FakeStripe, name: str, **settings: Any) -> Any:
    data = json.dumps(settings).encode() if settings else None
    with urllib.request.urlopen(f"{fake.base_url}/_test/{name}", data=data) as answer:
        return json.load(answer)


def submit(url: str, **fields: str) -> tuple[str, str]:
    """Post a hosted page's form; return where the browser ends up and what it shows."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: Any) -> None:
            return None

    try:
        with urllib.request.build_opener(Stay).open(url, urllib.parse.urlencode(fields).encode()) as answer:
            return answer.url, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.headers["Location"], ""


def card(number: str) -> dict[str, str]:
    return {"cardNumber": number, "cardExpiry": "12 / 40", "cardCvc": "123", "email": "lin@example.test"}


def a_session(client: stripe.StripeClient, amount: int = 350_000, method: str = "manual") -> Any:
    line = {"price_data": {"currency": "cny", "unit_amount": amount, "product_data": {"name": "Deposit"}}}
    return client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [line | {"quantity": 1}],
            "success_url": "http://shop.test/back?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://shop.test/",
            "client_reference_id": "deposit-1",
            "metadata": {"deposit": "1"},
            "payment_intent_data": {"capture_method": method, "metadata": {"deposit": "1"}},
        }
    )


def a_hold(client: stripe.StripeClient, **more: Any) -> Any:
    params = {"amount": 350_000, "currency": "cny", "capture_method": "manual", "confirm": True}
    return client.v1.payment_intents.create(params | {"payment_method": "pm_card_visa"} | more)


def test_a_hold_is_placed_on_the_hosted_page(client: stripe.StripeClient) -> None:
    session = a_session(client)
    assert session.payment_intent is None

    location, _ = submit(session.url, **card("4242 4242 4242 4242"))

    assert location == f"http://shop.test/back?session={session.id}"
    session = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert (session.payment_intent.status, session.payment_intent.amount_capturable) == (
        "requires_capture",
        350_000,
    )
    held = session.payment_intent.latest_charge
    assert held.payment_method_details.card.capture_before == held.created + WEEK
    assert session.payment_intent.metadata["deposit"] == "1"


def test_a_declined_card_leaves_the_page_open_for_another(client: stripe.StripeClient) -> None:
    session = a_session(client)

    _, shown = submit(session.url, **card("4000000000000002"))
    location, _ = submit(session.url, **card("4242424242424242"))

    assert "Your card was declined." in shown
    assert location.startswith("http://shop.test/back")


@pytest.mark.parametrize("number", ["4242424242424241", "4012888888881881"])
def test_a_card_that_is_no_test_card_does_not_pay(client: stripe.StripeClient, number: str) -> None:
    session = a_session(client)

    _, shown = submit(session.url, **card(number))

    assert 'role="alert">Your card' in shown
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"


@pytest.mark.parametrize(
    ("answer", "status"), [("yes", "requires_capture"), ("no", "requires_payment_method")]
)
def test_the_bank_may_ask_first(
    client: stripe.StripeClient, fake: FakeStripe, answer: str, status: str
) -> None:
    session = a_session(client)

    step, _ = submit(session.url, **card("4000002500003155"))
    submit(f"{fake.base_url}{step}", answer=answer)

    intent = client.v1.payment_intents.retrieve(step.removeprefix("/3ds/"))
    assert intent.status == status


def test_whoever_refuses_at_the_bank_reads_why_on_the_page(
    client: stripe.StripeClient, fake: FakeStripe
) -> None:
    session = a_session(client)
    step, _ = submit(session.url, **card("4000002500003155"))

    back, _ = submit(f"{fake.base_url}{step}", answer="no")

    with urllib.request.urlopen(f"{fake.base_url}{back}") as page:
        assert "We are unable to authenticate your payment method." in page.read().decode()


def test_a_declined_payment_raises_a_card_error(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.CardError) as refused:
        a_hold(client, payment_method="pm_card_visa_chargeDeclined")

    assert (refused.value.code, refused.value.http_status) == ("card_declined", 402)
    assert refused.value.error.decline_code == "generic_decline"
    assert refused.value.error.payment_intent.status == "requires_payment_method"


def test_the_same_key_gets_the_same_answer(client: stripe.StripeClient, fake: FakeStripe) -> None:
    params = {"amount": 350_000, "currency": "cny"}

    first = client.v1.payment_intents.create(params, {"idempotency_key": "deposit-7"})
    again = client.v1.payment_intents.create(params, {"idempotency_key": "deposit-7"})

    assert first.id == again.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert [call["replayed"] for call in knob(fake, "calls")] == [False, True]


def test_the_same_key_with_other_parameters_is_refused(client: stripe.StripeClient) -> None:
    client.v1.payment_intents.create({"amount": 350_000, "currency": "cny"}, {"idempotency_key": "deposit-7"})

    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create(
            {"amount": 350_001, "currency": "cny"}, {"idempotency_key": "deposit-7"}
        )


def test_a_key_is_forgotten_after_a_day(client: stripe.StripeClient, fake: FakeStripe) -> None:
    params = {"amount": 350_000, "currency": "cny"}
    first = client.v1.payment_intents.create(params, {"idempotency_key": "deposit-7"})

    knob(fake, "clock", now=int(time.time()) + 24 * 3600 + 1)

    again = client.v1.payment_intents.create(params, {"idempotency_key": "deposit-7"})
    assert again.id != first.id


@pytest.mark.parametrize(
    ("amount", "code"), [(99_999_999, ""), (100_000_000, "amount_too_large"), (1, "amount_too_small")]
)
def test_an_amount_has_eight_digits_at_most(client: stripe.StripeClient, amount: int, code: str) -> None:
    for create in (lambda: a_session(client, amount), lambda: a_hold(client, amount=amount)):
        if not code:
            create()
            continue
        with pytest.raises(stripe.InvalidRequestError) as refused:
            create()
        assert refused.value.code == code


def test_part_of_a_hold_is_captured_and_the_rest_released(client: stripe.StripeClient) -> None:
    intent = a_hold(client)

    captured = client.v1.payment_intents.capture(
        intent.id, {"amount_to_capture": 300_000, "expand": ["latest_charge"]}
    )

    assert (captured.status, captured.amount_received) == ("succeeded", 300_000)
    assert captured.latest_charge.amount_refunded == 50_000


def test_a_canceled_hold_cannot_be_captured(client: stripe.StripeClient) -> None:
    intent = a_hold(client)
    client.v1.payment_intents.cancel(intent.id)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.capture(intent.id)

    assert refused.value.code == "payment_intent_unexpected_state"


def test_a_hold_expires_after_seven_days(
    client: stripe.StripeClient, fake: FakeStripe, listener: Listener
) -> None:
    intent = a_hold(client)

    knob(fake, "clock", now=intent.created + WEEK - 1)
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    knob(fake, "clock", now=intent.created + WEEK)

    expired = client.v1.payment_intents.retrieve(intent.id)
    assert (expired.status, expired.cancellation_reason) == ("canceled", "automatic")
    assert "payment_intent.canceled" in listener.kinds(until="payment_intent.canceled")


def test_refunds_never_exceed_what_was_taken(client: stripe.StripeClient) -> None:
    intent = a_hold(client, capture_method="automatic")
    part = client.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 100_000, "metadata": {"row": "5"}}
    )

    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 250_001})
    rest = client.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id})

    assert (rest.amount, refused.value.code) == (250_000, "charge_already_refunded")
    assert {each.id for each in client.v1.refunds.list({"payment_intent": intent.id})} == {part.id, rest.id}


def test_a_refund_may_fail_later(client: stripe.StripeClient, fake: FakeStripe, listener: Listener) -> None:
    intent = a_hold(client, capture_method="automatic", payment_method="pm_card_refundFail")
    refund = client.v1.refunds.create({"payment_intent": intent.id})

    knob(fake, "clock", now=refund.created + 5)

    assert (refund.status, client.v1.refunds.retrieve(refund.id).status) == ("succeeded", "failed")
    assert "refund.failed" in listener.kinds(until="refund.failed")


def test_webhooks_are_signed_as_stripe_signs(client: stripe.StripeClient, listener: Listener) -> None:
    intent = a_hold(client)

    payload, signature = listener.wait_for("payment_intent.amount_capturable_updated")

    event = stripe.Webhook.construct_event(payload, signature, SECRET)
    assert event.data.object["id"] == intent.id
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(payload + b" ", signature, SECRET)
    assert client.v1.events.retrieve(event.id).type == event.type


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        ("none", ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]),
        ("reorder", ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created"]),
        ("drop", []),
    ],
)
def test_webhooks_may_come_out_of_order_or_never(
    client: stripe.StripeClient, fake: FakeStripe, listener: Listener, fault: str, arrived: list[str]
) -> None:
    knob(fake, "faults", webhooks=fault)

    a_hold(client, capture_method="automatic")

    assert listener.kinds(count=3, patience=2.0) == arrived


def test_webhooks_may_come_twice(client: stripe.StripeClient, fake: FakeStripe, listener: Listener) -> None:
    knob(fake, "faults", webhooks="double")

    client.v1.payment_intents.create({"amount": 350_000, "currency": "cny"})

    assert listener.kinds(count=2) == ["payment_intent.created"] * 2


def test_a_webhook_that_nobody_took_comes_again(client: stripe.StripeClient, listener: Listener) -> None:
    listener.refuse(1)

    client.v1.payment_intents.create({"amount": 350_000, "currency": "cny"})

    assert listener.kinds(count=2, patience=5) == ["payment_intent.created"] * 2


def test_a_failure_has_no_effect(client: stripe.StripeClient, fake: FakeStripe) -> None:
    knob(fake, "faults", fail_next=1)

    with pytest.raises(stripe.APIError):
        a_hold(client)

    assert client.v1.payment_intents.list().data == []


def test_a_lost_answer_had_its_effect(client: stripe.StripeClient, fake: FakeStripe) -> None:
    knob(fake, "faults", timeout_after_effect=1)
    params = {"amount": 350_000, "currency": "cny"}

    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(params, {"idempotency_key": "deposit-7"})
    found = client.v1.payment_intents.create(params, {"idempotency_key": "deposit-7"})

    assert [intent.id for intent in client.v1.payment_intents.list()] == [found.id]


def test_an_open_session_can_be_expired(client: stripe.StripeClient) -> None:
    session = a_session(client)

    expired = client.v1.checkout.sessions.expire(session.id)

    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize("key", ["sk_test_51abc", "sk_live_51abc"])
def test_a_real_key_is_refused(fake: FakeStripe, key: str) -> None:
    client = stripe.StripeClient(key, base_addresses={"api": fake.base_url})

    with pytest.raises(stripe.AuthenticationError):
        client.v1.payment_intents.list()


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"currency": "cny"}, "parameter_missing"),
        ({"amount": "ten", "currency": "cny"}, "parameter_invalid_integer"),
        ({"amount": 500, "currency": "cny", "amuont": 5}, "parameter_unknown"),
        ({"amount": 500, "currency": "cny", "customer": "cus_none"}, "resource_missing"),
    ],
)
def test_wrong_parameters_are_named(client: stripe.StripeClient, params: dict[str, Any], code: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(params)

    assert refused.value.code == code


def test_everything_survives_a_restart(tmp_path: Path) -> None:
    with running(tmp_path / "kept.sqlite3") as fake:
        client = stripe.StripeClient("sk_local", base_addresses={"api": fake.base_url})
        customer = client.v1.customers.create({"name": "Lin", "metadata": {"person": "1"}})

    with running(tmp_path / "kept.sqlite3") as fake:
        client = stripe.StripeClient("sk_local", base_addresses={"api": fake.base_url})
        assert client.v1.customers.retrieve(customer.id).metadata["person"] == "1"


def test_the_page_speaks_the_sessions_language(fake: FakeStripe, client: stripe.StripeClient) -> None:
    line = {"price_data": {"currency": "cny", "unit_amount": 500, "product_data": {"name": "保证金"}}}
    params: Any = {
        "mode": "payment",
        "line_items": [line],
        "success_url": "http://shop.test/",
        "locale": "zh",
    }
    session = client.v1.checkout.sessions.create(params)

    _, shown = submit(session.url, **card("4000000000000002"))

    assert "您的银行卡被拒绝。" in shown
    assert "授权" not in shown


@pytest.mark.parametrize("path", ["../package.json", "package.json", "%2e%2e/package.json", "index.js"])
def test_only_fonts_are_served(fake: FakeStripe, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{fake.base_url}/fonts/{path}")

    assert refused.value.code == 404
    refused.value.close()
