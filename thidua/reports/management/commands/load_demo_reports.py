"""`thidua manage load_demo_reports`: rounds of reports of a demonstration, lived through. May be repeated.

Takes a while, so a worker does it; `--now` does it at once.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from thidua.core import clock
from thidua.jobs.queue import enqueue
from thidua.reports import demo
from thidua.reports.background import LIVE_DEMO


class Command(BaseCommand):
    help = "Cho các đơn vị mẫu báo cáo từ năm 2022 đến ngày trình diễn; chỉ chạy khi THIDUA_DEMO bật."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", action="store_true", help="làm ngay, không giao cho bộ chạy nền")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Chưa nạp báo cáo mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại.")
        if not options["now"]:
            enqueue(LIVE_DEMO, args={}, key=f"{LIVE_DEMO}:{clock.today()}")
            if options["verbosity"]:
                self.stdout.write("Báo cáo mẫu 2022 – 2025 do bộ chạy nền lập, xong trong khoảng một phút.")
            return
        started = time.monotonic()
        lived = demo.live(on=clock.today())
        if options["verbosity"]:
            for note in lived.notes:
                self.stdout.write(f"Bỏ qua báo cáo mẫu: {note}.")
            self.stdout.write(
                f"Đã mở {lived.rounds} đợt báo cáo ví dụ, {lived.sent} lượt gửi, {lived.merged} báo cáo tổng "
                f"hợp, {lived.corrected} đính chính, {lived.papers}/{lived.drafted} văn bản đã phát hành "
                f"({time.monotonic() - started:.0f} giây)."
            )
