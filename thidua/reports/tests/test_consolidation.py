"""Merging: exact figures by their rule, everything in its place, gaps and contradictions by name."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.indicators import rollup
from thidua.indicators.models import Aggregation, Stage
from thidua.reports.consolidation import (
    Conflict,
    Form,
    GapKind,
    Owing,
    Question,
    QuestionKind,
    Report,
    Stated,
    Text,
    accounted,
    as_report,
    merge,
    pieces,
)
from thidua.reports.tallies import STAGES, Figure, Measure, Rule, product, rounded, tally

POOR = Measure("ho_ngheo", "Số hộ nghèo", "hộ")
RATE = Measure("ty_le", "Tỷ lệ hộ nghèo", "%", Rule.RATIO)
INCOME = Measure("thu_nhap", "Thu nhập bình quân", "triệu đồng", Rule.WEIGHTED_MEAN, decimals=1)
MEMBERS = Measure("thanh_vien", "Số thành viên cuối kỳ", "người", Rule.LAST)
STANDARD = Measure("dat_chuan", "Số xã đạt chuẩn", "xã", Rule.COUNT_UNITS, wanted=frozenset({"dat"}))
ALL = (POOR, RATE, INCOME, MEMBERS, STANDARD)
WHAT = Question("ket_qua", "Kết quả nổi bật")
BEST = Question("dien_hinh", "Điển hình tiên tiến", QuestionKind.EXAMPLE, is_required=False)
HARD = Question("kho_khan", "Khó khăn, vướng mắc", QuestionKind.DIFFICULTY)
FORM = Form(ALL, (WHAT, BEST, HARD))
UNITS = (Owing(1, "xã Bản Lang", 1), Owing(2, "xã Dào San", 2), Owing(3, "xã Mù Sang", 3))


def poor(unit: int, amount: int | None, *, stage: str = "so_bo", revision: int = 0, **more: Any) -> Figure:
    known = None if amount is None else Decimal(amount)
    ref = f"b{unit}.{revision}/ho_ngheo"
    return Figure(ref, unit, "ho_ngheo", amount=known, stage=stage, revision=revision, **more)


def report(
    unit: int, *figures: Figure, texts: tuple[Text, ...] = (), ref: str = "", late: bool = False
) -> Report:
    return Report(ref or f"b{unit}", unit, UNITS[unit - 1].name, figures, texts, is_late=late)


def text(unit: int, question: str, words: str, **more: Any) -> Text:
    return Text(f"b{unit}/{question}", unit, UNITS[unit - 1].name, question, words, **more)


def test_rules_and_stages_are_those_of_indicators() -> None:
    assert {rule.value for rule in Rule} == set(Aggregation.values)
    assert STAGES[1:] == tuple(Stage.values)


def test_counts_are_added_with_coverage_and_stages() -> None:
    merged = merge(
        Form((POOR,)),
        owing=UNITS,
        reports=[report(1, poor(1, 120, stage="chinh_thuc")), report(3, poor(3, 80), late=True)],
    )
    found = merged.tally("ho_ngheo")

    assert (found.amount, found.reported, len(found.expected)) == (Decimal(200), 2, 3)
    assert found.missing == {2}
    assert found.stages == (("so_bo", 1), ("chinh_thuc", 1))
    assert found.stage == "so_bo"
    assert (merged.reported, merged.late, merged.missing_units) == ((1, 3), (3,), (2,))
    assert [gap.sentence for gap in merged.gaps] == ["Xã Dào San chưa gửi báo cáo"]


def test_a_ratio_adds_numerators_and_denominators_never_percentages() -> None:
    figures = [
        Figure("a", 1, "ty_le", amount=Decimal(30), base=Decimal(100)),
        Figure("b", 2, "ty_le", amount=Decimal(30), base=Decimal(300)),
        Figure("c", 3, "ty_le", printed=Decimal("12.5")),
    ]
    merged = merge(Form((RATE,)), owing=UNITS, reports=[report(one.unit, one) for one in figures])
    found = merged.tally("ty_le")

    assert (found.amount, found.base, found.rounded()) == (Decimal(60), Decimal(400), Decimal("15.00"))
    assert [one.ref for one in found.alone] == ["c"]
    assert found.missing == {3}
    assert [(gap.kind, gap.units) for gap in merged.gaps] == [(GapKind.RATE_ONLY, (3,))]
    assert "không có tử số và mẫu số" in merged.gaps[0].sentence


def test_a_mean_is_weighted_and_what_does_not_add_up_stays_beside() -> None:
    means = [
        Figure(f"m{unit}", unit, "thu_nhap", amount=product(mean, Decimal(weight)), base=Decimal(weight))
        for unit, mean, weight in ((1, Decimal("20.5"), 100), (2, Decimal("41"), 300))
    ]
    ends = [Figure(f"e{unit}", unit, "thanh_vien", amount=Decimal(unit)) for unit in (1, 2)]
    merged = merge(
        Form((INCOME, MEMBERS)),
        owing=UNITS[:2],
        reports=[report(unit, means[unit - 1], ends[unit - 1]) for unit in (1, 2)],
    )

    assert merged.tally("thu_nhap").result == Fraction(14350, 400)
    assert merged.tally("thu_nhap").rounded() == Decimal("35.9")
    assert merged.tally("thanh_vien").result is None
    assert [one.ref for one in merged.tally("thanh_vien").parts] == ["e1", "e2"]


def test_units_are_counted_by_status() -> None:
    figures = [
        Figure(f"s{unit}", unit, "dat_chuan", statuses=((status, 1),))
        for unit, status in ((1, "dat"), (2, "chua_dat"), (3, "dat"))
    ]
    found = tally(STANDARD, figures)

    assert (found.rounded(), found.statuses) == (Decimal(2), (("chua_dat", 1), ("dat", 2)))


def test_missing_is_not_zero_and_none_is() -> None:
    nothing = Figure("n", 1, "ho_ngheo", nothing_arose=True, stage="chinh_thuc")
    unknown = Figure("u", 2, "ho_ngheo", reason="chưa rà soát xong")
    merged = merge(Form((POOR,)), owing=UNITS, reports=[report(1, nothing), report(2, unknown), report(3)])
    found = merged.tally("ho_ngheo")

    assert (found.covers, found.is_known, found.amount) == (frozenset({1}), True, None)
    assert [gap.sentence for gap in merged.gaps] == [
        "Xã Dào San chưa có số liệu «Số hộ nghèo», lý do: chưa rà soát xong",
        "Xã Mù Sang không ghi số liệu «Số hộ nghèo»",
    ]
    assert merge(Form((POOR,)), owing=UNITS, reports=[]).tally("ho_ngheo").rounded() is None


def test_the_official_figure_wins_over_the_preliminary_one_and_both_are_named() -> None:
    first, corrected = poor(1, 120), poor(1, 131, stage="chinh_thuc", revision=1)
    merged = merge(
        Form((POOR,)), owing=UNITS[:1], reports=[report(1, first), report(1, corrected, ref="b1.1")]
    )
    found = merged.tally("ho_ngheo")

    assert (found.amount, [one.ref for one in found.set_aside]) == (Decimal(131), [first.ref])
    assert [(one.kind, one.is_settled) for one in merged.contradictions] == [(Conflict.TWO_FIGURES, True)]
    assert merged.contradictions[0].sentence == (
        "Xã Bản Lang có hai số «Số hộ nghèo»: 120 (sơ bộ) và 131 (chính thức); lấy 131 (chính thức)"
    )


def test_of_two_equally_strong_figures_none_counts_until_somebody_decides() -> None:
    one = Figure("x", 1, "ho_ngheo", amount=Decimal(10), stage="so_bo")
    other = Figure("y", 1, "ho_ngheo", amount=Decimal(12), stage="so_bo")
    both = [report(1, one), report(1, other, ref="b1-lai")]

    open_ = merge(Form((POOR,)), owing=UNITS[:1], reports=both)
    decided = merge(Form((POOR,)), owing=UNITS[:1], reports=both, chosen={("ho_ngheo", 1): "x"})

    assert (open_.tally("ho_ngheo").amount, open_.tally("ho_ngheo").missing) == (None, frozenset({1}))
    assert [row.is_settled for row in open_.contradictions] == [False]
    assert decided.tally("ho_ngheo").amount == Decimal(10)
    assert [row.is_settled for row in decided.contradictions] == [True]


def test_a_unit_that_reported_alone_and_within_another_is_counted_once() -> None:
    alone = poor(1, 10)
    within = Figure("h/ho_ngheo", 9, "ho_ngheo", amount=Decimal(50), covers=(1, 2, 3), stage="so_bo")
    owing = [Owing(1, "xã Bản Lang"), Owing(9, "huyện Phong Thổ", 1, (2, 3))]
    merged = merge(
        Form((POOR,)), owing=owing, reports=[report(1, alone), Report("h", 9, "huyện Phong Thổ", (within,))]
    )

    assert merged.tally("ho_ngheo").amount == Decimal(50)
    assert [(row.kind, row.units) for row in merged.contradictions] == [(Conflict.COUNTED_TWICE, (1,))]
    assert accounted(merged) == {alone.ref, within.ref}


@pytest.mark.parametrize(
    ("said", "children", "is_named"),
    [(200, (120, 80), False), (210, (120, 80), True), (210, (120,), False), (100, (120,), True)],
)
def test_a_sum_is_held_against_what_the_upper_unit_says(
    said: int, children: tuple[int, ...], is_named: bool
) -> None:
    """A smaller sum is explained by units that are missing; a larger one is not."""
    merged = merge(
        Form((POOR,)),
        owing=UNITS[:2],
        reports=[report(unit, poor(unit, amount)) for unit, amount in enumerate(children, start=1)],
        stated=[Stated("ho_ngheo", Decimal(said), "số liệu của huyện")],
    )

    assert [one.kind for one in merged.contradictions] == [Conflict.SUM_DIFFERS] * is_named


def test_answers_stand_under_their_question_with_their_unit() -> None:
    best = text(
        2, "ket_qua", "Bản Hợp 1 có 5 hộ tự nguyện thoát nghèo.", kind=QuestionKind.EXAMPLE, is_marked=True
    )
    merged = merge(
        Form((), (WHAT, BEST, HARD)),
        owing=UNITS,
        reports=[
            report(2, texts=(best, text(2, "kho_khan", "Thiếu vốn."))),
            report(1, texts=(text(1, "ket_qua", "Đã phát động."), text(1, "kho_khan", "  "))),
        ],
    )

    assert [(row.question.key, [one.unit_name for one in row.texts]) for row in merged.answers] == [
        ("ket_qua", ["xã Bản Lang", "xã Dào San"]),
        ("dien_hinh", []),
        ("kho_khan", ["xã Dào San"]),
    ]
    assert merged.examples == (best,)
    assert [one.unit for one in merged.difficulties] == [2]
    assert [(one.ref, one.why) for one in merged.leftovers] == [("b1/kho_khan", "đơn vị để trống")]
    assert [gap.sentence for gap in merged.gaps] == [
        "Xã Mù Sang chưa gửi báo cáo",
        "Xã Bản Lang không trả lời «Khó khăn, vướng mắc»",
    ]


def test_words_are_held_against_the_figure_and_against_each_other() -> None:
    copied = "Ủy ban nhân dân xã đã tổ chức phát động phong trào thi đua đến toàn thể cán bộ và nhân dân."
    merged = merge(
        FORM,
        owing=UNITS[:2],
        reports=[
            report(1, poor(1, 150), texts=(text(1, "ket_qua", "Toàn xã còn 152 hộ nghèo, giảm 20 hộ."),)),
            report(2, poor(2, 90), texts=(text(2, "ket_qua", copied),)),
            Report("b1b", 1, "xã Bản Lang", (), (Text("b1b/x", 1, "xã Bản Lang", "ket_qua", copied),)),
        ],
    )

    assert [(one.kind, one.sentence) for one in merged.contradictions] == [
        (
            Conflict.TEXT_DIFFERS,
            "Xã Bản Lang viết «Toàn xã còn 152 hộ nghèo» nhưng số liệu là 150 hộ (chữ ghi 152)",
        ),
        (Conflict.SAME_WORDS, "Xã Bản Lang, xã Dào San trả lời «Kết quả nổi bật» bằng cùng một đoạn văn"),
    ]


def test_a_piece_that_nobody_asked_for_is_left_over_with_its_reason() -> None:
    stranger = Report("z", 77, "xã khác", (Figure("z/1", 77, "ho_ngheo", amount=Decimal(5)),))
    extra = Figure("b1/khac", 1, "so_khac", amount=Decimal(4))
    merged = merge(Form((POOR,)), owing=UNITS[:1], reports=[stranger, report(1, extra)])

    assert [(one.ref, one.words, one.why) for one in merged.leftovers] == [
        ("b1/khac", "4", "mẫu tổng hợp không hỏi số liệu này"),
        ("z/1", "5", "đơn vị không có trong danh sách phải báo cáo"),
    ]


# ---- properties


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Owing], list[Report]]:
    """Units that owe, and reports with figures of all rules, doubles, gaps, strangers and stray pieces."""
    count = draw(st.integers(1, 7))
    owing = [Owing(unit, f"xã {unit}", draw(st.integers(0, 3))) for unit in range(1, count + 1)]
    reports = []
    for number in range(draw(st.integers(0, 9))):
        unit = draw(st.integers(1, count + 1))
        ref = f"r{number}"
        figures = tuple(draw(_figure(unit, f"{ref}/{place}")) for place in range(draw(st.integers(0, 4))))
        texts = tuple(
            Text(
                f"{ref}/t{place}",
                unit,
                f"xã {unit}",
                draw(st.sampled_from(["ket_qua", "dien_hinh", "kho_khan", "la"])),
                draw(st.sampled_from(["", "Không có", "Còn 3 hộ nghèo.", "x" * 80])),
                draw(st.sampled_from(list(QuestionKind))),
                draw(st.booleans()),
            )
            for place in range(draw(st.integers(0, 3)))
        )
        reports.append(Report(ref, unit, f"xã {unit}", figures, texts, is_late=draw(st.booleans())))
    return owing, reports


@st.composite
def _figure(draw: st.DrawFn, unit: int, ref: str) -> Figure:
    amounts = st.none() | st.decimals(-1000, 10**15, places=3)
    return Figure(
        ref,
        unit,
        draw(st.sampled_from([*(one.key for one in ALL), "la"])),
        amount=draw(amounts),
        base=draw(st.none() | st.decimals(0, 10**9, places=1)),
        printed=draw(st.none() | st.decimals(0, 100, places=2)),
        statuses=draw(st.sampled_from([(), (("dat", 1),), (("chua_dat", 1),)])),
        nothing_arose=draw(st.integers(0, 9)) == 0,
        stage=draw(st.sampled_from(STAGES)),
        revision=draw(st.integers(0, 2)),
    )


@settings(max_examples=150, deadline=None)
@given(worlds(), st.randoms(use_true_random=False))
def test_nothing_is_dropped_and_the_order_does_not_matter(
    world: tuple[list[Owing], list[Report]], dice: random.Random
) -> None:
    owing, reports = world
    merged = merge(FORM, owing=owing, reports=reports)

    assert accounted(merged) == pieces(reports)
    shuffled, units = list(reports), list(owing)
    dice.shuffle(shuffled)
    dice.shuffle(units)
    assert merge(FORM, owing=units, reports=shuffled) == merged
    assert merge(FORM, owing=owing, reports=[*reports, *shuffled]) == merged


def _essence(form: Form, owing: list[Owing], reports: list[Report]) -> list[tuple[object, ...]]:
    merged = merge(form, owing=owing, reports=reports)
    return [
        (
            one.measure.key,
            one.result,
            one.base,
            one.statuses,
            one.covers,
            one.missing,
            one.stages,
            {row.ref for row in one.alone},
            {row.ref for row in one.unknown},
        )
        for one in merged.tallies
    ]


@settings(max_examples=150, deadline=None)
@given(worlds(), st.data())
def test_merging_in_two_tiers_is_merging_at_once(
    world: tuple[list[Owing], list[Report]], data: st.DataObject
) -> None:
    owing, reports = world
    reports = [one for one in reports if one.unit <= len(owing)]
    group = {one.unit: data.draw(st.integers(100, 102)) for one in owing}
    districts = sorted(set(group.values()))
    above, middle = [], []
    for place, district in enumerate(districts):
        below = [one for one in owing if group[one.unit] == district]
        theirs = [one for one in reports if group[one.unit] == district]
        merged = merge(FORM, owing=below, reports=theirs)
        middle.append(as_report(merged, ref=f"h{district}", unit=district, name=f"huyện {district}"))
        above.append(Owing(district, f"huyện {district}", place, tuple(one.unit for one in below)))

    assert _essence(FORM, above, middle) == _essence(FORM, owing, reports)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | st.integers(0, 10**12), min_size=1, max_size=12))
def test_sums_and_coverage_are_those_of_the_roll_up(amounts: list[int | None]) -> None:
    tree = rollup.FlatTree.of([len(amounts) + 1, *range(2, len(amounts) + 2)], [0, *([1] * len(amounts))])
    column = np.array([0, *(amount or 0 for amount in amounts)], dtype=np.int64)
    reported = np.array([False, *(amount is not None for amount in amounts)])
    leaves = np.array([False, *([True] * len(amounts))])
    wanted = rollup.rolled_up(tree, column, reported, expected=leaves)

    found = tally(
        POOR,
        [poor(unit, amount) for unit, amount in enumerate(amounts) if amount is not None],
        expected=frozenset(range(len(amounts))),
    )

    assert (int(found.amount or 0), found.reported) == (int(wanted.amount[0]), int(wanted.reported[0]))


@given(st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6), st.integers(0, 4))
def test_rounding_is_half_up(value: Fraction, places: int) -> None:
    found = Fraction(rounded(value, places=places))

    assert abs(found - value) * 2 <= Fraction(1, 10**places)
    assert abs(found) >= abs(value) or abs(found - value) * 2 < Fraction(1, 10**places)
