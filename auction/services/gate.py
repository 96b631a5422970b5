"""The fair-close gate: what has come to its end is closed only if the platform can show that it was fair.

`settings.FAIR_CLOSE_GATE` may be 0 in development alone, where a clock set by hand makes hours of seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from auction.models import Round
from auction.queries.evidence import of_rounds, reaches
from auction.rules.fairness import Outage, judge


@dataclass
class Sifted:
    """Rounds at their end: those that may close, how far they could be reached, and those to suspend.

    Of what is in neither, more has to be known first.
    """

    fair: list[Round] = field(default_factory=list)
    reach: dict[int, dict[str, int]] = field(default_factory=dict)
    red: dict[Round, Outage] = field(default_factory=dict)


def sift(rounds: Sequence[Round], at: datetime) -> Sifted:
    """Judge locked rounds whose end has passed, by what is known, asked once for all of them."""
    if not settings.FAIR_CLOSE_GATE or not rounds:
        return Sifted(fair=list(rounds))
    play = _practice(rounds)
    serious = [round for round in rounds if round.pk not in play]
    sifted = _judged(serious, at) if serious else Sifted()
    sifted.fair += [round for round in rounds if round.pk in play]
    return sifted


def _judged(rounds: Sequence[Round], at: datetime) -> Sifted:
    found, sifted = of_rounds(rounds), Sifted()
    verdicts = {window: judge(window, found, at) for window in {round.window() for round in rounds}}
    for round in rounds:
        verdict = verdicts[round.window()]
        if verdict.outage:
            sifted.red[round] = verdict.outage
        elif verdict.fair:
            sifted.fair.append(round)
    sifted.reach = reaches(sifted.fair, found)
    return sifted


def _practice(rounds: Sequence[Round]) -> set[int]:
    """Return those in which nothing is sold, so that no outage can wrong anybody."""
    play = Round.objects.filter(pk__in=[round.pk for round in rounds], lot__practice=True)
    return set(play.values_list("pk", flat=True))
