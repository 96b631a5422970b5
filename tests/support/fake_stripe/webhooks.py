"""Webhooks: signed as Stripe signs, delivered in the background, and late, twice or never when told so.

Source: docs.stripe.com/webhooks (signature scheme v1, retries).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request

from tests.support.fake_stripe.store import Store

ATTEMPTS = 12
LATE_SECONDS = 3.0
REORDER_SECONDS = 0.5
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def signature(payload: bytes, secret: str, at: int) -> str:
    """Return the ``Stripe-Signature`` header for this body at this (real) time."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Courier(threading.Thread):
    """Takes queued events to the webhook address and tries again when nobody answers with 2xx."""

    def __init__(self, store: Store, url: str, secret: str) -> None:
        super().__init__(daemon=True)
        self.store, self.url, self.secret = store, url, secret
        self.wake, self.stopped = threading.Event(), False

    def run(self) -> None:
        """Deliver what is due until stopped."""
        while not self.stopped:
            self.wake.clear()
            self.schedule()
            if not (self.url and self.deliver_due()):
                self.wake.wait(0.1)

    def stop(self) -> None:
        """Stop after the delivery under way."""
        self.stopped = True
        self.wake.set()
        self.join(15)

    def schedule(self) -> None:
        """Give new events their time, as the fault that is set says."""
        with self.store.transaction():
            fault = self.store.setting("webhooks", "none")
            for row in self.store.rows("select * from delivery where state = 'new' order by seq"):
                self._schedule(row["seq"], row["event_id"], fault)

    def _schedule(self, seq: int, event_id: str, fault: str) -> None:
        now = time.time()
        due = {"late": now + LATE_SECONDS, "reorder": (now // REORDER_SECONDS + 2) * REORDER_SECONDS}.get(
            fault, now
        )
        rank, state = (-seq if fault == "reorder" else seq), ("dropped" if fault == "drop" else "waiting")
        sql = "update delivery set due = ?, rank = ?, state = ? where seq = ?"
        self.store.rows(sql, due, rank, state, seq)
        if fault == "double":
            self.store.rows(
                "insert into delivery (event_id, due, rank) values (?, ?, ?)", event_id, due, rank
            )

    def deliver_due(self) -> bool:
        """Deliver what is due and return whether there was anything."""
        sql = "select * from delivery where state = 'waiting' and due <= ? order by rank"
        due = self.store.rows(sql, time.time())
        for row in due:
            if not self.stopped:
                self._settle(row["seq"], row["attempts"] + 1, self.deliver(row["event_id"]))
        return bool(due)

    def _settle(self, seq: int, attempts: int, arrived: bool) -> None:
        state = "delivered" if arrived else ("waiting" if attempts < ATTEMPTS else "given up")
        again = time.time() + min(0.25 * 2**attempts, 60)
        sql = "update delivery set state = ?, attempts = ?, due = ? where seq = ?"
        self.store.rows(sql, state, attempts, again, seq)

    def deliver(self, event_id: str) -> bool:
        """Post one event and return whether it was taken."""
        payload = json.dumps(self.store.get(event_id), indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(payload, self.secret, int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        request = urllib.request.Request(self.url, data=payload, headers=headers, method="POST")
        try:
            with OPENER.open(request, timeout=10) as answer:
                return 200 <= answer.status < 300
        except (OSError, urllib.error.URLError):
            return False
