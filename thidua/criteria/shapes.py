"""What a value of the lawbook may look like: texts, numbers, lists, tables, and codes of other entries.

A shape checks a node of YAML and so can name the line that is wrong; the same shape tells a page how to print
the value. Knows neither the law nor Django.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import yaml

Refuse: TypeAlias = Callable[[yaml.Node, str], Exception]

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FRACTION = re.compile(r"([1-9][0-9]*)/([1-9][0-9]*)")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class Text:
    """Words, not empty."""


@dataclass(frozen=True, slots=True)
class YesNo:
    pass


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of every year: "03-31"."""


@dataclass(frozen=True, slots=True)
class Whole:
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Number:
    """A number above zero, written exactly."""


@dataclass(frozen=True, slots=True)
class Share:
    """Above 0 and up to 1: 0.9, or "2/3" where no decimal is exact."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few words of the code; the Vietnamese beside each is what people read."""

    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Code:
    """The code of another entry: one of the keys `prefix + code` must exist, on whatever days."""

    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Only null: the law says that there is none."""


@dataclass(frozen=True, slots=True)
class Either:
    """The shape, or null: the law fixes none."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """A table of named fields; each field has its Vietnamese label and its shape."""

    required: Mapping[str, tuple[str, Shape]]
    optional: Mapping[str, tuple[str, Shape]] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, tuple[str, Shape]]:
        return {**self.required, **self.optional}


Shape: TypeAlias = (
    Text | YesNo | MonthDay | Whole | Number | Share | OneOf | Code | Nothing | Either | ListOf | Record
)


def check(shape: Shape, node: yaml.Node, *, what: str, refuse: Refuse) -> None:
    """Raises what `refuse` makes when the node does not have the shape; `what` names it in the message."""
    match shape:
        case Either():
            if not node.tag.endswith(":null"):
                check(shape.shape, node, what=what, refuse=refuse)
        case ListOf():
            _check_list(shape, node, what=what, refuse=refuse)
        case Record():
            _check_record(shape, node, what=what, refuse=refuse)
        case _:
            wanted = _wanted(shape, node)
            if wanted:
                raise refuse(node, f"{what} phải là {wanted}")


def _check_list(shape: ListOf, node: yaml.Node, *, what: str, refuse: Refuse) -> None:
    if not isinstance(node, yaml.SequenceNode):
        raise refuse(node, f"{what} phải là một danh sách")
    if len(node.value) < shape.at_least:
        raise refuse(node, f"{what} cần ít nhất {shape.at_least} mục")
    seen = set()
    for number, entry in enumerate(node.value, start=1):
        if isinstance(entry, yaml.ScalarNode):
            if entry.value in seen:
                raise refuse(entry, f"{what} ghi «{entry.value}» hai lần")
            seen.add(entry.value)
        check(shape.item, entry, what=f"{what}, mục {number}", refuse=refuse)


def _check_record(shape: Record, node: yaml.Node, *, what: str, refuse: Refuse) -> None:
    if not isinstance(node, yaml.MappingNode):
        raise refuse(node, f"{what} phải là một bảng khóa: giá trị")
    fields = shape.fields
    seen = set()
    for key, below in node.value:
        if key.value not in fields:
            raise refuse(key, f"{what}: không hiểu «{key.value}», chỉ nhận {', '.join(fields)}")
        if key.value in seen:
            raise refuse(key, f"{what}: «{key.value}» ghi hai lần")
        seen.add(key.value)
        check(fields[key.value][1], below, what=f"{what}, {key.value}", refuse=refuse)
    missing = [name for name in shape.required if name not in seen]
    if missing:
        raise refuse(node, f"{what} thiếu {', '.join(missing)}")


def _wanted(shape: Shape, node: yaml.Node) -> str:
    """What a plain value should have been; empty when it is that."""
    if not isinstance(node, yaml.ScalarNode):
        return "một giá trị đơn"
    kind, written = node.tag.rsplit(":", 1)[-1], str(node.value)
    match shape:
        case Text():
            return "" if kind == "str" and written.strip() else "chữ và không để trống"
        case YesNo():
            return "" if kind == "bool" else "true hoặc false"
        case MonthDay():
            return "" if kind == "str" and _MONTH_DAY.fullmatch(written) else 'tháng-ngày, dạng "03-31"'
        case Whole(at_least):
            is_whole = kind == "int" and int(written) >= at_least
            return "" if is_whole else f"số nguyên từ {at_least} trở lên"
        case Number():
            is_number = kind in ("int", "float") and Decimal(written) > 0
            return "" if is_number else "số lớn hơn 0"
        case Share():
            return "" if _is_share(kind, written) else 'phần lớn hơn 0, không quá 1, dạng 0.9 hoặc "2/3"'
        case OneOf(words):
            return "" if written in words else f"một trong {', '.join(words)}"
        case Code():
            return "" if kind == "str" and SLUG.fullmatch(written) else "mã chữ thường không dấu"
        case _:
            return "" if kind == "null" else "null"


def _is_share(kind: str, written: str) -> bool:
    if kind == "str":
        return _FRACTION.fullmatch(written) is not None and Fraction(written) <= 1
    return kind in ("int", "float") and 0 < Decimal(written) <= 1


def as_fraction(value: Any) -> Fraction:
    """A share or number of the lawbook, exactly."""
    return Fraction(value)


def codes(shape: Shape, value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every code in a value, with the prefixes under which it must be a key."""
    match shape:
        case Code(prefixes):
            yield prefixes, str(value)
        case Either(inner) if value is not None:
            yield from codes(inner, value)
        case ListOf(item):
            for entry in value:
                yield from codes(item, entry)
        case Record():
            for name, (_, inner) in shape.fields.items():
                if name in value:
                    yield from codes(inner, value[name])
        case _:
            return
