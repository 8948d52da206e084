"""Text and Markdown: the file's own lines and numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.documents.reading import files
from thidua.documents.reading.files import Unreadable
from thidua.documents.reading.model import SourceText

from .makers.plan import PLANS
from .makers.variants import decomposed, with_carriage_returns


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
def test_lines_of_a_plan_are_those_of_the_file(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    source = files.read_path(path)

    assert [line.text for line in source.lines] == text.split("\n")
    assert [line.number for line in source.lines] == list(range(1, len(source.lines) + 1))
    assert (source.codepoints, source.final_newline, source.unicode_form) == (len(text), False, "NFC")
    assert source.file_name == path.name


def test_other_forms_of_the_same_text_give_the_same_lines() -> None:
    text = "KẾ HOẠCH\n\nMục đích: giảm nghèo.\n"
    plain = [line.text for line in files.read(text.encode()).lines]

    for raw in (
        decomposed(text).encode(),
        with_carriage_returns(text).encode(),
        text.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + text.encode(),
        text.encode("utf-16"),
        text.encode("utf-16-be"),
        text.encode("utf-16-le"),
    ):
        assert [line.text for line in files.read(raw).lines] == plain
    assert files.read(decomposed(text).encode()).unicode_form == "NFD"


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Kế hoạch tổ chức phong trào thi đua giảm nghèo bền vững".encode(), None),
        (
            "K\u00d5 ho\u00b9ch t\u00e6 ch\u00f8c phong tr\u00b5o thi \u00aeua "
            "gi\u00b6m ngh\u00cco b\u00d2n v\u00f7ng".encode("latin-1"),
            "TCVN3",
        ),
    ],
)
def test_old_encodings_become_unicode(raw: bytes, name: str | None) -> None:
    source = files.read(raw)

    assert source.lines[0].text == "Kế hoạch tổ chức phong trào thi đua giảm nghèo bền vững"
    assert source.remarks == (
        () if name is None else (f"Tệp dùng bảng mã cũ ({name}), đã chuyển sang Unicode.",)
    )


def test_form_feeds_turn_pages_without_changing_lines() -> None:
    lines = files.read("một\n\fhai\nba\f\nbốn cắt\fgiữa\nnăm".encode()).lines

    assert [(line.text, line.page) for line in lines] == [
        ("một", 1), ("hai", 2), ("ba", 2), ("bốn cắt giữa", 3), ("năm", 4),
    ]  # fmt: skip


def test_markdown_keeps_its_lines_but_for_the_marks_of_headings() -> None:
    text = "## I. MỤC ĐÍCH\n* Gạch\n- Gạch\n**Đậm**\n| A | B |\n|---|---|\n*nghiêng* giữa"

    source = files.read(text.encode(), file_name="ke-hoach.md")

    assert [(line.text, line.heading_level, line.bold) for line in source.lines] == [
        ("I. MỤC ĐÍCH", 2, True),
        ("* Gạch", None, False),
        ("- Gạch", None, False),
        ("**Đậm**", None, True),
        ("| A | B |", None, False),
        ("|---|---|", None, False),
        ("*nghiêng* giữa", None, False),
    ]
    assert source.format == "md"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("# Một\nchữ\n## Hai\n", "md"),
        ("|A|B|\n|---|---|\n|1|2|\n", "md"),
        ("# Một\nchữ\n", "txt"),
        ("|A|B|\n", "txt"),
    ],
)
def test_markdown_is_told_by_its_looks(text: str, form: str) -> None:
    assert files.read(text.encode(), file_name="a.txt").format == form


def test_broken_letters_are_reported() -> None:
    raw = ("Kế hoạch thi đua " * 200).encode() + b"\xe1\xba"

    assert files.read(raw).remarks == ("1 ký tự hỏng đã được thay bằng «\ufffd».",)


def outcome(raw: bytes, *, file_name: str = "") -> SourceText | Unreadable:
    try:
        return files.read(raw, file_name=file_name)
    except Unreadable as refusal:
        return refusal


@given(st.binary(max_size=600))
def test_any_bytes_give_lines_or_a_clear_refusal(raw: bytes) -> None:
    read = outcome(raw)

    if isinstance(read, Unreadable):
        assert all((read.key, read.what, read.why, read.next_step))
    else:
        assert read.lines


@given(st.text(min_size=1, max_size=400))
def test_any_text_is_read_line_by_line(text: str) -> None:
    read = outcome(text.encode("utf-8", "replace"), file_name="a.txt")

    if isinstance(read, SourceText) and read.format == "txt":
        assert all("\n" not in line.text for line in read.lines)
        assert [line.number for line in read.lines] == list(range(1, len(read.lines) + 1))


@given(
    st.binary(max_size=400),
    st.sampled_from(
        [b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"{\\rtf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
    ),
)
@settings(max_examples=60, deadline=None)
def test_any_bytes_after_a_known_opening_are_refused_or_read(raw: bytes, opening: bytes) -> None:
    read = outcome(opening + raw)

    assert isinstance(read, Unreadable) or read.lines
