"""`thidua verify-signature FILE`: who signed a PDF, when, and whether it is as it was. Needs no database."""

# ruff: noqa: T201 - printing is what this command does

from __future__ import annotations

import argparse
import sys
from pathlib import Path

EPILOG = """ví dụ:
  thidua verify-signature 05-BC-UBND.pdf
  thidua verify-signature --trust /etc/thidua/trust 05-BC-UBND.pdf

mã kết thúc: 0 mọi chữ ký còn nguyên vẹn; 1 có chữ ký hỏng, thiếu, hoặc tệp không đọc được; 2 gọi sai cách"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="TỆP", help="tệp PDF cần kiểm tra")
    parser.add_argument("--trust", type=Path, metavar="THƯ_MỤC", help="chứng thư số của các nơi được tin cậy")


def run(options: argparse.Namespace) -> int:
    from thidua.core.clock import VIETNAM
    from thidua.core.errors import RuleNotMet
    from thidua.documents.signing.certificates import read_folder
    from thidua.documents.signing.verify import check

    trusted = read_folder(options.trust) if options.trust else []
    code = 0
    for path in options.files:
        try:
            found = check(path.read_bytes(), trusted=trusted)
        except OSError as error:
            print(f"{path}: không đọc được tệp ({error.strerror}).", file=sys.stderr)
            code = 1
            continue
        except RuleNotMet as refusal:
            print(f"{path}: {refusal.message}", file=sys.stderr)
            code = 1
            continue
        print(f"{path}: {found.summary}")
        for number, one in enumerate(found.findings, start=1):
            moment = f"{one.signed_at.astimezone(VIETNAM):%H:%M:%S %d/%m/%Y}" if one.signed_at else "không rõ"
            print(f"  {number}. {one.signer}, ký lúc {moment}; chứng thư do {one.issuer} cấp")
            for sentence in one.sentences:
                print(f"     {sentence}")
        code = code if found.is_whole else 1
    return code
