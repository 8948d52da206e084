"""A paper from the record of one that was read: golden/1 and the lines of its source.

Hides which kind of node becomes which block. The words are those of the source; what the printing adds or
drops is only form (page numbers of the old file, rules of dashes, chrome of a web site, «Đã ký»). A record
keeps places, not texts, so the lines are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from thidua.core.text import fold, nfc
from thidua.documents.writing.form import kind, kinds
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
    Words,
)

Record = Mapping[str, Any]

#: Left behind: form of the old file, which the printing makes anew.
DROPPED = frozenset(
    {
        *("so_ky_hieu", "dia_danh_ngay", "ten_loai", "trich_yeu", "quoc_hieu", "tieu_ngu", "ten_co_quan"),
        *("duong_ke", "du_thao", "kinh_gui", "chuc_danh", "lenh", "chu_thich", "noi_nhan_head", "noi_nhan"),
        *(
            "luu",
            "quyen_han",
            "chuc_vu",
            "ho_ten",
            "da_ky",
            "chu_ky",
            "trang",
            "trang_web",
            "nhieu",
            "can_cu",
        ),
    }
)
_LEVELS = {"khoan": Level.CLAUSE, "diem": Level.POINT, "gach": Level.DASH}


def paper_of_record(record: Record, lines: Sequence[str]) -> Paper:
    """The paper that a record describes. `lines` are those of the source, line 1 first."""
    return _Source(record, [nfc(line) for line in lines]).paper()


@dataclass
class _Source:
    """One record with its lines, walked once."""

    record: Record
    lines: Sequence[str]
    body: list[Block] = field(default_factory=list)
    #: Title, number and blocks of each appendix.
    appendices: list[tuple[str, str, list[Block]]] = field(default_factory=list)

    #: Who decides, where the reader took the line for an opening paragraph.
    decider: str = ""

    def paper(self) -> Paper:
        doc = self.record["doc"]
        self._walk()
        superior, issuer = self._bodies()
        dated, dated_as = _dates(doc.get("date"))
        return Paper(
            kind=_kind(doc.get("type")),
            superior=superior,
            issuer=issuer,
            issuer_name=(doc.get("issuer") or {}).get("name") or "",
            number=_number(doc),
            symbol=doc.get("symbol") or "",
            place=doc.get("place") or "",
            dated=dated,
            dated_as=dated_as,
            title=doc.get("title") or "",
            is_draft=bool(doc.get("draft")),
            decider=self._first("chuc_danh") or self.decider,
            bases=tuple(self._text(node) for node in self._nodes("can_cu")),
            addressees=tuple(doc.get("addressees") or ()),
            body=tuple(self.body),
            appendices=tuple(Appendix(title, tuple(body), number) for title, number, body in self.appendices),
            recipients=self._recipients(),
            signature=self._signature(),
        )

    # --- text ---------------------------------------------------------------------------------

    def _text(self, node: Mapping[str, Any]) -> str:
        text = ""
        for at in node["lines"]:
            line = self.lines[at - 1].strip()
            # a symbol or a date that was cut at its hyphen or stroke
            text += line if not text or re.search(r"\S*/\S*-$|\d/$", text) else f" {line}"
        return " ".join(text.split())

    def _raw(self, node: Mapping[str, Any]) -> str:
        return "\n".join(self.lines[at - 1] for at in node["lines"])

    def _nodes(self, *kinds_of: str) -> list[Mapping[str, Any]]:
        return [
            node for node in self.record["structure"] if node["kind"] in kinds_of and not _in_appendix(node)
        ]

    def _first(self, kind_of: str) -> str:
        return next((self._text(node) for node in self._nodes(kind_of)), "")

    def _after_marker(self, node: Mapping[str, Any]) -> str:
        text, marker = self._text(node), " ".join((node.get("marker") or "").split())
        return text.removeprefix(marker).strip() if marker else text

    def _words(self, text: str, node: Mapping[str, Any]) -> Words:
        """The text, with the notes that are marked in it."""
        runs: list[Run] = []
        rest = text
        for note in self.record.get("footnotes") or ():
            mark = note.get("mark")
            if note.get("anchor_line") not in node["lines"] or not mark or mark not in rest:
                continue
            before, _, rest = rest.partition(mark)
            told = nfc(note["text"]).strip().removeprefix(mark).strip()
            runs.append(Run(before, note=told))
        if not runs:
            return text
        return (*runs, Run(rest)) if rest.strip() else tuple(runs)

    # --- body ---------------------------------------------------------------------------------

    def _walk(self) -> None:
        nodes = [node for node in self.record["structure"] if node["kind"] not in DROPPED]
        blocks = self.body
        waiting: list[Mapping[str, Any]] = []
        for node in nodes:
            if node["kind"] == "hang" and waiting:
                waiting.append(node)
                continue
            blocks += self._table(waiting)
            waiting = []
            if node["kind"] == "bang":
                waiting = [node]
            elif node["kind"] == "phu_luc":
                blocks = self._open_appendix(node)
            else:
                blocks += self._blocks(node)
        blocks += self._table(waiting)

    def _open_appendix(self, node: Mapping[str, Any]) -> list[Block]:
        blocks: list[Block] = []
        number = re.sub(r"(?i)^phụ lục\s*", "", node.get("marker") or "").strip(" .:")
        # the printing says anew what the appendix goes with
        title = re.sub(r"\s*\([^()]*kèm theo[^()]*\)\s*$", "", node.get("title") or "", flags=re.IGNORECASE)
        self.appendices.append((title, number, blocks))
        return blocks

    def _blocks(self, node: Mapping[str, Any]) -> list[Block]:
        kind_of, title = node["kind"], node.get("title")
        if kind_of == "mo_dau" and self._is_head_of_decision(node):
            return []
        marker = node.get("marker") or ""
        if kind_of in ("phan", "chuong"):
            level = Level.PART if kind_of == "phan" else Level.CHAPTER
            number = re.sub(r"(?i)^(phần|chương)\s*", "", marker).strip(" .:")
            return [Heading(level, title or "", number, keeps_case=True)]
        if kind_of == "dieu":
            number = marker.removeprefix("Điều").strip(" .:")
            if title:
                return [Article("", title=title, number=number)]
            return [Article(self._words(self._after_marker(node), node), number=number)]
        if kind_of == "tieu_de":
            return [Paragraph((Run(title or self._text(node), is_bold=True),))]
        text = self._after_marker(node)
        if kind_of == "muc":
            return [
                Heading(_level_of_section(marker, text), self._words(text, node), marker, keeps_case=True)
            ]
        if kind_of in _LEVELS:
            words = self._words(text, node)
            if title and kind_of == "khoan" and fold(title) == fold(text):
                return [Heading(Level.CLAUSE, words, marker)]
            return [Item(_LEVELS[kind_of], words, marker)]
        is_ending = text.endswith("./.") and not _in_appendix(node)
        return [Paragraph(self._words(text, node), is_ending=is_ending)]

    def _is_head_of_decision(self, node: Mapping[str, Any]) -> bool:
        """A line in capitals before the articles: who decides, or the word of enactment."""
        text = self._text(node)
        found = kind(_kind(self.record["doc"].get("type")))
        if found.heading != "decision" or not text.isupper():
            return False
        if fold(text).strip(": ") != fold(found.enacting).strip(": "):
            self.decider = text
        return True

    def _table(self, nodes: list[Mapping[str, Any]]) -> list[Block]:
        """A head row and its rows. Where a row has not one line for each cell, it stands as a paragraph."""
        if not nodes:
            return []
        head = nodes[0]
        width = head.get("cells") or len(head["lines"])
        if width < 2 or any(len(node["lines"]) != width for node in nodes):
            return [Paragraph(self._words(self._text(node), node)) for node in nodes]
        rows = [tuple(self.lines[at - 1].strip() for at in node["lines"]) for node in nodes]
        longest = [max(len(row[at]) for row in rows) for at in range(width)]
        shares = [max(1, min(6, round(6 * length / max(longest)))) for length in longest]
        columns = tuple(Column(title, share) for title, share in zip(rows[0], shares, strict=True))
        return [Table(columns, tuple(rows[1:]))]

    # --- head and closing ---------------------------------------------------------------------

    def _bodies(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Superior and issuer: as printed, or by name where the head is missing or stands in two columns."""
        nodes = self._nodes("ten_co_quan")
        if nodes and all(_is_alone(node, self._raw(node)) for node in nodes):
            superior = tuple(self._text(node) for node in nodes if node["path"].startswith("hdr.cq0"))
            issuer = tuple(self._text(node) for node in nodes if not node["path"].startswith("hdr.cq0"))
            if issuer:
                return superior, issuer
        named = self.record["doc"].get("issuer") or {}
        name, parent = named.get("name") or "", named.get("parent") or ""
        return ((parent,) if parent else ()), ((name,) if name else ())

    def _recipients(self) -> tuple[str, ...]:
        named = [_undashed(nfc(row["raw"])) for row in self.record.get("recipients") or ()]
        archive = self.record.get("archive") or {}
        named.append(_undashed(nfc(archive.get("raw") or "")))
        return tuple(filter(None, named))

    def _signature(self) -> Signature:
        """Line by line as printed; from its parts where the lines of two columns stand in one."""
        told = self.record.get("signature") or {}
        nodes = self._nodes("quyen_han", "chuc_vu")
        if nodes and all(_is_alone(node, self._raw(node)) for node in nodes):
            lines = [self._text(node) for node in nodes]
        else:
            prefixes = [*(told.get("authority_prefix") or ())]
            lines = []
            if told.get("on_behalf_of"):
                lines.append(f"{prefixes.pop(0) if prefixes else 'TM.'} {told['on_behalf_of']}")
            if told.get("signed_for"):
                lines.append(f"{prefixes.pop(0) if prefixes else 'KT.'} {told['signed_for']}")
            if told.get("title"):
                lines.append(" ".join([*prefixes, told["title"]]))
        name = told.get("name") or self._first("ho_ten")
        return Signature(tuple(line.replace("*", "").strip() for line in lines), name)


