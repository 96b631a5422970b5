"""The number of a case, parsed by the Supreme Court's provisions on case numbers (法〔2015〕137号).

Since 2016 it is year, court, kind and number: (2021)京0105执1234号. Older cases keep the form they were
given: (2014)鱼执字第01174号. Brackets and digits of full width mean the same as those of half width.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from auction.rules.law import Source

# The text is not among ours; its articles 2 and 3 are cited from memory of it (unverified).
CASE_NUMBERS: Final = Source("case_numbers", "关于人民法院案件案号的若干规定", "法〔2015〕137号")

PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵"
SINCE_2016: Final = re.compile(
    rf"\((?P<year>20\d\d)\)(?P<court>最高法|军\d{{0,4}}|[{PROVINCES}]\d{{0,4}})"
    r"(?P<kind>(?:(?!字)[一-鿿]){1,6})(?P<number>\d{1,7})(?:-(?P<part>\d{1,3}))?号"
    r"(?:之(?P<piece>[一二三四五六七八九十]{1,3}|\d{1,3}))?",
    re.ASCII,
)
BEFORE_2016: Final = re.compile(
    r"\((?P<year>(?:19|20)\d\d)\)(?P<court>[一-鿿]{1,8}?)(?P<kind>[民刑行商知执破督催财保引立调][一-鿿]{0,5})"
    r"字第(?P<number>\d{1,7})(?:-(?P<part>\d{1,3}))?号(?:之(?P<piece>[一二三四五六七八九十]{1,3}|\d{1,3}))?",
    re.ASCII,
)
BRACKETS: Final = str.maketrans("〔［【〕］】", "((()))")
ENFORCED: Final = frozenset({"执", "执恢"})


class NotACaseNumber(ValueError):
    """The text is no case number."""


@dataclass(frozen=True)
class CaseNumber:
    """A case number: year, court code, kind (执 or 执恢 are enforcement), serial, and what follows them."""

    year: int
    court: str
    kind: str
    number: str
    part: str = ""
    piece: str = ""
    old: bool = False

    def __str__(self) -> str:
        """Return the canonical form, with brackets and digits of half width."""
        link = "字第" if self.old else ""
        part = f"-{self.part}" if self.part else ""
        piece = f"之{self.piece}" if self.piece else ""
        return f"({self.year}){self.court}{self.kind}{link}{self.number}{part}号{piece}"

    @property
    def enforces(self) -> bool:
        """Return whether this is an enforcement case that may sell property (执行, 恢复执行)."""
        return self.kind in ENFORCED or (self.old and self.kind.startswith("执"))

    def belongs_to(self, court_code: str) -> bool:
        """Return whether it is a case of the court; older numbers do not carry the code."""
        return self.old or self.court == court_code


def parse(text: str) -> CaseNumber:
    """Return the case number a person wrote.

    :raises NotACaseNumber: if it is none
    """
    plain = "".join(unicodedata.normalize("NFKC", text).translate(BRACKETS).split())
    for form, old in ((SINCE_2016, False), (BEFORE_2016, True)):
        match = form.fullmatch(plain)
        if match:
            return _from(match, old)
    raise NotACaseNumber(text)


def _from(match: re.Match[str], old: bool) -> CaseNumber:
    return CaseNumber(
        year=int(match["year"]),
        court=match["court"],
        kind=match["kind"],
        number=match["number"],
        part=match["part"] or "",
        piece=match["piece"] or "",
        old=old,
    )
