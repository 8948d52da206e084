"""An inspection of a plan: its team, the units looked at and why, the checklist, what was found, remedies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.core.text import shortened
from thidua.indicators.models import Value
from thidua.movements.models import Plan, PlanItem, Task
from thidua.organisations.models import Unit


class InspectionState(models.TextChoices):
    PLANNED = "du_kien", "Dự kiến"
    ANNOUNCED = "da_thong_bao", "Đã thông báo"
    CONCLUDED = "da_ket_luan", "Đã kết luận"
    CLOSED = "da_xong", "Đã xong"
    CANCELLED = "da_bo", "Đã bỏ"


class SelectionHow(models.TextChoices):
    NONE = "", "Chưa chọn"
    ALL = "tat_ca", "Tất cả đơn vị"
    RISK = "rui_ro", "Theo dấu hiệu từ số liệu"
    SAMPLE = "ngau_nhien", "Chọn ngẫu nhiên"


class Inspection(models.Model):
    """One inspection (cuộc kiểm tra, giám sát) of how units carry out a plan.

    From its place in the yearly plan of inspections to the last remedy.
    """

    #: It goes on: units may be looked at, or remedies are still open.
    GOES_ON = (InspectionState.PLANNED, InspectionState.ANNOUNCED, InspectionState.CONCLUDED)

    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="inspections"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan kiểm tra", on_delete=models.PROTECT, related_name="inspections"
    )
    #: The task of the plan that asks for it, where there is one.
    task = models.ForeignKey(
        Task,
        verbose_name="nhiệm vụ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    year = models.PositiveSmallIntegerField("năm")
    title = models.CharField("tên cuộc kiểm tra", max_length=300)
    title_order = models.TextField("tên để xếp thứ tự", blank=True)
    content = models.TextField("nội dung kiểm tra", blank=True)
    #: The period that is looked at, half-open.
    since = models.DateField("thời kỳ kiểm tra từ ngày")
    until = models.DateField("thời kỳ kiểm tra đến trước ngày")
    #: First and last day on which the team works at the units.
    first_on = models.DateField("làm việc từ ngày")
    last_on = models.DateField("làm việc đến hết ngày")
    state = models.CharField(
        "trạng thái", max_length=14, choices=InspectionState, default=InspectionState.PLANNED
    )
    how = models.CharField("cách chọn đơn vị", max_length=12, choices=SelectionHow, blank=True, default="")
    #: Of a random sample: with this seed anybody draws the same units from `pool_json`.
    seed = models.CharField("mã ngẫu nhiên", max_length=40, blank=True)
    pool_json = models.JSONField("danh sách để chọn", default=list, blank=True)
    conclusion = models.TextField("kết luận", blank=True)
    concluded_at = models.DateTimeField("lúc kết luận", null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "cuộc kiểm tra"
        verbose_name_plural = "cuộc kiểm tra"
        constraints = [
            models.CheckConstraint(
                name="inspection_days_in_order", condition=Q(last_on__gte=F("first_on"), until__gt=F("since"))
            )
        ]
        indexes = [models.Index(fields=["plan", "year"], name="inspection_by_plan")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open_to_change(self) -> bool:
        return self.state == InspectionState.PLANNED


class TeamMember(models.Model):
    """Somebody in the team of an inspection. Personal data: name and post in office."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="team")
    name = models.CharField("họ tên", max_length=200)
    post = models.CharField("chức vụ, cơ quan", max_length=300, blank=True)
    #: The unit whose people may then write findings: an office that sends somebody.
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_head = models.BooleanField("trưởng đoàn", default=False)

    class Meta:
        verbose_name = "thành viên đoàn kiểm tra"
        verbose_name_plural = "thành viên đoàn kiểm tra"
        constraints = [
            models.UniqueConstraint(
                name="team_has_one_head", fields=["inspection"], condition=Q(is_head=True)
            )
        ]

    def __str__(self) -> str:
        return self.name


class ChecklistKind(models.TextChoices):
    TASK = "nhiem_vu", "Nhiệm vụ"
    TARGET = "chi_tieu", "Chỉ tiêu"
    CRITERION = "tieu_chi", "Tiêu chí"
    QUESTION = "cau_hoi", "Câu hỏi thêm"


