"""The Word file: what an officer finds in it, and that other programs open it."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from thidua.documents.reading.files import intake
from thidua.documents.writing.form import form
from thidua.documents.writing.paper import Item, Level, Paper, Signature, Urgency
from thidua.documents.writing.tests import papers
from thidua.documents.writing.tests.expected import words_of
from thidua.documents.writing.tests.measuring import Sheet, page_count, squeezed, text_of
from thidua.documents.writing.tests.test_typesetting import blue_mark
from thidua.documents.writing.word import docx_bytes
from thidua.documents.writing.word_styles import styles

OFFICE = shutil.which("soffice")


def opened(paper: Paper) -> Document:
    return docx.Document(io.BytesIO(docx_bytes(paper)))


def part(paper: Paper, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx_bytes(paper))) as file:
        return file.read(name)


def styled(document: Document, style: str) -> list[str]:
    paragraphs = document.element.body.iter(qn("w:p"))
    return [
        "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
        for paragraph in paragraphs
        if paragraph.pPr is not None and paragraph.pPr.style == style
    ]


@pytest.mark.parametrize("name", ["ke_hoach", "to_trinh", "cong_van", "giay_moi", "giay_xac_nhan"])
def test_our_reader_reads_the_words_that_were_written(name: str) -> None:
    paper = replace(papers.ALL[name](), contact="", drafter="", urgency=Urgency.NONE)
    text = " ".join(line.text for line in intake.read(docx_bytes(paper), file_name="a.docx").lines)
    read = squeezed(text.replace("¹ Gồm cả bộ phận một cửa.", "").replace("¹", ""))

    assert read == squeezed(words_of(paper))


def test_page_has_the_measures_of_the_decree() -> None:
    section = opened(papers.ke_hoach()).sections[0]

    assert [round(length.mm) for length in (section.page_width, section.page_height) if length] == [210, 297]
    assert [
        round(margin.mm, 1) if margin is not None else None
        for margin in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer


def test_every_part_has_a_style_with_its_size() -> None:
    document = opened(papers.ke_hoach())
    sizes = {style.name: style.font.size for style in document.styles if style.type == 1}

    assert styled(document, "QuocHieu") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert styled(document, "TenLoai") == ["KẾ HOẠCH"]
    assert styled(document, "Heading2") == ["MỤC ĐÍCH, YÊU CẦU", "TỔ CHỨC THỰC HIỆN"]
    assert styled(document, "Heading3") == ["Mục đích", "Yêu cầu"]
    assert styled(document, "HoTenNguoiKy") == ["Nguyễn Văn An"]
    assert (sizes["Quốc hiệu"], sizes["Lời văn"], sizes["Nơi nhận, danh sách"]) == (Pt(12), Pt(14), Pt(11))


def test_only_times_new_roman_is_named() -> None:
    with zipfile.ZipFile(io.BytesIO(docx_bytes(papers.bao_cao()))) as file:
        texts = [
            file.read(name) for name in file.namelist() if name in ("word/styles.xml", "word/document.xml")
        ]
    fonts = {
        value
        for text in texts
        for element in etree.fromstring(text).iter(qn("w:rFonts"))
        for name, value in element.attrib.items()
    }

    assert fonts == {"Times New Roman"}


def test_numbers_are_counted_by_word_itself() -> None:
    document = opened(papers.ke_hoach())
    texts = [text for style in ("KhoanDiem", "Heading2", "Heading3") for text in styled(document, style)]

    assert [text for text in texts if text.startswith(("a)", "1.", "I.", "-"))] == []
    assert len(list(document.element.body.iter(qn("w:numId")))) == len(texts)


def test_points_after_d_keep_the_vietnamese_order() -> None:
    paper = replace(papers.ke_hoach(), body=tuple(Item(Level.POINT, "x") for _ in range(23)))
    lines = intake.read(docx_bytes(paper), file_name="a.docx").lines

    assert "".join(line.text[0] for line in lines if line.text.endswith(" x")) == "abcdđeghiklmnopqrstuvxy"


def test_a_list_begins_anew_under_the_next_heading() -> None:
    numbering = etree.fromstring(part(papers.ke_hoach(), "word/numbering.xml"))

    assert [element.tag for element in numbering] == sorted(
        (element.tag for element in numbering), key=lambda tag: tag == qn("w:num")
    )  # Word wants all definitions before all lists
    starts = [element.get(qn("w:val")) for element in numbering.iter(qn("w:startOverride"))]
    assert starts.count("1") >= 4


def test_notes_are_notes_of_word() -> None:
    notes = etree.fromstring(part(papers.ke_hoach(), "word/footnotes.xml"))

    assert "".join(text.text or "" for text in notes.iter(qn("w:t"))).strip() == "Gồm cả bộ phận một cửa."
    assert part(papers.ke_hoach(), "word/document.xml").count(b"w:footnoteReference ") == 1


def test_head_of_a_table_repeats_and_rows_stay_whole() -> None:
    document = opened(papers.bao_cao())
    table = next(table for table in document.tables if len(table.columns) == 4)

    assert table.rows[0]._tr.trPr is not None
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None  # type: ignore[union-attr]
    assert len(table.rows) == 62


def test_pictures_say_the_same_in_words() -> None:
    paper = replace(papers.bao_cao(), signature=Signature(("Giám đốc",), "Nguyễn An", image=blue_mark()))
    document = opened(paper)

    assert [element.get("descr") for element in document.element.body.iter(qn("wp:docPr"))] == [
        "Cột cao 12,3 phần trăm",
        "Chữ ký của Nguyễn An",
    ]


def test_appendices_are_sections_that_count_their_own_pages() -> None:
    sections = opened(papers.quyet_dinh()).sections

    assert [section.orientation for section in sections] == [0, 0, 1]
    assert [section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) for section in sections] == ["1"] * 3
    assert [section.page_width.mm > section.page_height.mm for section in sections] == [False, False, True]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", papers.ALL)
def test_every_cell_ends_with_a_paragraph_and_properties_stand_in_order(name: str) -> None:
    """Word takes a file for broken otherwise."""
    body = opened(papers.ALL[name]()).element.body
    order = ("pStyle", "keepNext", "numPr", "pBdr", "spacing", "ind", "jc", "sectPr")

    assert [cell for cell in body.iter(qn("w:tc")) if cell[-1].tag != qn("w:p")] == []
    wrong = []
    for properties in body.iter(qn("w:pPr")):
        names = [etree.QName(child).localname for child in properties]
        if names != sorted(names, key=order.index):
            wrong.append(names)
    assert wrong == []


def test_same_paper_gives_the_same_bytes() -> None:
    assert docx_bytes(papers.ke_hoach()) == docx_bytes(papers.ke_hoach())


def test_styles_have_names_of_their_own() -> None:
    names = [style.name for style in styles(form())]
    assert len(set(names)) == len(names)


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not on this machine")
def test_libreoffice_opens_every_paper(tmp_path: Path) -> None:
    for name, make in papers.ALL.items():
        (tmp_path / f"{name}.docx").write_bytes(docx_bytes(make()))
    assert OFFICE is not None
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation=file://{tmp_path / 'profile'}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            *(str(tmp_path / f"{name}.docx") for name in papers.ALL),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )

    texts = {name: text_of((tmp_path / f"{name}.pdf").read_bytes()) for name in papers.ALL}
    assert [name for name, text in texts.items() if "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" not in text] == []
    plan = (tmp_path / "ke_hoach.pdf").read_bytes()
    assert page_count(plan) == 2
    assert "e) Các cơ quan" in texts["ke_hoach"]
    assert "đ) Các cơ quan" in texts["ke_hoach"]
    assert Sheet(plan, 0).where("Độc lập - Tự do - Hạnh phúc").centre == pytest.approx(149.6, abs=2)
