"""Classes of households: worked examples, and the two ways of judging compared on many rows."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.criteria import lawbook
from thidua.criteria.lawbook import BadLawbook
from thidua.households.classes import Area, PovertyClass
from thidua.households.classifying import DEPRIVATION_COLUMNS, Facts, classify, explain
from thidua.households.standards import PovertyStandard, day_of, gather, standard_of

EXAMPLES = sorted((lawbook.FOLDER / "examples").glob("chuan_*.yaml"))
CASES = [case for path in EXAMPLES for case in yaml.safe_load(path.read_text(encoding="utf-8"))]
AREAS = {area.label.lower(): area for area in Area}
YEARS = (2018, 2021, 2023, 2026, 2028)


def facts_of(household: dict[str, Any], standard: PovertyStandard) -> Facts:
    known = {deprivation.code for deprivation in standard.deprivations}
    named = {*household["deprived"], *household.get("unknown", [])}
    assert named <= known, named - known
    return Facts(
        area=AREAS[household["area"]],
        income_dong=household.get("income"),
        score_b1=household.get("score_b1"),
        deprivations=[
            None if row.code in household.get("unknown", []) else row.code in household["deprived"]
            for row in standard.deprivations
        ],
    )


def in_bulk(
    rows: Sequence[Facts], standard: PovertyStandard, local: PovertyStandard | None = None
) -> list[tuple[str | None, str | None, int]]:
    """National class, local class and count of deprivations, by the expression on DuckDB."""
    import ibis
    import pyarrow as pa

    columns: dict[str, Any] = {
        "number": pa.array(range(len(rows)), pa.int64()),
        "area": pa.array([row.area.value if row.area else None for row in rows], pa.string()),
        "score_b1": pa.array([row.score_b1 for row in rows], pa.int16()),
        "income_dong": pa.array([row.income_dong for row in rows], pa.int64()),
    }
    for place, column in enumerate(DEPRIVATION_COLUMNS):
        answers = [row.deprivations[place] if place < len(row.deprivations) else None for row in rows]
        columns[column] = pa.array([None if a is None else int(a) for a in answers], pa.int8())
    connection = ibis.duckdb.connect()
    table = connection.create_table("households", pa.table(columns))
    judged = classify(table, standard, local).order_by("number").to_pyarrow()
    return list(
        zip(
            judged["national_class"].to_pylist(),
            judged["local_class"].to_pylist(),
            judged["deprived"].to_pylist(),
            strict=True,
        )
    )


def one_by_one(rows: Sequence[Facts], standard: PovertyStandard) -> list[tuple[str | None, int]]:
    found = [explain(row, standard) for row in rows]
    return [(one.poverty_class.value if one.poverty_class else None, len(one.deprived)) for one in found]


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_worked_example(case: dict[str, Any]) -> None:
    standard = standard_of(case["year"])
    facts = facts_of(case["household"], standard)

    found = explain(facts, standard)

    expected = "Chưa xác định được" if case["expect"] == "unknown" else case["expect"]
    assert (found.label, found.article) == (expected, case["article"])
    assert [row[0] for row in in_bulk([facts], standard)] == [
        found.poverty_class.value if found.poverty_class else None
    ]
    assert bool(found.missing) == (case["expect"] == "unknown")


def test_explanation_names_each_line_and_deprivation() -> None:
    standard = standard_of(2023)
    answers = [row.code in {"bao-hiem-y-te", "nha-tieu", "nuoc-sinh-hoat"} for row in standard.deprivations]

    found = explain(Facts(Area.RURAL, score_b1=120, deprivations=answers), standard)

    assert [step.sentence for step in found.steps] == [
        "Điểm B1 120 điểm, không quá 140 của khu vực nông thôn",
        "Thiếu hụt «Bảo hiểm y tế»: có ít nhất một người từ đủ 6 tuổi trở lên không có bảo hiểm y tế",
        "Thiếu hụt «Nguồn nước sinh hoạt»: không tiếp cận được nguồn nước sạch trong sinh hoạt",
        "Thiếu hụt «Nhà tiêu hợp vệ sinh»: không sử dụng nhà tiêu hợp vệ sinh",
        "Thiếu hụt 3 chỉ số (30 điểm B2); hộ nghèo từ 3 chỉ số",
    ]
    assert [step.citation for step in found.steps][:1] == ["Phụ lục III Thông tư số 07/2021/TT-BLĐTBXH"]
    assert (found.points_b2, found.is_confirmed) == (30, False)


def test_missing_names_what_to_ask() -> None:
    standard = standard_of(2023)

    found = explain(Facts(Area.RURAL, 1_000_000, deprivations=[True, True, None, *[False] * 9]), standard)

    assert (found.label, found.missing) == ("Chưa xác định được", ("Dinh dưỡng",))


@pytest.mark.parametrize("year", YEARS)
def test_two_ways_agree_on_random_rows(year: int) -> None:
    dice, standard = random.Random(year), standard_of(year)
    rows = [random_facts(dice, standard) for _ in range(20_000)]

    singly = one_by_one(rows, standard)

    assert [(row[0], row[2]) for row in in_bulk(rows, standard)] == singly
    # the comparison is worth something: every class that the standard can give occurs, and unknown too
    expected = {None, PovertyClass.POOR, PovertyClass.NEAR_POOR, PovertyClass.NOT_POOR}
    if standard.lines[Area.RURAL].average is not None:
        expected |= {PovertyClass.AVERAGE, PovertyClass.ABOVE}
    assert {row[0] for row in singly} == expected


def random_facts(dice: random.Random, standard: PovertyStandard) -> Facts:
    """Often exactly on a line or beside it, often with something unknown."""
    lines = list(standard.lines.values())
    incomes = [line for area in lines for line in (area.income, area.alone, area.average) if line]
    scores = [line for area in lines for line in (area.score, area.score_alone) if line]
    income = dice.choice([None, dice.randrange(4_000_000), dice.choice(incomes) + dice.choice((-1, 0, 1))])
    score = dice.choice([None, None, dice.randrange(250)])
    if scores and score is not None and dice.random() < 0.5:
        score = dice.choice(scores) + dice.choice((-1, 0, 1))
    likely = dice.choice((0.05, 0.25, 0.6))
    unknown = dice.choice((0, 0, 0.05, 0.3))
    answers = [
        None if dice.random() < unknown else dice.random() < likely for _ in range(len(DEPRIVATION_COLUMNS))
    ]
    return Facts(dice.choice([*Area, *Area, *Area, None]), income, score, answers)


facts_strategy = st.builds(
    Facts,
    area=st.one_of(st.none(), st.sampled_from(Area)),
    income_dong=st.one_of(st.none(), st.integers(0, 10_000_000)),
    score_b1=st.one_of(st.none(), st.integers(0, 400)),
    deprivations=st.lists(st.one_of(st.none(), st.booleans()), min_size=12, max_size=12),
)


@given(rows=st.lists(facts_strategy, min_size=1, max_size=40), year=st.sampled_from(YEARS))
@settings(max_examples=20, deadline=None)
def test_two_ways_agree_on_any_rows(rows: list[Facts], year: int) -> None:
    standard = standard_of(year)

    assert [(row[0], row[2]) for row in in_bulk(rows, standard)] == one_by_one(rows, standard)


@given(facts=facts_strategy, year=st.sampled_from(YEARS), data=st.data())
@settings(max_examples=100, deadline=None)
def test_answer_to_an_open_question_never_changes_a_class(
    facts: Facts, year: int, data: st.DataObject
) -> None:
    standard = standard_of(year)
    answered = [data.draw(st.booleans()) if answer is None else answer for answer in facts.deprivations]

    before = explain(facts, standard).poverty_class
    after = explain(Facts(facts.area, facts.income_dong, facts.score_b1, answered), standard).poverty_class

    assert before is None or before == after


LOCAL = """place: tinh-mau
citation: Nghị quyết của tỉnh mẫu
since: 2022-01-01
until: 2026-01-01
parameters:
  poverty.income_line.rural:
    {value: 1800000, unit: đồng/người/tháng, name: Chuẩn riêng, confirmed: false}
  poverty.b1.line.rural:
    {value: 160, unit: điểm, name: Điểm riêng, confirmed: false}
