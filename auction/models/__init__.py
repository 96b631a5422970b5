"""The auction's tables."""

from __future__ import annotations

from auction.models.bid import Bid
from auction.models.bidder import Barred, Bidder
from auction.models.deposit import (
    Balance,
    Delivery,
    Deposit,
    DepositState,
    PaymentOrder,
    Posting,
    Rail,
    StatementLine,
    Transfer,
)
from auction.models.document import Document
from auction.models.event import Event
from auction.models.fairness import ClockOffset, Incident, IncidentEnd, Pause, Process, Stall, Uptime
from auction.models.log import Conflict, Log, Logged, LoggedRound, Witnessed
from auction.models.lot import Category, Lot, Notice, PriorityRight
from auction.models.person import Person, RealName
from auction.models.round import Round, RoundKind, RoundState
from auction.models.stamp import Stamp

__all__ = [
    "Balance",
    "Barred",
    "Bid",
    "Bidder",
    "Category",
    "ClockOffset",
    "Conflict",
    "Delivery",
    "Deposit",
    "DepositState",
    "Document",
    "Event",
    "Incident",
    "IncidentEnd",
    "Log",
    "Logged",
    "LoggedRound",
    "Lot",
    "Notice",
    "Pause",
    "PaymentOrder",
    "Person",
    "Posting",
    "PriorityRight",
    "Process",
    "Rail",
    "RealName",
    "Round",
    "RoundKind",
    "RoundState",
    "Stall",
    "Stamp",
    "StatementLine",
    "Transfer",
    "Uptime",
    "Witnessed",
]
