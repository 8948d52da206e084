"""Sponsored places, policy credit of households, campaigns with their visits."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_issued_templates_never_change"),
        ("households", "0004_corrections_of_reviews"),
        ("movements", "0007_target_bindings"),
        ("organisations", "0003_files_of_units"),
        ("resources", "0001_funds_and_their_ledger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cao_diem", "Tháng cao điểm"),
                            ("tet", "Thăm, tặng quà Tết"),
                            ("khac", "Đợt thăm, tặng quà khác"),
                        ],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên đợt")),
                (
                    "name_order",
                    models.CharField(blank=True, max_length=500, verbose_name="tên để xếp thứ tự"),
                ),
                ("since", models.DateField(verbose_name="từ ngày")),
                ("until", models.DateField(verbose_name="đến hết ngày")),
                (
                    "target",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="chỉ tiêu (lượt)"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chuan_bi", "Đang lập danh sách"),
                            ("dang_chay", "Đang thực hiện"),
                            ("da_xong", "Đã kết thúc"),
                            ("da_bo", "Không thực hiện"),
                        ],
                        default="chuan_bi",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("result", models.TextField(blank=True, verbose_name="kết quả")),
                ("search_text", models.CharField(blank=True, max_length=500, verbose_name="chữ để tìm")),
                ("is_invented", models.BooleanField(default=False, verbose_name="ví dụ, không có thật")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc lập")),
                (
                    "allocation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaign",
                        to="resources.allocation",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="resources.fund",
                        verbose_name="quà từ quỹ",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resources.holding",
                        verbose_name="quà là",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="movements.plan",
                        verbose_name="theo kế hoạch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="organisations.unit",
                        verbose_name="cơ quan tổ chức",
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt cao điểm",
                "verbose_name_plural": "đợt cao điểm",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="campaign_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fund__isnull", True), ("holding__isnull", True)),
                            models.Q(("fund__isnull", False), ("holding__isnull", False)),
                            _connector="OR",
                        ),
                        name="campaign_gifts_come_from_a_fund",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="số liệu đến ngày")),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                ("rows", models.PositiveIntegerField(verbose_name="số khoản vay")),
                (
                    "taken_in_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc nhập"),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                        verbose_name="xã",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credit_imports",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lần nhập vốn vay",
                "verbose_name_plural": "lần nhập vốn vay",
            },
        ),
        migrations.CreateModel(
            name="LoanFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("loan", models.CharField(max_length=60, verbose_name="mã khoản vay")),
                ("programme", models.CharField(max_length=200, verbose_name="chương trình vay")),
                ("as_of", models.DateField(verbose_name="số liệu đến ngày")),
                ("principal_dong", models.BigIntegerField(verbose_name="số tiền vay (đồng)")),
                ("owed_dong", models.BigIntegerField(blank=True, null=True, verbose_name="dư nợ (đồng)")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="hạn trả")),
                (
                    "used_as_intended",
                    models.BooleanField(blank=True, null=True, verbose_name="dùng đúng mục đích"),
                ),
                (
                    "principal_on_time",
                    models.BooleanField(blank=True, null=True, verbose_name="trả gốc đúng hạn"),
                ),
                (
                    "interest_on_time",
                    models.BooleanField(blank=True, null=True, verbose_name="trả lãi đúng hạn"),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loan_facts",
                        to="households.household",
                        verbose_name="hộ",
                    ),
                ),
                (
                    "taken_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="resources.creditimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "dữ kiện vốn vay",
                "verbose_name_plural": "dữ kiện vốn vay",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("household", "loan", "as_of"), name="loan_fact_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("principal_dong__gt", 0),
                            models.Q(("owed_dong__isnull", True), ("owed_dong__gte", 0), _connector="OR"),
                        ),
                        name="loan_of_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Sponsorship",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("do_dau", "Đỡ đầu"),
                            ("ket_nghia", "Kết nghĩa"),
                            ("giup_do", "Phân công giúp đỡ"),
                        ],
                        max_length=10,
                        verbose_name="hình thức",
                    ),
                ),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="căn cứ")),
                ("since", models.DateField(verbose_name="từ ngày")),
                ("until", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="đầu mối")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("du_kien", "Dự kiến"),
                            ("dang_giup", "Đang thực hiện"),
                            ("da_ket_thuc", "Đã kết thúc"),
                            ("da_bo", "Không thực hiện"),
                        ],
                        default="du_kien",
                        max_length=12,
                        verbose_name="trạng thái",
                    ),
                ),
                ("result", models.TextField(blank=True, verbose_name="kết quả")),
                ("is_invented", models.BooleanField(default=False, verbose_name="ví dụ, không có thật")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc lập")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsorships_given",
                        to="organisations.unit",
                        verbose_name="cơ quan giúp",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sponsorships",
                        to="organisations.unit",
                        verbose_name="nơi được giúp",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="movements.plan",
                        verbose_name="theo kế hoạch",
                    ),
                ),
            ],
            options={
                "verbose_name": "đỡ đầu, kết nghĩa",
                "verbose_name_plural": "đỡ đầu, kết nghĩa",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agency", models.F("place")), _negated=True),
                        name="sponsorship_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="sponsorship_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["du_kien", "dang_giup"])),
                        fields=("agency", "place"),
                        name="sponsorship_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupportItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="việc")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="hạn")),
                (
                    "planned_dong",
                    models.BigIntegerField(blank=True, null=True, verbose_name="dự kiến (đồng)"),
                ),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="ngày làm xong")),
                ("done_dong", models.BigIntegerField(blank=True, null=True, verbose_name="thực hiện (đồng)")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="kết quả")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="tên tệp")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="support_items",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "sponsorship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="resources.sponsorship",
                        verbose_name="đỡ đầu, kết nghĩa",
                    ),
                ),
            ],
            options={
                "verbose_name": "việc hỗ trợ",
                "verbose_name_plural": "việc hỗ trợ",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("planned_dong__isnull", True), ("planned_dong__gte", 0), _connector="OR"
                            ),
                            models.Q(("done_dong__isnull", True), ("done_dong__gte", 0), _connector="OR"),
                        ),
                        name="support_worth_not_below_zero",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GiftVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gift", models.BigIntegerField(default=0, verbose_name="quà")),
                ("by", models.CharField(blank=True, max_length=200, verbose_name="ai đi thăm")),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="ngày dự kiến")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="ngày thăm")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="ghi chú")),
                (
                    "state",
                    models.CharField(
                        choices=[("du_kien", "Chưa thăm"), ("da_tham", "Đã thăm"), ("da_bo", "Không thăm")],
                        default="du_kien",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="tên tệp")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="resources.campaign",
                        verbose_name="đợt",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.household",
                        verbose_name="hộ",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                        verbose_name="nơi",
                    ),
                ),
            ],
            options={
                "verbose_name": "lượt thăm, tặng quà",
                "verbose_name_plural": "lượt thăm, tặng quà",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("gift__gte", 0)), name="visit_gift_not_below_zero"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("household__isnull", False)),
                        fields=("campaign", "household"),
                        name="household_visited_once_a_campaign",
                    ),
                ],
            },
        ),
    ]
