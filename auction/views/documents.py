"""The confirmation of a sale, public as page and as PDF (art. 22¶1)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from auction import documents
from auction.models import Document, Stamp
from auction.queries.proofs import covered


@require_safe
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the confirmation of a round's sale."""
    made = _made(pk)
    context = {
        "document": made,
        "facts": made.facts,
        "qr": documents.qr_image(made.facts["url"]),
        "round": made.round,
        "covered": covered(made.round),
        "stamp": Stamp.objects.filter(round=made.round_id).first(),
    }
    return render(request, "auction/confirmation.html", context)


@require_safe
def confirmation_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the confirmation as the PDF it was stored as."""
    made = _made(pk)
    headers = {
        "Content-Disposition": f'inline; filename="confirmation-{made.round_id}.pdf"',
        "ETag": f'"{made.digest}"',
    }
    return HttpResponse(bytes(made.pdf), content_type="application/pdf", headers=headers)


def _made(pk: int) -> Document:
    kind = Document.Kind.CONFIRMATION
    return get_object_or_404(Document.objects.select_related("round__lot"), round_id=pk, kind=kind)
