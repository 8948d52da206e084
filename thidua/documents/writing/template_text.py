"""The language in which a body writes the template of a paper: a head of keys, a line `---`, and the body.

Knows the signs (`# mục`, `1. khoản`, `a) điểm`, `- gạch`, `| bảng |`, `Điều.`, `Phụ lục:`) and makes a
Paper of them. A mistake names its line in the template, also where a loop has repeated it. The page for
officers: docs/how-to/mau-van-ban.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from thidua.core.errors import RuleNotMet
from thidua.core.text import fold
from thidua.documents.writing.characters import CannotBePrinted, printable
from thidua.documents.writing.filling import Fault, Faulty, FilledLine, filled, is_value, unescaped
from thidua.documents.writing.form import kinds
from thidua.documents.writing.paper import (
    Appendix,
    Article,
    Block,
    Column,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    Urgency,
    Words,
)

#: Keys of the head that hold one text, and what they are.
SINGLE = {
    "loai": "loại văn bản",
    "ten_mau": "tên của mẫu",
    "trich_yeu": "trích yếu",
    "nguoi_quyet_dinh": "ai quyết định (dòng trên căn cứ của quyết định)",
    "nguoi_ky": "họ tên người ký",
    "nguoi_ky_2": "họ tên người ký bên trái",
    "khan": "khẩn, thượng khẩn hoặc hỏa tốc",
    "luu_hanh": "phạm vi lưu hành",
    "soan_thao": "ký hiệu người soạn thảo và số lượng bản",
    "lien_he": "địa chỉ, thư điện tử, điện thoại ở chân trang 1",
    "du_thao": "có, khi còn là dự thảo",
}
#: Keys that hold a list, one line each.
LISTS = {
    "kinh_gui": "kính gửi",
    "can_cu": "căn cứ",
    "noi_nhan": "nơi nhận",
    "quyen_han": "quyền hạn, chức vụ của người ký",
    "quyen_han_2": "chức vụ của người ký bên trái",
    "gia_tri": "mỗi dòng «tên: nhãn» của một giá trị, để biểu mẫu hỏi cho rõ",
}
_URGENCIES = {
    "khan": Urgency.URGENT,
    "thuong khan": Urgency.VERY_URGENT,
    "hoa toc": Urgency.AT_ONCE,
    "": Urgency.NONE,
}
_KEY = re.compile(r"([a-z0-9_]+)\s*:\s*(.*)")
_ITEM = re.compile(r"(\d{1,3})\.\s+(.*)")
_POINT = re.compile(r"([a-zđ])\)\s+(.*)")
_APPENDIX = re.compile(r"Phụ lục(?:\s+([IVXL]+|\d+))?(\s+ngang)?\s*:\s*(.+)")
_INLINE = re.compile(r"\*\*(?P<bold>.+?)\*\*|\*(?P<italic>.+?)\*|\^\[(?P<note>[^\]]+)\]")


class BadTemplate(RuleNotMet):
    """A template cannot become a paper; `faults` name the lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "Mẫu văn bản có chỗ sai",
            why="; ".join(str(fault) for fault in self.faults),
            next_step="Sửa các dòng đã nêu rồi xem lại",
        )


def paper_of_template(
    text: str, values: Mapping[str, Any], *, head: Paper, is_preview: bool = False
) -> Paper:
    """The paper that a template makes of values. `head` brings issuer, place, number and symbol.

    Raises BadTemplate.
    """
    try:
        return _Reader(filled(text, values, is_preview=is_preview), head).paper()
    except Faulty as error:
        raise BadTemplate(error.faults) from error


def faults_of(text: str, *, head: Paper) -> tuple[Fault, ...]:
    """What is wrong in a template, as far as it can be told without values."""
    try:
        paper_of_template(text, {}, head=head, is_preview=True)
    except BadTemplate as error:
        return error.faults
    return ()


def kind_of(text: str) -> str:
    """The code of the type that a template is for; empty when it does not say."""
    for line in text.splitlines():
        if line.strip() == "---":
            break
        found = _KEY.match(line.strip())
        if found and found[1] == "loai":
            return found[2].strip()
    return ""


def labels_of(text: str) -> dict[str, str]:
    """What a template calls its values: "ngay_hop" is «Ngày họp»; "danh_sach.ten" is a part of rows."""
    found: dict[str, str] = {}
    key = ""
    for line in map(str.strip, text.splitlines()):
        if line == "---":
            break
        if head := _KEY.match(line):
            key = head[1]
        elif key == "gia_tri" and line.startswith("- "):
            name, _, label = line[2:].partition(":")
            found[name.strip()] = label.strip()
    return found


