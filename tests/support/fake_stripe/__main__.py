"""Start the fake: ``python -m tests.support.fake_stripe --port 12111 --webhook-url http://127.0.0.1:8000/webhooks/stripe``."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from tests.support.fake_stripe.server import FakeStripe
from tests.support.fake_stripe.store import Store


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--database", type=Path, default=Path("var/fake_stripe.sqlite3"))
    parser.add_argument("--webhook-url", default="")
    parser.add_argument("--webhook-secret", default="whsec_local")
    return parser.parse_args()


def main() -> None:
    """Serve until told to stop."""
    given = _arguments()
    try:
        server = FakeStripe(given.port, Store(given.database), given.webhook_url, given.webhook_secret)
    except OSError:
        sys.exit(f"Port {given.port} is taken; the fake Stripe cannot start there.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.start()
    print(f"fake Stripe on {server.base_url}", flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    except (KeyboardInterrupt, SystemExit):
        server.stop()


if __name__ == "__main__":
    main()
