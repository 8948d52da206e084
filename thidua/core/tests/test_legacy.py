import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thidua.core import legacy
from thidua.core.legacy import Encoding

SENTENCE = (
    "Ủy ban nhân dân huyện xây dựng kế hoạch tổ chức phong trào thi đua, khen thưởng các tập thể, cá nhân, "
    "hộ gia đình có thành tích trong xóa đói, giảm nghèo; "
    "nghĩa tình, kỹ thuật, quỹ, trẻ em, ngõ xóm, sữa, mỹ tục."
)
TCVN3 = "KÕ ho¹ch thùc hiÖn phong trµo thi ®ua cña tØnh n¨m 2008"
VNI = "Thöïc hieän keá hoaïch cuûa Uyû ban nhaân daân tænh, ñöôøng phoá"
LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"


def as_vni(printed: str) -> str:
    codes = {letter: code for code, letter in reversed(legacy._VNI.items())}
    return "".join(codes.get(character, character) for character in printed)


def as_cp1258(printed: str) -> bytes:
    raw = b""
    for character in printed:
        try:
            raw += character.encode("cp1258")
        except UnicodeEncodeError:
            marks = unicodedata.normalize("NFD", character)
            base = "".join(mark for mark in marks if mark not in "\u0300\u0301\u0303\u0309\u0323")
            tone = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            raw += (unicodedata.normalize("NFC", base) + tone).encode("cp1258")
    return raw


def as_viscii(printed: str) -> bytes:
    codes = {letter: code for code, letter in legacy._VISCII.items()}
    return bytes(codes.get(character, ord(character)) for character in printed)


def test_tcvn3_is_detected_and_converted() -> None:
    assert legacy.detect(TCVN3) is Encoding.TCVN3
    assert legacy.convert(TCVN3, Encoding.TCVN3) == "Kế hoạch thực hiện phong trào thi đua của tỉnh năm 2008"


def test_vni_is_detected_and_converted() -> None:
    assert legacy.detect(VNI) is Encoding.VNI
    assert legacy.convert(VNI, Encoding.VNI) == ("Thực hiện kế hoạch của Uỷ ban nhân dân tỉnh, đường phố")


def test_capital_fonts_give_capitals() -> None:
    encoding = legacy.detect("KÕ ho¹ch", font_name=".VnTimeH")
    assert encoding is Encoding.TCVN3_CAPITALS
    assert legacy.convert("KÕ ho¹ch", encoding) == "KẾ HOẠCH"


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("KÕ HO¹CH\nUû ban nh©n d©n", "KẾ HOẠCH\nUỷ ban nhân dân"),
        ("Tõ ®ã", "Từ đó"),
        ("Tõ", "Từ"),
        ("Sè: 12/KH-UBND", "Số: 12/KH-UBND"),
        ("I. MôC §ÝCH, Y£U CÇU", "I. MỤC ĐÍCH, YÊU CẦU"),
        ("\xad\xadu tiªn", "ưưu tiên"),
    ],
)
def test_a_tcvn3_line_in_capitals_stays_in_capitals(printed: str, expected: str) -> None:
    assert legacy.convert(printed, Encoding.TCVN3) == expected


@pytest.mark.parametrize(
    ("font", "expected"),
    [(".VnTime", Encoding.TCVN3), (".VnArial NarrowH", Encoding.TCVN3_CAPITALS), ("VNI-Times", Encoding.VNI)],
)
def test_the_font_decides_for_short_text(font: str, expected: Encoding) -> None:
    assert legacy.detect("Ban", font_name=font) is expected


@pytest.mark.parametrize("font", [".VnTime", "VNI-Times", "Times New Roman", None])
def test_genuine_unicode_is_never_converted(font: str | None) -> None:
    assert legacy.detect(SENTENCE, font_name=font) is None
    assert legacy.detect(unicodedata.normalize("NFD", SENTENCE), font_name=font) is None


@pytest.mark.parametrize(
    "printed",
    [
        "",
        "plain text",
        "École française à Genève, déjà vu, naïve élève, œuvre",
        "résumé © 2020 «test» 25° µm ½ quy mô¹ ² ³",
        "Über Größe schön für Mädchen, Straße",
        "hòa bình, là nhà, có thì, tình ái, quê nhà",
    ],
)
def test_other_text_without_a_font_is_left_alone(printed: str) -> None:
    assert legacy.detect(printed) is None


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_survives_both_encodings(letter: str) -> None:
    assert legacy.convert(as_vni(letter), Encoding.VNI) == letter
    assert legacy.convert(as_vni(letter.upper()), Encoding.VNI) == letter.upper()
    assert letter in {chr(target) for target in legacy._TCVN3.values()}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (SENTENCE.encode(), "utf-8"),
        (codecs.BOM_UTF8 + SENTENCE.encode(), "utf-8"),
        (SENTENCE.encode("utf-16"), "utf-16-le"),
        (SENTENCE.encode("utf-16-le"), "utf-16-le"),
        (SENTENCE.encode("utf-16-be"), "utf-16-be"),
        (unicodedata.normalize("NFD", SENTENCE).encode(), "utf-8"),
        (as_cp1258(SENTENCE), "cp1258"),
        (as_viscii(SENTENCE), "viscii"),
    ],
)
def test_decode_bytes_finds_the_encoding(raw: bytes, name: str) -> None:
    assert legacy.decode_bytes(raw) == (SENTENCE, name)


def test_decode_bytes_converts_legacy_letters() -> None:
    expected = "Kế hoạch thực hiện phong trào thi đua của tỉnh năm 2008"
    assert legacy.decode_bytes(TCVN3.encode("latin-1")) == (expected, "tcvn3")
    assert legacy.decode_bytes(TCVN3.encode()) == (expected, "utf-8+tcvn3")
    assert legacy.decode_bytes(VNI.encode("cp1252"))[1] == "vni"


@pytest.mark.parametrize(
    "raw", [bytes(range(256)) * 8, b"PK\x03\x04\x00\x00\xff\xfe\x00" * 50, b"\xff\xd8\xff\xe0" * 40]
)
def test_decode_bytes_refuses_what_is_no_text(raw: bytes) -> None:
    with pytest.raises(legacy.NotText, match="không phải là văn bản"):
        legacy.decode_bytes(raw)


@given(st.binary())
def test_decode_bytes_answers_or_refuses(raw: bytes) -> None:
    try:
        decoded, _ = legacy.decode_bytes(raw)
    except legacy.NotText:
        return
    assert unicodedata.is_normalized("NFC", decoded)


@given(st.text("ăđơưạảấầẩẫậ abcdeghiklmnopqrstuvxy", min_size=30))
def test_detect_never_answers_for_letters_only_unicode_has(printed: str) -> None:
    assert legacy.detect("ạ" + printed) is None
