"""What is measured, as `data/indicators/definitions.yaml` says it: read with line numbers, loaded repeatedly.

The reader refuses a wrong line with its number and what to write instead; nothing is loaded then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from django.db import models, transaction

from thidua.core.periods import Kind
from thidua.core.text import fold, nfc, sort_key
from thidua.indicators.models import Aggregation, Direction, Indicator, IndicatorKind, Standard, System
from thidua.organisations.models import BEGINNING, FOREVER, LegalAct, UnitKind


class BadDefinitions(ValueError):
    """The file says something impossible; the text names the file, the line and the cure."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose figures of a place and year count where published sources disagree."""

    place: str
    year: int
    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """That a source prints one series under the name of another."""

    source: str
    printed: str
    indicator: str
    note: str


@dataclass(frozen=True)
class Definitions:
    """The file, checked. Rows are plain values by the names of the file; `line` tells where each stands."""

    standards: tuple[Mapping[str, Any], ...]
    segments: Mapping[str, str]
    indicators: tuple[Mapping[str, Any], ...]
    sources: Mapping[str, str]
    choices: tuple[Choice, ...]
    readings: tuple[Reading, ...] = ()

    @cached_property
    def codes(self) -> frozenset[str]:
        return frozenset(row["code"] for row in self.indicators)


# ---- reading

_TEXT, _DATE, _YEAR, _WHOLE, _NUMBER, _YES, _LIST = (
    "chữ",
    "ngày",
    "năm",
    "số nguyên",
    "số",
    "true/false",
    "[…]",
)
_STANDARD = {
    "code": _TEXT,
    "name": _TEXT,
    "since": _DATE,
    "until": _DATE,
    "baseline_year": _YEAR,
    "act": _TEXT,
    "issuer": _TEXT,
    "dated": _DATE,
    "title": _TEXT,
    "confirmed": _YES,
}
_INDICATOR = {
    "code": _TEXT,
    "name": _TEXT,
    "kind": _TEXT,
    "system": _TEXT,
    "measure": _TEXT,
    "decimals": _WHOLE,
    "direction": _TEXT,
    "aggregation": _TEXT,
    "numerator": _TEXT,
    "denominator": _TEXT,
    "base": _TEXT,
    "frequency": _TEXT,
    "reported_by": _TEXT,
    "segments": _LIST,
    "lowest": _NUMBER,
    "highest": _NUMBER,
    "jump_percent": _WHOLE,
    "part_of": _TEXT,
    "sum_of_parts": _YES,
    "owner": _TEXT,
    "legal_source": _TEXT,
    "confirmed": _YES,
    "since": _DATE,
    "until": _DATE,
}
_CHOICE = {"place": _TEXT, "year": _YEAR, "source": _TEXT, "reason": _TEXT}
_READING = {"source": _TEXT, "printed": _TEXT, "indicator": _TEXT, "note": _TEXT}
_WORDS: dict[str, type[models.TextChoices]] = {
    "kind": IndicatorKind,
    "system": System,
    "direction": Direction,
    "aggregation": Aggregation,
    "reported_by": UnitKind,
}
_FREQUENCIES = frozenset(kind.value for kind in Kind) - {Kind.OTHER.value, Kind.YEARS.value}
_CODE = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")


