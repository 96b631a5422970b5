"""The payment provider's notices."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from auction import clock
from auction.payments.base import ForgedCue, ProviderDown, ProviderRefuses
from auction.services.webhook import receive

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """Take a notice: 200 when it was followed, 400 when it is forged, 503 so that it comes again."""
    signature = request.headers.get("Stripe-Signature", "")
    try:
        receive(payload=request.body, signature=signature, at=clock.now())
    except ForgedCue:
        log.warning("a notice that is not the provider's was refused")
        return HttpResponse(status=400)
    except (ProviderDown, ProviderRefuses):
        log.warning("a notice could not be followed yet", exc_info=True)
        return HttpResponse(status=503)
    return HttpResponse()
