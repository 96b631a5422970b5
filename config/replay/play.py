"""Bidding a history again: the clock is set to each bid's time, the bid sent, its answer awaited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path

from asgiref.sync import sync_to_async
from django.db import transaction

from auction import record
from auction.models import Round
from auction.rules.window import CLOSE_DELAY
from auction.services.closing import close_round
from auction.services.opening import open_bidding
from config.replay.history import PastBid
from config.replay.line import Lines
from config.replay.world import Stage


@dataclass
class Outcome:
    """What a history came to on this platform; an extension is an accepted bid that moved the end."""

    stage: Stage
    accepted: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    extensions: int = 0
    ends: datetime | None = None

    def take(self, bid: PastBid, answer: dict[str, object]) -> None:
        """Count one answer."""
        if answer["type"] != "accepted":
            self.refused.append((bid.seq, str(answer["ground"])))
            return
        self.accepted += 1
        ends = record.instant(int(str(answer["closes_at"])))
        self.extensions += ends != (self.ends or self.stage.round.announced_closes_at)
        self.ends = ends


async def play(stages: Iterable[Stage], lines: Lines, clock: Path) -> list[Outcome]:
    """Bid all histories again, interleaved as they happened, then close their rounds."""
    outcomes = {stage.history.lot: Outcome(stage) for stage in stages}
    for outcome in outcomes.values():
        round = outcome.stage.round
        await sync_to_async(open_bidding)(round_id=round.pk, at=round.opens_at)
    bids = [bid for outcome in outcomes.values() for bid in outcome.stage.history.bids]
    for bid in sorted(bids, key=attrgetter("at")):
        outcome = outcomes[bid.lot]
        set_clock(clock, bid.at)
        seat = outcome.stage.seats[bid.code]
        outcome.take(bid, await lines.bid(outcome.stage.round.pk, seat.session, bid.amount.fen))
    for outcome in outcomes.values():
        await sync_to_async(_close)(outcome, clock)
    return list(outcomes.values())


def set_clock(clock: Path, at: datetime) -> None:
    """Let the platform's clock be this instant; the file is replaced whole."""
    draft = clock.with_suffix(".draft")
    draft.write_text(at.isoformat(), encoding="ascii")
    draft.replace(clock)


def _close(outcome: Outcome, clock: Path) -> None:
    """Let time pass to the end and close, or wait for the clerk who was quicker to commit."""
    round = Round.objects.get(pk=outcome.stage.round.pk)
    at = round.closes_at + CLOSE_DELAY
    set_clock(clock, at)
    close_round(round_id=round.pk, at=at)
    with transaction.atomic():
        outcome.stage.round.refresh_from_db(from_queryset=Round.objects.select_for_update())
