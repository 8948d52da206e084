"""Files that go with what oversight keeps."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.oversight.models.difficulties import Difficulty
from thidua.oversight.models.guidance import Guidance
from thidua.oversight.models.inspections import Finding, Remedy


class Proof(models.Model):
    """A file or photo that shows what a difficulty, finding or remedy says, or a guidance document itself.

    May show persons.
    """

    difficulty = models.ForeignKey(
        Difficulty, null=True, blank=True, on_delete=models.PROTECT, related_name="proofs"
    )
    guidance = models.ForeignKey(
        Guidance, null=True, blank=True, on_delete=models.PROTECT, related_name="proofs"
    )
    finding = models.ForeignKey(
        Finding, null=True, blank=True, on_delete=models.PROTECT, related_name="proofs"
    )
    remedy = models.ForeignKey(Remedy, null=True, blank=True, on_delete=models.PROTECT, related_name="proofs")
    file = models.ForeignKey(StoredFile, verbose_name="tệp", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField("tên tệp", max_length=255)
    added_at = models.DateTimeField("lúc thêm", default=timezone.now)

    class Meta:
        verbose_name = "tài liệu kèm theo"
        verbose_name_plural = "tài liệu kèm theo"
        constraints = [
            models.CheckConstraint(
                name="proof_goes_with_something",
                condition=Q(difficulty__isnull=False)
                | Q(guidance__isnull=False)
                | Q(finding__isnull=False)
                | Q(remedy__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
