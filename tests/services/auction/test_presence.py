"""A socket outlives its session: every bid is refused once its sender may no longer sign in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from auction.engine import Seat, submit_now
from auction.models import Bid, Person, Round
from auction.rules.grounds import Ground
from tests.support.bidding import a_recorded_round, an_offer
from tests.support.clock import HandClock
from tests.support.people import a_bidder, lin, zhao
from tests.support.seats import person_seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def round(clock: HandClock) -> Round:
    return a_recorded_round()


def log_out(seat: Seat) -> None:
    SessionStore(seat.session_key).flush()


def expire(seat: Seat) -> None:
    past = timezone.now() - timedelta(hours=1)
    Session.objects.filter(pk=seat.session_key).update(expire_date=past)


def lock_out(seat: Seat) -> None:
    Person.objects.filter(pk=seat.person_id).update(is_active=False)


def change_password(seat: Seat) -> None:
    Person.objects.filter(pk=seat.person_id).update(password="!another")


def sign_in_another(seat: Seat) -> None:
    theirs = person_seat(zhao(), 1).session_key
    data = Session.objects.get(pk=theirs).session_data
    Session.objects.filter(pk=seat.session_key).update(session_data=data)


@pytest.mark.parametrize("end", [log_out, expire, lock_out, change_password, sign_in_another])
def test_who_is_signed_in_no_more_does_not_bid(round: Round, end: Callable[[Seat], None]) -> None:
    offer = an_offer(a_bidder(round, lin()), 1_400_000)
    assert offer.seat is not None
    end(offer.seat)

    assert submit_now(offer).ground is Ground.NOT_QUALIFIED
    assert Bid.objects.count() == 0


def test_what_was_accepted_before_the_session_ended_is_still_told(round: Round) -> None:
    offer = an_offer(a_bidder(round, lin()), 1_400_000)
    first = submit_now(offer)
    assert offer.seat is not None
    log_out(offer.seat)

    assert submit_now(offer).receipt == first.receipt != ""
