"""The register of awards: who was commended with what, by which decision, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.awards.models.candidates import Candidate
from thidua.awards.models.people import PersonClass, PersonRecord, Sex
from thidua.awards.models.rounds import AwardSubjectType
from thidua.documents.models import OutgoingPaper, StoredFile
from thidua.households.models import Household
from thidua.movements.models import Movement
from thidua.organisations.models import Unit
from thidua.tables.list_indexes import ListIndex


class AwardLevel(models.TextChoices):
    """Where a form stands in the ladder; the values are those of the lawbook."""

    STATE = "nha-nuoc", "Cấp Nhà nước"
    MINISTRY_OR_PROVINCE = "bo-tinh", "Cấp bộ, ban, ngành, tỉnh"
    UNIT = "co-so", "Cấp sở, đơn vị"
    COMMUNE = "xa", "Cấp xã"


class AwardSource(models.TextChoices):
    DECIDED = "quyet_dinh", "Quyết định trong chương trình"
    ENTERED = "nhap_tay", "Nhập từng khoản"
    LIST = "danh_sach", "Nhập từ danh sách cũ"
    DECISION = "tu_van_ban", "Nhập từ văn bản quyết định"


class AwardState(models.TextChoices):
    IN_FORCE = "hieu_luc", "Còn hiệu lực"
    REVOKED = "thu_hoi", "Đã hủy bỏ, thu hồi"
    CORRECTED = "dinh_chinh", "Đã thay bằng khoản đính chính"


class RegisteredAward(models.Model):
    """One award of one subject, as decided; nothing of it changes, a correction is a new row that names it.

    The subject is a unit, person record or household by its key, as a candidate's is; a row of an old list
    whose subject nobody has found yet has an empty key, and counts for nobody. Personal data where the
    subject is a person: name, sex; of a household the register keeps what the decision says.
    """

    subject_type = models.CharField("đối tượng", max_length=24, choices=AwardSubjectType)
    #: "unit:12", "person:9", "household:5" as in `Candidate`; empty while nobody knows which.
    subject_key = models.CharField("khóa đối tượng", max_length=80, blank=True)
    subject_name = models.CharField("tên ghi trong quyết định", max_length=400)
    name_order = models.CharField("tên để xếp thứ tự", max_length=900, blank=True)
    #: The subject itself, or the unit that it belonged to.
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="awards"
    )
    #: The unit as the source writes it.
    unit_name = models.CharField("đơn vị ghi trong nguồn", max_length=400, blank=True)
    person = models.ForeignKey(
        PersonRecord,
        verbose_name="người",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="awards",
    )
    household = models.ForeignKey(
        Household, verbose_name="hộ", null=True, blank=True, on_delete=models.PROTECT, related_name="awards"
    )
    sex = models.CharField("giới tính", max_length=3, choices=Sex, blank=True)
    person_class = models.CharField("nhóm thống kê", max_length=16, choices=PersonClass, blank=True)
    is_direct_worker = models.BooleanField("người trực tiếp", null=True, blank=True)

    #: Code of the lawbook; empty for a form that it does not know, then only the words.
    form = models.CharField("hình thức", max_length=60, blank=True)
    form_name = models.CharField("hình thức ghi trong nguồn", max_length=300)
    level = models.CharField("cấp", max_length=10, choices=AwardLevel, blank=True)
    #: merit, movement, one-off … of the lawbook; empty while nobody knows.
    commendation_type = models.CharField("loại hình khen thưởng", max_length=20, blank=True)
    movement = models.ForeignKey(
        Movement,
        verbose_name="phong trào",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registered_awards",
    )
    #: Of the achievement: half-open, both or neither.
    since = models.DateField("thành tích từ ngày", null=True, blank=True)
    until = models.DateField("thành tích đến trước ngày", null=True, blank=True)
    achievement = models.TextField("thành tích", blank=True)

    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    #: The year of the decision, also where the day is not known.
    decided_year = models.PositiveSmallIntegerField("năm quyết định")
    decision_number = models.CharField("số quyết định", max_length=120, blank=True)
    issuer = models.ForeignKey(
        Unit,
        verbose_name="cơ quan quyết định",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="awards_issued",
    )
    issuer_name = models.CharField("cơ quan quyết định ghi trong nguồn", max_length=300, blank=True)
    signer = models.CharField("người ký", max_length=200, blank=True)
    #: Đồng; empty while nobody knows. A bonus that was not given is 0.
    bonus = models.PositiveBigIntegerField("tiền thưởng (đồng)", null=True, blank=True)
    #: In the golden book of the deciding body, as written ("123", "123/SV").
    golden_book_number = models.CharField("số vào sổ vàng", max_length=40, blank=True)

    #: The body in whose register it stands.
    keeper = models.ForeignKey(
        Unit, verbose_name="cơ quan giữ sổ", on_delete=models.PROTECT, related_name="awards_kept"
    )
    source = models.CharField("nguồn", max_length=12, choices=AwardSource)
    candidate = models.ForeignKey(
        Candidate,
        verbose_name="đề nghị",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registered_awards",
    )
    paper = models.ForeignKey(
        OutgoingPaper,
        verbose_name="quyết định trong chương trình",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="registered_awards",
    )
    #: The list or decision that it was read from.
    file = models.ForeignKey(
        StoredFile,
        verbose_name="tệp nguồn",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file_name = models.CharField("tên tệp nguồn", max_length=255, blank=True)
    #: "Sheet «2019», dòng 14" or "bảng 1, dòng 3".
    place_in_file = models.CharField("chỗ trong tệp", max_length=120, blank=True)
    #: Same name, form, number and year give the same value: a list that comes twice is seen. Not unique, two
    #: people of one name may stand in one decision.
    likeness = models.CharField("dấu so trùng", max_length=64)

    state = models.CharField("tình trạng", max_length=10, choices=AwardState, default=AwardState.IN_FORCE)
    revoked_on = models.DateField("ngày hủy bỏ", null=True, blank=True)
    revoked_by = models.CharField("văn bản hủy bỏ", max_length=300, blank=True)
    revoking_reason = models.TextField("lý do hủy bỏ", blank=True)
    #: The row that this one corrects.
    corrects = models.OneToOneField(
        "self",
        verbose_name="đính chính cho",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrected_by",
    )
    correcting_paper = models.CharField("văn bản đính chính", max_length=300, blank=True)
    correcting_reason = models.TextField("lý do đính chính", blank=True)
    note = models.TextField("ghi chú", blank=True)

    search_text = models.TextField("chữ để tìm", blank=True)
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField("lúc vào sổ", default=timezone.now)

    class Meta:
        verbose_name = "khoản khen thưởng"
        verbose_name_plural = "sổ khen thưởng"
        constraints = [
            # One case, one award, however often the decision is sent again.
            models.UniqueConstraint(
                name="award_once_per_candidate",
                fields=["candidate"],
                condition=Q(candidate__isnull=False) & ~Q(state="dinh_chinh"),
            ),
            models.UniqueConstraint(
                name="golden_book_number_once",
                fields=["issuer", "decided_year", "golden_book_number"],
                condition=~Q(golden_book_number="") & ~Q(state="dinh_chinh"),
            ),
            models.CheckConstraint(
                name="award_subject_is_of_its_type",
                condition=(Q(person__isnull=True) | Q(subject_type="individual"))
                & (Q(household__isnull=True) | Q(subject_type="household")),
            ),
            models.CheckConstraint(
                name="award_period_is_whole",
                condition=Q(since__isnull=True, until__isnull=True) | Q(until__gt=F("since")),
            ),
            models.CheckConstraint(
                name="award_revoked_on_a_day",
                condition=~Q(state="thu_hoi") | Q(revoked_on__isnull=False),
            ),
        ]
        indexes = [
            # What does this subject hold?
            models.Index(fields=["subject_key", "state"], name="award_by_subject"),
            # Is this row of a list here already?
            models.Index(fields=["likeness"], name="award_by_likeness"),
            # The register, newest first and by name: what rights ask stands in the index.
            ListIndex(
                fields=["-decided_year", "-decided_on", "id", "state", "keeper", "issuer", "unit", "person"],
                name="award_newest_first",
            ),
            ListIndex(
                fields=["name_order", "id", "state", "keeper", "issuer", "unit", "person"],
                name="award_in_order",
            ),
            ListIndex(
                fields=[
                    "form",
                    "-decided_year",
                    "-decided_on",
                    "id",
                    "state",
                    "keeper",
                    "issuer",
                    "unit",
                    "person",
                ],
                name="award_by_form",
            ),
            # How many may this person see? Small, for equal entries are stored once.
            models.Index(fields=["state", "keeper", "issuer", "unit", "person"], name="award_counts"),
            models.Index(fields=["movement", "state"], name="award_by_movement"),
        ]

    def __str__(self) -> str:
        return f"{self.form or self.form_name} · {self.subject_key or self.pk}"


class RegisterCoverage(models.Model):
    """That a body says: the register holds every award of the subjects at or below this unit.

    Until somebody says so, no award in the register means unknown, not none. The same with disciplines, of
    which it may say so from a day on.
    """

    unit = models.OneToOneField(
        Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="register_coverage"
    )
    #: What was gone through: decisions, old lists, archive.
    ground = models.CharField("căn cứ", max_length=500)
    declared_on = models.DateField("ngày xác nhận")
    #: From this day every discipline of these subjects stands among the holds; empty: nobody says so.
    discipline_since = models.DateField("kỷ luật ghi đủ từ ngày", null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "xác nhận sổ đã đủ"
        verbose_name_plural = "xác nhận sổ đã đủ"

    def __str__(self) -> str:
        return str(self.unit)


class ImportKind(models.TextChoices):
    LIST = "danh_sach", "Danh sách Excel"
    DECISION = "quyet_dinh", "Văn bản quyết định"


class ImportState(models.TextChoices):
    WAITING = "cho_xac_nhan", "Chờ xác nhận"
    ENTERED = "da_vao_so", "Đã vào sổ"
    DROPPED = "da_bo", "Đã bỏ"


class RegisterImport(models.Model):
    """One file of old awards handed in: looked at first, then entered as a whole or not at all."""

    keeper = models.ForeignKey(
        Unit, verbose_name="cơ quan giữ sổ", on_delete=models.PROTECT, related_name="register_imports"
    )
    kind = models.CharField("loại", max_length=12, choices=ImportKind)
    file = models.ForeignKey(StoredFile, verbose_name="tệp", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("tên tệp", max_length=255)
    state = models.CharField("tình trạng", max_length=14, choices=ImportState, default=ImportState.WAITING)
    #: Of a decision, as read and as confirmed; empty while unknown.
    number = models.CharField("số quyết định", max_length=120, blank=True)
    decided_on = models.DateField("ngày quyết định", null=True, blank=True)
    issuer_name = models.CharField("cơ quan quyết định", max_length=300, blank=True)
    signer = models.CharField("người ký", max_length=200, blank=True)
    form = models.CharField("hình thức", max_length=60, blank=True)
    commendation_type = models.CharField("loại hình", max_length=20, blank=True)
    entered_count = models.PositiveIntegerField("số khoản đã vào sổ", null=True, blank=True)
    entered_at = models.DateTimeField("lúc vào sổ", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc đưa lên", default=timezone.now)

    class Meta:
        verbose_name = "lần nhập sổ khen thưởng"
        verbose_name_plural = "lần nhập sổ khen thưởng"
        indexes = [models.Index(fields=["keeper", "-made_at"], name="register_import_by_keeper")]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One name of a decision that was read: as it stands there, and what a person made of it."""

    batch = models.ForeignKey(
        RegisterImport, verbose_name="lần nhập", on_delete=models.CASCADE, related_name="rows"
    )
    position = models.PositiveIntegerField("thứ tự")
    place = models.CharField("chỗ trong tệp", max_length=120)
    #: The row as read, cells joined; never changed.
    quote = models.TextField("nguyên văn")
    subject_type = models.CharField("đối tượng", max_length=24, choices=AwardSubjectType, blank=True)
    name = models.CharField("tên", max_length=400)
    unit_name = models.CharField("đơn vị", max_length=400, blank=True)
    form = models.CharField("hình thức", max_length=60, blank=True)
    #: "person:9" when somebody said so.
    subject_key = models.CharField("khóa đối tượng", max_length=80, blank=True)
    #: None while nobody has looked at it; False: left out.
    is_taken = models.BooleanField("lấy vào sổ", null=True)

    class Meta:
        verbose_name = "dòng của quyết định được nhập"
        verbose_name_plural = "dòng của quyết định được nhập"
        constraints = [models.UniqueConstraint(name="import_row_once", fields=["batch", "position"])]

    def __str__(self) -> str:
        return self.place
