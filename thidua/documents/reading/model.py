"""The shapes that pass between the stages of the reader.

file -> `SourceText` (lines with provenance) -> paragraphs (repaired) -> `Outline` (the tree of what the
document says where) -> facts. Each later shape keeps the line numbers of the earlier one, so that every fact
can be shown beside the sentence it came from. Nothing here knows Django or files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .closing import Closing
    from .head import Head


class Origin(StrEnum):
    """Where on the page a line stood, as far as the file format can tell."""

    BODY = "body"
    TABLE = "table"
    TEXT_BOX = "text_box"
    PAGE_HEADER = "page_header"
    PAGE_FOOTER = "page_footer"
    FOOTNOTE = "footnote"


@dataclass(frozen=True, slots=True)
class Cell:
    """Place of a line in a table: 0-based table, row and column, and the table's number of columns."""

    table: int
    row: int
    column: int
    columns: int


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the source as a person would read it, in NFC.

    `number` is 1-based and counts every line, blank ones too. A format without lines of its own (DOCX, HTML)
    gives one line per paragraph; numbers that Word keeps as list formatting are already part of `text`.
    """

    number: int
    text: str
    origin: Origin = Origin.BODY
    page: int | None = None
    cell: Cell | None = None
    bold: bool = False
    centred: bool = False
    heading_level: int | None = None
    #: True when the file itself marks where a paragraph ends (DOCX, HTML): such a line is never joined to the
    #: next because of its wrapping, only because a page break cut a sentence.
    whole_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class SourceText:
    """A read file: its lines and what the reading of the file itself has to say."""

    lines: tuple[Line, ...]
    format: str  # "txt", "md", "docx", "pdf", "html"
    sha256: str
    file_name: str = ""
    unicode_form: str = "NFC"
    codepoints: int = 0
    final_newline: bool = False
    ocr: bool = False
    #: sentences for the user about what was lost or changed ("đã bỏ qua 2 hình ảnh"); never errors
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph after repair: the text of its `lines` joined by single spaces."""

    lines: tuple[int, ...]
    text: str
    page_break_split: bool = False
    origin: Origin = Origin.BODY
    cell: Cell | None = None
    bold: bool = False
    centred: bool = False
    heading_level: int | None = None


class Role(StrEnum):
    """What a part of the plan is for; decided by its headings, inherited downwards."""

    PURPOSE = "purpose"
    REQUIREMENT = "requirement"
    CONTENT = "content"
    SOLUTION = "solution"
    SUBJECTS = "subjects"  # đối tượng, tiêu chí thi đua
    AWARD_FORMS = "award_forms"
    AWARD_STANDARDS = "award_standards"
    AWARDS = "awards"  # forms and standards under one heading
    PROGRESS = "progress"  # tiến độ, thời gian thực hiện
    ORGANISATION = "organisation"  # tổ chức thực hiện, phân công
    OTHER = "other"


@dataclass(slots=True)
class InlineItem:
    """An item `(1) …; (2) …` inside one paragraph."""

    marker: str
    text: str


@dataclass(slots=True)
class Node:
    """One node of the structure: every non-empty line of the source belongs to exactly one.

    `text` is the paragraph without its leading marker, `title` only for headings, `kind` one of
    `golden/1`'s structure kinds. `children` are in reading order; `parent` is None at the top.
    """

    path: str
    kind: str
    lines: tuple[int, ...]
    text: str
    marker: str | None = None
    title: str | None = None
    page_break_split: bool = False
    inline_items: list[InlineItem] = field(default_factory=list)
    role: Role = Role.OTHER
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)
    bold: bool = False
    #: of a table row (kinds `bang`, the header row, and `hang`): its cells, and the header cells of its table
    cells: list[str] = field(default_factory=list)
    header_cells: list[str] = field(default_factory=list)

    def ancestors(self) -> Iterator[Node]:
        """The nodes above, nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    @property
    def is_heading(self) -> bool:
        return self.title is not None


#: kinds that carry the body of the document (not header, recipients or signature)
BODY_KINDS = frozenset(
    {
        "phan",
        "chuong",
        "dieu",
        "muc",
        "khoan",
        "diem",
        "gach",
        "doan",
        "ket",
        "mo_dau",
        "can_cu",
        "bang",
        "hang",
    }
)


@dataclass(slots=True)
class Outline:
    """The whole document as nodes in reading order, and the paragraphs they were made from."""

    source: SourceText
    paragraphs: list[Paragraph]
    nodes: list[Node]
    head: Head
    closing: Closing
    _texts: dict[int, str] = field(default_factory=dict, repr=False)
    _wholes: dict[tuple[int, ...], str] = field(default_factory=dict, repr=False)

    def of_kind(self, *kinds: str) -> list[Node]:
        return [node for node in self.nodes if node.kind in kinds]

    def body(self) -> Iterator[Node]:
        """Nodes that say what is planned: from the preamble to the closing sentence, appendices left out."""
        for node in self.nodes:
            if node.kind in BODY_KINDS and not node.path.startswith("pl"):
                yield node

    def lines_between(self, node: Node, start: int, end: int) -> list[int]:
        """The line numbers that hold characters `start` to `end` of `node.text`."""
        if len(node.lines) == 1:
            return list(node.lines)
        by_number = {number: self._printed(number) for number in node.lines}
        whole = "".join(by_number[number] for number in node.lines)
        # a join is one space or nothing; find where each line begins in the joined text
        joined = self._wholes.get(node.lines) or " ".join(by_number.values())
        shift = len(joined) - len(node.text)
        position = 0
        found = []
        for number in node.lines:
            begin = joined.find(by_number[number], position)
            begin = position if begin < 0 else begin
            finish = begin + len(by_number[number])
            if begin < end + shift and finish > start + shift:
                found.append(number)
            position = finish
        return found if whole and found else list(node.lines)

    def _printed(self, number: int) -> str:
        if not self._texts:
            self._texts.update((line.number, line.text.strip()) for line in self.source.lines)
            self._wholes.update((paragraph.lines, paragraph.text) for paragraph in self.paragraphs)
        return self._texts[number]

    def first(self, kind: str) -> Node | None:
        return next((node for node in self.nodes if node.kind == kind), None)
