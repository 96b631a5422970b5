"""Who vouches, beside the platform, that a log only grew: the policy, and who stands behind a result."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from auction.log.policy import NONE, Party, Policy
from auction.log.policy_file import BadPolicy, read
from auction.models import Log, Logged, Round, Witnessed
from auction.rules.lifecycle import bidding_is_over

log = logging.getLogger(__name__)


def policy() -> Policy:
    """Return whom this installation asks; nobody, and nobody is needed, if no file says otherwise.

    :raises OSError: if the file is not there
    :raises BadPolicy: if it cannot be read
    """
    if not settings.WITNESSES:
        return Policy(quorum=NONE)
    path = Path(settings.WITNESSES)
    return _policy(path, path.stat().st_mtime_ns)


@lru_cache(4)
def _policy(path: Path, changed: int) -> Policy:
    return read(path.read_bytes())


@dataclass(frozen=True)
class Vouching:
    """One witness: its name; until when it vouches for the result; whether it has seen another history."""

    name: str
    at: datetime | None
    refuses: bool


@dataclass(frozen=True)
class Cover:
    """The witnesses that are asked about a result, and whether those who vouch for it suffice."""

    witnesses: tuple[Vouching, ...]
    suffices: bool

    @property
    def vouching(self) -> list[Vouching]:
        """Return the witnesses that have cosigned a log with the result in it."""
        return [witness for witness in self.witnesses if witness.at and not witness.refuses]

    @property
    def waited_for(self) -> list[Vouching]:
        """Return those that have not."""
        return [witness for witness in self.witnesses if not witness.at and not witness.refuses]

    @property
    def refusing(self) -> list[Vouching]:
        """Return those that have seen another history of this log."""
        return [witness for witness in self.witnesses if witness.refuses]


def vouched(round: Round) -> Cover | None:
    """Return who vouches for the result of a round, None as long as there is none or it was practice."""
    return cover_of(round) if bidding_is_over(round.state) and not round.lot.practice else None


def cover_of(round: Round) -> Cover | None:
    """Return who vouches for how a round ended: whose cosigned log has the last leaf of its end in it.

    None if the policy cannot be read: then nothing is said.
    """
    try:
        known = policy()
    except (OSError, BadPolicy):
        log.exception("The policy of witnesses cannot be read.")
        return None
    ended = _end_of(round)
    logs = [ended.log_id] if ended else list(Log.objects.order_by("-pk").values_list("pk", flat=True)[:1])
    rows = {row.vkey: row for row in Witnessed.objects.filter(log__in=logs)}
    found = {party.key: _vouching(party, rows.get(str(party.key)), ended) for party in known.witnesses}
    good = [key for key, witness in found.items() if witness.at and not witness.refuses]
    return Cover(tuple(found.values()), known.met(good))


def _end_of(round: Round) -> Logged | None:
    """Return the place of the round's end in the log it is in."""
    ends = Logged.objects.filter(event__round=round, event__kind__in=("close", "void"))
    return ends.order_by("-log", "-index").first()


def _vouching(party: Party, row: Witnessed | None, ended: Logged | None) -> Vouching:
    if row is None:
        return Vouching(party.key.name, None, refuses=False)
    covers = ended is not None and row.size > ended.index
    return Vouching(party.key.name, row.at if covers else None, refuses=row.refused_size is not None)
