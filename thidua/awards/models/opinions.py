"""A list of candidates made public before the council sits, and what people said about it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.awards.models.candidates import Candidate
from thidua.awards.models.rounds import AwardRound
from thidua.organisations.models import Unit


class Posting(models.Model):
    """One list of candidates made public: where, from which day, until which day."""

    round = models.ForeignKey(
        AwardRound, verbose_name="đợt", on_delete=models.PROTECT, related_name="postings"
    )
    unit = models.ForeignKey(Unit, verbose_name="nơi công khai", on_delete=models.PROTECT, related_name="+")
    where = models.CharField("công khai ở đâu", max_length=300)
    posted_on = models.DateField("từ ngày")
    #: The first day on which the council may sit; empty where the law asks for no wait.
    council_from = models.DateField("hội đồng họp từ ngày", null=True, blank=True)
    #: Last day for opinions.
    until = models.DateField("nhận ý kiến đến hết ngày")
    #: Opinions without a name are taken in too; a complaint or denunciation always needs one.
    takes_anonymous = models.BooleanField("nhận cả ý kiến không ghi tên", default=True)
    #: The public page is gone since; what was said stays.
    taken_down_on = models.DateField("gỡ xuống ngày", null=True, blank=True)
    take_down_reason = models.CharField("lý do gỡ", max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "danh sách công khai"
        verbose_name_plural = "danh sách công khai"
        constraints = [
            models.CheckConstraint(
                name="posting_ends_after_it_begins", condition=Q(until__gte=F("posted_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.posted_on:%d/%m/%Y}"

    def is_open(self, *, on: date) -> bool:
        """Whether opinions are still taken on a day."""
        return self.taken_down_on is None and self.posted_on <= on <= self.until


class OpinionKind(models.TextChoices):
    SUPPORT = "dong_tinh", "Đồng tình"
    REMARK = "gop_y", "Cung cấp thông tin, góp ý"
    OBJECTION = "phan_doi", "Không đồng tình"
    COMPLAINT = "khieu_nai", "Khiếu nại, tố cáo"


class Conclusion(models.TextChoices):
    """What the body found of an opinion."""

    UPHELD = "co_co_so", "Có cơ sở"
    NOT_UPHELD = "khong_co_so", "Không có cơ sở"
    NOTED = "ghi_nhan", "Ghi nhận"


class Opinion(models.Model):
    """What somebody said about a posted candidate. Name and contact are personal data, for the body only."""

    #: Must be answered before the council sits.
    AGAINST = (OpinionKind.OBJECTION, OpinionKind.COMPLAINT)

    candidate = models.ForeignKey(
        Candidate, verbose_name="đề nghị", on_delete=models.PROTECT, related_name="opinions"
    )
    posting = models.ForeignKey(
        Posting, verbose_name="danh sách", on_delete=models.PROTECT, related_name="opinions"
    )
    kind = models.CharField("loại ý kiến", max_length=10, choices=OpinionKind)
    text = models.TextField("nội dung")
    author = models.CharField("người góp ý", max_length=200, blank=True)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    sent_at = models.DateTimeField("lúc gửi")
    #: The code with which whoever wrote looks the answer up; nobody else knows it.
    receipt = models.CharField("mã phiếu", max_length=24, blank=True)
    conclusion = models.CharField("kết luận", max_length=14, choices=Conclusion, blank=True)
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("lúc trả lời", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "ý kiến về danh sách"
        verbose_name_plural = "ý kiến về danh sách"
        constraints = [
            models.CheckConstraint(
                name="opinion_answer_has_a_conclusion",
                condition=Q(answered_at__isnull=True, conclusion="")
                | (Q(answered_at__isnull=False) & ~Q(conclusion="")),
            ),
            models.UniqueConstraint(
                name="opinion_receipt_once", fields=["receipt"], condition=~Q(receipt="")
            ),
        ]
        indexes = [
            models.Index(fields=["candidate", "answered_at"], name="opinion_by_candidate"),
            # What came in last for this list?
            models.Index(fields=["posting", "-sent_at"], name="opinion_by_posting"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_against(self) -> bool:
        return self.kind in self.AGAINST
