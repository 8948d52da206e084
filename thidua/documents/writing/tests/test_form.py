"""The form as data: what the decree allows is kept, and a wrong file says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.documents.writing.form import (
    FOLDER,
    BadForm,
    UnknownKind,
    form,
    kind,
    kinds,
    read_form,
    read_kinds,
)


def test_there_are_the_29_types_of_the_decree() -> None:
    listed = [found for found in kinds().values() if found.is_listed]

    assert len(listed) == 29
    assert [found.code for found in listed if not found.abbreviation] == ["cong_van", "thu_cong"]
    assert {found.code: found.abbreviation for found in listed if found.code in ("ke_hoach", "quy_dinh")} == {
        "ke_hoach": "KH",
        "quy_dinh": "QyĐ",
    }


def test_types_that_are_custom_say_so() -> None:
    assert [found.code for found in kinds().values() if not found.is_listed] == ["giay_xac_nhan", "bien_nhan"]


def test_unknown_type_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownKind, match="Không có loại văn bản «thu_tinh».*bao_cao"):
        kind("thu_tinh")


def test_every_measure_has_its_unit_and_article() -> None:
    assert form()["margin_left"] == 30
    assert [key for key, measure in form().measures.items() if not measure.unit or not measure.article] == []


def test_measure_outside_the_decree_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (FOLDER / "form.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "form.yaml"
    wrong.write_text(text.replace("margin_left: {use: 30,", "margin_left: {use: 20,"), encoding="utf-8")
    line = next(at for at, row in enumerate(text.splitlines(), start=1) if "margin_left" in row)

    with pytest.raises(BadForm, match=rf"form.yaml, dòng {line}: «margin_left» là 20 mm.*từ 30 đến 35"):
        read_form(wrong)


def test_two_types_with_one_abbreviation_are_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "kinds.yaml"
    wrong.write_text(
        "kinds:\n  a: {name: A, abbreviation: X, heading: named}\n"
        "  b: {name: B, abbreviation: X, heading: named}\n",
        encoding="utf-8",
    )

    with pytest.raises(BadForm, match="dòng 3: «b» và «a» cùng viết tắt X"):
        read_kinds(wrong)
