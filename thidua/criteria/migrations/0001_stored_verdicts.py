"""Verdicts of many subjects at once, with the facts they came from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="VerdictSet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rules", models.JSONField(verbose_name="bộ tiêu chí")),
                ("rules_code", models.CharField(blank=True, max_length=80, verbose_name="mã bộ tiêu chí")),
                ("subject_rules", models.CharField(max_length=40, verbose_name="đối tượng")),
                ("words", models.JSONField(verbose_name="danh mục số đo")),
                ("setting", models.JSONField(verbose_name="năm xét")),
                ("sources", models.JSONField(verbose_name="nguồn")),
                ("evidence_head", models.JSONField(verbose_name="đầu bằng chứng")),
                ("on", models.DateField(verbose_name="ngày xét")),
                ("made_at", models.DateTimeField(verbose_name="lúc xét")),
                ("subject_count", models.PositiveIntegerField(verbose_name="số đối tượng")),
                ("met_count", models.PositiveIntegerField(verbose_name="số đạt")),
                ("near_count", models.PositiveIntegerField(verbose_name="số gần đạt")),
                ("unknown_count", models.PositiveIntegerField(verbose_name="số chưa xác định được")),
                ("sha256", models.CharField(max_length=64, verbose_name="mã băm")),
            ],
            options={
                "verbose_name": "lần xét tiêu chí",
                "verbose_name_plural": "lần xét tiêu chí",
                "indexes": [
                    models.Index(fields=["rules_code", "subject_rules", "-made_at"], name="verdicts_by_rules")
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredVerdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=80, verbose_name="đối tượng")),
                (
                    "outcome",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Không đạt"),
                            (1, "Chưa xác định được"),
                            (2, "Đạt"),
                            (3, "Không áp dụng"),
                        ],
                        verbose_name="kết luận",
                    ),
                ),
                ("is_near", models.BooleanField(verbose_name="gần đạt")),
                ("outcomes", models.CharField(max_length=200, verbose_name="từng tiêu chí")),
                ("evidence", models.TextField(verbose_name="dữ kiện")),
                (
                    "verdict_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verdicts",
                        to="criteria.verdictset",
                        verbose_name="lần xét",
                    ),
                ),
            ],
            options={
                "verbose_name": "kết luận",
                "verbose_name_plural": "kết luận",
                "indexes": [
                    models.Index(fields=["verdict_set", "outcome", "is_near"], name="verdicts_by_outcome")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("verdict_set", "subject"), name="verdict_once_per_set")
                ],
            },
        ),
    ]
