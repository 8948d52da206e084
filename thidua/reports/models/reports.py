"""One report of one unit in a round: its figures, task results, answers, files, and what was sent when."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.indicators.models import Indicator, Stage, Standard, Value
from thidua.movements.models import Task
from thidua.organisations.models import Unit
from thidua.reports.models.rounds import FormItem, Round


class ReportState(models.TextChoices):
    NOT_SENT = "chua_gui", "Chưa gửi"
    DRAFT = "nhap", "Nháp"
    SENT = "da_gui", "Đã gửi"
    RETURNED = "tra_lai", "Trả lại"
    ACCEPTED = "da_nhan", "Đã nhận"
    MERGED = "da_tong_hop", "Đã tổng hợp"


class Report(models.Model):
    """What one unit owes in a round, from the opening on.

    `parent` is the report it is merged into: in the same round the one of the body that merges (`is_merged`),
    and for that one the merged report of the higher plan's round. Belongs to `unit` also after that unit
    ended: then its successor acts. Once accepted it is locked; `Unlock` opens parts of it.
    """

    #: The unit still owes something.
    UNSENT = (ReportState.NOT_SENT, ReportState.DRAFT, ReportState.RETURNED)
    #: The unit may write.
    WRITABLE = (ReportState.NOT_SENT, ReportState.DRAFT, ReportState.RETURNED)
    #: The receiver has it.
    RECEIVED = (ReportState.SENT, ReportState.ACCEPTED, ReportState.MERGED)
    LOCKED = (ReportState.ACCEPTED, ReportState.MERGED)

    round = models.ForeignKey(Round, verbose_name="đợt", on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="reports")
    #: Who receives and accepts it.
    receiver = models.ForeignKey(
        Unit,
        verbose_name="nơi nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="received_reports",
    )
    #: As the plan prints it, with those that get it as well.
    receiver_text = models.CharField("nơi nhận như đã ghi", max_length=500, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name="tổng hợp vào",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    #: Made from the reports that came in, by the body that merges.
    is_merged = models.BooleanField("báo cáo tổng hợp", default=False)
    #: The last day that is in time.
    due_on = models.DateField("hạn")
    state = models.CharField("trạng thái", max_length=12, choices=ReportState, default=ReportState.NOT_SENT)
    #: Grows with each saving, so that of two people at once the second is told.
    edition = models.PositiveIntegerField("lần lưu", default=1)
    #: False when nothing is owed any more: the unit ended and its successor answers, or it was let off.
    is_owed = models.BooleanField("phải gửi", default=True)
    not_owed_reason = models.CharField("lý do không phải gửi", max_length=500, blank=True)
    #: The unit that owed it first, when the report passed to a successor.
    passed_from = models.ForeignKey(
        Unit, verbose_name="nhận từ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_reason = models.TextField("lý do trả lại", blank=True)
    #: Of a merged report that was sent before all lower ones had come: what is missing, in words.
    gaps_named = models.TextField("phần còn thiếu", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người gửi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("lúc giao", default=timezone.now)
    saved_at = models.DateTimeField("lúc lưu gần nhất", null=True, blank=True)
    sent_at = models.DateTimeField("lúc gửi", null=True, blank=True)
    #: The day in Vietnam on which it first came in: what lateness is counted by.
    first_sent_on = models.DateField("ngày gửi lần đầu", null=True, blank=True)
    decided_at = models.DateTimeField("lúc nhận hay trả lại", null=True, blank=True)
    merged_at = models.DateTimeField("lúc tổng hợp", null=True, blank=True)

    class Meta:
        verbose_name = "báo cáo"
        verbose_name_plural = "báo cáo"
        constraints = [
            models.UniqueConstraint(
                name="report_once_per_round_and_unit", fields=["round", "unit", "is_merged"]
            ),
            models.CheckConstraint(
                name="report_is_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="report_received_has_moment",
                condition=~Q(state__in=["da_gui", "da_nhan", "da_tong_hop"])
                | Q(sent_at__isnull=False, first_sent_on__isnull=False),
            ),
        ]
        indexes = [
            # Who of a round has sent, and when? Holds all that the board counts.
            models.Index(
                fields=["round", "is_merged", "is_owed", "unit", "state", "first_sent_on", "due_on"],
                name="report_counted",
            ),
            # What does this unit owe?
            models.Index(fields=["unit", "state", "due_on"], name="report_by_unit"),
            # What waits for this receiver?
            models.Index(fields=["receiver", "state"], name="report_by_receiver"),
            models.Index(fields=["parent", "state"], name="report_by_parent"),
        ]

    def __str__(self) -> str:
        return f"{self.round.title} #{self.pk}"

    @property
    def is_writable(self) -> bool:
        return self.is_owed and self.state in self.WRITABLE

    @property
    def is_locked(self) -> bool:
        return self.state in self.LOCKED

    @property
    def frozen(self) -> Submission | None:
        """What was sent last; that is what counts until it is sent again."""
        return self.submissions.order_by("-number").first()


class FigureOrigin(models.TextChoices):
    """Where the figure of a report comes from."""

    SYSTEM = "he_thong", "Số liệu trong hệ thống"
    TYPED = "don_vi_ghi", "Đơn vị ghi"
    COUNTED = "tinh", "Tính từ hai số"
    MERGED = "tong_hop", "Cộng từ báo cáo cấp dưới"


class ReportFigure(models.Model):
    """One figure in a report. As sent it never changes; what came to light later is a `Correction`.

    Neither amount nor `nothing_arose`: nobody knows yet; `missing_reason` may say why. A share holds its two
    counts. `reported` of `expected` units stand behind a sum.
    """

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="figures"
    )
    item = models.ForeignKey(FormItem, verbose_name="mục", on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(
        Indicator, verbose_name="chỉ tiêu", on_delete=models.PROTECT, related_name="report_figures"
    )
    standard = models.ForeignKey(
        Standard, verbose_name="theo chuẩn", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    segment = models.CharField("phân tổ", max_length=40, blank=True)
    #: The period, half-open.
    since = models.DateField("kỳ từ ngày")
    until = models.DateField("kỳ đến trước ngày")
    amount = models.DecimalField("giá trị", max_digits=24, decimal_places=4, null=True, blank=True)
    nothing_arose = models.BooleanField("không phát sinh", default=False)
    numerator = models.DecimalField("tử số", max_digits=24, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField("mẫu số", max_digits=24, decimal_places=4, null=True, blank=True)
    stage = models.CharField("mức độ", max_length=14, choices=Stage, default=Stage.PRELIMINARY)
    origin = models.CharField("từ đâu", max_length=10, choices=FigureOrigin, default=FigureOrigin.TYPED)
    #: The row it was taken from, when it was.
    value = models.ForeignKey(
        Value, verbose_name="số liệu nguồn", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reported = models.PositiveIntegerField("số đơn vị đã có số", null=True, blank=True)
    expected = models.PositiveIntegerField("số đơn vị phải có số", null=True, blank=True)
    has_estimate = models.BooleanField("có phần ước tính", default=False)
    #: The same figure in the last round of this kind.
    before = models.DecimalField("kỳ trước", max_digits=24, decimal_places=4, null=True, blank=True)
    explanation = models.TextField("giải trình chênh lệch", blank=True)
    missing_reason = models.CharField("lý do chưa có số", max_length=500, blank=True)

    class Meta:
        verbose_name = "số liệu trong báo cáo"
        verbose_name_plural = "số liệu trong báo cáo"
        constraints = [
            models.UniqueConstraint(
                name="report_figure_once", fields=["report", "item", "since", "until", "segment"]
            ),
            models.CheckConstraint(
                name="report_figure_that_did_not_arise_has_no_amount",
                condition=Q(nothing_arose=False) | Q(amount__isnull=True),
            ),
        ]
        indexes = [
            # Which reports used a figure of this indicator and period? Asked when a later one arrives.
            models.Index(fields=["indicator", "since", "until"], name="report_figure_by_indicator"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.amount}"

    @property
    def is_known(self) -> bool:
        return self.amount is not None or self.nothing_arose

    @property
    def counted(self) -> Decimal | None:
        """The amount as a number: nothing arose is zero, nobody knows is None."""
        return Decimal(0) if self.nothing_arose else self.amount

    @property
    def change(self) -> Decimal | None:
        if self.before is None or self.counted is None:
            return None
        return self.counted - self.before

    @property
    def change_percent(self) -> Decimal | None:
        """Change against the last round in percent; None when one is not known or the last one was zero."""
        change = self.change
        if change is None or not self.before:
            return None
        return abs(change) * 100 / abs(self.before)


class TaskResult(models.Model):
    """How one task of the unit stood in the period reported on, with the unit's own words."""

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="task_results"
    )
    task = models.ForeignKey(Task, verbose_name="nhiệm vụ", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("trạng thái nhiệm vụ", max_length=14)
    percent = models.PositiveSmallIntegerField("tiến độ (%)", default=0)
    #: Days after the deadline of the task on the day it was looked at; 0 when in time.
    days_late = models.PositiveIntegerField("số ngày quá hạn", default=0)
    text = models.TextField("kết quả", blank=True)
    #: JSON: what of the system it was filled from: notes, activities, evidence.
    trace = models.JSONField("nguồn", default=list, blank=True)

    class Meta:
        verbose_name = "kết quả nhiệm vụ trong báo cáo"
        verbose_name_plural = "kết quả nhiệm vụ trong báo cáo"
        constraints = [
            models.UniqueConstraint(name="task_result_once", fields=["report", "task"]),
            models.CheckConstraint(name="task_result_percent", condition=Q(percent__lte=100)),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Answer(models.Model):
    """The unit's words to one question. May name persons who did well.

    `trace` is a JSON list of `{"text", "from", "address"}`: which words were filled in from what, so that a
    figure in a sentence can be followed to its source also after the officer has edited.
    """

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="answers"
    )
    item = models.ForeignKey(FormItem, verbose_name="câu hỏi", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("trả lời", blank=True)
    trace = models.JSONField("nguồn", default=list, blank=True)
    #: As it was drafted by the program; empty when nobody drafted.
    drafted = models.TextField("bản nháp của chương trình", blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("lúc lưu", default=timezone.now)

    class Meta:
        verbose_name = "trả lời"
        verbose_name_plural = "trả lời"
        constraints = [models.UniqueConstraint(name="answer_once", fields=["report", "item"])]

    def __str__(self) -> str:
        return self.text[:80]


class Attachment(models.Model):
    """A file that goes with a report: a photo, a signed scan."""

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.CASCADE, related_name="attachments"
    )
    item = models.ForeignKey(
        FormItem, verbose_name="mục", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", on_delete=models.PROTECT, related_name="report_attachments"
    )
    file_name = models.CharField("tên tệp", max_length=255)
    caption = models.CharField("chú thích", max_length=300, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("lúc đưa vào", default=timezone.now)

    class Meta:
        verbose_name = "tệp kèm báo cáo"
        verbose_name_plural = "tệp kèm báo cáo"

    def __str__(self) -> str:
        return self.file_name


class Submission(models.Model):
    """A report as it was sent at one time: its whole content as canonical JSON with its hash.

    Never changed.
    """

    report = models.ForeignKey(
        Report, verbose_name="báo cáo", on_delete=models.PROTECT, related_name="submissions"
    )
    number = models.PositiveSmallIntegerField("lần gửi")
    content = models.TextField("nội dung")
    sha256 = models.CharField("mã băm", max_length=64)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc gửi")
    #: Sent while the report was unlocked in parts.
    is_after_unlock = models.BooleanField("gửi sau mở khóa", default=False)

    class Meta:
        verbose_name = "lần gửi báo cáo"
        verbose_name_plural = "lần gửi báo cáo"
        constraints = [models.UniqueConstraint(name="submission_number_once", fields=["report", "number"])]

    def __str__(self) -> str:
        return f"lần {self.number}"

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)
        return found
