"""Practice: the real engine with play money, joined without a name, round after round, and never a sale."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from pytest_django import Settings

from auction.models import Bidder, Deposit, Document, Lot, Round
from auction.queries import due
from auction.queries.bidders import registrations_of
from auction.queries.lots import Wanted, practice_lot, provinces, rounds
from auction.rules.grounds import Ground, Refused
from auction.rules.money import Money
from auction.rules.window import CLOSE_DELAY, EXTENSION
from auction.services import practice, practice_partner
from auction.services.closing import close_round
from auction.services.opening import open_bidding
from auction.services.register import Consent, register
from auction.services.watch import stop_hit
from config import clerk
from config.lanes import Rests
from tests.support.bidding import a_recorded_round, bid, leaves, stands_as_recorded
from tests.support.clock import NOON, HandClock
from tests.support.people import chen, lin

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def round(clock: HandClock) -> Round:
    """Return a practice round that is open."""
    begun = practice.open_practice(at=NOON)
    open_bidding(round_id=begun.pk, at=NOON)
    return Round.objects.get(pk=begun.pk)


def ended(round: Round, clock: HandClock) -> Round:
    """Close the round at its end."""
    fresh = Round.objects.get(pk=round.pk)
    clock.set(fresh.closes_at + CLOSE_DELAY)
    assert close_round(round_id=round.pk, at=clock.at)
    return Round.objects.get(pk=round.pk)


def test_anyone_joins_without_name_or_deposit_and_bids_by_the_real_rules(round: Round) -> None:
    bidder = practice.join(round_id=round.pk, person=chen(), at=NOON)
    late = bid(bidder, 1_000_000, NOON)

    assert late.accepted
    assert bid(bidder, 1_010_000, NOON).ground == Ground.ALREADY_LEADING
    assert not Deposit.objects.exists()
    assert stands_as_recorded(round.pk)


def test_who_joins_twice_keeps_his_code_and_only_a_seal_tells_who_he_is(round: Round) -> None:
    first, again = (practice.join(round_id=round.pk, person=chen(), at=NOON) for _ in range(2))

    assert first == again
    assert [leaf["kind"] for leaf in leaves(round.pk)].count("qualify") == 1
    assert "chen" not in json.dumps(leaves(round.pk))


def test_the_record_says_first_of_all_that_it_is_practice(round: Round) -> None:
    assert leaves(round.pk)[0]["practice"] is True


def test_a_bid_in_the_last_five_minutes_moves_the_end(round: Round, clock: HandClock) -> None:
    bidder = practice.join(round_id=round.pk, person=lin(), at=NOON)
    clock.set(round.closes_at - timedelta(seconds=1))

    bid(bidder, 1_000_000, clock.at)

    assert Round.objects.get(pk=round.pk).closes_at == clock.at + EXTENSION


def test_what_is_won_is_no_sale(round: Round, clock: HandClock) -> None:
    bid(practice.join(round_id=round.pk, person=lin(), at=NOON), 1_000_000, NOON)

    won = ended(round, clock)
    for lane in clerk.AFTERWARDS[:2]:
        lane.turn(Rests())

    assert won.state == "sold"
    assert due.to_confirm(clock.at) == []
    assert Round.objects.get(pk=round.pk).state == "sold"
    assert not Document.objects.exists()


def test_rounds_follow_each_other_and_two_clerks_begin_one(round: Round, clock: HandClock) -> None:
    assert practice.keep_going(NOON) == []
    over = ended(round, clock)
    assert practice.keep_going(clock.at) == []

    clock.set(clock.at + practice.RESULT_STANDS)
    begun = practice.keep_going(clock.at)

    assert practice.keep_going(clock.at) == []
    assert [one.lot_id for one in begun] == [over.lot_id]
    assert begun[0].opens_at == clock.at


def test_the_partner_outbids_after_a_while_up_to_his_limit_and_never_himself(
    round: Round, clock: HandClock
) -> None:
    bidder = practice.join(round_id=round.pk, person=lin(), at=NOON)
    bid(bidder, 1_000_000, NOON)
    assert practice_partner.play(NOON + timedelta(seconds=5)) == []

    clock.set(NOON + timedelta(minutes=1))
    [answer] = practice_partner.play(clock.at)

    assert answer.accepted
    assert Round.objects.get(pk=round.pk).price_fen == 101_000_000
    assert practice_partner.play(clock.at + timedelta(minutes=1)) == []
    above = Money(practice_partner.limit(round)).fen / 100
    assert bid(bidder, above, clock.at).accepted
    assert practice_partner.play(clock.at + timedelta(minutes=1)) == []


def test_nobody_can_sign_in_as_the_partner(round: Round) -> None:
    assert not practice_partner.partner().has_usable_password()
    assert not practice_partner.partner().check_password("")


def test_practice_is_in_no_list_and_among_nobodys_auctions(round: Round) -> None:
    practice.join(round_id=round.pk, person=lin(), at=NOON)

    assert list(rounds(Wanted())) == []
    assert provinces() == []
    assert registrations_of(lin()) == []
    assert practice_lot() == round.lot


def test_what_keeps_a_real_round_from_closing_does_not_keep_practice(
    round: Round, clock: HandClock, settings: Settings
) -> None:
    settings.FAIR_CLOSE_GATE = True  # and nothing is known of whether anybody could reach the platform
    real = a_recorded_round(closes_at=round.closes_at)
    clock.set(round.closes_at + CLOSE_DELAY)

    stopped = {event.round_id for event in stop_hit(clock.at)}

    assert close_round(round_id=real.pk, at=clock.at) is None
    assert round.pk not in stopped
    assert ended(round, clock).state == "unsold"


def test_no_real_round_is_joined_so_and_no_practice_is_registered_for(round: Round) -> None:
    real = a_recorded_round()

    with pytest.raises(Refused):
        practice.join(round_id=real.pk, person=lin(), at=NOON)
    with pytest.raises(Refused):
        register(round_id=round.pk, person=lin(), consent=Consent(frozenset()), at=NOON)
    with pytest.raises(ValueError, match=str(real.lot_id)):
        practice.begin(lot=real.lot, at=NOON)
    assert not Bidder.objects.exists()


def test_the_end_is_a_whole_second_so_that_nothing_seems_extended(round: Round) -> None:
    odd = practice.begin(lot=round.lot, at=NOON + timedelta(milliseconds=700))

    assert (odd.closes_at.microsecond, odd.announced_closes_at) == (0, odd.closes_at)


def test_who_comes_after_the_end_is_refused(round: Round, clock: HandClock) -> None:
    ended(round, clock)

    with pytest.raises(Refused):
        practice.join(round_id=round.pk, person=lin(), at=clock.at)


def test_the_command_sets_the_lot_up_once(clock: HandClock, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("practice", skip_checks=True)
    call_command("practice", skip_checks=True)

    assert Lot.objects.filter(practice=True).count() == 1
    assert Round.objects.count() == 1
    assert "/lots/" in capsys.readouterr().out
