"""Excel files, read back cell by cell from the file itself."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from thidua.documents.reading.score_folder import DATA
from thidua.documents.workbooks import plan_as_workbook, plan_sheets

GOLDEN = sorted((DATA / "golden").glob("[0-9]*.yaml"))
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NAMES = [
    "Thông tin chung",
    "Chỉ tiêu",
    "Nhiệm vụ",
    "Tiêu chí",
    "Khen thưởng",
    "Mốc thời gian",
    "Căn cứ",
    "Nơi nhận",
    "Nội dung",
    "Cấu trúc",
    "Nghi vấn & lỗi",
]


def sample(number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    path = GOLDEN[number]
    text = (DATA / "plans" / f"{path.stem}.txt").read_text(encoding="utf-8")
    return yaml.safe_load(path.read_text(encoding="utf-8")), [{"text": line} for line in text.split("\n")]


def parts_of(content: bytes) -> dict[str, ElementTree.Element]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {
            name: ElementTree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.startswith("xl/") and name.endswith(".xml")
        }


def rows_of(content: bytes, sheet: int) -> list[list[str]]:
    """The texts of one sheet, row by row."""
    parts = parts_of(content)
    shared = ["".join(item.itertext()) for item in parts["xl/sharedStrings.xml"]]
    rows = []
    for row in parts[f"xl/worksheets/sheet{sheet}.xml"].iter(f"{MAIN}row"):
        values = {}
        for cell in row:
            value = cell.findtext(f"{MAIN}v")
            if value is not None:
                column = re.sub(r"\d", "", cell.attrib["r"])
                values[column] = shared[int(value)] if cell.attrib.get("t") == "s" else value
        rows.append([values.get(letter, "") for letter in "ABCDEFGHIJK"])
    return rows


@pytest.mark.parametrize("number", range(5))
def test_every_kind_has_a_sheet_with_its_rows(number: int) -> None:
    record, lines = sample(number)
    counts = record["expected_counts"]

    sheets = {sheet.name: len(list(sheet.rows)) for sheet in plan_sheets(record, lines)}

    assert list(sheets) == NAMES
    assert sheets["Chỉ tiêu"] == counts["targets"]
    assert sheets["Nhiệm vụ"] == counts["tasks"]
    assert sheets["Tiêu chí"] == counts["criteria"]
    assert sheets["Mốc thời gian"] == len(record["milestones"])
    assert sheets["Cấu trúc"] == len(record["structure"])
    assert sheets["Nghi vấn & lỗi"] == len(record["defects"]) + len(record["doubts"])


def test_targets_are_written_with_figures_as_numbers() -> None:
    record, lines = sample(2)

    rows = rows_of(plan_as_workbook(record, lines), NAMES.index("Chỉ tiêu") + 1)

    assert rows[0][:5] == ["Mã", "Chỉ tiêu", "Mức", "Giá trị", "Đến giá trị"]
    assert rows[1][:5] == ["CT1", "Mức giảm tỷ lệ nghèo đa chiều", "Từ 6 đến 7 điểm % mỗi năm", "6", "7"]
    assert rows[1][10] == "19"


def test_sheets_have_a_frozen_head_and_filters() -> None:
    record, lines = sample(4)
    parts = parts_of(plan_as_workbook(record, lines))

    sheets = [parts[f"xl/worksheets/sheet{number}.xml"] for number in range(1, len(NAMES) + 1)]

    assert [sheet.find(f".//{MAIN}pane") is not None for sheet in sheets] == [True] * len(NAMES)
    assert [sheet.find(f"{MAIN}autoFilter") is not None for sheet in sheets] == [True] * len(NAMES)


def test_text_that_looks_like_a_formula_stays_text() -> None:
    target = {
        "id": "T1",
        "lines": [1],
        "quote": "=1+1",
        "label_vi": "=HYPERLINK(1)",
        "value": 1,
        "unit": "pct",
    }
    content = plan_as_workbook({"targets": [target]}, [{"text": "=1+1"}])

    assert rows_of(content, 2)[1][1] == "=HYPERLINK(1)"
    sheets = [part for name, part in parts_of(content).items() if "worksheets" in name]
    assert [sheet.find(f".//{MAIN}f") for sheet in sheets] == [None] * len(NAMES)
