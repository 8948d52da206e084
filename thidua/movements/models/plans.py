"""A movement, the plans of the bodies that carry it out, their versions and items."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.core.text import fold
from thidua.documents.models import Document
from thidua.indicators.models import Indicator, Standard
from thidua.organisations.models import Unit


class Movement(models.Model):
    """One emulation movement.

    A local variant, with a title of its own, names the movement that it carries.
    """

    name = models.CharField("tên phong trào", max_length=500)
    name_order = models.CharField("tên để xếp thứ tự", max_length=1100, blank=True)
    theme = models.CharField("chủ đề", max_length=60, blank=True)
    first_year = models.PositiveSmallIntegerField("từ năm", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    variant_of = models.ForeignKey(
        "self",
        verbose_name="cùng thực hiện",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="variants",
    )
    #: The body that launched it; its place is where the movement runs.
    owner = models.ForeignKey(
        Unit,
        verbose_name="cơ quan phát động",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    standing_body = models.ForeignKey(
        Unit,
        verbose_name="cơ quan thường trực",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    search_text = models.TextField("chữ để tìm", blank=True)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "phong trào thi đua"
        verbose_name_plural = "phong trào thi đua"
        constraints = [
            models.CheckConstraint(
                name="movement_ends_after_it_begins",
                condition=Q(first_year__isnull=True)
                | Q(last_year__isnull=True)
                | Q(last_year__gte=F("first_year")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """What one body will do in a movement. A placeholder is cited by others and not yet in the system."""

    movement = models.ForeignKey(
        Movement, verbose_name="phong trào", on_delete=models.PROTECT, related_name="plans"
    )
    #: The body that issues it; unknown for a placeholder whose issuer was not found among the units.
    owner = models.ForeignKey(
        Unit,
        verbose_name="cơ quan ban hành",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plans",
    )
    owner_name = models.CharField("cơ quan ban hành như đã ghi", max_length=300, blank=True)
    standing_body = models.ForeignKey(
        Unit,
        verbose_name="cơ quan thường trực",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    carries_out = models.ManyToManyField(
        "self",
        verbose_name="thực hiện kế hoạch",
        symmetrical=False,
        blank=True,
        related_name="carried_out_by",
    )
    is_placeholder = models.BooleanField("chưa có văn bản", default=False)
    title = models.TextField("trích yếu")
    title_order = models.TextField("trích yếu để xếp thứ tự", blank=True)
    number = models.CharField("số, ký hiệu", max_length=120, blank=True)
    dated = models.CharField("ngày ban hành (EDTF)", max_length=10, blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        constraints = [
            models.CheckConstraint(
                name="plan_has_an_owner_or_is_a_placeholder",
                condition=Q(owner__isnull=False) | Q(is_placeholder=True),
            ),
        ]
        indexes = [
            # Which plans has this body issued?
            models.Index(fields=["owner", "-made_at"], name="plan_by_owner"),
            # Is this cited number already known?
            models.Index(fields=["number"], name="plan_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class PlanVersionState(models.TextChoices):
    DRAFT = "nhap", "Bản nháp"
    ADOPTED = "da_duyet", "Đang có hiệu lực"
    SUPERSEDED = "da_thay", "Đã được thay"
    DROPPED = "da_bo", "Đã bỏ"


class PlanVersion(models.Model):
    """One version of a plan: the first, or an amendment that names the version it replaces.

    A draft may change; from adoption on neither the version nor its items ever do.
    """

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("lần", default=1)
    state = models.CharField(
        "trạng thái", max_length=10, choices=PlanVersionState, default=PlanVersionState.DRAFT
    )
    replaces = models.ForeignKey(
        "self",
        verbose_name="thay cho",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    #: The document it was read from; empty when it was written in the program.
    document = models.ForeignKey(
        Document,
        verbose_name="văn bản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_versions",
    )
    #: The plan whose items were offered when this one was written in the program.
    written_from = models.ForeignKey(
        "self", verbose_name="soạn từ", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.TextField("trích yếu")
    #: Of the document: number and day of issue, as far as known.
    document_number = models.CharField("số, ký hiệu", max_length=120, blank=True)
    dated = models.CharField("ngày ban hành (EDTF)", max_length=10, blank=True)
    first_year = models.PositiveSmallIntegerField("từ năm", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    amendment_note = models.CharField("nội dung điều chỉnh", max_length=500, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người lập",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    adopted_at = models.DateTimeField("lúc đưa vào thực hiện", null=True, blank=True)
    #: Grows with each change of a draft: a form that was opened before somebody else's change is told so.
    edition = models.PositiveIntegerField("lần sửa", default=1)

    class Meta:
        verbose_name = "phiên bản kế hoạch"
        verbose_name_plural = "phiên bản kế hoạch"
        constraints = [
            models.UniqueConstraint(name="plan_version_number_once", fields=["plan", "number"]),
            models.UniqueConstraint(
                name="plan_has_one_adopted_version",
                fields=["plan"],
                condition=Q(state=PlanVersionState.ADOPTED),
            ),
            models.CheckConstraint(
                name="plan_version_adopted_has_moment",
                condition=~Q(state__in=[PlanVersionState.ADOPTED, PlanVersionState.SUPERSEDED])
                | Q(adopted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (lần {self.number})"

    @property
    def is_draft(self) -> bool:
        return self.state == PlanVersionState.DRAFT


class ItemKind(models.TextChoices):
    """Kinds of items; the value is the key of the record `golden/1` that they come from."""

    TARGET = "targets", "Chỉ tiêu"
    TASK = "tasks", "Nhiệm vụ"
    CRITERION = "criteria", "Tiêu chí"
    AWARD_FORM = "award_forms", "Hình thức khen thưởng"
    MILESTONE = "milestones", "Mốc thời gian"
    PURPOSE = "purposes", "Mục đích"
    REQUIREMENT = "requirements", "Yêu cầu"
    CONTENT = "contents", "Nội dung"
    SOLUTION = "solutions", "Giải pháp"


class ItemDecision(models.TextChoices):
    UNDECIDED = "chua_xem", "Chưa xem"
    ACCEPTED = "nhan", "Nhận"
    MENDED = "sua", "Đã sửa"
    DROPPED = "bo", "Bỏ"
    ADDED = "them", "Thêm mới"


class PlanItem(models.Model):
    """One thing a version says: a target, a task, a criterion … with the words it comes from.

    `as_read` is the entry of the record `golden/1` (for a criterion with `subject_type` and `subject_label`),
    `content` the same after mending. Both JSON texts, keys as in the record.
    """

    #: What an adopted version stands for.
    KEPT = (ItemDecision.ACCEPTED, ItemDecision.MENDED, ItemDecision.ADDED)

    version = models.ForeignKey(
        PlanVersion, verbose_name="phiên bản", on_delete=models.CASCADE, related_name="items"
    )
    kind = models.CharField("loại", max_length=14, choices=ItemKind)
    #: "T1", "K12", "S5.c3" of the record; "M1" … and "F1" … for milestones and award forms, which have
    #: none there.
    key = models.CharField("mã", max_length=20)
    position = models.PositiveIntegerField("thứ tự")
    path = models.CharField("vị trí trong văn bản", max_length=60, blank=True)
    lines_json = models.CharField("các dòng", max_length=500, default="[]")
    quote = models.TextField("nguyên văn", blank=True)
    as_read = models.TextField("như đã đọc", blank=True)
    content = models.TextField("nội dung", default="{}")
    decision = models.CharField(
        "quyết định", max_length=10, choices=ItemDecision, default=ItemDecision.UNDECIDED
    )
    decision_note = models.CharField("ghi chú", max_length=500, blank=True)
    #: Sentence and content without accents; whoever writes an item fills it with `words_to_find`.
    search_text = models.TextField("chữ để tìm", blank=True)
    #: Doubts and defects of the reading that concern this item: these are shown first.
    doubts = models.PositiveSmallIntegerField("số chỗ nghi ngờ", default=0)
    #: The item of the earlier version, or of the higher plan, that this one continues.
    continues = models.ForeignKey(
        "self",
        verbose_name="tiếp nối",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="continued_by",
    )

    class Meta:
        verbose_name = "mục của kế hoạch"
        verbose_name_plural = "mục của kế hoạch"
        constraints = [models.UniqueConstraint(name="plan_item_key_once", fields=["version", "key"])]
        indexes = [models.Index(fields=["version", "kind", "position"], name="plan_item_in_order")]

    def __str__(self) -> str:
        return f"{self.key}: {self.quote[:80]}"

    @cached_property
    def entry(self) -> dict[str, Any]:
        """The content as a mapping, keys as in the record."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def lines(self) -> list[int]:
        found: list[int] = json.loads(self.lines_json)
        return found

    @property
    def is_kept(self) -> bool:
        return self.decision in self.KEPT

    @property
    def words_to_find(self) -> str:
        """What `search_text` is to hold for the item as it stands."""
        entry: dict[str, Any] = json.loads(self.content)
        texts = [entry.get(key) for key in ("text", "label_vi", "name", "note")]
        return fold(" ".join(dict.fromkeys([self.quote, *(text for text in texts if isinstance(text, str))])))


