"""What each key of the law of commendation must look like, and its fields in Vietnamese.

`shape_of(key)` is asked by the lawbook while it reads, and by the pages that print a value. A key that starts
with `award.` and stands in no pattern is refused.
"""

from __future__ import annotations

from thidua.criteria.shapes import (
    Code,
    Either,
    ListOf,
    MonthDay,
    Number,
    OneOf,
    Record,
    Shape,
    Share,
    Text,
    Whole,
    YesNo,
)

#: Keys that start so are checked against a shape; all others are free.
CHECKED = ("award.", "pay.")

FORM = Code(("award.form.",))
FORM_OR_KIND = Code(("award.form.", "award.kind."))
SUBJECT = Code(("award.subject.",))
TYPE = Code(("award.type.",))
DECIDER = Code(("award.decider.",))
PAPER = Code(("award.paper.",))
SUBJECTS = ListOf(SUBJECT)

LEVELS = OneOf(
    {
        "nha-nuoc": "cấp Nhà nước",
        "bo-tinh": "cấp bộ, ban, ngành, tỉnh",
        "co-so": "cấp sở, đơn vị, huyện",
        "xa": "cấp xã",
    }
)
EFFECTS = OneOf(
    {
        "block": "chặn bước không đúng",
        "reason": "hỏi lý do và ghi lại",
        "warn": "cảnh báo",
        "record": "lưu dữ liệu để chứng minh",
    }
)
GOVERNS = OneOf(
    {
        "decision": "ngày ký quyết định",
        "submission": "ngày trình hồ sơ",
        "act": "ngày làm việc đó",
    }
)
BASES = OneOf({"all-members": "tổng số thành viên hội đồng", "present": "thành viên dự họp"})
PEOPLE = OneOf({"worker-farmer": "công nhân, nông dân, người lao động"})
REVIEWS = OneOf({"so-ket": "sơ kết", "tong-ket": "tổng kết"})

_STANDARD = Record(
    required={"text": ("Nội dung", Text())},
    optional={
        "type": ("Loại hình", TYPE),
        "subjects": ("Đối tượng", SUBJECTS),
        "only_for": ("Riêng cho", PEOPLE),
        "not_for": ("Không gồm", PEOPLE),
        "movement_years_at_least": ("Phong trào kéo dài ít nhất (năm)", Whole(1)),
        "launched_by": ("Phong trào do", ListOf(DECIDER)),
        "selected_at": ("Bình xét khi", ListOf(REVIEWS)),
        "holds": ("Đã được tặng", FORM),
        "years_at_least": ("Số năm sau đó ít nhất", Whole(1)),
        "excellent_years_at_least": ("trong đó hoàn thành xuất sắc (năm)", Whole(1)),
        "title": ("kèm danh hiệu", FORM),
        "title_times": ("số lần", Whole(1)),
    },
)

_COUNCIL = Record(
    required={"name": ("Hội đồng", Text())},
    optional={
        "chair": ("Chủ tịch", Text()),
        "vice_chairs": ("Phó Chủ tịch", ListOf(Text())),
        "vice_chairs_at_least": ("Số Phó Chủ tịch ít nhất", Whole(1)),
        "vice_chairs_at_most": ("Số Phó Chủ tịch nhiều nhất", Whole(1)),
        "standing_vice": ("Phó Chủ tịch thường trực", Text()),
        "standing_body": ("Cơ quan thường trực", Text()),
        "meets_every_months": ("Họp ít nhất mỗi (tháng)", Whole(1)),
        "quorum": ("Số thành viên dự họp ít nhất", Share()),
        "quorum_base": ("tính trên", BASES),
        "decides_by": ("Quyết định theo", Text()),
        "own_rules": ("Tự lập hội đồng, tự ban hành quy chế", YesNo()),
    },
)

_QUOTA = Record(
    required={"for": ("Xét cho", Text()), "text": ("Nội dung", Text())},
    optional={
        "share": ("Tỷ lệ", Share()),
        "count": ("Số lượng", Whole(1)),
        "count_at_most": ("Số lượng nhiều nhất", Whole(1)),
        "base": (
            "Tính trên",
            OneOf({"all": "tất cả đơn vị cùng loại", "qualified": "đơn vị đạt chuẩn"}),
        ),
        "per": ("Tính cho mỗi", Text()),
        "must_qualify": ("Phải đạt chuẩn", YesNo()),
        "excludes_earlier_winners": ("Trừ nơi đã được khen thưởng", YesNo()),
        "form": ("Hình thức", FORM),
    },
)


def _record(**fields: tuple[str, Shape]) -> Record:
    return Record(required=fields)


