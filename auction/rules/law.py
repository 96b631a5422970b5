"""The law as data: sources, articles, and the decorator that ties a rule to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeVar

Rule = TypeVar("Rule", bound=Callable[..., object])


@dataclass(frozen=True)
class Source:
    """A legal text: stable key, Chinese title, document number and date of this version."""

    key: str
    title: str
    number: str


@dataclass(frozen=True)
class Article:
    """A place in a source; paragraph (款) and item (项) are optional."""

    source: Source
    article: int
    paragraph: int | None = None
    item: int | None = None

    def __str__(self) -> str:
        """Return the citation as Chinese courts write it."""
        paragraph = f"第{self.paragraph}款" if self.paragraph else ""
        item = f"第{self.item}项" if self.item else ""
        return f"{self.source.number}第{self.article}条{paragraph}{item}"


ONLINE_AUCTION: Final = Source(
    "online_auction", "最高人民法院关于人民法院网络司法拍卖若干问题的规定", "法释〔2016〕18号"
)
SALE: Final = Source(
    "sale", "最高人民法院关于人民法院民事执行中拍卖、变卖财产的规定", "法释〔2004〕16号(2020年修正)"
)
REFERENCE_PRICE: Final = Source(
    "reference_price", "最高人民法院关于人民法院确定财产处置参考价若干问题的规定", "法释〔2018〕15号"
)
CIVIL_PROCEDURE: Final = Source("civil_procedure", "中华人民共和国民事诉讼法", "民事诉讼法(2023年修正)")
CIVIL_PROCEDURE_READING: Final = Source(
    "civil_procedure_reading",
    "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释",
    "民诉法解释(2022年修正)",
)
ENFORCEMENT_WORK: Final = Source(
    "enforcement_work", "最高人民法院关于人民法院执行工作若干问题的规定（试行）", "执行工作规定(2020年修正)"
)
COURT_FEES: Final = Source("court_fees", "诉讼费用交纳办法", "国务院令第481号")
HOUSE_BUYERS: Final = Source(
    "house_buyers", "最高人民法院关于人民法院司法拍卖房产竞买人资格若干问题的规定", "法释〔2021〕18号"
)
CONSUMPTION: Final = Source(
    "consumption", "最高人民法院关于限制被执行人高消费及有关消费的若干规定", "法释〔2015〕17号"
)
AUCTION_LAW: Final = Source("auction_law", "中华人民共和国拍卖法", "拍卖法(2015年修正)")
CIVIL_CODE: Final = Source("civil_code", "中华人民共和国民法典", "民法典")


class Reason(Enum):
    """Why something is asked or refused: `code` names its sentence in templates, `article` its source.

    It has no members of its own: each list of reasons is a class of its own.
    """

    @property
    def code(self) -> str:
        """Return the stable name used in templates, messages and the record."""
        return str(self.value[0])

    @property
    def article(self) -> Article:
        """Return the article it rests on."""
        article: Article = self.value[1]
        return article


def online_auction(article: int, paragraph: int | None = None, item: int | None = None) -> Article:
    """Return an article of 法释〔2016〕18号, the provisions on online judicial auctions."""
    return Article(ONLINE_AUCTION, article, paragraph, item)


def sale(article: int, paragraph: int | None = None, item: int | None = None) -> Article:
    """Return an article of the 2004 (2020) provisions on auction and sale of property."""
    return Article(SALE, article, paragraph, item)


def cites(*articles: Article) -> Callable[[Rule], Rule]:
    """Tie a rule to the articles it keeps; they are read back by `cited`."""

    def tie(rule: Rule) -> Rule:
        setattr(rule, "__cites__", articles)
        return rule

    return tie


def cited(rule: Callable[..., object]) -> tuple[Article, ...]:
    """Return the articles a rule was tied to, empty if none."""
    articles: tuple[Article, ...] = getattr(rule, "__cites__", ())
    return articles
