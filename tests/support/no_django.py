"""A pytest plugin for the rules' tests: it fails the run if a rule brought Django in."""

from __future__ import annotations

import sys

import pytest

FORBIDDEN = ("django", "channels", "stripe")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look what was imported once every test has run."""
    found = [name for name in FORBIDDEN if name in sys.modules]
    if found:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\nThe rules' tests imported {', '.join(found)}.")
