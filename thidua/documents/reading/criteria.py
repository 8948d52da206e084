"""Who may be rewarded for what: subjects, their criteria, and the rules that a machine can check.

A heading or run-in label names a subject ("Đối với cấp xã:", "Cá nhân: …"); each item below it is a
criterion, each sentence of a running paragraph too. A criterion with figures gets a rule; a yes/no condition
only joins a rule when its words are sure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from . import vocabulary
from .context import Context
from .indicators import OTHER, indicator_of
from .matching import flat, pattern
from .measures import is_rate, unit_and_kind
from .model import Node, Outline, Role
from .parts import is_on_awards, is_on_subjects
from .quantities import Quantity, baseline_of, change_of, may_hold_figures, plain_number, quantities_of

_FOR = pattern(r"^(?:ve |rieng )?(?:doi voi|danh cho|cho|phia)\b ?")
#: "Tiêu chí xét khen thưởng đối với": who follows
_CRITERIA_FOR = pattern(
    r"^(?:ve |cac )?(?:tieu chi|tieu chuan|dieu kien|noi dung|yeu cau|chi tieu)\b[^:;.]{0,60}? ?"
    r"(?:\(?ap dung )?(?=(?:doi voi|danh cho|cho|cua) )"
)
#: the award for which the subject is considered: "Cá nhân được xét tặng Bằng khen …"
_CONSIDERED = pattern(
    r" (?:duoc )?(?:de nghi )?(?:xet|binh xet|xem xet|de nghi)(?:,? (?:de nghi|tang|cong nhan))+ .*$"
)
_MUST_MEET = pattern(
    r" (?:can |phai )?(?:dat|dam bao|bao dam|dap ung)(?: day)?(?: du)? (?:cac |nhung )?"
    r"(?:tieu chi|tieu chuan|dieu kien)(?: sau)?(?: day)?\W*$"
)
_ARTICLE = pattern(r"^(?:cac|nhung|moi|tung|toan the|\d{1,3}) ")
_SUBJECT_HEADING = pattern(
    r"^(?:ve )?doi tuong(?: thi dua| ap dung| tham gia| khen thuong| xet khen thuong| binh xet)?$"
)
_CRITERIA_LABEL = pattern(
    r"^(?:cac |ve )?(?:tieu chi|tieu chuan|dieu kien|noi dung|yeu cau)(?: (?:thi dua|khen thuong|"
    r"xet|binh xet|chung|cu the|danh gia|xet khen thuong|xet tang))*$"
)
_CRITERIA_WORDS = pattern(r"tieu chi|tieu chuan|dieu kien|danh hieu")
_ONLY_SUBJECTS = pattern(r"\bdoi tuong\b|pham vi")
_NO_CRITERIA_HEADING = pattern(
    r"^(?:cac |ve )?(?:hinh thuc|muc thuong|so luong|co cau|ho so|thu tuc|quy trinh|kinh phi|"
    r"thang diem|thoi gian|nguyen tac|tham quyen|quy dinh chung)\b"
)
_FORM = pattern(
    r"^(?:de nghi )?(?:[^:]{0,60}\b)?(?:bang khen|giay khen|co thi dua|huan chuong|k[yi] niem chuong)\b"
)
_FORM_ANYWHERE = pattern(r"\b(?:bang khen|giay khen|co thi dua|huan chuong|k[yi] niem chuong)\b")
_GIVES = pattern(
    r"\b(?:tang|trao|de nghi (?:tang|trao)|xet tang) (?:thuong )?(?:bang khen|giay khen|"
    r"co thi dua|huan chuong|k[yi] niem chuong)"
)
_LABEL = re.compile(r"^(?P<label>[^:.;]{2,150}?)\s*:\s*(?P<rest>.*)$", re.DOTALL)
_VERB = pattern(
    r" (?:co (?!quan|so\b|dinh|cau)|dat |hoan thanh |tich cuc |guong mau |thuc hien |chap hanh |"
    r"duoc |khong |nhiet tinh |truc tiep |tham gia |ban giao |hien |dong gop |tu nguyen |dang ky |ung ho |"
    r"luon |phai |thuong xuyen )"
)
_ACHIEVES = pattern(r"\b(?:co|dat|hoan thanh|tro len|it nhat|toi thieu|duoc|khong|gioi|tich cuc|guong mau)\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀ-ỸĐ])")
_CHECKABLE = pattern(
    r"\bdung (?:thoi )?(?:han|gian quy dinh|tien do|muc dich|quy dinh)|\bduoc [^,;.]*cong nhan|"
    r"\bkhong (?:co|de|bi|vi pham)\b|\bdanh hieu\b|\bda dang ky\b|\bco dang ky\b|"
    r"\bdang ky (?:thi dua|thoat ngheo)"
)
_WINDOW = pattern(
    r"(?:\btrong |\bit nhat |\btu )*(?P<n>\d{1,2}|hai|ba|bon|nam) (?P<unit>nam hoc|nam|thang|quy|"
    r"dot|ky) ?(?:lien tuc|lien tiep|lien ke|lien)\b"
    r"(?P<anchor>[^,;.]{0,12}truoc (?:khi|thoi diem)[^,;.]{0,20}(?:trinh|de nghi|xet|"
    r"lap ho so)[^,;.]{0,20}khen thuong)?"
)
_WINDOW_UNITS = {
    "nam": "consecutive_years", "nam hoc": "consecutive_years", "thang": "consecutive_months",
    "quy": "consecutive_quarters", "dot": "consecutive_rounds", "ky": "consecutive_rounds",
}  # fmt: skip
_WORDS = {"hai": 2, "ba": 3, "bon": 4, "nam": 5}
_DURATION = pattern(
    r"\b(?:(?P<left>it nhat|toi thieu|tu du|tu|du) )(?P<n>\d{1,3}) (?P<unit>nam|"
    r"thang)\b(?! (?:lien|hoc|20\d\d|\d))(?P<more> tro len)?"
)
_CONDITION_END = pattern(r"[;,.]| hoac | va ")
_PART = pattern(r"; |, (?!\d)| va | hoac | dong thoi |[;.] | \((?=rieng |doi voi |trong do )")
_COMPARED_TO = pattern(r"\b(?:so voi|tang|gap|cao hon|bang|giam)\b")
_GIVING = pattern(r"\b(?:tang|trao|xet khen|khen thuong|de nghi tang)$")
_COUNTED_FORMS = pattern(
    r"^(?:khong qua |toi da )?\d{1,3} (?:bang khen|giay khen|co\b|huan chuong|k[yi] niem chuong)"
)
_OR_ONLY = pattern(r".*\bhoac $")
_PLACE = pattern(
    r"^(?:doi voi )?(?:cac )?(?P<np>(?:xa|thon|ban|ap|huyen|buon|phuong|to dan pho|khu dan cu|"
    r"dia phuong|dia ban)\b.*?)(?= (?:quy mo|ty le|ti le|so ho|giam|tang|dat|co|duoc|hoan thanh|"
    r"phai|khong|thu nhap)\b|,? quy mo)"
)
_IN_CHARGE = pattern(r"\bphu trach (?:cac )?")
_FOR_BEHIND = pattern(r"^[^,;.(]{0,30}?\bdoi voi (?P<who>[^,;.()]{2,40})")
_FOR_BEFORE = pattern(
    r"^\W*(?:rieng (?:doi voi )?|doi voi )(?:cac )?(?P<who>[^,;.()\d]{2,60}?)(?=,? (?:tu|dat|co|phai|it nhat|toi thieu|tren|duoi|"
    r"giam|tang|khong|ty le|ti le|hoan thanh|la)\b)"
)
_APART_IN_BRACKETS = pattern(r"\((?:rieng|doi voi|trong do)\b[^()]*\)")
_HAS_TO = pattern(r" (?:thi |phai )*(?:tang|them|dat them|giam)\b[^,;.]{0,24}")
_PLACE_WITH_FIGURE = pattern(
    r"(?:^|[;,.] |va )(?:doi voi )?(?:xa|thon|ban|ap|huyen|don vi|dia phuong)\b[^;,.\d]{0,60}$"
)
_RESTRICTS = pattern(
    r"^ ?(?:co (?:hop dong|ho khau|thoi gian|thoi han|ten trong|du (?:thoi gian|tuoi))|dang (?:cong tac|lam viec|hoc tap|sinh song)|"
    r"duoc (?:huong luong|giao bien che|tuyen dung|ky hop dong))\b"
)
_TAKES_PART = pattern(r"\bdoi tuong(?: va pham vi)? (?:tham gia|ap dung|thuc hien|huong ung)|pham vi")
_HAS_DIGIT = re.compile("[0-9]")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARK = re.compile(f"[{_SUPERSCRIPTS}]+")
_MEASURED_AT = pattern(r"\btai (?P<when>thoi diem [^,;.]+)")
_RANK = pattern(r"\bxep (?:vi tri )?(?:thu|hang)(?: hang)? (?P<n>\d{1,3}|nhat|nhi|ba)\b")
_LOAN_SOURCE = pattern(r"\bvon vay (?:tu|cua) (?:[^,;.]+?)(?= dung muc dich)")
_LONGEST_SUBJECT = 200
_LONGEST_RUN_IN = 152


@dataclass(slots=True)
class _Subject:
    """A subject being read."""

    node: Node
    label: str
    type: str
    criteria: list[dict[str, Any]] = field(default_factory=list)
    takes_siblings: bool = False  # named in a paragraph of its own: its criteria stand beside it, not below


def find_subjects(outline: Outline, context: Context) -> list[dict[str, Any]]:
    """golden/1's `subjects`, with criteria and rules, in reading order."""
    footnotes = _footnotes_of(outline)
    subjects: list[_Subject] = []
    current: _Subject | None = None
    for node in outline.body():
        is_here = is_on_subjects(node) or is_on_awards(node)
        if not is_here or node.role is Role.AWARD_FORMS or node.kind in ("ket", "bang", "hang"):
            current = current if is_here else None
            continue
        if current is not None and not _belongs(node, current):
            current = None
        current = _read(node, current, subjects, footnotes)
    return [_subject_mapping(number, subject) for number, subject in enumerate(_worth_keeping(subjects), 1)]


