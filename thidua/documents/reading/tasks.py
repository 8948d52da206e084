"""The tasks that a plan gives: who is to do what, with whom, by when, and to whom it is reported.

A paragraph under content, solutions, organisation or progress gives one task for each actor and each time
that it names; what shares both is one task. Who is named last goes on acting; a line that ends in a colon, or
a heading that is the name of a body, charges everything below it; where nobody is named the issuer acts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from . import deadlines
from .actors import (
    COMMA,
    FRONTED,
    LEADERSHIP,
    Actor,
    Words,
    action_end,
    actor_at,
    begins_with_action,
    bodies_at,
    coordinating_bodies,
    normal_name,
    report_bodies,
)
from .assignments import find_table_tasks
from .context import Context
from .deadlines import Deadline, Recurrence
from .matching import flat
from .model import BODY_KINDS, Node, Outline, Role

_TASK_ROLES = frozenset({Role.CONTENT, Role.SOLUTION, Role.ORGANISATION, Role.PROGRESS})
_AWARDS = frozenset({Role.AWARDS, Role.AWARD_FORMS, Role.AWARD_STANDARDS})
#: roles where only a sentence that names who is to do something gives a task
_ACTOR_NEEDED = frozenset({Role.REQUIREMENT, Role.OTHER})


@dataclass(frozen=True, slots=True)
class _Charge:
    """Who acts until somebody else is named."""

    names: tuple[str, ...]
    explicit: bool
    modality: str | None = None
    #: lines of the heading or lead-in that names them, when it is not the paragraph itself
    lines: tuple[int, ...] = ()
    coordinate_with: tuple[str, ...] = ()
    deadline: Deadline | None = None
    verb: str = ""


#: stands for "nobody": what lies below only tells how things stand
_SITUATION = _Charge((), explicit=False, verb="situation")


@dataclass(slots=True)
class _Unit:
    """One task as it is read from a stretch of a paragraph."""

    charge: _Charge
    start: int
    end: int
    deadline: dict[str, Any] | None = None
    recurrence: str | None = None
    conditional: str | None = None
    coordinate_with: list[str] = field(default_factory=list)
    report_to: list[str] = field(default_factory=list)
    #: "định kỳ tổng hợp …": how often it is done stands first, so that it is a task of its own
    opens_with_recurrence: bool = False

    def is_same_task(self, other: _Unit) -> bool:
        return (
            self.charge.names == other.charge.names
            and _bare(self.deadline) == _bare(other.deadline)
            and (self.recurrence == other.recurrence or not other.opens_with_recurrence)
            and (self.conditional == other.conditional or other.conditional is None)
        )


def _bare(deadline: dict[str, Any] | None) -> dict[str, Any] | None:
    if deadline is None:
        return None
    return {key: value for key, value in deadline.items() if key not in ("raw", "applies_to")}


def find_tasks(outline: Outline, context: Context) -> list[dict[str, Any]]:
    """The tasks of a plan in the form of `golden/1`, in reading order, with ids K1…"""
    placed: list[tuple[int, dict[str, Any]]] = []
    charges: dict[int, _Charge] = {}
    issuer = _Charge((context.issuer,) if context.issuer else (), explicit=False)
    labelled = _LabelRun()
    for number, node in enumerate(outline.nodes):
        if node.kind not in BODY_KINDS or node.path.startswith("pl") or node.kind in ("bang", "hang"):
            continue
        if node.kind in ("mo_dau", "can_cu"):
            continue
        above = _charge_above(node, charges) or issuer
        if above is _SITUATION or (node.is_heading and _TELLS_SITUATION.match(flat(node.title or ""))):
            charges[id(node)] = _SITUATION
            continue
        role = role_of(node)
        if role not in _TASK_ROLES and role not in _ACTOR_NEEDED:
            continue
        if node.is_heading or _is_lead_in(node):
            charges[id(node)] = _charge_of_heading(node, above)
            labelled.begin(node, number, [], above)
            continue
        if labelled.takes(node, placed):
            continue
        must_name = role in _ACTOR_NEEDED and not (above.explicit and above.lines)
        units = _units_of(node, above, must_name=must_name)
        if context.year is not None:
            units = _merged([_without_past(unit, context.year) for unit in units])
        if role is Role.REQUIREMENT:
            units = [unit for unit in units if unit.deadline is not None]
        tasks = [_mapping(node, unit) for unit in units]
        labelled.begin(node, number, tasks, above)
        placed += [(number, task) for task in tasks]
    place = {id(node): position for position, node in enumerate(outline.nodes)}
    placed += [(place[id(node)], task) for node, task in find_table_tasks(outline, context)]
    tasks = [task for _, task in sorted(placed, key=lambda item: item[0])]
    for number, task in enumerate(tasks, 1):
        task["id"] = f"K{number}"
    return tasks


#: what a heading says that tells how things stand: nothing below it is to be done
_TELLS_SITUATION = re.compile(
    r"(?:dac diem|(?:khai quat |danh gia )?(?:chung )?(?:tinh hinh|thuc trang|boi canh)|thuan loi|kho khan"
    r"|(?:nhung )?(?:ton tai|han che|uu diem|khuyet diem|thuan loi|kho khan)|nguyen nhan"
    r"|ket qua (?:dat duoc|thuc hien nam|nam|noi bat))\b"
)
_COUNCIL = re.compile(r"(?:thuong truc )?(?:hoi dong|ban|bo phan|phong|van phong|so|to|cum|khoi|co quan)\b")


def role_of(node: Node) -> Role:
    """What the part is for; a council for awards that heads a part makes it none on awards.

    Nor is a part on subjects what its heading orders: "Rà soát đối tượng, huy động nguồn lực".
    """
    if node.role is Role.SUBJECTS:
        return _role_of_order(node)
    if node.role not in _AWARDS:
        return node.role
    for above in (node, *node.ancestors()):
        if above.title is not None and _COUNCIL.match(flat(above.title)):
            bodies = bodies_at(Words(above.title), 0)
            if bodies is not None:
                return above.parent.role if above.parent is not None else Role.ORGANISATION
    return node.role


def _role_of_order(node: Node) -> Role:
    headed = next((above for above in (node, *node.ancestors()) if above.title is not None), None)
    if headed is None or headed.parent is None or headed.parent.role not in _TASK_ROLES:
        return node.role
    return headed.parent.role if begins_with_action(Words(headed.title or ""), 0) else node.role


# --- what stands above a paragraph -----------------------------------------------------------------


def _charge_above(node: Node, charges: dict[int, _Charge]) -> _Charge | None:
    return next((charges[id(above)] for above in node.ancestors() if id(above) in charges), None)


def _is_lead_in(node: Node) -> bool:
    return bool(node.children) and node.text.rstrip().endswith((":", ": -"))


_OF = re.compile(
    r"(?:trach nhiem|nhiem vu|phan cong|doi voi)(?:\s+(?:cua|cho|thuc hien cua|cu the cua))?\s+(?=\S)"
)


def _charge_of_heading(node: Node, above: _Charge) -> _Charge:
    """Who and when a heading or a lead-in line says for what stands below it."""
    text = node.text
    words = Words(text.lower() if text.isupper() else text)
    end = len(text.rstrip(" :.-"))
    charge = above
    opening = _OF.match(words.key)
    first = words.at(opening.end()) if opening else 0
    actor = actor_at(words, first, end, may_stand_alone=True) if len(words) else None
    if actor and (node.is_heading is False or actor.end >= end - 1 or actor.modality or text.endswith(":")):
        charge = _Charge(
            actor.names,
            explicit=True,
            modality=_modality(actor.modality, words, actor.end, end),
            lines=node.lines,
            coordinate_with=tuple(coordinating_bodies(words, actor.end, end)),
        )
    found = deadlines.find(text)
    if found:
        charge = replace(charge, deadline=found[-1])
    return charge


# --- sentences and clauses -------------------------------------------------------------------------

#: each branch goes on from one charset, which `re` can skip to: eight times as fast as the plain alternation
_SENTENCE_END = re.compile(
    r"[.!?…](?:(?=\s+[A-ZĐÀ-Ỹ“\"\-+•])|(?<=\.)\.\.(?=\s+[A-ZĐÀ-Ỹ“\"\-+•])|[.!?…]*\s*$|(?<=\.)/\.)"
)
_ABBREVIATED = re.compile(r"\b(?:tt|tp|ts|ths|pgs|gs|st|nxb|tx|tt|q|p|h|bs|ks|mr|v\.v|tr|dc|đ/c|d/c)$")
_NO_TASK = re.compile(
    r"tren day la|nham\b|viec\b|ke hoach nay|kinh phi\b|noi dung thi dua\b|doi tuong\b|thoi gian\b"
    r"|dia diem\b|hinh thuc\b|tieu chi\b"
    r"|de (?!nghi|xuat|ra\b|cao\b|cu\b|an\b)|phong trao thi dua\b|phong trao\b(?! )|gop phan\b|muc tieu\b"
    r"|chi tieu\b"
    r"|phan cong (?:cu the|chi tiet|nhiem vu)[^.;]{0,60}phu luc|(?:chi tiet|cu the)[^.;]{0,30}(?:theo"
    r"|tai) phu luc"
)
_TARGET_START = re.compile(
    r"(?:phan dau|gop phan|duy tri (?:giam|ty le|ti le|muc)|giam|tang|dat|it nhat|toi thieu"
    r"|co(?! quan| so\b| che| cau| ban)|tren \d"
    r"|duoi \d|tu \d|ty le|ti le|100|so (?!ket)|moi|hang nam co)(?:\b|(?<=\s))"
)
_MEASURE = re.compile(
    r"\d\s*%|\b(?:it nhat|toi thieu|binh quan|khong qua|tren|duoi|tu)\s+\d"
    r"|(?<![/\d])\b(?!20\d\d\b)\d{2,}\b(?!\s*/)"
)
_HAS_FIGURE = re.compile(r"(?:phan dau\s+)?(?:co|dat)\s+(?:(?:it nhat|toi thieu|tu|tren|khoang)\s+)?\d")
_FIGURE = re.compile(r"\b(?:it nhat|toi thieu|binh quan|tu)\s+\d|\d\s*%")
_SUM_UP = re.compile(r"(?:so ket(?! qua)|tong ket|so, tong ket|danh gia, rut kinh nghiem)\b")
_FINISHING_CLAUSE = re.compile(
    r"(?:phan dau\s+)?(?:xong|hoan thanh|hoan tat|thoi (?:gian|han)(?: hoan thanh"
    r"| thuc hien)?\s*:?)\s+(?:tu|truoc|trong|cham nhat|vao|den|ngay|quy|thang)\b"
)
_STATES_TARGET = re.compile(
    r"(?:phan dau\s+)?(?:(?:den|trong|nam|het|cuoi|(?:moi|hang) (?:tuan|thang|quy|nam))\b[^,;]{0,30}?,?\s+)?"
    r"(?:phan dau\s+)?(?:co(?! quan| so\b)|dat|ty le|ti le|100)\b[^;]*\d"
)
_DONE_BY = re.compile(
    r",\s*(?:phan dau\s+)?(?:xong|hoan thanh|ket thuc|hoan tat)\s+(?:truoc|trong|cham nhat|vao|den|ngay)\b"
)
_CONDITION = re.compile(
    r"(?:trong\s+)?truong hop (?:can thiet|can)\b|(?:khi|neu) (?:can thiet|can)\b"
    r"|(?:khi|neu|trong truong hop) (?:co yeu cau|co van de|co kho khan|co phat sinh|co vuong mac"
    r"|phat sinh|gap kho khan|co gi)\b[^.;]*?"
    r"(?=,\s*(?:de nghi|cac|so|phong|uy ban|ubnd|van phong|don vi|co quan|dia phuong|yeu cau|kip thoi"
    r"|bao cao|phan anh)\b"
    r"|\s+(?:de nghi|yeu cau)\b|[.;]|$"
    r"|\s+ke hoach cho phu hop|\s+cho phu hop)"
)
_BOTH = re.compile(r"\bso ket\b(?! qua)|\btong ket\b|\bso, tong ket\b")


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence; a full stop after "TP." or inside a date ends none."""
    return tuple(_sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    words = flat(text)
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() < start:
            continue
        before = words[max(0, match.start() - 6) : match.start()]
        if _ABBREVIATED.search(before) and match.end() < len(text):
            continue
        if before[-1:].isdigit() and before[-2:-1] in ("", " ") and match.end() < len(text):
            continue
        yield start, match.end()
        start = match.end()
        while start < len(text) and text[start].isspace():
            start += 1
    if start < len(text):
        yield start, len(text)


def _clause_ends(words: Words, start: int, end: int) -> list[int]:
    """Where the clauses of a sentence end: at semicolons outside brackets and quotation marks."""
    ends = []
    at = words.key.find(";", start, end)
    while at != -1:
        if not words.is_hidden(at):
            ends.append(at)
        at = words.key.find(";", at + 1, end)
    return [*ends, end]


def is_past(when: dict[str, Any], year: int) -> bool:
    """Whether a time lies before the year of the document, and so was never a deadline."""
    last = when.get("to") or when.get("year") or when.get("tong_ket") or when.get("so_ket")
    return last is not None and int(str(last)[:4]) < year


def _without_past(unit: _Unit, year: int) -> _Unit:
    return replace(unit, deadline=None) if unit.deadline and is_past(unit.deadline, year) else unit


def _units_of(node: Node, above: _Charge, *, must_name: bool) -> list[_Unit]:
    """The tasks of one paragraph; those that differ in nothing are one."""
    text = node.text.strip()
    words = Words(text)
    if not words.words:
        return []
    current = above
    named_here = False
    units: list[_Unit] = []
    labels = _labels_of(words)
    for start, end in sentences(text):
        label_at = next((label.start for label in labels if start <= label.start < end), None)
        if label_at is not None:
            end = start + len(text[start:label_at].rstrip(" (-–+;"))
            if end <= start:
                continue
        found, current, named = _units_of_sentence(
            words,
            start,
            end,
            current,
            must_name=must_name and not named_here,
            is_first=not units,
        )
        named_here = named_here or named
        units += found
    units = _merged(units)
    for label in labels if units else ():
        _apply_to_units(label, [unit for unit in units if unit.start < label.start])
    return units


def _merged(units: list[_Unit]) -> list[_Unit]:
    """Neighbouring units that differ in nothing as one."""
    merged: list[_Unit] = []
    for unit in units:
        if merged and merged[-1].is_same_task(unit):
            last = merged[-1]
            last.end = max(last.end, unit.end)
            last.recurrence = last.recurrence or unit.recurrence
            last.coordinate_with += [n for n in unit.coordinate_with if n not in last.coordinate_with]
            last.report_to += [n for n in unit.report_to if n not in last.report_to]
        else:
            merged.append(unit)
    return merged


def _units_of_sentence(
    words: Words, start: int, end: int, current: _Charge, *, must_name: bool, is_first: bool
) -> tuple[list[_Unit], _Charge, bool]:
    """The tasks of one sentence, and who acts after it."""
    first = words.at(start)
    if first >= len(words) or words.starts[first] >= end:
        return [], current, False
    start = words.starts[first]
    if _STATES.match(words.key, start) or ("thi hanh" in words.key and _ENACTS.search(words.key, start, end)):
        return [], current, False
    body, label_time = _after_label(words, start, end)
    actor = _actor_of_sentence(words, start, body, end)
    if actor and actor.modality in _OWN_CHARGES and body > start and actor.start >= body:
        actor = None  # "Thi đua huy động nguồn lực: vận động doanh nghiệp …": the issuer's own doing
    if actor is None:
        if must_name or not _may_be_task(words, body, start, end, current, is_first):
            return [], current, False
        return _clauses(words, start, body, end, current, label_time), current, False
    if _HAS_FIGURE.match(words.key, words.starts[actor.next_word] if actor.next_word < len(words) else end):
        return [], current, False  # "Mỗi chi hội có ít nhất 01 mô hình": a target
    if _SOME.match(actor.names[0]) and _STILL.search(words.text, start, end):
        return [], current, False  # "Một số giáo viên còn ngại …": how things stand
    if _is_award(words, actor, end):
        return [], current, False
    is_own_charge = actor.modality in _OWN_CHARGES and current.explicit
    if is_own_charge:
        return _clauses(words, start, body, end, current, label_time), current, True
    charge = _Charge(
        actor.names,
        explicit=True,
        modality=_modality(actor.modality, words, actor.end, end, actor.names),
        lines=current.lines,
        deadline=current.deadline,
        verb=_verb(words, actor),
    )
    goals = _GOALS.search(words.key, actor.end, end) if "tieu" in words.key else None
    if goals and _MEASURE.search(words.key, goals.end(), end):
        end = goals.end() - 1  # what follows are targets with times of their own
    units = _clauses(words, start, actor.end, end, charge, label_time)
    return units, units[-1].charge if units else charge, True


#: a scale, a sum or a rate that is laid down, and no work
_STATES = re.compile(
    r"(?:thang diem|muc (?:ho tro|chi|thuong|dong gop|vay)|tong (?:diem|kinh phi|von|muc))\b"
)
_ENACTS = re.compile(r"chiu trach nhiem thi hanh (?:quyet dinh|nghi quyet|chi thi|van ban) nay")
_SOME = re.compile(r"(?:Một số|Mot so)\b")
_STILL = re.compile(r"\b(?:còn|chưa|đã|vẫn)\b")
_GOALS = re.compile(r"\b(?:muc tieu|chi tieu)(?: [a-z]+){0,4}\s*:")

#: what a named body does itself when it calls on others; only the issuer gives it away as a task
_OWN_CHARGES = ("van_dong", "khuyen_khich")


def _after_label(words: Words, start: int, end: int) -> tuple[int, Deadline | None]:
    """Where the sentence goes on after a label "Năm 2023:", "Đợt 1:", and the time that the label names."""
    colon = words.key.find(":", start, min(end, start + 130))
    if colon == -1 or words.is_hidden(colon):
        return start, None
    after = words.at(colon)
    if after >= len(words) or words.starts[after] >= end:
        return start, None
    label = words.text[start:colon]
    found = deadlines.find(f"{label}:")
    return words.starts[after], found[0] if found else None


def _actor_of_sentence(words: Words, start: int, body: int, end: int) -> Actor | None:
    first = words.at(start)
    if body > start:
        colon = words.key.rindex(":", start, body)
        opening = _OF.match(words.key, start)
        opened = words.at(opening.end()) if opening else first
        actor = actor_at(words, opened, colon, may_stand_alone=True)
        if actor and actor.end >= colon - 1:
            return actor
        if actor and actor.modality is None and _is_one_word_more(words, actor, colon):
            label = words.text[words.starts[opened] : colon]
            return replace(actor, names=(normal_name(label),), end=colon, next_word=words.at(colon))
        inner = actor_at(words, words.at(body), end)
        if inner:
            return inner
    if words.key.startswith("tren day la", start):
        return _actor_after_announcement(words, start, end)
    return actor_at(words, first, end)


def _is_one_word_more(words: Words, actor: Actor, end: int) -> bool:
    """Whether a label only adds a verb to a kind of body and so is its name: "Đội sửa chữa: …"."""
    following = action_end(words, actor.next_word) if actor.next_word < len(words) else None
    return following is not None and following == end and len(actor.names) == 1


def _actor_after_announcement(words: Words, start: int, end: int) -> Actor | None:
    """Who is asked after the announcement: "Trên đây là Kế hoạch …, yêu cầu các đơn vị …"."""
    for comma in re.compile(r"[,;]\s*").finditer(words.key, start + 1, end):
        if not words.is_hidden(comma.start()):
            actor = actor_at(words, words.at(comma.end()), end)
            if actor and actor.modality:
                return actor
    return None


def _is_award(words: Words, actor: Actor, end: int) -> bool:
    """Whether it hands out awards and is no task: "Cục Thuế xét khen thưởng: Cờ thi đua …"."""
    return bool(
        re.match(
            r"[^.;]{0,40}?\b(?:tang (?:giay|bang|co|huan)|xet(?:,)? khen thuong\s*:|tang thuong)\b",
            words.key[actor.end : end],
        )
    )


def _may_be_task(words: Words, body: int, start: int, end: int, current: _Charge, is_first: bool) -> bool:
    """Whether a sentence that names nobody says what is to be done."""
    if _NO_TASK.match(words.key, start) or _NO_TASK.match(words.key, body) or words.is_hidden(body):
        return False
    if begins_with_action(words, words.at(start)) and not _states_target(words, start, end):
        return True
    proper = _after_time(words, body, end)
    if any(_states_target(words, place, end) for place in {start, body, proper}):
        return False
    if any(begins_with_action(words, words.at(place)) for place in (body, start, proper)):
        return True
    if _begins_after_fronted(words, body, end):
        return True
    return current.explicit and bool(current.lines) and is_first


def _after_time(words: Words, start: int, end: int) -> int:
    """Where a sentence goes on after the time it begins with: "Đến hết năm 2024, …"."""
    times = _times(words, start, end)
    if not times or times[0].start > start + 2:
        return start
    index = words.at(times[0].end)
    return words.starts[index] if index < len(words) else start


def _states_target(words: Words, start: int, end: int) -> bool:
    return bool(_TARGET_START.match(words.key, start) and _MEASURE.search(words.key, start, end))


def _begins_after_fronted(words: Words, start: int, end: int) -> bool:
    """Whether a verb of doing follows what comes first: "Căn cứ …, tiếp tục đẩy mạnh …"."""
    if not FRONTED.match(words.key, start):
        return False
    for comma in COMMA.finditer(words.key, start + 1, end):
        if not words.is_hidden(comma.start()):
            index = words.at(comma.end())
            if index < len(words) and words.starts[index] < end and begins_with_action(words, index):
                return True
    for match in re.finditer(r"\b(?:tien hanh|to chuc)\b", words.key[start:end]):
        if match.start() < 140:
            return True
    return False


# --- times -----------------------------------------------------------------------------------------


def _clauses(
    words: Words, start: int, body: int, end: int, charge: _Charge, label_time: Deadline | None
) -> list[_Unit]:
    """The tasks of a sentence from `start`; its first actor's names end at `body`."""
    units: list[_Unit] = []
    text = words.text
    first_end = next((at for at in _clause_ends(words, start, end) if at >= body), end)
    clause_start = start
    may_be_done_by = "xong" in words.key or "hoan t" in words.key or "ket thuc" in words.key
    done_by = _DONE_BY.search(words.key, start, end) if may_be_done_by else None
    inherited = label_time or charge.deadline
    for clause_end in [at for at in _clause_ends(words, start, end) if at >= first_end]:
        if clause_start > start:
            index = words.at(clause_start)
            if index >= len(words) or words.starts[index] >= clause_end:
                break
            clause_start = words.starts[index]
            before = charge
            charge, skip = _charge_of_clause(words, index, clause_end, charge)
            if charge.names[: len(before.names)] == before.names:
                # the clause goes on with the list of those who are asked
                for unit in units:
                    if unit.charge is before:
                        unit.charge = charge
            if skip:
                clause_start = clause_end + 1
                continue
        found = _units_of_clause(words, clause_start, clause_end, charge, inherited, body)
        if _is_bare_phase(words, clause_start, clause_end, found):
            if units:
                _extend_by_phase(words, units[-1], found[-1])
        elif units and _FINISHING_CLAUSE.match(words.key, clause_start) and found[-1].deadline:
            # "…; hoàn thành trong quý II" says when the work before it is to be done
            for unit in units:
                unit.deadline = unit.deadline or found[-1].deadline
                unit.end = clause_end
        elif not (units and _STATES_TARGET.match(words.key[clause_start:clause_end])):
            units += found
        clause_start = clause_end + 1
    if done_by and len(units) > 1 and units[-1].deadline and done_by.start() > units[-1].start:
        for unit in units[:-1]:
            if unit.deadline is None and unit.charge.names == units[-1].charge.names:
                unit.deadline = units[-1].deadline
    units = _join_reviews(words, _merged(units))
    conditional = _condition(text, words.key, start, end)
    if conditional:
        for unit in units[:1]:
            unit.conditional = conditional
    return units


_PHASE = re.compile(
    r"(?:(?:dot|giai doan|buoc|lan)\s+(?:\d+|[ivx]+|cuoi|dau|thu \w+)|hoc ky|dau|cuoi|tu|den|het|vao|trong|ngay"
    r"|thang|quy|nam|hoc|ky|i{1,3})\b|[^a-z]+"
)


def _is_bare_phase(words: Words, start: int, end: int, units: list[_Unit]) -> bool:
    """Whether a clause only says when a step begins and ends: "đợt 2 từ 21/11 đến 09/01"."""
    if len(units) != 1 or not words.key.startswith(("dot ", "giai doan ", "buoc ", "lan "), start):
        return False
    at = start
    for time in _times(words, start, end):
        if _PHASE.sub("", words.key[at : time.start]):
            return False
        at = time.end
    return not _PHASE.sub("", words.key[at:end])


def _extend_by_phase(words: Words, unit: _Unit, phase: _Unit) -> None:
    """A task in several steps is due from the first to the last of them."""
    unit.end = phase.end
    if unit.deadline is None or phase.deadline is None or "from" not in unit.deadline:
        return
    last = phase.deadline
    until = last.get("to")
    if until is None and "year" in last:
        parts = [f"{last['year']}", *(f"{last[part]:02}" for part in ("month", "day") if part in last)]
        until = "-".join(parts) if len(parts) > 1 else last["year"]
    if until is not None:
        raw = words.text[words.text.find(str(unit.deadline["raw"])) : unit.end].strip(" ,;./")
        unit.deadline = {"from": unit.deadline["from"], "to": until, "raw": raw}


def _charge_of_clause(words: Words, index: int, end: int, charge: _Charge) -> tuple[_Charge, bool]:
    """Who acts in a clause after a semicolon; True when the clause only states a figure of a target."""
    actor = actor_at(words, index, end)
    if actor is None or (charge.explicit and LEADERSHIP.match(words.key, words.starts[index])):
        return charge, False
    governed = charge.modality in ("van_dong", "khuyen_khich", "de_nghi", "yeu_cau")
    verb = _verb(words, actor)
    if governed and actor.modality is None and verb and verb == charge.verb:
        names = (*charge.names, *(name for name in actor.names if name not in charge.names))
        return replace(charge, names=names), False
    if actor.modality == "van_dong" and charge.modality not in ("van_dong", "khuyen_khich"):
        return charge, False
    modality = charge.modality if governed and actor.modality is None else actor.modality
    clause = words.key[actor.start : end]
    if _FIGURE.search(clause) and not _times(words, actor.start, end):
        return charge, True
    return (
        _Charge(
            actor.names,
            explicit=True,
            modality=_modality(modality, words, actor.end, end, actor.names),
            lines=charge.lines,
            deadline=charge.deadline,
            verb=verb,
        ),
        False,
    )


def _verb(words: Words, actor: Actor) -> str:
    """The verb that follows the names, or nothing when none does."""
    if actor.next_word >= len(words):
        return ""
    end = action_end(words, actor.next_word)
    return words.key[words.starts[actor.next_word] : end] if end else ""


def _times(words: Words, start: int, end: int) -> list[Deadline]:
    """The deadlines that begin between two places."""
    return [time for time in deadlines.find(words.text) if start <= time.start < end]


def _recurring(words: Words, start: int, end: int) -> list[Recurrence]:
    return [every for every in deadlines.recurrences(words.text) if start <= every.start < end]


def _units_of_clause(
    words: Words, start: int, end: int, charge: _Charge, inherited: Deadline | None, body: int
) -> list[_Unit]:
    """The tasks of one clause: one for each time that it names for something of its own."""
    times = [
        time
        for time in _times(words, start, end)
        if not (inherited and time.raw == inherited.raw and time.start < body)
    ]
    units: list[_Unit] = []
    piece_start = start
    for cut, next_charge in [*_cuts(words, start, end, times, max(body, start), charge), (end, None)]:
        piece = [time for time in times if piece_start <= time.start < cut]
        units += _units_of_piece(words, piece_start, start, cut, charge, piece, inherited)
        piece_start, charge = cut, next_charge or charge
    return units


_NEW_VERB = re.compile(
    r"(?:,\s*(?:va\s+|dong thoi\s+)?|\s+va\s+|\s+dong thoi\s+|\s+de\s+)(?=(?:tien hanh |to chuc "
    r"|tham muu |huong dan |chi dao |dinh ky |chuan bi )*(?:so ket|tong ket|bao cao|tong hop|gui"
    r"|huong dan|phat dong|tien hanh|to chuc|dinh ky|trinh|xet|binh xet|khen thuong|nghiem thu|trien khai"
    r"|cong bo|hoan thanh ho so|danh gia|kiem tra|tham muu|xong|ban giao|khanh thanh|ban hanh|lap|dang ky"
    r"|nop|tham dinh)\b)"
)


_PASSING_ON = re.compile(r"\s+de\s+(?:[^,;]{0,60}?\s)?(?=(?:tong hop|bao cao|trinh|tham muu|theo doi)\b)")
_JOINT = re.compile(r",\s*(?:va\s+|dong thoi\s+)?|\s+va\s+|\s+dong thoi\s+")
_FINISHING = re.compile(r"(?:phan dau\s+)?(?:xong|hoan thanh|ket thuc|hoan tat|va hoan thanh)\s*$")


def _cuts(
    words: Words, start: int, end: int, times: list[Deadline], body: int, charge: _Charge
) -> list[tuple[int, _Charge | None]]:
    """Where a clause is cut so that each piece keeps its own verb and time, and who acts from there on."""
    cuts: list[tuple[int, _Charge | None]] = []
    piece_start = start
    open_times = [time for time in times if not words.is_hidden(time.start)]
    for earlier, later in pairwise(open_times):
        cut = _cut_between(words, piece_start, earlier.end, later.start, charge)
        if cut:
            cuts.append(cut)
            piece_start = cut[0]
    if len(times) == 1:
        places = (
            _cut_before_time(words, start, end, times[0], body)
            or _cut_after_recurrence(words, start, end, times[0], body)
            or _cut_before_recurrence(words, start, times[0], body)
        )
        cuts += [(place, None) for place in places]
    if times and not cuts:
        cuts += [(place, None) for place in _cut_after_time(words, start, end, times[-1])]
    return cuts


def _cut_between(
    words: Words, piece_start: int, start: int, end: int, charge: _Charge
) -> tuple[int, _Charge | None] | None:
    """Where the second of two times opens a task of its own; None when both belong to one verb."""
    last: int | None = None
    for match in _JOINT.finditer(words.key, start, end):
        if words.is_hidden(match.start()):
            continue
        index = words.at(match.end())
        if index >= len(words) or words.starts[index] >= end:
            continue
        actor = actor_at(words, index, end)
        if actor:
            names = tuple(_meant_by(name, words, piece_start, start) for name in actor.names)
            return words.starts[index], _Charge(
                names, True, _modality(actor.modality, words, actor.end, end, names), charge.lines
            )
        if (
            words.text[words.starts[index]].islower()
            and begins_with_action(words, index)
            and not _FINISHING.match(words.key, words.starts[index], end)
        ):
            last = words.starts[index]
    passing = _PASSING_ON.search(words.key, start, end)
    if passing:
        receivers = report_bodies(words, piece_start, passing.start())
        if receivers:
            return passing.end(), _Charge(tuple(receivers), True, "self_assigned", charge.lines)
    return (last, None) if last is not None else None


def _meant_by(name: str, words: Words, start: int, end: int) -> str:
    """The full name: in "về Sở Nội vụ, Sở tổng hợp" the second Sở is the one named just before."""
    if " " in name:
        return name
    for receiver in report_bodies(words, start, end):
        if receiver.startswith(f"{name} "):
            return receiver
    return name


def _cut_before_time(words: Words, start: int, end: int, time: Deadline, body: int) -> list[int]:
    """A span of time before its verb opens a task of its own: "…, từ tháng 3 đến tháng 9 huy động …"."""
    at = time.start
    before = words.key[start:at].rstrip()
    if not before.endswith(",") or "from" not in time.value or at <= body + 2:
        return []
    index = words.at(body) if body > start else words.at(start)
    has_own_verb = any(begins_with_action(words, position) for position in range(index, words.at(at)))
    follows = words.at(time.end)
    if (
        has_own_verb
        and follows < len(words)
        and words.starts[follows] < end
        and begins_with_action(words, follows)
    ):
        return [at]
    return []


def _cut_after_recurrence(words: Words, start: int, end: int, time: Deadline, body: int) -> list[int]:
    """What is done every year is another task: "… hằng năm và tiến hành tổng kết vào năm 2025"."""
    if time.recurrence or time.year is None:
        return []
    at = time.start
    recurring = [every for every in _recurring(words, start, at) if every.value != "periodic"]
    if not recurring:
        return []
    verbs = list(_NEW_VERB.finditer(words.key, recurring[0].end, at))
    return [verbs[-1].end()] if verbs and verbs[-1].end() > body else []


_EVERY_OPENS = re.compile(r",\s*(?=(?:hang|moi) (?:tuan|thang|quy|nam) )")


def _cut_before_recurrence(words: Words, start: int, time: Deadline, body: int) -> list[int]:
    """What is due every month or quarter is another task: "chủ trì phong trào, hàng quý báo cáo …"."""
    if not time.recurrence:
        return []
    for match in _EVERY_OPENS.finditer(words.key, max(body, start), time.start):
        index = words.at(match.end()) + 2
        if (
            not words.is_hidden(match.start())
            and index < len(words)
            and words.starts[index] < time.start
            and action_end(words, index) is not None
            and any(action_end(words, place) for place in range(words.at(max(body, start)), index - 2))
        ):
            return [match.end()]
    return []


def _cut_after_time(words: Words, start: int, end: int, time: Deadline) -> list[int]:
    """What recurs after a dated task is another one: "… vào năm 2025 đồng thời định kỳ báo cáo"."""
    match = re.compile(r"\s+dong thoi\s+(?=(?:dinh ky|hang|thuong xuyen)\b)").search(words.key, time.end, end)
    return [match.end()] if match else []


def _units_of_piece(
    words: Words,
    start: int,
    clause_start: int,
    end: int,
    charge: _Charge,
    times: list[Deadline],
    inherited: Deadline | None,
) -> list[_Unit]:
    """The task of a piece of a clause; of several times of one verb the last counts."""
    recurring = _recurring(words, start, end)
    common = _Unit(
        charge,
        start,
        end,
        opens_with_recurrence=bool(recurring) and recurring[0].start < start + 3,
        recurrence=_recurrence(words, start, end, times),
        coordinate_with=[
            *charge.coordinate_with,
            *(n for n in coordinating_bodies(words, start, end) if n not in charge.coordinate_with),
        ],
        report_to=report_bodies(words, start, end),
    )
    reviews = _both_reviews(words, start, end, times)
    if reviews:
        common.deadline = reviews
    elif times:
        # a time in brackets only adds to one outside them
        time = next((time for time in reversed(times) if not words.is_hidden(time.start)), times[-1])
        common.deadline = _with_event(words.key, clause_start, time)
    elif inherited:
        common.deadline = inherited.mapping()
    return [common]


def _both_reviews(words: Words, start: int, end: int, times: list[Deadline]) -> dict[str, Any] | None:
    """The years of both reviews when each is named with its own time: "sơ kết (trước …) và tổng kết (…)"."""
    if len(times) != 2 or times[0].year is None or times[1].year is None:
        return None
    events = [(match.group(1), match.start()) for match in _REVIEW.finditer(words.key, start, end)]
    if [event for event, _ in events] != ["so ket", "tong ket"]:
        return None
    if not events[0][1] < times[0].start < events[1][1] < times[1].start:
        return None
    raw = words.text[events[0][1] : times[1].end]
    return {"so_ket": times[0].year, "tong_ket": times[1].year, "raw": raw}


def _with_event(key: str, start: int, time: Deadline) -> dict[str, Any]:
    """The mapping of a deadline, with what it applies to when the clause names both reviews and one year."""
    mapping = time.mapping()
    if {match.group() for match in _BOTH.finditer(key, start, time.start)} >= {"so ket", "tong ket"}:
        mapping["applies_to"] = "tổng kết"
    return mapping


def _recurrence(words: Words, start: int, end: int, times: list[Deadline]) -> str | None:
    own = deadlines.joint_recurrence(_recurring(words, start, end))
    if own is None or own.startswith("periodic"):
        own = next((time.recurrence for time in times if time.recurrence), own)
    if own is None and any(time.year is None and "month" in time.value for time in times):
        # a day without its year, in a paragraph that speaks of every year
        return "annual" if re.search(r"\b(?:hang|moi) nam\b", words.key) else None
    return own


def _condition(text: str, key: str, start: int, end: int) -> str | None:
    if "neu " not in key and "truong hop" not in key and "khi " not in key:
        return None
    match = _CONDITION.search(key, start, end)
    return text[match.start() : match.end()].strip(" ,") if match else None


_REVIEW = re.compile(r"(?<!bao cao )\b(so ket|tong ket)\b(?!\s+(?:chuong trinh|cong tac|qua))")


def _join_reviews(words: Words, units: list[_Unit]) -> list[_Unit]:
    """Units with "sơ kết … 2023, tổng kết … 2025" as one; a bare "sơ kết, …" ends the task before it."""
    joined: list[_Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last is None or last.charge.names != unit.charge.names:
            joined.append(unit)
            continue
        mid_term, final = _review_year(words, last, "so ket"), _review_year(words, unit, "tong ket")
        apart = words.key.startswith(";", last.end)
        if apart and _is_exact(last.deadline) and _is_exact(unit.deadline):
            joined.append(unit)
            continue
        if mid_term and final and _names_only(words, last, "so ket"):
            last.deadline = {
                "so_ket": mid_term,
                "tong_ket": final,
                "raw": words.text[last.start : unit.end].strip(" ,;./"),
            }
            last.end = unit.end
            continue
        if (last.deadline is None) != (unit.deadline is None) and (
            _names_only(words, last, "so ket") and _names_only(words, unit, "tong ket")
        ):
            # "sơ kết …; tổng kết …" with one time between them
            if mid_term:
                deadline = {"so_ket": mid_term, "raw": (last.deadline or {}).get("raw")}
            else:
                deadline = last.deadline or {**(unit.deadline or {}), "applies_to": "tổng kết"}
            joined[-1] = replace(last, end=unit.end, deadline=deadline)
            continue
        if (
            unit.deadline is not None
            and last.deadline is None
            and last.recurrence == unit.recurrence
            and _SUM_UP.match(words.key, unit.start)
            and not re.search(r"\bchu tri\b", words.key[last.start : last.end])
            and len(joined) == 1
            and not (apart and "day" in unit.deadline)
        ):
            unit = replace(
                unit, start=last.start, coordinate_with=[*last.coordinate_with, *unit.coordinate_with]
            )
            joined[-1] = unit
            continue
        joined.append(unit)
    return joined


def _is_exact(deadline: dict[str, Any] | None) -> bool:
    return deadline is not None and "day" in deadline


def _review_year(words: Words, unit: _Unit, event: str) -> int | None:
    """The year in which a task's review is held, when its deadline is that review's."""
    if unit.deadline is None:
        return None
    events = [match.group(1) for match in _REVIEW.finditer(words.key, unit.start, unit.end)]
    if event not in events:
        return None
    year = unit.deadline.get("year")
    if year is None and "offset" in unit.deadline:
        years = re.findall(r"\b2\d{3}\b", str(unit.deadline["offset"]))
        year = int(years[-1]) if years else None
    return year if isinstance(year, int) else None


def _names_only(words: Words, unit: _Unit, event: str) -> bool:
    events = {match.group(1) for match in _REVIEW.finditer(words.key, unit.start, unit.end)}
    return events == {event}


# --- labels ------------------------------------------------------------------------------------------

_LABEL = re.compile(
    r"(?:^|(?<=[.;(])\s*|(?<=[.;] [-+])\s*)(?:-\s*)?(?:"
    r"(?P<lead>(?:(?:don vi|co quan|bo phan|phong|nguoi|ca nhan|to chuc) )?(?:chu tri|thuc hien|phu trach|dau moi"
    r"|chiu trach nhiem)(?: thuc hien| tham muu| chinh)?)"
    r"|(?P<coordinate>(?:(?:don vi|co quan|bo phan|cac don vi) )?phoi hop(?: thuc hien)?)"
    r"|(?P<time>(?:thoi (?:gian|han)|tien do|han)(?: (?:thuc hien|hoan thanh|to chuc|trien khai|phat dong))?)"
    r")\s*:\s*(?=\S)"
)


@dataclass(frozen=True, slots=True)
class _Label:
    """What a run of labels says of the work before it: "Chủ trì: Phòng X. Thời gian: quý II/2024."."""

    kind: str  # lead, coordinate, time
    start: int
    names: tuple[str, ...] = ()
    deadline: dict[str, Any] | None = None
    recurrence: str | None = None


def _labels_of(words: Words) -> list[_Label]:
    """The labels at the end of a paragraph, or of a paragraph that is nothing else."""
    key = words.key
    if ":" not in key or not ("chu tri" in key or "phoi hop" in key or "thoi " in key or "thuc hien" in key):
        return []
    labels: list[_Label] = []
    matches = list(_LABEL.finditer(key))
    ends = [match.start() for match in matches[1:]]
    for match, until in zip(matches, [*ends, len(key)], strict=False):
        kind = str(match.lastgroup)
        start = match.start(kind)
        until = min(until, next((end for _, end in sentences(words.text) if end > start), until))
        if kind == "time":
            times = _times(words, match.start(), until)
            every = _recurring(words, match.start(), until)
            if not times and not every:
                continue
            due = times[-1].mapping() if times else None
            labels.append(_Label(kind, start, (), due, deadlines.joint_recurrence(every)))
            continue
        index = words.at(match.end())
        bodies = (
            bodies_at(Words(words.text[match.end() : until].rstrip(" .;)/")), 0)
            if index < len(words)
            else None
        )
        if bodies is None or bodies.followed:
            continue
        labels.append(_Label(kind, start, bodies.names))
    named = any(label.kind == "lead" for label in labels)
    timed = labels and labels[0].kind == "time" and labels[0].start > 0
    return labels if named or timed else []


def _apply_to_units(label: _Label, units: list[_Unit]) -> None:
    for unit in units:
        if label.kind == "lead":
            unit.charge = replace(unit.charge, names=label.names, explicit=True, modality="chu_tri")
        elif label.kind == "coordinate":
            unit.coordinate_with += [name for name in label.names if name not in unit.coordinate_with]
        else:
            unit.deadline = unit.deadline or label.deadline
            unit.recurrence = unit.recurrence or label.recurrence


class _LabelRun:
    """Paragraphs that hold nothing but labels, and the tasks before them that they speak of."""

    def __init__(self) -> None:
        self._node: Node | None = None
        self._number = 0
        self._tasks: list[dict[str, Any]] = []
        self._above: _Charge | None = None
        self._waiting: list[_Label] = []
        self._has_lead = False

    def begin(self, node: Node, number: int, tasks: list[dict[str, Any]], above: _Charge) -> None:
        """What the paragraphs that follow may speak of."""
        self._node, self._number, self._tasks, self._above, self._waiting = node, number, tasks, above, []
        self._has_lead = False

    def takes(self, node: Node, placed: list[tuple[int, dict[str, Any]]]) -> bool:
        """Whether the paragraph is nothing but labels; then what they say is told to the tasks before."""
        if self._node is None or ":" not in node.text[:60]:
            return False
        labels = _labels_alone(Words(node.text.strip()))
        if not labels:
            return False
        self._waiting += labels
        self._has_lead = self._has_lead or any(label.kind == "lead" for label in labels)
        if not self._has_lead:
            return labels[0].kind == "coordinate"
        if not self._tasks and self._above is not None:
            unit = _Unit(self._above, 0, len(self._node.text.strip()))
            self._tasks = [_mapping(self._node, unit)]
            placed += [(self._number, task) for task in self._tasks]
        for label in self._waiting:
            for task in self._tasks:
                _apply_to_task(label, task)
        self._waiting = []
        return True


def _labels_alone(words: Words) -> list[_Label]:
    match = _LABEL.match(words.key)
    if match is None:
        return []
    if match.lastgroup == "lead" or len(words) < 40:
        return [label for label in _labels_of_node(words) if label]
    return []


def _labels_of_node(words: Words) -> list[_Label]:
    labels = _labels_of(words)
    if labels:
        return labels if labels[0].start < 3 else []
    match = _LABEL.match(words.key)
    assert match is not None
    kind = str(match.lastgroup)
    if kind == "time":
        times = _times(words, 0, len(words.text))
        return [_Label(kind, 0, (), times[-1].mapping())] if times else []
    bodies = bodies_at(words, words.at(match.end()))
    return [_Label(kind, 0, bodies.names)] if bodies and not bodies.followed else []


def _apply_to_task(label: _Label, task: dict[str, Any]) -> None:
    if label.kind == "lead":
        task.update(lead=list(label.names), lead_explicit=True, modality="chu_tri")
    elif label.kind == "coordinate":
        task["coordinate_with"] = [*task.get("coordinate_with", ()), *label.names]
    else:
        task["deadline"] = task["deadline"] or label.deadline
        if label.recurrence:
            task.setdefault("recurrence", label.recurrence)


# --- the record ------------------------------------------------------------------------------------

_PEOPLE = re.compile(
    r"(?:cac |moi |toan the |nhung )?(?:ho\b|thon\b|ap\b|ban\b(?=,)|lang\b|khu dan cu|to dan pho"
    r"|cong dong|nhan dan|nguoi dan|gia dinh|can bo|cong chuc|vien chuc|"
    r"nguoi lao dong|doan vien|hoi vien|hoc sinh|sinh vien|giao vien|cong nhan|nong dan|phu nu|thanh nien)"
)


def _modality(stated: str | None, words: Words, start: int, end: int, names: tuple[str, ...] = ()) -> str:
    """In what manner the work is given, in golden/1's words; its verb stands at `start`."""
    if stated:
        return stated
    key = words.key[start:end]
    if "chu tri" in key:
        return "chu_tri"
    if re.match(r"\W*(?:[a-z]+\W+){0,6}?(?<!chiu )co trach nhiem\b", key):
        return "giao"
    if names and _PEOPLE.match(flat(names[0])) and re.match(r"\W*thi dua\b", key):
        return "phat_dong"
    return "self_assigned"


_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")


def _mapping(node: Node, unit: _Unit) -> dict[str, Any]:
    text = node.text.strip()
    lead_in = unit.charge.lines if unit.charge.explicit and unit.charge.lines != node.lines else ()
    mapping: dict[str, Any] = {
        "id": "",
        "path": node.path,
        "lines": [*lead_in, *node.lines],
        "quote": text[unit.start : unit.end].strip(" ;.,/"),
        "lead": [_IN_BRACKETS.sub("", name) if name.endswith(")") else name for name in unit.charge.names],
        "lead_explicit": unit.charge.explicit,
        "modality": unit.charge.modality or "self_assigned",
        "deadline": unit.deadline,
    }
    if unit.coordinate_with:
        mapping["coordinate_with"] = unit.coordinate_with
    if unit.recurrence:
        mapping["recurrence"] = unit.recurrence
    if unit.conditional:
        mapping["conditional"] = unit.conditional
    if unit.report_to:
        mapping["report_to"] = unit.report_to
    return mapping
