"""A witness answers as c2sp.org/tlog-witness says, whoever asks, in whatever order, and forgets nothing."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.log import checkpoint, note, tree
from auction.log.checkpoint import Checkpoint
from auction.log.note import Note
from auction.log.witness import SIZE, Answer, Witness, hold, request
from tests.support.log import ORIGIN, ALog

AT = 1_795_000_000
NAME = "witness.example/w1"


@pytest.fixture
def log() -> ALog:
    return ALog()


@pytest.fixture
def witness(tmp_path: Path, log: ALog) -> Witness:
    return Witness(tmp_path, NAME, [log.key])


def shown(witness: Witness, log: ALog, old: int, size: int) -> Answer:
    """Return the answer to a checkpoint with the proof that is right for it."""
    return witness.add_checkpoint(request(old, log.steps(old, size), log.signed(size)), AT)


def test_a_log_that_grows_is_cosigned(witness: Witness, log: ALog) -> None:
    for old, size in ((0, 3), (3, 3), (3, 17), (17, 40)):
        answer = shown(witness, log, old, size)
        assert answer.status == 200
        given = note.parse(f"{log.signed(size)}{answer.body}")
        (mine,) = note.verified(given, [note.vkey(witness.vkey())])
        assert (mine.key.name, mine.key.type, mine.time) == (NAME, note.COSIGNATURE, AT)
        assert witness.memory(ORIGIN).last() == checkpoint.read(given.text)


def test_another_old_size_is_answered_with_the_right_one(witness: Witness, log: ALog) -> None:
    assert shown(witness, log, 5, 7) == Answer(409, "0\n", SIZE)
    shown(witness, log, 0, 7)

    for old, size in ((0, 9), (6, 9), (8, 9), (0, 3), (3, 3)):
        assert shown(witness, log, old, size) == Answer(409, "7\n", SIZE)
    assert shown(witness, log, 7, 9).status == 200


def test_a_smaller_log_is_refused(witness: Witness, log: ALog) -> None:
    shown(witness, log, 0, 7)

    body = request(7, [], log.signed(5))
    assert witness.add_checkpoint(body, AT).status == 400
    assert witness.memory(ORIGIN).last().size == 7


def test_another_history_is_refused_and_kept(witness: Witness, log: ALog, tmp_path: Path) -> None:
    shown(witness, log, 0, 7)
    before = witness.memory(ORIGIN).last()
    log.leaves[2] = b"a lower bid"

    assert shown(witness, log, 7, 7) == Answer(409, "7\n", SIZE)
    assert shown(witness, log, 7, 12) == Answer(422)
    assert shown(witness, log, 7, 12) == Answer(422)
    assert witness.memory(ORIGIN).last() == before
    kept = [path.read_text(encoding="utf-8") for path in (tmp_path / "refused").iterdir()]
    assert len(kept) == 2
    assert all(str(before) in text for text in kept)
    assert any(str(log.signed(12)) in text for text in kept)


@pytest.mark.parametrize("steps", [[], [b"\0" * 32], [b"\0" * 32] * 63])
def test_a_proof_that_is_none_is_refused(witness: Witness, log: ALog, steps: list[bytes]) -> None:
    shown(witness, log, 0, 7)

    assert witness.add_checkpoint(request(7, steps, log.signed(12)), AT).status == 422


def test_a_proof_where_none_belongs_is_refused(witness: Witness, log: ALog) -> None:
    body = request(0, [b"\0" * 32], log.signed(7))
    assert witness.add_checkpoint(body, AT).status == 422
    shown(witness, log, 0, 7)
    assert witness.add_checkpoint(request(7, [b"\0" * 32], log.signed(7)), AT).status == 422


def test_an_empty_log_has_one_root(witness: Witness, log: ALog) -> None:
    text = str(Checkpoint(ORIGIN, 0, b"\1" * 32))
    forged = Note(text, (note.sign(text, ORIGIN, log.secret),))

    assert witness.add_checkpoint(request(0, [], forged), AT).status == 409
    assert witness.memory(ORIGIN).last().root == tree.EMPTY
    text = str(Checkpoint(ORIGIN, 0, tree.EMPTY))
    empty = Note(text, (note.sign(text, ORIGIN, log.secret),))
    assert witness.add_checkpoint(request(0, [], empty), AT).status == 200
    assert shown(witness, log, 0, 7).status == 200


def test_a_log_nobody_named_is_unknown(witness: Witness, log: ALog) -> None:
    assert shown(witness, ALog(origin="other.example/log", secret=log.secret), 0, 7).status == 404


def test_only_the_logs_own_key_counts(witness: Witness, log: ALog) -> None:
    assert shown(witness, ALog(), 0, 7).status == 403
    good = log.signed(7)
    stranger = note.sign(good.text, "stranger.example", ALog().secret)
    both = Note(good.text, (stranger, *good.lines))
    other = note.sign(log.signed(8).text, ORIGIN, log.secret)

    assert witness.add_checkpoint(request(0, [], Note(good.text, (stranger,))), AT).status == 403
    assert witness.add_checkpoint(request(0, [], Note(good.text, (other,))), AT).status == 403
    assert witness.memory(ORIGIN).last().size == 0
    assert witness.add_checkpoint(request(0, [], both), AT).status == 200


def test_logs_are_remembered_each_for_itself(tmp_path: Path, log: ALog) -> None:
    other = ALog(origin="other.example/log")
    witness = Witness(tmp_path, NAME, [log.key, other.key])

    assert shown(witness, log, 0, 9).status == 200
    assert shown(witness, other, 0, 4).status == 200
    assert (witness.memory(ORIGIN).last().size, witness.memory(other.origin).last().size) == (9, 4)


def test_a_log_may_sign_with_its_next_key(tmp_path: Path, log: ALog) -> None:
    following = ALog()
    witness = Witness(tmp_path, NAME, [log.key, following.key])

    assert shown(witness, log, 0, 7).status == 200
    assert shown(witness, following, 7, 9).status == 200


def test_a_witness_that_starts_again_knows_what_it_cosigned(tmp_path: Path, log: ALog) -> None:
    first = Witness(tmp_path, NAME, [log.key])
    shown(first, log, 0, 7)

    again = Witness(tmp_path, NAME, [log.key])
    assert again.vkey() == first.vkey()
    assert shown(again, log, 0, 9) == Answer(409, "7\n", SIZE)
    assert shown(again, log, 7, 9).status == 200
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


def test_a_new_key_signs_beside_the_old(tmp_path: Path, log: ALog) -> None:
    old = Witness(tmp_path, NAME, [log.key]).vkey()
    with (tmp_path / "keys").open("a", encoding="ascii") as file:
        file.write(f"{'07' * 32}\n")

    witness = Witness(tmp_path, NAME, [log.key])
    given = note.parse(f"{log.signed(7)}{shown(witness, log, 0, 7).body}")
    assert len(note.verified(given, [note.vkey(old), note.vkey(witness.vkey())])) == 2


def test_two_processes_do_not_share_a_memory(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(BlockingIOError):
        hold(tmp_path)
    hold(tmp_path).close()


def test_of_many_at_once_one_goes_on_from_each_size(tmp_path: Path, log: ALog) -> None:
    """Each of the sizes cosigned is larger than the last, and one only was cosigned from 0."""
    witness, together, answers = Witness(tmp_path, NAME, [log.key]), Barrier(20), []

    def one(size: int) -> None:
        body = request(0, [], log.signed(size))
        together.wait()
        answers.append((size, witness.add_checkpoint(body, AT)))

    threads = [Thread(target=one, args=(size,)) for size in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((size, _),) = [each for each in answers if each[1].status == 200]
    assert witness.memory(ORIGIN).last().size == size
    assert {answer.body for _, answer in answers if answer.status == 409} == {f"{size}\n"}


@pytest.mark.parametrize(
    ("find", "put"),
    [
        (b"old 0", b"old"),
        (b"old 0", b"old  0"),
        (b"old 0", b"old 00"),
        (b"old 0", b"old -1"),
        (b"old 0", b"old 1x"),
        (b"old 0", b"OLD 0"),
        (b"old 0", b"\xff"),
        (b"old 0", "old ٣".encode()),
        (b"old 0", b"old 99999999999999999999"),
        (b"old 0\n", b""),
        (b"old 0\n", b"old 0\r\n"),
        (b"old 0\n", b"old 0\n!\n"),
        (b"old 0\n", b"old 0\nAAAA\n"),
        (b"old 0\n", b"old 0\n" + b"A" * 43 + b"=\n" + b" \n"),
        (b"old 0\n", b"old 0\n" + (b"A" * 43 + b"=\n") * 64),
        (b"\n7\n", b"\n07\n"),
        (b"\n7\n", b"\n7\nextension\n"),
        ("\n\n—".encode(), "\n—".encode()),
    ],
)
def test_what_is_no_request_is_refused(witness: Witness, log: ALog, find: bytes, put: bytes) -> None:
    body = request(0, [], log.signed(7))
    assert find in body

    assert witness.add_checkpoint(body.replace(find, put, 1), AT).status == 400
    assert witness.add_checkpoint(body[:-1], AT).status == 400


@given(st.binary(max_size=300), st.integers(0, 300))
def test_noise_is_never_cosigned(tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int) -> None:
    log = ALog()
    witness = Witness(tmp_path_factory.mktemp("witness"), NAME, [log.key])
    body = request(0, [], log.signed(7))
    spoilt = body[:at] + noise + body[at + len(noise) :]

    answer = witness.add_checkpoint(spoilt, AT)
    assert answer.status in ({200} if spoilt == body else {200, 400, 403, 404, 409, 422})
    assert answer.status != 200 or witness.memory(ORIGIN).last().root == tree.root(7, log.read)