def _belongs(node: Node, subject: _Subject) -> bool:
    """Whether a node can hold criteria of the subject: below it, or beside one that stands alone."""
    above = list(node.ancestors())
    if subject.node in above:
        return True
    return subject.takes_siblings and subject.node.parent is not None and subject.node.parent in above


def _read(
    node: Node, current: _Subject | None, subjects: list[_Subject], footnotes: dict[str, str]
) -> _Subject | None:
    """Takes in one node: a new subject, a criterion of the current one, or neither."""
    text = node.text.strip()
    is_award_part = not is_on_subjects(node)
    label_match = _LABEL.match(text) if ":" in text[:_LONGEST_RUN_IN] else None
    label, rest = (label_match["label"], label_match["rest"]) if label_match else (text, "")
    if rest and (considered := _CONSIDERED.search(flat(label))) and _type_of(label[: considered.start()]):
        label = label[: considered.start()]
    label_key = flat(label).strip(" :.*")
    if node.title is not None or node.children or text.endswith(":"):
        if _NO_CRITERIA_HEADING.match(label_key) or (_FORM.match(label_key) and not rest):
            return None
        subject_type = _type_of(label)
        if subject_type and not _is_quota(rest):
            subject = _Subject(node, _clean_label(label), subject_type, takes_siblings=not node.children)
            subjects.append(subject)
            if rest:
                _add_criteria(node, rest, subject, footnotes)
            return subject
        if node.title is not None or text.endswith(":"):
            return current
    if rest:
        if _SUBJECT_HEADING.match(label_key):
            subject_type = _type_of(rest) or "collective"
            subject = _Subject(node, _clean_label(rest), subject_type, takes_siblings=True)
            subjects.append(subject)
            return subject
        if _CRITERIA_LABEL.match(label_key):
            return _add_criteria(node, rest, current, footnotes)
        if _FORM.match(label_key) and not _FOR.match(label_key):
            return _add_criteria(node, rest, current, footnotes) if not _is_quota(rest) else current
        subject_type = _type_of(label)
        if (
            subject_type
            and len(label) < _LONGEST_SUBJECT
            and (current is None or current.node is not node.parent or _FOR.match(label_key))
        ):
            if _is_quota(rest):
                return current
            subject = _Subject(node, _clean_label(label), subject_type, takes_siblings=node.kind == "doan")
            subjects.append(subject)
            if not _only_names_subjects(node) or _ACHIEVES.search(flat(rest)):
                _add_criteria(node, rest, subject, footnotes)
            return subject
    if current is not None:
        return _add_criteria(node, text, current, footnotes)
    if is_award_part:
        return None
    return _subject_in_sentence(node, text, subjects, footnotes)


