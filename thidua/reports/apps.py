"""Rounds of reports: who owes which, what came in, and the merged report.

Knows deadlines and lateness; hides how many reports become one.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "thidua.reports"
    label = "reports"
    verbose_name = "Báo cáo"
