"""Award forms of the five plans, found in the lawbook."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import yaml

from thidua.criteria import award_law, lawbook
from thidua.criteria.award_law.plan_forms import _entries

RECORDS = sorted((lawbook.FOLDER.parent / "data" / "golden").glob("00*.yaml"))
THEN, NOW = date(2022, 9, 1), date(2025, 12, 20)


def forms_of_plans() -> list[Any]:
    found = []
    for path in RECORDS:
        record = yaml.safe_load(path.read_text(encoding="utf-8"))
        for form in record.get("award", {}).get("forms", []):
            found.append(pytest.param(form, id=f"{path.name[:3]} {form['name']}"))
    return found


@pytest.mark.parametrize("form", forms_of_plans())
@pytest.mark.parametrize("on", [THEN, NOW])
def test_every_form_of_the_five_plans_is_known_to_the_law(form: dict[str, Any], on: date) -> None:
    found = award_law.plan_form(form["name"], form["level"], on)

    assert found.is_known
    assert found.decider


def test_five_plans_name_fourteen_forms() -> None:
    assert len(RECORDS) == 5
    assert len(forms_of_plans()) == 14


def test_order_without_a_class_is_told() -> None:
    found = award_law.plan_form("Huân chương Lao động", "nha_nuoc", NOW)

    assert [one.code[-4:] for one in found.forms] == ["nhat", "-nhi", "g-ba"]
    assert found.remarks == (
        "Kế hoạch không ghi hạng; khoản đã đọc chỉ mở Huân chương Lao động hạng Ba qua phong trào",
    )
    assert award_law.plan_form("Huân chương Lao động hạng Ba", "nha_nuoc", NOW).remarks == ()


def test_office_that_has_ended_is_told() -> None:
    name = "Giấy khen của Chủ tịch UBND huyện"

    assert award_law.plan_form(name, "huyen", date(2025, 6, 30)).remarks == ()
    assert award_law.plan_form(name, "huyen", date(2025, 7, 1)).remarks == (
        "Chủ tịch Ủy ban nhân dân huyện không còn quyết định «Giấy khen của sở, đơn vị, huyện» "
        "sau ngày 30/06/2025",
    )


def test_power_that_nobody_has_read_is_told() -> None:
    found = award_law.plan_form("Giấy khen của Ủy ban Mặt trận Tổ quốc huyện", "doan_the_huyen", NOW)

    assert found.remarks == (
        "Thẩm quyền của người đứng đầu Mặt trận Tổ quốc, tổ chức đoàn thể trong hệ thống của mình "
        "chưa đối chiếu văn bản gốc",
    )


def test_form_that_the_lawbook_does_not_know_is_told() -> None:
    found = award_law.plan_form("Thư khen", "huyen", NOW)

    assert (found.is_known, found.remarks) == (
        False,
        ("Sổ luật chưa có «Thư khen» ở cấp này, chưa đối chiếu được",),
    )


def test_map_names_forms_and_deciders_of_the_lawbook() -> None:
    keys = {key for key, _ in lawbook.book().histories}
    named = [entry for one in _entries() for entry in one["level"].values()]

    assert {f"award.form.{code}" for entry in named for code in entry["forms"]} <= keys
    assert {f"award.decider.{entry['decider']}" for entry in named} <= keys
