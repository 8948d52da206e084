"""The start is refused when the lawbook cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

from thidua.criteria import lawbook
from thidua.criteria.lawbook_check import lawbook_can_be_read, problems_of


def test_lawbook_of_the_program_can_be_read() -> None:
    assert lawbook_can_be_read() == []


def test_wrong_lawbook_stops_the_start_with_its_line(tmp_path: Path) -> None:
    shutil.copy(lawbook.FOLDER / "public_holidays.yaml", tmp_path)
    (tmp_path / "luat.yaml").write_text("parameters:\n  a.b: 5\n", encoding="utf-8")

    (problem,) = problems_of(tmp_path)

    assert problem.msg == "Sổ luật sai: luat.yaml, dòng 2: «a.b» phải là một bảng khóa: giá trị"


def test_wrong_holidays_stop_it_too(tmp_path: Path) -> None:
    (tmp_path / "public_holidays.yaml").write_text("days: []\n", encoding="utf-8")

    (problem,) = problems_of(tmp_path)

    assert problem.msg.startswith("Sổ luật sai: public_holidays.yaml, dòng 1: thiếu khóa")
