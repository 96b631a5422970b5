"""A sample of the mutants that `python -m tests.services.viewing.mutants` makes ten thousand of."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice

import pytest

from tests.services.viewing import mutants
from viewing.imaging import sandbox
from viewing.rules.faults import Fault

SAMPLE = 150


@pytest.fixture(scope="module")
def ended() -> dict[str, int]:
    # A process of its own: forked from one that holds threads, a child may wait for ever.
    command = [sys.executable, "-m", "tests.services.viewing.mutants", str(SAMPLE), "7"]
    done = subprocess.run(command, cwd=sandbox.ROOT, capture_output=True, text=True, check=False, timeout=500)
    ended: dict[str, int] = json.loads(done.stdout)["ended"]
    return ended


def test_every_mutant_ends_in_tiles_or_a_fault(ended: dict[str, int]) -> None:
    assert sum(ended.values()) == SAMPLE
    assert set(ended) <= {"tiles", *(fault.code for fault in Fault)}


def test_mutants_reach_the_decoders_and_the_cutter(ended: dict[str, int]) -> None:
    assert ended["tiles"] > SAMPLE / 20
    assert ended["broken"] > SAMPLE / 5


def test_the_same_seed_makes_the_same_mutants() -> None:
    one, other = (list(islice(mutants.mutants(3), 20)) for _ in range(2))

    assert one == other
    assert len({data for _, data in one}) > 15


def test_every_original_is_cut_before_it_is_spoilt() -> None:

    code = (
        "from tests.services.viewing.mutants import ending, originals\n"
        "print({name: ending(data) for name, data in originals().items()})"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], cwd=sandbox.ROOT, capture_output=True, text=True, check=True
    )

    assert set(eval(said.stdout).values()) == {"tiles"}
