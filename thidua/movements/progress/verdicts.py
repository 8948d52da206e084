"""Whether a target is met, on the way or behind, or cannot be determined; with the sentence that says why.

Pure: a goal and figures in, a judgement out. Hides what may be compared (one series, complete figures, no
forecasts), and what the straight line to the goal asks on the day of the latest figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thidua.core.formats import format_date, format_number
from thidua.movements.progress.trajectory import (
    Form,
    Goal,
    Line,
    Mark,
    Step,
    place,
    steps,
    two_decimals,
    year_end,
)


class Verdict(StrEnum):
    MET = "met"
    ON_THE_WAY = "on_the_way"
    BEHIND = "behind"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def tone(self) -> str:
        return _TONES[self]


_LABELS = {
    Verdict.MET: "Đạt",
    Verdict.ON_THE_WAY: "Đúng tiến độ",
    Verdict.BEHIND: "Chậm tiến độ",
    Verdict.UNKNOWN: "Chưa xác định được",
}
_TONES = {Verdict.MET: "good", Verdict.ON_THE_WAY: "", Verdict.BEHIND: "late", Verdict.UNKNOWN: "warning"}
#: The worst first: what a leader has to look at.
URGENCY = (Verdict.BEHIND, Verdict.UNKNOWN, Verdict.ON_THE_WAY, Verdict.MET)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with everything it was made of. Sentences end with a stop."""

    verdict: Verdict
    sentence: str
    #: After the deadline, with the figure of the deadline: nothing can change any more but the figure.
    is_final: bool = False
    remarks: tuple[str, ...] = ()
    #: What is missing and who has it.
    missing: tuple[str, ...] = ()
    #: The figures that were used, in the amount that the goal speaks of, oldest first.
    marks: tuple[Mark, ...] = ()
    forecasts: tuple[Mark, ...] = ()
    #: Figures of another standard or system, or incomplete ones: shown, not used.
    aside: tuple[Mark, ...] = ()
    steps: tuple[Step, ...] = ()
    line: Line | None = None
    #: What is reached and what is asked for, in one measure and in words.
    reached: Decimal | None = None
    asked: Decimal | None = None
    reached_words: str = ""
    #: What the line asks at the day of the latest figure.
    expected: Decimal | None = None
    measure: str = ""

    @property
    def label(self) -> str:
        if self.verdict is Verdict.BEHIND and self.is_final:
            return "Không đạt"
        return self.verdict.label

    @property
    def tone(self) -> str:
        return self.verdict.tone

    @property
    def lacks(self) -> str:
        """The first thing that is missing, within a sentence; empty when nothing is."""
        return _lower(self.missing[0]) if self.missing else ""

    @property
    def known(self) -> str:
        """What there is all the same when nothing can be said: "mới có 43,80 % (năm 2022)"."""
        if self.verdict is not Verdict.UNKNOWN or self.latest is None or not self.reached_words:
            return ""
        return f"mới có {self.reached_words} ({when_of(self.latest)})"

    @property
    def latest(self) -> Mark | None:
        return self.marks[-1] if self.marks else None

    @property
    def has_preliminary(self) -> bool:
        return any(mark.is_preliminary for mark in self.marks)


def weigh(goal: Goal, marks: Sequence[Mark], *, on: date) -> Judgement:
    """The judgement of a day, from the figures that were known on it."""
    sorted_out = _sort_out(goal, marks, on=on)
    found = _weigh(goal, sorted_out, on=on)
    remarks = (*found.remarks, *_about_print(goal), *sorted_out.remarks)
    return replace(
        found,
        remarks=remarks,
        forecasts=sorted_out.forecasts,
        aside=sorted_out.aside,
        measure=_measure(goal),
    )


def history(goal: Goal, marks: Sequence[Mark], *, on: date) -> list[tuple[date, Judgement]]:
    """The judgement after each figure that came in, oldest first."""
    own = [mark for mark in marks if not goal.series or mark.series == goal.series]
    days = sorted({mark.on for mark in own if mark.is_known(on=on) and not mark.is_forecast})
    found = []
    for day in days:
        upto = [replace(mark, known_on=None) for mark in marks if mark.on <= day and mark.is_known(on=on)]
        found.append((day, weigh(goal, upto, on=min(day, on))))
    return found


