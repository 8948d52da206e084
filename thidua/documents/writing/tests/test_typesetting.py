"""The PDF beside the decree, measured in millimetres; its text, its fonts, its marks as an archive file."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from thidua.documents.writing.characters import covered
from thidua.documents.writing.form import form
from thidua.documents.writing.paper import (
    Appendix,
    Heading,
    Item,
    Level,
    Paper,
    Paragraph,
    Run,
    Signature,
    Urgency,
)
from thidua.documents.writing.tests import papers
from thidua.documents.writing.tests.expected import words_of
from thidua.documents.writing.tests.measuring import Sheet, page_count, squeezed, text_of
from thidua.documents.writing.typesetting import page_pictures, pdf_bytes, signature_places

#: What one measures with a good ruler.
NEAR = 0.6


def near(value: float) -> object:
    return pytest.approx(value, abs=NEAR)


@pytest.fixture(scope="module")
def plan() -> bytes:
    return pdf_bytes(papers.ke_hoach())


# --- measures ---------------------------------------------------------------------------------------


def test_margins_are_those_of_the_decree() -> None:
    body = (Paragraph("Chữ " * 4000),)
    pdf = pdf_bytes(replace(papers.ke_hoach(), contact="", body=body))
    bounds = Sheet(pdf, 0).bounds()

    assert (Sheet(pdf, 0).width, Sheet(pdf, 0).height) == (near(210), near(297))
    assert (bounds.left, bounds.top, bounds.right) == (near(30), near(20), near(195))
    assert 297 - bounds.bottom == pytest.approx(20, abs=7)  # the last line stands where it falls


def test_sizes_and_styles_of_the_head(plan: bytes) -> None:
    sheet = Sheet(plan, 0)
    looks = {
        words: (sheet.size(words), sheet.font(words).partition("-")[2] or "Regular")
        for words in (
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN",
            "SỞ NỘI VỤ",
            "Số: 05/KH-SNV",
            "Lạng Sơn, ngày 07 tháng 02 năm 2023",
            "KẾ HOẠCH",
            "Tổ chức thực hiện",
            "Căn cứ",
            "Sở Nội vụ ban hành",
            "I. MỤC ĐÍCH, YÊU CẦU",
            "1. Mục đích",
            "a) ",
        )
    }

    assert looks == {
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": (12, "Bold"),
        "Độc lập - Tự do - Hạnh phúc": (13, "Bold"),
        "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN": (12, "Regular"),
        "SỞ NỘI VỤ": (12, "Bold"),
        "Số: 05/KH-SNV": (13, "Regular"),
        "Lạng Sơn, ngày 07 tháng 02 năm 2023": (13, "Italic"),
        "KẾ HOẠCH": (14, "Bold"),
        "Tổ chức thực hiện": (14, "Bold"),
        "Căn cứ": (14, "Italic"),
        "Sở Nội vụ ban hành": (14, "Regular"),
        "I. MỤC ĐÍCH, YÊU CẦU": (14, "Bold"),
        "1. Mục đích": (14, "Bold"),
        "a) ": (14, "Regular"),
    }


def test_head_stands_in_two_columns_with_rules_of_the_right_length(plan: bytes) -> None:
    sheet = Sheet(plan, 0)
    issuer, superior = sheet.where("SỞ NỘI VỤ"), sheet.where("ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN")
    nation = sheet.where("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = sheet.where("Độc lập - Tự do - Hạnh phúc")
    number, day = sheet.where("Số: 05/KH-SNV"), sheet.where("Lạng Sơn, ngày 07 tháng 02 năm 2023")

    assert [superior.centre, number.centre] == [near(issuer.centre)] * 2
    assert [motto.centre, day.centre] == [near(nation.centre)] * 2
    assert superior.top == near(nation.top)
    assert number.bottom == near(day.bottom)
    assert superior.right < nation.left
    below_motto, below_issuer = (
        sheet.rule_below("Độc lập - Tự do - Hạnh phúc"),
        sheet.rule_below("SỞ NỘI VỤ"),
    )
    assert below_motto.width == near(motto.width)
    assert 1 / 3 <= below_issuer.width / issuer.width <= 1 / 2
    assert below_issuer.centre == near(issuer.centre)
    assert 0 < below_issuer.top - issuer.bottom + 1 < 3


def test_title_is_centred_over_the_text_with_a_short_rule(plan: bytes) -> None:
    sheet = Sheet(plan, 0)
    middle = (30 + 195) / 2
    last_line = sheet.where("bị bỏ lại phía sau” giai đoạn 2021 - 2025")
    rule = sheet.rule_below("bị bỏ lại phía sau” giai đoạn 2021 - 2025")

    assert sheet.where("KẾ HOẠCH").centre == near(middle)
    assert last_line.centre == near(middle)
    assert rule.centre == near(middle)
    longest = sheet.where("Tổ chức thực hiện phong trào thi đua “Vì người nghèo - Không để ai").width
    assert 1 / 3 <= rule.width / longest <= 1 / 2


def test_paragraphs_begin_at_the_indent_and_keep_their_distance(plan: bytes) -> None:
    sheet = Sheet(plan, 0)

    assert sheet.where("Sở Nội vụ ban hành").left == near(30 + 12.7)
    assert sheet.where("I. MỤC ĐÍCH").left == near(30 + 12.7)
    assert sheet.where("a) ").left == near(30 + 12.7)
    line = 14 * 1.149 * form()["line_spacing"] * 25.4 / 72
    distance = sheet.baseline("1. Mục đích") - sheet.baseline("I. MỤC ĐÍCH")
    assert distance == pytest.approx(line + 6 * 25.4 / 72, abs=0.2)


def test_page_number_stands_in_the_middle_above_and_not_on_the_first_page(plan: bytes) -> None:
    second = Sheet(plan, 1)
    number = second.where("2")

    assert number.centre == near((30 + 195) / 2)
    assert 5 < number.top < number.bottom < 15
    assert second.size("2") == 14
    assert Sheet(plan, 0).bounds().top == near(20)


def test_signature_stands_beside_the_recipients(plan: bytes) -> None:
    last = Sheet(plan, page_count(plan) - 1)
    label, title, name = last.where("Nơi nhận:"), last.where("KT. GIÁM ĐỐC"), last.where("Nguyễn Văn An")

    assert label.left == near(30)
    assert label.top == pytest.approx(title.top, abs=1.2)
    assert title.centre == near(name.centre)
    assert title.centre > 30 + 165 / 2
    assert (last.size("Nơi nhận:"), last.font("Nơi nhận:")) == (12, "LiberationSerif-BoldItalic")
    assert (last.size("UBND tỉnh (b/c)"), last.font("UBND tỉnh (b/c)")) == (11, "LiberationSerif")
    assert (last.size("KT. GIÁM ĐỐC"), last.font("Nguyễn Văn An")) == (14, "LiberationSerif-Bold")


@pytest.mark.parametrize(
    ("urgency", "words", "width"),
    [
        (Urgency.URGENT, "KHẨN", 20),
        (Urgency.VERY_URGENT, "THƯỢNG KHẨN", 40),
        (Urgency.AT_ONCE, "HỎA TỐC", 30),
    ],
)
def test_stamp_of_urgency_has_its_size(urgency: Urgency, words: str, width: float) -> None:
    sheet = Sheet(pdf_bytes(replace(papers.cong_van(), urgency=urgency)), 0)
    frame = next(path for path in sheet.paths() if path.height > 5)

    assert (frame.width, frame.height) == (near(width), near(8))
    assert frame.centre == near(sheet.where(words).centre)
    assert sheet.size(words) == 13


def test_subject_of_a_letter_stands_under_its_number() -> None:
    sheet = Sheet(pdf_bytes(papers.cong_van()), 0)
    subject, number = sheet.where("V/v đôn đốc gửi báo cáo Phong trào thi"), sheet.where("Số: 05/SNV-TĐKT")

    assert subject.centre == pytest.approx(number.centre, abs=3)
    assert subject.top - number.bottom > 1
    assert sheet.size("V/v đôn đốc") == 12
    assert "CÔNG VĂN" not in text_of(pdf_bytes(papers.cong_van()))
    assert "Kính gửi: Ủy ban nhân dân các xã, phường, thị trấn " in text_of(pdf_bytes(papers.cong_van()))


def test_copy_mark_stands_in_the_upper_right_corner() -> None:
    sheet = Sheet(pdf_bytes(replace(papers.ke_hoach(), copy_mark=("SAO Y; Sở Nội vụ", "08:30:00"))), 0)

    assert sheet.where("SAO Y; Sở Nội vụ").right == near(195)
    assert sheet.where("08:30:00").bottom < 20
    assert sheet.size("SAO Y; Sở Nội vụ") == 10


# --- pages ------------------------------------------------------------------------------------------


def test_head_of_a_table_repeats_on_each_page() -> None:
    pdf = pdf_bytes(papers.bao_cao())

    pages = [Sheet(pdf, at).text.get_text_bounded() for at in range(page_count(pdf))]
    assert [("Số hộ nghèo" in page) for page in pages] == [True, True, True]
    assert pages[0].count("Bảng 1. Hộ nghèo theo xã") == 1


def test_appendices_have_page_numbers_and_a_direction_of_their_own() -> None:
    pdf = pdf_bytes(papers.quyet_dinh())
    pages = [Sheet(pdf, at) for at in range(page_count(pdf))]

    assert [page.width > page.height for page in pages] == [False, False, False, True, True, True]
    above = [
        page.text.get_text_bounded(bottom=page.page.get_height() - 80).strip().partition("\r")[0]
        for page in pages
    ]
    assert above[1:] == ["Phụ lục I", "2", "Phụ lục II", "2", "3"]
    assert "(Kèm theo Quyết định số /QĐ-UBND ngày tháng năm của Ủy ban nhân dân tỉnh Lạng Sơn)" in text_of(
        pdf
    )


def test_signature_never_stands_alone_and_recipients_keep_together() -> None:
    """Whatever the length of the text, the closing block brings the last paragraph along."""
    for sentences in range(24, 34):
        body = (
            *(Paragraph(f"Câu thứ {at}.") for at in range(sentences)),
            Paragraph("Câu cuối", is_ending=True),
        )
        pdf = pdf_bytes(replace(papers.ke_hoach(), contact="", body=body))
        last = Sheet(pdf, page_count(pdf) - 1).text.get_text_bounded()

        assert "Câu cuối./." in last
        assert "Nơi nhận:" in last
        assert "Nguyễn Văn An" in last


def test_hundred_recipients_run_over_the_page() -> None:
    pdf = pdf_bytes(replace(papers.ke_hoach(), recipients=tuple(f"Xã {at}" for at in range(100))))

    assert "- Xã 99." in text_of(pdf)


# --- text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["to_trinh", "cong_van", "giay_moi", "giay_xac_nhan"])
def test_extracted_text_is_what_was_written(name: str) -> None:
    paper = replace(papers.ALL[name](), contact="", drafter="")

    assert squeezed(text_of(pdf_bytes(paper)).replace(" HỎA TỐC", "")) == squeezed(words_of(paper))


def test_every_vietnamese_letter_is_printed_and_read_again() -> None:
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in tones} | {
        "đ"
    }
    letters |= {letter.upper() for letter in letters}
    marked = sorted(letter for letter in letters if not letter.isascii())
    assert len(marked) == 134
    body = (Paragraph([Run(" ".join(marked)), Run(" ".join(marked), is_bold=True, is_italic=True)]),)

    text = text_of(pdf_bytes(replace(papers.ke_hoach(), body=body)))

    assert text.count(" ".join(marked)) == 2


SIGNS = "#*$\\<>&_`@~^{}[]()|“”'\"«»–—-+=%/:;,.!?…0123456789aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯạảấầẩẫậ"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text(alphabet=SIGNS, min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=6).map(
        " ".join
    )
)
@example("A-")
def test_no_sign_means_anything_to_the_drawing_program(text: str) -> None:
    paper = Paper(
        kind="thong_bao",
        issuer=("Sở A",),
        title="T",
        body=(Paragraph(text), Item(Level.POINT, text), Heading(Level.CLAUSE, text)),
        signature=Signature(("Giám đốc",), "B"),
    )

    read = text_of(pdf_bytes(paper))

    # a reader of PDF may see a sign at the end of a line as a hyphen; compare what is left without spaces
    assert _solid(words_of(paper)) == _solid(read)


def _solid(text: str) -> str:
    return "".join(squeezed(unicodedata.normalize("NFC", text)).split())


def test_decomposed_text_is_composed() -> None:
    body = (Paragraph(unicodedata.normalize("NFD", "Ủy ban nhân dân tỉnh Đắk Nông")),)

    assert "Ủy ban nhân dân tỉnh Đắk Nông" in text_of(pdf_bytes(replace(papers.ke_hoach(), body=body)))


def test_endless_word_stays_within_the_margins() -> None:
    pdf = pdf_bytes(replace(papers.ke_hoach(), body=(Paragraph("x" * 300),), contact=""))

    assert Sheet(pdf, 0).bounds().right <= 195 + NEAR
    assert "x" * 300 in _solid(text_of(pdf))


# --- the file ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", papers.ALL)
def test_paper_is_an_archive_file_with_one_family_of_type(name: str) -> None:
    pdf = pdf_bytes(papers.ALL[name]())

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    fonts = set().union(*(Sheet(pdf, page).fonts() for page in range(page_count(pdf))))
    assert {font.partition("-")[0] for font in fonts} == {"LiberationSerif"}


def test_same_paper_gives_the_same_bytes() -> None:
    assert pdf_bytes(papers.ke_hoach()) == pdf_bytes(papers.ke_hoach())


def test_properties_name_the_paper(plan: bytes) -> None:
    about = pdfium.PdfDocument(plan).get_metadata_dict()

    assert about["Title"].startswith("Kế hoạch Tổ chức thực hiện phong trào")
    assert about["Author"] == "SỞ NỘI VỤ"
    assert about["CreationDate"].startswith("D:20230207")


def test_preview_has_a_picture_for_each_page() -> None:
    pictures = page_pictures(papers.ke_hoach(), dots_per_inch=40)

    assert len(pictures) == page_count(pdf_bytes(papers.ke_hoach()))
    with Image.open(io.BytesIO(pictures[0])) as first:
        assert first.size == (331, 468)


# --- signing ----------------------------------------------------------------------------------------


def blue_mark() -> bytes:
    kept = io.BytesIO()
    Image.new("RGBA", (200, 80), (0, 0, 200, 128)).save(kept, "PNG")
    return kept.getvalue()


def test_signature_lies_between_title_and_name_and_the_seal_on_its_left_third() -> None:
    paper = papers.ke_hoach()
    places = signature_places(paper)
    pdf = pdf_bytes(paper)
    sheet = Sheet(pdf, places.person.page)
    person = sheet.box(places.person.left, places.person.bottom, places.person.right, places.person.top)
    seal = sheet.box(places.seal.left, places.seal.bottom, places.seal.right, places.seal.top)

    assert places.person.page == page_count(pdf) - 1
    assert person.centre == near(sheet.where("PHÓ GIÁM ĐỐC").centre)
    assert sheet.where("PHÓ GIÁM ĐỐC").bottom - 0.5 < person.top
    assert person.bottom < sheet.where("Nguyễn Văn An").top + 0.5
    assert (seal.right - person.left) / person.width == pytest.approx(1 / 3, abs=0.02)
    assert (seal.width, seal.height) == (near(36), near(36))
    assert places.number is None
    assert places.day is None


def test_blanks_for_number_and_date_are_told() -> None:
    places = signature_places(papers.quyet_dinh())
    sheet = Sheet(pdf_bytes(papers.quyet_dinh()), 0)
    assert places.number is not None
    assert places.day is not None
    number = sheet.box(places.number.left, places.number.bottom, places.number.right, places.number.top)

    line = sheet.where("/QĐ-UBND")
    assert number.right == near(line.left)
    assert line.top - 0.5 <= number.top <= number.bottom <= line.bottom + 0.5
    assert number.width == near(form()["number_blank"])
    assert [places.month and places.month.page, places.year and places.year.page] == [0, 0]
    assert len(places.appendices) == 2


def test_scan_of_a_signature_is_drawn_in_its_place() -> None:
    paper = replace(papers.ke_hoach(), signature=Signature(("Giám đốc",), "Nguyễn Văn An", image=blue_mark()))
    places = signature_places(paper)
    page = pdfium.PdfDocument(pdf_bytes(paper))[places.person.page].render(scale=1).to_pil()
    middle = (
        round((places.person.left + places.person.right) / 2),
        round(page.height - (places.person.bottom + places.person.top) / 2),
    )

    red, _, blue = page.getpixel(middle)[:3]

    assert blue > red + 50


def test_places_of_a_second_paper_are_its_own() -> None:
    first, second = signature_places(papers.ke_hoach()), signature_places(papers.bien_ban())

    assert first.cosigner is None
    assert second.cosigner is not None
    assert first == signature_places(papers.ke_hoach())


def test_bold_run_in_an_appendix_of_parts() -> None:
    body = (Heading(Level.PART, "Chung"), Heading(Level.CHAPTER, "Một"), Heading(Level.CLAUSE, "Hai"))
    paper = replace(papers.ke_hoach(), body=body, appendices=(Appendix("Phụ", body),))

    text = text_of(pdf_bytes(paper))

    assert text.count("Phần I CHUNG Chương I MỘT 1. Hai") == 2


def test_font_covers_what_plans_hold() -> None:
    assert set(map(ord, "“”‘’–—…•½²³%‰°×÷≥≤±€₫«»")) - covered() == set()
