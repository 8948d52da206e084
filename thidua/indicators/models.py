"""What is measured: definitions, values with their source and stage, kept totals, new-rural status.

Amounts are `Decimal` as measured; a share is two counts and is computed, never averaged. Missing is not zero:
no row means nobody reported, `nothing_arose` means that somebody reported none.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.organisations.models import BEGINNING, FOREVER, LegalAct, Unit


class IndicatorKind(models.TextChoices):
    COUNT = "count", "Số đếm"
    AMOUNT = "amount", "Số tiền, diện tích, khối lượng"
    SHARE = "share", "Tỷ lệ"
    MEAN = "mean", "Bình quân"
    YES_NO = "yes_no", "Có hay không"
    STATUS = "status", "Trạng thái trong bộ tiêu chí"


class Aggregation(models.TextChoices):
    SUM = "sum", "Cộng"
    RATIO = "ratio", "Tỷ số của hai tổng"
    WEIGHTED_MEAN = "weighted_mean", "Bình quân có trọng số"
    LAST = "last", "Số cuối kỳ, không cộng"
    COUNT_UNITS = "count_units", "Đếm đơn vị theo trạng thái"


class Direction(models.TextChoices):
    UP = "up", "Càng cao càng tốt"
    DOWN = "down", "Càng thấp càng tốt"
    NONE = "none", "Không phân hướng"


class System(models.TextChoices):
    """Which statistics a series belongs to. Two systems never mix, also when names are the same."""

    REVIEW = "ra_soat", "Rà soát hộ nghèo"
    SURVEY = "dieu_tra", "Điều tra của cơ quan thống kê"
    REPORT = "bao_cao", "Báo cáo của đơn vị"
    NEW_RURAL = "ntm", "Nông thôn mới"


class Indicator(models.Model):
    """One thing that is measured, as `data/indicators/definitions.yaml` defines it; officers add others."""

    code = models.SlugField("mã", max_length=80, unique=True)
    name = models.CharField("tên", max_length=300)
    name_order = models.CharField("tên để xếp thứ tự", max_length=700, blank=True)
    kind = models.CharField("loại", max_length=10, choices=IndicatorKind)
    system = models.CharField("hệ thống số liệu", max_length=10, choices=System)
    measure = models.CharField("đơn vị tính", max_length=40)
    #: Decimals of an amount; amounts are whole numbers of 10^-decimals.
    decimals = models.PositiveSmallIntegerField("số lẻ thập phân", default=0)
    direction = models.CharField("hướng", max_length=6, choices=Direction, default=Direction.NONE)
    aggregation = models.CharField("cách cộng lên", max_length=14, choices=Aggregation)
    #: Of a share or mean: what is divided by what, and what the base is called.
    numerator = models.ForeignKey(
        "self", verbose_name="tử số", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    denominator = models.ForeignKey(
        "self", verbose_name="mẫu số", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    base = models.CharField("gốc tính", max_length=300, blank=True)
    #: day, month, quarter, half_year, year: a kind of `core.periods`.
    frequency = models.CharField("kỳ", max_length=10, default="year")
    #: Kind of the units that report it (UnitKind); higher units are computed.
    reported_by = models.CharField("cấp báo cáo", max_length=12, default="commune")
    #: Codes of segments that may be given beside "all": urban, rural, ethnic …, with their names.
    segments = models.JSONField("phân tổ", default=dict, blank=True)
    lowest = models.DecimalField("nhỏ nhất", max_digits=18, decimal_places=4, null=True, blank=True)
    highest = models.DecimalField("lớn nhất", max_digits=18, decimal_places=4, null=True, blank=True)
    #: A change against the period before of more than so many percent is asked about.
    jump_percent = models.PositiveSmallIntegerField("ngưỡng biến động (%)", null=True, blank=True)
    #: An indicator that this one cannot exceed ("hộ nghèo" within "tổng số hộ").
    part_of = models.ForeignKey(
        "self",
        verbose_name="là phần của",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="parts",
    )
    #: The parts together are the whole: poor and near-poor households are the sum of the two.
    is_sum_of_parts = models.BooleanField("bằng tổng các phần", default=False)
    owner = models.CharField("cơ quan chủ trì", max_length=300, blank=True)
    legal_source = models.CharField("căn cứ", max_length=500, blank=True)
    confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)
    since = models.DateField("từ ngày", default=BEGINNING)
    until = models.DateField("đến trước ngày", default=FOREVER)
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "chỉ tiêu thống kê"
        verbose_name_plural = "chỉ tiêu thống kê"
        constraints = [
            models.CheckConstraint(name="indicator_ends_after_it_begins", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(
                name="indicator_ratio_has_two_parts",
                condition=~Q(aggregation="ratio") | Q(numerator__isnull=False, denominator__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Standard(models.Model):
    """What a value was measured under: a poverty standard, a set of criteria. Series of two never join."""

    code = models.SlugField("mã", max_length=60, unique=True)
    name = models.CharField("tên", max_length=300)
    since = models.DateField("từ ngày", default=BEGINNING)
    until = models.DateField("đến trước ngày", default=FOREVER)
    #: Year of the general review that later years are compared with (đầu kỳ), when the standard has one.
    baseline_year = models.PositiveSmallIntegerField("năm đầu kỳ", null=True, blank=True)
    act = models.ForeignKey(LegalAct, verbose_name="căn cứ", null=True, blank=True, on_delete=models.PROTECT)
    confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)

    class Meta:
        verbose_name = "chuẩn, bộ tiêu chí"
        verbose_name_plural = "chuẩn, bộ tiêu chí"

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where a value comes from: a decision, a report, a page. `url` is printed, never fetched."""

    code = models.CharField("mã nguồn", max_length=40, blank=True)
    title = models.CharField("nguồn", max_length=500)
    number = models.CharField("số, ký hiệu", max_length=120, blank=True)
    dated = models.DateField("ngày", null=True, blank=True)
    url = models.CharField("địa chỉ", max_length=500, blank=True)
    is_invented = models.BooleanField("số liệu ví dụ", default=False)

    class Meta:
        verbose_name = "nguồn số liệu"
        verbose_name_plural = "nguồn số liệu"
        constraints = [models.UniqueConstraint(name="source_once", fields=["code", "title"])]

    def __str__(self) -> str:
        return self.title


