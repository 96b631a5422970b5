"""`manage.py clerk`: open, close, confirm, release, cut, as long as it is let run."""

from __future__ import annotations

import signal
import threading
from contextlib import suppress
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from config.clerk import LANES, Rests

PATIENCE: Final = 10  # seconds a lane gets to finish its row when the clerk is told to stop


class Command(BaseCommand):
    help = "Do what falls due: open and close rounds, confirm sales, release deposits, cut panoramas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for lane in LANES:
                lane.turn(Rests())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
        self._run(threading.Event())

    def _run(self, stop: threading.Event) -> None:
        lanes = [
            threading.Thread(target=lane.run, args=(stop,), name=lane.name, daemon=True) for lane in LANES
        ]
        # The signal raises: a handler that set the event could want the lock of the `wait` it interrupts.
        with suppress(KeyboardInterrupt):
            for lane in lanes:
                lane.start()
            self.stdout.write("The clerk is at work.")
            threading.Event().wait()
        stop.set()
        for lane in lanes:
            if lane.is_alive():
                lane.join(PATIENCE)
