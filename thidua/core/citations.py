"""References to numbered documents: "Kế hoạch số 152/KH-UBND ngày 01/7/2022 của UBND tỉnh về …".

`find` anchors on the number with its symbol, which hardly anything else in a text resembles, and reads outwards
from there: type and issuer before, date, issuer and title after. What is printed stays as printed, misprints
included. Laws cited by name alone come from `find_named_laws`. Source of the forms: Nghị định 30/2020/NĐ-CP,
art. 7, Annex I II.3, II.4, II.6; Party documents: Quy định 66-QĐ/TW and its guidance.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from thidua.core.formats import format_date_nd30_short
from thidua.core.text import DASHES, fold, fold_aligned, nfc, skeleton

# Printed form -> abbreviation in symbols. Longer names of one type share its abbreviation.
TYPES: dict[str, str | None] = {
    "Hiến pháp": None,
    "Bộ luật": None,
    "Luật": None,
    "Pháp lệnh": "PL",
    "Sắc lệnh": "SL",
    "Lệnh": "L",
    "Nghị quyết liên tịch": "NQLT",
    "Nghị quyết": "NQ",
    "Nghị định": "NĐ",
    "Quyết định": "QĐ",
    "Chỉ thị": "CT",
    "Thông tư liên tịch": "TTLT",
    "Thông tư": "TT",
    "Thông tri": "TT",
    "Quy chế phối hợp": "QCPH",
    "Quy chế": "QC",
    "Quy định": "QyĐ",
    "Quy ước": "QƯ",
    "Điều lệ": "ĐL",
    "Thông cáo": "TC",
    "Thông báo kết luận": "TB",
    "Thông báo": "TB",
    "Hướng dẫn liên ngành": "HDLN",
    "Hướng dẫn": "HD",
    "Chương trình hành động": "CTr",
    "Chương trình phối hợp": "CTr",
    "Chương trình công tác": "CTr",
    "Chương trình": "CTr",
    "Kế hoạch liên ngành": "KHLN",
    "Kế hoạch liên tịch": "KHLT",
    "Kế hoạch phối hợp": "KHPH",
    "Kế hoạch hành động": "KH",
    "Kế hoạch": "KH",
    "Phương án": "PA",
    "Đề án": "ĐA",
    "Dự án": "DA",
    "Báo cáo": "BC",
    "Biên bản": "BB",
    "Tờ trình": "TTr",
    "Hợp đồng": "HĐ",
    "Công điện": "CĐ",
    "Công văn": None,
    "Công thư": None,
    "Thư công": None,
    "Bản ghi nhớ": "BGN",
    "Bản thỏa thuận": "BTT",
    "Giấy ủy quyền": "GUQ",
    "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT",
    "Phiếu gửi": "PG",
    "Phiếu chuyển": "PC",
    "Phiếu báo": "PB",
    "Kết luận": "KL",
    "Thông tin": "TTin",
    "Lời kêu gọi": "LKG",
    "Văn bản hợp nhất": "VBHN",
}
OFFICIAL_LETTER = "Công văn"
LAW_TYPES = ("Hiến pháp", "Bộ luật", "Luật", "Pháp lệnh")

_TYPE_BY_FOLD = {fold(name): name for name in TYPES}
# Abbreviations as they stand at the beginning of a symbol, the Party's own among them.
_TYPE_BY_ABBREVIATION = {
    **{fold(abbr): name for name, abbr in reversed(TYPES.items()) if abbr},
    "qdi": "Quy định",
    "qyd": "Quy định",
    "kl": "Kết luận",
    "tt": "Thông tư",
    "l": "Lệnh",
    "ctr": "Chương trình",
    "ctrhd": "Chương trình hành động",
    "cthd": "Chương trình hành động",
    "ctph": "Chương trình phối hợp",
    "ctrph": "Chương trình phối hợp",
    "tb": "Thông báo",
    "kh": "Kế hoạch",
    "cv": OFFICIAL_LETTER,
    "ttr": "Tờ trình",
    "da": "Đề án",
}
_VAGUE_TYPES = ("van ban", "cong van", "cv", "van kien")


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference says about a document, cleaned: to compare, to store, to print.

    `date` is an ISO date, or part of one ("2022-07", "2022"), or None where not stated or impossible.
    """

    type: str | None
    number: str
    symbol: str
    number_year: int | None = None
    date: str | None = None
    issuer: str | None = None
    about: str | None = None

    @property
    def ref(self) -> str:
        """Number and symbol as the rules print them: 152/KH-UBND, 25/2021/QH15, 46-NQ/TU."""
        if is_party_symbol(self.symbol):
            return f"{self.number}-{self.symbol}"
        year = f"{self.number_year}/" if self.number_year else ""
        return f"{self.number}/{year}{self.symbol}"

    @property
    def year(self) -> int | None:
        """Year of the number: printed inside it, or else the year of the date."""
        if self.number_year:
            return self.number_year
        return int(self.date[:4]) if self.date else None

    @property
    def key(self) -> tuple[str, str, int | None, str, str]:
        """Identity: type, number, year, symbol and issuer, in comparable form.

        The issuer belongs to it because every province numbers its own KH-UBND from 01.
        """
        return (
            fold(self.type or ""),
            _number_key(self.number),
            self.year,
            fold(self.symbol).replace(" ", ""),
            _issuer_key(self.issuer),
        )

    def may_be(self, other: "Citation") -> bool:
        """Whether both can be one document: nothing that both state differs (later references state less)."""
        ours, theirs = self.key, other.key
        if (ours[1], ours[3]) != (theirs[1], theirs[3]):
            return False
        if any(a and b and a != b for a, b in zip(ours, theirs, strict=True)):
            return False
        return not (self.date and other.date) or _dates_agree(self.date, other.date)

    def format(self, *, short: bool = False) -> str:
        """The reference in print, in full for the first one, `short` (type, number, symbol) for later ones.

        Source: Nghị định 30/2020/NĐ-CP, Annex I, Part I, II.6.
        """
        parts = [f"{self.type or 'văn bản'} số {self.ref}"]
        if not short:
            if self.date:
                parts.append(_print_date(self.date))
            if self.issuer:
                parts.append(f"của {self.issuer}")
            if self.about:
                parts.append(self.about)
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Mention:
    """One reference as it stands in a text. `span` counts characters of the NFC text.

    `raw` runs from type to date and is what the span covers; issuer and title follow in fields of their own
    (`issuer_span`, `about_span`). `type` is inferred from the symbol where the text does not print it; then
    `type_raw` is None.
    """

    raw: str
    span: tuple[int, int]
    type: str | None
    type_abbr: str | None
    type_raw: str | None
    ref: str
    number: str
    number_year: int | None
    symbol: str
    date_raw: str | None = None
    date: str | None = None
    issuer_raw: str | None = None
    issuer_span: tuple[int, int] | None = None
    about_raw: str | None = None
    about_span: tuple[int, int] | None = None

    @property
    def citation(self) -> Citation:
        """The reference as a value, with the issuer as printed."""
        return Citation(
            type=self.type,
            number=self.number,
            symbol=self.symbol,
            number_year=self.number_year,
            date=self.date,
            issuer=self.issuer_raw,
            about=self.about_raw,
        )

    @property
    def key(self) -> tuple[str, str, int | None, str, str]:
        """`Citation.key`; use `citation` with a resolved issuer where "UBND tỉnh" is not enough."""
        return self.citation.key

    @property
    def end(self) -> int:
        """Where everything that belongs to the reference ends, title included."""
        spans = (self.span, self.issuer_span, self.about_span)
        return max(span[1] for span in spans if span is not None)


