"""Figures in Vietnamese sentences: how many of what, compared how, per what, against when and until when.

Knows the comparators that stand on either side of a figure ("ít nhất 87%", "từ 3% trở lên"), ranges, shares
of a number ("5/12 xã"), printed counterparts in brackets ("87% số xã (112 xã)"),
padded and dotted numbers, and
the phrases of time that belong to a figure. What a figure means, targets and criteria decide.
Offsets are those of the text; patterns run on its flat form (see `matching`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from thidua.core.formats import parse_number

from . import vocabulary
from .matching import flat, pattern

# --- figures ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure: `value`, or `low` to `high`; `unit` is a code of vocabulary/units.yaml or `pct`."""

    start: int  # where the figure begins, its comparator included
    number_start: int
    end: int  # behind the unit, "/năm" and "trở lên"
    comparator: str  # gte, gt, lte, lt, between, approx, stated
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    unit: str
    unit_start: int
    unit_end: int
    per: str | None  # year, month, person …, as printed behind a stroke
    of: int | None  # "5/12 xã": 12
    note: str | None  # what stands in brackets between the number and its unit
    compared: bool  # a comparator is printed (a range, "trở lên" too)
    is_weak: bool
    is_money: bool


_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+\.\d{1,2}(?=\s*%|\s+(?:lan|ty|ti|trieu)\b)|\d+"
_WORD_NUMBERS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10}
_WORD_ACCENTS = {
    "mot": "một", "hai": "hai", "ba": "ba", "bon": "bốn", "sau": "sáu", "bay": "bảy", "tam": "tám",
    "chin": "chín",
    "muoi": "mười",
}  # fmt: skip
#: a figure after one of these is a name or a date, not a quantity
_NO_QUANTITY_BEFORE = pattern(
    r"(?:(?<!moi\s)(?<!hang\s)(?<!tung\s)\b(?:ngay|thang|nam|quy|tuan)\s*[:.]?\s*$|"
    r"\b(?:nam hoc|giai doan|thoi ky|nhiem ky|nien khoa|dieu|khoan|muc|"
    r"chuong|phan|tieu muc|phu luc|bieu|mau|bieu mau|"
    r"khu vuc|vung|loai|hang|cap do|muc do|lop|khoi|khoa|lan thu|thu|chuong trinh|nghi quyet|"
    r"nghi dinh|thong tu|"
    r"quyet dinh|chi thi|ke hoach|cong van|luat|de an|huong dan|quoc lo|tinh lo|duong|so hieu|ma so|nhom|top|"
    r"tieu chi so|tieu chi|diem so|van ban so|phuong an|dot|ky|tap|so nha|dt|dien thoai|den nam|"
    r"tu nam|nhom cac|tt|stt)|"
    r"(?<!tong\s)(?<!trong\s)(?<!co\s)\bso)\s*[:.]?\s*$"
)
_YEAR = range(1930, 2101)
_YEAR_CONTEXT = pattern(r"(?:\b(?:nam|den|toi|tu|vao|cuoi|dau|het|giai doan|hoc|ky)|[-/,])\s*$")
_MIN, _MAX, _ABOVE, _BELOW, _ABOUT = "gte", "lte", "gt", "lt", "approx"
_LEFT_WORDS: tuple[tuple[str, str], ...] = (
    (r"khong (?:duoi|thap hon|it hon|nho hon|kem)", _MIN),
    (r"khong (?:qua|vuot qua|vuot|cao hon|nhieu hon|lon hon|tren|hon|de qua|de vuot qua)", _MAX),
    (r"(?:khong|chua) den", _BELOW),
    (r"dat va vuot|bang hoac (?:cao|lon|nhieu) hon|bang va vuot|bang hoac vuot", _MIN),
    (r"bang hoac (?:thap|nho|it) hon", _MAX),
    (r"it nhat|toi thieu|thap nhat|chi it|>=|≥|it ra", _MIN),
    (r"nhieu nhat|toi da|cao nhat|<=|≤|cham nhat", _MAX),
    (r"con duoi|xuong duoi|duoi|thap hon|it hon|nho hon|<", _BELOW),
    (r"tren|hon|vuot qua|vuot|cao hon|lon hon|nhieu hon|>", _ABOVE),
    (r"khoang|xap xi|gan|uoc dat|uoc|chung", _ABOUT),
    (r"(?:xuong|giam) (?:chi )?con|\bchi con|\bcon", "remaining"),
)
_FILLER = r"(?:\s*(?:la|co|dat duoc|dat|khoang|tu|den|muc|ty le|o muc|phai dat|duoc|bang|len den|len))*\s*"
_LEFT = pattern(
    "(?<!\\w)(?=[a-z<>=≥≤])(?:"
    + "|".join(f"(?P<c{i}>(?:{words}))" for i, (words, _) in enumerate(_LEFT_WORDS))
    + f"){_FILLER}$"
)
#: letters of which every comparator holds some, for a cheap test
_COMPARATOR_SIGNS = (
    *(
        "nhat",
        "thieu",
        "duoi",
        "qua",
        "tren",
        "hon",
        "vuot",
        "khoang",
        "xap",
        "gan",
        "uoc",
        "con",
        "da",
        "den",
    ),
    *("chung", "chi", "it ra", "kem", ">", "<", "≥", "≤"),
)
_FROM = pattern(r"(?<!\w)(?:tu)\s*$")
_OR_MORE = pattern(
    r"(?P<more>tro len|do len|hoac cao hon|hoac hon|hoac nhieu hon)|(?P<less>tro xuong|tro lai)"
)
_MORE_NEAR = pattern(
    r"^(?:\s*/\s*\w+)?(?:(?! loai| nhiem vu| tot| kha| gioi| trung binh| muc| sao| cap| dat|"
    r" nang luc) [^;.()\d ,]{1,12},?){0,5}\s*(?:tro len|tro xuong|do len)\b"
)
_PER = pattern(
    r"\s*/\s*(?:01 |1 |mot )?(?P<per>nam hoc|nam|thang|quy|tuan|ngay|nguoi|ca nhan|dang vien|"
    r"hoi vien|doan vien|hoc sinh|ho|xa|thon|"
    r"don vi|co quan|truong|lop|chi doan|chi bo|chi hoi|lan|ha|lao dong|tap the|to|doanh nghiep|"
    r"huyen|can bo|khau|can|nha|mo hinh|van dan|vu|"
    r"sang kien|du an|san pham|suat|hoc ky|kwh|m2|m3|tan|tap|buoi|dot|nhom|khoa|ca|doi|to|phuong|ap|tinh)\b"
)
#: "10 lớp dạy nghề/năm", "02 bài viết mới/tháng"
_PER_TIME = pattern(r"(?: [a-z]+){1,4} ?/ ?(?:01 |1 )?(?P<per>nam hoc|nam|thang|quy|tuan|hoc ky)\b")
_PER_CODES = {
    "nam": "year", "nam hoc": "year", "thang": "month", "quy": "quarter", "tuan": "week", "ngay": "day",
    "nguoi": "person", "ca nhan": "person", "dang vien": "person", "hoi vien": "person",
    "doan vien": "person",
    "hoc sinh": "person", "lao dong": "person", "can bo": "person", "khau": "person", "ho": "household",
    "xa": "commune", "thon": "village", "huyen": "district", "ha": "hectare", "lan": "times", "can": "house",
    "nha": "house", "sang kien": "initiative", "du an": "project", "san pham": "product",
    "hoc ky": "semester", "kwh": "kwh", "m2": "square_metre", "m3": "cubic_metre", "tan": "tonne",
    "phuong": "commune", "ap": "village",
}  # fmt: skip


