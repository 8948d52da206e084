"""A report as the official paper: who issues it, what it says part by part, its tables, charts and signature.

Knows how a báo cáo on a movement is put together; hides nothing of its look, which belongs to
`documents.writing`. What an officer has written in the answers is printed; figures come from the report as it
stands, with corrections named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from thidua.audit.log import Actor
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date_nd30_short, format_number, format_roman
from thidua.documents.models import OutgoingPaper, PaperOffice, PaperState
from thidua.documents.papers import drafting
from thidua.documents.writing.characters import FAMILY
from thidua.documents.writing.paper import (
    Appendix,
    Block,
    Column,
    Figure,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from thidua.organisations import tree
from thidua.organisations.models import Mandate, Role, Unit, UnitKind
from thidua.reports import narrative, period_charts, report_facts
from thidua.reports.lower_reports import labels, period_in_words
from thidua.reports.models import FormItem, FormSection, Merging, Report, ReportFigure, RoundKind
from thidua.reports.narrative import FigureFact

#: A unit's figures stand in the appendix up to so many units; a national report has too many.
MOST_ROWS = 200
#: First words of the label of a place.
FORMS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "tỉnh", "huyện", "quận", "xã", "phường")
COMMITTEE = "Ủy ban nhân dân"
_NOUNS = {
    RoundKind.YEARLY: "Kết quả thực hiện",
    RoundKind.PERIODIC: "Kết quả thực hiện",
    RoundKind.MID_TERM: "Sơ kết",
    RoundKind.FINAL: "Tổng kết",
    RoundKind.IRREGULAR: "Tình hình thực hiện",
}


@dataclass(frozen=True, slots=True)
class Head:
    """Who issues a paper, as the head prints it."""

    unit_id: int
    superior: tuple[str, ...]
    issuer: tuple[str, ...]
    place: str
    symbol: str
    #: Whether the block is signed "TM.": the body is a collective.
    is_committee: bool
    name: str


def issuing_unit(report: Report, *, on: date) -> int:
    """The merged report leaves in the name of the body whose plan it is, as long as that body exists."""
    owner_id = report.round.plan.owner_id
    if report.is_merged and owner_id is not None and tree.version_on(owner_id, on=on) is not None:
        return owner_id
    return report.unit_id


def head_of(unit_id: int, *, on: date) -> Head:
    """The head of a body's papers. A committee names no superior; an office names its committee."""
    unit = Unit.objects.get(pk=unit_id)
    label = labels([unit_id], on=on)[unit_id]
    office = PaperOffice.objects.filter(unit_id=unit_id).first()
    version = tree.version_on(unit_id, on=on) or tree.last_version(unit_id, on=on)
    if unit.is_place:
        abbreviation = office.abbreviation if office else "UBND"
        return Head(
            unit_id,
            (),
            (COMMITTEE, label) if label else (COMMITTEE,),
            office.place if office else bare(label),
            f"BC-{abbreviation}",
            True,
            f"{COMMITTEE} {label}",
        )
    parent_id = version.parent_id if version else None
    above = labels([parent_id], on=on)[parent_id] if parent_id is not None else ""
    parent = Unit.objects.filter(pk=parent_id).first() if parent_id is not None else None
    is_of_place = parent is not None and parent.is_place and parent.kind != UnitKind.NATION
    superior = (f"{COMMITTEE} {above}",) if is_of_place else (above,) if above and parent_id else ()
    own = label.removesuffix(above).strip() if above else label
    abbreviation = office.abbreviation if office else initials(own)
    place = office.place if office else bare(above if is_of_place else label)
    return Head(unit_id, superior, (own,), place, f"BC-{abbreviation}", False, label)


def bare(label: str) -> str:
    """«huyện Phong Thổ» as a place of the date line: «Phong Thổ»; a city keeps its form."""
    form = next((one for one in FORMS if label.startswith(f"{one} ")), "")
    if form in ("tỉnh", "huyện", "xã", "phường", "thị trấn"):
        return label.removeprefix(f"{form} ")
    return label[:1].upper() + label[1:]


