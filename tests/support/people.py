"""The people of every test: Lin bids, Zhao has priority, Judge Wu acts for the court, Chen may do nothing."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from django.contrib.auth.hashers import make_password

from auction.models import Bidder, Category, Deposit, DepositState, Lot, Notice, Person, Round, RoundState
from auction.models.sealing import holder_hash
from enforcement.models import Court, Officer

NOON: Final = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
"""Noon in Beijing on a Friday: when tests happen unless they say otherwise."""


def lin() -> Person:
    """Return Lin, who bids."""
    return _person("lin")


def zhao() -> Person:
    """Return Zhao, a priority purchaser."""
    return _person("zhao")


def chen() -> Person:
    """Return Chen, who may do nothing."""
    return _person("chen")


def judge_wu() -> Person:
    """Return Judge Wu, presiding judge of the court."""
    wu = _person("wu")
    Officer.objects.get_or_create(
        person=wu, defaults={"court": court(), "role": Officer.Role.PRESIDING_JUDGE, "name": "吴敏"}
    )
    return wu


def court() -> Court:
    """Return the court everything happens in."""
    found, _ = Court.objects.get_or_create(
        code="京0105",
        defaults={
            "name": "北京市朝阳区人民法院",
            "province": "北京市",
            "city": "北京市",
            "address": "北京市朝阳区朝阳公园南路甲2号",
            "phone": "010-00000000",
            "supervision_phone": "010-00000001",
            "account_name": "北京市朝阳区人民法院",
            "account_number": "0000 0000 0000 0001",
            "account_bank": "示例银行朝阳支行",
        },
    )
    return found


def a_lot(**given: Any) -> Lot:
    """Return a flat as announced, with its first item and first warning."""
    facts: dict[str, Any] = {
        "title": "北京市朝阳区示范路1号院2号楼301室",
        "category": Category.HOUSE,
        "province": "北京市",
        "city": "北京市",
        "court_name": "北京市朝阳区人民法院",
        "case_number": "(2026)京0105执1234号",
        "appraised_fen": 200_000_000,
    }
    lot = Lot.objects.create(**(facts | given))
    for kind in Notice.Kind.values:
        text = f"{kind} 1"
        digest = hashlib.sha256(text.encode()).hexdigest()
        Notice.objects.create(lot=lot, kind=kind, number=1, text=text, digest=digest)
    return lot


def an_announced_round(*, at: datetime = NOON, **given: Any) -> Round:
    """Return a first auction that opens in an hour: 1,400,000 yuan, steps of 5,000, deposit 140,000."""
    opens_at = given.pop("opens_at", at + timedelta(hours=1))
    closes_at = given.pop("closes_at", opens_at + timedelta(hours=24))
    terms: dict[str, Any] = {
        "kind": "first_auction",
        "published_at": opens_at - timedelta(days=31),
        "opens_at": opens_at,
        "announced_closes_at": closes_at,
        "closes_at": closes_at,
        "starting_price_fen": 140_000_000,
        "increment_fen": 500_000,
        "deposit_fen": 14_000_000,
    }
    lot = given.pop("lot", None) or a_lot()
    return Round.objects.create(lot=lot, **(terms | given))


def an_open_round(*, at: datetime = NOON, **given: Any) -> Round:
    """Return the same round one hour after it opened."""
    times = {"opens_at": at - timedelta(hours=1), "state": RoundState.OPEN}
    return an_announced_round(at=at, **(times | given))


def a_bidder(round: Round, person: Person, rank: int | None = None, *, at: datetime = NOON) -> Bidder:
    """Return the person as a qualified bidder of the round, his deposit held."""
    number = round.bidders.count() + 1
    bidder = Bidder.objects.create(
        round=round,
        number=number,
        code=f"T{number:04d}",
        holder=holder_hash(round.pk, person.pk),
        payer="0" * 64,
        sealed=b"",
        commitment="0" * 64,
        rank=rank,
        warnings_digest="0" * 64,
        consented_at=at,
        qualified_at=at,
    )
    Deposit.objects.create(bidder=bidder, amount_fen=round.deposit_fen, state=DepositState.HELD, held_at=at)
    return bidder


def _person(name: str) -> Person:
    found = Person.objects.filter(username=name).first()
    kept = _hashed(f"{name} knows it")
    return found or Person.objects.create(username=name, email=f"{name}@example.com", password=kept)


@cache
def _hashed(password: str) -> str:
    """Return a password as it is kept; Argon2 is slow on purpose, so once for all tests."""
    return make_password(password)


def _holder(round: Round, person: Person) -> str:
    """Return the keyed hash by which the person finds his bidder."""
    return holder_hash(round.pk, person.pk)
