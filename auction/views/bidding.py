"""Bidding without a socket: the same bid with the same key, and everything a watcher may have missed."""

from __future__ import annotations

import time
from typing import Any, Final, cast
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from auction import clock, engine, live, messages
from auction.engine import Offer
from auction.messages import BadMessage, BidMessage
from auction.models import Person, Round
from auction.queries.bidders import bidder_of
from auction.queries.sessions import seat
from auction.queries.standing import snapshot
from auction.rules.grounds import Refused
from auction.rules.money import NotMoney, parse
from auction.views.reading import reading

ARRIVED: Final = "auction.arrived"  # in a request's scope: the `time.monotonic()` of its last byte


@require_POST
@login_required
def bid(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a bid: JSON `{key, amount in fen}` from the page's script, or the plain form with yuan in words.

    The script gets the socket's own answers; the form goes back to the lot with the outcome in the query.
    """
    round = get_object_or_404(Round, pk=pk)
    by_script = request.content_type == "application/json"
    try:
        message = messages.read_bid(request.body) if by_script else _from_form(request)
    except BadMessage:
        return HttpResponse(status=400)
    answer = _decide(request, round, message)
    if by_script:
        return JsonResponse(answer, status=200 if answer["type"] == "accepted" else 409)
    return redirect(f"{reverse('lot', args=[round.lot_id])}?{urlencode(_outcome(answer))}#bid")


@reading
@never_cache
def round_state(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer with what stands, as the socket's snapshot."""
    round = get_object_or_404(Round, pk=pk)
    user = request.user
    bidder = bidder_of(round.pk, user) if isinstance(user, Person) else None
    standing = snapshot(round.pk, bidder.pk if bidder else None)
    return JsonResponse(messages.snapshot(standing, clock.now()))


@reading
@never_cache
def round_events(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer with the record's entries `?after=` a place, as the socket's events."""
    after = request.GET.get("after", "0")
    if not (after.isascii() and after.isdecimal() and len(after) < 10):
        return HttpResponse(status=400)
    round = get_object_or_404(Round, pk=pk)
    texts = ",".join(frame.text for frame in live.frames_after(round.pk, int(after)))
    return HttpResponse(f'{{"events":[{texts}]}}', content_type="application/json")


def _decide(request: HttpRequest, round: Round, message: BidMessage) -> dict[str, Any]:
    try:
        clock.now()  # measures if it is due
        arrived_at = clock.instant(getattr(request, "scope", {}).get(ARRIVED, time.monotonic()))
    except Refused:
        arrived_at = None
    behind = seat(cast(Person, request.user), request.session.session_key or "", round.pk)
    decision = engine.submit_now(Offer(round.pk, behind, message.amount, message.key, arrived_at))
    return messages.decided(decision)


def _from_form(request: HttpRequest) -> BidMessage:
    """Return the bid in a form; a form rendered without a key gets one, as nobody can send it twice."""
    try:
        amount = parse(request.POST.get("amount", ""))
    except NotMoney as error:
        raise BadMessage from error
    return messages.bid_message({"key": request.POST.get("key") or str(uuid4()), "amount": amount.fen})


def _outcome(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["type"] == "accepted":
        return {"accepted": answer["amount"]}
    return {"refused": answer["ground"]}
