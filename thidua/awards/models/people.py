"""Persons who may be commended, and what stops a subject for a while."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.households.models import Household
from thidua.organisations.models import Unit


class Sex(models.TextChoices):
    FEMALE = "nu", "Nữ"
    MALE = "nam", "Nam"


class PersonClass(models.TextChoices):
    """How statistics count a person (circular 02/2023, forms 0602.N and 0603.N)."""

    HIGH_LEADER = "lanh_dao_tinh", "Lãnh đạo cấp bộ, tỉnh trở lên"
    LEADER = "lanh_dao_so", "Lãnh đạo cấp vụ, sở"
    BUSINESS = "doanh_nhan", "Doanh nhân"
    OTHER_LEADER = "lanh_dao_khac", "Lãnh đạo khác từ phó trưởng phòng trở lên"
    DIRECT = "truc_tiep", "Người trực tiếp công tác, lao động, học tập, chiến đấu"


class PersonRecord(models.Model):
    """One person as a subject of commendation, so that awards hang on a key and not on a typed name.

    Personal data: name, sex, year of birth, position. Shown only to those who may see the unit's candidates.
    """

    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="person_records"
    )
    name = models.CharField("họ và tên", max_length=150)
    name_order = models.CharField("tên để xếp thứ tự", max_length=400, blank=True)
    search_text = models.CharField("chữ để tìm", max_length=400, blank=True)
    #: Two of one name in one unit are told apart by it.
    birth_year = models.PositiveSmallIntegerField("năm sinh", null=True, blank=True)
    #: Number of the officer or worker as the unit keeps it.
    staff_code = models.CharField("mã cán bộ", max_length=40, blank=True)
    sex = models.CharField("giới tính", max_length=3, choices=Sex, blank=True)
    position = models.CharField("chức vụ, công việc", max_length=200, blank=True)
    #: First day of the service that counts for years of service (quá trình công tác). Unknown is not new.
    serves_since = models.DateField("công tác từ ngày", null=True, blank=True)
    person_class = models.CharField("nhóm thống kê", max_length=16, choices=PersonClass, blank=True)
    #: The account of this person, when there is one: who may look at the own record, who must not judge it.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="tài khoản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="person_records",
    )
    #: The household whose head this person is: one achievement is not rewarded twice through it.
    heads = models.ForeignKey(
        Household,
        verbose_name="là chủ hộ của",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="head_records",
    )
    left_on = models.DateField("ngày rời đơn vị", null=True, blank=True)
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "hồ sơ người được xét"
        verbose_name_plural = "hồ sơ người được xét"
        constraints = [
            models.UniqueConstraint(
                name="person_staff_code_once_in_a_unit",
                fields=["unit", "staff_code"],
                condition=~Q(staff_code=""),
            ),
        ]
        # "Who of this unit, by name?"
        indexes = [models.Index(fields=["unit", "name_order"], name="person_by_unit")]

    def __str__(self) -> str:
        return f"person:{self.pk}"

    @property
    def is_direct_worker(self) -> bool | None:
        """None while the class is not known."""
        return self.person_class == PersonClass.DIRECT if self.person_class else None


class ChargeArea(models.Model):
    """That an official is in charge of a commune or village, and judged by how it came out (S002)."""

    person = models.ForeignKey(
        PersonRecord, verbose_name="người", on_delete=models.CASCADE, related_name="charges"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="xã, thôn phụ trách", on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", null=True, blank=True)
    #: The paper that says so.
    source = models.CharField("căn cứ", max_length=300, blank=True)

    class Meta:
        verbose_name = "địa bàn phụ trách"
        verbose_name_plural = "địa bàn phụ trách"
        constraints = [
            models.UniqueConstraint(name="charge_once", fields=["person", "unit", "since"]),
            models.CheckConstraint(
                name="charge_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.unit_id}"


class Hold(models.Model):
    """That a subject is under discipline, inspection, complaint …: nobody submits or signs (NĐ 98, art. 4).

    Personal data where the subject is a person or household. `subject_key` as in `Candidate`.
    """

    subject_key = models.CharField("khóa đối tượng", max_length=80)
    #: The unit the subject is or belongs to: whose people may see and enter it.
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    #: `award.hold.<kind>` of the lawbook: discipline, inspection, complaint …
    kind = models.CharField("trường hợp", max_length=40)
    reason = models.TextField("nội dung vụ việc")
    source = models.CharField("văn bản, nguồn", max_length=300, blank=True)
    file = models.ForeignKey(
        StoredFile, verbose_name="tệp", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField("từ ngày")
    #: First day no longer; open while nobody knows.
    until = models.DateField("đến trước ngày", null=True, blank=True)
    #: How it ended: disciplined (achievements count from `until` again) or cleared.
    was_cleared = models.BooleanField("kết luận không vi phạm", null=True, blank=True)
    end_note = models.CharField("kết luận", max_length=500, blank=True)
    #: The opinion that it comes from, when it was a complaint against a posted list.
    opinion = models.ForeignKey(
        "awards.Opinion",
        verbose_name="ý kiến",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="holds",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "tạm dừng xét khen thưởng"
        verbose_name_plural = "tạm dừng xét khen thưởng"
        constraints = [
            models.CheckConstraint(
                name="hold_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
        ]
        # "Is this subject held on this day?"
        indexes = [models.Index(fields=["subject_key", "since"], name="hold_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject_key}: {self.kind}"
