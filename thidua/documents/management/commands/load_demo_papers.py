"""`thidua manage load_demo_papers`: offices, keys and papers of a demonstration. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from thidua.core import clock
from thidua.documents.papers import demo


class Command(BaseCommand):
    help = "Tạo khóa ký, con dấu và văn bản trình diễn; chỉ chạy khi THIDUA_DEMO bật."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "Chưa tạo khóa trình diễn: THIDUA_DEMO chưa bật. Đặt THIDUA_DEMO=1 rồi chạy lại."
            )
        new = demo.load(on=clock.today(), now=clock.now())
        if new and options["verbosity"]:
            self.stdout.write(f"Đã tạo khóa ký, con dấu trình diễn cho {new} cơ quan.")
