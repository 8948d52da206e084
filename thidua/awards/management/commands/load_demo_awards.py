"""`thidua manage load_demo_awards`: the review of a movement, lived through. May be repeated.

Takes a while and comes after the demonstration's reports, so a worker does it; `--now` does it at once.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from thidua.awards import demo
from thidua.awards.background import LIVE_DEMO
from thidua.awards.demo_story import BEGINS_ON
from thidua.core import clock
from thidua.jobs.queue import enqueue


class Command(BaseCommand):
    help = "Xét khen thưởng mẫu năm 2025 đến ngày trình diễn; chỉ chạy khi THIDUA_DEMO bật."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", action="store_true", help="làm ngay, không giao cho bộ chạy nền")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Chưa nạp khen thưởng mẫu: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại."
            )
        if clock.today() < BEGINS_ON:
            return
        if not options["now"]:
            enqueue(LIVE_DEMO, args={}, key=f"{LIVE_DEMO}:{clock.today()}")
            if options["verbosity"]:
                self.stdout.write("Đợt xét khen thưởng mẫu năm 2025 do bộ chạy nền lập, sau báo cáo mẫu.")
            return
        lived = demo.live(on=clock.today())
        if options["verbosity"]:
            for note in lived.notes:
                self.stdout.write(f"Bỏ qua khen thưởng mẫu: {note}.")
            self.stdout.write(
                f"Đã xét {lived.candidates} đề nghị ví dụ, {lived.votes} thành viên bỏ phiếu, khen thưởng "
                f"{lived.awards}, hủy bỏ {lived.revoked}."
            )
