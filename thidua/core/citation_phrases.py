"""Words around a reference: which open a title, which end the name of a body, which begin the next clause.

Two spellings of everything: as written, and without accents for text from OCR. Kept apart from `citations`,
which knows the order of the parts but not the words.
"""

import re
from functools import cache

from thidua.core.text import fold, without_accents

CAPITAL = "A-ZÀ-ÃÈ-ÊÌÍÐÒ-ÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
SMALL = "a-zà-ãè-êìíðò-õùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"

# Printed form -> abbreviation in symbols. Longer names share the abbreviation of their first words.
# Source: Nghị định 30/2020/NĐ-CP, art. 7 and Annex III; legislation and Party types beside them.
TYPES: dict[str, str | None] = {
    "Hiến pháp": None,
    "Bộ luật": None,
    "Luật": None,
    "Pháp lệnh": "PL",
    "Sắc lệnh": "SL",
    "Lệnh": "L",
    "Nghị quyết": "NQ",
    "Nghị quyết liên tịch": "NQLT",
    "Nghị định": "NĐ",
    "Quyết định": "QĐ",
    "Chỉ thị": "CT",
    "Thông tư": "TT",
    "Thông tư liên tịch": "TTLT",
    "Thông tri": "TT",
    "Quy chế": "QC",
    "Quy chế phối hợp": "QCPH",
    "Quy định": "QyĐ",
    "Quy ước": "QƯ",
    "Điều lệ": "ĐL",
    "Thông cáo": "TC",
    "Thông báo": "TB",
    "Thông báo kết luận": "TB",
    "Hướng dẫn": "HD",
    "Hướng dẫn liên ngành": "HDLN",
    "Chương trình": "CTr",
    "Chương trình hành động": "CTr",
    "Chương trình phối hợp": "CTr",
    "Chương trình công tác": "CTr",
    "Kế hoạch": "KH",
    "Kế hoạch hành động": "KH",
    "Kế hoạch liên ngành": "KHLN",
    "Kế hoạch liên tịch": "KHLT",
    "Kế hoạch phối hợp": "KHPH",
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
    "Bản ghi nhớ": "BGN",
    "Bản thỏa thuận": "BTT",
    "Giấy ủy quyền": "GUQ",
    "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT",
    "Phiếu gửi": "PG",
    "Phiếu chuyển": "PC",
    "Phiếu báo": "PB",
    "Kết luận": "KL",
    "Thư kêu gọi": None,
    "Lời kêu gọi": None,
    "Văn bản hợp nhất": "VBHN",
}
OFFICIAL_LETTER = "Công văn"
LAW_TYPES = ("Hiến pháp", "Bộ luật", "Luật", "Pháp lệnh")

TYPE_BY_FOLD = {fold(name): name for name in TYPES}
# As they begin a symbol or stand for the type in a text; the first type with an abbreviation owns it.
TYPE_BY_ABBREVIATION = {
    **{fold(abbr): name for name, abbr in reversed(TYPES.items()) if abbr},
    "qdi": "Quy định",
    "ctrhd": "Chương trình hành động",
    "cthd": "Chương trình hành động",
    "ctph": "Chương trình phối hợp",
    "ctrph": "Chương trình phối hợp",
    "cv": OFFICIAL_LETTER,
}