@dataclass(frozen=True, slots=True)
class NamedLaw:
    """A law cited by name: "Luật Thi đua, khen thưởng năm 2022". Has no number in the text."""

    raw: str
    span: tuple[int, int]
    type: str
    name: str
    date_raw: str | None = None
    date: str | None = None


_DASH = f"[{DASHES}]"
_CAPITAL = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_SMALL = "a-zà-ãè-êìíò-õùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
# Capitals with at most two small letters in a row (TTg, TTr, QyĐ, CTrPH), "&", "T.Ư", "UBND.VX".
_GROUP = (
    rf"[{_CAPITAL}](?:[{_CAPITAL}0-9&]|\.(?=[{_CAPITAL}]{{1,6}}(?![{_SMALL}]))|[a-zđ]{{1,2}}(?![{_SMALL}]))*"
)
_REF = re.compile(
    rf"(?<![\w/.,{DASHES}])(?P<num>[0-9]{{1,5}}[A-Za-zĐđ]?)"
    rf"(?:"
    rf"\s?/\s?(?:(?P<year>(?:19|20)[0-9]{{2}})\s?/\s?)?(?P<sym>{_GROUP}(?:\s?{_DASH}\s?{_GROUP})*)"
    rf"|\s?{_DASH}\s?(?P<ptype>{_GROUP})\s?/\s?(?P<body>{_GROUP}(?:\s?{_DASH}\s?{_GROUP})*)"
    rf")(?![{_SMALL}{_CAPITAL}0-9/])"
)
_TERM = re.compile(r"(?:QH|UBTVQH|HĐND|HDND)[0-9]{1,2}")
_PARTY_SYMBOL = re.compile(rf"{_GROUP}/")