@cache
def _units() -> tuple[re.Pattern[str], dict[str, tuple[str, bool, bool]]]:
    by_words: dict[str, tuple[str, bool, bool]] = {}
    for entry in vocabulary.load("units"):
        for words in entry["words"]:
            by_words[words] = (entry["code"], bool(entry.get("weak")), bool(entry.get("money")))
    longest_first = sorted(by_words, key=len, reverse=True)
    by_initial: dict[str, list[str]] = {}  # so that a word is compared only with those of its first letter
    for words in longest_first:
        by_initial.setdefault(words[0], []).append(re.escape(words[1:]).replace(r"\ ", " "))
    alternatives = "|".join(f"{initial}(?:{'|'.join(rest)})" for initial, rest in by_initial.items())
    figure = (
        rf"(?<![\w./])(?<!\d,)(?P<a>{_NUMBER})(?![\d])(?P<pa>\s*%)?"
        rf"(?:\s*(?:-|~|\bden(?: duoi| can)?\b|\btoi\b|\bhoac\b)\s*(?P<b>{_NUMBER})(?![\d])"
        rf"|/(?P<of>\d{{1,5}})(?![\d/]))?"
        rf"(?P<note> ?\([^()]{{1,60}}\))? ?(?P<unit>%|(?:(?:tong )?so )?(?P<word>{alternatives})(?!\w))"
    )
    return pattern(figure), by_words


