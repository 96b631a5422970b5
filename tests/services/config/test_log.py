"""A client's fault is one line in the log; ours keeps its trace."""

from __future__ import annotations

import logging
import sys

import pytest

from config.log import brief


def a_record(name: str, level: int) -> logging.LogRecord:
    try:
        raise ValueError("x")
    except ValueError:
        return logging.LogRecord(name, level, "", 0, "said", (), sys.exc_info())


@pytest.mark.parametrize(
    ("name", "level"),
    [("django.request", logging.WARNING), ("django.security.DisallowedHost", logging.ERROR)],
)
def test_what_a_client_did_wrong_is_one_line(name: str, level: int) -> None:
    record = a_record(name, level)

    assert brief(record)
    assert logging.Formatter().format(record) == "said"


@pytest.mark.parametrize(
    ("name", "level"), [("django.request", logging.ERROR), ("auction.consumers", logging.WARNING)]
)
def test_what_we_did_wrong_keeps_its_trace(name: str, level: int) -> None:
    record = a_record(name, level)

    assert brief(record)
    assert "ValueError: x" in logging.Formatter().format(record)
