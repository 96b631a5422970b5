"""Reference price, panel, notices, seizures: each by the case of law.md that names it."""

from __future__ import annotations

from datetime import date

import pytest

from auction.rules.money import yuan
from auction.rules.requirements import Missing
from enforcement.rules.case import Described, identity_faults, picture_faults, property_faults
from enforcement.rules.deadlines import Seized, cover_faults, seizure_faults
from enforcement.rules.notice import Notified, notice_faults, publication_faults
from enforcement.rules.panel import Decision, Member, decision_faults, panel_faults
from enforcement.rules.price import Reference, price_faults, validity_faults

THREE = [Member(1, 7, True), Member(2, 7, False), Member(3, 7, False)]


def codes(missing: object) -> list[str]:
    return [one.code for one in missing if isinstance(one, Missing)]  # type: ignore[attr-defined]


def test_three_different_members_with_a_presiding_judge_are_a_panel() -> None:
    assert codes(panel_faults(THREE, 7)) == []


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (THREE[:2], "panel_small"),
        ([THREE[0], THREE[1], THREE[1]], "panel_small"),
        ([*THREE, Member(4, 7, False)], "panel_even"),
        ([Member(n, 7, False) for n in (1, 2, 3)], "panel_without_presiding_judge"),
        ([*THREE[:2], Member(9, 8, False)], "panel_of_other_court"),
    ],
)
def test_any_other_panel_is_refused(members: list[Member], code: str) -> None:
    assert codes(panel_faults(members, 7)) == [code]


@pytest.mark.parametrize(
    ("document", "decided_on", "ranks", "expected"),
    [
        ("笔录", date(2026, 11, 10), {}, []),
        ("笔录", date(2026, 11, 10), {5: 1, 6: 2}, []),
        (" ", date(2026, 11, 10), {}, ["decision_undocumented"]),
        ("笔录", date(2026, 8, 31), {}, ["decision_date_wrong"]),
        ("笔录", date(2026, 11, 21), {}, ["decision_date_wrong"]),
        ("笔录", date(2026, 11, 10), {5: None}, ["priority_unranked"]),
    ],
)
def test_a_decision_has_its_document_its_day_and_every_rank(
    document: str, decided_on: date, ranks: dict[int, int | None], expected: list[str]
) -> None:
    decision = Decision(THREE, document, decided_on, ranks)

    assert codes(decision_faults(decision, date(2026, 9, 1), date(2026, 11, 20))) == expected


@pytest.mark.parametrize(
    ("channel", "done_on", "published_on", "clear", "expected"),
    [
        ("post", date(2026, 2, 28), date(2026, 3, 3), True, ["notice_too_late"]),
        ("post", date(2026, 2, 28), date(2026, 3, 4), True, []),
        ("post", date(2026, 2, 28), date(2026, 3, 3), False, []),
        ("unreachable", date(2026, 3, 1), date(2026, 3, 6), True, ["notice_too_late"]),
        ("unreachable", date(2026, 3, 1), date(2026, 3, 7), True, []),
        ("waived", date(2026, 3, 1), date(2026, 3, 1), True, []),
        (None, None, date(2026, 3, 1), True, ["notice_missing"]),
    ],
)
def test_notice_precedes_publication_by_three_clear_days_or_five_posted(
    channel: str | None, done_on: date | None, published_on: date, clear: bool, expected: list[str]
) -> None:
    notified = [Notified("赵某", "priority", channel, done_on, "EMS 1")]

    assert codes(publication_faults(notified, published_on, clear=clear)) == expected


@pytest.mark.parametrize(
    ("side", "channel", "proof", "expected"),
    [
        ("priority", "waived", "声明", []),
        ("debtor", "waived", "声明", ["waiver_not_his"]),
        ("debtor", "post", " ", ["notice_unproven"]),
    ],
)
def test_only_the_holder_of_a_right_waives_it_and_every_notice_is_proven(
    side: str, channel: str, proof: str, expected: list[str]
) -> None:
    notified = Notified("某", side, channel, date(2026, 3, 1), proof)

    assert codes(notice_faults(notified, date(2026, 3, 1))) == expected


