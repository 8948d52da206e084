"""Later wordings of the rules of a plan's criteria, each kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from thidua.movements.models import PlanVersion


class CriterionRule(models.Model):
    """One wording of the rule of one criterion, after the one read from the plan.

    Written once. The newest of a criterion judges from then on; what was judged before keeps its own copy.
    """

    version = models.ForeignKey(
        PlanVersion, verbose_name="lần của kế hoạch", on_delete=models.PROTECT, related_name="+"
    )
    #: Key of the item in the plan: "S2.c1".
    criterion = models.CharField("tiêu chí", max_length=80)
    number = models.PositiveIntegerField("lần")
    #: As `criteria.rules.rule_json` writes it.
    rule = models.JSONField("quy tắc")
    reason = models.CharField("lý do sửa", max_length=500)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "quy tắc của tiêu chí"
        verbose_name_plural = "quy tắc của tiêu chí"
        constraints = [
            models.UniqueConstraint(name="criterion_rule_once", fields=["version", "criterion", "number"])
        ]

    def __str__(self) -> str:
        return f"{self.criterion}, lần {self.number}"
