"""The execution fee the judgment debtor owes, by the scale of 诉讼费用交纳办法 art. 14(1)."""

from __future__ import annotations

from typing import Final

from auction.rules.law import COURT_FEES, Article, cites
from auction.rules.money import ZERO, Money, yuan
from enforcement.rules.sources import FEE_SCALE

LEAST: Final = yuan(50)
LEAST_UP_TO: Final = yuan(10_000)
# From this amount to the next, so many thousandths of what lies in between.
SLICES: Final = (
    (yuan(10_000), 15),
    (yuan(500_000), 10),
    (yuan(5_000_000), 5),
    (yuan(10_000_000), 1),
)


@cites(FEE_SCALE)
def execution_fee(executed: Money) -> Money:
    """Return the fee on the amount executed, rounded down to the fen; nothing executed, no fee.

    The scale is cumulative: 50 yuan up to 10,000, then 1.5 %, 1 %, 0.5 % and 0.1 % of what lies above.
    """
    if executed <= ZERO:
        return ZERO
    tops = [start for start, _ in SLICES[1:]] + [max(executed, SLICES[-1][0])]
    thousandths = sum(
        (min(executed, top) - start).fen * rate
        for (start, rate), top in zip(SLICES, tops, strict=True)
        if executed > start
    )
    return LEAST + Money(thousandths // 1000)


@cites(FEE_SCALE, Article(COURT_FEES, 20, 2))
def amount_executed(proceeds: Money, asked: Money) -> Money:
    """Return the amount the fee is reckoned on: what the sale brings, but no more than is claimed.

    The scale speaks of the amount executed (执行金额); of a surplus that goes back to the debtor nothing
    was executed, so we do not charge the fee on it.
    """
    return min(proceeds, asked)