class Stage(models.TextChoices):
    """How final a value is; later in this list is stronger."""

    FORECAST = "uoc", "Ước thực hiện"
    REGULAR = "thuong_xuyen", "Thường xuyên"
    PRELIMINARY = "so_bo", "Sơ bộ"
    OFFICIAL = "chinh_thuc", "Chính thức"


class Value(models.Model):
    """One figure of one unit in one period, as somebody gave it. Never changed: a correction names the row
    before.

    Several sources may disagree: their rows stand side by side, and one is chosen, with the reason.
    """

    # The indexes below begin with these two.
    indicator = models.ForeignKey(
        Indicator, verbose_name="chỉ tiêu", on_delete=models.PROTECT, related_name="values", db_index=False
    )
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="values", db_index=False
    )
    #: The period, half-open; a year is 1 January to 1 January.
    since = models.DateField("kỳ từ ngày")
    until = models.DateField("kỳ đến trước ngày")
    standard = models.ForeignKey(
        Standard,
        verbose_name="theo chuẩn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="values",
    )
    segment = models.CharField("phân tổ", max_length=40, blank=True)
    stage = models.CharField("mức độ", max_length=14, choices=Stage)
    #: Null only when nothing arose.
    amount = models.DecimalField("giá trị", max_digits=20, decimal_places=4, null=True, blank=True)
    nothing_arose = models.BooleanField("không phát sinh", default=False)
    source = models.ForeignKey(Source, verbose_name="nguồn", null=True, blank=True, on_delete=models.PROTECT)
    evidence = models.ForeignKey(
        StoredFile,
        verbose_name="tệp chứng minh",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="values",
    )
    evidence_name = models.CharField("tên tệp", max_length=255, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    #: Why a warning of the checks was passed over.
    override_reason = models.CharField("lý do giữ số", max_length=500, blank=True)
    replaces = models.OneToOneField(
        "self",
        verbose_name="thay cho",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    #: The one that counts among the rows of one key; false also for every replaced row.
    is_chosen = models.BooleanField("được chọn", default=True)
    choice_reason = models.CharField("lý do chọn", max_length=500, blank=True)
    #: Computed with a stated weight because a unit was split.
    is_estimate = models.BooleanField("ước tính", default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người nhập",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    entered_at = models.DateTimeField("lúc nhập", default=timezone.now)

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "số liệu"
        constraints = [
            models.CheckConstraint(
                name="value_period_ends_after_it_begins", condition=Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="value_has_an_amount_or_nothing_arose",
                condition=Q(amount__isnull=False, nothing_arose=False)
                | Q(amount__isnull=True, nothing_arose=True),
            ),
            models.UniqueConstraint(
                name="value_one_chosen_per_key",
                fields=["indicator", "unit", "since", "until", "standard", "segment"],
                condition=Q(is_chosen=True, standard__isnull=False),
            ),
            models.UniqueConstraint(
                name="value_one_chosen_per_key_without_standard",
                fields=["indicator", "unit", "since", "until", "segment"],
                condition=Q(is_chosen=True, standard__isnull=True),
            ),
        ]
        indexes = [
            # What did the units report for this indicator and period?
            models.Index(fields=["indicator", "since", "is_chosen"], name="value_by_indicator"),
            # What is known of this unit?
            models.Index(fields=["unit", "indicator", "since"], name="value_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.unit_id}/{self.since}: {self.amount}"


class Basis(models.TextChoices):
    """Whose tree a total adds up along."""

    THEN = "luc_do", "Theo đơn vị lúc đó"
    NOW = "hien_nay", "Quy về đơn vị hiện nay"


class Total(models.Model):
    """A kept sum of one unit: what the reporting units at or below it have reported.

    Derived; `total_keeping.rebuild` proves it. Coverage goes with it: how many of how many have reported.
    """

    # Neither checked nor indexed one by one: a fifth of a million rows at once would take twice as long, all
    # come from figures whose keys are checked, and the indexes below begin with the same columns.
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="totals", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, related_name="totals", db_constraint=False, db_index=False
    )
    since = models.DateField("kỳ từ ngày")
    until = models.DateField("kỳ đến trước ngày")
    standard = models.ForeignKey(
        Standard,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    segment = models.CharField("phân tổ", max_length=40, blank=True)
    basis = models.CharField("cơ sở", max_length=10, choices=Basis, default=Basis.THEN)
    amount = models.DecimalField("tổng", max_digits=24, decimal_places=4)
    reported = models.PositiveIntegerField("số đơn vị đã báo cáo")
    expected = models.PositiveIntegerField("số đơn vị phải báo cáo")
    has_estimate = models.BooleanField("có phần ước tính", default=False)
    #: Figures that went into the sum, and how many of them are estimates: so that one may be taken out again.
    parts = models.PositiveIntegerField("số số liệu cộng vào", default=1)
    estimates = models.PositiveIntegerField("số số liệu ước tính", default=0)

    class Meta:
        verbose_name = "tổng"
        verbose_name_plural = "tổng"
        constraints = [
            models.UniqueConstraint(
                name="total_once",
                fields=["indicator", "unit", "since", "until", "standard", "segment", "basis"],
                condition=Q(standard__isnull=False),
            ),
            models.UniqueConstraint(
                name="total_once_without_standard",
                fields=["indicator", "unit", "since", "until", "segment", "basis"],
                condition=Q(standard__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["unit", "indicator", "basis", "since"], name="total_by_unit")]

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.unit_id}: {self.amount} ({self.reported}/{self.expected})"


class AddedUp(models.Model):
    """Along which trees the kept totals of a period were added up: that at its end, and that of today.

    Derived. When units have changed the snapshots are others, and the totals of the period are made anew.
    """

    since = models.DateField("kỳ từ ngày")
    until = models.DateField("kỳ đến trước ngày")
    then_snapshot = models.BigIntegerField("cây cuối kỳ")
    now_snapshot = models.BigIntegerField("cây hiện nay")

    class Meta:
        verbose_name = "kỳ đã cộng"
        verbose_name_plural = "kỳ đã cộng"
        constraints = [models.UniqueConstraint(name="added_up_once", fields=["since", "until"])]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"


class NewRuralLevel(models.TextChoices):
    """Which set of criteria a recognition is about."""

    STANDARD = "dat_chuan", "Đạt chuẩn nông thôn mới"
    ADVANCED = "nang_cao", "Nông thôn mới nâng cao"
    MODEL = "kieu_mau", "Nông thôn mới kiểu mẫu"


class NewRuralStatus(models.Model):
    """How many criteria a place met in a year, as reported; the numbers stand in `met`."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="new_rural")
    year = models.PositiveSmallIntegerField("năm")
    standard = models.ForeignKey(
        Standard, verbose_name="bộ tiêu chí", on_delete=models.PROTECT, related_name="+"
    )
    met = models.JSONField("tiêu chí đạt", null=True, blank=True)
    met_count = models.PositiveSmallIntegerField("số tiêu chí đạt", null=True, blank=True)
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("lúc nhập", default=timezone.now)

    class Meta:
        verbose_name = "kết quả tiêu chí nông thôn mới"
        verbose_name_plural = "kết quả tiêu chí nông thôn mới"
        constraints = [
            models.UniqueConstraint(name="new_rural_status_once", fields=["unit", "year", "standard"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}: {self.met_count}"


class Recognition(models.Model):
    """That a place was recognised as new-rural: the year it counts for and the decision; may be withdrawn."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="recognitions")
    level = models.CharField("mức", max_length=10, choices=NewRuralLevel)
    standard = models.ForeignKey(Standard, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    for_year = models.PositiveSmallIntegerField("tính cho năm")
    decision = models.ForeignKey(
        LegalAct, verbose_name="quyết định", on_delete=models.PROTECT, related_name="+"
    )
    decided_on = models.DateField("ngày quyết định")
    withdrawn_on = models.DateField("ngày thu hồi", null=True, blank=True)
    withdrawal = models.ForeignKey(
        LegalAct,
        verbose_name="quyết định thu hồi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name = "công nhận nông thôn mới"
        verbose_name_plural = "công nhận nông thôn mới"
        constraints = [
            models.UniqueConstraint(name="recognition_once", fields=["unit", "level", "for_year"]),
            models.CheckConstraint(
                name="recognition_is_withdrawn_later",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("decided_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.get_level_display()} {self.for_year}"


class FigureFile(models.Model):
    """One Excel file of figures that somebody handed in: first looked at, then taken in or left."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người đưa lên", on_delete=models.PROTECT, related_name="+"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="figure_files")
    file_name = models.CharField("tên tệp", max_length=255)
    made_at = models.DateTimeField("lúc đưa lên")
    checked_at = models.DateTimeField("lúc kiểm tra xong", null=True, blank=True)
    #: JSON: errors and warnings by cell, counts, or why the file could not be read.
    findings = models.TextField("kết quả kiểm tra", default="{}")
    override_reason = models.CharField("lý do giữ số", max_length=500, blank=True)
    done_at = models.DateTimeField("lúc nhập xong", null=True, blank=True)

    class Meta:
        verbose_name = "tệp số liệu"
        verbose_name_plural = "tệp số liệu"

    def __str__(self) -> str:
        return self.file_name
