"""What the policy bank says of loans of households, as facts that were handed in. Personal data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.households.models import Household
from thidua.organisations.models import Unit


class CreditImport(models.Model):
    """One Excel file of the policy bank for one commune, taken in as a whole or not at all."""

    commune = models.ForeignKey(Unit, verbose_name="xã", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField("số liệu đến ngày")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="credit_imports")
    file_name = models.CharField("tên tệp", max_length=255)
    rows = models.PositiveIntegerField("số khoản vay")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_in_at = models.DateTimeField("lúc nhập", default=timezone.now)

    class Meta:
        verbose_name = "lần nhập vốn vay"
        verbose_name_plural = "lần nhập vốn vay"

    def __str__(self) -> str:
        return self.file_name


class LoanFact(models.Model):
    """What the bank said of one loan of one household on a day. Personal data of the household.

    Never changed: a later file adds later facts, and the latest one of each loan counts.
    """

    taken_from = models.ForeignKey(CreditImport, on_delete=models.PROTECT, related_name="facts")
    household = models.ForeignKey(
        Household, verbose_name="hộ", on_delete=models.CASCADE, related_name="loan_facts"
    )
    loan = models.CharField("mã khoản vay", max_length=60)
    programme = models.CharField("chương trình vay", max_length=200)
    as_of = models.DateField("số liệu đến ngày")
    principal_dong = models.BigIntegerField("số tiền vay (đồng)")
    owed_dong = models.BigIntegerField("dư nợ (đồng)", null=True, blank=True)
    due_on = models.DateField("hạn trả", null=True, blank=True)
    #: Unknown is not no.
    used_as_intended = models.BooleanField("dùng đúng mục đích", null=True, blank=True)
    principal_on_time = models.BooleanField("trả gốc đúng hạn", null=True, blank=True)
    interest_on_time = models.BooleanField("trả lãi đúng hạn", null=True, blank=True)

    class Meta:
        verbose_name = "dữ kiện vốn vay"
        verbose_name_plural = "dữ kiện vốn vay"
        constraints = [
            models.UniqueConstraint(name="loan_fact_once_a_day", fields=["household", "loan", "as_of"]),
            models.CheckConstraint(
                name="loan_of_something",
                condition=Q(principal_dong__gt=0) & (Q(owed_dong__isnull=True) | Q(owed_dong__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.loan
