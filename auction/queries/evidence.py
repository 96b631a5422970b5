"""What is known of whether the platform could be reached, gathered for the rules to judge by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial

from auction.models import Pause, Process, Round, Stall, Uptime
from auction.rules.fairness import FINAL, Evidence, Pulse, Span, merged, reach
from auction.rules.window import Window


def evidence(since: datetime) -> Evidence:
    """Return what is known from an instant on, and the last answer before it."""
    known = Uptime.objects.filter(until_at__gte=since)
    before = Uptime.objects.filter(until_at__lt=since).order_by("-until_at")[:1]
    spans = [Span(*both) for both in known.values_list("from_at", "until_at")]
    earlier = [Span(*both) for both in before.values_list("from_at", "until_at")]
    return Evidence(
        reached=merged([*earlier, *spans]),
        from_the_first=not earlier,
        pulses=_pulses(since),
        stalls=tuple(
            Span(*both)
            for both in Stall.objects.filter(until_at__gte=since).values_list("from_at", "until_at")
        ),
    )


def of_rounds(rounds: Sequence[Round]) -> Evidence:
    """Return what is known of the whole bidding windows of these rounds."""
    return evidence(min(round.opens_at for round in rounds))


def reaches(rounds: Sequence[Round], found: Evidence) -> dict[int, dict[str, int]]:
    """Return for how many thousandths of each window, and of its last stretch, the platform was reached.

    Of a round about which nothing is known there is nothing to say.
    """
    stops = stopped([round.pk for round in rounds])
    of = cache(partial(_reach, found))  # many rounds end at ten o'clock, and began together
    return {round.pk: of(round.window(), tuple(stops[round.pk])) for round in rounds}


def stopped(round_ids: Sequence[int]) -> defaultdict[int, list[Span]]:
    """Return when the bidding of each round was stopped, from the decision to the resumption."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    pauses = Pause.objects.filter(round__in=round_ids, until_at__isnull=False)
    for pause in pauses:
        found[pause.round_id].append(Span(pause.at, pause.until_at or pause.at))
    return found


def _pulses(since: datetime) -> tuple[Pulse, ...]:
    """Return the processes that did not stop as they should."""
    unended = Process.objects.filter(ended_at__isnull=True, beat_at__gte=since - FINAL)
    return tuple(Pulse(*both) for both in unended.values_list("beat_at", "dead_at"))


def _reach(found: Evidence, window: Window, stops: Sequence[Span]) -> dict[str, int]:
    end = window.closes_at
    whole = reach(Span(window.opens_at, end), found, stops)
    last = reach(Span(max(end - FINAL, window.opens_at), end), found, stops)
    return {} if whole is None or last is None else {"reach": whole, "reach_end": last}