def behind_since(goal: Goal, marks: Sequence[Mark], *, on: date) -> date | None:
    """The day of the figure from which on the target has been behind without a break; None: it is not."""
    since: date | None = None
    for day, judgement in history(goal, marks, on=on):
        if judgement.verdict is not Verdict.BEHIND:
            since = None
        elif since is None:
            since = day
    return since


# --- which figures count --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sorted:
    usable: tuple[Mark, ...] = ()
    forecasts: tuple[Mark, ...] = ()
    incomplete: tuple[Mark, ...] = ()
    aside: tuple[Mark, ...] = ()
    remarks: tuple[str, ...] = ()


def _sort_out(goal: Goal, marks: Sequence[Mark], *, on: date) -> _Sorted:
    known = sorted((mark for mark in marks if mark.is_known(on=on)), key=lambda mark: mark.on)
    if goal.last_year:
        known = [mark for mark in known if mark.year <= goal.last_year]
    forecasts = [mark for mark in known if mark.is_forecast]
    actual = [mark for mark in known if not mark.is_forecast]
    series = goal.series or (actual[-1].series if actual else "")
    others = [mark for mark in actual if mark.series != series]
    same = [mark for mark in actual if mark.series == series]
    incomplete = [mark for mark in same if not mark.is_complete]
    usable = [mark for mark in same if mark.is_complete]
    remarks = []
    if others:
        years = _and(sorted({str(mark.year) for mark in others}))
        names = _and(sorted({f"«{mark.series}»" for mark in others if mark.series})) or "chuẩn khác"
        own = f"«{series}»" if series else "chuẩn này"
        remarks.append(f"Số liệu năm {years} đo theo {names}, không đem so với số liệu theo {own}.")
    if forecasts and (not usable or forecasts[-1].on >= usable[-1].on):
        latest = forecasts[-1]
        remarks.append(
            f"Số ước thực hiện năm {latest.year} là {_amount(goal, latest.amount)}; số ước không dùng để kết "
            "luận."
        )
    if any(mark.is_preliminary for mark in usable):
        years = _and([str(mark.year) for mark in usable if mark.is_preliminary])
        remarks.append(f"Số liệu năm {years} là sơ bộ, còn có thể thay đổi.")
    if any(mark.is_estimate for mark in usable):
        years = _and([str(mark.year) for mark in usable if mark.is_estimate])
        remarks.append(f"Số liệu năm {years} có phần ước tính do chia tách đơn vị.")
    return _Sorted(tuple(usable), tuple(forecasts), tuple(incomplete), (*others, *incomplete), tuple(remarks))


# --- the judgement --------------------------------------------------------------------------------


def _weigh(goal: Goal, found: _Sorted, *, on: date) -> Judgement:
    if not found.usable:
        return _without_figures(goal, found, on=on)
    if goal.comparator == "is":
        return _yes_or_no(goal, found)
    if goal.form is Form.FALL_PER_YEAR:
        return _yearly_fall(goal, found, on=on)
    if goal.form in (Form.FALL, Form.RATIO):
        return _against_start(goal, found, on=on)
    if goal.form is Form.SHARE:
        return _share(goal, found, on=on)
    return _towards(goal, found.usable, found, on=on, may_begin_at_zero=goal.form is Form.COUNT)


def _without_figures(goal: Goal, found: _Sorted, *, on: date) -> Judgement:
    missing = _missing(goal, found, on=on)
    why = f"chưa có số liệu về {_lower(goal.subject)}"
    if found.incomplete:
        last = found.incomplete[-1]
        why = f"số liệu năm {last.year} mới có {last.reported}/{last.expected} đơn vị báo cáo"
    return Judgement(Verdict.UNKNOWN, f"Chưa xác định được: {why}. Chỉ tiêu {goal.words}.", missing=missing)


