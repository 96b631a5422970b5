"""Open an enforcement case, and correct what it says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from auction.rules.law import online_auction
from auction.rules.requirements import Missing, demand
from enforcement import record
from enforcement.models import Case, Officer
from enforcement.record import Happened
from enforcement.rules.case import Ask, number_faults
from enforcement.rules.case_number import parse

OPENED = Happened("case_opened", online_auction(1))


@dataclass(frozen=True)
class NewCase:
    """The number as written, what it is about, the document enforced, and the day it was filed."""

    number: str
    filed_on: date
    cause: str = ""
    title_document: str = ""


@transaction.atomic
def open_case(*, case: NewCase, by: Officer, at: datetime) -> Case:
    """Open a case of the officer's court under its canonical number.

    :raises NotReady: if the number is none, of no enforcement, of another court, or known already
    """
    demand(_faults(case, by))
    opened = Case.objects.create(
        court=by.court,
        number=str(parse(case.number)),
        cause=case.cause,
        title_document=case.title_document,
        filed_on=case.filed_on,
        officer=by,
    )
    record.add(opened, OPENED, {"number": opened.number}, actor=by, at=at)
    return opened


def _faults(case: NewCase, by: Officer) -> Iterator[Missing]:
    wrong = list(number_faults(case.number, by.court.code))
    yield from wrong
    if not wrong and Case.objects.filter(number=str(parse(case.number))).exists():
        yield Missing(Ask.KNOWN)
