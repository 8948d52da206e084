"""The register in figures: how many awards in force by form, level, subject, sex, direct worker, year.

What is not known is counted as not known, in a row of its own. Sex and direct worker are asked of persons
only.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

from django.db.models import Count, QuerySet

from thidua.awards.models import (
    AwardLevel,
    AwardState,
    AwardSubjectType,
    PersonClass,
    RegisteredAward,
    Sex,
)
from thidua.awards.register.lists import form_choices, type_choices
from thidua.core.formats import format_number
from thidua.core.text import shortened
from thidua.tables.charts import Bar, bar_chart
from thidua.tables.workbooks import Cell, Sheet, written

UNKNOWN = "Chưa rõ"
#: Of a label beside its figure in a chart; the table below holds all of it.
MOST_LETTERS = 42


@dataclass(frozen=True, slots=True)
class Row:
    """One line: how many, and whether it counts what nobody knows."""

    label: str
    count: int
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Awards by one thing, with what they are counted over."""

    key: str
    title: str
    over: str
    rows: tuple[Row, ...]

    @property
    def total(self) -> int:
        return sum(row.count for row in self.rows)

    @property
    def chart(self) -> str:
        bars = [
            Bar(
                shortened(row.label, MOST_LETTERS),
                Decimal(row.count),
                format_number(row.count),
                tone="warning" if row.is_unknown else "",
            )
            for row in self.rows
        ]
        return bar_chart(f"tk-{self.key}", self.title, f"{self.title}: {self.over}", bars)


@dataclass(frozen=True, slots=True)
class Statistics:
    tables: tuple[Table, ...]
    total: int
    revoked: int


def of(rows: QuerySet[RegisteredAward], *, on: date) -> Statistics:
    """One query for each table."""
    in_force = rows.filter(state=AwardState.IN_FORCE)
    people = in_force.filter(subject_type=AwardSubjectType.PERSON)
    subjects = [(str(one.value), str(one.label)) for one in AwardSubjectType]
    levels = [(str(one.value), str(one.label)) for one in AwardLevel]
    classes = [(str(one.value), str(one.label)) for one in PersonClass]
    sexes = [(str(one.value), str(one.label)) for one in Sex]
    everything, persons = "mọi khoản còn hiệu lực", "các khoản của cá nhân"
    direct = [(True, "Người trực tiếp"), (False, "Không phải người trực tiếp")]
    tables = (
        Table("nam", "Theo năm quyết định", everything, _by_year(in_force)),
        Table("hinh-thuc", "Theo hình thức", everything, _by(in_force, "form", form_choices(on))),
        Table("cap", "Theo cấp", everything, _by(in_force, "level", levels)),
        Table("doi-tuong", "Theo đối tượng", everything, _by(in_force, "subject_type", subjects)),
        Table(
            "loai-hinh", "Theo loại hình", everything, _by(in_force, "commendation_type", type_choices(on))
        ),
        Table("truc-tiep", "Người trực tiếp", persons, _by(people, "is_direct_worker", direct)),
        Table("gioi", "Theo giới tính", persons, _by(people, "sex", sexes)),
        Table("nhom", "Theo nhóm thống kê", persons, _by(people, "person_class", classes)),
    )
    return Statistics(tables, tables[0].total, rows.filter(state=AwardState.REVOKED).count())


def _by(rows: QuerySet[Any], field: str, names: Sequence[tuple[Any, str]]) -> tuple[Row, ...]:
    """In the order of `names`, then what these do not know, then what nobody knows."""
    counts = dict(rows.order_by().values_list(field).annotate(Count("pk")))
    unknown = counts.pop("", 0) + counts.pop(None, 0)
    found = [Row(label, counts.pop(value)) for value, label in names if value in counts]
    found += [Row(str(value), count) for value, count in sorted(counts.items())]
    return (*found, *([Row(UNKNOWN, unknown, is_unknown=True)] if unknown else []))


def _by_year(rows: QuerySet[Any]) -> tuple[Row, ...]:
    counts = rows.order_by("decided_year").values_list("decided_year").annotate(Count("pk"))
    return tuple(Row(str(year), count) for year, count in counts)


def workbook(found: Statistics) -> bytes:
    return written(
        [
            Sheet(table.title[:31], ((table.title, 44), ("Số khoản", 14)), _cells(table))
            for table in found.tables
        ]
    )


def _cells(table: Table) -> Iterator[Sequence[Cell]]:
    for row in table.rows:
        yield (row.label, row.count)
    yield ("Tổng", table.total)


def as_csv(found: Statistics) -> str:
    """One line for each figure: what it is counted by, the value, how many, whether it is known."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("thong_ke", "gia_tri", "so_khoan", "chua_ro"))
    for table in found.tables:
        for row in table.rows:
            writer.writerow((table.key, row.label, row.count, "co" if row.is_unknown else ""))
    return out.getvalue()
