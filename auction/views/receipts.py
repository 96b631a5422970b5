"""The key by which anyone verifies receipts."""

from __future__ import annotations

from base64 import b64encode

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from auction import receipts


@csrf_exempt
@require_safe
def receipt_key(request: HttpRequest) -> JsonResponse:
    """Answer with the public key in base64 and its id."""
    key = b64encode(receipts.public_key()).decode()
    return JsonResponse({"algorithm": "Ed25519", "id": receipts.key_id(), "key": key})
