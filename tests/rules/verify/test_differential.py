"""Two checkers written apart from each other from one text say the same of records gone wrong."""

from __future__ import annotations

from collections import Counter

from tests.verify.differential import compared

RECORDS = range(1_000_000, 1_001_500)  # `make faults` compares a hundred thousand others
WHATEVER_IS_MUTATED = 22  # rules of the record that changes to it can break


def test_both_checkers_find_the_same() -> None:
    rules: Counter[str] = Counter()
    for seed, ours, theirs in compared(RECORDS):
        assert ours == theirs, f"record {seed}"
        rules.update({rule for rule, _ in ours[0]})

    assert len(rules) >= WHATEVER_IS_MUTATED, rules