def _subject_in_sentence(
    node: Node, text: str, subjects: list[_Subject], footnotes: dict[str, str]
) -> _Subject | None:
    """ "Công chức, viên chức có nhiều đóng góp …": the subject and its criterion in one sentence."""
    if _only_names_subjects(node) and any(
        _TAKES_PART.search(flat(above.title)) for above in node.ancestors() if above.title is not None
    ):
        return None  # "toàn thể người lao động có hợp đồng từ 12 tháng trở lên": who takes part
    verb = _VERB.search(flat(text), 0, 2 * _LONGEST_SUBJECT)
    if verb is None or verb.start() > _LONGEST_SUBJECT:
        if _only_names_subjects(node) and (subject_type := _type_of(text)) and len(text) < _LONGEST_SUBJECT:
            subjects.append(_Subject(node, _clean_label(text), subject_type))
        return None
    is_restricted = _only_names_subjects(node) and _RESTRICTS.match(flat(text)[verb.start() :])
    name = text[: verb.start()]
    subject_type = _type_of(name)
    if subject_type is None:
        return None
    subject = _Subject(node, _clean_label(name), subject_type, takes_siblings=False)
    subjects.append(subject)
    if not is_restricted:
        _add_criteria(node, text[verb.start() :].strip(), subject, footnotes)
    return None


