"""`manage.py check_ledger`: does the ledger agree with the deposits and balances?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from auction.services.ledger_check import LedgerWrong, check_ledger


class Command(BaseCommand):
    help = "Check that every transfer balances and that held deposits are what the ledger owes."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_ledger()
        except LedgerWrong as wrong:
            raise CommandError(f"The ledger disagrees: {wrong}.") from wrong
        self.stdout.write("The ledger agrees with the deposits and balances.")
