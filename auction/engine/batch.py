"""One batch: lock the round's row, judge every waiting bid in order of arrival, write, commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from auction import clock, record
from auction.engine.values import Decision, Offer
from auction.models import Bid, Bidder, Event, Round
from auction.rules import bidding, lifecycle
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money
from auction.rules.window import DECIDE_WITHIN

AHEAD: Final = timedelta(milliseconds=250)  # an arrival further in the future than this is a clock's fault
DECIDES_NOTHING: Final = frozenset({Ground.UNDECIDED, Ground.CLOCK_FAULT})
UNWRITTEN: Final = DECIDES_NOTHING | {Ground.KEY_REUSED, Ground.NOT_A_PRICE}
STANDING: Final = ["state", "closes_at", "price_fen", "leading", "leading_at", "bid_count"]


def decide(round_id: int, offers: Sequence[Offer]) -> list[Decision]:
    """Decide these offers in one transaction; when it returns, what it says is committed.

    :raises Refused: if the platform clock cannot be told; nothing is decided then
    """
    _bound_waiting("sqlite", "PRAGMA busy_timeout = {}")
    with transaction.atomic(durable=True):
        _bound_waiting("postgresql", "SET LOCAL lock_timeout = {}")
        batch = Batch(_locked(round_id), offers)
        decisions = [batch.judge(offer) for offer in offers]
        batch.save()
    return decisions


def open_round(round: Round, *, at: datetime) -> Event:
    """Open the bidding and note it in the record; the caller holds the lock and saves the state.

    :raises Refused: if the round is not waiting to be opened
    """
    round.state = lifecycle.after(round.state, lifecycle.Act.OPEN)
    return record.link(round, "note", {"about": "opened"}, at=at)


class Batch:
    """The offers of one transaction, judged one after another against the standing they change."""

    def __init__(self, round: Round, offers: Sequence[Offer]) -> None:
        self.round = round
        self.now = clock.now()
        self.standing = round.standing()
        self.bidders = Bidder.objects.in_bulk({offer.bidder_id for offer in offers})
        self.known = _known(offers)
        self.bids: list[Bid] = []
        self.events: list[Event] = []

    def judge(self, offer: Offer) -> Decision:
        """Judge one offer; the same key twice is one bid with one receipt."""
        earlier = self.known.get((offer.bidder_id, offer.key))
        if earlier is not None:
            return self._again(offer, earlier)
        try:
            bidder = self._qualified(offer)
            self._decidable(offer)
            self._open(offer)
            self.standing = bidding.place(self.standing, _bid(offer, bidder))
        except Refused as refused:
            return self._refuse(offer, refused.ground)
        return self._accept(offer, bidder)

    def save(self) -> None:
        """Write what was decided, the record first."""
        Event.objects.bulk_create(self.events)
        Bid.objects.bulk_create(self.bids)
        if self.events:
            self.round.save(update_fields=[*STANDING, *record.CHAIN])
            record.publish(self.round.pk, self.events)

    def _qualified(self, offer: Offer) -> Bidder:
        bidder = self.bidders.get(offer.bidder_id)
        if bidder is None or bidder.round_id != self.round.pk or not bidder.code:
            raise Refused(Ground.NOT_QUALIFIED)
        if bidder.qualified_at is None or bidder.qualified_at > offer.arrived_at:
            raise Refused(Ground.NOT_QUALIFIED)
        return bidder

    def _decidable(self, offer: Offer) -> None:
        if self.now - offer.arrived_at > DECIDE_WITHIN:
            raise Refused(Ground.UNDECIDED)
        if offer.arrived_at - self.now > AHEAD:
            raise Refused(Ground.CLOCK_FAULT)

    def _open(self, offer: Offer) -> None:
        """See that bidding is open: a bid may be quicker than the clerk who opens."""
        due = self.round.state == lifecycle.State.ANNOUNCED and offer.arrived_at >= self.round.opens_at
        if due:
            self.events.append(open_round(self.round, at=self.now))
        self.round.state = lifecycle.after(self.round.state, lifecycle.Act.BID)

    def _accept(self, offer: Offer, bidder: Bidder) -> Decision:
        # An equal bid stands by its rank alone (art. 21), which the record then needs.
        used = {"rank": bidder.rank} if offer.amount_fen == self.round.price_fen else {}
        self.round.closes_at = self.standing.window.closes_at
        self.round.price_fen = offer.amount_fen
        self.round.leading, self.round.leading_at = bidder, offer.arrived_at
        self.round.bid_count = self.standing.count
        at = max(self.now, offer.arrived_at)
        body = {**_leaf(offer, bidder, self.round.closes_at), **used}
        event = record.link(self.round, "bid", body, at=at)
        self.events.append(event)
        self._remember(offer, at, seq=event.seq, closes_at=self.round.closes_at)
        return replace(self._answer(offer), seq=event.seq, hash=event.hash)

    def _refuse(self, offer: Offer, ground: Ground) -> Decision:
        if ground not in UNWRITTEN and offer.bidder_id in self.bidders:
            self._remember(offer, max(self.now, offer.arrived_at), ground=ground.code)
        return replace(self._answer(offer), ground=ground)

    def _again(self, offer: Offer, earlier: Bid) -> Decision:
        if earlier.amount_fen != offer.amount_fen or earlier.round_id != self.round.pk:
            return replace(self._answer(offer), ground=Ground.KEY_REUSED)
        first = Offer(
            earlier.round_id, earlier.bidder_id, earlier.amount_fen, earlier.key, earlier.arrived_at
        )
        answer = self._answer(first)
        if earlier.seq is None:
            return replace(answer, ground=_ground(earlier.ground))
        return replace(answer, seq=earlier.seq, hash=self._hash(earlier.seq), closes_at=earlier.closes_at)

    def _remember(self, offer: Offer, at: datetime, **outcome: object) -> None:
        bid = Bid(
            round=self.round,
            bidder_id=offer.bidder_id,
            key=offer.key,
            amount_fen=offer.amount_fen,
            arrived_at=offer.arrived_at,
            decided_at=at,
            **outcome,
        )
        self.bids.append(bid)
        self.known[offer.bidder_id, offer.key] = bid

    def _answer(self, offer: Offer) -> Decision:
        """Return the answer so far: what stands now."""
        return Decision(
            offer=offer,
            least_fen=self._least(offer.bidder_id).fen,
            price_fen=self.round.price_fen,
            closes_at=self.round.closes_at,
        )

    def _least(self, bidder_id: int) -> Money:
        bidder = self.bidders.get(bidder_id)
        return bidding.least(self.standing, bidder.rank if bidder else None)

    def _hash(self, seq: int) -> str:
        here = [event.hash for event in self.events if event.seq == seq]
        return here[0] if here else Event.objects.get(round_id=self.round.pk, seq=seq).hash


def _locked(round_id: int) -> Round:
    # The leading bidder is read after the lock, never joined: PostgreSQL, having waited for a row, joins the
    # new row to the old bidder, finds none, and the price would begin anew.
    return Round.objects.select_for_update().get(pk=round_id)


def _known(offers: Sequence[Offer]) -> dict[tuple[int, str], Bid]:
    """Return what was decided before under these keys."""
    bids = Bid.objects.filter(
        bidder_id__in={offer.bidder_id for offer in offers}, key__in={offer.key for offer in offers}
    )
    return {(bid.bidder_id, bid.key): bid for bid in bids}


def _bid(offer: Offer, bidder: Bidder) -> bidding.Bid:
    return bidding.Bid(bidder.number, Money(offer.amount_fen), offer.arrived_at, bidder.rank)


def _leaf(offer: Offer, bidder: Bidder, closes_at: datetime) -> record.Body:
    return {
        "code": bidder.code,
        "cid": offer.key,
        "amount": offer.amount_fen,
        "in_t": record.ms(offer.arrived_at),
        "deadline": record.ms(closes_at),
    }


def _ground(code: str) -> Ground:
    return next(ground for ground in Ground if ground.code == code)


def _bound_waiting(vendor: str, command: str) -> None:
    """Wait for the lock no longer than a bid may wait for its decision."""
    if connection.vendor == vendor:
        with connection.cursor() as cursor:
            cursor.execute(command.format(DECIDE_WITHIN // timedelta(milliseconds=1)))
