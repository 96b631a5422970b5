"""What is published with an announcement: eleven items, seven warnings; and words that may not be used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from auction.rules.law import Article, cites, online_auction
from auction.rules.requirements import Missing, Requirement


@dataclass(frozen=True)
class Slot:
    """One text to be published: its number, the name of its heading in templates, and its article."""

    number: int
    key: str
    article: Article


def _slots(article: int, *keys: str) -> tuple[Slot, ...]:
    return tuple(Slot(n, key, online_auction(article, None, n)) for n, key in enumerate(keys, 1))


ITEMS: Final = _slots(
    13,
    "announcement",
    "title_document",
    "price_basis",
    "time_price_rules",
    "property",
    "priority",
    "notices",
    "deposit",
    "taxes",
    "contact",
    "other",
)
WARNINGS: Final = _slots(
    14, "capacity", "proxies", "defects", "as_is", "full_understanding", "true_identity", "deposit_lost"
)
WAIVABLE: Final = frozenset({2})  # "except where the law forbids publishing it" stands at item 2 alone


class Ask(Requirement):
    """What the law asks of the texts."""

    ITEM = ("item_missing", online_auction(13))
    WAIVER = ("waiver_unlawful", online_auction(13, None, 2))
    WARNING = ("warning_missing", online_auction(14))
    DISCLAIMER = ("disclaimer_too_early", online_auction(15, 2))
    STATE = ("words_hide_state", online_auction(13, None, 5))
    HANDOVER = ("words_refuse_handover", online_auction(6, None, 7))
    INVESTIGATION = ("words_refuse_investigation", online_auction(6, None, 2))
    TAXES = ("words_shift_taxes", online_auction(30))


# The guidance 法〔2024〕238号 forbids these turns. Its numbering is not among our texts, so each refusal
# names the binding article of 法释〔2016〕18号 that the turn would evade.
FORBIDDEN: Final[tuple[tuple[re.Pattern[str], Ask], ...]] = (
    (re.compile(r"占有(情况)?不[明详]|(他人|第三人|案外人)占[用有]"), Ask.STATE),
    (
        re.compile(r"(法院|本院)?(概)?不(负责|承担|予|保证)[^。;；，,]{0,6}(腾退|清场|腾空|清退|腾房)"),
        Ask.HANDOVER,
    ),
    (re.compile(r"(法院|本院)不(负责|予|作)[^。;；，,]{0,4}(调查|核实|查明)"), Ask.INVESTIGATION),
    (
        re.compile(
            r"(一切|全部|所有|任何)[^。；]{0,12}(税费|税、费|税款)[^。；]{0,16}由?买受人(自行)?(承担|负担)"
        ),
        Ask.TAXES,
    ),
    (re.compile(r"买受人(自行)?(承担|负担)(一切|全部|所有)[^。；]{0,8}(税费|税款)"), Ask.TAXES),
)


@cites(online_auction(13))
def item_faults(texts: Mapping[int, str], waived: Mapping[int, str]) -> Iterator[Missing]:
    """Yield each of the eleven items that is neither filled nor waived for a legal reason."""
    for slot in ITEMS:
        if slot.number in waived:
            if slot.number not in WAIVABLE or not waived[slot.number].strip():
                yield Missing(Ask.WAIVER, {"number": slot.number})
        elif not texts.get(slot.number, "").strip():
            yield Missing(Ask.ITEM, {"number": slot.number}, place=slot.article)


@cites(online_auction(14))
def warning_faults(texts: Mapping[int, str]) -> Iterator[Missing]:
    """Yield each of the seven warnings that has no text."""
    for slot in WARNINGS:
        if not texts.get(slot.number, "").strip():
            yield Missing(Ask.WARNING, {"number": slot.number}, place=slot.article)


@cites(online_auction(15, 2))
def disclaimer_faults(declared: bool, missing: Iterable[Missing]) -> Iterator[Missing]:
    """Yield a fault if the court disclaims warranty before the items and warnings are complete."""
    if declared and any(one.requirement in (Ask.ITEM, Ask.WAIVER, Ask.WARNING) for one in missing):
        yield Missing(Ask.DISCLAIMER)


@cites(online_auction(6), online_auction(13), online_auction(30))
def word_faults(text: str) -> Iterator[Missing]:
    """Yield each turn of phrase by which a court would rid itself of a duty, with the words found."""
    plain = "".join(text.split())
    for pattern, ask in FORBIDDEN:
        for found in pattern.finditer(plain):
            yield Missing(ask, {"words": found[0]})
