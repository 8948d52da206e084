"""The body of a paper as lines that a person types, and back: a marker at its beginning says what a line is.

Pure. `I. …` is a part, `Điều 1. …` an article, `1. …`, `a) …`, `- …` are items, anything else a paragraph.
Tables and pictures have no such form: a paper that holds one is not edited as lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from thidua.core.text import nfc
from thidua.documents.writing.paper import Article, Block, Heading, Item, Level, Paragraph, plain

_PART = re.compile(r"([IVXLC]+)\.\s+(.+)")
_ARTICLE = re.compile(r"Điều\s+(\d+)\.\s+(.+)")
_CLAUSE = re.compile(r"(\d+)\.\s+(.+)")
_POINT = re.compile(r"([a-zđ])\)\s+(.+)")
_DASH = re.compile(r"[-–]\s+(.+)")
_END = "./."


def blocks(text: str) -> tuple[Block, ...]:
    """What the lines say; empty lines separate nothing and fall away. The last paragraph ends with `./.`."""
    lines = [nfc(" ".join(line.split())) for line in text.splitlines()]
    found = [_block(line) for line in lines if line]
    if found and isinstance(found[-1], Paragraph):
        found[-1] = Paragraph(plain(found[-1].words).removesuffix(_END).removesuffix("."), is_ending=True)
    return tuple(found)


def _block(line: str) -> Block:
    if match := _PART.fullmatch(line):
        return Heading(Level.CAPITAL, match[2], number=match[1])
    if match := _ARTICLE.fullmatch(line):
        return Article(match[2], number=match[1])
    if match := _CLAUSE.fullmatch(line):
        return Item(Level.CLAUSE, match[2], number=match[1])
    if match := _POINT.fullmatch(line):
        return Item(Level.POINT, match[2], number=match[1])
    if match := _DASH.fullmatch(line):
        return Item(Level.DASH, match[1])
    return Paragraph(line)


def text(body: Sequence[Block]) -> str | None:
    """The lines of a body; None when it holds what lines cannot say."""
    lines = [_line(block) for block in body]
    if any(line is None for line in lines):
        return None
    written = "\n".join(line for line in lines if line is not None)
    return written if blocks(written) == tuple(body) else None


def _line(block: Block) -> str | None:
    if isinstance(block, Paragraph) and isinstance(block.words, str):
        return block.words + (_END if block.is_ending else "")
    if isinstance(block, Heading) and isinstance(block.title, str) and block.level is Level.CAPITAL:
        return f"{block.number}. {block.title}"
    if isinstance(block, Article) and isinstance(block.words, str) and not block.parts and not block.title:
        return f"Điều {block.number}. {block.words}"
    if isinstance(block, Item) and isinstance(block.words, str):
        marker = {Level.CLAUSE: f"{block.number}.", Level.POINT: f"{block.number})", Level.DASH: "-"}
        return f"{marker[block.level]} {block.words}" if block.level in marker else None
    return None