def _yes_or_no(goal: Goal, found: _Sorted) -> Judgement:
    latest = found.usable[-1]
    met = latest.amount == goal.low
    word = "có" if latest.amount else "không"
    verdict = Verdict.MET if met else Verdict.BEHIND
    return Judgement(verdict, f"{verdict.label}: {goal.subject} {_when(latest)}: {word}.", marks=found.usable)


def _yearly_fall(goal: Goal, found: _Sorted, *, on: date) -> Judgement:
    """Points of a rate each year, or over the whole time: a line from the rate at the start downwards."""
    marks = tuple(replace(mark, amount=two_decimals(mark.amount)) for mark in found.usable)
    marks, start, remark = _from_start(goal, marks)
    last_year = goal.last_year or marks[-1].year
    if start is None or len(marks) < 2:
        return _only_start(goal, marks, found, on=on)
    years = max(last_year - start.year, 1)
    yearly = goal.low if goal.per else goal.low / years
    far = goal.high if goal.per else goal.high / years
    line = Line(
        place(start.on),
        start.amount,
        Decimal(last_year),
        start.amount - yearly * years,
        start.amount - far * years if far != yearly else None,
    )
    latest = marks[-1]
    span = place(latest.on) - place(start.on)
    average = (start.amount - latest.amount) / span
    enough = average > yearly if goal.is_strict else average >= yearly
    has_start = not remark
    fallen = start.amount - latest.amount
    is_final = goal.deadline is not None and latest.on >= goal.deadline
    all_at_once = fallen > yearly * years if goal.is_strict else fallen >= yearly * years
    if has_start and all_at_once:
        verdict = Verdict.MET
    elif is_final and has_start:
        verdict = Verdict.MET if enough else Verdict.BEHIND
    elif is_final:
        verdict = Verdict.UNKNOWN
    else:
        verdict = Verdict.ON_THE_WAY if enough else Verdict.BEHIND
    too_late = not is_final and _is_over(goal, on=on) and latest.year < last_year
    how = "giảm" if fallen >= 0 else "tăng"
    words = (
        f"{goal.subject} {how} từ {_percent(start.amount)} (năm {start.year}) "
        f"{'xuống' if fallen >= 0 else 'lên'} {_percent(latest.amount)} ({when_of(latest)})"
    )
    if span == 1:
        words += f", tức {how} {_number(abs(fallen))} điểm % trong năm {latest.year}"
    elif goal.per:
        words += f", bình quân {how} {_number(abs(average))} điểm %/năm"
    else:
        words += f", {how} {_number(abs(fallen))} điểm %"
    taken = steps(marks, goal=replace(goal, low=yearly))
    remarks = [remark] if remark else []
    bad = [step for step in taken if step.is_one_year and not step.is_enough]
    if goal.per and verdict in (Verdict.MET, Verdict.ON_THE_WAY) and bad:
        listed = _and([f"năm {step.last_year} giảm {_number(step.fall)}" for step in bad])
        remarks.append(f"Tính bình quân thì đạt; riêng từng năm có {listed} điểm %, chưa đủ mức.")
    gaps = [step for step in taken if not step.is_one_year]
    if goal.per and gaps:
        listed = _and([f"{step.first_year + 1}–{step.last_year}" for step in gaps])
        remarks.append(f"Không có số liệu từng năm của giai đoạn {listed}, chỉ tính được bình quân.")
    if goal.high > goal.low and goal.per and enough and average > goal.high:
        remarks.append("Giảm nhanh hơn cả mức cao của chỉ tiêu.")
    so_far = verdict
    if too_late and verdict is not Verdict.MET:
        verdict = Verdict.UNKNOWN
    sentence = f"{words}; chỉ tiêu {goal.words}"
    if verdict is Verdict.UNKNOWN:
        why = "chưa đủ số liệu đầu kỳ" if is_final else f"chưa có số liệu năm {last_year}"
        sentence += f"; {why}"
        if too_late:
            sentence += f", tính đến năm {latest.year} thì {_lower(so_far.label)}"
    return Judgement(
        verdict,
        f"{_label(verdict, is_final=is_final)}: {sentence}.",
        is_final=is_final and verdict is not Verdict.UNKNOWN,
        remarks=tuple(remarks),
        missing=_missing(goal, found, on=on, start=start, latest=latest),
        marks=marks,
        steps=taken,
        line=line,
        reached=average if goal.per else fallen,
        asked=goal.low,
        reached_words=(f"{_number(average)} điểm %/năm" if goal.per else f"{_number(fallen)} điểm %"),
        expected=line.at(place(latest.on)),
    )


