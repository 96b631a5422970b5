"""The provider that the money tests pay with, at noon; after a test the ledger must agree with the rows.

Imports of models stand in the fixtures: this file is loaded before Django is set up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.fake_stripe.server import FakeStripe


@pytest.fixture
def stripe_server(tmp_path: Path) -> Iterator[FakeStripe]:
    """Yield the provider."""
    from tests.support import money

    with money.a_provider(tmp_path) as fake:
        yield fake


@pytest.fixture
def books(db: None) -> Iterator[None]:
    """Check the ledger when the test is over."""
    from auction.services.ledger_check import check_ledger

    yield
    check_ledger()
