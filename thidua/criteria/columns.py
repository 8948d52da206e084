"""Facts of many subjects as columns of whole numbers, and each subject's facts as a short line of text.

One column holds one figure of one period for all subjects, with the same meaning as `facts.Figure`. What is
no number or yes and no (dated facts, links, judgements) stays in `rest`. A line of evidence and the head that
all lines share give the facts of a subject back exactly.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from thidua.criteria.facts import (
    FORECAST,
    NOTHING,
    Facts,
    Figure,
    Share,
    SubjectFacts,
    read_subject,
    subject_json,
)

Ints = npt.NDArray[Any]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One figure of all subjects: `values` / `scale` where `known`. What varies has codes into a list.

    `is_flag`: the values are 0 and 1 and mean no and yes.
    """

    values: Ints
    known: Bools
    scale: int = 1
    is_flag: bool = False
    sources: tuple[str, ...] = ("",)
    source_codes: Ints | None = None
    stages: tuple[str, ...] = ("",)
    stage_codes: Ints | None = None
    standards: tuple[str, ...] = ("",)
    standard_codes: Ints | None = None
    #: Units that reported and that must; None = complete.
    reported: Ints | None = None
    expected: Ints | None = None

    @property
    def is_usable(self) -> Bools:
        """Known, no forecast, complete."""
        usable = self.known
        if FORECAST in self.stages:
            bad = self.stages.index(FORECAST)
            usable = usable & (self.codes("stage") != bad)
        if self.reported is not None and self.expected is not None:
            usable = usable & (self.reported >= self.expected)
        return usable

    def codes(self, name: str) -> Ints:
        found: Ints | None = getattr(self, f"{name}_codes")
        return found if found is not None else np.zeros(len(self.values), dtype=np.int16)

    def figure(self, row: int) -> Figure | None:
        """What `facts` would say of one subject."""
        if not self.known[row]:
            return None
        value = int(self.values[row])
        coverage = None
        if self.reported is not None and self.expected is not None and self.expected[row] >= 0:
            coverage = (int(self.reported[row]), int(self.expected[row]))
        return Figure(
            bool(value) if self.is_flag else _number(value, self.scale),
            self.sources[int(self.codes("source")[row])],
            self.stages[int(self.codes("stage")[row])],
            coverage,
            self.standards[int(self.codes("standard")[row])],
        )


def _number(value: int, scale: int) -> int | Decimal:
    if scale == 1:
        return value
    places = len(str(scale)) - 1  # a power of ten
    return Decimal(value).scaleb(-places)


@dataclass(frozen=True)
class Table:
    """The facts of many subjects. `rest`: what no column holds, and whom subjects are linked to."""

    subjects: tuple[str, ...]
    figures: Mapping[tuple[str, str], Column]
    classes: Mapping[str, Column]
    rest: Facts | None = None

    def __len__(self) -> int:
        return len(self.subjects)

    def facts_of(self, row: int) -> SubjectFacts:
        """Everything known about one subject, as `evaluate` takes it."""
        rest = self.rest.of(self.subjects[row]) if self.rest is not None else NOTHING
        figures = {key: figure for key, column in self.figures.items() if (figure := column.figure(row))}
        classes = {words: figure for words, one in self.classes.items() if (figure := one.figure(row))}
        return replace(rest, figures={**rest.figures, **figures}, classes={**rest.classes, **classes})

    def facts(self, row: int) -> Facts:
        """The facts of one subject and of those it is linked to."""
        key = self.subjects[row]
        rest = self.rest or Facts({})
        others = {
            other: rest.of(other) for link in rest.of(key).links.values() for other in link.to if other != key
        }
        return Facts({**others, key: self.facts_of(row)}, rest.sources)


# --- from facts -----------------------------------------------------------------------------------


def table_of(facts: Facts, subjects: Sequence[str]) -> Table:
    """Columns of the facts of these subjects. For figures that come from a database, make columns at once."""
    rows = [facts.of(subject) for subject in subjects]
    kept: dict[str, SubjectFacts] = {}
    columns: dict[tuple[str, str], dict[int, Figure]] = {}
    classes: dict[str, dict[int, Figure]] = {}
    for number, (subject, row) in enumerate(zip(subjects, rows, strict=True)):
        odd: dict[tuple[str, str], Figure] = {}
        for key, figure in row.figures.items():
            if isinstance(figure.value, date):
                odd[key] = figure
            else:
                columns.setdefault(key, {})[number] = figure
        odd_classes = {}
        for words, figure in row.classes.items():
            if isinstance(figure.value, bool):
                classes.setdefault(words, {})[number] = figure
            else:
                odd_classes[words] = figure
        rest = replace(row, figures=odd, classes=odd_classes)
        if rest != NOTHING:
            kept[subject] = rest
    figures: dict[tuple[str, str], Column] = {}
    for key, found in columns.items():
        if len({isinstance(figure.value, bool) for figure in found.values()}) > 1:
            # numbers and answers under one code: a mistake in the facts that only single rows can hold
            for number, figure in found.items():
                rest = kept.get(subjects[number], NOTHING)
                kept[subjects[number]] = replace(rest, figures={**rest.figures, key: figure})
        else:
            figures[key] = column_of(found, len(subjects))
    linked = {other for subject in kept.values() for link in subject.links.values() for other in link.to}
    kept |= {other: facts.of(other) for other in linked if other in facts.subjects}
    return Table(
        tuple(subjects),
        figures,
        {words: column_of(found, len(subjects)) for words, found in classes.items()},
        Facts(kept, facts.sources),
    )


