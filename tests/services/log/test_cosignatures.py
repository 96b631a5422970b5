"""The log's side: every witness is shown the same checkpoint, at its time, and heard with caution."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import ERROR, run_checks
from django.test import Client
from pytest_django import Settings

from auction import record
from auction.log import keys, note
from auction.log.checkpoint import read
from auction.log.policy_file import read as read_policy
from auction.log.signer import Signer
from auction.log.tiles import WITNESSED
from auction.log.witness import Witness
from auction.models import Conflict, Event, Log, Round, Witnessed
from auction.queries import export, proofs
from auction.queries.witnesses import cover_of, policy
from auction.services import cosignatures, log_publish
from auction.services.cosignatures import ask_witnesses
from auction.services.sequence import sequence
from auction.services.watch import _end_incidents
from tests.support.append_only import lifted_triggers
from tests.support.bidding import a_recorded_round, bid
from tests.support.people import NOON, a_bidder, chen, lin
from tests.support.servers import free_port
from tests.support.site import ROOT
from tests.support.witnesses import Open, Talk, a_stranger, a_witness

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(seconds=1)
LATER = NOON + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _awake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cosignatures, "_rests", {})


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


Tell = Callable[[str, str], None]
Opening = Callable[[str, int], Open]
Stranger = Callable[[Talk], Open]


@pytest.fixture
def tell(settings: Settings, tmp_path: Path) -> Tell:
    """Give how a policy of these lines and this quorum is set."""

    def tell(lines: str, quorum: str) -> None:
        path = tmp_path / f"policy{time.monotonic_ns()}"
        path.write_text(f"{lines}\nquorum {quorum}\n", encoding="utf-8")
        settings.WITNESSES = str(path)

    return tell


@pytest.fixture
def opening(signer: Signer, tmp_path: Path, stack: ExitStack) -> Opening:
    """Give how a witness of a name is opened at a port."""
    keys = [note.vkey(signer.vkey())]
    return lambda name, port: stack.enter_context(a_witness(tmp_path / name, f"{name}.example/w", keys, port))


@pytest.fixture
def stranger(tmp_path: Path, stack: ExitStack) -> Stranger:
    """Give how a witness is opened that says whatever it likes."""
    made = Witness(tmp_path / "w9", "w9.example/w")
    return lambda talk: Open(made, stack.enter_context(a_stranger(talk)))


@pytest.fixture
def pair(opening: Opening) -> list[Open]:
    """Give two witnesses that answer."""
    return [opening("w1", 0), opening("w2", 0)]


@pytest.fixture
def round(pair: list[Open], tell: Tell) -> Round:
    """Give a round that does not end soon, its record published, and a policy that asks both witnesses."""
    tell("".join(each.line(f"w{n}") for n, each in enumerate(pair)) + "group g 2 w0 w1", "g")
    made = a_recorded_round()
    Round.objects.filter(pk=made.pk).update(closes_at=NOON + timedelta(hours=5))
    made.refresh_from_db()
    for number, person in enumerate((lin(), chen())):
        bid(a_bidder(made, person), 1_400_000 + 5_000 * number, NOON)
    published()
    return made


def published() -> Log:
    """Let the log grow and be signed; return it as it is then."""
    log_publish.publish(sequence(at=NOON), at=NOON)
    return Log.objects.get()


def grow(round: Round) -> Log:
    """Enter a bid more and publish it."""
    leading = Round.objects.get(pk=round.pk)
    other = leading.bidders.exclude(pk=leading.leading_id).get()
    bid(other, (leading.price_fen or 0) / 100 + 5_000, NOON)
    return published()


def vouched(text: str, pair: list[Open]) -> list[str]:
    """Return the names of the witnesses whose right cosignature is under a checkpoint."""
    keys = [note.vkey(each.witness.vkey()) for each in pair]
    with suppress(note.NotSigned):
        return [found.key.name for found in note.verified(note.parse(text), keys)]
    return []


BOTH = ["w1.example/w", "w2.example/w"]


def test_a_checkpoint_is_published_with_the_cosignatures(
    round: Round, pair: list[Open], signer: Signer
) -> None:
    ask_witnesses(NOON)
    log = published()

    assert vouched(log.checkpoint, pair) == BOTH
    assert note.verified(note.parse(log.checkpoint), [note.vkey(signer.vkey())])
    assert log.witnessed == log.checkpoint == log_publish.tiles().checkpoint()
    assert log_publish.tiles().checkpoint(WITNESSED) == log.witnessed
    assert (log.witnessed_size, log.signed_size) == (log.size, log.size)
    assert set(Witnessed.objects.values_list("size", "at", "refused_size")) == {(log.size, NOON, None)}


def test_it_goes_on_from_what_each_cosigned_last(round: Round, pair: list[Open]) -> None:
    ask_witnesses(NOON)
    Witnessed.objects.filter(vkey=pair[1].witness.vkey()).delete()  # the database forgot; the witness did not
    log = grow(round)

    ask_witnesses(LATER)
    assert vouched(Log.objects.get().checkpoint, pair) == BOTH
    assert Log.objects.get().witnessed_size == log.size


def test_one_that_was_away_signs_the_same_when_it_is_back(
    round: Round, pair: list[Open], tell: Tell, opening: Opening, tmp_path: Path
) -> None:
    port = free_port()
    third = Open(Witness(tmp_path / "w3", "w3.example/w"), f"http://127.0.0.1:{port}")
    tell(pair[0].line("w1") + third.line("w2"), "w2")

    ask_witnesses(NOON)
    assert vouched(Log.objects.get().checkpoint, pair) == BOTH[:1]
    assert Log.objects.get().witnessed == ""
    opening("w3", port)
    ask_witnesses(NOON)
    assert Log.objects.get().witnessed == ""  # it is left alone for a moment
    time.sleep(cosignatures.FIRST_REST + 0.05)
    ask_witnesses(NOON)

    log = published()
    assert vouched(log.checkpoint, [*pair, third]) == ["w1.example/w", "w3.example/w"]
    assert log.witnessed == log.checkpoint == log_publish.tiles().checkpoint()


def sizes() -> set[int]:
    return set(Witnessed.objects.values_list("size", flat=True))


def test_in_quiet_times_they_are_asked_each_minute(round: Round) -> None:
    ask_witnesses(NOON)
    before, log = sizes(), grow(round)

    ask_witnesses(LATER - timedelta(seconds=1))
    assert sizes() == before
    ask_witnesses(LATER)
    assert sizes() == {log.size}


def test_while_a_round_may_end_soon_they_are_asked_at_once(round: Round) -> None:
    ask_witnesses(NOON)
    log = grow(round)
    Round.objects.update(closes_at=SOON + timedelta(minutes=5))

    ask_witnesses(SOON)
    assert sizes() == {log.size}


def test_when_a_round_has_ended_they_are_asked_at_once(round: Round) -> None:
    ask_witnesses(NOON)
    ending = {"price": None, "winner": None, "deadline": record.ms(NOON)}
    record.append(Round.objects.get(pk=round.pk), "close", ending, at=NOON)
    Round.objects.update(state="sold")
    log = published()

    ask_witnesses(SOON)
    assert sizes() == {log.size}


def test_nobody_is_asked_for_what_he_signed_already(round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    ask_witnesses(NOON)
    monkeypatch.setattr(cosignatures, "ask", pytest.fail)

    ask_witnesses(LATER)


def forge() -> None:
    """Change a bid in the middle of the record, as somebody would who rules the database."""
    with lifted_triggers():
        event = Event.objects.order_by("pk")[1]
        Event.objects.filter(pk=event.pk).update(leaf=event.leaf.replace("0", "1", 1))


def forget(signer: Signer) -> None:
    """Let the signer, the files and the database forget what was signed."""
    signer.memory.path.unlink()
    Log.objects.update(signed_size=0, checkpoint="")
    (log_publish.tiles().folder / "checkpoint").unlink()


@pytest.mark.parametrize("grown", [False, True])
def test_another_history_is_refused_and_that_is_told(
    round: Round, pair: list[Open], signer: Signer, caplog: pytest.LogCaptureFixture, *, grown: bool
) -> None:
    ask_witnesses(NOON)
    forge()
    forget(signer)
    log = grow(round) if grown else published()
    Witnessed.objects.filter(vkey=pair[0].witness.vkey()).delete()

    Round.objects.update(closes_at=LATER)
    Witnessed.objects.update(size=log.size - 1)  # whatever the database says
    ask_witnesses(LATER)
    assert vouched(Log.objects.get().checkpoint, pair) == []
    assert list(Witnessed.objects.values_list("refused_size", flat=True)) == [log.size] * 2
    said = [f"The witness {name} refuses auction.example/log at {log.size} leaves" for name in BOTH]
    assert [sentence in caplog.text for sentence in said] == [True, True]
    cover = cover_of(round)
    assert cover is not None
    assert ([witness.name for witness in cover.refusing], cover.suffices) == (BOTH, False)


@dataclass
class Restored:
    """A database that was put back behind what the witnesses cosigned, and was shown to them twice since."""

    older: dict[str, Any]
    ahead: dict[str, Any]


STANDS = ("signed_size", "size", "checkpoint")


@pytest.fixture
def restored(round: Round, pair: list[Open], signer: Signer, monkeypatch: pytest.MonkeyPatch) -> Restored:
    """Give what the log was and is; a quarter of an hour from noon on."""
    monkeypatch.setattr(cosignatures, "FIRST_REST", 0.0)
    older = Log.objects.values(*STANDS).get()
    grow(round)
    ask_witnesses(NOON)
    found = Restored(older, Log.objects.values(*STANDS).get())
    put_back(older)
    for minutes in (2, 3):
        ask_witnesses(NOON + timedelta(minutes=minutes))
    return found


def put_back(log: dict[str, Any]) -> None:
    Log.objects.update(**log)
    Witnessed.objects.update(size=0)


def entries(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/incidents.json").json()["incidents"]
    return found


def test_a_refusal_is_entered_in_public_once_with_both_sizes(client: Client, restored: Restored) -> None:
    (entry,) = entries(client)

    sizes = {"cosigned": restored.ahead["size"], "shown": restored.older["size"]}
    assert (entry["cause"], entry["from"]) == ("conflict", record.ms(NOON + timedelta(minutes=2)))
    named = [{"witness": name, "log": "auction.example/log", **sizes} for name in BOTH]
    assert sorted(entry["conflicts"], key=lambda one: str(one["witness"])) == named
    assert (entry["until"], entry["rounds"]) == (None, [])


def test_a_refusal_ends_when_the_witnesses_go_on_not_when_an_outage_ends(
    client: Client, restored: Restored
) -> None:
    _end_incidents(NOON + timedelta(minutes=5))
    assert entries(client)[0]["until"] is None

    put_back(restored.ahead)
    ask_witnesses(NOON + timedelta(minutes=9))
    assert entries(client)[0]["until"] == record.ms(NOON + timedelta(minutes=9))


def test_two_histories_are_an_incident_that_anyone_can_read(
    client: Client, round: Round, pair: list[Open], signer: Signer
) -> None:
    ask_witnesses(NOON)
    cosigned = Log.objects.get().size
    forge()
    forget(signer)
    log = grow(round)

    ask_witnesses(LATER)
    page = client.get("/incidents/").content.decode()
    assert "独立见证方拒绝会签公开日志" in page
    assert [page.count(f"{name}</b>已会签") for name in BOTH] == [1, 1]
    assert set(Conflict.objects.values_list("cosigned", "shown")) == {(cosigned, log.size)}


def test_a_database_behind_what_was_cosigned_is_told_of(
    round: Round, pair: list[Open], signer: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    older = Log.objects.values("signed_size", "size", "checkpoint").get()
    grow(round)
    ask_witnesses(NOON)
    Log.objects.update(**older)
    Witnessed.objects.all().delete()

    ask_witnesses(LATER)
    assert set(Witnessed.objects.values_list("refused_size", flat=True)) == {older["size"]}
    assert f"it has cosigned {older['size'] + 1} leaves" in caplog.text


def test_another_clerk_that_was_quicker_is_no_fault(round: Round, pair: list[Open]) -> None:
    stale = Log.objects.get()
    grow(round)
    ask_witnesses(NOON)

    known = policy()
    cosignatures._show(stale, known, known.witnesses, {str(key): 0 for key in known.witness_keys}, NOON)
    assert set(Witnessed.objects.values_list("refused_size", flat=True)) == {None}
    assert vouched(Log.objects.get().checkpoint, pair) == BOTH


def answering(text: str) -> Talk:
    """Return a talk that gives this body with 200."""

    def talk(line: socket.socket) -> None:
        line.recv(1 << 16)
        body = text.encode()
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    return talk


def dripping(line: socket.socket) -> None:
    for _ in range(200):
        line.sendall(b"H")
        time.sleep(0.1)


def flooding(line: socket.socket) -> None:
    line.recv(1 << 16)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(1 << 10):
        line.sendall(b"x" * (1 << 16))


def sending_away(line: socket.socket) -> None:
    line.recv(1 << 16)
    line.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")


def counting_down(line: socket.socket) -> None:
    for _ in range(2):
        line.recv(1 << 16)
        line.sendall(b"HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n-5\n")


STRANGE = f"— stranger.example {'A' * 100}\n"


@pytest.mark.parametrize(
    "talk",
    [
        answering(""),
        answering("noise"),
        answering(STRANGE),
        answering("— w9.example/w AAAA\n"),
        dripping,
        flooding,
        sending_away,
        counting_down,
        lambda line: line.close(),
    ],
)
def test_what_is_no_cosignature_is_not_published_and_holds_up_nobody(
    talk: Talk, round: Round, pair: list[Open], tell: Tell, stranger: Stranger
) -> None:
    bad = stranger(talk)
    tell(pair[0].line("w0") + bad.line("w9") + "group g 2 w0 w9", "g")
    begun = time.monotonic()

    ask_witnesses(NOON)
    assert time.monotonic() - begun < 5
    log = Log.objects.get()
    assert len(note.parse(log.checkpoint).lines) == 2  # the log's own and the good witness's
    assert (vouched(log.checkpoint, pair), log.witnessed) == (BOTH[:1], "")
    assert not Witnessed.objects.filter(vkey=bad.witness.vkey()).exists()


def test_of_what_a_witness_sends_only_its_own_line_is_taken(
    round: Round, tell: Tell, stranger: Stranger, tmp_path: Path
) -> None:
    text = note.parse(Log.objects.get().checkpoint).text
    secret = keys.secrets(tmp_path / "w9/keys")[0]
    line = note.cosign(text, "w9.example/w", secret, 1_795_000_000)
    tell(stranger(answering(f"{STRANGE}{line}\n")).line("w9"), "w9")

    ask_witnesses(NOON)
    assert note.parse(Log.objects.get().witnessed).lines[1:] == (line,)


def test_a_cosignature_of_another_checkpoint_is_none(
    round: Round, tell: Tell, stranger: Stranger, tmp_path: Path
) -> None:
    secret = keys.secrets(tmp_path / "w9/keys")[0]
    line = note.cosign("another\n7\n", "w9.example/w", secret, 1_795_000_000)
    tell(stranger(answering(f"{line}\n")).line("w9"), "w9")

    ask_witnesses(NOON)
    assert (Log.objects.get().witnessed, Witnessed.objects.count()) == ("", 0)


def test_the_policy_that_is_published_names_the_log_and_its_witnesses(
    round: Round, pair: list[Open], signer: Signer
) -> None:
    known = read_policy(proofs.policy().encode())

    assert [log.key for log in known.logs] == [note.vkey(signer.vkey())]
    assert [str(key) for key in known.witness_keys] == [each.witness.vkey() for each in pair]
    assert (known.quorum, known.groups[0].least) == ("g", 2)


def test_without_witnesses_the_policy_asks_for_none(signer: Signer, settings: Settings) -> None:
    assert proofs.policy() == "quorum none\n"
    a_recorded_round()
    published()

    assert proofs.policy() == f"log {signer.vkey()} {settings.SITE_URL}/log\nquorum none\n"
    ask_witnesses(NOON)
    assert Witnessed.objects.count() == 0


def test_the_archive_is_under_the_checkpoint_the_witnesses_suffice_for(
    round: Round, tmp_path: Path, client: Client
) -> None:
    alone = _unproved(round, tmp_path)
    ask_witnesses(NOON)
    witnessed = Log.objects.get().witnessed
    bid(a_bidder(a_recorded_round(), lin()), 1_400_000, NOON)
    newer = published()

    assert newer.signed_size > newer.witnessed_size
    assert dict(export.record_files(round))["checkpoint"] == witnessed
    assert client.get("/log/witnessed").content.decode() == witnessed
    assert (alone, _unproved(round, tmp_path)) == (True, False)


def _unproved(round: Round, tmp_path: Path) -> bool:
    """Return whether the checker misses cosignatures in the archive (L4)."""
    (tmp_path / "record.zip").write_bytes(export.record_zip(round))
    command = [sys.executable, "verify_record.py", "--json", str(tmp_path / "record.zip")]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert told.stdout
    return '"L4"' in told.stdout


@pytest.mark.parametrize("written", [None, "quorum nobody\n"])
def test_nothing_starts_on_a_policy_that_is_none(
    settings: Settings, tmp_path: Path, written: str | None
) -> None:
    assert _faults() == []
    settings.WITNESSES = str(tmp_path / "policy")
    if written:
        (tmp_path / "policy").write_text(written, encoding="utf-8")

    assert _faults() == ["auction.E001"]


def _faults() -> list[str | None]:
    return [found.id for found in run_checks() if found.is_serious(ERROR)]


def test_a_larger_checkpoint_stays_where_it_is(round: Round) -> None:
    old = Log.objects.get()
    new = grow(round)
    log_publish._shown(old.checkpoint)

    assert log_publish.tiles().checkpoint() == new.checkpoint
    assert read(note.parse(new.checkpoint).text).size == old.size + 1
