"""What a round asks: the form, its items, and the round itself with its days."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.indicators.models import Indicator, Standard
from thidua.movements.models import Plan
from thidua.organisations.models import Unit, UnitKind


class RoundKind(models.TextChoices):
    YEARLY = "nam", "Báo cáo năm"
    PERIODIC = "dinh_ky", "Báo cáo định kỳ"
    MID_TERM = "so_ket", "Báo cáo sơ kết"
    FINAL = "tong_ket", "Báo cáo tổng kết"
    IRREGULAR = "dot_xuat", "Báo cáo đột xuất"


class ReportForm(models.Model):
    """What units are asked in a round, as one version; a body owns it.

    Its officer edits it until a round opens with it; from then on it never changes, and a change is a new
    version that names the old one.
    """

    owner = models.ForeignKey(
        Unit, verbose_name="cơ quan lập mẫu", on_delete=models.PROTECT, related_name="report_forms"
    )
    name = models.CharField("tên mẫu", max_length=300)
    number = models.PositiveSmallIntegerField("phiên bản", default=1)
    replaces = models.ForeignKey(
        "self",
        verbose_name="thay cho",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    #: A figure that differs from the last round by more than so many percent must be explained.
    explain_percent = models.PositiveSmallIntegerField("ngưỡng phải giải trình (%)", default=20)
    intro = models.TextField("hướng dẫn chung", blank=True)
    #: Grows with each change: a page that was opened before somebody else's change is told so.
    edition = models.PositiveIntegerField("lần sửa", default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "mẫu báo cáo"
        verbose_name_plural = "mẫu báo cáo"

    def __str__(self) -> str:
        return f"{self.name} (phiên bản {self.number})"


class FormSection(models.TextChoices):
    """The parts of a form, in their order."""

    FIGURES = "so_lieu", "Số liệu"
    TASKS = "nhiem_vu", "Kết quả thực hiện nhiệm vụ"
    QUESTIONS = "cau_hoi", "Nội dung báo cáo"
    FILES = "tep", "Tài liệu kèm theo"


class Lift(models.TextChoices):
    """What an answer is for the level above: lifted out when reports are merged."""

    NONE = "", "Không"
    EXAMPLE = "dien_hinh", "Điển hình, cách làm hay"
    DIFFICULTY = "kho_khan", "Khó khăn, vướng mắc"
    PROPOSAL = "kien_nghi", "Đề xuất, kiến nghị"


class FormItem(models.Model):
    """One thing that a form asks: a figure, the task results, a question, files.

    `for_kinds` names the kinds of units (`UnitKind`) that are asked; empty means all.
    """

    form = models.ForeignKey(ReportForm, verbose_name="mẫu", on_delete=models.CASCADE, related_name="items")
    section = models.CharField("phần", max_length=10, choices=FormSection)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    #: Stable through the versions of a form: what is compared with the last round.
    key = models.SlugField("mã", max_length=100)
    title = models.CharField("câu hỏi, tên mục", max_length=500)
    help = models.TextField("gợi ý trả lời", blank=True)
    indicator = models.ForeignKey(
        Indicator,
        verbose_name="chỉ tiêu thống kê",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    standard = models.ForeignKey(
        Standard, verbose_name="theo chuẩn", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    segment = models.CharField("phân tổ", max_length=40, blank=True)
    for_kinds = models.JSONField("loại đơn vị phải trả lời", default=list, blank=True)
    is_required = models.BooleanField("bắt buộc", default=True)
    lifts = models.CharField("đưa lên báo cáo tổng hợp", max_length=10, choices=Lift, blank=True, default="")

    class Meta:
        verbose_name = "mục của mẫu báo cáo"
        verbose_name_plural = "mục của mẫu báo cáo"
        constraints = [
            models.UniqueConstraint(name="form_item_key_once", fields=["form", "key"]),
            models.CheckConstraint(
                name="form_item_of_a_figure_has_an_indicator",
                condition=~Q(section=FormSection.FIGURES) | Q(indicator__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_for(self, kind: str) -> bool:
        """Whether units of this kind are asked."""
        return not self.for_kinds or kind in self.for_kinds

    @property
    def kinds_in_words(self) -> str:
        return ", ".join(UnitKind(kind).label for kind in self.for_kinds) or "mọi đơn vị"


class RoundState(models.TextChoices):
    PLANNED = "du_kien", "Dự kiến"
    OPEN = "dang_mo", "Đang nhận báo cáo"
    CLOSED = "da_dong", "Đã đóng"
    CANCELLED = "da_bo", "Đã bỏ"


class Round(models.Model):
    """One round of reports of a plan: yearly, mid-term, final, or when asked for.

    `units_due_on` and `merged_due_on` are the last days in time of the two tiers: units to the body that
    merges, and that body's merged report to its superior. The period reported on is half-open.
    """

    LIVING = (RoundState.PLANNED, RoundState.OPEN)
    OPENED = (RoundState.OPEN, RoundState.CLOSED)

    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="report_rounds"
    )
    kind = models.CharField("loại", max_length=10, choices=RoundKind)
    year = models.PositiveSmallIntegerField("năm")
    #: Of several rounds of a kind in one year: which.
    number = models.PositiveSmallIntegerField("lần", default=1)
    title = models.CharField("tên đợt", max_length=300)
    since = models.DateField("kỳ báo cáo từ ngày")
    until = models.DateField("kỳ báo cáo đến trước ngày")
    opens_on = models.DateField("mở từ ngày")
    units_due_on = models.DateField("hạn của đơn vị")
    merged_due_on = models.DateField("hạn của báo cáo tổng hợp", null=True, blank=True)
    #: As the plan prints it; empty when the program proposed the days.
    due_text = models.CharField("thời hạn như đã ghi", max_length=300, blank=True)
    #: The words of the plan that ask for this round.
    source_text = models.TextField("căn cứ trong kế hoạch", blank=True)
    form = models.ForeignKey(
        ReportForm,
        verbose_name="mẫu",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="rounds",
    )
    state = models.CharField("trạng thái", max_length=10, choices=RoundState, default=RoundState.PLANNED)
    #: Units send only through their leader.
    leader_sends = models.BooleanField("phải do lãnh đạo đơn vị gửi", default=False)
    #: Who is asked, where the plan does not say: an officer's list of unit keys; null means as the plan says.
    asked_unit_ids = models.JSONField("đơn vị được hỏi", null=True, blank=True, default=None)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    opened_at = models.DateTimeField("lúc mở", null=True, blank=True)
    closed_at = models.DateTimeField("lúc đóng", null=True, blank=True)

    class Meta:
        verbose_name = "đợt báo cáo"
        verbose_name_plural = "đợt báo cáo"
        constraints = [
            models.UniqueConstraint(
                name="round_once_per_plan_kind_and_year",
                fields=["plan", "kind", "year", "number"],
                condition=~Q(state=RoundState.CANCELLED),
            ),
            models.CheckConstraint(
                name="round_period_ends_after_it_begins", condition=Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="round_is_merged_after_units_report",
                condition=Q(merged_due_on__isnull=True) | Q(merged_due_on__gte=F("units_due_on")),
            ),
            models.CheckConstraint(
                name="round_opened_has_form_and_moment",
                condition=Q(state__in=[RoundState.PLANNED, RoundState.CANCELLED])
                | Q(form__isnull=False, opened_at__isnull=False),
            ),
        ]
        indexes = [
            # Which rounds open today?
            models.Index(fields=["state", "opens_on"], name="round_by_opening"),
            models.Index(fields=["plan", "year"], name="round_by_plan"),
        ]

    def __str__(self) -> str:
        return self.title