#: "1/2 số hộ": a share of all, not one of two
_FRACTION = pattern(r"[1-4]/[2-5] (?:tong )?so ")
_DIGITS = re.compile(r"\d[\d.,]*")
_WORD_FIGURE_CUE = pattern(
    r"(?:it nhat|toi thieu|khong qua|toi da|khong duoi|nhieu nhat|tu)(?: la| co| dat)? (?P<a>"
    + "|".join(_WORD_NUMBERS)
    + r")\s"
)
_HAS_DIGIT = re.compile("[0-9]")


def may_hold_figures(text: str) -> bool:
    """Cheap test before anything else."""
    return _HAS_DIGIT.search(text) is not None or _may_hold_word_figures(flat(text))


def _may_hold_word_figures(key: str) -> bool:
    return (
        "it nhat" in key
        or "toi thieu" in key
        or "khong qua" in key
        or "khong duoi" in key
        or "khong it hon" in key
        or "toi da" in key
        or "nhieu nhat" in key
    )


def quantities_of(text: str) -> list[Quantity]:
    """The figures with a unit in `text`, in order; dates, numbers of documents and the like left out."""
    key = flat(text)
    return sorted(_figures(text, key), key=lambda quantity: quantity.number_start)


def _figures(text: str, key: str) -> Iterator[Quantity]:
    expression, by_words = _units()
    position, has_firm_cue = 0, _may_hold_word_figures(key)
    for digits in _DIGITS.finditer(key):
        if digits.start() < position:
            continue
        match = expression.match(key, digits.start())
        quantity = _quantity(text, key, match, by_words) if match else None
        if quantity is None and has_firm_cue:
            quantity = _of_unknown(text, key, digits.start())
        if quantity is not None:
            position = quantity.unit_end
            yield quantity
    if not has_firm_cue:
        return
    for cue in _WORD_FIGURE_CUE.finditer(key):
        word = cue["a"]
        if text[cue.start("a") : cue.end("a")].lower() not in (_WORD_ACCENTS[word], word):
            continue
        rest, shift = "1" + key[cue.end("a") :], cue.end("a") - 1
        match = expression.match(rest)
        if match is not None and match["unit"] == "%":
            continue
        if match is None or not _is_really(text, match.start("word") + shift, match.end("word") + shift):
            match = _UNKNOWN.match(rest) if _FIRM_CUE.search(key, 0, cue.start("a")) else None
        if match is not None:
            yield _from_word(text, key, cue, match, by_words)


#: what no list holds: "ít nhất 02 “Đại sứ số”"; not where the word behind measures time or multiplies
_UNKNOWN = pattern(
    rf"(?<![\w./])(?<!\d,)(?P<a>{_NUMBER})(?:/(?P<of>\d{{1,5}}))?"
    r" (?P<unit>[“\"]|(?P<word>(?!(?:nam|thang|quy(?! (?:trinh|uoc|che|dinh))|tuan|ngay|tuoi|gio|phut|giay|trieu|ty|ti|nghin|ngan|tram|"
    r"chuc|va|den|hoac|lan|phan|so|trong|tro|hang|muc|cap|loai|hoc ky|ky)\b)[a-z]{2,}))"
)
_FIRM_CUE = pattern(r"\b(?:it nhat|toi thieu|khong (?:duoi|it hon))(?: la| co| dat| duoc)? $")


def _of_unknown(text: str, key: str, start: int) -> Quantity | None:
    """A figure behind "ít nhất" with a noun that the list of units does not hold: unit `other`."""
    before = key[max(0, start - 48) : start]
    if _FIRM_CUE.search(before) is None:
        return None
    match = _UNKNOWN.match(key, start)
    low = _number(match["a"]) if match else None
    if match is None or low is None:
        return None
    return _compared(
        text, key, before, start,
        low=low, high=None, unit="other", unit_start=match.start("unit"), unit_end=match.end("unit"),
        of=int(match["of"]) if match["of"] else None, note=None, is_weak=True, is_money=False,
    )  # fmt: skip


