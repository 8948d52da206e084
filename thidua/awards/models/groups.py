"""Scoring in emulation groups (cụm, khối thi đua): tables of criteria, a year of a group, sheets, rankings.

Which units are in a group on a day is kept by `organisations.Grouping` and `Membership`; here is one year
of it. How groups score is not settled by law that we could confirm: tables, points, caps and days are data
of the body.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.indicators.models import Indicator
from thidua.organisations.models import Grouping, Unit


def _points(name: str, **options: object) -> models.DecimalField:  # type: ignore[type-arg]
    """Points to the hundredth."""
    return models.DecimalField(name, max_digits=8, decimal_places=2, **options)  # type: ignore[arg-type]


class ScoreTableState(models.TextChoices):
    DRAFT = "du_thao", "Dự thảo"
    IN_FORCE = "ap_dung", "Đang áp dụng"
    ENDED = "thoi_ap_dung", "Thôi áp dụng"


class ScoreTable(models.Model):
    """A table of criteria by which units of groups are scored (bảng tiêu chí chấm điểm), as issued.

    Once in force its items stand; a change is a new table that names the one it replaces.
    """

    owner = models.ForeignKey(
        Unit, verbose_name="cơ quan ban hành", on_delete=models.PROTECT, related_name="score_tables"
    )
    name = models.CharField("tên bảng", max_length=300)
    source = models.CharField("văn bản ban hành", max_length=300, blank=True)
    #: Highest sum of bonus points that counts; empty: no cap.
    bonus_cap = _points("điểm thưởng tối đa", null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        verbose_name="thay cho",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    state = models.CharField(
        "trạng thái", max_length=14, choices=ScoreTableState, default=ScoreTableState.DRAFT
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "bảng tiêu chí chấm điểm"
        verbose_name_plural = "bảng tiêu chí chấm điểm"
        constraints = [
            models.CheckConstraint(
                name="score_table_cap_is_not_negative",
                condition=Q(bonus_cap__isnull=True) | Q(bonus_cap__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScoreItemKind(models.TextChoices):
    SECTION = "nhom", "Nhóm tiêu chí"
    BASE = "chuan", "Điểm chuẩn"
    BONUS = "thuong", "Điểm thưởng"
    PENALTY = "tru", "Điểm trừ"


class ScoreItem(models.Model):
    """One line of a table: a heading, or a criterion with the most points that it gives or takes.

    With an indicator the points can be reckoned from the unit's figure: none at `zero_at`, all at `full_at`,
    in proportion between; without one a person sets them.
    """

    table = models.ForeignKey(ScoreTable, verbose_name="bảng", on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("thứ tự")
    #: As printed: "I", "1.2", "a".
    number = models.CharField("số thứ tự", max_length=12, blank=True)
    text = models.CharField("nội dung", max_length=1000)
    kind = models.CharField("loại", max_length=8, choices=ScoreItemKind, default=ScoreItemKind.BASE)
    #: The most points given or, of a penalty, taken; of a heading empty.
    points = _points("điểm tối đa", null=True, blank=True)
    #: How it is scored, in words of the table.
    guide = models.TextField("cách chấm", blank=True)
    needs_evidence = models.BooleanField("phải có minh chứng", default=False)
    indicator = models.ForeignKey(
        Indicator, verbose_name="chỉ tiêu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    zero_at = models.DecimalField(
        "không điểm khi bằng", max_digits=20, decimal_places=6, null=True, blank=True
    )
    full_at = models.DecimalField("đủ điểm khi bằng", max_digits=20, decimal_places=6, null=True, blank=True)
    #: Of units with equal totals the one with more points here goes before; 1 is asked first.
    breaks_ties = models.PositiveSmallIntegerField("thứ tự xét khi bằng điểm", null=True, blank=True)

    class Meta:
        verbose_name = "tiêu chí chấm điểm"
        verbose_name_plural = "tiêu chí chấm điểm"
        ordering = ("table", "position")
        constraints = [
            models.UniqueConstraint(name="score_item_position_once", fields=["table", "position"]),
            models.UniqueConstraint(
                name="score_item_breaks_ties_once",
                fields=["table", "breaks_ties"],
                condition=Q(breaks_ties__isnull=False),
            ),
            models.CheckConstraint(
                name="score_item_has_points_unless_heading",
                condition=Q(kind="nhom", points__isnull=True) | (~Q(kind="nhom") & Q(points__gt=0)),
            ),
            models.CheckConstraint(
                name="score_item_line_has_two_ends",
                condition=Q(indicator__isnull=True, zero_at__isnull=True, full_at__isnull=True)
                | (
                    Q(indicator__isnull=False, zero_at__isnull=False, full_at__isnull=False)
                    & ~Q(zero_at=F("full_at"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}".strip()[:120]


class GroupSeasonState(models.TextChoices):
    PREPARING = "chuan_bi", "Chuẩn bị"
    RUNNING = "thi_dua", "Đang thi đua"
    SCORING = "cham_diem", "Đang chấm điểm"
    PUBLISHED = "cong_bo", "Đã công bố"
    CANCELLED = "bo", "Đã bỏ"


class GroupSeason(models.Model):
    """One year of one group: who heads it, its covenant (giao ước), its table, its days."""

    grouping = models.ForeignKey(
        Grouping, verbose_name="cụm, khối", on_delete=models.PROTECT, related_name="seasons"
    )
    year = models.PositiveSmallIntegerField("năm")
    #: The body whose council made the group and confirms its scores.
    owner = models.ForeignKey(
        Unit, verbose_name="cơ quan tổ chức", on_delete=models.PROTECT, related_name="group_seasons"
    )
    head = models.ForeignKey(
        Unit, verbose_name="trưởng cụm, khối", on_delete=models.PROTECT, related_name="+"
    )
    deputy = models.ForeignKey(
        Unit,
        verbose_name="phó trưởng cụm, khối",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    table = models.ForeignKey(
        ScoreTable, verbose_name="bảng tiêu chí", on_delete=models.PROTECT, related_name="seasons"
    )
    covenant = models.TextField("nội dung giao ước", blank=True)
    covenant_on = models.DateField("ngày ký giao ước", null=True, blank=True)
    self_due = models.DateField("hạn tự chấm", null=True, blank=True)
    cross_due = models.DateField("hạn chấm chéo", null=True, blank=True)
    verify_due = models.DateField("hạn thẩm định", null=True, blank=True)
    #: How many units the group may propose for a flag or the like; empty: not set.
    proposed_seats = models.PositiveSmallIntegerField("số đơn vị được suy tôn", null=True, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=GroupSeasonState, default=GroupSeasonState.PREPARING
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "năm thi đua của cụm, khối"
        verbose_name_plural = "năm thi đua của cụm, khối"
        constraints = [
            models.UniqueConstraint(
                name="group_season_once_a_year", fields=["grouping", "year"], condition=~Q(state="bo")
            ),
            models.CheckConstraint(
                name="group_season_days_in_order",
                condition=(
                    Q(self_due__isnull=True) | Q(cross_due__isnull=True) | Q(cross_due__gte=F("self_due"))
                )
                & (
                    Q(cross_due__isnull=True) | Q(verify_due__isnull=True) | Q(verify_due__gte=F("cross_due"))
                ),
            ),
            models.CheckConstraint(
                name="group_season_head_is_not_deputy",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("head")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grouping} · {self.year}"


class ScoreSheetState(models.TextChoices):
    SCORING = "chua_cham", "Chưa chấm"
    SELF_SCORED = "tu_cham", "Đã tự chấm"
    RETURNED = "tra_lai", "Trả lại"
    CROSS_CHECKED = "cham_cheo", "Đã chấm chéo"
    VERIFIED = "tham_dinh", "Đã thẩm định"


class ScoreSheet(models.Model):
    """One unit in one year of a group: its signature, who checks it, its points (phiếu chấm điểm)."""

    season = models.ForeignKey(
        GroupSeason, verbose_name="năm thi đua", on_delete=models.CASCADE, related_name="sheets"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="score_sheets"
    )
    #: Another unit of the group, which checks this one's points (chấm chéo).
    checker = models.ForeignKey(
        Unit,
        verbose_name="đơn vị chấm chéo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sheets_to_check",
    )
    signed_on = models.DateField("ngày ký giao ước", null=True, blank=True)
    signed_by = models.CharField("người ký giao ước", max_length=200, blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=ScoreSheetState, default=ScoreSheetState.SCORING
    )

    class Meta:
        verbose_name = "phiếu chấm điểm"
        verbose_name_plural = "phiếu chấm điểm"
        constraints = [
            models.UniqueConstraint(name="score_sheet_once", fields=["season", "unit"]),
            models.CheckConstraint(
                name="score_sheet_is_not_checked_by_itself",
                condition=Q(checker__isnull=True) | ~Q(checker=F("unit")),
            ),
        ]
        indexes = [models.Index(fields=["season", "state"], name="score_sheet_by_state")]

    def __str__(self) -> str:
        return f"{self.unit_id} · {self.season}"


class ScoreLine(models.Model):
    """The points of one unit under one criterion: by itself, by the unit that checks, as verified.

    Empty is not scored; a penalty is kept as the positive points it takes.
    """

    sheet = models.ForeignKey(
        ScoreSheet, verbose_name="phiếu", on_delete=models.CASCADE, related_name="lines"
    )
    item = models.ForeignKey(ScoreItem, verbose_name="tiêu chí", on_delete=models.PROTECT, related_name="+")
    self_points = _points("điểm tự chấm", null=True, blank=True)
    self_note = models.TextField("giải trình", blank=True)
    cross_points = _points("điểm chấm chéo", null=True, blank=True)
    cross_note = models.TextField("nhận xét của đơn vị chấm chéo", blank=True)
    verified_points = _points("điểm thẩm định", null=True, blank=True)
    verified_note = models.TextField("ý kiến thẩm định", blank=True)

    class Meta:
        verbose_name = "điểm của một tiêu chí"
        verbose_name_plural = "điểm của từng tiêu chí"
        constraints = [
            models.UniqueConstraint(name="score_line_once", fields=["sheet", "item"]),
            models.CheckConstraint(
                name="score_line_points_are_not_negative",
                condition=(Q(self_points__isnull=True) | Q(self_points__gte=0))
                & (Q(cross_points__isnull=True) | Q(cross_points__gte=0))
                & (Q(verified_points__isnull=True) | Q(verified_points__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} · {self.item_id}"


class ScoreEvidence(models.Model):
    """A file or an address that supports the points a unit gives itself (minh chứng)."""

    line = models.ForeignKey(
        ScoreLine, verbose_name="tiêu chí", on_delete=models.CASCADE, related_name="evidence"
    )
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Number and date of a paper, or an address on the web, when no file is handed in.
    words = models.CharField("văn bản, địa chỉ", max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc nộp", default=timezone.now)

    class Meta:
        verbose_name = "minh chứng chấm điểm"
        verbose_name_plural = "minh chứng chấm điểm"
        constraints = [
            models.CheckConstraint(
                name="score_evidence_is_something", condition=Q(file__isnull=False) | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return self.words or str(self.file)


class SeasonPublication(models.Model):
    """The ranking of a group as it was published: frozen, with its hash; a later one stands beside it.

    `content` holds the table, every sheet with the verified points and its place; rows are never changed
    but for why one was withdrawn.
    """

    season = models.ForeignKey(
        GroupSeason, verbose_name="năm thi đua", on_delete=models.PROTECT, related_name="publications"
    )
    number = models.PositiveSmallIntegerField("lần")
    content = models.JSONField("nội dung")
    sha256 = models.CharField("mã băm", max_length=64)
    published_at = models.DateTimeField("lúc công bố")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("lúc rút", null=True, blank=True)
    withdrawn_reason = models.CharField("lý do rút", max_length=500, blank=True)

    class Meta:
        verbose_name = "lần công bố kết quả"
        verbose_name_plural = "lần công bố kết quả"
        ordering = ("season", "number")
        constraints = [
            models.UniqueConstraint(name="season_publication_number_once", fields=["season", "number"]),
            models.UniqueConstraint(
                name="season_publication_one_valid", fields=["season"], condition=Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.season} · lần {self.number}"
