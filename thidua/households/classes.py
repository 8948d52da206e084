"""The words of the survey: where a household lives and to which class it belongs. Needs no database."""

from __future__ import annotations

from django.db import models


class Area(models.TextChoices):
    RURAL = "nong_thon", "Nông thôn"
    URBAN = "thanh_thi", "Thành thị"


class PovertyClass(models.TextChoices):
    POOR = "ngheo", "Hộ nghèo"
    NEAR_POOR = "can_ngheo", "Hộ cận nghèo"
    AVERAGE = "trung_binh", "Hộ có mức sống trung bình"
    ABOVE = "tren", "Trên mức sống trung bình"
    #: Above the line, but not known how far: by points only, or the average line of the period is unknown.
    NOT_POOR = "khong_ngheo", "Không nghèo, không cận nghèo"
