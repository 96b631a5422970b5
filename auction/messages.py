"""The messages of live bidding: what a client may say, strictly read, and what it is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from auction.engine import Decision
from auction.live import frames
from auction.queries.standing import Snapshot
from auction.record import ms
from auction.rules.grounds import Ground
from auction.rules.money import LARGEST_FEN

LARGEST_BID: Final = 4096  # bytes; as large as the largest frame
BID_FIELDS: Final = {"key", "amount"}
CANONICAL: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # as str(UUID) writes it


class BadMessage(ValueError):
    """The client sent something that is none of the messages."""


@dataclass(frozen=True)
class BidMessage:
    """A bid in fen, with the client's own key: sent twice, it is one bid."""

    key: str
    amount: int


@dataclass(frozen=True)
class AfterMessage:
    """A request for everything after this place of the record."""

    seq: int


@dataclass(frozen=True)
class TimeMessage:
    """A request for the platform's time; `sent` is the client's own clock and is given back."""

    sent: float


Message = BidMessage | AfterMessage | TimeMessage


def text(said: str | None) -> str:
    """Return a text message of bearable length.

    :raises BadMessage: if it is binary or too long
    """
    if said is None or len(said) > LARGEST_BID:
        raise BadMessage
    return said


def read(text: str) -> Message:
    """Return the message in a text frame.

    :raises BadMessage: if it is not exactly one of those known
    """
    try:
        fields = _strictly(text)
        return KINDS[fields.pop("type")](fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadMessage from error


def read_bid(body: bytes) -> BidMessage:
    """Return the bid in the body of a request.

    :raises BadMessage: if it is none
    """
    if len(body) > LARGEST_BID:
        raise BadMessage
    try:
        return bid_message(_strictly(body.decode()))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadMessage from error


def bid_message(fields: dict[str, Any]) -> BidMessage:
    """Return a bid from its fields.

    :raises BadMessage: if they are not a key and an amount
    """
    _only(fields, BID_FIELDS)
    return BidMessage(key=_key(_text(fields["key"])), amount=_whole(fields["amount"]))


def _key(text: str) -> str:
    if CANONICAL.fullmatch(text):
        return text
    try:
        return str(UUID(text))
    except ValueError as error:
        raise BadMessage from error


def _after_message(fields: dict[str, Any]) -> AfterMessage:
    _only(fields, {"seq"})
    return AfterMessage(seq=_whole(fields["seq"]))


def _time_message(fields: dict[str, Any]) -> TimeMessage:
    _only(fields, {"sent"})
    sent = fields["sent"]
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not abs(sent) <= LARGEST_FEN:
        raise BadMessage
    return TimeMessage(sent=sent)


KINDS: Final[dict[str, Callable[[dict[str, Any]], Message]]] = {
    "bid": bid_message,
    "after": _after_message,
    "time": _time_message,
}


def _strictly(text: str) -> Any:
    """Return what JSON says, and only what every reader of it would read alike (RFC 8259 section 4 and 6).

    :raises ValueError: if it is none, names a field twice, or holds NaN or an infinity
    """
    return _decode(text)


def _no_number(name: str) -> None:
    raise BadMessage(name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadMessage
    return fields


# Made once: json.loads and json.dumps make a new one at each call that says how.
_decode: Final = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=_once).decode


def _only(fields: dict[str, Any], names: set[str]) -> None:
    if set(fields) != names:
        raise BadMessage


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_FEN:
        raise BadMessage
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadMessage
    return value


def snapshot(standing: Snapshot, now: datetime) -> dict[str, Any]:
    """Return what stands, at the platform's time."""
    you = asdict(standing.you) if standing.you else None
    return {"type": "snapshot", **standing.message(), "you": you, "now": ms(now)}


def decided(decision: Decision) -> dict[str, Any]:
    """Return the answer to a bid with its signed receipt, or the ground and article of its refusal."""
    if decision.ground is not None:
        return refused(decision, decision.ground)
    return {
        "type": "accepted",
        "key": decision.offer.key,
        "seq": decision.seq,
        "amount": decision.offer.amount_fen,
        "arrived_at": ms(decision.offer.arrived_at) if decision.offer.arrived_at else None,
        "closes_at": ms(decision.closes_at) if decision.closes_at else None,
        "hash": decision.hash,
        "receipt": decision.receipt,
    }


def refused(decision: Decision, ground: Ground) -> dict[str, Any]:
    """Return a refusal; its sentence is on the page under the ground's code."""
    return {
        "type": "refused",
        "key": decision.offer.key,
        "ground": ground.code,
        "article": str(ground.article),
        "least": decision.least_fen,
        "receipt": decision.receipt,
    }


def time(sent: float, now: datetime) -> dict[str, Any]:
    """Return the platform's time."""
    return {"type": "time", "sent": sent, "now": ms(now)}


def wire(message: dict[str, Any]) -> str:
    """Return a message as the text of a frame."""
    return frames.wire(message)
