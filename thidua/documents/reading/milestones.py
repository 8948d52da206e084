"""The days of a movement: launch, mid-term and final review, reports, yearly checks, awards and visits.

An event and a time in one clause make a milestone; what several places of the plan say of the same event and
the same time is one milestone with all these places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import deadlines
from .context import Context
from .deadlines import Deadline, Recurrence
from .matching import flat, pattern
from .model import Node, Outline, Role
from .tasks import is_past, role_of, sentences

_SKIPPED_ROLES = frozenset({Role.PURPOSE, Role.SUBJECTS})
_SKIPPED_KINDS = frozenset({"mo_dau", "can_cu", "bang"})

_REVIEW = pattern(
    r"(?<!cao\s)(?<!qua\s)\b(?P<event>so ket|tong ket)\b"
    r"(?! (?:qua|chuong trinh|cong tac(?! thi dua)|nghi quyet|chi thi|nam hoc|thuc tien"
    r"|\d+ nam (?:thuc hien |thi hanh )?(?:chi thi|nghi quyet|luat|chuong trinh|ket luan|nghi dinh|de an)))"
)
_LAUNCH = pattern(r"\bphat dong\b")
_PLAN = pattern(r"\b(?:xay dung|ban hanh|lap|trinh)\b(?: [^;.,]{0,40}?)? ?\bke hoach\b")
_START = pattern(r"\btrien khai\b")
_REPORT = pattern(r"\b(?:bao cao|gui ve|tong hop)\b")
_REPORT_OR_SENT = pattern(r"\b(?:bao cao|gui(?: [a-z]+){0,5}? ve|tong hop)\b")
_PREPARES = pattern(r"\b(?:viec chuan bi|cong tac chuan bi|chuan bi)\b")
_TERM_REPORT = pattern(r"\bbao cao (?:hoc ky|ky|quy|6 thang|giua)\b")
_YEARLY_REPORT = pattern(
    r"\bbao cao\b(?: [a-z]+){0,3} nam\b(?! (?:\d|hoc))|\b(?:dinh ky|bao cao)\b(?: [a-z]+){0,4} 6 thang\b"
)
_YEARLY = {
    "danh_gia_hang_nam": r"(?<!cao )\bdanh gia (?:ket qua|phong trao|viec thuc hien|tinh hinh|qua trinh)"
    r"|\bbinh xet thi dua\b",
    "kiem_tra_hang_nam": r"\bkiem tra\b",
    "don_doc_hang_nam": r"\bdon doc\b",
    "khen_thuong_hang_nam": r"\b(?:binh xet|xet|xet chon|de xuat|tien hanh),? (?:va )?(?:de nghi )?"
    r"khen thuong\b",
}
_YEARLY_EVENT = re.compile("|".join(f"(?P<{kind}>{expression})" for kind, expression in _YEARLY.items()))
_UNDATED = pattern(r"\b(?:vao )?cuoi (?:hoc ky (?:i{1,2}|[12])|nam hoc|nam|dot)\b")
_CHECK = pattern(r"\bkiem tra\b")
_PEAK = pattern(r"\bthang cao diem\b[^;.]{0,80}?\b(?:hang|moi) nam\b")
_VISIT = pattern(
    r"\btham\b[^;.]{0,30}?\btang qua\b[^;.]*?(?P<when>\bnhan (?:dip"
    r"|cac dip)? ?[^;.,]*?\b(?:le,? ?(?:va )?tet|tet|le)\b[^;.,]{0,20}?)(?=[;.,]|$)"
)
_AND_OTHERWISE = pattern(r"(?:, (?:dinh ky|chuyen de|dot xuat)\b)*")
_DURING_CONDITION = pattern(r",? ?(?:trong )?truong hop can thiet")


@dataclass(slots=True)
class _Found:
    """One place that speaks of an event and its time."""

    kind: str
    when: dict[str, Any]
    node: Node

    @property
    def key(self) -> tuple[str, str]:
        value = {name: item for name, item in self.when.items() if name != "raw"}
        if not value:
            value = self.when
        return self.kind, repr(sorted(value.items(), key=str))


def find_milestones(outline: Outline, context: Context, tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The milestones of a plan in the form of `golden/1`, in reading order."""
    by_path: dict[str, list[dict[str, Any]]] = {}
    for task in tasks:
        by_path.setdefault(task["path"], []).append(task)
    found: list[_Found] = []
    for node in outline.nodes:
        if node.kind == "hang":
            found += _in_table_row(node, by_path.get(node.path, []))
    for node in outline.body():
        if role_of(node) not in _SKIPPED_ROLES and node.kind not in _SKIPPED_KINDS and node.kind != "hang":
            found += _in_node(node, by_path.get(node.path, []))
    if context.year is not None:
        found = [item for item in found if not is_past(item.when, context.year)]
    order = {id(node): place for place, node in enumerate(outline.nodes)}
    found.sort(key=lambda item: order[id(item.node)])
    return [_milestone(group, by_path) for group in _grouped(found)]


