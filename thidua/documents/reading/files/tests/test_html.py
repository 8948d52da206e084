"""Saved web pages read without what portals put around a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from thidua.documents.reading import files
from thidua.documents.reading.model import Cell, Line, Origin

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


def test_page_saved_by_word_keeps_header_numbers_and_notes() -> None:
    body = (
        "<div class=WordSection1><table><tr><td><p align=center>UBND TỈNH<br><b>SỞ THÍ DỤ</b></p>"
        "</td><td><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p></td></tr></table>"
        "<p><![if !supportLists]><b>I.<span>&nbsp;&nbsp; </span></b><![endif]><b>MỤC ĐÍCH</b></p>"
        '<p>Quy mô<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a> hộ\nnghèo.<o:p></o:p></p></div>'
        "<div style='mso-element:footnote-list'><hr><div style='mso-element:footnote' id=ftn1>"
        '<p><a href="#_ftnref1"><sup>[1]</sup></a> Là tổng số hộ.</p></div></div>'
    )

    assert [(line.text, line.origin, line.bold) for line in read_body(body)] == [
        ("UBND TỈNH", Origin.TABLE, False),
        ("SỞ THÍ DỤ", Origin.TABLE, True),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Origin.TABLE, True),
        ("I. MỤC ĐÍCH", Origin.BODY, True),
        ("Quy mô¹ hộ nghèo.", Origin.BODY, False),
        ("¹ Là tổng số hộ.", Origin.FOOTNOTE, False),
    ]


def test_named_content_is_taken_out_of_a_page_that_lists_other_documents() -> None:
    body = (
        "<form><div class=top>Đăng nhập</div><div class=main><div class=left><h1>Kế hoạch 12/KH-UBND</h1>"
        '<div id="ctl00_Content_ThongTinVB_divNoiDung"><div class="content1"><p>KẾ HOẠCH</p>'
        f"{'<p>Nội dung của kế hoạch.</p>' * 9}<p>Nơi nhận:</p></div></div></div>"
        "<div class=right><h3>Văn bản khác</h3><p>QUYẾT ĐỊNH số 1</p><p>Số: 12</p></div></div></form>"
    )

    assert [line.text for line in read_body(body)] == [
        "KẾ HOẠCH",
        *["Nội dung của kế hoạch."] * 9,
        "Nơi nhận:",
    ]
