"""Rounds of reports: who owes which, what came in, and the merged report.

Knows deadlines and lateness; hides how a plan's words become rounds, and how a figure that was sent stays as
sent while later ones stand beside it.
"""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "thidua.reports"
    label = "reports"
    verbose_name = "Báo cáo"
