"""The append-only log and the one way in which a state changes.

Knows who did what, when, by which right; hides how the log is chained so that a gap shows.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "thidua.audit"
    label = "audit"
    verbose_name = "Nhật ký"
