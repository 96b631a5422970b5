"""One round in a batch: its offers are judged one after another against the standing they change."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

from auction import receipts, record
from auction.engine import statements, store
from auction.engine.presence import is_present
from auction.engine.values import Decision, Offer
from auction.rules import bidding, lifecycle
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money
from auction.rules.window import DECIDE_WITHIN, Window

AHEAD: Final = timedelta(milliseconds=250)  # an arrival further in the future than this is a clock's fault
DECIDES_NOTHING: Final = frozenset({Ground.UNDECIDED, Ground.CLOCK_FAULT})
UNWRITTEN: Final = DECIDES_NOTHING | {Ground.KEY_REUSED, Ground.NOT_A_PRICE}
NOTHING: Final = "-"
STANDING: Final = tuple(name for name in statements.STANDING if name != "id")


class Known(NamedTuple):
    """What the database knows of one offer, as `statements.KNOWN`; None where it knows nothing."""

    n: int
    bidder_id: int | None
    number: int
    code: str
    rank: int | None
    qualified_at: datetime | None
    bid_id: int | None
    amount_fen: int
    arrived_at: datetime
    ground: str
    seq: int | None
    closes_at: datetime | None
    receipt: str
    leaf_hash: str
    session_data: str | None
    password: str | None
    is_active: bool


class Judged(NamedTuple):
    """A decision, the statement that is to be signed for it, and the row that is to be written, if any."""

    decision: Decision
    statement: str = ""
    row: dict[str, Any] | None = None


@dataclass(slots=True)
class Book:
    """A locked round as `statements.LOCKED` gives it, with what the batch makes of it."""

    pk: int
    state: str
    closes_at: datetime
    price_fen: int | None
    leading_id: int | None
    leading_at: datetime | None
    bid_count: int
    seq: int
    head: str
    recorded_at: datetime | None
    version: int
    opens_at: datetime
    starting_price_fen: int
    increment_fen: int
    now: datetime
    standing: bidding.Standing = field(init=False)
    biddable: str = ""  # the state in which the rules have allowed a bid before
    judged: dict[tuple[str, str], Judged] = field(default_factory=dict)
    events: list[record.Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.standing = bidding.Standing(
            starting_price=Money(self.starting_price_fen),
            increment=Money(self.increment_fen),
            window=Window(self.opens_at, self.closes_at),
            count=self.bid_count,
        )

    def row(self) -> dict[str, Any]:
        """Return what now stands, as `statements.STANDING`."""
        fields = {name: getattr(self, name) for name in STANDING}
        times = {name: store.text(fields[name]) for name in ("closes_at", "leading_at", "recorded_at")}
        return {**fields, **times, "id": self.pk}

    def judge(self, offer: Offer, known: Known) -> Judged:
        """Judge one offer; the same key twice is one bid with one receipt.

        What was decided before is told even to a session that has ended since: it is what happened.
        """
        if known.bid_id is not None:
            return self._again(offer, known)
        mark = (offer.seat.holder if offer.seat else "", offer.key)
        if (twin := self.judged.get(mark)) is not None:
            return self._same(offer, known, twin)
        judged = self._judge(offer, known)
        if judged.row:  # what is not written is forgotten with the batch, so it is not remembered within it
            self.judged[mark] = judged
        return judged

    def _judge(self, offer: Offer, known: Known) -> Judged:
        try:
            _qualified(offer, known)
            at = self._decidable(offer)
            self._open(at)
            bid = bidding.Bid(known.number, Money(offer.amount_fen), at, known.rank)
            self.standing = bidding.place(self.standing, bid)
        except Refused as refused:
            return self._refuse(offer, known, refused.ground)
        return self._accept(offer, known, at)

    def _decidable(self, offer: Offer) -> datetime:
        """Return when the offer arrived."""
        at = offer.arrived_at
        if at is None or at - self.now > AHEAD:
            raise Refused(Ground.CLOCK_FAULT)
        if self.now - at > DECIDE_WITHIN:
            raise Refused(Ground.UNDECIDED)
        return at

    def _open(self, at: datetime) -> None:
        """See that bidding is open: a bid may be quicker than the clerk who opens."""
        if self.state == lifecycle.State.ANNOUNCED and at >= self.opens_at:
            self.events.append(opened(self, at=self.now))
        if self.state != self.biddable:
            self.state = self.biddable = lifecycle.after(self.state, lifecycle.Act.BID)

    def _accept(self, offer: Offer, known: Known, arrived_at: datetime) -> Judged:
        # An equal bid stands by its rank alone (art. 21), which the record then needs.
        used = {"rank": known.rank} if offer.amount_fen == self.price_fen else {}
        closes_at, prev = self.standing.window.closes_at, self.head or record.GENESIS
        in_t, deadline = record.ms(arrived_at), record.ms(closes_at)
        at = max(self.now, arrived_at)
        body: dict[str, record.Value] = {
            "code": known.code,
            "cid": offer.key,
            "amount": offer.amount_fen,
            "in_t": in_t,
            "deadline": deadline,
        }
        entry = record.chain(self, "bid", body | used, at=at)
        self.events.append(entry)
        self.price_fen, self.closes_at, self.bid_count = offer.amount_fen, closes_at, self.standing.count
        self.leading_id, self.leading_at = known.bidder_id, arrived_at
        decision = Decision(offer, entry.seq, entry.hash, None, None, offer.amount_fen, closes_at)
        row = _row(offer, known, at, seq=entry.seq, closes_at=store.text(closes_at))
        said = receipts.Accepted(
            self.pk,
            entry.seq,
            known.code,
            offer.key,
            offer.amount_fen,
            in_t,
            record.ms(entry.at),
            deadline,
            entry.hash,
            prev,
        )
        return Judged(decision, receipts.statement(said), row)

    def _refuse(self, offer: Offer, known: Known, ground: Ground) -> Judged:
        least = bidding.least(self.standing, known.rank).fen
        decision = Decision(offer, None, "", ground, least, self.price_fen, self.closes_at)
        at = max(self.now, offer.arrived_at or self.now)
        statement = refusal(decision, code=known.code, state=self.state, at=at)
        if ground in UNWRITTEN or known.bidder_id is None or not is_present(offer.seat, known):
            return Judged(decision, statement)
        return Judged(decision, statement, _row(offer, known, at, ground=ground.code))

    def _again(self, offer: Offer, known: Known) -> Judged:
        """Give the receipt of a bid decided before."""
        if known.amount_fen != offer.amount_fen:
            return self._refuse(offer, known, Ground.KEY_REUSED)
        first = offer._replace(arrived_at=store.aware(known.arrived_at))
        if known.seq is not None:
            closes_at = store.aware(known.closes_at)
            decision = Decision(first, known.seq, known.leaf_hash, None, None, known.amount_fen, closes_at)
        else:
            least = bidding.least(self.standing, known.rank).fen
            ground = _ground(known.ground)
            decision = Decision(first, None, "", ground, least, self.price_fen, self.closes_at)
        return Judged(decision._replace(receipt=known.receipt))

    def _same(self, offer: Offer, known: Known, twin: Judged) -> Judged:
        """Give the answer of the same bid in the same batch."""
        if twin.decision.offer.amount_fen != offer.amount_fen:
            return self._refuse(offer, known, Ground.KEY_REUSED)
        return twin


def open_book(row: store.Row, leader: tuple[int, int | None] | None, now: datetime) -> Book:
    """Return the book of a round as `statements.LOCKED`, with its leading bidder's number and rank."""
    read: list[Any] = [store.aware(each) if isinstance(each, datetime) else each for each in (*row, now)]
    book = Book(*read)
    if leader is not None and book.price_fen is not None and book.leading_at is not None:
        number, rank = leader
        leading = bidding.Bid(number, Money(book.price_fen), book.leading_at, rank)
        book.standing = replace(book.standing, leading=leading)
    return book