def _from_start(goal: Goal, marks: tuple[Mark, ...]) -> tuple[tuple[Mark, ...], Mark | None, str]:
    """The figures from the start on; the start; a remark when the year of the start has no figure."""
    wanted = goal.baseline_year or ((goal.first_year - 1) if goal.first_year else None)
    if wanted is None:
        return marks, marks[0], ""
    kept = tuple(mark for mark in marks if mark.year >= wanted)
    if not kept:
        return marks[-1:], None, ""
    start = kept[0]
    allowed = {wanted} if goal.baseline_year else {wanted, wanted + 1}
    if start.year in allowed:
        return kept, start, ""
    return kept, start, f"Chưa có số liệu đầu kỳ (năm {wanted}) nên tính từ năm {start.year}."


def _only_start(goal: Goal, marks: tuple[Mark, ...], found: _Sorted, *, on: date) -> Judgement:
    latest = marks[-1] if marks else found.usable[-1]
    wanted = goal.baseline_year or goal.first_year
    kind = "đầu kỳ" if wanted and latest.year <= wanted else f"năm {latest.year}"
    told = _amount(goal, latest.amount)
    told += f", {when_of(latest)}" if kind == "đầu kỳ" else ""
    sentence = (
        f"Chưa xác định được: mới có số liệu {kind} ({told}), "
        f"chưa có số liệu khác để so; chỉ tiêu {goal.words}."
    )
    start = latest if kind == "đầu kỳ" else None
    return Judgement(
        Verdict.UNKNOWN,
        sentence,
        marks=marks or found.usable[-1:],
        missing=_missing(goal, found, on=on, start=start, latest=latest),
        reached_words=_amount(goal, latest.amount),
    )


def _against_start(goal: Goal, found: _Sorted, *, on: date) -> Judgement:
    """A fall in percent, or times as much, against the number of the start."""
    wanted = goal.baseline_year or ((goal.first_year - 1) if goal.first_year else None)
    start = next((mark for mark in found.usable if wanted is None or mark.year == wanted), None)
    if start is None or start.amount == 0:
        year = f" (năm {wanted})" if wanted else ""
        why = "số đầu kỳ bằng không" if start is not None else f"chưa có số đầu kỳ{year} cùng chuẩn để so"
        return Judgement(
            Verdict.UNKNOWN,
            f"Chưa xác định được: {why}; chỉ tiêu {goal.words}.",
            missing=_missing(goal, found, on=on, wanted_start=wanted),
            marks=(),
        )
    later = tuple(mark for mark in found.usable if mark.on > start.on)
    if not later:
        return _only_start(goal, (start,), found, on=on)
    if goal.form is Form.FALL:
        turned = tuple(
            replace(mark, amount=(start.amount - mark.amount) / start.amount * 100, part=mark.amount)
            for mark in later
        )
        first = replace(start, amount=Decimal(0), part=start.amount)
    else:
        turned = tuple(replace(mark, amount=mark.amount / start.amount, part=mark.amount) for mark in later)
        first = replace(start, amount=Decimal(1), part=start.amount)
    judged = _towards(goal, (first, *turned), found, on=on)
    latest = turned[-1]
    assert latest.part is not None
    if goal.form is Form.FALL:
        how = "giảm" if latest.amount >= 0 else "tăng"
        words = (
            f"{goal.subject} {how} từ {_number(start.amount)} (năm {start.year}) "
            f"{'xuống' if latest.amount >= 0 else 'lên'} {_number(latest.part)} ({when_of(latest)}), "
            f"{how} {format_number(abs(latest.amount), places=1)} %"
        )
        reached = f"{format_number(latest.amount, places=1)} %"
    else:
        words = (
            f"{goal.subject} {_when(latest)} là {_number(latest.part)}, bằng "
            f"{format_number(latest.amount, places=2)} lần năm {start.year} ({_number(start.amount)})"
        )
        reached = f"{format_number(latest.amount, places=2)} lần"
    return _retold(judged, words, goal, reached)


