"""Decisions on awards and what comes out of them: lists, bonus money, certificates, the golden book."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.awards.models.candidates import Candidate
from thidua.awards.models.register import RegisteredAward
from thidua.awards.models.rounds import AwardRound
from thidua.documents.models import OutgoingPaper, StoredFile
from thidua.jobs.models import Job
from thidua.organisations.models import Unit


class DecisionKind(models.TextChoices):
    AWARD = "khen_thuong", "Quyết định khen thưởng"
    SUBMISSION = "trinh", "Tờ trình cấp trên"
    REVOCATION = "huy_bo", "Quyết định hủy bỏ, thu hồi"
    CORRECTION = "dinh_chinh", "Đính chính"


class DecisionState(models.TextChoices):
    PREPARED = "dang_soan", "Đang chuẩn bị"
    CARRIED_OUT = "da_ghi", "Đã có hiệu lực"
    DROPPED = "da_bo", "Đã bỏ"


class Fund(models.TextChoices):
    """Where the money of a bonus comes from (law of 2022, article 11)."""

    OWN = "quy_cap_nay", "Quỹ thi đua, khen thưởng của cấp quyết định"
    SUBMITTING = "quy_cap_trinh", "Quỹ thi đua, khen thưởng của cấp trình"
    UNIT = "quy_don_vi", "Quỹ của đơn vị được khen thưởng"
    OTHER = "khac", "Nguồn khác"


class AwardDecision(models.Model):
    """One paper that changes awards, with its list: a decision, a submission, a revocation, a correction.

    Number and date are those of the issued paper; when it is issued, the whole list is carried out in one
    act. Its lines may name persons.
    """

    kind = models.CharField("loại", max_length=12, choices=DecisionKind)
    #: The body in whose name it goes out.
    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan ban hành", on_delete=models.PROTECT, related_name="award_decisions"
    )
    #: The office that prepares it; may be the same.
    standing_body = models.ForeignKey(
        Unit, verbose_name="cơ quan chuẩn bị", on_delete=models.PROTECT, related_name="+"
    )
    round = models.ForeignKey(
        AwardRound,
        verbose_name="đợt xét",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    #: The form of the whole list; empty for corrections of several.
    form = models.CharField("hình thức", max_length=60, blank=True)
    title = models.CharField("trích yếu", max_length=400)
    #: "Chủ tịch Ủy ban nhân dân huyện Phong Thổ", as the paper and the certificate name who gives.
    decider = models.CharField("người quyết định", max_length=300)
    signer_title = models.CharField("chức vụ ký", max_length=200)
    signer_name = models.CharField("họ tên người ký", max_length=150, blank=True)
    place = models.CharField("địa danh", max_length=120, blank=True)
    #: A submission: the round above, or the body outside the program.
    to_round = models.ForeignKey(
        AwardRound,
        verbose_name="đợt của cấp trên",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    to_body = models.CharField("kính gửi", max_length=300, blank=True)
    fund = models.CharField("nguồn tiền thưởng", max_length=14, choices=Fund, default=Fund.OWN)
    fund_note = models.CharField("ghi rõ nguồn", max_length=300, blank=True)
    #: A revocation: the ground of the law, its article, and what was found.
    ground = models.CharField("căn cứ hủy bỏ", max_length=300, blank=True)
    ground_citation = models.CharField("điều khoản", max_length=300, blank=True)
    reason = models.TextField("lý do", blank=True)
    paper = models.OneToOneField(
        OutgoingPaper,
        verbose_name="văn bản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="award_decision",
    )
    state = models.CharField(
        "trạng thái", max_length=10, choices=DecisionState, default=DecisionState.PREPARED
    )
    #: Of the issued paper, kept when the list was carried out.
    number = models.CharField("số", max_length=120, blank=True)
    dated = models.DateField("ngày", null=True, blank=True)
    carried_out_at = models.DateTimeField("lúc có hiệu lực", null=True, blank=True)
    #: Why the list could not be carried out though the paper is issued; empty otherwise.
    trouble = models.TextField("vướng mắc", blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "quyết định khen thưởng"
        verbose_name_plural = "quyết định khen thưởng"
        constraints = [
            models.CheckConstraint(
                name="carried_out_decision_has_number_and_date",
                condition=~Q(state="da_ghi") | (~Q(number="") & Q(dated__isnull=False)),
            ),
        ]
        indexes = [
            # What did this body decide, newest first?
            models.Index(fields=["unit", "-made_at"], name="award_decision_by_unit"),
            models.Index(fields=["state", "kind"], name="award_decision_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number or self.pk}"

    @property
    def is_prepared(self) -> bool:
        return self.state == DecisionState.PREPARED

    @property
    def gives(self) -> bool:
        return self.kind == DecisionKind.AWARD

    @property
    def gives_to_be_carried_out(self) -> bool:
        """Whether the paper is issued and its list waits."""
        return self.is_prepared and self.paper is not None and self.paper.is_final


class DecisionLine(models.Model):
    """One subject of a decision, with the words that are printed about it. May name a person or household."""

    decision = models.ForeignKey(
        AwardDecision, verbose_name="quyết định", on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveIntegerField("thứ tự")
    candidate = models.ForeignKey(
        Candidate,
        verbose_name="đề nghị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decision_lines",
    )
    #: What came out of the line; of a revocation or correction, what it is about.
    award = models.ForeignKey(
        RegisteredAward,
        verbose_name="khoản khen thưởng",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="decision_lines",
    )
    #: "Ông Lò Văn Mẫu", "Hộ gia đình ông …", "Nhân dân và cán bộ xã …".
    name = models.CharField("tên ghi trong quyết định", max_length=400)
    detail = models.CharField("chức vụ, đơn vị, địa chỉ", max_length=500, blank=True)
    achievement = models.CharField("thành tích ghi trong quyết định", max_length=1000, blank=True)
    #: "" while the decision lives; so that one case is in one living decision only.
    is_alive = models.BooleanField("còn trong quyết định", default=True)

    class Meta:
        verbose_name = "dòng của quyết định khen thưởng"
        verbose_name_plural = "dòng của quyết định khen thưởng"
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(name="decision_line_in_order", fields=["decision", "position"]),
            models.UniqueConstraint(
                name="candidate_in_one_living_decision",
                fields=["candidate"],
                condition=Q(candidate__isnull=False, is_alive=True),
            ),
            models.CheckConstraint(
                name="decision_line_is_about_something",
                condition=Q(candidate__isnull=False) | Q(award__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}:{self.position}"


class Bonus(models.Model):
    """The money that goes with one award: how it was counted, whether it was paid or came back."""

    line = models.OneToOneField(
        DecisionLine, verbose_name="dòng", on_delete=models.CASCADE, related_name="bonus"
    )
    coefficient = models.DecimalField("hệ số", max_digits=7, decimal_places=3, null=True, blank=True)
    multiplier = models.DecimalField("mức nhân", max_digits=5, decimal_places=2, null=True, blank=True)
    base_salary = models.PositiveIntegerField("lương cơ sở (đồng)", null=True, blank=True)
    #: Đồng. Empty: the law of the day is not known for this form and subject; 0 is no bonus.
    amount = models.PositiveBigIntegerField("tiền thưởng (đồng)", null=True, blank=True)
    #: "0,3 × 2 × 1.800.000 = 1.080.000 đồng", or why it is not known.
    steps = models.CharField("cách tính", max_length=300, blank=True)
    citation = models.CharField("căn cứ", max_length=600, blank=True)
    is_confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)
    paid_on = models.DateField("ngày chi", null=True, blank=True)
    paid_to = models.CharField("người nhận", max_length=200, blank=True)
    payment_note = models.CharField("chứng từ, ghi chú", max_length=300, blank=True)
    #: Đồng that must come back after a revocation.
    to_return = models.PositiveBigIntegerField("phải thu hồi (đồng)", null=True, blank=True)
    returned_on = models.DateField("ngày thu hồi xong", null=True, blank=True)
    return_note = models.CharField("chứng từ thu hồi", max_length=300, blank=True)

    class Meta:
        verbose_name = "tiền thưởng"
        verbose_name_plural = "tiền thưởng"
        constraints = [
            models.CheckConstraint(
                name="bonus_paid_to_somebody", condition=Q(paid_on__isnull=True) | ~Q(paid_to="")
            ),
            models.CheckConstraint(
                name="bonus_returned_no_more_than_due",
                condition=Q(returned_on__isnull=True) | Q(to_return__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.amount}"


class GoldenBook(models.Model):
    """The golden book of one body and year: the last number given. Numbers are given without gap."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    last = models.PositiveIntegerField("số cuối", default=0)

    class Meta:
        verbose_name = "sổ vàng"
        verbose_name_plural = "sổ vàng"
        constraints = [models.UniqueConstraint(name="golden_book_of_a_year", fields=["unit", "year"])]

    def __str__(self) -> str:
        return f"{self.unit_id}/{self.year}"


