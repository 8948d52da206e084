"""Plain text and Markdown: the lines of the file, as they are and with its own numbers.

A line ends at U+000A, as editors count; a form feed turns the page. Markdown keeps its marks of
emphasis, bullets and tables, because plans saved by converters hold them anywhere and facts quote the line as
it stands; only the marks of headings are read away.
"""

from __future__ import annotations

import re
from unicodedata import is_normalized

from ..model import SourceText
from .encodings import decode
from .lines import LineCollector
from .refusals import refused

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
#: a stray control character happens in converted files; more than this share means the bytes are no text
_MAX_CONTROL_SHARE = 0.002

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+")
_BOLD_LINE = re.compile(r"\s*(\*\*|__)(?=\S)(?:(?!\1).)+\1\s*$")


def read(raw: bytes, *, file_name: str, sha256: str, markdown: bool = False) -> SourceText:
    """The lines of a text file; refuses bytes that are no text, and a text that says nothing."""
    text, remarks = decode(raw)
    controls = len(_CONTROLS.findall(text))
    if "\x00" in text or controls > max(1, len(text) * _MAX_CONTROL_SHARE):
        raise refused("binary")
    unicode_form = _form_of(text)
    codepoints = len(text)
    final_newline = text.endswith(("\n", "\r"))
    if "\r" in text:
        text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    markdown = markdown or _looks_like_markdown(lines)
    collector = LineCollector()
    page = 1 if "\f" in text else None
    for line in lines:
        if page is not None and "\f" in line:
            opening = len(line) - len(line.lstrip("\f \t"))
            page += line.count("\f", 0, opening)
            _add(collector, line.strip("\f").replace("\f", " "), page=page, markdown=markdown)
            page += line.count("\f", opening)
        else:
            _add(collector, line, page=page, markdown=markdown)
    if collector.is_blank:
        raise refused("blank_text")
    return collector.source(
        form="md" if markdown else "txt",
        sha256=sha256,
        file_name=file_name,
        remarks=remarks,
        codepoints=codepoints,
        unicode_form=unicode_form,
        final_newline=final_newline,
    )


def _looks_like_markdown(lines: list[str]) -> bool:
    """Whether two headings or the rule of a table show Markdown in a file of another name."""
    headings = sum(1 for line in lines if line.startswith("#") and _HEADING.match(line))
    return headings > 1 or any(line.startswith("|") and _is_table_rule(line) for line in lines)


def _is_table_rule(line: str) -> bool:
    return "|" in line and "--" in line and not line.strip("|:- \t\r")


def _add(collector: LineCollector, line: str, *, page: int | None, markdown: bool) -> None:
    line = line.rstrip("\r")
    if not markdown:
        collector.add(line, page=page)
        return
    heading = _HEADING.match(line)
    if heading:
        words = line[heading.end() :].strip().rstrip("#").rstrip()
        collector.add(words, page=page, bold=True, heading_level=len(heading[1]), whole_paragraph=True)
    elif line.lstrip().startswith("|"):
        collector.add(line, page=page, whole_paragraph=True)
    else:
        collector.add(line, page=page, bold=bool(_BOLD_LINE.match(line)))


def _form_of(text: str) -> str:
    if text.isascii() or is_normalized("NFC", text):
        return "NFC"
    return "NFD" if is_normalized("NFD", text) else "mixed"