@dataclass
class _Reader:
    path: Path
    lines: dict[str, yaml.Node] = field(default_factory=dict)

    def refuse(self, node: yaml.Node, what: str) -> BadDefinitions:
        return BadDefinitions(f"{self.path.name}, dòng {node.start_mark.line + 1}: {what}")

    def mapping(self, node: yaml.Node, *, of: str) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(node, f"{of} phải là một bảng khóa: giá trị")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found:
                raise self.refuse(key, f"khóa «{key.value}» ghi hai lần, hãy bỏ một dòng")
            found[key.value] = value
        return found

    def items(self, node: yaml.Node | None, *, of: str) -> Iterator[yaml.Node]:
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            raise self.refuse(node, f"{of} phải là danh sách, mỗi mục bắt đầu bằng dấu -")
        yield from node.value

    def row(
        self, node: yaml.Node, known: Mapping[str, str], *, of: str, needs: tuple[str, ...]
    ) -> dict[str, Any]:
        found = self.mapping(node, of=of)
        for name, value in found.items():
            if name not in known:
                raise self.refuse(value, f"không hiểu khóa «{name}», chỉ nhận {', '.join(known)}")
        for name in needs:
            if name not in found:
                raise self.refuse(node, f"{of} thiếu khóa «{name}», hãy ghi thêm")
        return {name: self.plain(value, name, known[name]) for name, value in found.items()}

    def plain(self, node: yaml.Node, name: str, wanted: str) -> Any:
        value = yaml.constructor.SafeConstructor().construct_object(node, deep=True)
        if wanted is _TEXT and isinstance(value, str) and value.strip():
            return nfc(" ".join(value.split()))
        if wanted is _DATE and type(value) is date:
            return value
        if wanted is _YEAR and type(value) is int and 1900 <= value <= 2100:
            return value
        if wanted is _WHOLE and type(value) is int and 0 <= value <= 32_767:
            return value
        if wanted is _NUMBER and type(value) in (int, float):
            return Decimal(str(value))
        if wanted is _YES and type(value) is bool:
            return value
        if wanted is _LIST and isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
        raise self.refuse(node, f"«{name}: {value}» chưa đúng, ở đây cần {wanted}")

    def read(self, root: yaml.Node) -> Definitions:
        parts = self.mapping(root, of="tệp")
        known = ("standards", "segments", "indicators", "sources", "choices", "readings")
        for name, node in parts.items():
            if name not in known:
                raise self.refuse(node, f"không hiểu phần «{name}», chỉ nhận {', '.join(known)}")
        segments = self.texts(parts.get("segments"), of="segments")
        return Definitions(
            standards=tuple(self.standards(parts.get("standards"))),
            segments=segments,
            indicators=tuple(self.indicators(parts.get("indicators"), segments)),
            sources=self.texts(parts.get("sources"), of="sources"),
            readings=tuple(
                Reading(**self.row(node, _READING, of="một cách đọc", needs=tuple(_READING)))
                for node in self.items(parts.get("readings"), of="readings")
            ),
            choices=tuple(
                Choice(**self.row(node, _CHOICE, of="một lựa chọn", needs=tuple(_CHOICE)))
                for node in self.items(parts.get("choices"), of="choices")
            ),
        )

    def texts(self, node: yaml.Node | None, *, of: str) -> dict[str, str]:
        if node is None:
            return {}
        return {key: self.plain(value, key, _TEXT) for key, value in self.mapping(node, of=of).items()}

    def code(self, node: yaml.Node, code: str, seen: dict[str, int]) -> None:
        if not _CODE.fullmatch(code):
            raise self.refuse(node, f"mã «{code}» chỉ được có chữ thường không dấu, số, gạch nối")
        if code in seen:
            raise self.refuse(node, f"mã «{code}» đã có ở dòng {seen[code]}, hãy đặt mã khác")
        seen[code] = node.start_mark.line + 1

    def ranged(self, node: yaml.Node, row: Mapping[str, Any]) -> None:
        if row.get("since", BEGINNING) >= row.get("until", FOREVER):
            raise self.refuse(node, "ngày until phải sau ngày since")

    def standards(self, node: yaml.Node | None) -> Iterator[dict[str, Any]]:
        seen: dict[str, int] = {}
        for one in self.items(node, of="standards"):
            row = self.row(one, _STANDARD, of="một chuẩn", needs=("code", "name", "act", "confirmed"))
            self.code(one, row["code"], seen)
            self.ranged(one, row)
            yield row

    def indicators(self, node: yaml.Node | None, segments: Mapping[str, str]) -> list[dict[str, Any]]:
        seen: dict[str, int] = {}
        rows: list[tuple[yaml.Node, dict[str, Any]]] = []
        needs = ("code", "name", "kind", "system", "measure", "aggregation", "confirmed")
        for one in self.items(node, of="indicators"):
            row = self.row(one, _INDICATOR, of="một chỉ tiêu", needs=needs)
            self.code(one, row["code"], seen)
            self.ranged(one, row)
            for name, choices in _WORDS.items():
                if name in row and row[name] not in choices.values:
                    raise self.refuse(
                        one, f"«{name}: {row[name]}» chưa đúng, chọn {', '.join(choices.values)}"
                    )
            if row.get("frequency", "year") not in _FREQUENCIES:
                raise self.refuse(
                    one, f"kỳ «{row['frequency']}» chưa đúng, chọn {', '.join(sorted(_FREQUENCIES))}"
                )
            for segment in row.get("segments", ()):
                if segment not in segments:
                    raise self.refuse(
                        one, f"phân tổ «{segment}» chưa có trong phần segments, hãy thêm tên của nó"
                    )
            rows.append((one, row))
        by_code = {row["code"]: row for _, row in rows}
        for one, row in rows:
            self.related(one, row, by_code)
        return [row for _, row in rows]

    def related(
        self, node: yaml.Node, row: Mapping[str, Any], by_code: Mapping[str, Mapping[str, Any]]
    ) -> None:
        for name in ("numerator", "denominator", "part_of"):
            other = by_code.get(row[name]) if name in row else None
            if name in row and other is None:
                raise self.refuse(
                    node, f"{name} «{row[name]}» chưa có trong phần indicators, hãy thêm chỉ tiêu đó"
                )
            if other is not None and other["system"] != row["system"]:
                raise self.refuse(
                    node,
                    f"{name} «{row[name]}» thuộc hệ thống số liệu khác ({other['system']}), không được trộn",
                )
        if row["aggregation"] == Aggregation.RATIO:
            for name in ("numerator", "denominator", "base"):
                if name not in row:
                    raise self.refuse(node, f"tỷ số cần «{name}»: ghi rõ chia cái gì cho cái gì")
        above, path = row, [row["code"]]
        while "part_of" in above:
            above = by_code[above["part_of"]]
            if above["code"] in path:
                raise self.refuse(node, f"part_of đi vòng: {' → '.join([*path, above['code']])}")
            path.append(above["code"])


