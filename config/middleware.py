"""What every answer passes through: static files, and the headers Django does not send itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

Answer = Callable[[HttpRequest], HttpResponseBase]

STRIPE_CHECKOUT: Final = "https://checkout.stripe.com"
PERMISSIONS: Final = (
    "accelerometer=(self), gyroscope=(self), fullscreen=(self), "
    "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
)


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise whose answer is whole: a streamed one cannot be read in pieces under ASGI."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Return the file, or what a conditional, ranged or HEAD request asks of it."""
        found = static_file.get_response(request.method, request.META)
        content = b"" if found.file is None else found.file.read()
        answer = HttpResponse(content, status=int(found.status))
        del answer["Content-Type"]
        for key, value in found.headers:
            answer[key] = value
        return answer


def content_policy(checkout: str) -> str:
    """Return the Content-Security-Policy; a form may also lead to the checkout's origin.

    No inline script or style is allowed; `ws:` is spelt out because older Safari reads 'self' without it.
    """
    return "; ".join(
        (
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            "connect-src 'self' ws: wss:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"form-action 'self' {checkout}",
        )
    )


def checkout_origin(api_base: str) -> str:
    """Return where the payment page lives: Stripe's own, or the local fake's origin."""
    if not api_base:
        return STRIPE_CHECKOUT
    parts = urlsplit(api_base)
    return f"{parts.scheme}://{parts.netloc}"


def security_headers(get_response: Answer) -> Answer:
    """Send the content and permissions policies with every answer."""
    policy = content_policy(checkout_origin(settings.STRIPE_API_BASE))

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        return response

    return answer
