"""Agencies that stand by a commune or village (đỡ đầu, kết nghĩa), and what they promised to do there."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.movements.models import Plan
from thidua.organisations.models import Unit


class SponsorshipKind(models.TextChoices):
    SPONSORED = "do_dau", "Đỡ đầu"
    TWINNED = "ket_nghia", "Kết nghĩa"
    HELPED = "giup_do", "Phân công giúp đỡ"


class SponsorshipState(models.TextChoices):
    PREPARED = "du_kien", "Dự kiến"
    ACTIVE = "dang_giup", "Đang thực hiện"
    ENDED = "da_ket_thuc", "Đã kết thúc"
    DROPPED = "da_bo", "Không thực hiện"


class Sponsorship(models.Model):
    """That one agency stands by one commune or village for a time. Holds no personal data but a contact.

    Agency and place stay the units of the day it began; who answers for them today follows from successions.
    """

    agency = models.ForeignKey(
        Unit, verbose_name="cơ quan giúp", on_delete=models.PROTECT, related_name="sponsorships_given"
    )
    place = models.ForeignKey(
        Unit, verbose_name="nơi được giúp", on_delete=models.PROTECT, related_name="sponsorships"
    )
    kind = models.CharField("hình thức", max_length=10, choices=SponsorshipKind)
    plan = models.ForeignKey(
        Plan, verbose_name="theo kế hoạch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    basis = models.CharField("căn cứ", max_length=300, blank=True)
    since = models.DateField("từ ngày")
    #: The last day; empty: without an end.
    until = models.DateField("đến hết ngày", null=True, blank=True)
    contact = models.CharField("đầu mối", max_length=200, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=SponsorshipState, default=SponsorshipState.PREPARED
    )
    result = models.TextField("kết quả", blank=True)
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "đỡ đầu, kết nghĩa"
        verbose_name_plural = "đỡ đầu, kết nghĩa"
        constraints = [
            models.CheckConstraint(name="sponsorship_of_another", condition=~Q(agency=F("place"))),
            models.CheckConstraint(
                name="sponsorship_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            ),
            models.UniqueConstraint(
                name="sponsorship_once_at_a_time",
                fields=["agency", "place"],
                condition=Q(state__in=["du_kien", "dang_giup"]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SupportItem(models.Model):
    """One item of the programme of support: what, until when, what became of it."""

    sponsorship = models.ForeignKey(
        Sponsorship, verbose_name="đỡ đầu, kết nghĩa", on_delete=models.PROTECT, related_name="items"
    )
    title = models.CharField("việc", max_length=300)
    due_on = models.DateField("hạn", null=True, blank=True)
    #: Worth in đồng as planned and as it came out; unknown is not zero.
    planned_dong = models.BigIntegerField("dự kiến (đồng)", null=True, blank=True)
    done_on = models.DateField("ngày làm xong", null=True, blank=True)
    done_dong = models.BigIntegerField("thực hiện (đồng)", null=True, blank=True)
    note = models.CharField("kết quả", max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="support_items"
    )
    file_name = models.CharField("tên tệp", max_length=255, blank=True)

    class Meta:
        verbose_name = "việc hỗ trợ"
        verbose_name_plural = "việc hỗ trợ"
        constraints = [
            models.CheckConstraint(
                name="support_worth_not_below_zero",
                condition=(Q(planned_dong__isnull=True) | Q(planned_dong__gte=0))
                & (Q(done_dong__isnull=True) | Q(done_dong__gte=0)),
            )
        ]

    def __str__(self) -> str:
        return self.title
