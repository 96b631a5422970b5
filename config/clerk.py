"""The clerk's work: what falls due is done, again and again, whoever else does it too.

The row is the queue: every step finds the rows that are due and takes them in a transaction of its own, so
several clerks may run, and one may be killed at any point. An error in one row stops no other.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings

from auction.queries import due
from auction.rules.grounds import Refused
from auction.services.balance import demand
from auction.services.closing import close_rounds
from auction.services.confirmation import confirm_sale
from auction.services.cosignatures import ask_witnesses
from auction.services.deposits import release_due
from auction.services.heartbeat import bury
from auction.services.log_publish import grow
from auction.services.opening import open_rounds
from auction.services.practice import keep_going
from auction.services.practice_partner import play
from auction.services.probe import probe
from auction.services.reconcile import sweep
from auction.services.seals import StillClosed
from auction.services.stamping import stamp_closes
from auction.services.watch import watch
from config.lanes import Lane, batches, rows, whole
from enforcement.services.follow import follow_due
from viewing.services.cut_next import cut_next
from viewing.services.draw_next_still import draw_next_still

log = logging.getLogger(__name__)


def _open(round_ids: Sequence[int], at: datetime) -> None:
    open_rounds(round_ids=round_ids, at=at)


def _close(round_ids: Sequence[int], at: datetime) -> None:
    close_rounds(round_ids=round_ids, at=at)


def _confirm(round_id: int, at: datetime) -> None:
    """Confirm a sale, if its end is in the signed log by now; another clerk may have been quicker."""
    try:
        confirm_sale(round_id=round_id, at=at)
    except Refused:
        log.info("Round %d needs no confirmation any more.", round_id)
    except StillClosed:
        log.debug("Round %d is confirmed once its end is signed.", round_id)


def _demand(round_id: int, at: datetime) -> None:
    demand(round_id=round_id, at=at)


def _log(at: datetime) -> None:
    """Let the log grow, and publish it if somebody is there to sign it."""
    grow(at=at)


def _witness(at: datetime) -> None:
    if settings.WITNESSES:
        ask_witnesses(at)


def _stamp(at: datetime) -> None:
    if settings.TIMESTAMP_URL:
        stamp_closes(at)


def _still(at: datetime) -> None:
    draw_next_still()


# What must happen to the moment has a process of its own: a paper being set, or a picture being cut, holds
# its own process's threads (Python runs one at a time) and never the hammer.
TO_THE_MOMENT: Final = (
    Lane(
        "the bidding",
        1.0,
        (batches("close", due.to_close, _close), batches("open", due.to_open, _open)),
        due.next_moment,
    ),
    Lane("the probe", 2.0, (whole("ask the public address", probe),)),
    Lane("the log", 1.0, (whole("grow the log", _log),), due.next_growth),
    Lane("the watch", 1.0, (whole("bury dead processes", bury), whole("watch the platform", watch))),
)
AFTERWARDS: Final = (
    Lane(
        "the sales", 0.5, (rows("confirm", due.to_confirm, _confirm), whole("follow the record", follow_due))
    ),
    Lane(
        "the money",
        1.0,
        (
            whole("settle deposits", release_due),
            whole("look up payments", sweep),
            rows("demand the balance of", due.to_demand, _demand),
        ),
    ),
    Lane("the witnesses", 0.2, (whole("ask the witnesses", _witness),)),
    Lane("the time stamps", 2.0, (whole("ask the time-stamping authority", _stamp),)),
    Lane("the practice", 1.0, (whole("begin practice", keep_going), whole("bid in practice", play))),
    Lane("the pictures", 0.5, (whole("cut a panorama", cut_next), whole("draw a still", _still))),
)
LANES: Final = TO_THE_MOMENT + AFTERWARDS