def _add_criteria(
    node: Node, text: str, subject: _Subject | None, footnotes: dict[str, str]
) -> _Subject | None:
    """Adds the text as a criterion; a paragraph of running text gives one for each sentence."""
    if subject is None:
        return None
    pieces = _SENTENCE.split(text) if node.kind == "doan" else [text]
    for piece in pieces:
        piece = piece.strip()
        if piece and not _is_quota(piece):
            subject.criteria.append(_criterion(node, piece, subject, footnotes))
    return subject


def _is_quota(text: str) -> bool:
    """ "Giấy khen của Giám đốc Sở", "05 tập thể, 10 cá nhân": what is given, not what it is given for."""
    key = flat(text)
    if _COUNTED_FORMS.match(key):
        return True
    return re.match(
        r"(?:khong qua |toi da )?\d{1,3} (?:tap the|ca nhan|ho\b|don vi)[^;.]{0,40}[.;]?$", key
    ) is not None or (
        _FORM_ANYWHERE.search(key) is not None
        and (_GIVES.search(key) is not None or (len(key) < 120 and _ACHIEVES.search(key) is None))
    )


def _only_names_subjects(node: Node) -> bool:
    """Whether the nearest heading announces subjects without criteria ("Điều 2. Đối tượng")."""
    heading = next((above for above in node.ancestors() if above.title is not None), None)
    if heading is None:
        return False
    key = flat(heading.title or "")
    return _ONLY_SUBJECTS.search(key) is not None and _CRITERIA_WORDS.search(key) is None


def _worth_keeping(subjects: list[_Subject]) -> list[_Subject]:
    """Without subjects of the award part that have no criteria, or are named again with criteria."""
    kept = []
    for index, subject in enumerate(subjects):
        if not subject.criteria:
            if not is_on_subjects(subject.node):
                continue
            if any(later.criteria and later.type == subject.type for later in subjects[index + 1 :]):
                continue
            if subject.node.children:
                continue
        kept.append(subject)
    return kept