def _share(goal: Goal, found: _Sorted, *, on: date) -> Judgement:
    """So many of a total. With a printed number the number counts, and the share stands beside it."""
    latest = found.usable[-1]
    if goal.stated_count is not None and latest.part is not None:
        counted = replace(
            goal,
            form=Form.COUNT,
            low=goal.stated_count,
            high=goal.stated_count,
            words=f"{_bound(goal.comparator)}{_number(goal.stated_count)} {goal.measure} ({goal.words})",
        )
        marks = tuple(replace(mark, amount=mark.part) for mark in found.usable if mark.part is not None)
        judged = _towards(counted, marks, found, on=on, may_begin_at_zero=True)
        last = judged.latest or marks[-1]
        return _retold(judged, _of_total(counted, last), counted, _counted(last, goal))
    with_whole = tuple(mark for mark in found.usable if mark.whole)
    if latest.part is not None and not latest.whole:
        return Judgement(
            Verdict.UNKNOWN,
            f"Chưa xác định được: {_when(latest)} có {_number(latest.part)} {goal.measure}, chưa rõ tổng số "
            f"để tính tỷ lệ; chỉ tiêu {goal.words}.",
            missing=(f"Tổng số {goal.base or goal.measure} năm {latest.year}{_from(goal)}",),
            marks=(),
            reached_words=f"{_number(latest.part)} {goal.measure}",
        )
    if with_whole:
        marks = tuple(
            replace(mark, amount=mark.part / mark.whole * 100)
            for mark in with_whole
            if mark.part is not None and mark.whole
        )
        judged = _towards(goal, marks, found, on=on, may_begin_at_zero=True)
        last = judged.latest or marks[-1]
        return _retold(judged, _of_total(goal, last), goal, _counted(last, goal))
    return _towards(goal, found.usable, found, on=on, may_begin_at_zero=True)


def _of_total(goal: Goal, mark: Mark) -> str:
    when = _when(mark)
    return f"{when[0].upper()}{when[1:]} có {_counted(mark, goal)}"


def _counted(mark: Mark, goal: Goal) -> str:
    assert mark.part is not None
    if not mark.whole:
        return f"{_number(mark.part)} {goal.measure}"
    share = format_number(mark.part / mark.whole * 100, places=2)
    return f"{_number(mark.part)}/{_number(mark.whole)} {goal.measure} ({share} %)"


def _retold(judged: Judgement, words: str, goal: Goal, reached: str) -> Judgement:
    """The same judgement with the figures told in another way; what follows the first clause stays."""
    _, _, rest = judged.sentence.partition("; ")
    label = judged.label if judged.verdict is not Verdict.UNKNOWN else Verdict.UNKNOWN.label
    return replace(judged, sentence=f"{label}: {words}; {rest}", reached_words=reached)


