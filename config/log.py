"""What the log is spared: a client's fault is one line, or he could fill the disk with traces."""

from __future__ import annotations

import logging


def brief(record: logging.LogRecord) -> bool:
    """Drop the trace from the line of a request that was refused with 4xx; one of 5xx keeps it."""
    if record.name.startswith("django.security.") or _refused(record):
        record.exc_info = record.exc_text = None
    return True


def _refused(record: logging.LogRecord) -> bool:
    return record.name == "django.request" and record.levelno < logging.ERROR
