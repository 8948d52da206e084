"""What a plan does with each target, task, date, criterion and award form of the plan above it.

Pure: items in, findings out; `compare` reads no database. Each finding names the verdict, the matched item
and the reason in Vietnamese; what cannot be compared is said so. How verdicts are judged stands in
docs/decisions/0011.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from thidua.core.text import fold
from thidua.documents.sentences import SUBJECT_TYPES, when_in_words
from thidua.documents.wording import MILESTONES
from thidua.movements.cascade.figures import (
    Figure,
    Verdict,
    Weighed,
    figure_of,
    in_words,
    is_same_indicator,
    other_base,
    weigh,
)
from thidua.movements.cascade.likeness import PERHAPS, SURE, Matcher

Entry = Mapping[str, Any]
COMPARED = ("targets", "tasks", "milestones", "criteria", "award_forms")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a criterion, read once: one condition, or several of which all or any must hold."""

    parts: tuple[Rule, ...] = ()
    is_any: bool = False
    figure: Figure | None = None
    #: For how many years on end, and within how many years; 0 when the rule does not say.
    consecutive_years: int = 0
    years: int = 0
    roots: frozenset[str] = frozenset()


def _rule_of(rule: Entry) -> Rule:
    if "all_of" in rule or "any_of" in rule:
        parts = tuple(_rule_of(part) for part in rule.get("all_of") or rule.get("any_of") or ())
        roots = frozenset[str]().union(*(part.roots for part in parts))
        return Rule(parts=parts, is_any="all_of" not in rule, roots=roots)
    figure = figure_of(rule)
    window = rule.get("window")
    lengths = window if isinstance(window, Mapping) else {}
    consecutive, years = lengths.get("consecutive_years"), lengths.get("years")
    return Rule(
        figure=figure,
        consecutive_years=consecutive if isinstance(consecutive, int) else 0,
        years=years if isinstance(years, int) else 0,
        roots=frozenset({figure.root}) if figure is not None else frozenset(),
    )


