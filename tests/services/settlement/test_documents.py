"""Documents: the same facts give the same bytes, and both twins say the same."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from auction import documents
from auction.models import Document
from enforcement.models import Ruling
from tests.support import sales

pytestmark = pytest.mark.django_db


def words_of(pdf: bytes, folder: Path) -> str:
    """Return the text of a PDF without spaces and line ends."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    paper = folder / "paper.pdf"
    paper.write_bytes(pdf)
    text = subprocess.run([program, paper, "-"], check=True, capture_output=True, text=True).stdout
    return "".join(text.split())


def test_the_same_facts_give_the_same_bytes() -> None:
    sales.confirmed()
    made = Document.objects.get()

    assert documents.pdf("confirmation", made.facts) == bytes(made.pdf)


def test_another_price_gives_another_digest() -> None:
    sales.confirmed()
    made = Document.objects.get()

    other = documents.pdf("confirmation", made.facts | {"price": "1.00"})

    assert documents.digest(other) != made.digest


@pytest.mark.parametrize(
    "name", ["purchaser", "number", "price", "price_capitals", "code", "lot", "case_number"]
)
def test_both_twins_of_the_confirmation_say_it(name: str, tmp_path: Path) -> None:
    sales.confirmed()
    made = Document.objects.get()

    said = str(made.facts[name])

    assert said in render_to_string("documents/confirmation.html", {"facts": made.facts})
    assert said in words_of(bytes(made.pdf), tmp_path)


def test_both_twins_of_the_ruling_give_the_same_orders(tmp_path: Path) -> None:
    sales.ruled()
    ruling = Ruling.objects.get()
    html = render_to_string("documents/ruling.html", {"facts": ruling.facts})
    paper = words_of(bytes(ruling.pdf), tmp_path)

    assert len(ruling.facts["orders"]) == 4
    assert all(order in html and order in paper for order in ruling.facts["orders"])


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 1), "二〇二六年一月一日"),
        (date(2026, 10, 10), "二〇二六年十月十日"),
        (date(2026, 12, 21), "二〇二六年十二月二十一日"),
        (date(2030, 5, 30), "二〇三〇年五月三十日"),
    ],
)
def test_a_date_is_signed_in_chinese_numerals(day: date, words: str) -> None:
    assert documents.day_in_words(day) == words


def test_an_instant_is_told_in_the_courts_zone() -> None:
    assert documents.instant_in_words(datetime(2026, 5, 25, 16, 5, tzinfo=UTC)) == "2026年5月26日00时05分00秒"
