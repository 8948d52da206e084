"""Which values a template asks for, and in which shape: for a form that asks an officer for them.

Told from the text alone: what stands in a loop is a list, what a filter makes a date is a date. Values that
the template only uses when they are there (`is defined`) are left out: they come from programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from jinja2 import meta, nodes

from thidua.core import formats
from thidua.documents.writing.filling import parsed

#: What every template has without asking.
GIVEN = frozenset({"co_quan", "ngay", "nam"})


class Shape(StrEnum):
    TEXT = "text"
    PARAGRAPHS = "paragraphs"
    NUMBER = "number"
    DATE = "date"
    LIST = "list"  # one line each
    ROWS = "rows"  # one line each, its parts parted by |


_FILTERED = {
    "doan": Shape.PARAGRAPHS,
    "ngay": Shape.DATE,
    "ngay_chu": Shape.DATE,
    "so": Shape.NUMBER,
    "phan_tram": Shape.NUMBER,
    "la_ma": Shape.NUMBER,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One value: its name in the template, and for rows the names of their parts with the shape of each."""

    name: str
    shape: Shape
    parts: tuple[tuple[str, Shape], ...] = ()


class Unfit(ValueError):
    """What was typed is not of the shape; the text says what is wanted, in Vietnamese."""


def asked_by(text: str) -> list[Asked]:
    """The values that a template cannot do without, in the order in which it names them. Raises Faulty."""
    tree = parsed(text)
    optional = {
        test.node.name
        for test in tree.find_all(nodes.Test)
        if test.name == "defined" and isinstance(test.node, nodes.Name)
    }
    loops: dict[str, nodes.For] = {}
    for loop in tree.find_all(nodes.For):
        if isinstance(loop.iter, nodes.Name):
            loops.setdefault(loop.iter.name, loop)
    wanted = meta.find_undeclared_variables(tree) - GIVEN - optional
    order = [name.name for name in tree.find_all(nodes.Name) if name.name in wanted]
    return [
        _in_loop(name, loops[name]) if name in loops else Asked(name, _shape_of(tree, name))
        for name in dict.fromkeys(order)
    ]


def _shape_of(tree: nodes.Node, name: str) -> Shape:
    for used in tree.find_all(nodes.Filter):
        if isinstance(used.node, nodes.Name) and used.node.name == name and used.name in _FILTERED:
            return _FILTERED[used.name]
    return Shape.TEXT


def _in_loop(name: str, loop: nodes.For) -> Asked:
    """A list; one of rows where the loop asks for parts of each."""
    each = loop.target.name if isinstance(loop.target, nodes.Name) else ""
    shapes: dict[str, Shape] = {}
    for part in loop.find_all(nodes.Getattr):
        if isinstance(part.node, nodes.Name) and part.node.name == each:
            shapes.setdefault(part.attr, Shape.TEXT)
    for used in loop.find_all(nodes.Filter):
        part = used.node  # type: ignore[assignment]
        if isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name) and part.node.name == each:
            shapes[part.attr] = _FILTERED.get(used.name, Shape.TEXT)
    return Asked(name, Shape.ROWS, tuple(shapes.items())) if shapes else Asked(name, Shape.LIST)


def value_of(asked: Asked, typed: str) -> Any:
    """What was typed, as the value that the template gets. Raises Unfit."""
    if asked.shape is Shape.LIST:
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if asked.shape is Shape.ROWS:
        return [
            _row(asked, line, number) for number, line in enumerate(typed.splitlines(), 1) if line.strip()
        ]
    return _single(asked.shape, typed)


def _row(asked: Asked, line: str, number: int) -> Mapping[str, Any]:
    cells = [cell.strip() for cell in line.split("|")]
    if len(cells) > len(asked.parts):
        raise Unfit(f"dòng {number} có {len(cells)} phần, chỉ cần {len(asked.parts)}")
    cells += [""] * (len(asked.parts) - len(cells))
    try:
        return {
            name: _single(shape, cell) if cell or shape is Shape.TEXT else None
            for (name, shape), cell in zip(asked.parts, cells, strict=True)
        }
    except Unfit as error:
        raise Unfit(f"dòng {number}: {error}") from error


def _single(shape: Shape, typed: str) -> Any:
    if shape is Shape.DATE:
        try:
            return formats.parse_date(typed)
        except ValueError as error:
            raise Unfit(f"«{typed.strip()}» chưa đúng cách ghi ngày, ví dụ 20/11/2026") from error
    if shape is Shape.NUMBER:
        return _number(typed)
    return typed.strip()


def _number(typed: str) -> Decimal:
    try:
        return formats.parse_number(typed)
    except ValueError as error:
        raise Unfit(f"«{typed.strip()}» chưa đúng cách ghi số, ví dụ 1.234,5") from error
