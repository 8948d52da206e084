"""What the papers say: decision with list, submission, revocation, correction. Nothing is saved here."""

from __future__ import annotations

from collections import Counter
from datetime import date

from thidua.awards.decisions import money
from thidua.awards.duplicates import form_name
from thidua.awards.models import (
    AwardDecision,
    AwardSubjectType,
    DecisionKind,
    DecisionLine,
    RegisteredAward,
)
from thidua.awards.papers import NAMED_SHORT
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date, format_number
from thidua.core.spelled_numbers import spelled_dong
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents.letterhead import Letterhead, letterhead_of
from thidua.documents.models import OutgoingPaper, PaperRelation
from thidua.documents.writing.paper import (
    Appendix,
    Article,
    Block,
    Column,
    Item,
    Level,
    Paper,
    Paragraph,
    Signature,
    Table,
)

COUNTED = {AwardSubjectType.PERSON: "cá nhân", AwardSubjectType.HOUSEHOLD: "hộ gia đình"}


def paper_of(decision: AwardDecision, *, on: date) -> Paper:
    """The paper of a list as it stands, without number and date."""
    lines = list(decision.lines.select_related("candidate", "award", "bonus").order_by("position", "pk"))
    head = letterhead_of(decision.unit_id, on=on)
    build = {
        DecisionKind.AWARD: _award,
        DecisionKind.SUBMISSION: _submission,
        DecisionKind.REVOCATION: _revocation,
        DecisionKind.CORRECTION: _correction,
    }[DecisionKind(decision.kind)]
    return build(decision, lines, head, on)


def named_by(decision: AwardDecision) -> tuple[OutgoingPaper | None, PaperRelation | str]:
    """The issued paper in the program that a correction or revocation is about, when all lines name one."""
    relation = {
        DecisionKind.CORRECTION.value: PaperRelation.CORRECTS,
        DecisionKind.REVOCATION.value: PaperRelation.AMENDS,
    }.get(decision.kind)
    if relation is None:
        return None, ""
    found = {line.award.paper for line in decision.lines.select_related("award__paper") if line.award}
    paper = next(iter(found)) if len(found) == 1 else None
    if paper is None or paper.unit_id != decision.unit_id:
        return None, ""
    return paper, relation


def short_form(code: str, on: date) -> str:
    """«Giấy khen», whatever levels the lawbook's entry is about."""
    name = form_name(code, on)
    return name.split(" của ")[0] if code in NAMED_SHORT else name


def _paper(decision: AwardDecision, kind: str, head: Letterhead) -> dict[str, object]:
    return {
        "kind": kind,
        "issuer": head.issuer,
        "superior": head.superior,
        "issuer_name": head.name,
        "place": decision.place or head.place,
        "symbol": head.symbol(kind),
        "title": decision.title,
        "signature": Signature((decision.signer_title,), name=decision.signer_name),
    }


def _bases(decision: AwardDecision, on: date) -> tuple[str, ...]:
    try:
        era = award_law.era(on)
        found = [f"Căn cứ {era.law}", f"Căn cứ {era.decree}"]
    except NotInLawbook:
        found = []
    plan = decision.round.plan if decision.round is not None else None
    if plan is not None and plan.number:
        found.append(f"Căn cứ Kế hoạch số {plan.number} về {plan.title[:1].lower()}{plan.title[1:]}")
    standing = letterhead_of(decision.standing_body_id, on=on).name
    if decision.standing_body_id != decision.unit_id and standing:
        found.append(f"Theo đề nghị của {standing}")
    return tuple(found)


def counts(lines: list[DecisionLine]) -> str:
    """«02 tập thể, 01 hộ gia đình và 05 cá nhân»."""
    found: Counter[str] = Counter()
    for line in lines:
        about = line.candidate or line.award
        assert about is not None
        found[COUNTED.get(AwardSubjectType(about.subject_type), "tập thể")] += 1
    parts = [f"{found[name]:02} {name}" for name in ("tập thể", "hộ gia đình", "cá nhân") if found[name]]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} và {parts[-1]}"


def _common_achievement(lines: list[DecisionLine]) -> str:
    found = {line.achievement for line in lines}
    return next(iter(found)) if len(found) == 1 else ""