class Certificate(models.Model):
    """The certificate of one award: what it says besides the register's words, its code, who received it."""

    award = models.OneToOneField(
        RegisteredAward,
        verbose_name="khoản khen thưởng",
        on_delete=models.PROTECT,
        related_name="certificate",
    )
    #: Empty for an award that was imported with a number of its own.
    book = models.ForeignKey(
        GoldenBook, verbose_name="sổ vàng", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveIntegerField("số thứ tự trong sổ vàng", null=True, blank=True)
    #: What the printed code leads to: nobody can guess another's.
    code = models.CharField("mã kiểm tra", max_length=20, unique=True)
    detail = models.CharField("chức vụ, đơn vị, địa chỉ", max_length=500, blank=True)
    giver = models.CharField("người tặng", max_length=300, blank=True)
    place = models.CharField("địa danh", max_length=120, blank=True)
    signer_title = models.CharField("chức vụ ký", max_length=200, blank=True)
    signer_name = models.CharField("họ tên người ký", max_length=150, blank=True)
    #: Grows when a correction asks for a new print.
    edition = models.PositiveSmallIntegerField("bản", default=1)
    printed_at = models.DateTimeField("lúc in gần nhất", null=True, blank=True)
    handed_on = models.DateField("ngày trao", null=True, blank=True)
    received_by = models.CharField("người nhận", max_length=200, blank=True)
    #: After a revocation the paper itself is to come back.
    taken_back_on = models.DateField("ngày thu lại bằng", null=True, blank=True)

    class Meta:
        verbose_name = "bằng, giấy khen"
        verbose_name_plural = "bằng, giấy khen"
        constraints = [
            models.UniqueConstraint(
                name="certificate_once_in_the_book", fields=["book", "order"], condition=Q(book__isnull=False)
            ),
            models.CheckConstraint(
                name="certificate_order_has_a_book",
                condition=Q(book__isnull=True, order__isnull=True)
                | Q(book__isnull=False, order__isnull=False),
            ),
            models.CheckConstraint(
                name="certificate_handed_to_somebody",
                condition=Q(handed_on__isnull=True) | ~Q(received_by=""),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CertificateDesignKind(models.TextChoices):
    FULL = "ca_trang", "In cả trang"
    OVERPRINT = "in_chong", "In lên phôi có sẵn"


class CertificateDesign(models.Model):
    """One version of how a body prints certificates of one form. It never changes; a change is a new one."""

    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="certificate_designs"
    )
    form = models.CharField("hình thức", max_length=60)
    kind = models.CharField("cách in", max_length=10, choices=CertificateDesignKind)
    number = models.PositiveIntegerField("phiên bản")
    layout_json = models.TextField("bố cục")
    background = models.ForeignKey(
        StoredFile, verbose_name="ảnh nền", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    emblem = models.ForeignKey(
        StoredFile,
        verbose_name="biểu tượng",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: The one that printing takes.
    is_in_use = models.BooleanField("đang dùng", default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lưu", default=timezone.now)

    class Meta:
        verbose_name = "mẫu in bằng, giấy khen"
        verbose_name_plural = "mẫu in bằng, giấy khen"
        constraints = [
            models.UniqueConstraint(
                name="certificate_design_version", fields=["unit", "form", "kind", "number"]
            ),
            models.UniqueConstraint(
                name="certificate_design_in_use_once",
                fields=["unit", "form", "kind"],
                condition=Q(is_in_use=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.form} · {self.number}"


class CertificatePrint(models.Model):
    """One printing of certificates: which, by which design, and the file that came out."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(
        AwardDecision,
        verbose_name="quyết định",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="prints",
    )
    design = models.ForeignKey(
        CertificateDesign, verbose_name="mẫu in", on_delete=models.PROTECT, related_name="prints"
    )
    #: Keys of the certificates, in order of pages.
    certificates = models.JSONField("các bằng", default=list)
    #: One file for each certificate, in a zip.
    is_apart = models.BooleanField("mỗi bằng một tệp", default=False)
    #: What the codes begin with: "https://thidua.tinh.gov.vn".
    address = models.CharField("địa chỉ trang kiểm tra", max_length=300, blank=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    refusal = models.TextField("vì sao chưa in được", blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc yêu cầu", default=timezone.now)

    class Meta:
        verbose_name = "lần in bằng, giấy khen"
        verbose_name_plural = "lần in bằng, giấy khen"
        indexes = [models.Index(fields=["decision", "-made_at"], name="certificate_print_by_decision")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {len(self.certificates)}"
