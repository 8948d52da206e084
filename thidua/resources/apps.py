"""Pledges, funds and contributions that a movement mobilises.

Knows what was promised and what was given; hides how money of several sources is kept apart.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class ResourcesConfig(AppConfig):
    name = "thidua.resources"
    label = "resources"
    verbose_name = "Nguồn lực"
