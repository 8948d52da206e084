"""The values of a template, by Jinja in a sandbox; each line of the outcome knows its line in the template.

Hides how a line is followed through loops, and how a value is kept from being read as a sign of the
template's language ("# 1" in a name is no heading). Allows values, conditions, loops and the filters below;
no calls.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import (
    ChainableUndefined,
    StrictUndefined,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    meta,
    nodes,
)
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from thidua.core import formats
from thidua.core.text import nfc
from thidua.documents.writing.paper import Article, Block, Figure, Heading, Item, Paragraph, Table

#: Letters for our own use, which no text of a paper holds: they mark lines and values on the way.
LINE, VALUE, LINE_END, BLOCK = "\ue000", "\ue001", "\ue002", "\ue003"
_ESCAPED = "*^|[]#"
_ESCAPES = {ord(sign): 0xE100 + ord(sign) for sign in _ESCAPED}
_UNESCAPES = {0xE100 + ord(sign): sign for sign in _ESCAPED} | {ord(VALUE): None}
_OURS = re.compile("[\ue000-\ue1ff]")
_CLOSED_BY = {"{{": "}}", "{%": "%}", "{#": "#}"}
_TAGS = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
#: More than any paper holds, in letters.
MOST = 1_000_000
#: What a template may consist of.
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.NSRef, nodes.Const, nodes.Getattr),
    *(nodes.Getitem, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.CondExpr, nodes.For, nodes.If, nodes.Assign, nodes.Add, nodes.Sub, nodes.Div, nodes.Concat),
    *(nodes.Tuple, nodes.List, nodes.Keyword),
)
_BLOCKS = (Heading, Paragraph, Item, Table, Figure, Article)


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a template, with its line from 1; 0 when it has none."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"Dòng {self.line}: {self.what}" if self.line else self.what


class Faulty(Exception):
    """A template cannot be filled in; `faults` say why."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("; ".join(map(str, faults)))


@dataclass(frozen=True, slots=True)
class FilledLine:
    """A line of the outcome with its line in the template, and a ready block where it is one."""

    number: int
    text: str
    block: Block | None = None


class Paragraphs(str):
    """A text whose lines are paragraphs of their own; what the filter `doan` makes."""

    __slots__ = ()


def unescaped(text: str) -> str:
    """The text as it will be printed: our own marks gone, signs of values back in their place."""
    return text.translate(_UNESCAPES)


def is_value(text: str) -> bool:
    """Whether a line begins with a value, so that its first letters are no signs of the language."""
    return text.startswith(VALUE)


def filled(text: str, values: Mapping[str, Any], *, is_preview: bool = False) -> list[FilledLine]:
    """The lines of a template with the values in their places. Raises Faulty.

    A preview shows a missing value as its name in brackets; otherwise it is a fault.
    """
    source = _OURS.sub("", nfc(text)).replace("\r\n", "\n")
    ready: list[Block] = []
    environment = _environment(ready, is_preview=is_preview)
    _check(environment, source)
    try:
        template = environment.from_string(_numbered(source))
        said = _limited(template.generate(dict(values)))
    except UndefinedError as error:
        name = re.search(r"'([^']+)' is undefined|attribute '([^']+)'", str(error))
        missing = next(filter(None, name.groups()), "") if name else ""
        raise Faulty(Fault(_line_of(error), f"chưa có giá trị «{missing or error}»")) from error
    except _Unknown as error:
        what = "giá trị ở dòng này chưa có số liệu; ghi |default('…', true) để in chữ thay thế"
        raise Faulty(Fault(_line_of(error), what)) from error
    except (SecurityError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise Faulty(Fault(_line_of(error), f"không tính được giá trị ở dòng này ({error})")) from error
    return list(_lines(said, ready))


def wanted(text: str) -> list[str]:
    """Names of the values that a template asks for. Raises Faulty."""
    return sorted(meta.find_undeclared_variables(parsed(text)))


def parsed(text: str) -> nodes.Template:
    """The tree of a template, for those who look what it asks for. Raises Faulty."""
    return _check(_environment([], is_preview=True), _OURS.sub("", nfc(text)))


# --- the sandbox ----------------------------------------------------------------------------------


class _Unknown(Exception):
    """A value is None: known to be unknown."""


class _Shown(ChainableUndefined):
    """In a preview, a missing value is its name in brackets; a missing list has one such row."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"[{self._undefined_name}]"

    def __iter__(self) -> Iterator[Any]:
        yield self

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Shown(name=f"{self._undefined_name}.{name}")

    __getitem__ = __getattr__


class _Sandbox(ImmutableSandboxedEnvironment):
    """No method of text, numbers or lists is reachable, and nothing can be called."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(value, Undefined):  # it can be called, and refuses
            return True
        return not callable(value) and super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        return False


def _environment(ready: list[Block], *, is_preview: bool) -> _Sandbox:
    environment = _Sandbox(
        undefined=_Shown if is_preview else StrictUndefined,
        autoescape=False,  # the outcome is no HTML
        lstrip_blocks=True,
        finalize=lambda value: _said(value, ready),
    )
    environment.globals.clear()
    kept = ("default", "join", "length", "lower", "upper", "first", "last", "sort", "unique")
    environment.filters = {name: environment.filters[name] for name in kept} | FILTERS
    return environment


def _said(value: Any, ready: list[Block]) -> str:
    """A value as it is printed in a paper."""
    if isinstance(value, _BLOCKS):
        ready.append(value)
        return f"{BLOCK}{len(ready) - 1}{LINE_END}"
    if value is None:
        raise _Unknown
    if isinstance(value, Undefined):
        return _kept(str(value))  # raises in earnest
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, int | Decimal):
        return _kept(formats.format_number(value))
    if isinstance(value, float):
        return _kept(formats.format_number(Decimal(str(value))))
    if isinstance(value, datetime | date):
        return _kept(formats.format_date(value.date() if isinstance(value, datetime) else value))
    if isinstance(value, Paragraphs):
        return "\n".join(filter(None, map(_kept, value.splitlines())))
    if not isinstance(value, str):
        raise TypeError("không phải chữ, số hay ngày; danh sách thì ghi |join('; ') hoặc for")
    return _kept(value)


