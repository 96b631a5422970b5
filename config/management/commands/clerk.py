"""`manage.py clerk`: open, close, confirm, release, cut, as long as it is let run."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from auction.services.log_publish import Stale, demand_whole
from config.clerk import AFTERWARDS, LANES, TO_THE_MOMENT
from config.lanes import Lane, Rests

PATIENCE: Final = 10  # seconds a lane gets to finish its row when the clerk is told to stop
AGAIN_AFTER: Final = 1.0  # seconds before a second process that ended is begun anew
POLITENESS: Final = 5  # by which the second process lets the first go before


class Command(BaseCommand):
    help = "Do what falls due: open and close rounds, confirm sales, release deposits, cut panoramas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do everything that is due now, then stop")
        parser.add_argument(
            "--afterwards", action="store_true", help="the second process, begun by the first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        _demand_whole()
        if options["once"]:
            for lane in LANES:
                lane.turn(Rests())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.default_int_handler)
        if options["afterwards"]:
            os.nice(POLITENESS)
            working(AFTERWARDS, sys.stdin.read)  # it ends when the first process has, however that ended
            return
        working(TO_THE_MOMENT, self._keep_second)

    def _keep_second(self) -> None:
        """Keep the second process running until this one is told to stop."""
        self.stdout.write("The clerk is at work.")
        while True:
            second = _begin_second()
            try:
                second.wait()
            finally:
                _end(second)
            time.sleep(AGAIN_AFTER)


def working(lanes: Sequence[Lane], meanwhile: Callable[[], object]) -> None:
    """Run the lanes in threads while something is done that ends when they should, or a signal comes."""
    gc.freeze()  # all that is loaded stays: to look through it again and again would cost a wave a third
    stop = threading.Event()
    threads = [threading.Thread(target=lane.run, args=(stop,), name=lane.name, daemon=True) for lane in lanes]
    # The signal raises: a handler that set the event could want the lock of the `wait` it interrupts.
    with suppress(KeyboardInterrupt):
        for thread in threads:
            thread.start()
        meanwhile()
    stop.set()
    for thread in threads:
        if thread.is_alive():
            thread.join(PATIENCE)


def _demand_whole() -> None:
    try:
        demand_whole()
    except Stale as stale:
        raise CommandError(f"The database is older than the published log: {stale}.") from stale


def _begin_second() -> subprocess.Popen[bytes]:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "clerk", "--afterwards"]
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 (our own command)


def _end(second: subprocess.Popen[bytes]) -> None:
    """Let it finish what it has begun, but not for ever."""
    second.terminate()
    with suppress(subprocess.TimeoutExpired):
        second.wait(PATIENCE)
    second.kill()
