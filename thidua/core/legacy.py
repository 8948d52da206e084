"""Vietnamese text from before Unicode: TCVN3 (.VnTime fonts), VNI, VISCII and windows-1258.

Such text looks like "Kã ho¹ch" because letters share codes with Western signs. `detect` answers only when the
text makes no sense as it stands and makes Vietnamese syllables after conversion, so genuine Unicode is safe.
Convert before removing soft hyphens: U+00AD is the letter ư of TCVN3.
"""

import codecs
import re
import unicodedata
from enum import Enum

from thidua.core.errors import UserError
from thidua.core.text import nfc


class Encoding(Enum):
    """A way to write Vietnamese letters that is not Unicode."""

    TCVN3 = "tcvn3"
    TCVN3_CAPITALS = "tcvn3-capitals"  # the .VnTimeH fonts draw small letters as capitals
    VNI = "vni"


class NotText(UserError):
    """Bytes that no encoding of Vietnamese text explains."""

    def __init__(self) -> None:
        super().__init__(
            "Không đọc được nội dung tệp",
            why="tệp không phải là văn bản, hoặc dùng bảng mã chưa biết",
            next_step="Mở tệp bằng phần mềm soạn thảo, lưu lại dạng .docx hoặc UTF-8, rồi tải lên lại",
        )


_TCVN3_CODES = (
    "¡¢£¤¥¦§" "¨©ª«¬\u00ad®" "µ¶·¸¹" "»¼½¾Æ" "ÇÈÉÊË" "ÌÎÏÐÑ" "ÒÓÔÕÖ" "×ØÜÝÞ" "ßáâãä" "åæçèé" "êëìíî"
    "ïñòóô" "õö÷øù" "úûüýþ"
)  # fmt: skip
_TCVN3_LETTERS = (
    "ĂÂÊÔƠƯĐ" "ăâêôơưđ" "àảãáạ" "ằẳẵắặ" "ầẩẫấậ" "èẻẽéẹ" "ềểễếệ" "ìỉĩíị" "òỏõóọ" "ồổỗốộ" "ờởỡớợ"
    "ùủũúụ" "ừửữứự" "ỳỷỹýỵ"
)  # fmt: skip
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)

# A VNI letter is a base and, mostly, one code for tone, hat or both. Capitals are derived from the small.
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_HATS = {
    "â": "\u0302",
    "à": "\u0302\u0300",
    "á": "\u0302\u0301",
    "å": "\u0302\u0309",
    "ã": "\u0302\u0303",
    "ä": "\u0302\u0323",
}
_VNI_BREVES = {
    "ê": "\u0306",
    "è": "\u0306\u0300",
    "é": "\u0306\u0301",
    "ú": "\u0306\u0309",
    "ü": "\u0306\u0303",
    "ë": "\u0306\u0323",
}
_VNI_SINGLE = {"ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ì": "ì", "í": "í", "î": "ỵ", "ô": "ơ", "ö": "ư"}


def _vni_table() -> dict[str, str]:
    table: dict[str, str] = dict(_VNI_SINGLE)
    for base in "aeouy":
        table |= {base + code: nfc(base + tone) for code, tone in _VNI_TONES.items()}
    for base in "aeo":
        table |= {base + code: nfc(base + marks) for code, marks in _VNI_HATS.items()}
    table |= {"a" + code: nfc("a" + marks) for code, marks in _VNI_BREVES.items()}
    for base, letter in (("ô", "ơ"), ("ö", "ư")):
        table |= {base + code: nfc(letter + tone) for code, tone in _VNI_TONES.items()}
    capitals: dict[str, str] = {}
    for code, letter in table.items():
        capitals[code.upper()] = letter.upper()
        if len(code) == 2:  # the two halves are sometimes set in different case
            capitals[code[0].upper() + code[1]] = letter.upper()
            capitals[code[0] + code[1].upper()] = letter
    return capitals | table


_VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
    "Õắằặấầẩậẽẹếềểễệốồổỗ" "ỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)  # fmt: skip
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
_VISCII = {0x80 + index: letter for index, letter in enumerate(_VISCII_HIGH)} | _VISCII_LOW

_SMALL_LETTER = re.compile("[a-z]")
# A small accented letter right before a capital, or after two: nobody writes so but in capitals.
_CAPITAL_WORD = re.compile(f"[{_TCVN3_CODES[7:]}][A-Z]|[A-Z]{{2}}[{_TCVN3_CODES[7:]}]")
_WORD = re.compile(r"[^\W\d_]+")
# Signs count as letters here: in legacy text they are.
_LEGACY_WORD = re.compile(r"[A-Za-z\u00a1-\u00ff]+")
_BETWEEN_WORDS = re.compile(r"[\s\d.,;:()\"“”'\-–/!?…]+")
_ONLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300\u0301\u0303\u0309\u0323\u1ea0-\u1ef9]")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|nh?|ngh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:[aeiouy]|[aeiouy][aeiouy]|[iuoy][aeiouy][aeiouy])(?P<coda>ch?|m|ng?|nh|p|t)?"
)
_FOREIGN = re.compile("[\u0302\u0306\u031b]")
_MOST = 400  # words are enough to judge a document


