"""`thidua load-units`: the official units and the bodies of the sample plans. May be repeated."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from thidua.audit.log import System
from thidua.core import clock
from thidua.organisations import catalogue
from thidua.organisations.catalogue_files import WrongFile


class Command(BaseCommand):
    help = "Nạp danh mục đơn vị hành chính và các cơ quan; chạy lại thì chỉ cập nhật chỗ đã thay đổi."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dir",
            type=Path,
            default=settings.BASE_DIR / "data" / "units",
            help="thư mục chứa danh mục (mặc định data/units)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = catalogue.load(options["dir"], actor=System(on=clock.today()), now=clock.now())
        except WrongFile as wrong:
            raise CommandError(f"Chưa nạp được danh mục đơn vị: {wrong}. Sửa tệp rồi chạy lại.") from wrong
        if not options["verbosity"]:
            return
        if loaded.total:
            self.stdout.write(
                f"Đã nạp {loaded.units} đơn vị mới, {loaded.versions} phiên bản, "
                f"{loaded.successions} quan hệ kế thừa, {loaded.memberships} lượt thuộc nhóm."
            )
        for key in loaded.left_alone:
            self.stdout.write(f"Giữ nguyên {key}: đã có người thay đổi trong chương trình.")
