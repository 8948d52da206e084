"""Files of many households: bad rows are told, good ones classified and counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.cli import main
from thidua.core.errors import RuleNotMet
from thidua.households.bulk import BadCell, CommuneCount, classify_file
from thidua.tables.workbooks import Sheet, written

HEAD = [
    "Mã xã",
    "Mã hộ",
    "Chủ hộ",
    "Khu vực",
    "DTTS",
    "Điểm B1",
    "Thu nhập",
    *(f"TH{n}" for n in range(1, 13)),
]
NONE = ["0"] * 12
THREE = ["1", "1", "1", *["0"] * 9]
GOOD = [
    ["dao-san", "1", "Giàng A", "nông thôn", "1", "120", "", *THREE],
    ["dao-san", "2", "Lý B", "Nông thôn", "có", "", "1.500.000", *NONE],
    ["dao-san", "3", "Trần C", "NT", "0", "", "3000000", *NONE],
    ["mu-sang", "1", "Vàng D", "nông thôn", "", "", "", *NONE],
]


def csv_file(folder: Path, rows: list[list[str]], head: list[str] = HEAD) -> Path:
    path = folder / "ho.csv"
    path.write_text("\n".join(",".join(row) for row in [head, *rows]), encoding="utf-8")
    return path


def test_file_is_classified_and_counted(tmp_path: Path) -> None:
    out = tmp_path / "out.parquet"

    found = classify_file(csv_file(tmp_path, GOOD), out=out, year=2023)

    assert (found.rows_good, found.rows_bad, found.report) == (4, 0, ())
    assert found.communes == (
        CommuneCount("dao-san", 3, 1, 1, 0, 2, 1, 1, 0),
        CommuneCount("mu-sang", 1, 0, 0, 1, 0, 0, 0, 1),
    )
    assert found.ignored_columns == ("Chủ hộ",)
    assert "Giàng".encode() not in out.read_bytes()


def test_each_bad_cell_is_told_with_its_cure(tmp_path: Path) -> None:
    rows = [
        *GOOD,
        ["dao-san", "", "", "nông thôn", "", "120", "", *NONE],
        ["dao-san", "1", "", "nông thôn", "", "120", "", *NONE],
        ["dao-san", "5", "", "miền núi", "", "120", "", *NONE],
        ["dao-san", "6", "", "nông thôn", "", "120", '"1,5 triệu"', *NONE],
        ["la-xa", "7", "", "nông thôn", "", "-3", "", "2", *NONE[1:]],
    ]

    found = classify_file(
        csv_file(tmp_path, rows), out=tmp_path / "out.parquet", year=2023, communes={"dao-san", "mu-sang"}
    )

    assert (found.rows_good, found.rows_bad) == (4, 5)
    assert list(found.report) == [
        BadCell(6, "mã hộ", "thiếu mã hộ", "Ghi mã hộ"),
        BadCell(7, "mã hộ", "mã hộ «1» đã có ở dòng 2", "Bỏ dòng trùng hoặc ghi mã khác"),
        BadCell(8, "khu vực", "không hiểu «miền núi»", "Ghi nông thôn hoặc thành thị"),
        BadCell(
            9,
            "thu nhập",
            "không hiểu «1,5 triệu»",
            "Ghi số đồng một người một tháng, không ghi triệu, hoặc để trống",
        ),
        BadCell(10, "TH1", "không hiểu «2»", "Ghi 1 (có), 0 (không) hoặc để trống (chưa rõ)"),
        BadCell(10, "mã xã", "không có xã «la-xa» trong địa bàn", "Ghi đúng mã xã như ở trang Đơn vị"),
        BadCell(10, "điểm B1", "không hiểu «-3»", "Ghi số nguyên từ 0 đến 1.000, hoặc để trống"),
    ]


def test_excel_csv_and_parquet_give_the_same(tmp_path: Path) -> None:
    import duckdb

    plain = csv_file(tmp_path, GOOD)
    excel = tmp_path / "ho.xlsx"
    excel.write_bytes(written([Sheet("Hộ", tuple((name, 10) for name in HEAD), GOOD)]))
    parquet = tmp_path / "ho.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{plain}', all_varchar=true)) TO '{parquet}' (FORMAT parquet)")

    found = [classify_file(path, out=tmp_path / "out.parquet", year=2023) for path in (plain, excel, parquet)]

    assert found[0] == found[1] == found[2]


def test_file_of_one_commune_needs_no_column_for_it(tmp_path: Path) -> None:
    path = csv_file(tmp_path, [row[1:] for row in GOOD[:3]], HEAD[1:])

    found = classify_file(path, out=tmp_path / "out.parquet", year=2023, communes={"dao-san"})

    assert [(row.commune, row.households) for row in found.communes] == [("dao-san", 3)]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("ho.csv", "a,b\n1,2\n", "dòng tiêu đề thiếu cột mã hộ, khu vực, mã xã, điểm B1 hoặc thu nhập"),
        ("ho.xlsx", "không phải Excel", "tệp Excel hỏng hoặc không có trang nào"),
        ("ho.doc", "x", "chỉ nhận .csv, .xlsx, .parquet"),
    ],
)
def test_unreadable_file_is_refused(tmp_path: Path, name: str, content: str, why: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")

    with pytest.raises(RuleNotMet) as refusal:
        classify_file(tmp_path / name, out=tmp_path / "out.parquet", year=2023)

    assert refusal.value.why == why


def test_same_file_gives_the_same_result_again(tmp_path: Path) -> None:
    path, outs = csv_file(tmp_path, GOOD), [tmp_path / "1.parquet", tmp_path / "2.parquet"]

    found = [classify_file(path, out=out, year=2023) for out in outs]

    assert found[0] == found[1]
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_command_prints_counts_and_bad_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = csv_file(tmp_path, [*GOOD, ["dao-san", "9", "", "", "", "1", "", *NONE]])

    code = main(["classify", str(path), "--year", "2023", "--out", str(tmp_path / "o.parquet")])

    shown = capsys.readouterr()
    assert code == 1
    assert "dòng 6, cột khu vực: thiếu khu vực. Ghi nông thôn hoặc thành thị." in shown.err
    assert "dao-san\t3\t1\t1\t0" in shown.out
    assert (tmp_path / "o.parquet").is_file()


def test_command_refuses_a_year_without_a_standard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["classify", str(csv_file(tmp_path, GOOD)), "--year", "2040"]) == 2
    assert "chưa có «poverty.income_line.rural» cho ngày 31/12/2040" in capsys.readouterr().err