class ChecklistItem(models.Model):
    """One thing to look at in each unit (mục của đề cương kiểm tra)."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField("thứ tự")
    kind = models.CharField("loại", max_length=10, choices=ChecklistKind)
    text = models.TextField("nội dung")
    item = models.ForeignKey(
        PlanItem,
        verbose_name="mục của kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "mục đề cương kiểm tra"
        verbose_name_plural = "mục đề cương kiểm tra"
        indexes = [models.Index(fields=["inspection", "position"], name="checklist_in_order")]

    def __str__(self) -> str:
        return self.text[:200]

    @property
    def short_text(self) -> str:
        return shortened(self.text)


class VisitState(models.TextChoices):
    WAITING = "cho_kiem_tra", "Chờ kiểm tra"
    RECORDING = "dang_ghi", "Đang kiểm tra"
    MINUTED = "da_lap_bien_ban", "Đã lập biên bản"


class Visit(models.Model):
    """One unit in an inspection: why it was chosen, what was found there (buổi làm việc tại đơn vị)."""

    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, related_name="visits")
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị được kiểm tra", on_delete=models.PROTECT, related_name="visits"
    )
    state = models.CharField("trạng thái", max_length=16, choices=VisitState, default=VisitState.WAITING)
    #: What spoke for choosing it, sentence by sentence, with points; a sign is no finding.
    reasons_json = models.JSONField("vì sao chọn", default=list, blank=True)
    score = models.PositiveIntegerField("điểm dấu hiệu", default=0)
    held_on = models.DateField("ngày làm việc", null=True, blank=True)
    #: Who spoke for the unit, as the minutes name them. Personal data: names and posts.
    present = models.TextField("người làm việc với đoàn", blank=True)
    summary = models.TextField("nhận xét chung", blank=True)
    #: Signs of a breach: while they are being looked into, nobody is commended (NĐ 98, NĐ 152, art. 4).
    has_breach_signs = models.BooleanField("có dấu hiệu vi phạm", default=False)
    breach_note = models.TextField("dấu hiệu gì", blank=True)
    breach_noted_on = models.DateField("ngày ghi dấu hiệu", null=True, blank=True)
    #: First day on which the matter no longer stands open.
    breach_ended_on = models.DateField("ngày làm rõ", null=True, blank=True)
    minuted_at = models.DateTimeField("lúc lập biên bản", null=True, blank=True)

    class Meta:
        verbose_name = "buổi kiểm tra tại đơn vị"
        verbose_name_plural = "buổi kiểm tra tại đơn vị"
        constraints = [models.UniqueConstraint(name="visit_once", fields=["inspection", "unit"])]
        indexes = [models.Index(fields=["unit", "state"], name="visit_by_unit")]

    def __str__(self) -> str:
        return f"{self.inspection}: {self.unit}"


class Found(models.TextChoices):
    MET = "dat", "Đạt"
    NOT_MET = "chua_dat", "Chưa đạt"
    NOT_APPLICABLE = "khong_co", "Không có việc này"


class Finding(models.Model):
    """What the team found in one unit for one item of the checklist; may change until the minutes."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="findings")
    #: Empty while it is only a draft.
    outcome = models.CharField("kết quả", max_length=10, choices=Found, blank=True, default="")
    text = models.TextField("ghi nhận", blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "kết quả kiểm tra"
        verbose_name_plural = "kết quả kiểm tra"
        constraints = [models.UniqueConstraint(name="finding_once", fields=["visit", "item"])]

    def __str__(self) -> str:
        return f"{self.item}: {self.get_outcome_display()}"


class Recheck(models.Model):
    """A figure that a unit gave, next to what the team counted; both stay, also when a correction follows."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="rechecks")
    value = models.ForeignKey(
        Value, verbose_name="số đã báo cáo", on_delete=models.PROTECT, related_name="rechecks"
    )
    found = models.DecimalField("số kiểm tra thấy", max_digits=20, decimal_places=4)
    note = models.TextField("cách kiểm tra", blank=True)
    #: The corrected figure, once it was put forward.
    correction = models.OneToOneField(
        Value,
        verbose_name="số đính chính",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recheck_behind",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "kiểm tra lại số liệu"
        verbose_name_plural = "kiểm tra lại số liệu"
        constraints = [models.UniqueConstraint(name="recheck_once", fields=["visit", "value"])]

    def __str__(self) -> str:
        return f"{self.value}: {self.found}"

    @property
    def reported(self) -> Decimal | None:
        """What the unit gave; none arose counts as nothing, no figure stays none."""
        return Decimal(0) if self.value.nothing_arose else self.value.amount

    @property
    def difference(self) -> Decimal | None:
        return None if self.reported is None else self.found - self.reported


class RemedyState(models.TextChoices):
    OWED = "phai_lam", "Phải khắc phục"
    REPORTED = "da_bao_cao", "Đã báo cáo, chờ xác nhận"
    CLOSED = "da_xong", "Đã khắc phục"


class Remedy(models.Model):
    """Something that a unit must put right after an inspection (kiến nghị), with its deadline and proof."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="remedies")
    finding = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="remedies"
    )
    text = models.TextField("phải làm gì")
    text_order = models.TextField("nội dung để xếp thứ tự", blank=True)
    due_on = models.DateField("hạn")
    state = models.CharField("trạng thái", max_length=12, choices=RemedyState, default=RemedyState.OWED)
    report = models.TextField("đã làm được gì", blank=True)
    reported_at = models.DateTimeField("lúc báo cáo", null=True, blank=True)
    closed_at = models.DateTimeField("lúc xác nhận", null=True, blank=True)
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "kiến nghị sau kiểm tra"
        verbose_name_plural = "kiến nghị sau kiểm tra"
        # What is still to be put right, by deadline?
        indexes = [models.Index(fields=["state", "due_on"], name="remedy_by_deadline")]

    def __str__(self) -> str:
        return shortened(self.text)

    def is_late(self, *, on: date) -> bool:
        return self.state == RemedyState.OWED and self.due_on < on
