"""Units and their history: versions, mergers and splits, mandates, always on a date.

Knows who stood under whom on which day; hides how the tree of a day is found quickly.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "thidua.organisations"
    label = "organisations"
    verbose_name = "Tổ chức"
