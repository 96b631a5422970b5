"""A flat of Wang's sold to Lin, and every step of the way from the hammer to the creditors' money."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from auction import record
from auction.models import Balance, Bidder, Deposit, Person, Rail, Round
from auction.rules.identity import NATURAL, Identity
from auction.rules.money import Money
from auction.services import ledger, seals
from auction.services.balance import demand, receive
from auction.services.closing import close_round
from auction.services.confirmation import confirm_sale
from auction.services.deposit_capture import apply
from enforcement.models import Case, Claim, Listing, Officer, Party, Property, Seizure
from enforcement.services.ruling_draft import draft_ruling
from enforcement.services.ruling_serve import Service, serve_ruling
from tests.support import people

LIN: Final = Identity(NATURAL, "林晓月", "110105199003070025")
PRICE: Final = 300_000_000
CLOSED: Final = people.NOON + timedelta(hours=24)
PAID: Final = CLOSED + timedelta(days=3)
PAID_ON: Final = date(2026, 11, 24)
RULED: Final = PAID + timedelta(days=1)
LATER: Final = RULED + timedelta(days=60)


def judge_zhou() -> Officer:
    """Return Judge Zhou, a second officer of the same court, who may release what Wu drew up."""
    person = Person.objects.filter(username="zhou").first() or Person.objects.create_user("zhou")
    role = Officer.Role.JUDGE
    return Officer.objects.get_or_create(
        person=person, defaults={"court": people.court(), "role": role, "name": "周正"}
    )[0]


def wu() -> Officer:
    """Return Judge Wu as an officer."""
    return Officer.objects.get(person=people.judge_wu())


def a_case() -> Case:
    """Return the case: a bank with a mortgage and three lenders against Wang, as in law.md 1.11."""
    case = Case.objects.create(
        court=people.court(),
        number="(2026)京0105执1234号",
        cause="借款合同纠纷",
        filed_on=date(2026, 1, 5),
        officer=wu(),
    )
    bank = a_party(case, Party.Side.APPLICANT, "示例银行")
    a_party(case, Party.Side.DEBTOR, "王大海")
    a_claim(bank, 150_000_000, Claim.Kind.MORTGAGE, 1)
    for name, amount in (("甲", 100_000_000), ("乙", 50_000_000), ("丙", 50_000_000)):
        a_claim(a_party(case, Party.Side.CREDITOR, name), amount)
    return case


def a_party(case: Case, side: str, name: str) -> Party:
    """Return a party of the case."""
    kind = Party.Kind.ORGANISATION if "银行" in name else Party.Kind.NATURAL
    return Party.objects.create(case=case, side=side, kind=kind, name=name, number="")


def a_claim(creditor: Party, fen: int, kind: str = Claim.Kind.ORDINARY, priority: int | None = None) -> Claim:
    """Return a claim of the creditor."""
    return Claim.objects.create(
        case=creditor.case, creditor=creditor, kind=kind, amount_fen=fen, priority=priority, basis="民事判决"
    )


def a_listing(round: Round, case: Case | None = None) -> Listing:
    """Return the listing whose announcement became the round."""
    flat = Property.objects.create(
        case=case or a_case(), category="house", name=round.lot.title, province="北京市"
    )
    seized = date(2026, 1, 8)
    Seizure.objects.create(
        property=flat, document="(2026)京0105执1234号之一", seized_on=seized, expires_on=date(2029, 1, 7)
    )
    at = people.NOON - timedelta(days=40)
    return Listing.objects.create(property=flat, round=round, kind=round.kind, title=flat.name, created_at=at)


def an_ending_round(price_fen: int | None = PRICE) -> Round:
    """Return a round at its end, Lin leading with three million, or nobody if the price is None."""
    round = people.an_open_round(closes_at=CLOSED - timedelta(seconds=10))
    if price_fen is not None:
        round.leading, round.price_fen, round.bid_count = lin_in(round), price_fen, 5
        round.leading_at = people.NOON
        round.save()
    return round


def lin_in(round: Round) -> Bidder:
    """Return Lin's registration with her identity sealed in it."""
    bidder = people.a_bidder(round, people.lin())
    sealed = seals.sealed(LIN, bidder.holder, seals.key_of(round))
    bidder.sealed, bidder.commitment = sealed.data, sealed.commitment
    bidder.save()
    record.append(round, "qualify", {"code": bidder.code, "commit": sealed.commitment}, at=people.NOON)
    deposit = Money(round.deposit_fen)
    postings = {ledger.BANK: -deposit, ledger.deposits(round.pk): deposit}
    ledger.book(key=f"test:deposit:{bidder.pk}", memo="deposit", postings=postings, at=people.NOON)
    Deposit.objects.filter(bidder=bidder).update(rail=Rail.BANK)
    return bidder


def closed(price_fen: int | None = PRICE) -> Listing:
    """Return the listing once its round has ended."""
    listing = a_listing(an_ending_round(price_fen))
    assert listing.round
    assert close_round(round_id=listing.round.pk, at=CLOSED)
    return Listing.objects.get(pk=listing.pk)


def confirmed(price_fen: int = PRICE) -> Listing:
    """Return the listing once the sale is confirmed."""
    listing = closed(price_fen)
    assert listing.round
    confirm_sale(round_id=listing.round.pk, at=CLOSED + timedelta(seconds=1))
    return Listing.objects.get(pk=listing.pk)


def paid(price_fen: int = PRICE) -> Listing:
    """Return the listing once the whole price lies on the case's account."""
    listing = confirmed(price_fen)
    the_price_comes(listing, PAID)
    return Listing.objects.get(pk=listing.pk)


def demanded() -> Listing:
    """Return the listing once Lin's deposit counts to the price and the balance is asked for."""
    listing = confirmed()
    the_balance_is_asked_for(listing)
    return Listing.objects.get(pk=listing.pk)


def the_balance_is_asked_for(listing: Listing) -> Balance:
    """Apply Lin's deposit to the price and demand the rest."""
    round = Round.objects.get(listing=listing)
    apply(deposit_id=Deposit.objects.get(bidder=round.leading).pk, at=CLOSED)
    return demand(round_id=round.pk, at=CLOSED)


def the_price_comes(listing: Listing, at: datetime) -> None:
    """Let the balance come by bank."""
    owed = the_balance_is_asked_for(listing)
    receive(balance_id=owed.pk, amount=Money(owed.amount_fen), source=ledger.BANK, key="test:balance", at=at)


def ruled(price_fen: int = PRICE) -> Listing:
    """Return the listing once the ruling is served and title has passed."""
    listing = paid(price_fen)
    draft_ruling(listing_id=listing.pk, number="(2026)京0105执1234号之二", officer=wu(), at=RULED)
    service = Service(on=RULED.date(), proof="送达回证")
    serve_ruling(listing_id=listing.pk, service=service, officer=wu(), at=RULED)
    return Listing.objects.get(pk=listing.pk)
