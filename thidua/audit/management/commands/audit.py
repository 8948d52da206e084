"""`thidua audit verify`: whether the chain of the log is whole. Exit code 0 when it is, 1 when not."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from thidua.audit import protection, verifying


class Command(BaseCommand):
    help = "Kiểm tra chuỗi nhật ký: mã thoát 0 khi nguyên vẹn, 1 khi không."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["verify"], help="verify: kiểm tra toàn bộ chuỗi")
        parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verifying.verify()
        if options["json"]:
            broken = found.broken
            answer = {
                "is_whole": found.is_whole,
                "entries": found.entries,
                "last_hash": found.last_hash,
                "is_protected": found.is_protected,
                "broken_at": broken.number if broken else None,
                "finding": found.finding,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(found.finding)
            self.stdout.write(f"Mã băm của dòng cuối còn đúng: {found.last_hash}")
            if missing := protection.missing():
                self.stdout.write(f"Thiếu trigger: {', '.join(missing)}. Khôi phục từ bản sao lưu.")
            if found.broken:
                self.stdout.write("Hãy giữ nguyên cơ sở dữ liệu và báo người phụ trách an toàn thông tin.")
        if not found.is_whole:
            raise SystemExit(1)