class Opening(record.Chained, Protocol):
    """A locked round as far as its opening goes."""

    state: str


def opened(round: Opening, *, at: datetime) -> record.Entry:
    """Open the bidding of a locked round; the caller writes the entry and saves the round.

    :raises Refused: if the round is not waiting to be opened
    """
    round.state = lifecycle.after(round.state, lifecycle.Act.OPEN)
    return record.chain(round, "note", {"about": "opened"}, at=at)


def refusal(decision: Decision, *, code: str | None, state: str | None, at: datetime | None) -> str:
    """Return the statement of a refusal, with what it rests on."""
    offer, ground = decision.offer, decision.ground or Ground.UNDECIDED
    said = receipts.Refusal(
        lot=offer.round_id,
        code=code or NOTHING,
        cid=offer.key,
        amount=offer.amount_fen,
        in_t=_ms(offer.arrived_at),
        t=_ms(at),
        reason=ground.code,
        article=_place(ground),
        price=NOTHING if decision.price_fen is None else decision.price_fen,
        deadline=_ms(decision.closes_at),
        state=state or NOTHING,
        least=NOTHING if decision.least_fen is None else decision.least_fen,
    )
    return receipts.statement(said)


def _qualified(offer: Offer, known: Known) -> None:
    if not is_present(offer.seat, known) or known.bidder_id is None or not known.code:
        raise Refused(Ground.NOT_QUALIFIED)
    qualified_at = store.aware(known.qualified_at)
    if qualified_at is None or (offer.arrived_at and qualified_at > offer.arrived_at):
        raise Refused(Ground.NOT_QUALIFIED)


def _row(offer: Offer, known: Known, at: datetime, **outcome: object) -> dict[str, Any]:
    """Return a decision as `statements.BID`."""
    return {
        "round_id": offer.round_id,
        "bidder_id": known.bidder_id,
        "key": offer.key,
        "amount_fen": offer.amount_fen,
        "arrived_at": store.text(offer.arrived_at),
        "decided_at": store.text(at),
        "ground": "",
        "seq": None,
        "closes_at": None,
        **outcome,
    }


def _ms(at: datetime | None) -> int | str:
    return NOTHING if at is None else record.ms(at)


@cache
def _place(ground: Ground) -> str:
    """Return a ground's article as `source/article/paragraph/item`."""
    article = ground.article
    parts = (article.source.key, article.article, article.paragraph, article.item)
    return "/".join(str(part) for part in parts if part is not None)


@cache
def _ground(code: str) -> Ground:
    return next(ground for ground in Ground if ground.code == code)
