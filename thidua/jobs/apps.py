"""Work that runs in the background: a row for each job, and the worker that runs them.

Knows state, progress and attempts of a job, and no word of the domain; hides how a job is claimed by one
worker only, how a dead worker is noticed, and when a failed job is tried again.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "thidua.jobs"
    label = "jobs"
    verbose_name = "Việc chạy nền"

    def ready(self) -> None:
        autodiscover_modules("background")
