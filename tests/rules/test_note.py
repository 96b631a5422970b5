"""Signed notes against what C2SP publishes, and against whoever would forge one."""

from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auction.log import checkpoint, note, proof
from tests.support.vectors import GO_CHECKPOINT, GO_DATABASE

SECRET = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"\x02" * 32)
TEXT = str(checkpoint.Checkpoint("auction.example/log", 7, b"\x05" * 32))


def key(type: int = note.ED25519, name: str = "auction.example/log") -> note.Key:
    return note.Key(name, type, SECRET.public_key().public_bytes_raw())


def signed() -> note.Note:
    return note.Note(TEXT, (note.sign(TEXT, "auction.example/log", SECRET),))


def test_golangs_own_example_verifies() -> None:
    """The key and note of the Go checksum database's tests and documentation."""
    peter = note.vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    said = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2p"
        "ZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )

    assert [each.key for each in note.verified(note.parse(said), [peter])] == [peter]
    assert str(peter) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    with pytest.raises(note.NotSigned):
        note.verified(note.parse(said.replace("answer", "question")), [peter])


def test_the_checkpoint_of_c2sps_example_verifies_under_its_logs_published_key() -> None:
    key, given = note.vkey(GO_DATABASE), note.parse(GO_CHECKPOINT)

    assert [each.key for each in note.verified(given, [key])] == [key]
    assert checkpoint.read(given.text).size == 20_852_163
    with pytest.raises(note.NotSigned):
        note.verified(note.parse(GO_CHECKPOINT.replace("20852163", "20852164")), [key])


def test_a_note_read_back_is_the_note_written() -> None:
    assert note.parse(str(signed())) == signed()
    assert [each.key for each in note.verified(signed(), [key()])] == [key()]


def test_lines_of_strangers_are_passed_over_and_do_not_suffice() -> None:
    strange = note.sign(TEXT, "stranger.example", OTHER)
    both = note.Note(TEXT, (strange, *signed().lines))

    assert len(note.verified(both, [key()])) == 1
    with pytest.raises(note.NotSigned, match="nobody"):
        note.verified(note.Note(TEXT, (strange,)), [key()])


def test_a_wrong_line_of_a_known_key_spoils_the_note() -> None:
    name, line = "auction.example/log", note.sign(f"{TEXT}x\n", "auction.example/log", SECRET)

    with pytest.raises(note.NotSigned, match=name):
        note.verified(note.Note(TEXT, (*signed().lines, line)), [key()])


def test_a_witness_signs_the_time_too() -> None:
    line = note.cosign(TEXT, "witness.example", SECRET, 1_795_000_000)
    witness = key(note.COSIGNATURE, name="witness.example")

    found = note.verified(note.Note(TEXT, (line,)), [witness])
    assert found == [note.Signed(line, witness, 1_795_000_000)]
    data = b64decode(line.split(" ")[2])
    assert len(data) == 4 + 8 + 64
    assert witness.verifies(TEXT, (1_795_000_001).to_bytes(8, "big") + data[12:]) is None


@pytest.mark.parametrize(
    "whole",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— a b",
        "text\n\n- a AAAA\n",
        "te\txt\n\n— a AAAA\n",
        "t\n\n— a+b AAAA\n",
    ],
)
def test_what_has_another_form_is_no_note(whole: str) -> None:
    with pytest.raises(note.NotSigned):
        note.parse(whole)


@pytest.mark.parametrize(
    "text", ["", "a", "a+b", "a+00000000+AAAA", str(key()).replace("+", "+0", 1), "a b+" + str(key())]
)
def test_what_has_another_form_is_no_key(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        note.vkey(text)


def test_a_checkpoint_read_back_is_the_checkpoint_written() -> None:
    assert str(checkpoint.read(TEXT)) == TEXT
    for wrong in (f"{TEXT}more\n", TEXT.replace("7", "07"), TEXT[:-1], TEXT.replace("=", "")):
        with pytest.raises(note.NotSigned):
            checkpoint.read(wrong)


def test_a_proof_is_written_as_the_specification_shows_it() -> None:
    text = proof.inclusion(73894, [b"\x01" * 32], str(signed()))

    one = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
    assert text.startswith(f"c2sp.org/tlog-proof@v1\nindex 73894\n{one}\n\nauction.example/log\n7\n")
    assert proof.hashes([one]) == [b"\x01" * 32]
    with pytest.raises(ValueError, match="hashes"):
        proof.hashes(["AQEB"])
