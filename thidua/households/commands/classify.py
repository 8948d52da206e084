"""`thidua classify FILE --year 2023 --out ketqua.parquet`: validate, classify, count. Needs no database."""

# ruff: noqa: T201 - printing is what this command does
from __future__ import annotations

import argparse
import sys
from pathlib import Path

from thidua.core.errors import RuleNotMet
from thidua.criteria.lawbook import NotInLawbook

EPILOG = "Mã thoát: 0 mọi dòng tốt, 1 có dòng lỗi (các dòng khác vẫn được phân loại), 2 không đọc được tệp."

#: Bad cells that are printed; the rest are counted.
SHOWN = 20


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
    except FileNotFoundError:
        print(f"thidua classify: không có tệp {options.file}. Kiểm tra lại đường dẫn.", file=sys.stderr)
        return 2
    except (RuleNotMet, NotInLawbook) as refusal:
        print(f"thidua classify: {options.file.name}: {refusal}", file=sys.stderr)
        return 2
    for bad in found.report[:SHOWN]:
        print(f"dòng {bad.row}, cột {bad.column}: {bad.what}. {bad.cure}.", file=sys.stderr)
    if found.rows_bad > SHOWN:
        print(f"… và {found.rows_bad - SHOWN} lỗi khác.", file=sys.stderr)
    print("mã xã\tsố hộ\thộ nghèo\thộ cận nghèo\tchưa phân loại")
    for row in found.communes:
        print(row.commune, row.households, row.poor, row.near_poor, row.unclassified, sep="\t")
    return 1 if found.rows_bad else 0