def _quantity(
    text: str, key: str, match: re.Match[str], by_words: dict[str, tuple[str, bool, bool]]
) -> Quantity | None:
    start = match.start("a")
    before = key[max(0, start - 48) : start]
    low, high = _number(match["a"]), _number(match["b"]) if match["b"] else None
    if low is None or (match["b"] and high is None) or _is_named(before, match, low):
        return None
    if match["unit"] == "%" or match["pa"]:
        unit, is_weak, is_money = (
            "pct",
            False,
            False,
        )  # "87% số xã": the words behind are the base of the share
        unit_start, end = match.start("unit"), match.end("unit")
        if match["unit"] != "%":
            end = max(match.end("pa"), match.end("b"), match.end("of"))
            unit_start = match.start("pa") if end == match.end("pa") else end
    else:
        unit_end = _end_of_unit(text, key, match, by_words)
        if unit_end is None:
            return None
        unit, is_weak, is_money = by_words[" ".join(key[match.start("word") : unit_end].split())]
        unit_start, end = match.start("unit"), unit_end
    if unit not in ("pct", "point") and _FRACTION.match(key, start):
        low, unit, is_weak = _percent_of(match), "pct", False  # "giảm 1/2 số hộ nghèo"
    return _compared(
        text, key, before, start,
        low=low, high=high, unit=unit, unit_start=unit_start, unit_end=end, of=_share_of(match, unit),
        note=text[match.start("note") : match.end("note")].strip(" ()") if match["note"] else None,
        is_weak=is_weak, is_money=is_money,
    )  # fmt: skip


def _end_of_unit(
    text: str, key: str, match: re.Match[str], by_words: dict[str, tuple[str, bool, bool]]
) -> int | None:
    """Where the unit ends: the longest words with its accents ("hộ so với" is not "hồ sơ")."""
    start, end = match.span("word")
    while end > start:
        words = " ".join(key[start:end].split())
        if words in by_words and _is_really(text, start, end):
            return end
        end = key.rfind(" ", start, end)
    return None


def _percent_of(match: re.Match[str]) -> Decimal:
    share = Decimal(match["a"]) * 100 / Decimal(match["of"])
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _share_of(match: re.Match[str], unit: str) -> int | None:
    """ "5/12 xã" is 5 of 12; "90/100 điểm" only names the scale."""
    return int(match["of"]) if match["of"] and unit not in ("point", "pct") else None


def _from_word(
    text: str, key: str, cue: re.Match[str], match: re.Match[str], by_words: dict[str, tuple[str, bool, bool]]
) -> Quantity:
    shift = cue.end("a") - 1
    unit, is_weak, is_money = "other", True, False
    if match.re is not _UNKNOWN:
        unit, is_weak, is_money = by_words[" ".join(match["word"].split())]
    start = cue.start("a")
    return _compared(
        text, key, key[max(0, start - 48) : start], start,
        low=Decimal(_WORD_NUMBERS[cue["a"]]), high=None, unit=unit, unit_start=match.start("unit") + shift,
        unit_end=match.end("unit") + shift, of=None, note=None, is_weak=is_weak, is_money=is_money,
    )  # fmt: skip


def _compared(
    text: str, key: str, before: str, number_start: int,
    *, low: Decimal, high: Decimal | None, unit: str, unit_start: int, unit_end: int, of: int | None,
    note: str | None,
    is_weak: bool, is_money: bool,
) -> Quantity:  # fmt: skip
    """The figure with what stands to its left and right: comparator, "/năm", "trở lên"."""
    start, end, comparator, compared = number_start, unit_end, "stated", False
    left = _LEFT.search(before) if any(sign in before for sign in _COMPARATOR_SIGNS) else None
    begins_from = _FROM.search(before) if before.rstrip().endswith("tu") else None
    if left is not None:
        index = next(i for i in range(len(_LEFT_WORDS)) if left[f"c{i}"] is not None)
        comparator, compared = _LEFT_WORDS[index][1], True
        start = number_start - (len(before) - left.start())
    per = None
    while per_match := _PER.match(key, end):  # "60 triệu đồng/người/năm": the first counts
        per = per or _PER_CODES.get(" ".join(per_match["per"].split()), "unit")
        end = per_match.end()
    if per is None and (time := _PER_TIME.match(key, end)):
        per = _PER_CODES[" ".join(time["per"].split())]
    rest = key[end : end + 90]
    cut = re.search(r"[;.]\s|[;]|, ", rest)
    near = rest[: cut.start()] if cut else rest
    more = _OR_MORE.search(near if begins_from else rest) if begins_from or _MORE_NEAR.match(rest) else None
    if comparator == "remaining":
        comparator = "lte"
    if more is not None and (left is None or begins_from or comparator in ("lte", "stated")):
        if not (left is not None and not begins_from and comparator in ("gt", "gte", "lt")):
            comparator, compared = ("gte" if more["more"] else "lte"), True
            if _MORE_NEAR.match(rest):
                end += more.end()
    elif begins_from and left is None and high is None and not _LEADS_ON.match(rest):
        comparator, compared = "gte", True
    if begins_from and start == number_start:
        start = number_start - (len(before) - begins_from.start())
    if high is not None:
        comparator, compared = "between", True
    return Quantity(
        start=start, number_start=number_start, end=end, comparator=comparator,
        value=low if high is None else None, low=low if high is not None else None, high=high, unit=unit,
        unit_start=unit_start, unit_end=unit_end, per=per, of=of, note=note, compared=compared,
        is_weak=is_weak,
        is_money=is_money,
    )  # fmt: skip


