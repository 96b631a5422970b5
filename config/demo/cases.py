"""An officer's work on a story: case, property, price, panel, notices, announcement."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from auction.models import Round
from auction.rules.money import ZERO
from config.demo.flat import furnish
from config.demo.people import natural_number, organisation_number
from config.demo.stories import Story
from enforcement.models import Case, Listing, Officer, Party, Property
from enforcement.services.add_claim import NewClaim, add_claim
from enforcement.services.add_party import NewParty, add_party
from enforcement.services.add_property import add_property
from enforcement.services.add_seizure import NewSeizure, add_seizure
from enforcement.services.add_tax import add_tax
from enforcement.services.decide_panel import Fixed, NewDecision, decide_panel
from enforcement.services.open_case import NewCase, open_case
from enforcement.services.open_property_tour import open_property_tour
from enforcement.services.publish_listing import publish_listing
from enforcement.services.record_notice import NewNotice, record_notice
from enforcement.services.save_listing import Draft, save_listing
from enforcement.services.set_reference_price import NewPrice, set_reference_price
from enforcement.services.start_listing import start_listing

SEIZED_BEFORE: Final = timedelta(days=90)
PRICED_BEFORE: Final = timedelta(days=30)
DECIDED_BEFORE: Final = timedelta(days=12)
NOTIFIED_BEFORE: Final = timedelta(days=7)
YEARS: Final = {"house": 3, "land": 3, "equity": 3, "other": 3, "vehicle": 2, "movable": 2}
TENANT: Final = ("赵平", 2)


def seized(story: Story, now: datetime) -> Property:
    """Open the story's case and enter its property, ready to be brought to sale."""
    by, at = _officer(), now + story.published - SEIZED_BEFORE
    case = _case(story, by, at)
    property = add_property(case=case, description=story.description, by=by, at=at)
    day = at.date()
    until = date(day.year + YEARS[story.description.category], day.month, min(day.day, 28))
    order = f"({day.year})京0199执保{story.serial}号"
    add_seizure(property=property, seizure=NewSeizure(1, order, day, until), by=by, at=at)
    for name, rate, bearer in story.taxes:
        add_tax(property=property, name=name, rate=rate, bearer=bearer)
    if story.rooms:
        furnish(open_property_tour(property=property), story.rooms, at=at)
    return property


def priced(property: Property, story: Story, now: datetime) -> Listing:
    """Begin the listing and set its appraisal."""
    at = now + story.published - PRICED_BEFORE
    listing = start_listing(property=property, at=at)
    price = NewPrice(
        way="appraisal",
        amount=story.appraised,
        by="示范房地产土地资产评估有限公司",
        document=f"示评报字({at.year})第{story.serial}号",
        dated_on=at.date(),
        valid_until=at.date() + timedelta(days=360),
    )
    set_reference_price(listing=listing, price=price, by=_officer(), at=at)
    return Listing.objects.get(pk=listing.pk)


def announced(story: Story, now: datetime) -> Round:
    """Bring the story's property to its announcement."""
    at = now + story.published
    listing = priced(seized(story, now), story, now)
    _decide(listing, story, at - DECIDED_BEFORE)
    for party in listing.property.case.parties.all():
        sent = NewNotice(
            party, "post", (at - NOTIFIED_BEFORE).date(), f"EMS 10{story.serial:05d}{party.pk:04d}"
        )
        record_notice(listing=listing, notice=sent, by=_officer(), at=at - NOTIFIED_BEFORE)
    draft = Draft(
        title=story.description.name,
        opens_at=_whole_minute(now + story.opens),
        closes_at=_whole_minute(now + story.closes),
        additions={},
        waived={2: "执行依据涉及当事人个人隐私，依法不公开"} if story.has_tenant else {},
        disclaimer=True,
    )
    save_listing(listing=listing, draft_of=draft)
    return publish_listing(listing=listing, by=_officer(), at=at)


def _case(story: Story, by: Officer, at: datetime) -> Case:
    said = NewCase(
        number=f"({at.year})京0199执{story.serial}号",
        filed_on=at.date(),
        cause=story.cause,
        title_document=f"({at.year})京0199民初{story.serial + 4000}号民事判决书",
    )
    case = open_case(case=said, by=by, at=at)
    bank = NewParty(
        "applicant", "organisation", "示范银行股份有限公司", organisation_number(1), "010-00000002"
    )
    lender = NewParty(
        "creditor", "organisation", "示范供应链有限公司", organisation_number(2), "010-00000003"
    )
    debtor = NewParty("debtor", "natural", story.debtor, natural_number(20 + story.serial % 8))
    added = [add_party(case=case, party=party, by=by, at=at) for party in (bank, lender, debtor)]
    if story.has_tenant:
        name, serial = TENANT
        add_party(
            case=case, party=NewParty("priority", "natural", name, natural_number(serial)), by=by, at=at
        )
    _claims(story, added[0], added[1], by, at)
    return case


def _claims(story: Story, bank: Party, lender: Party, by: Officer, at: datetime) -> None:
    if story.secured > ZERO:
        kind = "pledge" if story.description.category == "equity" else "mortgage"
        secured = NewClaim(bank, kind, story.secured, 1, "担保借款本金及利息")
        add_claim(claim=secured, by=by, at=at)
        add_claim(claim=NewClaim(lender, "ordinary", story.ordinary, None, "货款"), by=by, at=at)
    else:
        add_claim(claim=NewClaim(bank, "ordinary", story.ordinary, None, "借款本金"), by=by, at=at)


def _decide(listing: Listing, story: Story, at: datetime) -> None:
    tenants = list(listing.property.case.parties.filter(side="priority"))
    fixed = Fixed(
        starting=story.starting,
        increment=story.increment,
        deposit=story.deposit,
        balance_days=15,
        ranks=dict.fromkeys(tenants, 1),
        natures=dict.fromkeys(tenants, "承租人"),
    )
    members = tuple(Officer.objects.filter(person__username__in=("wu", "li", "sun")))
    document = f"{listing.property.case.number}合议庭评议笔录"
    decision = NewDecision(members, document, at.date(), fixed)
    decide_panel(listing=listing, decision=decision, by=members[0], at=at)


def _officer() -> Officer:
    return Officer.objects.get(person__username="zhou")


def _whole_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
