"""Verdicts about targets, dates, criteria, award forms and tasks, on made items and on the five plans."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.movements.cascade.coverage import Finding, Item, compare
from thidua.movements.cascade.figures import Verdict
from thidua.movements.cascade.tests.records import items_of


def target(indicator: str, comparator: str, low: float, high: float | None = None, **fields: Any) -> Item:
    values = {"value": low} if high is None else {"value_min": low, "value_max": high}
    entry = {"indicator": indicator, "comparator": comparator, "label_vi": indicator, **values, **fields}
    return Item("T1", "targets", indicator, entry, 2021, 2025)


def fall(comparator: str, low: float, high: float | None = None, **fields: Any) -> Item:
    fields = {"unit": "pct_point", "per": "year", **fields}
    return target("multidim_poverty_rate_decrease", comparator, low, high, **fields)


def share(comparator: str, low: float, **fields: Any) -> Item:
    return target("communes_ntm_share", comparator, low, **{"unit": "pct", **fields})


def count(comparator: str, low: float, **fields: Any) -> Item:
    return target("communes_ntm", comparator, low, **{"unit": "commune", **fields})


def only(higher: Item, *own: Item) -> Finding:
    (finding,) = compare([higher], own)
    return finding


@pytest.mark.parametrize(
    ("higher", "own", "verdict"),
    [
        (fall("between", 1, 1.5), fall("between", 2, 3), Verdict.STRONGER),
        (fall("between", 2, 3), fall("between", 1, 1.5), Verdict.WEAKER),
        (fall("between", 1, 1.5), fall("between", 1, 2), Verdict.COVERED),
        (fall("gt", 3), fall("gt", 3), Verdict.COVERED),
        (fall("gt", 3), fall("gte", 3), Verdict.WEAKER),
        (fall("gte", 3), fall("gt", 3), Verdict.STRONGER),
        (fall("gte", 40), fall("approx", 40), Verdict.WEAKER),
        (fall("gte", 3), fall("gte", 3, per="year_average"), Verdict.WEAKER),
        (fall("gte", 3), fall("gte", 5, per="year_average"), Verdict.STRONGER),
        # the whole period: 15 points in five years are three a year on average
        (fall("gte", 3, per="year_average"), fall("gte", 15, per=""), Verdict.COVERED),
        (share("gte", 80), share("gte", 87), Verdict.STRONGER),
        (share("gte", 80), count("gte", 112, stated_count={"of": 128}), Verdict.STRONGER),
        (share("gte", 80), count("gte", 96, stated_count={"of": 128}), Verdict.WEAKER),
        (share("gte", 75), count("gte", 96, stated_count={"of": 128}), Verdict.COVERED),
        (share("gte", 80), count("gte", 112), Verdict.INCOMPARABLE),
        (count("gte", 100), share("gte", 80, stated_count={"of": 128}), Verdict.STRONGER),
        # a later deadline is weaker whatever the amount, an earlier one stronger
        (share("gte", 80), share("gte", 90, deadline={"year": 2030}), Verdict.WEAKER),
        (share("gte", 80), share("gte", 80, deadline={"year": 2024}), Verdict.STRONGER),
        # at most so much where at least more is asked
        (share("gte", 80), share("lte", 70), Verdict.CONTRADICTING),
        (share("gte", 80, base="tổng số xã"), share("gte", 90, base="xã đã đạt chuẩn"), Verdict.INCOMPARABLE),
        (
            target("communes_below_15_criteria", "lte", 0, unit="commune", scope="cả nước"),
            target("communes_below_15_criteria", "lte", 4, unit="commune", scope="tỉnh Quảng Bình"),
            Verdict.WEAKER,
        ),
        (
            count("gte", 6000, scope="cả nước"),
            count("gte", 112, scope="tỉnh Quảng Bình"),
            Verdict.INCOMPARABLE,
        ),
        (count("gte", 2, scope="mỗi tỉnh"), count("gte", 1, scope="tỉnh Quảng Bình"), Verdict.WEAKER),
        (
            target("poor_hh_rate", "lt", 2, unit="pct"),
            target("poor_hh_rate", "lt", 1.5, unit="pct"),
            Verdict.STRONGER,
        ),
        (
            target("poor_hh_rate_decrease", "gte", 3, unit="pct_point", per="year"),
            target("poor_hh_rate", "lt", 1.5, unit="pct"),
            Verdict.INCOMPARABLE,
        ),
        # from 21.5 % down to below 1.5 % in five years: more than four points a year
        (
            target("poor_hh_rate_decrease", "gte", 3, unit="pct_point", per="year"),
            target("poor_hh_rate", "lt", 1.5, unit="pct", baseline={"year": 2020, "value": 21.5}),
            Verdict.STRONGER,
        ),
        (
            target("rural_income_ratio", "gte", 1.5, unit="ratio", baseline={"year": 2020}),
            target("rural_income_ratio", "gte", 1.8, unit="ratio", baseline={"year": 2021}),
            Verdict.INCOMPARABLE,
        ),
        (
            fall("between", 1, 1.5),
            target("poor_hh_rate_decrease", "gte", 3, unit="pct_point", per="year"),
            Verdict.INCOMPARABLE,
        ),
    ],
)
def test_target(higher: Item, own: Item, verdict: Verdict) -> None:
    assert only(higher, own).verdict == verdict


def test_reason_names_both_amounts() -> None:
    finding = only(fall("between", 1, 1.5), fall("between", 2, 3))

    assert finding.sentence == (
        "Kế hoạch này đặt giảm 2–3 điểm %/năm, cao hơn mức giảm 1–1,5 điểm %/năm của cấp trên."
    )


def test_ceiling_of_none_is_said_in_words() -> None:
    fields = {"unit": "commune"}
    higher = target("communes_below_15_criteria", "lte", 0, None, **fields)

    finding = only(higher, target("communes_below_15_criteria", "lte", 4, None, **fields))

    assert finding.sentence == (
        "Kế hoạch này đặt không quá 4 xã, lỏng hơn mức không còn xã nào của cấp trên."
    )


def test_other_base_is_explained_and_not_compared() -> None:
    own = target("poor_hh_rate_decrease", "gte", 3, unit="pct_point", per="year")

    finding = only(fall("between", 1, 1.5), own)

    assert finding.own is own
    assert finding.sentence == (
        "Khác gốc so sánh: cấp trên tính hộ nghèo và hộ cận nghèo theo chuẩn nghèo đa chiều, kế hoạch này "
        "tính chỉ hộ nghèo (cùng về tỷ lệ nghèo), nên hai con số không so được với nhau."
    )


def test_target_with_another_answer_is_no_other_base() -> None:
    ethnic = target("ethnic_poor_hh_rate_decrease", "gt", 3, unit="pct_point", per="year")

    findings = compare([fall("between", 1, 1.5), ethnic], [fall("between", 6, 7)])

    assert [finding.verdict for finding in findings] == [Verdict.STRONGER, Verdict.MISSING]


def test_open_indicator_is_found_by_its_words_and_only_perhaps() -> None:
    fields: dict[str, Any] = {"unit": "product", "label_vi": "Số sản phẩm chè shan tuyết đạt chuẩn hữu cơ"}
    higher = target("other", "gte", 10, **fields)
    own = target("other", "gte", 12, **{**fields, "label_vi": "Sản phẩm chè shan tuyết chuẩn hữu cơ"})

    finding = only(higher, own)

    assert (finding.verdict, finding.own) == (Verdict.STRONGER, own)
    assert only(higher).verdict == Verdict.MISSING


# --- dates, criteria, award forms, tasks ----------------------------------------------------------


def milestone(kind: str, text: str = "", **when: Any) -> Item:
    return Item("M1", "milestones", text or str(when), {"kind": kind, "when": when})


@pytest.mark.parametrize(
    ("higher", "own", "verdict"),
    [
        (milestone("so_ket", year=2023), milestone("so_ket", year=2023), Verdict.COVERED),
        (milestone("so_ket", year=2023), milestone("so_ket", year=2023, month=11), Verdict.COVERED),
        (milestone("so_ket", year=2023), milestone("so_ket", year=2024), Verdict.CONTRADICTING),
        (milestone("so_ket", year=2023), milestone("tong_ket", year=2025), Verdict.MISSING),
        (milestone("tong_ket", year=2025, month=6), milestone("tong_ket", year=2025), Verdict.WEAKER),
        (
            milestone("tong_ket", year=2025, month=6),
            milestone("tong_ket", year=2025, month=9),
            Verdict.WEAKER,
        ),
        (milestone("so_ket", year=2023), milestone("so_ket", raw="giữa kỳ"), Verdict.INCOMPARABLE),
        (
            milestone("bao_cao_nam", day=20, month=11, bound="before", recurrence="annual"),
            milestone("bao_cao_nam", day=10, month=11, bound="before", recurrence="annual"),
            Verdict.STRONGER,
        ),
        (
            milestone("bao_cao_nam", day=10, month=11, bound="before", recurrence="annual"),
            milestone("bao_cao_nam", day=10, month=11, recurrence="annual"),
            Verdict.WEAKER,
        ),
        (
            milestone("bao_cao_nam", day=10, month=11, recurrence="annual"),
            milestone("bao_cao_nam", recurrence="annual"),
            Verdict.INCOMPARABLE,
        ),
        (
            milestone("kiem_tra_hang_nam", recurrence="annual"),
            milestone("kiem_tra_hang_nam", year=2024),
            Verdict.WEAKER,
        ),
    ],
)
def test_milestone(higher: Item, own: Item, verdict: Verdict) -> None:
    assert only(higher, own).verdict == verdict


def test_other_year_is_told_with_both_years() -> None:
    finding = only(milestone("so_ket", year=2023), milestone("so_ket", year=2024))

    assert finding.sentence == "Cấp trên ghi năm 2023, kế hoạch này lại ghi năm 2024."


def criterion(subject: str, text: str, rule: Any = None) -> Item:
    return Item("C1", "criteria", text, {"subject_type": subject, "text": text, "rule": rule})


def condition(
    value: float, years: int = 0, indicator: str = "multidim_poverty_rate_decrease"
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "indicator": indicator,
        "op": "gte",
        "value": value,
        "unit": "pct_point",
        "per": "year",
    }
    return {**found, "window": {"consecutive_years": years}} if years else found


@pytest.mark.parametrize(
    ("higher", "own", "verdict"),
    [
        ({"all_of": [condition(4, 3)]}, {"all_of": [condition(4, 3)]}, Verdict.COVERED),
        ({"all_of": [condition(4, 3)]}, {"all_of": [condition(3, 3)]}, Verdict.WEAKER),
        ({"all_of": [condition(4, 3)]}, {"all_of": [condition(5, 3)]}, Verdict.STRONGER),
        ({"all_of": [condition(4, 3)]}, {"all_of": [condition(4, 2)]}, Verdict.WEAKER),
        ({"all_of": [condition(4)]}, {"any_of": [condition(4), condition(3)]}, Verdict.WEAKER),
        ({"any_of": [condition(4), condition(3)]}, {"all_of": [condition(4)]}, Verdict.STRONGER),
        (
            {"all_of": [condition(4), condition(1, indicator="forest_cover")]},
            {"all_of": [condition(4)]},
            Verdict.WEAKER,
        ),
        ({"all_of": [condition(4)]}, {"all_of": [condition(4, indicator="forest_cover")]}, Verdict.MISSING),
    ],
)
def test_measured_criterion(higher: Any, own: Any, verdict: Verdict) -> None:
    assert only(criterion("commune", "a", higher), criterion("commune", "b", own)).verdict == verdict


def test_criterion_of_another_subject_is_no_answer() -> None:
    rule = {"all_of": [condition(4)]}

    finding = only(criterion("commune", "a", rule), criterion("village", "a", rule))

    assert finding.sentence == "Kế hoạch này không có tiêu chí cho xã, phường."


def test_worded_criterion_is_found_by_likeness() -> None:
    higher = criterion("household", "Tự nguyện đăng ký thoát nghèo, sử dụng vốn vay đúng mục đích")
    own = criterion(
        "household", "Hộ tự nguyện đăng ký thoát nghèo, dùng vốn vay đúng mục đích, trả nợ đúng hạn"
    )
    other = criterion("household", "Giữ gìn vệ sinh đường làng ngõ xóm")

    assert only(higher, other, own).own is own
    assert only(higher, other).verdict == Verdict.MISSING


def award(name: str) -> Item:
    return Item("F1", "award_forms", name, {"name": name})


def test_award_form() -> None:
    higher = award("Bằng khen của Thủ tướng Chính phủ")

    assert only(higher, award("Bằng khen Thủ tướng")).is_sure
    near = only(award("Huân chương Lao động"), award("Huân chương Lao động hạng Ba"))
    assert (near.verdict, near.is_sure) == (Verdict.COVERED, False)
    missing = only(higher, award("Giấy khen của Giám đốc Sở"))
    assert missing.sentence == "Kế hoạch này không nêu hình thức «Bằng khen của Thủ tướng Chính phủ»."


def task(text: str, **fields: Any) -> Item:
    return Item("K1", "tasks", text, fields)


def test_task_is_sure_only_when_the_words_agree() -> None:
    higher = task("Tuyên truyền sâu rộng chính sách giảm nghèo đến đồng bào vùng cao biên giới")
    same = task("Tuyên truyền chính sách giảm nghèo đến đồng bào vùng cao, biên giới trên đài phát thanh")
    other = task("Bố trí kinh phí từ ngân sách cho cải tạo trụ sở")

    found = only(higher, other, same)
    assert (found.verdict, found.own, found.is_sure) == (Verdict.COVERED, same, True)
    assert only(higher, other).verdict == Verdict.MISSING


def test_task_with_a_later_day_is_weaker() -> None:
    text = "Báo cáo kết quả thực hiện về Phòng Nội vụ"
    due = {"day": 10, "month": 11, "recurrence": "annual", "raw": "ngày 10/11 hằng năm"}
    later = {**due, "day": 20, "raw": "ngày 20/11 hằng năm"}

    assert only(task(text, deadline=due), task(text, deadline=later)).verdict == Verdict.WEAKER
    assert only(task(text, deadline=later), task(text, deadline=due)).verdict == Verdict.COVERED


# --- laws -----------------------------------------------------------------------------------------

figures = st.builds(
    target,
    st.sampled_from(
        [
            "communes_ntm_share",
            "poor_hh_rate",
            "communes_below_15_criteria",
            "poor_hh_rate_decrease",
            "communes_ntm",
        ]
    ),
    st.sampled_from(["gte", "gt", "lte", "lt", "approx", "stated", "between"]),
    st.integers(0, 100),
    st.one_of(st.none(), st.integers(0, 100)),
    unit=st.sampled_from(["pct", "commune", "pct_point"]),
    per=st.sampled_from(["", "year", "year_average"]),
    deadline=st.sampled_from([None, {"year": 2024}, {"year": 2025}]),
)


@given(st.lists(figures, max_size=6))
@settings(max_examples=150, deadline=None)
def test_target_list_covers_itself(items: list[Item]) -> None:
    for finding in compare(items, items):
        assert finding.verdict in (Verdict.COVERED, Verdict.STRONGER)


@given(figures)
@settings(max_examples=150, deadline=None)
def test_each_target_is_covered_by_itself(item: Item) -> None:
    assert only(item, item).verdict == Verdict.COVERED


@given(figures, figures)
@settings(max_examples=400, deadline=None)
def test_stronger_one_way_is_weaker_the_other_way(one: Item, other: Item) -> None:
    if only(one, other).verdict == Verdict.STRONGER:
        assert only(other, one).verdict in (Verdict.WEAKER, Verdict.CONTRADICTING, Verdict.INCOMPARABLE)


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 50),
    st.sampled_from(["gte", "gt", "stated", "approx"]),
)
@settings(max_examples=200, deadline=None)
def test_more_is_never_weaker(asked: int, less: int, plus: int, comparator: str) -> None:
    order = [Verdict.WEAKER, Verdict.COVERED, Verdict.STRONGER]
    higher = fall("gte", asked)

    before = only(higher, fall(comparator, less)).verdict
    after = only(higher, fall(comparator, less + plus)).verdict

    assert order.index(after) >= order.index(before)


# --- the five plans -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(5))
def test_each_plan_covers_itself(number: int) -> None:
    items = items_of(number)

    findings = compare(items, items)

    assert len(findings) == len(items)
    assert {finding.verdict for finding in findings} == {Verdict.COVERED}


def test_findings_stand_in_the_order_of_the_higher_plan() -> None:
    items = items_of(2)

    assert [finding.higher for finding in compare(items, items_of(0))] == items
