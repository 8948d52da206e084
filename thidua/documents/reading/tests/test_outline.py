"""The tree of a document: numbering of every style, headings and roles, tables, appendices, the closing sentence."""

from __future__ import annotations

from typing import Any

import pytest

from thidua.documents.reading import read_bytes

HEAD = "SỞ NỘI VỤ\nSố: 12/KH-SNV\nLai Châu, ngày 05 tháng 6 năm 2023\nKẾ HOẠCH\nTổ chức phong trào thi đua\n\nSở Nội vụ xây dựng kế hoạch như sau:\n\n"
TAIL = "\n\nNơi nhận:\n- UBND tỉnh;\n- Lưu: VT.\n\nGIÁM ĐỐC\n\nLò Văn Thử\n"


def _record(body: str) -> dict[str, Any]:
    return read_bytes((HEAD + "\n\n".join(body.split("\n")) + TAIL).encode(), file_name="plan.txt")


def _paths(body: str) -> list[str]:
    margins = ("hdr.", "nn", "ky.", "mo_dau", "can_cu")
    return [node["path"] for node in _record(body)["structure"] if not node["path"].startswith(margins)]


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ("I. MỤC ĐÍCH\n1. Mục đích\na) Nâng cao.\nb) Phát huy.\n2. Yêu cầu\n- Thiết thực.\n- Hiệu quả.\nII. NỘI DUNG\n1. Thi đua.",
         ["I", "I.1", "I.1.a", "I.1.b", "I.2", "I.2.-1", "I.2.-2", "II", "II.1"]),
        ("1. MỤC ĐÍCH\nNâng cao nhận thức.\n2. NỘI DUNG\n2.1. Tuyên truyền.\n2.2. Vận động.\n- Thường xuyên.",
         ["1", "1.p1", "2", "2.1", "2.2", "2.2.-1"]),
        ("A. MỤC ĐÍCH\nI. Mục đích\n1. Nâng cao.\nII. Yêu cầu\n1. Thiết thực.\nB. NỘI DUNG\nI. Nội dung\n1. Thi đua.",
         ["A", "A.I", "A.I.1", "A.II", "A.II.1", "B", "B.I", "B.I.1"]),
        ("I. MỤC ĐÍCH\n- Nâng cao:\n+ Nhận thức;\n+ Trách nhiệm.\n- Phát huy.", ["I", "I.-1", "I.-1.+1", "I.-1.+2", "I.-2"]),
        ("Điều 1. Phát động\n1. Thời gian.\n2. Đối tượng.\nĐiều 2. Khen thưởng\n1. Hình thức.",
         ["dieu1", "dieu1.1", "dieu1.2", "dieu2", "dieu2.1"]),
        ("I. MỤC ĐÍCH\nNâng cao nhận thức.\nI. NỘI DUNG\nThi đua lao động.", ["I", "I.p1", "I~2", "I~2.p1"]),
        ("Phần thứ nhất\nMỤC ĐÍCH, YÊU CẦU\n1. Mục đích\nNâng cao nhận thức.\nPhần thứ hai\nNỘI DUNG\n1. Thi đua.",
         ["phan1", "phan1.1", "phan1.1.p1", "phan2", "phan2.1"]),
        ("MỤC ĐÍCH, YÊU CẦU\nNâng cao nhận thức của cán bộ, công chức.\nNỘI DUNG THI ĐUA\n- Thi đua lao động giỏi.",
         ["h1", "h1.p1", "h2", "h2.-1"]),
    ],
)  # fmt: skip
def test_paths_follow_the_numbering(body: str, paths: list[str]) -> None:
    assert _paths(body) == paths


def test_headings_have_titles_and_sentences_have_none() -> None:
    record = _record(
        "I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\nNâng cao nhận thức.\n2. Các phòng tổ chức thực hiện kế hoạch này.\n3. Giao Văn phòng Sở:\n- Theo dõi."
    )

    titles = {node["path"]: node.get("title") for node in record["structure"]}
    assert titles["I"] == "MỤC ĐÍCH, YÊU CẦU"
    assert titles["I.1"] == "Mục đích"
    assert titles["I.2"] is None
    assert titles["I.3"] == "Giao Văn phòng Sở:"


