"""Units, what they were called and where they stood on which day, what became of them, and who acts for them.

Ranges of days are half-open: `since` is the first day, `until` the first day no longer.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

#: `since` of what began before our sources reach, and `until` of what has not ended.
BEGINNING = date(1, 1, 1)
FOREVER = date(9999, 12, 31)


class UnitKind(models.TextChoices):
    """What a unit is. A place also stands for the People's Committee that acts for it."""

    NATION = "nation", "Trung ương"
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện"
    COMMUNE = "commune", "Cấp xã"
    VILLAGE = "village", "Thôn, bản, tổ dân phố"
    AGENCY = "agency", "Cơ quan nhà nước"
    DIVISION = "division", "Phòng, ban, đơn vị bên trong"
    COUNCIL = "council", "Hội đồng, ban chỉ đạo"
    PARTY = "party", "Cơ quan của Đảng"
    FRONT = "front", "Mặt trận Tổ quốc"
    MASS = "mass", "Tổ chức chính trị - xã hội"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    COOPERATIVE = "cooperative", "Hợp tác xã"
    BANK = "bank", "Ngân hàng, tổ chức tín dụng"


class LegalAct(models.Model):
    """A document that made, changed or ended units, groupings or mandates."""

    number = models.CharField("số, ký hiệu", max_length=120)
    dated = models.DateField("ngày ban hành", null=True, blank=True)
    issuer = models.CharField("cơ quan ban hành", max_length=300, blank=True)
    title = models.CharField("về việc", max_length=500, blank=True)
    source = models.CharField("nguồn", max_length=500, blank=True)
    confirmed = models.BooleanField("đã đối chiếu văn bản gốc", default=False)

    class Meta:
        verbose_name = "văn bản căn cứ"
        verbose_name_plural = "văn bản căn cứ"
        constraints = [
            models.UniqueConstraint(name="legal_act_once", fields=["number", "issuer"]),
        ]

    def __str__(self) -> str:
        return self.number


class ChangeKind(models.TextChoices):
    IMPORT = "import", "Nạp danh mục"
    ESTABLISH = "establish", "Thành lập"
    RENAME = "rename", "Đổi tên, đổi loại"
    MOVE = "move", "Chuyển trực thuộc"
    MERGE = "merge", "Nhập, sáp nhập"
    SPLIT = "split", "Chia, tách"
    DISSOLVE = "dissolve", "Giải thể, chấm dứt"
    COUNTER = "counter", "Hủy bỏ thay đổi trước"