# Open a title, also straight after number and date.
_LEADS = (
    "về việc|về|v/v|vể việc|vể|vê việc|vê|xây dựng|phát triển|"
    "ban hành|phê duyệt|phê chuẩn|quy định|qui định|hướng dẫn|sửa đổi|bổ sung|thông qua|"
    "công bố|công nhận|thành lập|kiện toàn|bãi bỏ|thay thế|điều chỉnh|phát động|triển khai|tổ chức|"
    "thực hiện|tăng cường|đẩy mạnh|tiếp tục|phân công|phân bổ|đính chính|chấn chỉnh|thi hành|hợp nhất"
)
# Open a title only after the issuer: elsewhere they are the verb of the sentence.
_LEADS_AFTER_ISSUER = (
    "giao|đề nghị|phối hợp|kiểm tra|đánh giá|sơ kết|tổng kết|nâng cao|bảo đảm|đảm bảo|kết luận|tặng|"
    "khen thưởng|đôn đốc|hưởng ứng|chi tiết|một số|cụ thể hóa|cụ thể hoá|đổi mới|tuyên truyền|vận động|"
    "quán triệt|lãnh đạo|rà soát|xét|huy động|thúc đẩy|học tập|phòng, chống|cải cách|ứng dụng|phân cấp|"
    "giải quyết|bổ nhiệm"
)
_CAPITAL_LEADS = (
    "Về việc|Về|V/v|V/V|Ban hành|Phê duyệt|Quy định|Hướng dẫn|Sửa đổi|Triển khai|Thực hiện|Tăng cường|"
    "Đẩy mạnh|Công nhận|Thành lập|Bãi bỏ|Phát động|Tổ chức"
)
# A title without a lead-in. Not after words that make them part of the name of a body.
_TITLE_NOUNS = "Phong trào|Chương trình|Đề án|Chiến lược|Cuộc vận động|Quy chế|Bộ tiêu chí|Danh mục"
_NAME_BEFORE_NOUN = ("Sở", "Vụ", "Ban", "đạo", "-", "–", "và", "phòng", "các", "quản lý", "Quản lý", "phối")
# Lead-ins that are part of a name after these words: "SỞ XÂY DỰNG", "Ban tổ chức", "đầu tư xây dựng".
_NAME_BEFORE_LEAD = {
    "xây dựng": "đầu tư|tư vấn|sở|bộ|phòng|vụ|và",
    "phát triển": "đầu tư|tư vấn|hỗ trợ|nghiên cứu|xúc tiến|và",
    "tổ chức": "ban|vụ|phòng|các",
    "kiểm tra": "ban|đội|phòng|chi cục",
    "vận động": "ban|dân",
    "hướng dẫn": "trạm",
}
# Belong to no name and open no title.
_AFTER_NAME = (
    "tại|thì|để|được|là|nêu|trong|gửi|cho|đã|có|như|theo|kèm|khi|nhằm|với|bằng|mà|này|sẽ|cần|phải|ngày|"
    "căn cứ|hoặc|nói trên|trên cơ sở|vào|đến|yêu cầu|chỉ đạo|đề ra|báo cáo|khóa|khoá|nhiệm kỳ|ký|đang|do|"
    "cùng"
)
BODY_HEADS = (
    "Ủy ban|Uỷ ban|UBND|UBMTTQ|MTTQ|HĐND|Hội đồng|Hội|Sở|Ban|Bộ|Phòng|Thanh tra|Liên đoàn|Công đoàn|"
    "Trung tâm|Chi cục|Cục|Tổng cục|Văn phòng|Trường|Bệnh viện|Công ty|Tổng công ty|Đảng ủy|Đảng uỷ|"
    "Đảng bộ|Huyện ủy|Huyện uỷ|Tỉnh ủy|Tỉnh uỷ|Thành ủy|Thành uỷ|Thị ủy|Quận ủy|Mặt trận|Đoàn|Tỉnh đoàn|"
    "Huyện đoàn|Thành đoàn|Công an|Kho bạc|Tòa án|Toà án|Viện|Bảo hiểm|BHXH|Báo|Đài|Ngân hàng|Chủ tịch|"
    "Giám đốc|Hiệu trưởng|Cơ quan|Khối|Cụm|Đại học|Học viện|Quỹ|Hiệp hội|Liên minh|Vụ|Chi bộ|Tổ|"
    "Thủ tướng|Chính phủ|Quốc hội|Bộ trưởng|LĐLĐ|Thường trực|Tập đoàn|Xí nghiệp|Trạm|Hạt|Đội|Đồn|Khoa|"
    "Thư viện|Bảo tàng|Đơn vị|Ban Thường vụ|Tổng Giám đốc"
)
_SMALL_BODIES = "cơ quan|đơn vị|nhà trường|trường|xã|phường|huyện|tỉnh|thành phố|chi bộ|công ty|trung tâm"
_ISSUING_VERBS = (
    "xây dựng|ban hành|đề ra|triển khai|báo cáo|hướng dẫn|tổ chức|phát động|đề nghị|yêu cầu|kính đề nghị|"
    "thông báo|trân trọng|hưởng ứng|quyết định|cụ thể hóa|cụ thể hoá|tham mưu|tiếp tục|thực hiện|lập|"
    "phối hợp|chỉ đạo|kính trình|trình|xin|giao|nghiêm túc"
)
_NEXT_CLAUSE = (
    "căn cứ|theo đề nghị|xét đề nghị|trên cơ sở|như sau|trong đó|đồng thời|nhằm|kính|thực hiện theo|"
    "cụ thể|các văn bản|cùng các|để|theo đó|qua đó|gắn với"
)
_AND_NEXT_CLAUSE = (
    "tình hình thực|điều kiện thực|căn cứ|các văn bản|ý kiến|chỉ đạo của|sự chỉ đạo|nhiệm vụ được giao|"
    "các quy định|những quy định|các nội dung|hướng dẫn của"
)