def column_of(found: Mapping[int, Figure], length: int) -> Column:
    """A column from the figures of some rows, all numbers or all yes and no."""
    known = np.zeros(length, dtype=bool)
    numbers: dict[int, Fraction] = {}
    for row, figure in found.items():
        value = figure.value
        if isinstance(value, Share):
            if value.whole <= 0:
                continue
            value = value.percent
        assert not isinstance(value, date)
        numbers[row] = Fraction(value)
        known[row] = True
    places = max((_places(number) for number in numbers.values()), default=0)
    scale = 10**places
    whole = {row: int(number * scale) for row, number in numbers.items()}
    is_small = all(abs(value) < 2**62 for value in whole.values())
    values = np.zeros(length, dtype=np.int64 if is_small else object)
    for row, number in whole.items():
        values[row] = number
    is_flag = any(isinstance(figure.value, bool) for figure in found.values())
    coverages = {row: figure.coverage for row, figure in found.items() if figure.coverage}
    reported = expected = None
    if coverages:
        reported, expected = (np.full(length, -1, dtype=np.int64) for _ in range(2))
        for row, (have, must) in coverages.items():
            reported[row], expected[row] = have, must
    sources, source_codes = _coded(found, "source", length)
    stages, stage_codes = _coded(found, "stage", length)
    standards, standard_codes = _coded(found, "standard", length)
    return Column(
        values, known, scale, is_flag, sources, source_codes, stages, stage_codes, standards,
        standard_codes, reported, expected,
    )  # fmt: skip


def _places(number: Fraction) -> int:
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    return places


def _coded(found: Mapping[int, Figure], name: str, length: int) -> tuple[tuple[str, ...], Ints | None]:
    words = sorted({getattr(figure, name) for figure in found.values()}) or [""]
    if len(words) == 1:
        return (words[0],), None
    codes = np.zeros(length, dtype=np.int16)
    for row, figure in found.items():
        codes[row] = words.index(getattr(figure, name))
    return tuple(words), codes


# --- evidence -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Evidence:
    """A head that tells what stands where, and one line of JSON for each subject."""

    head: dict[str, Any]
    lines: list[str]


def evidence(table: Table) -> Evidence:
    """The facts of every subject, short: whole numbers by position, and what no column holds behind them."""
    named = [("figures", key, column) for key, column in table.figures.items()]
    named += [("classes", (words, ""), column) for words, column in table.classes.items()]
    head: list[dict[str, Any]] = []
    columns: list[list[Any]] = []
    for part, (code, period), column in named:
        varying = [name for name in _VARYING if getattr(column, f"{name}_codes") is not None]
        head.append(
            {
                "part": part,
                "code": code,
                "period": period,
                "scale": column.scale,
                "flag": column.is_flag,
                "sources": list(column.sources),
                "stages": list(column.stages),
                "standards": list(column.standards),
                "varying": varying,
                "coverage": column.reported is not None,
            }
        )
        columns += _lists(column, varying)
    lines = _joined(columns, len(table))
    rest = table.rest
    if rest is not None and rest.subjects:
        for row, subject in enumerate(table.subjects):
            if subject in rest.subjects:
                lines[row] = f"{lines[row][:-1]}{',' if columns else ''}{_rest(rest, subject)}]"
    return Evidence({"columns": head}, lines)


_VARYING = ("source", "stage", "standard")


def _lists(column: Column, varying: Iterable[str]) -> Iterator[list[Any]]:
    values = column.values.tolist()
    if not column.known.all():
        values = [
            value if known else None for value, known in zip(values, column.known.tolist(), strict=True)
        ]
    yield values
    for name in varying:
        yield column.codes(name).tolist()
    if column.reported is not None and column.expected is not None:
        yield column.reported.tolist()
        yield column.expected.tolist()


def _joined(columns: list[list[Any]], length: int) -> list[str]:
    """Each row as a JSON list. Written in one go and cut: the rows hold whole numbers and nulls only."""
    if not columns or not length:
        return ["[]"] * length
    text = json.dumps(list(zip(*columns, strict=True)), separators=(",", ":"))
    return [f"[{row}]" for row in text[2:-2].split("],[")]


def _rest(rest: Facts, subject: str) -> str:
    own = rest.of(subject)
    others = {other for link in own.links.values() for other in link.to if other != subject}
    found: dict[str, Any] = {"rest": subject_json(own)}
    if others:
        found["others"] = {other: subject_json(rest.of(other)) for other in sorted(others)}
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def facts_of_line(head: Mapping[str, Any], line: str, subject: str) -> Facts:
    """The facts of a subject, and of those it is linked to, from its line of evidence."""
    found = json.loads(line)
    extra: Mapping[str, Any] = found.pop() if found and isinstance(found[-1], dict) else {}
    at = iter(found)
    figures: dict[tuple[str, str], Figure] = {}
    classes: dict[str, Figure] = {}
    for column in head["columns"]:
        value = next(at)
        codes = {name: next(at) for name in column["varying"]}
        coverage = (next(at), next(at)) if column["coverage"] else None
        if value is None:
            continue
        figure = Figure(
            bool(value) if column["flag"] else _number(value, column["scale"]),
            column["sources"][codes.get("source", 0)],
            column["stages"][codes.get("stage", 0)],
            coverage if coverage and coverage[1] >= 0 else None,
            column["standards"][codes.get("standard", 0)],
        )
        if column["part"] == "figures":
            figures[column["code"], column["period"]] = figure
        else:
            classes[column["code"]] = figure
    own = read_subject(extra.get("rest", {}), place=subject)
    own = replace(own, figures={**own.figures, **figures}, classes={**own.classes, **classes})
    others = {key: read_subject(row, place=key) for key, row in extra.get("others", {}).items()}
    return Facts({**others, subject: own})
