"""What bidders did in the demonstration: registered, paid by transfer, bid; and how a sale was settled."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from auction.engine import Offer, submit_now
from auction.models import Balance, Notice, Person, Round
from auction.rules.money import Money, yuan
from auction.services.balance import demand
from auction.services.closing import close_round
from auction.services.confirmation import confirm_sale
from auction.services.deposits import release_due
from auction.services.log_publish import grow
from auction.services.opening import open_bidding
from auction.services.register import Consent, register
from auction.services.seated import seated
from auction.services.statement import import_statement
from config.demo.moment import clock_at
from config.demo.people import BIDDERS
from enforcement.models import Court, Listing, Officer
from enforcement.queries.dues import Plan
from enforcement.rules.distribution import Among
from enforcement.services.cost import Spent, add_cost
from enforcement.services.distribution_draft import draft_distribution
from enforcement.services.distribution_pay import pay_distribution
from enforcement.services.distribution_serve import PlanService, serve_distribution
from enforcement.services.follow import follow_due
from enforcement.services.handover import Handover, record_handover
from enforcement.services.ruling_draft import draft_ruling
from enforcement.services.ruling_serve import Service, serve_ruling

CLOSE_AFTER = timedelta(seconds=2)
DAY = timedelta(days=1)


def qualify(round: Round, logins: Iterable[str], at: datetime) -> None:
    """Register these people for the round and let their deposits arrive at the court's account."""
    warnings = round.lot.notices.filter(kind=Notice.Kind.WARNING)
    consent = Consent(frozenset(warnings.values_list("digest", flat=True)))
    for login in logins:
        person = Person.objects.get(username=login)
        bidder = register(round_id=round.pk, person=person, consent=consent, at=at)
        _transfer(login, bidder.deposit.remittance_code, Money(bidder.deposit.amount_fen), at)


def open_and_bid(round: Round, bids: Sequence[tuple[str, int]], times: Sequence[datetime]) -> None:
    """Open the round if that is not done, and make bids of so many steps above the starting price."""
    open_bidding(round_id=round.pk, at=round.opens_at)
    for (login, steps), at in zip(bids, times, strict=True):
        with clock_at(at):
            amount = round.starting_price_fen + steps * round.increment_fen
            with seated(Person.objects.get(username=login), round.pk) as seat:
                submit_now(Offer(round.pk, seat, amount, str(uuid4()), at))


def close(round: Round) -> None:
    """Close the round at its end, and let the clerk's other work follow."""
    round.refresh_from_db()
    at = round.closes_at + CLOSE_AFTER
    close_round(round_id=round.pk, at=at)
    grow(at=at)
    release_due(at)
    follow_due(at)


def settle(round: Round, winner: str) -> None:
    """Take a sold round through payment, ruling, handover and distribution."""
    sold = round.closes_at + timedelta(minutes=1)
    confirm_sale(round_id=round.pk, at=sold)
    release_due(sold)
    balance = demand(round_id=round.pk, at=sold)
    _pay(balance, winner, sold + 6 * DAY)
    follow_due(sold + 6 * DAY)
    listing = Listing.objects.get(round=round)
    _rule(listing, sold + 8 * DAY)
    _distribute(listing, sold + 15 * DAY)


def _rule(listing: Listing, at: datetime) -> None:
    wu = Officer.objects.get(person__username="wu")
    number = f"{listing.property.case.number.removesuffix('号')}号之一"
    draft_ruling(listing_id=listing.pk, number=number, officer=wu, at=at)
    served = Service((at + DAY).date(), "送达回证，买受人签收")
    serve_ruling(listing_id=listing.pk, service=served, officer=wu, at=at + DAY)
    handed = Handover((at + 5 * DAY).date(), "已协助办理股东变更登记，公司资料已移交买受人。")
    record_handover(listing_id=listing.pk, handover=handed, officer=wu, at=at + 5 * DAY)


def _distribute(listing: Listing, at: datetime) -> None:
    zhou = Officer.objects.get(person__username="zhou")
    wu = Officer.objects.get(person__username="wu")
    for name, payee, amount in (("评估费", "示范评估有限公司", 4_800), ("保管费", "示范仓储有限公司", 2_600)):
        spent = Spent("cost", name, payee, f"发票 {amount:08d}", yuan(amount))
        add_cost(listing_id=listing.pk, spent=spent, officer=zhou, at=at)
    draft_distribution(listing_id=listing.pk, plan=Plan(Among.PRO_RATA, {}), officer=zhou, at=at)
    agreed = PlanService((at + DAY).date(), "各债权人出具的无异议声明")
    serve_distribution(listing_id=listing.pk, service=agreed, officer=zhou, at=at + DAY)
    pay_distribution(listing_id=listing.pk, officer=wu, at=at + 2 * DAY)


def _pay(balance: Balance, login: str, at: datetime) -> None:
    _transfer(login, balance.remittance_code, Money(balance.amount_fen), at)


def _transfer(login: str, code: str, amount: Money, at: datetime) -> None:
    """Let a bank transfer appear on the statement of the court's account."""
    name, serial = BIDDERS[login]
    paid = f"{amount.fen // 100}.{amount.fen % 100:02d}"
    line = f"{at.date()},DEMO-{code},{paid},{name},6222000000000{serial:03d},{code}"
    file = io.BytesIO(f"date,reference,amount,name,account,remark\n{line}\n".encode())
    import_statement(file=file, account=Court.objects.get().code, at=at)
