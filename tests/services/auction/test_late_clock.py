"""A process whose clock has fallen behind takes no late bid: the database's clock is asked under the lock."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from auction import clock
from auction.rules.grounds import Ground
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import a_bidder, lin

pytestmark = pytest.mark.django_db


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has no clock but the machine's")
def test_a_bid_stamped_by_a_clock_that_is_behind_is_not_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    bidder = a_bidder(a_recorded_round(at=now), lin(), at=now - timedelta(hours=1))
    monkeypatch.setattr("auction.clock.now", lambda: now - timedelta(seconds=10))

    decision = bid(bidder, 1_400_000, now - timedelta(seconds=10))

    assert connection.vendor == "postgresql"
    assert decision.ground is Ground.UNDECIDED
