"""Files that people put in, the documents read from them, and readings that a worker still has to do."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone

from thidua.jobs.models import Job, JobState

Record = dict[str, Any]


class StoredFile(models.Model):
    """The bytes of one file as it came in, kept under their hash: the same file twice is one row.

    The bytes are what somebody uploaded and may hold any personal data; the row itself holds none.
    """

    sha256 = models.CharField("mã băm SHA-256", max_length=64, unique=True)
    size_bytes = models.PositiveBigIntegerField("cỡ tệp (byte)")
    stored_at = models.DateTimeField("lúc lưu", default=timezone.now)

    class Meta:
        verbose_name = "tệp đã lưu"
        verbose_name_plural = "tệp đã lưu"
        constraints = [
            models.CheckConstraint(
                name="stored_file_hash_is_64_digits", condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="stored_file_is_not_empty", condition=models.Q(size_bytes__gt=0)),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def place(self) -> str:
        """Name in the file store; two letters as a folder keep folders small."""
        return f"documents/{self.sha256[:2]}/{self.sha256}"


class Document(models.Model):
    """One document that was read: the file it came from, its lines, and the record `golden/1`.

    Belongs to a browser (`owner`, a token that only its session knows) or is a sample that everybody sees.
    Title, issuer, lines and record are the text of the document and may name persons, above all the signer.
    """

    #: What stands in the address of the page. Random for uploads, so that nobody can guess one.
    address = models.SlugField("địa chỉ", max_length=40, unique=True)
    owner = models.CharField("trình duyệt đã đưa vào", max_length=43, blank=True)
    is_sample = models.BooleanField("bản mẫu", default=False)
    #: The unit that made a plan of it: from then on it belongs to the unit's files and cannot be removed.
    kept_for = models.ForeignKey(
        "organisations.Unit", verbose_name="hồ sơ của đơn vị", null=True, blank=True, on_delete=models.PROTECT
    )
    file = models.ForeignKey(StoredFile, verbose_name="tệp", on_delete=models.PROTECT)
    file_name = models.CharField("tên tệp", max_length=255)

    #: What the list shows, sorts and filters by; all of it also stands in the record.
    type_name = models.CharField("loại văn bản", max_length=80, blank=True)
    title = models.TextField("trích yếu", blank=True)
    title_order = models.TextField("trích yếu để xếp thứ tự", blank=True)
    issuer = models.TextField("cơ quan ban hành", blank=True)
    issuer_order = models.TextField("cơ quan để xếp thứ tự", blank=True)
    number = models.CharField("số, ký hiệu", max_length=120, blank=True)
    dated = models.CharField("ngày ban hành (EDTF)", max_length=10, blank=True)
    theme = models.CharField("chủ đề", max_length=60, blank=True)
    targets = models.PositiveIntegerField("số chỉ tiêu", default=0)
    tasks = models.PositiveIntegerField("số nhiệm vụ", default=0)
    criteria = models.PositiveIntegerField("số tiêu chí", default=0)
    to_check = models.PositiveIntegerField("số chỗ cần xem lại", default=0)
    #: Title, issuer, number and file name without accents.
    search_text = models.TextField("chữ để tìm", blank=True)

    # Texts, not JSON columns: PostgreSQL would put the keys in another order, and the record is handed out
    # as it is.
    record_json = models.TextField("bản ghi")
    lines_json = models.TextField("các dòng của văn bản")

    read_at = models.DateTimeField("lúc đọc", default=timezone.now)
    removed_at = models.DateTimeField("lúc gỡ", null=True, blank=True)

    class Meta:
        verbose_name = "văn bản"
        verbose_name_plural = "văn bản"
        constraints = [
            models.CheckConstraint(
                name="document_is_a_sample_or_has_an_owner",
                condition=models.Q(is_sample=True, owner="")
                | (models.Q(is_sample=False) & ~models.Q(owner="")),
            ),
            models.UniqueConstraint(
                name="document_once_per_owner_and_file",
                fields=["owner", "file"],
                condition=models.Q(removed_at__isnull=True),
            ),
        ]
        indexes = [
            # What does this browser see, newest first?
            models.Index(fields=["owner", "-read_at"], name="document_by_owner"),
        ]

    def __str__(self) -> str:
        return self.title or self.file_name

    @cached_property
    def record(self) -> Record:
        """The record `golden/1`."""
        record: Record = json.loads(self.record_json)
        return record

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The lines of the source: `text`, and where known `page`, `origin`, `bold`, `centred`, `cell`."""
        lines: list[dict[str, Any]] = json.loads(self.lines_json)
        return lines


class Reading(models.Model):
    """One file that waits for a worker because reading it takes long, and what became of it.

    Holds the file name, which may name a person. Goes away with its outcome: the document it became, or the
    refusal once it was seen.
    """

    owner = models.CharField("trình duyệt đã đưa vào", max_length=43)
    file_name = models.CharField("tên tệp", max_length=255)
    file = models.ForeignKey(StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT)
    job = models.ForeignKey(Job, verbose_name="việc chạy nền", null=True, on_delete=models.SET_NULL)
    document = models.ForeignKey(
        Document, verbose_name="văn bản đọc được", null=True, blank=True, on_delete=models.CASCADE
    )
    refused_what = models.CharField("không đọc được gì", max_length=300, blank=True)
    refused_why = models.CharField("vì sao", max_length=500, blank=True)
    refused_next = models.CharField("làm gì tiếp", max_length=500, blank=True)
    asked_at = models.DateTimeField("lúc đưa vào", default=timezone.now)

    class Meta:
        verbose_name = "lần đọc"
        verbose_name_plural = "lần đọc"
        constraints = [
            models.CheckConstraint(
                name="reading_keeps_no_file_once_it_ended",
                condition=models.Q(file__isnull=True)
                | (models.Q(document__isnull=True) & models.Q(refused_what="")),
            ),
            models.CheckConstraint(name="reading_has_an_owner", condition=~models.Q(owner="")),
        ]
        indexes = [
            # What is being read for this browser?
            models.Index(fields=["owner", "-asked_at"], name="reading_by_owner"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_refused(self) -> bool:
        return bool(self.refused_what)

    @property
    def has_failed(self) -> bool:
        """A worker gave up for a reason that is ours."""
        return not self.is_refused and self.job is not None and self.job.state == JobState.FAILED
