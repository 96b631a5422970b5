"""Our side of a time-stamping authority (RFC 3161): a digest goes there, a signed time comes back."""

from __future__ import annotations

from datetime import datetime
from http.client import HTTPException
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampRequest

from auction.log.outward import LONGEST, connected

TIMEOUT: Final = 10.0  # seconds to be connected, and as many for the answer
GRANTED: Final = {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}
QUERY: Final = {"Content-Type": "application/timestamp-query"}


class NoToken(Exception):
    """The authority gives no token now, or none that is over what was asked."""


class Token(NamedTuple):
    """What an authority says: when the bytes existed, and its whole answer (DER), which proves it."""

    at: datetime
    answer: bytes


def ask(url: str, data: bytes) -> Token:
    """Return a token over these bytes.

    Whose certificate signed it is not asked here: who checks it names whom he trusts.

    :raises NoToken: if there is none to be had
    """
    query = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = decode_timestamp_response(_post(url, query.as_bytes()))
        _demand_ours(answer, query)
        return Token(answer.tst_info.gen_time, answer.as_bytes())
    except (OSError, HTTPException, ValueError) as error:
        raise NoToken(f"{type(error).__name__}: {error}") from error


def _post(url: str, query: bytes) -> bytes:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with connected(url, within=TIMEOUT) as line:
        line.request("POST", path, query, QUERY)
        answer = line.getresponse()
        if answer.status != 200:
            raise ValueError(f"it answers {answer.status}")
        return answer.read(LONGEST)


def _demand_ours(answer: TimeStampResponse, query: TimeStampRequest) -> None:
    """See that it answers this question and no other (RFC 3161 section 2.2)."""
    if answer.status not in GRANTED:
        raise ValueError(f"it refuses: {answer.status} {answer.status_string}")
    given, asked = answer.tst_info.message_imprint, query.message_imprint
    if (given.hash_algorithm, given.message) != (asked.hash_algorithm, asked.message):
        raise ValueError("the token is over something else")
    if answer.tst_info.nonce != query.nonce:
        raise ValueError("the token answers another question")