def initials(name: str) -> str:
    """«Sở Tài nguyên và Môi trường»: STNMT. Used only until the head of the body has said its own."""
    words = [word for word in name.replace("-", " ").split() if word.lower() not in ("và", "của")]
    return "".join(word[0] for word in words if word[0].isalpha()).upper()


def short_of(label: str) -> str:
    """Who drafted, in the line of the archive: «LĐTBXH» for «Phòng Lao động - Thương binh và Xã hội …»."""
    words = label.split(" huyện ")[0].split(" tỉnh ")[0].split()
    return initials(" ".join(words[1:] if words[0] in ("Phòng", "Sở", "Ban") and len(words) > 1 else words))


def signature_of(head: Head, *, on: date) -> Signature:
    """The block of whoever signs: the leader of the body by mandate; without one the place stays open."""
    mandates = Mandate.objects.filter(
        unit_id=head.unit_id, role=Role.LEADER, since__lte=on, until__gt=on, revoked_at__isnull=True
    ).select_related("user")
    mandate = mandates.order_by("delegated_from_id", "pk").first()
    post = post_of(head)
    lines = [f"TM. {COMMITTEE}"] if head.is_committee else []
    if mandate is not None and mandate.delegated_from_id is not None:
        lines += [f"KT. {post}", f"Phó {post}"]
    else:
        lines.append(post)
    name = mandate.user.full_name if mandate is not None else ""
    return Signature(tuple(line.upper() for line in lines), name)


_POSTS = {
    "phòng": "Trưởng phòng",
    "ban": "Trưởng ban",
    "thanh": "Chánh Thanh tra",
    "văn": "Chánh Văn phòng",
}


def post_of(head: Head) -> str:
    """What the head of such a body is called."""
    if head.is_committee:
        return "Chủ tịch"
    first = head.issuer[0].split()[0].lower()
    return _POSTS.get(first, "Giám đốc")


# ---- the paper


def paper_of(report: Report, *, on: date) -> Paper:
    """The whole report as one description; number and date stay open for the clerk."""
    head = head_of(issuing_unit(report, on=on), on=on)
    facts = report_facts.figure_facts(report, on=on)
    body = [*_opening(report, head), *_parts(report, facts, on=on)]
    body = _ended(body, head)
    appendices = _appendices(report)
    return Paper(
        kind="bao_cao",
        superior=head.superior,
        issuer=head.issuer,
        symbol=head.symbol,
        place=head.place,
        title=title_of(report),
        body=tuple(body),
        signature=signature_of(head, on=on),
        recipients=recipients_of(report, head, on=on),
        appendices=tuple(
            replace(one, number=format_roman(number) if len(appendices) > 1 else "")
            for number, one in enumerate(appendices, start=1)
        ),
    )


def title_of(report: Report) -> str:
    round_ = report.round
    noun = _NOUNS[RoundKind(round_.kind)]
    movement = f"Phong trào thi đua “{round_.plan.movement.name}”"
    if round_.kind == RoundKind.FINAL:
        return f"{noun} {movement} {period_in_words(round_.since, round_.until)}"
    if round_.kind == RoundKind.MID_TERM:
        return f"{noun} {movement}, {period_in_words(round_.since, round_.until)}"
    return f"{noun} {movement} năm {round_.year}"


def _opening(report: Report, head: Head) -> Iterator[Block]:
    plan = report.round.plan
    dated = plan_date(report)
    source = report_facts.plan_in_words(report) + (f" {dated}" if dated else "")
    what = plan.title.strip().rstrip(".")
    about = f" về {what[:1].lower()}{what[1:]}" if plan.number and what else ""
    period = period_in_words(report.round.since, report.round.until)
    yield Paragraph(f"Thực hiện {source}{about}, {head.name} báo cáo kết quả thực hiện {period} như sau:")


