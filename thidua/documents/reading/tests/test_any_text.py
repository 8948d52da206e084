"""Whatever comes in: a record that fits the schema or a clear refusal, and the same record for the same words."""

from __future__ import annotations

import textwrap
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from thidua.documents.reading import Unreadable, read_bytes
from thidua.documents.reading.schema import record_schema

VALIDATOR = Draft202012Validator(record_schema())

PIECES = st.sampled_from(
    [
        "KẾ HOẠCH", "QUYẾT ĐỊNH", "Số: /KH-UBND", "Số: 12/KH-SNV", "ngày 05 tháng 6 năm 2023", "I.", "II.", "1.", "2.1.", "a)",
        "đ)", "-", "+", "*", "(1)", "(2)", "|", "   ", "\t", "¹", "[1]", "Điều 1.", "Phần thứ nhất", "MỤC ĐÍCH, YÊU CẦU",
        "Mục đích", "đạt 95% trở lên", "từ 60-70 %", "5/12 (đạt 41,6%)", "2.989,5 tỷ đồng", "trước ngày 15/11 hằng năm",
        "Quyết định số 263/QĐ-TTg ngày 22/02/2022 của Thủ tướng Chính phủ", "“Vì người nghèo”", "phong trào thi đua",
        "Phòng Nội vụ chủ trì, phối hợp với", "Nơi nhận:", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "(Đã ký)",
        "Nguyễn Văn An", "Phụ lục I", "STT", "1", "Nội dung", "./.", ";", ":", "\n", "\n\n", "\f", "Giấy khen của Giám đốc Sở",
        "Đối với cấp xã:", "giảm trên 60% so với đầu kỳ", "\u0301", "\u200b", "**", "#",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.text(max_size=400),
        st.lists(PIECES, max_size=60).map(" ".join),
        st.lists(PIECES, max_size=60).map("\n".join),
    )
)
def test_any_text_gives_a_valid_record_or_a_clear_refusal(text: str) -> None:
    try:
        record = read_bytes(text.encode("utf-8", "surrogatepass"), file_name="any.txt")
    except Unreadable as refusal:
        record, refused = None, refusal
    if record is None:
        assert refused.what
        assert refused.why
        assert refused.next_step
        return
    problems = [
        f"{'/'.join(map(str, error.path))}: {error.message}" for error in VALIDATOR.iter_errors(record)
    ]
    assert problems == []
    filled = {number for number, line in enumerate(_lines(text), start=1) if line.strip()}
    in_structure = [number for node in record["structure"] for number in node["lines"]]
    assert len(in_structure) == len(set(in_structure))
    assert set(in_structure) <= filled | set(in_structure)


def _lines(text: str) -> list[str]:
    return text.split("\n")


WORDS = st.lists(
    st.sampled_from(
        [
            "tuyên",
            "truyền",
            "vận",
            "động",
            "nhân",
            "dân",
            "tham",
            "gia",
            "thực",
            "hiện",
            "nội",
            "dung",
            "thi",
            "đua",
            "nâng",
            "cao",
            "nhận",
            "thức",
            "trách",
            "nhiệm",
            "cán",
            "bộ",
            "công",
            "chức",
            "viên",
            "chức",
            "phát",
            "huy",
            "sáng",
            "kiến",
            "kịp",
            "thời",
            "biểu",
            "dương",
            "điển",
            "hình",
            "tiên",
            "tiến",
            "bảo",
            "đảm",
            "thiết",
            "thực",
            "hiệu",
            "quả",
            "công",
            "khai",
        ]
    ),
    min_size=12,
    max_size=60,
).map(lambda words: " ".join(words).capitalize() + ".")
SECTIONS = st.lists(
    st.tuples(
        st.sampled_from(["Mục đích", "Yêu cầu", "Nội dung", "Giải pháp"]),
        st.lists(WORDS, min_size=1, max_size=4),
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(
    sections=SECTIONS,
    number=st.integers(1, 999),
    day=st.integers(1, 28),
    month=st.integers(1, 12),
    recipients=st.lists(
        st.sampled_from(["UBND tỉnh (để b/c)", "Các phòng, ban", "Ban TĐKT tỉnh", "UBND các xã, phường"]),
        min_size=1,
        unique=True,
    ),
    width=st.integers(60, 100),
)
def test_printed_plan_reads_back(
    sections: list[tuple[str, list[str]]],
    number: int,
    day: int,
    month: int,
    recipients: list[str],
    width: int,
) -> None:
    """A plan printed from its parts, in lines of its own or wrapped at any width, gives its parts back."""
    head = [
        "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU", "SỞ NỘI VỤ", f"Số: {number}/KH-SNV",
        f"Lai Châu, ngày {day:02d} tháng {month} năm 2024", "KẾ HOẠCH",
        "Tổ chức phong trào thi đua “Đoàn kết, sáng tạo” năm 2024",
        "Thực hiện Kế hoạch số 15/KH-UBND ngày 10/01/2024 của UBND tỉnh về phong trào thi đua, Sở Nội vụ xây dựng kế hoạch như sau:",
    ]  # fmt: skip
    body: list[str] = []
    for index, (title, sentences) in enumerate(sections):
        body.append(f"{_roman(index + 1)}. {title.upper()}")
        body += [f"{place}. {sentence}" for place, sentence in enumerate(sentences, start=1)]
    tail = ["Nơi nhận:", *[f"- {name};" for name in recipients], "- Lưu: VT, VP.", "GIÁM ĐỐC", "Lò Văn Thử"]

    plain = read_bytes("\n\n".join([*head, *body, *tail]).encode(), file_name="plan.txt")

    assert (plain["doc"]["number"], plain["doc"]["symbol"]) == (str(number), "KH-SNV")
    assert plain["doc"]["date"]["edtf"] == f"2024-{month:02d}-{day:02d}"
    assert plain["doc"]["title"] == head[5]
    assert plain["doc"]["issuer"]["name"] == "Sở Nội vụ tỉnh Lai Châu"
    assert [citation["ref"] for citation in plain["citations"]] == ["15/KH-UBND"]
    headings = [node["title"] for node in plain["structure"] if node["kind"] == "muc"]
    assert headings == [title.upper() for title, _ in sections]
    assert [recipient["raw"] for recipient in plain["recipients"]] == [f"- {name};" for name in recipients]
    assert plain["signature"]["name"] == "Lò Văn Thử"
    assert plain["signature"]["title"] == "GIÁM ĐỐC"

    wrapped_body = [
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in body
    ]
    wrapped = read_bytes("\n".join([*head, *wrapped_body, "", *tail]).encode(), file_name="plan.txt")
    assert _passages(wrapped) == _passages(plain)


def _passages(record: dict[str, Any]) -> list[str]:
    keys = ("purposes", "requirements", "contents", "solutions")
    return [entry["text"] for key in keys for entry in record[key]]


def _roman(value: int) -> str:
    return ("I", "II", "III", "IV", "V")[value - 1]
