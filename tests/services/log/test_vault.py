"""The vault opens one seal of a round, the purchaser's, once the signed log says that he bought."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from auction.log import vault as vaults
from auction.log.envelope import NotSealedSo
from auction.log.openings import FIRST, Openings, OtherOpened
from auction.log.signer import Signer
from auction.models import Bidder, Document, Event, Round
from auction.models.sealing import SealBroken, seal, unseal
from auction.rules.grounds import Refused
from auction.rules.identity import Identity
from auction.services import seals
from auction.services.closing import close_round
from auction.services.confirmation import confirm_sale
from auction.services.deposit_secured import give_code
from auction.services.log_proof import under_last
from auction.services.log_publish import grow
from config.clerk import _confirm
from tests.support import money
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import NOON, chen, lin

pytestmark = pytest.mark.django_db

LIN, CHEN = (Identity("natural", *money.NAMES[name]) for name in ("lin", "chen"))
END = NOON + timedelta(hours=23, seconds=3)


@pytest.fixture
def sale(signer: Signer) -> Round:
    """Give a round in which Lin and Chen bid, and Lin leads."""
    round = a_recorded_round()
    mine, other = (registered(round, person) for person in (lin(), chen()))
    bid(other, 1_400_000, NOON)
    bid(mine, 1_405_000, NOON)
    return Round.objects.get()


def registered(round: Round, person: Any) -> Bidder:
    bidder = money.a_registration(round, person)
    round.refresh_from_db()
    give_code(round=round, bidder=bidder, at=NOON)
    return bidder


def sold() -> Round:
    assert close_round(round_id=Round.objects.get().pk, at=END)
    return Round.objects.select_related("leading").get()


def question(close: Event, bidder: Bidder, **changed: Any) -> dict[str, Any]:
    """Return the question that opens a bidder's seal, if the vault lets it."""
    qualify = Event.objects.get(kind="qualify", leaf__contains=bidder.commitment)
    shown = [vaults.leaf(*entry) for entry in under_last([close, qualify]).entries]
    sealed = seals.vault.b64encode(bidder.sealed).decode()
    asked = {"ask": "open", "close": shown[0], "qualify": shown[1], "sealed": sealed, "why": "confirmation"}
    return {**asked, "bound": f"judic-seal/v2|bidder|{bidder.holder}", **changed}


def lins() -> Bidder:
    return Bidder.objects.get(number=1)


def chens() -> Bidder:
    return Bidder.objects.get(number=2)


def test_neither_database_nor_identity_key_opens_a_seal(sale: Round, signer: Signer) -> None:
    bidder, other = lins(), chens()

    assert bytes(bidder.sealed)[:1] == b"\x02"
    with pytest.raises(SealBroken):
        unseal(seals.PURPOSE, bidder.holder, bidder.sealed)
    assert Round.objects.get().seal_key == seals.vault.round_key(sale.pk).hex()
    assert not set(signer.answer({"ask": "round_key", "lot": sale.pk})) - {"key"}
    assert bytes(bidder.sealed)[1:33] != bytes(other.sealed)[1:33]  # an ephemeral key each


def test_the_sale_waits_for_the_signature_over_its_end(sale: Round) -> None:
    grow(at=NOON)
    round = sold()

    with pytest.raises(seals.StillClosed):
        confirm_sale(round_id=round.pk, at=END)
    _confirm(round.pk, END)
    assert not Document.objects.exists()

    grow(at=END)
    _confirm(round.pk, END)
    assert Document.objects.get().facts["purchaser"] == LIN.name


def test_while_bidding_goes_on_nothing_opens(sale: Round, signer: Signer) -> None:
    grow(at=NOON)
    last = Event.objects.filter(kind="bid").last()
    assert last

    assert signer.answer(question(last, lins()))["refused"] == "the leaf is no close"
    with pytest.raises(Refused):
        seals.purchaser(Round.objects.get(), "confirmation", at=NOON)


def test_a_close_that_nobody_signed_opens_nothing(sale: Round, signer: Signer) -> None:
    grow(at=NOON)
    said = question(Event.objects.filter(kind="bid")[0], lins())
    forged = json.dumps(
        {"kind": "close", "lot": sale.pk, "winner": lins().code}, sort_keys=True, separators=(",", ":")
    )

    answer = signer.answer({**said, "close": {**said["close"], "leaf": forged}})

    assert answer["refused"] == "the leaf is not in the signed log"


def test_a_loser_is_never_opened(sale: Round, signer: Signer) -> None:
    sold()
    grow(at=END)
    close = Event.objects.get(kind="close")

    assert signer.answer(question(close, chens()))["refused"] == "the record names another as the purchaser"
    swapped = question(close, lins(), sealed=seals.vault.b64encode(chens().sealed).decode())
    assert signer.answer(swapped)["refused"] == "the seal is broken"
    swapped["bound"] = question(close, chens())["bound"]
    assert signer.answer(swapped)["refused"] == "the record commits to somebody else"
    assert signer.answer(question(close, lins()))["plain"]["name"] == LIN.name


