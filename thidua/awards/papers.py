"""Drafts of the papers of a candidate: achievement report, submission, minutes of the unit's meeting.

The report follows the outline of the era; what the program knows (criteria with their figures, tasks, awards
held, certified facts) is filled in with its source, the rest is left for the unit to write and marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from thidua.audit.log import Actor
from thidua.awards import dossiers, held_awards, suggesting
from thidua.awards.duplicates import form_name
from thidua.awards.models import AwardSubjectType, Candidate, CertifiedFact, Dossier
from thidua.awards.models.dossiers import TO_WRITE
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import fold
from thidua.criteria import award_law
from thidua.criteria.lawbook import NotInLawbook
from thidua.documents.letterhead import Letterhead, letterhead_of
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import drafting
from thidua.documents.writing.paper import (
    Block,
    Column,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Signature,
    Table,
)

#: Day whose outline is taken where that of the day was not read.
OUTLINE_DAY = date(2024, 1, 1)
#: Forms whose entry in the lawbook is about several offices; the paper names its own.
NAMED_SHORT = frozenset({"giay-khen", "giay-khen-xa", "bang-khen-bo-tinh"})


def writable() -> dict[str, tuple[str, str]]:
    """Code of a paper of the lawbook → (kind of paper, what the button says)."""
    return {
        "bao-cao-thanh-tich": ("bao_cao", "Soạn báo cáo thành tích"),
        "bao-cao-tom-tat": ("bao_cao", "Soạn báo cáo tóm tắt"),
        "to-trinh": ("to_trinh", "Soạn tờ trình"),
        "de-nghi-danh-sach": ("to_trinh", "Soạn tờ trình kèm danh sách"),
        "bien-ban": ("bien_ban", "Soạn biên bản họp xét"),
    }


def draft(dossier: Dossier, code: str, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """Draft a paper of the list from the data and put it in its place. Raises RuleNotMet, NotAllowed."""
    known = writable().get(code)
    if known is None:
        raise RuleNotMet(
            "Chưa soạn được giấy tờ này",
            why="giấy tờ này do cơ quan khác cấp",
            next_step="Đưa tệp của giấy tờ vào hồ sơ",
        )
    candidate = dossier.candidate
    head = letterhead_of(candidate.proposer_id, on=actor.on)
    build: dict[str, Callable[[Candidate, Dossier, Letterhead, date], Paper]] = {
        "bao_cao": achievement_report,
        "to_trinh": submission,
        "bien_ban": minutes,
    }
    paper = build[known[0]](candidate, dossier, head, actor.on)
    with transaction.atomic():
        kept = drafting.draft(
            paper,
            unit_id=candidate.proposer_id,
            drafting_unit_id=candidate.proposer_id,
            actor=actor,
            now=now,
            about=candidate,
            facts={"candidate": candidate.pk, "subject": candidate.subject_key, "law_on": dossier.law_on},
        )
        dossiers.put_paper(dossier, code, kept, actor=actor, now=now)
    return kept


def achievement_report(candidate: Candidate, dossier: Dossier, head: Letterhead, on: date) -> Paper:
    """Báo cáo thành tích, in the outline of the day of the law."""
    form = printed_form(candidate, dossier.law_on)
    number = _template_number(candidate, dossier.law_on)
    return Paper(
        kind="bao_cao",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("bao_cao"),
        title=f"Thành tích đề nghị tặng {form} của {candidate.label}{number}",
        body=tuple(_report_body(candidate, dossier)),
        signature=Signature(head.authority or ("THỦ TRƯỞNG ĐƠN VỊ",)),
        recipients=("Như trên", "Lưu: VT"),
    )


def _template_number(candidate: Candidate, on: date) -> str:
    """ " (Mẫu số 08)" where the number was read."""
    if candidate.round.commendation_type == "movement":
        use = "report-movement"
    elif candidate.round.commendation_type == "one-off":
        use = "report-one-off"
    else:
        use = (
            "report-individual" if candidate.subject_type == AwardSubjectType.PERSON else "report-collective"
        )
    try:
        found = award_law.template(use, on)
    except NotInLawbook:
        return ""
    return f" (Mẫu số {found.number})" if found.confirmed else ""


def outline(on: date) -> tuple[str, ...]:
    try:
        return award_law.report_outline(on).items
    except NotInLawbook:
        return award_law.report_outline(OUTLINE_DAY).items


def _report_body(candidate: Candidate, dossier: Dossier) -> Iterator[Block]:
    last = candidate.until - timedelta(days=1)
    yield Paragraph(
        f"Thời gian lập thành tích: từ {format_date(candidate.since)} đến {format_date(last)}. "
        f"Đợt xét: {candidate.round.name}."
    )
    for title in outline(dossier.law_on):
        yield Heading(Level.CAPITAL, title.split(" (")[0], keeps_case=False)
        blocks = list(_section(fold(title), candidate, dossier))
        yield from blocks or [Paragraph(TO_WRITE)]
    yield Paragraph(f"{candidate.label} cam đoan nội dung báo cáo là đúng sự thật", is_ending=True)


def _section(title: str, candidate: Candidate, dossier: Dossier) -> Iterator[Block]:
    if "khen thuong da nhan" in title:
        yield from _awards(candidate, dossier)
    elif "sang kien" in title:
        for fact in dossier.facts.filter(kind=CertifiedFact.Kind.INITIATIVE).order_by("year", "pk"):
            yield Item(Level.DASH, _fact(fact))
    elif "thanh tich" in title:
        yield from _achievements(candidate, dossier)
    elif "thong tin" in title:
        yield from _identity(candidate)
    elif "xac nhan" in title:
        yield Paragraph("[Xác nhận của cấp trình, ký tên, đóng dấu]")


def _identity(candidate: Candidate) -> Iterator[Block]:
    yield Item(Level.DASH, f"Tên: {candidate.label}")
    person = candidate.person
    if person is not None:
        if person.position:
            yield Item(Level.DASH, f"Chức vụ, công việc: {person.position}")
        if person.sex:
            yield Item(Level.DASH, f"Giới tính: {person.get_sex_display()}")
        if person.birth_year:
            yield Item(Level.DASH, f"Năm sinh: {person.birth_year}")


def _achievements(candidate: Candidate, dossier: Dossier) -> Iterator[Block]:
    for words in candidate.achievement.splitlines():
        if words.strip():
            yield Paragraph(words.strip())
    for fact in dossier.facts.filter(kind__in=(CertifiedFact.Kind.RESULT, CertifiedFact.Kind.RATING)):
        yield Item(Level.DASH, _fact(fact))
    if candidate.verdict is None:
        return
    yield Paragraph("Kết quả theo tiêu chí của kế hoạch, tính từ số liệu trong hệ thống:")
    for one in suggesting.why(candidate.verdict):
        citation = f" ({one.criterion.citation})" if one.criterion.citation else ""
        yield Item(Level.DASH, f"{one.criterion.text}{citation}: {one.outcome.label.lower()}.")
        for line in one.lines:
            if line.is_finding:
                yield Paragraph(line.text)


def _awards(candidate: Candidate, dossier: Dossier) -> Iterator[Block]:
    rows: list[tuple[str, ...]] = []
    for award in held_awards.of([candidate.subject_key]).get(candidate.subject_key, []):
        name = form_name(award.form, award.decided_on)
        rows.append((name, award.number, format_date(award.decided_on), award.issuer))
    for fact in dossier.facts.filter(kind=CertifiedFact.Kind.AWARD).order_by("dated", "pk"):
        dated = format_date(fact.dated) if fact.dated else ""
        rows.append((fact.text, fact.number, dated, fact.issuer))
    if rows:
        columns = (
            Column("Hình thức", 4),
            Column("Số quyết định", 3),
            Column("Ngày", 2),
            Column("Cơ quan quyết định", 4),
        )
        yield Table(columns, tuple(rows))


def _fact(fact: CertifiedFact) -> str:
    year = f"Năm {fact.year}: " if fact.year else ""
    certified = f" (xác nhận: {fact.certified_by})" if fact.certified_by else ""
    return f"{year}{fact.text}{certified}"


def submission(candidate: Candidate, dossier: Dossier, head: Letterhead, on: date) -> Paper:
    """Tờ trình of the proposing unit for one candidate."""
    form = printed_form(candidate, dossier.law_on)
    to = letterhead_of(candidate.round.deciding_body_id, on=on).name
    era = f" ({dossier.citation})" if dossier.citation and dossier.confirmed else ""
    papers = dossier.papers.exclude(code="to-trinh").order_by("position", "pk")
    return Paper(
        kind="to_trinh",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("to_trinh"),
        title=f"Về việc đề nghị tặng {form}",
        addressees=(to,),
        body=(
            Paragraph(f"Thực hiện {candidate.round.name}{era}, {head.name} đã họp xét và kính trình:"),
            Item(Level.DASH, f"Đối tượng: {candidate.label}"),
            Item(Level.DASH, f"Hình thức đề nghị: {form}"),
            *_said("Tóm tắt thành tích", candidate.achievement),
            *_said("Lý do chọn hình thức", candidate.form_reason),
            Paragraph("Hồ sơ kèm theo:"),
            *(Item(Level.DASH, paper.name) for paper in papers if paper.is_there or paper.is_missing),
            Paragraph(f"Kính đề nghị {to} xem xét, quyết định", is_ending=True),
        ),
        signature=Signature(head.authority or ("THỦ TRƯỞNG ĐƠN VỊ",)),
        recipients=("Như trên", "Lưu: VT"),
    )


def _said(label: str, text: str) -> list[Block]:
    return [Item(Level.DASH, f"{label}: {text}")] if text else []


def minutes(candidate: Candidate, dossier: Dossier, head: Letterhead, on: date) -> Paper:
    """Biên bản of the meeting in which the unit chose; who was there and the count are theirs to write."""
    form = printed_form(candidate, dossier.law_on)
    return Paper(
        kind="bien_ban",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("bien_ban"),
        title=f"Họp xét đề nghị tặng {form}",
        body=(
            Heading(Level.CAPITAL, "Thời gian, địa điểm, thành phần"),
            Paragraph(TO_WRITE),
            Heading(Level.CAPITAL, "Nội dung"),
            Paragraph(f"Xét đề nghị tặng {form} cho {candidate.label}, {candidate.round.name}."),
            *([Paragraph(candidate.achievement)] if candidate.achievement else []),
            Heading(Level.CAPITAL, "Kết quả biểu quyết"),
            Paragraph("Số người có mặt: …; đồng ý: …; không đồng ý: …; ý kiến khác: …", is_ending=True),
        ),
        signature=Signature(("CHỦ TRÌ",)),
        cosigner=Signature(("THƯ KÝ",)),
        recipients=("Lưu: VT",),
    )


def printed_form(candidate: Candidate, on: date) -> str:
    """The form as a paper calls it: «Giấy khen», whatever levels the lawbook's entry is about."""
    name = form_name(candidate.form, on)
    return name.split(" của ")[0] if candidate.form in NAMED_SHORT else name
