"""`manage.py clerk`: open, close, confirm, release, cut, as long as it is let run."""

from __future__ import annotations

import signal
import threading
from types import FrameType
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
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _setting(stop))
        self._run(stop)

    def _run(self, stop: threading.Event) -> None:
        lanes = [
            threading.Thread(target=lane.run, args=(stop,), name=lane.name, daemon=True) for lane in LANES
        ]
        for lane in lanes:
            lane.start()
        self.stdout.write("The clerk is at work.")
        stop.wait()
        for lane in lanes:
            lane.join(PATIENCE)


def _setting(stop: threading.Event) -> Any:
    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    return told
