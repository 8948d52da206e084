"""Templates of papers that bodies write, in versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class PaperTemplate(models.Model):
    """One template of a body for one type of paper; its text stands in its versions. No personal data."""

    unit = models.ForeignKey(
        "organisations.Unit",
        verbose_name="cơ quan",
        on_delete=models.PROTECT,
        related_name="paper_templates",
    )
    #: A code of a kind of paper: "bao_cao".
    kind = models.CharField("loại văn bản", max_length=40)
    name = models.CharField("tên mẫu", max_length=200)
    name_order = models.CharField("tên để xếp thứ tự", max_length=500, blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    #: Taken when a paper of this type is written and nobody asks for a particular template.
    is_usual = models.BooleanField("dùng khi không chọn mẫu", default=False)
    made_at = models.DateTimeField("lúc lập")
    retired_at = models.DateTimeField("lúc thôi dùng", null=True, blank=True)

    class Meta:
        verbose_name = "mẫu văn bản"
        verbose_name_plural = "mẫu văn bản"
        constraints = [
            models.UniqueConstraint(
                name="unit_has_one_usual_template_of_a_kind",
                fields=["unit", "kind"],
                condition=Q(is_usual=True, retired_at__isnull=True),
            ),
            models.UniqueConstraint(
                name="paper_template_name_once",
                fields=["unit", "name"],
                condition=Q(retired_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PaperTemplateVersion(models.Model):
    """The text of a template. One without a day of issue is the draft; once issued it never changes."""

    template = models.ForeignKey(
        PaperTemplate, verbose_name="mẫu", on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField("lần")
    text = models.TextField("nội dung mẫu")
    note = models.CharField("thay đổi gì", max_length=300, blank=True)
    #: Grows with each change of the draft: who writes over what they have not seen is told so.
    edition = models.PositiveIntegerField("lần sửa", default=1)
    changed_at = models.DateTimeField("lúc sửa")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người sửa",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField("lúc đưa vào dùng", null=True, blank=True)
    issued_on = models.DateField("dùng từ ngày", null=True, blank=True)

    class Meta:
        verbose_name = "phiên bản mẫu"
        verbose_name_plural = "phiên bản mẫu"
        constraints = [
            models.UniqueConstraint(name="paper_template_version_once", fields=["template", "number"]),
            models.UniqueConstraint(
                name="paper_template_has_one_draft",
                fields=["template"],
                condition=Q(issued_at__isnull=True),
            ),
            models.CheckConstraint(
                name="issued_template_has_a_day",
                condition=Q(issued_at__isnull=True, issued_on__isnull=True)
                | Q(issued_at__isnull=False, issued_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} (lần {self.number})"

    @property
    def is_draft(self) -> bool:
        return self.issued_at is None
