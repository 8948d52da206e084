"""A difficulty that a unit has raised, and the bodies it has lain with."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.core.text import shortened
from thidua.movements.models import Plan, PlanVersion
from thidua.organisations.models import Unit
from thidua.oversight.models.guidance import Guidance


class DifficultyState(models.TextChoices):
    RAISED = "cho_nhan", "Chờ tiếp nhận"
    TAKEN = "dang_xu_ly", "Đang xử lý"
    AMENDING = "sua_ke_hoach", "Đang đề nghị sửa kế hoạch"
    ANSWERED = "da_tra_loi", "Đã trả lời"
    WITHDRAWN = "da_rut", "Đã rút"


class Difficulty(models.Model):
    """Something that keeps a unit from doing what a plan asks (khó khăn, vướng mắc), until it is answered.

    May name persons in its text: only the published question and answer, which somebody wrote for the public,
    leave the line of the unit.
    """

    #: Somebody waits for an answer.
    OPEN = (DifficultyState.RAISED, DifficultyState.TAKEN, DifficultyState.AMENDING)

    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị nêu", on_delete=models.PROTECT, related_name="difficulties"
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name="kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="difficulties",
    )
    #: The body that is to answer now.
    receiver = models.ForeignKey(
        Unit, verbose_name="cơ quan trả lời", on_delete=models.PROTECT, related_name="+"
    )
    #: What it is about: a kind of `movements.raising` with the key, title and page of the thing; or nothing.
    about_kind = models.CharField("về loại việc", max_length=20, blank=True)
    about_key = models.PositiveBigIntegerField("khóa của việc", null=True, blank=True)
    about_title = models.CharField("về việc", max_length=500, blank=True)
    about_address = models.CharField("trang của việc", max_length=300, blank=True)

    title = models.CharField("vướng mắc", max_length=300)
    title_order = models.TextField("vướng mắc để xếp thứ tự", blank=True)
    text = models.TextField("nội dung")
    wish = models.TextField("đề xuất cách giải quyết", blank=True)
    state = models.CharField(
        "trạng thái", max_length=14, choices=DifficultyState, default=DifficultyState.RAISED
    )
    raised_at = models.DateTimeField("lúc nêu", default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: The last day on which the body that has it answers in time.
    due_on = models.DateField("hạn trả lời")
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("lúc trả lời", null=True, blank=True)
    #: Working days from raising to answering.
    answered_in_days = models.PositiveIntegerField("số ngày làm việc đã dùng", null=True, blank=True)
    guidance = models.ForeignKey(
        Guidance, null=True, blank=True, on_delete=models.PROTECT, related_name="difficulties"
    )
    #: The draft of an amendment that it led to.
    amendment = models.ForeignKey(
        PlanVersion,
        verbose_name="bản điều chỉnh kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="difficulties",
    )
    public_question = models.TextField("câu hỏi công khai", blank=True)
    public_answer = models.TextField("trả lời công khai", blank=True)
    published_at = models.DateTimeField("lúc công khai", null=True, blank=True)
    public_search_text = models.TextField("chữ công khai để tìm", blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "khó khăn, vướng mắc"
        verbose_name_plural = "khó khăn, vướng mắc"
        constraints = [
            models.CheckConstraint(
                name="published_difficulty_has_both_texts",
                condition=Q(published_at__isnull=True)
                | (~Q(public_question="") & ~Q(public_answer="") & Q(answered_at__isnull=False)),
            )
        ]
        indexes = [
            # What waits for this body, by deadline?
            models.Index(fields=["receiver", "state", "due_on"], name="difficulty_by_receiver"),
            models.Index(fields=["unit", "state"], name="difficulty_by_unit"),
            models.Index(fields=["plan", "state"], name="difficulty_by_plan"),
            models.Index(fields=["-published_at"], name="difficulty_published"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def short_title(self) -> str:
        return shortened(self.title)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_late(self, *, on: date) -> bool:
        return self.is_open and self.due_on < on


class Passage(models.Model):
    """One stay of a difficulty with one body: since when, and why it was passed on."""

    difficulty = models.ForeignKey(Difficulty, on_delete=models.PROTECT, related_name="passages")
    receiver = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField("từ lúc")
    #: Why it came here from the body before; empty for the first.
    reason = models.TextField("lý do chuyển", blank=True)

    class Meta:
        verbose_name = "lượt chuyển vướng mắc"
        verbose_name_plural = "lượt chuyển vướng mắc"
        indexes = [models.Index(fields=["difficulty", "since"], name="passages_in_order")]

    def __str__(self) -> str:
        return f"{self.difficulty} → {self.receiver}"
