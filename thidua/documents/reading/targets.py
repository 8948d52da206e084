"""Targets: what a plan wants to reach, as figures with unit, comparison, deadline, base and scope.

A paragraph is cut into clauses, one for each figure of its own; a clause becomes a target when its part of
the plan, its words and its unit say that something is to be reached. Dates, citations, past results, quotas
of awards, scales of points, funds and thresholds only mentioned stay out: null rather than a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from .context import Context
from .indicators import OTHER, Indicator, indicator_of
from .matching import flat, pattern
from .measures import counts, is_rate, unit_and_kind
from .model import Node, Outline, Role
from .parts import TASK_ROLES, is_on_awards, is_on_scoring, is_on_subjects
from .phrases import alternatives_of, any_word_of
from .quantities import (
    Change,
    Deadline,
    Quantity,
    baseline_of,
    change_of,
    counterpart_of,
    deadlines_of,
    figure_fields,
    leads_to_another,
    may_hold_figures,
    quantities_of,
)

_NO_TARGET_KINDS = frozenset({"mo_dau", "can_cu", "ket"})
_TARGET_HEADING = pattern(r"chi tieu|muc tieu|phan dau")
_PAST_HEADING = any_word_of("past_headings")
_PAST = any_word_of("past")
_GOAL = any_word_of("goals")
_QUOTA = any_word_of("quotas_and_funds")
_MONEY_GOAL = any_word_of("money_to_reach")
_ACTION = any_word_of("actions")
_ATTRIBUTE_BEFORE = pattern(
    r"\b(?:cho|voi|gom|bao gom|tai|tren|trong so|tong so|trong tong so|cua|thuoc|tu|trong|"
    r"co su tham gia cua|cung|den|la|theo|dia ban|pham vi|tri gia|suot)\s*$"
)
_EACH = pattern(
    r"(?<!\w)moi (?!nam\b|thang\b|quy\b|tuan\b|ngay\b|nguoi dan\b|mot\b|lan\b|ky\b|tang lop\b|"
    r"mat\b|hoat dong\b)"
)
_EACH_ENDS = pattern(rf"(?: |,)(?:{alternatives_of('verbs_after_each')})\b")
_SENTENCE = re.compile(r"[.!?…][”\"*)]*\s+(?=[“\"(*+\-–•]*\s*[A-ZÀ-ỸĐ0-9])")
_ABBREVIATED = re.compile(r"(?:\b(?:TP|Tp|TX|Tx|TT|Ths|ThS|TS|PGS|GS|BS|St|No|Mr|đ/c|Q|P|H)|\b[A-ZĐ])$")
_ITEM = re.compile(r"(?:(?<=[\s:;,.])|^)\((?:\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s+")
_COLON = re.compile(r":\s+(?=\S)|:(?=[“\"*])")
_BRACKETS = re.compile(r"\([^()]*\)")
_SOFT_BREAK = pattern(
    r"(?P<comma>,) |(?P<sub>\b(?:trong do|rieng)\b,?:?)|(?P<and>\b(?:va|dong thoi|con lai|con) )|"
    r" (?P<dash>-) "
)
_STARTER = pattern(
    r"^ ?(?:va |trong do,? |dong thoi |rieng |con lai )*(?:ty le|ti le|ty trong|so|co|phan dau|"
    r"dat|giam|tang|duy tri|thu nhap|nang|chi so|moi|it nhat|toi thieu|den|"
    r"hang nam|hang nam|binh quan|\d|tren|duoi|khong|khoang|gan|tu|con|100|tong|toc do|muc|diem|"
    r"gia tri|kinh te|so luong|xay dung|ho tro|xoa|lam moi|sua chua|"
    r"thanh lap|to chuc|ket nap|trong|hoan thanh|thu|van dong|huy dong|giup|dao tao|tiep nhan|"
    r"khong qua|toi da|cap|100%|$)"
)
_ALTERNATIVE = pattern(r"^ ?(?:[^,;:()]{0,40} )?(?:hoac|/) ?(?:it nhat |toi thieu )?$")
_PERIOD = pattern(
    r"\b(?:giai doan|tu nam|tu) (?P<from>20\d\d) ?(?:-|den het nam|den nam|den) ?(?P<to>20\d\d)"
)
_NAME_BEFORE_PERIOD = pattern(
    r"(?:chuong trinh|ke hoach|phong trao|de an|nghi quyet|quyet dinh|muc tieu quoc gia|du an|"
    r"chien luoc)\b[^;.]{0,160}$"
)
_PARENT = pattern(
    r"\bgop phan (?:cung [^,;.]{0,30})?(?:thuc hien|hoan thanh|dat|vao|duy tri|giam|nang)\b|"
    r"muc tieu chung cua toan|chi tieu cua tinh"
)
_RANK = pattern(
    r"\b(?:xep|dung|dat|giu|duy tri)(?: o)? (?:vi tri )?(?:thu|thu hang|hang|vi tri thu|"
    r"vi tri)(?: hang)? (?:tu )?(?:thu )?(?P<n>\d{1,3})\b(?! ?(?:/|-) ?\d)(?P<more> tro len)?"
)
_LEVEL_SCOPE = pattern(r"(?<!vi\s)(?<!den\s)\bcap (?:tinh|huyen|xa)\b")
_NOISE = (
    r"(?:phấn đấu|ít nhất|tối thiểu|trở lên|đạt|có|từ|trên|dưới|khoảng|trong đó|đến|là|đảm bảo|bảo đảm|"
    r"và|còn|được|của)"
)
_NOISE_AT_END = re.compile(rf"(?:(?<!\w){_NOISE}\b[ ,]*)*$", re.IGNORECASE)
_NOISE_AT_START = re.compile(rf"[ ,:]*(?:{_NOISE}\b[ ,]*)*", re.IGNORECASE)
_NO_NOUN = pattern(
    r"(?:[\W\d]|\b(?:binh quan|moi|hang|tung|nam|giam|tang|con|dat|xuong|len|duoi|tren|phan dau|den|tu|tro len|"
    r"it nhat|toi thieu|khoang|muc|va|trong do|o|la|thang|quy|them|cuoi|het)\b)*"
)
_NO_LETTERS = re.compile(r"[\W\d]+")
_QUOTE_OPENING = re.compile(
    r"^(?:[,;:.\-–•+“\"*]+\s*|(?:và|trong đó,?|đồng thời|góp phần(?: thực hiện)?)\s+)+", re.IGNORECASE
)
_LONG_OPENING = 40
_OPENING = 5  # characters of a sentence in which "mỗi" opens it, a mark before it included
_LONGEST_LEAD_IN, _LONGEST_LABEL = 120, 110
_SHORT_CLAUSE = 44  # characters: a clause so short may leave its subject to the one before
_BARE_CLAUSE = 22  # letters: a clause with fewer has no words of its own but the unit
_SCORED = pattern(
    r"\b(?:chi so|diem (?:trung binh|so|binh quan|chat luong|danh gia)|tong diem|ket qua|dat|tu)\b"
)
_BASE_BEFORE = pattern(
    r"\b(?:tren dia ban|tai|cua|thuoc|trong so|trong tong so|tren tong so|voi su tham gia cua)\s*$"
)
_COUNTED_FROM = pattern(r"\b(?:trong|tren) (?:tong )?so (?:la )?$|\btong so (?:la )?$|\bmoi $")
#: "hoàn thành trước ngày …" behind the figures
_COMPLETES = pattern(r"(?:tat ca |toan bo )?(?:phai )?(?:hoan thanh|xong|thoi (?:gian|han)|ket thuc)\b")
_LONGEST_COMPLETION = 60
_COMPLETES_FIRST = pattern(r"(?:hoan thanh xong|hoan thanh|xong|ket thuc) ")
_ANNOUNCES_TARGETS = pattern(r"\b(?:muc tieu|chi tieu)(?: (?!cua)[a-z]+){0,4} ?$")
_REACHES_SUM = pattern(r"\b(?:dat|thu|huy dong|van dong|giai ngan)(?: duoc)? $")
_NOUNS_THEN_VERB = pattern(
    r", (?!(?:co|dat|duoc|moi|it nhat|toi thieu|ty le|so|tren|duoi) )(?:[a-z]+,? ){1,5}?"
    r"(?:co|dang ky|thuc hien|xay dung|to chuc|duy tri) ?$"
)
_LONGEST_CELL = 40
_LABEL_COLUMN = pattern(
    r"^(?:ten |cac )?(?:chi tieu|muc tieu|noi dung|chi so|tieu chi)\b(?! (?:nam|giao|den|diem)\b)"
)
_UNIT_COLUMN = pattern(r"^(?:don vi(?: tinh)?|dvt)$|don vi tinh")
_FIGURE_COLUMN = pattern(
    r"\b(?:nam|quy|giai doan)\b|\b20\d\d\b|muc tieu|chi tieu|ke hoach|phan dau|gia tri|so luong|"
    r"can dat|muc dat"
)
_RESULT_COLUMN = pattern(
    r"hien trang|thuc trang|thuc hien|ket qua|uoc |nam truoc|\bth\b|thoi gian|ghi chu|diem"
)
_FAILS = pattern(r"\b(?:khong|chua) (?:dat|hoan thanh|duy tri)\b[^,;]*$")
#: how many at most may bear a title: a quota, nothing to reach
_TITLES = pattern(r"\b(?:danh hieu|chien s[yi] thi dua|lao dong (?:tien tien|xuat sac))\b")
_WINNERS = pattern(r"\d (?:tap the|ca nhan)\b")
_WINNER_UNITS = frozenset({"collective", "person", "household", "agency", "enterprise"})
_PREDICATE = pattern(
    r"\b(?:duoc|co|dat|hoan thanh|su dung|ban hanh|thuc hien|tham gia|dang ky|trien khai|ap dung)\b"
)
_EACH_THING = pattern(r"\bmoi (?:lop|buoi|dot|cuoc|nha|can(?! bo)|suat|du an|san pham|cong trinh|hoi nghi)\b")
_FUNDING = pattern(
    r"^ ?(?:-|\+)? ?(?:kinh phi|ngan sach (?:ho tro|cap|dam bao|chi|tinh|nha nuoc ho tro)|"
    r"nguon von|nguon kinh phi|von doi ung|muc (?:vay|chi|ho tro))\b"
)
_CHANGE_VERB = pattern(r"\b(?:giam|cat giam|rut ngan|tang)(?: (?:it nhat|toi thieu|tu|them))?\s*$")
_LONGEST_LABEL_BEFORE_COLON = 90
_STRIVES = pattern(r"\bphan dau\b")
_AMONG_FIRST = pattern(
    r" (?:(?:tinh|thanh pho|don vi|dia phuong|huyen),? )*(?:dung dau|dan dau|hang dau|dau tien)\b"
)
_LEVEL_REACHED = pattern(r"\bdat ?(?:ty le |ti le |muc )?$")
_CONDITION = pattern(r"^ ?(?:doi voi|neu|truong hop|doi tuong|khi|nhung|cac ho co|voi nhung)\b")
_APART = pattern(r"(?:,? )?rieng (?:doi voi )?(?:o |tai )?")
_DURATIONS = frozenset({"working_day", "minute", "hour", "month"})
_NO_MORE = pattern(r"\bkhong (?:con|de)\b")
_NONE_LEFT = pattern(
    r"\bkhong con (?:co )?(?P<what>xa|thon|ban|huyen|ho|nha|truong|don vi)\b(?! (?:phu hop|hieu luc))"
)
_NONE_LEFT_UNITS = {
    "xa": "commune", "thon": "village", "ban": "village", "huyen": "district", "ho": "household",
    "nha": "house",
    "truong": "school", "don vi": "agency",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Segment:
    """A stretch of a paragraph between full stops, semicolons, colons and inline items."""

    start: int
    end: int
    sentence: int
    item: int
    is_lead_in: bool  # ends in a colon: what it says holds for the rest


@dataclass(frozen=True, slots=True)
class _Clause:
    """One figure and the words that belong to it."""

    start: int
    end: int
    quantity: Quantity
    is_sub: bool  # behind "trong đó"
    sentence: int
    item: int
    segment_start: int

    @property
    def list_key(self) -> tuple[int, int]:
        """Clauses of one sentence and one inline item belong to one list."""
        return self.sentence, self.item


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What headings and lead-ins above a paragraph say for all of it."""

    is_target_part: bool
    deadline: Deadline | None
    period: tuple[int, int] | None
    is_parents: bool


