"""What happens to a task on its way: progress, evidence, activities, extensions, reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.movements.models.plans import Plan
from thidua.movements.models.tasks import Task
from thidua.organisations.models import Unit


class TaskNote(models.Model):
    """One report of progress on a task, as it was written. Never changed; a later note says better."""

    task = models.ForeignKey(Task, verbose_name="nhiệm vụ", on_delete=models.CASCADE, related_name="notes")
    percent = models.PositiveSmallIntegerField("tiến độ (%)", null=True, blank=True)
    text = models.TextField("nội dung")
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "ghi nhận tiến độ"
        verbose_name_plural = "ghi nhận tiến độ"
        constraints = [
            models.CheckConstraint(
                name="task_note_percent_is_a_percentage",
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ActivityKind(models.TextChoices):
    TRAINING = "tap_huan", "Tập huấn, hội nghị"
    COMMUNICATION = "truyen_thong", "Tuyên truyền"
    VISIT = "tham_hoi", "Thăm hỏi, động viên"
    GIFT = "tang_qua", "Tặng quà, hỗ trợ"
    INSPECTION = "kiem_tra", "Kiểm tra, giám sát"
    OTHER = "khac", "Hoạt động khác"


class Activity(models.Model):
    """One thing a unit did for a plan: a training, a visit, a gift; day, place, people, value in đồng."""

    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="activities"
    )
    task = models.ForeignKey(
        Task,
        verbose_name="nhiệm vụ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="activities",
    )
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField("loại hoạt động", max_length=14, choices=ActivityKind)
    title = models.CharField("nội dung", max_length=500)
    title_order = models.CharField("nội dung để xếp thứ tự", max_length=1100, blank=True)
    #: Title and place without accents.
    search_text = models.TextField("chữ để tìm", blank=True)
    held_on = models.DateField("ngày")
    place = models.CharField("địa điểm", max_length=300, blank=True)
    #: Unknown is not zero.
    people = models.PositiveIntegerField("số người tham gia", null=True, blank=True)
    value_dong = models.PositiveBigIntegerField("giá trị (đồng)", null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "hoạt động"
        verbose_name_plural = "hoạt động"
        indexes = [models.Index(fields=["plan", "held_on"], name="activity_by_plan")]

    def __str__(self) -> str:
        return self.title


class Evidence(models.Model):
    """A file that shows what a note or an activity says."""

    note = models.ForeignKey(
        TaskNote, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence"
    )
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.CASCADE, related_name="evidence"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="evidence")
    file_name = models.CharField("tên tệp", max_length=255)
    added_at = models.DateTimeField("lúc đưa vào", default=timezone.now)

    class Meta:
        verbose_name = "tài liệu chứng minh"
        verbose_name_plural = "tài liệu chứng minh"
        constraints = [
            models.CheckConstraint(
                name="evidence_belongs_to_one_thing",
                condition=Q(note__isnull=False, activity__isnull=True)
                | Q(note__isnull=True, activity__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ExtensionState(models.TextChoices):
    ASKED = "cho_duyet", "Chờ duyệt"
    GRANTED = "dong_y", "Đồng ý"
    REFUSED = "khong_dong_y", "Không đồng ý"
    WITHDRAWN = "rut_lai", "Đã rút lại"


class Extension(models.Model):
    """A unit's request for a later deadline, and what became of it."""

    task = models.ForeignKey(
        Task, verbose_name="nhiệm vụ", on_delete=models.CASCADE, related_name="extensions"
    )
    state = models.CharField(
        "trạng thái", max_length=14, choices=ExtensionState, default=ExtensionState.ASKED
    )
    due_before = models.DateField("hạn cũ", null=True, blank=True)
    asked_until = models.DateField("hạn đề nghị")
    reason = models.TextField("lý do")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("lúc đề nghị", default=timezone.now)
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("lúc trả lời", null=True, blank=True)

    class Meta:
        verbose_name = "đề nghị gia hạn"
        verbose_name_plural = "đề nghị gia hạn"
        constraints = [
            models.UniqueConstraint(
                name="task_has_one_open_extension", fields=["task"], condition=Q(state=ExtensionState.ASKED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}: {self.asked_until}"


class Reminder(models.Model):
    """One reminder (đôn đốc) to a unit about a task."""

    task = models.ForeignKey(
        Task, verbose_name="nhiệm vụ", on_delete=models.CASCADE, related_name="reminders"
    )
    text = models.TextField("nội dung")
    sender_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", default=timezone.now)

    class Meta:
        verbose_name = "đôn đốc"
        verbose_name_plural = "đôn đốc"
        indexes = [models.Index(fields=["task", "-sent_at"], name="reminder_by_task")]

    def __str__(self) -> str:
        return self.text[:80]