def read(path: Path) -> Definitions:
    """The file, checked whole. Raises BadDefinitions with the line."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f", dòng {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BadDefinitions(f"{path.name}{line}: không đọc được YAML, {error.problem}") from error
    if root is None:
        raise BadDefinitions(f"{path.name}, dòng 1: tệp trống")
    return _Reader(path).read(root)


# ---- loading


@dataclass
class Loaded:
    standards: int = 0
    indicators: int = 0
    changed: int = 0

    @property
    def is_changed(self) -> bool:
        return self.changed > 0


def load(definitions: Definitions) -> Loaded:
    """Make the database say what the file says; what others have defined stays. Changes nothing twice."""
    loaded = Loaded(standards=len(definitions.standards), indicators=len(definitions.indicators))
    with transaction.atomic():
        standards = {row.code: row for row in Standard.objects.all()}
        for row in definitions.standards:
            loaded.changed += _save(Standard, standards.get(row["code"]), _standard_fields(row))
        known = {row.code: row for row in Indicator.objects.all()}
        # First without relations, which may point forward in the file.
        for row in definitions.indicators:
            loaded.changed += _save(
                Indicator, known.get(row["code"]), _own_fields(row, definitions), ties=row
            )
        known = {row.code: row for row in Indicator.objects.all()}
        for row in definitions.indicators:
            ties = {
                f"{name}_id": known[row[name]].pk if name in row else None
                for name in ("numerator", "denominator", "part_of")
            }
            ties["aggregation"] = row["aggregation"]
            loaded.changed += _save(Indicator, known[row["code"]], ties)
    return loaded


def _standard_fields(row: Mapping[str, Any]) -> dict[str, Any]:
    act, _ = LegalAct.objects.get_or_create(
        number=row["act"],
        issuer=row.get("issuer", ""),
        defaults={
            "dated": row.get("dated"),
            "title": row.get("title", "")[:500],
            "confirmed": row["confirmed"],
            "source": "data/indicators/definitions.yaml",
        },
    )
    return {
        "code": row["code"],
        "name": row["name"],
        "since": row.get("since", BEGINNING),
        "until": row.get("until", FOREVER),
        "baseline_year": row.get("baseline_year"),
        "act_id": act.pk,
        "confirmed": row["confirmed"],
    }


def _own_fields(row: Mapping[str, Any], definitions: Definitions) -> dict[str, Any]:
    return {
        "code": row["code"],
        "name": row["name"],
        "name_order": sort_key(row["name"]),
        "kind": row["kind"],
        "system": row["system"],
        "measure": row["measure"],
        "decimals": row.get("decimals", 0),
        "direction": row.get("direction", Direction.NONE.value),
        "base": row.get("base", ""),
        "frequency": row.get("frequency", "year"),
        "reported_by": row.get("reported_by", UnitKind.COMMUNE.value),
        "segments": {code: definitions.segments[code] for code in row.get("segments", ())},
        "lowest": row.get("lowest"),
        "highest": row.get("highest"),
        "jump_percent": row.get("jump_percent"),
        "is_sum_of_parts": row.get("sum_of_parts", False),
        "owner": row.get("owner", ""),
        "legal_source": row.get("legal_source", ""),
        "confirmed": row["confirmed"],
        "since": row.get("since", BEGINNING),
        "until": row.get("until", FOREVER),
        "search_text": fold(f"{row['name']} {row['code'].replace('_', ' ')} {row['code']}"),
    }


def _save(
    model: type[models.Model],
    known: Any,
    fields: Mapping[str, Any],
    *,
    ties: Mapping[str, Any] | None = None,
) -> int:
    """Insert or update by what differs: how many rows changed. A new ratio is LAST until it is tied."""
    if known is None:
        first = {"aggregation": Aggregation.LAST.value} if ties is not None else {}
        model._default_manager.create(**fields, **first)
        return 1
    different = {name: value for name, value in fields.items() if getattr(known, name) != value}
    if different:
        model._default_manager.filter(pk=known.pk).update(**different)
    return 1 if different else 0