def find_targets(outline: Outline, context: Context) -> list[dict[str, Any]]:
    """The targets of golden/1, in reading order."""
    found: list[dict[str, Any]] = []
    for node in outline.body():
        if node.kind == "hang":
            found.extend(_targets_of_row(node, context))
        elif _may_hold_targets(node):
            found.extend(_targets_of(node, context))
    return [{"id": f"T{number}", **target} for number, target in enumerate(found, 1)]


def _may_hold_targets(node: Node) -> bool:
    if node.kind in _NO_TARGET_KINDS or node.kind == "bang":
        return False
    if node.title is not None and (node.children or "%" not in node.text):
        return False
    if not may_hold_figures(node.text) or is_on_awards(node) or is_on_subjects(node) or is_on_scoring(node):
        return False
    return not any(
        above.title is not None
        and _PAST_HEADING.search(flat(above.title))
        and not _TARGET_HEADING.search(flat(above.title))
        for above in node.ancestors()
    )


def _targets_of(node: Node, context: Context) -> Iterator[dict[str, Any]]:
    text, key = node.text, flat(node.text)
    quantities = [*quantities_of(text), *_ranks_of(key), *_none_left_in(text, key)]
    if not quantities:
        return
    quantities.sort(key=lambda quantity: quantity.number_start)
    around = _surroundings_of(node)
    segments = list(_segments_of(text))
    clauses = list(_clauses_of(text, key, segments, quantities))
    deadlines = deadlines_of(text)
    earlier: _Found | None = None
    for position, clause in enumerate(clauses):
        if not _is_target(node, key, clause, segments, _with_lead_in(key, clause, segments, around)):
            continue
        deadline = _deadline_for(key, clauses[position:], deadlines, segments, earlier, around)
        if _is_over(deadline, context) or _is_of_past_period(key, clause, context):
            continue
        following = key[clause.end : clauses[position + 1].end] if position + 1 < len(clauses) else ""
        before = clauses[position - 1] if position else None
        preceding = key[before.start : before.end] if before and before.list_key == clause.list_key else ""
        reading = _Reading(
            text,
            key,
            clause,
            preceding,
            following,
            earlier,
            around,
            _list_start(clause, segments),
            _words_start(clause, segments),
        )
        earlier = _found(node, reading, deadline, context)
        yield earlier.target


