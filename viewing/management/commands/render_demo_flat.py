"""`manage.py render_demo_flat`: draw the demo flat's panoramas and write down its exact geometry."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from viewing.demo_flat.album import draw_flat


class Command(BaseCommand):
    help = "Draw the furnished demo flat: a panorama a room and flat.json. Takes some minutes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--into", type=Path, default=Path(settings.BASE_DIR) / "media" / "demo")
        parser.add_argument(
            "--height", type=int, default=2048, help="rows of a panorama; it has twice as many columns"
        )
        parser.add_argument("--processes", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        for path in draw_flat(options["into"], height=options["height"], processes=options["processes"]):
            self.stdout.write(f"{path} {path.stat().st_size}")
