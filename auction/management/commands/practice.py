"""`manage.py practice`: set up the practice lot; the clerk keeps its rounds going."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from auction import clock
from auction.services.practice import open_practice


class Command(BaseCommand):
    help = "Set up the lot to practise on with play money; once is enough, the clerk keeps its rounds going."

    def handle(self, *args: Any, **options: Any) -> None:
        round = open_practice(at=clock.now())
        self.stdout.write(f"The practice lot is /lots/{round.lot_id}/.")
