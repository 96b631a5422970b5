"""The bank: statements of the court's account, read from the CSV that its bank gives out.

UTF-8 or GB18030; a header names the columns in Chinese or English, in any order:
交易日期 date · 流水号 reference · 贷方金额 credit · 借方金额 debit (or one signed 金额 amount) ·
对方户名 name · 对方账号 account · 附言 remark. Amounts in yuan, dates as 2026-11-23 or 20261123.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from auction.rules.money import Money, parse

COLUMNS: Final = {
    "date": ("交易日期", "记账日期", "日期", "date"),
    "reference": ("流水号", "交易流水号", "银行流水号", "reference"),
    "credit": ("贷方金额", "贷方发生额", "收入金额", "credit"),
    "debit": ("借方金额", "借方发生额", "支出金额", "debit"),
    "amount": ("金额", "交易金额", "amount"),
    "name": ("对方户名", "对方名称", "name"),
    "account": ("对方账号", "account"),
    "remark": ("附言", "摘要", "用途", "备注", "remark"),
}
NEEDED: Final = ("date", "reference", "remark")
LARGEST: Final = 5 * 2**20


class NotAStatement(ValueError):
    """The file is no statement we can read; the number of the wrong line comes with it."""


@dataclass(frozen=True)
class Line:
    """One booked line: positive came in, negative went out."""

    booked_on: date
    reference: str
    amount: Money
    name: str
    account: str
    remark: str


def read_statement(content: bytes) -> list[Line]:
    """Return the lines of a statement, all or none.

    :raises NotAStatement: if the file or one of its lines cannot be read
    """
    if len(content) > LARGEST:
        raise NotAStatement(0)
    try:
        return _lines(content)
    except csv.Error as error:
        raise NotAStatement(0) from error


def _lines(content: bytes) -> list[Line]:
    rows = csv.DictReader(io.StringIO(_decoded(content)))
    columns = _columns(rows.fieldnames or [])
    lines = []
    for number, row in enumerate(rows, start=2):
        try:
            lines.append(_line({name: (row[column] or "").strip() for name, column in columns.items()}))
        except (ValueError, KeyError) as error:
            raise NotAStatement(number) from error
    return lines


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAStatement(0)


def _columns(header: Sequence[str]) -> dict[str, str]:
    """Return which column of the file holds what."""
    shown = {column.strip().lower(): column for column in header}
    found = {
        name: shown[alias]
        for name, aliases in COLUMNS.items()
        for alias in reversed(aliases)
        if alias in shown
    }
    if not all(name in found for name in NEEDED) or not {"credit", "amount"} & set(found):
        raise NotAStatement(1)
    return found


def _line(row: dict[str, str]) -> Line:
    if not row["reference"]:
        raise ValueError("reference")
    text = row["date"].replace("/", "-")
    booked = datetime.strptime(text[:10], "%Y-%m-%d" if "-" in text else "%Y%m%d").date()  # noqa: DTZ007 - a day
    return Line(
        booked, row["reference"], _amount(row), row.get("name", ""), row.get("account", ""), row["remark"]
    )


def _amount(row: dict[str, str]) -> Money:
    if "amount" in row:
        return _signed(row["amount"])
    return _signed(row["credit"] or "0") - _signed(row.get("debit") or "0")


def _signed(text: str) -> Money:
    amount = parse(text.removeprefix("-").removeprefix("+"))
    return -amount if text.startswith("-") else amount
