"""Rules that say who qualifies, from a plan or from the lawbook.

Knows the rule language and its verdicts; hides how a rule is judged quickly and explained.
Planned; it holds no code yet.
"""

from __future__ import annotations

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "thidua.criteria"
    label = "criteria"
    verbose_name = "Tiêu chí, tiêu chuẩn"
