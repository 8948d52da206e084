"""Rules that say who qualifies, from a plan or from the lawbook.

`lawbook` knows what the law says on a day; `rules` and `verdicts` judge by criteria and say why. Hides how
rules are written, checked and joined.
"""

from __future__ import annotations

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "thidua.criteria"
    label = "criteria"
    verbose_name = "Tiêu chí, tiêu chuẩn"

    def ready(self) -> None:
        from thidua.criteria import lawbook_check  # noqa: F401  # registers itself
