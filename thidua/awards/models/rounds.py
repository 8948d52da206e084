"""A round of commendation: what may be given, to whom, until when, and who decides; what the data suggest."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.criteria.models import OutcomeChoice, StoredVerdict, VerdictSet
from thidua.movements.models import Movement, Plan
from thidua.organisations.models import Unit
from thidua.tables.list_indexes import ListIndex


class AwardRoundKind(models.TextChoices):
    """The stage at which a round is held; a second award in a movement needs a later one (P14)."""

    YEARLY = "nam", "Hằng năm"
    MID_TERM = "so_ket", "Sơ kết"
    FINAL = "tong_ket", "Tổng kết"
    IRREGULAR = "dot_xuat", "Ngoài kế hoạch"


class AwardRoundState(models.TextChoices):
    PLANNED = "du_kien", "Dự kiến"
    OPEN = "dang_nhan", "Đang nhận đề nghị"
    CLOSED = "da_khoa", "Đã khóa danh sách"
    FINISHED = "da_xong", "Đã xong"
    CANCELLED = "da_bo", "Đã bỏ"


class AwardSubjectType(models.TextChoices):
    """Whom one may commend; the values are the subject types of `golden/1`."""

    AGENCY = "agency", "Cơ quan, đơn vị"
    COMMUNE = "commune", "Xã, phường"
    VILLAGE = "village", "Thôn, bản, tổ dân phố"
    HOUSEHOLD = "household", "Hộ gia đình"
    PERSON = "individual", "Cá nhân"
    ENTERPRISE = "organisation_enterprise", "Doanh nghiệp, hợp tác xã, tổ chức"


class AwardRound(models.Model):
    """One round (đợt xét) of one body: the candidates it takes in, and the days.

    `stream` says which steps a candidate goes through (`process.yaml`); `commendation_type` is what every
    award of the round is counted as, and whether it opens a merit route later (P7).
    """

    #: Candidates may still be entered.
    TAKING = (AwardRoundState.OPEN,)

    name = models.CharField("tên đợt", max_length=300)
    stream = models.CharField("dòng khen thưởng", max_length=20)
    #: Code of the lawbook: merit, movement, one-off …
    commendation_type = models.CharField("loại hình khen thưởng", max_length=20)
    kind = models.CharField("kỳ xét", max_length=10, choices=AwardRoundKind)
    #: The body whose head decides or forwards.
    deciding_body = models.ForeignKey(
        Unit, verbose_name="cơ quan quyết định", on_delete=models.PROTECT, related_name="award_rounds"
    )
    #: The office that receives, checks and prepares; may be the same.
    standing_body = models.ForeignKey(
        Unit, verbose_name="cơ quan thường trực", on_delete=models.PROTECT, related_name="+"
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name="kế hoạch",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="award_rounds",
    )
    movement = models.ForeignKey(
        Movement,
        verbose_name="phong trào",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="award_rounds",
    )
    #: The achievements that count: half-open.
    since = models.DateField("thành tích từ ngày")
    until = models.DateField("thành tích đến trước ngày")
    opens_on = models.DateField("ngày mở nhận đề nghị")
    #: The last day in time.
    due_on = models.DateField("hạn gửi đề nghị")
    #: A unit or person may put themselves forward.
    takes_own = models.BooleanField("cho tự đề nghị", default=True)
    #: In hundredths of a percent; shown beside the real share, never blocking. Empty: no wish stated.
    wished_direct_share = models.PositiveIntegerField(
        "tỷ lệ người trực tiếp mong muốn (phần vạn)", null=True, blank=True
    )
    wish_source = models.CharField("văn bản nêu tỷ lệ", max_length=300, blank=True)
    note = models.TextField("hướng dẫn", blank=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=AwardRoundState, default=AwardRoundState.PLANNED
    )
    #: Case of the past, entered late so that the register is complete.
    is_past = models.BooleanField("nhập lại đợt đã qua", default=False)
    search_text = models.TextField("chữ để tìm", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "đợt xét khen thưởng"
        verbose_name_plural = "đợt xét khen thưởng"
        constraints = [
            models.CheckConstraint(name="award_round_has_a_period", condition=Q(until__gt=F("since"))),
            models.CheckConstraint(
                name="award_round_closes_after_it_opens", condition=Q(due_on__gte=F("opens_on"))
            ),
        ]
        indexes = [
            # Which rounds does this body hold, newest first?
            models.Index(fields=["deciding_body", "-due_on"], name="award_round_by_body"),
            models.Index(fields=["state", "due_on"], name="award_round_by_state"),
        ]

    def __str__(self) -> str:
        return self.name


class QuotaBase(models.TextChoices):
    ALL = "tat_ca", "Tất cả đối tượng thuộc diện"
    QUALIFIED = "dat_tieu_chi", "Đối tượng đạt tiêu chí"


class RoundForm(models.Model):
    """A form that the round offers to one kind of subject, and how many."""

    round = models.ForeignKey(AwardRound, verbose_name="đợt", on_delete=models.CASCADE, related_name="forms")
    #: Code of the lawbook: "giay-khen".
    form = models.CharField("hình thức", max_length=60)
    subject_type = models.CharField("đối tượng", max_length=24, choices=AwardSubjectType)
    #: The head of the deciding body signs; otherwise the case is forwarded.
    is_decided_here = models.BooleanField("quyết định tại đây", default=True)
    #: Which subject of the plan's criteria judges it ("S2"); empty: none of the plan.
    subject_rules = models.CharField("tiêu chí của kế hoạch", max_length=40, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    quota_count = models.PositiveIntegerField("số lượng", null=True, blank=True)
    #: "1/20": a share as numerator and denominator.
    quota_part = models.PositiveIntegerField("tỷ lệ: tử số", null=True, blank=True)
    quota_whole = models.PositiveIntegerField("tỷ lệ: mẫu số", null=True, blank=True)
    quota_base = models.CharField("tính trên", max_length=14, choices=QuotaBase, blank=True)
    #: A value of `criteria.quotas.Rounding`.
    quota_rounding = models.CharField("làm tròn", max_length=30, blank=True)
    #: Who already won in this movement does not count among the candidates.
    leaves_out_winners = models.BooleanField("trừ đối tượng đã được khen", default=False)
    quota_source = models.CharField("văn bản phân bổ", max_length=300, blank=True)

    class Meta:
        verbose_name = "hình thức của đợt"
        verbose_name_plural = "hình thức của đợt"
        constraints = [
            models.UniqueConstraint(
                name="round_form_once", fields=["round", "form", "subject_type", "subject_rules"]
            ),
            models.CheckConstraint(
                name="round_form_has_one_quota",
                condition=Q(quota_count__isnull=True) | Q(quota_part__isnull=True),
            ),
            models.CheckConstraint(
                name="round_form_share_is_whole",
                condition=Q(quota_part__isnull=True, quota_whole__isnull=True)
                | Q(quota_part__gt=0, quota_whole__gte=F("quota_part")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} · {self.get_subject_type_display()}"


class SuggestionSet(models.Model):
    """One judging for a round: all subjects of one kind by the plan's criteria, with facts of that day."""

    round = models.ForeignKey(
        AwardRound, verbose_name="đợt", on_delete=models.CASCADE, related_name="suggestion_sets"
    )
    subject_type = models.CharField("đối tượng", max_length=24, choices=AwardSubjectType)
    verdicts = models.OneToOneField(
        VerdictSet, verbose_name="lần xét", on_delete=models.PROTECT, related_name="suggestion_set"
    )
    #: The newest of its round and criteria; older ones stay to be read.
    is_current = models.BooleanField("đang dùng", default=True)
    made_at = models.DateTimeField("lúc xét", default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "lần gợi ý"
        verbose_name_plural = "lần gợi ý"

    def __str__(self) -> str:
        return str(self.verdicts)


class Suggestion(models.Model):
    """How one subject came out in a set, with what a list shows of it.

    The label of a person is personal data; a household is shown by its code only.
    """

    set = models.ForeignKey(
        SuggestionSet, verbose_name="lần gợi ý", on_delete=models.CASCADE, related_name="suggestions"
    )
    verdict = models.OneToOneField(
        StoredVerdict, verbose_name="kết luận", on_delete=models.PROTECT, related_name="suggestion"
    )
    subject_key = models.CharField("khóa đối tượng", max_length=80)
    #: The subject itself, or the unit that it belongs to.
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    label = models.CharField("tên", max_length=400)
    label_order = models.CharField("tên để xếp thứ tự", max_length=900, blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    outcome = models.PositiveSmallIntegerField("kết luận", choices=OutcomeChoice)
    is_near = models.BooleanField("gần đạt", default=False)

    class Meta:
        verbose_name = "gợi ý"
        verbose_name_plural = "gợi ý"
        constraints = [models.UniqueConstraint(name="suggestion_once_per_set", fields=["set", "subject_key"])]
        indexes = [
            # How many of each outcome? Small, for equal entries are stored once.
            models.Index(fields=["set", "outcome", "is_near", "unit"], name="suggestion_counts"),
            # Who meets, nearly meets, or cannot be judged? What rights and filters ask stands in the index.
            ListIndex(fields=["set", "-outcome", "-is_near", "id", "unit"], name="suggestion_by_outcome"),
            ListIndex(
                fields=["set", "label_order", "id", "outcome", "is_near", "unit"], name="suggestion_in_order"
            ),
            models.Index(fields=["unit", "set"], name="suggestion_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key}: {self.get_outcome_display()}"
