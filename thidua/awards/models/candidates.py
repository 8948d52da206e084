"""A candidate on the way from nomination to award, and what was said about it on the way."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.awards.models.people import PersonRecord
from thidua.awards.models.rounds import AwardRound, AwardSubjectType
from thidua.criteria.models import StoredVerdict
from thidua.documents.models import StoredFile
from thidua.households.models import Household
from thidua.organisations.models import Unit
from thidua.tables.list_indexes import ListIndex


class CandidateState(models.TextChoices):
    DRAFT = "nhap", "Đang lập"
    SENT = "da_gui", "Đã gửi"
    RETURNED = "tra_lai", "Trả lại"
    APPRAISED = "tham_dinh", "Đã thẩm định"
    CONSULTING = "hoi_y_kien", "Đang hỏi ý kiến cơ quan"
    POSTED = "cong_khai", "Đang lấy ý kiến công khai"
    AT_COUNCIL = "hoi_dong", "Trình hội đồng"
    PASSED = "hd_dong_y", "Hội đồng thông qua"
    NOT_PASSED = "hd_khong", "Hội đồng không thông qua"
    FORWARDED = "trinh_tren", "Đã trình cấp trên"
    AWARDED = "duoc_khen", "Được khen thưởng"
    REFUSED = "khong_khen", "Không khen thưởng"
    WITHDRAWN = "da_rut", "Đã rút"


#: Types whose subject is a unit.
OF_UNITS = (
    AwardSubjectType.AGENCY,
    AwardSubjectType.COMMUNE,
    AwardSubjectType.VILLAGE,
    AwardSubjectType.ENTERPRISE,
)


class Candidate(models.Model):
    """That one subject is proposed for one form in one round, at one body; forwarded, the body above has its
    own row that `continues` this one, and one award results.

    The subject is a unit, a person record or a household by its key, never a typed name. `label` is the name
    as proposed: personal data for a person; of a household the code only.
    """

    #: Still counts: neither ended without an award nor taken back.
    ALIVE = tuple(
        state for state in CandidateState if state not in (CandidateState.REFUSED, CandidateState.WITHDRAWN)
    )
    #: The proposer may change words and papers.
    OPEN = (CandidateState.DRAFT, CandidateState.RETURNED)
    ENDED = (CandidateState.AWARDED, CandidateState.REFUSED, CandidateState.WITHDRAWN)

    round = models.ForeignKey(
        AwardRound, verbose_name="đợt", on_delete=models.PROTECT, related_name="candidates"
    )
    subject_type = models.CharField("đối tượng", max_length=24, choices=AwardSubjectType)
    unit = models.ForeignKey(
        Unit,
        verbose_name="đơn vị được đề nghị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidacies",
    )
    person = models.ForeignKey(
        PersonRecord,
        verbose_name="người được đề nghị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidacies",
    )
    household = models.ForeignKey(
        Household,
        verbose_name="hộ được đề nghị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidacies",
    )
    #: "unit:12", "person:9", "household:5": the subject in facts, holds and the register.
    subject_key = models.CharField("khóa đối tượng", max_length=80)
    label = models.CharField("tên", max_length=400)
    label_order = models.CharField("tên để xếp thứ tự", max_length=900, blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)

    proposer = models.ForeignKey(
        Unit, verbose_name="đơn vị đề nghị", on_delete=models.PROTECT, related_name="proposals"
    )
    is_own_proposal = models.BooleanField("tự đề nghị", default=False)
    #: Code of the lawbook, and the one first proposed when the council recommended a lower one.
    form = models.CharField("hình thức", max_length=60)
    first_form = models.CharField("hình thức đề nghị ban đầu", max_length=60, blank=True)
    form_reason = models.CharField("lý do chọn hình thức", max_length=500, blank=True)
    achievement = models.TextField("tóm tắt thành tích", blank=True)
    since = models.DateField("thành tích từ ngày")
    until = models.DateField("thành tích đến trước ngày")
    #: Index in the lawbook's list of cases that open the simplified procedure; empty: normal.
    simplified_case = models.PositiveSmallIntegerField("trường hợp thủ tục đơn giản", null=True, blank=True)
    simplified_reason = models.CharField("lý do theo thủ tục đơn giản", max_length=500, blank=True)
    #: The stored verdict that the proposal leans on, as it was.
    verdict = models.ForeignKey(
        StoredVerdict,
        verbose_name="kết luận tiêu chí",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidates",
    )
    #: The row at the body below that forwarded this case.
    continues = models.ForeignKey(
        "self",
        verbose_name="tiếp nối đề nghị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="continued_by",
    )
    state = models.CharField(
        "trạng thái", max_length=12, choices=CandidateState, default=CandidateState.DRAFT
    )
    #: Since when it is in its state: how long it has been waiting.
    moved_at = models.DateTimeField("lúc chuyển trạng thái", default=timezone.now)
    #: Day of the first sending: the law of the papers (decision 0019).
    submitted_on = models.DateField("ngày gửi", null=True, blank=True)
    posted_on = models.DateField("ngày công khai", null=True, blank=True)
    posting = models.ForeignKey(
        "awards.Posting",
        verbose_name="danh sách công khai",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="candidates",
    )
    #: Why it was returned, refused or withdrawn.
    reason = models.TextField("lý do", blank=True)
    #: Number and day of a decision that was taken outside the program (forwarded, or entered late).
    outside_number = models.CharField("số quyết định ngoài hệ thống", max_length=120, blank=True)
    outside_date = models.DateField("ngày quyết định ngoài hệ thống", null=True, blank=True)
    outside_body = models.CharField("cơ quan quyết định ngoài hệ thống", max_length=300, blank=True)
    #: Grows with each change: a page that was opened before somebody else's change is told so.
    edition = models.PositiveIntegerField("lần sửa", default=1)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "đề nghị khen thưởng"
        verbose_name_plural = "đề nghị khen thưởng"
        constraints = [
            models.CheckConstraint(
                name="candidate_is_one_subject",
                condition=Q(
                    subject_type__in=("agency", "commune", "village", "organisation_enterprise"),
                    unit__isnull=False,
                    person__isnull=True,
                    household__isnull=True,
                )
                | Q(
                    subject_type="individual",
                    unit__isnull=True,
                    person__isnull=False,
                    household__isnull=True,
                )
                | Q(
                    subject_type="household",
                    unit__isnull=True,
                    person__isnull=True,
                    household__isnull=False,
                ),
            ),
            models.CheckConstraint(name="candidate_has_a_period", condition=Q(until__gt=F("since"))),
            # One case in one round: a second form for the same subject needs the first to end.
            models.UniqueConstraint(
                name="candidate_once_per_round",
                fields=["round", "subject_key"],
                condition=~Q(state__in=("khong_khen", "da_rut")),
            ),
            models.UniqueConstraint(
                name="candidate_continued_once_alive",
                fields=["continues"],
                condition=Q(continues__isnull=False) & ~Q(state="da_rut"),
            ),
        ]
        indexes = [
            # The candidates of this round by name: what rights and filters ask stands in the index.
            ListIndex(
                fields=["round", "label_order", "id", "state", "subject_type", "proposer", "person"],
                name="candidate_in_order",
            ),
            # The candidates of all rounds by name.
            ListIndex(
                fields=["label_order", "id", "state", "subject_type", "proposer", "round", "person"],
                name="candidate_by_name",
            ),
            # How many of each form and kind, and whose? Counted from the index alone.
            models.Index(
                fields=["round", "state", "form", "subject_type", "proposer"], name="candidate_counts"
            ),
            # What has this unit proposed?
            models.Index(fields=["proposer", "state"], name="candidate_by_proposer"),
            # Was this subject proposed before?
            models.Index(fields=["subject_key", "state"], name="candidate_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.form} · {self.subject_key}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def home_id(self) -> int:
        """The unit that the subject is or belongs to."""
        if self.person is not None:
            return self.person.unit_id
        if self.household is not None:
            return self.household.commune_id
        assert self.unit_id is not None
        return self.unit_id


class AppraisalResult(models.TextChoices):
    ELIGIBLE = "du", "Đủ điều kiện"
    NOT_ELIGIBLE = "khong_du", "Chưa đủ điều kiện"
    LOWER_FORM = "ha_hinh_thuc", "Đề nghị hình thức thấp hơn"


class Appraisal(models.Model):
    """What the body that received a candidate found when it checked the dossier."""

    candidate = models.ForeignKey(
        Candidate, verbose_name="đề nghị", on_delete=models.CASCADE, related_name="appraisals"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan thẩm định", on_delete=models.PROTECT, related_name="+"
    )
    result = models.CharField("kết quả", max_length=14, choices=AppraisalResult)
    text = models.TextField("ý kiến thẩm định")
    recommended_form = models.CharField("hình thức đề nghị", max_length=60, blank=True)
    #: JSON: every check as it came out on the day, `checks.findings_json`.
    checks = models.JSONField("kết quả kiểm tra", default=list)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc thẩm định", default=timezone.now)

    class Meta:
        verbose_name = "thẩm định"
        verbose_name_plural = "thẩm định"

    def __str__(self) -> str:
        return self.get_result_display()


class ConsultationAnswer(models.TextChoices):
    AGREES = "dong_y", "Thống nhất"
    DISAGREES = "khong_dong_y", "Không thống nhất"
    OTHER = "khac", "Ý kiến khác"


class Consultation(models.Model):
    """That a body was asked about a candidate (hiệp y), by when, and what it said. Silence is not yes."""

    candidate = models.ForeignKey(
        Candidate, verbose_name="đề nghị", on_delete=models.CASCADE, related_name="consultations"
    )
    asked = models.ForeignKey(
        Unit,
        verbose_name="cơ quan được hỏi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="consultations",
    )
    #: A body that is not among the units.
    asked_name = models.CharField("tên cơ quan được hỏi", max_length=300, blank=True)
    matters = models.TextField("nội dung hỏi")
    asked_on = models.DateField("ngày hỏi")
    #: The last day for an answer; then the case goes on.
    due_on = models.DateField("hạn trả lời")
    answer = models.CharField("trả lời", max_length=14, choices=ConsultationAnswer, blank=True)
    answered_on = models.DateField("ngày trả lời", null=True, blank=True)
    text = models.TextField("nội dung trả lời", blank=True)
    number = models.CharField("số văn bản trả lời", max_length=120, blank=True)
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "lấy ý kiến cơ quan"
        verbose_name_plural = "lấy ý kiến cơ quan"
        constraints = [
            models.CheckConstraint(
                name="consultation_asks_somebody", condition=Q(asked__isnull=False) | ~Q(asked_name="")
            ),
            models.CheckConstraint(
                name="consultation_answer_has_a_day",
                condition=Q(answer="", answered_on__isnull=True)
                | (~Q(answer="") & Q(answered_on__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["asked", "answer", "due_on"], name="consultation_by_asked")]

    def __str__(self) -> str:
        return self.asked_name or str(self.asked)

    def is_open(self, *, on: date) -> bool:
        """Whether the case still has to wait for the answer on a day."""
        return not self.answer and on <= self.due_on


class Override(models.Model):
    """That somebody with the right let a candidate pass a check that asks for a reason, and why."""

    candidate = models.ForeignKey(
        Candidate, verbose_name="đề nghị", on_delete=models.CASCADE, related_name="overrides"
    )
    #: `checks.Finding.key`: the check and what it found ("duplicate:candidate:7"); another finding needs
    #: another reason.
    finding = models.CharField("phát hiện", max_length=160)
    title = models.CharField("nội dung phát hiện", max_length=500)
    reason = models.TextField("lý do cho qua")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "cho qua có lý do"
        verbose_name_plural = "cho qua có lý do"
        constraints = [models.UniqueConstraint(name="override_once", fields=["candidate", "finding"])]

    def __str__(self) -> str:
        return self.title
