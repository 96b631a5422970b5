"""What anyone takes away: the log's files, proofs of leaves and of growth, and a record whole."""

from __future__ import annotations

import io
import json
import zipfile
from base64 import b64decode
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from auction.log import note, proof, tree
from auction.log.checkpoint import Checkpoint, read
from auction.log.signer import Signer
from auction.log.tiles import unbundled
from auction.models import Event, Round, Uptime
from auction.queries.evidence_pack import evidence_pack
from auction.queries.export import record_zip
from auction.record import ms
from auction.rules.fairness import FINAL
from auction.services import heartbeat
from auction.services.log_publish import publish
from auction.services.sequence import sequence
from tests.services.log.test_log import rounds
from tests.support.people import NOON

pytestmark = pytest.mark.django_db


def published(count: int = 2) -> list[Round]:
    made = rounds(count)
    publish(sequence(at=NOON), at=NOON)
    return made


def text(answer: object) -> str:
    return bytes(answer.content).decode()  # type: ignore[attr-defined]


def shown(client: Client, signer: Signer) -> Checkpoint:
    """Return the checkpoint that is served, its signature verified."""
    whole = note.parse(text(client.get("/log/checkpoint")))
    note.verified(whole, [note.vkey(signer.vkey())])
    return read(whole.text)


def proves(said: str, leaf: str) -> bool:
    """Return whether a proof leads from a leaf to the root it names."""
    head, _, checkpoint = said.partition("\n\n")
    first, *lines = head.split("\n")
    if lines[0].startswith("extra "):
        assert b64decode(lines.pop(0).removeprefix("extra ")).decode() == leaf
    index, *path = lines
    assert first == "c2sp.org/tlog-proof@v1"
    told = read(note.parse(checkpoint).text)
    place = int(index.removeprefix("index "))
    return (
        tree.root_by_inclusion(tree.leaf_hash(leaf.encode()), place, told.size, proof.hashes(path))
        == told.root
    )


def test_the_files_are_served_as_the_specification_says(client: Client, signer: Signer) -> None:
    published()
    size = shown(client, signer).size

    answer = client.get(f"/log/tile/entries/000.p/{size}")
    assert answer["Content-Type"] == "application/octet-stream"
    assert "immutable" in answer["Cache-Control"]
    assert len(list(unbundled(answer.content))) == size
    assert len(client.get(f"/log/tile/0/000.p/{size}").content) == size * 32
    assert client.get("/log/checkpoint")["Cache-Control"] == "no-cache"
    assert client.get("/log/checkpoint")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["", "tile", "../signer/keys", "tile/0/../../checkpoint", "tile/0/001", "x"])
def test_nothing_else_is_served(client: Client, signer: Signer, name: str) -> None:
    published(1)

    assert client.get(f"/log/{name}").status_code == 404


def test_every_leaf_has_a_proof(client: Client, signer: Signer) -> None:
    first, _ = published()

    for event in Event.objects.filter(round=first):
        told = text(client.get(f"/rounds/{first.pk}/proofs/{event.seq}.tlog-proof"))
        assert "\nextra " in told
        assert proves(told, event.leaf)
    assert client.get(f"/rounds/{first.pk}/proofs/99.tlog-proof").status_code == 404


def test_a_leaf_that_is_not_signed_yet_has_none(client: Client, signer: Signer) -> None:
    published(1)
    late = rounds(1)[0]
    sequence(at=NOON)

    assert client.get(f"/rounds/{late.pk}/proofs/1.tlog-proof").status_code == 404


def test_growth_is_proved(client: Client, signer: Signer) -> None:
    published(1)
    old = shown(client, signer)
    published(1)
    new = shown(client, signer)

    steps = proof.hashes(text(client.get(f"/log/growth/{old.size}-{new.size}")).split())
    tree.check_consistency(old.size, old.root, new.size, new.root, steps)
    assert client.get(f"/log/growth/{old.size}-{new.size + 1}").status_code == 404


def test_growth_to_a_size_that_was_never_signed_is_not_proved(client: Client, signer: Signer) -> None:
    published(2)

    assert shown(client, signer).size > 3
    assert client.get("/log/growth/1-3").status_code == 404


@pytest.mark.parametrize("asked", ["", "null", "x", "-1", "9" * 40])
def test_of_a_round_that_is_none_no_other_is_given(client: Client, signer: Signer, asked: str) -> None:
    round = published(1)[0]

    for name in ("record.jsonl", "record.zip", "evidence.zip"):
        assert client.get(f"/lots/{round.lot_id}/{name}?round={asked}").status_code == 404


