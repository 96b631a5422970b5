"""The platform makes the confirmation of a sale out in the purchaser's true name (art. 22¶1)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from auction import documents, record
from auction.models import Bidder, Document, Round, RoundKind
from auction.queries.proofs import covered
from auction.rules import lifecycle, masking
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money, capitals
from auction.services import seals

KINDS: Final = {
    RoundKind.FIRST_AUCTION: "第一次拍卖",
    RoundKind.SECOND_AUCTION: "第二次拍卖",
    RoundKind.SELL_OFF: "变卖",
    RoundKind.RESALE: "重新拍卖",
}
NUMBERS: Final = {"natural": "公民身份号码", "organisation": "统一社会信用代码"}


@transaction.atomic
def confirm_sale(*, round_id: int, at: datetime) -> Document:
    """Confirm a sold round: open the purchaser's seal, store the confirmation, and record both.

    Asked again it returns the confirmation made before.

    :raises Refused: if the round is not sold
    :raises StillClosed: if the round's end is not in the signed log yet, without which no seal opens
    """
    round = Round.objects.select_for_update(of=("self",)).select_related("lot").get(pk=round_id)
    made = round.documents.filter(kind=Document.Kind.CONFIRMATION).first()
    return made or _confirm(round, at)


def _confirm(round: Round, at: datetime) -> Document:
    round.state = lifecycle.after(round.state, lifecycle.Act.CONFIRM)
    winner = _winner(round)
    facts = _facts(round, winner, at)
    pdf = documents.pdf("confirmation", facts)
    made = Document.objects.create(
        round=round,
        kind=Document.Kind.CONFIRMATION,
        facts=facts,
        pdf=pdf,
        digest=documents.digest(pdf),
        at=at,
    )
    round.save(update_fields=["state"])
    body: record.Body = {"about": "confirmation", "code": winner.code, "digest": made.digest}
    record.append(round, "note", body, at=at)
    return made


def _winner(round: Round) -> Bidder:
    if round.leading is None:
        raise Refused(Ground.WRONG_STATE, state=round.state)
    return round.leading


def _facts(round: Round, winner: Bidder, at: datetime) -> dict[str, documents.Fact]:
    """Return what the document says, as plain JSON; of the record, how it stood at the close."""
    sale = _sale(round)
    checkpoint = _checkpoint(round)
    purchaser = seals.purchaser(round, "confirmation", at=at).identity
    return {
        "title": "成交确认书",
        "dated": documents.day_of(at).isoformat(),
        "made": documents.instant_in_words(at),
        "code": winner.code,
        "rank": winner.rank,
        "deposit": _deposit(winner),
        "purchaser": purchaser.name,
        "number_name": NUMBERS[purchaser.kind],
        "number": masking.published_number(purchaser.kind, purchaser.number),
        "url": f"{settings.SITE_URL}{reverse('confirmation', args=[round.pk])}#check",
        "checkpoint": checkpoint,
        **sale,
    }


def _checkpoint(round: Round) -> documents.Fact:
    """Return under which checkpoint the close is proven; None where no log is signed (development)."""
    under = covered(round)
    if under is None:
        if settings.SIGNER_SOCKET:
            raise seals.StillClosed
        return None
    return {
        "origin": under.origin,
        "size": under.size,
        "root": under.root,
        "place": under.place,
        "signed": documents.instant_in_words(under.at),
    }


def _deposit(winner: Bidder) -> str:
    """Return what became of the winner's deposit; a creditor of the case may have been exempt."""
    amount = Money(winner.deposit.amount_fen)
    return f"{amount}元，充抵价款（第23条）" if amount else "免交（第17条第2款）"


def _sale(round: Round) -> dict[str, documents.Fact]:
    price = Money(round.price_fen or 0)
    return {
        "round": round.pk,
        "round_kind": KINDS[RoundKind(round.kind)],
        "court": round.lot.court_name,
        "case_number": documents.number_in_words(round.lot.case_number),
        "lot": round.lot.title,
        "price": str(price),
        "price_capitals": capitals(price),
        "starting_price": str(Money(round.starting_price_fen)),
        "appraised": str(Money(round.lot.appraised_fen)),
        "bids": round.bid_count,
        "balance_days": round.balance_days,
        "opened": documents.instant_in_words(round.opens_at),
        "closed": documents.instant_in_words(round.closes_at),
        "record_seq": round.seq,
        "record_head": round.head,
    }
