"""Arts. 10, 12, 17, 20, 26 and the texts of arts. 13-15, by the vectors of the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.rules.announcement import disclaimer_faults, item_faults, warning_faults, word_faults
from auction.rules.money import Money, parse, yuan
from auction.rules.requirements import Missing, NotReady, demand
from auction.rules.terms import (
    BEIJING,
    Before,
    Prices,
    Times,
    deposit_bounds,
    least_starting_price,
    price_faults,
    time_faults,
)

EVERY_ITEM = dict.fromkeys(range(1, 12), "text")
EVERY_WARNING = dict.fromkeys(range(1, 8), "text")


def codes(missing: Iterable[Missing]) -> list[str]:
    return [one.code for one in missing]


def beijing(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BEIJING).astimezone(UTC)


@pytest.mark.parametrize(
    ("starting", "expected"), [("699,999.99", ["starting_price_low"]), ("700,000.00", []), ("700,000.01", [])]
)
def test_the_starting_price_is_seventy_per_cent_of_the_appraisal_or_more(
    starting: str, expected: list[str]
) -> None:
    prices = Prices(yuan(1_000_000), parse(starting), yuan(5_000), yuan(100_000))

    assert codes(price_faults(prices)) == expected


@pytest.mark.parametrize(
    ("deposit", "expected"),
    [
        ("34,999.99", ["deposit_out_of_bounds"]),
        ("35,000", []),
        ("140,000", []),
        ("140,000.01", ["deposit_out_of_bounds"]),
    ],
)
def test_the_deposit_is_five_to_twenty_per_cent_of_the_starting_price(
    deposit: str, expected: list[str]
) -> None:
    prices = Prices(yuan(1_000_000), yuan(700_000), yuan(5_000), parse(deposit))

    assert codes(price_faults(prices)) == expected


@pytest.mark.parametrize(
    ("category", "opens_at", "clear", "expected"),
    [
        ("house", beijing(3, 31, 23, 59), True, ["lead_short"]),
        ("house", beijing(4, 1), True, []),
        ("house", beijing(3, 31), False, []),
        ("equity", beijing(3, 31, 23, 59), True, ["lead_short"]),
        ("vehicle", beijing(3, 16, 23, 59), True, ["lead_short"]),
        ("vehicle", beijing(3, 17), True, []),
    ],
)
def test_the_announcement_is_out_fifteen_or_thirty_clear_days_before(
    category: str, opens_at: datetime, clear: bool, expected: list[str]
) -> None:
    times = Times("first_auction", category, beijing(3, 1, 10), opens_at, opens_at + timedelta(days=1))

    assert codes(time_faults(times, clear=clear)) == expected


@pytest.mark.parametrize(
    ("opens_at", "expected"),
    [
        (beijing(4, 27), ["lead_short_again"]),
        (beijing(4, 28), []),
        (beijing(5, 10, 23), []),
        (beijing(5, 11), ["opens_too_late"]),
    ],
)
def test_a_second_auction_opens_after_fifteen_and_within_thirty_days(
    opens_at: datetime, expected: list[str]
) -> None:
    before = Before(yuan(700_000), date(2026, 5, 10))
    closes_at = opens_at + timedelta(days=1)
    times = Times("second_auction", "house", beijing(4, 12), opens_at, closes_at, before)

    assert codes(time_faults(times, clear=True)) == expected


@pytest.mark.parametrize(("starting", "expected"), [("559,999.99", ["cut_deep"]), ("560,000", [])])
def test_a_second_auction_cuts_twenty_per_cent_at_most(starting: str, expected: list[str]) -> None:
    before = Before(yuan(700_000), date(2026, 5, 10))
    prices = Prices(yuan(1_000_000), parse(starting), yuan(5_000), yuan(100_000), before)

    assert codes(price_faults(prices)) == expected


@pytest.mark.parametrize(
    ("length", "expected"),
    [(timedelta(hours=23, minutes=59), ["window_short"]), (timedelta(hours=24), [])],
)
def test_bidding_lasts_twenty_four_hours_at_least(length: timedelta, expected: list[str]) -> None:
    times = Times("first_auction", "house", beijing(3, 1), beijing(5, 1), beijing(5, 1) + length)

    assert codes(time_faults(times, clear=True)) == expected


def test_an_increment_of_nothing_is_none() -> None:
    prices = Prices(yuan(1_000_000), yuan(700_000), yuan(0), yuan(100_000))

    assert codes(price_faults(prices)) == ["increment_missing"]


@given(st.integers(1, 10**14))
def test_the_least_starting_price_is_never_a_fen_too_low_or_too_high(reference: int) -> None:
    least = least_starting_price(Money(reference)).fen

    assert least * 100 >= reference * 70 > (least - 1) * 100


@given(st.integers(100, 10**14))
def test_the_bounds_of_the_deposit_lie_within_the_law(starting: int) -> None:
    least, most = deposit_bounds(Money(starting))

    assert least.fen * 100 >= starting * 5 > (least.fen - 1) * 100
    assert most.fen * 100 <= starting * 20 < (most.fen + 1) * 100


@pytest.mark.parametrize("number", range(1, 12))
def test_each_of_the_eleven_items_is_asked_for(number: int) -> None:
    found = list(item_faults(EVERY_ITEM | {number: " "}, {}))

    assert [(one.code, one.facts["number"]) for one in found] == [("item_missing", number)]


@pytest.mark.parametrize("number", range(1, 8))
def test_each_of_the_seven_warnings_is_asked_for(number: int) -> None:
    assert codes(warning_faults(EVERY_WARNING | {number: ""})) == ["warning_missing"]


def test_only_the_enforced_document_may_be_left_out_and_only_for_a_reason() -> None:
    texts = {number: text for number, text in EVERY_ITEM.items() if number != 2}

    assert codes(item_faults(texts, {2: "涉及国家秘密"})) == []
    assert codes(item_faults(texts, {2: " "})) == ["waiver_unlawful"]
    assert codes(item_faults(EVERY_ITEM, {5: "不便"})) == ["waiver_unlawful"]


def test_the_court_disclaims_warranty_only_when_all_is_published() -> None:
    lacking = list(warning_faults({}))

    assert codes(disclaimer_faults(True, lacking)) == ["disclaimer_too_early"]
    assert codes(disclaimer_faults(False, lacking)) == []
    assert codes(disclaimer_faults(True, [])) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("不负责腾退", "words_refuse_handover"),
        ("房屋占有不明。", "words_hide_state"),
        ("现被他人占用", "words_hide_state"),
        ("以现状为准，法院不负责调查", "words_refuse_investigation"),
        ("一切税费由买受人承担", "words_shift_taxes"),
        ("过户所涉一切税、费均由买受人自行承担", "words_shift_taxes"),
        ("法院不负责清场交付", "words_refuse_handover"),
    ],
)
def test_words_by_which_a_court_rids_itself_of_a_duty_are_found(text: str, code: str) -> None:
    assert codes(word_faults(text)) == [code]


@pytest.mark.parametrize(
    "text",
    [
        "被执行人居住，法院负责腾退后交付",
        "承租人王某占有，租期至2027年1月31日",
        "契税依法由买受人承担，增值税依法由被执行人承担",
        "拍卖财产以实物现状为准，竞买人可以申请实地看样",
    ],
)
def test_honest_words_pass(text: str) -> None:
    assert codes(word_faults(text)) == []


def test_what_only_warns_does_not_stop_an_act() -> None:
    one = next(iter(warning_faults({})))
    demand([Missing(one.requirement, blocks=False)])

    with pytest.raises(NotReady):
        demand([one])


def test_a_real_announcement_that_refuses_to_vacate_is_found(shared_data: Path) -> None:
    file = shared_data / "listings" / "announcement_huiyang_2018_paimai_gonggao.txt"

    found = list(word_faults(file.read_text(encoding="utf-8")))

    assert ("words_refuse_handover", "法院不负责清场") in [(one.code, one.facts["words"]) for one in found]
