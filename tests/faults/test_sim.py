"""The simulation finds nothing in the product as it is, and each bug that is planted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORLD = ("--seed", "test", "--world", "0", "--size", "60")


def simulated(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "error", "-m", "tests.faults.sim", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)


def test_the_product_as_it_is_keeps_every_promise() -> None:
    done = simulated("--seed", "test", "--auctions", "300", "--size", "100", "--processes", "2")

    assert (done.returncode, done.stderr) == (0, "")
    assert "violations 0" in done.stdout
    coverage = json.loads(done.stdout.splitlines()[-1])
    assert coverage["late"] > coverage["bids"] * 0.2
    assert min(coverage[hard] for hard in ("extensions", "equal", "struck")) > 50


def test_a_seed_tells_the_same_history_again(tmp_path: Path) -> None:
    for name in ("first", "again"):
        simulated(*WORLD, "--out", str(tmp_path / name))

    first = (tmp_path / "first").read_bytes()
    assert len(first.splitlines()) > 1_000
    assert first == (tmp_path / "again").read_bytes()


def test_each_planted_bug_is_found_and_none_where_there_is_none() -> None:
    done = simulated("--bugs")

    found = json.loads(done.stdout)
    assert len(found) >= 9
    assert [name for name, bug in found.items() if not bug["found"]] == []
    assert found["nothing"]["invariants"] == {}
