"""The head of a document in the forms it takes in the wild: what it is, its number, date, title and issuer."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading import read_bytes

BODY = (
    "\n\nThực hiện Kế hoạch số 20/KH-UBND ngày 02/02/2023 của UBND tỉnh về phong trào thi đua, Sở Y tế xây dựng kế hoạch như sau:"
    "\n\nI. MỤC ĐÍCH\n\n1. Nâng cao nhận thức.\n\nNơi nhận:\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nTrần Thí Nghiệm\n"
)
TITLE = "Tổ chức phong trào thi đua “Vì sức khỏe Nhân dân” năm 2023"


def _doc(head: str, body: str = BODY) -> dict[str, Any]:
    doc: dict[str, Any] = read_bytes((head + body).encode(), file_name="plan.txt")["doc"]
    return doc


FORMS = {
    "one below the other": f"UBND TỈNH HÀ NAM\nSỞ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}",
    "motto first": f"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n-------\nUBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}",
    "columns by spaces": f"   UBND TỈNH HÀ NAM          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n       SỞ Y TẾ                  Độc lập - Tự do - Hạnh phúc\n   Số: 45/KH-SYT             Hà Nam, ngày 06 tháng 3 năm 2023\n\n          KẾ HOẠCH\n{TITLE}",
    "columns by bars": f"UBND TỈNH HÀ NAM | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\nSỞ Y TẾ | Độc lập - Tự do - Hạnh phúc |\nSố: 45/KH-SYT | Hà Nam, ngày 06 tháng 3 năm 2023 |\nKẾ HOẠCH\n{TITLE}",
    "site chrome first": f"Trang chủ | Đăng nhập | Tra cứu\nThứ Hai, 06/03/2023\n\nUBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}",
    "title of two lines": "UBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\nTổ chức phong trào thi đua “Vì sức khỏe Nhân dân”\nnăm 2023",
    "spaced type line": f"UBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nK Ế H O Ạ C H\n{TITLE}",
    "number cut from its symbol": f"UBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố: 45/KH-\nSYT\nHà Nam, ngày 06\ntháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}",
    "space before the symbol": f"UBND TỈNH HÀ NAM\nSỞ Y TẾ\nSố : 45 /KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}",
    "number and date below the title": f"UBND TỈNH HÀ NAM\nSỞ Y TẾ\nKẾ HOẠCH\n{TITLE}\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023",
}


@pytest.mark.parametrize("form", FORMS)
def test_head_is_read_in_every_form(form: str) -> None:
    doc = _doc(FORMS[form])

    assert (doc["type"], doc["number"], doc["symbol"]) == ("Kế hoạch", "45", "KH-SYT")
    assert (doc["place"], doc["date"]["edtf"]) == ("Hà Nam", "2023-03-06")
    assert doc["title"] == TITLE
    assert doc["issuer"]["name"] == "Sở Y tế tỉnh Hà Nam"
    assert doc["issuer"]["symbol_code"] == "SYT"


@pytest.mark.parametrize(
    ("number_line", "number", "symbol", "present"),
    [
        ("Số: /KH-SYT", None, "KH-SYT", True),
        ("Số:        /KH-SYT", None, "KH-SYT", True),
        ("Số: ……/KH-SYT", None, "KH-SYT", True),
        ("Số:", None, None, "label only"),
        ("Số: 06/2023/QĐ-UBND", "06", "QĐ-UBND", True),
        ("Số 35-KH/ĐUK", "35", "KH/ĐUK", True),
        ("Số: 12/KH-SVHTT&DL", "12", "KH-SVHTT&DL", True),
    ],
)
def test_number_line(number_line: str, number: str | None, symbol: str | None, present: bool | str) -> None:
    doc = _doc(f"SỞ Y TẾ\n{number_line}\nHà Nam, ngày    tháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}")

    assert (doc["number"], doc["symbol"], doc["header_present"]["so_ky_hieu"]) == (number, symbol, present)
    assert doc["date"]["edtf"] == "2023-03"


@pytest.mark.parametrize(
    ("date_line", "edtf"),
    [
        ("Hà Nam, ngày tháng năm 2023", "2023"),
        ("Hà Nam, ngày … tháng … năm 2023", "2023"),
        ("Hà Nam, ngày 31 tháng 12 năm 2022", "2022-12-31"),
        ("Hà Nam, ngày       tháng 4 năm 2024", "2024-04"),
        ("TP. Phủ Lý, ngày 1 tháng 4 năm 2024", "2024-04-01"),
    ],
)
def test_partial_dates(date_line: str, edtf: str) -> None:
    assert _doc(f"SỞ Y TẾ\nSố: 1/KH-SYT\n{date_line}\nKẾ HOẠCH\n{TITLE}")["date"]["edtf"] == edtf


def test_missing_title_is_null_and_not_the_preamble() -> None:
    doc = _doc("SỞ Y TẾ\nSố: 45/KH-SYT\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH")

    assert doc["title"] is None
    assert doc["title_lines"] == []


def test_nothing_is_invented_without_a_head() -> None:
    doc = read_bytes("Phát huy tinh thần đoàn kết của cán bộ, công chức.".encode(), file_name="a.txt")["doc"]

    assert (doc["type"], doc["number"], doc["place"], doc["title"], doc["issuer"]) == (
        None,
        None,
        None,
        None,
        None,
    )
    assert doc["date"] == {"raw": None, "day": None, "month": None, "year": None, "edtf": None}


def test_letter_has_its_subject_and_addressees() -> None:
    head = "SỞ Y TẾ\nSố: 77/SYT-VP\nV/v báo cáo kết quả\nphong trào thi đua\nHà Nam, ngày 06 tháng 3 năm 2023\n\nKính gửi:\n- Các bệnh viện;\n- Trung tâm Y tế các huyện.\n\nSở Y tế đề nghị các đơn vị báo cáo."

    doc = _doc(head, "")

    assert (doc["type"], doc["title"]) == ("Công văn", "báo cáo kết quả phong trào thi đua")
    assert doc["addressees"] == ["Các bệnh viện", "Trung tâm Y tế các huyện"]


def test_scan_without_accents_is_read() -> None:
    head = "UBND TINH HA NAM CONG HOA XA HOI CHU NGHIA VIET NAM\nSO Y TE Doc lap - Tu do - Hanh phuc\nSo: 45/KH-SYT Ha Nam, ngay 06 thang 3 nam 2023\nKE HOACH\nTo chuc phong trao thi dua nam 2023"
    body = "\n\nThuc hien Ke hoach so 20/KH-UBND ngay 02/02/2023 cua UBND tinh, So Y te xay dung ke hoach nhu sau:\n\nI. MUC DICH\n\n1. Nang cao."

    doc = _doc(head, body)

    assert (doc["type"], doc["number"], doc["symbol"]) == ("Kế hoạch", "45", "KH-SYT")
    assert (doc["place"], doc["date"]["edtf"]) == ("Ha Nam", "2023-03-06")


@pytest.mark.parametrize(
    ("preamble", "name", "level"),
    [
        ("Ủy ban nhân dân huyện Bình Lục ban hành kế hoạch như sau:", "Ủy ban nhân dân huyện Bình Lục", "ubnd_huyen"),
        ("UBND xã Thanh Hải xây dựng kế hoạch như sau:", "Ủy ban nhân dân xã Thanh Hải", "ubnd_xa"),
        ("Sở Xây dựng ban hành kế hoạch như sau:", "Sở Xây dựng tỉnh Hà Nam", "so_tinh"),
        ("Sở Văn hóa, Thể thao và Du lịch triển khai kế hoạch như sau:", "Sở Văn hóa, Thể thao và Du lịch tỉnh Hà Nam", "so_tinh"),
        ("Hội đồng Thi đua - Khen thưởng tỉnh phát động phong trào như sau:", "Hội đồng Thi đua - Khen thưởng tỉnh Hà Nam", "hoi_dong"),
        ("Trường THPT Chuyên Thử xây dựng kế hoạch như sau:", "Trường THPT Chuyên Thử", "don_vi"),
        ("Liên đoàn Lao động tỉnh xây dựng kế hoạch như sau:", "Liên đoàn Lao động tỉnh Hà Nam", "mttq_doan_the"),
    ],
)  # fmt: skip
def test_issuer_from_the_preamble(preamble: str, name: str, level: str) -> None:
    text = f"Số: 45/KH-X\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\n{TITLE}\n\nThực hiện Kế hoạch số 20/KH-UBND ngày 02/02/2023 của UBND tỉnh Hà Nam về phong trào thi đua, {preamble}\n\nI. MỤC ĐÍCH\n\n1. Nâng cao."

    issuer = _doc(text, "")["issuer"]

    assert (issuer["name"], issuer["level"], issuer["province"]) == (name, level, "Hà Nam")


def test_standing_committee_acts_for_its_organisation() -> None:
    head = "HỘI NÔNG DÂN VIỆT NAM\nBAN THƯỜNG VỤ TỈNH HÀ NAM\nSố: 45/KH-BTV\nHà Nam, ngày 06 tháng 3 năm 2023\nKẾ HOẠCH\nThực hiện phong trào thi đua nhiệm kỳ 2023 - 2028\n\n"
    preamble = "Thực hiện Hướng dẫn số 04/HD-HND ngày 12/01/2023, Ban Thường vụ Hội Nông dân tỉnh xây dựng kế hoạch như sau:\n\nI. NỘI DUNG\n\n1. Thi đua."

    record = read_bytes((head + preamble).encode(), file_name="plan.txt")

    assert record["doc"]["issuer"]["name"] == "Hội Nông dân tỉnh Hà Nam"
    assert record["movement"]["period"] == {"from": 2023, "to": 2028, "raw": "nhiệm kỳ 2023 - 2028"}
