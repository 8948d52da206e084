"""The law as data: which figure holds on which day, by which article, and whether somebody has checked it.

Reads the files of parameters under `lawbook/` once a process; hides how they are written and extended. A
wrong file is refused with its name, its line and what was expected there; values that `law_shapes` knows are
checked down to their cells. Knows no Django.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from thidua.criteria import shapes
from thidua.criteria.law_shapes import CHECKED, shape_of

#: The same in C where the package was built with it: ten times as fast.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).resolve().parents[2] / "lawbook"
FOREVER = date.max


class BadLawbook(ValueError):
    """A file of the lawbook says something impossible; the text names file and line."""


class NotInLawbook(LookupError):
    """No such key, or no figure known for the day; the text says which keys or which days there are."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure with its days. `value` is None where the law fixes none (any more): known, not missing."""

    key: str
    name: str
    value: Any
    unit: str
    since: date
    until: date
    citation: str
    confirmed: bool
    #: Unit key of the province that set it; empty for the whole country.
    place: str = ""
    #: Why nothing is known between the figure before and this one.
    gap_before: str = ""
    #: What a reader should know besides, above all why it is not confirmed.
    note: str = ""
    file: str = ""
    line: int = 0

    def holds_on(self, on: date) -> bool:
        return self.since <= on < self.until


@dataclass(frozen=True, slots=True)
class Lawbook:
    """All parameters, by key and place, each history in the order of its days."""

    histories: Mapping[tuple[str, str], tuple[Parameter, ...]]

    def keys(self) -> list[str]:
        return sorted({key for key, _ in self.histories})

    def places(self) -> list[str]:
        """Provinces with figures of their own."""
        return sorted({place for _, place in self.histories if place})

    def history(self, key: str, *, place: str = "") -> tuple[Parameter, ...]:
        return self.histories.get((key, place), ())

    def value(self, key: str, *, on: date, place: str = "") -> Parameter:
        """What holds on a day; of a `place` its own figure where it has one, else that of the country.

        Raises NotInLawbook for an unknown key, and for a day on which nothing is known.
        """
        found = self.find(key, on=on, place=place)
        if found is not None:
            return found
        known = self.history(key) or self.history(key, place=place)
        if not known:
            raise NotInLawbook(f"Sổ luật không có khóa «{key}»{_nearest(key, self.keys())}")
        days = "; ".join(_days(parameter) for parameter in known)
        raise NotInLawbook(f"Sổ luật chưa có «{key}» cho ngày {on:%d/%m/%Y}, chỉ có: {days}")

    def below(self, prefix: str, *, on: date, place: str = "") -> tuple[Parameter, ...]:
        """What holds on a day of all keys `prefix.x` with one more part, a `place` before the country.

        In the order of files and lines. Raises NotInLawbook when nothing of the kind is known for the day.
        """
        start, parts = f"{prefix}.", prefix.count(".") + 1
        found: dict[str, Parameter] = {}
        for where in dict.fromkeys(("", place)):
            for (key, of_place), history in self.histories.items():
                if of_place != where or not key.startswith(start) or key.count(".") != parts:
                    continue
                holding = next((one for one in history if one.holds_on(on)), None)
                if holding is not None:
                    found[key] = holding
        if not found:
            raise NotInLawbook(f"Sổ luật chưa có «{prefix}» nào cho ngày {on:%d/%m/%Y}")
        return tuple(sorted(found.values(), key=lambda parameter: (parameter.file, parameter.line)))

    def find(self, key: str, *, on: date, place: str = "") -> Parameter | None:
        """As `value`, but None when nothing is known for the day."""
        for where in dict.fromkeys((place, "")):
            for parameter in self.histories.get((key, where), ()):
                if parameter.holds_on(on):
                    return parameter
        return None


def value(key: str, *, on: date, place: str = "") -> Parameter:
    """What the lawbook of this program says; see `Lawbook.value`."""
    return book().value(key, on=on, place=place)


@lru_cache(maxsize=1)
def book() -> Lawbook:
    """The lawbook of this program. Raises BadLawbook."""
    return read(FOLDER)


def read(folder: Path) -> Lawbook:
    """The parameters of every YAML file below `folder` that has the key `parameters`. Raises BadLawbook."""
    found: list[Parameter] = []
    for path in sorted(folder.rglob("*.yaml")):
        root = _composed(path)
        if isinstance(root, yaml.MappingNode) and any(key.value == "parameters" for key, _ in root.value):
            found += _Reader(path).parameters(root)
    _check_codes(found)
    return Lawbook(_histories(found))


# --- one file -------------------------------------------------------------------------------------

FILE_KEYS = {"instrument", "citation", "since", "until", "place", "extended", "parameters", "note"}
PARAMETER_KEYS = {
    "value",
    "unit",
    "name",
    "citation",
    "confirmed",
    "since",
    "until",
    "gap_before",
    "note",
}