def plan_date(report: Report) -> str:
    """«ngày 14/4/2022», when the day of the plan is known whole."""
    dated = report.round.plan.dated
    if len(dated) == 10:
        return f"ngày {format_date_nd30_short(date.fromisoformat(dated))}"
    return ""


def _parts(report: Report, facts: Sequence[FigureFact], *, on: date) -> Iterator[Block]:
    """I. Công tác chỉ đạo … V. Kiến nghị; a part without words says so."""
    answers = {answer.item_id: answer.text for answer in report.answers.all()}
    items = sorted(
        FormItem.objects.filter(form_id=report.round.form_id, section=FormSection.QUESTIONS),
        key=lambda item: (item.position, item.pk),
    )
    for number, section in enumerate(narrative.draft(()), start=1):
        yield Heading(Level.CAPITAL, section.title, format_roman(number))
        inside = [item for item in items if report_facts.section_of(item) == section.key]
        blocks: list[Block] = []
        if section.key == "ket_qua":
            blocks += _results(report, inside, answers, facts, on=on)
        else:
            for item in inside:
                blocks += _lines(answers.get(item.pk, ""))
        if section.key == "chi_dao":
            blocks += _who_reported(report)
        yield from blocks or [Paragraph(section.empty)]


def _results(
    report: Report,
    items: Sequence[FormItem],
    answers: Mapping[int, str],
    facts: Sequence[FigureFact],
    *,
    on: date,
) -> list[Block]:
    """Figures with their table, the whole period in a review, then each question under its title."""
    parts: list[tuple[str, list[Block]]] = []
    figures: list[Block] = []
    main = next((item for item in items if item.key == "ket-qua"), None)
    if main is not None:
        figures += _lines(answers.get(main.pk, ""))
    if facts:
        figures.append(figures_table(facts))
    if figures:
        parts.append(("Kết quả thực hiện các nội dung, chỉ tiêu", figures))
    if period_charts.draws(report):
        drawn = _whole_period(report, on=on)
        if drawn:
            parts.append(("Số liệu cả giai đoạn", drawn))
    for item in items:
        words = _lines(answers.get(item.pk, ""))
        if item is not main and words:
            parts.append((item.title, words))
    blocks: list[Block] = []
    for number, (title, inside) in enumerate(parts, start=1):
        blocks.append(Heading(Level.CLAUSE, title, str(number)))
        blocks += inside
    return blocks


def _lines(text: str) -> list[Block]:
    """An answer line by line; a line with a dash becomes an item."""
    blocks: list[Block] = []
    for line in (row.strip() for row in text.split("\n")):
        if not line:
            continue
        if line[0] in "-–•+":
            blocks.append(Item(Level.DASH, line[1:].strip()))
        else:
            blocks.append(Paragraph(line))
    return blocks


def _who_reported(report: Report) -> list[Block]:
    """What is missing in a merged report is said in it."""
    if report.gaps_named.strip():
        return [Paragraph(f"Những nội dung còn thiếu khi tổng hợp: {report.gaps_named.strip().rstrip('.')}.")]
    return []


def figures_table(facts: Sequence[FigureFact]) -> Table:
    """The figures of the report beside those of last time, with how firm they are."""
    rows = []
    preliminary = partial = False
    for number, fact in enumerate(facts, start=1):
        before = fact.before.amount if fact.before is not None else None
        known = Decimal(0) if fact.nothing_arose else fact.amount
        is_soft = known is not None and fact.stage in ("so_bo", "uoc")
        preliminary |= is_soft
        partial |= fact.reported is not None and fact.expected is not None and fact.reported < fact.expected
        rows.append(
            (
                str(number),
                fact.name,
                "%" if fact.is_rate else fact.unit,
                _cell(fact, before),
                _cell(fact, known) + ("*" if is_soft else ""),
                _change(fact, known, before),
                f"{fact.reported}/{fact.expected}" if fact.expected else "",
            )
        )
    notes = []
    if preliminary:
        notes.append("* số sơ bộ hoặc ước thực hiện")
    if partial:
        notes.append("cột cuối: số đơn vị đã có số trên số đơn vị phải có số")
    return Table(
        columns=(
            Column("TT", 1),
            Column("Chỉ tiêu", 6),
            Column("Đơn vị tính", 2),
            Column("Kỳ trước", 2, is_number=True),
            Column("Kỳ này", 2, is_number=True),
            Column("Tăng, giảm", 2, is_number=True),
            Column("Đơn vị có số", 2),
        ),
        rows=tuple(rows),
        caption="Bảng 1. Số liệu của kỳ báo cáo",
        note=f"Ghi chú: {'; '.join(notes)}." if notes else "",
    )