# --- rows of a table ----------------------------------------------------------------------------------------


def _targets_of_row(node: Node, context: Context) -> Iterator[dict[str, Any]]:
    """A row with a label and a figure under a head that says so: one target for each column of figures."""
    if len(node.cells) != len(node.header_cells) or not any(letter.isdigit() for letter in node.text):
        return
    heads = [flat(head) for head in node.header_cells]
    label_at = next((at for at, head in enumerate(heads) if _LABEL_COLUMN.search(head)), None)
    if label_at is None or not (
        _TARGET_HEADING.search(heads[label_at]) or _surroundings_of(node).is_target_part
    ):
        return
    unit_at = next((at for at, head in enumerate(heads) if _UNIT_COLUMN.search(head)), None)
    unit = node.cells[unit_at].strip() if unit_at is not None else ""
    for at, head in enumerate(heads):
        value = node.cells[at].strip()
        is_figure = (
            at not in (label_at, unit_at) and _FIGURE_COLUMN.search(head) and not _RESULT_COLUMN.search(head)
        )
        if not is_figure or len(value) > _LONGEST_CELL or not any(letter.isdigit() for letter in value):
            continue
        words = f"{node.cells[label_at].strip()} {value}"
        words += unit if unit == "%" and "%" not in value else f" {unit}"
        row = Node(
            path=node.path, kind="gach", lines=node.lines, text=words, role=node.role, parent=node.parent
        )
        if not _may_hold_targets(row):
            continue
        dates = deadlines_of(node.header_cells[at])
        for target in _targets_of(row, context):
            target["quote"] = node.text
            if dates:
                target["deadline"] = dict(dates[-1].value)
                target.pop("period", None)
            if not _is_over(dates[-1] if dates else None, context):
                yield target


# --- cutting a paragraph ------------------------------------------------------------------------------------


