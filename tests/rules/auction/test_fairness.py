"""When a round may close, on what evidence it is suspended, and how far it could be reached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from auction.rules.fairness import (
    GAP,
    RESTORED,
    Cause,
    Evidence,
    Pulse,
    Span,
    cut_off,
    judge,
    merged,
    reach,
    restored,
)
from auction.rules.window import CLOSE_DELAY, Window

END = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
AT = END + CLOSE_DELAY
WINDOW = Window(END - timedelta(hours=24), END)


def s(seconds: float) -> datetime:
    """Return the instant so many seconds from the end."""
    return END + timedelta(seconds=seconds)


def span(start: float, end: float) -> Span:
    return Span(s(start), s(end))


def known(*spans: tuple[float, float], **more: object) -> Evidence:
    given = spans or ((-90_000, 1),)
    return Evidence(reached=tuple(span(*each) for each in given), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("evidence", "after", "outcome"),
    [
        (known(), 2, "fair"),
        (known(pulses=(Pulse(s(0.4)),)), 2, "fair"),
        (known((-90_000, -200), (-190, 1)), 2, "fair"),
        (known((-90_000, -200), (-189.9, 1)), 2, Cause.UNREACHABLE),
        (known((-90_000, -20), (0, 1)), 2, Cause.UNREACHABLE),
        (known((-90_000, -400), (-301, 1)), 2, "fair"),
        (known((-90_000, -400), (-299, 1)), 2, Cause.UNREACHABLE),
        (known((-30, 1)), 2, "fair"),
        (known((-90_000, -7)), 2, "wait"),
        (known((-90_000, -7)), 3.1, Cause.UNREACHABLE),
        (known((-90_000, 1)), 3600, "fair"),
        (known((-90_000, 1), (4000, 4001)), 4002, "fair"),
        (Evidence(), 2, "wait"),
        (Evidence(), 11, Cause.UNREACHABLE),
        (known((5, 60)), 61, Cause.UNREACHABLE),
        (known(pulses=(Pulse(s(-0.1)),)), 2, "wait"),
        (known(pulses=(Pulse(s(-0.1)),)), 10, Cause.SILENT),
        (known(pulses=(Pulse(s(-301)),)), 2, "fair"),
        (known(pulses=(Pulse(s(-60), s(-59)),)), 2, "fair"),
        (known(pulses=(Pulse(s(-11), s(-10.001)),)), 2, "fair"),
        (known(pulses=(Pulse(s(-11), s(-10)),)), 2, Cause.CRASHED),
        (known(pulses=(Pulse(s(-40), s(-8)),)), 2, Cause.CRASHED),
        (known(pulses=(Pulse(s(-40), s(1)),)), 2, Cause.CRASHED),
        (known(pulses=(Pulse(s(-300), s(1)),)), 2, Cause.CRASHED),
        (known(pulses=(Pulse(s(-301), s(1)),)), 2, "fair"),
        (known(pulses=(Pulse(s(0), s(3)),)), 4, "fair"),
        (known(stalls=(span(-0.7, 0),)), 2, Cause.STALLED),
        (known(stalls=(span(-9, -0.1),)), 2, "fair"),
        (known(stalls=(span(0, 3),)), 2, "fair"),
    ],
)
def test_a_round_closes_only_on_evidence(evidence: Evidence, after: float, outcome: object) -> None:
    verdict = judge(WINDOW, evidence, s(after))

    found = verdict.outage.cause if verdict.outage else ("wait" if verdict.wait else "fair")
    assert found == outcome


def test_an_outage_is_counted_from_the_last_answer() -> None:
    outage = judge(WINDOW, known((-90_000, -500), (-100, 1)), AT).outage

    assert outage is not None
    assert (outage.from_at, outage.until_at) == (s(-500), s(-100))


@pytest.mark.parametrize(("quiet", "hit"), [(10, False), (10.001, True)])
def test_bidding_in_its_last_minutes_stops_as_soon_as_nobody_answers(quiet: float, hit: bool) -> None:
    evidence = known((-90_000, -200))

    assert bool(cut_off(WINDOW, evidence, s(-200 + quiet))) is hit


@pytest.mark.parametrize(
    ("evidence", "well"),
    [
        (known((-60, 0)), True),
        (known((-59, 0)), False),
        (known((-90, -5)), False),
        (known((-90, 0), pulses=(Pulse(s(-11)),)), False),
        (known((-90, 0), pulses=(Pulse(s(-11), s(-10)),)), True),
        (Evidence(), False),
    ],
)
def test_a_platform_is_restored_after_a_minute_of_answers(evidence: Evidence, well: bool) -> None:
    assert timedelta(minutes=1) == RESTORED
    assert restored(evidence, END) is well


@pytest.mark.parametrize(
    ("evidence", "stopped", "thousandths"),
    [
        (known((-2000, 1)), (), 1000),
        (known((-2000, -500), (-400, 1), from_the_first=False), (), 900),
        (known((-500, 1)), (), 1000),
        (known((-500, 1), from_the_first=False), (), 500),
        (known((-2000, -999), (-1, 1), from_the_first=False), (), 2),
        (known((-2000, -500), (-400, 1), from_the_first=False), ((-490, -400),), 989),
        (Evidence(), (), None),
        (known((2, 3)), (), None),
    ],
)
def test_reach_is_the_share_of_the_bidding_time(
    evidence: Evidence, stopped: tuple[tuple[float, float], ...], thousandths: int | None
) -> None:
    assert reach(span(-1000, 0), evidence, [span(*each) for each in stopped]) == thousandths


def test_a_gap_short_enough_is_none() -> None:
    assert timedelta(seconds=10) == GAP
    assert reach(span(-1000, 0), known((-2000, -9))) == 1000


def test_what_several_clerks_wrote_is_one_time() -> None:
    assert merged([span(3, 5), span(0, 4), span(9, 10)]) == (span(0, 5), span(9, 10))
