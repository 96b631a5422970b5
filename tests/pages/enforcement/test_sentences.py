"""Everything the law asks for has its article, its own code, and a sentence for the officer."""

from __future__ import annotations

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from auction.rules import announcement, terms
from auction.rules.law import Article
from auction.rules.money import yuan
from auction.rules.requirements import Missing, Requirement
from enforcement.rules import case, deadlines, notice, panel, price

ASKED: list[Requirement] = [
    one for module in (announcement, terms, case, deadlines, notice, panel, price) for one in module.Ask
]
FACTS = {
    "least": yuan(1),
    "most": yuan(2),
    "days": 30,
    "number": 1,
    "words": "w",
    "name": "n",
    "until": date(2026, 1, 1),
    "count": 2,
}


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.code)
def test_a_requirement_carries_its_article_and_a_sentence(asked: Requirement) -> None:
    with translation.override("en"):
        said = render_to_string("enforcement/missing.html", {"missing": [Missing(asked, FACTS)]})

    sentence = said.split("<span>")[1].split("</span>")[0]
    assert isinstance(asked.article, Article)
    assert sentence.strip()


def test_no_two_requirements_share_a_code() -> None:
    codes = [asked.code for asked in ASKED]

    assert len(codes) == len(set(codes))
