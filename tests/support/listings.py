"""A case with a flat on its way to the announcement, made by the services."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from auction.models import Person
from auction.rules.money import yuan
from enforcement.models import Case, Court, Listing, Officer, Party, Property
from enforcement.services.add_claim import NewClaim, add_claim
from enforcement.services.add_party import NewParty, add_party
from enforcement.services.add_property import Description, add_property
from enforcement.services.add_seizure import NewSeizure, add_seizure
from enforcement.services.add_tax import add_tax
from enforcement.services.decide_panel import Fixed, NewDecision, decide_panel
from enforcement.services.open_case import NewCase, open_case
from enforcement.services.open_property_tour import open_property_tour
from enforcement.services.record_notice import NewNotice, record_notice
from enforcement.services.save_listing import Draft, save_listing
from enforcement.services.set_reference_price import NewPrice, set_reference_price
from enforcement.services.start_listing import start_listing
from tests.support.people import NOON, court, judge_wu
from viewing.models import Panorama, Scene

NOTIFIED_ON: Final = date(2026, 11, 16)
OPENS_AT: Final = datetime(2026, 12, 21, 2, 0, tzinfo=UTC)  # 10:00 in Beijing, 30 clear days after NOON
COMPANY: Final = "91350100M000100Y43"
PERSONS: Final = {"debtor": "11010519491231002X", "priority": "440524188001010014"}


def wu() -> Officer:
    """Return Judge Wu's office."""
    return judge_wu().officer


def a_judge(name: str, of: Court | None = None) -> Officer:
    """Return another judge, of the same court unless said otherwise."""
    person = Person.objects.create_user(name)
    return Officer.objects.create(person=person, court=of or court(), role=Officer.Role.JUDGE, name=name)


def another_court() -> Court:
    """Return a court that has nothing to do with the case."""
    found, _ = Court.objects.get_or_create(code="京0106", defaults={"name": "另一法院", "province": "北京市"})
    return found


def a_case(number: str = "(2026)京0105执1234号") -> Case:
    """Return a case with an applicant, a debtor and a claim of a million yuan."""
    said = NewCase(number, date(2026, 3, 2), "借款合同纠纷", "(2025)京0105民初5678号民事判决书")
    case = open_case(case=said, by=wu(), at=NOON)
    applicant = a_party(case, "applicant", "organisation", "示例银行", COMPANY)
    a_party(case, "debtor", "natural", "周某", PERSONS["debtor"])
    claim = NewClaim(applicant, "mortgage", yuan(1_000_000), 1, "抵押借款本金")
    add_claim(claim=claim, by=wu(), at=NOON)
    return case


def a_party(case: Case, side: str, kind: str, name: str, number: str) -> Party:
    """Return a party added to the case."""
    return add_party(case=case, party=NewParty(side, kind, name, number), by=wu(), at=NOON)


def a_flat(case: Case | None = None, **given: str) -> Property:
    """Return a seized flat, fully described, its tour ready."""
    said = {
        "category": "house",
        "name": "北京市朝阳区示范路1号院2号楼301室",
        "province": "北京市",
        "title": "不动产权登记在被执行人名下，建筑面积89.5平方米",
        "possession": "被执行人居住，法院负责腾退后交付",
        "burdens": "抵押权人示例银行",
        "defects": "卫生间渗漏",
        "qualification": "应当具备北京市购房资格。",
        "visits": "2026年12月10日 10:00 现场集中看样",
    } | given
    property = add_property(case=case or a_case(), description=Description(**said), by=wu(), at=NOON)
    seized = NewSeizure(1, "(2025)京0105执保9号", date(2025, 6, 1), date(2028, 6, 1))
    add_seizure(property=property, seizure=seized, by=wu(), at=NOON)
    add_tax(property=property, name="契税", rate="3%", bearer="buyer_by_law")
    a_tour(property)
    return property


def a_tour(property: Property) -> None:
    """Give the property a tour of one ready scene."""
    tour = open_property_tour(property=property)
    panorama, _ = Panorama.objects.get_or_create(
        digest="d" * 64,
        defaults={
            "name": "a.jpg",
            "size": 1,
            "state": "ready",
            "tiles": "a" * 64,
            "levels": [512],
            "at": NOON,
        },
    )
    Scene.objects.create(tour=tour, panorama=panorama, name="客厅", slug="living", order=1)


def a_priced_listing(property: Property | None = None, **given: Any) -> Listing:
    """Return a draft with an appraisal of a million yuan."""
    listing = start_listing(property=property or a_flat(), at=NOON)
    said: dict[str, Any] = {
        "way": "appraisal",
        "amount": yuan(1_000_000),
        "by": "示例评估公司",
        "document": "示评字〔2026〕第8号",
        "dated_on": date(2026, 9, 1),
        "valid_until": date(2027, 8, 31),
    }
    set_reference_price(listing=listing, price=NewPrice(**(said | given)), by=wu(), at=NOON)
    return Listing.objects.get(pk=listing.pk)


def a_decision(members: tuple[Officer, ...] | None = None, **given: Any) -> NewDecision:
    """Return a decision of three: 700,000 yuan, steps of 5,000, deposit 100,000."""
    fixed: dict[str, Any] = {
        "starting": yuan(700_000),
        "increment": yuan(5_000),
        "deposit": yuan(100_000),
        "balance_days": 10,
        "ranks": {},
        "natures": {},
    }
    panel = members if members is not None else (wu(), a_judge("li"), a_judge("sun"))
    return NewDecision(panel, "(2026)京0105执1234号合议笔录", date(2026, 11, 10), Fixed(**(fixed | given)))


def a_ready_listing(property: Property | None = None) -> Listing:
    """Return a draft that lacks nothing for a publication at NOON."""
    listing = a_priced_listing(property)
    decide_panel(listing=listing, decision=a_decision(), by=wu(), at=NOON)
    for party in listing.property.case.parties.all():
        notice = NewNotice(party, "post", NOTIFIED_ON, "EMS 1000000000001")
        record_notice(listing=listing, notice=notice, by=wu(), at=NOON)
    return save_listing(listing=listing, draft_of=a_draft())


def a_draft(**given: Any) -> Draft:
    """Return the draft of an announcement that opens as early as it may."""
    said: dict[str, Any] = {
        "title": "北京市朝阳区示范路1号院2号楼301室",
        "opens_at": OPENS_AT,
        "closes_at": OPENS_AT + timedelta(hours=24),
        "additions": {},
        "waived": {},
        "disclaimer": False,
    }
    return Draft(**(said | given))
