"""Households, the yearly review of poverty, how each household was classified. All of it personal data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.households.classes import Area, PovertyClass
from thidua.indicators.models import Stage
from thidua.organisations.models import FOREVER, Unit


class Household(models.Model):
    """One household in the register of a commune.

    Personal data: head, address, ethnicity; never shown without the right, masked in exports.
    """

    commune = models.ForeignKey(Unit, verbose_name="xã", on_delete=models.PROTECT, related_name="households")
    village = models.ForeignKey(
        Unit, verbose_name="thôn, bản", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    village_name = models.CharField("tên thôn, bản", max_length=200, blank=True)
    code = models.CharField("mã hộ", max_length=40)
    head_name = models.CharField("chủ hộ", max_length=150)
    head_name_order = models.CharField("chủ hộ để xếp thứ tự", max_length=400, blank=True)
    ethnicity = models.CharField("dân tộc chủ hộ", max_length=60, blank=True)
    #: Ethnic minority; unknown is not no.
    is_minority = models.BooleanField("dân tộc thiểu số", null=True, blank=True)
    area = models.CharField("khu vực", max_length=10, choices=Area)
    can_work = models.BooleanField("có khả năng lao động", null=True, blank=True)
    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", default=FOREVER)
    leaving = models.CharField("lý do rời sổ", max_length=200, blank=True)
    is_invented = models.BooleanField("hộ ví dụ, không có thật", default=False)
    erased_at = models.DateTimeField("lúc xóa dữ liệu cá nhân", null=True, blank=True)
    search_text = models.CharField("chữ để tìm", max_length=500, blank=True)

    class Meta:
        verbose_name = "hộ gia đình"
        verbose_name_plural = "hộ gia đình"
        constraints = [
            models.UniqueConstraint(name="household_code_once_in_a_commune", fields=["commune", "code"]),
            models.CheckConstraint(name="household_leaves_after_it_came", condition=Q(until__gt=F("since"))),
        ]
        indexes = [models.Index(fields=["commune", "head_name_order"], name="household_by_commune")]

    def __str__(self) -> str:
        return self.code


class _ReviewRows(models.QuerySet["Review"]):
    """Reviews, of which one counts for each commune and year."""

    def in_force(self) -> _ReviewRows:
        """Those that count: not yet a correction that nobody has recognised, no longer what one replaced."""
        begun = self.filter(Q(corrects__isnull=True) | Q(stage=Stage.OFFICIAL))
        replaced = Review.objects.filter(corrects__isnull=False, stage=Stage.OFFICIAL)
        return begun.exclude(pk__in=replaced.values("corrects"))

    def newest(self) -> _ReviewRows:
        """Those that are worked on: an unfinished correction in the place of what it will replace."""
        return self.filter(corrected_by__isnull=True)


class Review(models.Model):
    """The yearly review (rà soát) of one commune: its steps with dates, and how final the result is.

    A recognised one never changes. A correction is a row of its own that names the old one and the reason.
    """

    commune = models.ForeignKey(Unit, verbose_name="xã", on_delete=models.PROTECT, related_name="reviews")
    year = models.PositiveSmallIntegerField("năm")
    stage = models.CharField("mức độ", max_length=14, choices=Stage, default=Stage.REGULAR)
    listed_on = models.DateField("ngày lập danh sách", null=True, blank=True)
    surveyed_on = models.DateField("ngày xong điều tra", null=True, blank=True)
    met_on = models.DateField("ngày họp dân", null=True, blank=True)
    meeting_present = models.PositiveIntegerField("số hộ dự họp", null=True, blank=True)
    posted_on = models.DateField("ngày niêm yết", null=True, blank=True)
    posted_until = models.DateField("niêm yết đến hết ngày", null=True, blank=True)
    reported_on = models.DateField("ngày báo cáo cấp trên", null=True, blank=True)
    recognised_on = models.DateField("ngày công nhận", null=True, blank=True)
    decision_number = models.CharField("số quyết định công nhận", max_length=120, blank=True)
    #: All households of the commune, poor or not: the base of the rates. Unknown is not zero.
    households_total = models.PositiveIntegerField("tổng số hộ", null=True, blank=True)
    minority_total = models.PositiveIntegerField("tổng số hộ dân tộc thiểu số", null=True, blank=True)
    corrects = models.OneToOneField(
        "self",
        verbose_name="đính chính cho",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrected_by",
    )
    correction_reason = models.CharField("lý do đính chính", max_length=500, blank=True)

    objects = _ReviewRows.as_manager()

    class Meta:
        verbose_name = "đợt rà soát"
        verbose_name_plural = "đợt rà soát"
        constraints = [
            models.UniqueConstraint(
                name="review_once_a_year", fields=["commune", "year"], condition=Q(corrects__isnull=True)
            ),
            models.CheckConstraint(
                name="review_correction_has_a_reason",
                condition=Q(corrects__isnull=True) | ~Q(correction_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} {self.year}"


class Assessment(models.Model):
    """What the survey found for one household in one year, and its class by the standard valid then.

    `deprivations` is a text of twelve signs, one per indicator of the standard in its order: 1 deprived, 0
    not, - not known.
    """

    household = models.ForeignKey(
        Household, verbose_name="hộ", on_delete=models.CASCADE, related_name="assessments"
    )
    review = models.ForeignKey(
        Review, verbose_name="đợt rà soát", on_delete=models.PROTECT, related_name="assessments"
    )
    area = models.CharField("khu vực", max_length=10, choices=Area)
    members = models.PositiveSmallIntegerField("số nhân khẩu", null=True, blank=True)
    dependants = models.PositiveSmallIntegerField("số người phụ thuộc", null=True, blank=True)
    #: Points of form B1; or the income itself, in đồng per person and month.
    score_b1 = models.PositiveSmallIntegerField("điểm B1", null=True, blank=True)
    income_dong = models.PositiveBigIntegerField("thu nhập (đồng/người/tháng)", null=True, blank=True)
    deprivations = models.CharField("thiếu hụt", max_length=12, blank=True)
    standard_code = models.CharField("chuẩn", max_length=60, blank=True)
    national_class = models.CharField("phân loại", max_length=12, choices=PovertyClass, blank=True)
    local_class = models.CharField(
        "phân loại theo chuẩn địa phương", max_length=12, choices=PovertyClass, blank=True
    )
    note = models.CharField("ghi chú", max_length=300, blank=True)
    entered_at = models.DateTimeField("lúc nhập", default=timezone.now)

    class Meta:
        verbose_name = "kết quả rà soát hộ"
        verbose_name_plural = "kết quả rà soát hộ"
        constraints = [
            models.UniqueConstraint(name="assessment_once_a_review", fields=["household", "review"])
        ]
        indexes = [models.Index(fields=["review", "national_class"], name="assessment_by_class")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.national_class}"


class BulkFile(models.Model):
    """A file of many households that was handed in, and what became of it. The rows go to a Parquet file."""

    unit = models.ForeignKey(Unit, verbose_name="địa bàn", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="household_files")
    file_name = models.CharField("tên tệp", max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField("lúc nộp", default=timezone.now)
    rows_good = models.PositiveBigIntegerField("dòng tốt", null=True, blank=True)
    rows_bad = models.PositiveBigIntegerField("dòng lỗi", null=True, blank=True)
    #: JSON list of the first bad rows: row, column, what, cure.
    report = models.TextField("báo cáo lỗi", blank=True)
    #: Parquet: the good rows with their classes, without names.
    result = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="household_results"
    )
    #: JSON list: key of the commune, households, and how many of each class.
    counts = models.JSONField("số hộ theo xã", default=list, blank=True)
    #: The file lists all households of its communes, not only those that were surveyed.
    covers_all = models.BooleanField("gồm mọi hộ trong xã", default=False)
    standard_name = models.CharField("chuẩn", max_length=300, blank=True)
    refusal = models.CharField("lý do không đọc được", max_length=500, blank=True)
    applied_at = models.DateTimeField("lúc đưa vào số liệu", null=True, blank=True)

    class Meta:
        verbose_name = "tệp hộ gia đình"
        verbose_name_plural = "tệp hộ gia đình"

    def __str__(self) -> str:
        return self.file_name