def _segments_of(text: str) -> Iterator[_Segment]:
    """The paragraph cut at full stops, semicolons, colons and inline items (1), (2) …"""
    cuts: list[tuple[int, int, str]] = []
    for match in _SENTENCE.finditer(text):
        if not (
            text[match.start()] == "."
            and _ABBREVIATED.search(text[max(0, match.start() - 5) : match.start()])
        ):
            cuts.append((match.start(), match.end(), "."))
    cuts += [(match.start(), match.end(), ";") for match in re.finditer(r";\s*", text)]
    cuts += [(match.start(), match.end(), ":") for match in _COLON.finditer(text)]
    cuts += [(match.start(), match.end(), "(") for match in _ITEM.finditer(text)]
    start, sentence, item = 0, 0, 0
    for begin, end, mark in sorted(cuts):
        if begin >= start:
            if begin > start:
                yield _Segment(start, begin, sentence, item, mark == ":")
            start = end
        if mark == ".":
            sentence += 1
        elif mark == "(":
            item += 1
    if start < len(text):
        yield _Segment(start, len(text), sentence, item, False)


def _clauses_of(
    text: str, key: str, segments: list[_Segment], quantities: list[Quantity]
) -> Iterator[_Clause]:
    """One clause for each figure that does not merely describe another one."""
    bracketed = [(match.start(), match.end()) for match in _BRACKETS.finditer(text)]
    free = [
        quantity
        for quantity in quantities
        if not any(begin < quantity.number_start < end for begin, end in bracketed)
        and not leads_to_another(text, quantity)
    ]
    for segment in segments:
        inside = [quantity for quantity in free if segment.start <= quantity.number_start < segment.end]
        if not inside:
            continue
        kept, boundaries, subs = [inside[0]], [segment.start], [_opens_with_sub(key, segment.start)]
        for quantity in inside[1:]:
            gap_start = kept[-1].end
            gap = key[gap_start : max(gap_start, quantity.start)]
            if _ALTERNATIVE.match(gap) and quantity.unit != "pct":
                kept[-1] = _either(kept[-1], quantity)
                continue
            boundary = _boundary_in(gap)
            if quantity.unit != "pct" and _BASE_BEFORE.search(gap):
                boundary = None
            if boundary is not None and kept[-1].unit == "pct" and _is_one_thought(gap, boundary):
                boundary = None
            if boundary is None:
                if _is_only_a_base(text, key, kept[-1]):
                    kept[-1] = quantity
                continue
            kept.append(quantity)
            boundaries.append(gap_start + boundary)
            opens = gap[boundary:].lstrip(", ").startswith(("trong do", "rieng "))
            subs.append(opens or (subs[-1] and gap[boundary : boundary + 1] == ","))
        for index, quantity in enumerate(kept):
            end = boundaries[index + 1] if index + 1 < len(kept) else segment.end
            yield _Clause(
                boundaries[index], end, quantity, subs[index], segment.sentence, segment.item, segment.start
            )


def _opens_with_sub(key: str, start: int) -> bool:
    return key.startswith(("trong do", "rieng "), start)


def _either(first: Quantity, second: Quantity) -> Quantity:
    """ "01 xã hoặc 01 thôn": one figure with the unit of both."""
    if {first.unit, second.unit} == {"commune", "village"} and first.value == second.value:
        return replace(first, unit="commune_or_village", end=second.end)
    return first


def _boundary_in(gap: str) -> int | None:
    """Where between two figures the clause of the second begins; None when it belongs to the first."""
    best: int | None = None
    last: int | None = None
    for match in _SOFT_BREAK.finditer(gap):
        rest = gap[match.end() :]
        if match["sub"]:
            return match.start()
        is_start = _STARTER.match(rest) is not None
        if match["and"]:
            if is_start or match["and"].startswith(("dong", "con")):
                best = match.start() if not match["and"].startswith("con") or best is None else best
        elif match["dash"]:
            if is_start:
                best = match.start()
        else:
            last = match.start()
            if is_start:
                best = match.start()
    return best if best is not None else last


def _is_one_thought(gap: str, boundary: int) -> bool:
    """ "100% khoa, phòng có ít nhất 01 đề án": the comma stands in the subject, the figure in its predicate."""
    return (
        _PREDICATE.search(gap[:boundary]) is None
        and gap[boundary : boundary + 1] == ","
        and _NOUNS_THEN_VERB.match(gap, boundary) is not None
    )


def _is_only_a_base(text: str, key: str, quantity: Quantity) -> bool:
    """ "trong tổng số 128 xã có …": the figure is what others are counted from."""
    if quantity.unit == "hectare" and quantity.value == 1:  # "giá trị trên 01 ha đạt …"
        return True
    match = _COUNTED_FROM.search(key, max(0, quantity.start - 20), quantity.start)
    return match is not None and (match[0] != "moi " or text[match.start() : match.end()].lower() != "mới ")


def _ranks_of(key: str) -> list[Quantity]:
    """Places in a ranking ("xếp thứ 25 trở lên"): the smaller the better."""
    found: list[Quantity] = []
    if "xep" not in key and "hang" not in key and " thu " not in key:
        return found
    for match in _RANK.finditer(key):
        found.append(
            Quantity(
                start=match.start(), number_start=match.start("n"), end=match.end(),
                comparator="lte" if match["more"] else "stated",
                value=Decimal(match["n"]), low=None, high=None, unit="rank", unit_start=match.end("n"),
                unit_end=match.end("n"), per=None,
                of=None, note=None, compared=True, is_weak=False, is_money=False,
            )
        )  # fmt: skip
    return found


