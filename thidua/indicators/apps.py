"""What is measured, with its values by unit and period.

Knows definitions, sources and coverage; hides how values roll up a changing tree of units.
"""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "thidua.indicators"
    label = "indicators"
    verbose_name = "Chỉ tiêu thống kê"
