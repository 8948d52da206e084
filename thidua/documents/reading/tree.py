"""The tree of a document, grown paragraph by paragraph: which part each belongs to and under what path.

Numbering is read by its style (I. – 1. – a) – -) and not by fixed levels: a style seen above is a sibling, a new
one goes a level down, so Arabic or capital top levels, `5.1` and repeated numbers find their place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from .closing import Closing, opens_appendix, opens_attachment
from .head import Head, agency_names
from .headings import heading_role
from .markers import Marker, marker_of
from .matching import flat, pattern
from .model import Node, Origin, Paragraph, Role
from .segments import without_markup

#: how deep a numbering style may stand at most: a style never goes below one that is finer
_RANK = {
    "phan": 0, "chuong": 1, "tieu_muc": 2, "dieu": 3, "capital": 4, "roman": 5, "caps": 5, "arabic": 6, "dotted": 7,
    "letter": 8, "letter_dotted": 9, "paren": 10, "dash": 11, "dot": 11, "star": 11, "plus": 12,
}  # fmt: skip
_KIND = {
    "phan": "phan", "chuong": "chuong", "tieu_muc": "muc", "dieu": "dieu", "capital": "muc", "roman": "muc",
    "caps": "muc", "arabic": "khoan", "dotted": "khoan", "letter": "diem", "letter_dotted": "diem", "paren": "diem",
    "dash": "gach", "dot": "gach", "star": "gach", "plus": "gach",
}  # fmt: skip
_BULLETS = frozenset({"dash", "plus", "dot", "star"})
_HEAD_PATHS = {
    "so_ky_hieu": "hdr.so", "dia_danh_ngay": "hdr.ngay", "ten_loai": "hdr.loai", "trich_yeu": "hdr.trichyeu",
    "quoc_hieu": "hdr.quochieu", "tieu_ngu": "hdr.tieungu", "ten_co_quan": "hdr.coquan", "kinh_gui": "hdr.kinhgui",
    "du_thao": "hdr.duthao", "nhieu": "hdr.nhieu",
}  # fmt: skip
_FOOTNOTE = re.compile(r"^([¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,2}\])\s*(?=\S)")
_ORDERS = pattern(r"^(?:quyet dinh|quyet nghi|nghi quyet|chi thi) ?:? ?$")
_LEGAL_BASIS = pattern(r"^(?:can cu|xet|theo de nghi|tren co so|thuc hien|thi hanh)\b")
_ANNOUNCES = re.compile(
    r"(?:nhu sau|cu the|sau day|noi dung sau)\s*:?\s*$|(?:xay dung|ban hanh) ke hoach[^;]*$|:\s*$"
)
_PAGE_NUMBER = re.compile(r"[-–— ]*(?:[Tt]rang |[Pp]age )?\d{1,3}(?:\s*/\s*\d{1,3})?[-–— ]*")


def _is_margin(paragraph: Paragraph) -> bool:
    """A page number, a running head or foot, or a line of dashes: printed on the page but no part of the text."""
    if paragraph.origin in (Origin.PAGE_HEADER, Origin.PAGE_FOOTER):
        return True
    if paragraph.cell is not None:
        return False
    return _PAGE_NUMBER.fullmatch(paragraph.text) is not None or not any(
        letter.isalnum() for letter in paragraph.text
    )


class TreeBuilder:
    """Grows the node list paragraph by paragraph, with a stack of the numbering styles that are open."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.nodes: list[Node] = []
        self.stack: list[tuple[Marker | None, Node]] = []
        self.counters: dict[tuple[str, str], int] = {}
        self.prefix = ""
        self.footnotes = 0
        self.table: int | None = None
        self.table_path = ""
        self.header_cells: list[str] = []
        self.used_paths: set[str] = set()

    # -- parts -----------------------------------------------------------------------------------------------

    def add_head(self, head: Head) -> None:
        groups: list[tuple[str, str, list[Paragraph]]] = []
        names = agency_names(head)
        for index in sorted(head.labels):
            paragraph = self.paragraphs[index]
            kind = head.labels[index].kind
            path = _HEAD_PATHS[kind]
            if kind == "ten_co_quan":
                path = names.get(index, path)
            if _is_margin(paragraph):
                groups.append(("trang", "trang", [paragraph]))
            elif (
                groups
                and len(head.labels[index].segments) < 2
                and groups[-1][:2] == (path, kind)
                and kind in ("trich_yeu", "ten_co_quan", "so_ky_hieu")
            ):
                groups[-1][2].append(paragraph)
            else:
                groups.append((path, kind, [paragraph]))
        for path, kind, members in groups:
            if kind == "trang":
                self._add_margin(members[0])
            else:
                self._append(
                    self._unique(path),
                    kind,
                    members[0],
                    " ".join(member.text for member in members),
                    more=members[1:],
                )

    def add_body(self, start: int, end: int) -> None:
        first_numbered = self._first_numbered(start, end)
        in_preamble = True
        index = start
        while index < end:
            paragraph = self.paragraphs[index]
            if self._add_margin(paragraph):
                index += 1
                continue
            before_headings = first_numbered is None or index < first_numbered
            if in_preamble and before_headings and self._is_preamble(index, start, first_numbered):
                self._add_preamble(paragraph)
                index += 1
                continue
            in_preamble = False
            index = self._add_at(index, end)

    def _add_preamble(self, paragraph: Paragraph) -> None:
        key = flat(paragraph.text)
        if key.startswith("kinh gui"):
            self._append(self._unique("hdr.kinhgui"), "kinh_gui", paragraph, paragraph.text)
            return
        if _LEGAL_BASIS.match(key) and not _ANNOUNCES.search(key) and not _ORDERS.match(key):
            self._append(f"can_cu.{self._count('', 'can_cu')}", "can_cu", paragraph, paragraph.text)
        else:
            number = self._count("", "mo_dau")
            self._append("mo_dau" if number == 1 else f"mo_dau.{number}", "mo_dau", paragraph, paragraph.text)

    def add_closing(self, closing: Closing) -> None:
        self.stack.clear()
        lists = recipients = archive = 0
        for index in range(closing.start, closing.end):
            paragraph = self.paragraphs[index]
            if self._add_margin(paragraph):
                continue
            label = closing.labels.get(index)
            kind = label.kind if label else "nhieu"
            text = paragraph.text
            marker = marker_of(text)
            if kind == "noi_nhan_head":
                lists += 1
                recipients = 0
                self._append("nn" if lists == 1 else f"nn{lists}", kind, paragraph, text)
            elif kind == "noi_nhan":
                recipients += 1
                path = f"nn{lists if lists > 1 else ''}.{recipients}"
                self._append(path, kind, paragraph, text[marker.end :] if marker else text, marker)
            elif kind == "luu":
                archive += 1
                self._append(
                    "nn.luu" if archive == 1 else f"nn.luu{archive}",
                    kind,
                    paragraph,
                    text[marker.end :] if marker else text,
                    marker,
                )
            else:
                path = {
                    "quyen_han": "ky.quyenhan",
                    "chuc_vu": "ky.chucvu",
                    "ho_ten": "ky.hoten",
                    "da_ky": "ky.daky",
                }.get(kind, "ky.khac")
                if kind == "quyen_han" and flat(without_markup(text)).startswith(("kt", "k/t")):
                    path = "ky.kt"
                self._append(self._unique(path), kind, paragraph, text)

    def add_appendices(self, start: int) -> None:
        """Everything after the signature: each appendix numbers its parts anew below its own path."""
        number = 0
        index = start
        while index < len(self.paragraphs):
            paragraph = self.paragraphs[index]
            if self._add_margin(paragraph):
                index += 1
            elif opens_appendix(paragraph) or opens_attachment(paragraph) or number == 0:
                number += 1
                self.prefix = f"pl{number}"
                self.stack.clear()
                index = self._add_appendix_head(index)
            else:
                index = self._add_at(index, len(self.paragraphs))

    def _add_appendix_head(self, index: int) -> int:
        """ "Phụ lục I" with the title that stands in the next lines."""
        paragraph = self.paragraphs[index]
        text = without_markup(paragraph.text)
        label = re.match(
            r"(?:PHỤ LỤC|Phụ lục|PHỤ BIỂU|BIỂU|Biểu|MẪU|Mẫu)(?: SỐ| số)?\s*(?:[IVXL]+|\d{1,2}|[A-ZĐ])?(?=\s*[.:\-–]|\s*$)",
            text,
        )
        attached = opens_attachment(paragraph)
        titles: list[Paragraph] = []
        position = index + 1
        while position < len(self.paragraphs) and len(titles) < 3:
            below = self.paragraphs[position]
            words = without_markup(below.text)
            if (
                below.cell is not None
                or marker_of(words) is not None
                or len(words) > 200
                or (opens_appendix(below) and label is None)
            ):
                break
            in_title = (
                words.isupper()
                or below.centred
                or (attached and not titles)
                or words.lower().startswith("(kèm theo")
            )
            if not in_title or not any(letter.isalpha() for letter in words):
                break
            titles.append(below)
            position += 1
        printed = text[label.end() :].strip(" .:-–") if label else text
        title = " ".join(
            part for part in [printed, *(without_markup(below.text) for below in titles)] if part
        )
        node = self._append(self._unique(self.prefix), "phu_luc", paragraph, title or text, more=titles)
        node.marker = label[0] if label else None
        node.title = title or None
        return position

    # -- paragraphs ------------------------------------------------------------------------------------------

    def _add_margin(self, paragraph: Paragraph) -> bool:
        """Footnotes, page numbers, running heads and rules: nodes outside the tree."""
        match = _FOOTNOTE.match(paragraph.text)
        if match and paragraph.origin in (Origin.FOOTNOTE, Origin.BODY, Origin.PAGE_FOOTER):
            self.footnotes += 1
            node = self._append(
                self._unique(f"fn.{self.footnotes}"), "chu_thich", paragraph, paragraph.text[match.end() :]
            )
            node.marker = None
            return True
        if _is_margin(paragraph):
            self._append(f"trang.{self._count('', 'trang')}", "trang", paragraph, paragraph.text)
            return True
        return False

    def _first_numbered(self, start: int, end: int) -> int | None:
        """Index of the first numbered or clearly printed heading of the body, or None."""
        for index in range(start, end):
            text = without_markup(self.paragraphs[index].text)
            marker = marker_of(text)
            if marker and marker.style not in _BULLETS and marker.style != "paren":
                return index
            if self._is_unnumbered_heading(index):
                return index
        return None

    def _is_preamble(self, index: int, start: int, first_numbered: int | None) -> bool:
        if first_numbered is not None:
            return True
        # without any heading the preamble ends with the sentence that announces the content
        for earlier in range(start, index):
            if self.paragraphs[earlier].text.rstrip().endswith(":") or not _LEGAL_BASIS.match(
                flat(self.paragraphs[earlier].text)
            ):
                return False
        return True

    def _is_unnumbered_heading(self, index: int) -> bool:
        """A short line that names a part of a plan without a number: in capitals, in bold, or on a line of its
        own in a text that numbers nothing."""
        paragraph = self.paragraphs[index]
        text = without_markup(paragraph.text)
        if (
            paragraph.cell is not None
            or len(text) > 120
            or text.endswith((".", ";", ","))
            or marker_of(text) is not None
        ):
            return False
        if len(text.split()) < 2:
            return False
        if self._numbers_nothing and text.isupper() and len(text) >= 10:
            return True
        if heading_role(text) is Role.OTHER:
            return False
        if text.isupper() or (
            text != paragraph.text.strip() and paragraph.text.lstrip().startswith(("**", "#"))
        ):
            return True
        if paragraph.bold and not text.endswith(":"):
            return True
        return (
            self._numbers_nothing
            and len(text) < 70
            and text[:1].isupper()
            and "," not in text[-2:]
            and not text.endswith(":")
            and self._more_follows(index)
        )

    def _more_follows(self, index: int) -> bool:
        """Whether the next paragraph is a bullet or a sentence: what a heading heads."""
        for below in self.paragraphs[index + 1 : index + 3]:
            if _is_margin(below):
                continue
            marker = marker_of(below.text)
            return marker is not None or len(below.text) > 70 or below.text.rstrip().endswith((".", ";"))
        return False

    @cached_property
    def _numbers_nothing(self) -> bool:
        numbered = {"roman", "arabic", "capital", "phan", "chuong", "dieu", "dotted"}
        return not any(
            (marker := marker_of(paragraph.text)) is not None and marker.style in numbered
            for paragraph in self.paragraphs
        )

    def _add_at(self, index: int, end: int) -> int:
        """Adds the paragraph (or the table row) at `index`; returns the index after it."""
        paragraph = self.paragraphs[index]
        text = paragraph.text
        if paragraph.cell is not None and paragraph.cell.columns > 1:
            return self._add_row(index, end)
        if text.count("|") >= 2 and not text.startswith("http"):
            return self._add_piped_row(index)
        bare = without_markup(text) if text[:1] in "*#_" else text
        marker = marker_of(bare)
        if marker is None or self._goes_on_items(marker, bare) or not self._is_plausible(marker, bare):
            if self._is_unnumbered_heading(index):
                self._add_marked(Marker("caps", "", 0, "", 0), paragraph, without_markup(bare))
            else:
                self._add_plain(paragraph)
            return index + 1
        self._add_marked(marker, paragraph, bare)
        node = self.nodes[-1]
        if marker.style in ("phan", "chuong", "tieu_muc") and not node.text and index + 1 < end:
            below = self.paragraphs[index + 1]
            words = without_markup(below.text)
            if (
                marker_of(words) is None
                and len(words) < 250
                and (words.isupper() or below.bold or below.centred or not words.endswith((".", ";", ":")))
            ):
                node.text = words
                node.lines = (*node.lines, *below.lines)
                return index + 2
        return index + 1

    def _goes_on_items(self, marker: Marker, text: str) -> bool:
        """Whether "(1) …; (2) …" at the start of a paragraph is a list inside a sentence, or the rest of one."""
        if marker.style != "paren" or not marker.ordinal:
            return False
        if f"({marker.ordinal + 1})" in text:
            return True
        above = self.nodes[-1] if self.nodes else None
        return above is not None and above.kind == "doan" and f" ({marker.ordinal - 1}) " in above.text

    def _is_plausible(self, marker: Marker, text: str) -> bool:
        """Whether a number at the start of a paragraph can be the next of some open series or begin a new one."""
        if marker.style in _BULLETS or marker.style in ("dieu", "phan", "chuong", "tieu_muc"):
            return True
        if marker.style == "paren":
            return True
        open_markers = [m for m, _ in self.stack if m is not None and m.style == marker.style]
        if marker.style in ("arabic", "letter") and marker.ordinal > 1 and not open_markers:
            return marker.ordinal <= 3 or text[marker.end : marker.end + 1].isupper()
        return True

    def _add_marked(self, marker: Marker, paragraph: Paragraph, text: str) -> None:
        self._close_until_parent_of(marker)
        parent = self.stack[-1][1] if self.stack else None
        label = self._label(marker, parent)
        base = parent.path if parent else self.prefix
        if marker.style in _BULLETS:
            below_bullet = parent is not None and parent.kind == "gach"
            sign = "+" if marker.style == "plus" and below_bullet else "-"
            label = f"{sign}{self._count(base, 'bullet')}"
        elif marker.style == "caps":
            label = f"h{self._count(base, 'caps')}"
        if marker.style == "dieu":
            base = self.prefix  # articles are numbered through all chapters
        path = self._unique(f"{base}.{label}" if base else label, repeated=True)
        # a plan that numbers its sections 1., 2., 3. means by them what others mean by I., II., III.
        kind = "muc" if marker.style == "arabic" and parent is None else _KIND[marker.style]
        node = self._append(path, kind, paragraph, text[marker.end :].strip(), marker, parent)
        self.stack.append((marker, node))

    def _close_until_parent_of(self, marker: Marker) -> None:
        """Pops the stack until its top is the parent of a node marked so."""
        styles = [m.style if m else "" for m, _ in self.stack]
        if marker.style == "dotted":
            self._close_for_dotted(marker)
            return
        if marker.style in styles:
            # a sibling above; but a series that starts again at 1 below a finer open style is a new level
            position = len(styles) - 1 - styles[::-1].index(marker.style)
            open_marker = self.stack[position][0]
            restarts = (
                marker.ordinal == 1
                and open_marker is not None
                and open_marker.ordinal >= 1
                and marker.style not in _BULLETS
                and position < len(styles) - 1
                and self.stack[-1][0] is not None
                and _RANK[self.stack[-1][0].style] < _RANK[marker.style]
            )
            if not restarts:
                del self.stack[position:]
                return
        rank = _RANK[marker.style]
        while self.stack:
            top = self.stack[-1][0]
            if (
                top is None
                or _RANK[top.style] >= rank
                or (top.style in _BULLETS and marker.style not in _BULLETS and marker.style != "paren")
            ):
                self.stack.pop()
            else:
                break

    def _close_for_dotted(self, marker: Marker) -> None:
        """`5.1` goes below `5`, `5.1.2` below `5.1`; without such a parent, below the nearest coarser style."""
        parent_label = marker.label.rsplit(".", 1)[0]
        for position in range(len(self.stack) - 1, -1, -1):
            open_marker = self.stack[position][0]
            if open_marker is not None and open_marker.label == parent_label:
                del self.stack[position + 1 :]
                return
        for position in range(len(self.stack) - 1, -1, -1):
            open_marker = self.stack[position][0]
            if (
                open_marker is not None
                and open_marker.style == "dotted"
                and open_marker.label.count(".") == marker.label.count(".")
            ):
                del self.stack[position:]
                return
        while self.stack and (self.stack[-1][0] is None or _RANK[self.stack[-1][0].style] >= _RANK["dotted"]):
            self.stack.pop()

    def _label(self, marker: Marker, parent: Node | None) -> str:
        if marker.style == "dotted":
            if parent is not None and parent.marker is not None:
                own = marker.label.rsplit(".", 1)
                if parent.path.split(".")[-1] == own[0].split(".")[-1]:
                    return own[1]
            return marker.label
        named = {"dieu": "dieu", "chuong": "chuong", "phan": "phan", "tieu_muc": "muc"}.get(marker.style)
        return f"{named}{marker.ordinal or marker.label}" if named else marker.label

    def _add_plain(self, paragraph: Paragraph) -> None:
        """An unnumbered paragraph belongs to the nearest numbered part, not to a bullet."""
        while (
            self.stack and self.stack[-1][0] is not None and self.stack[-1][0].style in (*_BULLETS, "paren")
        ):
            self.stack.pop()
        parent = self.stack[-1][1] if self.stack else None
        base = parent.path if parent else self.prefix
        number = self._count(base, "plain")
        path = self._unique(f"{base}.p{number}" if base else f"p{number}")
        self._append(path, "doan", paragraph, paragraph.text, None, parent)

    def _add_row(self, index: int, end: int) -> int:
        """One table row as one node: `bang` for the header row, `hang` for the others."""
        first = self.paragraphs[index].cell
        assert first is not None
        members: list[Paragraph] = []
        position = index
        while position < end:
            cell = self.paragraphs[position].cell
            if cell is None or (cell.table, cell.row) != (first.table, first.row):
                break
            members.append(self.paragraphs[position])
            position += 1
        cells = [""] * first.columns
        for member in members:
            if member.cell is not None and member.cell.column < first.columns:
                cells[member.cell.column] = f"{cells[member.cell.column]} {member.text}".strip()
        self._add_row_node(members, cells, table=first.table)
        return position

    def _add_piped_row(self, index: int) -> int:
        paragraph = self.paragraphs[index]
        cells = [cell.strip() for cell in paragraph.text.strip().strip("|").split("|")]
        previous = next((node for node in reversed(self.nodes) if node.kind != "trang"), None)
        goes_on = previous is not None and previous.cells and previous.lines[-1] + 4 >= paragraph.lines[0]
        self._add_row_node([paragraph], cells, table=None if goes_on else -paragraph.lines[0])
        return index + 1

    def _add_row_node(self, members: list[Paragraph], cells: list[str], *, table: int | None) -> None:
        """`table` None continues the table above."""
        while (
            self.stack and self.stack[-1][0] is not None and self.stack[-1][0].style in (*_BULLETS, "paren")
        ):
            self.stack.pop()
        parent = self.stack[-1][1] if self.stack else None
        base = parent.path if parent else self.prefix
        is_header = table is not None and table != self.table
        if is_header:
            self.table = table
            self.table_path = (
                f"{base}.b{self._count(base, 'table')}" if base else f"b{self._count(base, 'table')}"
            )
            self.header_cells = cells
        path = self.table_path if is_header else f"{self.table_path}.r{self._count(self.table_path, 'row')}"
        text = " | ".join(cell for cell in cells if cell)
        node = self._append(
            self._unique(path),
            "bang" if is_header else "hang",
            members[0],
            text,
            None,
            parent,
            more=members[1:],
        )
        node.cells = cells
        node.header_cells = self.header_cells

    # -- bookkeeping -----------------------------------------------------------------------------------------

    def _count(self, base: str, what: str) -> int:
        self.counters[base, what] = number = self.counters.get((base, what), 0) + 1
        return number

    def _unique(self, path: str, *, repeated: bool = False) -> str:
        """`path`, or `path` with a running number when it is taken (a second "I." is "I~2")."""
        if path not in self.used_paths:
            self.used_paths.add(path)
            return path
        number = 2
        joint = "~" if repeated else "."
        while f"{path}{joint}{number}" in self.used_paths:
            number += 1
        self.used_paths.add(f"{path}{joint}{number}")
        return f"{path}{joint}{number}"

    def _append(
        self,
        path: str,
        kind: str,
        paragraph: Paragraph,
        text: str,
        marker: Marker | None = None,
        parent: Node | None = None,
        *,
        more: Sequence[Paragraph] = (),
    ) -> Node:
        node = Node(
            path=path,
            kind=kind,
            lines=tuple(line for member in (paragraph, *more) for line in member.lines),
            text=text,
            marker=marker.printed if marker and marker.printed else None,
            page_break_split=paragraph.page_break_split,
            parent=parent,
            bold=paragraph.bold,
        )
        if parent is not None:
            parent.children.append(node)
        self.nodes.append(node)
        return node
