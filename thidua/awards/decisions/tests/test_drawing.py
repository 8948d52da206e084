"""Certificates on paper: words whole, where the layout puts them, one page each, the code readable."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from thidua.awards.decisions import drawing, layout
from thidua.awards.decisions.layout import Align, CertificateText, DesignKind
from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc

FULL = layout.usual(DesignKind.FULL, form_name="Giấy khen")
VALUES = {
    "ten": "Bà Giàng Thị Ví Dụ",
    "chi_tiet": "Trưởng bản Nậm Xe, xã Huổi Luông",
    "thanh_tich": "Đã có thành tích xuất sắc trong Phong trào thi đua “Vì người nghèo - Không để ai bị "
    "bỏ lại phía sau” năm 2023",
    "co_quan": "CHỦ TỊCH ỦY BAN NHÂN DÂN HUYỆN PHONG THỔ",
    "so_quyet_dinh": "125/QĐ-UBND",
    "ngay": "05",
    "thang": "11",
    "nam": "2023",
    "so_vang": "17",
    "dia_danh": "Phong Thổ",
    "chuc_vu_ky": "CHỦ TỊCH",
    "nguoi_ky": "Nguyễn Văn Mẫu",
}
ONE = CertificateText(VALUES, "https://thi-dua.vn/kiem-tra-khen-thuong/ABCDEFGHJK/")


def words_of(raw: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(raw)
    return nfc(" ".join(document[page].get_textpage().get_text_range().split()))


def test_every_word_is_on_the_page_and_can_be_copied() -> None:
    words = words_of(drawing.pdf(FULL, [ONE]))

    for text in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "GIẤY KHEN",
        VALUES["co_quan"],
        VALUES["ten"],
        VALUES["thanh_tich"],
        "Quyết định số 125/QĐ-UBND ngày 05/11/2023",
        "Số sổ vàng: 17",
        "Phong Thổ, ngày 05 tháng 11 năm 2023",
        "Nguyễn Văn Mẫu",
    ):
        assert text in words


def test_many_are_one_document_with_a_page_each() -> None:
    many = [CertificateText({**VALUES, "so_vang": str(n)}, ONE.address) for n in range(1, 4)]
    raw = drawing.pdf(FULL, many)

    assert len(pypdfium2.PdfDocument(raw)) == 3
    assert ["Số sổ vàng: 3" in words_of(raw, page) for page in range(3)] == [False, False, True]
    assert raw == drawing.pdf(FULL, many)


def test_an_overprint_puts_only_words_and_moves_them_by_the_offset() -> None:
    plain = layout.usual(DesignKind.OVERPRINT, form_name="Giấy khen")
    left = replace(plain, fields=tuple(replace(one, align=Align.LEFT) for one in plain.fields))
    moved = replace(left, offset_x=10, offset_y=5)

    def place(one: layout.Layout) -> tuple[float, float]:
        page = pypdfium2.PdfDocument(drawing.pdf(one, [ONE]))[0]
        text = page.get_textpage()
        box = text.get_charbox(text.get_text_range().index("Bà Giàng"))
        return box[0] / 72 * 25.4, (page.get_height() - box[3]) / 72 * 25.4

    words = words_of(drawing.pdf(plain, [ONE]))
    assert "GIẤY KHEN" not in words
    assert VALUES["ten"] in words
    before, after = place(left), place(moved)
    assert after[0] - before[0] == pytest.approx(10, abs=0.05)
    assert after[1] - before[1] == pytest.approx(5, abs=0.05)
    assert before[0] == pytest.approx(left.field("ten").x, abs=1.5)


def test_long_words_grow_smaller_and_stay_in_their_box() -> None:
    long = CertificateText({**VALUES, "thanh_tich": "Vận động hộ nghèo đăng ký thoát nghèo bền vững. " * 12})
    page = pypdfium2.PdfDocument(drawing.pdf(FULL, [long]))[0]
    text = page.get_textpage()
    found = text.get_text_range()
    end = found.rindex("bền vững")
    bottom = (page.get_height() - text.get_charbox(end)[1]) / 72 * 25.4
    box = FULL.field("thanh_tich")
    assert bottom <= box.y + box.height + 1


def test_the_calibration_page_has_a_ruler() -> None:
    words = words_of(drawing.calibration(FULL)).split()
    assert {"10", "100", "200", "290"} <= set(words)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": "{khong_co}"}, "gọi {khong_co}"),
        ({"x": 290.0}, "nằm ngoài trang giấy"),
        ({"size": 500.0}, "cỡ chữ"),
        ({"colour": "red"}, "màu không in được"),
    ],
)
def test_a_layout_that_cannot_be_printed_is_refused(change: dict[str, object], why: str) -> None:
    fields = tuple(
        replace(one, **change) if one.key == "ten" else one  # type: ignore[arg-type]
        for one in FULL.fields
    )
    with pytest.raises(RuleNotMet, match=why):
        layout.check(replace(FULL, fields=fields))


def test_a_layout_comes_back_from_the_database_as_it_was() -> None:
    for kind in DesignKind:
        for size in (layout.A4, layout.A3, (400.0, 300.0)):
            one = layout.usual(kind, form_name="Bằng khen", size=size)
            layout.check(one)
            assert layout.read(layout.written(one)) == one
