"""Every page of the demo: pictured by `make screenshots`, held to its screen and to WCAG by tests/browser.

The demo is made in one order, so its numbers are known: lots 1 shares (sold and settled), 2 a home (unsold),
3 a trade mark, 4 the flat (both open), 5 a studio (announced), 6 practice; listing 6 on the desk.
"""

from __future__ import annotations

from dataclasses import dataclass

OFFICER = "zhou"
BIDDER = "lin"
STEPS = ("case", "property", "viewing", "price", "decision", "notices", "announcement", "publish")


@dataclass(frozen=True)
class Place:
    """A page: its name, where it is, and who is signed in."""

    name: str
    path: str
    login: str = ""


PUBLIC = (
    Place("lots", "/"),
    Place("how", "/how-it-works/"),
    Place("check", "/how-to-check/"),
    Place("incidents", "/incidents/"),
    Place("lot-sold", "/lots/1/"),
    Place("lot-unsold", "/lots/2/"),
    Place("lot", "/lots/4/"),
    Place("lot-announced", "/lots/5/"),
    Place("practice", "/lots/6/"),
    Place("tour", "/tours/1/"),
    Place("receipt", f"/receipts/4/2/{'0' * 64}/"),
    Place("login", "/accounts/login/"),
    Place("signup", "/accounts/signup/"),
)
BIDDERS = (
    Place("lot-bidder", "/lots/4/", BIDDER),
    Place("mine", "/mine/", BIDDER),
    Place("register", "/rounds/5/register/", BIDDER),
    Place("balance", "/rounds/1/balance/", BIDDER),
    Place("confirmation", "/rounds/1/confirmation/", BIDDER),
    Place("real-name", "/mine/real-name/", "chen"),
    Place("second-factor", "/accounts/2fa/", BIDDER),
)
OFFICERS = (
    Place("desk", "/officer/", OFFICER),
    Place("case-new", "/officer/cases/new/", OFFICER),
    Place("case", "/officer/cases/1/", OFFICER),
    Place("property", "/officer/properties/4/", OFFICER),
    Place("listing", "/officer/listings/6/", OFFICER),
    *(Place(f"listing-{step}", f"/officer/listings/6/{step}/", OFFICER) for step in STEPS),
    Place("settlement", "/officer/listings/1/settlement/", OFFICER),
    Place("ruling", "/officer/listings/1/settlement/ruling/", OFFICER),
    Place("distribution", "/officer/listings/1/distribution/", OFFICER),
    Place("tour-build", "/officer/tours/1/", OFFICER),
)
PLACES = (*PUBLIC, *BIDDERS, *OFFICERS)
