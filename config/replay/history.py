"""Reading a bid history: CSV with `lot, seq, time, bidder_code, price_yuan`, in UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import Final

from auction.rules.money import Money, NotMoney, parse

NEEDED: Final = frozenset({"lot", "seq", "time", "bidder_code", "price_yuan"})


class NotAHistory(ValueError):
    """The file is no bid history; the message names the line."""


@dataclass(frozen=True)
class PastBid:
    """A bid as it was recorded elsewhere."""

    lot: str
    seq: int
    at: datetime
    code: str
    amount: Money


@dataclass(frozen=True)
class History:
    """The bids of one lot in their order."""

    lot: str
    bids: tuple[PastBid, ...]

    @property
    def codes(self) -> list[str]:
        """Return the bidders' codes in the order of their first bids."""
        return list(dict.fromkeys(bid.code for bid in self.bids))

    @property
    def starting_price(self) -> Money:
        """Return the first bid's amount, which may be the starting price itself."""
        return self.bids[0].amount

    @property
    def increment(self) -> Money:
        """Return the least step between two bids."""
        steps = [after.amount - before.amount for before, after in pairwise(self.bids)]
        return min(steps, default=Money(1))


def read_histories(path: Path) -> list[History]:
    """Return the history of every lot in a file.

    :raises NotAHistory: if a column is missing, or a line cannot be read
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if missing := NEEDED - set(rows.fieldnames or ()):
            raise NotAHistory(f"line 1: no column {', '.join(sorted(missing))}")
        bids = sorted(_bids(rows), key=attrgetter("lot", "seq"))
    return [History(lot, tuple(group)) for lot, group in groupby(bids, key=attrgetter("lot"))]


def _bids(rows: Iterable[dict[str, str]]) -> Iterable[PastBid]:
    for number, row in enumerate(rows, 2):
        try:
            at = datetime.fromisoformat(row["time"])
            yield PastBid(row["lot"], int(row["seq"]), at, row["bidder_code"], parse(row["price_yuan"]))
        except (ValueError, NotMoney) as error:
            raise NotAHistory(f"line {number}: {error}") from error