@dataclass
class _Reader:
    """Walks the filled-in lines once; collects faults instead of stopping at the first."""

    lines: list[FilledLine]
    head: Paper
    faults: list[Fault] = field(default_factory=list)
    single: dict[str, FilledLine] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    body: list[Block] = field(default_factory=list)
    appendices: list[tuple[Appendix, list[Block]]] = field(default_factory=list)

    def fault(self, line: int, what: str) -> None:
        self.faults.append(Fault(line, what))

    def paper(self) -> Paper:
        ends = next((at for at, line in enumerate(self.lines) if line.text == "---"), None)
        if ends is None:
            raise Faulty(Fault(1, "thiếu dòng --- ngăn phần đầu (loai, trich_yeu…) với nội dung"))
        self._read_head(self.lines[:ends])
        self._read_body(self.lines[ends + 1 :])
        made = self._made()
        if self.faults:
            raise Faulty(*sorted(dict.fromkeys(self.faults), key=lambda fault: fault.line))
        return made

    def _said(self, key: str) -> str:
        line = self.single.get(key)
        return unescaped(line.text) if line is not None else ""

    def _made(self) -> Paper:
        kind = self._said("loai")
        at = self.single["loai"].number if "loai" in self.single else 1
        if not kind:
            self.fault(at, f"thiếu loai: ghi một trong {', '.join(kinds())}")
        elif kind not in kinds():
            self.fault(at, f"không có loại văn bản «{kind}»; ghi một trong {', '.join(kinds())}")
        if not self._said("trich_yeu"):
            self.fault(1, "thiếu trich_yeu")
        urgency = _URGENCIES.get(fold(self._said("khan")))
        if urgency is None:
            self.fault(self.single["khan"].number, "khan chỉ nhận: khẩn, thượng khẩn, hỏa tốc")
        authority = tuple(self.lists.get("quyen_han", ())) or self.head.signature.authority
        signer = self._said("nguoi_ky") or self.head.signature.name
        second = self.lists.get("quyen_han_2")
        return replace(
            self.head,
            kind=kind,
            title=self._said("trich_yeu"),
            decider=self._said("nguoi_quyet_dinh"),
            addressees=tuple(self.lists.get("kinh_gui", ())),
            bases=tuple(self.lists.get("can_cu", ())),
            recipients=tuple(self.lists.get("noi_nhan", ())) or self.head.recipients,
            signature=replace(self.head.signature, authority=authority, name=signer),
            cosigner=Signature(tuple(second), self._said("nguoi_ky_2")) if second else None,
            urgency=urgency or Urgency.NONE,
            restriction=self._said("luu_hanh"),
            drafter=self._said("soan_thao"),
            contact=self._said("lien_he") or self.head.contact,
            is_draft=bool(self._said("du_thao")),
            body=tuple(self.body),
            appendices=tuple(replace(one, body=tuple(blocks)) for one, blocks in self.appendices),
        )

    # --- head ---------------------------------------------------------------------------------

    def _read_head(self, lines: list[FilledLine]) -> None:
        key = ""
        for line in lines:
            if not line.text:
                continue
            self._check_letters(line)
            found = None if is_value(line.text) else _KEY.match(line.text)
            if found is not None:
                key = found[1]
                self._open(key, found[2], line.number)
            elif line.text.startswith("- "):
                if key not in LISTS:
                    self.fault(line.number, "dòng bắt đầu bằng - phải đứng dưới kinh_gui, can_cu, noi_nhan…")
                else:
                    self.lists[key].append(unescaped(line.text[2:].strip()))
            elif key in LISTS and is_value(line.text):
                self.lists[key].append(unescaped(line.text))
            else:
                self.fault(line.number, "phần đầu chỉ có «khóa: giá trị» và dòng bắt đầu bằng -")

    def _open(self, key: str, said: str, number: int) -> None:
        if key in self.single or key in self.lists:
            self.fault(number, f"«{key}» ghi hai lần")
        elif key in SINGLE:
            self.single[key] = FilledLine(number, said.strip())
        elif key in LISTS:
            self.lists[key] = [unescaped(said.strip())] if said.strip() else []
        else:
            known = ", ".join([*SINGLE, *LISTS])
            self.fault(number, f"không có khóa «{key}»; các khóa: {known}")

    def _check_letters(self, line: FilledLine) -> None:
        try:
            printable(unescaped(line.text))
        except CannotBePrinted as error:
            self.fault(line.number, error.what[:1].lower() + error.what[1:])

    # --- body ---------------------------------------------------------------------------------

    def _read_body(self, lines: list[FilledLine]) -> None:
        blocks, caption, rows = self.body, "", list[FilledLine]()
        for line in [*lines, FilledLine(0, "")]:
            if line.text:
                self._check_letters(line)
            if line.text.startswith("|"):
                rows.append(line)
                continue
            if rows:
                blocks += self._table(rows, caption)
                rows, caption = [], ""
            if line.block is not None:
                blocks.append(line.block)
            elif not line.text:
                continue
            elif found := _APPENDIX.fullmatch(line.text):
                title = unescaped(found[3])
                one = Appendix(title, (), found[1] or "", is_landscape=bool(found[2]))
                blocks = []
                self.appendices.append((one, blocks))
            elif line.text.startswith("Bảng:"):
                caption = unescaped(line.text.removeprefix("Bảng:").strip())
            elif line.text.startswith("Ghi chú bảng:") and blocks and isinstance(blocks[-1], Table):
                note = unescaped(line.text.removeprefix("Ghi chú bảng:").strip())
                blocks[-1] = replace(blocks[-1], note=note)
            else:
                blocks.append(self._block(line))

    def _block(self, line: FilledLine) -> Block:
        text = line.text
        if is_value(text):
            return Paragraph(self._words(text, line.number))
        if found := re.match(r"(#{1,4})\s*(.*)", text):
            return self._heading(found[1], found[2], line.number)
        for word, level in (("Phần:", Level.PART), ("Chương:", Level.CHAPTER)):
            if text.startswith(word):
                return Heading(level, self._words(text.removeprefix(word).strip(), line.number))
        if text.startswith("Điều:"):
            return Article("", title=unescaped(text.removeprefix("Điều:").strip()))
        if text.startswith("Điều."):
            return Article(self._words(text.removeprefix("Điều.").strip(), line.number))
        for pattern, level in ((_ITEM, Level.CLAUSE), (_POINT, Level.POINT)):
            if found := pattern.fullmatch(text):
                return Item(level, self._words(found[2], line.number))
        if text.startswith("- "):
            return Item(Level.DASH, self._words(text[2:].strip(), line.number))
        return Paragraph(self._words(text, line.number), is_ending=text.endswith("./."))

    def _heading(self, signs: str, title: str, number: int) -> Heading:
        levels = {1: Level.CAPITAL, 2: Level.CLAUSE, 3: Level.POINT}
        if len(signs) not in levels:
            self.fault(number, "chỉ có ba cấp tiêu đề: # (I.), ## (1.) và ### (a))")
        if not title.strip():
            self.fault(number, "tiêu đề trống")
        return Heading(levels.get(len(signs), Level.POINT), self._words(title.strip(), number))

    def _words(self, text: str, number: int) -> Words:
        """Words with **bold**, *italic* and ^[notes]; a sign without its partner is a fault."""
        runs: list[Run] = []
        at = 0
        for found in _INLINE.finditer(text):
            if found.start() > at:
                runs.append(Run(unescaped(text[at : found.start()])))
            if found["note"] is not None:
                told = unescaped(found["note"])
                last = runs.pop() if runs else Run("")
                runs.append(replace(last, note=told))
            else:
                said = unescaped(found["bold"] or found["italic"])
                runs.append(
                    Run(said, is_bold=found["bold"] is not None, is_italic=found["italic"] is not None)
                )
            at = found.end()
        rest = text[at:]
        if "**" in rest or "^[" in rest:
            self.fault(number, "dấu ** hoặc ^[ mở mà không đóng")
        if not runs:
            return unescaped(rest)
        return (*runs, Run(unescaped(rest))) if rest else tuple(runs)

    def _table(self, lines: list[FilledLine], caption: str) -> Iterator[Block]:
        rows = [(line.number, _cells(line.text)) for line in lines]
        titles = rows[0][1]
        layout: list[str] = []
        if len(rows) > 1 and all(re.fullmatch(r":?-+:?", cell) for cell in rows[1][1] if cell):
            layout = rows.pop(1)[1]
        for number, cells in rows:
            if len(cells) != len(titles):
                self.fault(number, f"hàng này có {len(cells)} ô, đầu bảng có {len(titles)} cột")
        columns = tuple(
            Column(
                unescaped(title),
                share=max(1, len(layout[at].strip(":"))) if at < len(layout) else 1,
                is_number=at < len(layout) and layout[at].endswith(":") and not layout[at].startswith(":"),
            )
            for at, title in enumerate(titles)
        )
        said = [tuple(self._words(cell, number) for cell in cells) for number, cells in rows[1:]]
        bold = frozenset(at for at, (_, cells) in enumerate(rows[1:]) if any(cells) and _is_total(cells))
        yield Table(columns, tuple(said), caption=caption, bold_rows=bold)


def _cells(text: str) -> list[str]:
    return [cell.strip() for cell in text.strip().removeprefix("|").removesuffix("|").split("|")]


def _is_total(cells: list[str]) -> bool:
    filled_cells = [cell for cell in cells if cell]
    return all(cell.startswith("**") and cell.endswith("**") for cell in filled_cells)