def test_the_archive_holds_the_exact_leaves_and_a_proof_of_each(client: Client, signer: Signer) -> None:
    round = published()[1]
    answer = client.get(f"/lots/{round.lot_id}/record.zip")

    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    leaves = archive.read("record.jsonl").decode().splitlines()
    assert leaves == list(Event.objects.filter(round=round).order_by("seq").values_list("leaf", flat=True))
    for seq, leaf in enumerate(leaves, 1):
        assert proves(archive.read(f"proofs/{seq}.tlog-proof").decode(), leaf)
    assert archive.read("checkpoint").decode() == text(client.get("/log/checkpoint"))
    assert signer.vkey() in archive.read("policy").decode()
    assert json.loads(archive.read("keys.json"))["receipt"][0]["id"]


def test_the_archive_is_the_same_bytes_each_time(signer: Signer) -> None:
    round = published(1)[0]

    assert record_zip(round) == record_zip(Round.objects.get(pk=round.pk))


def test_the_evidence_pack_has_what_the_platform_went_through(client: Client, signer: Signer) -> None:
    round = published(1)[0]
    Uptime.objects.create(from_at=round.opens_at, until_at=NOON)

    answer = client.get(f"/lots/{round.lot_id}/evidence.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    known = json.loads(archive.read("platform.json"))
    assert known["reached"] == [[ms(round.opens_at), ms(NOON)]]
    assert len(json.loads(archive.read("software.json"))["sha256"]) == 64
    assert {"record.jsonl", "checkpoint", "policy"} <= set(archive.namelist())
    assert client.get(f"/lots/{round.lot_id}/evidence.zip").content == answer.content


def pack(round: Round) -> dict[str, bytes]:
    """Return the files of a round's evidence pack."""
    archive = zipfile.ZipFile(io.BytesIO(evidence_pack(round)))
    return {name: archive.read(name) for name in archive.namelist()}


def test_the_evidence_pack_tells_how_the_clocks_were(signer: Signer) -> None:
    round = published(1)[0]
    first, second = heartbeat.begin(at=round.opens_at), heartbeat.begin(at=round.opens_at)
    for process, ahead in ((first, -0.0123456), (second, 0.5)):
        heartbeat.beat(process_id=process.pk, at=round.opens_at, offset=heartbeat.Offset(ahead, 0.0004))
    heartbeat.beat(process_id=first.pk, at=round.opens_at)
    long_after = round.closes_at + timedelta(hours=1)
    heartbeat.beat(process_id=first.pk, at=long_after, offset=heartbeat.Offset(0.7, 0))

    known = json.loads(pack(round)["platform.json"])
    at = ms(round.opens_at)
    assert known["clocks"] == [[[at, -12346, 400]], [[at, 500000, 400]]]
    assert len(known["processes"]) == 2


def test_what_the_platform_goes_through_later_does_not_change_the_evidence(signer: Signer) -> None:
    round = published(1)[0]
    end = round.closes_at + FINAL
    reached = Uptime.objects.create(from_at=round.opens_at, until_at=end + FINAL)
    process = heartbeat.begin(at=round.opens_at)
    heartbeat.beat(process_id=process.pk, at=end)
    before = evidence_pack(round)

    Uptime.objects.filter(pk=reached.pk).update(until_at=end + timedelta(days=1))
    heartbeat.end(process_id=process.pk, at=end + timedelta(days=1))
    assert evidence_pack(Round.objects.get(pk=round.pk)) == before


def test_the_evidence_names_whose_signatures_count_even_before_there_is_a_log(
    settings: Settings, tmp_path: Path
) -> None:
    key = note.Key("w.example/w", note.COSIGNATURE, bytes(32))
    (tmp_path / "policy").write_text(f"witness w {key} https://w.example\nquorum w\n", encoding="utf-8")
    settings.WITNESSES = str(tmp_path / "policy")

    assert str(key) in pack(rounds(1)[0])["policy"].decode()


def test_without_a_log_there_is_no_archive_to_take_for_a_checked_one(client: Client) -> None:
    round = rounds(1)[0]

    assert client.get(f"/lots/{round.lot_id}/record.zip").status_code == 404
    names = zipfile.ZipFile(io.BytesIO(record_zip(round))).namelist()
    assert names == ["record.jsonl", "keys.json", "notices.json"]