def _towards(
    goal: Goal,
    marks: tuple[Mark, ...],
    found: _Sorted,
    *,
    on: date,
    may_begin_at_zero: bool = False,
) -> Judgement:
    """An amount on its way to another one by a day."""
    latest = marks[-1]
    deadline = goal.deadline
    met = goal.reaches(latest.amount, goal.asks)
    is_final = deadline is not None and latest.on >= deadline
    start, begun, remark = _start_of(goal, marks)
    line: Line | None = None
    if deadline is not None:
        far = goal.reach if goal.reach != goal.asks else None
        if start is not None:
            line = Line(place(start.on), start.amount, Decimal(deadline.year), goal.asks, far)
        elif may_begin_at_zero and not goal.wants_less and goal.first_year:
            # Nothing starts lower than zero: who is behind this line is behind every other.
            line = Line(Decimal(goal.first_year - 1), Decimal(0), Decimal(deadline.year), goal.asks, far)
    expected = line.at(place(latest.on)) if line is not None else None
    is_behind_line = expected is not None and _is_worse(goal, latest.amount, expected)
    over = _is_over(goal, on=on)
    why = ""
    if met:
        verdict = Verdict.MET
        if over and not is_final and deadline is not None and latest.year < deadline.year:
            verdict = Verdict.UNKNOWN
            why = f"chưa có số liệu năm {deadline.year}; năm {latest.year} đã đạt mức này"
    elif is_final:
        verdict = Verdict.BEHIND
    elif deadline is None:
        verdict, why = Verdict.UNKNOWN, "kế hoạch không ghi thời hạn nên chưa nói được nhanh hay chậm"
    elif over and latest.year < deadline.year:
        verdict, why = Verdict.UNKNOWN, f"đã hết hạn mà chưa có số liệu năm {deadline.year}"
    elif is_behind_line:
        verdict = Verdict.BEHIND
    elif begun and not over:
        verdict = Verdict.ON_THE_WAY
    elif over:
        verdict, why = Verdict.UNKNOWN, f"chưa có số liệu cuối năm {deadline.year}"
    elif start is not None:
        verdict, why = Verdict.UNKNOWN, "mới có số liệu đầu kỳ, chưa có số liệu khác để so"
    else:
        verdict, why = Verdict.UNKNOWN, "chưa có số liệu đầu kỳ để biết phải đi đến đâu"
    words = f"{goal.subject} {_when(latest)} là {_amount(goal, latest.amount)}"
    rest = f"chỉ tiêu {goal.words}"
    if deadline is not None:
        rest += f" {'vào' if goal.wants_less else 'đến'} năm {deadline.year}"
    if verdict in (Verdict.BEHIND, Verdict.ON_THE_WAY) and not is_final and expected is not None:
        origin = (
            f"từ {_amount(goal, start.amount)} năm {start.year}" if start is not None else "tính từ số không"
        )
        most = "không quá" if goal.wants_less else "ít nhất"
        rest += f"; theo đường thẳng {origin} thì lúc này phải {most} {_amount(goal, expected, places=1)}"
    if over and not is_final and verdict is Verdict.BEHIND and deadline is not None:
        rest += f"; chưa có số liệu cuối năm {deadline.year}"
    if why:
        rest += f"; {why}"
    return Judgement(
        verdict,
        f"{_label(verdict, is_final=is_final)}: {words}; {rest}.",
        is_final=is_final,
        remarks=(remark,) if remark else (),
        missing=() if verdict is Verdict.MET else _missing(goal, found, on=on, start=start, latest=latest),
        marks=marks,
        line=line,
        reached=latest.amount,
        asked=goal.asks,
        reached_words=_amount(goal, latest.amount),
        expected=expected,
    )


def _start_of(goal: Goal, marks: tuple[Mark, ...]) -> tuple[Mark | None, bool, str]:
    """The figure that the way begins with; whether anything came after it; a remark on its year."""
    wanted = goal.baseline_year or ((goal.first_year - 1) if goal.first_year else None)
    candidates = [mark for mark in marks if wanted is None or mark.year >= wanted]
    if not candidates:
        return None, False, ""
    start = candidates[0]
    if len(candidates) == 1:
        near = wanted is None or start.year <= wanted + (0 if goal.baseline_year else 1)
        return (start if near else None), False, ""
    remark = ""
    if wanted is not None and start.year > wanted + (0 if goal.baseline_year else 1):
        remark = f"Chưa có số liệu đầu kỳ (năm {wanted}) nên đường thẳng vẽ từ năm {start.year}."
    return start, True, remark


def _is_worse(goal: Goal, amount: Decimal, expected: Decimal) -> bool:
    return amount > expected if goal.wants_less else amount < expected


def _is_over(goal: Goal, *, on: date) -> bool:
    return goal.deadline is not None and on > goal.deadline


