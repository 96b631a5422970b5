"""The checker finds every spoiled history, says which invariant it breaks, and lets the valid one pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checker import Allowances, Coverage, Gates, check
from tests.faults.mutants import ON_ENTRIES, ON_LEAVES, ON_STORY
from tests.faults.story import CLOSED, LOT, Story, a_record, a_story, chained

HERE = Path(__file__).parent
ALONE = """
import sys
sys.path[:0] = [{folder!r}]
import checker.__main__
ours = {{"auction", "config", "django", "tests"}}
print(sorted(name for name in sys.modules if name.split(".")[0] in ours))
sys.exit(checker.__main__.main([{file!r}]))
"""


def of_record(leaves: list[str]) -> dict[str, int]:
    return dict(check(Story(leaves).lines()).counts)


def test_a_valid_history_passes() -> None:
    summary = check(a_story().lines())

    assert (summary.violations, summary.clean) == ([], True)
    assert (summary.rounds, summary.bids, summary.acknowledgements, summary.unknown) == (1, 6, 5, 2)
    assert (summary.coverage.extensions, summary.coverage.equal, summary.crashes) == (2, 2, 1)


def test_its_record_alone_passes() -> None:
    assert of_record(chained(a_record())) == {}


@pytest.mark.parametrize("name", ON_ENTRIES)
def test_an_entry_against_the_rules_is_found(name: str) -> None:
    invariant, spoil = ON_ENTRIES[name]
    entries = a_record()

    spoil(entries)

    assert invariant in of_record(chained(entries))


@pytest.mark.parametrize("name", ON_LEAVES)
def test_bytes_that_were_changed_are_found(name: str) -> None:
    invariant, spoil = ON_LEAVES[name]
    leaves = chained(a_record())

    spoil(leaves)

    assert invariant in of_record(leaves)


@pytest.mark.parametrize("name", ON_STORY)
def test_a_broken_promise_is_found(name: str) -> None:
    invariant, spoil = ON_STORY[name]
    story = a_story()

    spoil(story)

    assert invariant in check(story.lines()).counts


def test_every_invariant_has_its_mutant() -> None:
    tables: Any = (ON_ENTRIES, ON_LEAVES, ON_STORY)
    named = {invariant for table in tables for invariant, _ in table.values()}
    wanted = "S0 S1 S2 S3 S4 S5 S6 S7 B0 B1 B2 B3 B5 B6 B7 B8 B9 B10 E1 E2 E3 C1 C2 C3 C4 C5 C6 C7 C8 P1 "
    wanted += "A1 A2 A4 A5 A6 A7 A8 W1 W2 W3 W4 K1 K2 K4"

    assert named == set(wanted.split())
    assert sum(map(len, tables)) >= 44


def test_an_unknown_outcome_may_be_recorded_or_not() -> None:
    story = a_story()
    in_doubt = [each for each in story.attempts if each["outcome"] == "info"]
    recorded = {story.leaf(seq).get("cid") for seq in range(7, 15)}

    assert {each["cid"] in recorded for each in in_doubt} == {True, False}


@pytest.mark.parametrize(("until", "clean"), [(CLOSED + 30_000, True), (CLOSED - 60_000, False)])
def test_a_close_is_late_only_under_a_fault(until: int, clean: bool) -> None:
    entries = a_record()
    for entry in entries[-2:]:
        entry["t"] = CLOSED + 34_000
    fault = {"op": "fault", "kind": "kill postmaster", "at": CLOSED - 70_000, "until": until}

    assert check([*Story(chained(entries)).lines(), fault]).clean is clean


def test_a_run_without_the_hard_cases_is_not_covered() -> None:
    coverage = Coverage(bids=100, late=19, extensions=49, equal=20, closes=10, struck=5)
    coverage.kinds["kill web"] = 10

    missed = coverage.missed(Gates())

    assert [gate.partition(":")[0] for gate in missed] == [
        "bids in the last 5 minutes, share",
        "extensions",
        "in doubt",
    ]


def test_a_shorter_run_needs_fewer() -> None:
    coverage = Coverage(bids=10, late=2, extensions=5, equal=2, closes=2, struck=1)

    assert coverage.missed(Gates().scaled(0.1)) == []


def test_it_knows_nothing_of_the_project(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.write_text("\n".join(json.dumps(line) for line in a_story().lines()), encoding="utf-8")
    script = ALONE.format(folder=str(HERE), file=str(file))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "DJANGO"))}

    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout.splitlines()[0], done.stderr) == (0, "[]", "")
    assert "violations 0" in done.stdout


def test_a_violation_is_one_line_and_an_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tests.faults.checker.__main__ import main

    story = a_story()
    ON_STORY["made by nobody"][1](story)
    file = tmp_path / "history"
    file.write_text("\n".join(json.dumps(line) for line in story.lines()), encoding="utf-8")

    assert main([str(file)]) == 1
    first, last = capsys.readouterr().out.splitlines()
    assert (first.split()[:3], last.split()[-1]) == (["A4", "round", f"{LOT}:"], "1")


def test_rounds_may_be_unfinished_if_it_is_told() -> None:
    unfinished = Story(chained(a_record()[:10])).lines()

    assert dict(check(unfinished).counts) == {"C1": 1}
    assert check(unfinished, Allowances(unfinished=True)).clean
