"""Funds and their ledger. From here on the database itself refuses to change or delete an entry or a
receipt's number, and to book into a closed period.

A later migration that alters one of these tables on SQLite makes it anew and loses its triggers: it must end
by making them again. `funds.protection` and a test look whether they are there.
"""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

MESSAGE = "resources: what was booked never changes, and a closed period stays closed"
ENTRY = (
    *("fund_id", "holding_id", "booked_on", "credit", "debit", "amount", "text", "receipt_id"),
    *("allocation_id", "proof_id", "reverses_id", "user_id", "written_at"),
)
RECEIPT = (
    *("fund_id", "year", "number", "donor_id", "pledge_id", "holding_id", "amount", "stated_dong"),
    *("received_on", "made_by_id", "made_at"),
)
CLOSED = "EXISTS (SELECT 1 FROM resources_fund WHERE id = NEW.fund_id AND closed_through >= NEW.booked_on)"


def changed(columns, unlike):
    return " OR ".join(f'OLD."{name}" {unlike} NEW."{name}"' for name in columns)


def conditions(unlike):
    """Name of the trigger → table, act, when it refuses."""
    return {
        "resources_ledgerentry_kept": ("resources_ledgerentry", "UPDATE", changed(ENTRY, unlike)),
        "resources_ledgerentry_not_deleted": ("resources_ledgerentry", "DELETE", ""),
        "resources_receipt_kept": ("resources_receipt", "UPDATE", changed(RECEIPT, unlike)),
        "resources_receipt_not_deleted": ("resources_receipt", "DELETE", ""),
        "resources_fund_kept": (
            "resources_fund",
            "UPDATE",
            "OLD.closed_through IS NOT NULL"
            " AND (NEW.closed_through IS NULL OR NEW.closed_through < OLD.closed_through)",
        ),
    }