_TYPE_WORDS = "|".join(sorted((re.escape(name) for name in _TYPE_BY_FOLD), key=len, reverse=True)).replace(
    r"\ ", r"\s+"
)
_NUMBER_WORD = r"(?:so|s6)\s*[:.]?"
_ABBREVIATED_TYPE = r"(?:qd|kh|nq|nd|tt|ttlt|ct|hd|cv|bc|tb|ttr|kl|ctr|da|cd)"
# All three are matched against the folded text that ends where the number begins.
_BEFORE = re.compile(
    rf"(?<!\w)(?:(?P<type>{_TYPE_WORDS})|(?P<vague>van\s+ban|van\s+kien)|(?P<abbr>{_ABBREVIATED_TYPE}))"
    rf"\s*,?\s*(?P<so>{_NUMBER_WORD})?\s*$"
)
_BEFORE_WITH_ISSUER = re.compile(
    rf"(?<!\w)(?P<type>{_TYPE_WORDS})\s+(?:(?:cua|do)\s+)?(?P<issuer>[^\W\d][^,.;:()\"\d]{{2,90}}?)"
    rf"(?:\s+ban\s+hanh)?\s*,?\s+{_NUMBER_WORD}\s*$"
)
_BEFORE_WITH_LAW_NAME = re.compile(
    rf"(?<!\w)(?P<type>bo\s+luat|luat|phap\s+lenh)\s+(?P<name>[^\W\d][^.;:()\"\d]{{2,150}}?)\s+"
    rf"(?:\(\s*luat\s+)?{_NUMBER_WORD}\s*$"
)
_BARE_NUMBER_WORD = re.compile(rf"(?<!\w){_NUMBER_WORD}\s*$")
_LIST_GLUE = re.compile(rf"\s*(?:[,;]|(?:,?\s*(?:va|cung|hoac|hay)))\s*(?:cac\s+)?(?:{_NUMBER_WORD})?\s*")
_HEADER_BEFORE = re.compile(rf"(?:^|\n)[ \t*_|>#]*{_NUMBER_WORD}[ \t*_]*$")
_HEADER_AFTER = re.compile(r"[ \t*_|]*(?:\n|$|v/v\b|[^\n,;.]{2,40},\s*ngay\b)")

_DAY = r"[0-9]{1,2}"
_DATE = re.compile(
    rf"\s*,?\s*\(?(?:(?:duoc\s+)?(?:ky|ban\s+hanh)\s+)?"
    rf"(?:ngay\s*(?P<raw>"
    rf"(?P<d>{_DAY})\s*(?P<sep>[/.\-])\s*(?P<m>{_DAY})\s*(?P=sep)\s*(?P<y>[0-9]{{2,4}})(?![0-9])"
    rf"|(?P<dl>{_DAY})\s*[/,]?\s*thang\s*(?P<ml>{_DAY})\s*[/,]?\s*(?:nam\s*)?(?P<yl>[0-9]{{4}})"
    rf"|[.… _]*/\s*(?P<mp>{_DAY})\s*/\s*(?P<yp>[0-9]{{4}}))"
    rf"|(?:ngay[\s.…_]*)?(?P<raw_month>thang\s+(?P<mo>{_DAY})\s*(?:nam\s+|/\s*)(?P<yo>[0-9]{{4}}))"
    rf"|(?P<raw_year>nam\s+(?P<ya>(?:19|20)[0-9]{{2}})))(?![0-9])"
)
_OF = re.compile(r"\s*,?\s*(?P<word>cua|do)\s+")

# Words that open a title. The strong ones also do so straight after the number.
_STRONG = (
    "về việc|về|v/v|ban hành|phê duyệt|phê chuẩn|quy định|qui định|hướng dẫn|sửa đổi|bổ sung|thông qua|công bố|"
    "công nhận|thành lập|kiện toàn|bãi bỏ|thay thế|điều chỉnh|phát động|triển khai|tổ chức|thực hiện|tăng cường|"
    "đẩy mạnh|tiếp tục|xây dựng|phân công|phân bổ|đính chính|chấn chỉnh|thi hành|hợp nhất"
)
_WEAK = (
    "giao|đề nghị|yêu cầu|chỉ đạo|đề ra|phối hợp|kiểm tra|đánh giá|sơ kết|tổng kết|phát triển|nâng cao|bảo đảm|"
    "đảm bảo|hỗ trợ|thông báo|báo cáo|kết luận|tặng|khen thưởng|đôn đốc|hưởng ứng|chi tiết|một số|cụ thể hóa|đổi mới"
)
# Words that cannot belong to the name of a body and end it without opening a title.
_NOT_A_NAME = (
    "tại|thì|để|được|là|nêu|trong|gửi|cho|đã|có|như|theo|kèm|khi|nhằm|với|bằng|mà|này|nêu trên|sẽ|cần|phải|"
    "và các văn bản|số|ngày|năm|căn cứ|hoặc|nói trên|trên cơ sở|vào|đến"
)
_CAPITAL_LEADS = (
    "Về việc|Về|V/v|V/V|Ban hành|Phê duyệt|Quy định|Hướng dẫn|Sửa đổi|Triển khai|Thực hiện|Tăng cường|Đẩy mạnh|"
    "Công nhận|Thành lập|Bãi bỏ|Phát động"
)