# --- labels -------------------------------------------------------------------------------------------------


@cache
def _subject_patterns() -> list[tuple[re.Pattern[str], str]]:
    return [(pattern(entry["pattern"]), entry["type"]) for entry in vocabulary.load("subjects")]


def _type_of(label: str) -> str | None:
    """The subject_type that a label names, or None when it names no subject."""
    key = flat(label).strip(" :.*+-")
    if len(key) > _LONGEST_SUBJECT or _GIVING.search(key):
        return None
    key = _FOR.sub("", _CRITERIA_FOR.sub("", key))
    key = key.removeprefix("cua ")
    while _ARTICLE.match(key):
        key = _ARTICLE.sub("", key)
    for expression, subject_type in _subject_patterns():
        if expression.match(key):
            return subject_type
    return None


def _clean_label(label: str) -> str:
    label = label.strip().strip("*").strip()
    criteria = _CRITERIA_FOR.match(flat(label))
    if criteria:
        label = label[criteria.end() :].removeprefix("của ").removeprefix("cho ")
    considered = _CONSIDERED.search(flat(label))
    if considered:
        label = label[: considered.start()]
    announces = _MUST_MEET.search(flat(label))
    if announces:
        label = label[: announces.start()]
    match = _FOR.match(flat(label))
    if match and not flat(label).startswith("cho "):
        label = label[match.end() :]
    label = label.strip().rstrip(":;.,").strip()
    return label[:1].upper() + label[1:]


def _subject_mapping(number: int, subject: _Subject) -> dict[str, Any]:
    return {
        "id": f"S{number}",
        "path": subject.node.path,
        "lines": list(subject.node.lines),
        "subject_type": subject.type,
        "label": subject.label,
        "criteria": [
            {"id": f"S{number}.c{position}", **criterion}
            for position, criterion in enumerate(subject.criteria, 1)
        ],
    }


# --- rules --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a criterion that holds one condition."""

    start: int
    end: int
    quantity: Quantity


def _criterion(node: Node, text: str, subject: _Subject, footnotes: dict[str, str]) -> dict[str, Any]:
    conditions, has_figures, is_either = _conditions_of(text, subject, footnotes)
    rule = {("any_of" if is_either else "all_of"): conditions} if conditions else None
    if has_figures:
        kind = "quantitative"
    elif rule is not None or _CHECKABLE.search(flat(text)):
        kind = "checkable"
    else:
        kind = "qualitative"
    return {"lines": list(node.lines), "text": text, "kind": kind, "rule": rule}


def _conditions_of(
    text: str, subject: _Subject, footnotes: dict[str, str]
) -> tuple[list[dict[str, Any]], bool, bool]:
    """The conditions of a criterion, whether figures are among them, and whether one of them is enough."""
    key = flat(text)
    figures = _figures_of(text, key)
    has_digits = _HAS_DIGIT.search(key) is not None
    found: list[tuple[int, dict[str, Any]]] = []
    described = _described_places(key, figures)
    parts = _parts_of(key, [figure for figure in figures if figure.start not in described.values()])
    for part in parts:
        found.append((part.start, _figure_condition(text, key, part, part.quantity, subject, footnotes)))
        if part.quantity.number_start in described:
            begin = part.start + len(key[part.start :]) - len(key[part.start :].lstrip(" ;,"))
            end = _HAS_TO.search(key, described[part.quantity.number_start])
            found[-1][1]["applies_to"] = text[begin : end.start() if end else part.quantity.start].strip()
        elif len(found) > 1 and key[max(0, part.start - 1) : part.start] == "(":
            _take_over(found[-1][1], found[-2][1])
        if (
            len(found) > 1
            and not part.quantity.compared
            and _OR_ONLY.match(key[found[-2][0] : part.quantity.start][-6:])
        ):
            found[-1][1]["op"] = found[-2][1]["op"]  # "ít nhất 01 xã hoặc 01 thôn"
    for duration in _DURATION.finditer(key) if has_digits and ("nam" in key or "thang" in key) else ():
        found.append((duration.start(), _duration_condition(duration)))
    for rank in _RANK.finditer(key) if "xep" in key else ():
        place = {"nhat": 1, "nhi": 2, "ba": 3}.get(rank["n"]) or int(rank["n"])
        found.append((rank.start(), {"indicator": "rank", "op": "lte", "value": place, "unit": "rank"}))
    has_figures = bool(found)
    taken = [(part.quantity.start, part.end) for part in parts]
    found += _fact_conditions(text, key, taken, beside_figures=has_figures)
    found.sort(key=lambda entry: entry[0])
    conditions = [condition for _, condition in found]
    is_either = len(conditions) > 1 and (len(described) == len(conditions) or _is_either(key, found))
    return conditions, has_figures, is_either


