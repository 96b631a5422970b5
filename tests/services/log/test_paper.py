"""The confirmation of a sale names the checkpoint its close is proven under, or says that there is none."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import Client

from auction import documents
from auction.log import tree
from auction.log.files import tiles
from auction.log.signer import Signer
from auction.models import Document, Event, Log, Round
from auction.services.confirmation import confirm_sale
from auction.services.log_publish import grow
from auction.services.seals import StillClosed
from tests.services.settlement.test_documents import words_of
from tests.support import sales
from tests.support.bidding import a_recorded_round

pytestmark = pytest.mark.django_db

SIGNED = sales.CLOSED + timedelta(seconds=2)


@pytest.fixture
def paper(signer: Signer) -> Document:
    """Give the confirmation of a sale whose close was signed before it."""
    sales.closed()
    grow(at=SIGNED)
    return confirm_sale(round_id=Round.objects.get().pk, at=SIGNED)


def test_the_checkpoint_on_the_paper_has_the_close_in_it(paper: Document) -> None:
    told = paper.facts["checkpoint"]
    leaf = tree.leaf_hash(Event.objects.get(kind="close").leaf.encode())
    path = tree.inclusion(told["place"], told["size"], tiles().read(told["size"]))

    assert tree.root_by_inclusion(leaf, told["place"], told["size"], path) == b64decode(told["root"])
    assert told["origin"] == "auction.example/log"
    assert told["signed"] == documents.instant_in_words(SIGNED)


def test_the_page_says_it_whole(paper: Document, client: Client) -> None:
    page = client.get(f"/rounds/{paper.round_id}/confirmation/").content.decode()

    assert all(said in page for said in words(paper))


def test_the_paper_says_it_whole(paper: Document, tmp_path: Path) -> None:
    printed = words_of(bytes(paper.pdf), tmp_path)

    assert all(said in printed for said in words(paper))


def words(paper: Document) -> tuple[str, ...]:
    """Return what has to be said of the checkpoint."""
    told = paper.facts["checkpoint"]
    return told["origin"], told["root"], told["signed"], f"第{told['place']}号", f"共{told['size']}条"


def test_the_code_leads_to_the_check_of_this_round(paper: Document, client: Client) -> None:
    address = paper.facts["url"]
    page = client.get(f"/rounds/{paper.round_id}/confirmation/").content.decode()

    assert address.endswith(f"/rounds/{paper.round_id}/confirmation/#check")
    assert f'src="{documents.qr_image(address)}"' in page
    assert f'record.zip?round={paper.round_id}"' in page


def test_the_page_goes_on_with_the_log_and_the_paper_does_not(paper: Document, client: Client) -> None:
    old = paper.facts["checkpoint"]
    a_recorded_round(at=SIGNED)
    grow(at=SIGNED + timedelta(hours=1))
    page = client.get(f"/rounds/{paper.round_id}/confirmation/").content.decode()

    new = Log.objects.get().signed_size
    assert new > old["size"]
    assert f"/log/growth/{old['size']}-{new}" in page
    root = b64encode(tree.root(new, tiles().read(new))).decode()
    assert root in page
    assert old["root"] in page


def test_nothing_is_confirmed_before_the_close_is_signed(signer: Signer) -> None:
    sales.closed()

    with pytest.raises(StillClosed):
        confirm_sale(round_id=Round.objects.get().pk, at=SIGNED)

    assert not Event.objects.filter(kind="note").exists()


def test_where_nothing_is_signed_the_page_says_so(client: Client) -> None:
    sales.confirmed()
    page = client.get(f"/rounds/{Round.objects.get().pk}/confirmation/").content.decode()

    assert "未附日志检查点" in page
    assert "本次竞价的终结尚未载入经签署的公开日志。" in page


def test_where_nothing_is_signed_the_paper_says_so(tmp_path: Path) -> None:
    sales.confirmed()

    assert "未附日志检查点" in words_of(bytes(Document.objects.get().pdf), tmp_path)


def test_a_paper_of_before_can_still_be_set(paper: Document) -> None:
    before = {name: fact for name, fact in paper.facts.items() if name != "checkpoint"}

    assert "未附日志检查点" in render_to_string("documents/confirmation.html", {"facts": before})
    assert documents.digest(documents.pdf("confirmation", before)) != paper.digest
