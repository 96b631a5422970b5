"""A person registers for a round: checked, warned, sealed, with a deposit due (arts. 14, 17, 18, 34)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from auction.models import Barred, Bidder, Deposit, Lot, Notice, Person, RealName, Round
from auction.models.sealing import holder_hash, payer_hash
from auction.rules import codes, eligibility
from auction.rules.deposit import Rail, required
from auction.rules.eligibility import Bar
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money
from auction.services import seals
from auction.services.deposit_secured import qualify
from auction.services.real_name import identity_of

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Consent:
    """The digests of the warnings that were ticked, each in the words that were shown."""

    digests: frozenset[str]

    def digest(self) -> str:
        """Return one digest over all, in order."""
        return hashlib.sha256("\n".join(sorted(self.digests)).encode()).hexdigest()


def register(*, round_id: int, person: Person, consent: Consent, at: datetime) -> Bidder:
    """Register a person for a round; he is qualified at once if no deposit is due from him.

    The vault is asked before the round is locked: no bid waits for it.

    :raises Refused: if he may not bid here
    :raises Unreachable: if the vault does not answer and the round has no key yet
    """
    key = seals.key_of(Round.objects.get(pk=round_id))
    return _register(round_id, person, consent, key, at)


@transaction.atomic
def _register(round_id: int, person: Person, consent: Consent, key: bytes, at: datetime) -> Bidder:
    round = Round.objects.select_for_update(of=("self",)).select_related("lot").get(pk=round_id)
    proved = _proved(person)
    check(round, proved, at)
    eligibility.check_warnings(consent.digests, warnings(round.lot))
    holder = holder_hash(round.pk, person.pk)
    if Bidder.objects.filter(holder=holder).exists():
        raise Refused(Ground.ALREADY_REGISTERED)
    bidder = _bidder(round, proved, key, consent, at)
    deposit = _deposit(bidder, proved)
    if deposit.rail == Rail.EXEMPT:
        qualify(round=round, deposit=deposit, at=at)
    return bidder


def check(round: Round, proved: RealName, at: datetime) -> None:
    """Check that this person may register for this round now.

    :raises Refused: if not
    """
    if round.lot.practice:  # one joins it without name and deposit (auction.services.practice)
        raise Refused(Ground.WRONG_STATE, state=round.state)
    eligibility.check_time(round.state, round.closes_at, at)
    eligibility.check_office(_works_here(proved.person))
    eligibility.check_capacity(proved.adult_on, at.astimezone(BEIJING).date())
    entries = Barred.objects.filter(number_hash=proved.number_hash)
    bars = frozenset(Bar(entry.why, entry.lot_id) for entry in entries)
    eligibility.check_bars(bars, lot=round.lot_id, category=round.lot.category)


def _works_here(person: Person) -> bool:
    """Return whether the person has a desk here: bidders hold no permission at all."""
    return person.is_staff or bool(person.get_all_permissions())


def warnings(lot: Lot) -> frozenset[str]:
    """Return the digests of the lot's special warnings (art. 14)."""
    published = Notice.objects.filter(lot=lot, kind=Notice.Kind.WARNING)
    return frozenset(published.values_list("digest", flat=True))


def deposit_of(round: Round, proved: RealName) -> Money:
    """Return what this person must pay: applicants are exempt as far as their claims reach (art. 17¶2)."""
    return required(Money(round.deposit_fen), _claim(round.lot, proved.number_hash))


def _proved(person: Person) -> RealName:
    proved = RealName.objects.filter(person=person).first()
    if proved is None:
        raise Refused(Ground.NO_REAL_NAME)
    return proved


def _bidder(round: Round, proved: RealName, key: bytes, consent: Consent, at: datetime) -> Bidder:
    who, holder = identity_of(proved), holder_hash(round.pk, proved.person_id)
    sealed = seals.sealed(who, holder, key)
    right = round.lot.priority_rights.filter(number_hash=proved.number_hash).order_by("rank").first()
    last = round.bidders.aggregate(last=Max("number"))["last"] or 0
    return Bidder.objects.create(
        round=round,
        number=last + 1,
        holder=holder,
        payer=payer_hash(round.pk, who.name),
        sealed=sealed.data,
        commitment=sealed.commitment,
        rank=right.rank if right else None,
        warnings_digest=consent.digest(),
        consented_at=at,
    )


def _deposit(bidder: Bidder, proved: RealName) -> Deposit:
    amount = deposit_of(bidder.round, proved)
    rail = Rail.CHARGE if amount else Rail.EXEMPT
    code = codes.remittance_code()
    return Deposit.objects.create(bidder=bidder, amount_fen=amount.fen, rail=rail, remittance_code=code)


def _claim(lot: Lot, number_hash: str) -> Money | None:
    """Return the applicant's claim, if this person is one; the lot names applicants by keyed hash."""
    applicants: list[dict[str, object]] = lot.applicants
    claims = [int(str(each["claim_fen"])) for each in applicants if each["number_hash"] == number_hash]
    return Money(sum(claims)) if claims else None
