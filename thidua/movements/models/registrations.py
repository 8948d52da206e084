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
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "đăng ký"
        verbose_name_plural = "đăng ký"
        constraints = [
            models.CheckConstraint(
                name="registration_of_a_person_or_household_has_a_name",
                condition=Q(subject_type=SubjectType.UNIT) | ~Q(subject_name=""),
            ),
        ]
        indexes = [models.Index(fields=["plan", "year", "state"], name="registration_by_plan")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


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
