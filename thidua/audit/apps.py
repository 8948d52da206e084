"""What was done, by whom, why: the append-only log, and the only way a state changes.

Knows chains of hashes and tables of states; hides how a race is decided, and how the database itself refuses
to change a row of the log.
"""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AuditConfig(AppConfig):
    name = "thidua.audit"
    label = "audit"
    verbose_name = "Nhật ký"

    def ready(self) -> None:
        from thidua.audit.sign_ins import listen

        autodiscover_modules("states")
        listen()