def _none_left_in(text: str, key: str) -> list[Quantity]:
    """ "không còn xã dưới 15 tiêu chí": at most none."""
    if "khong con" not in key:
        return []
    return [
        Quantity(
            start=match.start(), number_start=match.start(), end=match.end(), comparator="lte",
            value=Decimal(0),
            low=None, high=None, unit=_NONE_LEFT_UNITS[match["what"]], unit_start=match.start("what"),
            unit_end=match.end("what"), per=None, of=None, note=None, compared=True, is_weak=True,
            is_money=False,
        )
        for match in _NONE_LEFT.finditer(key)
    ]  # fmt: skip


# --- is it a target? ----------------------------------------------------------------------------------------


def _is_target(
    node: Node, key: str, clause: _Clause, segments: list[_Segment], around: _Surroundings
) -> bool:
    quantity = clause.quantity
    own = key[clause.start : clause.end]
    before = key[_list_start(clause, segments) : quantity.number_start]
    if _QUOTA.search(own) or (_NO_MORE.search(key[clause.start : quantity.start]) and quantity.unit != "pct"):
        return False
    if _AMONG_FIRST.match(key, quantity.end) or (
        _CONDITION.match(own)
        and "," not in key[clause.start : quantity.start]
        and not (quantity.unit == "pct" and _LEVEL_REACHED.search(key, clause.start, quantity.start))
    ):
        return False
    if quantity.unit in _WINNER_UNITS and _WINNERS.search(
        key, _list_start(clause, segments), clause.end + 40
    ):
        return False  # "03 tập thể, 05 cá nhân, 02 hộ gia đình": a quota of awards
    is_capped = quantity.unit == "pct" and quantity.comparator in ("lte", "lt")
    if not is_capped and _FAILS.search(key[clause.start : quantity.number_start]):
        return False
    if (is_capped and _TITLES.search(own)) or _FUNDING.match(own):
        return False
    if (quantity.unit in ("person", "hour") or quantity.is_money) and _EACH_THING.search(own):
        return False  # "mỗi lớp từ 30 học viên": how large a thing is
    has_goal = _GOAL.search(own) is not None or (around.is_target_part and "da " not in before)
    past = _tells_results(node.text, key, _list_start(clause, segments), quantity.number_start)
    if past and not _GOAL.search(key[clause.start : clause.end]):
        return False
    if re.search(r"\bdat va vuot\b", own):
        has_goal = True
    in_plan_part = around.is_target_part or node.role in (Role.PURPOSE,)
    has_each = any(
        True for _ in _each_in(node.text, key, _list_start(clause, segments), quantity.number_start)
    )
    if quantity.unit == "pct":
        return not (
            node.role in TASK_ROLES and not (has_goal or has_each or quantity.compared or "100" in own)
        )
    if quantity.unit == "ratio":
        return re.search(r"\b(?:tang|gap|bang|cao hon|giam|so voi)\b", own) is not None
    if quantity.is_money:
        is_reached = (node.role in (Role.CONTENT, Role.SOLUTION) or "thi dua" in key) and _REACHES_SUM.search(
            key[clause.start : quantity.start]
        ) is not None
        is_each = quantity.per is not None and around.is_target_part  # "…, bình quân 50.000 đồng/người"
        return (
            (in_plan_part or has_goal or quantity.compared or is_reached)
            and node.role not in TASK_ROLES
            and _MONEY_GOAL.search(before + own if is_each else own) is not None
        )
    if quantity.unit == "point":
        return (
            in_plan_part
            and quantity.comparator not in ("lte", "lt")
            and _SCORED.search(own) is not None
            and not (quantity.start == clause.start and not quantity.compared)
        )
    if quantity.unit == "rank":
        return in_plan_part or has_goal or node.role in (Role.CONTENT, Role.SOLUTION)
    attribute = _describes(node.text, key, clause)
    if quantity.unit == "other" and not (around.is_target_part or has_each):
        return False
    if quantity.is_weak and not (
        quantity.compared or has_each or quantity.per or around.is_target_part or _STRIVES.search(before)
    ):
        return False
    if quantity.unit in _DURATIONS and not (quantity.compared and around.is_target_part):
        return False
    if quantity.unit in ("metre", "quintal") and not ((quantity.compared or quantity.per) and in_plan_part):
        return False
    if node.role in TASK_ROLES:
        return quantity.compared and (has_each or _GOAL.search(own) is not None) and not attribute
    if quantity.compared and not attribute:
        return True
    if has_each or quantity.per == "person":
        return not attribute or quantity.compared
    if around.is_target_part:
        return not attribute or _ACTION.search(key[clause.start : quantity.start]) is not None
    if node.role is Role.PURPOSE:
        return _ACTION.search(before) is not None and not attribute
    return _STRIVES.search(before) is not None and not attribute


def _words_start(clause: _Clause, segments: list[_Segment]) -> int:
    """Where the words that a clause is read with begin: a short label and its colon belong to it."""
    for position, segment in enumerate(segments):
        if segment.start == clause.start and position:
            before = segments[position - 1]
            is_label = before.is_lead_in and (before.sentence, before.item) == clause.list_key
            if is_label and before.end - before.start < _LONGEST_LABEL_BEFORE_COLON:
                return before.start
    return clause.start


def _tells_results(text: str, key: str, start: int, end: int) -> bool:
    """Whether words before the figure speak of what has been reached; "tỉnh đến năm" only looks like "tính đến"."""
    for match in _PAST.finditer(key, start, end):
        if not (match[0].startswith("tinh") and text[match.start() : match.start() + 4].lower() == "tỉnh"):
            return True
    return False


