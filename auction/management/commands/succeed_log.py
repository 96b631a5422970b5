"""`manage.py succeed_log`: freeze a log that cannot go on, and begin the next; docs/log.md says when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from auction import clock
from auction.log import note
from auction.log.checkpoint import read
from auction.services.succession import SameName, succeed


class Command(BaseCommand):
    help = "Freeze the log as it is and begin the next, named LOG_ORIGIN, whose first leaf says why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--checkpoint", type=Path, required=True, help="the last that was published")
        parser.add_argument("--why", required=True, help="the reason, which is published")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            old = read(note.parse(options["checkpoint"].read_text(encoding="utf-8")).text)
            log = succeed(old=old, why=options["why"], at=clock.now())
        except (OSError, note.NotSigned) as error:
            raise CommandError(f"{options['checkpoint']} is no checkpoint: {error}.") from error
        except SameName as error:
            raise CommandError(f"{error} names a log that was: set LOG_ORIGIN to a new name.") from error
        self.stdout.write(f"{log.origin} succeeds {old.origin}, which ended with {old.size} leaves.")