def _words(alternatives: str) -> str:
    return alternatives.replace(" ", r"\s+")


def _folded_words(alternatives: str) -> str:
    return "|".join(dict.fromkeys(_words(fold(word)) for word in alternatives.split("|")))


_BODY_HEADS = (
    "Ủy ban|Uỷ ban|UBND|UBMTTQ|MTTQ|HĐND|Hội đồng|Hội|Sở|Ban|Bộ|Phòng|Thanh tra|Liên đoàn|Công đoàn|Trung tâm|"
    "Chi cục|Cục|Tổng cục|Văn phòng|Trường|Bệnh viện|Công ty|Tổng công ty|Đảng ủy|Đảng uỷ|Đảng bộ|Huyện ủy|"
    "Huyện uỷ|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Thành uỷ|Thị ủy|Quận ủy|Mặt trận|Đoàn|Tỉnh đoàn|Huyện đoàn|Thành đoàn|"
    "Công an|Kho bạc|Tòa án|Toà án|Viện|Bảo hiểm|BHXH|Báo|Đài|Ngân hàng|Chủ tịch|Giám đốc|Hiệu trưởng|Cơ quan|"
    "Khối|Cụm|Đại học|Học viện|Quỹ|Hiệp hội|Liên minh|Tổng|Vụ|Chi bộ|Tổ|Thủ tướng|Chính phủ|Quốc hội|Bộ trưởng|"
    "LĐLĐ|Thường trực|Ban Thường vụ|Tập đoàn|Xí nghiệp|Trạm|Hạt|Đội|Đồn|Khoa|Nhà|Thư viện|Bảo tàng|Cảng|Đơn vị"
)
_ISSUING_VERBS = (
    "xây dựng|ban hành|đề ra|triển khai|báo cáo|hướng dẫn|tổ chức|phát động|đề nghị|yêu cầu|kính đề nghị|thông báo|"
    "trân trọng|hưởng ứng|quyết định|cụ thể hóa|cụ thể hoá|tham mưu|tiếp tục|thực hiện|lập|phối hợp|chỉ đạo|"
    "kính trình|trình|xin|giao|kế hoạch|nghiêm túc"
)
_NAME_REST = r"[^;:“”\"«»\n]{0,140}?"
_CLAUSE_ENDS = (
    "căn cứ|theo đề nghị|xét đề nghị|trên cơ sở|như sau|trong đó|đồng thời|nhằm|kính|thực hiện theo|cụ thể|"
    "các văn bản|cùng các|để|theo đó|qua đó|gắn với"
)
_SMALL_BODIES = "cơ quan|đơn vị|nhà trường|trường|xã|phường|huyện|tỉnh|thành phố|chi bộ|công ty|trung tâm"


