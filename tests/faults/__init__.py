"""Faults on real processes: a site under load is killed, cut, paused, filled up, and its history checked.

`python -m tests.faults.run --minutes 5 --seed 1` is the whole run; `test_*.py` are parts of it.
"""
