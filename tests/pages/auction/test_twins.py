"""The page's script folds the record to what the server says stands; no words live in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from auction import live
from auction.models import Bidder, Round
from auction.queries.standing import snapshot
from auction.rules.grounds import Ground
from auction.services.closing import close_round
from auction.services.suspension import resume, suspend
from tests.support.bidding import a_recorded_round, bid
from tests.support.clock import HandClock
from tests.support.people import NOON, a_bidder, lin, zhao

ROOT = Path(__file__).parents[3]
COMPARED = ("seq", "state", "price", "leader", "least", "closes_at", "bids", "you")


def stands(round: Round, bidder: Bidder) -> dict[str, Any]:
    """Return the server's own account, as the socket gives it."""
    from auction import messages

    return json.loads(messages.wire(messages.snapshot(snapshot(round.pk, bidder.pk), NOON)))  # type: ignore[no-any-return]


def folded(first: dict[str, Any], round: Round) -> dict[str, Any]:
    """Return what the script makes of everything recorded since."""
    events = [json.loads(frame.text) for frame in live.frames_after(round.pk, first["seq"])]
    told = json.dumps({"snapshot": first, "step": round.increment_fen, "events": events})
    node = shutil.which("node") or "node"
    done = subprocess.run(
        [node, "tests/js/fold.js"], cwd=ROOT, input=told, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.django_db
def test_the_page_folds_a_round_to_what_the_server_says(clock: HandClock) -> None:
    round = a_recorded_round(closes_at=NOON + timedelta(minutes=3))
    one, other = a_bidder(round, lin()), a_bidder(round, zhao())
    first = stands(round, one)

    bid(one, 1_400_000, NOON)
    bid(other, 1_405_000, NOON + timedelta(minutes=1))
    bid(one, 1_500_000.55, NOON + timedelta(minutes=5))
    suspend(round_id=round.pk, reason="x", at=NOON + timedelta(minutes=6))
    resume(round_id=round.pk, reason="y", at=NOON + timedelta(minutes=7))
    close_round(round_id=round.pk, at=clock.go(hours=1))

    page, server = folded(first, round), stands(round, one)
    assert {name: page[name] for name in COMPARED} == {name: server[name] for name in COMPARED}
    assert [row["amount"] for row in page["recent"]] == [row["amount"] for row in server["recent"]]


@pytest.mark.parametrize("ground", list(Ground), ids=lambda ground: ground.code)
def test_every_ground_has_a_sentence_and_shows_its_article(ground: Ground) -> None:
    with translation.override("en"):
        text = " ".join(render_to_string("elements/ground.html", {"ground": ground}).split())

    sentence, article = text.split('<span class="article" lang="zh-Hans">')
    assert sentence.strip().endswith(".")
    assert str(ground.article) in article


@pytest.mark.parametrize("path", sorted((ROOT / "static/js/live").glob("*.js")), ids=lambda path: path.name)
def test_scripts_hold_no_words_and_no_markup(path: Path) -> None:
    code = re.sub(
        r"/\*.*?\*/|^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )

    assert "innerHTML" not in code
    assert not re.search(r"""["'`]<[a-z]""", code)
    assert not re.search(r"""["'`][A-Z][a-z]+ [a-z]+ """, code)