class _Phrases:
    """The patterns that read issuer and title, in one spelling: with accents, or without for OCR text."""

    def __init__(self, *, accents: bool) -> None:
        words = _words if accents else _folded_words
        flags = 0 if accents else re.IGNORECASE
        capital_leads = f"|{_words(_CAPITAL_LEADS)}" if accents else ""
        types = "|".join(sorted(map(_words if accents else _folded_words, TYPES), key=len, reverse=True))
        leads = f"{words(_STRONG)}{capital_leads}"
        and_, of = ("và", "của") if accents else ("va", "cua")
        self.title_start = re.compile(rf"\s*[,:]?\s*(?P<lead>{leads})(?!\w)", flags)
        self.title_after_issuer = re.compile(rf"\s*,?\s*(?P<lead>{leads}|{words(_WEAK)})(?!\w)", flags)
        self.name_end = re.compile(
            rf"[;:.()“”\"«»\[\]\n…*]|,"
            rf"|(?<=\s)(?:{leads}|{words(_WEAK)}|{words(_NOT_A_NAME)})(?!\w)"
            rf"|\s{and_}\s+(?:{words('các')}\s+)?(?:{types}|{words('số')}|{words('văn bản')})(?!\w)",
            flags,
        )
        heads = words(_BODY_HEADS)
        verbs = words(_ISSUING_VERBS)
        lower_types = "|".join((types, _words(types.lower()))) if accents else types
        any_case_types = lower_types
        self.title_end = re.compile(
            rf"(?P<quote>[“”\"«»])|(?P<bracket>[()])|;|\.\.\.|…|\./\.|\.(?=\s|$|[”\"])|:(?=\s|$)|\n(?=\s*\n|\s*[{_CAPITAL}\-+(0-9])"
            rf"|,\s+(?=(?:{words('các')}\s+|{words('và')}\s+)?(?:{any_case_types})\s+(?:{words('số')}\b|[0-9]))"
            rf"|,?\s+{and_}\s+(?=(?:{words('các')}\s+)?(?:{any_case_types})\s+(?:{words('số')}\b|[0-9]))"
            rf"|,?\s+{and_}\s+(?=(?:{words('số')}\s+)?[0-9]{{1,5}}[a-z]?/[0-9A-ZĐ])"
            rf"|,\s+(?=(?:{words('số')}\s+)?[0-9]{{1,5}}[a-z]?/[0-9A-ZĐ])"
            rf"|,\s+(?=(?:{words('Luật|Bộ luật|Pháp lệnh')})\s+[{_CAPITAL}])"
            rf"|,\s+(?=(?:{heads})\b{_NAME_REST}\s(?:{verbs})(?!\w))"
            rf"|,\s+(?=(?:{words(_SMALL_BODIES)})\b[^,;:“”\"\n]{{0,80}}?\s(?:{words('xây dựng|ban hành|đề ra|phát động')})(?!\w))"
            rf"|,\s+(?=(?:{words(_CLAUSE_ENDS)})(?!\w))",
            flags,
        )
        self.of = of


_ACCENTED = _Phrases(accents=True)
_PLAIN = _Phrases(accents=False)
_BODY_AFTER_COMMA = re.compile(rf",\s+(?:{_words(_BODY_HEADS)})(?!\w)")
_NAME_WITH_COMMA = re.compile(
    rf",\s+[{_CAPITAL}{_SMALL}][\w\s]{{2,30}}?\s+(?:và|va|{_DASH})\s+[{_CAPITAL}]|,\s+[Kk]hen thưởng"
)
_ABBREVIATION_BEFORE_STOP = re.compile(r"(?:^|[\s(])(?:TP|Tp|tp|TX|Tx|TT|Q|P|H|T|ThS|TS|PGS|GS|Th|St|No)$")
_TRAILING = re.compile(r"[\s,;:.…*]+$")
_OPEN_TO_CLOSE = {"“": "”", "«": "»"}
_MAX_TITLE = 1200
_MAX_ISSUER = 160


def find(text: str) -> list[Mention]:
    """All references to numbered documents, in the order of the text.

    Spans count characters of `nfc(text)`. The number line of a document's own header is not a reference.
    Issuer and title of several references under one type word belong to each that has none of its own.
    """
    text = nfc(text)
    mentions: list[Mention] = []
    starts: list[bool] = []  # whether the mention carries on a list under the type word before it
    for match in _REF.finditer(text):
        previous = mentions[-1] if mentions else None
        head = _read_before(text, match, previous=previous)
        if head is not None:
            mentions.append(_read_after(text, match, head))
            starts.append(head.continues_list)
    return _share_issuers(mentions, starts)


def parse(text: str) -> Citation | None:
    """The one reference that `text` consists of, as a value; None when it is not a reference."""
    mentions = find(text)
    return mentions[0].citation if mentions and mentions[0].span[0] == 0 else None


def is_party_symbol(symbol: str) -> bool:
    """Whether the symbol is the Party's, with a slash: NQ/TU."""
    return "/" in symbol


@dataclass(frozen=True, slots=True)
class _Head:
    start: int
    type: str | None
    type_raw: str | None
    issuer_span: tuple[int, int] | None = None
    name_span: tuple[int, int] | None = None
    continues_list: bool = False