_CHANGES_TO = r"\b(?:len|xuong|den|(?<!hoan\s)thanh(?! (?:vien|pho|nien|lap|tich)))\b"
#: "từ 80% lên 95%", "từ 5 xã thành …": the figure is where it begins, not a threshold
_LEADS_ON = pattern(rf"^[^,;.]{{0,40}}?(?<!tro\s)(?<!do\s){_CHANGES_TO}")
_LEADS_TO_FIGURE = pattern(rf"[^,;.]{{0,40}}?{_CHANGES_TO}[^,;.]{{0,24}}\d")


def leads_to_another(text: str, quantity: Quantity) -> bool:
    """Whether the figure is where a change begins, its end printed behind it ("từ 80% lên 95%")."""
    key = flat(text)
    return (
        _FROM.search(key[max(0, quantity.number_start - 12) : quantity.number_start]) is not None
        and quantity.comparator in ("stated", "gte")
        and not _OR_MORE.search(key[quantity.number_start : quantity.end])
        and _LEADS_TO_FIGURE.match(key, quantity.end) is not None
    )


def _number(printed: str) -> Decimal | None:
    try:
        return parse_number(printed)
    except ValueError:
        pass
    if re.fullmatch(r"\d+\.\d{1,2}", printed):  # "1.5%": a decimal point where a comma belongs
        return Decimal(printed)
    return None


def _is_named(before: str, match: re.Match[str], value: Decimal) -> bool:
    """Whether the figure belongs to a date, a year, a citation or a name."""
    if match["unit"] != "%" and not match["pa"]:
        if value in _YEAR and len(match["a"]) == 4 and _YEAR_CONTEXT.search(before):
            return True
        if match["b"] and _number(match["b"]) in _YEAR and len(match["b"]) == 4:
            return True
        if _NO_QUANTITY_BEFORE.search(before[-24:]):
            return True
        if (
            match["unit"] in ("dong", "m", "ta", "can", "to", "em")
            and len(match["a"]) == 4
            and value in _YEAR
        ):
            return True
    return False


#: how a unit is printed that looks like another word without accents; and words that make it another one
_ACCENTED: dict[str, tuple[str, ...]] = {
    "xa": ("xã",), "ban": ("bản",), "ap": ("ấp",), "ho": ("hộ",), "to": ("tổ",), "lan": ("lần",),
    "diem": ("điểm",),
    "nha": ("nhà",), "cay": ("cây",), "can": ("căn",), "doi": ("đội",), "hoi": ("hội",), "bai": ("bài",),
    "so": ("sở",), "phong": ("phòng",), "nhom": ("nhóm",), "chau": ("cháu",), "ta": ("tạ",), "tan": ("tấn",),
    "dong": ("đồng",), "bac": ("bậc",), "lang": ("làng",), "ti": ("tỉ",), "ty": ("tỷ", "tỉ"), "vu": ("vụ",),
    "ngoi": ("ngôi",), "gio": ("giờ",), "khoa": ("khóa", "khoá", "khoa"), "suat": ("suất",),
    "ho so": ("hồ sơ",),
    "can bo": ("cán bộ",), "van ban": ("văn bản",), "truong": ("trường",), "guong": ("gương",),
    "buoi": ("buổi",),
    "cuon": ("cuốn",), "met": ("mét",), "phut": ("phút",), "dot": ("đợt",), "giai": ("giải",),
    "cuoc": ("cuộc",),
    "cau": ("cầu",), "nha tam": ("nhà tạm",), "giai thuong": ("giải thưởng",),
}  # fmt: skip
_NOT_BEFORE: dict[str, tuple[str, ...]] = {
    "khu": ("vuc", "cong nghiep", "che xuat"), "nha": ("truong", "nuoc", "khoa", "dau tu", "may", "hang", "hao tam", "giao", "tai tro"),
    "ho": ("chieu",), "nguoi": ("dan toc",), "giai": ("doan", "phap"), "can": ("bo", "cu", "cuoc"),
    "phong": ("trao",), "so": ("voi", "ket"), "bai": ("hoc",), "to": ("chuc", "quoc"), "nhom": ("chi so",),
    "doi": ("tuong", "voi", "song", "moi"), "hoi": ("nghi", "dong"),
}  # fmt: skip


