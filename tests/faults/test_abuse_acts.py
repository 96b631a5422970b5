"""What many hostile clients do at once is noticed by nobody but themselves (F15 to F19, small)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from tests.faults.abuse import acts
from tests.faults.abuse.acts import Outcome
from tests.faults.abuse.fixtures import a_house  # noqa: F401 (a fixture)
from tests.faults.abuse.house import House

Act = Callable[[House], Coroutine[None, None, Outcome]]
ACTS: dict[str, Act] = {
    "slow-loris": lambda house: acts.slow_loris(house, many=300),
    "floods": lambda house: acts.floods(house, sockets=10),
    "one person": lambda house: acts.one_person(house, sockets=20, seconds=2),
    "watchers": lambda house: acts.crowd_of_watchers(house, many=300, non_readers=20, seconds=4),
    "storm": lambda house: acts.reconnect_storm(house, many=200),
    "malformed": lambda house: acts.malformed(house, frames=50_000, requests=300, seed=1),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_the_rest_notices_nothing(house: House, act: Act) -> None:
    outcome = asyncio.run(act(house))

    assert outcome.faults == []