def _kept(text: str) -> str:
    """One line whose signs mean nothing to the language of templates."""
    plain = " ".join(_OURS.sub("", nfc(text)).split())
    return f"{VALUE}{plain.translate(_ESCAPES)}" if plain else ""


def _or_shown(make: Any) -> Any:
    """A filter that leaves a missing value as it is."""

    def filter_(value: Any, *arguments: Any) -> Any:
        return value if value is None or isinstance(value, Undefined) else make(value, *arguments)

    return filter_


FILTERS = {
    "so": _or_shown(lambda value, places=None: formats.format_number(_number(value), places=places)),
    "phan_tram": _or_shown(lambda value, places=None: formats.format_percent(_number(value), places=places)),
    "ngay": _or_shown(lambda value: formats.format_date(value)),
    "ngay_chu": _or_shown(lambda value: formats.format_date_nd30(value)),
    "la_ma": _or_shown(lambda value: formats.format_roman(int(value))),
    "hai_chu_so": _or_shown(lambda value: f"{int(value):02}"),
    "nam": _or_shown(lambda value: str(getattr(value, "year", value))),
    "doan": _or_shown(lambda value: Paragraphs(value)),
}
#: What each filter does, for the page that teaches.
FILTER_WORDS = {
    "so": "số theo kiểu Việt Nam: 1.234,5",
    "phan_tram": "41,6 %",
    "ngay": "20/11/2026",
    "ngay_chu": "ngày 20 tháng 11 năm 2026",
    "nam": "năm của một ngày; số năm không có dấu chấm: 2026",
    "la_ma": "4 thành IV",
    "hai_chu_so": "5 thành 05",
    "doan": "mỗi dòng của giá trị thành một đoạn",
    "default('…')": "chữ thay thế khi chưa có giá trị",
    "join('; ')": "nối các phần của một danh sách",
}


def _number(value: Any) -> Decimal | int:
    return value if isinstance(value, int | Decimal) else Decimal(str(value))


def _check(environment: _Sandbox, source: str) -> nodes.Template:
    """Raises Faulty for what Jinja cannot read, and for what templates may not do."""
    if faults := list(_left_open(source)):
        raise Faulty(*faults)
    try:
        tree = environment.parse(source)
        environment.compile(source)
    except TemplateSyntaxError as error:
        raise Faulty(Fault(error.lineno, _in_vietnamese(error))) from error
    faults = [
        Fault(node.lineno, _refused(node))
        for node in tree.find_all(nodes.Node)
        if not isinstance(node, _ALLOWED) or (isinstance(node, nodes.Name) and node.name == "self")
    ]
    if faults:
        raise Faulty(*dict.fromkeys(faults))
    return tree