def _is_really(text: str, start: int, end: int) -> bool:
    """Whether the unit's word is that word, by its accents, if the text has any, and by what follows."""
    key = flat(text)
    word = " ".join(key[start:end].split())
    printed = " ".join(text[start:end].lower().split())
    expected = _ACCENTED.get(word, (word,))
    if word in _ACCENTED and printed not in expected and not (printed == word and key == text.lower()):
        return False
    following = _NOT_BEFORE.get(word)
    return following is None or not key[end : end + 16].strip().startswith(following)


# --- changes ------------------------------------------------------------------------------------------------

_DECREASE = pattern(
    r"\b(?:giam|ha|cat giam|keo giam|rut ngan|tiet giam)\b(?! (?:doc|sat|dinh|thieu|ngheo\b|hieu))"
)
_INCREASE = pattern(
    r"(?:\b(?:tang|nang|cao hon|gap)|(?<!va\s)\bvuot)\b(?! (?:cuong|cao|cap|luc|suat|dong|phai|"
    r"mat|kho|qua|moi qua|thuong))"
)
#: the verbs above with their accents; other words look the same without
_CHANGES_PRINTED = re.compile(r"giảm|hạ|ngắn|tăng|nâng|vượt|cao hơn|gấp", re.IGNORECASE)
_LEVEL_AFTER_CHANGE = pattern(
    r"\b(?:con|len|xuong|den|dat|o muc duoi)\b"
    r"(?:\s*(?:duoi|tren|khoang|con|tu|muc|den|khong qua|it nhat|toi thieu|den tren|hon))*\s*$"
)
_GROWTH = pattern(r"\b(?:toc do|muc|ty le|ti le) (?:tang|giam)|tang truong\b")
_PER_YEAR = pattern(r"\b(?:moi nam|hang nam|tung nam|binh quan nam|moi mot nam|moi nam hoc)\b")
_PER_OTHER = pattern(
    r"(?:\b(?P<round>ngay \d{1,2}|thu \w+|tuan \w+|cuoi) )?"
    r"\b(?:moi|hang|tung|trong (?:mot|moi|01|1)|1|01|mot) (?P<per>thang|quy|tuan|hoc ky)\b"
)
_AVERAGE = pattern(r"\bbinh quan\b(?! (?:dau nguoi|cua|moi nguoi|moi ho|/|thu nhap|1 nguoi|chung|tren))")
_AVERAGE_YEAR = pattern(r"\bbinh quan ?(?:/|moi|hang|tung)? ?nam\b")
_LEAD_COUNTS = pattern(r"\b(?:giam|tang|muc)\b[^:]{0,20}\b(?:ty le|ti le|so|muc)\b[^:]*:")
_GIVEN_TO = pattern(r"\b(?:cho|voi|tai|cua|trong|tren|doi voi)\s*$")


@dataclass(frozen=True, slots=True)
class Change:
    """Whether a figure is a change and of what kind: `down`, `up` or None (a level); and per what it is."""

    direction: str | None
    per: str | None


def change_of(clause: str, quantity: Quantity, *, offset: int = 0) -> Change:
    """What the words around a figure say about change: direction, and whether it is by the year.

    `clause` is the text as printed, `offset` where it begins in the text that the quantity was found in.
    """
    key = flat(clause)
    number_at = quantity.number_start - offset
    left, right = key[:number_at], key[number_at:]
    yearly = quantity.per == "year" or _PER_YEAR.search(key) is not None
    per = "year" if yearly else quantity.per
    direction = _direction(clause, left, right, quantity)
    if per is None and (other := _PER_OTHER.search(key)) and not other["round"]:
        # "100% chi bộ sinh hoạt hằng tháng": a share of all is none of a month
        per = _PER_CODES[" ".join(other["per"].split())] if direction or quantity.unit != "pct" else None
    average = _AVERAGE if quantity.unit in ("pct", "pct_point") else _AVERAGE_YEAR
    if yearly and average.search(key):
        per = "year_average"
    return Change(direction, per)


def _direction(clause: str, left: str, right: str, quantity: Quantity) -> str | None:
    down, up = _last(_DECREASE, left, clause), _last(_INCREASE, left, clause)
    if down is None and up is None:
        return None
    way, verb = ("down", down) if up is None or (down is not None and down > up) else ("up", up)
    assert verb is not None
    is_against_baseline = _BASELINE.search(right) is not None
    if quantity.per == "year" or is_against_baseline:
        return way
    between = left[verb:]
    if (
        ", " in between
        or (":" in between and not _LEAD_COUNTS.search(left))
        or _GIVEN_TO.search(left[: max(0, len(left) - (quantity.number_start - quantity.start))])
    ):
        return None
    if _LEVEL_AFTER_CHANGE.search(between):
        return way if _GROWTH.search(left) and not re.search(r"\b(?:con|xuong|len)\b", between) else None
    if way == "down" and quantity.comparator in ("lte", "lt") and between.strip():
        return None  # "giảm tổng nợ không quá 5%": the level that is left
    return way