def _grouped(found: list[_Found]) -> list[list[_Found]]:
    groups: dict[tuple[str, str], list[_Found]] = {}
    for item in found:
        groups.setdefault(item.key, []).append(item)
    return list(groups.values())


def _milestone(group: list[_Found], by_path: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    # the section on progress is where a plan states its times; its wording is the one to keep
    stated = next(
        (item for item in group if item.node.role is Role.PROGRESS and "recurrence" not in item.when),
        group[0],
    )
    nodes: list[Node] = []
    for item in group:
        if item.node not in nodes:
            nodes.append(item.node)
    return {
        "kind": stated.kind,
        "when": stated.when,
        "who": _who(stated, by_path.get(stated.node.path, [])),
        "path": "; ".join(node.path for node in nodes),
        "lines": sorted({line for node in nodes for line in node.lines}),
    }


def _who(found: _Found, tasks: list[dict[str, Any]]) -> str | None:
    """Who is charged with it, from the task of the same place."""
    raw = found.when.get("raw")
    for task in sorted(tasks, key=lambda task: bool(task["deadline"]), reverse=True):
        if not task["lead_explicit"]:
            continue
        deadline = task["deadline"] or {}
        if len(tasks) == 1 or deadline.get("raw") == raw or (raw and raw in task["quote"]):
            advising = " (tham mưu)" if "tham muu" in flat(task["quote"]) else ""
            return "; ".join(task["lead"]) + advising
    return None


# --- in one paragraph ------------------------------------------------------------------------------


def _in_node(node: Node, tasks: list[dict[str, Any]]) -> Iterator[_Found]:
    text = node.text.strip()
    key = flat(text)
    if not _may_hold_event(key):
        return
    for start, end in sentences(text):
        sentence, sentence_key = text[start:end], key[start:end]
        times = list(deadlines.find(sentence))
        inherited = None if times else _inherited(tasks)
        yield from _reviews(node, sentence, sentence_key, times, inherited)
        yield from _dated(node, sentence_key, times, inherited)
        yield from _reports(node, sentence, sentence_key, times)
        yield from _recurring(node, sentence, sentence_key, times)


_EVENT_WORDS = (
    *(
        "so ket",
        "tong ket",
        "phat dong",
        "ke hoach",
        "trien khai",
        "bao cao",
        "gui ",
        "tong hop",
        "danh gia",
        "binh xet",
    ),
    *("kiem tra", "don doc", "khen thuong", "thang cao diem", "tang qua"),
)


def _may_hold_event(key: str) -> bool:
    return any(word in key for word in _EVENT_WORDS)


def _inherited(tasks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The time that a heading above gives to everything in this paragraph."""
    given = {repr(task["deadline"]): task["deadline"] for task in tasks}
    if len(given) != 1:
        return None
    deadline: dict[str, Any] | None = next(iter(given.values()))
    if deadline is None or "so_ket" in deadline:
        return None
    return {name: item for name, item in deadline.items() if name != "applies_to"}


def _time_of(
    event: re.Match[str], others: list[re.Match[str]], key: str, times: list[Deadline]
) -> Deadline | None:
    """The time that belongs to an event: the label of its clause, the next time, or the one named first."""
    start, end = _clause_around(key, event.start())
    near = [time for time in times if start <= time.start < end]
    labels = [time for time in near if time.end <= event.start() and _is_label(time, key, start)]
    if labels and "month" in labels[-1].value:
        return labels[-1]
    next_event = min((other.start() for other in others if other.start() > event.start()), default=len(key))
    following = [time for time in near if event.end() <= time.start < next_event]
    if labels:
        # "Năm 2025: tổng kết phong trào, hoàn thành trước ngày 30/9/2025": the day is nearer than the year
        finer = [time for time in following if "month" in time.value and time.year == labels[-1].year]
        return finer[0] if finer else labels[-1]
    if following:
        return following[0]
    if any(other.start() < event.start() for other in others if other.start() >= start):
        return None
    before = [time for time in near if time.end <= event.start()]
    if before:
        return before[-1]
    return next((time for time in times if time.end <= event.start() and _is_label(time, key, 0)), None)


def _is_label(time: Deadline, key: str, start: int) -> bool:
    """Whether a time at `start` holds for all that follows: "Giai đoạn 2022-2025: …"."""
    return not key[start : time.start].strip() and key[time.end : time.end + 3].lstrip()[:1] == ":"


def _reviews(
    node: Node, sentence: str, key: str, times: list[Deadline], inherited: dict[str, Any] | None
) -> Iterator[_Found]:
    events = list(_REVIEW.finditer(key)) if "ket" in key else []
    for event in events:
        kind = re.sub(r"\s+", "_", event["event"])
        time = _time_of(event, [other for other in events if other is not event], key, times)
        if time is not None:
            when = time.occasion()
            every = _yearly_before(key, event.end(), time)
            if every and "recurrence" not in when and "year" not in when:
                when = {**when, "recurrence": "annual"}
            yield _Found(kind, when, node)
        elif undated := _UNDATED.search(key, event.end(), event.end() + 60):
            yield _Found(kind, {"raw": sentence[undated.start() : undated.end()]}, node)
        elif inherited and len({other["event"] for other in events}) == 1:
            yield _Found(kind, dict(inherited), node)


def _yearly_before(key: str, start: int, time: Deadline) -> bool:
    return bool(re.search(r"\b(?:hang|moi) nam\b", key[start : time.start]))


_DATED = (
    (_LAUNCH, "phat", "phat_dong"),
    (_PLAN, "hoach", "ban_hanh_ke_hoach"),
    (_START, "khai", "trien_khai"),
)


def _dated(node: Node, key: str, times: list[Deadline], inherited: dict[str, Any] | None) -> Iterator[_Found]:
    """Launch, issue of a plan and start, each with its time."""
    if not times and inherited is None:
        return
    reviews = list(_REVIEW.finditer(key)) if "ket" in key else []
    for expression, word, kind in _DATED:
        event = expression.search(key) if word in key else None
        if event is None:
            continue
        if kind == "trien_khai" and node.role is not Role.PROGRESS:
            continue
        if kind == "ban_hanh_ke_hoach" and node.role is not Role.PROGRESS and "tham muu" not in key:
            continue  # the plans that other bodies draw up for themselves
        time = _time_of(event, reviews, key, times)
        if time and _PREPARES.search(key, event.end(), max(event.end(), time.start)):
            continue  # when the preparations end is not when it is held
        if inherited and str(inherited.get("raw")) in node.text:
            # "Tổ chức Lễ phát động. Thời gian: trước ngày …": the label of the same paragraph
            if "offset" not in inherited and "recurrence" not in inherited:
                yield _Found(kind, dict(inherited), node)
            return
        when = (
            time.occasion() if time else dict(inherited) if inherited and node.role is Role.PROGRESS else None
        )
        if when is None or "offset" in when or "recurrence" in when:
            continue
        if kind == "ban_hanh_ke_hoach" and when.get("bound") == "from":
            kind = "trien_khai"
        yield _Found(kind, when, node)
        return


def _reports(node: Node, sentence: str, key: str, times: list[Deadline]) -> Iterator[_Found]:
    if not ("bao cao" in key or "gui " in key or "tong hop" in key):
        return
    every_year = (
        _YEARLY_REPORT.search(key) is not None
        or any(time.recurrence == "annual" for time in times)
        or any(found.value == "annual" for found in deadlines.recurrences(sentence))
    )
    stated = False
    for time in times:
        if not _is_of_report(key, time, times):
            continue
        of_term = "day" in time.value and time.year is None
        if time.recurrence in ("monthly", "quarterly", "weekly") or (
            of_term and _TERM_REPORT.search(key, *_from_clause_or_time(key, time, times))
        ):
            stated = True
            yield _Found("bao_cao_dinh_ky", time.occasion(), node)
        elif (
            (time.recurrence == "annual" or every_year)
            and "year" not in time.value
            and "from" not in time.value
        ):
            stated = True
            yield _Found("bao_cao_nam", _with_recurrence(time.occasion(), "annual"), node)
    if stated or node.role in (Role.AWARDS, Role.AWARD_FORMS, Role.AWARD_STANDARDS, Role.REQUIREMENT):
        return
    yield from _undated_reports(node, sentence, key)


def _from_clause_or_time(key: str, time: Deadline, times: list[Deadline]) -> tuple[int, int]:
    """The stretch before a time that is its own: from the clause's start or the time before."""
    start, _ = _clause_around(key, time.start)
    return max([start, *(other.end for other in times if other.end <= time.start)]), time.start


def _is_of_report(key: str, time: Deadline, times: list[Deadline]) -> bool:
    """Whether a report is due then: it is named after the time before, or right after a time that opens."""
    start, end = _clause_around(key, time.start)
    reached = max([start, *(other.end for other in times if other.end <= time.start)])
    if _REPORT_OR_SENT.search(key, reached, time.start):
        return True
    if _REPORT_OR_SENT.search(key, start, reached):
        return not re.search(r"[a-z]{2,}", _LIST_WORDS.sub("", key[reached : time.start]))
    opening = _LIST_WORDS.sub("", key[start : time.start])
    return not re.search(r"[a-z]{2,}", opening) and _REPORT.search(key, time.end, end) is not None


_LIST_WORDS = re.compile(r"\b(?:va|hang nam|hang thang|hang quy|dinh ky|nam|6 thang|quy|thang|cac|ngay)\b")


def _undated_reports(node: Node, sentence: str, key: str) -> Iterator[_Found]:
    for every in deadlines.recurrences(sentence):
        clause_start, clause_end = _clause_around(key, every.start)
        report = _REPORT.search(key, clause_start, clause_end)
        if report is None or abs(report.start() - every.start) > 90:
            continue
        kind = "bao_cao_nam" if every.value == "annual" else "bao_cao_dinh_ky"
        if (
            every.value == "annual"
            and report.start() < every.start
            and "," in key[report.end() : every.start]
        ):
            continue
        yield _Found(kind, {"recurrence": every.value, "raw": every.raw}, node)
        return


def _with_recurrence(when: dict[str, Any], recurrence: str) -> dict[str, Any]:
    if "recurrence" in when:
        return when
    raw = when.pop("raw")
    return {**when, "recurrence": recurrence, "raw": raw}


def _clause_around(key: str, at: int) -> tuple[int, int]:
    start = key.rfind(";", 0, at) + 1
    end = key.find(";", at)
    return start, end if end != -1 else len(key)


# --- what comes back -------------------------------------------------------------------------------


def _recurring(node: Node, sentence: str, key: str, times: list[Deadline]) -> Iterator[_Found]:
    peak = _PEAK.search(key) if "thang cao diem" in key else None
    if peak:
        yield _Found(
            "thang_cao_diem",
            {"recurrence": "annual", "raw": sentence[peak.start() : peak.end()]},
            node,
        )
    visit = _VISIT.search(key) if "tang qua" in key else None
    if visit:
        yield _Found(
            "tham_tang_qua",
            {"recurrence": "annual", "raw": sentence[visit.start("when") : visit.end("when")].strip()},
            node,
        )
    for every in deadlines.recurrences(sentence):
        if peak and peak.start() <= every.start < peak.end():
            continue
        if any(time.start <= every.start < time.end for time in times):
            continue
        clause_start, clause_end = _clause_around(key, every.start)
        if every.value == "annual":
            yield from _yearly_event(node, sentence, key, every, clause_start, clause_end)
        elif not every.value.startswith("periodic") and _CHECK.search(key, clause_start, clause_end):
            yield _Found("kiem_tra_dinh_ky", {"recurrence": every.value, "raw": every.raw}, node)


def _yearly_event(
    node: Node, sentence: str, key: str, every: Recurrence, start: int, end: int
) -> Iterator[_Found]:
    after = _YEARLY_EVENT.search(key, every.end, end)
    if after and _other_time_between(key, every.end, after.start()):
        after = None
    earlier = list(_YEARLY_EVENT.finditer(key, start, every.start))
    before = earlier[-1] if earlier else None
    is_fronted = not key[start : every.start].strip(" ,") or key[: every.start].rstrip().endswith(",")
    event = after if after and (is_fronted or before is None) else before
    if event is None or event.lastgroup is None:
        return
    if event is before and _REPORT.search(key, event.end(), every.start):
        return
    raw_start, raw_end = every.start, every.start + len(every.raw)
    raw_end = _AND_OTHERWISE.match(key, raw_end).end()  # type: ignore[union-attr]
    if (
        event is before
        and not key[event.end() : every.start].strip()
        and event.lastgroup == "danh_gia_hang_nam"
    ):
        raw_start = event.start()
    condition = _DURING_CONDITION.match(key, every.end)
    if condition and start == 0 and not key[:raw_start].strip():
        raw_end = condition.end()
    yield _Found(event.lastgroup, {"recurrence": "annual", "raw": sentence[raw_start:raw_end]}, node)


def _other_time_between(key: str, start: int, end: int) -> bool:
    return "tong ket" in key[start:end] or "so ket" in key[start:end]


# --- table rows ------------------------------------------------------------------------------------


def _in_table_row(node: Node, tasks: list[dict[str, Any]]) -> Iterator[_Found]:
    for task in tasks:
        when = task["deadline"]
        key = flat(task["quote"])
        if when is None:
            continue
        review = _REVIEW.search(key)
        if review:
            yield _Found(re.sub(r"\s+", "_", review["event"]), dict(when), node)
        elif _LAUNCH.search(key):
            yield _Found("phat_dong", dict(when), node)
        elif _REPORT.search(key) and ("recurrence" in when or task.get("recurrence")):
            kind = "bao_cao_nam" if task.get("recurrence") == "annual" else "bao_cao_dinh_ky"
            yield _Found(kind, _with_recurrence(dict(when), task.get("recurrence") or ""), node)