def _described_places(key: str, figures: Sequence[Quantity]) -> dict[int, int]:
    """ "xã dưới 05 tiêu chí tăng từ 08 tiêu chí": for each figure to reach, where the one that says who begins."""
    return {
        second.number_start: first.start
        for first, second in pairwise(figures)
        if first.unit == second.unit
        and first.unit != "pct"
        and (gap := _HAS_TO.match(key, first.end, second.start))
        and gap.end() >= second.start - 1
        and _PLACE_WITH_FIGURE.search(key, 0, first.start)
    }


def _take_over(condition: dict[str, Any], before: Mapping[str, Any]) -> None:
    """A figure in brackets ("riêng xã đặc biệt khó khăn từ 8%") is of the kind of the one before it."""
    if condition["indicator"] == OTHER and str(before["unit"]).startswith(str(condition["unit"])):
        for name in ("indicator", "unit", "per", "baseline"):
            if name in before:
                condition[name] = before[name]


def _figures_of(text: str, key: str) -> list[Quantity]:
    if not may_hold_figures(text):
        return []
    windows = [(match.start(), match.end()) for match in _WINDOW.finditer(key)] if "lien" in key else []
    brackets = [
        (match.start(), match.end())
        for match in re.finditer(r"\([^()]*\)", key)
        if not _APART_IN_BRACKETS.match(key, match.start())
    ]
    return [
        quantity
        for quantity in quantities_of(text)
        if not any(begin <= quantity.number_start < end for begin, end in (*windows, *brackets))
        and not re.search(r"\btrong (?:so |tong so )?$", key[: quantity.start])
        and not re.search(r"\bso luong[^,;.]*$", key[: quantity.start])
    ]


def _parts_of(key: str, figures: Sequence[Quantity]) -> list[_Part]:
    """One part for each figure, cut where the words between two figures allow."""
    parts: list[_Part] = []
    start = 0
    for index, quantity in enumerate(figures):
        begin = start
        for match in _PART.finditer(key, begin, quantity.start):
            candidate = match.end()
            is_start = match[0].endswith("(") or _starts_condition(key[candidate : quantity.start])
            if is_start or quantity.start - candidate < 3:
                start = match.start() if match[0].strip() in ("va", "hoac") else candidate
        begin = start
        end = figures[index + 1].start if index + 1 < len(figures) else len(key)
        for match in _PART.finditer(key, quantity.end, end):
            if match[0].strip() in (";", ".", "hoac") or _starts_condition(key[match.end() :]):
                end = match.start()
                break
        parts.append(_Part(begin, end, quantity))
        start = end
    return parts


def _starts_condition(words: str) -> bool:
    return (
        re.match(
            r"\s*(?:co|dat|duoc|khong|giam|tang|ty le|ti le|tong|so |tao|giup|hoan thanh|thu nhap|"
            r"phu trach|diem|xep|doi voi|tu|it nhat|toi thieu|tren|thuc hien|dang ky|tham gia|"
            r"luon|chap hanh|la|ung ho|dong gop|xay dung|moi|to chuc|quy mo|muc)\b",
            words,
        )
        is not None
    )


