"""How lower reports became one: each time it was done, and what the officer decided about single pieces."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.reports.models.reports import Report


class Merging(models.Model):
    """One time that lower reports were put together into a merged one. Never changed.

    `sources` are pairs of the lower report and its edition; `uncovered` names by figure the units that are
    not in it; `findings` holds gaps, contradictions and leftovers in words, as they were then.
    """

    report = models.ForeignKey(
        Report, verbose_name="báo cáo tổng hợp", on_delete=models.CASCADE, related_name="mergings"
    )
    number = models.PositiveSmallIntegerField("lần")
    sources = models.JSONField("báo cáo cấp dưới", default=list)
    uncovered = models.JSONField("đơn vị chưa có số", default=dict)
    findings = models.JSONField("chỗ thiếu, chỗ mâu thuẫn", default=dict)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc tổng hợp", default=timezone.now)

    class Meta:
        verbose_name = "lần tổng hợp"
        verbose_name_plural = "lần tổng hợp"
        constraints = [models.UniqueConstraint(name="merging_number_once", fields=["report", "number"])]

    def __str__(self) -> str:
        return f"lần {self.number}"


class PieceDecision(models.TextChoices):
    TAKEN = "lay", "Lấy nguyên văn"
    EDITED = "sua", "Lấy và sửa"
    LEFT = "bo", "Không đưa vào"
    CHOSEN = "chon", "Chọn số này"


class PieceChoice(models.Model):
    """What the merging officer decided about one piece of a lower report: taken, edited, left out, chosen.

    `ref` names the piece as `consolidation` does. What is left out has its reason and stays to be seen.
    """

    report = models.ForeignKey(
        Report, verbose_name="báo cáo tổng hợp", on_delete=models.CASCADE, related_name="piece_choices"
    )
    ref = models.CharField("mảnh nội dung", max_length=200)
    decision = models.CharField("quyết định", max_length=4, choices=PieceDecision)
    words = models.TextField("lời đã sửa", blank=True)
    reason = models.CharField("lý do không đưa vào", max_length=500, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField("lúc quyết định", default=timezone.now)

    class Meta:
        verbose_name = "quyết định về mảnh nội dung"
        verbose_name_plural = "quyết định về mảnh nội dung"
        constraints = [
            models.UniqueConstraint(name="piece_choice_once", fields=["report", "ref"]),
            models.CheckConstraint(
                name="piece_left_out_says_why", condition=~Q(decision="bo") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="piece_edited_has_words", condition=~Q(decision="sua") | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref}: {PieceDecision(self.decision).label}"
