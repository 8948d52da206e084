"""Campaigns: a peak month (tháng cao điểm), Tết gifts and visits, with a list of who is visited."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.households.models import Household
from thidua.movements.models import Plan
from thidua.organisations.models import Unit
from thidua.resources.models.funds import Allocation, Fund, Holding


class CampaignKind(models.TextChoices):
    PEAK = "cao_diem", "Tháng cao điểm"
    NEW_YEAR = "tet", "Thăm, tặng quà Tết"
    OTHER = "khac", "Đợt thăm, tặng quà khác"


class CampaignState(models.TextChoices):
    PREPARED = "chuan_bi", "Đang lập danh sách"
    RUNNING = "dang_chay", "Đang thực hiện"
    FINISHED = "da_xong", "Đã kết thúc"
    DROPPED = "da_bo", "Không thực hiện"


class Campaign(models.Model):
    """One campaign of a body, with a target, and gifts that come from one fund through its ledger."""

    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan tổ chức", on_delete=models.PROTECT, related_name="campaigns"
    )
    kind = models.CharField("loại", max_length=10, choices=CampaignKind)
    name = models.CharField("tên đợt", max_length=200)
    name_order = models.CharField("tên để xếp thứ tự", max_length=500, blank=True)
    plan = models.ForeignKey(
        Plan, verbose_name="theo kế hoạch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField("từ ngày")
    until = models.DateField("đến hết ngày")
    #: How many are to be visited; empty: as many as the list has.
    target = models.PositiveIntegerField("chỉ tiêu (lượt)", null=True, blank=True)
    fund = models.ForeignKey(
        Fund,
        verbose_name="quà từ quỹ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
    )
    holding = models.ForeignKey(
        Holding, verbose_name="quà là", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: What the fund gave for all gifts together, from the approval of the list on.
    allocation = models.OneToOneField(
        Allocation, null=True, blank=True, on_delete=models.PROTECT, related_name="campaign"
    )
    state = models.CharField(
        "trạng thái", max_length=10, choices=CampaignState, default=CampaignState.PREPARED
    )
    result = models.TextField("kết quả", blank=True)
    search_text = models.CharField("chữ để tìm", max_length=500, blank=True)
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "đợt cao điểm"
        verbose_name_plural = "đợt cao điểm"
        constraints = [
            models.CheckConstraint(name="campaign_ends_after_it_begins", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="campaign_gifts_come_from_a_fund",
                condition=Q(fund__isnull=True, holding__isnull=True)
                | Q(fund__isnull=False, holding__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GiftVisitState(models.TextChoices):
    PLANNED = "du_kien", "Chưa thăm"
    DONE = "da_tham", "Đã thăm"
    DROPPED = "da_bo", "Không thăm"


class GiftVisit(models.Model):
    """One who is visited or given a gift. May name a household by its row in the register."""

    campaign = models.ForeignKey(
        Campaign, verbose_name="đợt", on_delete=models.PROTECT, related_name="visits"
    )
    unit = models.ForeignKey(Unit, verbose_name="nơi", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(
        Household, verbose_name="hộ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    gift = models.BigIntegerField("quà", default=0)
    by = models.CharField("ai đi thăm", max_length=200, blank=True)
    planned_on = models.DateField("ngày dự kiến", null=True, blank=True)
    done_on = models.DateField("ngày thăm", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    state = models.CharField(
        "trạng thái", max_length=8, choices=GiftVisitState, default=GiftVisitState.PLANNED
    )
    file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    file_name = models.CharField("tên tệp", max_length=255, blank=True)

    class Meta:
        verbose_name = "lượt thăm, tặng quà"
        verbose_name_plural = "lượt thăm, tặng quà"
        constraints = [
            models.CheckConstraint(name="visit_gift_not_below_zero", condition=Q(gift__gte=0)),
            models.UniqueConstraint(
                name="household_visited_once_a_campaign",
                fields=["campaign", "household"],
                condition=Q(household__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Lượt thăm {self.pk}"
