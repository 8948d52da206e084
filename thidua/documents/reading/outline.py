"""Paragraphs -> the tree of a document: head, numbered parts, bullets, closing, appendices.

Numbering is read by its style (I. – 1. – a) – -) and not by fixed levels: a style seen above is a sibling, a new
one goes a level down, so Arabic or capital top levels, `5.1` and repeated numbers find their place. Every
non-empty paragraph becomes exactly one node.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from . import vocabulary
from .closing import Closing, read_closing
from .head import Head, read_head
from .markers import Marker, marker_of
from .matching import flat, pattern
from .model import InlineItem, Node, Origin, Outline, Paragraph, Role, SourceText
from .repair import paragraphs_of
from .segments import without_markup

#: how deep a numbering style may stand at most: a style never goes below one that is finer
_RANK = {
    "phan": 0, "chuong": 1, "tieu_muc": 2, "dieu": 3, "capital": 4, "roman": 5, "caps": 5, "arabic": 6, "dotted": 7,
    "letter": 8, "letter_dotted": 9, "paren": 10, "dash": 11, "dot": 11, "star": 11, "plus": 12,
}  # fmt: skip
_KIND = {
    "phan": "phan", "chuong": "chuong", "tieu_muc": "muc", "dieu": "dieu", "capital": "phan", "roman": "muc",
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
_INLINE_ITEM = re.compile(r"(?:(?<=[\s:;,.])|^)\((\d{1,2})\)\s+")
_ORDERS = pattern(r"^(?:quyet dinh|quyet nghi|nghi quyet|chi thi)\s*:\s*$")
_LEGAL_BASIS = pattern(r"^(?:can cu|xet|theo de nghi|tren co so)\b")
_CLOSING_WORDS = pattern(
    r"^(?:tren day la|trong qua trinh|can cu (?:noi dung )?ke hoach|nhan duoc ke hoach|yeu cau|de nghi|ke hoach nay|quyet dinh nay|"
    r"uy ban nhan dan .{0,60}(?:yeu cau|de nghi)|[^.]{0,80}(?:yeu cau|de nghi) (?:cac|thu truong)|noi nhan|kinh trinh|kinh de nghi|voi )"
)
_LEAD_IN_END = pattern(r"(?:sau|sau day|nhu sau|duoi day|cu the|cu the nhu sau|bao gom|gom)\s*:$")
_SENTENCE_END = (".", ";", ",", "…")
_LONGEST_HEADING = 260


def outline_of(source: SourceText) -> Outline:
    """The structure of a read file; `nodes` hold every non-empty line exactly once, in reading order."""
    paragraphs = paragraphs_of(source.lines)
    head = read_head(paragraphs)
    closing = read_closing(paragraphs, start=head.end)
    builder = _TreeBuilder(paragraphs)
    builder.add_head(head)
    builder.add_body(head.end, closing.start)
    builder.add_closing(closing)
    if closing.end < len(paragraphs):
        builder.add_appendices(closing.end)
    outline = Outline(source=source, paragraphs=paragraphs, nodes=builder.nodes, head=head, closing=closing)
    _mark_headings(outline)
    _mark_closing_sentence(outline)
    _give_roles(outline)
    return outline


class _TreeBuilder:
    """Grows the node list paragraph by paragraph, with a stack of the numbering styles that are open."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.nodes: list[Node] = []
        self.stack: list[tuple[Marker | None, Node]] = []
        self.counters: dict[tuple[str, str], int] = {}
        self.prefix = ""
        self.footnotes = 0
        self.used_paths: set[str] = set()

    # -- parts -----------------------------------------------------------------------------------------------

    def add_head(self, head: Head) -> None:
        for index in sorted(head.labels):
            paragraph = self.paragraphs[index]
            if self._add_margin(paragraph):
                continue
            label = head.labels[index]
            self._append(self._unique(_HEAD_PATHS[label.kind]), label.kind, paragraph, paragraph.text)

    def add_body(self, start: int, end: int) -> None:
        in_preamble = self.prefix == ""
        first_numbered = self._first_numbered(start, end)
        for index in range(start, end):
            paragraph = self.paragraphs[index]
            if self._add_margin(paragraph):
                continue
            text = paragraph.text
            if (
                in_preamble
                and (first_numbered is None or index < first_numbered)
                and self._is_preamble(index, start, first_numbered)
            ):
                kind = (
                    "can_cu"
                    if _LEGAL_BASIS.match(flat(text))
                    and text.rstrip().endswith((";", ".", ","))
                    and "như sau" not in text
                    else "mo_dau"
                )
                if _ORDERS.match(flat(without_markup(text))):
                    kind = "mo_dau"
                self._append(self._unique("can_cu" if kind == "can_cu" else "mo_dau"), kind, paragraph, text)
                continue
            in_preamble = False
            self._add_paragraph(index)

    def add_closing(self, closing: Closing) -> None:
        self.stack.clear()
        numbers = {"noi_nhan": 0}
        archive = 0
        for index in range(closing.start, closing.end):
            paragraph = self.paragraphs[index]
            if self._add_margin(paragraph):
                continue
            label = closing.labels.get(index)
            kind = label.kind if label else "nhieu"
            text = paragraph.text
            marker = marker_of(text)
            if kind == "noi_nhan_head":
                self._append(self._unique("nn"), kind, paragraph, text)
            elif kind == "noi_nhan":
                numbers["noi_nhan"] += 1
                self._append(
                    f"nn.{numbers['noi_nhan']}",
                    kind,
                    paragraph,
                    text[marker.end :] if marker else text,
                    marker,
                )
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
                    "chu_ky": "ky.chuky",
                }.get(kind, "ky.khac")
                if kind == "quyen_han" and flat(without_markup(text)).startswith(("kt", "k/t")):
                    path = "ky.kt"
                self._append(self._unique(path), kind, paragraph, text)

    def add_appendices(self, start: int) -> None:
        self.stack.clear()
        number = 0
        from .closing import _APPENDIX  # the same words end the closing and open an appendix

        index = start
        while index < len(self.paragraphs):
            paragraph = self.paragraphs[index]
            text = without_markup(paragraph.text)
            opens = (
                len(text) <= 200
                and _APPENDIX.match(flat(text)) is not None
                and (number == 0 or text.split()[0].isupper() or text.startswith("Phụ lục"))
            )
            if self._add_margin(paragraph):
                pass
            elif opens:
                number += 1
                self.prefix = f"pl{number}"
                self.stack.clear()
                self._append(self._unique(self.prefix), "phu_luc", paragraph, paragraph.text)
                self.nodes[-1].title = text
            else:
                self._add_paragraph(index)
            index += 1

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
        if (
            paragraph.origin in (Origin.PAGE_HEADER, Origin.PAGE_FOOTER)
            or re.fullmatch(
                r"[-–— ]*(?:[Tt]rang |[Pp]age )?\d{1,3}(?:\s*/\s*\d{1,3})?[-–— ]*", paragraph.text
            )
            and paragraph.cell is None
        ):
            self._append(self._unique("trang"), "trang", paragraph, paragraph.text)
            return True
        if not any(letter.isalnum() for letter in paragraph.text):
            self._append(self._unique("trang"), "trang", paragraph, paragraph.text)
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
        """A short line of capitals (or a bold one of its own) that names a part of a plan without a number."""
        paragraph = self.paragraphs[index]
        text = without_markup(paragraph.text)
        if (
            marker_of(text) is not None
            or len(text) > 120
            or text.endswith((".", ";", ","))
            or paragraph.cell is not None
        ):
            return False
        if len(text.split()) < 2:
            return False
        return (text.isupper() or (paragraph.bold and not text.endswith(":"))) and heading_role(
            text
        ) is not Role.OTHER

    def _add_paragraph(self, index: int) -> None:
        paragraph = self.paragraphs[index]
        text = paragraph.text
        if paragraph.cell is not None and paragraph.cell.columns > 1:
            self._add_cell(paragraph)
            return
        bare = without_markup(text) if text[:1] in "*#_" else text
        marker = marker_of(bare)
        if marker is None or not self._is_plausible(marker, bare):
            if self._is_unnumbered_heading(index):
                self._add_marked(Marker("caps", "", 0, "", 0), paragraph, bare)
            else:
                self._add_plain(paragraph)
            return
        self._add_marked(marker, paragraph, bare)

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
            label = f"{'+' if marker.style == 'plus' else '-'}{self._count(base, 'bullet')}"
        elif marker.style == "caps":
            label = f"h{self._count(base, 'caps')}"
        path = self._unique(f"{base}.{label}" if base else label, repeated=True)
        node = self._append(path, _KIND[marker.style], paragraph, text[marker.end :].strip(), marker, parent)
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
        return {
            "dieu": f"Điều {marker.label}",
            "chuong": f"Chương {marker.label}",
            "phan": f"Phần {marker.label}",
            "tieu_muc": f"Mục {marker.label}",
        }.get(marker.style, marker.label)

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

    def _add_cell(self, paragraph: Paragraph) -> None:
        cell = paragraph.cell
        assert cell is not None
        while (
            self.stack and self.stack[-1][0] is not None and self.stack[-1][0].style in (*_BULLETS, "paren")
        ):
            self.stack.pop()
        parent = self.stack[-1][1] if self.stack else None
        base = parent.path if parent else self.prefix
        path = f"b{cell.table + 1}.r{cell.row + 1}c{cell.column + 1}"
        node = self._append(
            self._unique(f"{base}.{path}" if base else path), "bang", paragraph, paragraph.text, None, parent
        )
        node.cell = cell

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
    ) -> Node:
        node = Node(
            path=path,
            kind=kind,
            lines=paragraph.lines,
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


def _mark_headings(outline: Outline) -> None:
    """Gives a title to the nodes that head a part, and takes apart items `(1) …; (2) …` printed in a sentence."""
    for node in outline.nodes:
        if node.kind in ("phan", "chuong", "dieu", "muc", "khoan", "diem") and node.title is None:
            node.title = _title_of(node)
        if node.kind in ("gach", "khoan", "diem", "doan", "mo_dau", "ket") and "(1)" in node.text:
            node.inline_items = inline_items_of(node.text)


def _title_of(node: Node) -> str | None:
    text = without_markup(node.text)
    if not text or len(text) > _LONGEST_HEADING:
        return None
    top_level = node.kind in ("phan", "chuong", "muc", "dieu")
    if (
        top_level
        and (text.isupper() or not text.endswith((".", ";", ",")))
        and not _LEAD_IN_END.search(flat(text))
    ):
        return text
    if text.isupper() and len(text) > 3:
        return text
    if text.endswith(_SENTENCE_END) or not node.children:
        # a short bold line without an end mark is a heading even when nothing stands below it
        return text if node.bold and len(text) < 120 and not text.endswith((*_SENTENCE_END, ":")) else None
    if _LEAD_IN_END.search(flat(text)):
        return None
    return text


def inline_items_of(text: str) -> list[InlineItem]:
    """Items `(1) …; (2) …` inside one paragraph, without the separators; empty when there are not two in order."""
    found = list(_INLINE_ITEM.finditer(text))
    in_order = [match for position, match in enumerate(found) if int(match[1]) == position + 1]
    if len(in_order) < 2 or len(in_order) != len(found):
        return []
    items = []
    for position, match in enumerate(in_order):
        end = in_order[position + 1].start() if position + 1 < len(in_order) else len(text)
        items.append(InlineItem(f"({match[1]})", text[match.end() : end].strip().rstrip(";,.").rstrip()))
    return items


def _mark_closing_sentence(outline: Outline) -> None:
    """The last unnumbered sentence of the body, "Trên đây là …", closes the document as a whole: path `ket`."""
    body = [node for node in outline.body() if node.kind not in ("mo_dau", "can_cu")]
    closing_nodes: list[Node] = []
    for node in reversed(body):
        if node.kind != "doan":
            break
        key = flat(node.text)
        only_of_its_kind = node.parent is not None and all(
            child is node or child.kind != "doan" for child in node.parent.children
        )
        if _CLOSING_WORDS.match(key) or (
            not closing_nodes
            and node.text.rstrip().endswith("./.")
            and only_of_its_kind
            and _follows_numbered(node)
        ):
            if closing_nodes and not (_follows_numbered(node) or key.startswith("tren day la")):
                break
            closing_nodes.append(node)
        else:
            break
    for number, node in enumerate(reversed(closing_nodes)):
        if node.parent is not None:
            node.parent.children.remove(node)
        node.parent = None
        node.kind = "ket"
        node.path = "ket" if number == 0 else f"ket.{number + 1}"


def _follows_numbered(node: Node) -> bool:
    """Whether the paragraph comes after numbered items that are complete sentences of their own."""
    parent = node.parent
    if parent is None:
        return True
    if parent.title is None:
        return True
    return any(child.kind in ("khoan", "diem", "gach") for child in parent.children)


@cache
def _role_patterns() -> list[tuple[re.Pattern[str], Role]]:
    return [
        (
            re.compile(f"^(?:{entry['pattern']})$" if entry.get("whole") else entry["pattern"]),
            Role(entry["role"]),
        )
        for entry in vocabulary.load("headings")
    ]


def heading_role(title: str) -> Role:
    """What the part under this heading is for."""
    key = flat(title).strip(" :.*")
    for expression, role in _role_patterns():
        if expression.search(key):
            return role
    return Role.OTHER


def _give_roles(outline: Outline) -> None:
    for node in outline.nodes:
        inherited = node.parent.role if node.parent is not None else Role.OTHER
        if node.title is None:
            node.role = inherited
            continue
        own = heading_role(node.title)
        node.role = _role_below(inherited, own, node)


def _role_below(inherited: Role, own: Role, node: Node) -> Role:
    """A heading inside a part may only narrow what the part is for; a task list stays a task list."""
    if own is Role.OTHER:
        return inherited
    if node.parent is None or inherited is Role.OTHER:
        return own
    if inherited in (Role.ORGANISATION, Role.PROGRESS):
        return inherited
    narrower = {
        Role.PURPOSE: {Role.REQUIREMENT, Role.PURPOSE},
        Role.AWARDS: {Role.SUBJECTS, Role.AWARD_FORMS, Role.AWARD_STANDARDS, Role.AWARDS},
        Role.SUBJECTS: {Role.AWARDS, Role.AWARD_FORMS, Role.AWARD_STANDARDS, Role.SUBJECTS},
        Role.CONTENT: {
            Role.SOLUTION,
            Role.CONTENT,
            Role.SUBJECTS,
            Role.AWARDS,
            Role.AWARD_FORMS,
            Role.AWARD_STANDARDS,
            Role.PROGRESS,
        },
        Role.SOLUTION: {Role.CONTENT, Role.SOLUTION},
    }
    return own if own in narrower.get(inherited, {own}) else inherited
