import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.core import text

VIETNAMESE = st.text(
    "aăâbcdđeêghiklmnoôơpqrstuưvxyAĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ –-"
)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("Đắk  Nông", "dak nong"),
        ("LẠNG SƠN", "lang son"),
        ("Uỷ ban – “nhân dân”", 'uy ban - "nhân dân"'.replace("â", "a")),
        (" quy mô¹\n", "quy mo¹"),
        ("hộ\u00a0nghèo\u200b", "ho ngheo"),
        ("Ä Ñ Ç", "a n c"),
        ("Ðắk Nông", "dak nong"),
        ("", ""),
        ("I I", "i i"),
    ],
)
def test_fold_gives_the_search_key(printed: str, key: str) -> None:
    assert text.fold(printed) == key


@given(st.text())
def test_fold_is_idempotent(printed: str) -> None:
    assert text.fold(text.fold(printed)) == text.fold(printed)


@given(VIETNAMESE)
def test_fold_answers_the_same_for_composed_and_decomposed(printed: str) -> None:
    assert text.fold(unicodedata.normalize("NFD", printed)) == text.fold(printed)


@given(VIETNAMESE)
def test_fold_of_vietnamese_is_ascii(printed: str) -> None:
    assert text.fold(printed).isascii()


@given(st.text())
def test_fold_aligned_keeps_every_position(printed: str) -> None:
    assert len(text.fold_aligned(printed)) == len(printed)


def test_fold_aligned_points_into_the_original() -> None:
    printed = "Thực hiện\nKế\u00a0hoạch số 5"
    assert text.fold_aligned(printed) == "thuc hien\nke hoach so 5"
    at = text.fold_aligned(printed).index("ke hoach")
    assert printed[at : at + 8] == "Kế\u00a0hoạch"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Uỷ ban nhân dân", "Ủy ban nhân dân"),
        ("HOÀ BÌNH", "Hòa Bình"),
        ("Lao động - Thương binh", "Lao động–Thương binh"),
        ("Ban Thi đua - Khen thưởng", "ban thi đua-khen thưởng"),
        ("Thuý Hằng", "Thúy Hằng"),
        ("khoẻ", "khỏe"),
        ("“Vì người nghèo”", '"Vì người nghèo"'),
    ],
)
def test_skeleton_joins_spellings_of_one_name(one: str, other: str) -> None:
    assert text.skeleton(one) == text.skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Hà", "Hạ"), ("Lạng Sơn", "Lang Son"), ("Tân", "Tấn"), ("ca", "că")]
)
def test_skeleton_keeps_different_names_apart(one: str, other: str) -> None:
    assert text.skeleton(one) != text.skeleton(other)


@given(VIETNAMESE)
def test_skeleton_answers_the_same_for_composed_and_decomposed(printed: str) -> None:
    assert text.skeleton(unicodedata.normalize("NFD", printed)) == text.skeleton(printed)


def test_straighten_tone_marks_ignores_only_the_place_of_the_tone() -> None:
    assert text.straighten_tone_marks("Uỷ hoà") == text.straighten_tone_marks("Ủy hòa")
    assert text.straighten_tone_marks("Ủy") != text.straighten_tone_marks("ủy")


def test_sort_key_gives_dictionary_order() -> None:
    ordered = ["an", "ăn", "ân", "Dak", "Đà Nẵng", "Đắk Nông", "Lai Châu", "Lạng Sơn", "Lâm Đồng"]
    shuffled = ordered[1::2] + ordered[::2]
    assert sorted(shuffled, key=text.sort_key) == ordered


def test_sort_key_orders_tones_within_one_word() -> None:
    ordered = ["ma", "mà", "mả", "mã", "má", "mạ", "mà ca", "mạ cà", "ma d"]
    assert sorted(ordered, key=text.sort_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "mà ca",
        "mạ cà",
        "ma d",
    ]


def test_sort_key_puts_small_letters_before_capitals() -> None:
    assert sorted(["Ban", "ban", "1", "Bàn", ""], key=text.sort_key) == ["", "1", "ban", "Ban", "Bàn"]


def test_sort_key_follows_the_whole_alphabet() -> None:
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(alphabet, key=text.sort_key) == alphabet


@given(VIETNAMESE)
def test_sort_key_answers_the_same_for_composed_and_decomposed(printed: str) -> None:
    assert text.sort_key(unicodedata.normalize("NFD", printed)) == text.sort_key(printed)


@given(st.text())
def test_sort_key_never_crashes_and_fits_a_database(printed: str) -> None:
    assert "\x00" not in text.sort_key(printed.replace("\x00", ""))


def test_person_sort_key_goes_by_the_last_word() -> None:
    names = ["Nguyễn Văn Ánh", "Trần Thị An", "Lê Đức An", "HOÀNG VĂN BÌNH", "Đỗ Bính"]
    assert sorted(names, key=text.person_sort_key) == [
        "Lê Đức An",
        "Trần Thị An",
        "Nguyễn Văn Ánh",
        "HOÀNG VĂN BÌNH",
        "Đỗ Bính",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("KẾ HOẠCH", True),
        ("I. MỤC ĐÍCH, YÊU CẦU", True),
        ("DTTS&MN 2021 - 2025", True),
        (unicodedata.normalize("NFD", "HÌNH THỨC"), True),
        ("1. 2. –", False),
        ("QĐ-TTg", False),
        ("", False),
    ],
)
def test_is_vietnamese_capitals(line: str, expected: bool) -> None:
    assert text.is_vietnamese_capitals(line) is expected


def test_title_from_capitals_keeps_one_capital() -> None:
    assert text.title_from_capitals("1. MỤC ĐÍCH, YÊU CẦU") == "1. Mục đích, yêu cầu"


def test_repair_spaces_replaces_odd_spaces_and_removes_invisible_signs() -> None:
    assert text.repair_spaces("\ufeffSố:\u00a05\u2009%\u00ad\u200b\tx\ny¹") == "Số: 5 %\tx\ny¹"


@given(st.text())
def test_repair_spaces_is_idempotent(printed: str) -> None:
    assert text.repair_spaces(text.repair_spaces(printed)) == text.repair_spaces(printed)


def test_without_accents_keeps_case_signs_and_positions() -> None:
    assert text.without_accents("Đắk Nông – “quy mô¹”") == "Dak Nong – “quy mo¹”"


@pytest.mark.parametrize(
    ("printed", "short"),
    [
        ("Rà soát hộ nghèo", "Rà soát hộ nghèo"),
        ("Rà  soát\nhộ nghèo", "Rà soát hộ nghèo"),
        ("Rà soát hộ nghèo, hộ cận nghèo", "Rà soát hộ nghèo…"),
        ("Rà soát hộ nghèothôn", "Rà soát hộ…"),
        ("Một-từ-dài-không-có-dấu-cách", "Một-từ-dài-không…"),
    ],
)
def test_shortened_ends_after_a_word(printed: str, short: str) -> None:
    assert text.shortened(printed, 17) == short
    assert len(short) <= 17


@pytest.mark.parametrize(
    ("typed", "key"),
    [("12", 12), ("", None), ("-1", None), ("1.5", None), ("²", None), ("٣", None), ("9" * 19, None),
     ("9" * 5000, None), ("9" * 18, 999_999_999_999_999_999)],
)  # fmt: skip
def test_row_key(typed: str, key: int | None) -> None:
    assert text.row_key(typed) == key