class Phrases:
    """The patterns that read issuer and title, in one of the two spellings."""

    def __init__(self, *, accents: bool) -> None:
        self._accents = accents
        self._any_type = self._types()
        self.title_start = re.compile(rf"\s*(?:{self._title_opening(_LEADS)})")
        # the title may come after a note in brackets, or the term of a council
        term = rf",?\s+{self._w('khóa|khoá|nhiệm kỳ|kỳ họp')}\s+[^;.()“”\"]{{1,60}}?"
        self.title_after_issuer = re.compile(
            rf"(?:\s*\([^()]{{1,120}}\))?(?:{term})?"
            rf"\s*(?:{self._title_opening(f'{_LEADS}|{_LEADS_AFTER_ISSUER}')})"
        )
        self.name_end = re.compile(self._name_end())
        self.steering_name_end = re.compile(
            rf"[;:.()\n]|,(?!\s+[{SMALL}])|\s(?={self._w('về việc|về|v/v|ban hành|phê duyệt')}\s)"
        )
        self.title_end = re.compile(self._title_end())

    def _w(self, alternatives: str) -> str:
        """The words as one group, in our spelling, longer before shorter."""
        unique = sorted(dict.fromkeys(map(self._spell, alternatives.split("|"))), key=len, reverse=True)
        return "(?:" + "|".join(re.escape(word).replace("\\ ", r"\s+") for word in unique) + ")"

    def _types(self) -> str:
        return self._w("|".join([*TYPES, *(name.lower() for name in TYPES)]))

    def _lead(self, leads: str) -> str:
        """A lead-in, unless it is part of a name or a type with its number."""
        guards = "".join(
            rf"(?!(?:{self._after(words)}){self._w(lead)}(?!\w))" for lead, words in _NAME_BEFORE_LEAD.items()
        )
        number = rf"(?!\s+(?:{self._w('số')}\b|[0-9]+[/-]))"
        return rf"{guards}(?:{self._w(leads)}|{self._w(_CAPITAL_LEADS)})(?!\w){number}"

    def _after(self, words: str) -> str:
        """Looks behind for one of the words and a space: one look each, as they differ in length."""
        either_case = [form for word in words.split("|") for form in (word, word.capitalize())]
        return "|".join(rf"(?<={self._spell(word)}\s)" for word in either_case)

    def _spell(self, word: str) -> str:
        return word if self._accents else without_accents(word)

    def _noun(self) -> str:
        inside_name = "".join(rf"(?<!{self._spell(word)}\s)" for word in _NAME_BEFORE_NOUN)
        return rf"{inside_name}{self._w(_TITLE_NOUNS)}(?!\w)(?!\s+(?:{self._w('số')}\b|[0-9]))"

    def _title_opening(self, leads: str) -> str:
        about = rf"{self._w('về việc|về|v/v|Về việc|Về|V/v')}(?!\w)"
        return rf"(?P<lead>{self._lead(leads)}|{self._noun()}|[“\"]{about})|[,:]\s*(?P<comma_lead>{about})"

    def _name_end(self) -> str:
        opening = self._lead(f"{_LEADS}|{_LEADS_AFTER_ISSUER}")
        and_, plural = self._w("và"), self._w("các")
        return (
            rf"[;:.()“”\"«»\[\]…*¹²³⁰-⁹]|\n(?![ \t]*[{SMALL}])|,"
            rf"|(?<=\s)(?:{opening}|{self._w(_AFTER_NAME)}(?!\w)|{self._noun()}|{self._w('năm|số')}\s*:?\s*[0-9])"
            rf"|\s{and_}\s+(?:{plural}\s+)?(?:{self._any_type}|{self._w('số|văn bản')})(?!\w)"
        )

    def _title_end(self) -> str:
        number = r"[0-9]{1,5}[a-zA-Z]?\s?[/-]\s?[0-9A-ZĐ]"
        so, and_, plural = self._w("số"), self._w("và"), self._w("các")
        typed = rf"{self._any_type}\s+(?:{so}\b|{number})"
        reference = rf"(?:{plural}\s+|{and_}\s+)?{typed}"
        one_name = r"[^,;:“”\"«»\n]{0,100}?(?:,[^,;:“”\"«»\n]{0,60}?)?"
        heads, verbs = self._w(BODY_HEADS), self._w(_ISSUING_VERBS)
        law = rf"{self._w('Luật|Bộ luật|Pháp lệnh')}\s+[{CAPITAL}]"
        issuing = self._w("xây dựng|ban hành|đề ra|phát động")
        small_body = rf"{self._w(_SMALL_BODIES)}\b[^,;:“”\"\n]{{0,80}}?\s{issuing}(?!\w)"
        plan = rf"{self._w('xây dựng|ban hành')}\s+{self._w('kế hoạch|Kế hoạch')}(?!\w)"
        return (
            r"(?P<quote>[“”\"«»])|(?P<bracket>[()])|;|\.\.\.|…|\./\.|\.(?=\s|$|[”\"])"
            rf"|:(?=\s|$)(?!\s+{self._w('từ|Từ')}\s+{self._w('năm')})"
            rf"|\n(?=\s*\n|\s*[{CAPITAL}\-+•]|\s*\(?[0-9a-zđ]{{1,2}}[.)]\s)"
            rf"|,?\s+{and_}\s+(?=(?:{plural}\s+)?{typed}|(?:{so}\s*:?\s*)?{number})"
            rf"|,?\s+{and_}\s+(?={self._w(_AND_NEXT_CLAUSE)}(?!\w))"
            rf"|,\s*(?={reference}|(?:{so}\s*:?\s*)?{number}|{law}|{self._w(_NEXT_CLAUSE)}(?!\w)"
            rf"|{heads}\b{one_name}\s{verbs}(?!\w)|{small_body})"
            rf"|(?<=[0-9”\"])\s+(?={heads}\b[^,;:“”\"\n]{{2,90}}?\s{plan})"
        )


@cache
def phrases(*, accents: bool) -> Phrases:
    """The compiled patterns; those without accents are made when first needed."""
    return Phrases(accents=accents)


def lacks_accents(text: str) -> bool:
    """Whether a stretch of text was read without its accents; a stray sign does not count."""
    head = text[:200]
    return head.isascii() or len(_ACCENTED.findall(head)) * 40 < len(head)


_ACCENTED = re.compile("[À-ỹ]")