def sqlite():
    for name, (table, act, when) in conditions("IS NOT").items():
        condition = f" WHEN {when}" if when else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table}{condition}"
            f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
    yield (
        "CREATE TRIGGER resources_ledgerentry_open BEFORE INSERT ON resources_ledgerentry"
        f" WHEN {CLOSED} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    )


def postgresql():
    yield f"""CREATE FUNCTION resources_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$"""
    for name, (table, act, when) in conditions("IS DISTINCT FROM").items():
        condition = f" WHEN ({when})" if when else ""
        yield (
            f"CREATE TRIGGER {name} BEFORE {act} ON {table}"
            f" FOR EACH ROW{condition} EXECUTE FUNCTION resources_is_kept()"
        )
    yield f"""CREATE FUNCTION resources_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {CLOSED} THEN
            RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$"""
    yield (
        "CREATE TRIGGER resources_ledgerentry_open BEFORE INSERT ON resources_ledgerentry"
        " FOR EACH ROW EXECUTE FUNCTION resources_is_open()"
    )


def refuse_changes(_apps, schema_editor):
    run(schema_editor, {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]())


def allow_changes(_apps, schema_editor):
    tables = {name: table for name, (table, _, _) in conditions("").items()}
    tables["resources_ledgerentry_open"] = "resources_ledgerentry"
    if schema_editor.connection.vendor == "sqlite":
        run(schema_editor, [f"DROP TRIGGER IF EXISTS {name}" for name in tables])
        return
    run(schema_editor, [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in tables.items()])
    run(schema_editor, ["DROP FUNCTION IF EXISTS resources_is_kept()"])
    run(schema_editor, ["DROP FUNCTION IF EXISTS resources_is_open()"])


def run(schema_editor, statements):
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0006_issued_templates_never_change"),
        ("households", "0004_corrections_of_reviews"),
        ("movements", "0007_target_bindings"),
        ("organisations", "0003_files_of_units"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Donor",
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
                            ("co_quan", "Cơ quan, đơn vị, tổ chức"),
                            ("doanh_nghiep", "Doanh nghiệp, hợp tác xã"),
                            ("ca_nhan", "Cá nhân"),
                            ("ho", "Hộ gia đình"),
                        ],
                        max_length=14,
                        verbose_name="loại",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                (
                    "name_order",
                    models.CharField(blank=True, max_length=500, verbose_name="tên để xếp thứ tự"),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="địa chỉ")),
                ("agrees_to_be_named", models.BooleanField(default=False, verbose_name="đồng ý nêu tên")),
                ("is_invented", models.BooleanField(default=False, verbose_name="ví dụ, không có thật")),
                ("search_text", models.CharField(blank=True, max_length=500, verbose_name="chữ để tìm")),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="donors",
                        to="organisations.unit",
                        verbose_name="cơ quan giữ danh sách",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "người ủng hộ",
                "verbose_name_plural": "người ủng hộ",
            },
        ),
        migrations.CreateModel(
            name="Fund",
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
                            ("nguoi_ngheo", "Vì người nghèo"),
                            ("den_on", "Đền ơn đáp nghĩa"),
                            ("bep_an", "Bếp ăn tình thương"),
                            ("khen_thuong", "Quỹ thi đua, khen thưởng"),
                            ("khac", "Quỹ khác"),
                        ],
                        max_length=12,
                        verbose_name="loại quỹ",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên quỹ")),
                (
                    "name_order",
                    models.CharField(blank=True, max_length=500, verbose_name="tên để xếp thứ tự"),
                ),
                ("purpose", models.CharField(blank=True, max_length=500, verbose_name="mục đích")),
                ("symbol", models.CharField(max_length=20, verbose_name="ký hiệu biên nhận")),
                ("is_public", models.BooleanField(default=False, verbose_name="công khai trên cổng")),
                (
                    "state",
                    models.CharField(
                        choices=[("dang_mo", "Đang hoạt động"), ("da_dong", "Đã đóng")],
                        default="dang_mo",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "closed_through",
                    models.DateField(blank=True, null=True, verbose_name="đã khóa sổ đến hết ngày"),
                ),
                ("is_invented", models.BooleanField(default=False, verbose_name="ví dụ, không có thật")),
                ("search_text", models.CharField(blank=True, max_length=800, verbose_name="chữ để tìm")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc lập")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funds",
                        to="organisations.unit",
                        verbose_name="cơ quan giữ quỹ",
                    ),
                ),
            ],
            options={
                "verbose_name": "quỹ",
                "verbose_name_plural": "quỹ",
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "name"), name="fund_name_once_in_a_unit")
                ],
            },
        ),
        migrations.CreateModel(
            name="FundClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through", models.DateField(verbose_name="đến hết ngày")),
                ("balances", models.JSONField(default=list, verbose_name="số dư")),
                (
                    "closed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc khóa"),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="closings",
                        to="resources.fund",
                        verbose_name="quỹ",
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
                "verbose_name": "lần khóa sổ",
                "verbose_name_plural": "lần khóa sổ",
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "through"), name="fund_closed_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
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
                        choices=[("tien", "Tiền"), ("hien_vat", "Hiện vật"), ("ngay_cong", "Ngày công")],
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="tên")),
                ("measure", models.CharField(max_length=40, verbose_name="đơn vị tính")),
                ("held", models.BigIntegerField(default=0, verbose_name="đang giữ")),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="resources.fund",
                        verbose_name="quỹ",
                    ),
                ),
            ],
            options={
                "verbose_name": "khoản quỹ giữ",
                "verbose_name_plural": "khoản quỹ giữ",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("fund", "kind", "name", "measure"), name="holding_once_in_a_fund"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("held__gte", 0)), name="holding_never_below_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="số lượng")),
                ("used", models.BigIntegerField(default=0, verbose_name="đã chứng minh")),
                ("returned", models.BigIntegerField(default=0, verbose_name="đã nộp lại")),
                (
                    "recipient_kind",
                    models.CharField(
                        choices=[
                            ("xa", "Xã, phường"),
                            ("thon", "Thôn, bản"),
                            ("ho", "Hộ gia đình"),
                            ("don_vi", "Cơ quan, đơn vị"),
                            ("chien_dich", "Đợt thăm, tặng quà"),
                        ],
                        max_length=12,
                        verbose_name="cho ai",
                    ),
                ),
                ("purpose", models.CharField(max_length=300, verbose_name="để làm gì")),
                ("decision", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="hạn chứng minh")),
                ("given_on", models.DateField(blank=True, null=True, verbose_name="ngày phân bổ")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("de_nghi", "Chờ duyệt"),
                            ("da_phan_bo", "Đã phân bổ, chờ chứng minh"),
                            ("da_quyet_toan", "Đã chứng minh đủ"),
                            ("khong_duyet", "Không duyệt"),
                            ("da_thu_hoi", "Đã thu hồi"),
                        ],
                        default="de_nghi",
                        max_length=14,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc đề nghị"),
                ),
                (
                    "household",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="households.household",
                        verbose_name="hộ nhận",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "recipient_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.unit",
                        verbose_name="nơi nhận",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="resources.fund",
                        verbose_name="quỹ",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="allocations",
                        to="resources.holding",
                        verbose_name="phân bổ gì",
                    ),
                ),
            ],
            options={
                "verbose_name": "phân bổ",
                "verbose_name_plural": "phân bổ",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="allocation_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "amount__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("used"), "+", models.F("returned")
                                ),
                            ),
                            ("returned__gte", 0),
                            ("used__gte", 0),
                        ),
                        name="allocation_not_used_twice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("household__isnull", False), ("recipient_kind", "ho")),
                            models.Q(("household__isnull", True), ("recipient_kind", "chien_dich")),
                            models.Q(
                                ("recipient_kind__in", ["xa", "thon", "don_vi"]),
                                ("household__isnull", True),
                                ("recipient_unit__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="allocation_names_its_recipient",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pledge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="đã hứa")),
                ("received", models.BigIntegerField(default=0, verbose_name="đã nhận")),
                ("promised_on", models.DateField(verbose_name="ngày cam kết")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="hạn")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="ghi chú")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("da_hua", "Đã cam kết"),
                            ("da_nhan_du", "Đã nhận đủ"),
                            ("da_bo", "Không thực hiện"),
                        ],
                        default="da_hua",
                        max_length=12,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "donor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="resources.donor",
                        verbose_name="người ủng hộ",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
                        to="resources.fund",
                        verbose_name="quỹ",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resources.holding",
                        verbose_name="ủng hộ gì",
                    ),
                ),
            ],
            options={
                "verbose_name": "cam kết ủng hộ",
                "verbose_name_plural": "cam kết ủng hộ",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="pledge_promises_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received__gte", 0)), name="pledge_received_not_below_zero"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                ("number", models.PositiveIntegerField(verbose_name="số")),
                ("amount", models.BigIntegerField(verbose_name="số lượng")),
                (
                    "stated_dong",
                    models.BigIntegerField(blank=True, null=True, verbose_name="giá trị quy ra tiền (đồng)"),
                ),
                ("received_on", models.DateField(verbose_name="ngày nhận")),
                ("content", models.CharField(blank=True, max_length=300, verbose_name="nội dung")),
                (
                    "state",
                    models.CharField(
                        choices=[("da_lap", "Đã lập"), ("da_huy", "Đã hủy")],
                        default="da_lap",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc lập")),
                (
                    "donor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="resources.donor",
                        verbose_name="người ủng hộ",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="resources.fund",
                        verbose_name="quỹ",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="resources.holding",
                        verbose_name="ủng hộ gì",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="resources.pledge",
                        verbose_name="cam kết",
                    ),
                ),
            ],
            options={
                "verbose_name": "biên nhận",
                "verbose_name_plural": "biên nhận",
                "constraints": [
                    models.UniqueConstraint(fields=("fund", "year", "number"), name="receipt_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("number__gt", 0)), name="receipt_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stated_dong__isnull", True), ("stated_dong__gte", 0), _connector="OR"
                        ),
                        name="receipt_stated_not_below_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UseProof",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="số đã dùng")),
                ("used_on", models.DateField(verbose_name="ngày dùng")),
                ("text", models.TextField(verbose_name="đã dùng vào việc gì")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc ghi"),
                ),
                (
                    "allocation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="proofs",
                        to="resources.allocation",
                        verbose_name="phân bổ",
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
                "verbose_name": "chứng minh sử dụng",
                "verbose_name_plural": "chứng minh sử dụng",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="proof_of_something")
                ],
            },
        ),
        migrations.CreateModel(
            name="ProofFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=255, verbose_name="tên tệp")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fund_proofs",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="resources.useproof",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp chứng minh sử dụng",
                "verbose_name_plural": "tệp chứng minh sử dụng",
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("booked_on", models.DateField(verbose_name="ngày ghi sổ")),
                (
                    "credit",
                    models.CharField(
                        choices=[
                            ("nguon", "Nguồn ủng hộ"),
                            ("ton_quy", "Quỹ đang giữ"),
                            ("phan_bo", "Đã phân bổ, chờ chứng minh"),
                            ("da_dung", "Đã sử dụng"),
                        ],
                        max_length=10,
                        verbose_name="bên có (ra)",
                    ),
                ),
                (
                    "debit",
                    models.CharField(
                        choices=[
                            ("nguon", "Nguồn ủng hộ"),
                            ("ton_quy", "Quỹ đang giữ"),
                            ("phan_bo", "Đã phân bổ, chờ chứng minh"),
                            ("da_dung", "Đã sử dụng"),
                        ],
                        max_length=10,
                        verbose_name="bên nợ (vào)",
                    ),
                ),
                ("amount", models.BigIntegerField(verbose_name="số lượng")),
                ("text", models.CharField(max_length=300, verbose_name="diễn giải")),
                (
                    "written_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="lúc ghi"),
                ),
                (
                    "allocation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="resources.allocation",
                    ),
                ),
                (
                    "fund",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="resources.fund",
                        verbose_name="quỹ",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="resources.holding",
                        verbose_name="khoản",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="resources.ledgerentry",
                        verbose_name="đảo bút toán",
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
                (
                    "receipt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="resources.receipt",
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="resources.useproof",
                    ),
                ),
            ],
            options={
                "verbose_name": "bút toán",
                "verbose_name_plural": "bút toán",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="ledger_entry_of_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("debit", models.F("credit")), _negated=True),
                        name="ledger_entry_has_two_sides",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="donor",
            index=models.Index(fields=["keeper", "name_order"], name="donor_by_keeper"),
        ),
        migrations.AddIndex(
            model_name="allocation",
            index=models.Index(fields=["recipient_unit", "state"], name="allocation_by_recipient"),
        ),
        migrations.AddIndex(
            model_name="pledge",
            index=models.Index(fields=["fund", "state", "due_on"], name="pledge_by_deadline"),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["donor", "received_on"], name="receipt_by_donor"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["fund", "booked_on"], name="ledger_by_day"),
        ),
        migrations.RunPython(refuse_changes, allow_changes),
    ]