PATTERNS: tuple[tuple[str, Shape], ...] = (
    # eras
    (
        "award.era",
        Record(
            required={
                "code": ("Mã", Text()),
                "name": ("Tên", Text()),
                "law": ("Luật", Text()),
                "decree": ("Nghị định", Text()),
            },
            optional={"amended_by": ("Sửa đổi bởi", ListOf(Text())), "also": ("Cùng với", ListOf(Text()))},
        ),
    ),
    ("award.era.circulars", ListOf(Text())),
    ("award.governing_date.*", GOVERNS),
    ("award.transition", Text()),
    ("award.draft_law", Text()),
    # principles, holds, subjects, types, kinds, forms
    (
        "award.principle.*",
        _record(text=("Nguyên tắc", Text()), meaning=("Phần mềm làm", Text()), effect=("Khi trái", EFFECTS)),
    ),
    (
        "award.hold.*",
        _record(
            text=("Trường hợp", Text()),
            stops=("Dừng", ListOf(OneOf({"submit": "trình hồ sơ", "sign": "ký quyết định"}))),
        ),
    ),
    ("award.hold_ends.*", Text()),
    (
        "award.subject.*",
        Record(
            required={"name": ("Tên", Text())},
            optional={"includes": ("Gồm", ListOf(Text())), "counted_as": ("Thống kê theo", ListOf(Text()))},
        ),
    ),
    (
        "award.type.*",
        Record(
            required={"name": ("Tên", Text())},
            optional={"meaning": ("Là", Text()), "subjects": ("Đối tượng", SUBJECTS)},
        ),
    ),
    ("award.kind.*", Text()),
    (
        "award.form.*",
        _record(name=("Tên", Text()), kind=("Loại", Code(("award.kind.",))), level=("Cấp", LEVELS)),
    ),
    ("award.form.*.subjects", SUBJECTS),
    ("award.precedence.*", ListOf(FORM)),
    ("award.standard.*.*", _STANDARD),
    ("award.waiting.*", Either(Whole(1))),
    # who decides
    ("award.decider.*", _record(name=("Chức danh", Text()))),
    ("award.authority.*", ListOf(FORM_OR_KIND)),
    ("award.authority.*.*", ListOf(FORM_OR_KIND)),
    (
        "award.route.*",
        Record(
            required={"text": ("Nội dung", Text())},
            optional={
                "submitted_by": ("Trình bởi", ListOf(DECIDER)),
                "checked_by": ("Thẩm định", Text()),
                "submitted_through": ("qua", DECIDER),
            },
        ),
    ),
    ("award.role.*", _record(name=("Vai trò", Text()), acts=("Việc làm", Text()))),
    # money
    ("pay.base_salary", Whole(1)),
    ("award.bonus.rounding", Whole(1)),
    (
        "award.bonus.coefficient.*",
        _record(times=("Hệ số", Number()), given_to=("Tính sẵn cho", SUBJECT)),
    ),
    ("award.bonus.ceiling.*", Number()),
    ("award.bonus.multiplier.*.*", Number()),
    ("award.bonus.rule.*", Text()),
    ("award.bonus.with.*", ListOf(Text())),
    # dossiers
    ("award.paper.*", _record(name=("Giấy tờ", Text()))),
    (
        "award.dossier.*.*",
        Record(
            required={"papers": ("Giấy tờ", ListOf(PAPER))},
            optional={
                "if_relied_on": ("Khi có nêu", ListOf(PAPER)),
                "sets": ("Số bộ", Whole(1)),
                "originals": ("Bản chính", YesNo()),
                "electronic": ("Kèm tệp điện tử, trừ bí mật nhà nước", YesNo()),
                "fee": ("Lệ phí", YesNo()),
            },
        ),
    ),
    ("award.dossier_rule.*", Text()),
    ("award.template.*", Text()),
    ("award.report_outline", ListOf(Text())),
    ("award.simplified.cases", ListOf(Text())),
    # procedure
    ("award.procedure.steps", ListOf(Text())),
    ("award.processing.*", Either(Whole(1))),
    ("award.publicity.*", Either(Whole(1))),
    ("award.publicity_forms.*", ListOf(FORM_OR_KIND)),
    ("award.publicity_where", Text()),
    ("award.publicity_answer", EFFECTS),
    ("award.yearly_deadline.*", Either(MonthDay())),
    ("award.consultation.forms", ListOf(FORM_OR_KIND)),
    ("award.consultation.matters", ListOf(Text())),
    ("award.consultation.rule.*", Text()),
    ("award.council.*", _COUNCIL),
    (
        "award.vote.*",
        Record(
            required={"base": ("Tính trên", BASES), "secret": ("Bỏ phiếu kín", YesNo())},
            optional={
                "share": ("Tỷ lệ ít nhất", Share()),
                "absent_in_writing": ("Người vắng lấy ý kiến bằng văn bản", YesNo()),
            },
        ),
    ),
    ("award.vote_rules.*", Text()),
    ("award.recusal.*", _record(recused=("Không bỏ phiếu", YesNo()), base=("Tỷ lệ tính trên", BASES))),
    # after the decision
    ("award.certificate.layout", ListOf(Text())),
    ("award.certificate.print_fields", ListOf(Text())),
    (
        "award.certificate.size.*",
        _record(
            width=("Rộng (mm)", Whole(1)),
            height=("Cao (mm)", Whole(1)),
            inner_width=("Khung trong, rộng (mm)", Whole(1)),
            inner_height=("Khung trong, cao (mm)", Whole(1)),
            signature=("Chừa để ký (mm)", Whole(1)),
        ),
    ),
    ("award.certificate.rule.*", Text()),
    ("award.ceremony.*", Text()),
    ("award.revocation.grounds", ListOf(Text())),
    ("award.right.*", Text()),
    # movements, quotas, statistics
    ("award.movement.*", ListOf(Text())),
    ("award.movement_rule.*", Text()),
    ("award.quota.*", ListOf(_QUOTA)),
    ("award.statistics.*", ListOf(Text())),
    ("award.statistics.*.*", ListOf(Text())),
)

_BY_LENGTH: dict[int, list[tuple[list[str], Shape]]] = {}
for _pattern, _shape in PATTERNS:
    _BY_LENGTH.setdefault(_pattern.count("."), []).append((_pattern.split("."), _shape))


def shape_of(key: str) -> Shape | None:
    """The shape of a key; None when no pattern knows it."""
    parts = key.split(".")
    for pattern, shape in _BY_LENGTH.get(len(parts) - 1, ()):
        if all(wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=True)):
            return shape
    return None