def _in_appendix(node: Mapping[str, Any]) -> bool:
    return re.match(r"pl\d", node["path"]) is not None


def _is_alone(node: Mapping[str, Any], line: str) -> bool:
    """Whether a line of the head or closing holds one component, not those of both columns."""
    return ";" not in node["path"] and re.search(r"\||\t|\S {3,}\S", line) is None


def _undashed(text: str) -> str:
    return " ".join(text.split()).lstrip("-–+*• ").rstrip(";., ")


def _kind(name: str | None) -> str:
    """Code of the type by its Vietnamese name; an unknown one is printed as a plan is."""
    wanted = fold(name or "")
    return next((one.code for one in kinds().values() if fold(one.name) == wanted), "ke_hoach")


def _number(doc: Record) -> str | None:
    number = doc.get("number")
    if number is None:
        return None
    return f"{number:02}" if isinstance(number, int) else str(number)


def _dates(given: Record | None) -> tuple[date | None, str]:
    """A whole day, or the words in which day or month are missing."""
    if not given:
        return None, ""
    day, month, year = given.get("day"), given.get("month"), given.get("year")
    if day and month and year:
        try:
            return date(int(year), int(month), int(day)), ""
        except ValueError:
            return None, ""
    raw = nfc(str(given.get("raw") or ""))
    return None, re.sub(r"\s*(\.{2,}|…)[.…]*\s*", " ", raw).strip()


def _level_of_section(marker: str, text: str) -> Level:
    """`I.` in capitals, or a section that counts in figures."""
    core = marker.strip(" .)/:-–")
    return Level.CAPITAL if re.fullmatch(r"[IVXL]+", core) or text.isupper() else Level.CLAUSE
