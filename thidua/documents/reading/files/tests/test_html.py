"""Saved web pages read without what portals put around a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.documents.reading import files
from thidua.documents.reading.model import Cell, Line

from .makers.plan import PLANS, plan_of
from .makers.portal import portal_page
from .makers.word import AGENCY, NATIONAL_TITLE


def read_body(body: str) -> list[Line]:
    return list(files.read(f"<!DOCTYPE html><html><body>{body}</body></html>".encode()).lines)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("national_title", [False, True])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1258"])
def test_portal_page_reads_like_the_plan_text(path: Path, national_title: bool, charset: str) -> None:
    plan = plan_of(path.read_text(encoding="utf-8"))

    source = files.read(portal_page(plan, national_title=national_title, charset=charset))

    added = [*AGENCY, *NATIONAL_TITLE] if national_title else []
    assert [line.text for line in source.lines] == added + plan.lines()
    assert source.format == "html"


def test_lines_of_breaks_lists_and_preformatted_text() -> None:
    body = (
        "<p>TM. ỦY BAN<br>KT. CHỦ TỊCH</p><ol type='a' start='3'><li>Ba</li><li><p>Bốn</p></li></ol>"
        "<ul><li>Gạch</li><li>- Đã gõ gạch</li></ul><pre>Một\nHai</pre>chữ&nbsp;trần <b>đậm</b>"
    )

    assert [line.text for line in read_body(body)] == [
        "TM. ỦY BAN", "KT. CHỦ TỊCH", "c) Ba", "d) Bốn", "- Gạch", "- Đã gõ gạch",
        "Một", "Hai", "chữ trần đậm",
    ]  # fmt: skip


def test_looks_of_lines() -> None:
    lines = read_body(
        '<h2>I. MỤC ĐÍCH</h2><p align="center"><strong>KẾ HOẠCH</strong></p><p>quy mô<sup>1</sup> hộ</p>'
    )

    assert [(line.text, line.bold, line.centred, line.heading_level) for line in lines] == [
        ("I. MỤC ĐÍCH", True, False, 2),
        ("KẾ HOẠCH", True, True, None),
        ("quy mô¹ hộ", False, False, None),
    ]


def test_tables_keep_places_over_joined_cells() -> None:
    lines = read_body(
        "<table><tr><td rowspan=2>TT</td><td colspan=2>Năm</td></tr><tr><td>2022</td>"
        "<td>2023</td></tr></table><p>Sau</p>"
    )

    assert [(line.text, line.cell) for line in lines] == [
        ("TT", Cell(0, 0, 0, 3)),
        ("Năm", Cell(0, 0, 1, 3)),
        ("2022", Cell(0, 1, 1, 3)),
        ("2023", Cell(0, 1, 2, 3)),
        ("Sau", None),
    ]


def test_a_table_that_arranges_the_page_gives_no_cells() -> None:
    body = (
        "<table><tr><td><a href=1>Trang chủ</a><a href=2>Văn bản</a><a href=3>Liên hệ</a></td>"
        f"<td>{'<p>KẾ HOẠCH</p><p>I. MỤC ĐÍCH</p>' * 6}</td></tr></table>"
    )

    assert [(line.text, line.cell) for line in read_body(body)] == [
        ("KẾ HOẠCH", None),
        ("I. MỤC ĐÍCH", None),
    ] * 6


def test_hidden_parts_and_scripts_are_not_read() -> None:
    body = '<script>alert("x")</script><p style="display: none">ẩn</p><p hidden>ẩn</p><!-- ẩn --><p>hiện</p>'

    assert [line.text for line in read_body(body)] == ["hiện"]
