"""The ledger of a fund: entries with two sides, and the periods that are closed. No personal data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.resources.models.funds import Allocation, Fund, Holding, Receipt, UseProof


class Account(models.TextChoices):
    """Where things are; each entry takes from one and puts into another."""

    DONORS = "nguon", "Nguồn ủng hộ"
    HELD = "ton_quy", "Quỹ đang giữ"
    GIVEN_ON = "phan_bo", "Đã phân bổ, chờ chứng minh"
    USED = "da_dung", "Đã sử dụng"


class LedgerEntry(models.Model):
    """One entry (bút toán): so much of one holding out of one account into another.

    Both sides stand in one row, so that no entry can be out of balance. Never changed or deleted, which the
    database itself refuses; a wrong one is reversed by an entry of its own.
    """

    fund = models.ForeignKey(Fund, verbose_name="quỹ", on_delete=models.PROTECT, related_name="entries")
    holding = models.ForeignKey(
        Holding, verbose_name="khoản", on_delete=models.PROTECT, related_name="entries"
    )
    booked_on = models.DateField("ngày ghi sổ")
    credit = models.CharField("bên có (ra)", max_length=10, choices=Account)
    debit = models.CharField("bên nợ (vào)", max_length=10, choices=Account)
    amount = models.BigIntegerField("số lượng")
    text = models.CharField("diễn giải", max_length=300)
    receipt = models.ForeignKey(
        Receipt, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    allocation = models.ForeignKey(
        Allocation, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    proof = models.ForeignKey(
        UseProof, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    reverses = models.OneToOneField(
        "self",
        verbose_name="đảo bút toán",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reversed_by",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "bút toán"
        verbose_name_plural = "bút toán"
        constraints = [
            models.CheckConstraint(name="ledger_entry_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="ledger_entry_has_two_sides", condition=~Q(debit=F("credit"))),
        ]
        indexes = [models.Index(fields=["fund", "booked_on"], name="ledger_by_day")]

    def __str__(self) -> str:
        return self.text


class FundClosing(models.Model):
    """That the books of a fund were closed up to a day, with the balances as they stood then."""

    fund = models.ForeignKey(Fund, verbose_name="quỹ", on_delete=models.PROTECT, related_name="closings")
    through = models.DateField("đến hết ngày")
    #: JSON list: holding, held, given on, used, received.
    balances = models.JSONField("số dư", default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField("lúc khóa", default=timezone.now)

    class Meta:
        verbose_name = "lần khóa sổ"
        verbose_name_plural = "lần khóa sổ"
        constraints = [models.UniqueConstraint(name="fund_closed_once_a_day", fields=["fund", "through"])]

    def __str__(self) -> str:
        return f"{self.fund} đến {self.through}"