def _read_before(text: str, match: re.Match[str], *, previous: Mention | None) -> _Head | None:
    """Type, and sometimes issuer, printed before the number; None when the number is no reference."""
    start = match.start()
    window_start = max(0, start - 200, previous.span[1] if previous else 0)
    before = fold_aligned(text[window_start:start])
    symbol_type = _type_of_symbol(match)
    if _is_header_line(text, match, before):
        return None
    found = _BEFORE.search(before)
    if found:
        begin = window_start + found.start()
        if found["type"]:
            raw = text[begin : window_start + found.end("type")]
            return _Head(begin, _TYPE_BY_FOLD[fold(raw)], raw) if _symbol_fits(match, typed=True) else None
        if found["vague"]:
            return (
                _Head(begin, symbol_type or OFFICIAL_LETTER, None)
                if _symbol_fits(match, typed=True)
                else None
            )
        raw = text[begin : window_start + found.end("abbr")]
        if raw[:1].isupper() and _symbol_fits(match, typed=True):
            return _Head(begin, _TYPE_BY_ABBREVIATION[fold(raw)], raw)
    continued = (
        previous is not None and _LIST_GLUE.fullmatch(before) is not None and window_start == previous.span[1]
    )
    if not _symbol_fits(match, typed=False) and not (continued and _symbol_fits(match, typed=True)):
        return None
    number_word = _BARE_NUMBER_WORD.search(before)
    if continued and previous is not None:
        begin = window_start + number_word.start() if number_word else start
        inherited = previous.type if symbol_type in (None, _base_type(previous.type)) else symbol_type
        return _Head(begin, inherited, None, continues_list=True)
    if number_word:
        law = _BEFORE_WITH_LAW_NAME.search(before)
        if law and text[window_start + law.start("name")].isupper():
            return _head_with(text, window_start, law, "name")
        issuer = _BEFORE_WITH_ISSUER.search(before)
        if issuer and text[window_start + issuer.start("issuer")].isupper():
            return _head_with(text, window_start, issuer, "issuer")
        return _Head(window_start + number_word.start(), symbol_type or _letter_type(match), None)
    return _Head(start, symbol_type, None) if symbol_type else None


def _head_with(text: str, offset: int, found: re.Match[str], group: str) -> _Head:
    raw = text[offset + found.start("type") : offset + found.end("type")]
    span = (offset + found.start(group), offset + found.end(group))
    head = _Head(offset + found.start(), _TYPE_BY_FOLD[fold(raw)], raw)
    return replace(head, name_span=span) if group == "name" else replace(head, issuer_span=span)


def _is_header_line(text: str, match: re.Match[str], before: str) -> bool:
    """The number line on top of a document: alone on its line, "Số" with a capital, or before the place."""
    header = _HEADER_BEFORE.search(before)
    if header is None:
        return False
    if text[match.start() - len(header.group().lstrip()) : match.start()].lstrip(" \t*_|>#")[:1] == "s":
        return False
    return _HEADER_AFTER.match(fold_aligned(text[match.end() : match.end() + 80])) is not None


def _symbol_fits(match: re.Match[str], *, typed: bool) -> bool:
    """Whether the symbol is complete enough to be one: without a type word it must carry more itself."""
    if match["body"]:
        return typed or fold(match["ptype"]) in _TYPE_BY_ABBREVIATION
    symbol: str = match["sym"]
    if _TERM.fullmatch(symbol):
        return typed or match["year"] is not None
    if re.search(_DASH, symbol):
        return True
    return typed and sum(map(str.isupper, symbol)) >= 2


def _type_of_symbol(match: re.Match[str]) -> str | None:
    if match["body"]:
        return _TYPE_BY_ABBREVIATION.get(fold(match["ptype"]))
    groups = re.split(_DASH, match["sym"])
    return _TYPE_BY_ABBREVIATION.get(fold(groups[0])) if len(groups) > 1 else None


def _letter_type(match: re.Match[str]) -> str | None:
    """AGENCY-UNIT without a type is the form of official letters."""
    return OFFICIAL_LETTER if match["sym"] and re.search(_DASH, match["sym"]) else None


def _base_type(name: str | None) -> str | None:
    """The type whose abbreviation a longer one shares."""
    abbr = TYPES.get(name) if name else None
    return _TYPE_BY_ABBREVIATION.get(fold(abbr)) if abbr else name


def _read_after(text: str, match: re.Match[str], head: _Head) -> Mention:
    ref_start, ref_end = match.span()
    end = ref_end
    date_raw = iso = None
    after = fold_aligned(text[ref_end : ref_end + 80])
    found = _DATE.match(after)
    if found:
        end = ref_end + found.end()
        group = next(g for g in ("raw", "raw_month", "raw_year") if found[g])
        date_raw = text[ref_end + found.start(group) : end]
        iso = _iso_date(found)
    issuer_span = head.issuer_span
    about_span = None
    paragraph_end = min(len(text), end + _MAX_TITLE)
    rest = text[end:paragraph_end]
    phrases = _PLAIN if rest.isascii() or _lacks_accents(rest) else _ACCENTED
    source = fold_aligned(rest) if phrases is _PLAIN else rest
    position = 0
    of = _OF.match(fold_aligned(rest[:24])) if issuer_span is None else None
    if of and (phrases is _PLAIN or rest[of.start("word") : of.end("word")].lower() in ("của", "do")):
        name_end = _end_of_issuer(source, phrases, of.end())
        raw_name = _TRAILING.sub("", rest[of.end() : name_end])
        if raw_name:
            issuer_span = (end + of.end(), end + of.end() + len(raw_name))
            position = of.end() + len(raw_name)
    title = (phrases.title_after_issuer if position or head.issuer_span else phrases.title_start).match(
        source, position
    )
    if title:
        begin = title.start("lead")
        stop = _end_of_title(source, phrases, begin)
        raw_title = _TRAILING.sub("", rest[begin:stop])
        about_span = (end + begin, end + begin + len(raw_title))
    if about_span is None and head.name_span is not None:
        about_span = head.name_span
    if match["body"]:
        symbol = f"{_clean_symbol(match['ptype'])}/{_clean_symbol(match['body'])}"
    else:
        symbol = _clean_symbol(match["sym"])
    return Mention(
        raw=text[head.start : end],
        span=(head.start, end),
        type=head.type,
        type_abbr=TYPES.get(head.type) if head.type else None,
        type_raw=head.type_raw,
        ref=text[ref_start:ref_end],
        number=match["num"],
        number_year=int(match["year"]) if match["year"] else None,
        symbol=symbol,
        date_raw=date_raw,
        date=iso,
        issuer_raw=text[slice(*issuer_span)] if issuer_span else None,
        issuer_span=issuer_span,
        about_raw=text[slice(*about_span)] if about_span else None,
        about_span=about_span,
    )