def test_passages_follow_the_headings() -> None:
    record = _record(
        "I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích\n- Nâng cao.\n2. Yêu cầu\n- Thiết thực.\nII. NỘI DUNG\n1. Thi đua.\nIII. GIẢI PHÁP\n1. Tuyên truyền."
    )

    assert [entry["text"] for entry in record["purposes"]] == ["Nâng cao."]
    assert [entry["text"] for entry in record["requirements"]] == ["Thiết thực."]
    assert [entry["text"] for entry in record["contents"]] == ["Thi đua."]
    assert [entry["text"] for entry in record["solutions"]] == ["Tuyên truyền."]


def test_run_in_label_gives_the_role() -> None:
    record = _record(
        "I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích: Nâng cao nhận thức.\n2. Yêu cầu: Triển khai thiết thực."
    )

    assert [entry["path"] for entry in record["purposes"]] == ["I.1"]
    assert [entry["path"] for entry in record["requirements"]] == ["I.2"]


def test_items_inside_a_sentence() -> None:
    record = _record(
        "I. MỤC TIÊU\n- Phấn đấu: (1) có 02 xã đạt chuẩn; (2) không còn hộ đói; (3) tuyên truyền."
    )

    node = next(node for node in record["structure"] if node["path"] == "I.-1")
    assert [item["text"] for item in node["inline_items"]] == [
        "có 02 xã đạt chuẩn",
        "không còn hộ đói",
        "tuyên truyền",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Trên đây là Kế hoạch tổ chức phong trào thi đua./.",
        "Trong quá trình thực hiện, nếu có vướng mắc, các đơn vị phản ánh về Sở./.",
    ],
)
def test_closing_sentence_stands_apart(sentence: str) -> None:
    assert _paths(f"I. TỔ CHỨC THỰC HIỆN\n1. Các phòng thực hiện.\n2. Văn phòng theo dõi.\n{sentence}") == [
        "I",
        "I.1",
        "I.2",
        "ket",
    ]


def test_appendix_numbers_its_parts_anew() -> None:
    text = (
        HEAD
        + "I. NỘI DUNG\n\n1. Thi đua."
        + TAIL
        + "\nPhụ lục I\n\nMẪU ĐĂNG KÝ\n\nI. Thông tin\n\n1. Tên đơn vị.\n\nPhụ lục II\n\nĐỀ CƯƠNG BÁO CÁO\n\nI. Kết quả\n"
    )

    record = read_bytes(text.encode(), file_name="plan.txt")

    appendix = [
        (node["path"], node.get("title")) for node in record["structure"] if node["path"].startswith("pl")
    ]
    assert appendix == [
        ("pl1", "MẪU ĐĂNG KÝ"),
        ("pl1.I", "Thông tin"),
        ("pl1.I.1", None),
        ("pl2", "ĐỀ CƯƠNG BÁO CÁO"),
        ("pl2.I", "Kết quả"),
    ]
    assert record["signature"]["name"] == "Lò Văn Thử"


@pytest.mark.parametrize(
    "table",
    [
        "STT\nNội dung\nChủ trì\n1\nTuyên truyền\nVăn phòng\n2\nBáo cáo\nPhòng Nội vụ",
        "| STT | Nội dung | Chủ trì |\n|---|---|---|\n| 1 | Tuyên truyền | Văn phòng |\n| 2 | Báo cáo | Phòng Nội vụ |",
    ],
)
def test_table_rows_are_nodes(table: str) -> None:
    record = _record(f"I. PHÂN CÔNG\n{table}\nII. KINH PHÍ\n1. Ngân sách.")

    rows = [(node["kind"], node["path"]) for node in record["structure"] if node["kind"] in ("bang", "hang")]
    assert rows == [("bang", "I.b1"), ("hang", "I.b1.r1"), ("hang", "I.b1.r2")]
    assert any(node["path"] == "II.1" for node in record["structure"])