class Change(models.Model):
    """One carried-out change of units, with its day and legal basis.

    Undone by a counter-act, never deleted.
    """

    kind = models.CharField("loại thay đổi", max_length=12, choices=ChangeKind)
    takes_effect_on = models.DateField("ngày có hiệu lực")
    act = models.ForeignKey(LegalAct, verbose_name="căn cứ", null=True, blank=True, on_delete=models.PROTECT)
    summary = models.CharField("nội dung", max_length=500)
    counters = models.OneToOneField(
        "self",
        verbose_name="hủy bỏ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="countered_by",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người thực hiện",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    made_at = models.DateTimeField("lúc thực hiện", default=timezone.now)

    class Meta:
        verbose_name = "thay đổi đơn vị"
        verbose_name_plural = "thay đổi đơn vị"

    def __str__(self) -> str:
        return self.summary


class Unit(models.Model):
    """One body or place, from its beginning to its end and beyond.

    It never goes away; its versions change.
    """

    #: Stable name for imports and addresses: "before-03549", "from-00004", "stnmt-lang-son".
    key = models.SlugField("mã định danh", max_length=80, unique=True)
    kind = models.CharField("loại", max_length=12, choices=UnitKind)
    #: Made up for demonstrations; every page that shows it says so.
    is_invented = models.BooleanField("ví dụ, không có thật", default=False)

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"

    def __str__(self) -> str:
        return self.key

    @property
    def is_place(self) -> bool:
        return self.kind in PLACES


#: Kinds that are places.
PLACES = (UnitKind.NATION, UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.VILLAGE)


class UnitVersion(models.Model):
    """What a unit was called and under which unit it stood, in a range of days."""

    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="versions")
    parent = models.ForeignKey(
        Unit, verbose_name="trực thuộc", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: "xã", "phường", "tỉnh" of a place, then `name` has no kind; empty for a body, whose `name` is whole.
    form = models.CharField("danh từ chung", max_length=60, blank=True)
    name = models.CharField("tên", max_length=300)
    short_name = models.CharField("tên viết tắt", max_length=120, blank=True)
    code = models.CharField("mã số", max_length=20, blank=True)
    since = models.DateField("từ ngày", default=BEGINNING)
    until = models.DateField("đến trước ngày", default=FOREVER)
    made_by = models.ForeignKey(
        Change,
        verbose_name="do thay đổi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="made",
    )
    ended_by = models.ForeignKey(
        Change,
        verbose_name="hết do thay đổi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ended",
    )
    #: A counter-act has taken this version back: it stays to be read and counts for nothing.
    annulled_by = models.ForeignKey(
        Change,
        verbose_name="bị hủy bởi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="annulled",
    )
    confirmed = models.BooleanField("đã đối chiếu", default=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    #: "xã Huổi Luông", "Sở Tài nguyên và Môi trường tỉnh Lạng Sơn".
    label = models.CharField("tên đầy đủ", max_length=370)
    label_order = models.CharField("tên để xếp thứ tự", max_length=800)
    #: Full and short name, code and known spellings without accents.
    search_text = models.TextField("chữ để tìm", blank=True)

    class Meta:
        verbose_name = "phiên bản đơn vị"
        verbose_name_plural = "phiên bản đơn vị"
        constraints = [
            models.CheckConstraint(
                name="unit_version_ends_after_it_begins", condition=Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="unit_version_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
            ),
        ]
        indexes = [
            # What stood under this unit on this day?
            models.Index(fields=["parent", "since", "until"], name="unit_version_by_parent"),
            # What was this unit on this day?
            models.Index(fields=["unit", "since"], name="unit_version_by_unit"),
            models.Index(fields=["code"], name="unit_version_by_code"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_since_known(self) -> bool:
        return self.since != BEGINNING

    @property
    def is_open(self) -> bool:
        return self.until == FOREVER


class Succession(models.Model):
    """That one unit took over from another on a day, wholly or in part.

    `share` (0 to 1) is a stated weight of a part, for figures that must be divided; empty when nobody
    stated it.
    """

    predecessor = models.ForeignKey(
        Unit, verbose_name="đơn vị cũ", on_delete=models.PROTECT, related_name="successions_out"
    )
    successor = models.ForeignKey(
        Unit, verbose_name="đơn vị kế thừa", on_delete=models.PROTECT, related_name="successions_in"
    )
    takes_effect_on = models.DateField("từ ngày")
    is_whole = models.BooleanField("toàn bộ", default=True)
    share = models.DecimalField("tỷ trọng", max_digits=9, decimal_places=8, null=True, blank=True)
    made_by = models.ForeignKey(
        Change,
        verbose_name="do thay đổi",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="successions",
    )
    annulled_by = models.ForeignKey(
        Change, verbose_name="bị hủy bởi", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed = models.BooleanField("đã đối chiếu", default=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "kế thừa"
        verbose_name_plural = "kế thừa"
        constraints = [
            models.UniqueConstraint(
                name="succession_once_a_day",
                fields=["predecessor", "successor", "takes_effect_on"],
                condition=Q(annulled_by__isnull=True),
            ),
            models.CheckConstraint(
                name="succession_is_between_two_units", condition=~Q(predecessor=F("successor"))
            ),
            models.CheckConstraint(
                name="succession_share_is_a_share",
                condition=Q(share__isnull=True) | Q(share__gt=0, share__lte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class GroupingKind(models.TextChoices):
    CLUSTER = "cum", "Cụm thi đua"
    BLOC = "khoi", "Khối thi đua"
    REGION = "khu_vuc", "Khu vực I, II, III"
    POOR_DISTRICT = "huyen_ngheo", "Huyện nghèo"
    HARD_COMMUNE = "xa_dbkk", "Xã đặc biệt khó khăn"
    HARD_VILLAGE = "thon_dbkk", "Thôn, bản đặc biệt khó khăn"
    COASTAL = "bai_ngang", "Xã bãi ngang, ven biển, hải đảo"
    BORDER = "bien_gioi", "Xã biên giới"
    OTHER = "khac", "Nhóm khác"


class Grouping(models.Model):
    """Another way of grouping units besides the tree: a cluster, a bloc, a region, a list of communes."""

    kind = models.CharField("loại nhóm", max_length=12, choices=GroupingKind)
    name = models.CharField("tên nhóm", max_length=300)
    owner = models.ForeignKey(
        Unit,
        verbose_name="do đơn vị lập",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="groupings",
    )

    class Meta:
        verbose_name = "nhóm đơn vị"
        verbose_name_plural = "nhóm đơn vị"
        constraints = [models.UniqueConstraint(name="grouping_once", fields=["kind", "name", "owner"])]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That a unit belonged to a grouping in a range of days, by which act."""

    grouping = models.ForeignKey(
        Grouping, verbose_name="nhóm", on_delete=models.PROTECT, related_name="members"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="memberships"
    )
    since = models.DateField("từ ngày", default=BEGINNING)
    until = models.DateField("đến trước ngày", default=FOREVER)
    act = models.ForeignKey(LegalAct, verbose_name="căn cứ", null=True, blank=True, on_delete=models.PROTECT)
    confirmed = models.BooleanField("đã đối chiếu", default=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "thuộc nhóm"
        verbose_name_plural = "thuộc nhóm"
        constraints = [
            models.CheckConstraint(name="membership_ends_after_it_begins", condition=Q(until__gt=F("since"))),
        ]
        indexes = [models.Index(fields=["unit", "since"], name="membership_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.grouping}"


class TreeSnapshot(models.Model):
    """The tree as it stood from one effective day to the next, walked in pre-order.

    Derived: may be built anew.
    """

    since = models.DateField("từ ngày", unique=True)
    until = models.DateField("đến trước ngày")
    built_at = models.DateTimeField("lúc dựng", default=timezone.now)

    class Meta:
        verbose_name = "ảnh cây đơn vị"
        verbose_name_plural = "ảnh cây đơn vị"

    def __str__(self) -> str:
        return self.since.isoformat()


class TreeNode(models.Model):
    """One unit in a snapshot: everything at or below it has `lft` from its own `lft` to before its `rgt`."""

    snapshot = models.ForeignKey(TreeSnapshot, on_delete=models.CASCADE, related_name="nodes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="+")
    lft = models.PositiveIntegerField()
    rgt = models.PositiveIntegerField()
    depth = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "nút của cây"
        verbose_name_plural = "nút của cây"
        constraints = [models.UniqueConstraint(name="tree_node_once", fields=["snapshot", "unit"])]
        indexes = [models.Index(fields=["snapshot", "lft"], name="tree_node_in_order")]

    def __str__(self) -> str:
        return f"{self.unit_id} [{self.lft}, {self.rgt})"


class Role(models.TextChoices):
    """In what capacity a person acts for a unit."""

    UNIT_OFFICER = "can_bo", "Cán bộ đơn vị"
    STANDING = "thuong_truc", "Chuyên viên thường trực"
    LEADER = "lanh_dao", "Lãnh đạo"
    CLERK = "van_thu", "Văn thư"
    COUNCIL = "hoi_dong", "Thành viên hội đồng"
    ADMINISTRATOR = "quan_tri", "Quản trị"
    VIEWER = "nguoi_xem", "Người xem"


class Mandate(models.Model):
    """That a person acts for a unit in a role, in a range of days.

    A delegation names the mandate it comes from.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người", on_delete=models.PROTECT, related_name="mandates"
    )
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="mandates")
    role = models.CharField("vai trò", max_length=12, choices=Role)
    since = models.DateField("từ ngày")
    until = models.DateField("đến trước ngày", default=FOREVER)
    delegated_from = models.ForeignKey(
        "self",
        verbose_name="ủy quyền từ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegations",
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người giao",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.CharField("lý do, căn cứ", max_length=500, blank=True)
    #: Taken back before its time; the row stays.
    revoked_at = models.DateTimeField("lúc thu hồi", null=True, blank=True)

    class Meta:
        verbose_name = "ủy nhiệm"
        verbose_name_plural = "ủy nhiệm"
        constraints = [
            models.CheckConstraint(name="mandate_ends_after_it_begins", condition=Q(until__gt=F("since"))),
        ]
        indexes = [
            # For whom does this person act?
            models.Index(fields=["user", "since", "until"], name="mandate_by_user"),
            # Who acts for this unit?
            models.Index(fields=["unit", "role"], name="mandate_by_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.unit}"

    def holds_on(self, day: date) -> bool:
        """A delegation also ends with the mandate it comes from, and when who gave it has left."""
        if not self.since <= day < self.until or self.revoked_at is not None:
            return False
        source = self.delegated_from
        return source is None or (source.holds_on(day) and source.user.is_active)


class UnitImport(models.Model):
    """One Excel file of units that somebody handed in: first looked at, then carried out or left."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người đưa lên", on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField("tên tệp", max_length=200)
    content = models.BinaryField("nội dung tệp")
    #: The day whose tree the file is held against.
    on = models.DateField("đối chiếu theo ngày")
    made_at = models.DateTimeField("lúc đưa lên")
    checked_at = models.DateTimeField("lúc kiểm tra xong", null=True, blank=True)
    #: JSON: errors by cell, counts, or why the file could not be read.
    findings = models.TextField("kết quả kiểm tra", default="{}")
    done_at = models.DateTimeField("lúc nhập xong", null=True, blank=True)
    change = models.ForeignKey(
        Change, verbose_name="thay đổi đã ghi", null=True, blank=True, on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = "tệp đơn vị"
        verbose_name_plural = "tệp đơn vị"

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