def _lacks_accents(text: str) -> bool:
    """Whether a stretch of text was read without its accents; a stray foreign sign does not count."""
    head = text[:200]
    return sum(character > "\x7f" and character.isalpha() for character in head) * 40 < len(head)


def _end_of_issuer(text: str, phrases: _Phrases, start: int) -> int:
    """Where the name of the issuing body ends: at a title, at punctuation, at a word no name contains."""
    limit = min(len(text), start + _MAX_ISSUER)
    for stop in phrases.name_end.finditer(text, start, limit):
        if stop.group() == "," and _comma_inside_name(text, stop.start()):
            continue
        if stop.group() == "." and _ABBREVIATION_BEFORE_STOP.search(text, start, stop.start()):
            continue
        return stop.start()
    return limit


def _comma_inside_name(text: str, comma: int) -> bool:
    """ "Sở Văn hóa, Thể thao và Du lịch": a comma in a name of three parts."""
    return _NAME_WITH_COMMA.match(text, comma) is not None and _BODY_AFTER_COMMA.match(text, comma) is None


def _end_of_title(text: str, phrases: _Phrases, start: int) -> int:
    end = _scan_title(text, phrases, start, mind_quotes=True)
    return end if end is not None else _scan_title(text, phrases, start, mind_quotes=False) or len(text)


def _scan_title(text: str, phrases: _Phrases, start: int, *, mind_quotes: bool) -> int | None:
    """End of the title, or None when a quotation mark stays open to the end."""
    closing: str | None = None
    brackets = 0
    for stop in phrases.title_end.finditer(text, start):
        mark = stop.group()
        if stop["quote"]:
            if mind_quotes:
                closing = _after_quote(mark, closing)
            continue
        if closing is not None:
            continue
        if stop["bracket"]:
            if mark == "(":
                if _is_short_name_note(text, stop.end()):
                    return stop.start()
                brackets += 1
            elif brackets:
                brackets -= 1
            else:
                return stop.start()
            continue
        if mark == "." and _ABBREVIATION_BEFORE_STOP.search(text, start, stop.start()):
            continue
        if brackets and mark not in (";", "..."):
            continue
        return stop.start()
    return None if closing is not None else len(text)


def _after_quote(mark: str, closing: str | None) -> str | None:
    """Which mark closes the quotation we are in after reading `mark`; None outside."""
    if closing is None:
        return _OPEN_TO_CLOSE.get(mark, '"' if mark == '"' else None)
    return None if mark == closing else closing


def _is_short_name_note(text: str, position: int) -> bool:
    return fold(text[position : position + 24]).startswith(
        ("sau day", "goi tat", "viet tat", "duoi day", "goi la")
    )


def _clean_symbol(symbol: str) -> str:
    return re.sub(rf"\s*{_DASH}\s*", "-", symbol)


def _iso_date(found: re.Match[str]) -> str | None:
    day = found["d"] or found["dl"]
    month = found["m"] or found["ml"] or found["mp"] or found["mo"]
    year = found["y"] or found["yl"] or found["yp"] or found["yo"] or found["ya"]
    if len(year) == 2:
        year = ("20" if int(year) < 50 else "19") + year
    if len(year) != 4 or not year.startswith(("19", "20")):
        return None
    try:
        exact = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return exact.isoformat()
    return f"{year}-{int(month):02}" if month else year


