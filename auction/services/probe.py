"""Asking the platform through its public address, as a bidder would."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings

from auction.services.uptime import answered

TIMEOUT: Final = 3.0  # seconds
PATH: Final = "/health"
WHO: Final = {"User-Agent": "judicial-auction-probe", "Connection": "close"}

log = logging.getLogger(__name__)


class _NoRedirect(HTTPRedirectHandler):
    """Another address is not the answer that was asked for."""

    def redirect_request(self, *given: object) -> None:
        return None


_opener = build_opener(_NoRedirect, ProxyHandler({}))


def probe(at: datetime) -> bool:
    """Ask once, and put down at the instant of asking if it answered; return whether it did."""
    if not settings.FAIR_CLOSE_GATE:
        return False
    try:
        with _opener.open(Request(settings.PROBE_URL + PATH, headers=WHO), timeout=TIMEOUT) as answer:  # noqa: S310
            answer.read()
    except (URLError, OSError, ValueError) as error:
        log.warning("The public address did not answer: %s", error)
        return False
    answered(at=at)
    return True
