"""`manage.py retire_receipt_key`: end the time of the key that signs receipts; docs/log.md says when."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from auction import clock
from auction.queries.receipt_keys import retired
from auction.record import ms


class Command(BaseCommand):
    help = "Print the line by which today's key of receipts becomes a former one, for FORMER_RECEIPT_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(retired(at_ms=ms(clock.now())))
