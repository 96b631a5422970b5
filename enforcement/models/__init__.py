"""The enforcement's tables."""

from __future__ import annotations

from enforcement.models.case import Case, CaseEvent, Claim, Party
from enforcement.models.court import Court, Officer
from enforcement.models.listing import Listing, PanelDecision, PartyNotice
from enforcement.models.property import Property, ReferencePrice, Seizure, Tax
from enforcement.models.settlement import Cost, Distribution, Ruling, Share

__all__ = [
    "Case",
    "CaseEvent",
    "Claim",
    "Cost",
    "Court",
    "Distribution",
    "Listing",
    "Officer",
    "PanelDecision",
    "Party",
    "PartyNotice",
    "Property",
    "ReferencePrice",
    "Ruling",
    "Seizure",
    "Share",
    "Tax",
]