def _award(decision: AwardDecision, lines: list[DecisionLine], head: Letterhead, on: date) -> Paper:
    form = short_form(decision.form, on)
    common = _common_achievement(lines)
    merit = f" {common[:1].lower()}{common[1:]}" if common else ""
    if len(lines) == 1:
        only = lines[0]
        who = f"{only.name}{f', {only.detail}' if only.detail else ''}"
        first = f"Tặng {form} của {decision.decider} cho {who}{merit}."
    else:
        first = f"Tặng {form} của {decision.decider} cho {counts(lines)}{merit} (có danh sách kèm theo)."
    total = money.total(line.bonus for line in lines)
    articles: list[Block] = [Article(first)]
    if total.count and total.amount:
        articles.append(Article(_money_article(decision, lines, total)))
    articles += [
        Article("Quyết định này có hiệu lực kể từ ngày ký."),
        Article(
            f"{_who_carries_out(decision, on)} và các tập thể, cá nhân, hộ gia đình có tên tại Điều 1 chịu "
            "trách nhiệm thi hành Quyết định này./.",
        ),
    ]
    appendices = (Appendix(f"Danh sách được tặng {form}", (list_table(lines, with_money=True),)),)
    return Paper(
        **_paper(decision, "quyet_dinh", head),  # type: ignore[arg-type]
        decider=decision.decider,
        bases=_bases(decision, on),
        body=tuple(articles),
        recipients=(f"Như Điều {len(articles)}", "Lưu: VT"),
        appendices=appendices if len(lines) > 1 else (),
    )


def _money_article(decision: AwardDecision, lines: list[DecisionLine], total: money.Total) -> str:
    citations = dict.fromkeys(
        part for line in lines for part in line.bonus.citation.split("; ") if "Nghị định" in part
    )
    law = f" theo {', '.join(list(citations)[:3])}" if citations else ""
    unknown = f"; {total.unknown} trường hợp chưa xác định mức thưởng" if total.unknown else ""
    return (
        f"Mức tiền thưởng{law}, tổng số tiền {format_number(total.amount)} đồng "
        f"({spelled_dong(total.amount)}){unknown}. Nguồn kinh phí: {money.fund_of(decision)}."
    )


def _who_carries_out(decision: AwardDecision, on: date) -> str:
    standing = letterhead_of(decision.standing_body_id, on=on).name
    same = decision.standing_body_id == decision.unit_id
    return "Thủ trưởng các cơ quan, đơn vị liên quan" if same else f"Thủ trưởng {standing}"


def list_table(lines: list[DecisionLine], *, with_money: bool) -> Table:
    """Danh sách kèm theo; the achievement column only where achievements differ, the money where known."""
    has_own = not _common_achievement(lines)
    columns = [Column("STT", 1, is_number=True), Column("Tên", 5), Column("Chức vụ, đơn vị, địa chỉ", 6)]
    if has_own:
        columns.append(Column("Thành tích", 6))
    if with_money:
        columns.append(Column("Tiền thưởng (đồng)", 3, is_number=True))
    rows: list[tuple[str, ...]] = []
    for at, line in enumerate(lines, 1):
        row = [str(at), line.name, line.detail]
        if has_own:
            row.append(line.achievement)
        if with_money:
            row.append("" if line.bonus.amount is None else format_number(line.bonus.amount))
        rows.append(tuple(row))
    bold: frozenset[int] = frozenset()
    if with_money:
        total = money.total(line.bonus for line in lines)
        blank = ("",) * (len(columns) - 3)
        rows.append(("", "Tổng cộng", *blank, format_number(total.amount)))
        bold = frozenset({len(rows) - 1})
    return Table(tuple(columns), tuple(rows), bold_rows=bold)


def _submission(decision: AwardDecision, lines: list[DecisionLine], head: Letterhead, on: date) -> Paper:
    form = short_form(decision.form, on)
    to = decision.to_body
    if decision.to_round is not None:
        to = letterhead_of(decision.to_round.deciding_body_id, on=on).name
    if not to:
        raise RuleNotMet(
            "Chưa soạn được tờ trình", why="chưa ghi trình cấp nào", next_step="Ghi cơ quan cấp trên"
        )
    round_name = decision.round.name if decision.round else ""
    return Paper(
        **_paper(decision, "to_trinh", head),  # type: ignore[arg-type]
        addressees=(to,),
        body=(
            Paragraph(
                f"Thực hiện {round_name}, {head.name} đã xét, thẩm định và trình {to} xem xét, quyết định "
                f"tặng {form} cho {counts(lines)} (có danh sách kèm theo)."
            ),
            Paragraph("Hồ sơ của từng trường hợp được gửi kèm theo Tờ trình này."),
            Paragraph(f"Kính đề nghị {to} xem xét, quyết định", is_ending=True),
        ),
        recipients=("Như trên", "Lưu: VT"),
        appendices=(Appendix(f"Danh sách đề nghị tặng {form}", (list_table(lines, with_money=False),)),),
    )


