"""Verdicts that are kept: what was judged together, how each subject came out, and from which facts.

Written once by `storing`, never changed: a later figure or rule makes a new set. Holds the keys of subjects,
and in the facts what is known about them, which for households and persons is personal data.
"""

from __future__ import annotations

from django.db import models

from thidua.criteria.reasons import Outcome


class OutcomeChoice(models.IntegerChoices):
    """`reasons.Outcome` as a column."""

    NOT_MET = Outcome.NOT_MET.value, Outcome.NOT_MET.label
    UNKNOWN = Outcome.UNKNOWN.value, Outcome.UNKNOWN.label
    MET = Outcome.MET.value, Outcome.MET.label
    NOT_APPLICABLE = Outcome.NOT_APPLICABLE.value, Outcome.NOT_APPLICABLE.label


class VerdictSet(models.Model):
    """One judging of many subjects by the criteria of their kind, with all that they share."""

    #: The rule set as it was, `rules/1`, and which of its subjects was judged.
    rules = models.JSONField("bộ tiêu chí")
    rules_code = models.CharField("mã bộ tiêu chí", max_length=80, blank=True)
    subject_rules = models.CharField("đối tượng", max_length=40)
    #: Measures and units as they were, years of the round, sources of the facts.
    words = models.JSONField("danh mục số đo")
    setting = models.JSONField("năm xét")
    sources = models.JSONField("nguồn")
    #: What stands where in the evidence of each subject.
    evidence_head = models.JSONField("đầu bằng chứng")
    on = models.DateField("ngày xét")
    made_at = models.DateTimeField("lúc xét")
    subject_count = models.PositiveIntegerField("số đối tượng")
    met_count = models.PositiveIntegerField("số đạt")
    near_count = models.PositiveIntegerField("số gần đạt")
    unknown_count = models.PositiveIntegerField("số chưa xác định được")
    #: Over all of it: rules, words, facts and outcomes.
    sha256 = models.CharField("mã băm", max_length=64)

    class Meta:
        verbose_name = "lần xét tiêu chí"
        verbose_name_plural = "lần xét tiêu chí"
        # "What was judged by these criteria, newest first?"
        indexes = [models.Index(name="verdicts_by_rules", fields=["rules_code", "subject_rules", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.rules_code} {self.subject_rules}, {self.on:%d/%m/%Y}"


class StoredVerdict(models.Model):
    """How one subject came out, and the line of facts from which its reasons can be made again."""

    verdict_set = models.ForeignKey(
        VerdictSet, verbose_name="lần xét", on_delete=models.CASCADE, related_name="verdicts"
    )
    subject = models.CharField("đối tượng", max_length=80)
    outcome = models.PositiveSmallIntegerField("kết luận", choices=OutcomeChoice)
    is_near = models.BooleanField("gần đạt")
    #: One digit for each criterion in order: the value of its outcome.
    outcomes = models.CharField("từng tiêu chí", max_length=200)
    evidence = models.TextField("dữ kiện")

    class Meta:
        verbose_name = "kết luận"
        verbose_name_plural = "kết luận"
        constraints = [
            models.UniqueConstraint(name="verdict_once_per_set", fields=["verdict_set", "subject"])
        ]
        # "Who meets or nearly meets it?"
        indexes = [models.Index(name="verdicts_by_outcome", fields=["verdict_set", "outcome", "is_near"])]

    def __str__(self) -> str:
        return f"{self.subject}: {OutcomeChoice(self.outcome).label}"