@pytest.mark.parametrize(
    ("dated_on", "valid_until", "expected"),
    [
        (date(2026, 3, 1), date(2027, 3, 1), []),
        (date(2026, 3, 1), date(2027, 3, 2), ["validity_over_a_year"]),
        (date(2028, 2, 29), date(2029, 2, 28), []),
        (date(2028, 2, 29), date(2029, 3, 1), ["validity_over_a_year"]),
        (date(2026, 3, 1), date(2026, 2, 1), ["validity_over_a_year"]),
    ],
)
def test_a_reference_price_is_valid_for_a_year_at_most(
    dated_on: date, valid_until: date, expected: list[str]
) -> None:
    price = Reference("appraisal", yuan(1_000_000), "报告", dated_on, valid_until)

    assert codes(price_faults(price)) == expected


@pytest.mark.parametrize(
    ("published_on", "closes_on", "first", "expected"),
    [
        (date(2026, 8, 31), date(2027, 2, 28), True, []),
        (date(2026, 9, 1), date(2026, 10, 1), True, ["reference_price_expired"]),
        (date(2026, 9, 1), date(2026, 10, 1), False, []),
        (date(2026, 8, 31), date(2027, 3, 1), True, ["sale_after_validity"]),
    ],
)
def test_the_sale_comes_within_six_months_of_the_validity(
    published_on: date, closes_on: date, first: bool, expected: list[str]
) -> None:
    price = Reference("appraisal", yuan(1), "报告", date(2025, 9, 1), date(2026, 8, 31))

    assert codes(validity_faults(price, published_on, closes_on, first=first)) == expected


@pytest.mark.parametrize(
    ("category", "expires_on", "expected"),
    [
        ("house", date(2029, 6, 1), []),
        ("house", date(2029, 6, 2), ["seizure_too_long"]),
        ("vehicle", date(2028, 6, 1), []),
        ("vehicle", date(2028, 6, 2), ["seizure_too_long"]),
        ("house", date(2026, 5, 31), ["seizure_too_long"]),
    ],
)
def test_a_seizure_lasts_two_years_for_movables_and_three_for_all_else(
    category: str, expires_on: date, expected: list[str]
) -> None:
    assert codes(seizure_faults(category, Seized(1, date(2026, 6, 1), expires_on))) == expected


@pytest.mark.parametrize(
    ("expires_on", "expected", "blocks"),
    [
        (date(2026, 12, 21), ["seizure_lapsed"], [True]),
        (date(2026, 12, 22), ["seizure_lapses"], [False]),
        (date(2027, 2, 19), ["seizure_lapses"], [False]),
        (date(2027, 2, 20), [], []),
    ],
)
def test_a_seizure_that_ends_before_the_bidding_blocks_and_one_soon_after_warns(
    expires_on: date, expected: list[str], blocks: list[bool]
) -> None:
    found = list(cover_faults([Seized(1, date(2025, 1, 1), expires_on)], date(2026, 12, 22)))

    assert codes(found) == expected
    assert [one.blocks for one in found] == blocks


def test_without_a_seizure_nothing_is_sold() -> None:
    assert codes(cover_faults([], date(2026, 12, 22))) == ["seizure_missing"]


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [
        ("natural", "11010519491231002X", []),
        ("natural", "110105194912310021", ["identity_number_wrong"]),
        ("organisation", "91350100M000100Y43", []),
        ("organisation", "91350100M000100Y44", ["organisation_code_wrong"]),
    ],
)
def test_a_number_is_judged_by_its_check_digit(kind: str, number: str, expected: list[str]) -> None:
    assert codes(identity_faults(kind, number)) == expected


def test_a_house_says_who_may_buy_and_a_machine_need_not() -> None:
    described = Described("权属", "占有", "无", "无", "可看样")

    assert codes(property_faults("house", described, 1)) == ["qualification_missing"]
    assert codes(property_faults("movable", described, 1)) == []


def test_everything_that_is_not_described_is_asked_for() -> None:
    empty = Described("", "", "", "", "")

    assert codes(property_faults("movable", empty, 0)) == [
        "title_missing",
        "possession_missing",
        "burdens_missing",
        "defects_missing",
        "visits_missing",
        "taxes_missing",
    ]


def test_what_can_be_seen_is_shown_and_shares_are_not() -> None:
    assert codes(picture_faults("house", 0, 0)) == ["pictures_missing"]
    assert codes(picture_faults("vehicle", 1, 0)) == []
    assert codes(picture_faults("equity", 0, 0)) == []
    assert codes(picture_faults("house", 2, 1)) == ["tour_not_ready"]
