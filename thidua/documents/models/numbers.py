"""Number books: which numbers a body has given, for papers going out, papers coming in and copies."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class PaperOffice(models.Model):
    """How one body numbers and marks its papers, as its head decided: abbreviation, place, series.

    NĐ 30/2020, art. 15 and Annex I, II.3: abbreviation and series are for the head of the body to say.
    """

    unit = models.OneToOneField(
        "organisations.Unit", verbose_name="cơ quan", on_delete=models.PROTECT, related_name="paper_office"
    )
    #: "UBND", "STNMT": the agency part of a symbol.
    abbreviation = models.CharField("chữ viết tắt tên cơ quan", max_length=30)
    #: "Phong Thổ": the place that is printed before the date.
    place = models.CharField("địa danh", max_length=100)
    has_common_series = models.BooleanField("một dãy số chung cho mọi loại văn bản", default=True)

    class Meta:
        verbose_name = "thể thức của cơ quan"
        verbose_name_plural = "thể thức của các cơ quan"
        constraints = [
            models.CheckConstraint(
                name="paper_office_has_an_abbreviation", condition=~Q(abbreviation="") & ~Q(place="")
            )
        ]

    def __str__(self) -> str:
        return self.abbreviation


class BookKind(models.TextChoices):
    OUTGOING = "di", "Văn bản đi"
    INCOMING = "den", "Văn bản đến"
    COPIES = "sao", "Bản sao"


class NumberBook(models.Model):
    """One series of numbers: of a body, a year, and all types together or one type.


    Opened by its first number. `last` is the highest order given; whoever gives a number locks this row, so
    that there is neither a gap nor a double.
    """

    unit = models.ForeignKey(
        "organisations.Unit", verbose_name="cơ quan", on_delete=models.PROTECT, related_name="number_books"
    )
    kind = models.CharField("sổ", max_length=4, choices=BookKind)
    #: A code of a kind of paper, or empty: all kinds together.
    series = models.CharField("loại văn bản", max_length=40, blank=True)
    year = models.PositiveIntegerField("năm")
    last = models.PositiveIntegerField("số cuối đã cấp", default=0)

    class Meta:
        verbose_name = "sổ văn bản"
        verbose_name_plural = "sổ văn bản"
        constraints = [
            models.UniqueConstraint(
                name="number_book_once_a_year", fields=["unit", "kind", "series", "year"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class GivenNumber(models.Model):
    """One number as it was given. It is never given again and never deleted: a cancelled one stays, with why.

    `label` says to what it was given, as it was called then; it may name a person.
    """

    book = models.ForeignKey(NumberBook, verbose_name="sổ", on_delete=models.PROTECT, related_name="numbers")
    order = models.PositiveIntegerField("số thứ tự")
    #: "a" of 12a, a number that was put in late; empty for the others.
    suffix = models.CharField("số phụ", max_length=2, blank=True)
    #: As printed: "05", "12a".
    text = models.CharField("số", max_length=10)
    #: What stands behind the number: "BC-UBND"; empty for an arrival.
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    dated = models.DateField("ngày, tháng, năm")
    label = models.CharField("cấp cho", max_length=500)
    #: Why it was put in late.
    reason = models.CharField("lý do chèn số", max_length=500, blank=True)
    given_at = models.DateTimeField("lúc cấp")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người cấp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_at = models.DateTimeField("lúc hủy", null=True, blank=True)
    cancel_reason = models.CharField("lý do hủy", max_length=500, blank=True)

    class Meta:
        verbose_name = "số đã cấp"
        verbose_name_plural = "số đã cấp"
        constraints = [
            models.UniqueConstraint(name="number_given_once", fields=["book", "order", "suffix"]),
            models.CheckConstraint(name="given_number_begins_with_one", condition=Q(order__gt=0)),
            models.CheckConstraint(name="late_number_says_why", condition=Q(suffix="") | ~Q(reason="")),
            models.CheckConstraint(
                name="cancelled_number_says_why",
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}/{self.symbol}" if self.symbol else self.text

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None
