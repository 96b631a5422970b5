"""A round whose record begins as an announced one does, bids on it, and its record replayed by the rules."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial, reduce
from typing import Any
from uuid import uuid4

from auction import record
from auction.engine import Decision, Offer, submit_now
from auction.models import Bidder, Event, Round
from auction.rules.bidding import Bid, Standing, place
from auction.rules.money import Money
from auction.rules.window import EXTENSION, Window
from tests.support import people
from tests.support.people import NOON
from tests.support.seats import seat


def a_recorded_round(*, at: datetime = NOON, **given: Any) -> Round:
    """Return an open round whose record begins with its terms."""
    round = people.an_open_round(at=at, **given)
    begin_record(round, at=at - timedelta(days=1))
    return round


def begin_record(round: Round, *, at: datetime) -> Event:
    """Append the entry every record begins with."""
    body: record.Body = {
        "start": round.starting_price_fen,
        "step": round.increment_fen,
        "ext_ms": EXTENSION // timedelta(milliseconds=1),
        "start_t": record.ms(round.opens_at),
        "deadline": record.ms(round.closes_at),
    }
    return record.append(round, "open", body, at=at)


def bid(bidder: Bidder, yuan: float, at: datetime, key: str = "") -> Decision:
    """Return what the engine decides on a bid of so many yuan."""
    return submit_now(an_offer(bidder, yuan, at, key))


def an_offer(bidder: Bidder, yuan: float, at: datetime = NOON, key: str = "") -> Offer:
    """Return a bid of so many yuan as it arrives, with a key of its own if none is given."""
    return Offer(bidder.round_id, seat(bidder), round(yuan * 100), key or str(uuid4()), at)


def leaves(round_id: int) -> list[dict[str, Any]]:
    """Return the record's leaves."""
    return [json.loads(event.leaf) for event in record.after(round_id, 0)]


def replayed(round_id: int) -> Standing:
    """Return what the record leads to under the rules, from its opening on."""
    opening, *rest = leaves(round_id)
    return reduce(partial(_after, round_id), rest, _opening(opening))


def stands_as_recorded(round_id: int) -> bool:
    """Return whether live equals replay, and the record is one unbroken chain."""
    fresh = Round.objects.select_related("leading").get(pk=round_id)
    return unbroken(round_id) and replayed(round_id) == fresh.standing()


def unbroken(round_id: int) -> bool:
    """Return whether places are gap-free and every leaf is chained to the one before."""
    prev = record.GENESIS
    for place_in_record, event in enumerate(record.after(round_id, 0), 1):
        leaf = json.loads(event.leaf)
        if (leaf["seq"], leaf["prev"], record.digest(event.leaf)) != (place_in_record, prev, event.hash):
            return False
        prev = event.hash
    return prev == (Round.objects.get(pk=round_id).head or record.GENESIS)


def _opening(leaf: dict[str, Any]) -> Standing:
    window = Window(record.instant(leaf["start_t"]), record.instant(leaf["deadline"]))
    return Standing(Money(leaf["start"]), Money(leaf["step"]), window)


def _after(round_id: int, standing: Standing, leaf: dict[str, Any]) -> Standing:
    """Return what stands after one entry: a bid is judged again, a resumption sets the end."""
    if leaf["kind"] == "bid":
        bidder = Bidder.objects.get(round_id=round_id, code=leaf["code"])
        at = record.instant(leaf["in_t"])
        return place(standing, Bid(bidder.number, Money(leaf["amount"]), at, bidder.rank))
    if leaf["kind"] == "resume":
        return replace(standing, window=replace(standing.window, closes_at=record.instant(leaf["deadline"])))
    return standing
