"""What is written to a room's watchers at once: every entry, or for many bids together one leap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from auction.live import rfc6455, standing
from auction.live.frames import Message, wire
from auction.live.standing import Standing

FEW: Final = 3  # bids that are told one by one


class Part(NamedTuple):
    """A frame ready for the wire, and the place of the record it leads to."""

    last: int
    data: bytes


class Flush:
    """Frames that lead from the place `before` to the place `last`."""

    __slots__ = ("before", "data", "last", "parts")

    def __init__(self, before: int, parts: Sequence[Part]) -> None:
        self.before = before
        self.last = parts[-1].last
        self.parts = parts
        self.data = b"".join(part.data for part in parts)

    def after(self, place: int) -> bytes:
        """Return the frames for one who has been told up to a place."""
        return b"".join(part.data for part in self.parts if part.last > place)


def gather(stands: Standing, events: Sequence[Message]) -> tuple[Standing, Flush]:
    """Return what stands after these entries, in order, and how the watchers are told."""
    parts: list[Part] = []
    now = stands
    for together in _runs(events):
        is_bids = together[0]["kind"] == "bid"
        now = standing.after_bids(now, together) if is_bids else standing.after(now, together[0])
        told = [now.leap()] if len(together) > FEW else [wire(event) for event in together]
        places = [now.seq] if len(together) > FEW else [event["seq"] for event in together]
        parts += [Part(seq, rfc6455.frame(text.encode())) for seq, text in zip(places, told, strict=True)]
    return now, Flush(stands.seq, parts)


def _runs(events: Sequence[Message]) -> Iterator[list[Message]]:
    """Yield the bids that follow one another together, and every other entry alone: its words count."""
    for is_bid, run in groupby(events, lambda event: event["kind"] == "bid"):
        if is_bid:
            yield list(run)
        else:
            yield from ([event] for event in run)
