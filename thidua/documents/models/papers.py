"""Papers going out, from the draft to the issued paper; copies, keys that sign, files of work."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from thidua.documents.models.numbers import GivenNumber
from thidua.documents.models.reading import StoredFile


class CaseFile(models.Model):
    """A file of work (hồ sơ): the papers of one matter, archived together (NĐ 30, art. 28–30)."""

    unit = models.ForeignKey(
        "organisations.Unit", verbose_name="đơn vị lập hồ sơ", on_delete=models.PROTECT, related_name="+"
    )
    #: "01-TĐKT": number and symbol of the file in its unit and year.
    notation = models.CharField("số, ký hiệu hồ sơ", max_length=20)
    title = models.CharField("tiêu đề hồ sơ", max_length=500)
    maintenance = models.CharField("thời hạn lưu trữ", max_length=30, blank=True)
    opened_on = models.DateField("ngày mở")
    closed_on = models.DateField("ngày kết thúc", null=True, blank=True)

    class Meta:
        verbose_name = "hồ sơ"
        verbose_name_plural = "hồ sơ"
        constraints = [
            models.CheckConstraint(
                name="case_file_closes_after_it_opens",
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notation}: {self.title}"


class PaperState(models.TextChoices):
    DRAFT = "nhap", "Nháp"
    OFFERED = "cho_soat", "Chờ soát"
    REVIEWED = "da_soat", "Chờ ký"
    SIGNED = "da_ky", "Chờ cấp số"
    NUMBERED = "da_cap_so", "Chờ phát hành"
    ISSUED = "da_phat_hanh", "Đã phát hành"
    RECALLED = "thu_hoi", "Đã thu hồi"
    DROPPED = "da_bo", "Đã bỏ"


class PaperRelation(models.TextChoices):
    """What a new paper does to the issued one that it names (NĐ 30, art. 18.3–4)."""

    CORRECTS = "dinh_chinh", "Đính chính"
    AMENDS = "sua_doi", "Sửa đổi, bổ sung"
    REPLACES = "thay_the", "Thay thế"
    RECALLS = "thu_hoi", "Thu hồi"


class SignedHow(models.TextChoices):
    DIGITALLY = "so", "Chữ ký số"
    BY_HAND = "tay", "Ký tay trên bản giấy"


class OutgoingPaper(models.Model):
    """One paper of a body from draft to issue. Once issued, nothing of it changes; the database refuses it.

    `about` names what it writes about in an app above (`reports.report`, its key); that app says who else may
    read and draft it: `papers.owners`. Title, description and signer may name persons.
    """

    unit = models.ForeignKey(
        "organisations.Unit", verbose_name="cơ quan ban hành", on_delete=models.PROTECT, related_name="papers"
    )
    drafting_unit = models.ForeignKey(
        "organisations.Unit", verbose_name="đơn vị soạn thảo", on_delete=models.PROTECT, related_name="+"
    )
    #: A code of a kind of paper: "bao_cao".
    kind = models.CharField("loại văn bản", max_length=40)
    symbol = models.CharField("ký hiệu", max_length=60)
    title = models.TextField("trích yếu")
    title_order = models.TextField("trích yếu để xếp thứ tự", blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    #: The whole description, `papers.drafting.description(paper)`; a text, so that it stays as written.
    description_json = models.TextField("nội dung")
    #: Which template in which version, "bao-cao-nam@3"; empty when it was written freely.
    template = models.CharField("mẫu đã dùng", max_length=120, blank=True)
    facts_json = models.TextField("số liệu đã dùng", default="{}")
    about_type = models.CharField("loại đối tượng", max_length=80, blank=True)
    about_id = models.CharField("mã đối tượng", max_length=40, blank=True)
    #: Grows with each change of the draft: who writes over what they have not seen is told so.
    edition = models.PositiveIntegerField("lần sửa", default=1)
    #: The day by which it must be signed, when there is one.
    due_on = models.DateField("hạn", null=True, blank=True)
    case_file = models.ForeignKey(
        CaseFile,
        verbose_name="hồ sơ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="outgoing",
    )

    state = models.CharField("trạng thái", max_length=14, choices=PaperState, default=PaperState.DRAFT)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người soạn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    drafted_at = models.DateTimeField("lúc soạn")
    changed_at = models.DateTimeField("lúc sửa cuối")
    reviewed_at = models.DateTimeField("lúc soát", null=True, blank=True)

    signed_how = models.CharField("cách ký", max_length=3, choices=SignedHow, blank=True)
    signed_at = models.DateTimeField("lúc ký", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người ký",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: The PDF with the signature of the person, before number and seal; empty when signed by hand.
    signed_file = models.ForeignKey(
        StoredFile,
        verbose_name="bản đã ký",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    given = models.OneToOneField(
        GivenNumber,
        verbose_name="số",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="paper",
    )
    issued_at = models.DateTimeField("lúc phát hành", null=True, blank=True)
    #: The PDF as issued; its hash is its name in the store.
    issued_file = models.ForeignKey(
        StoredFile,
        verbose_name="bản phát hành",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    #: The issued paper that this one corrects, amends, replaces or recalls.
    names = models.ForeignKey(
        "self",
        verbose_name="văn bản liên quan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="named_by",
    )
    relation = models.CharField("quan hệ", max_length=10, choices=PaperRelation, blank=True)
    recalled_at = models.DateTimeField("lúc thu hồi", null=True, blank=True)
    #: The issued notice by which this paper was recalled.
    recalled_by = models.ForeignKey(
        "self",
        verbose_name="thông báo thu hồi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "văn bản đi"
        verbose_name_plural = "văn bản đi"
        constraints = [
            models.CheckConstraint(
                name="paper_names_another_with_a_relation",
                condition=Q(names__isnull=True, relation="") | (Q(names__isnull=False) & ~Q(relation="")),
            ),
            models.CheckConstraint(
                name="paper_has_a_number_once_numbered",
                condition=Q(
                    state__in=("da_cap_so", "da_phat_hanh", "thu_hoi"),
                    given__isnull=False,
                    signed_at__isnull=False,
                )
                | (Q(given__isnull=True) & ~Q(state__in=("da_cap_so", "da_phat_hanh", "thu_hoi"))),
            ),
            models.CheckConstraint(
                name="paper_has_a_file_once_issued",
                condition=~Q(state__in=("da_phat_hanh", "thu_hoi"))
                | Q(issued_at__isnull=False, issued_file__isnull=False),
            ),
            models.CheckConstraint(
                name="recalled_paper_names_its_notice",
                condition=~Q(state="thu_hoi") | Q(recalled_at__isnull=False, recalled_by__isnull=False),
            ),
        ]
        indexes = [
            # What does this body send out, newest first?
            models.Index(fields=["unit", "state", "-changed_at"], name="paper_by_unit"),
            models.Index(fields=["drafting_unit", "state"], name="paper_by_drafter"),
            # Which papers were written about this?
            models.Index(fields=["about_type", "about_id"], name="paper_by_about"),
        ]

    #: States in which the words may change.
    OPEN = (PaperState.DRAFT, PaperState.OFFERED)
    FINAL = (PaperState.ISSUED, PaperState.RECALLED)

    def __str__(self) -> str:
        return f"{self.notation}: {self.title}" if self.given else self.title

    @property
    def notation(self) -> str:
        """ "05/BC-UBND"; without a number only the symbol."""
        return str(self.given) if self.given else self.symbol

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_final(self) -> bool:
        return self.state in self.FINAL

    @property
    def facts(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.facts_json)
        return facts


class CopyForm(models.TextChoices):
    """Forms of copies and their abbreviation in the symbol (NĐ 30, art. 25, Annex I, Part II)."""

    TRUE_COPY = "SY", "Sao y"
    COPY_OF_COPY = "SL", "Sao lục"
    EXTRACT = "TrS", "Trích sao"


class PaperCopy(models.Model):
    """A copy that a body made of an issued or received paper, with a number of the series of copies."""

    unit = models.ForeignKey(
        "organisations.Unit", verbose_name="cơ quan sao", on_delete=models.PROTECT, related_name="+"
    )
    form = models.CharField("hình thức sao", max_length=3, choices=CopyForm)
    given = models.OneToOneField(
        GivenNumber, verbose_name="số", on_delete=models.PROTECT, related_name="copy"
    )
    paper = models.ForeignKey(
        OutgoingPaper,
        verbose_name="văn bản đi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="copies",
    )
    incoming = models.ForeignKey(
        "documents.IncomingPaper",
        verbose_name="văn bản đến",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="copies",
    )
    #: The copy that was copied, for a «sao lục».
    of_copy = models.ForeignKey(
        "self", verbose_name="sao từ bản", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Which part, for a «trích sao».
    extract = models.CharField("phần trích", max_length=300, blank=True)
    recipients = models.CharField("nơi nhận", max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, verbose_name="tệp", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc sao")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người sao",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "bản sao"
        verbose_name_plural = "bản sao"
        constraints = [
            models.CheckConstraint(
                name="copy_is_of_one_paper",
                condition=Q(paper__isnull=False, incoming__isnull=True)
                | Q(paper__isnull=True, incoming__isnull=False),
            ),
            models.CheckConstraint(name="extract_says_which_part", condition=~Q(form="TrS") | ~Q(extract="")),
        ]

    def __str__(self) -> str:
        return str(self.given)


class SigningKey(models.Model):
    """A key that signs: of a person, or the seal of a body. The key itself is a file beside the database.

    Holds the certificate and so the holder's name.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người ký",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signing_keys",
    )
    unit = models.ForeignKey(
        "organisations.Unit",
        verbose_name="con dấu của cơ quan",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signing_keys",
    )
    #: Name of the PKCS#12 file in the folder of keys.
    file_name = models.CharField("tệp khóa", max_length=120, unique=True)
    certificate_pem = models.TextField("chứng thư số")
    subject = models.CharField("chủ thể", max_length=300)
    valid_since = models.DateTimeField("hiệu lực từ")
    valid_until = models.DateTimeField("hiệu lực đến")
    #: The scan of the signature or the picture of the seal: PNG, transparent.
    picture = models.ForeignKey(
        StoredFile, verbose_name="hình chữ ký, con dấu", null=True, blank=True, on_delete=models.PROTECT
    )
    is_demo = models.BooleanField("khóa trình diễn", default=False)
    revoked_at = models.DateTimeField("lúc ngừng dùng", null=True, blank=True)

    class Meta:
        verbose_name = "khóa ký số"
        verbose_name_plural = "khóa ký số"
        constraints = [
            models.CheckConstraint(
                name="signing_key_has_one_holder",
                condition=Q(user__isnull=False, unit__isnull=True) | Q(user__isnull=True, unit__isnull=False),
            ),
            models.CheckConstraint(
                name="signing_key_ends_after_it_begins", condition=Q(valid_until__gt=F("valid_since"))
            ),
        ]

    def __str__(self) -> str:
        return self.subject