def test_every_opening_is_in_the_journal_and_its_hash_in_the_record(sale: Round, tmp_path: Path) -> None:
    round = sold()
    grow(at=END)
    confirm_sale(round_id=round.pk, at=END)
    with pytest.raises(SealBroken):
        seals.purchaser(Round.objects.get(), "No reason!", at=END)

    lines = (tmp_path / "signer/openings").read_text().splitlines()
    notes = [json.loads(each.leaf) for each in Event.objects.filter(kind="note")]
    hashes = [note["opening"] for note in notes if note["about"] == "opening"]
    assert hashes == [hashlib.sha256(line.encode()).hexdigest() for line in lines]
    assert [(each["code"], each["why"]) for each in map(json.loads, lines)] == [(lins().code, "confirmation")]
    assert LIN.name not in str(notes) + str(lines)
    for secret in ("openings", "vault"):
        assert (tmp_path / "signer" / secret).stat().st_mode & 0o077 == 0


def test_a_key_put_in_the_place_of_the_vaults_is_noticed(sale: Round) -> None:
    Round.objects.update(seal_key="ab" * 32)

    with pytest.raises(SealBroken, match="another key"):
        seals.key_of(Round.objects.get())


def test_without_the_vault_registration_goes_on_and_opening_waits(sale: Round, settings: Settings) -> None:
    round = sold()
    grow(at=END)
    key, settings.SIGNER_SOCKET = seals.key_of(round), "/nowhere"

    assert seals.key_of(round) == key
    with pytest.raises(seals.StillClosed):
        seals.purchaser(round, "confirmation", at=END)


def test_a_signer_that_signs_meanwhile_is_asked_again(sale: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    round = sold()
    grow(at=END)
    meanwhile = [1, 2]

    def proved(events: Any) -> Any:
        under = under_last(events)
        if meanwhile:
            a_recorded_round()
            grow(at=END + timedelta(seconds=meanwhile.pop()))
        return under

    monkeypatch.setattr(seals.vault, "under_last", proved)

    assert seals.vault.opened(bytes(lins().sealed), question_bound(), leaves(round), "ruling")["opening"]


def question_bound() -> str:
    return f"judic-seal/v2|bidder|{lins().holder}"


def leaves(round: Round) -> tuple[Event, Event]:
    qualify = Event.objects.get(round=round, leaf__contains=lins().commitment)
    return Event.objects.get(round=round, kind="close"), qualify


def test_a_signer_that_starts_again_opens_what_was_sealed_before(sale: Round, tmp_path: Path) -> None:
    sold()
    grow(at=END)

    again = Signer(tmp_path / "signer", "auction.example/log")

    assert again.answer(question(Event.objects.get(kind="close"), lins()))["plain"]["number"] == LIN.number


def test_what_was_sealed_before_there_was_a_vault_still_opens(sale: Round) -> None:
    bidder = lins()
    plain = {"kind": LIN.kind, "name": LIN.name, "number": LIN.number, "nonce": "00"}
    Bidder.objects.filter(pk=bidder.pk).update(sealed=seal(seals.PURPOSE, bidder.holder, plain))

    assert seals.purchaser(sold(), "confirmation", at=END).identity == LIN


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"lot": "x"},
        {"close": 1},
        {"close": {"leaf": "[" * 60_000, "index": 0, "path": []}},
        {"close": {"leaf": "{}", "index": "0", "path": []}},
        {"close": {"leaf": "{}", "index": 0, "path": ["!"]}},
    ],
)
@pytest.mark.parametrize("kind", ["round_key", "open"])
def test_a_question_that_makes_no_sense_is_refused(signer: Signer, kind: str, asked: dict[str, Any]) -> None:
    assert signer.answer({"ask": kind, **asked})["refused"]


def test_a_second_code_of_a_round_is_not_opened_whatever_the_log_says(tmp_path: Path) -> None:
    journal = Openings(tmp_path / "openings")
    first = journal.add(7, "AAAAA", "confirmation", at=1)

    with pytest.raises(OtherOpened):
        journal.add(7, "BBBBB", "confirmation", at=2)
    with pytest.raises(OtherOpened):
        Openings(tmp_path / "openings").add(7, "BBBBB", "confirmation", at=2)
    assert first != journal.add(7, "AAAAA", "ruling", at=3) != FIRST


def test_a_journal_cut_short_goes_on_and_a_changed_one_does_not(tmp_path: Path) -> None:
    path = tmp_path / "openings"
    Openings(path).add(7, "AAAAA", "confirmation", at=1)
    path.write_text(path.read_text() + '{"at":2,"co')
    last = Openings(path).add(8, "CCCCC", "confirmation", at=2)

    assert hashlib.sha256(path.read_text().splitlines()[1].encode()).hexdigest() == last
    path.write_text("".join(path.read_text().splitlines(keepends=True)[1:]))
    with pytest.raises(ValueError, match="was changed"):
        Openings(path)


def test_a_seal_of_another_version_is_not_opened(signer: Signer) -> None:
    with pytest.raises(NotSealedSo):
        vaults.envelope.opened(signer.vault._secret(1), "x", b"\x03rest")
