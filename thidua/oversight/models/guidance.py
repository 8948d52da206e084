"""Guidance: how something is to be done, for all units of a plan."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from thidua.movements.models import Plan
from thidua.organisations.models import Unit


class Guidance(models.Model):
    """A guidance document (văn bản hướng dẫn): of one body, on one plan or on none in particular."""

    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan hướng dẫn", on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name="kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="guidance",
    )
    title = models.CharField("tên hướng dẫn", max_length=500)
    title_order = models.TextField("tên để xếp thứ tự", blank=True)
    #: "05/HD-UBND", where it was issued as a paper.
    number = models.CharField("số, ký hiệu", max_length=100, blank=True)
    dated = models.DateField("ngày")
    text = models.TextField("nội dung", blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "hướng dẫn"
        verbose_name_plural = "hướng dẫn"
        # What guides the units of this plan, newest first?
        indexes = [models.Index(fields=["plan", "-dated"], name="guidance_by_plan")]

    def __str__(self) -> str:
        return self.title
