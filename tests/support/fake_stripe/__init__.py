"""A local server that speaks Stripe's API, for `make run` and the tests; no money moves.

It keeps the facts that matter: eight-digit amounts, idempotency keys pruned after a day, declines and
3-D Secure, holds that expire, refunds that end later, webhooks that are signed and may be late, doubled,
out of order or lost.
Our own reading of docs.stripe.com for API version 2026-10-28.endive.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.fake_stripe.server import FakeStripe
from tests.support.fake_stripe.store import Store


@contextmanager
def running(
    database: Path, *, webhook_url: str = "", webhook_secret: str = "whsec_local"
) -> Iterator[FakeStripe]:
    """Run a fake on a free port inside this process."""
    server = FakeStripe(0, Store(database), webhook_url, webhook_secret)
    server.start()
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    serving.start()
    try:
        yield server
    finally:
        server.shutdown()
        serving.join(5)
        server.stop()
