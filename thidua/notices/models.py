"""What people are told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from thidua.organisations.models import Unit


class Notice(models.Model):
    """One message to a person, or to everybody who acts for a unit.

    Points to the page where the act is done.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người nhận",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name="đơn vị nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    kind = models.CharField("loại", max_length=40)
    text = models.CharField("nội dung", max_length=500)
    address = models.CharField("trang", max_length=300, blank=True)
    sent_at = models.DateTimeField("lúc gửi", default=timezone.now)
    sender = models.CharField("người gửi", max_length=300, blank=True)
    #: Text and sender without accents.
    search_text = models.TextField("chữ để tìm", default="", blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        constraints = [
            models.CheckConstraint(
                name="notice_goes_to_a_person_or_a_unit",
                condition=models.Q(user__isnull=False, unit__isnull=True)
                | models.Q(user__isnull=True, unit__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-sent_at"], name="notice_by_user"),
            models.Index(fields=["unit", "-sent_at"], name="notice_by_unit"),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeRead(models.Model):
    """That a person has seen a notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField("lúc đọc", default=timezone.now)

    class Meta:
        verbose_name = "đã đọc"
        verbose_name_plural = "đã đọc"
        constraints = [models.UniqueConstraint(name="notice_read_once", fields=["notice", "user"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.notice}"