"""


def with_local_standard(folder: Path, text: str = LOCAL) -> PovertyStandard:
    import shutil

    shutil.copytree(lawbook.FOLDER / "poverty", folder / "poverty")
    (folder / "tinh_mau.yaml").write_text(text, encoding="utf-8")
    return gather(lawbook.read(folder), year=2023, place="tinh-mau")


def test_national_and_local_class_stand_side_by_side(tmp_path: Path) -> None:
    national, local = standard_of(2023), with_local_standard(tmp_path)
    dice = random.Random(5)
    rows = [Facts(Area.RURAL, 1_700_000, None, [False] * 12)]
    rows += [random_facts(dice, local) for _ in range(5_000)]

    both = in_bulk(rows, national, local)

    assert both[0][:2] == ("trung_binh", "can_ngheo")
    assert [row[0] for row in both] == [row[0] for row in one_by_one(rows, national)]
    assert [row[1] for row in both] == [row[0] for row in one_by_one(rows, local)]


def test_line_of_income_alone_needs_its_points(tmp_path: Path) -> None:
    text = LOCAL.replace("poverty.b1.line.rural", "poverty.b1.alone_line.rural")

    with pytest.raises(BadLawbook, match="income_alone_line và b1.alone_line phải cùng có hoặc cùng không"):
        with_local_standard(tmp_path, text)


@pytest.mark.parametrize("year", range(2016, 2031))
def test_every_year_has_a_consistent_standard(year: int) -> None:
    standard = standard_of(year)

    for lines in standard.lines.values():
        assert (lines.alone or 0) < lines.income < (lines.average or lines.income + 1)
        assert lines.score is None or (lines.score_alone or 0) < lines.score
    assert len({row.code for row in standard.deprivations}) == len(standard.deprivations) <= 12
    assert standard.points_each * standard.poor_from == 30
    assert {row.service for row in standard.deprivations} >= {"Y tế", "Giáo dục", "Nhà ở", "Thông tin"}
    assert standard.used["poverty.standard"].holds_on(day_of(year))


def test_expression_runs_on_a_cluster_too() -> None:
    import ibis

    table = ibis.table(
        {"area": "string", "score_b1": "int16", "income_dong": "int64"}
        | dict.fromkeys(DEPRIVATION_COLUMNS, "int8"),
        name="households",
    )

    assert "CASE" in str(ibis.to_sql(classify(table, standard_of(2018)), dialect="pyspark"))


def test_day_that_decides_is_the_last_of_the_year() -> None:
    assert day_of(2021) == date(2021, 12, 31)