def _describes(text: str, key: str, clause: _Clause) -> bool:
    """Whether the figure hangs on a preposition ("cho 45 cán bộ"); "trồng" only looks like "trong"."""
    match = _ATTRIBUTE_BEFORE.search(key, clause.start, clause.quantity.start)
    return match is not None and "trồng" not in text[match.start() : match.end()].lower()


def _list_start(clause: _Clause, segments: list[_Segment]) -> int:
    """Where the sentence or the inline item that holds the clause begins."""
    return min(segment.start for segment in segments if (segment.sentence, segment.item) == clause.list_key)


def _is_over(deadline: Deadline | None, context: Context) -> bool:
    """Whether the deadline lies before the document: then the figure is a result."""
    since = context.year or context.period_from
    return deadline is not None and since is not None and deadline.year is not None and deadline.year < since


def _is_of_past_period(key: str, clause: _Clause, context: Context) -> bool:
    since = context.year or context.period_from
    match = _PERIOD.search(key, clause.segment_start, clause.end)
    return match is not None and since is not None and int(match["to"]) < since


# --- what stands around -------------------------------------------------------------------------------------


def _surroundings_of(node: Node) -> _Surroundings:
    is_target_part, is_parents = False, False
    deadline: Deadline | None = None
    period: tuple[int, int] | None = None
    for above in _lead_ins(node):
        words = above.title if above.title is not None else above.text
        key = flat(words)
        is_target_part = is_target_part or (
            _TARGET_HEADING.search(key) is not None
            and (above.title is not None or key.rstrip().endswith(":"))
        )
        is_parents = is_parents or (above.title is None and _PARENT.search(key) is not None)
        if deadline is None and period is None:
            found = deadlines_of(words)
            deadline = found[-1] if found else None
            match = _PERIOD.search(key)
            if deadline is None and match and not _NAME_BEFORE_PERIOD.search(key[: match.start()]):
                period = (int(match["from"]), int(match["to"]))
    return _Surroundings(is_target_part, deadline, period, is_parents)


def _lead_ins(node: Node) -> Iterator[Node]:
    """Headings above and, for a bullet, the unnumbered line with a colon before it; nearest first."""
    if node.kind in ("gach", "diem", "khoan", "doan"):
        siblings = node.parent.children if node.parent is not None else []
        position = next((index for index, sibling in enumerate(siblings) if sibling is node), 0)
        for sibling in reversed(siblings[:position]):
            if sibling.kind != node.kind or sibling.kind == "doan":
                if sibling.kind == "doan" and sibling.text.rstrip().endswith(":"):
                    yield sibling
                if sibling.kind != node.kind or sibling.text.rstrip().endswith(":"):
                    break
    yield from node.ancestors()


def _with_lead_in(
    key: str, clause: _Clause, segments: list[_Segment], around: _Surroundings
) -> _Surroundings:
    """The surroundings of a clause behind "thực hiện các mục tiêu:" in its own paragraph."""
    if around.is_target_part or ":" not in key:
        return around
    announced = any(
        segment.is_lead_in
        and segment.end <= clause.start
        and segment.sentence == clause.sentence
        and _ANNOUNCES_TARGETS.search(key, segment.start, segment.end)
        for segment in segments
    )
    return replace(around, is_target_part=True) if announced else around


def _deadline_for(
    key: str,
    clauses: list[_Clause],
    deadlines: list[Deadline],
    segments: list[_Segment],
    earlier: _Found | None,
    around: _Surroundings,
) -> Deadline | None:
    """The deadline printed with the figure, before its list, behind it, or above it; None when there is none.

    `clauses` are the clause in question and those behind it in the paragraph.
    """
    clause = clauses[0]
    own = [deadline for deadline in deadlines if clause.start <= deadline.start < clause.end]
    if own:
        before = [deadline for deadline in own if deadline.start < clause.quantity.number_start]
        return before[-1] if before else own[0]
    for segment in reversed(segments):  # "Đến năm 2025: …"
        is_above = segment.is_lead_in and segment.end <= clause.start and segment.item <= clause.item
        if is_above and segment.end - segment.start < _LONGEST_LEAD_IN:
            heading = [deadline for deadline in deadlines if segment.start <= deadline.start < segment.end]
            if heading:
                return heading[-1]
    if earlier is not None and earlier.heads_list and earlier.clause.list_key == clause.list_key:
        return earlier.deadline
    return _deadline_behind(key, clauses, deadlines, segments) or around.deadline


def _deadline_behind(
    key: str, clauses: list[_Clause], deadlines: list[Deadline], segments: list[_Segment]
) -> Deadline | None:
    """The deadline of the predicate that listed figures share, or of "…; hoàn thành trước ngày …" at the end."""
    clause = clauses[0]
    if not any(deadline.start >= clause.end for deadline in deadlines):
        return None
    for index, following in enumerate(clauses[1:], 1):
        last = clauses[index - 1]
        if following.segment_start != clause.segment_start or _PREDICATE.search(
            key, last.quantity.start, last.end
        ):
            break
        shared = [date for date in deadlines if following.quantity.end <= date.start < following.end]
        if shared and _PREDICATE.search(key, following.quantity.end, shared[0].start):
            return shared[0]
    for segment in segments:
        is_behind = segment.start >= clause.end and segment.item == clause.item
        if not is_behind or _COMPLETES.match(key, segment.start, segment.end) is None:
            continue
        if any(segment.start <= other.quantity.number_start < segment.end for other in clauses):
            continue
        until = segment.start + _LONGEST_COMPLETION
        found = next((date for date in deadlines if segment.start <= date.start < until), None)
        if found is None:
            return None
        printed = str(found.value["raw"])
        verb = _COMPLETES_FIRST.match(flat(printed))
        return replace(found, value={**found.value, "raw": printed[verb.end() :]}) if verb else found
    return None


