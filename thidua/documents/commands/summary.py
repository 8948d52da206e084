"""A record as a person reads it on a terminal: what must be looked at first, then the plan part by part."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from thidua.documents import wording

Record = Mapping[str, Any]
BOLD, PLAIN = "\033[1m", "\033[0m"
#: how much of a quotation is shown, in characters
SHORT = 160


def summarise(record: Record, *, name: str, width: int, is_bold: bool = False) -> str:
    """The summary as lines of at most `width` characters; headings bold when the terminal can."""
    page = _Page(width, is_bold=is_bold)
    page.heading(name)
    _head(page, record)
    _to_look_at(page, record)
    _targets(page, record.get("targets") or [])
    _tasks(page, record)
    _subjects(page, record.get("subjects") or [])
    _award(page, record.get("award") or {})
    _milestones(page, record.get("milestones") or [])
    _parties(page, record)
    return page.text()


class _Page:
    """Lines of text with hanging indents."""

    def __init__(self, width: int, *, is_bold: bool) -> None:
        self.width = width
        self.is_bold = is_bold
        self.lines: list[str] = []

    def heading(self, text: str) -> None:
        for line in textwrap.wrap(text, self.width) or [text]:
            self.lines.append(f"{BOLD}{line}{PLAIN}" if self.is_bold else line)

    def section(self, title: str, count: int | None = None) -> None:
        self.lines.append("")
        self.heading(title if count is None else f"{title} ({count})")

    def item(self, text: str, *, mark: str = "", indent: int = 2) -> None:
        """A paragraph behind a mark, its further lines below its own beginning."""
        first = " " * indent + (f"{mark} " if mark else "")
        self.lines += textwrap.wrap(
            " ".join(text.split()),
            self.width,
            initial_indent=first,
            subsequent_indent=" " * len(first),
            break_on_hyphens=False,
        )

    def field(self, label: str, value: object) -> None:
        if value:
            self.item(str(value), mark=f"{label + ':':<16}", indent=0)

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def _head(page: _Page, record: Record) -> None:
    doc, movement = record.get("doc") or {}, record.get("movement") or {}
    issuer = doc.get("issuer") or {}
    page.field("Loại", doc.get("type"))
    page.field("Trích yếu", doc.get("title"))
    page.field("Cơ quan", _with_remark(issuer.get("name"), "suy ra" if issuer.get("inferred") else ""))
    page.field("Số, ký hiệu", doc.get("number_raw") or "không có")
    page.field(
        "Ngày", ", ".join(filter(None, (doc.get("place"), (doc.get("date") or {}).get("raw")))) or "không có"
    )
    period = movement.get("period") or {}
    page.field("Phong trào", _with_remark(movement.get("name"), period.get("raw") or ""))
    for citation in record.get("citations") or []:
        if citation.get("id") in (record.get("parent_plan_ids") or []):
            page.field("Thực hiện", _with_remark(citation.get("raw"), citation.get("issuer") or ""))
    page.field("Tóm tắt", " · ".join(_counts(record)) or "không có mục nào của kế hoạch")


def _with_remark(text: str | None, remark: str) -> str:
    return f"{text} ({remark})" if text and remark else text or ""


def _counts(record: Record) -> Iterator[str]:
    subjects = record.get("subjects") or []
    counts = {
        "viện dẫn": len(record.get("citations") or []),
        "chỉ tiêu": len(record.get("targets") or []),
        "nhiệm vụ": len(record.get("tasks") or []),
        "đối tượng": len(subjects),
        "tiêu chí": sum(len(subject.get("criteria") or []) for subject in subjects),
        "hình thức khen": len((record.get("award") or {}).get("forms") or []),
        "mốc thời gian": len(record.get("milestones") or []),
        "nơi nhận": len(record.get("recipients") or []),
    }
    return (f"{count} {what}" for what, count in counts.items() if count)


def _to_look_at(page: _Page, record: Record) -> None:
    """Doubts and defects, the worst first."""
    order = list(wording.SEVERITIES)
    defects = sorted(record.get("defects") or [], key=lambda defect: order.index(defect["severity"]))
    doubts = record.get("doubts") or []
    remarks = (record.get("seed") or {}).get("remarks") or []
    if not (defects or doubts or remarks):
        return
    page.section("Cần xem lại", len(defects) + len(doubts) + len(remarks))
    for defect in defects:
        what = wording.DEFECTS.get(defect["kind"], defect["kind"].replace("_", " "))
        quote = f": «{_short(defect['raw'])}»" if defect.get("raw") else ""
        expected = f" → {defect['expected']}" if defect.get("expected") else ""
        weight = wording.SEVERITIES[defect["severity"]]
        page.item(f"{what}{quote}{expected} ({_joined(weight, _place(defect))})", mark="!")
    for sentence in [*doubts, *remarks]:
        page.item(sentence, mark="?")


def _targets(page: _Page, targets: list[Any]) -> None:
    if targets:
        page.section("Chỉ tiêu", len(targets))
    for target in targets:
        measure = wording.measure_in_words(target)
        until = wording.time_in_words(target.get("deadline"))
        page.item(
            _joined(target.get("label_vi") or _short(target["quote"]), measure, until), mark=target["id"]
        )
        page.item(f"«{_short(target['quote'])}» ({_place(target)})", indent=6)


def _tasks(page: _Page, record: Record) -> None:
    tasks = record.get("tasks") or []
    if tasks:
        page.section("Nhiệm vụ", len(tasks))
    for task in tasks:
        lead = "; ".join(task.get("lead") or []) or "chưa rõ ai làm"
        if not task.get("lead_explicit", True):
            lead += " (không nêu tên)"
        when = wording.time_in_words(task.get("deadline"))
        if task.get("recurrence"):
            when = _joined(when, wording.recurrence_in_words(task["recurrence"]))
        page.item(lead + (f" · hạn: {when}" if when else ""), mark=task["id"])
        page.item(f"{_short(task['quote'])} ({_place(task)})", indent=6)
        if task.get("coordinate_with"):
            page.item("phối hợp: " + "; ".join(task["coordinate_with"]), indent=6)


def _subjects(page: _Page, subjects: list[Any]) -> None:
    if subjects:
        page.section("Đối tượng và tiêu chí", sum(len(subject.get("criteria") or []) for subject in subjects))
    for subject in subjects:
        page.item(f"{subject.get('label') or 'chưa rõ đối tượng'} ({_place(subject)})", mark=subject["id"])
        for criterion in subject.get("criteria") or []:
            kind = wording.CRITERION_KINDS.get(criterion["kind"], criterion["kind"])
            page.item(f"{_short(criterion['text'])} [{_joined(kind, _rule(criterion))}]", mark="-", indent=4)


def _rule(criterion: Record) -> str:
    rule = criterion.get("rule") or {}
    clauses = rule.get("all_of") or rule.get("any_of") or []
    # A yes/no condition says nothing without its indicator; the text of the criterion stands beside it.
    figures = [wording.measure_in_words(clause) for clause in clauses if clause.get("op") != "is"]
    return (" và " if rule.get("all_of") else " hoặc ").join(filter(None, figures))


def _award(page: _Page, award: Record) -> None:
    forms = award.get("forms") or []
    if forms:
        page.section("Hình thức khen thưởng", len(forms))
    for form in forms:
        page.item(f"{form['name']} (dòng {form['line']})", mark="-")


def _milestones(page: _Page, milestones: list[Any]) -> None:
    if milestones:
        page.section("Mốc thời gian", len(milestones))
    for milestone in milestones:
        what = wording.MILESTONES.get(milestone["kind"], milestone["kind"])
        when = wording.time_in_words(milestone.get("when"))
        page.item(f"{_joined(what, when, milestone.get('who') or '')} ({_place(milestone)})", mark="-")


def _parties(page: _Page, record: Record) -> None:
    recipients, signature = record.get("recipients") or [], record.get("signature") or {}
    if recipients:
        page.section("Nơi nhận", len(recipients))
        for recipient in recipients:
            page.item(_with_remark(recipient["name"], recipient.get("note") or ""), mark="-")
    if signature:
        page.section("Người ký")
        page.item(_joined(_office(signature), signature.get("name") or "chưa rõ họ tên"))


def _office(signature: Record) -> str:
    """«TM. ỦY BAN NHÂN DÂN, KT. CHỦ TỊCH, PHÓ CHỦ TỊCH»: each prefix before the words that it belongs to."""
    prefixes = list(signature.get("authority_prefix") or [])
    parts = []
    for prefix, whom in (("TM.", signature.get("on_behalf_of")), ("KT.", signature.get("signed_for"))):
        if whom and prefix in prefixes:
            prefixes.remove(prefix)
            parts.append(f"{prefix} {whom}")
        elif whom:
            parts.append(whom)
    return ", ".join([*parts, " ".join(filter(None, [*prefixes, signature.get("title")]))])


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


def _place(entry: Record) -> str:
    lines: Iterable[int] = entry.get("lines") or ([entry["line"]] if entry.get("line") else [])
    return "dòng " + ", ".join(map(str, lines)) if lines else "cả văn bản"


def _short(text: str) -> str:
    return textwrap.shorten(text, SHORT, placeholder=" …")
