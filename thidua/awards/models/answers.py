"""What a named person answered about a subject, where no figure of the program can."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from thidua.awards.models.rounds import AwardRound
from thidua.documents.models import StoredFile


class SubjectAnswer(models.Model):
    """One answer in one round: to a question of the criteria, or that something is so, with who says it.

    May be about a person or household: personal data. A later answer replaces the earlier.
    """

    round = models.ForeignKey(
        AwardRound, verbose_name="đợt", on_delete=models.CASCADE, related_name="answers"
    )
    subject_key = models.CharField("khóa đối tượng", max_length=80)
    #: Key of the judged condition ("S5.c1"), or code of a yes-or-no measure.
    question = models.CharField("câu hỏi", max_length=80)
    answer = models.BooleanField("trả lời")
    why = models.TextField("lý do, căn cứ")
    by = models.CharField("người, nơi xác nhận", max_length=300)
    on = models.DateField("ngày")
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "trả lời về đối tượng"
        verbose_name_plural = "trả lời về đối tượng"
        constraints = [
            models.UniqueConstraint(name="subject_answer_once", fields=["round", "subject_key", "question"])
        ]

    def __str__(self) -> str:
        return f"{self.subject_key}: {self.question}"
