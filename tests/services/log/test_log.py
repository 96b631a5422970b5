"""The log grows by what the records grow by, is signed and published; nothing makes it shrink."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from auction.log import note, tree
from auction.log.checkpoint import Checkpoint, read
from auction.log.signer import Refused, Signer, Unreachable, signed
from auction.log.tiles import unbundled
from auction.models import Event, Log, Logged, Round
from auction.services import log_publish
from auction.services.sequence import sequence
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import NOON, a_bidder, chen, lin

pytestmark = pytest.mark.django_db


def rounds(count: int = 2, bids: int = 3) -> list[Round]:
    """Return rounds whose records have some bids, in turn."""
    made = [a_recorded_round() for _ in range(count)]
    pairs = [(a_bidder(round, lin()), a_bidder(round, chen())) for round in made]
    for number in range(bids):
        for pair in pairs:
            bid(pair[number % 2], 1_400_000 + 5_000 * number, NOON)
    return made


def grown() -> Log:
    return sequence(at=NOON)


def in_order() -> list[str]:
    return list(Logged.objects.order_by("index").values_list("event__leaf", flat=True))


def test_every_leaf_has_one_place_and_each_rounds_leaves_keep_their_order() -> None:
    made = rounds()

    log = grown()
    assert log.size == Event.objects.count() == len(in_order()) > 6
    assert list(Logged.objects.values_list("index", flat=True)) == list(range(log.size))
    for round in made:
        mine = Logged.objects.filter(event__round=round).order_by("index")
        assert list(mine.values_list("event__seq", flat=True)) == list(range(1, mine.count() + 1))


def test_what_came_since_comes_behind() -> None:
    rounds(1)
    before = grown().size
    first = in_order()
    rounds(1)

    after = grown()
    assert after.size == Event.objects.count() > before
    assert in_order()[:before] == first
    assert grown().size == after.size


def test_a_place_is_never_changed() -> None:
    rounds(1)
    grown()

    for change in ("UPDATE auction_logged SET index = index + 100", "DELETE FROM auction_logged"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_the_checkpoint_is_over_exactly_the_leaves(signer: Signer, settings: Settings) -> None:
    rounds()
    log = grown()

    text = log_publish.publish(log, at=NOON)
    told = read(note.parse(text).text)
    assert note.verified(note.parse(text), [note.vkey(signer.vkey())])
    assert (told.origin, told.size) == ("auction.example/log", log.size)
    assert told.root == _root([leaf.encode() for leaf in in_order()])
    assert (Path(settings.LOG_DIR) / "checkpoint").read_text(encoding="utf-8") == text
    bundle = (Path(settings.LOG_DIR) / f"tile/entries/000.p/{log.size}").read_bytes()
    assert list(unbundled(bundle)) == [leaf.encode() for leaf in in_order()]
    log.refresh_from_db()
    assert (log.signed_size, log.checkpoint, log.vkey) == (log.size, text, signer.vkey())


def test_a_publisher_that_died_after_the_signature_is_no_obstacle(signer: Signer) -> None:
    rounds(1)
    log_publish.publish(grown(), at=NOON)
    Log.objects.update(signed_size=0, checkpoint="")  # as if the database had never heard of it
    rounds(1)

    text = log_publish.publish(grown(), at=NOON)
    assert read(note.parse(text).text).size == Event.objects.count()


def test_an_older_publisher_puts_nothing_in_the_place_of_the_newer(signer: Signer) -> None:
    rounds(1)
    old = grown()
    older = log_publish.publish(old, at=NOON)
    rounds(1)
    newer = log_publish.publish(grown(), at=NOON)
    old.refresh_from_db()
    old.checkpoint, old.size, old.signed_size = older, read(note.parse(older).text).size, 0

    with pytest.raises(log_publish.Stale):
        log_publish.publish(old, at=NOON)
    assert log_publish.tiles().checkpoint() == newer


def test_a_database_older_than_what_was_signed_is_refused_with_both_sizes(signer: Signer) -> None:
    rounds(1)
    log = grown()
    log_publish.publish(log, at=NOON)
    restored = Log.objects.get()
    restored.size, restored.signed_size = log.size - 2, log.size - 3

    with pytest.raises(log_publish.Stale) as stale:
        log_publish.publish(restored, at=NOON)
    assert str(log.size) in str(stale.value)
    assert str(log.size - 2) in str(stale.value)


def test_nothing_starts_on_a_database_older_than_what_was_signed(signer: Signer) -> None:
    rounds(1)
    log_publish.publish(grown(), at=NOON)
    log_publish.demand_whole()
    Log.objects.update(size=1)

    with pytest.raises(log_publish.Stale, match="1"):
        log_publish.demand_whole()


def test_the_signer_signs_no_other_history(signer: Signer, settings: Settings) -> None:
    rounds(1)
    log_publish.publish(grown(), at=NOON)
    size = Log.objects.get().size
    forged = Checkpoint("auction.example/log", size, b"\x01" * 32)

    with pytest.raises(Refused) as refused:
        signed(Path(settings.SIGNER_SOCKET), size, forged, [])
    assert refused.value.size == size
    with pytest.raises(Refused):
        signed(Path(settings.SIGNER_SOCKET), 0, forged._replace(size=size + 1), [])
    assert signer.memory.last().root != forged.root


def test_a_signer_that_starts_again_knows_what_it_signed(signer: Signer, tmp_path: Path) -> None:
    rounds(1)
    log_publish.publish(grown(), at=NOON)

    again = Signer(tmp_path / "signer", "auction.example/log")
    assert again.vkey() == signer.vkey()
    assert again.memory.last() == signer.memory.last()
    assert again.memory.last().size == Log.objects.get().size
    assert (tmp_path / "signer/keys").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "asked", [{}, {"ask": "sign"}, {"ask": "sign", "old": 0, "size": "x", "root": 1, "proof": []}]
)
def test_a_question_that_makes_no_sense_is_refused(signer: Signer, asked: dict[str, object]) -> None:
    assert signer.answer(asked)["refused"]


def test_without_a_signer_the_log_grows_and_waits(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNER_SOCKET, settings.LOG_DIR = str(tmp_path / "nobody"), str(tmp_path / "log")
    rounds(1)

    with pytest.raises(Unreachable):
        log_publish.publish(grown(), at=NOON)
    assert Log.objects.get().size == Event.objects.count()


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return tree.leaf_hash(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return tree.node_hash(_root(leaves[:split]), _root(leaves[split:]))
