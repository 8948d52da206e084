"""The table beside the picture of a target: every figure that is known, and whether it was used."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from thidua.core.formats import format_number
from thidua.movements.progress.judging import Judged
from thidua.movements.progress.trajectory import Form, Mark, place
from thidua.movements.progress.verdicts import when_of


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the table, in words."""

    when: str
    amount: str
    stage: str
    source: str
    series: str
    #: What the straight line asks at this time; empty without a line.
    asked: str
    #: Why the figure was not used; empty when it was.
    unused: str
    address: str
    note: str = ""


def figure_rows(judged: Judged) -> list[FigureRow]:
    """Newest first."""
    known = [mark for mark in judged.marks if mark.is_known(on=judged.on)]
    return [_row(mark, judged) for mark in reversed(known)]


def _row(mark: Mark, judged: Judged) -> FigureRow:
    goal, line = judged.goal, judged.judgement.line
    used = {one.on for one in judged.judgement.marks} if goal else set()
    asked = ""
    speaks_of_figures = goal is not None and goal.form not in (Form.FALL, Form.RATIO)
    if line is not None and speaks_of_figures and place(mark.on) > line.start and mark.on in used:
        asked = format_number(line.at(place(mark.on)), places=2 if goal and goal.measure == "%" else 1)
    return FigureRow(
        when=when_of(mark),
        amount=_amount(mark, judged),
        stage=mark.stage,
        source=mark.source,
        series=mark.series,
        asked=asked,
        unused=_why_unused(mark, judged, is_used=mark.on in used),
        address=_address(mark),
        note=mark.note,
    )


def _amount(mark: Mark, judged: Judged) -> str:
    goal = judged.goal
    measure = goal.measure if goal else ""
    if mark.part is not None and mark.whole:
        share = format_number(mark.part / mark.whole * 100, places=2)
        return f"{format_number(mark.part)}/{format_number(mark.whole)} ({share} %)"
    if measure == "%":
        return f"{format_number(mark.amount, places=2)} %"
    return f"{format_number(mark.amount)} {measure}".strip()


def _why_unused(mark: Mark, judged: Judged, *, is_used: bool) -> str:
    if mark.is_forecast:
        return "số ước, không dùng để kết luận"
    if not mark.is_complete:
        return f"mới có {mark.reported}/{mark.expected} đơn vị báo cáo"
    if judged.goal is not None and mark.series != judged.goal.series:
        return "đo theo chuẩn khác"
    if judged.goal is not None and judged.goal.last_year and mark.year > judged.goal.last_year:
        return "sau thời hạn của chỉ tiêu"
    return "" if is_used or not judged.judgement.marks else "trước đầu kỳ"


def _address(mark: Mark) -> str:
    """Of the page of the value with its source and history; a sum has none."""
    return reverse("indicators:value", args=[mark.value_id]) if mark.value_id is not None else ""
