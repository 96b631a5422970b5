"""Whether a round may end: only if the platform could be reached, and answered all who came in time.

A platform that finds a fault may suspend at once (art. 28), and a sale made over a fault of the system may be
set aside (art. 31(2)): so what cannot be shown to have been fair is not closed. The law names no figures;
these are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from auction.rules.law import Reason, cites, online_auction
from auction.rules.window import EXTENSION, Window

# The last stretch before the end in which a bid extends it: who is kept out there has no later chance.
FINAL: Final = EXTENSION
# A page tries again within two seconds and five at most, and a process is restarted in less than ten: a
# shorter gap keeps nobody from bidding who wants to, a longer one may.
GAP: Final = timedelta(seconds=10)
# The public address is asked every two seconds, with a time-out of three: an answer this old is the last
# there was.
FRESH: Final = timedelta(seconds=4)
# A bid that waited for its process is stamped late by as much. Under load half a second happens, and is no
# fault.
STALL: Final = timedelta(milliseconds=500)
# Bidders come back within seconds; a minute shows that the cause has ended, and is far below the five days of
# art. 28.
RESTORED: Final = timedelta(minutes=1)


class Cause(Reason):
    """Why a round was suspended without a decision of the court; the code is the reason in the record."""

    UNREACHABLE = ("unreachable", online_auction(28))
    SILENT = ("silent", online_auction(28))
    CRASHED = ("crashed", online_auction(28))
    STALLED = ("stalled", online_auction(28))


@dataclass(frozen=True)
class Span:
    """From one instant to another."""

    from_at: datetime
    until_at: datetime

    def meets(self, other: Span) -> timedelta:
        """Return how long both last together."""
        both = min(self.until_at, other.until_at) - max(self.from_at, other.from_at)
        return max(both, timedelta())


@dataclass(frozen=True)
class Pulse:
    """A web process that did not stop as it should: its last beat, and when it was first seen to be dead."""

    beat_at: datetime
    dead_at: datetime | None = None


@dataclass(frozen=True)
class Evidence:
    """What is known: when the public address answered (in order, first to last), who beats, who stalled.

    `from_the_first` is true if nothing was known before the first span: a new platform has had no outage.
    """

    reached: tuple[Span, ...] = ()
    from_the_first: bool = True
    pulses: tuple[Pulse, ...] = ()
    stalls: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Outage:
    """A time in which bidders may have been kept out; the end is None as long as nobody knows it."""

    cause: Cause
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """A round may close, or it must wait for more to be known, or there was an outage and it is suspended."""

    outage: Outage | None = None
    wait: bool = False

    @property
    def fair(self) -> bool:
        """Return whether the round may close."""
        return not self.wait and self.outage is None


@cites(online_auction(28), online_auction(31, None, 2))
def judge(window: Window, evidence: Evidence, at: datetime) -> Verdict:
    """Return whether a round whose end has passed may close."""
    end = window.closes_at
    outage = cut_off(window, evidence, at) or _stalled(end, evidence.stalls) or _gone(end, evidence, at)
    return Verdict(outage, wait=_late(end, evidence))


@cites(online_auction(28))
def cut_off(window: Window, evidence: Evidence, at: datetime) -> Outage | None:
    """Return the first time in the last stretch in which the public address did not answer for too long."""
    end, start = window.closes_at, max(window.closes_at - FINAL, window.opens_at)
    for gap in gaps(evidence, at):
        if gap.from_at < end and (gap.until_at is None or gap.until_at > start):
            return gap
    return _unknown(start, end, evidence, at)


@cites(online_auction(28))
def gaps(evidence: Evidence, at: datetime) -> list[Outage]:
    """Return every time in which the public address did not answer for too long; the last may still go on."""
    found = [
        Outage(Cause.UNREACHABLE, before.until_at, after.from_at)
        for before, after in pairwise(evidence.reached)
        if after.from_at - before.until_at > GAP
    ]
    if evidence.reached and at - evidence.reached[-1].until_at > GAP:
        found.append(Outage(Cause.UNREACHABLE, evidence.reached[-1].until_at))
    return found


@cites(online_auction(28, 4))
def restored(evidence: Evidence, at: datetime) -> bool:
    """Return whether the platform has been answering long enough, and none of its processes hangs."""
    if not evidence.reached:
        return False
    last = evidence.reached[-1]
    hanging = any(not pulse.dead_at and GAP < at - pulse.beat_at <= FINAL for pulse in evidence.pulses)
    return at - last.from_at >= RESTORED and at - last.until_at <= FRESH and not hanging


@cites(online_auction(31, None, 2))
def reach(span: Span, evidence: Evidence, stopped: Iterable[Span] = ()) -> int | None:
    """Return for how many thousandths of a time the platform could be reached; None if nobody knows.

    Times in which the bidding was stopped do not count. A gap short enough to be none does not either.
    """
    if not evidence.reached or evidence.reached[0].from_at >= span.until_at:
        return None
    if evidence.from_the_first:
        span = replace(span, from_at=max(span.from_at, evidence.reached[0].from_at))
    pieces = _without(span, stopped)
    whole = sum((piece.until_at - piece.from_at for piece in pieces), timedelta())
    spans = _patient(evidence.reached)
    met = sum((piece.meets(other) for piece in pieces for other in spans), timedelta())
    return met * 1000 // whole if whole else None


@cites(online_auction(31, None, 2))
def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, those that overlap as one: several clerks may have written them."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.from_at):
        if found and span.from_at <= found[-1].until_at:
            found[-1] = replace(found[-1], until_at=max(span.until_at, found[-1].until_at))
        else:
            found.append(span)
    return tuple(found)


def _unknown(start: datetime, end: datetime, evidence: Evidence, at: datetime) -> Outage | None:
    """Return the whole stretch if nothing is known of the end at all, after time enough to learn it."""
    known = any(span.from_at <= end for span in evidence.reached)
    return None if known or at - end <= GAP else Outage(Cause.UNREACHABLE, start)


def _late(end: datetime, evidence: Evidence) -> bool:
    """Return whether the last that was heard is too old to say how it was at the end."""
    answered = any(span.until_at >= end - FRESH for span in evidence.reached)
    return not answered or any(not pulse.dead_at for pulse in _taking(end, evidence))


def _gone(end: datetime, evidence: Evidence, at: datetime) -> Outage | None:
    """Return the silence of a process that may have taken bids before the end and not decided them.

    One that was dead before has been replaced, and its bidders have come back: what they sent was sent again.
    Until it was seen to be dead it may have hung, and kept its bidders.
    """
    for pulse in _taking(end, evidence):
        if pulse.dead_at and end <= pulse.dead_at + GAP:
            return Outage(Cause.CRASHED, pulse.beat_at)
        if not pulse.dead_at and at - pulse.beat_at > GAP:
            return Outage(Cause.SILENT, pulse.beat_at)
    return None


def _taking(end: datetime, evidence: Evidence) -> list[Pulse]:
    """Return the pulses that ceased in the last stretch: those processes may have taken bids in it."""
    return [pulse for pulse in evidence.pulses if end - FINAL <= pulse.beat_at < end]


def _stalled(end: datetime, stalls: Sequence[Span]) -> Outage | None:
    """Return a stall over the end: bids read after it may have come in time and were stamped late."""
    for stall in stalls:
        if stall.from_at < end <= stall.until_at:
            return Outage(Cause.STALLED, stall.from_at, stall.until_at)
    return None


def _without(span: Span, stopped: Iterable[Span]) -> list[Span]:
    """Return what is left of a span outside those times."""
    pieces: list[Span] = []
    at = span.from_at
    for stop in merged(stopped):
        if stop.from_at > at:
            pieces.append(Span(at, min(stop.from_at, span.until_at)))
        at = max(at, stop.until_at)
    return [piece for piece in (*pieces, Span(at, span.until_at)) if piece.from_at < piece.until_at]


def _patient(reached: Sequence[Span]) -> list[Span]:
    """Return the spans with the little time after each that is no gap yet."""
    last = reached[-1]
    return [*reached[:-1], replace(last, until_at=last.until_at + GAP)]
