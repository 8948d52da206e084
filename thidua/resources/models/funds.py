"""Funds of a body, who gives to them, what was promised and received, and what it was given on for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.households.models import Household
from thidua.movements.models import Plan
from thidua.organisations.models import Unit


class FundKind(models.TextChoices):
    FOR_THE_POOR = "nguoi_ngheo", "Vì người nghèo"
    GRATITUDE = "den_on", "Đền ơn đáp nghĩa"
    KITCHEN = "bep_an", "Bếp ăn tình thương"
    AWARDS = "khen_thuong", "Quỹ thi đua, khen thưởng"
    OTHER = "khac", "Quỹ khác"


class FundState(models.TextChoices):
    OPEN = "dang_mo", "Đang hoạt động"
    CLOSED = "da_dong", "Đã đóng"


class Fund(models.Model):
    """One fund that a body keeps, with a ledger of its own. Holds no personal data."""

    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan giữ quỹ", on_delete=models.PROTECT, related_name="funds"
    )
    kind = models.CharField("loại quỹ", max_length=12, choices=FundKind)
    name = models.CharField("tên quỹ", max_length=200)
    name_order = models.CharField("tên để xếp thứ tự", max_length=500, blank=True)
    purpose = models.CharField("mục đích", max_length=500, blank=True)
    #: What stands behind the number of a receipt: "12/BN-VNN".
    symbol = models.CharField("ký hiệu biên nhận", max_length=20)
    is_public = models.BooleanField("công khai trên cổng", default=False)
    state = models.CharField("trạng thái", max_length=8, choices=FundState, default=FundState.OPEN)
    #: The last day of what is closed: nothing is booked on it or before. Only ever moves on.
    closed_through = models.DateField("đã khóa sổ đến hết ngày", null=True, blank=True)
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)
    search_text = models.CharField("chữ để tìm", max_length=800, blank=True)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "quỹ"
        verbose_name_plural = "quỹ"
        constraints = [models.UniqueConstraint(name="fund_name_once_in_a_unit", fields=["unit", "name"])]

    def __str__(self) -> str:
        return self.name


class HoldingKind(models.TextChoices):
    MONEY = "tien", "Tiền"
    GOODS = "hien_vat", "Hiện vật"
    DAYS = "ngay_cong", "Ngày công"


class Holding(models.Model):
    """One thing that a fund holds: its money, one sort of goods, days of work. Holds no personal data.

    `held` is what the ledger says is left, kept beside it so that two people cannot spend the same: whole
    đồng for money, hundredths of the measure for all else.
    """

    fund = models.ForeignKey(Fund, verbose_name="quỹ", on_delete=models.PROTECT, related_name="holdings")
    kind = models.CharField("loại", max_length=10, choices=HoldingKind)
    name = models.CharField("tên", max_length=120)
    measure = models.CharField("đơn vị tính", max_length=40)
    held = models.BigIntegerField("đang giữ", default=0)

    class Meta:
        verbose_name = "khoản quỹ giữ"
        verbose_name_plural = "khoản quỹ giữ"
        constraints = [
            models.UniqueConstraint(
                name="holding_once_in_a_fund", fields=["fund", "kind", "name", "measure"]
            ),
            models.CheckConstraint(name="holding_never_below_zero", condition=Q(held__gte=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_money(self) -> bool:
        return self.kind == HoldingKind.MONEY


class DonorKind(models.TextChoices):
    UNIT = "co_quan", "Cơ quan, đơn vị, tổ chức"
    FIRM = "doanh_nghiep", "Doanh nghiệp, hợp tác xã"
    PERSON = "ca_nhan", "Cá nhân"
    HOUSEHOLD = "ho", "Hộ gia đình"


class Donor(models.Model):
    """Who gives to the funds of a body.

    Of a person or household: name and address are personal data, masked unless they agreed to be named.
    """

    PRIVATE = (DonorKind.PERSON, DonorKind.HOUSEHOLD)

    keeper = models.ForeignKey(
        Unit, verbose_name="cơ quan giữ danh sách", on_delete=models.PROTECT, related_name="donors"
    )
    kind = models.CharField("loại", max_length=14, choices=DonorKind)
    name = models.CharField("tên", max_length=200)
    name_order = models.CharField("tên để xếp thứ tự", max_length=500, blank=True)
    address = models.CharField("địa chỉ", max_length=300, blank=True)
    #: The donor as a unit of the program: its gifts then count for its criteria.
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Asked and said yes. Not asked is no.
    agrees_to_be_named = models.BooleanField("đồng ý nêu tên", default=False)
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)
    search_text = models.CharField("chữ để tìm", max_length=500, blank=True)

    class Meta:
        verbose_name = "người ủng hộ"
        verbose_name_plural = "người ủng hộ"
        indexes = [models.Index(fields=["keeper", "name_order"], name="donor_by_keeper")]

    def __str__(self) -> str:
        return self.public_name

    @property
    def is_private(self) -> bool:
        return self.kind in self.PRIVATE

    @property
    def public_name(self) -> str:
        """The name as anybody may read it."""
        if not self.is_private or self.agrees_to_be_named:
            return self.name
        return " ".join(f"{word[0]}." for word in self.name.split())


class PledgeState(models.TextChoices):
    PROMISED = "da_hua", "Đã cam kết"
    FULFILLED = "da_nhan_du", "Đã nhận đủ"
    DROPPED = "da_bo", "Không thực hiện"


class Pledge(models.Model):
    """What a donor promised to a fund. Names a donor, who may be a person."""

    fund = models.ForeignKey(Fund, verbose_name="quỹ", on_delete=models.PROTECT, related_name="pledges")
    donor = models.ForeignKey(
        Donor, verbose_name="người ủng hộ", on_delete=models.PROTECT, related_name="pledges"
    )
    holding = models.ForeignKey(Holding, verbose_name="ủng hộ gì", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField("đã hứa")
    received = models.BigIntegerField("đã nhận", default=0)
    promised_on = models.DateField("ngày cam kết")
    due_on = models.DateField("hạn", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=PledgeState, default=PledgeState.PROMISED)

    class Meta:
        verbose_name = "cam kết ủng hộ"
        verbose_name_plural = "cam kết ủng hộ"
        constraints = [
            models.CheckConstraint(name="pledge_promises_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="pledge_received_not_below_zero", condition=Q(received__gte=0)),
        ]
        indexes = [models.Index(fields=["fund", "state", "due_on"], name="pledge_by_deadline")]

    def __str__(self) -> str:
        return f"Cam kết của {self.donor.public_name}"


class ReceiptState(models.TextChoices):
    ISSUED = "da_lap", "Đã lập"
    REVERSED = "da_huy", "Đã hủy"


class Receipt(models.Model):
    """What came in from a donor, with its number in the fund's series of the year. Names a donor.

    Never changed or deleted: a wrong one is reversed and keeps its number, so that the series has no gap.
    """

    fund = models.ForeignKey(Fund, verbose_name="quỹ", on_delete=models.PROTECT, related_name="receipts")
    year = models.PositiveSmallIntegerField("năm")
    number = models.PositiveIntegerField("số")
    donor = models.ForeignKey(
        Donor, verbose_name="người ủng hộ", on_delete=models.PROTECT, related_name="receipts"
    )
    pledge = models.ForeignKey(
        Pledge,
        verbose_name="cam kết",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="receipts",
    )
    holding = models.ForeignKey(Holding, verbose_name="ủng hộ gì", on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField("số lượng")
    #: Of goods and days of work, when somebody stated it; unknown is not zero.
    stated_dong = models.BigIntegerField("giá trị quy ra tiền (đồng)", null=True, blank=True)
    received_on = models.DateField("ngày nhận")
    content = models.CharField("nội dung", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=8, choices=ReceiptState, default=ReceiptState.ISSUED)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "biên nhận"
        verbose_name_plural = "biên nhận"
        constraints = [
            models.UniqueConstraint(name="receipt_number_once", fields=["fund", "year", "number"]),
            models.CheckConstraint(name="receipt_of_something", condition=Q(amount__gt=0, number__gt=0)),
            models.CheckConstraint(
                name="receipt_stated_not_below_zero",
                condition=Q(stated_dong__isnull=True) | Q(stated_dong__gte=0),
            ),
        ]
        indexes = [models.Index(fields=["donor", "received_on"], name="receipt_by_donor")]

    def __str__(self) -> str:
        return f"Biên nhận số {self.full_number}"

    @property
    def full_number(self) -> str:
        return f"{self.number:02}/BN-{self.fund.symbol}"


class RecipientKind(models.TextChoices):
    COMMUNE = "xa", "Xã, phường"
    VILLAGE = "thon", "Thôn, bản"
    HOUSEHOLD = "ho", "Hộ gia đình"
    UNIT = "don_vi", "Cơ quan, đơn vị"
    CAMPAIGN = "chien_dich", "Đợt thăm, tặng quà"


class AllocationState(models.TextChoices):
    PROPOSED = "de_nghi", "Chờ duyệt"
    GIVEN = "da_phan_bo", "Đã phân bổ, chờ chứng minh"
    SETTLED = "da_quyet_toan", "Đã chứng minh đủ"
    REFUSED = "khong_duyet", "Không duyệt"
    REVERSED = "da_thu_hoi", "Đã thu hồi"


class Allocation(models.Model):
    """What a fund gives on, to whom, for which purpose, and how much of it has been shown to be used.

    May name a household by its row in the register; the name itself stands only there.
    """

    fund = models.ForeignKey(Fund, verbose_name="quỹ", on_delete=models.PROTECT, related_name="allocations")
    holding = models.ForeignKey(
        Holding, verbose_name="phân bổ gì", on_delete=models.PROTECT, related_name="allocations"
    )
    amount = models.BigIntegerField("số lượng")
    used = models.BigIntegerField("đã chứng minh", default=0)
    returned = models.BigIntegerField("đã nộp lại", default=0)
    recipient_kind = models.CharField("cho ai", max_length=12, choices=RecipientKind)
    recipient_unit = models.ForeignKey(
        Unit, verbose_name="nơi nhận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    household = models.ForeignKey(
        Household, verbose_name="hộ nhận", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    purpose = models.CharField("để làm gì", max_length=300)
    decision = models.CharField("căn cứ", max_length=200, blank=True)
    due_on = models.DateField("hạn chứng minh", null=True, blank=True)
    #: The day from which it is booked; empty before somebody approved it.
    given_on = models.DateField("ngày phân bổ", null=True, blank=True)
    state = models.CharField(
        "trạng thái", max_length=14, choices=AllocationState, default=AllocationState.PROPOSED
    )
    plan = models.ForeignKey(
        Plan, verbose_name="theo kế hoạch", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc đề nghị", default=timezone.now)

    class Meta:
        verbose_name = "phân bổ"
        verbose_name_plural = "phân bổ"
        constraints = [
            models.CheckConstraint(name="allocation_of_something", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="allocation_not_used_twice",
                condition=Q(used__gte=0, returned__gte=0, amount__gte=F("used") + F("returned")),
            ),
            models.CheckConstraint(
                name="allocation_names_its_recipient",
                condition=(
                    Q(recipient_kind=RecipientKind.HOUSEHOLD, household__isnull=False)
                    | Q(recipient_kind=RecipientKind.CAMPAIGN, household__isnull=True)
                    | (
                        Q(
                            recipient_kind__in=[
                                RecipientKind.COMMUNE,
                                RecipientKind.VILLAGE,
                                RecipientKind.UNIT,
                            ]
                        )
                        & Q(recipient_unit__isnull=False, household__isnull=True)
                    )
                ),
            ),
        ]
        indexes = [models.Index(fields=["recipient_unit", "state"], name="allocation_by_recipient")]

    def __str__(self) -> str:
        return self.purpose

    @property
    def open_amount(self) -> int:
        """What is still to be shown or given back."""
        return self.amount - self.used - self.returned


class UseProof(models.Model):
    """That some of an allocation was used, with the files that show it. Files may name persons."""

    allocation = models.ForeignKey(
        Allocation, verbose_name="phân bổ", on_delete=models.PROTECT, related_name="proofs"
    )
    amount = models.BigIntegerField("số đã dùng")
    used_on = models.DateField("ngày dùng")
    text = models.TextField("đã dùng vào việc gì")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "chứng minh sử dụng"
        verbose_name_plural = "chứng minh sử dụng"
        constraints = [models.CheckConstraint(name="proof_of_something", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return self.text[:80]


class ProofFile(models.Model):
    """One file of a proof: a list with signatures, an invoice, a photo. May hold any personal data."""

    proof = models.ForeignKey(UseProof, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="fund_proofs")
    file_name = models.CharField("tên tệp", max_length=255)

    class Meta:
        verbose_name = "tệp chứng minh sử dụng"
        verbose_name_plural = "tệp chứng minh sử dụng"

    def __str__(self) -> str:
        return self.file_name
