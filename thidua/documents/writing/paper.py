"""One description of an official paper, from which both its faces are made: the Word file and the PDF.

Pure values, no Django. Knows what a paper consists of (NĐ 30/2020, Annex I); hides nothing of how it looks:
sizes, margins and capitals belong to whoever draws it. Text is NFC, without marks of emphasis in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias


class Level(StrEnum):
    """Depth of a heading or item, by the words of the decree; `CAPITAL` is the `I. TÊN MỤC` of most plans."""

    PART = "phan"
    CHAPTER = "chuong"
    CAPITAL = "muc_la_ma"  # I. MỤC ĐÍCH, YÊU CẦU
    CLAUSE = "khoan"  # 1. Mục đích
    POINT = "diem"  # a) …
    DASH = "gach"  # - …


@dataclass(frozen=True, slots=True)
class Run:
    """Words in one style; `note` is the text of a footnote whose mark follows the words."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    note: str = ""


Words: TypeAlias = "str | Sequence[Run]"


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered title. `number` is written as printed ("I", "1", "a"); empty lets the drawer count."""

    level: Level
    title: Words
    number: str = ""
    #: Prints the title as it is written, where the level would want capitals.
    keeps_case: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; `is_ending` closes the paper with `./.`."""

    words: Words
    is_ending: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A numbered or dashed paragraph that is no title: `1. …`, `a) …`, `- …`."""

    level: Level
    words: Words
    number: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """`Điều 1. …` of a decision; `parts` are further paragraphs of the same article."""

    words: Words
    title: str = ""
    number: str = ""
    parts: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its title, its share of the width, and whether it holds figures."""

    title: str
    share: int = 1
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the head repeats on each page. A cell is words; a row whose `bold_rows` says so is a total."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: str = ""
    bold_rows: frozenset[int] = frozenset()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, with the words that say the same to who cannot see it."""

    svg: str
    caption: str
    alternative: str


#: Anything that may stand in the body.
Block: TypeAlias = "Heading | Paragraph | Item | Table | Figure | Article"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, as the block prints it, line by line above the name.

    `authority` holds the lines: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"). `name` is empty
    before somebody is named; `image` is the scan of a signature as PNG.
    """

    authority: tuple[str, ...]
    name: str = ""
    image: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Appendix:
    """An appendix, numbered on its own; `number` is "I", "II", … or empty when it is the only one."""

    title: str
    body: tuple[Block, ...]
    number: str = ""
    is_landscape: bool = False


class Urgency(StrEnum):
    NONE = ""
    URGENT = "khan"
    VERY_URGENT = "thuong_khan"
    AT_ONCE = "hoa_toc"


@dataclass(frozen=True, slots=True)
class Paper:
    """One official paper.

    `kind` is a code of `kinds.yaml` ("bao_cao", "cong_van", …). `number` is None before the clerk gave one:
    the place stays open on paper. `symbol` is printed behind the number ("BC-UBND"). `dated` None leaves the
    places of day, month and year open. `superior` and `issuer` are lines, in their normal spelling.
    """

    kind: str
    issuer: tuple[str, ...]
    title: str
    body: tuple[Block, ...]
    signature: Signature
    superior: tuple[str, ...] = ()
    #: The issuer in one line and in normal spelling, where `issuer` is not ("Ủy ban nhân dân xã Tân Tiến").
    issuer_name: str = ""
    number: str | None = None
    symbol: str = ""
    place: str = ""
    dated: date | None = None
    #: The date as printed while it is not known whole ("ngày      tháng 6 năm 2022"); `dated` goes before it.
    dated_as: str = ""
    #: Who decides, of a decision: "Chủ tịch Ủy ban nhân dân tỉnh Lạng Sơn".
    decider: str = ""
    #: Căn cứ, each without its last sign; "Căn cứ " may be left out.
    bases: tuple[str, ...] = ()
    #: Kính gửi; empty where the kind names nobody.
    addressees: tuple[str, ...] = ()
    #: Nơi nhận without dash and last sign, the line «Lưu: VT, …» included.
    recipients: tuple[str, ...] = ()
    #: A second signing block (biên bản: thư ký, chủ trì), printed to the left.
    cosigner: Signature | None = None
    appendices: tuple[Appendix, ...] = ()
    #: Prints «DỰ THẢO» under the number.
    is_draft: bool = False
    urgency: Urgency = Urgency.NONE
    #: "LƯU HÀNH NỘI BỘ", "XEM XONG TRẢ LẠI" or nothing.
    restriction: str = ""
    #: Drafter and copies, "PL.(300)".
    drafter: str = ""
    #: Address, e-mail, telephone at the foot of page 1.
    contact: str = ""
    #: "SAO Y", "TRÍCH SAO", "SAO LỤC" with body and time, for copies; top right of page 1.
    copy_mark: tuple[str, ...] = ()


def plain(words: Words) -> str:
    """Words without their styles; notes are left out."""
    return words if isinstance(words, str) else "".join(run.text for run in words)