def _missing(
    goal: Goal,
    found: _Sorted,
    *,
    on: date,
    start: Mark | None = None,
    latest: Mark | None = None,
    wanted_start: int | None = None,
) -> tuple[str, ...]:
    """Years without a usable figure that the judgement would need, and who has them."""
    first = wanted_start or goal.baseline_year or ((goal.first_year - 1) if goal.first_year else None)
    ended = on.year if on >= year_end(on.year) else on.year - 1
    last = min(goal.last_year or ended, ended)
    have = {mark.year for mark in found.usable}
    if first is None:
        first = min(have, default=last)
    partial = {mark.year: mark for mark in found.incomplete}
    lacking = [year for year in range(first, last + 1) if year not in have]
    if goal.form is not Form.FALL_PER_YEAR and latest is not None:
        # Between the start and the latest figure nothing is needed.
        lacking = [year for year in lacking if year > latest.year or (year == first and start is None)]
    lines = []
    whole = [year for year in lacking if year not in partial]
    if whole:
        lines.append(f"{goal.subject} năm {_years(whole)}{_from(goal)}")
    for year in lacking:
        if year in partial:
            mark = partial[year]
            assert mark.expected is not None
            assert mark.reported is not None
            lines.append(
                f"{goal.subject} năm {year}: còn {mark.expected - mark.reported}/{mark.expected} đơn vị chưa "
                "báo cáo"
            )
    return tuple(lines)


def _from(goal: Goal) -> str:
    return f" – hỏi {goal.asked_of}" if goal.asked_of else ""


def _about_print(goal: Goal) -> list[str]:
    """What the plan prints beside what its own figures give."""
    count, total, printed = goal.stated_count, goal.stated_total, goal.stated_percent
    if goal.form is Form.COUNT and count is None:
        count = goal.asks
    if count is None or not total or printed is None:
        return []
    exponent = printed.normalize().as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    share = count / total * 100
    rounded = format_number(share, places=places)
    if rounded == format_number(printed, places=places):
        return []
    shown = format_number(share, places=max(places, 1))
    return [f"{_number(count)}/{_number(total)} là {shown} %, kế hoạch ghi {format_number(printed)} %."]


# --- words ----------------------------------------------------------------------------------------


def _label(verdict: Verdict, *, is_final: bool) -> str:
    return "Không đạt" if verdict is Verdict.BEHIND and is_final else verdict.label


def _measure(goal: Goal) -> str:
    if goal.form in (Form.FALL_PER_YEAR, Form.FALL):
        return "%"
    return "lần" if goal.form is Form.RATIO else goal.measure


def _amount(goal: Goal, amount: Decimal, *, places: int | None = None) -> str:
    if goal.form is Form.RATIO:
        return f"{format_number(amount, places=2)} lần"
    if goal.form in (Form.FALL_PER_YEAR, Form.FALL) or goal.measure == "%" or goal.form is Form.SHARE:
        return _percent(amount)
    whole = amount == amount.to_integral_value()
    number = format_number(amount, places=places if not whole else 0)
    return f"{number} {goal.measure}".strip()


def _percent(amount: Decimal) -> str:
    return f"{format_number(amount, places=2)} %"


def _number(amount: Decimal) -> str:
    whole = amount == amount.to_integral_value()
    return format_number(amount, places=0) if whole else format_number(amount, places=2)


def _bound(comparator: str) -> str:
    return {"gte": "ít nhất ", "gt": "trên ", "lte": "không quá ", "lt": "dưới ", "approx": "khoảng "}.get(
        comparator, ""
    )


def _years(years: Sequence[int]) -> str:
    """2021, 2023–2025: three and more in a row as a span."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    told = []
    for run in runs:
        told += [f"{run[0]}–{run[-1]}"] if len(run) > 2 else [str(year) for year in run]
    return _and(told)


def _when(mark: Mark) -> str:
    if mark.is_vague:
        return f"trong năm {mark.year}"
    return f"năm {mark.year}" if mark.is_year_end else f"đến ngày {format_date(mark.on)}"


def when_of(mark: Mark) -> str:
    """năm 2023, trong năm 2023, 23/06/2025: of which day a figure is."""
    if mark.is_vague:
        return f"trong năm {mark.year}"
    return f"năm {mark.year}" if mark.is_year_end else format_date(mark.on)


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _and(parts: Sequence[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} và {parts[-1]}"
