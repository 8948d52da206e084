"""What stands on paper, word by word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from thidua.documents.writing.characters import CannotBePrinted, printable
from thidua.documents.writing.paper import Article, Heading, Item, Level, Paragraph, Run, Signature
from thidua.documents.writing.printed import TextLine, printed
from thidua.documents.writing.tests import papers


def markers(*blocks: Heading | Item | Article) -> list[str]:
    lines = printed(replace(papers.ke_hoach(), body=blocks)).lines
    return [line.marker.text if line.marker else line.label for line in lines if isinstance(line, TextLine)]


def test_points_follow_the_vietnamese_alphabet() -> None:
    points = [Item(Level.POINT, "x") for _ in range(24)]

    assert "".join(markers(*points)) == ("a)b)c)d)đ)e)g)h)i)k)l)m)n)o)p)q)r)s)t)u)v)x)y)aa)")


def test_counting_begins_anew_under_each_higher_heading() -> None:
    assert markers(
        Heading(Level.CAPITAL, "A"),
        Heading(Level.CLAUSE, "B"),
        Item(Level.POINT, "c"),
        Heading(Level.CLAUSE, "D"),
        Item(Level.POINT, "e"),
        Heading(Level.CAPITAL, "F"),
        Item(Level.CLAUSE, "g"),
    ) == ["I.", "1.", "a)", "2.", "a)", "II.", "1."]


def test_articles_run_through_the_chapters() -> None:
    assert markers(
        Heading(Level.CHAPTER, "A"),
        Article("", title="Một"),
        Item(Level.CLAUSE, "y"),
        Heading(Level.CHAPTER, "B"),
        Article("z"),
        Item(Level.CLAUSE, "t"),
    ) == ["Chương I", "Điều 1.", "1.", "Chương II", "Điều 2.", "1."]


def test_given_numbers_are_printed_as_given_and_counted_on() -> None:
    assert markers(
        Item(Level.CLAUSE, "a", number="3"),
        Item(Level.CLAUSE, "b"),
        Item(Level.POINT, "c", number="c)"),
        Item(Level.CLAUSE, "d", number="1.1."),
        Item(Level.DASH, "e", number="+"),
    ) == ["3.", "4.", "c)", "1.1.", "+"]


def test_recipients_end_with_semicolons_and_a_full_stop() -> None:
    assert printed(papers.ke_hoach()).recipients == (
        "- UBND tỉnh (b/c);",
        "- Các phòng, đơn vị thuộc Sở;",
        "- Lưu: VT, VP.",
    )


def test_single_addressee_stands_alone_and_several_in_a_list() -> None:
    assert printed(papers.cong_van()).addressees == ("Ủy ban nhân dân các xã, phường, thị trấn",)
    assert printed(papers.to_trinh()).addressees == (
        "- Ủy ban nhân dân tỉnh;",
        "- Hội đồng Thi đua - Khen thưởng tỉnh.",
    )


def test_bases_end_with_semicolons_and_begin_with_their_word() -> None:
    assert printed(papers.quyet_dinh()).bases == (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        "Theo đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 12/TTr-SNV ngày 20 tháng 11 năm 2023.",
    )


@pytest.mark.parametrize(
    ("given", "ended"), [("Hết.", "Hết./."), ("Hết./.", "Hết./."), ("Hết", "Hết./."), ("", "./.")]
)
def test_ending_closes_with_its_sign_once(given: str, ended: str) -> None:
    lines = printed(replace(papers.ke_hoach(), body=(Paragraph(given, is_ending=True),))).lines

    assert isinstance(lines[0], TextLine)
    assert "".join(run.text for run in lines[0].runs) == ended


def test_date_has_zeros_only_where_the_decree_wants_them() -> None:
    days = [
        printed(replace(papers.ke_hoach(), dated=day)).day for day in (date(2023, 2, 7), date(2023, 11, 20))
    ]

    assert days == ["ngày 07 tháng 02 năm 2023", "ngày 20 tháng 11 năm 2023"]
    assert printed(replace(papers.ke_hoach(), dated=None)).day is None
    assert printed(replace(papers.ke_hoach(), dated=None, dated_as="ngày   tháng 6 năm 2022")).day == (
        "ngày\u00a0\u00a0\u00a0\u00a0\u00a0 tháng 6 năm 2022"
    )


def test_capitals_are_made_where_the_decree_wants_them() -> None:
    one = printed(
        replace(papers.ke_hoach(), signature=Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), "Đỗ Ý"))
    )

    assert (one.issuer, one.kind_name, one.signature.authority, one.signature.name) == (
        ("SỞ NỘI VỤ",),
        "KẾ HOẠCH",
        ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
        "Đỗ Ý",
    )


def test_spaces_between_runs_stay() -> None:
    body = (Paragraph([Run("Xã "), Run("Tân Tiến", is_bold=True), Run(" đạt"), Run(".")]),)
    line = printed(replace(papers.ke_hoach(), body=body)).lines[0]

    assert isinstance(line, TextLine)
    assert [run.text for run in line.runs] == ["Xã ", "Tân Tiến", " đạt", "."]


def test_character_that_the_font_lacks_is_refused_with_its_place() -> None:
    with pytest.raises(CannotBePrinted) as caught:
        printed(replace(papers.ke_hoach(), body=(Paragraph("Xã Tân Tiến vui 😀 lắm"),)))

    assert caught.value.message == (
        "Không in được ký tự «😀» (U+1F600 GRINNING FACE) trong «Xã Tân Tiến vui  lắm»: phông chữ của văn bản"
        " hành chính không có ký tự này. Xóa hoặc thay ký tự đó rồi in lại."
    )


def test_invisible_and_look_alike_characters_become_plain() -> None:
    assert printable("Số\u00a0liệu\u200b\u2011\uf0b7\tmới\r\n") == "Số liệu-- mới"
