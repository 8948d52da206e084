"""`thidua manage draw_reference`: the reference pages of states and rights, drawn anew from the tables."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from thidua.organisations.reference import PAGES


class Command(BaseCommand):
    help = "Vẽ lại docs/reference/states.md và rights.md từ bảng trạng thái và bảng quyền."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, page in PAGES.items():
            path = settings.BASE_DIR / "docs" / "reference" / name
            path.write_text(page(), encoding="utf-8")
            self.stdout.write(f"Đã vẽ {path.relative_to(settings.BASE_DIR)}.")