@dataclass(frozen=True)
class Item:
    """One item of a plan: its kind and entry as in `golden/1`, its sentence, the years of the plan."""

    key: str
    kind: str
    text: str
    entry: Entry = field(default_factory=dict, hash=False)
    first_year: int | None = None
    last_year: int | None = None
    #: A caution of our own that goes with every comparison with this item.
    remark: str = ""
    #: The database key, for whoever shows it.
    pk: int | None = None

    @cached_property
    def figure(self) -> Figure | None:
        return figure_of(self.entry, first_year=self.first_year, last_year=self.last_year)

    @cached_property
    def rule(self) -> Rule | None:
        rule = self.entry.get("rule")
        return _rule_of(rule) if rule else None


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict about one item of the higher plan; not `is_sure` where only likeness of words speaks."""

    higher: Item
    verdict: Verdict
    reason: str
    own: Item | None = None
    is_sure: bool = True

    @property
    def sentence(self) -> str:
        """The reason as a sentence, with the caution where there is one."""
        text = self.reason[:1].upper() + self.reason[1:]
        text = f"{text}." if self.is_sure else f"Có thể: {self.reason}; cần người đối chiếu xem lại."
        return f"{text} Lưu ý: {self.higher.remark}." if self.higher.remark else text


#: From worst to best, for several conditions of one criterion.
_WORST_FIRST = (
    Verdict.CONTRADICTING,
    Verdict.MISSING,
    Verdict.WEAKER,
    Verdict.INCOMPARABLE,
    Verdict.COVERED,
    Verdict.STRONGER,
)
_PLACE = {verdict: place for place, verdict in enumerate(_WORST_FIRST)}


def compare(higher: Sequence[Item], own: Sequence[Item]) -> list[Finding]:
    """One finding for each comparable item of `higher`, in its order."""
    theirs, mine = _by_kind(higher), _by_kind(own)
    found: dict[int, Finding] = {}
    for kind, judge in _JUDGES.items():
        for finding in judge(theirs[kind], mine[kind]):
            found[id(finding.higher)] = finding
    return [found[id(item)] for item in higher if id(item) in found]


def _by_kind(items: Iterable[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        found[item.kind].append(item)
    return found


# --- targets --------------------------------------------------------------------------------------


def _targets(higher: Sequence[Item], own: Sequence[Item]) -> Iterable[Finding]:
    by_root: dict[str, list[Item]] = defaultdict(list)
    with_figure = [item for item in own if item.figure is not None]
    for item in with_figure:
        assert item.figure is not None
        by_root[item.figure.root].append(item)
    answered = {item.figure.root for item in higher if item.figure is not None}
    spare = [item for item in with_figure if item.figure is not None and item.figure.root not in answered]
    labels = Matcher([_label(item) for item in own], others=[_label(item) for item in higher])
    for item in higher:
        yield _target(item, by_root, spare, own, labels)


def _target(
    item: Item,
    by_root: Mapping[str, list[Item]],
    spare: Sequence[Item],
    own: Sequence[Item],
    labels: Matcher,
) -> Finding:
    figure = item.figure
    if figure is not None and figure.root != "other":
        same = by_root.get(figure.root, ())
        if same:
            return _best_of(item, figure, same)
        for candidate in spare:
            assert candidate.figure is not None
            reason = other_base(candidate.figure, figure)
            if reason and candidate.figure.form == figure.form:
                return Finding(item, Verdict.INCOMPARABLE, reason, candidate)
        for candidate in spare:
            assert candidate.figure is not None
            reason = other_base(candidate.figure, figure)
            if reason:
                return Finding(item, Verdict.INCOMPARABLE, reason, candidate)
    return _target_by_words(item, own, labels)


def _best_of(item: Item, figure: Figure, candidates: Sequence[Item]) -> Finding:
    """The own target that answers: the one about the same place, then the one that does most."""
    best: tuple[tuple[bool, bool, bool, bool, int], Finding] | None = None
    part = fold(str(item.entry.get("applies_to") or ""))
    for candidate in candidates:
        assert candidate.figure is not None
        weighed = weigh(candidate.figure, figure)
        own_part = fold(str(candidate.entry.get("applies_to") or ""))
        comparable = weighed.verdict is not Verdict.INCOMPARABLE
        # A part of the place ("xã khu vực III") stands behind the whole.
        rank = (
            own_part == part,
            not own_part,
            candidate.figure.form == figure.form,
            comparable,
            _PLACE[weighed.verdict],
        )
        if best is None or rank > best[0]:
            remark = candidate.figure.remark if candidate.figure.code != figure.code else ""
            reason = f"{weighed.reason} ({remark})" if remark else weighed.reason
            best = (rank, Finding(item, weighed.verdict, reason, candidate))
    assert best is not None
    return best[1]


def _target_by_words(item: Item, own: Sequence[Item], labels: Matcher) -> Finding:
    """A target whose indicator nobody knows by a code: by its words, and only as a perhaps."""
    label = fold(_label(item))
    same = [
        candidate for candidate in own if fold(_label(candidate)) == label and candidate.figure is not None
    ]
    if item.figure is not None and same:
        return _best_of(item, item.figure, same)
    match = labels.best(_label(item))
    if match is not None and match.likeness >= PERHAPS:
        candidate = own[match.index]
        is_open = "other" in (_root(item), _root(candidate))
        if is_open:
            is_sure = match.likeness >= SURE
            if item.figure is None or candidate.figure is None:
                verdict = Verdict.COVERED if item.figure is None else Verdict.INCOMPARABLE
                return Finding(item, verdict, "kế hoạch này có chỉ tiêu cùng nội dung", candidate, is_sure)
            weighed = weigh(candidate.figure, item.figure)
            return Finding(item, weighed.verdict, weighed.reason, candidate, is_sure)
    asked = f" ({in_words(item.figure)})" if item.figure is not None else ""
    return Finding(item, Verdict.MISSING, f"kế hoạch này không có chỉ tiêu nào về «{_label(item)}»{asked}")


def _root(item: Item) -> str:
    return item.figure.root if item.figure is not None else "other"


def _label(item: Item) -> str:
    return str(item.entry.get("label_vi") or item.entry.get("label") or item.text)


# --- milestones -----------------------------------------------------------------------------------


def _milestones(higher: Sequence[Item], own: Sequence[Item]) -> Iterable[Finding]:
    by_kind: dict[str, list[Item]] = defaultdict(list)
    for item in own:
        by_kind[str(item.entry.get("kind"))].append(item)
    for item in higher:
        kind = str(item.entry.get("kind"))
        found = [
            (_nearness(item, candidate), _milestone(item, candidate)) for candidate in by_kind.get(kind, ())
        ]
        if found:
            # Of two yearly dates the one of the same bodies answers, then the one that says the same.
            yield max(found, key=lambda one: (one[0], _SAME_FIRST[one[1].verdict]))[1]
        else:
            name = MILESTONES.get(kind, kind.replace("_", " "))
            asked = when_in_words(item.entry.get("when"))
            yield Finding(
                item,
                Verdict.MISSING,
                f"kế hoạch này không nêu mốc «{name}»" + (f" ({asked})" if asked else ""),
            )


_SAME_FIRST = {**_PLACE, Verdict.COVERED: len(_PLACE)}


def _nearness(item: Item, own: Item) -> tuple[bool, bool]:
    who = fold(str(item.entry.get("who") or ""))
    return item.text == own.text and item.entry == own.entry, bool(who) and who == fold(
        str(own.entry.get("who") or "")
    )


def _milestone(item: Item, own: Item) -> Finding:
    theirs, mine = _when(item), _when(own)
    asked, said = (
        when_in_words(item.entry.get("when")) or "không rõ ngày",
        when_in_words(own.entry.get("when")),
    )
    verdict, reason = Verdict.COVERED, f"kế hoạch này cũng ghi {said or 'mốc này'}"
    if _span(theirs) is None or theirs.get("recurrence"):
        if _is_yearly(theirs) and not _is_repeated(mine) and _span(mine):
            verdict, reason = Verdict.WEAKER, f"cấp trên làm hằng năm, kế hoạch này chỉ ghi {said}"
        elif theirs.get("month") and not mine.get("month"):
            verdict, reason = (
                Verdict.INCOMPARABLE,
                f"cấp trên ghi {asked}, kế hoạch này không ghi ngày tháng, nên không biết có kịp không",
            )
        elif theirs.get("month"):
            verdict, reason = _yearly(theirs, mine, asked=asked, said=said)
        return Finding(item, verdict, reason, own)
    span, own_span = _span(theirs), _span(mine)
    assert span is not None
    if own_span is None:
        return Finding(
            item,
            Verdict.INCOMPARABLE,
            f"cấp trên ghi {asked}, kế hoạch này có mốc này nhưng không ghi thời gian, nên không so được",
            own,
        )
    if own_span[0] > span[1] or own_span[1] < span[0]:
        if own_span[0] // 10000 == span[0] // 10000:
            is_later = own_span[0] > span[1]
            verdict = Verdict.WEAKER if is_later else Verdict.STRONGER
            reason = f"kế hoạch này ghi {said}, {'muộn' if is_later else 'sớm'} hơn mốc {asked} của cấp trên"
        else:
            verdict, reason = Verdict.CONTRADICTING, f"cấp trên ghi {asked}, kế hoạch này lại ghi {said}"
    elif own_span[1] > span[1]:
        verdict = Verdict.WEAKER
        reason = f"kế hoạch này ghi {said}, có thể muộn hơn mốc {asked} của cấp trên"
    return Finding(item, verdict, reason, own)


def _when(item: Item) -> Entry:
    when = item.entry.get("when") or item.entry.get("deadline") or {}
    return when if isinstance(when, Mapping) else {}


def _is_yearly(when: Entry) -> bool:
    return "annual" in str(when.get("recurrence") or "")


def _is_repeated(when: Entry) -> bool:
    return bool(when.get("recurrence"))


def _yearly(theirs: Entry, mine: Entry, *, asked: str, said: str) -> tuple[Verdict, str]:
    """Two days of every year, for which only the order within the year counts."""
    due, own_due = _last_day(theirs), _last_day(mine)
    if own_due == due:
        return Verdict.COVERED, f"kế hoạch này cũng ghi {said}"
    if own_due < due:
        return Verdict.STRONGER, f"kế hoạch này ghi {said}, sớm hơn hạn {asked} của cấp trên"
    return Verdict.WEAKER, f"kế hoạch này ghi {said}, muộn hơn hạn {asked} của cấp trên"


def _last_day(when: Entry) -> int:
    day = int(when.get("day") or 31)
    return (
        int(when.get("month") or 12) * 100
        + day
        - (1 if when.get("bound") == "before" and when.get("day") else 0)
    )


def _span(when: Entry) -> tuple[int, int] | None:
    """First and last day as yyyymmdd; None when no year is given."""
    year = when.get("year")
    if isinstance(year, int):
        if when.get("quarter"):
            last = int(when["quarter"]) * 3
            return year * 10000 + (last - 2) * 100 + 1, year * 10000 + last * 100 + 31
        if not when.get("month"):
            return year * 10000 + 101, year * 10000 + 1231
        month = year * 10000 + int(when["month"]) * 100
        if not when.get("day"):
            return month + 1, month + 31
        day = month + int(when["day"])
        return (year * 10000 + 101 if when.get("bound") == "before" else day), _last_day(when) + year * 10000
    for start_key, end_key in (("from", "to"), ("to", "to"), ("from", "from")):
        start, end = when.get(start_key), when.get(end_key)
        if isinstance(start, int) and isinstance(end, int):
            return start * 10000 + 101, end * 10000 + 1231
    years = [when[name] for name in ("so_ket", "tong_ket") if isinstance(when.get(name), int)]
    return (min(years) * 10000 + 101, max(years) * 10000 + 1231) if years else None


# --- tasks ----------------------------------------------------------------------------------------


def _tasks(higher: Sequence[Item], own: Sequence[Item]) -> Iterable[Finding]:
    matcher = Matcher([item.text for item in own], others=[item.text for item in higher])
    for item in higher:
        match = matcher.best(item.text)
        if match is None or match.likeness < PERHAPS:
            yield Finding(
                item, Verdict.MISSING, "không thấy nhiệm vụ nào của kế hoạch này có nội dung tương tự"
            )
            continue
        candidate = own[match.index]
        is_sure = match.likeness >= SURE
        late = _late_task(item, candidate)
        if late:
            yield Finding(item, Verdict.WEAKER, late, candidate, is_sure)
        else:
            reason = "kế hoạch này có nhiệm vụ cùng nội dung"
            yield Finding(item, Verdict.COVERED, reason, candidate, is_sure)


def _late_task(item: Item, own: Item) -> str:
    """Why the own task is later or rarer; empty when it is not, or when nothing is known."""
    theirs, mine = _when(item), _when(own)
    asked, said = when_in_words(theirs or None), when_in_words(mine or None)
    if _is_yearly(theirs) or _is_yearly(item.entry):
        if theirs.get("month") and mine.get("month") and _last_day(mine) > _last_day(theirs):
            return f"cấp trên ghi hạn {asked}, kế hoạch này ghi {said}, muộn hơn"
        if not _is_repeated(mine) and not _is_repeated(own.entry) and _span(mine):
            return f"cấp trên yêu cầu hằng năm, kế hoạch này chỉ ghi {said}"
        return ""
    span, own_span = _span(theirs), _span(mine)
    if span and own_span and own_span[1] > span[1]:
        return f"cấp trên ghi hạn {asked}, kế hoạch này ghi {said}, muộn hơn"
    return ""


# --- criteria -------------------------------------------------------------------------------------


def _criteria(higher: Sequence[Item], own: Sequence[Item]) -> Iterable[Finding]:
    by_subject: dict[str, list[Item]] = defaultdict(list)
    for item in own:
        by_subject[str(item.entry.get("subject_type"))].append(item)
    matchers: dict[str, Matcher] = {}
    for item in higher:
        subject = str(item.entry.get("subject_type"))
        candidates = by_subject.get(subject, [])
        if not candidates:
            name = SUBJECT_TYPES.get(subject, subject).lower()
            yield Finding(item, Verdict.MISSING, f"kế hoạch này không có tiêu chí cho {name}")
        elif item.rule is not None:
            yield _measured_criterion(item, candidates)
        else:
            if subject not in matchers:
                matchers[subject] = Matcher([candidate.text for candidate in candidates])
            yield _worded_criterion(item, candidates, matchers[subject])


def _measured_criterion(item: Item, candidates: Sequence[Item]) -> Finding:
    text = fold(item.text)
    best: Finding | None = None
    assert item.rule is not None
    for candidate in candidates:
        if candidate.rule is None:
            continue
        if fold(candidate.text) == text:
            return Finding(item, Verdict.COVERED, "tiêu chí như cấp trên", candidate)
        weighed = _rule(candidate.rule, item.rule)
        if best is None or _PLACE[weighed.verdict] > _PLACE[best.verdict]:
            best = Finding(item, weighed.verdict, weighed.reason, candidate)
    if best is None or best.verdict is Verdict.MISSING:
        return Finding(
            item, Verdict.MISSING, "kế hoạch này không có tiêu chí định lượng tương ứng cho cùng đối tượng"
        )
    return best


def _rule(own: Rule, higher: Rule) -> Weighed:
    """Whether who meets the own rule also meets the higher one."""
    if higher.parts:
        parts = [_rule(own, part) for part in higher.parts]
        return (_best if higher.is_any else _worst)(parts)
    if own.parts:
        parts = [_rule(part, higher) for part in own.parts]
        return (_worst if own.is_any else _best)(parts)
    return _condition(own, higher)


def _condition(own: Rule, higher: Rule) -> Weighed:
    mine, theirs = own.figure, higher.figure
    if mine is None or theirs is None or not is_same_indicator(mine, theirs):
        reason = other_base(mine, theirs) if mine is not None and theirs is not None else ""
        return Weighed(
            Verdict.INCOMPARABLE if reason else Verdict.MISSING, reason or "không có điều kiện tương ứng"
        )
    weighed = weigh(mine, theirs)
    for length, own_length, unit in (
        (higher.consecutive_years, own.consecutive_years, "năm liên tục"),
        (higher.years, own.years, "năm"),
    ):
        if own_length < length and weighed.verdict in (Verdict.COVERED, Verdict.STRONGER):
            said = f"trong {own_length} {unit}" if own_length else f"không ghi số {unit}"
            return Weighed(Verdict.WEAKER, f"cấp trên yêu cầu trong {length} {unit}, kế hoạch này {said}")
        if own_length > length and weighed.verdict is Verdict.COVERED:
            return Weighed(Verdict.STRONGER, f"kế hoạch này yêu cầu {own_length} {unit}, nhiều hơn cấp trên")
    return weighed


def _worst(parts: Sequence[Weighed]) -> Weighed:
    if not parts:
        return Weighed(Verdict.MISSING, "không có điều kiện tương ứng")
    worst = min(parts, key=lambda part: _PLACE[part.verdict])
    if worst.verdict is Verdict.MISSING and any(part.verdict is not Verdict.MISSING for part in parts):
        return Weighed(Verdict.WEAKER, "kế hoạch này chỉ có một phần các điều kiện của cấp trên")
    if worst.verdict is Verdict.COVERED:
        return next((part for part in parts if part.verdict is Verdict.STRONGER), worst)
    return worst


def _best(parts: Sequence[Weighed]) -> Weighed:
    if not parts:
        return Weighed(Verdict.MISSING, "không có điều kiện tương ứng")
    return max(parts, key=lambda part: _PLACE[part.verdict])


def _worded_criterion(item: Item, candidates: Sequence[Item], matcher: Matcher) -> Finding:
    match = matcher.best(item.text)
    if match is None or match.likeness < PERHAPS:
        return Finding(
            item, Verdict.MISSING, "không thấy tiêu chí nào cho cùng đối tượng có nội dung tương tự"
        )
    return Finding(
        item,
        Verdict.COVERED,
        "kế hoạch này có tiêu chí cùng nội dung",
        candidates[match.index],
        match.likeness >= SURE,
    )


# --- award forms ----------------------------------------------------------------------------------


def _award_forms(higher: Sequence[Item], own: Sequence[Item]) -> Iterable[Finding]:
    known = [(_award_words(item), item) for item in own]
    exact = dict(reversed(known))
    for item in higher:
        words = _award_words(item)
        match = exact.get(words)
        if match is not None:
            yield Finding(item, Verdict.COVERED, "kế hoạch này có hình thức khen thưởng này", match)
            continue
        near = next(
            (other for mine, other in known if words and mine and (words < mine or mine < words)), None
        )
        if near is not None:
            reason = f"kế hoạch này có hình thức gần giống («{near.entry.get('name') or near.text}»)"
            yield Finding(item, Verdict.COVERED, reason, near, is_sure=False)
        else:
            name = item.entry.get("name") or item.text
            yield Finding(item, Verdict.MISSING, f"kế hoạch này không nêu hình thức «{name}»")


def _award_words(item: Item) -> frozenset[str]:
    """ "Bằng khen của Thủ tướng" and "Bằng khen Thủ tướng Chính phủ" give the same words."""
    name = fold(str(item.entry.get("name") or item.text)).replace("uy ban nhan dan", "ubnd")
    name = name.replace("thu tuong chinh phu", "thu tuong").replace("hang 1", "hang nhat")
    return frozenset(name.replace(",", " ").split()) - {"cua", "cac", "hinh", "thuc", "tang", "thuong"}


_JUDGES = {
    "targets": _targets,
    "tasks": _tasks,
    "milestones": _milestones,
    "criteria": _criteria,
    "award_forms": _award_forms,
}
