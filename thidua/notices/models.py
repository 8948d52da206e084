"""What people are told, how they want to be told, and what was sent to whom."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from thidua.organisations.models import Unit


class Notice(models.Model):
    """One message to a person, or to everybody who acts for a unit.

    Points to the page where the act is done.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người nhận",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name="đơn vị nhận",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="notices",
    )
    kind = models.CharField("loại", max_length=40)
    text = models.CharField("nội dung", max_length=500)
    address = models.CharField("trang", max_length=300, blank=True)
    sent_at = models.DateTimeField("lúc gửi", default=timezone.now)
    sender = models.CharField("người gửi", max_length=300, blank=True)
    #: Text and sender without accents.
    search_text = models.TextField("chữ để tìm", default="", blank=True)
    #: When it was looked at for who wants a letter of it; empty until then.
    planned_at = models.DateTimeField("lúc xếp gửi thư", null=True, blank=True)

    class Meta:
        verbose_name = "thông báo"
        verbose_name_plural = "thông báo"
        constraints = [
            models.CheckConstraint(
                name="notice_goes_to_a_person_or_a_unit",
                condition=models.Q(user__isnull=False, unit__isnull=True)
                | models.Q(user__isnull=True, unit__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-sent_at"], name="notice_by_user"),
            models.Index(fields=["unit", "-sent_at"], name="notice_by_unit"),
            # Which notices has nobody looked at for letters yet?
            models.Index(
                fields=["id"], name="notice_not_planned", condition=models.Q(planned_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeRead(models.Model):
    """That a person has seen a notice."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField("lúc đọc", default=timezone.now)

    class Meta:
        verbose_name = "đã đọc"
        verbose_name_plural = "đã đọc"
        constraints = [models.UniqueConstraint(name="notice_read_once", fields=["notice", "user"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.notice}"


class ReceivingChoice(models.Model):
    """How a person wants to be told, where they want it otherwise than usual. Times are those of Vietnam."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name="người nhận",
        on_delete=models.CASCADE,
        related_name="receiving_choice",
    )
    #: Group of kinds → whether letters about it leave at once, with the digest, or not at all.
    ways = models.JSONField("cách gửi thư", default=dict)
    #: Deadline rules that the person does not want to be reminded by.
    rules_off = models.JSONField("không nhắc", default=list)
    is_weekly = models.BooleanField("bản tin hằng tuần", default=False)
    quiet_since = models.TimeField("yên lặng từ")
    quiet_until = models.TimeField("yên lặng đến")
    also_days_off = models.BooleanField("gửi cả ngày nghỉ", default=False)
    changed_at = models.DateTimeField("lúc chọn", default=timezone.now)

    class Meta:
        verbose_name = "lựa chọn nhận thông báo"
        verbose_name_plural = "lựa chọn nhận thông báo"

    def __str__(self) -> str:
        return f"{self.user}"


class DeliveryState(models.TextChoices):
    PLANNED = "cho_gui", "Chờ gửi"
    SENDING = "dang_gui", "Đang gửi"
    SENT = "da_gui", "Đã gửi"
    FAILED = "khong_duoc", "Không gửi được"
    UNSURE = "khong_ro", "Không rõ đã đi chưa"
    DROPPED = "thoi", "Thôi, không cần gửi"


class Delivery(models.Model):
    """That one person is told of one matter by one channel: written before anything is sent.

    The unique key is what keeps anybody from being told twice, however many workers there are and whenever
    one dies. Deliveries that leave together as one letter share `batch`. States are changed by compare and
    set in `sending`, as those of jobs: the program acts here, no person.
    """

    ENDED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNSURE, DeliveryState.DROPPED)

    #: "thong-bao" for a notice, else the key of a deadline rule.
    rule = models.CharField("quy tắc", max_length=20)
    #: Source and key of the thing: "tasks", "12"; of a notice "notices" and its number.
    source = models.CharField("nguồn", max_length=40)
    object_key = models.CharField("đối tượng", max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người nhận",
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    #: The last day in time of a thing that falls due, else the day of the notice.
    day = models.DateField("ngày")
    channel = models.CharField("kênh", max_length=10)
    kind = models.CharField("loại", max_length=40)
    text = models.CharField("nội dung", max_length=500)
    about = models.CharField("từ đâu", max_length=300, blank=True)
    address = models.CharField("trang", max_length=300, blank=True)
    search_text = models.TextField("chữ để tìm", default="", blank=True)

    state = models.CharField(
        "trạng thái", max_length=10, choices=DeliveryState, default=DeliveryState.PLANNED
    )
    planned_at = models.DateTimeField("lúc ghi")
    send_at = models.DateTimeField("không gửi trước")
    attempts = models.PositiveSmallIntegerField("số lần đã thử", default=0)
    batch = models.CharField("lần gửi", max_length=36, blank=True)
    sending_at = models.DateTimeField("lúc bắt đầu gửi", null=True, blank=True)
    ended_at = models.DateTimeField("lúc kết thúc", null=True, blank=True)
    error = models.CharField("vì sao", max_length=300, blank=True)

    class Meta:
        verbose_name = "lượt gửi"
        verbose_name_plural = "lượt gửi"
        constraints = [
            models.UniqueConstraint(
                name="delivery_never_twice",
                fields=["rule", "source", "object_key", "user", "day", "channel"],
            ),
            models.CheckConstraint(
                name="delivery_being_sent_has_moment_and_batch",
                condition=~models.Q(state=DeliveryState.SENDING)
                | (models.Q(sending_at__isnull=False) & ~models.Q(batch="")),
            ),
        ]
        indexes = [
            # What may leave now, and to whom?
            models.Index(
                fields=["channel", "send_at", "user"],
                name="delivery_planned",
                condition=models.Q(state=DeliveryState.PLANNED),
            ),
            # What did a worker leave behind?
            models.Index(
                fields=["sending_at"],
                name="delivery_being_sent",
                condition=models.Q(state=DeliveryState.SENDING),
            ),
            models.Index(fields=["-planned_at", "-id"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.text}"
