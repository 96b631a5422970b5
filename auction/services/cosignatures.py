"""Asking the witnesses: each is shown the same checkpoint, at once, and what they sign is published with it.

Nobody waits for it: not a bid, not the order of the log, not its signature. All of it is compare-and-swap, so
that two clerks may ask.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from auction.log import checkpoint, note, tree
from auction.log.cosign import Ahead, Refused, Silent, Steps, ask
from auction.log.files import tiles
from auction.log.note import Note, Signed
from auction.log.policy import Party, Policy
from auction.log.tiles import WITNESSED
from auction.models import Log, Logged, Round, RoundState, Witnessed
from auction.queries.witnesses import policy
from auction.rules.fairness import FINAL
from auction.services import conflicts

EVERY: Final = timedelta(minutes=1)
FIRST_REST: Final = 0.5  # seconds; doubled at each further failure
LONGEST_REST: Final = 60.0

log = logging.getLogger(__name__)


class _Rest(NamedTuple):
    """How often a witness failed, and until when it is left alone (`time.monotonic()`)."""

    failures: int = 0
    until: float = 0.0


_rests: dict[str, _Rest] = {}


def ask_witnesses(at: datetime) -> None:
    """Show the last checkpoint to every witness that has not seen it, when it is time for it."""
    known = policy()
    grown = Log.objects.filter(frozen="").exclude(checkpoint="").order_by("-pk").first()
    if grown is None or not known.witnesses:
        return
    rows = {row.vkey: row for row in Witnessed.objects.filter(log=grown)}
    behind = [party for party in known.witnesses if party.url and _size(rows, party) < grown.signed_size]
    if behind and _due(grown, [rows.get(str(party.key)) for party in behind], at):
        awake = [party for party in behind if time.monotonic() >= _rest(party).until]
        _show(grown, known, awake, {str(party.key): _size(rows, party) for party in awake}, at)


def _due(grown: Log, rows: Sequence[Witnessed | None], at: datetime) -> bool:
    """Return whether to ask now: each minute, while a round may end soon, and when one has ended."""
    if any(row is None or row.at is None or row.at <= at - EVERY for row in rows):
        return True
    ending = Round.objects.filter(state=RoundState.OPEN, lot__practice=False, closes_at__lte=at + FINAL)
    since = min((row.size for row in rows if row), default=0)
    fresh = Logged.objects.filter(log=grown, index__gte=since, index__lt=grown.signed_size)
    return ending.exists() or fresh.filter(event__kind="close").exists()


def _show(
    grown: Log, known: Policy, parties: Sequence[Party], sizes: Mapping[str, int], at: datetime
) -> None:
    """Ask all at once, and keep what they say."""
    signed = note.parse(grown.checkpoint)
    size = checkpoint.read(signed.text).size
    read = tiles().read(size)

    def steps(old: int) -> list[bytes]:
        return tree.consistency(old, size, read)

    one = partial(_asked, signed, steps, sizes)
    with ThreadPoolExecutor(max(1, len(parties))) as pool:
        answers = dict(zip(parties, pool.map(one, parties), strict=True))
    for party, answer in answers.items():
        _heed(grown, party, answer, size, at)
    lines = [answer.line for answer in answers.values() if isinstance(answer, Signed)]
    if lines:
        _publish(grown, known, signed, lines)


def _asked(signed: Note, steps: Steps, sizes: Mapping[str, int], party: Party) -> Signed | Exception:
    """Return the cosignature, or why there is none; touches no database."""
    try:
        return ask(party, signed, sizes[str(party.key)], steps)
    except (Silent, Ahead, Refused) as why:
        return why


def _heed(grown: Log, party: Party, answer: Signed | Exception, size: int, at: datetime) -> None:
    """Enter how far a witness goes with us; one that knows another history is told of in public."""
    key = str(party.key)
    if isinstance(answer, Signed):
        _rests.pop(key, None)
        conflicts.cosigned(grown, party, size=size, at=at)
        return
    failures = _rest(party).failures
    _rests[key] = _Rest(failures + 1, time.monotonic() + min(FIRST_REST * 2**failures, LONGEST_REST))
    if isinstance(answer, Refused) or (isinstance(answer, Ahead) and _is_stale(grown, answer)):
        log.error("The witness %s refuses %s at %d leaves: %s.", party.key.name, grown.origin, size, answer)
        conflicts.refused(grown, party, cosigned=answer.last, shown=size, at=at)
    else:
        log.warning("The witness %s gives no cosignature: %s.", party.key.name, answer)


def _is_stale(grown: Log, ahead: Ahead) -> bool:
    """Return whether a witness knows more than the database: else another clerk was quicker."""
    return not Log.objects.filter(pk=grown.pk, signed_size__gte=ahead.last).exists()


def _publish(grown: Log, known: Policy, signed: Note, lines: Iterable[str]) -> None:
    """Append the cosignatures to the checkpoint; the clerk's log lane puts the row's into its file."""
    whole = Note(signed.text, (*signed.lines, *lines))
    size = checkpoint.read(signed.text).size
    Log.objects.filter(pk=grown.pk, checkpoint=grown.checkpoint).update(checkpoint=str(whole))
    found = note.verified(whole, known.witness_keys)
    further = Log.objects.filter(pk=grown.pk, witnessed_size__lte=size)
    if known.met(each.key for each in found) and further.update(witnessed=str(whole), witnessed_size=size):
        tiles().publish(str(whole), WITNESSED)


def _size(rows: Mapping[str, Witnessed], party: Party) -> int:
    row = rows.get(str(party.key))
    return row.size if row else 0


def _rest(party: Party) -> _Rest:
    return _rests.get(str(party.key), _Rest())
