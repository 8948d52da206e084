"""What is said about a report after it came in: marked places, unlocking, corrections, reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.indicators.models import Stage, Value
from thidua.organisations.models import Unit
from thidua.reports.models.reports import Report, ReportFigure
from thidua.reports.models.rounds import FormItem


class Mark(models.Model):
    """A place in a returned report and what is wrong with it; without an item it is about the whole."""

    report = models.ForeignKey(Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="marks")
    item = models.ForeignKey(
        FormItem, verbose_name="mục", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    remark = models.TextField("cần sửa")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)
    #: Set when the report is sent again.
    settled_at = models.DateTimeField("lúc gửi lại", null=True, blank=True)

    class Meta:
        verbose_name = "chỗ cần sửa"
        verbose_name_plural = "chỗ cần sửa"

    def __str__(self) -> str:
        return self.remark[:80]


class Unlock(models.Model):
    """That parts of an accepted report may be changed until a moment, and why. Used once."""

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="unlocks"
    )
    items = models.ManyToManyField(FormItem, verbose_name="mục được sửa", related_name="+")
    reason = models.TextField("lý do")
    until = models.DateTimeField("đến lúc")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc mở", default=timezone.now)
    #: The unit has changed something and sent it, or the receiver took it back.
    ended_at = models.DateTimeField("lúc kết thúc", null=True, blank=True)

    class Meta:
        verbose_name = "mở khóa báo cáo"
        verbose_name_plural = "mở khóa báo cáo"
        constraints = [
            models.UniqueConstraint(
                name="report_has_one_running_unlock", fields=["report"], condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.reason[:80]


class CorrectionState(models.TextChoices):
    OFFERED = "de_nghi", "Chờ xem"
    ACCEPTED = "da_sua", "Đã đính chính"
    DECLINED = "giu_nguyen", "Giữ nguyên"


class Correction(models.Model):
    """A later figure for one that was sent: old, new, and from which value. The figure as sent stays.

    Of a merged report it names the correction of the lower report it comes from (`carried_from`).
    """

    figure = models.ForeignKey(
        ReportFigure, verbose_name="số liệu", on_delete=models.CASCADE, related_name="corrections"
    )
    state = models.CharField(
        "trạng thái", max_length=12, choices=CorrectionState, default=CorrectionState.OFFERED
    )
    #: None: the report had none, or the later value says that nothing arose.
    old_amount = models.DecimalField("số đã gửi", max_digits=24, decimal_places=4, null=True, blank=True)
    new_amount = models.DecimalField("số mới", max_digits=24, decimal_places=4, null=True, blank=True)
    new_numerator = models.DecimalField("tử số mới", max_digits=24, decimal_places=4, null=True, blank=True)
    new_denominator = models.DecimalField(
        "mẫu số mới", max_digits=24, decimal_places=4, null=True, blank=True
    )
    old_stage = models.CharField("mức độ cũ", max_length=14, choices=Stage, blank=True)
    new_stage = models.CharField("mức độ mới", max_length=14, choices=Stage)
    value = models.ForeignKey(
        Value, verbose_name="từ số liệu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried_from = models.ForeignKey(
        "self",
        verbose_name="từ đính chính của báo cáo cấp dưới",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_to",
    )
    reason = models.TextField("lý do", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    offered_at = models.DateTimeField("lúc đề nghị", default=timezone.now)
    decided_at = models.DateTimeField("lúc quyết định", null=True, blank=True)

    class Meta:
        verbose_name = "đính chính"
        verbose_name_plural = "đính chính"
        constraints = [
            models.UniqueConstraint(
                name="correction_once_per_value",
                fields=["figure", "value"],
                condition=Q(value__isnull=False),
            ),
            models.UniqueConstraint(
                name="correction_carried_once",
                fields=["figure", "carried_from"],
                condition=Q(carried_from__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "figure"], name="correction_waiting")]

    def __str__(self) -> str:
        return f"{self.old_amount} → {self.new_amount}"


class Reminding(models.Model):
    """One reminder (đôn đốc) to a unit about a report that has not come."""

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="remindings"
    )
    text = models.TextField("nội dung")
    sender_unit = models.ForeignKey(
        Unit, verbose_name="đơn vị nhắc", null=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", default=timezone.now)

    class Meta:
        verbose_name = "đôn đốc báo cáo"
        verbose_name_plural = "đôn đốc báo cáo"
        indexes = [models.Index(fields=["report", "-sent_at"], name="reminding_by_report")]

    def __str__(self) -> str:
        return self.text[:80]
