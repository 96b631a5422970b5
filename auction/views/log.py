"""What anyone takes away to check an auction: records, the log's files, proofs. All of it is public."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from auction.log.tiles import LATEST, WITNESSED
from auction.models import Lot, Round
from auction.queries import export, proofs, witnesses
from auction.queries.evidence_pack import evidence_pack
from auction.views.reading import reading

TILE: Final = re.compile(r"tile/(?:[0-9]{1,2}|entries)(?:/x[0-9]{3})*/[0-9]{3}(?:\.p/[0-9]{1,3})?", re.ASCII)
TEXT: Final = "text/plain; charset=utf-8"
FOR_EVER: Final = "public, max-age=31536000, immutable"


@require_safe
def how_to_check(request: HttpRequest) -> HttpResponse:
    """Answer with how anyone finds out whether an auction was run by the rules."""
    return render(request, "auction/check.html")


@reading
@never_cache
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the public record of a lot's last round, or of `?round=`: the exact leaves, one a line."""
    lines = export.record_lines(_round(request, pk))
    return _public(HttpResponse(lines, content_type="application/jsonl; charset=utf-8"))


@reading
@never_cache
def record_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the same record and all that checks it (docs/record-format.md), once the log is signed."""
    round = _round(request, pk)
    if round is None or proofs.published() is None:
        raise Http404
    answer = HttpResponse(export.record_zip(round), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="lot-{pk}-round-{round.pk}.zip"'
    return _public(answer)


@reading
@never_cache
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with all that speaks for and against a sale in a dispute (art. 31)."""
    round = _round(request, pk)
    if round is None:
        raise Http404
    answer = HttpResponse(evidence_pack(round), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="evidence-lot-{pk}-round-{round.pk}.zip"'
    return _public(answer)


@require_safe
@never_cache
def vouching(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the part of a lot's page that says who vouches for the result, as it is now."""
    round = _round(request, pk)
    if round is None:
        raise Http404
    return render(request, "auction/lot_witnesses.html", {"page": {"cover": witnesses.vouched(round)}})


@reading
@never_cache
def leaf_proof(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """Answer with the proof that one leaf is in the log, once it is (c2sp.org/tlog-proof)."""
    found = proofs.proof_of(get_object_or_404(Round, pk=pk), seq)
    if found is None:
        raise Http404
    return _public(HttpResponse(found, content_type=TEXT))


@reading
@never_cache
def growth(request: HttpRequest, old: int, size: int) -> HttpResponse:
    """Answer with the proof that the log of one size begins with that of an older one."""
    try:
        return _public(HttpResponse(proofs.grown(old, size), content_type=TEXT))
    except IndexError as error:
        raise Http404 from error


@reading
def policy(request: HttpRequest) -> HttpResponse:
    """Answer with whose signatures count (c2sp.org/tlog-policy)."""
    return _public(HttpResponse(proofs.policy(), content_type=TEXT))


@reading
def log_file(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a file of the log (c2sp.org/tlog-tiles); in production the web server has them itself."""
    path = Path(settings.LOG_DIR) / name
    text = name in {LATEST, WITNESSED}
    if not (text or TILE.fullmatch(name)) or not path.is_file():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type=TEXT if text else "application/octet-stream")
    answer["Cache-Control"] = "no-cache" if text else FOR_EVER
    return _public(answer)


def _round(request: HttpRequest, lot_id: int) -> Round | None:
    rounds = get_object_or_404(Lot, pk=lot_id).rounds.select_related("lot").order_by("-pk")
    asked = request.GET.get("round")
    if asked is None:
        return rounds.first()
    if not asked.isdecimal():  # it is better to say so than to give another round's record
        raise Http404
    return get_object_or_404(rounds, pk=asked)


def _public(answer: HttpResponse) -> HttpResponse:
    """Let pages of others read it too: a checker need not be served by whom it checks."""
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