class PartyName(models.Model):
    """A name that a version uses for who does something ("Phòng Nội vụ", "các phòng, đơn vị"), and its units.

    `matched_by` says how the units were found; a person may change them until adoption.
    """

    version = models.ForeignKey(
        PlanVersion, verbose_name="phiên bản", on_delete=models.CASCADE, related_name="parties"
    )
    name = models.CharField("tên trong kế hoạch", max_length=500)
    #: Whether the units were looked at by a person.
    is_confirmed = models.BooleanField("đã xác nhận", default=False)
    #: The name stands for nobody in the system (households, "cộng đồng dân cư"): its tasks go to nobody.
    is_outside = models.BooleanField("ngoài hệ thống", default=False)
    matched_by = models.CharField("cách tìm", max_length=200, blank=True)

    class Meta:
        verbose_name = "tên gọi trong kế hoạch"
        verbose_name_plural = "tên gọi trong kế hoạch"
        constraints = [models.UniqueConstraint(name="party_name_once", fields=["version", "name"])]

    def __str__(self) -> str:
        return self.name


class PartyUnit(models.Model):
    """One unit that a name of a version stands for."""

    party = models.ForeignKey(PartyName, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "đơn vị của tên gọi"
        verbose_name_plural = "đơn vị của tên gọi"
        constraints = [models.UniqueConstraint(name="party_unit_once", fields=["party", "unit"])]

    def __str__(self) -> str:
        return f"{self.party} → {self.unit}"


class Target(models.Model):
    """A figure that a plan in force wants reached. Percentages and counts as the plan prints them.

    One row per adopted target item; an amendment makes new rows and marks the old ones as replaced.
    """

    plan = models.ForeignKey(Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="targets")
    item = models.OneToOneField(PlanItem, verbose_name="mục", on_delete=models.PROTECT, related_name="target")
    indicator = models.CharField("mã chỉ số", max_length=80)
    label = models.CharField("chỉ tiêu", max_length=500)
    #: gte, gt, lte, lt, between, approx, stated, is: as in `golden/1`.
    comparator = models.CharField("so sánh", max_length=10)
    value = models.DecimalField("giá trị", max_digits=18, decimal_places=4, null=True, blank=True)
    value_max = models.DecimalField("đến giá trị", max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField("đơn vị tính", max_length=30, blank=True)
    per = models.CharField("theo", max_length=20, blank=True)
    first_year = models.PositiveSmallIntegerField("từ năm", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("đến năm", null=True, blank=True)
    scope_unit = models.ForeignKey(
        Unit, verbose_name="phạm vi", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    scope_text = models.CharField("phạm vi như đã ghi", max_length=300, blank=True)
    is_current = models.BooleanField("còn hiệu lực", default=True)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        indexes = [models.Index(fields=["plan", "is_current"], name="target_by_plan")]

    def __str__(self) -> str:
        return self.label


class Milestone(models.Model):
    """A dated event of a plan in force: launch, interim review, final review, a yearly date."""

    plan = models.ForeignKey(
        Plan, verbose_name="kế hoạch", on_delete=models.PROTECT, related_name="milestones"
    )
    item = models.ForeignKey(
        PlanItem, verbose_name="mục", on_delete=models.PROTECT, related_name="milestones"
    )
    kind = models.CharField("loại mốc", max_length=30)
    title = models.CharField("việc", max_length=300)
    #: First and last day; a year alone is its first and last day.
    first_day = models.DateField("từ ngày", null=True, blank=True)
    last_day = models.DateField("đến hết ngày", null=True, blank=True)
    when_text = models.CharField("thời gian như đã ghi", max_length=300, blank=True)
    who_text = models.CharField("ai làm, như đã ghi", max_length=500, blank=True)
    is_current = models.BooleanField("còn hiệu lực", default=True)

    class Meta:
        verbose_name = "mốc"
        verbose_name_plural = "mốc"
        indexes = [models.Index(fields=["plan", "last_day"], name="milestone_by_plan")]

    def __str__(self) -> str:
        return f"{self.title}: {self.when_text}"


class CoverageNote(models.Model):
    """Why a plan deals with an item of the higher plan as it does, in the words of its officer."""

    version = models.ForeignKey(
        PlanVersion, verbose_name="phiên bản", on_delete=models.CASCADE, related_name="coverage_notes"
    )
    higher_item = models.ForeignKey(
        PlanItem, verbose_name="mục cấp trên", on_delete=models.PROTECT, related_name="coverage_notes"
    )
    text = models.TextField("giải trình")
    #: A person may say that another item answers this one, or that the verdict is wrong.
    verdict = models.CharField("kết luận của người đối chiếu", max_length=14, blank=True)
    own_item = models.ForeignKey(
        PlanItem,
        verbose_name="mục của mình",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "giải trình độ phủ"
        verbose_name_plural = "giải trình độ phủ"
        constraints = [models.UniqueConstraint(name="coverage_note_once", fields=["version", "higher_item"])]

    def __str__(self) -> str:
        return self.text[:80]


class TargetBinding(models.Model):
    """What a target of a plan is measured by: offered from the reader's indicator, confirmed by a person."""

    target = models.OneToOneField(
        Target, verbose_name="chỉ tiêu", on_delete=models.CASCADE, related_name="binding"
    )
    indicator = models.ForeignKey(
        Indicator, verbose_name="chỉ tiêu thống kê", on_delete=models.PROTECT, related_name="bindings"
    )
    #: The place whose values count; empty: the scope of the target.
    unit = models.ForeignKey(Unit, verbose_name="địa bàn", null=True, blank=True, on_delete=models.PROTECT)
    standard = models.ForeignKey(
        Standard, verbose_name="theo chuẩn", null=True, blank=True, on_delete=models.PROTECT
    )
    segment = models.CharField("phân tổ", max_length=40, blank=True)
    baseline_year = models.PositiveSmallIntegerField("năm gốc", null=True, blank=True)
    is_confirmed = models.BooleanField("đã có người xác nhận", default=False)
    note = models.CharField("ghi chú", max_length=500, blank=True)

    class Meta:
        verbose_name = "gắn chỉ tiêu với số liệu"
        verbose_name_plural = "gắn chỉ tiêu với số liệu"

    def __str__(self) -> str:
        return f"{self.target} ← {self.indicator}"
