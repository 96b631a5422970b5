"""What anyone needs to hold a receipt to what is kept: the key it is signed with, and a page of its own."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from auction import receipts
from auction.documents import qr_image
from auction.models import Round
from auction.queries.kept import kept
from auction.queries.receipt_keys import receipt_keys
from auction.views.reading import reading

HASH: Final = re.compile("[0-9a-f]{64}")


@reading
def receipt_key(request: HttpRequest) -> JsonResponse:
    """Answer with the public key in base64 and its id, and with all there ever were, each with its time."""
    key = b64encode(receipts.public_key()).decode()
    today = {"algorithm": "Ed25519", "id": receipts.key_id(), "key": key}
    return JsonResponse({**today, "receipt": receipt_keys()})


@require_safe
@never_cache
def receipt(request: HttpRequest, pk: int, seq: int, leaf: str) -> HttpResponse:
    """Answer with what is kept of a receipt's leaf, and with a code by which others come to the same page."""
    round = get_object_or_404(Round.objects.select_related("lot"), pk=pk)
    if not HASH.fullmatch(leaf):
        raise Http404
    address = f"{settings.SITE_URL}{request.path}"
    asked = {"round": round, "seq": seq, "leaf": leaf, "address": address, "code": qr_image(address)}
    return render(request, "auction/receipt.html", {**asked, "kept": kept(round, seq, leaf)})
