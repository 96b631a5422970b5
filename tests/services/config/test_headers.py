"""What every answer carries so that a browser keeps the page safe."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from pytest_django import Settings

from config.accounts import SealedMFA
from config.middleware import checkout_origin, content_policy, security_headers


def test_a_form_may_lead_to_the_payment_page_and_nowhere_else() -> None:
    assert "form-action 'self' https://checkout.stripe.com" in content_policy(checkout_origin(""))
    assert "form-action 'self' http://127.0.0.1:12111" in content_policy(
        checkout_origin("http://127.0.0.1:12111/v1")
    )


def test_no_inline_script_or_style_is_allowed() -> None:
    assert "unsafe" not in content_policy(checkout_origin(""))


def test_every_answer_carries_the_policies(settings: Settings) -> None:
    settings.STRIPE_API_BASE = ""
    answer = security_headers(lambda _: HttpResponse("page"))(HttpRequest())

    assert answer["Content-Security-Policy"].startswith("default-src 'self'")
    assert "gyroscope=(self)" in answer["Permissions-Policy"]


def test_a_second_factors_secret_is_stored_sealed() -> None:
    sealed = SealedMFA().encrypt("JBSWY3DPEHPK3PXP")

    assert "JBSWY3DPEHPK3PXP" not in sealed
    assert SealedMFA().decrypt(sealed) == "JBSWY3DPEHPK3PXP"
