"""How a paper looks and which types there are, from `lawbook/papers/`; read once a process.

Hides how the files are written. A measure outside what the instrument allows is refused with file and line,
so nobody narrows a margin by mistake. Knows no Django; nothing of the measures stands in code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from thidua.core.errors import RuleNotMet

FOLDER = Path(__file__).resolve().parents[3] / "lawbook" / "papers"

HEADINGS = ("named", "decision", "letter", "minutes")


class BadForm(ValueError):
    """A file of forms says something impossible; the text names file and line."""


class UnknownKind(RuleNotMet):
    """No such type of paper."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of paper: "Kế hoạch", KH; `enacting` is the word before the articles ("QUYẾT ĐỊNH:")."""

    code: str
    name: str
    abbreviation: str
    heading: str
    enacting: str = ""
    #: One of the 29 types of the decree.
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure as printed, and what the instrument allows."""

    key: str
    use: float
    unit: str
    article: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A framed mark of urgency with its size in mm."""

    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Form:
    """Everything about the looks of a paper."""

    font: str
    texts: Mapping[str, str]
    measures: Mapping[str, Measure]
    stamps: Mapping[str, Stamp]

    def __getitem__(self, key: str) -> float:
        """A measure in its own unit: `form["margin_left"]` is 30, in mm."""
        return self.measures[key].use


@lru_cache(maxsize=1)
def form() -> Form:
    """The form of this program. Raises BadForm."""
    return read_form(FOLDER / "form.yaml")


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Kind]:
    """Types by their code, in the order of the decree. Raises BadForm."""
    return read_kinds(FOLDER / "kinds.yaml")


def kind(code: str) -> Kind:
    """One type. Raises UnknownKind."""
    found = kinds().get(code)
    if found is None:
        raise UnknownKind(
            f"Không có loại văn bản «{code}»", next_step=f"Chọn một trong: {', '.join(sorted(kinds()))}"
        )
    return found


def read_form(path: Path) -> Form:
    """Raises BadForm when a measure is missing its unit or lies outside what is allowed."""
    root = _loaded(path)
    measures = {}
    for key, row in _mapping(root, "measures", path).items():
        lines = _lines(path)
        where = f"{path.name}, dòng {lines.get(key, 0)}"
        if not isinstance(row, dict) or not {"use", "unit", "article"} <= set(row):
            raise BadForm(f"{where}: «{key}» cần có use, unit và article")
        use = row["use"]
        if not isinstance(use, int | float) or isinstance(use, bool):
            raise BadForm(f"{where}: «{key}» phải là số")
        if not row.get("from", use) <= use <= row.get("to", use):
            raise BadForm(
                f"{where}: «{key}» là {use} {row['unit']}, {row['article']} chỉ cho phép"
                f" từ {row.get('from')} đến {row.get('to')}"
            )
        measures[key] = Measure(key, float(use), row["unit"], row["article"])
    return Form(
        font=_mapping(root, "font", path)["name"],
        texts={key: row["use"] for key, row in _mapping(root, "texts", path).items()},
        measures=measures,
        stamps={
            key: Stamp(row["name"], row["width"], row["height"])
            for key, row in _mapping(root, "urgencies", path).items()
        },
    )


def read_kinds(path: Path) -> Mapping[str, Kind]:
    """Raises BadForm for an unknown heading, and when two types share an abbreviation."""
    root = _loaded(path)
    found: dict[str, Kind] = {}
    abbreviations: dict[str, str] = {}
    for code, row in _mapping(root, "kinds", path).items():
        where = f"{path.name}, dòng {_lines(path).get(code, 0)}"
        if row.get("heading") not in HEADINGS:
            raise BadForm(f"{where}: «{code}» cần heading là một trong {', '.join(HEADINGS)}")
        abbreviation = row.get("abbreviation", "")
        if abbreviation and abbreviation in abbreviations:
            raise BadForm(
                f"{where}: «{code}» và «{abbreviations[abbreviation]}» cùng viết tắt {abbreviation}"
            )
        abbreviations[abbreviation] = code
        found[code] = Kind(
            code=code,
            name=row["name"],
            abbreviation=abbreviation,
            heading=row["heading"],
            enacting=row.get("enacting", ""),
            is_listed=row.get("listed", True),
        )
    return found


def _loaded(path: Path) -> dict[str, Any]:
    try:
        root = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise BadForm(f"{path.name}, dòng {mark.line + 1 if mark else 0}: không đọc được YAML") from error
    if not isinstance(root, dict):
        raise BadForm(f"{path.name}, dòng 1: tệp phải là một bảng khóa: giá trị")
    return root


def _mapping(root: dict[str, Any], key: str, path: Path) -> dict[str, Any]:
    found = root.get(key)
    if not isinstance(found, dict):
        raise BadForm(f"{path.name}, dòng 1: thiếu bảng «{key}»")
    return found


def _lines(path: Path) -> dict[str, int]:
    """First line on which each key stands, for messages."""
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        lines.setdefault(line.strip().partition(":")[0], number)
    return lines
