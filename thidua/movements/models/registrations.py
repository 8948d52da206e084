"""Who joined a movement, whom they promised to help, and calendars to subscribe to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.movements.models.plans import Plan
from thidua.organisations.models import Unit


class RegistrationKind(models.TextChoices):
    JOIN = "tham_gia", "Đăng ký tham gia phong trào"
    HELP = "giup_do", "Đăng ký giúp đỡ xã, thôn"
    ESCAPE = "thoat_ngheo", "Hộ đăng ký thoát nghèo"


class SubjectType(models.TextChoices):
    """Who registers; the values are the subject types of `golden/1`."""

    UNIT = "agency", "Cơ quan, đơn vị"
    INDIVIDUAL = "individual", "Cá nhân"
    HOUSEHOLD = "household", "Hộ gia đình"
    ENTERPRISE = "organisation_enterprise", "Doanh nghiệp, hợp tác xã, tổ chức"


class RegistrationState(models.TextChoices):
    DRAFT = "nhap", "Chưa gửi"
    PENDING = "cho_duyet", "Chờ duyệt"
    RETURNED = "tra_lai", "Trả lại"
    APPROVED = "da_duyet", "Đã duyệt"
    WITHDRAWN = "da_rut", "Đã rút"


class Registration(models.Model):
    """One registration in one year of a plan.

    A person or household is named: personal data (`subject_name`).
    """

    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="registrations"
    )
    kind = models.CharField("loại đăng ký", max_length=14, choices=RegistrationKind)
    subject_type = models.CharField("đối tượng", max_length=24, choices=SubjectType)
    #: The unit that sends it: the subject itself, or the unit to which the person or household belongs.
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị gửi", on_delete=models.PROTECT, related_name="registrations"
    )
    subject_name = models.CharField("tên người, hộ, tổ chức", max_length=300, blank=True)
    subject_address = models.CharField("địa chỉ (thôn, bản)", max_length=300, blank=True)
    #: The commune or village that is helped ("có địa chỉ cụ thể").
    helped_unit = models.ForeignKey(
        Unit,
        verbose_name="xã, thôn được giúp",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: A village of that commune by name, as long as villages are not units.
    helped_village = models.CharField("thôn, bản được giúp", max_length=200, blank=True)
    #: Who, and for help also where, without accents: what may be registered once a year.
    subject_key = models.CharField("khóa chống trùng", max_length=700, blank=True, default="")
    year = models.PositiveSmallIntegerField("năm")
    commitment = models.TextField("nội dung cam kết")
    state = models.CharField(
        "trạng thái", max_length=10, choices=RegistrationState, default=RegistrationState.DRAFT
    )
    returned_reason = models.TextField("lý do trả lại", blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    sent_at = models.DateTimeField("lúc gửi", null=True, blank=True)
    decided_at = models.DateTimeField("lúc duyệt", null=True, blank=True)
    #: Without names of persons and households: whoever may not see a name must not find by it either.
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "đăng ký"
        verbose_name_plural = "đăng ký"
        constraints = [
            models.CheckConstraint(
                name="registration_of_a_person_or_household_has_a_name",
                condition=Q(subject_type=SubjectType.UNIT) | ~Q(subject_name=""),
            ),
            models.UniqueConstraint(
                name="registration_once_per_subject_and_year",
                fields=["plan", "kind", "year", "unit", "subject_key"],
                condition=~Q(state=RegistrationState.WITHDRAWN),
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "year", "state"], name="registration_by_plan"),
            # Has this unit sent anything of this kind?
            models.Index(fields=["plan", "year", "kind", "unit", "state"], name="registration_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class RegistrationCall(models.Model):
    """That a plan asks for registrations in a year: until which day, and how many helpers one place needs."""

    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="registration_calls"
    )
    year = models.PositiveSmallIntegerField("năm")
    #: The last day that is in time.
    due_on = models.DateField("hạn gửi đăng ký", null=True, blank=True)
    helpers_needed = models.PositiveSmallIntegerField("số cơ quan cần cho một nơi", default=1)

    class Meta:
        verbose_name = "đợt đăng ký"
        verbose_name_plural = "đợt đăng ký"
        constraints = [
            models.UniqueConstraint(name="registration_call_once_a_year", fields=["plan", "year"]),
            models.CheckConstraint(
                name="registration_call_needs_a_helper", condition=Q(helpers_needed__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.year}"


class ExpectedUnit(models.Model):
    """An exception to who must register: a unit that must although the plan gave it nothing, or need not."""

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("loại đăng ký", max_length=14, choices=RegistrationKind)
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    is_expected = models.BooleanField("phải đăng ký")
    reason = models.CharField("lý do", max_length=500)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "ngoại lệ đăng ký"
        verbose_name_plural = "ngoại lệ đăng ký"
        constraints = [
            models.UniqueConstraint(name="expected_unit_once", fields=["plan", "year", "kind", "unit"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.reason}"


class RegistrationReminder(models.Model):
    """One reminder to a unit that has not sent its registration."""

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField("năm")
    kind = models.CharField("loại đăng ký", max_length=14, choices=RegistrationKind)
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("nội dung")
    sender_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", default=timezone.now)

    class Meta:
        verbose_name = "nhắc đăng ký"
        verbose_name_plural = "nhắc đăng ký"
        indexes = [
            # How often, and when last, was this unit reminded?
            models.Index(fields=["plan", "year", "kind", "unit", "-sent_at"], name="reg_reminder_by_unit"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class SummaryState(models.TextChoices):
    DRAFT = "nhap", "Nháp"
    SENT = "da_gui", "Đã gửi"
    RETURNED = "tra_lai", "Trả lại"
    ACCEPTED = "da_nhan", "Đã nhận"


class RegistrationSummary(models.Model):
    """The approved registrations at and below one unit as figures for the level above, in one year of a plan.

    `figures` is the JSON text of `registrations.merging.Figures`: counts without names. Once accepted it
    never changes, whatever happens to the registrations.
    """

    #: May still be merged anew.
    OPEN = (SummaryState.DRAFT, SummaryState.RETURNED)

    plan = models.ForeignKey(
        Plan,
        verbose_name="kế hoạch cấp trên",
        on_delete=models.PROTECT,
        related_name="registration_summaries",
    )
    year = models.PositiveSmallIntegerField("năm")
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị tổng hợp", on_delete=models.PROTECT, related_name="registration_summaries"
    )
    state = models.CharField("trạng thái", max_length=10, choices=SummaryState, default=SummaryState.DRAFT)
    figures = models.TextField("số liệu", default="{}")
    built_at = models.DateTimeField("lúc tổng hợp", default=timezone.now)
    returned_reason = models.TextField("lý do trả lại", blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("lúc gửi", null=True, blank=True)
    decided_at = models.DateTimeField("lúc nhận hay trả lại", null=True, blank=True)

    class Meta:
        verbose_name = "tổng hợp đăng ký"
        verbose_name_plural = "tổng hợp đăng ký"
        constraints = [
            models.UniqueConstraint(name="summary_once_per_unit_and_year", fields=["plan", "year", "unit"]),
        ]

    def __str__(self) -> str:
        return f"Tổng hợp đăng ký năm {self.year}"


class CalendarFeed(models.Model):
    """A secret address under which a person's calendar program fetches their dates; may be revoked.

    Only the hash of the secret is kept.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds"
    )
    token_hash = models.CharField("mã băm của địa chỉ", max_length=64, unique=True)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    last_read_at = models.DateTimeField("lần đọc gần nhất", null=True, blank=True)
    revoked_at = models.DateTimeField("lúc thu hồi", null=True, blank=True)

    class Meta:
        verbose_name = "lịch đăng ký theo dõi"
        verbose_name_plural = "lịch đăng ký theo dõi"

    def __str__(self) -> str:
        return f"{self.user}"