def _cell(fact: FigureFact, amount: Decimal | None) -> str:
    if amount is None:
        return "–"
    return format_number(amount, places=2) if fact.is_rate else format_number(amount)


def _change(fact: FigureFact, now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return "–"
    if fact.is_rate:
        difference = narrative.printed_rate(now) - narrative.printed_rate(before)
        words = format_number(abs(difference), places=2)
    else:
        difference = now - before
        words = format_number(abs(difference))
    return f"{'−' if difference < 0 else '+' if difference > 0 else ''}{words}"


def _whole_period(report: Report, *, on: date) -> list[Block]:
    """Charts of the whole period with the table of the same figures."""
    found = period_charts.series_of(report, on=on)
    if not found:
        return []
    years = sorted({reading.year for series in found for reading in series.readings})
    blocks: list[Block] = []
    for number, series in enumerate(found, start=1):
        if series.judged is None and number > 1 and any(one.judged is not None for one in found):
            continue
        drawn = period_charts.chart(series, name=f"hinh{number}")
        blocks.append(
            Figure(
                period_charts.paper_picture(drawn, family=FAMILY),
                f"Hình {sum(isinstance(one, Figure) for one in blocks) + 1}. {drawn.title}",
                drawn.description,
            )
        )
    blocks.append(
        Table(
            columns=(
                Column("Chỉ tiêu", 5),
                Column("Đơn vị tính", 2),
                *(Column(f"Năm {year}", 2, is_number=True) for year in years),
            ),
            rows=tuple(period_charts.table_rows(found, years)),
            caption="Bảng 2. Số liệu từng năm",
            note="Ghi chú: * chưa phải số chính thức; – chưa có số liệu.",
        )
    )
    return blocks


def _ended(body: list[Block], head: Head) -> list[Block]:
    """The last paragraph closes the paper with «./.»."""
    last = body[-1]
    if isinstance(last, Paragraph) and isinstance(last.words, str):
        return [*body[:-1], Paragraph(last.words.rstrip(". "), is_ending=True)]
    return [*body, Paragraph(f"Trên đây là báo cáo của {head.name}", is_ending=True)]


def recipients_of(report: Report, head: Head, *, on: date) -> tuple[str, ...]:
    """Whom the report goes to as the plan says, the body that made it, and the archive."""
    found: list[str] = []
    for part in report.receiver_text.split(";"):
        if part.strip():
            found.append(f"{part.strip()} (để báo cáo)")
    if not found and report.receiver_id is not None:
        label = labels([report.receiver_id], on=on)[report.receiver_id]
        receiver = Unit.objects.get(pk=report.receiver_id)
        found.append(f"{f'{COMMITTEE} {label}' if receiver.is_place else label} (để báo cáo)")
    if report.is_merged and head.unit_id != report.unit_id:
        found.append(labels([report.unit_id], on=on)[report.unit_id])
    drafted = short_of(labels([report.unit_id], on=on)[report.unit_id])
    found.append(f"Lưu: VT, {drafted}" if head.unit_id != report.unit_id else "Lưu: VT")
    return tuple(found)


def draft(report: Report, *, actor: Actor, now: datetime) -> OutgoingPaper:
    """The report as a draft among the papers of the body that issues it; there it is signed and numbered.

    Refuses while an earlier one about the same report is alive: then that one is mended or corrected.
    """
    alive = OutgoingPaper.objects.filter(
        about_type="reports.report", about_id=str(report.pk), state__in=ALIVE
    ).first()
    if alive is not None:
        raise RuleNotMet(
            "Chưa soạn được văn bản",
            why=f"báo cáo này đã có văn bản, trạng thái «{PaperState(alive.state).label}»",
            next_step="Mở văn bản đã có để sửa, hoặc bỏ nó rồi soạn lại",
        )
    head = head_of(issuing_unit(report, on=actor.on), on=actor.on)
    merging = Merging.objects.filter(report=report).order_by("-number").first()
    return drafting.draft(
        paper_of(report, on=actor.on),
        unit_id=head.unit_id,
        actor=actor,
        now=now,
        about=report,
        drafting_unit_id=report.unit_id,
        template=TEMPLATE,
        facts={
            "report": report.pk,
            "edition": report.edition,
            "merging": merging.number if merging is not None else None,
        },
        due_on=report.due_on,
    )


#: The arrangement of a report as this module makes it; a paper keeps it with the facts it was made from.
TEMPLATE = "bao-cao-phong-trao@1"
ALIVE = (
    PaperState.DRAFT,
    PaperState.OFFERED,
    PaperState.REVIEWED,
    PaperState.SIGNED,
    PaperState.NUMBERED,
    PaperState.ISSUED,
)


# ---- figures by unit


def _appendices(report: Report) -> list[Appendix]:
    if not report.is_merged:
        return []
    children = list(report.children.filter(is_owed=True).select_related("unit").order_by("pk"))
    if not 0 < len(children) <= MOST_ROWS:
        return []
    items = list(
        FormItem.objects.filter(form_id=report.round.form_id, section=FormSection.FIGURES)
        .select_related("indicator")
        .order_by("position", "pk")
    )
    if not items:
        return []
    names = labels([child.unit_id for child in children], on=report.due_on)
    figures: dict[tuple[int, int], ReportFigure] = {
        (row.report_id, row.item_id): row
        for row in ReportFigure.objects.filter(report__in=children).select_related("indicator", "item")
    }
    known = {item_id for (_, item_id), row in figures.items() if row.is_known}
    items = [item for item in items if item.pk in known]
    fact_rows = []
    for child in sorted(children, key=lambda one: names[one.unit_id]):
        has_any = any(
            (child.pk, item.pk) in figures and figures[child.pk, item.pk].is_known for item in items
        )
        if has_any or (child.state not in Report.LOCKED and child.unit.is_place):
            cells = [_unit_cell(figures.get((child.pk, item.pk)), child) for item in items]
            fact_rows.append((names[child.unit_id], *cells))
    if not fact_rows:
        return []
    rows = tuple((str(number), *row) for number, row in enumerate(fact_rows, start=1))
    title = "Số liệu theo đơn vị"
    table = Table(
        columns=(
            Column("TT", 1),
            Column("Đơn vị", 5),
            *(Column(f"{item.title} ({_unit_of(item)})", 3, is_number=True) for item in items),
        ),
        rows=rows,
        note="Ghi chú: số ghi trong báo cáo của đơn vị; «chưa nhận» là chưa nhận được báo cáo.",
    )
    return [Appendix(title, (table,), is_landscape=len(items) > 3)]


def _unit_of(item: FormItem) -> str:
    assert item.indicator is not None
    return item.indicator.measure


def _unit_cell(figure: ReportFigure | None, child: Report) -> str:
    if child.state not in Report.LOCKED:
        return "chưa nhận"
    if figure is None:
        return ""
    if figure.nothing_arose:
        return "0"
    if figure.amount is None:
        return "–"
    is_rate = figure.indicator.kind == "share"
    return format_number(figure.amount, places=2) if is_rate else format_number(figure.amount)
