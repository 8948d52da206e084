"""The official papers of an inspection: announcement or decision, minutes at a unit, conclusion.

Each is a draft of the body that inspects, to be reviewed, signed and numbered as any other. Figures and
findings are those of the day on which it is drawn up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from thidua.audit.log import Actor
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date, format_number, format_roman
from thidua.documents.letterhead import Letterhead, letterhead_of
from thidua.documents.models import OutgoingPaper
from thidua.documents.papers import drafting, owners
from thidua.documents.writing.paper import (
    Appendix,
    Article,
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
from thidua.organisations import tree
from thidua.oversight.models import (
    Found,
    Inspection,
    InspectionState,
    Recheck,
    Remedy,
    SelectionHow,
    Visit,
    VisitState,
)

TO_WRITE = "…"


def papers_about(*objects: Inspection | Visit) -> list[OutgoingPaper]:
    """Papers that were drawn up about these, newest first."""
    found: list[OutgoingPaper] = []
    for kind, keys in _by_kind(objects).items():
        found += OutgoingPaper.objects.filter(about_type=kind, about_id__in=keys).select_related("given")
    return sorted(found, key=lambda paper: -paper.pk)


def _by_kind(objects: tuple[Inspection | Visit, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in objects:
        kind, key = owners.key_of(one)
        found.setdefault(kind, []).append(key)
    return found


def write_announcement(inspection: Inspection, *, kind: str, actor: Actor, now: datetime) -> OutgoingPaper:
    """The notice (thông báo) or decision (quyết định) of the inspection, as a draft."""
    actor.require("inspection.run", inspection)
    build = decision if kind == "quyet_dinh" else announcement
    return _draft(build(inspection, on=actor.on), inspection, inspection, actor=actor, now=now)


def write_minutes(visit: Visit, *, actor: Actor, now: datetime) -> OutgoingPaper:
    actor.require("inspection.record", visit)
    if visit.state != VisitState.MINUTED:
        raise RuleNotMet(
            "Chưa soạn được biên bản",
            why="kết quả ở đơn vị này chưa chốt",
            next_step="Bấm «Chốt để lập biên bản» trước",
        )
    return _draft(minutes(visit, on=actor.on), visit.inspection, visit, actor=actor, now=now)


def write_conclusion(inspection: Inspection, *, actor: Actor, now: datetime) -> OutgoingPaper:
    actor.require("inspection.run", inspection)
    if inspection.state not in (InspectionState.CONCLUDED, InspectionState.CLOSED):
        raise RuleNotMet(
            "Chưa soạn được thông báo kết luận",
            why="cuộc kiểm tra chưa kết luận",
            next_step="Ghi kết luận trước",
        )
    return _draft(conclusion(inspection, on=actor.on), inspection, inspection, actor=actor, now=now)


def _draft(
    paper: Paper, inspection: Inspection, about: Inspection | Visit, *, actor: Actor, now: datetime
) -> OutgoingPaper:
    return drafting.draft(
        paper,
        unit_id=inspection.unit_id,
        actor=actor,
        now=now,
        about=about,
        facts={"inspection": inspection.pk, "seed": inspection.seed, "how": inspection.how},
    )


# ---- what the papers say


def announcement(inspection: Inspection, *, on: date) -> Paper:
    head = letterhead_of(inspection.unit_id, on=on)
    return _paper(
        "thong_bao",
        f"Kiểm tra việc thực hiện {_plan_words(inspection)}",
        [
            Paragraph(f"{_opening(inspection)}, {head.name} thông báo kiểm tra như sau:"),
            Heading(Level.CLAUSE, "Nội dung và thời kỳ kiểm tra", "1"),
            *_lines(inspection.content),
            Paragraph(f"Thời kỳ kiểm tra: {_period(inspection)}. Đề cương kiểm tra gửi kèm."),
            Heading(Level.CLAUSE, "Đơn vị được kiểm tra", "2"),
            *_units(inspection, on=on),
            Heading(Level.CLAUSE, "Thời gian và đoàn kiểm tra", "3"),
            Paragraph(
                f"Đoàn làm việc tại đơn vị từ ngày {format_date(inspection.first_on)} đến hết ngày "
                f"{format_date(inspection.last_on)}. Thành phần đoàn:"
            ),
            *_team(inspection),
            Heading(Level.CLAUSE, "Yêu cầu đối với đơn vị", "4"),
            Paragraph(
                "Chuẩn bị báo cáo theo đề cương, hồ sơ, tài liệu chứng minh số liệu đã báo cáo; cử người có "
                "trách nhiệm làm việc với đoàn.",
                is_ending=True,
            ),
        ],
        head,
        recipients=("Các đơn vị được kiểm tra", "Thành viên đoàn kiểm tra", "Lưu: VT"),
        appendices=(_outline(inspection),),
    )


def decision(inspection: Inspection, *, on: date) -> Paper:
    """Quyết định: the same as articles, where the body prefers to set up a team by decision."""
    head = letterhead_of(inspection.unit_id, on=on)
    names = "; ".join(_team_lines(inspection))
    labels = "; ".join(_labels(inspection, on=on))
    return _paper(
        "quyet_dinh",
        f"Thành lập Đoàn kiểm tra việc thực hiện {_plan_words(inspection)}",
        [
            Article(f"Thành lập Đoàn kiểm tra gồm: {names}.", number="1"),
            Article(
                f"Đoàn kiểm tra {_period(inspection)} theo đề cương kèm theo, tại: {labels}; làm việc "
                f"từ ngày {format_date(inspection.first_on)} đến hết ngày {format_date(inspection.last_on)}. "
                f"{_how_chosen(inspection)}",
                number="2",
            ),
            Article(
                "Đoàn lập biên bản tại từng đơn vị, báo cáo kết quả để kết luận; tự giải thể sau khi hoàn "
                "thành nhiệm vụ.",
                number="3",
            ),
            Article(
                "Các thành viên đoàn kiểm tra và các đơn vị nêu tại Điều 2 chịu trách nhiệm thi hành Quyết "
                "định này.",
                number="4",
            ),
        ],
        head,
        recipients=("Như Điều 4", "Lưu: VT"),
        appendices=(_outline(inspection),),
        decider=head.name,
        bases=(_basis(inspection),),
    )


def minutes(visit: Visit, *, on: date) -> Paper:
    """Biên bản làm việc tại đơn vị: each item, figures counted again, remedies."""
    inspection = visit.inspection
    head = letterhead_of(inspection.unit_id, on=on)
    unit = tree.labels_on([visit.unit_id], on=on).get(visit.unit_id, "")
    held_on = visit.held_on or inspection.first_on
    body: list[Block] = [
        Paragraph(f"Ngày {format_date(held_on)}, tại {unit}, Đoàn kiểm tra làm việc với đơn vị."),
        Heading(Level.CAPITAL, "Thành phần", "I"),
        Heading(Level.CLAUSE, "Đoàn kiểm tra", "1"),
        *_team(inspection),
        Heading(Level.CLAUSE, f"Đại diện {unit}", "2"),
        *_lines(visit.present or TO_WRITE),
        Heading(Level.CAPITAL, "Kết quả kiểm tra", "II"),
        _findings_table(visit),
    ]
    number = 3
    rechecks = list(visit.rechecks.select_related("value__indicator").order_by("pk"))
    if rechecks:
        body += [
            Heading(Level.CAPITAL, "Kiểm tra lại số liệu", format_roman(number)),
            _figures_table(rechecks),
        ]
        number += 1
    if visit.summary:
        body += [Heading(Level.CAPITAL, "Nhận xét chung", format_roman(number)), *_lines(visit.summary)]
        number += 1
    remedies = list(visit.remedies.order_by("due_on", "pk"))
    if remedies:
        body.append(Heading(Level.CAPITAL, "Kiến nghị", format_roman(number)))
        body += [Item(Level.DASH, _asked(one)) for one in remedies]
    body.append(
        Paragraph(
            "Biên bản được đọc lại cho mọi người cùng nghe, nhất trí và ký tên; lập thành 02 bản có giá trị "
            "như nhau, mỗi bên giữ 01 bản.",
            is_ending=True,
        )
    )
    leader = inspection.team.filter(is_head=True).first()
    return Paper(
        kind="bien_ban",
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol("bien_ban"),
        title=f"Kiểm tra việc thực hiện {_plan_words(inspection)} tại {unit}",
        body=tuple(body),
        signature=Signature(("TRƯỞNG ĐOÀN",), leader.name if leader else ""),
        cosigner=Signature(("ĐẠI DIỆN ĐƠN VỊ",)),
        recipients=(unit, "Lưu: VT, hồ sơ kiểm tra"),
    )


def conclusion(inspection: Inspection, *, on: date) -> Paper:
    """Thông báo kết luận, with one row for each unit and every remedy."""
    head = letterhead_of(inspection.unit_id, on=on)
    visits = list(inspection.visits.prefetch_related("findings", "remedies").order_by("pk"))
    labels = tree.labels_on([visit.unit_id for visit in visits], on=on)
    rows = tuple(
        (
            str(number),
            labels.get(visit.unit_id, ""),
            str(sum(one.outcome == Found.MET for one in visit.findings.all())),
            str(sum(one.outcome == Found.NOT_MET for one in visit.findings.all())),
            str(len(visit.remedies.all())),
        )
        for number, visit in enumerate(visits, start=1)
    )
    body: list[Block] = [
        Paragraph(f"{_opening(inspection)}, {head.name} thông báo kết luận kiểm tra như sau:"),
        Heading(Level.CLAUSE, "Kết quả tại các đơn vị", "1"),
        Paragraph(f"Thời kỳ kiểm tra: {_period(inspection)}. {_how_chosen(inspection)}"),
        Table(
            (
                Column("TT", 1),
                Column("Đơn vị", 5),
                Column("Mục đạt", 2, is_number=True),
                Column("Mục chưa đạt", 2, is_number=True),
                Column("Kiến nghị", 2, is_number=True),
            ),
            rows,
        ),
        Heading(Level.CLAUSE, "Kết luận", "2"),
        *_lines(inspection.conclusion),
    ]
    remedies = [(visit, one) for visit in visits for one in visit.remedies.all()]
    if remedies:
        body.append(Heading(Level.CLAUSE, "Kiến nghị", "3"))
        body += [
            Item(
                Level.DASH,
                f"{labels.get(visit.unit_id, '')}: {_asked(one)}",
            )
            for visit, one in remedies
        ]
    body.append(
        Paragraph(
            "Các đơn vị được kiểm tra khắc phục, báo cáo kết quả kèm tài liệu chứng minh đúng hạn",
            is_ending=True,
        )
    )
    return _paper(
        "thong_bao",
        f"Kết luận kiểm tra việc thực hiện {_plan_words(inspection)}",
        body,
        head,
        recipients=("Các đơn vị được kiểm tra", "Lưu: VT"),
    )


def _paper(
    kind: str,
    title: str,
    body: list[Block],
    head: Letterhead,
    *,
    recipients: tuple[str, ...],
    decider: str = "",
    bases: tuple[str, ...] = (),
    appendices: tuple[Appendix, ...] = (),
) -> Paper:
    return Paper(
        kind=kind,
        issuer=head.issuer,
        superior=head.superior,
        issuer_name=head.name,
        place=head.place,
        symbol=head.symbol(kind),
        title=title,
        body=tuple(body),
        signature=Signature(tuple(line.upper() for line in head.authority) or ("THỦ TRƯỞNG CƠ QUAN",)),
        recipients=recipients,
        decider=decider,
        bases=bases,
        appendices=appendices,
    )


def _outline(inspection: Inspection) -> Appendix:
    """The checklist, for units to prepare by."""
    rows = tuple(
        (str(number), item.text, str(item.get_kind_display()))
        for number, item in enumerate(inspection.checklist.order_by("position", "pk"), start=1)
    )
    table = Table((Column("TT", 1), Column("Nội dung", 9), Column("Loại", 2)), rows)
    return Appendix("Đề cương kiểm tra", (table,))


def _asked(remedy: Remedy) -> str:
    return f"{remedy.text.strip().rstrip('.')}. Hạn: {format_date(remedy.due_on)}."


def _plan_words(inspection: Inspection) -> str:
    plan = inspection.plan
    return f"Kế hoạch số {plan.number}" if plan.number else f"kế hoạch “{plan.title.strip().rstrip('.')}”"


def _basis(inspection: Inspection) -> str:
    title = inspection.plan.title.strip().rstrip(".")
    about = f" về {title[:1].lower()}{title[1:]}" if inspection.plan.number and title else ""
    return f"Căn cứ {_plan_words(inspection)}{about}"


def _opening(inspection: Inspection) -> str:
    return f"Thực hiện {_basis(inspection).removeprefix('Căn cứ ')}"


def _period(inspection: Inspection) -> str:
    last = inspection.until - timedelta(days=1)
    return f"từ ngày {format_date(inspection.since)} đến hết ngày {format_date(last)}"


def _lines(text: str) -> Iterator[Block]:
    for line in text.splitlines():
        if line.strip():
            yield Paragraph(line.strip())


def _labels(inspection: Inspection, *, on: date) -> list[str]:
    visits = list(inspection.visits.order_by("pk").values_list("unit_id", flat=True))
    labels = tree.labels_on(visits, on=on)
    return [labels.get(unit_id, "") for unit_id in visits]


def _units(inspection: Inspection, *, on: date) -> Iterator[Block]:
    yield Paragraph(_how_chosen(inspection))
    for label in _labels(inspection, on=on):
        yield Item(Level.DASH, f"{label};")


def _how_chosen(inspection: Inspection) -> str:
    """How the units were chosen; with the seed anybody can draw the sample again."""
    if inspection.how == SelectionHow.SAMPLE:
        return (
            f"Các đơn vị được chọn ngẫu nhiên từ {len(inspection.pool_json)} đơn vị thực hiện kế hoạch, "
            f"mã ngẫu nhiên “{inspection.seed}”."
        )
    if inspection.how == SelectionHow.RISK:
        return "Các đơn vị được chọn theo dấu hiệu từ số liệu và tiến độ đã báo cáo."
    return "Kiểm tra tất cả các đơn vị thực hiện kế hoạch."


def _team_lines(inspection: Inspection) -> list[str]:
    rows = inspection.team.order_by("-is_head", "pk")
    return [
        f"{one.name}{f', {one.post}' if one.post else ''}, {'Trưởng đoàn' if one.is_head else 'thành viên'}"
        for one in rows
    ]


def _team(inspection: Inspection) -> Iterator[Block]:
    for line in _team_lines(inspection):
        yield Item(Level.DASH, f"{line};")


def _findings_table(visit: Visit) -> Table:
    found = {one.item_id: one for one in visit.findings.all()}
    rows = []
    for number, item in enumerate(visit.inspection.checklist.order_by("position", "pk"), start=1):
        finding = found.get(item.pk)
        outcome = str(finding.get_outcome_display()) if finding and finding.outcome else "Chưa ghi"
        rows.append((str(number), item.text, outcome, finding.text if finding else ""))
    return Table(
        (Column("TT", 1), Column("Nội dung", 6), Column("Kết quả", 2), Column("Ghi nhận của đoàn", 5)),
        tuple(rows),
    )


def _figures_table(rechecks: list[Recheck]) -> Table:
    """Reported beside found; no figure is not zero."""

    def shown(recheck: Recheck) -> tuple[str, str, str]:
        reported, difference = recheck.reported, recheck.difference
        sign = "+" if difference and difference > 0 else ""
        return (
            "–" if reported is None else format_number(reported),
            format_number(recheck.found),
            "–" if difference is None else f"{sign}{format_number(difference)}",
        )

    return Table(
        (
            Column("TT", 1),
            Column("Chỉ tiêu", 5),
            Column("Đã báo cáo", 2, is_number=True),
            Column("Kiểm tra thấy", 2, is_number=True),
            Column("Chênh lệch", 2, is_number=True),
            Column("Cách kiểm tra", 4),
        ),
        tuple(
            (
                str(number),
                f"{one.value.indicator.name} ({one.value.indicator.measure})",
                *shown(one),
                one.note,
            )
            for number, one in enumerate(rechecks, start=1)
        ),
    )
