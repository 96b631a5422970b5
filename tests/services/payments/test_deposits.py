"""Deposits by card: held or charged, qualified, applied, released; looked up, never believed."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest

from auction.models import Bidder, Deposit, Event, Round, RoundState
from auction.payments.base import ProviderDown
from auction.rules.deposit import Rail
from auction.rules.grounds import Refused
from auction.services import ledger
from auction.services.closing import close_round
from auction.services.deposits import forfeit, lapse, refresh, release_due, start_payment
from auction.services.reconcile import sweep
from tests.support import money
from tests.support.fake_stripe.server import FakeStripe
from tests.support.people import NOON, an_open_round, chen, lin, zhao

pytestmark = pytest.mark.usefixtures("books")

END = NOON + timedelta(hours=23)
AFTER = END + timedelta(seconds=3)


def a_round(**given: object) -> Round:
    return an_open_round(**money.a_small_round(), **given)


def closed(round: Round, winner: Deposit | None = None) -> None:
    if winner:
        Round.objects.filter(pk=round.pk).update(
            leading=winner.bidder, price_fen=5_000_000, leading_at=NOON, bid_count=1
        )
    close_round(round_id=round.pk, at=AFTER + timedelta(days=31))


def test_a_hold_qualifies_its_bidder(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(), lin())

    deposit = money.paid(bidder, Rail.HOLD)

    assert (deposit.state, deposit.rail, deposit.capture_before) == (
        "held",
        "stripe_hold",
        NOON + 7 * money.DAY,
    )
    assert len(deposit.bidder.code) == 5
    assert Event.objects.get().kind == "qualify"
    assert ledger.balance(ledger.HOLDS).fen == -350_000


def test_the_record_does_not_tell_who_has_priority(stripe_server: FakeStripe) -> None:
    round = a_round()
    bidder = money.a_registration(round, lin())
    Bidder.objects.update(rank=1)

    money.paid(bidder, Rail.HOLD)

    assert "rank" not in json.loads(Event.objects.get().leaf)


def test_a_round_that_lasts_longer_than_a_hold_charges(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(closes_at=NOON + 8 * money.DAY), lin())

    with pytest.raises(Refused):
        start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON)

    assert money.paid(bidder, Rail.CHARGE).rail == "stripe_charge"


def test_nothing_is_held_before_the_card_has_paid(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(), lin())

    declined = money.paid(bidder, Rail.HOLD, number=money.DECLINED)

    assert (declined.state, declined.bidder.code) == ("due", "")
    assert money.paid(bidder, Rail.HOLD).state == "held"


def test_the_same_page_is_used_again(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(), lin())

    first = start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON)
    bidder.deposit.refresh_from_db()

    assert start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON) == first


def test_a_lost_answer_opens_no_second_page(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(), lin())
    stripe_server.store.set("timeout_after_effect", 1)

    start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON)

    assert len(stripe_server.store.every("checkout.session")) == 1


def test_a_payment_of_another_deposit_is_not_believed(
    stripe_server: FakeStripe, caplog: pytest.LogCaptureFixture
) -> None:
    round = a_round()
    theirs = money.paid(money.a_registration(round, chen()), Rail.HOLD)
    mine = money.a_registration(round, lin()).deposit
    Deposit.objects.filter(pk=mine.pk).update(session=theirs.session)

    with caplog.at_level(logging.ERROR):
        assert refresh(deposit_id=mine.pk, at=NOON).state == "due"


def test_a_deposit_that_comes_after_the_end_goes_straight_back(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(), lin())
    money.pay_page(start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON))

    late = refresh(deposit_id=bidder.deposit.pk, at=END)
    release_due(END)

    assert (late.bidder.code, late.release_by) == ("", END + money.DAY)
    assert Deposit.objects.get().state == "released"
    assert not Event.objects.exists()


@pytest.mark.parametrize("rail", [Rail.HOLD, Rail.CHARGE])
def test_losers_get_their_deposits_back_and_the_winners_counts(stripe_server: FakeStripe, rail: Rail) -> None:
    closes_at = END if rail is Rail.HOLD else NOON + 30 * money.DAY
    round = a_round(closes_at=closes_at)
    winner = money.paid(money.a_registration(round, lin()), rail)
    loser = money.paid(money.a_registration(round, zhao()), rail)
    closed(round, winner)

    assert release_due(closes_at + timedelta(hours=1)) == 2

    assert [Deposit.objects.get(pk=each.pk).state for each in (winner, loser)] == ["applied", "released"]
    assert ledger.balance(ledger.price(round.pk)).fen == 350_000
    assert money.at_provider(winner).where == "paid"
    assert money.at_provider(loser).where in ("gone", "returned")


def test_releasing_again_changes_nothing(stripe_server: FakeStripe) -> None:
    round = a_round()
    money.paid(money.a_registration(round, lin()), Rail.HOLD)
    closed(round)

    assert [release_due(AFTER), release_due(AFTER + money.DAY)] == [1, 0]

    assert not Deposit.objects.get().late


def test_nothing_is_released_before_the_end(stripe_server: FakeStripe) -> None:
    deposit = money.paid(money.a_registration(a_round(), lin()), Rail.HOLD)

    assert release_due(AFTER + money.DAY) == 0
    assert money.at_provider(deposit).where == "held"


def test_a_provider_that_is_down_is_asked_again_and_refunds_once(stripe_server: FakeStripe) -> None:
    round = a_round(closes_at=NOON + 30 * money.DAY)
    money.paid(money.a_registration(round, lin()), Rail.CHARGE)
    closed(round)
    at = NOON + 31 * money.DAY
    stripe_server.store.set("fail_next", 3)

    assert release_due(at) == 0
    assert release_due(at + timedelta(seconds=1)) == 0
    assert release_due(at + timedelta(minutes=2)) == 1

    assert len(stripe_server.store.every("refund")) == 1
    assert Deposit.objects.get().late


def test_a_late_deposit_says_so_while_it_is_late(stripe_server: FakeStripe) -> None:
    round = a_round()
    money.paid(money.a_registration(round, lin()), Rail.HOLD)
    closed(round)
    stripe_server.store.set("fail_next", 9)

    release_due(END + money.DAY)
    assert not Deposit.objects.get().late
    release_due(END + money.DAY + timedelta(seconds=1))

    assert (Deposit.objects.get().state, Deposit.objects.get().late) == ("held", True)


def test_one_deposit_that_cannot_be_settled_stops_no_other(
    stripe_server: FakeStripe, caplog: pytest.LogCaptureFixture
) -> None:
    round = a_round()
    broken = money.paid(money.a_registration(round, lin()), Rail.HOLD)
    Deposit.objects.filter(pk=broken.pk).update(rail=Rail.BANK)  # no transfer ever came
    money.paid(money.a_registration(round, zhao()), Rail.HOLD)
    closed(round)

    assert release_due(AFTER) == 1

    assert "could not be settled" in caplog.text


def test_a_killed_worker_does_not_refund_twice(
    stripe_server: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    round = a_round(closes_at=NOON + 30 * money.DAY)
    money.paid(money.a_registration(round, lin()), Rail.CHARGE)
    closed(round)
    at = NOON + 30 * money.DAY

    def killed(*_: object) -> None:
        raise ProviderDown

    with monkeypatch.context() as dying:
        dying.setattr("auction.services.deposit_release._released", killed)
        assert release_due(at) == 0
    money.set_clock(stripe_server, at + 2 * money.DAY)  # the provider has forgotten the idempotency key

    assert release_due(at + 2 * money.DAY) == 1
    assert len(stripe_server.store.every("refund")) == 1


def test_a_refund_that_comes_back_is_tried_again(stripe_server: FakeStripe) -> None:
    round = a_round(closes_at=NOON + 30 * money.DAY)
    deposit = money.paid(money.a_registration(round, lin()), Rail.CHARGE, number=money.REFUND_FAILS)
    closed(round)
    at = NOON + 30 * money.DAY
    release_due(at)

    money.set_clock(stripe_server, NOON + timedelta(seconds=5))
    assert refresh(deposit_id=deposit.pk, at=at).state == "held"
    assert release_due(at + timedelta(hours=2)) == 1

    assert [each["status"] for each in stripe_server.store.every("refund")] == ["succeeded", "failed"]


def test_a_hold_that_would_run_out_is_taken_in_time(stripe_server: FakeStripe) -> None:
    round = a_round()
    money.paid(money.a_registration(round, lin()), Rail.HOLD)
    Round.objects.update(closes_at=NOON + 6 * money.DAY)

    sweep(NOON + money.DAY)

    assert Deposit.objects.get().rail == "stripe_charge"
    assert (ledger.balance(ledger.HOLDS).fen, ledger.balance(ledger.CARDS).fen) == (0, -350_000)


def test_a_lost_hold_disqualifies(stripe_server: FakeStripe) -> None:
    deposit = money.paid(money.a_registration(a_round(), lin()), Rail.HOLD)
    money.set_clock(stripe_server, NOON + 8 * money.DAY)

    lost = refresh(deposit_id=deposit.pk, at=NOON + 8 * money.DAY)

    assert (lost.state, lost.bidder.qualified_at) == ("lapsed", None)


def test_a_lost_hold_of_which_no_notice_came_is_found_by_the_sweep(stripe_server: FakeStripe) -> None:
    money.paid(money.a_registration(a_round(), lin()), Rail.HOLD)
    Round.objects.update(closes_at=NOON + 8 * money.DAY)
    money.set_clock(stripe_server, NOON + 8 * money.DAY)

    sweep(NOON + 8 * money.DAY)

    assert Deposit.objects.get().state == "lapsed"


def test_who_pays_while_his_page_is_being_closed_has_paid(
    stripe_server: FakeStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    bidder = money.a_registration(a_round(), lin())
    page = start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON)
    monkeypatch.setattr("auction.payments.stripe.Stripe.close", lambda *_: money.pay_page(page))
    bidder.deposit.refresh_from_db()

    start_payment(bidder=bidder, rail=Rail.BANK, urls=money.URLS, at=NOON)

    assert Deposit.objects.get().state == "held"


def test_an_unpaid_registration_lapses_and_its_page_closes(stripe_server: FakeStripe) -> None:
    round = a_round()
    bidder = money.a_registration(round, lin())
    start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON)
    closed(round)

    release_due(AFTER)

    deposit = Deposit.objects.get()
    assert (deposit.state, money.at_provider(deposit).session_open) == ("lapsed", False)


def test_who_paid_before_the_page_was_closed_gets_it_back(stripe_server: FakeStripe) -> None:
    round = a_round()
    bidder = money.a_registration(round, lin())
    money.pay_page(start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON))
    closed(round)

    lapse(deposit_id=bidder.deposit.pk, at=AFTER)
    release_due(AFTER + money.DAY)

    deposit = Deposit.objects.get()
    assert (deposit.state, money.at_provider(deposit).where) == ("released", "gone")


def test_a_defaulter_loses_the_deposit_and_is_barred(stripe_server: FakeStripe) -> None:
    round = a_round()
    winner = money.paid(money.a_registration(round, lin()), Rail.HOLD)
    closed(round, winner)
    with pytest.raises(Refused):
        forfeit(deposit_id=winner.pk, at=AFTER)
    Round.objects.update(state=RoundState.DEFAULTED)

    forfeit(deposit_id=winner.pk, at=AFTER)

    assert ledger.balance(ledger.forfeited(round.pk)).fen == 350_000
    assert round.lot.barred.get().why == "defaulter"


def test_a_missed_notice_is_made_up_for_by_the_sweep(stripe_server: FakeStripe) -> None:
    bidder = money.a_registration(a_round(), lin())
    money.pay_page(start_payment(bidder=bidder, rail=Rail.HOLD, urls=money.URLS, at=NOON))

    sweep(NOON + timedelta(minutes=1))
    assert Deposit.objects.get().state == "due"
    sweep(NOON + timedelta(minutes=2))

    assert Deposit.objects.get().state == "held"