# --- the record ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reading:
    """A clause in its place: what the mapping of a target is made from."""

    text: str
    key: str
    clause: _Clause
    preceding: str  # flat text of the clause before in the same sentence, which may hold the subject of both
    following: str  # flat text of the next clause, which may hold the predicate of both
    earlier: _Found | None
    around: _Surroundings
    list_start: int  # of the sentence or inline item
    words_start: int  # of the clause, or of the few words and the colon before it ("Tỷ lệ hộ nghèo: giảm 2%")

    @property
    def follows_earlier(self) -> bool:
        """Whether the earlier target stands in the same sentence and item."""
        return self.earlier is not None and self.earlier.clause.list_key == self.clause.list_key

    @property
    def says_all_itself(self) -> bool:
        """Whether a clause behind a semicolon or full stop has a subject and a predicate: "50% thôn đạt chuẩn"."""
        is_apart = self.earlier is not None and self.earlier.clause.segment_start != self.clause.segment_start
        behind = self.key[self.clause.quantity.unit_end : self.clause.end]
        predicate = _PREDICATE.search(behind) if is_apart and self.clause.quantity.unit == "pct" else None
        return predicate is not None and predicate.start() > 1

    @property
    def goes_on(self) -> bool:
        """Whether the figure comes right behind another clause ("giảm 20% thời gian, 15% chi phí")."""
        starts_bare = not re.search(r"[a-z]", self.key[self.clause.start : self.clause.quantity.start])
        return starts_bare and self.clause.start > self.clause.segment_start

    @property
    def own(self) -> str:
        return self.key[self.words_start : self.clause.end]


@dataclass(frozen=True, slots=True)
class _Found:
    """A target and what the next figure of its sentence may take over from it."""

    target: dict[str, Any]
    clause: _Clause
    deadline: Deadline | None
    heads_list: bool  # the deadline stands before the figure and so heads what follows
    words: str
    of_rate: bool
    per: str | None
    leading_change: str | None  # "giảm" right before the figure, which also governs the figures listed behind


def _found(node: Node, reading: _Reading, deadline: Deadline | None, context: Context) -> _Found:
    clause, quantity, own = reading.clause, reading.clause.quantity, reading.own
    parent = reading.earlier if clause.is_sub else None
    start = reading.words_start
    change = change_of(reading.text[start : clause.end], quantity, offset=start)
    if change.direction is None and reading.goes_on and reading.earlier is not None:
        change = Change(reading.earlier.leading_change, change.per)
    per = change.per or (parent.per if parent and change.direction else None)
    lender = parent
    if lender is None and reading.follows_earlier and _NO_NOUN.fullmatch(own):
        lender = reading.earlier  # "tỷ lệ hộ nghèo còn 2,5%, bình quân mỗi năm giảm 1,2%"
    of_rate = is_rate(own) or (lender is not None and lender.of_rate and not counts(own))
    unit, kind = unit_and_kind(quantity, change, of_rate=of_rate)
    words, indicator = _indicator(reading, kind=kind, unit=unit)
    label = _label(reading.text, clause, start=start)
    if not label and reading.follows_earlier and reading.earlier is not None:
        label = str(reading.earlier.target["label_vi"])  # "tỷ lệ đô thị hóa đạt 45%, phấn đấu đạt 50%"
    target: dict[str, Any] = {
        "path": node.path,
        "lines": list(node.lines),
        "quote": _quote(reading),
        "indicator": indicator.code if indicator else OTHER,
        "label_vi": indicator.label_vi if indicator else label,
        **figure_fields(quantity),
        "unit": unit,
    }
    if per is not None:
        target["per"] = per
    counterpart = counterpart_of(reading.text, quantity, until=clause.end)
    if counterpart:
        target["stated_count"] = counterpart
    target["deadline"] = dict(deadline.value) if deadline else None
    if deadline is None:
        period = _period_of(reading, context)
        if period:
            target["period"] = period
    baseline = baseline_of(reading.text[clause.start : clause.end])
    if baseline:
        target["baseline"] = baseline
    target["scope"] = _scope_of(reading) or _area_of(context)
    is_parents = reading.around.is_parents or (
        ("gop phan" in reading.key or "cua t" in reading.key)
        and _PARENT.search(reading.key[: quantity.number_start]) is not None
    )
    target["owner"] = "parent" if is_parents else "self"
    leads = _CHANGE_VERB.search(reading.key[clause.start : quantity.start]) is not None or reading.goes_on
    leading = change.direction if leads else None
    heads = deadline is not None and (
        clause.start <= deadline.start < quantity.number_start
        or (
            reading.earlier is not None
            and reading.earlier.heads_list
            and deadline is reading.earlier.deadline
        )
    )
    return _Found(target, clause, deadline, heads, words, of_rate, per, leading)


