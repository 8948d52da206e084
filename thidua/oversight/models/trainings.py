"""Training classes on a plan: whom they are for, who was put down, who came."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.movements.models import Plan
from thidua.organisations.models import Unit


class TrainingState(models.TextChoices):
    PLANNED = "du_kien", "Dự kiến"
    HELD = "da_to_chuc", "Đã tổ chức"
    CANCELLED = "da_huy", "Đã hủy"


class Training(models.Model):
    """One training class (lớp tập huấn) of one body."""

    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị tổ chức", on_delete=models.PROTECT, related_name="trainings"
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name="kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="trainings",
    )
    title = models.CharField("tên lớp", max_length=300)
    title_order = models.TextField("tên để xếp thứ tự", blank=True)
    content = models.TextField("nội dung", blank=True)
    first_on = models.DateField("từ ngày")
    last_on = models.DateField("đến hết ngày")
    place = models.CharField("địa điểm", max_length=300, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=TrainingState, default=TrainingState.PLANNED
    )
    units = models.ManyToManyField(Unit, verbose_name="đơn vị được mời", related_name="invited_trainings")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "lớp tập huấn"
        verbose_name_plural = "lớp tập huấn"
        constraints = [
            models.CheckConstraint(name="training_days_in_order", condition=Q(last_on__gte=F("first_on")))
        ]

    def __str__(self) -> str:
        return self.title


class Participant(models.Model):
    """Somebody whom a unit sends to a class, and whether they came. Personal data: name and post."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="participants")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("họ tên", max_length=200)
    post = models.CharField("chức vụ", max_length=200, blank=True)
    #: Unknown until somebody called the roll.
    came = models.BooleanField("có mặt", null=True, blank=True)

    class Meta:
        verbose_name = "người tham dự"
        verbose_name_plural = "người tham dự"
        constraints = [models.UniqueConstraint(name="participant_once", fields=["training", "unit", "name"])]

    def __str__(self) -> str:
        return self.name
