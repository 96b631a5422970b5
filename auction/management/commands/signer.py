"""`manage.py signer`: the process that holds the log's key and signs what only grew."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from auction.log.signer import Signer, serve


class Command(BaseCommand):
    help = "Sign the log's checkpoints, at the socket SIGNER_SOCKET, with the key and memory in SIGNER_DIR."
    requires_system_checks = ()
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        signer = Signer(Path(settings.SIGNER_DIR), settings.LOG_ORIGIN)
        server = serve(signer, Path(settings.SIGNER_SOCKET))
        signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
        self.stdout.write(f"Signing as {signer.vkey()}")
        try:
            server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            pass
        finally:
            server.server_close()