def _indicator(reading: _Reading, *, kind: str, unit: str) -> tuple[str, Indicator | None]:
    """The indicator by the clause's own words, else by those that its neighbours lend it."""
    own = reading.own
    candidates = [own]
    if reading.clause.is_sub and reading.earlier is not None:
        candidates.append(f"{reading.earlier.words} {own}")
    behind = reading.key[reading.clause.quantity.end : reading.clause.end]
    if _letters(own) < _BARE_CLAUSE and _PREDICATE.search(behind) is None:
        candidates.append(f"{own} {reading.following}")
    if len(own) < _SHORT_CLAUSE and not reading.says_all_itself:
        if reading.earlier is not None:
            candidates.append(f"{reading.earlier.words} {own}")
        candidates.append(f"{reading.preceding} {own}")
    for words in candidates:
        indicator = indicator_of(words, kind=kind, unit=unit)
        if indicator is not None:
            return words, indicator
    return own, None


def _letters(key: str) -> int:
    return len(_NO_LETTERS.sub("", key))


def _quote(reading: _Reading) -> str:
    """The words of the figure, without those of another thought before it, for a person to find it by."""
    text, clause, at = reading.text, reading.clause, reading.clause.quantity.start
    own = reading.key[clause.start : clause.end]
    start = reading.words_start if _letters(own) < _BARE_CLAUSE else clause.start
    boundary = _boundary_in(reading.key[start:at])
    if (
        boundary is not None
        and boundary > _LONG_OPENING
        and not re.search(r"[0-9]", text[start : start + boundary])
    ):
        start += boundary
    quote = _QUOTE_OPENING.sub("", text[start : clause.end].strip())
    quote = re.sub(r"[\s,;:.*/]+$", "", quote)
    if quote.endswith(("”", '"')) and quote.count("“") < quote.count("”"):
        quote = quote[:-1].rstrip("*. ")
    return quote


def _label(text: str, clause: _Clause, *, start: int) -> str:
    """The words of the clause around its figure, for an indicator that no vocabulary knows."""
    quantity = clause.quantity
    is_counted = quantity.unit not in ("pct", "per_mille") and not quantity.is_money
    middle = text[quantity.unit_start : quantity.unit_end] if is_counted else ""
    before, after = text[start : quantity.start].replace(":", ""), text[quantity.end : clause.end]
    before, after = _NOISE_AT_END.sub("", before, count=1), _NOISE_AT_START.sub("", after, count=1)
    words = f"{before} {middle} {after}"
    for deadline in reversed(deadlines_of(words)):
        words = words[: deadline.start] + words[deadline.end :]
    words = " ".join(_BRACKETS.sub(" ", words).split()).strip(' ,;:.-–*“”"')
    words = _NOISE_AT_START.sub("", words, count=1).strip(" ,")
    words = words[:_LONGEST_LABEL].rsplit(" ", 1)[0] if len(words) > _LONGEST_LABEL else words
    return words[:1].upper() + words[1:]


def _period_of(reading: _Reading, context: Context) -> dict[str, Any] | None:
    """The period a figure without a deadline holds for: its own, that of its part, or the movement's."""
    match = _PERIOD.search(reading.own)
    if match and not _NAME_BEFORE_PERIOD.search(reading.own[: match.start()]):
        return {"from": int(match["from"]), "to": int(match["to"]), "stated": True}
    if reading.around.period:
        since, until = reading.around.period
        return {"from": since, "to": until, "stated": True}
    if context.period_from is not None and context.period_to is not None:
        return {"from": context.period_from, "to": context.period_to, "stated": False}
    return None


def _scope_of(reading: _Reading) -> str | None:
    """ "mỗi cơ quan, đơn vị", "cấp huyện": the part of the whole that the figure speaks of."""
    clause = reading.clause
    each = None
    for match in _each_in(reading.text, reading.key, clause.segment_start, clause.quantity.number_start):
        each = match
    if each is None and clause.quantity.unit != "pct":
        first = next(_each_in(reading.text, reading.key, reading.list_start, len(reading.key)), None)
        each = first if first is not None and first.start() < reading.list_start + _OPENING else None
    if each is not None:
        return _noun_phrase(reading, each.start(), each.end())
    apart = _APART.match(reading.key, clause.start)
    if apart is not None:
        return _noun_phrase(reading, apart.end(), apart.end())
    if clause.quantity.unit == "pct":
        level = _LEVEL_SCOPE.search(reading.key, clause.start, clause.end)
        if level and not _PREDICATE.search(reading.key, clause.quantity.unit_end, level.start()):
            return reading.text[level.start() : level.end()]
    return None


def _noun_phrase(reading: _Reading, start: int, search_from: int) -> str | None:
    """The words from `start` to the verb that follows, with a small first letter; None when too long."""
    end = _EACH_ENDS.search(
        reading.key, search_from, max(reading.clause.quantity.number_start, search_from) + 1
    )
    until = end.start() if end else reading.clause.quantity.start
    words = reading.text[start:until].strip(" ,")
    return words[:1].lower() + words[1:] if 0 < len(words) <= _LONGEST_LABEL else None


def _each_in(text: str, key: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Where "mỗi" stands between two offsets; without accents it looks like "mới"."""
    for match in _EACH.finditer(key, start, end):
        if text[match.start() : match.start() + 3].lower() in ("mỗi", "moi"):
            yield match


def _area_of(context: Context) -> str | None:
    """The area that the issuer speaks for."""
    level = context.issuer_level or ""
    if context.commune and level.endswith("xa"):
        return (
            context.commune
            if context.commune.lower().startswith(("xã", "phường", "thị trấn"))
            else f"xã {context.commune}"
        )
    if context.district and level.endswith("huyen"):
        name = context.district
        return name if flat(name).startswith(("huyen", "quan ", "thi xa", "thanh pho")) else f"huyện {name}"
    if context.province and (level.endswith("tinh") or not level):
        name = context.province
        return name if flat(name).startswith(("tinh", "thanh pho")) else f"tỉnh {name}"
    return None
