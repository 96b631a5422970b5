"""The balance: demanded once, paid by transfer or card, and then the price is the case's."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta

import pytest

from auction.models import Balance, Bidder, Deposit, Event, PaymentOrder, Round, StatementLine
from auction.payments.bank import NotAStatement
from auction.queries import due
from auction.rules.deposit import Rail
from auction.rules.grounds import Refused
from auction.rules.money import Money
from auction.services import ledger
from auction.services.balance import demand
from auction.services.balance_payment import refresh_balance, start_balance
from auction.services.closing import close_round
from auction.services.deposits import release_due, start_payment
from auction.services.payment_order import instructions
from auction.services.statement import Summary, import_statement
from tests.support import money
from tests.support.fake_stripe.server import FakeStripe
from tests.support.people import NOON, an_open_round, lin, zhao

pytestmark = pytest.mark.usefixtures("books")

LIN = money.NAMES["lin"][0]
END = NOON + timedelta(hours=23)
LATER = END + timedelta(hours=1)


def a_sale(price_fen: int = 6_000_000) -> Balance:
    """Return the balance of a round that Lin won."""
    round = an_open_round(**money.a_small_round())
    deposit = money.paid(money.a_registration(round, lin()), Rail.HOLD)
    won = {"leading": deposit.bidder, "price_fen": price_fen, "leading_at": NOON, "bid_count": 1}
    Round.objects.filter(pk=round.pk).update(**won)
    close_round(round_id=round.pk, at=END + timedelta(seconds=3))
    release_due(LATER)
    Round.objects.filter(pk=round.pk).update(state="confirmed")
    assert due.to_demand(LATER) == [round.pk]
    return demand(round_id=round.pk, at=LATER)


def imported(*lines: tuple[str, str, str, str], encoding: str = "utf-8") -> Summary:
    file = io.BytesIO(money.statement(*lines, encoding=encoding))
    return import_statement(file=file, account="京0105", at=LATER)


def test_the_balance_is_what_the_deposit_leaves_open(stripe_server: FakeStripe) -> None:
    balance = a_sale()

    assert (balance.amount_fen, balance.due_on) == (5_650_000, date(2026, 12, 1))
    assert demand(round_id=balance.round_id, at=LATER) == balance


def test_no_balance_before_the_deposit_is_applied(stripe_server: FakeStripe) -> None:
    round = an_open_round(**money.a_small_round())
    bidder = money.a_registration(round, lin())
    Round.objects.update(state="confirmed", leading=bidder, price_fen=6_000_000)

    with pytest.raises(Refused):
        demand(round_id=round.pk, at=LATER)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_transfer_pays_it_and_the_price_is_the_cases(stripe_server: FakeStripe, encoding: str) -> None:
    balance = a_sale()

    line = ("B1", "56,500.00", LIN, f"尾款 {balance.remittance_code}")
    file = io.BytesIO(money.statement((line[0], line[1].replace(",", ""), *line[2:]), encoding=encoding))
    summary = import_statement(file=file, account="京0105", at=LATER)

    assert (summary.matched, summary.suspense) == (1, [])
    assert Balance.objects.get().state == "paid"
    assert ledger.balance(ledger.case(balance.round.lot.case_number)) == Money(6_000_000)
    assert '"about":"paid"' in Event.objects.order_by("seq").last().leaf


def test_the_same_statement_twice_counts_once(stripe_server: FakeStripe) -> None:
    balance = a_sale()
    line = ("B1", "1000", LIN, balance.remittance_code)

    imported(line)
    again = imported(line, ("B2", "2000", LIN, balance.remittance_code))

    assert (again.lines, again.repeated, again.matched) == (2, 1, 1)
    assert Balance.objects.get().received_fen == 300_000


@pytest.mark.parametrize(
    ("amount", "name", "remark", "why"),
    [
        ("56500", "陈小明", "{code}", "other_payer"),
        ("56500", LIN, "尾款", "no_code"),
        ("56500", LIN, "SPAAAAAAAAA", "unknown_code"),
        ("56500.01", LIN, "{code}", "over"),
    ],
)
def test_what_does_not_fit_waits_in_suspense(
    stripe_server: FakeStripe, amount: str, name: str, remark: str, why: str
) -> None:
    balance = a_sale()

    summary = imported(("B1", amount, name, remark.format(code=balance.remittance_code)))

    assert summary.suspense == [("B1", why)]
    assert StatementLine.objects.get().state == "suspense"
    assert ledger.balance(ledger.SUSPENSE) == Money(1 if why == "over" else 5_650_000)


def test_the_payer_is_sealed(stripe_server: FakeStripe) -> None:
    balance = a_sale()

    imported(("B1", "1000", LIN, f"{balance.remittance_code} {LIN}"))

    row = StatementLine.objects.get()
    shown = f"{row.account}{row.reference}{row.code}{row.why}".encode() + bytes(row.sealed_payer)
    assert LIN.encode() not in shown


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"a,b\n1,2\n",
        "日期,流水号,金额,附言\n昨天,B1,1,x".encode(),
        "日期,流水号,金额,附言\n2026-11-20,B1,1,x\rx".encode(),
        b"\xff\xfe\x00",
    ],
)
def test_a_file_that_is_no_statement_changes_nothing(db: None, content: bytes) -> None:
    with pytest.raises(NotAStatement):
        import_statement(file=io.BytesIO(content), account="京0105", at=LATER)

    assert not StatementLine.objects.exists()


def test_a_deposit_may_come_by_several_transfers(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(an_open_round(), lin())
    start_payment(bidder=bidder, rail=Rail.BANK, urls=money.URLS, at=NOON)
    code = bidder.deposit.remittance_code

    first = import_statement(
        file=io.BytesIO(money.statement(("B1", "100000", LIN, code))), account="京0105", at=NOON
    )
    assert (first.matched, Deposit.objects.get().state) == (1, "due")
    import_statement(file=io.BytesIO(money.statement(("B2", "40000", LIN, code))), account="京0105", at=NOON)

    deposit = Deposit.objects.get()
    assert (deposit.state, deposit.rail, len(deposit.bidder.code)) == ("held", "bank", 5)


def test_a_deposit_by_transfer_is_sent_back_where_it_came_from(stripe_server: FakeStripe) -> None:
    round = an_open_round()
    bidder = money.a_registration(round, lin())
    code = bidder.deposit.remittance_code
    import_statement(file=io.BytesIO(money.statement(("B1", "140000", LIN, code))), account="京0105", at=NOON)
    close_round(round_id=round.pk, at=END + timedelta(seconds=3))

    release_due(LATER)
    assert (Deposit.objects.get().state, PaymentOrder.objects.get().state) == ("released", "ordered")
    imported(("B9", "-140000", LIN, code))

    assert PaymentOrder.objects.get().state == "paid"
    assert ledger.balance(ledger.BANK) == Money(0)


def test_a_strangers_transfer_under_the_same_code_gets_nothing_of_it(stripe_server: FakeStripe) -> None:
    round = an_open_round()
    code = money.a_registration(round, lin()).deposit.remittance_code
    imported(("B1", "0.01", "陈小明", code))
    import_statement(file=io.BytesIO(money.statement(("B2", "140000", LIN, code))), account="京0105", at=NOON)
    close_round(round_id=round.pk, at=END + timedelta(seconds=3))

    release_due(LATER)

    assert LIN in instructions(PaymentOrder.objects.all()).decode()


def test_the_order_of_a_statement_does_not_show_in_the_record(
    stripe_server: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = an_open_round()
    bidders = [money.a_registration(round, person) for person in (lin(), zhao())]
    names = (LIN, money.NAMES["zhao"][0])
    lines = [
        (name, "140000", name, each.deposit.remittance_code)
        for name, each in zip(names, bidders, strict=True)
    ]
    monkeypatch.setattr("random.SystemRandom.shuffle", lambda self, lines: lines.reverse())

    import_statement(file=io.BytesIO(money.statement(*lines)), account="京0105", at=NOON)

    codes = [Bidder.objects.get(pk=bidder.pk).code for bidder in bidders]
    assert [json.loads(event.leaf)["code"] for event in Event.objects.order_by("seq")] == codes[::-1]


def test_another_courts_statement_pays_nothing_here(stripe_server: FakeStripe) -> None:
    code = money.a_registration(an_open_round(), lin()).deposit.remittance_code
    file = io.BytesIO(money.statement(("B1", "140000", LIN, code)))

    summary = import_statement(file=file, account="沪0101", court="上海市黄浦区人民法院", at=NOON)

    assert (summary.suspense, Deposit.objects.get().state) == ([("B1", "unknown_code")], "due")


def test_part_of_a_deposit_is_sent_back_when_the_round_is_over(stripe_server: FakeStripe) -> None:
    round = an_open_round()
    code = money.a_registration(round, zhao()).deposit.remittance_code
    name = money.NAMES["zhao"][0]
    import_statement(file=io.BytesIO(money.statement(("B1", "1", name, code))), account="京0105", at=NOON)
    close_round(round_id=round.pk, at=END + timedelta(seconds=3))

    release_due(LATER)

    assert (Deposit.objects.get().state, PaymentOrder.objects.get().fen) == ("lapsed", 100)


def test_after_a_default_nothing_counts_any_more(stripe_server: FakeStripe) -> None:
    balance = a_sale()
    Round.objects.update(state="defaulted")

    summary = imported(("B1", "56500", LIN, balance.remittance_code))

    assert (summary.suspense, Balance.objects.get().state) == ([("B1", "over")], "due")
    assert ledger.balance(ledger.SUSPENSE) == Money(5_650_000)
    with pytest.raises(Refused):
        start_balance(balance=Balance.objects.get(), urls=money.URLS, at=LATER)


def test_part_of_a_deposit_is_sent_back_when_a_card_pays_it_whole(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(an_open_round(**money.a_small_round()), lin())
    imported(("B1", "1", LIN, bidder.deposit.remittance_code))

    money.paid(bidder, Rail.HOLD)

    assert (Deposit.objects.get().state, PaymentOrder.objects.get().fen) == ("held", 100)
    assert ledger.balance(ledger.pending(bidder.deposit.remittance_code)) == Money(0)


def test_a_small_balance_is_paid_by_card(stripe_server: FakeStripe) -> None:
    balance = a_sale()

    money.pay_page(start_balance(balance=balance, urls=money.URLS, at=LATER))
    refresh_balance(balance_id=balance.pk, at=LATER)
    refresh_balance(balance_id=balance.pk, at=LATER)

    assert Balance.objects.get().state == "paid"
    assert ledger.balance(ledger.CARDS) == Money(-6_000_000)


def test_a_large_balance_is_not(stripe_server: FakeStripe) -> None:
    balance = a_sale(price_fen=100_350_000)

    with pytest.raises(Refused):
        start_balance(balance=balance, urls=money.URLS, at=LATER)
