"""Targets of real plans against published figures, and what must hold for any figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.movements.progress.trajectory import Form, Goal, Mark, year_end
from thidua.movements.progress.verdicts import Verdict, behind_since, history, weigh

D = Decimal
STANDARD = "chuẩn 2022–2025"


def rate(year: int, amount: str, **fields: Any) -> Mark:
    return Mark(year_end(year), D(amount), series=STANDARD, **fields)


def yearly(low: str, high: str, words: str, **fields: Any) -> Goal:
    return Goal(
        **{
            "form": Form.FALL_PER_YEAR,
            "comparator": "between" if low != high else "gte",
            "low": D(low),
            "high": D(high),
            "words": words,
            "subject": "Tỷ lệ nghèo đa chiều",
            "measure": "%",
            "per": "year",
            "first_year": 2021,
            "last_year": 2025,
            "baseline_year": 2021,
            **fields,
        }
    )


LANG_SON = yearly("2", "3", "giảm 2–3 điểm %/năm")
LANG_SON_RATES = (rate(2021, "24.26"), rate(2024, "11.36"), rate(2025, "9.1212"))
PHONG_THO = yearly("6", "7", "giảm 6–7 điểm %/năm")
PHONG_THO_RATES = (
    rate(2022, "43.8"),
    rate(2023, "37.9"),
    rate(2024, "32.5", is_forecast=True, stage="ước thực hiện"),
)
DAK_NONG = yearly(
    "3", "3", "giảm ít nhất 3 điểm %/năm (bình quân)", subject="Tỷ lệ hộ nghèo", per="year_average"
)


def communes(count: int, total: int, percent: int, words: str, **fields: Any) -> Goal:
    return Goal(
        **{
            "form": Form.SHARE,
            "comparator": "gte",
            "low": D(percent),
            "high": D(percent),
            "words": words,
            "subject": "Tỷ lệ xã đạt chuẩn nông thôn mới",
            "measure": "xã",
            "first_year": 2021,
            "last_year": 2025,
            "stated_count": D(count),
            "stated_total": D(total),
            "stated_percent": D(percent),
            **fields,
        }
    )


def share(on: date, part: int, whole: int = 128, **fields: Any) -> Mark:
    return Mark(on, D(part) / whole * 100, part=D(part), whole=D(whole), **fields)


JUNE_2025 = date(2025, 6, 23)


@pytest.mark.parametrize(
    ("goal", "marks", "on", "verdict", "reached"),
    [
        (LANG_SON, LANG_SON_RATES, date(2025, 1, 15), Verdict.MET, "4,30 điểm %/năm"),
        (LANG_SON, LANG_SON_RATES, date(2026, 1, 15), Verdict.MET, "3,79 điểm %/năm"),
        (LANG_SON, LANG_SON_RATES, date(2023, 11, 5), Verdict.UNKNOWN, "24,26 %"),
        (
            DAK_NONG,
            (rate(2022, "7.97"), rate(2023, "5.18")),
            date(2024, 1, 9),
            Verdict.BEHIND,
            "2,79 điểm %/năm",
        ),
        (PHONG_THO, PHONG_THO_RATES, date(2024, 1, 9), Verdict.BEHIND, "5,90 điểm %/năm"),
        (PHONG_THO, PHONG_THO_RATES, date(2026, 1, 9), Verdict.UNKNOWN, "5,90 điểm %/năm"),
        (
            communes(112, 128, 87, "ít nhất 87 %"),
            (share(year_end(2020), 81), share(year_end(2021), 88), share(JUNE_2025, 97)),
            date(2025, 6, 30),
            Verdict.BEHIND,
            "97/128 xã (75,78 %)",
        ),
        (
            communes(39, 128, 30, "khoảng 30 %", comparator="approx"),
            (share(JUNE_2025, 17),),
            date(2025, 6, 30),
            Verdict.BEHIND,
            "17/128 xã (13,28 %)",
        ),
        (
            communes(13, 128, 10, "10 %", comparator="stated"),
            (share(JUNE_2025, 6),),
            date(2025, 6, 30),
            Verdict.BEHIND,
            "6/128 xã (4,69 %)",
        ),
    ],
)
def test_real_targets_come_out_as_published(
    goal: Goal, marks: tuple[Mark, ...], on: date, verdict: Verdict, reached: str
) -> None:
    judged = weigh(goal, marks, on=on)

    assert (judged.verdict, judged.reached_words) == (verdict, reached)


def test_lang_son_in_words() -> None:
    judged = weigh(LANG_SON, LANG_SON_RATES, on=date(2025, 1, 15))

    assert judged.sentence == (
        "Đạt: Tỷ lệ nghèo đa chiều giảm từ 24,26 % (năm 2021) xuống 11,36 % (năm 2024), bình quân giảm 4,30 "
        "điểm %/năm; chỉ tiêu giảm 2–3 điểm %/năm."
    )
    assert judged.remarks == (
        "Không có số liệu từng năm của giai đoạn 2022–2024, chỉ tính được bình quân.",
        "Giảm nhanh hơn cả mức cao của chỉ tiêu.",
    )
    assert [(step.first_year, step.last_year, step.fall) for step in judged.steps] == [(2021, 2024, D("4.3"))]


def test_phong_tho_is_just_missed_and_says_where_it_begins() -> None:
    judged = weigh(PHONG_THO, PHONG_THO_RATES, on=date(2024, 1, 9))

    assert judged.sentence == (
        "Chậm tiến độ: Tỷ lệ nghèo đa chiều giảm từ 43,80 % (năm 2022) xuống 37,90 % (năm 2023), tức giảm "
        "5,90 điểm % trong năm 2023; chỉ tiêu giảm 6–7 điểm %/năm."
    )
    assert judged.remarks == ("Chưa có số liệu đầu kỳ (năm 2021) nên tính từ năm 2022.",)


def test_after_the_deadline_without_its_figure_nothing_is_claimed() -> None:
    judged = weigh(replace(PHONG_THO, asked_of="UBND huyện Phong Thổ"), PHONG_THO_RATES, on=date(2026, 1, 9))

    assert judged.sentence.startswith("Chưa xác định được: ")
    assert judged.sentence.endswith("chưa có số liệu năm 2025, tính đến năm 2023 thì chậm tiến độ.")
    assert judged.missing == ("Tỷ lệ nghèo đa chiều năm 2021, 2024 và 2025 – hỏi UBND huyện Phong Thổ",)
    assert [mark.year for mark in judged.forecasts] == [2024]


def test_quang_binh_in_words_with_the_printed_share_recomputed() -> None:
    goal = communes(112, 128, 87, "ít nhất 87 %")
    marks = (share(year_end(2021), 88), share(JUNE_2025, 97))

    judged = weigh(goal, marks, on=date(2025, 6, 30))

    assert judged.sentence == (
        "Chậm tiến độ: Đến ngày 23/06/2025 có 97/128 xã (75,78 %); chỉ tiêu ít nhất 112 xã (ít nhất 87 %) "
        "đến năm 2025; theo đường thẳng từ 88 xã năm 2021 thì lúc này phải ít nhất 108,9 xã."
    )
    assert "112/128 là 87,5 %, kế hoạch ghi 87 %." in judged.remarks


def test_printed_share_cut_off_instead_of_rounded_is_said() -> None:
    goal = Goal(
        Form.COUNT,
        "stated",
        D(5),
        D(5),
        "5 xã",
        measure="xã",
        stated_count=D(5),
        stated_total=D(12),
        stated_percent=D("41.6"),
        first_year=2021,
        last_year=2025,
    )

    judged = weigh(goal, (), on=date(2023, 11, 5))

    assert judged.verdict is Verdict.UNKNOWN
    assert judged.remarks == ("5/12 là 41,7 %, kế hoạch ghi 41,6 %.",)


@pytest.mark.parametrize(("count", "percent"), [(39, 30), (13, 10)])
def test_printed_share_that_agrees_is_not_mentioned(count: int, percent: int) -> None:
    judged = weigh(communes(count, 128, percent, "…"), (), on=date(2023, 11, 5))

    assert judged.remarks == ()


FALL = Goal(
    Form.FALL,
    "gte",
    D(60),
    D(60),
    "giảm ít nhất 60 % so với đầu kỳ",
    subject="Số hộ nghèo và cận nghèo",
    measure="hộ",
    first_year=2022,
    last_year=2025,
    baseline_year=2021,
)


def test_fall_against_the_start_is_taken_from_counts() -> None:
    marks = (rate(2021, "46758"), rate(2024, "23363"), rate(2025, "18221"))

    before, after = (weigh(FALL, marks, on=day) for day in (date(2025, 2, 1), date(2026, 2, 1)))

    assert (before.verdict, before.reached_words) == (Verdict.ON_THE_WAY, "50,0 %")
    assert (after.verdict, after.reached_words, after.is_final) == (Verdict.MET, "61,0 %", True)
    assert after.sentence == (
        "Đạt: Số hộ nghèo và cận nghèo giảm từ 46.758 (năm 2021) xuống 18.221 (năm 2025), giảm 61,0 %; chỉ "
        "tiêu giảm ít nhất 60 % so với đầu kỳ đến năm 2025."
    )


def test_fall_without_its_start_cannot_be_determined() -> None:
    judged = weigh(FALL, (rate(2024, "23363"),), on=date(2025, 2, 1))

    assert judged.verdict is Verdict.UNKNOWN
    assert judged.sentence == (
        "Chưa xác định được: chưa có số đầu kỳ (năm 2021) cùng chuẩn để so; chỉ tiêu giảm ít nhất 60 % so "
        "với đầu kỳ."
    )


def test_figures_of_two_standards_are_never_subtracted() -> None:
    old = Mark(year_end(2020), D("6.98"), series="chuẩn 2016–2020")

    judged = weigh(DAK_NONG, (old, rate(2022, "7.97")), on=date(2023, 1, 9))

    assert judged.verdict is Verdict.UNKNOWN
    assert judged.aside == (old,)
    assert judged.remarks == (
        "Số liệu năm 2020 đo theo «chuẩn 2016–2020», không đem so với số liệu theo «chuẩn 2022–2025».",
    )


LEVEL = Goal(
    Form.LEVEL,
    "lt",
    D("1.5"),
    D("1.5"),
    "dưới 1,5 %",
    subject="Tỷ lệ hộ nghèo",
    measure="%",
    wants_less=True,
    first_year=2021,
    last_year=2025,
    baseline_year=2021,
)


@pytest.mark.parametrize(
    ("last", "verdict", "label"),
    [("1.49", Verdict.MET, "Đạt"), ("1.5", Verdict.BEHIND, "Không đạt"), ("2", Verdict.BEHIND, "Không đạt")],
)
def test_level_at_the_end_is_reached_or_not(last: str, verdict: Verdict, label: str) -> None:
    judged = weigh(LEVEL, (rate(2022, "7.97"), rate(2025, last)), on=date(2026, 1, 5))

    assert (judged.verdict, judged.label, judged.is_final) == (verdict, label, True)


def test_level_before_the_end_follows_the_straight_line() -> None:
    slow = weigh(LEVEL, (rate(2022, "7.5"), rate(2023, "5.6")), on=date(2024, 1, 5))
    fast = weigh(LEVEL, (rate(2022, "7.5"), rate(2023, "5.5")), on=date(2024, 1, 5))

    assert (slow.verdict, slow.expected) == (Verdict.BEHIND, D("5.5"))
    assert fast.verdict is Verdict.ON_THE_WAY


def test_ratio_is_taken_against_the_named_year() -> None:
    goal = Goal(
        Form.RATIO,
        "gte",
        D("1.5"),
        D("1.5"),
        "ít nhất 1,5 lần so với năm 2020",
        subject="Thu nhập bình quân",
        first_year=2021,
        last_year=2025,
        baseline_year=2020,
    )
    marks = (rate(2020, "40"), rate(2023, "51"), rate(2025, "60"))

    assert weigh(goal, marks, on=date(2024, 1, 9)).verdict is Verdict.BEHIND
    final = weigh(goal, marks, on=date(2026, 1, 9))
    assert (final.verdict, final.reached_words) == (Verdict.MET, "1,50 lần")


def test_yearly_misses_are_told_beside_a_good_average() -> None:
    marks = (rate(2021, "30"), rate(2022, "28.5"), rate(2023, "25"))

    judged = weigh(LANG_SON, marks, on=date(2024, 1, 9))

    assert judged.verdict is Verdict.ON_THE_WAY
    assert (
        "Tính bình quân thì đạt; riêng từng năm có năm 2022 giảm 1,50 điểm %, chưa đủ mức." in judged.remarks
    )


def test_incomplete_totals_are_not_judged() -> None:
    marks = (rate(2021, "30"), rate(2022, "20", reported=9, expected=16))

    judged = weigh(LANG_SON, marks, on=date(2023, 1, 9))

    assert judged.verdict is Verdict.UNKNOWN
    assert "Tỷ lệ nghèo đa chiều năm 2022: còn 7/16 đơn vị chưa báo cáo" in judged.missing


def test_preliminary_figures_count_and_are_marked() -> None:
    marks = (rate(2021, "30"), rate(2022, "27.5", is_preliminary=True, known_on=date(2022, 11, 15)))

    judged = weigh(LANG_SON, marks, on=date(2022, 12, 1))

    assert (judged.verdict, judged.has_preliminary) == (Verdict.ON_THE_WAY, True)
    assert "Số liệu năm 2022 là sơ bộ, còn có thể thay đổi." in judged.remarks


def test_history_tells_when_a_target_fell_behind() -> None:
    marks = (rate(2021, "30"), rate(2022, "27"), rate(2023, "26"), rate(2024, "25.5"))
    on = date(2025, 1, 9)

    told = [(day.year, judged.verdict) for day, judged in history(LANG_SON, marks, on=on)]

    assert told == [
        (2021, Verdict.UNKNOWN),
        (2022, Verdict.ON_THE_WAY),
        (2023, Verdict.ON_THE_WAY),
        (2024, Verdict.BEHIND),
    ]
    assert behind_since(LANG_SON, marks, on=on) == year_end(2024)


def test_figure_that_was_published_later_does_not_count_before() -> None:
    marks = (rate(2021, "30"), rate(2022, "20", known_on=date(2023, 1, 20)))

    assert weigh(LANG_SON, marks, on=date(2023, 1, 9)).verdict is Verdict.UNKNOWN
    assert weigh(LANG_SON, marks, on=date(2023, 1, 20)).verdict is Verdict.MET


# --- what must hold for any figures ----------------------------------------------------------------

ORDER = {Verdict.BEHIND: 0, Verdict.UNKNOWN: 1, Verdict.ON_THE_WAY: 1, Verdict.MET: 2}
RATES = st.decimals(0, 60, places=2)


@given(first=RATES, second=RATES, better=st.decimals(0, 20, places=2), year=st.integers(2022, 2025))
@pytest.mark.parametrize("goal", [LANG_SON, PHONG_THO, DAK_NONG, LEVEL])
def test_lower_rate_never_judges_worse(
    goal: Goal, first: Decimal, second: Decimal, better: Decimal, year: int
) -> None:
    on = date(year + 1, 1, 9)

    worse = weigh(goal, (rate(2021, str(first)), rate(year, str(second))), on=on)
    good = weigh(goal, (rate(2021, str(first)), rate(year, str(second - better))), on=on)

    assert ORDER[good.verdict] >= ORDER[worse.verdict]


@given(part=st.integers(0, 128), more=st.integers(0, 60), start=st.integers(0, 100))
def test_more_communes_never_judge_worse(part: int, more: int, start: int) -> None:
    goal = communes(112, 128, 87, "ít nhất 87 %")
    first = share(year_end(2021), start)

    worse, good = (
        weigh(goal, (first, share(year_end(2023), count)), on=date(2024, 1, 9)).verdict
        for count in (part, min(part + more, 128))
    )

    assert ORDER[good] >= ORDER[worse]


@given(amounts=st.lists(RATES, min_size=1, max_size=5), data=st.data())
def test_the_order_in_which_figures_come_does_not_matter(amounts: list[Decimal], data: st.DataObject) -> None:
    marks = [rate(2021 + place, str(amount)) for place, amount in enumerate(amounts)]
    shuffled = data.draw(st.permutations(marks))

    assert weigh(LANG_SON, shuffled, on=date(2026, 1, 9)) == weigh(LANG_SON, marks, on=date(2026, 1, 9))
