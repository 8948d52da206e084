"""The dossier of a candidate: which papers the law of the day asks for, and which are there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from thidua.awards.models.candidates import Candidate
from thidua.documents.models import OutgoingPaper, StoredFile

#: What a draft says where only the unit knows.
TO_WRITE = "[Đơn vị viết phần này]"


class Dossier(models.Model):
    """The papers of one candidate. Sealed when it is sent: `sha256` over what was handed in."""

    candidate = models.OneToOneField(
        Candidate, verbose_name="đề nghị", on_delete=models.CASCADE, related_name="dossier"
    )
    #: A value of `award_law.Procedure`.
    procedure = models.CharField("thủ tục", max_length=12, default="normal")
    #: The day whose law fixed the list of papers, and its era.
    law_on = models.DateField("theo pháp luật ngày")
    era = models.CharField("thời kỳ pháp luật", max_length=10, blank=True)
    citation = models.CharField("căn cứ", max_length=500, blank=True)
    confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)
    sealed_at = models.DateTimeField("lúc gửi", null=True, blank=True)
    sha256 = models.CharField("mã băm", max_length=64, blank=True)

    class Meta:
        verbose_name = "hồ sơ khen thưởng"
        verbose_name_plural = "hồ sơ khen thưởng"

    def __str__(self) -> str:
        return str(self.candidate)


class PaperNeed(models.TextChoices):
    NEEDED = "phai_co", "Phải có"
    IF_RELIED_ON = "khi_can", "Khi có nêu trong hồ sơ"
    BY_RECEIVER = "noi_nhan", "Nơi nhận lập sau"
    EXTRA = "them", "Kèm thêm"


class DossierPaper(models.Model):
    """One paper of a dossier: a paper written in the program, a file, or still missing."""

    dossier = models.ForeignKey(
        Dossier, verbose_name="hồ sơ", on_delete=models.CASCADE, related_name="papers"
    )
    #: Code of the lawbook ("bao-cao-thanh-tich"); of an extra paper its own.
    code = models.CharField("loại giấy tờ", max_length=60)
    name = models.CharField("tên", max_length=300)
    need = models.CharField("yêu cầu", max_length=10, choices=PaperNeed, default=PaperNeed.NEEDED)
    citation = models.CharField("căn cứ", max_length=500, blank=True)
    confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    paper = models.ForeignKey(
        OutgoingPaper,
        verbose_name="văn bản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dossier_papers",
    )
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField("tên tệp", max_length=255, blank=True)
    #: The dossier relies on what this paper certifies; unknown until somebody says so.
    is_relied_on = models.BooleanField("có dùng đến", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField("lúc đưa vào", null=True, blank=True)

    class Meta:
        verbose_name = "giấy tờ của hồ sơ"
        verbose_name_plural = "giấy tờ của hồ sơ"
        constraints = [
            models.UniqueConstraint(
                name="dossier_paper_once", fields=["dossier", "code"], condition=~Q(need="them")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_there(self) -> bool:
        return self.paper_id is not None or self.file_id is not None

    @property
    def has_open_part(self) -> bool:
        """Whether a draft made here still holds a part that the unit has to write."""
        return self.paper is not None and TO_WRITE in self.paper.description_json

    @property
    def is_missing(self) -> bool:
        """Whether the dossier is incomplete without it."""
        if self.is_there or self.need in (PaperNeed.EXTRA, PaperNeed.BY_RECEIVER):
            return False
        return self.need == PaperNeed.NEEDED or bool(self.is_relied_on)


class CertifiedFact(models.Model):
    """Something a dossier claims beyond the figures: an initiative, an award already received, a result.

    Feeds the report and the checks; `kind` "award" rows are earlier awards as the proposer states them.
    """

    class Kind(models.TextChoices):
        AWARD = "khen_thuong", "Khen thưởng đã nhận"
        INITIATIVE = "sang_kien", "Sáng kiến"
        RESULT = "ket_qua", "Kết quả, thành tích"
        RATING = "xep_loai", "Mức hoàn thành nhiệm vụ"

    dossier = models.ForeignKey(Dossier, verbose_name="hồ sơ", on_delete=models.CASCADE, related_name="facts")
    kind = models.CharField("loại", max_length=12, choices=Kind)
    text = models.TextField("nội dung")
    year = models.PositiveSmallIntegerField("năm", null=True, blank=True)
    #: Of an award: form of the lawbook, type of commendation, decision.
    form = models.CharField("hình thức", max_length=60, blank=True)
    commendation_type = models.CharField("loại hình", max_length=20, blank=True)
    number = models.CharField("số quyết định", max_length=120, blank=True)
    dated = models.DateField("ngày quyết định", null=True, blank=True)
    issuer = models.CharField("cơ quan quyết định", max_length=300, blank=True)
    certified_by = models.CharField("nơi xác nhận", max_length=300, blank=True)

    class Meta:
        verbose_name = "nội dung được xác nhận"
        verbose_name_plural = "nội dung được xác nhận"

    def __str__(self) -> str:
        return self.text[:80]
