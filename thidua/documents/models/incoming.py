"""Papers coming in: the register of arrivals, and to whom each was passed on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from thidua.documents.models.numbers import GivenNumber
from thidua.documents.models.papers import CaseFile
from thidua.documents.models.reading import Document, StoredFile


class IncomingPaper(models.Model):
    """One paper that arrived at a body, registered under a number of arrival (NĐ 30, art. 21–22).

    Title and issuer are the words of the paper and may name persons.
    """

    unit = models.ForeignKey(
        "organisations.Unit", verbose_name="cơ quan nhận", on_delete=models.PROTECT, related_name="+"
    )
    given = models.OneToOneField(
        GivenNumber, verbose_name="số đến", on_delete=models.PROTECT, related_name="incoming"
    )
    arrived_on = models.DateField("ngày đến")
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    kind = models.CharField("loại văn bản", max_length=80, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=300)
    #: Folded: a duplicate is found however the names are written.
    issuer_key = models.CharField("cơ quan để đối chiếu", max_length=300)
    dated = models.DateField("ngày văn bản", null=True, blank=True)
    title = models.TextField("trích yếu")
    title_order = models.TextField("trích yếu để xếp thứ tự", blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    #: "", "khan", "thuong_khan", "hoa_toc".
    urgency = models.CharField("độ khẩn", max_length=12, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    due_on = models.DateField("hạn giải quyết", null=True, blank=True)
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField("tên tệp", max_length=255, blank=True)
    #: What the reader made of the file.
    document = models.ForeignKey(
        Document,
        verbose_name="bản đã đọc",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    registered_at = models.DateTimeField("lúc đăng ký")
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người đăng ký",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    case_file = models.ForeignKey(
        CaseFile,
        verbose_name="hồ sơ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="incoming",
    )

    class Meta:
        verbose_name = "văn bản đến"
        verbose_name_plural = "văn bản đến"
        indexes = [
            models.Index(fields=["unit", "-arrived_on", "-id"], name="incoming_by_unit"),
            # Did the same paper arrive before?
            models.Index(fields=["unit", "number", "symbol"], name="incoming_by_notation"),
        ]

    def __str__(self) -> str:
        return f"{self.notation}: {self.title}" if self.notation else self.title

    @property
    def notation(self) -> str:
        """ "417/KH-UBND" as the sender numbered it."""
        return f"{self.number}/{self.symbol}" if self.number and self.symbol else self.number or self.symbol


class Forwarding(models.Model):
    """That an incoming paper was passed on to a unit or a person, to act on it by a day or to know of it."""

    incoming = models.ForeignKey(
        IncomingPaper, verbose_name="văn bản đến", on_delete=models.PROTECT, related_name="forwardings"
    )
    unit = models.ForeignKey(
        "organisations.Unit",
        verbose_name="đơn vị nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_lead = models.BooleanField("chủ trì giải quyết", default=False)
    instruction = models.CharField("ý kiến chỉ đạo", max_length=500, blank=True)
    due_on = models.DateField("hạn giải quyết", null=True, blank=True)
    forwarded_at = models.DateTimeField("lúc chuyển")
    forwarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người chuyển",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    done_at = models.DateTimeField("lúc giải quyết xong", null=True, blank=True)
    done_note = models.CharField("kết quả", max_length=500, blank=True)

    class Meta:
        verbose_name = "chuyển văn bản đến"
        verbose_name_plural = "chuyển văn bản đến"
        constraints = [
            models.CheckConstraint(
                name="forwarding_goes_to_one",
                condition=Q(user__isnull=False, unit__isnull=True) | Q(user__isnull=True, unit__isnull=False),
            ),
            models.UniqueConstraint(
                name="forwarded_once_to_a_unit", fields=["incoming", "unit"], condition=Q(unit__isnull=False)
            ),
            models.UniqueConstraint(
                name="forwarded_once_to_a_person",
                fields=["incoming", "user"],
                condition=Q(user__isnull=False),
            ),
        ]
        indexes = [
            # What was passed on to this unit and is not done?
            models.Index(fields=["unit", "done_at", "due_on"], name="forwarding_by_unit"),
            models.Index(fields=["user", "done_at", "due_on"], name="forwarding_by_person"),
        ]

    def __str__(self) -> str:
        return str(self.incoming)
