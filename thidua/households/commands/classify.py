"""`thidua classify FILE --year 2023 --out ketqua.parquet`: validate, classify, count. Needs no database."""

from __future__ import annotations

import argparse
from pathlib import Path

from thidua.core.errors import RuleNotMet
from thidua.criteria.lawbook import NotInLawbook

EPILOG = "Mã thoát: 0 mọi dòng tốt, 1 có dòng lỗi (các dòng khác vẫn được phân loại), 2 không đọc được tệp."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="tệp .csv, .xlsx hoặc .parquet, mỗi dòng một hộ")
    parser.add_argument("--year", type=int, required=True, help="năm rà soát, quyết định chuẩn áp dụng")
    parser.add_argument("--place", default="", help="mã tỉnh có chuẩn riêng")
    parser.add_argument("--out", type=Path, help="tệp Parquet kết quả (mặc định: cạnh tệp nguồn)")


def run(options: argparse.Namespace) -> int:
    from thidua.households.bulk import classify_file

    out = options.out or options.file.with_suffix(".ket-qua.parquet")
    try:
        found = classify_file(options.file, out=out, year=options.year, place=options.place)
    except (RuleNotMet, NotInLawbook, FileNotFoundError):
        return 2
    for _bad in found.report[:20]:
        pass
    if found.rows_bad > 20:
        pass
    for _row in found.communes:
        pass
    return 1 if found.rows_bad else 0
