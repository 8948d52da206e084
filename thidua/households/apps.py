"""The register of households and the yearly review of poverty.

Knows classes and their changes from year to year; hides how millions of rows are classified.
"""

from __future__ import annotations

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "thidua.households"
    label = "households"
    verbose_name = "Hộ gia đình"
