"""The row that a job is, and the row that a worker is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class JobState(models.TextChoices):
    QUEUED = "queued", "đang chờ"
    RUNNING = "running", "đang chạy"
    DONE = "done", "đã xong"
    FAILED = "failed", "không thành công"


class Job(models.Model):
    """One piece of work asked for, from the request to its end.

    Holds no personal data of its own: `args` carries ids, never contents.
    """

    #: After these nothing more happens to a job by itself.
    FINISHED = (JobState.DONE, JobState.FAILED)

    kind = models.CharField("loại việc", max_length=80)
    args = models.JSONField("tham số", default=dict)
    # Null where there is none: the unique constraint lets many of those be.
    key = models.CharField("khóa chống trùng", max_length=200, null=True, blank=True, unique=True)
    state = models.CharField("trạng thái", max_length=10, choices=JobState, default=JobState.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người yêu cầu",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
    )

    steps_done = models.PositiveIntegerField("số bước đã làm", default=0)
    steps_total = models.PositiveIntegerField("tổng số bước", null=True, blank=True)
    message = models.CharField("đang làm gì", max_length=300, blank=True)
    error = models.TextField("lỗi", blank=True)

    attempts = models.PositiveSmallIntegerField("số lần đã thử", default=0)
    max_attempts = models.PositiveSmallIntegerField("số lần thử nhiều nhất", default=3)
    worker = models.CharField("bộ chạy", max_length=120, blank=True)

    created_at = models.DateTimeField("lúc yêu cầu", default=timezone.now)
    due_at = models.DateTimeField("không chạy trước", default=timezone.now)
    started_at = models.DateTimeField("lúc bắt đầu lần gần nhất", null=True, blank=True)
    heartbeat_at = models.DateTimeField("tín hiệu gần nhất", null=True, blank=True)
    finished_at = models.DateTimeField("lúc kết thúc", null=True, blank=True)
    #: A failed job that somebody looked at and gave up, and why; it stays to be read.
    dropped_at = models.DateTimeField("lúc bỏ", null=True, blank=True)
    dropped_reason = models.CharField("lý do bỏ", max_length=300, blank=True)

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        constraints = [
            models.CheckConstraint(
                name="job_running_has_worker_and_heartbeat",
                condition=~models.Q(state=JobState.RUNNING)
                | (models.Q(heartbeat_at__isnull=False) & ~models.Q(worker="")),
            ),
            models.CheckConstraint(
                name="job_finished_has_moment",
                condition=models.Q(state__in=[JobState.QUEUED, JobState.RUNNING])
                | models.Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="job_dropped_has_failed",
                condition=models.Q(dropped_at__isnull=True) | models.Q(state=JobState.FAILED),
            ),
        ]
        indexes = [
            # Which job is next?
            models.Index(
                fields=["due_at", "id"], name="job_queued_by_due", condition=models.Q(state=JobState.QUEUED)
            ),
            # Whose worker has gone silent?
            models.Index(
                fields=["heartbeat_at"],
                name="job_running_by_heartbeat",
                condition=models.Q(state=JobState.RUNNING),
            ),
            # What failed and waits for somebody?
            models.Index(
                fields=["-finished_at"], name="job_failed_by_end", condition=models.Q(state=JobState.FAILED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state in self.FINISHED

    @property
    def percent(self) -> int | None:
        """Progress from 0 to 100; None while the total is not known."""
        if self.state == JobState.DONE:
            return 100
        if not self.steps_total:
            return None
        return min(100, self.steps_done * 100 // self.steps_total)

    @property
    def last_line(self) -> str:
        """The last line of the error: what went wrong, without the way there."""
        lines = self.error.strip().splitlines()
        return lines[-1].strip() if lines else ""


class Worker(models.Model):
    """One process that runs jobs, from its start to its stop; one that was killed just goes silent.

    What it does is the running job that names it (`Job.worker`).
    """

    name = models.CharField("tên", max_length=120, unique=True)
    host = models.CharField("máy", max_length=120)
    pid = models.PositiveIntegerField("số tiến trình")
    started_at = models.DateTimeField("lúc bắt đầu")
    seen_at = models.DateTimeField("tín hiệu gần nhất")

    class Meta:
        verbose_name = "bộ chạy nền"
        verbose_name_plural = "bộ chạy nền"

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"
