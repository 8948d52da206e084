"""The switch: that a body shows one of its plans, or one of its issued papers, to everybody."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from thidua.documents.models import OutgoingPaper
from thidua.movements.models import Plan


class PublicationState(models.TextChoices):
    HIDDEN = "chua", "Chưa công khai"
    PUBLISHED = "cong_khai", "Đang công khai"
    WITHDRAWN = "da_rut", "Đã rút"


class Publication(models.Model):
    """One plan or issued paper on the public portal. Without a row, or in another state, nothing is shown.

    `summary` holds words for the public, no personal data.
    """

    plan = models.OneToOneField(
        Plan, verbose_name="kế hoạch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    paper = models.OneToOneField(
        OutgoingPaper,
        verbose_name="văn bản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        "trạng thái", max_length=10, choices=PublicationState, default=PublicationState.HIDDEN
    )
    summary = models.TextField("lời giới thiệu", blank=True)
    #: Whether the file of the plan may be fetched: an officer has looked that it names no private person.
    shows_file = models.BooleanField("cho tải tệp gốc", default=False)
    published_at = models.DateTimeField("lúc công khai", null=True, blank=True)
    changed_at = models.DateTimeField("lúc thay đổi")

    class Meta:
        verbose_name = "mục công khai"
        verbose_name_plural = "mục công khai"
        constraints = [
            models.CheckConstraint(
                name="publication_shows_one_thing",
                condition=Q(plan__isnull=False, paper__isnull=True)
                | Q(plan__isnull=True, paper__isnull=False),
            ),
            models.CheckConstraint(
                name="publication_has_moment_once_published",
                condition=Q(state=PublicationState.HIDDEN) | Q(published_at__isnull=False),
            ),
        ]
        indexes = [
            # What is new on the portal?
            models.Index(fields=["state", "-published_at"], name="publication_newest"),
        ]

    def __str__(self) -> str:
        return f"Công khai: {self.plan or self.paper}"

    @property
    def is_published(self) -> bool:
        return self.state == PublicationState.PUBLISHED
