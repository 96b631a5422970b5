"""`manage.py application_role`: make the role web and clerk work as on PostgreSQL; docs/log.md says why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from auction.services.application_role import NotPostgreSQL, grant


class Command(BaseCommand):
    help = "As the owner of the tables, make the role the site works as; again after each migration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="its name")
        parser.add_argument("--password-file", type=Path, required=True, help="its password, in one line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            password = options["password_file"].read_text(encoding="utf-8").strip()
            kept = grant(role=options["role"], password=password)
        except NotPostgreSQL as error:
            raise CommandError(
                "Only PostgreSQL has roles; with SQLite the triggers are all there is."
            ) from error
        except OSError as error:
            raise CommandError(f"{options['password_file']} cannot be read.") from error
        self.stdout.write(f"{options['role']} may add to {', '.join(kept)}, and change nothing there.")