def _share_issuers(mentions: list[Mention], continues: list[bool]) -> list[Mention]:
    """Give the issuer and title printed once, after the last of a list, to those before it."""
    shared = list(mentions)
    for index in range(len(shared) - 2, -1, -1):
        mention, after = shared[index], shared[index + 1]
        if continues[index + 1] and mention.issuer_raw is None and mention.about_raw is None:
            shared[index] = replace(mention, issuer_raw=after.issuer_raw, issuer_span=after.issuer_span)
    return shared


def _print_date(iso: str) -> str:
    parts = iso.split("-")
    if len(parts) == 3:
        return f"ngày {format_date_nd30_short(date.fromisoformat(iso))}"
    if len(parts) == 2:
        return f"tháng {int(parts[1])} năm {parts[0]}"
    return f"năm {parts[0]}"


def _dates_agree(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _number_key(number: str) -> str:
    return number.lower().lstrip("0") or "0"


@lru_cache(maxsize=4096)
def _issuer_key(issuer: str | None) -> str:
    if not issuer:
        return ""
    key = skeleton(issuer)
    for short, full in _SHORT_BODIES:
        key = re.sub(rf"\b{short}\b", full, key)
    return key


_SHORT_BODIES = tuple(
    (skeleton(short), skeleton(full))
    for short, full in (
        ("UBND", "Ủy ban nhân dân"),
        ("HĐND", "Hội đồng nhân dân"),
        ("TTg", "Thủ tướng Chính phủ"),
    )
)

_LAW = re.compile(
    rf"(?<!\w)(?P<type>Bộ luật|Luật|Pháp lệnh|Hiến pháp)(?=\s+(?:[{_CAPITAL}]|năm\s|sửa đổi|[0-9]|ngày\s))"
)
_LAW_NAME_END = re.compile(
    r"[;:.()“”\"«»\[\]\n…]|\s(?:năm\s+[0-9]{4}|ngày\s+[0-9]|số\b|và\s+(?:các|Luật|Bộ luật|Nghị|Thông|Quyết|Chỉ|Kế|Hướng)"
    r"|quy định|qui định|về|được|đã|có|là|tại|để|theo|thì|này|hiện hành|của|đối với|nhằm|do|như|sẽ|cho|với|trong|trên|gắn|đến|ban hành)"
    r"(?!\w)|,(?!\s+(?:khen thưởng|Khen thưởng|chống|bổ sung|công chức|viên chức|chăm sóc|sử dụng|nhập cảnh|xuất cảnh|"
    r"quá cảnh|cư trú|đối thoại|bảo vệ|xử lý|an toàn|vệ sinh|trật tự|bồi thường|hỗ trợ|phản biện|lực lượng|vũ khí|"
    r"vật liệu nổ|trưng mua|quản lý)(?!\w))"
)
_LAW_DATE = re.compile(
    r"\s*(?:,?\s*ngay\s+(?P<raw>(?P<d>[0-9]{1,2})\s*(?:[/.\-]|\s+thang\s+)\s*(?P<m>[0-9]{1,2})\s*(?:[/.\-]|\s+nam\s+)\s*"
    r"(?P<y>[0-9]{4}))|(?P<year>nam\s+(?P<ya>[0-9]{4})))(?![0-9])"
)


def find_named_laws(text: str) -> list[NamedLaw]:
    """Laws cited without a number: "Luật Thi đua, khen thưởng ngày 15/6/2022", "Luật Đất đai".

    A law with its number is a reference for `find` and does not come here. Spans as in `find`.
    """
    text = nfc(text)
    return list(_named_laws(text))


def _named_laws(text: str) -> Iterator[NamedLaw]:
    numbered = [mention.span for mention in find(text)]
    position = 0
    for match in _LAW.finditer(text):
        if match.start() < position or any(start <= match.start() < end for start, end in numbered):
            continue
        limit = min(len(text), match.end() + 160)
        stop = _LAW_NAME_END.search(text, match.end(), limit)
        name_end = stop.start() if stop else limit
        name = _TRAILING.sub("", text[match.end() : name_end]).strip()
        dated = _LAW_DATE.match(fold_aligned(text[name_end : name_end + 40]))
        end = (
            name_end + dated.end()
            if dated
            else match.end() + len(text[match.end() : name_end].rstrip(" \t\n,"))
        )
        if not name and not dated:
            continue
        date_raw = iso = None
        if dated:
            group = "raw" if dated["raw"] else "year"
            date_raw = text[name_end + dated.start(group) : end]
            iso = _law_date(dated)
        position = end
        yield NamedLaw(text[match.start() : end], (match.start(), end), match["type"], name, date_raw, iso)


def _law_date(dated: re.Match[str]) -> str | None:
    if dated["ya"]:
        return dated["ya"]
    try:
        return date(int(dated["y"]), int(dated["m"]), int(dated["d"])).isoformat()
    except ValueError:
        return None