def _left_open(source: str) -> Iterator[Fault]:
    """Tags that do not close on their own line: Jinja would name the line where it gave up."""
    in_comment = False
    for number, line in enumerate(source.split("\n"), start=1):
        open_tag = "{#" if in_comment else ""
        for tag in _TAGS.findall(line):
            if not open_tag and tag in _CLOSED_BY:
                open_tag = tag
            elif open_tag and tag == _CLOSED_BY[open_tag]:
                open_tag = ""
        in_comment = open_tag == "{#"
        if open_tag and not in_comment:
            yield Fault(number, f"thiếu {_CLOSED_BY[open_tag]} để đóng {open_tag} trên cùng dòng")


def _refused(node: nodes.Node) -> str:
    if isinstance(node, nodes.Call):
        return "mẫu không gọi được hàm; chỉ ghi tên giá trị và bộ lọc, như {{ tong|so }}"
    return "lệnh hoặc phép tính này không dùng được trong mẫu; chỉ có if, for, set và các bộ lọc"


def _in_vietnamese(error: TemplateSyntaxError) -> str:
    said = error.message or ""
    for pattern, words in (
        (r"No filter named '(.+?)'", "không có bộ lọc «{0}»; có: " + ", ".join(sorted(FILTERS))),
        (r"Encountered unknown tag '(.+?)'", "không có lệnh «{0}», hoặc nó đứng sai chỗ"),
        (r"Unexpected end of template", "thiếu {{% endif %}} hoặc {{% endfor %}} cho một lệnh đã mở"),
        (r"unexpected '(.+?)'", "thừa dấu «{0}» trong {{{{ }}}} hoặc {{% %}}"),
        (r"[Mm]issing end of comment", "thiếu #}} để đóng ghi chú"),
        (r"expected token '(.+?)', got '(.+?)'", "chờ «{0}» mà gặp «{1}» trong {{{{ }}}} hoặc {{% %}}"),
    ):
        found = re.search(pattern, said)
        if found:
            return words.format(*found.groups())
    return f"không đọc được phần trong {{{{ }}}} hoặc {{% %}} ({said})"


# --- lines ----------------------------------------------------------------------------------------


def _numbered(source: str) -> str:
    """The source with the number of each line at its beginning, or behind the tag that it begins with.

    A line of nothing but tags gets none: it says nothing, and `_lines` leaves it out.
    """
    marked = []
    in_comment = False
    for number, line in enumerate(source.split("\n"), start=1):
        mark = f"{LINE}{number}{LINE_END}"
        if in_comment:
            in_comment = "#}" not in line
            marked.append(line)
            continue
        in_comment = line.rfind("{#") > line.rfind("#}")
        first_tags = re.match(r"\s*(?:(?:\{%.*?%\}|\{#.*?#\})\s*)*", line)
        rest = line[first_tags.end() :] if first_tags else line
        if line.strip() and (not rest.strip() or rest.startswith("{#")):
            marked.append(line)
        else:
            marked.append(f"{line[: len(line) - len(rest)]}{mark}{rest}")
    return "\n".join(marked)


def _limited(pieces: Iterator[str]) -> str:
    said, length = [], 0
    for piece in pieces:
        said.append(piece)
        length += len(piece)
        if length > MOST:
            raise Faulty(Fault(0, "văn bản dài quá một triệu chữ; xem lại các vòng lặp for"))
    return "".join(said)


def _lines(said: str, ready: list[Block]) -> Iterator[FilledLine]:
    number = 0
    for line in said.split("\n"):
        found = re.search(f"{LINE}(\\d+){LINE_END}", line)
        text = re.sub(f"{LINE}\\d+{LINE_END}", "", line)
        if found:
            number = int(found[1])
        elif not text.strip():
            continue
        block = re.fullmatch(f"\\s*{BLOCK}(\\d+){LINE_END}\\s*", text)
        if block:
            yield FilledLine(number, "", ready[int(block[1])])
        elif BLOCK in text:
            raise Faulty(Fault(number, "bảng hoặc hình phải đứng một mình trên dòng"))
        else:
            yield FilledLine(number, text.strip())


def _line_of(error: BaseException) -> int:
    """The line of the template in which an error arose; Jinja puts it into the traceback."""
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<template>"
    ]
    return lines[-1] or 0 if lines else 0
