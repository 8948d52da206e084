"""Inspections, guidance, and difficulties that units have raised.

Knows what was found and who must answer; hides how an open finding is followed to its end.
"""

from __future__ import annotations

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "thidua.oversight"
    label = "oversight"
    verbose_name = "Kiểm tra, giám sát"