def _figure_condition(
    text: str, key: str, part: _Part, quantity: Quantity, subject: _Subject, footnotes: dict[str, str]
) -> dict[str, Any]:
    own = key[part.start : part.end]
    change = change_of(text[part.start : part.end], quantity, offset=part.start)
    unit, kind = unit_and_kind(quantity, change, of_rate=is_rate(own))
    if unit == "ratio" and not _COMPARED_TO.search(own):
        unit, kind = "times", "count"  # "hiến máu từ 05 lần trở lên"
    words = _for_indicator(own, key, quantity)
    indicator = indicator_of(words, kind=kind, unit=unit)
    if indicator is None and key[max(0, part.start - 1) : part.start] == "(":
        indicator = indicator_of(key[: part.end], kind=kind, unit=unit)  # "(đối với xã từ 80%)"
    condition: dict[str, Any] = {"indicator": indicator.code if indicator else OTHER}
    if quantity.value is not None:
        condition |= {"op": quantity.comparator, "value": plain_number(quantity.value)}
    elif quantity.low is not None and quantity.high is not None:
        condition |= {
            "op": "between", "value_min": plain_number(quantity.low),
            "value_max": plain_number(quantity.high),
        }  # fmt: skip
    condition["unit"] = unit
    per = change.per
    if per is not None:
        condition["per"] = per
    window = _window_of(own)
    if window:
        condition["window"] = window
    baseline = baseline_of(text[part.start : part.end])
    if baseline:
        mark = _mark_behind(text, text.find(baseline["when"], part.start) + len(baseline["when"]))
        condition["baseline"] = f"{baseline['when']} (fn.{mark})" if mark else baseline["when"]
        measured_at = _measured_at(text, part, footnotes, besides=mark)
        if measured_at:
            condition["measured_at"] = measured_at
    applies_to = _applies_to(text, key, part, quantity, subject, is_against_baseline=baseline is not None)
    if applies_to:
        condition["applies_to"] = applies_to
    return condition


def _for_indicator(own: str, key: str, quantity: Quantity) -> str:
    """The words that tell the indicator: the part, or the verb of helping before a number of places."""
    if quantity.unit in ("commune", "village"):
        helped = re.search(r"\b(?:dang ky )?(?:ho tro|giup do|do dau)\b", key[: quantity.start])
        if helped:
            return helped[0]
    return own


def _window_of(own: str) -> dict[str, Any] | None:
    match = _WINDOW.search(own)
    if match is None:
        return None
    unit = " ".join(match["unit"].split())
    number = int(match["n"]) if match["n"].isdigit() else _WORDS[match["n"]]
    window: dict[str, Any] = {_WINDOW_UNITS[unit]: number}
    if match["anchor"]:
        window["anchor"] = "before_award_submission"
    return window


def _duration_condition(match: re.Match[str]) -> dict[str, Any]:
    unit = {"nam": "year", "thang": "month"}[match["unit"]]
    return {"indicator": OTHER, "op": "gte", "value": int(match["n"]), "unit": unit}


def _mark_behind(text: str, position: int) -> str | None:
    match = _MARK.match(text, position)
    return _plain_digits(match[0]) if match else None


def _plain_digits(marks: str) -> str:
    return "".join(str(_SUPERSCRIPTS.index(mark)) for mark in marks)


def _measured_at(text: str, part: _Part, footnotes: dict[str, str], *, besides: str | None) -> str | None:
    """When the figure is taken, as a footnote on another word of the same part says."""
    for match in _MARK.finditer(text, part.start, part.end):
        mark = _plain_digits(match[0])
        note = footnotes.get(mark)
        if mark == besides or note is None:
            continue
        when = _MEASURED_AT.search(flat(note))
        if when:
            return f"{note[when.start('when') : when.end('when')].strip()} (fn.{mark})"
    return None


def _footnotes_of(outline: Outline) -> dict[str, str]:
    """Texts of the footnotes by the digits of their marks."""
    notes: dict[str, str] = {}
    lines = outline.source.lines
    for node in outline.of_kind("chu_thich"):
        first = lines[node.lines[0] - 1].text.strip() if node.lines[0] <= len(lines) else ""
        match = re.match(rf"([{_SUPERSCRIPTS}]+|\[\d{{1,2}}\])", first)
        if match:
            mark = match[0]
            digits = mark.strip("[]") if mark.startswith("[") else _plain_digits(mark)
            notes.setdefault(digits, node.text)
    return notes


