"""`manage.py replay_bids FILE.csv`: bid a recorded history again through the websocket, time compressed."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from auction.rules.money import Money
from auction.rules.terms import BEIJING
from config.replay.history import NotAHistory, read_histories
from config.replay.line import lines
from config.replay.play import Outcome, play, set_clock
from config.replay.server import serving
from config.replay.world import Stage, staged


class Command(BaseCommand):
    help = "Bid a recorded history again through the real websocket, time compressed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV: lot, seq, time, bidder_code, price_yuan")
        parser.add_argument("--url", help="a running site on this database and this PLATFORM_CLOCK")
        parser.add_argument("--json", action="store_true", help="one JSON object a lot")

    def handle(self, *args: Any, file: Path, url: str | None, **options: Any) -> None:
        try:
            histories = read_histories(file)
        except (NotAHistory, OSError) as error:
            raise CommandError(f"{file} cannot be replayed: {error}") from error
        settings.FAIR_CLOSE_GATE = False  # nobody probed this platform at the hours of the history
        stages = [staged(history) for history in histories]
        with _site(url, stages) as (site, clock):
            outcomes = asyncio.run(_played(stages, site, clock))
        for outcome in outcomes:
            facts = _facts(outcome)
            self.stdout.write(json.dumps(facts, ensure_ascii=False) if options["json"] else _line(facts))


async def _played(stages: list[Stage], site: str, clock: Path) -> list[Outcome]:
    async with lines(site) as sockets:
        return await play(stages, sockets, clock)


@contextmanager
def _site(url: str | None, stages: list[Stage]) -> Iterator[tuple[str, Path]]:
    """Give a site and the file of its clock: the one named, or one of our own for the time being."""
    opening = min(stage.round.opens_at for stage in stages)
    if url:
        if not settings.PLATFORM_CLOCK:
            raise CommandError("A site's clock can be set only where PLATFORM_CLOCK names its file.")
        yield url, Path(settings.PLATFORM_CLOCK)
        return
    with tempfile.TemporaryDirectory() as folder:
        clock = Path(folder) / "clock"
        set_clock(clock, opening)
        with serving(clock) as site:
            yield site, clock


def _facts(outcome: Outcome) -> dict[str, Any]:
    round = outcome.stage.round
    return {
        "lot": outcome.stage.history.lot,
        "round": round.pk,
        "state": round.state,
        "accepted": outcome.accepted,
        "refused": outcome.refused,
        "price_fen": round.price_fen,
        "ended": round.closes_at.astimezone(BEIJING).isoformat(),
        "extensions": outcome.extensions,
    }


def _line(facts: dict[str, Any]) -> str:
    price = Money(facts["price_fen"]) if facts["price_fen"] else "–"
    return (
        f"{facts['lot']}: {facts['accepted']} accepted, {len(facts['refused'])} refused, {facts['state']} at "
        f"{price} yuan, ended {facts['ended']} after {facts['extensions']} extensions"
    )
