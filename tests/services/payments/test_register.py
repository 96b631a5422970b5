"""Registration: checked, warned, sealed; the code comes with the deposit."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from auction.models import Barred, Bidder, Event, PriorityRight, Round
from auction.models.sealing import number_hash
from auction.queries.bidders import bidder_of, registrations_of
from auction.rules.grounds import Ground, Refused
from auction.rules.identity import Identity, commitment
from auction.services import seals
from auction.services.closing import close_round
from auction.services.register import Consent, register
from tests.support import money
from tests.support.people import NOON, an_announced_round, an_open_round, chen, lin, zhao

pytestmark = pytest.mark.usefixtures("books")


def refused(round: Round, name: str = "lin", consent: Consent | None = None) -> Ground:
    person = money.named({"lin": lin, "chen": chen}[name]())
    with pytest.raises(Refused) as refusal:
        register(round_id=round.pk, person=person, consent=consent or money.consent(round), at=NOON)
    return refusal.value.ground


def test_a_registration_waits_for_its_deposit() -> None:
    bidder = money.a_registration(an_open_round(), lin())

    assert (bidder.code, bidder.qualified_at, bidder.deposit.state) == ("", None, "due")
    assert bidder.deposit.amount_fen == 14_000_000
    assert not Event.objects.exists()


def test_without_a_real_name_nobody_registers() -> None:
    round = an_open_round()

    with pytest.raises(Refused) as refusal:
        register(round_id=round.pk, person=lin(), consent=money.consent(round), at=NOON)

    assert refusal.value.ground is Ground.NO_REAL_NAME


def test_every_warning_must_be_read() -> None:
    assert refused(an_open_round(), consent=Consent(frozenset())) is Ground.WARNINGS_UNREAD


def test_a_person_registers_once() -> None:
    round = an_open_round()
    money.a_registration(round, lin())

    assert refused(round) is Ground.ALREADY_REGISTERED


def test_the_courts_people_are_barred_by_number_not_by_account() -> None:
    number = number_hash(money.NAMES["chen"][1])
    Barred.objects.create(number_hash=number, why="office", reason="clerk of the court", at=NOON)

    assert refused(an_open_round(), "chen") is Ground.BARRED_OFFICE


def test_an_officer_is_barred_by_the_desk_alone() -> None:
    chen().user_permissions.add(Permission.objects.get(codename="change_tour"))

    assert refused(an_open_round(), "chen") is Ground.BARRED_OFFICE


def test_registration_ends_with_the_bidding() -> None:
    assert refused(an_open_round(closes_at=NOON)) is Ground.REGISTRATION_CLOSED


def test_registration_goes_on_during_an_extension() -> None:
    round = an_open_round(
        announced_closes_at=NOON - timedelta(minutes=1), closes_at=NOON + timedelta(minutes=4)
    )

    assert money.a_registration(round, lin()).pk


def test_a_priority_purchaser_is_known_by_number() -> None:
    round = an_open_round()
    right = {"nature": "tenant", "holder": "赵", "number_hash": number_hash(money.NAMES["zhao"][1])}
    PriorityRight.objects.create(lot=round.lot, rank=2, **right)

    assert money.a_registration(round, zhao()).rank == 2
    assert money.a_registration(round, lin()).rank is None


@pytest.mark.parametrize(("claim", "due"), [(13_999_999, 1), (14_000_000, 0)])
def test_an_applicant_pays_what_his_claim_leaves_open(claim: int, due: int) -> None:
    round = an_announced_round()
    round.lot.applicants = [{"number_hash": number_hash(money.NAMES["lin"][1]), "claim_fen": claim}]
    round.lot.save()

    bidder = money.a_registration(round, lin())

    assert bidder.deposit.amount_fen == due
    assert bool(bidder.code) is (due == 0)


def test_the_record_commits_to_the_identity_and_hides_it() -> None:
    round = an_open_round()
    right = [{"number_hash": number_hash(money.NAMES["lin"][1]), "claim_fen": 99_000_000}]
    round.lot.applicants = right
    round.lot.save()

    bidder = money.a_registration(round, lin())

    leaf = json.loads(Event.objects.get(kind="qualify").leaf)
    assert (leaf["code"], leaf["commit"]) == (bidder.code, bidder.commitment)
    opened = bought(bidder)
    assert opened.identity == Identity("natural", *money.NAMES["lin"])
    assert commitment(opened.identity, bytes.fromhex(opened.nonce)) == leaf["commit"]


def bought(bidder: Bidder) -> seals.Opened:
    """Let the bidder buy, and open the seal."""
    Round.objects.update(leading=bidder, price_fen=150_000_000, leading_at=NOON)
    end = bidder.round.closes_at + timedelta(seconds=3)
    assert close_round(round_id=bidder.round_id, at=end)
    return seals.purchaser(Round.objects.get(), "confirmation", at=end)


@pytest.mark.parametrize("state", ["announced", "open", "suspended"])
def test_the_seal_stays_closed_until_the_bidding_is_over(state: str) -> None:
    bidder = money.a_registration(an_open_round(), lin())
    bidder.round.state, bidder.round.leading = state, bidder

    with pytest.raises(Refused):
        seals.purchaser(bidder.round, "confirmation", at=NOON)


def test_only_the_person_finds_the_registration() -> None:
    first, second = an_open_round(), an_open_round()
    mine = money.a_registration(first, lin())
    also_mine = money.a_registration(second, lin())

    assert bidder_of(first.pk, lin()) == mine
    assert bidder_of(first.pk, chen()) is None
    assert registrations_of(lin()) == [mine, also_mine] or registrations_of(lin()) == [also_mine, mine]
    assert mine.holder != also_mine.holder
    assert mine.payer != also_mine.payer
