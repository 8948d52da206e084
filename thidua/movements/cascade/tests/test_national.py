"""National plans as reference data: figures as in the table, loaded once, compared with the five plans."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import call_command

from thidua.audit.log import System
from thidua.movements.cascade.comparison import as_item
from thidua.movements.cascade.coverage import compare
from thidua.movements.cascade.national import Loaded, load
from thidua.movements.cascade.tests.records import items_of
from thidua.movements.models import Movement, Plan, PlanVersionState, Target
from thidua.movements.tests.makers import NOW
from thidua.organisations.tests.world import DAY, phong_tho

pytestmark = pytest.mark.django_db
DATA = settings.BASE_DIR / "data"
SYSTEM = System(on=DAY)


def test_loading_makes_movements_plans_and_placeholders_once() -> None:
    phong_tho()

    assert load(DATA, actor=SYSTEM, now=NOW) == Loaded(movements=2, plans=3, placeholders=5)
    assert load(DATA, actor=SYSTEM, now=NOW) == Loaded()

    assert {plan.number: plan.owner.key if plan.owner else None for plan in Plan.objects.all()} == {
        "666/QĐ-TTg": "chinh-phu",
        "880/QĐ-TTg": "chinh-phu",
        "587/QĐ-TTg": "chinh-phu",
        "152/KH-UBND": None,
        "2282/KH-UBND": "lai-chau",
        "417/KH-UBND": None,
        "146/KH-UBND": None,
        "1017/KH-UBND": None,
    }
    assert [plan.number for plan in Plan.objects.get(number="2282/KH-UBND").carries_out.all()] == [
        "666/QĐ-TTg"
    ]


def test_target_has_the_figure_of_the_table_with_its_source() -> None:
    load(DATA, actor=SYSTEM, now=NOW)

    target = Target.objects.get(plan__number="666/QĐ-TTg", indicator="multidim_poverty_rate_decrease")
    item = target.item
    assert (target.value, target.value_max, target.unit, target.per) == (
        Decimal(1),
        Decimal("1.5"),
        "pct_point",
        "year",
    )
    assert item.quote == "Mức giảm tỷ lệ nghèo đa chiều: giảm 1–1,5 điểm %/năm (QĐ 666/QĐ-TTg)"
    assert item.decision_note == "Nguồn: QĐ 666/QĐ-TTg; đã đối chiếu"


def test_changed_data_makes_a_new_version(tmp_path_factory: pytest.TempPathFactory) -> None:
    load(DATA, actor=SYSTEM, now=NOW)
    folder = tmp_path_factory.mktemp("data")
    for name in ("movements/national.yaml", "indicators/targets.csv"):
        (folder / name).parent.mkdir(exist_ok=True)
        text = (DATA / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace("{kind: tong_ket, year: 2025", "{kind: tong_ket, year: 2026"))

    assert load(folder, actor=SYSTEM, now=NOW) == Loaded(plans=2)

    versions = Plan.objects.get(number="587/QĐ-TTg").versions.order_by("number")
    assert [version.state for version in versions] == [PlanVersionState.SUPERSEDED, PlanVersionState.ADOPTED]
    assert Movement.objects.count() == 2


def test_command_says_what_it_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_national_plans")
    call_command("load_national_plans")

    assert capsys.readouterr().out == (
        "Đã nạp 2 phong trào, 3 kế hoạch toàn quốc, 5 kế hoạch cấp tỉnh chưa có văn bản.\n"
    )


@pytest.mark.parametrize(
    ("number", "plan", "expected"),
    [
        (
            0,
            "666/QĐ-TTg",
            {
                "multidim_poverty_rate_decrease": "stronger",
                "ethnic_poor_hh_rate_decrease": "covered",
                "poor_districts_escaped_share": "incomparable",
                "coastal_communes_escaped_share": "missing",
                "especially_difficult_communes_escaped_share": "missing",
                "especially_difficult_villages_escaped_share": "missing",
            },
        ),
        (
            1,
            "666/QĐ-TTg",
            {
                "multidim_poverty_rate_decrease": "incomparable",
                "ethnic_poor_hh_rate_decrease": "stronger",
                "poor_districts_escaped_share": "missing",
                "coastal_communes_escaped_share": "missing",
                "especially_difficult_communes_escaped_share": "missing",
                "especially_difficult_villages_escaped_share": "missing",
            },
        ),
        (
            2,
            "666/QĐ-TTg",
            {
                "multidim_poverty_rate_decrease": "stronger",
                "ethnic_poor_hh_rate_decrease": "stronger",
                "poor_districts_escaped_share": "missing",
                "coastal_communes_escaped_share": "missing",
                # 5 of 12 communes are 41.7 %, less than half
                "especially_difficult_communes_escaped_share": "weaker",
                "especially_difficult_villages_escaped_share": "covered",
            },
        ),
        (
            2,
            "880/QĐ-TTg",
            {"multidim_poverty_rate_decrease": "covered", "poor_and_near_poor_hh_count_decrease": "missing"},
        ),
        (
            3,
            "587/QĐ-TTg",
            {
                "communes_ntm_share": "stronger",
                "communes_ntm_advanced_share": "weaker",
                "communes_ntm_model_share": "covered",
                "communes_below_15_criteria": "weaker",
                "rural_income_ratio": "covered",
                "district_units_ntm_share": "incomparable",
                "district_units_ntm": "weaker",
                "villages_ntm_share": "incomparable",
            },
        ),
    ],
)
def test_five_plans_beside_the_national_targets(number: int, plan: str, expected: dict[str, str]) -> None:
    load(DATA, actor=SYSTEM, now=NOW)
    version = Plan.objects.get(number=plan).versions.get()
    higher = [item for item in map(as_item, version.items.all()) if item.kind == "targets"]

    findings = compare([item for item in higher if not item.entry.get("national_only")], items_of(number))

    assert {finding.higher.entry["indicator"]: finding.verdict for finding in findings} == expected
