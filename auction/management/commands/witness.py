"""`manage.py witness`: the process that cosigns other installations' logs as long as they only grow."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from auction.log import note, policy_file
from auction.log.witness import Witness, hold
from auction.log.witness_http import Door


class Command(BaseCommand):
    help = "Cosign the logs that a policy file names, at POST /add-checkpoint; it needs no database."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True, help="the witness's key name: a URL without its scheme")
        parser.add_argument("--policy", required=True, type=Path, help="the file whose log lines are served")
        parser.add_argument("--port", required=True, type=int)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--folder", type=Path, default=settings.VAR_DIR / "witness")

    def handle(self, *args: Any, **options: Any) -> None:
        if not note.NAME.fullmatch(options["name"]):
            raise CommandError("A key's name has no spaces and no plus signs.")
        try:
            lock = hold(options["folder"])
            logs = policy_file.read(options["policy"].read_bytes()).logs
        except BlockingIOError as error:
            raise CommandError("Another witness works with this folder.") from error
        except (OSError, policy_file.BadPolicy) as error:
            raise CommandError(f"The policy cannot be read: {error}") from error
        with lock:
            witness = Witness(options["folder"], options["name"], [log.key for log in logs])
            self._serve(witness, options["host"], options["port"])

    def _serve(self, witness: Witness, host: str, port: int) -> None:
        with Door(host, port, witness) as door:
            signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=door.shutdown).start())
            self.stdout.write(f"Witnessing as {witness.vkey()}")
            try:
                door.serve_forever(poll_interval=0.1)
            except KeyboardInterrupt:
                pass
