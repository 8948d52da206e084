"""Word files read as the printed page would be read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thidua.documents.reading import files
from thidua.documents.reading.model import Cell, Line, Origin, SourceText

from .makers.plan import PLANS, Block, Plan, plan_of
from .makers.word import AGENCY, NATIONAL_TITLE, packed, paragraph, run, word_file, zipped


def texts(source: SourceText) -> list[str]:
    return [line.text for line in source.lines if line.text]


def read_body(body: str, **package: str) -> list[Line]:
    return [line for line in files.read(packed(body, **package)).lines if line.text]  # type: ignore[arg-type]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem[:3])
@pytest.mark.parametrize("national_title", [False, True])
def test_made_word_file_reads_like_the_plan_text(path: Path, national_title: bool) -> None:
    plan = plan_of(path.read_text(encoding="utf-8"))

    source = files.read(word_file(plan, national_title=national_title))

    added = [*AGENCY, *NATIONAL_TITLE] if national_title else []
    assert texts(source) == added + plan.lines()
    assert source.format == "docx"
    assert source.unicode_form == "NFC"


def numbered(text: str, *, level: int = 0, numbering: int = 1) -> str:
    return paragraph(
        text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>'
    )


def level(index: int, form: str, text: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def lists(*levels: str, instances: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>{instances}'


def test_numbering_counts_as_word_does() -> None:
    body = "".join(numbered("x", level=depth) for depth in (0, 1, 2, 2, 1, 2, 3, 0, 1, 2))

    lines = read_body(body)

    assert [line.text for line in lines] == [
        "I. x", "1. x", "a) x", "b) x", "2. x", "a) x", "- x", "II. x", "1. x", "a) x",
    ]  # fmt: skip


def test_numbering_formats_starts_and_joined_levels() -> None:
    numbering = lists(
        level(0, "decimalZero", "Phần %1:", start=9),
        level(1, "upperLetter", "%1.%2.", more="<w:isLgl/>"),
        level(2, "lowerRoman", "(%3)", more='<w:suff w:val="nothing"/>'),
        level(3, "bullet", "\uf0b7"),
        level(4, "bullet", "+"),
        level(5, "none", ""),
    )
    body = "".join(numbered("x", level=depth) for depth in (0, 0, 1, 1, 2, 2, 3, 4, 5))

    lines = read_body(body, numbering=numbering)

    assert [line.text for line in lines] == [
        "Phần 09: x", "Phần 10: x", "10.1. x", "10.2. x", "(i)x", "(ii)x", "- x", "+ x", "x",
    ]  # fmt: skip


def test_lists_of_one_definition_go_on_counting_unless_restarted() -> None:
    numbering = lists(
        level(0, "decimal", "%1."),
        instances='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/>'
        "</w:lvlOverride></w:num>",
    )
    body = "".join(numbered("x", numbering=number) for number in (1, 1, 2, 3, 3))

    lines = read_body(body, numbering=numbering)

    assert [line.text for line in lines] == ["1. x", "2. x", "3. x", "5. x", "6. x"]


def test_numbering_of_a_style_and_its_removal() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Tiêu đề 2"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="MucCon"><w:name w:val="Con"/>'
        '<w:basedOn w:val="Muc"/></w:style>'
    )
    body = (
        paragraph("Một", properties='<w:pStyle w:val="Muc"/>')
        + paragraph("Hai", properties='<w:pStyle w:val="MucCon"/>')
        + paragraph("Ba", properties='<w:pStyle w:val="Muc"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )

    lines = read_body(body, styles=styles)

    assert [(line.text, line.heading_level, line.bold) for line in lines] == [
        ("I. Một", 2, True),
        ("II. Hai", 2, True),
        ("Ba", 2, True),
    ]


def test_line_breaks_tabs_and_hyphens_inside_a_paragraph() -> None:
    body = (
        paragraph("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH")
        + paragraph("1.\tMục đích")
        + paragraph("Nơi nhận:\t\tGIÁM ĐỐC")
        + paragraph(
            runs="<w:r><w:t>hàng</w:t><w:softHyphen/><w:t> năm 2021</w:t>"
            "<w:noBreakHyphen/><w:t>2025</w:t></w:r>"
        )
        + paragraph("Điều\u00a05\u200b.")
    )

    assert [line.text for line in read_body(body)] == [
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "1. Mục đích",
        "Nơi nhận:    GIÁM ĐỐC",
        "hàng năm 2021-2025",
        "Điều 5.",
    ]


def test_a_tab_to_a_far_stop_divides_columns() -> None:
    body = paragraph(
        "Số: 05/KH-STD\tMinh Họa, ngày 01/7", properties='<w:tabs><w:tab w:val="left" w:pos="5000"/></w:tabs>'
    )

    assert read_body(body)[0].text == "Số: 05/KH-STD    Minh Họa, ngày 01/7"


def test_fields_show_their_result_only() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF _x \\h </w:instrText></w:r>'
        '<w:r><w:t>ẩn</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("mục 2")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    simple = f'<w:fldSimple w:instr=" DATE ">{run("01/7/2022")}</w:fldSimple>'
    broken = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    body = (
        paragraph(runs=run("Xem ") + field + run(" ngày ") + simple)
        + paragraph(runs=broken)
        + paragraph("Sau")
    )

    assert [line.text for line in read_body(body)] == ["Xem mục 2 ngày 01/7/2022", "Sau"]


def test_tracked_changes_comments_and_hidden_text() -> None:
    body = (
        paragraph(
            runs=run("Giảm ")
            + f"<w:del><w:r><w:delText>5%</w:delText></w:r></w:del><w:ins>{run('6%')}</w:ins>"
            + run(" bí mật", properties="<w:vanish/>")
            + run(" hằng năm", properties='<w:vanish w:val="0"/>')
        )
        + paragraph("Đoạn đầu ", properties="<w:rPr><w:del/></w:rPr>")
        + paragraph("nối tiếp.")
    )

    source = files.read(packed(body))

    assert texts(source) == ["Giảm 6% hằng năm", "Đoạn đầu nối tiếp."]
    assert source.remarks == ("Văn bản còn dấu vết sửa đổi: đã giữ phần thêm vào, bỏ phần xóa.",)


def test_content_controls_links_and_capitals() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('Trong ô nhập')}</w:sdtContent></w:sdt>"
        + paragraph(
            runs=f"<w:hyperlink>{run('liên kết')}</w:hyperlink><w:smartTag>{run(' thẻ')}</w:smartTag>"
        )
        + paragraph(runs=run("Mục đích, yêu cầu", properties="<w:caps/>"))
        + paragraph(runs=run("quy mô") + run("1", properties='<w:vertAlign w:val="superscript"/>'))
        + paragraph(runs='<w:r><w:sym w:font="Wingdings" w:char="F0D8"/><w:t> Gạch</w:t></w:r>')
        + paragraph(runs='<w:r><w:t>Từ 60% </w:t><w:sym w:font="Symbol" w:char="F0B3"/><w:t> 50%</w:t></w:r>')
    )

    assert [line.text for line in read_body(body)] == [
        "Trong ô nhập", "liên kết thẻ", "MỤC ĐÍCH, YÊU CẦU", "quy mô¹", "- Gạch", "Từ 60% ≥ 50%",
    ]  # fmt: skip


def test_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('DỰ THẢO')}</w:txbxContent>"
    body = paragraph(
        runs=run("Thân")
        + "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        + box
        + "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        + box
        + "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    assert [(line.text, line.origin) for line in read_body(body)] == [
        ("Thân", Origin.BODY),
        ("DỰ THẢO", Origin.TEXT_BOX),
    ]


def test_tables_are_read_by_rows_with_their_places() -> None:
    def cell(text: str, properties: str = "", inner: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}{paragraph(text)}</w:tc>"

    restart, span = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    nested = f"<w:tbl><w:tr>{cell('trong 1')}{cell('trong 2')}</w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr>{cell('TT', restart)}{cell('Năm', span)}</w:tr>"
        f"<w:tr>{cell('không hiện', '<w:vMerge/>')}{cell('2022')}{cell('2023', inner=nested)}</w:tr></w:tbl>"
    )

    assert [(line.text, line.cell) for line in read_body(body)] == [
        ("TT", Cell(0, 0, 0, 3)),
        ("Năm", Cell(0, 0, 1, 3)),
        ("2022", Cell(0, 1, 1, 3)),
        ("trong 1", Cell(1, 0, 0, 2)),
        ("trong 2", Cell(1, 0, 1, 2)),
        ("2023", Cell(0, 1, 2, 3)),
    ]


def test_notes_come_after_the_body_with_their_marks() -> None:
    reference = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = paragraph(
        runs=run("Một") + reference.format(7) + run(" hai") + reference.format(2) + run(".")
    ) + paragraph("Cuối")
    notes = (
        f'<w:footnote w:id="2">{paragraph(" Ghi chú sau")}</w:footnote>'
        '<w:footnote w:id="7">'
        f"{paragraph(runs='<w:r><w:footnoteRef/></w:r>' + run(' Ghi chú trước'))}</w:footnote>"
    )

    assert [(line.text, line.origin) for line in read_body(body, notes=notes)] == [
        ("Một¹ hai².", Origin.BODY),
        ("Cuối", Origin.BODY),
        ("¹ Ghi chú trước", Origin.FOOTNOTE),
        ("² Ghi chú sau", Origin.FOOTNOTE),
    ]


def test_running_header_is_marked_and_page_numbers_are_dropped() -> None:
    namespaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    header = f"<w:hdr {namespaces}>{paragraph('LƯU HÀNH NỘI BỘ')}</w:hdr>".encode()
    section = '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/></w:sectPr>'

    with_words = files.read(packed(paragraph("Thân") + section, more_parts={"word/header1.xml": header}))
    with_number = files.read(packed(paragraph("Thân") + section))

    assert [(line.text, line.origin) for line in with_words.lines] == [
        ("LƯU HÀNH NỘI BỘ", Origin.PAGE_HEADER),
        ("Thân", Origin.BODY),
    ]
    assert texts(with_number) == ["Thân"]


def test_old_fonts_become_unicode() -> None:
    body = paragraph(
        runs=run("KÕ ho¹ch", properties='<w:rFonts w:ascii=".VnTime"/>')
        + run(" phong trµo", properties='<w:rFonts w:ascii=".VnTime"/>')
    )

    source = files.read(packed(body))

    assert texts(source) == ["Kế hoạch phong trào"]
    assert source.remarks == ("Văn bản dùng phông chữ cũ (TCVN3 hoặc VNI), đã chuyển sang Unicode.",)


def test_decomposed_letters_become_nfc_and_are_recorded() -> None:
    source = files.read(packed(paragraph(normalize("NFD", "Kế hoạch"))))

    assert texts(source) == ["Kế hoạch"]
    assert source.unicode_form == "NFD"


def test_macros_are_never_run_only_mentioned() -> None:
    source = files.read(
        packed(paragraph("Thân"), more_parts={"word/vbaProject.bin": b"\x00"}), file_name="a.docm"
    )

    assert texts(source) == ["Thân"]
    assert source.remarks == ("Tệp có macro: macro không được chạy, chỉ đọc chữ.",)


def test_strict_files_are_read_like_usual_ones() -> None:
    raw = packed(paragraph("x", properties='<w:numPr><w:numId w:val="1"/></w:numPr>'))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = {
            name: archive.read(name)
            .replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            .replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            for name in archive.namelist()
        }

    assert texts(files.read(zipped(parts))) == ["I. x"]


WORDS = st.lists(
    st.sampled_from(
        ["thi", "đua", "Nghèo", "bền", "vững;", "2021-2025", "“Chung", "sức”", "41,6%", "ủy", "A&B", "<b>"]
    ),
    min_size=1,
    max_size=8,
).map(" ".join)


@st.composite
def numbered_plans(draw: st.DrawFn) -> Plan:
    """A plan whose sections, items, points and dashes are numbered as officials number them."""
    plan = Plan(title=["KẾ HOẠCH", draw(WORDS)])
    for section, roman in enumerate(("I", "II", "III", "IV")[: draw(st.integers(1, 4))], start=1):
        plan.body.append(Block("roman", roman, f"{draw(WORDS)} {section}"))
        for item in range(1, draw(st.integers(0, 3)) + 1):
            plan.body.append(Block("arabic", str(item), draw(WORDS)))
            for letter in "abcdđeg"[: draw(st.integers(0, 7))]:
                plan.body.append(Block("letter", letter, draw(WORDS)))
            plan.body += [Block("dash", "", draw(WORDS)) for _ in range(draw(st.integers(0, 2)))]
        if draw(st.booleans()):
            plan.body.append(Block("", "", draw(WORDS)))
    return plan


@given(numbered_plans())
@settings(max_examples=60, deadline=None)
def test_any_numbered_plan_reads_back_as_it_was_typed(plan: Plan) -> None:
    assert texts(files.read(word_file(plan))) == plan.lines()
