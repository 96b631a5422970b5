"""`manage.py demo`: fill an empty database with a court's work, by calling the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from auction import clock
from auction.services.practice import open_practice
from config.demo import sales, stories
from config.demo.cases import announced, priced, seized
from config.demo.people import LOGINS, let_people_in, open_court, password
from config.demo.reach import has_been_reached
from enforcement.models import Court


class Command(BaseCommand):
    help = "Fill an empty database with a court, its cases and some bidders; for demonstration only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="only print who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demonstration is for DEBUG=1 only: its password is no secret.")
        if options["logins"]:
            self._print_logins()
        elif Court.objects.exists():
            self.stdout.write("There is a court already; nothing was added.")
        else:
            self._fill(clock.now())

    def _print_logins(self) -> None:
        for login in LOGINS:
            self.stdout.write(f"  {login.name:<6} {password()}  {login.what}")

    def _fill(self, now: datetime) -> None:
        open_court()
        has_been_reached(now)
        let_people_in(now + stories.SHARES.published)
        _sold_and_settled(now)
        _unsold(now)
        _ending_soon(now)
        _open_flat(now)
        announced(stories.STUDIO, now)
        priced(seized(stories.DESK, now), stories.DESK, now)
        open_practice(at=now)


def _sold_and_settled(now: datetime) -> None:
    round = announced(stories.SHARES, now)
    sales.qualify(round, ("lin", "he"), round.opens_at)
    late = round.closes_at - timedelta(minutes=2)
    times = [round.opens_at + timedelta(hours=n) for n in (1, 2, 5)] + [late, late + timedelta(minutes=3)]
    bids = [("lin", 0), ("he", 1), ("lin", 2), ("he", 5), ("lin", 6)]
    sales.open_and_bid(round, bids, times)
    sales.close(round)
    sales.settle(round, "lin")


def _unsold(now: datetime) -> None:
    round = announced(stories.COTTAGE, now)
    sales.open_and_bid(round, (), ())
    sales.close(round)


def _ending_soon(now: datetime) -> None:
    round = announced(stories.MARK, now)
    sales.qualify(round, ("lin", "he"), round.opens_at)
    times = [now - timedelta(minutes=n) for n in (700, 320, 41)]
    sales.open_and_bid(round, [("he", 0), ("lin", 2), ("he", 3)], times)


def _open_flat(now: datetime) -> None:
    round = announced(stories.FLAT, now)
    sales.qualify(round, ("lin", "he", "zhao"), round.opens_at)
    times = [now - timedelta(minutes=n) for n in (900, 610, 95, 12)]
    sales.open_and_bid(round, [("lin", 0), ("he", 1), ("lin", 3), ("zhao", 3)], times)
