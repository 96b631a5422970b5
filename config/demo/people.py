"""The people of the demonstration: a court's officers, and bidders who have proved invented names."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric, uscc

from auction.models import Person
from auction.services.real_name import prove
from enforcement.models import Court, Officer
from enforcement.services.appoint_officer import Office, appoint_officer


@dataclass(frozen=True)
class Login:
    """A user name and what it is good for."""

    name: str
    what: object


LOGINS: Final = (
    Login("zhou", _("enforcement officer: lists property, settles cases")),
    Login("wu", _("presiding judge of the same court")),
    Login("lin", _("bidder, registered for the flat and the trade mark")),
    Login("zhao", _("bidder and tenant of the flat: priority purchaser")),
    Login("he", _("bidder, registered for the flat and the trade mark")),
    Login("chen", _("has just signed up and proved no name yet")),
)
OFFICERS: Final = (
    ("wu", "吴敏", Officer.Role.PRESIDING_JUDGE),
    ("li", "李正", Officer.Role.JUDGE),
    ("sun", "孙洁", Officer.Role.JUDGE),
    ("zhou", "周岩", Officer.Role.OFFICER),
)
BIDDERS: Final = {"lin": ("林晓", 1), "zhao": ("赵平", 2), "he": ("何军", 3)}


def password() -> str:
    """Return the demonstration's password, which every installation has its own of."""
    return "demo-" + hmac.digest(settings.SECRET_KEY.encode(), b"demo", "sha256").hex()[:8]


def natural_number(serial: int) -> str:
    """Return a well-formed identity number (GB 11643) of a serial: born in 1885, so nobody's today."""
    body = f"11010518850101{serial:03d}"
    return body + ric.calc_check_digit(body + "0")  # it leaves the last sign out


def organisation_number(serial: int) -> str:
    """Return a well-formed organisation code (GB 32100) of a serial, given to nobody."""
    body = f"91110199MA0000{serial:03d}"
    return body + uscc.calc_check_digit(body)


def open_court() -> Court:
    """Make the court and appoint its officers."""
    court = Court.objects.create(
        name="北京市示范区人民法院",
        code="京0199",
        province="北京市",
        city="北京市",
        address="北京市示范区司法路1号",
        phone="010-00000000",
        supervision_phone="010-00000001",
        account_name="北京市示范区人民法院网络司法拍卖专户",
        account_number="0000 0000 0000 0199",
        account_bank="示范银行示范支行",
    )
    for login, name, role in OFFICERS:
        appoint_officer(person=_person(login), office=Office(court, role, name))
    return court


def let_people_in(at: datetime) -> None:
    """Sign the bidders up; all but Chen have proved a real name."""
    _person("chen")
    for login, (name, serial) in BIDDERS.items():
        prove(person=_person(login), kind="natural", name=name, number=natural_number(serial), at=at)


def _person(login: str) -> Person:
    return Person.objects.create_user(login, f"{login}@example.org", password())
