"""The numbers that Word shows before paragraphs but keeps as list formatting, counted as Word counts.

`Numbering.label(numbering_id, level)` must be asked once for each numbered paragraph, in reading order.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from . import docx_names as w
from .docx_styles import Styles

_LEVELS = 9
#: bullets that officials read as the dash of a list, whatever shape Word draws; "+" is a level of its own
_KEPT_BULLETS = frozenset("+*")
_WORDS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
#: a number beyond this is a damaged file, not a list
_LARGEST = 32_767


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    number_format: str
    text: str
    joined_by_space: bool
    restarts_after: int | None  # 1-based level, 0 = never, None = after any higher level
    legal: bool


_PLAIN_LEVEL = _Level(1, "decimal", "", True, None, False)


class Numbering:
    """The lists of one document and how far each has counted."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str, etree._Element] = {}
        self._instances: dict[str, etree._Element] = {}
        self._levels: dict[str, tuple[_Level, ...]] = {}
        self._owner: dict[str, str] = {}
        self._start_overrides: dict[str, dict[int, int]] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()
        if root is not None:
            for element in root:
                if element.tag == w.ABSTRACT_NUMBERING:
                    self._abstract[element.get(w.ABSTRACT_NUMBERING_ID) or ""] = element
                elif element.tag == w.NUMBERING:
                    self._instances[element.get(w.NUMBERING_ID) or ""] = element

    def label(self, numbering_id: str, level: int) -> str | None:
        """Counts one paragraph and gives its printed number with the space after it; None when unnumbered."""
        if not 0 <= level < _LEVELS:
            return None
        levels = self._levels_of(numbering_id)
        if levels is None:
            return None
        counters = self._count(numbering_id, level, levels)
        definition = levels[level]
        printed = _printed(definition, counters, levels)
        if not printed:
            return ""
        return printed + (" " if definition.joined_by_space else "")

    def _count(self, numbering_id: str, level: int, levels: tuple[_Level, ...]) -> list[int | None]:
        counters = self._counters.setdefault(self._owner[numbering_id], [None] * _LEVELS)
        if numbering_id not in self._begun:
            # a list restarted by the user goes on counting its abstract list from a new start, once
            self._begun.add(numbering_id)
            for restarted in self._start_overrides[numbering_id]:
                counters[restarted] = None
        current = counters[level]
        counters[level] = levels[level].start if current is None else min(current + 1, _LARGEST)
        for lower in range(level + 1, _LEVELS):
            restarts_after = levels[lower].restarts_after
            if restarts_after is None or level < restarts_after:
                counters[lower] = None
        return counters

    def _levels_of(self, numbering_id: str) -> tuple[_Level, ...] | None:
        if numbering_id in self._levels:
            return self._levels[numbering_id]
        instance = self._instances.get(numbering_id)
        if instance is None:
            return None
        abstract_id, abstract = self._abstract_of(instance)
        if abstract is None:
            return None
        levels = [_PLAIN_LEVEL] * _LEVELS
        for element in abstract.iterchildren(w.LEVEL):
            _put(levels, element)
        overrides: dict[int, int] = {}
        for override in instance.iterchildren(w.LEVEL_OVERRIDE):
            index = _integer(override.get(w.NUMBERING_LEVEL), 0)
            replaced = override.find(w.LEVEL)
            if replaced is not None:
                _put(levels, replaced)
            start = override.find(w.START_OVERRIDE)
            if start is not None and 0 <= index < _LEVELS:
                overrides[index] = _integer(start.get(w.VALUE), 1)
                old = levels[index]
                levels[index] = _Level(
                    overrides[index],
                    old.number_format,
                    old.text,
                    old.joined_by_space,
                    old.restarts_after,
                    old.legal,
                )
        self._levels[numbering_id] = tuple(levels)
        self._owner[numbering_id] = abstract_id
        self._start_overrides[numbering_id] = overrides
        return self._levels[numbering_id]

    def _abstract_of(self, instance: etree._Element) -> tuple[str, etree._Element | None]:
        """The definition behind an instance, followed through a list style when it only links to one."""
        for _ in range(5):
            reference = instance.find(w.ABSTRACT_NUMBERING_ID)
            abstract_id = "" if reference is None else reference.get(w.VALUE) or ""
            abstract = self._abstract.get(abstract_id)
            if abstract is None:
                return "", None
            link = abstract.find(w.NUMBERING_STYLE_LINK)
            if link is None:
                return abstract_id, abstract
            linked = self._instances.get(self._styles.of(link.get(w.VALUE)).numbering_id or "")
            if linked is None:
                return "", None
            instance = linked
        return "", None


def _put(levels: list[_Level], element: etree._Element) -> None:
    index = _integer(element.get(w.NUMBERING_LEVEL), -1)
    if not 0 <= index < _LEVELS:
        return
    values = {child.tag: child.get(w.VALUE) for child in element if isinstance(child.tag, str)}
    restart = values.get(w.LEVEL_RESTART)
    levels[index] = _Level(
        start=_integer(values.get(w.START), 1 if w.START not in values else 0),
        number_format=values.get(w.NUMBER_FORMAT) or "decimal",
        text=values.get(w.LEVEL_TEXT) or "",
        joined_by_space=values.get(w.LEVEL_SUFFIX) != "nothing",
        restarts_after=None if restart is None else _integer(restart, 0),
        legal=w.LEGAL_NUMBERING in values and is_legal(values[w.LEGAL_NUMBERING]),
    )


def is_legal(value: str | None) -> bool:
    return w.is_on(value)


def _printed(definition: _Level, counters: list[int | None], levels: tuple[_Level, ...]) -> str:
    if definition.number_format == "bullet":
        return _bullet(definition.text)
    if definition.number_format == "none":
        return definition.text.partition("%")[0].strip()
    printed = definition.text
    for index in range(_LEVELS):
        place = f"%{index + 1}"
        if place in printed:
            value = counters[index]
            number_format = "decimal" if definition.legal else levels[index].number_format
            printed = printed.replace(
                place, formatted_number(levels[index].start if value is None else value, number_format)
            )
    return printed.strip()


def _bullet(text: str) -> str:
    shape = text.strip()
    if not shape:
        return ""
    return shape[0] if shape[0] in _KEPT_BULLETS else "-"


def formatted_number(value: int, number_format: str) -> str:
    """A counter as Word prints it: "IV", "d", "04" …; an unknown format gives plain figures."""
    if number_format == "none":
        return ""
    if number_format in ("upperRoman", "lowerRoman"):
        roman = _roman(value)
        return roman if number_format == "upperRoman" else roman.lower()
    if number_format in ("upperLetter", "lowerLetter") and value > 0:
        # Word doubles the letter after z: aa, bb, cc; its alphabet is Latin and lacks đ
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 30)
        return letter.upper() if number_format == "upperLetter" else letter
    if number_format == "decimalZero":
        return f"{value:02d}"
    if number_format == "numberInDash":
        return f"- {value} -"
    if number_format == "decimalEnclosedParen":
        return f"({value})"
    if number_format == "vietnameseCounting" and 0 <= value < len(_WORDS):
        return _WORDS[value]
    return str(value)


def _roman(value: int) -> str:
    if not 0 < value < 4000:
        return str(value)
    printed = ""
    for step, letters in _ROMAN:
        while value >= step:
            printed += letters
            value -= step
    return printed


def _integer(text: str | None, otherwise: int) -> int:
    try:
        return max(min(int(text or ""), _LARGEST), -1)
    except ValueError:
        return otherwise
