"""A council of a body, its members, its sessions; the box in which their papers lie without their names."""

from __future__ import annotations

from fractions import Fraction

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from thidua.awards.models.candidates import Candidate
from thidua.documents.models import OutgoingPaper
from thidua.organisations.models import Unit


class CouncilState(models.TextChoices):
    FORMING = "dang_lap", "Đang lập"
    IN_FORCE = "hoat_dong", "Đang hoạt động"
    ENDED = "het_nhiem_ky", "Hết nhiệm kỳ"


class CouncilPost(models.TextChoices):
    CHAIR = "chu_tich", "Chủ tịch"
    STANDING_VICE = "pho_thuong_truc", "Phó Chủ tịch thường trực"
    VICE = "pho_chu_tich", "Phó Chủ tịch"
    SECRETARY = "thu_ky", "Thư ký"
    MEMBER = "uy_vien", "Ủy viên"


class ShareBase(models.TextChoices):
    """Values of `criteria.ballots.Base`."""

    ALL_MEMBERS = "all-members", "tổng số thành viên"
    PRESENT = "present", "thành viên dự họp"


class Council(models.Model):
    """The council of one body for one term (Hội đồng Thi đua – Khen thưởng), as its decision set it up.

    The shares are of its own rules (quy chế); where the law sets a share, the law goes before.
    """

    unit = models.ForeignKey(
        Unit, verbose_name="cơ quan có hội đồng", on_delete=models.PROTECT, related_name="award_councils"
    )
    #: The office that prepares the sessions; may be the same.
    standing_body = models.ForeignKey(
        Unit, verbose_name="cơ quan thường trực", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("tên hội đồng", max_length=300)
    #: Code of `award.council.<level>` of the lawbook.
    level = models.CharField("cấp", max_length=20)
    decision_number = models.CharField("số quyết định thành lập", max_length=120, blank=True)
    decision_date = models.DateField("ngày quyết định", null=True, blank=True)
    since = models.DateField("từ ngày")
    #: First day no longer; empty while no end is set.
    until = models.DateField("đến trước ngày", null=True, blank=True)
    vote_part = models.PositiveSmallIntegerField("tỷ lệ phiếu: tử số", default=1)
    vote_whole = models.PositiveSmallIntegerField("tỷ lệ phiếu: mẫu số", default=2)
    #: More than the share (quá bán), not just the share.
    vote_is_strict = models.BooleanField("phải quá tỷ lệ này", default=True)
    vote_base = models.CharField("tính trên", max_length=12, choices=ShareBase, default=ShareBase.ALL_MEMBERS)
    quorum_part = models.PositiveSmallIntegerField("số người dự họp: tử số", default=2)
    quorum_whole = models.PositiveSmallIntegerField("số người dự họp: mẫu số", default=3)
    rules_source = models.CharField("quy chế", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=14, choices=CouncilState, default=CouncilState.FORMING)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "hội đồng"
        verbose_name_plural = "hội đồng"
        constraints = [
            models.CheckConstraint(
                name="council_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="council_vote_share_is_whole",
                condition=Q(vote_part__gt=0, vote_whole__gte=F("vote_part")),
            ),
            models.CheckConstraint(
                name="council_quorum_share_is_whole",
                condition=Q(quorum_part__gt=0, quorum_whole__gte=F("quorum_part")),
            ),
            models.UniqueConstraint(
                name="council_one_at_work_per_body", fields=["unit"], condition=Q(state="hoat_dong")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def vote_share(self) -> Fraction:
        return Fraction(self.vote_part, self.vote_whole)

    @property
    def quorum(self) -> Fraction:
        return Fraction(self.quorum_part, self.quorum_whole)


class CouncilMember(models.Model):
    """One seat of a council, or the substitute of a seat, by name and office. Personal data: the name.

    Only seats count as members; a substitute votes in the place of the seat when it is sent. Who has no
    account votes on paper.
    """

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.CASCADE, related_name="members"
    )
    name = models.CharField("họ và tên", max_length=150)
    office = models.CharField("chức vụ, cơ quan", max_length=300, blank=True)
    #: Whose people this member is of: the own unit is not judged by its own people.
    unit = models.ForeignKey(
        Unit, verbose_name="đơn vị", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="tài khoản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="council_seats",
    )
    post = models.CharField("chức danh", max_length=16, choices=CouncilPost, default=CouncilPost.MEMBER)
    substitutes_for = models.ForeignKey(
        "self",
        verbose_name="dự thay cho",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="substitutes",
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "thành viên hội đồng"
        verbose_name_plural = "thành viên hội đồng"
        constraints = [
            models.UniqueConstraint(
                name="council_member_account_once",
                fields=["council", "user"],
                condition=Q(user__isnull=False),
            ),
            models.UniqueConstraint(
                name="council_has_one_chair",
                fields=["council"],
                condition=Q(post="chu_tich", substitutes_for__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_post_display()}"


class SessionState(models.TextChoices):
    PREPARING = "chuan_bi", "Đang chuẩn bị"
    SUMMONED = "da_moi", "Đã mời họp"
    MEETING = "dang_hop", "Đang họp"
    VOTING = "bo_phieu", "Đang bỏ phiếu"
    COUNTED = "kiem_phieu", "Đã kiểm phiếu"
    CONCLUDED = "ket_luan", "Đã kết luận"
    CANCELLED = "da_huy", "Đã hủy"


class CouncilSession(models.Model):
    """One meeting of a council: when, where, what it votes on, who leads it."""

    #: Agenda, attendance and conflicts may still change.
    OPEN = (SessionState.PREPARING, SessionState.SUMMONED, SessionState.MEETING)
    #: The count is known.
    KNOWN = (SessionState.COUNTED, SessionState.CONCLUDED)

    council = models.ForeignKey(
        Council, verbose_name="hội đồng", on_delete=models.PROTECT, related_name="sessions"
    )
    title = models.CharField("cuộc họp", max_length=300)
    meets_at = models.DateTimeField("lúc họp")
    place = models.CharField("địa điểm", max_length=300, blank=True)
    note = models.TextField("nội dung khác", blank=True)
    #: All papers are of paper, typed in by two tellers; the program has no box.
    is_on_paper = models.BooleanField("chỉ bỏ phiếu giấy", default=False)
    #: Who leads when the chair does not.
    chaired_by = models.ForeignKey(
        CouncilMember,
        verbose_name="chủ trì",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    secretary = models.ForeignKey(
        CouncilMember,
        verbose_name="thư ký",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    summons = models.ForeignKey(
        OutgoingPaper,
        verbose_name="giấy mời",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    minutes = models.ForeignKey(
        OutgoingPaper,
        verbose_name="biên bản",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: Set while counting: seats of the council, and seats whose holder or substitute came.
    members = models.PositiveSmallIntegerField("số thành viên", null=True, blank=True)
    present = models.PositiveSmallIntegerField("số người dự họp", null=True, blank=True)
    #: The count as everybody may recompute it: canonical JSON, `votes/1`.
    package = models.TextField("gói kiểm phiếu", blank=True)
    state = models.CharField(
        "trạng thái", max_length=12, choices=SessionState, default=SessionState.PREPARING
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("lúc lập", default=timezone.now)

    class Meta:
        verbose_name = "cuộc họp hội đồng"
        verbose_name_plural = "cuộc họp hội đồng"
        # "Which meetings, newest first?"
        indexes = [models.Index(fields=["council", "-meets_at"], name="council_session_by_day")]

    def __str__(self) -> str:
        return self.title


class Presence(models.TextChoices):
    PRESENT = "co_mat", "Có mặt"
    SUBSTITUTED = "cu_nguoi_thay", "Cử người dự thay"
    WRITTEN = "vang_gui_phieu", "Vắng, gửi phiếu bằng văn bản"
    ABSENT = "vang", "Vắng"


class Attendance(models.Model):
    """Whether the holder of one seat came to one meeting, and who came instead."""

    session = models.ForeignKey(
        CouncilSession, verbose_name="cuộc họp", on_delete=models.CASCADE, related_name="attendances"
    )
    member = models.ForeignKey(
        CouncilMember, verbose_name="thành viên", on_delete=models.PROTECT, related_name="attendances"
    )
    presence = models.CharField("dự họp", max_length=16, choices=Presence)
    substitute = models.ForeignKey(
        CouncilMember,
        verbose_name="người dự thay",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = models.CharField("lý do vắng", max_length=300, blank=True)

    class Meta:
        verbose_name = "điểm danh"
        verbose_name_plural = "điểm danh"
        constraints = [
            models.UniqueConstraint(name="attendance_once", fields=["session", "member"]),
            models.CheckConstraint(
                name="attendance_substitute_is_named",
                condition=Q(presence="cu_nguoi_thay", substitute__isnull=False)
                | (~Q(presence="cu_nguoi_thay") & Q(substitute__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.get_presence_display()}"


class ItemResult(models.TextChoices):
    PASSED = "thong_qua", "Thông qua"
    FAILED = "khong_thong_qua", "Không thông qua"
    #: Enough yes papers, but others had more for the places there are.
    NOT_CHOSEN = "qua_so_luong", "Đủ phiếu, hết số lượng"
    #: Equal at the last place: voted on again in another meeting.
    TIED = "bang_phieu", "Bằng phiếu, bỏ phiếu lại"


class SessionItem(models.Model):
    """One question of a meeting: has this candidate this form. The rule is frozen when voting opens."""

    session = models.ForeignKey(
        CouncilSession, verbose_name="cuộc họp", on_delete=models.CASCADE, related_name="items"
    )
    candidate = models.ForeignKey(
        Candidate, verbose_name="đề nghị", on_delete=models.PROTECT, related_name="council_items"
    )
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    form = models.CharField("hình thức", max_length=60)
    discussion = models.TextField("ý kiến thảo luận", blank=True)
    vote_part = models.PositiveSmallIntegerField("tỷ lệ phiếu: tử số", null=True, blank=True)
    vote_whole = models.PositiveSmallIntegerField("tỷ lệ phiếu: mẫu số", null=True, blank=True)
    vote_is_strict = models.BooleanField("phải quá tỷ lệ này", default=False)
    vote_base = models.CharField("tính trên", max_length=12, choices=ShareBase, blank=True)
    vote_source = models.CharField("căn cứ tỷ lệ", max_length=500, blank=True)
    vote_confirmed = models.BooleanField("tỷ lệ đã đối chiếu", default=False)
    #: Questions that share places carry one key ("12/giay-khen/commune").
    place_key = models.CharField("nhóm xét theo số lượng", max_length=120, blank=True)
    places = models.PositiveIntegerField("số lượng", null=True, blank=True)
    yes = models.PositiveSmallIntegerField("đồng ý", null=True, blank=True)
    no = models.PositiveSmallIntegerField("không đồng ý", null=True, blank=True)
    blank = models.PositiveSmallIntegerField("phiếu trắng", null=True, blank=True)
    spoilt = models.PositiveSmallIntegerField("phiếu không hợp lệ", null=True, blank=True)
    needed = models.PositiveSmallIntegerField("cần", null=True, blank=True)
    base = models.PositiveSmallIntegerField("trên tổng số", null=True, blank=True)
    result = models.CharField("kết quả", max_length=16, choices=ItemResult, blank=True)
    is_concluded = models.BooleanField("đã ghi vào hồ sơ", default=False)

    class Meta:
        verbose_name = "nội dung bỏ phiếu"
        verbose_name_plural = "nội dung bỏ phiếu"
        constraints = [
            models.UniqueConstraint(name="session_item_once", fields=["session", "candidate"]),
        ]

    def __str__(self) -> str:
        return str(self.candidate)


class ConflictKind(models.TextChoices):
    IS_CANDIDATE = "chinh_minh", "Chính là người được xét"
    OWN_UNIT = "don_vi_minh", "Đơn vị của mình được xét"
    PROPOSED = "minh_de_nghi", "Đơn vị của mình đề nghị"
    KIN = "than_thich", "Người thân được xét"
    DECLARED = "tu_khai", "Lý do khác"


class Conflict(models.Model):
    """That a member has an interest in a question, found by the program or declared, and what follows.

    May tell that two persons are related: personal data, for the council only.
    """

    item = models.ForeignKey(
        SessionItem, verbose_name="nội dung", on_delete=models.CASCADE, related_name="conflicts"
    )
    #: The seat; of a substitute the seat for which they came.
    member = models.ForeignKey(
        CouncilMember, verbose_name="thành viên", on_delete=models.PROTECT, related_name="conflicts"
    )
    kind = models.CharField("lý do", max_length=14, choices=ConflictKind)
    why = models.CharField("nội dung", max_length=500, blank=True)
    is_declared = models.BooleanField("tự khai", default=False)
    #: No paper for this question; otherwise only written down.
    is_recused = models.BooleanField("không bỏ phiếu", default=True)
    #: Why a found conflict does not count.
    set_aside = models.CharField("lý do vẫn được bỏ phiếu", max_length=500, blank=True)

    class Meta:
        verbose_name = "xung đột lợi ích"
        verbose_name_plural = "xung đột lợi ích"
        constraints = [
            models.UniqueConstraint(name="conflict_once", fields=["item", "member", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.get_kind_display()}"


class BoxKey(models.Model):
    """The public half of one of the two locks of a meeting's box; the key is a code only its holder knows."""

    session = models.ForeignKey(
        CouncilSession, verbose_name="cuộc họp", on_delete=models.CASCADE, related_name="box_keys"
    )
    member = models.ForeignKey(
        CouncilMember, verbose_name="người giữ khóa", on_delete=models.PROTECT, related_name="+"
    )
    public = models.CharField("khóa công khai", max_length=64)

    class Meta:
        verbose_name = "khóa hòm phiếu"
        verbose_name_plural = "khóa hòm phiếu"
        constraints = [models.UniqueConstraint(name="box_key_once", fields=["session", "member"])]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.member_id}"


class BallotMethod(models.TextChoices):
    PROGRAM = "chuong_trinh", "Trên chương trình"
    PAPER = "giay", "Phiếu giấy"


class BallotMark(models.Model):
    """That the holder of a seat has voted in a meeting. Nothing of how, nor when: see decision 0021."""

    session = models.ForeignKey(
        CouncilSession, verbose_name="cuộc họp", on_delete=models.CASCADE, related_name="marks"
    )
    member = models.ForeignKey(
        CouncilMember, verbose_name="thành viên", on_delete=models.PROTECT, related_name="+"
    )
    method = models.CharField("cách bỏ phiếu", max_length=12, choices=BallotMethod)

    class Meta:
        verbose_name = "đã bỏ phiếu"
        verbose_name_plural = "đã bỏ phiếu"
        constraints = [models.UniqueConstraint(name="ballot_once", fields=["session", "member"])]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.member_id}"


class BallotBox(models.Model):
    """The papers on one question, all in one row, without names, order or times: see decision 0021.

    While voting is open `sealed` holds papers that nobody can read without both keys; after the count
    `papers` holds what they say, sorted by their marks, and `sealed` is emptied.
    """

    item = models.OneToOneField(
        SessionItem, verbose_name="nội dung", on_delete=models.CASCADE, related_name="box"
    )
    #: JSON list of sealed papers, sorted by their bytes, which are chance.
    sealed = models.TextField("phiếu niêm phong", default="[]")
    #: SHA-256 of the sealed papers; the log keeps it at each vote, so that a removed or added paper shows.
    digest = models.CharField("mã băm", max_length=64)
    #: JSON list of [mark, choice].
    papers = models.TextField("phiếu đã mở", default="[]")

    class Meta:
        verbose_name = "hòm phiếu"
        verbose_name_plural = "hòm phiếu"

    def __str__(self) -> str:
        return f"{self.item_id}"


class TellerCount(models.Model):
    """What one of two tellers counted of the paper ballots on one question."""

    item = models.ForeignKey(
        SessionItem, verbose_name="nội dung", on_delete=models.CASCADE, related_name="teller_counts"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người kiểm phiếu", on_delete=models.PROTECT, related_name="+"
    )
    yes = models.PositiveSmallIntegerField("đồng ý")
    no = models.PositiveSmallIntegerField("không đồng ý")
    blank = models.PositiveSmallIntegerField("phiếu trắng")
    spoilt = models.PositiveSmallIntegerField("phiếu không hợp lệ")

    class Meta:
        verbose_name = "kết quả kiểm phiếu giấy"
        verbose_name_plural = "kết quả kiểm phiếu giấy"
        constraints = [models.UniqueConstraint(name="teller_count_once", fields=["item", "user"])]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.yes}/{self.no}/{self.blank}/{self.spoilt}"