def _composed(path: Path) -> yaml.Node | None:
    try:
        text = path.read_text(encoding="utf-8")
        try:
            root: yaml.Node | None = yaml.compose(text, Loader=LOADER)
        except yaml.MarkedYAMLError:
            # Once more in Python, which names the line more exactly.
            root = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise BadLawbook(f"{path.name}, dòng 1: tệp không phải UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadLawbook(f"{path.name}, dòng {line}: không đọc được YAML, {error.problem}") from error
    return root


class _Reader:
    """Walks the nodes of one file; each node still knows its line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, node: yaml.Node, what: str) -> BadLawbook:
        return BadLawbook(f"{self.path.name}, dòng {node.start_mark.line + 1}: {what}")

    def mapping(self, node: yaml.Node, *, of: str, known: set[str] | None = None) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            raise self.refuse(node, f"{of} phải là một bảng khóa: giá trị")
        found: dict[str, yaml.Node] = {}
        for key, below in node.value:
            if key.value in found:
                raise self.refuse(key, f"khóa «{key.value}» ghi hai lần")
            if known is not None and key.value not in known:
                raise self.refuse(key, f"không hiểu khóa «{key.value}», chỉ nhận {', '.join(sorted(known))}")
            found[key.value] = below
        return found

    def plain(self, node: yaml.Node) -> Any:
        """The value of a node; decimals as Decimal, written exactly."""
        if isinstance(node, yaml.MappingNode):
            return {key: self.plain(below) for key, below in self.mapping(node, of="giá trị").items()}
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.plain(below) for below in node.value)
        if node.tag.endswith(":float"):
            return Decimal(node.value)
        return yaml.constructor.SafeConstructor().construct_object(node)

    def of_kind(self, node: yaml.Node, kind: type[Any], what: str) -> Any:
        found = self.plain(node)
        if type(found) is not kind or found == "":
            raise self.refuse(node, what)
        return found

    def day(self, node: yaml.Node, name: str) -> date:
        found: date = self.of_kind(node, date, f"{name} phải là một ngày dạng 2022-01-31")
        return found

    def until(self, node: yaml.Node) -> date:
        return FOREVER if node.tag.endswith(":null") else self.day(node, "until")

    def text(self, nodes: Mapping[str, yaml.Node], name: str, *, default: str = "") -> str:
        if name not in nodes:
            return default
        found: str = self.of_kind(nodes[name], str, f"{name} phải là chữ và không để trống")
        return " ".join(found.split())

    def parameters(self, root: yaml.Node) -> list[Parameter]:
        head = self.mapping(root, of="tệp", known=FILE_KEYS)
        extensions = self.extensions(head)
        place = self.text(head, "place")
        found = []
        for key, node in self.mapping(head["parameters"], of="parameters").items():
            nodes = self.mapping(node, of=f"«{key}»", known=PARAMETER_KEYS)
            found += self.extended(self.parameter(key, node, nodes, head, place), extensions, node)
        return found

    def parameter(
        self,
        key: str,
        node: yaml.Node,
        nodes: Mapping[str, yaml.Node],
        head: Mapping[str, yaml.Node],
        place: str,
    ) -> Parameter:
        for name in ("value", "unit", "name", "confirmed"):
            if name not in nodes:
                raise self.refuse(node, f"«{key}» thiếu {name}")
        self.check_shape(key, nodes["value"])
        confirmed = self.of_kind(nodes["confirmed"], bool, "confirmed phải là true hoặc false")
        days = {name: nodes.get(name, head.get(name)) for name in ("since", "until")}
        for name, day in days.items():
            if day is None:
                raise self.refuse(node, f"«{key}» thiếu {name}, ở đây hoặc ở đầu tệp")
        assert days["since"] is not None
        assert days["until"] is not None
        since, until = self.day(days["since"], "since"), self.until(days["until"])
        if since >= until:
            raise self.refuse(days["until"], f"until {until} không sau since {since}")
        citation = self.text(nodes, "citation", default=self.text(head, "citation"))
        if not citation:
            raise self.refuse(node, f"«{key}» thiếu citation, ở đây hoặc ở đầu tệp")
        return Parameter(
            key=key,
            name=self.text(nodes, "name"),
            value=self.plain(nodes["value"]),
            unit=self.text(nodes, "unit"),
            since=since,
            until=until,
            citation=citation,
            confirmed=confirmed,
            place=place,
            gap_before=self.text(nodes, "gap_before"),
            note=self.text(nodes, "note"),
            file=self.path.name,
            line=node.start_mark.line + 1,
        )

    def check_shape(self, key: str, node: yaml.Node) -> None:
        if not key.startswith(CHECKED):
            return
        shape = shape_of(key)
        if shape is None:
            raise self.refuse(node, f"không hiểu khóa «{key}»: `law_shapes` chưa có mẫu cho khóa này")
        shapes.check(shape, node, what=f"«{key}»", refuse=self.refuse)

    def extensions(self, head: Mapping[str, yaml.Node]) -> list[tuple[date, date, str, bool]]:
        """Later instruments that kept the whole file in force: from day, to day, citation, confirmed."""
        node = head.get("extended")
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            raise self.refuse(node, "extended phải là một danh sách")
        found = []
        for entry in node.value:
            nodes = self.mapping(
                entry, of="một lần kéo dài", known={"since", "until", "citation", "confirmed"}
            )
            if set(nodes) != {"since", "until", "citation", "confirmed"}:
                raise self.refuse(entry, "mỗi lần kéo dài cần đủ since, until, citation, confirmed")
            since, until = self.day(nodes["since"], "since"), self.until(nodes["until"])
            if since >= until:
                raise self.refuse(entry, f"until {until} không sau since {since}")
            confirmed = self.of_kind(nodes["confirmed"], bool, "confirmed phải là true hoặc false")
            found.append((since, until, self.text(nodes, "citation"), confirmed))
        return found

    def extended(
        self, parameter: Parameter, extensions: Iterable[tuple[date, date, str, bool]], node: yaml.Node
    ) -> list[Parameter]:
        """The parameter, and once more for each time it was kept in force."""
        found = [parameter]
        for since, until, citation, confirmed in extensions:
            if found[-1].until != since:
                if found[-1].until < parameter.until or parameter.until < since:
                    raise self.refuse(node, f"kéo dài từ {since} không nối tiếp {found[-1].until}")
                continue  # this one ended by itself, or holds without being kept in force
            found.append(
                replace(
                    parameter,
                    since=since,
                    until=until,
                    citation=f"{parameter.citation}; {citation}",
                    confirmed=parameter.confirmed and confirmed,
                    gap_before="",
                )
            )
        return found


# --- all files together ---------------------------------------------------------------------------


def _histories(parameters: Iterable[Parameter]) -> dict[tuple[str, str], tuple[Parameter, ...]]:
    grouped: dict[tuple[str, str], list[Parameter]] = {}
    for parameter in parameters:
        grouped.setdefault((parameter.key, parameter.place), []).append(parameter)
    national = {key for key, place in grouped if not place}
    for (key, place), history in grouped.items():
        # Of commendation the law leaves much to the provinces: those keys need no figure of the country.
        if place and key not in national and not key.startswith(CHECKED):
            raise _refuse(history[0], f"«{key}» của {place} không có khóa chung của cả nước")
        history.sort(key=lambda parameter: parameter.since)
        for before, after in itertools.pairwise(history):
            _check_neighbours(before, after)
    return {group: tuple(history) for group, history in grouped.items()}


def _check_codes(parameters: Iterable[Parameter]) -> None:
    """Every code that a value names is the key of some entry."""
    found = list(parameters)
    keys = {parameter.key for parameter in found}
    for parameter in found:
        shape = shape_of(parameter.key) if parameter.key.startswith(CHECKED) else None
        if shape is None:
            continue
        for prefixes, code in shapes.codes(shape, parameter.value):
            if not any(prefix + code in keys for prefix in prefixes):
                wanted = " hoặc ".join(f"«{prefix}{code}»" for prefix in prefixes)
                raise _refuse(parameter, f"«{parameter.key}» nêu «{code}» nhưng sổ luật không có {wanted}")


def _check_neighbours(before: Parameter, after: Parameter) -> None:
    other = f"{before.file}, dòng {before.line}"
    if after.since < before.until:
        raise _refuse(after, f"«{after.key}» từ {after.since} chồng lên {other} (đến {before.until})")
    if after.since > before.until and not after.gap_before:
        raise _refuse(
            after,
            f"«{after.key}» bỏ trống từ {before.until} đến {after.since} ({other}); "
            "nếu đúng như vậy, ghi lý do vào gap_before",
        )
    if after.unit != before.unit:
        raise _refuse(after, f"«{after.key}» tính bằng {after.unit}, nhưng {other} tính bằng {before.unit}")


def _refuse(parameter: Parameter, what: str) -> BadLawbook:
    return BadLawbook(f"{parameter.file}, dòng {parameter.line}: {what}")


def _days(parameter: Parameter) -> str:
    end = "" if parameter.until == FOREVER else f" đến trước {parameter.until:%d/%m/%Y}"
    return f"từ {parameter.since:%d/%m/%Y}{end}"


def _nearest(key: str, keys: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, keys, n=1)
    return f"; có phải «{close[0]}» không?" if close else ""
