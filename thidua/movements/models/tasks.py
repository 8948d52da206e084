"""A task as it is given to one unit, and the units that help."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.core.text import shortened
from thidua.movements.models.plans import Plan, PlanItem
from thidua.organisations.models import Unit


class TaskState(models.TextChoices):
    GIVEN = "da_giao", "Chờ nhận"
    ACCEPTED = "dang_lam", "Đang thực hiện"
    DECLINED = "tu_choi", "Từ chối"
    REPORTED = "cho_xac_nhan", "Chờ xác nhận"
    DONE = "hoan_thanh", "Hoàn thành"
    CANCELLED = "da_rut", "Đã rút"


class Task(models.Model):
    """Work that one unit owes another: one row per unit, and per year where the plan says "hằng năm".

    Belongs to the unit that it was given to, also after that unit ended: then its successor acts.
    """

    #: Something is still to be done by somebody.
    OPEN = (TaskState.GIVEN, TaskState.ACCEPTED, TaskState.DECLINED, TaskState.REPORTED)
    #: Something is still to be done by the unit itself.
    OWED = (TaskState.GIVEN, TaskState.ACCEPTED)
    ENDED = (TaskState.DONE, TaskState.CANCELLED)

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="tasks")
    #: Empty for a sub-task and for a task given outside the text of the plan.
    item = models.ForeignKey(
        PlanItem, verbose_name="mục", null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    parent = models.ForeignKey(
        "self",
        verbose_name="thuộc nhiệm vụ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subtasks",
    )
    title = models.TextField("nội dung")
    title_order = models.TextField("nội dung để xếp thứ tự", blank=True)
    #: giao, chu_tri, de_nghi, yeu_cau, khuyen_khich, van_dong, phat_dong, self_assigned: as in `golden/1`.
    modality = models.CharField("cách giao", max_length=20, default="giao")
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị thực hiện", on_delete=models.PROTECT, related_name="tasks"
    )
    giver = models.ForeignKey(
        Unit, verbose_name="đơn vị giao", on_delete=models.PROTECT, related_name="given_tasks"
    )
    partners = models.ManyToManyField(
        Unit, verbose_name="đơn vị phối hợp", through="TaskPartner", related_name="helped_tasks"
    )
    #: The last day that is in time. "Trước ngày 10/11" gives 9/11.
    due_on = models.DateField("hạn", null=True, blank=True)
    due_text = models.CharField("thời hạn như đã ghi", max_length=300, blank=True)
    #: The year of a yearly task.
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    #: Not shown as work to do before this day: the obligation of 2025 is no news in 2022.
    starts_on = models.DateField("bắt đầu từ", null=True, blank=True)
    report_to_text = models.CharField("báo cáo cho", max_length=500, blank=True)

    state = models.CharField("trạng thái", max_length=14, choices=TaskState, default=TaskState.GIVEN)
    percent = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    given_at = models.DateTimeField("lúc giao", default=timezone.now)
    accepted_at = models.DateTimeField("lúc nhận", null=True, blank=True)
    reported_at = models.DateTimeField("lúc báo hoàn thành", null=True, blank=True)
    done_at = models.DateTimeField("lúc xác nhận", null=True, blank=True)
    #: Set while the unit goes on after its report was not accepted.
    sent_back_at = models.DateTimeField("lúc trả lại", null=True, blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        constraints = [
            models.CheckConstraint(name="task_percent_is_a_percentage", condition=Q(percent__lte=100)),
            # Adopting twice, or an adoption that a worker repeats, gives no second task.
            models.UniqueConstraint(
                name="task_once_per_item_unit_and_year",
                fields=["item", "unit", "year"],
                condition=Q(item__isnull=False, year__isnull=False),
            ),
            models.UniqueConstraint(
                name="task_once_per_item_and_unit",
                fields=["item", "unit"],
                condition=Q(item__isnull=False, year__isnull=True),
            ),
        ]
        indexes = [
            # What does this unit owe, by deadline?
            models.Index(fields=["unit", "state", "due_on"], name="task_owed_by_unit"),
            # What do others owe this unit?
            models.Index(fields=["giver", "state", "due_on"], name="task_owed_to_unit"),
            models.Index(fields=["plan", "state", "due_on"], name="task_by_plan"),
        ]

    def __str__(self) -> str:
        return self.title[:200]

    @property
    def short_title(self) -> str:
        """How lists name it: the beginning of what may be a long sentence."""
        return shortened(self.title)

    def days_late(self, *, on: date) -> int:
        """Days since the deadline; 0 when there is none, it is not over, or the report was in time."""
        if self.due_on is None or self.state in (TaskState.CANCELLED, TaskState.DECLINED):
            return 0
        ended = timezone.localtime(self.reported_at).date() if self.reported_at else on
        return max(0, (ended - self.due_on).days)


class TaskPartner(models.Model):
    """A unit that helps with a task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="partnerships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "phối hợp"
        verbose_name_plural = "phối hợp"
        constraints = [models.UniqueConstraint(name="task_partner_once", fields=["task", "unit"])]

    def __str__(self) -> str:
        return f"{self.unit}"
