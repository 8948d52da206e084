"""Emulation movements and what their plans ask for: targets, tasks, milestones, registrations.

Knows versions of a plan and how a plan carries out a higher one; hides how coverage is judged, and how one
sentence of a plan becomes an obligation of many units in many years.
"""

from __future__ import annotations

from django.apps import AppConfig


class MovementsConfig(AppConfig):
    name = "thidua.movements"
    label = "movements"
    verbose_name = "Phong trào"
