"""Whether a form fits: who decides on it, to whom and for what it may be given, what must have been held.

Knows the kinds of bodies behind the offices of the law; a movement award opens no merit route (P7).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from thidua.awards import held_awards
from thidua.awards.findings import Finding, ground
from thidua.awards.models import AwardRoundKind, AwardSubjectType, Candidate, RoundForm
from thidua.core.formats import format_date
from thidua.criteria import award_law
from thidua.criteria.award_law import Effect
from thidua.criteria.lawbook import NotInLawbook
from thidua.organisations import tree
from thidua.organisations.models import Unit, UnitKind

SUBJECTS = {AwardSubjectType.PERSON: "individual", AwardSubjectType.HOUSEHOLD: "household"}
#: Offices of the law that head a body of this kind.
DECIDERS = {
    UnitKind.PROVINCE: ("chu-tich-ubnd-tinh",),
    UnitKind.DISTRICT: ("chu-tich-ubnd-huyen",),
    UnitKind.COMMUNE: ("chu-tich-ubnd-xa",),
    UnitKind.AGENCY: ("giam-doc-so", "thu-truong-don-vi", "bo-truong"),
    UnitKind.DIVISION: ("thu-truong-don-vi",),
    UnitKind.ENTERPRISE: ("giam-doc-doanh-nghiep", "chu-tich-hoi-dong"),
    UnitKind.COOPERATIVE: ("giam-doc-doanh-nghiep", "chu-tich-hoi-dong"),
    UnitKind.FRONT: ("doan-the",),
    UnitKind.MASS: ("doan-the",),
}
NOT_MERIT = ("movement", "one-off")


def findings(candidate: Candidate, *, on: date) -> list[Finding]:
    try:
        wanted = award_law.form(candidate.form, on)
    except NotInLawbook as unknown:
        return [_warn("form:unknown", "Chưa đối chiếu được hình thức khen thưởng", str(unknown))]
    return [
        *_subject(candidate, wanted, on=on),
        *_authority(candidate, on=on),
        *_merit(candidate, on=on),
        *_movement(candidate, wanted, on=on),
        *_waiting(candidate, wanted, on=on),
        *_dissolved(candidate, on=on),
    ]


def _warn(key: str, title: str, why: str, next_step: str = "", citation: str = "") -> Finding:
    step = next_step or "Đối chiếu văn bản gốc trước khi trình"
    return Finding(key, Effect.WARN, title, why, step, citation, confirmed=False)


def _subject(candidate: Candidate, wanted: award_law.Form, *, on: date) -> Iterator[Finding]:
    own = SUBJECTS.get(AwardSubjectType(candidate.subject_type), "collective")
    if wanted.subjects is not None and own not in wanted.subjects:
        yield Finding(
            "form:subject",
            Effect.BLOCK if wanted.subjects_confirmed else Effect.WARN,
            f"«{wanted.name}» không dành cho đối tượng này",
            f"đối tượng là {candidate.get_subject_type_display().lower()}",
            "Chọn hình thức khác",
            wanted.citation,
            wanted.subjects_confirmed,
        )
    try:
        kind = award_law.commendation_type(candidate.round.commendation_type, on)
    except NotInLawbook:
        return
    if kind.subjects is not None and own not in kind.subjects:
        yield Finding(
            "type:subject",
            Effect.BLOCK if kind.confirmed else Effect.WARN,
            f"{kind.name.capitalize()} không xét đối tượng này",
            f"đối tượng là {candidate.get_subject_type_display().lower()}",
            "Chuyển sang đợt xét có loại hình phù hợp",
            kind.citation,
            kind.confirmed,
        )


def decider_of(unit: Unit, form: str, on: date) -> award_law.Authority | None:
    """The office of the law by which the head of a body decides on a form; None: no such office does."""
    offices = DECIDERS.get(UnitKind(unit.kind), ())
    return next((one for one in award_law.authority(form, on) if one.decider in offices), None)


def _authority(candidate: Candidate, *, on: date) -> Iterator[Finding]:
    offered = RoundForm.objects.filter(round=candidate.round, form=candidate.form, is_decided_here=True)
    if not offered.exists():
        return
    body = candidate.round.deciding_body
    try:
        found = decider_of(body, candidate.form, on)
    except NotInLawbook as unknown:
        yield _warn("form:authority", "Chưa đối chiếu được thẩm quyền", str(unknown))
        return
    if found is None:
        names = ", ".join(one.title for one in award_law.authority(candidate.form, on))
        yield Finding(
            "form:authority",
            Effect.BLOCK,
            "Người đứng đầu cơ quan quyết định không có thẩm quyền với hình thức này",
            f"ngày {format_date(on)} thẩm quyền thuộc {names}",
            "Trình cấp có thẩm quyền, hoặc chọn hình thức thuộc thẩm quyền",
            award_law.authority(candidate.form, on)[0].citation,
        )
    elif not found.confirmed:
        yield _warn(
            "form:authority",
            f"Thẩm quyền của {found.title}",
            "lời văn bản chưa đối chiếu",
            "",
            found.citation,
        )


def _merit(candidate: Candidate, *, on: date) -> Iterator[Finding]:
    """A merit route that leans on an earlier award needs one that was given for merit."""
    if candidate.round.commendation_type != "merit":
        return
    needed = {
        str(one.figures["holds"])
        for one in award_law.standards(candidate.form, on)
        if one.figures.get("holds") and one.type in ("", "merit")
    }
    awards = held_awards.of([candidate.subject_key]).get(candidate.subject_key, [])
    held = [one for one in awards if one.form in needed]
    if held and all(one.commendation_type in NOT_MERIT for one in held):
        rule = ground("p07", on)
        last = held[-1]
        yield Finding(
            f"merit:{last.form}:{last.decided_on}",
            rule.effect,
            "Khen phong trào, đột xuất không mở đường khen theo công trạng",
            f"lần khen làm căn cứ (Quyết định {last.number} ngày {format_date(last.decided_on)}) không phải "
            "khen theo công trạng",
            "Chỉ dùng lần khen theo công trạng làm căn cứ, hoặc đề nghị hình thức khác",
            rule.citation,
            rule.confirmed,
        )


def _movement(candidate: Candidate, wanted: award_law.Form, *, on: date) -> Iterator[Finding]:
    """Orders through a movement: hạng Ba, after so many years, at a review. Warns only (awards.md R5)."""
    if candidate.round.commendation_type != "movement" or wanted.kind != "huan-chuong":
        return
    by_movement = [one for one in award_law.standards(wanted.code, on) if one.type == "movement"]
    if not by_movement:
        yield _warn(
            "movement:class",
            f"Các khoản đã đọc không mở «{wanted.name}» qua phong trào",
            "chỉ thấy Huân chương Lao động hạng Ba có đường phong trào",
            "Kiểm tra hướng dẫn của cấp tổ chức tổng kết trước khi trình",
            wanted.citation,
        )
    movement = candidate.round.movement
    for one in by_movement:
        years = one.figures.get("movement_years_at_least")
        has = (
            (movement.last_year or on.year) - movement.first_year + 1
            if movement is not None and movement.first_year
            else None
        )
        if years and (has is None or has < int(years)):
            yield _warn(
                "movement:years",
                f"Phong trào cần có thời hạn từ {years} năm",
                f"phong trào này {has} năm" if has is not None else "chưa rõ phong trào bao nhiêu năm",
                "Đối chiếu thời gian phong trào với tiêu chuẩn",
                one.citation,
            )
    if candidate.round.kind not in (AwardRoundKind.MID_TERM, AwardRoundKind.FINAL):
        yield _warn(
            "movement:review",
            "Huân chương qua phong trào xét ở sơ kết, tổng kết",
            f"đợt này là kỳ «{candidate.round.get_kind_display().lower()}»",
        )


def _waiting(candidate: Candidate, wanted: award_law.Form, *, on: date) -> Iterator[Finding]:
    """So many years after the decision before; unread for most forms, so it warns."""
    try:
        years = award_law.waiting_years(f"{wanted.kind}-{candidate.round.commendation_type}", on)
    except NotInLawbook:
        return
    held = held_awards.of([candidate.subject_key]).get(candidate.subject_key, [])
    same_kind = [one for one in held if one.form.startswith(wanted.kind)]
    if not years or not same_kind:
        return
    last = same_kind[-1].decided_on
    again = date(last.year + years, last.month, min(last.day, 28))
    if on < again:
        rule = ground("p13", on)
        yield Finding(
            f"waiting:{last}",
            rule.effect,
            f"Chưa đủ {years} năm kể từ lần khen trước",
            f"quyết định trước ngày {format_date(last)}, sớm nhất {format_date(again)}",
            "Chờ đủ thời gian, hoặc nêu trường hợp không tính thời gian chờ",
            rule.citation,
            rule.confirmed,
        )


def _dissolved(candidate: Candidate, *, on: date) -> Iterator[Finding]:
    if candidate.unit_id is None or tree.version_on(candidate.unit_id, on=on) is not None:
        return
    last = tree.last_version(candidate.unit_id, on=on)
    rule = ground("p15", on)
    yield Finding(
        "dissolved",
        rule.effect,
        "Đơn vị không còn hoạt động",
        f"đã kết thúc ngày {format_date(last.until)}"
        if last is not None
        else "không có trong danh mục đơn vị",
        "Xét đơn vị kế thừa, hoặc nêu rõ quyết định được ký trước ngày đó",
        rule.citation,
        rule.confirmed,
    )
