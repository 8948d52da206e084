"""A list of candidates made public before the council sits, and what people said about it."""

from __future__ import annotations

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


class OpinionKind(models.TextChoices):
    SUPPORT = "dong_tinh", "Đồng tình"
    REMARK = "gop_y", "Góp ý"
    OBJECTION = "phan_doi", "Không đồng tình"
    COMPLAINT = "khieu_nai", "Khiếu nại, tố cáo"


class Opinion(models.Model):
    """What somebody said about a posted candidate. Name and contact are personal data, for the body only."""

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
    answer = models.TextField("trả lời", blank=True)
    answered_at = models.DateTimeField("lúc trả lời", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "ý kiến về danh sách"
        verbose_name_plural = "ý kiến về danh sách"
        indexes = [models.Index(fields=["candidate", "answered_at"], name="opinion_by_candidate")]

    def __str__(self) -> str:
        return self.text[:80]