def _last(expression: re.Pattern[str], left: str, clause: str) -> int | None:
    """Where the last verb of change ends before the figure; by its accents, unless the text has none."""
    found = None
    for match in expression.finditer(left):
        printed = clause[match.start() : match.end()]
        if _CHANGES_PRINTED.search(printed) or printed.lower() == match[0]:
            found = match.end()
    return found


# --- baseline -----------------------------------------------------------------------------------------------

_BASELINE = pattern(
    r"\bso voi (?P<when>(?:thoi diem |muc |ket qua |uoc thuc hien |thuc hien |uoc )?(?:(?:cuoi|dau|"
    r"thang \d{1,2}/?) )?(?:nam \d{4}|\d{4}|nam (?:hoc )?truoc(?: lien ke)?|dau ky|dau giai doan|"
    r"dau nhiem ky|dau nam|"
    r"cuoi ky truoc|ky truoc|giai doan truoc|giai doan \d{4} ?- ?\d{4}|cung ky(?: nam (?:truoc|"
    r"\d{4}))?|nam hoc \d{4} ?- ?\d{4}|hien nay|thoi diem[^,;.]{0,40}))"
)


def baseline_of(clause: str) -> dict[str, Any] | None:
    """{when, year} of "so với năm 2020" in a clause, or None; "so với tổng số hộ" is a denominator."""
    match = _BASELINE.search(flat(clause))
    if match is None:
        return None
    when = clause[match.start("when") : match.end("when")].strip()
    year = re.search(r"\d{4}", when)
    found: dict[str, Any] = {"when": when}
    if year:
        found["year"] = int(year[0])
    return found


# --- until when ---------------------------------------------------------------------------------------------

_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DEADLINE = pattern(
    r"(?:\b(?:hoan thanh|xong|hoan thanh xong|ket thuc) (?=truoc|trong|cham nhat|vao|den))?"
    r"\b(?P<lead>(?:cham nhat|muon nhat)(?: (?:la|den|den het|vao|trong|truoc))?|truoc|trong|den|"
    r"toi|vao|ngay trong|het|cuoi)?"
    r"(?:(?<!phan) (?P<edge>het|cuoi|dau|giua))?(?: ?(?P<what>ngay|thang|quy|nam hoc|nam))? ?"
    r"(?:(?P<d>\d{1,2})(?:/|-| thang )(?P<dm>\d{1,2})(?:/|-| nam )(?P<dy>\d{4})"
    r"|(?P<m>\d{1,2})(?:/| nam )(?P<my>\d{4})|(?P<q>iv|iii|ii|i|[1-4])(?:/| nam |"
    r", nam )(?P<qy>\d{4})|(?P<y>20\d\d)(?!\d))(?![\d/%])"
)
_NOT_A_DEADLINE_BEFORE = pattern(
    r"(?:so voi(?: \w+){0,3}|giai doan|tu|tu (?:nam )?\d{4}|ke tu|dinh huong(?: den)?|"
    r"tam nhin(?: den)?|ket qua|nhiem ky|so lieu|hien nay|thoi diem|cua|"
    r"-|ra soat(?: \w+){0,2}|nam hoc|ket thuc|bang|cung ky|ban hanh|nghi quyet|hoi nghi|"
    r"chuan ngheo|quyet dinh|ket luan|chi thi|luat|danh sach(?: \w+){0,3}) ?$"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline in golden/1's form and where it stands in the text."""

    start: int
    end: int
    value: dict[str, Any]

    @property
    def year(self) -> int | None:
        year = self.value.get("year")
        return year if isinstance(year, int) else None


def deadlines_of(text: str) -> list[Deadline]:
    """The dates until which something holds in `text`, in order; no periods, baselines or citations."""
    key = flat(text)
    if "20" not in key:
        return []
    found = []
    for match in _DEADLINE.finditer(key):
        deadline = _deadline(text, key, match)
        if deadline is not None:
            found.append(deadline)
    return found


def _deadline(text: str, key: str, match: re.Match[str]) -> Deadline | None:
    lead, edge, what = match["lead"], match["edge"], match["what"]
    if not lead and what not in ("nam", "thang", "quy", "ngay") and not edge:
        return None
    if lead is None and what == "ngay":
        return None  # a bare date belongs to a document
    if match["y"] and what == "nam hoc":
        return None
    begin = match.start() + len(match[0]) - len(match[0].lstrip())
    before = key[max(0, begin - 40) : begin]
    if _NOT_A_DEADLINE_BEFORE.search(before):
        return None
    if re.match(r"\s*-\s*\d{4}", key[match.end() :]):
        return None  # "2021 - 2025"
    value = _date_parts(match, what)
    if value is None:
        return None
    if lead == "truoc":
        value["bound"] = "before"
    elif lead is not None and (
        lead.startswith(("cham nhat", "muon nhat")) or lead in ("trong", "ngay trong")
    ):
        value["bound"] = "within"
    value["raw"] = text[begin : match.end()].strip()
    return Deadline(begin, match.end(), value)


def _date_parts(match: re.Match[str], what: str | None) -> dict[str, Any] | None:
    if match["d"]:
        day, month, year = int(match["d"]), int(match["dm"]), int(match["dy"])
        return {"year": year, "month": month, "day": day} if 1 <= month <= 12 and 1 <= day <= 31 else None
    if match["m"] and what != "quy":
        month = int(match["m"])
        return {"year": int(match["my"]), "month": month} if 1 <= month <= 12 else None
    if match["m"] or match["q"]:
        quarter = _QUARTERS.get(match["m"] or match["q"])
        year = int(match["my"] or match["qy"])
        return {"year": year, "quarter": quarter} if quarter and (what == "quy") else None
    return {"year": int(match["y"])}


# --- counterparts -------------------------------------------------------------------------------------------

_BRACKET = pattern(r"^ ?[^();]{0,110}?\((?P<inside>[^()]{1,60})\)")
_SHARE = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_COUNT = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{3})+|\d+)(?:/(\d+))?(?![\d%.,]*\d*\s*%)")