def award_in_words(award: RegisteredAward) -> str:
    """«Giấy khen theo Quyết định số 12/QĐ-UBND ngày 05/11/2023»."""
    dated = f" ngày {format_date(award.decided_on)}" if award.decided_on else f" năm {award.decided_year}"
    number = f" theo Quyết định số {award.decision_number}{dated}" if award.decision_number else dated
    name = award.form_name.split(" của ")[0] if award.form in NAMED_SHORT else award.form_name
    return f"{name}{number}"


def _revocation(decision: AwardDecision, lines: list[DecisionLine], head: Letterhead, on: date) -> Paper:
    awards = [(line, line.award) for line in lines if line.award is not None]
    due = sum(paid_for(award) for _, award in awards)
    parts = tuple(
        f"{line.name}{f', {line.detail}' if line.detail else ''}: {award_in_words(award)}."
        for line, award in awards
    )
    back = f" Số tiền thưởng phải thu hồi: {format_number(due)} đồng ({spelled_dong(due)})." if due else ""
    cause = decision.reason.strip().rstrip(".")
    return Paper(
        **_paper(decision, "quyet_dinh", head),  # type: ignore[arg-type]
        decider=decision.decider,
        bases=(
            *_bases(decision, on)[:-1],
            *([f"Căn cứ {decision.ground_citation}"] if decision.ground_citation else []),
            *_bases(decision, on)[-1:],
        ),
        body=(
            Article(f"Hủy bỏ khen thưởng đối với {counts(lines)} sau đây:", parts=parts),
            Article(f"Lý do: {decision.ground}{f'. {cause}' if cause else ''}."),
            Article(f"Thu hồi bằng, hiện vật khen thưởng và tiền thưởng đã trao.{back}"),
            Article(
                f"{_who_carries_out(decision, on)} và các đối tượng có tên tại Điều 1 chịu trách nhiệm thi "
                "hành Quyết định này. Quyết định có hiệu lực kể từ ngày ký./.",
            ),
        ),
        recipients=("Như Điều 4", "Lưu: VT"),
    )


def paid_for(award: RegisteredAward) -> int:
    """Đồng that were paid for an award: by our own record, else the sum that the register names."""
    line = (
        DecisionLine.objects.filter(award=award, decision__kind=DecisionKind.AWARD)
        .select_related("bonus")
        .first()
    )
    bonus = getattr(line, "bonus", None)
    if bonus is not None:
        return (bonus.amount or 0) if bonus.paid_on else 0
    return award.bonus or 0


def _correction(decision: AwardDecision, lines: list[DecisionLine], head: Letterhead, on: date) -> Paper:
    about = [line.award for line in lines if line.award is not None]
    items: list[Block] = []
    for line in lines:
        assert line.award is not None
        for label, old, new in changes_of(line):
            items.append(Item(Level.DASH, f"{label} đã ghi: “{old}”; nay đính chính là: “{new}”"))
    if not items:
        raise RuleNotMet(
            "Chưa soạn được công văn đính chính",
            why="chưa có chữ nào khác với sổ",
            next_step="Sửa tên, đơn vị hoặc thành tích của dòng rồi soạn lại",
        )
    cause = decision.reason.strip().rstrip(".")
    return Paper(
        **_paper(decision, "cong_van", head),  # type: ignore[arg-type]
        addressees=("Các cơ quan, đơn vị liên quan",),
        body=(
            Paragraph(
                f"{head.name} đính chính nội dung về khen thưởng ({award_in_words(about[0])})"
                f"{f' do {cause[:1].lower()}{cause[1:]}' if cause else ''} như sau:"
            ),
            *items,
            Paragraph(
                "Các nội dung khác không thay đổi. Bằng, giấy khen đã in sai được thu lại và cấp bản in đúng",
                is_ending=True,
            ),
        ),
        recipients=("Như trên", "Lưu: VT"),
    )


def changes_of(line: DecisionLine) -> list[tuple[str, str, str]]:
    """(what, as registered, as corrected) where a line of a correction differs."""
    award = line.award
    assert award is not None
    certificate = getattr(award, "certificate", None)
    old_detail = certificate.detail if certificate is not None else award.unit_name
    pairs = (
        ("Tên", award.subject_name, line.name),
        ("Chức vụ, đơn vị, địa chỉ", old_detail, line.detail),
        ("Thành tích", award.achievement, line.achievement),
    )
    return [(label, old, new) for label, old, new in pairs if old != new]
