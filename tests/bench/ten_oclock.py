"""Many rounds with bidders and bids, written at once: the world of a benchmark.

Three bidders a round, the first of them leading with a sealed identity, so that the clerk has a sale to
confirm and two deposits to give back. The bids' leaves are of true size but not chained: nothing that is
measured reads them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from typing import Any, Final

from django.db import connection

from auction import record
from auction.models import Bidder, Deposit, DepositState, Event, Rail, Round, RoundState
from auction.rules.identity import NATURAL, Identity
from auction.services import seals
from tests.support import people

LEAF_BYTES: Final = 420
BIDDERS: Final = 3
WHO: Final = Identity(NATURAL, "林晓月", "110105199003070025")
FILL: Final = {
    "events": (
        "INSERT INTO auction_event (round_id, seq, kind, leaf, hash, at) "
        "SELECT r.id, n, 'bid', repeat('x', %s), md5(r.id::text || n) || md5(n::text), r.opens_at "
        "FROM auction_round r, generate_series(1, %s) n"
    ),
    "bids": (
        "INSERT INTO auction_bid (round_id, bidder_id, key, amount_fen, arrived_at, decided_at, "
        "ground, seq, receipt) "
        "SELECT r.id, r.leading_id, gen_random_uuid(), 140000000 + n, r.opens_at, r.opens_at, '', n, "
        "repeat('x', 700) "
        "FROM auction_round r, generate_series(1, %s) n"
    ),
}


def many_rounds(count: int, *, history: int, at: datetime) -> None:
    """Write so many open rounds with so many bids each; they end in an hour until somebody sets their end."""
    lot = people.a_lot()
    Round.objects.bulk_create(_round(lot.pk, history, at) for _ in range(count))
    rounds = list(Round.objects.order_by("pk"))
    Bidder.objects.bulk_create(_bidder(round, number) for round, number in _each(rounds))
    bidders = list(Bidder.objects.order_by("pk"))
    Deposit.objects.bulk_create(
        Deposit(bidder=bidder, amount_fen=0, state=DepositState.HELD, rail=Rail.EXEMPT, held_at=at)
        for bidder in bidders
    )
    first = {bidder.round_id: bidder for bidder in bidders if bidder.number == 1}
    for round in rounds:
        round.leading = first[round.pk]
    Event.objects.bulk_create(_qualified(round, first[round.pk], at) for round in rounds)
    Round.objects.bulk_update(rounds, ["leading", *record.CHAIN], batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute(FILL["events"], [LEAF_BYTES, history])
        cursor.execute(FILL["bids"], [history])
        cursor.execute("ANALYZE")


def _qualified(round: Round, bidder: Bidder, at: datetime) -> Event:
    """Return the entry by which the vault knows whom the record commits to."""
    body: record.Body = {"code": bidder.code, "commit": bidder.commitment}
    return record.link(round, "qualify", body, at=at - timedelta(hours=1))


def _each(rounds: list[Round]) -> Any:
    return product(rounds, range(1, BIDDERS + 1))


def _round(lot_id: int, history: int, at: datetime) -> Round:
    end = at + timedelta(hours=1)
    return Round(
        lot_id=lot_id,
        kind="first_auction",
        state=RoundState.OPEN,
        published_at=at - timedelta(days=31),
        opens_at=at - timedelta(hours=23),
        announced_closes_at=end,
        closes_at=end,
        starting_price_fen=140_000_000,
        increment_fen=500_000,
        deposit_fen=0,
        price_fen=140_000_000 + history,
        leading_at=at - timedelta(hours=1),
        bid_count=history,
        seq=history,
        head=record.digest("the last leaf"),
        recorded_at=at - timedelta(hours=1),
    )


def _bidder(round: Round, number: int) -> Bidder:
    holder = f"{round.pk:032x}{number:032x}"
    sealed = seals.sealed(WHO, holder, seals.key_of(round))
    return Bidder(
        round=round,
        number=number,
        code=f"T{number:04d}",
        holder=holder,
        payer="0" * 64,
        sealed=sealed.data,
        commitment=sealed.commitment,
        warnings_digest="0" * 64,
        consented_at=round.opens_at,
        qualified_at=round.opens_at,
    )
