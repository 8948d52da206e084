"""`thidua archive verify FILE`: check archive packages without the database; `make` writes one."""

# ruff: noqa: T201 - printing is what this command does

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

EPILOG = """ví dụ:
  thidua archive verify ho-so.zip                 kiểm tra gói, không cần cơ sở dữ liệu
  thidua archive make --paper 12 --out 05.zip     lập gói của một văn bản đã phát hành
  thidua archive make --file 3 --out ho-so.zip    lập gói của một hồ sơ

mã kết thúc: 0 nguyên vẹn hoặc đã lập; 1 có chỗ sai; 2 gọi sai cách"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["verify", "make"], metavar="VIỆC", help="verify hoặc make")
    parser.add_argument("packages", nargs="*", type=Path, metavar="GÓI", help="các gói cần kiểm tra")
    parser.add_argument("--trust", type=Path, metavar="THƯ_MỤC", help="chứng thư số của các nơi được tin cậy")
    parser.add_argument("--paper", type=int, metavar="SỐ", help="khóa của văn bản đi")
    parser.add_argument("--file", type=int, metavar="SỐ", help="khóa của hồ sơ")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi gói vào tệp này")


def run(options: argparse.Namespace) -> int:
    return _verify(options) if options.what == "verify" else _make(options)


def _verify(options: argparse.Namespace) -> int:
    from thidua.core.errors import RuleNotMet
    from thidua.documents.papers.archive_form import verified
    from thidua.documents.signing.certificates import read_folder

    if not options.packages:
        return _misuse("thiếu GÓI")
    trusted = read_folder(options.trust) if options.trust else []
    code = 0
    for path in options.packages:
        try:
            found = verified(path.read_bytes(), trusted=trusted)
        except OSError as error:
            print(f"{path}: không đọc được tệp ({error.strerror}).", file=sys.stderr)
            code = 1
            continue
        except RuleNotMet as refusal:
            print(f"{path}: {refusal.message}", file=sys.stderr)
            code = 1
            continue
        print(f"{path}: {'NGUYÊN VẸN' if found.is_whole else 'CÓ CHỖ SAI'}. {found.about}")
        for sentence in found.good:
            print(f"  đúng  {sentence}")
        for sentence in found.wrong:
            print(f"  SAI   {sentence}")
        code = code if found.is_whole else 1
    return code


def _make(options: argparse.Namespace) -> int:
    if (options.paper is None) == (options.file is None) or options.out is None:
        return _misuse("make cần một trong --paper, --file, và --out")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from thidua.audit.log import System
    from thidua.core import clock
    from thidua.core.errors import UserError
    from thidua.documents.models import CaseFile, OutgoingPaper
    from thidua.documents.papers import archive

    actor, now = System(on=clock.today()), clock.now()
    try:
        if options.paper is not None:
            package = archive.of_paper(OutgoingPaper.objects.get(pk=options.paper), actor=actor, now=now)
        else:
            package = archive.of_case_file(CaseFile.objects.get(pk=options.file), actor=actor, now=now)
    except (OutgoingPaper.DoesNotExist, CaseFile.DoesNotExist):
        print("thidua archive: không có văn bản hoặc hồ sơ này.", file=sys.stderr)
        return 1
    except UserError as refusal:
        print(f"thidua archive: {refusal.message}", file=sys.stderr)
        return 1
    options.out.write_bytes(package)
    print(f"Đã ghi {options.out}, {len(package)} byte.")
    return 0


def _misuse(sentence: str) -> int:
    print(f"thidua archive: {sentence}. Xem thidua archive --help.", file=sys.stderr)
    return 2
