"""Legal texts only the settlement rests on, beside those of `auction.rules.law`."""

from __future__ import annotations

from typing import Final

from auction.rules.law import (
    CIVIL_CODE,
    CIVIL_PROCEDURE_READING,
    COURT_FEES,
    ENFORCEMENT_WORK,
    Article,
    Source,
)

DELAY_INTEREST: Final = Source(
    "delay_interest",
    "最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释",
    "法释〔2014〕8号",
)
TAX_COLLECTION: Final = Source("tax_collection", "中华人民共和国税收征收管理法", "税收征收管理法(2015年修正)")
OBJECTIONS: Final = Source(
    "objections",
    "最高人民法院关于人民法院办理执行异议和复议案件若干问题的规定",
    "执行异议和复议规定(2020年修正)",
)
# Unverified: the text is not among ours; articles 10 and 11 are cited after a local rule that quotes them.
CASE_FUNDS: Final = Source("case_funds", "最高人民法院关于执行款物管理工作的规定", "法发〔2017〕6号")

COSTS_FIRST: Final = Article(ENFORCEMENT_WORK, 34, 2)
FEE_SCALE: Final = Article(COURT_FEES, 14, None, 1)
DWELLING_RENT: Final = Article(OBJECTIONS, 20, 1, 3)
TAX_BEFORE_MORTGAGE: Final = Article(TAX_COLLECTION, 45)
CONSTRUCTION_PRICE: Final = Article(CIVIL_CODE, 807)
MORTGAGES_BY_REGISTRATION: Final = Article(CIVIL_CODE, 414)
PRO_RATA: Final = Article(CIVIL_PROCEDURE_READING, 508)
BY_SEIZURE: Final = Article(CIVIL_PROCEDURE_READING, 514)
DELAY_INTEREST_LAST: Final = Article(DELAY_INTEREST, 4)
SURPLUS_BACK: Final = Article(ENFORCEMENT_WORK, 34, 2)
