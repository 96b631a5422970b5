"""What stands in a round for everyone: read once, and then folded from the record's entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import F

from auction.live.frames import Message, wire
from auction.models import Bid, Round
from auction.rules import bidding

RECENT: Final = 20
RECENT_FIELDS: Final = ("seq", "bidder__code", "amount_fen", "arrived_at")
NEAR: Final = 2 * RECENT  # entries among which the recent bids mostly are
IN_A_LEAP: Final = 5
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NOTED: Final = {
    "opened": "open",
    "confirmation": "confirmed",
    "default": "defaulted",
}  # others are for readers


@dataclass(frozen=True)
class RecentBid:
    """An accepted bid: its place, the code, fen, and the platform's time of arrival in UTC ms."""

    seq: int
    code: str
    amount: int
    at: int


@dataclass(frozen=True)
class Standing:
    """All a watcher needs to know; whatever the record says after `seq` comes on top of it.

    Fen and UTC ms; `recent` is newest first; `step` is the announced increment, which no message repeats.
    """

    seq: int
    state: str
    kind: str
    price: int | None
    leader: str | None
    least: int
    opens_at: int
    closes_at: int
    bids: int
    recent: tuple[RecentBid, ...]
    step: int

    def message(self) -> Message:
        """Return the standing as a snapshot's fields."""
        fields = {**self.__dict__, "recent": [bid.__dict__ for bid in self.recent]}
        del fields["step"]
        return fields

    def leap(self) -> str:
        """Return a message that stands for all entries up to here: many bids at once, told as one."""
        names = ("seq", "state", "price", "leader", "least", "closes_at", "bids")
        told = {name: getattr(self, name) for name in names}
        recent = [bid.__dict__ for bid in self.recent[:IN_A_LEAP]]
        return wire({"type": "leap", **told, "recent": recent})


def read(round_ids: Sequence[int]) -> dict[int, Standing]:
    """Return what stands in those of these rounds that there are."""
    rounds = list(Round.objects.select_related("leading").filter(pk__in=round_ids))
    recent = _recent_of(rounds)
    return {round.pk: _of(round, recent[round.pk]) for round in rounds}


def of(round: Round) -> Standing:
    """Return what stands in a round as it was read."""
    return _of(round, _recent(round))


def _of(round: Round, recent: tuple[RecentBid, ...]) -> Standing:
    return Standing(
        seq=round.seq,
        state=round.state,
        kind=round.kind,
        price=round.price_fen,
        leader=round.leading.code if round.leading else None,
        least=bidding.least(round.standing()).fen,
        opens_at=_ms(round.opens_at),
        closes_at=_ms(round.closes_at),
        bids=round.bid_count,
        recent=recent,
        step=round.increment_fen,
    )


def _recent_of(rounds: Sequence[Round]) -> dict[int, tuple[RecentBid, ...]]:
    """Return each round's last accepted bids: most are among its last entries, the others are looked for."""
    near: dict[int, list[RecentBid]] = {round.pk: [] for round in rounds}
    bids = Bid.objects.filter(round__in=rounds, seq__gt=F("round__seq") - NEAR).order_by("-seq")
    for round_id, *fields in bids.values_list("round_id", *RECENT_FIELDS):
        near[round_id].append(_recent_bid(*fields))
    return {round.pk: _recent(round, near[round.pk]) for round in rounds}


def _recent(round: Round, near: Sequence[RecentBid] = ()) -> tuple[RecentBid, ...]:
    """Return the last accepted bids, newest first, up to the entry the round was read at."""
    recent = tuple(bid for bid in near if bid.seq <= round.seq)[:RECENT]
    if len(recent) == min(RECENT, round.bid_count):
        return recent
    bids = Bid.objects.filter(round=round, seq__lte=round.seq).order_by("-seq")
    return tuple(_recent_bid(*fields) for fields in bids.values_list(*RECENT_FIELDS)[:RECENT])


def _recent_bid(seq: int, code: str, amount: int, at: datetime) -> RecentBid:
    return RecentBid(seq, code, amount, _ms(at))


def after(standing: Standing, event: Message) -> Standing:
    """Return what stands after the next entry; `static/js/live/round.js` folds the same."""
    if event["kind"] == "bid":
        return after_bids(standing, [event])
    change = KINDS.get(event["kind"])
    return replace(standing, seq=event["seq"], **(change(standing, event) if change else {}))


def after_bids(standing: Standing, bids: Sequence[Message]) -> Standing:
    """Return what stands after the next entries, all of them bids: as `after` one by one, folded at once."""
    last = bids[-1]
    newest = [
        RecentBid(bid["seq"], bid["code"], bid["amount"], bid["in_t"]) for bid in bids[: -RECENT - 1 : -1]
    ]
    return replace(
        standing,
        seq=last["seq"],
        price=last["amount"],
        leader=last["code"],
        least=last["amount"] + standing.step,
        closes_at=last["deadline"],
        bids=standing.bids + len(bids),
        recent=(*newest, *standing.recent)[:RECENT],
    )


KINDS: Final[dict[str, Callable[[Standing, Message], dict[str, Any]]]] = {
    "suspend": lambda _, __: {"state": "suspended"},
    "resume": lambda _, event: {"state": "open", "closes_at": event["deadline"]},
    "close": lambda _, event: {"state": "sold" if event["winner"] else "unsold"},
    "void": lambda _, __: {"state": "withdrawn"},
    "note": lambda standing, event: {"state": NOTED.get(event["about"], standing.state)},
}


def _ms(at: datetime) -> int:
    return (at - EPOCH) // timedelta(milliseconds=1)
