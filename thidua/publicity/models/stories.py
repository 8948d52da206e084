"""Stories of good examples, initiatives and models, from the draft to the portal and back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from thidua.documents.models import StoredFile
from thidua.indicators.models import Indicator
from thidua.movements.models import Movement
from thidua.organisations.models import Unit


class StoryKind(models.TextChoices):
    EXAMPLE = "guong", "Gương người tốt, việc tốt"
    INITIATIVE = "sang_kien", "Sáng kiến"
    MODEL = "mo_hinh", "Mô hình, cách làm hay"


class StoryState(models.TextChoices):
    DRAFT = "nhap", "Nháp"
    OFFERED = "cho_duyet", "Chờ duyệt"
    RETURNED = "tra_lai", "Trả lại"
    PUBLISHED = "da_dang", "Đã đăng"
    WITHDRAWN = "da_go", "Đã gỡ"
    DROPPED = "da_bo", "Đã bỏ"


class StoryColumn(models.Model):
    """A column (chuyên mục) under which a body gathers its stories."""

    unit = models.ForeignKey(Unit, verbose_name="cơ quan", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("tên chuyên mục", max_length=120)
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "chuyên mục"
        verbose_name_plural = "chuyên mục"
        constraints = [models.UniqueConstraint(name="story_column_once", fields=["unit", "name"])]

    def __str__(self) -> str:
        return self.name


class Story(models.Model):
    """One story: of whom it tells, in whose words, on whose part of the portal.

    `subject` and the text may name a person: shown to the public only while that person agrees.
    """

    #: May be changed.
    OPEN = (StoryState.DRAFT, StoryState.RETURNED)

    #: The unit whose officer writes it, and the body that reviews and publishes it.
    unit = models.ForeignKey(Unit, verbose_name="đơn vị viết", on_delete=models.PROTECT, related_name="+")
    publisher = models.ForeignKey(
        Unit, verbose_name="cơ quan đăng", on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField("loại", max_length=10, choices=StoryKind)
    column = models.ForeignKey(
        StoryColumn,
        verbose_name="chuyên mục",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    movement = models.ForeignKey(
        Movement, verbose_name="phong trào", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField("về ai, đơn vị nào", max_length=300)
    title = models.CharField("tiêu đề", max_length=200)
    title_order = models.CharField("tiêu đề để xếp thứ tự", max_length=500, blank=True)
    lead = models.CharField("tóm tắt", max_length=400)
    text = models.TextField("nội dung")
    search_text = models.TextField("chữ để tìm", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=StoryState, default=StoryState.DRAFT)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)
    changed_at = models.DateTimeField("lúc sửa cuối", default=timezone.now)
    published_at = models.DateTimeField("lúc đăng", null=True, blank=True)
    #: Grows with each change: a form that was opened before somebody else's change is told so.
    edition = models.PositiveIntegerField("lần sửa", default=1)

    class Meta:
        verbose_name = "bài gương sáng"
        verbose_name_plural = "bài gương sáng"
        constraints = [
            models.CheckConstraint(
                name="published_story_has_moment",
                condition=~Q(state__in=[StoryState.PUBLISHED, StoryState.WITHDRAWN])
                | Q(published_at__isnull=False),
            ),
        ]
        indexes = [
            # What is new on the portal?
            models.Index(fields=["state", "-published_at"], name="story_newest"),
            models.Index(fields=["unit", "state"], name="story_by_unit"),
            # What waits for this body?
            models.Index(fields=["publisher", "state"], name="story_by_publisher"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Consent(models.Model):
    """That the person or unit of a story agrees to be named, on paper or by word; may be taken back.

    Holds a name and perhaps a signed paper: personal data, for the units of the story only.
    """

    story = models.ForeignKey(Story, verbose_name="bài", on_delete=models.CASCADE, related_name="consents")
    giver = models.CharField("người đồng ý", max_length=200)
    given_on = models.DateField("ngày đồng ý")
    #: How it was given where there is no paper: "gọi điện", "trực tiếp tại nhà văn hóa".
    how = models.CharField("đồng ý bằng cách nào", max_length=300, blank=True)
    file = models.ForeignKey(
        StoredFile,
        verbose_name="giấy đồng ý",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file_name = models.CharField("tên tệp", max_length=255, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField("lúc ghi", default=timezone.now)
    withdrawn_at = models.DateTimeField("lúc rút", null=True, blank=True)
    withdrawn_reason = models.CharField("lý do rút", max_length=500, blank=True)

    class Meta:
        verbose_name = "đồng ý"
        verbose_name_plural = "đồng ý"
        constraints = [
            models.CheckConstraint(
                name="consent_is_on_paper_or_told", condition=Q(file__isnull=False) | ~Q(how="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} đồng ý ngày {self.given_on:%d/%m/%Y}"


class Picture(models.Model):
    """A picture of a story, made small; with the words that say it to who cannot see it."""

    story = models.ForeignKey(Story, verbose_name="bài", on_delete=models.CASCADE, related_name="pictures")
    file = models.ForeignKey(StoredFile, verbose_name="tệp", on_delete=models.PROTECT, related_name="+")
    alternative = models.CharField("mô tả cho người không nhìn thấy", max_length=300)
    caption = models.CharField("chú thích", max_length=300, blank=True)
    width = models.PositiveIntegerField("rộng (px)")
    height = models.PositiveIntegerField("cao (px)")
    added_at = models.DateTimeField("lúc đưa vào", default=timezone.now)

    class Meta:
        verbose_name = "ảnh"
        verbose_name_plural = "ảnh"
        constraints = [
            models.CheckConstraint(name="picture_has_alternative_text", condition=~Q(alternative="")),
            models.CheckConstraint(name="picture_has_a_size", condition=Q(width__gte=1, height__gte=1)),
        ]

    def __str__(self) -> str:
        return self.alternative


class Copying(models.Model):
    """That a model is done elsewhere too: where, since when, with what result (before and after)."""

    story = models.ForeignKey(Story, verbose_name="bài", on_delete=models.CASCADE, related_name="copies")
    unit = models.ForeignKey(Unit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="+")
    since = models.DateField("từ ngày")
    result = models.CharField("kết quả", max_length=500, blank=True)
    indicator = models.ForeignKey(
        Indicator, verbose_name="chỉ tiêu", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.DecimalField("trước", max_digits=18, decimal_places=4, null=True, blank=True)
    after = models.DecimalField("sau", max_digits=18, decimal_places=4, null=True, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField("lúc ghi", default=timezone.now)

    class Meta:
        verbose_name = "nơi nhân rộng"
        verbose_name_plural = "nơi nhân rộng"
        constraints = [
            models.UniqueConstraint(name="copying_once_per_unit", fields=["story", "unit"]),
            models.CheckConstraint(
                name="copying_figures_say_of_what",
                condition=Q(before__isnull=True, after__isnull=True) | Q(indicator__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.story}: {self.unit}"


class ProposalState(models.TextChoices):
    NEW = "moi", "Chờ xem"
    TAKEN = "da_nhan", "Đã lập bài"
    DECLINED = "khong_nhan", "Không nhận"


class Proposal(models.Model):
    """What somebody outside wrote: a good example, an initiative. Nothing of it shows before an officer acts.

    Name and contact of who wrote are personal data, for the body only.
    """

    unit = models.ForeignKey(Unit, verbose_name="gửi cơ quan", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("loại", max_length=10, choices=StoryKind)
    subject = models.CharField("về ai, ở đâu", max_length=300)
    text = models.TextField("nội dung")
    author = models.CharField("người đề xuất", max_length=200, blank=True)
    contact = models.CharField("liên hệ", max_length=200, blank=True)
    search_text = models.TextField("chữ để tìm", blank=True)
    state = models.CharField("trạng thái", max_length=10, choices=ProposalState, default=ProposalState.NEW)
    sent_at = models.DateTimeField("lúc gửi")
    decided_at = models.DateTimeField("lúc xử lý", null=True, blank=True)
    story = models.OneToOneField(
        Story,
        verbose_name="bài đã lập",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="proposal",
    )

    class Meta:
        verbose_name = "đề xuất từ người dân"
        verbose_name_plural = "đề xuất từ người dân"
        indexes = [models.Index(fields=["unit", "state", "-sent_at"], name="proposal_by_unit")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"[:200]
