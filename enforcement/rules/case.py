"""What a case and its property must say before anything can be announced (arts. 6, 13, 14, 30)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from typing import Final

from auction.rules.identity import NotANumber, checked_number
from auction.rules.law import CIVIL_PROCEDURE, Article, cites, online_auction, sale
from auction.rules.requirements import Missing, Requirement
from enforcement.rules.case_number import CASE_NUMBERS, NotACaseNumber, parse

WHO: Final = Article(CIVIL_PROCEDURE, 124)
"""Parties are named with what identifies them; the numbers' forms are GB 11643-1999 and GB 32100-2015."""
PICTURED: Final = frozenset({"house", "vehicle", "land", "movable"})
"""What can be seen, and so must be shown in pictures; shares and other rights are described in words."""


class Ask(Requirement):
    """What the law asks of the case and of the property's description."""

    CASE_NUMBER = ("case_number_wrong", Article(CASE_NUMBERS, 3))
    NOT_ENFORCEMENT = ("case_not_enforcement", online_auction(1))
    OTHER_COURT = ("case_of_other_court", Article(CASE_NUMBERS, 2))
    KNOWN = ("case_number_taken", Article(CASE_NUMBERS, 2))
    PERSON = ("identity_number_wrong", WHO)
    ORGANISATION = ("organisation_code_wrong", WHO)
    APPLICANT = ("applicant_missing", online_auction(16, 1))
    DEBTOR = ("debtor_missing", online_auction(16, 1))
    CLAIM = ("claim_missing", sale(14))
    CLAIM_AMOUNT = ("claim_nothing", sale(14))
    TITLE_DOCUMENT = ("title_document_missing", online_auction(13, None, 2))
    TITLE = ("title_missing", online_auction(13, None, 5))
    POSSESSION = ("possession_missing", online_auction(13, None, 5))
    BURDENS = ("burdens_missing", online_auction(14, None, 3))
    DEFECTS = ("defects_missing", online_auction(14, None, 3))
    VISITS = ("visits_missing", online_auction(14, None, 4))
    QUALIFICATION = ("qualification_missing", online_auction(14, None, 1))
    TAXES = ("taxes_missing", online_auction(13, None, 9))
    CONTACT = ("contact_missing", online_auction(13, None, 10))
    ACCOUNT = ("account_missing", online_auction(13, None, 8))
    PICTURES = ("pictures_missing", online_auction(13, None, 5))
    NAME = ("listing_title_missing", online_auction(13, None, 1))
    TIMES = ("times_missing", online_auction(13, None, 4))
    PUBLISHED = ("already_published", online_auction(13))
    TOUR_KEPT = ("tour_not_ready", online_auction(13, None, 5))


@dataclass(frozen=True)
class Described:
    """The words about a property; a field named as its requirement."""

    title: str
    possession: str
    burdens: str
    defects: str
    visits: str
    qualification: str = ""


@cites(Article(CASE_NUMBERS, 3), online_auction(1))
def number_faults(text: str, court_code: str) -> Iterator[Missing]:
    """Yield a fault if the number is none, is not of an enforcement case, or belongs to another court."""
    try:
        number = parse(text)
    except NotACaseNumber:
        yield Missing(Ask.CASE_NUMBER)
        return
    if not number.enforces:
        yield Missing(Ask.NOT_ENFORCEMENT, {"kind": number.kind})
    if not number.belongs_to(court_code):
        yield Missing(Ask.OTHER_COURT, {"code": court_code})


@cites(WHO)
def identity_faults(kind: str, number: str) -> Iterator[Missing]:
    """Yield a fault if the number is no identity number or organisation code of its kind."""
    try:
        checked_number(kind, number)
    except NotANumber:
        yield Missing(Ask.PERSON if kind == "natural" else Ask.ORGANISATION)


@cites(online_auction(16, 1), online_auction(13, None, 2), sale(14))
def case_faults(sides: Collection[str], claims: int, title_document: str) -> Iterator[Missing]:
    """Yield what a case lacks: both parties, a claim to satisfy, and the document that is enforced."""
    if "applicant" not in sides:
        yield Missing(Ask.APPLICANT)
    if "debtor" not in sides:
        yield Missing(Ask.DEBTOR)
    if not claims:
        yield Missing(Ask.CLAIM)
    if not title_document.strip():
        yield Missing(Ask.TITLE_DOCUMENT)


@cites(online_auction(13, None, 5), online_auction(14), online_auction(30))
def property_faults(category: str, described: Described, taxes: int) -> Iterator[Missing]:
    """Yield what the description lacks; for a house also who may buy one (房产资格规定第2条)."""
    for part in fields(described):
        asked = part.name != "qualification" or category == "house"
        if asked and not getattr(described, part.name).strip():
            yield Missing(Ask[part.name.upper()])
    if not taxes:
        yield Missing(Ask.TAXES)


@cites(online_auction(13, None, 5))
def picture_faults(category: str, pictures: int, unready: int) -> Iterator[Missing]:
    """Yield a fault if what can be seen is shown by no scene and no photograph, or a scene is not ready."""
    if category in PICTURED and not pictures:
        yield Missing(Ask.PICTURES)
    if unready:
        yield Missing(Ask.TOUR_KEPT, {"count": unready})


@cites(online_auction(6, None, 8), online_auction(13, None, 8), online_auction(13, None, 10))
def court_faults(phone: str, supervision: str, account: str) -> Iterator[Missing]:
    """Yield what the court has not told of itself: its telephones, and the account to pay into."""
    if not phone or not supervision:
        yield Missing(Ask.CONTACT)
    if not account:
        yield Missing(Ask.ACCOUNT)
