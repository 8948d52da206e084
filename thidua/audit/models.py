"""The log: one row for each thing that was done, chained by hashes, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act as it happened: who, on whose behalf, what, on which object, from which state to which, why.

    Holds the name of the acting person as it was then, and free text (`reason`, `details`) that may name
    others.
    """

    #: 1, 2, 3 … without a gap: the place in the chain.
    number = models.PositiveBigIntegerField("số thứ tự", unique=True)
    #: The moment by the program's clock; in a demonstration that is not the real one.
    at = models.DateTimeField("lúc")
    written_at = models.DateTimeField("lúc ghi theo đồng hồ máy")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="tài khoản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    actor = models.CharField("người thực hiện", max_length=300)
    #: Keys of units (this app lies below organisations): acting for, and concerning.
    unit_id = models.BigIntegerField("thay mặt đơn vị", null=True, blank=True)
    object_unit_id = models.BigIntegerField("liên quan đơn vị", null=True, blank=True)

    action = models.CharField("việc", max_length=80)
    action_label = models.CharField("tên việc", max_length=200)
    object_type = models.CharField("loại đối tượng", max_length=80)
    object_id = models.CharField("mã đối tượng", max_length=40)
    object_label = models.CharField("đối tượng", max_length=500)
    state_before = models.CharField("trạng thái trước", max_length=40, blank=True)
    state_after = models.CharField("trạng thái sau", max_length=40, blank=True)
    reason = models.TextField("lý do", blank=True)
    #: Canonical JSON (sorted keys, no spaces): it is hashed as it stands.
    details = models.TextField("chi tiết", default="{}")
    #: The words above without accents. Derived, so it is not hashed.
    search_text = models.TextField("chữ để tìm", default="", blank=True)

    previous_hash = models.CharField("mã băm của dòng trước", max_length=64)
    hash = models.CharField("mã băm", max_length=64, unique=True)

    class Meta:
        verbose_name = "dòng nhật ký"
        verbose_name_plural = "nhật ký"
        ordering = ["-number"]
        indexes = [
            # What happened to this object?
            models.Index(fields=["object_type", "object_id", "number"], name="entry_by_object"),
            # What did this person do?
            models.Index(fields=["user", "-number"], name="entry_by_user"),
            # What concerned this unit?
            models.Index(fields=["object_unit_id", "-number"], name="entry_by_object_unit"),
            models.Index(fields=["unit_id", "-number"], name="entry_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.action_label}: {self.object_label}"


class ChainHead(models.Model):
    """The last link of the chain, one row only. Locked while a link is added, so that numbers have no gap."""

    number = models.PositiveBigIntegerField("số thứ tự", default=0)
    hash = models.CharField("mã băm", max_length=64, default="")

    class Meta:
        verbose_name = "đầu chuỗi nhật ký"
        verbose_name_plural = "đầu chuỗi nhật ký"
        constraints = [models.CheckConstraint(name="chain_has_one_head", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.number}: {self.hash[:12]}"


class ChainCheck(models.Model):
    """One time that the whole chain was verified, and what was found."""

    checked_at = models.DateTimeField("lúc kiểm tra")
    entries = models.PositiveBigIntegerField("số dòng")
    #: Hash of the last entry: written down elsewhere, it proves that nothing before it was exchanged.
    last_hash = models.CharField("mã băm của dòng cuối", max_length=64, blank=True)
    broken_at = models.PositiveBigIntegerField("dòng sai đầu tiên", null=True, blank=True)
    finding = models.CharField("kết quả", max_length=500)
    #: Whether the database refused changes at that moment.
    is_protected = models.BooleanField("cơ sở dữ liệu từ chối sửa, xóa", default=True)

    class Meta:
        verbose_name = "lần kiểm tra chuỗi nhật ký"
        verbose_name_plural = "lần kiểm tra chuỗi nhật ký"

    def __str__(self) -> str:
        return self.finding

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None and self.is_protected
