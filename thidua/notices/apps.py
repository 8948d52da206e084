"""Telling people what waits for them, by the channels they chose.

Knows who was told what and when; hides mail servers and their failures.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class NoticesConfig(AppConfig):
    name = "thidua.notices"
    label = "notices"
    verbose_name = "Thông báo"

    def ready(self) -> None:
        autodiscover_modules("due_things")