def counterpart_of(text: str, quantity: Quantity, *, until: int) -> dict[str, Any] | None:
    """The other way a figure is printed, in brackets or as a fraction: golden/1's `stated_count`, or None."""
    if quantity.value is None:
        return None
    bracket = quantity.note
    if bracket is None and (match := _BRACKET.match(text[quantity.unit_end : until])):
        bracket = match["inside"]
    share = _SHARE.search(bracket) if bracket else None
    if quantity.of:
        found: dict[str, Any] = {"of": quantity.of}
        if share:
            found |= _shares(_plain(share[1]), quantity.value, Decimal(quantity.of))
        return found
    if bracket is None:
        return None
    if quantity.unit == "pct":
        count = _COUNT.search(bracket) if not share else None
        if (
            count is None
            or not re.match(r"\s*(?:[^\W\d]|$)", bracket[count.end() :])
            or re.search(r"\b(?:năm|ngày|tháng|số)\s*$", bracket[: count.start()].lower())
        ):
            return None
        number = _plain(count[1])
        if count[2]:
            return {"count": int(number), "of": int(count[2])}
        base = (
            (number * 100 / quantity.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
            if quantity.value
            else None
        )
        return {"count": int(number)} | ({"implied_base": float(base)} if base is not None else {})
    return {"stated_pct": float(_plain(share[1]))} if share and quantity.unit != "pct" else None


def _plain(printed: str) -> Decimal:
    number = _number(printed)
    return number if number is not None else Decimal(printed.replace(".", "").replace(",", "."))


def _shares(stated: Decimal, count: Decimal, of: Decimal) -> dict[str, Any]:
    """A printed share beside the computed one, and how it was rounded when it does not fit."""
    exact = count * 100 / of if of else Decimal(0)
    found: dict[str, Any] = {
        "stated_pct": float(stated),
        "computed_pct": float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP)),
    }
    exponent = stated.as_tuple().exponent
    places = Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)
    half_up = exact.quantize(places, ROUND_HALF_UP)
    if stated != half_up and stated == exact.quantize(places, ROUND_DOWN):
        found["rounding"] = f"truncated; half-up gives {str(half_up).replace('.', ',')}%"
    return found


def plain_number(value: Decimal) -> int | float:
    """A Decimal as golden/1 prints it: an integer where it is one."""
    return int(value) if value == value.to_integral_value() else float(value)


def figure_fields(quantity: Quantity) -> dict[str, Any]:
    """comparator and value, or value_min and value_max."""
    if quantity.value is not None:
        return {"comparator": quantity.comparator, "value": plain_number(quantity.value)}
    assert quantity.low is not None
    assert quantity.high is not None
    return {
        "comparator": "between",
        "value_min": plain_number(quantity.low),
        "value_max": plain_number(quantity.high),
    }
