"""Reads a calendar of working days from `lawbook/public_holidays.yaml`.

A wrong file is refused with its name, its line, and what was expected there.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from thidua.core.workdays import Holiday, WorkCalendar

FILE = Path(__file__).resolve().parents[2] / "lawbook" / "public_holidays.yaml"


class BadHolidayFile(ValueError):
    """A file of holidays that says something impossible; the text names file and line."""


class _Reader:
    """Walks the nodes of one file; each node still knows its line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, node: yaml.Node, what: str) -> BadHolidayFile:
        return BadHolidayFile(f"{self.path.name}, dòng {node.start_mark.line + 1}: {what}")

    def mapping(self, node: yaml.Node, *, of: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
        """Key → (its node, the node of its value)."""
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(node, f"{of} phải là một bảng khóa: giá trị")
        found: dict[str, tuple[yaml.Node, yaml.Node]] = {}
        for key, value in node.value:
            if key.value in found:
                raise self.refuse(key, f"khóa «{key.value}» ghi hai lần")
            found[key.value] = (key, value)
        return found

    def calendar(self, root: yaml.Node) -> WorkCalendar:
        years_node = self.mapping(root, of="tệp").get("years")
        if years_node is None:
            raise self.refuse(root, "thiếu khóa «years»")
        off: dict[date, Holiday] = {}
        worked: dict[date, Holiday] = {}
        years = set()
        for text, (key, value) in self.mapping(years_node[1], of="years").items():
            if not text.isdecimal():
                raise self.refuse(key, f"«{text}» không phải là năm")
            year = int(text)
            years.add(year)
            lists = self.mapping(value, of=f"năm {year}")
            if unknown := set(lists) - {"off", "worked"}:
                raise self.refuse(value, f"không hiểu khóa «{min(unknown)}», chỉ nhận off và worked")
            for name, days in (("off", off), ("worked", worked)):
                if name in lists:
                    self.add_days(lists[name][1], year=year, days=days)
        if both := off.keys() & worked.keys():
            raise self.refuse(years_node[1], f"ngày {min(both)} vừa nghỉ vừa làm bù")
        return WorkCalendar(off, worked, frozenset(years))

    def add_days(self, node: yaml.Node, *, year: int, days: dict[date, Holiday]) -> None:
        if not isinstance(node, yaml.SequenceNode):
            raise self.refuse(node, "phải là danh sách các ngày")
        for entry in node.value:
            values: dict[str, Any] = {
                name: _scalar(value) for name, (_, value) in self.mapping(entry, of="một ngày").items()
            }
            if set(values) != {"day", "name", "confirmed"}:
                raise self.refuse(entry, "mỗi ngày cần đúng ba khóa day, name, confirmed")
            day, name, confirmed = values["day"], values["name"], values["confirmed"]
            if type(day) is not date or day.year != year:
                raise self.refuse(entry, f"«{day}» không phải là một ngày của năm {year}")
            if not isinstance(name, str) or not name.strip() or not isinstance(confirmed, bool):
                raise self.refuse(entry, "name phải là chữ, confirmed phải là true hoặc false")
            if day in days:
                raise self.refuse(entry, f"ngày {day} ghi hai lần")
            days[day] = Holiday(name, confirmed)


def _scalar(node: yaml.Node) -> Any:
    return yaml.constructor.SafeConstructor().construct_object(node, deep=True)


@lru_cache(maxsize=1)
def office_calendar() -> WorkCalendar:
    """Working days with the public holidays of this program's lawbook; read once a process."""
    return read_holidays(FILE)


def read_holidays(path: Path) -> WorkCalendar:
    """The calendar of a file. Raises BadHolidayFile."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f", dòng {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BadHolidayFile(f"{path.name}{line}: không đọc được YAML, {error.problem}") from error
    reader = _Reader(path)
    if root is None:
        raise BadHolidayFile(f"{path.name}, dòng 1: tệp trống")
    return reader.calendar(root)
