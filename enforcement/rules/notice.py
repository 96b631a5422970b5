"""Notice of the sale to the parties and the known priority purchasers (art. 16)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from auction.rules.law import cites, online_auction
from auction.rules.requirements import Missing, Requirement

BEFORE_PUBLICATION: Final = 3  # days
POSTED_FOR: Final = 5  # days on the platform for whom nothing else reaches
TO_BE_NOTIFIED: Final = frozenset({"applicant", "debtor", "priority"})
WAIVED: Final = "waived"
UNREACHABLE: Final = "unreachable"


class Ask(Requirement):
    """What the law asks of the notices."""

    NOTICE = ("notice_missing", online_auction(16, 1))
    PROOF = ("notice_unproven", online_auction(16, 1))
    TOO_SOON = ("notice_too_late", online_auction(16, 1))
    WAIVER = ("waiver_not_his", online_auction(16, 1))
    FUTURE = ("notice_in_future", online_auction(16, 1))


@dataclass(frozen=True)
class Notified:
    """Somebody to be notified (side of the case), and how and when he was; None if not yet."""

    name: str
    side: str
    channel: str | None = None
    done_on: date | None = None
    proof: str = ""


@cites(online_auction(16, 1))
def publish_from(notified: Notified, *, clear: bool) -> date | None:
    """Return the first day to publish as far as this person goes; None if he was not notified.

    "Three days before" is read in clear days with `clear`, our default (民事诉讼法第85条). A posting must
    have been up for five full days; it then stands for the notice, and the law does not ask three more days.
    """
    if notified.done_on is None:
        return None
    if notified.channel == WAIVED:
        return notified.done_on
    if notified.channel == UNREACHABLE:
        return notified.done_on + timedelta(days=POSTED_FOR + 1)
    return notified.done_on + timedelta(days=BEFORE_PUBLICATION + (1 if clear else 0))


@cites(online_auction(16, 1))
def notice_faults(notified: Notified, today: date) -> Iterator[Missing]:
    """Yield what one notice lacks; only the holder of a right may waive it, and always in writing."""
    who = {"name": notified.name}
    if notified.channel == WAIVED and notified.side != "priority":
        yield Missing(Ask.WAIVER, who)
    if not notified.proof.strip():
        yield Missing(Ask.PROOF, who)
    if notified.done_on is not None and notified.done_on > today:
        yield Missing(Ask.FUTURE, who)


@cites(online_auction(16, 1))
def publication_faults(
    all_notified: Collection[Notified], published_on: date, *, clear: bool
) -> Iterator[Missing]:
    """Yield everybody who was not notified, or not early enough for a publication on this day."""
    for notified in all_notified:
        earliest = publish_from(notified, clear=clear)
        if earliest is None:
            yield Missing(Ask.NOTICE, {"name": notified.name})
        elif published_on < earliest:
            yield Missing(Ask.TOO_SOON, {"name": notified.name, "earliest": earliest})