def _applies_to(
    text: str, key: str, part: _Part, quantity: Quantity, subject: _Subject, *, is_against_baseline: bool
) -> str | None:
    """To which of the subject's kind the condition applies, where the words narrow it down."""
    behind = _FOR_BEHIND.match(key[quantity.end : part.end])
    if behind:
        return text[quantity.end + behind.start("who") : quantity.end + behind.end("who")].strip()
    before = _FOR_BEFORE.match(key[part.start : quantity.number_start])
    if before and key[max(0, part.start - 1) : part.start] == "(":
        return text[part.start + before.start("who") : part.start + before.end("who")].strip()
    start = part.start
    charge = None
    for charge in _IN_CHARGE.finditer(key, part.start, quantity.start):
        start = charge.end()
    lead = re.match(r"\s*(?:hoac|va)?\s*", key[start : quantity.start])
    start += lead.end() if lead and charge is None else 0
    place = _PLACE.match(key[start : quantity.start + 1])
    if place and len(place["np"].split()) > 2:
        words = text[start + place.start("np") : start + place.end("np")].strip(" ,")
        return words[:1].lower() + words[1:]
    if quantity.unit in ("commune", "village") and (
        attribute := _attribute_behind(text, key, part, quantity)
    ):
        return attribute
    if is_against_baseline and subject.type in ("commune", "village"):
        return subject.label[:1].lower() + subject.label[1:]
    return None


def _attribute_behind(text: str, key: str, part: _Part, quantity: Quantity) -> str | None:
    """ "01 thôn, bản, làng đặc biệt khó khăn": the unit with what narrows it down."""
    words = re.match(
        r"\s+(?:dac biet kho khan|kho khan|bien gioi|vung|khu vuc)[^,;.]*", key[quantity.unit_end : part.end]
    )
    if not words:
        return None
    return text[quantity.unit_start : quantity.unit_end + words.end()].strip()


def _fact_conditions(
    text: str, key: str, taken: Sequence[tuple[int, int]], *, beside_figures: bool
) -> list[tuple[int, dict[str, Any]]]:
    """Yes/no conditions: the sure ones, and beside figures also those whose words are plain."""
    found: list[tuple[int, dict[str, Any]]] = []
    from .indicators import indicators

    for fact in indicators().get("fact", ()):
        if not (fact.is_sure or beside_figures):
            continue
        match = fact.words.search(key)
        if (
            match is None
            or not _is_recognised(text, match)
            or any(begin <= match.start() < end for begin, end in taken)
        ):
            continue
        if any(
            match.start() <= position < match.end() or abs(position - match.start()) < 3
            for position, _ in found
        ):
            continue
        condition: dict[str, Any] = {"indicator": fact.code, "op": "is", "value": True, "unit": "bool"}
        window = _window_of(_until_part_end(key, match.start()))
        if window and beside_figures:
            condition["window"] = window
        source = _LOAN_SOURCE.search(key)
        if fact.code.startswith("loan") and source:
            condition["applies_to"] = text[source.start() : source.end()]
        found.append((match.start(), condition))
    return found


def _is_recognised(text: str, match: re.Match[str]) -> bool:
    """ "công nhận", not "công nhân"."""
    printed = text[match.start() : match.end()].lower()
    return "công nhân" not in printed or "công nhận" in printed


def _until_part_end(key: str, start: int) -> str:
    end = _CONDITION_END.search(key, start)
    return key[start : end.start() if end else len(key)]


def _is_either(key: str, found: Sequence[tuple[int, dict[str, Any]]]) -> bool:
    """Whether "hoặc" stands between conditions, or each of them is for another kind of subject."""
    whom = [condition.get("applies_to") for _, condition in found]
    if all(whom) and len(set(whom)) == len(whom) and "doi voi" in key and "hoac" not in key:
        return True
    return any(
        re.search(r"\bhoac\b", key[found[index][0] : found[index + 1][0] + 6]) is not None
        for index in range(len(found) - 1)
    )
