"""Practice: the same engine and rules with play money, one round after the other; nothing is sold."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Max

from auction import record
from auction.models import Bidder, Lot, Person, Round, RoundKind, RoundState
from auction.models.sealing import holder_hash, payer_hash
from auction.rules import eligibility, lifecycle
from auction.rules.grounds import Ground, Refused
from auction.rules.identity import Identity, commitment
from auction.rules.money import Money, yuan
from auction.rules.window import EXTENSION
from auction.services.deposit_secured import give_code
from auction.services.seals import NONCE_BYTES

# The law's 24 hours (art. 20¶1) bind sales. Who practises wants to see an end soon, with its real extensions.
LASTS: Final = timedelta(minutes=15)
RESULT_STANDS: Final = timedelta(seconds=30)
STARTING: Final = yuan(1_000_000)
INCREMENT: Final = yuan(10_000)
APPRAISED: Final = yuan(1_400_000)
NOBODY: Final = Identity("practice", "", "")  # no name is asked for, so nothing is sealed
TITLE: Final = "练习拍品：示范公寓一套（模拟出价，不发生任何成交）"
PLACE: Final = "练习场"


@transaction.atomic
def open_practice(*, at: datetime) -> Round:
    """Return the practice lot's last round; the first time, lot and round are made."""
    lot = Lot.objects.filter(practice=True).order_by("pk").first() or _lot()
    return lot.rounds.order_by("-pk").first() or begin(lot=lot, at=at)


@transaction.atomic
def begin(*, lot: Lot, at: datetime, lasts: timedelta = LASTS) -> Round:
    """Begin a practice round at once; its record says first of all that it is practice.

    :raises ValueError: if the lot is a real one
    """
    if not lot.practice:
        raise ValueError(lot.pk)
    closes_at = (at + lasts).replace(microsecond=0)  # ends are announced in whole seconds
    round = Round.objects.create(
        lot=lot,
        kind=RoundKind.FIRST_AUCTION,
        published_at=at,
        opens_at=at,
        announced_closes_at=closes_at,
        closes_at=closes_at,
        starting_price_fen=STARTING.fen,
        increment_fen=INCREMENT.fen,
        deposit_fen=Money(0).fen,
    )
    record.append(round, "open", _opening(round), at=at)
    return round


def keep_going(at: datetime) -> list[Round]:
    """Begin the next round of every practice lot whose last one has ended and was shown for a while."""
    lots = Lot.objects.filter(practice=True).values_list("pk", flat=True)
    return [round for pk in lots if (round := _next(pk, at))]


@transaction.atomic
def join(*, round_id: int, person: Person, at: datetime) -> Bidder:
    """Give a person his code for a practice round, without name or deposit; asked again it is the same code.

    :raises Refused: if it is no practice, or has ended
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("lot").get(pk=round_id)
    if not round.lot.practice:
        raise Refused(Ground.NOT_QUALIFIED)
    holder = holder_hash(round.pk, person.pk)
    known = round.bidders.filter(holder=holder).first()
    if known:
        return known
    eligibility.check_time(round.state, round.closes_at, at)
    bidder = _bidder(round, holder, at)
    give_code(round=round, bidder=bidder, at=at)
    return bidder


def _lot() -> Lot:
    return Lot.objects.create(
        title=TITLE,
        category="house",
        province=PLACE,
        court_name=PLACE,
        case_number="",
        appraised_fen=APPRAISED.fen,
        practice=True,
    )


@transaction.atomic
def _next(lot_id: int, at: datetime) -> Round | None:
    """Begin the next round unless another clerk was quicker: the lot's row is the lock."""
    lot = Lot.objects.select_for_update(skip_locked=True).filter(pk=lot_id).first()
    last = lot.rounds.order_by("-pk").first() if lot else None
    if lot is None or (last and not _is_over(last, at)):
        return None
    return begin(lot=lot, at=at)


def _is_over(round: Round, at: datetime) -> bool:
    ended = lifecycle.bidding_is_over(RoundState(round.state))
    return ended and (round.closed_at or round.closes_at) <= at - RESULT_STANDS


def _bidder(round: Round, holder: str, at: datetime) -> Bidder:
    last = round.bidders.aggregate(last=Max("number"))["last"] or 0
    return Bidder.objects.create(
        round=round,
        number=last + 1,
        holder=holder,
        payer=payer_hash(round.pk, ""),
        sealed=b"",
        commitment=commitment(NOBODY, secrets.token_bytes(NONCE_BYTES)),
        warnings_digest="",
        consented_at=at,
    )


def _opening(round: Round) -> record.Body:
    return {
        "practice": True,
        "round": round.kind,
        "start": round.starting_price_fen,
        "step": round.increment_fen,
        "deposit": round.deposit_fen,
        "ext_ms": EXTENSION // record.MILLISECOND,
        "start_t": record.ms(round.opens_at),
        "deadline": record.ms(round.closes_at),
    }