def detect(text: str, *, font_name: str | None = None) -> Encoding | None:
    """The legacy encoding of `text`, or None when it is Unicode, plain ASCII, or not clear.

    `font_name` (of a run in a DOCX, say) decides where the text alone is too short. Give the longest text
    that shares one encoding: a whole document rather than a heading.
    """
    if _ONLY_UNICODE.search(text):
        return None
    hinted = _encoding_of_font(font_name)
    if hinted is not None:
        plain = text.isascii()
        return hinted if plain or _sense(convert(text, hinted)) >= _sense(text) else None
    words = [word for word in _LEGACY_WORD.findall(text) if not word.isascii()][:_MOST]
    if len(words) < 3:
        return None
    sample = " ".join(words)
    as_it_stands = _sense(sample)
    best = max((Encoding.TCVN3, Encoding.VNI), key=lambda encoding: _sense(convert(sample, encoding)))
    after = _sense(convert(sample, best))
    return best if after >= 0.7 and after - as_it_stands >= 0.3 else None


def _encoding_of_font(font_name: str | None) -> Encoding | None:
    if not font_name:
        return None
    name = font_name.strip().lower()
    if name.startswith(".vn"):
        return Encoding.TCVN3_CAPITALS if name.endswith("h") else Encoding.TCVN3
    return Encoding.VNI if name.startswith("vni") else None


def convert(text: str, encoding: Encoding) -> str:
    """`text` in Unicode, NFC. Characters that the encoding does not use stay."""
    if encoding is Encoding.VNI:
        return nfc(_VNI_CODE.sub(lambda code: _VNI[code.group()], text))
    if encoding is Encoding.TCVN3_CAPITALS:
        return nfc(text.translate(_TCVN3)).upper()
    return "".join(_tcvn3_line(line) for line in text.splitlines(keepends=True))


def _tcvn3_line(line: str) -> str:
    """One line; "KÕ HO¹CH" was drawn in capitals, for no accented letter but seven has a capital code."""
    converted = nfc(line.translate(_TCVN3))
    return converted.upper() if _CAPITAL_WORD.search(line) and not _SMALL_LETTER.search(line) else converted


def _sense(text: str) -> float:
    """Share, 0 to 1, of the words with accents that can be Vietnamese syllables; 0 when there are none."""
    words = [word for word in _BETWEEN_WORDS.split(text) if word and not word.isascii()][:_MOST]
    return sum(map(_is_syllable, words)) / len(words) if words else 0.0


def _is_syllable(word: str) -> bool:
    if not _WORD.fullmatch(word):
        return False
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [mark for mark in decomposed if mark in _TONES]
    if len(tones) > 1:
        return False
    bare = _FOREIGN.sub("", "".join(mark for mark in decomposed if mark not in _TONES))
    match = _SYLLABLE.fullmatch(bare)
    if match is None:
        return False
    stopped = match["coda"] in ("c", "ch", "p", "t")
    return not stopped or (bool(tones) and tones[0] in "\u0301\u0323") or not tones


_MARKS_OF_ORDER = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def decode_bytes(raw: bytes) -> tuple[str, str]:
    """Text of a plain file, NFC, and the name of its encoding.

    Tries byte-order marks, UTF-8, UTF-16 without mark, then the old Vietnamese encodings, and takes the one
    that makes the most Vietnamese syllables. Legacy letters inside UTF-8 are converted, too ("utf-8+tcvn3").
    Raises NotText for anything else.
    """
    for mark, name in _MARKS_OF_ORDER:
        if raw.startswith(mark):
            return _finished(_decoded(raw[len(mark) :], name), name)
    if b"\x00" in raw:
        return _finished(*_wide_without_mark(raw))
    try:
        return _finished(raw.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _decode_legacy(raw)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name)
    except UnicodeDecodeError as error:
        raise NotText from error


def _wide_without_mark(raw: bytes) -> tuple[str, str]:
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    if max(even, odd) < len(raw) // 20 or min(even, odd) > max(even, odd) // 20:
        raise NotText
    name = "utf-16-le" if odd > even else "utf-16-be"
    return _decoded(raw, name), name


def _finished(text: str, name: str) -> tuple[str, str]:
    if len(_CONTROLS.findall(text)) > len(text) // 100:
        raise NotText
    legacy = detect(text)
    return (convert(text, legacy), f"{name}+{legacy.value}") if legacy else (nfc(text), name)


def _decode_legacy(raw: bytes) -> tuple[str, str]:
    western = raw.decode("latin-1")
    candidates = {
        "tcvn3": convert(western, Encoding.TCVN3),
        "vni": convert(raw.decode("cp1252", "replace"), Encoding.VNI),
        "viscii": western.translate(_VISCII),
        "cp1258": nfc(raw.decode("cp1258", "replace")),
    }
    name = max(candidates, key=lambda candidate: _sense(candidates[candidate]))
    text = candidates[name]
    if _sense(text) < 0.6 or "\ufffd" in text or len(_CONTROLS.findall(text)) > len(text) // 100:
        raise NotText
    return nfc(text), name
