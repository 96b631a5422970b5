"""A time-stamping authority vouches for every close; where it does not answer, nothing waits for it."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, transaction
from pytest_django import Settings

from auction.log import authority as ours
from auction.log.authority import NoToken
from auction.log.signer import Signer
from auction.models import Document, Event, Round, Stamp
from auction.queries.evidence_pack import evidence_pack
from auction.queries.export import record_zip
from auction.services.closing import close_round
from auction.services.log_publish import grow
from auction.services.stamping import stamp_closes
from config.clerk import AFTERWARDS
from config.lanes import Rests
from tests.support import sales
from tests.support.authority import Authority, authority
from tests.support.bidding import a_recorded_round
from tests.support.people import NOON, a_lot
from tests.support.site import ROOT

pytestmark = pytest.mark.django_db

LATER = sales.CLOSED + timedelta(hours=1)
HANDBOOK = ROOT / "docs" / "log.md"
STAMPS = next(lane for lane in AFTERWARDS if lane.name == "the time stamps")


@pytest.fixture
def tsa(tmp_path: Path, settings: Settings) -> Iterator[Authority]:
    """Yield an authority that the site asks."""
    folder = tmp_path / "tsa"
    folder.mkdir()
    with authority(folder) as made:
        settings.TIMESTAMP_URL = made.url
        yield made


def ended() -> Round:
    """Return a round that closed without a bid."""
    round = a_recorded_round(closes_at=NOON + timedelta(hours=1))
    assert close_round(round_id=round.pk, at=NOON + timedelta(hours=1, seconds=3))
    return Round.objects.get(pk=round.pk)


def taken(data: bytes, folder: Path) -> tuple[Path, Path]:
    """Return the close and the token out of a zip, as docs/log.md says."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    (line,) = [each for each in archive.read("record.jsonl").splitlines() if b'"kind":"close"' in each]
    for name, content in (("close", line), ("close.tsr", archive.read("close.tsr"))):
        (folder / name).write_bytes(content)
    return folder / "close", folder / "close.tsr"


def test_openssl_finds_the_token_over_the_close_in_the_archive(tsa: Authority, tmp_path: Path) -> None:
    round = ended()
    stamp_closes(LATER)

    for data in (record_zip(round), evidence_pack(round)):
        close, token = taken(data, tmp_path)
        assert close.read_text() == Event.objects.get(round=round, kind="close").leaf
        assert tsa.vouches(close, token)
    close.write_bytes(close.read_bytes().replace(b'"seq":2', b'"seq":3'))
    assert not tsa.vouches(close, token)


def test_the_commands_of_the_handbook_find_it_too(tsa: Authority, tmp_path: Path) -> None:
    """Run the block of docs/log.md as it stands, with the authority's root beside the archive."""
    ended()
    stamp_closes(LATER)
    (tmp_path / "record.zip").write_bytes(record_zip(Round.objects.get()))
    shutil.copy(tsa.root, tmp_path / "roots.pem")
    (block,) = [
        each for each in HANDBOOK.read_text(encoding="utf-8").split("```") if "openssl ts -verify" in each
    ]

    done = subprocess.run(
        ["bash", "-e", "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Verification: OK" in done.stdout
    assert "Status: Granted." in done.stdout
    assert done.returncode == 0


def test_the_time_is_the_authoritys(tsa: Authority) -> None:
    ended()
    before = datetime.now(UTC) - timedelta(seconds=1)
    stamp_closes(LATER)

    assert before <= Stamp.objects.get().at <= datetime.now(UTC) + timedelta(seconds=1)


def test_each_close_is_asked_for_once(tsa: Authority) -> None:
    rounds = [ended(), ended()]
    for _ in range(3):
        stamp_closes(LATER)

    assert tsa.asked == 2
    assert set(Stamp.objects.values_list("round", flat=True)) == {round.pk for round in rounds}


def test_what_did_not_end_by_a_close_has_none(tsa: Authority) -> None:
    a_recorded_round()
    a_recorded_round(state="withdrawn", closed_at=NOON)
    practice = a_recorded_round(lot=a_lot(practice=True), closes_at=NOON)
    close_round(round_id=practice.pk, at=NOON + timedelta(seconds=3))
    stamp_closes(LATER)

    assert tsa.asked == 0


def test_without_an_address_nobody_is_asked(tsa: Authority, settings: Settings) -> None:
    settings.TIMESTAMP_URL = ""
    ended()
    STAMPS.turn(Rests())

    assert (tsa.asked, Stamp.objects.count()) == (0, 0)
    assert "close.tsr" not in zipfile.ZipFile(io.BytesIO(record_zip(Round.objects.get()))).namelist()


def test_a_sale_goes_on_without_it_and_is_stamped_later(
    signer: Signer, tsa: Authority, settings: Settings
) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    sales.closed()
    grow(at=sales.CLOSED)
    rests = Rests()
    for lane in AFTERWARDS:
        lane.turn(rests)
    assert Document.objects.exists()
    assert rests.resting("ask the time-stamping authority", 0)

    settings.TIMESTAMP_URL = tsa.url
    STAMPS.turn(Rests())
    assert Stamp.objects.get().round == Round.objects.get()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": 503},
        {"other": b""},
        {"other": b"<html>"},
        {"other": bytes.fromhex("30053003020102")},  # PKIStatus rejection
        {"other": b"\x30\x84\xff\xff\xff\xff" + bytes(100)},
    ],
)
def test_what_is_no_token_is_not_kept(tsa: Authority, wrong: dict[str, object]) -> None:
    ended()
    vars(tsa).update(wrong)

    with pytest.raises(NoToken):
        stamp_closes(LATER)
    assert not Stamp.objects.exists()


@pytest.mark.parametrize("second", [b"the same", b"something else"])
def test_the_answer_to_another_question_is_not_kept(tsa: Authority, second: bytes) -> None:
    tsa.other = ours.ask(tsa.url, b"the same").answer

    with pytest.raises(NoToken, match="another question" if second == b"the same" else "something else"):
        ours.ask(tsa.url, second)


def test_who_never_answers_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(NoToken):
        ours.ask(f"http://127.0.0.1:{silent.getsockname()[1]}/", b"anything")


def test_a_token_never_changes(tsa: Authority) -> None:
    ended()
    stamp_closes(LATER)

    with pytest.raises(IntegrityError), transaction.atomic():
        Stamp.objects.update(answer=b"")


def test_the_archive_still_checks(signer: Signer, tsa: Authority, tmp_path: Path) -> None:
    round = ended()
    grow(at=LATER)
    stamp_closes(LATER)
    (tmp_path / "lot.zip").write_bytes(record_zip(round))

    done = subprocess.run(
        [sys.executable, ROOT / "verify_record.py", tmp_path / "lot.zip"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("url", "wrong"), [("", 0), ("https://tsa.example/", 0), ("tsa.example", 1), ("ftp://x", 1)]
)
def test_an_address_that_is_none_refuses_to_start(settings: Settings, url: str, wrong: int) -> None:
    settings.TIMESTAMP_URL = url

    assert len([each for each in run_checks() if each.id == "auction.E002"]) == wrong
