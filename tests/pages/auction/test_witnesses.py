"""The page of a lot says who stands behind a result, who does not yet, and who refuses to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from auction import record
from auction.log import note
from auction.models import Log, Logged, Round, Witnessed
from auction.services.sequence import sequence
from tests.support.bidding import a_recorded_round
from tests.support.clock import HandClock
from tests.support.people import NOON

pytestmark = pytest.mark.django_db
ENDING: record.Body = {"price": None, "winner": None, "deadline": record.ms(NOON)}
KEYS = [str(note.Key(f"w{n}.example/w", note.COSIGNATURE, bytes([n]) * 32)) for n in range(3)]
HEADING = "谁为这一结果作证？"
ENOUGH, NOT_YET, REFUSES = "会签已经足够", "会签尚未足够", "拒绝签署"


@pytest.fixture
def ended(clock: HandClock) -> Round:
    """Give a round that ended unsold, in the log."""
    round = a_recorded_round()
    record.append(round, "close", ENDING, at=NOON)
    Round.objects.filter(pk=round.pk).update(state="unsold", closed_at=NOON)
    sequence(at=NOON)
    return round


@pytest.fixture
def _two_of_three(settings: Settings, tmp_path: Path) -> None:
    lines = "".join(f"witness w{n} {key} http://127.0.0.1:9\n" for n, key in enumerate(KEYS))
    (tmp_path / "policy").write_text(f"{lines}group g 2 w0 w1 w2\nquorum g\n", encoding="utf-8")
    settings.WITNESSES = str(tmp_path / "policy")


def cosigned(size: int, keys: Sequence[str]) -> None:
    for key in keys:
        at = NOON + timedelta(seconds=5)
        Witnessed.objects.update_or_create(log=Log.objects.get(), vkey=key, defaults={"size": size, "at": at})


def page(client: Client, round: Round) -> str:
    return client.get(f"/lots/{round.lot_id}/").content.decode()


def test_that_nobody_is_asked_is_said(client: Client, ended: Round) -> None:
    shown = page(client, ended)

    assert HEADING in shown
    assert "未请独立见证方" in shown
    assert ENOUGH not in shown


def test_of_a_round_that_goes_on_nothing_is_said(client: Client, clock: HandClock) -> None:
    assert HEADING not in page(client, a_recorded_round())


@pytest.mark.usefixtures("_two_of_three")
def test_only_who_cosigned_a_log_with_the_end_in_it_vouches(client: Client, ended: Round) -> None:
    index = Logged.objects.get(event__kind="close").index
    cosigned(index, KEYS[:1])
    cosigned(index + 1, KEYS[1:2])
    one = page(client, ended)
    cosigned(index + 1, KEYS[:1])
    two = page(client, ended)

    assert (NOT_YET in one, ENOUGH in one) == (True, False)
    assert one.index("w1.example/w") < one.index("尚待会签") < one.index("w0.example/w")
    assert (NOT_YET in two, ENOUGH in two) == (False, True)
    assert two.index("w1.example/w") < two.index("尚待会签") < two.index("w2.example/w")
    assert "12:00:05" in two


@pytest.mark.usefixtures("_two_of_three")
def test_an_end_that_is_in_no_log_yet_is_vouched_for_by_nobody(client: Client, ended: Round) -> None:
    cosigned(99, KEYS)
    Round.objects.filter(pk=ended.pk).update(state="open")
    other = a_recorded_round()
    record.append(other, "close", ENDING, at=NOON)
    Round.objects.filter(pk=other.pk).update(state="unsold", closed_at=NOON)

    assert NOT_YET in page(client, other)


@pytest.mark.usefixtures("_two_of_three")
def test_who_refuses_is_named_and_does_not_count(client: Client, ended: Round) -> None:
    cosigned(99, KEYS[:2])
    Witnessed.objects.filter(vkey=KEYS[0]).update(refused_size=3)
    shown = page(client, ended)

    assert shown.index("w0.example/w") < shown.index(REFUSES) < shown.index("w1.example/w")
    assert NOT_YET in shown


def test_a_policy_that_cannot_be_read_hides_no_page(client: Client, ended: Round, settings: Settings) -> None:
    settings.WITNESSES = "/nowhere/policy"

    assert HEADING not in page(client, ended)


@pytest.mark.usefixtures("_two_of_three")
def test_the_part_is_had_by_itself_as_it_is_now(client: Client, ended: Round) -> None:
    whole = page(client, ended)
    address = f"/lots/{ended.lot_id}/vouching/?round={ended.pk}"
    before = client.get(address).content.decode()
    cosigned(99, KEYS)

    assert f'data-vouching="{address}"' in whole
    assert before.strip() in whole
    assert (ENOUGH in before, ENOUGH in client.get(address).content.decode()) == (False, True)
    Round.objects.filter(pk=ended.pk).update(state="open")
    assert client.get(address).content.strip() == b""
