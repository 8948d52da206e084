"""Facts of a record as short Vietnamese phrases and sentences: amounts, times, rules, roles.

Knows the words for the codes of `golden/1` beside those in `wording.py`; hides how an amount, a time or a
rule is put together. A code that is not known stays readable as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from thidua.core.formats import format_date, format_number, format_roman
from thidua.documents.reading.vocabulary import load
from thidua.documents.wording import COMPARATORS, PER, UNITS, recurrence_in_words

Entry = Mapping[str, Any]

THEMES = {"giam_ngheo": "Giảm nghèo", "nong_thon_moi": "Nông thôn mới"}
ROLES = {
    "parent_plan": "Kế hoạch cấp trên được thực hiện",
    "target_basis": "Căn cứ của chỉ tiêu",
    "to_disseminate": "Văn bản cần tuyên truyền, phổ biến",
    "legal_basis": "Căn cứ ban hành",
    "reference": "Văn bản được nhắc đến",
    "self": "Chính văn bản này",
    "replaced": "Văn bản bị thay thế",
}
MODALITIES = {
    "giao": "Giao",
    "chu_tri": "Chủ trì",
    "de_nghi": "Đề nghị",
    "yeu_cau": "Yêu cầu",
    "khuyen_khich": "Khuyến khích",
    "van_dong": "Vận động",
    "phat_dong": "Phát động",
    "self_assigned": "Tự thực hiện",
}
SUBJECT_TYPES = {
    "agency": "Cơ quan, đơn vị",
    "collective": "Tập thể",
    "commune": "Xã, phường",
    "village": "Thôn, bản",
    "household": "Hộ gia đình",
    "individual": "Cá nhân",
    "organisation_enterprise": "Tổ chức, doanh nghiệp",
    "district": "Cấp huyện",
    "school": "Trường học",
}
AWARD_LEVELS = {
    "nha_nuoc": "Cấp Nhà nước",
    "bo": "Cấp bộ, ngành",
    "tinh": "Cấp tỉnh",
    "so": "Cấp sở, ban, ngành",
    "huyen": "Cấp huyện",
    "co_quan": "Cấp cơ quan, đơn vị",
    "doan_the_tw": "Đoàn thể trung ương",
    "doan_the_tinh": "Đoàn thể cấp tỉnh",
    "doan_the_huyen": "Đoàn thể cấp huyện",
    "dang": "Tổ chức đảng",
    "xa": "Cấp xã",
    "doanh_nghiep": "Doanh nghiệp",
    "khac": "Cấp khác",
}
RELATIONS = {
    "self": "phong trào của kế hoạch này",
    "self_or_national": "phong trào này hoặc phong trào chung cả nước",
    "national": "phong trào cả nước",
    "parent": "phong trào cấp trên",
    "other_movement": "phong trào khác",
    "campaign": "cuộc vận động",
    "fund": "quỹ",
    "programme": "chương trình",
}
RECIPIENT_PURPOSES = {
    "bao_cao": "để báo cáo",
    "dang_tai": "để đăng tải",
    "thuc_hien": "để thực hiện",
    "phoi_hop": "để phối hợp",
    "theo_doi": "để theo dõi",
    "de_biet": "để biết",
}
STRUCTURE = {
    "quoc_hieu": "Quốc hiệu",
    "tieu_ngu": "Tiêu ngữ",
    "ten_co_quan": "Tên cơ quan",
    "duong_ke": "Đường kẻ",
    "du_thao": "Dự thảo",
    "so_ky_hieu": "Số, ký hiệu",
    "dia_danh_ngay": "Địa danh, ngày",
    "ten_loai": "Tên loại",
    "trich_yeu": "Trích yếu",
    "kinh_gui": "Kính gửi",
    "chuc_danh": "Chức danh quyết định",
    "lenh": "Lệnh quyết định",
    "can_cu": "Căn cứ",
    "mo_dau": "Mở đầu",
    "phan": "Phần",
    "chuong": "Chương",
    "dieu": "Điều",
    "muc": "Mục",
    "khoan": "Khoản",
    "diem": "Điểm",
    "gach": "Gạch đầu dòng",
    "doan": "Đoạn",
    "tieu_de": "Đề mục",
    "bang": "Đầu bảng",
    "hang": "Hàng của bảng",
    "chu_thich": "Chú thích",
    "ket": "Đoạn kết",
    "noi_nhan_head": "Nơi nhận",
    "noi_nhan": "Nơi nhận",
    "luu": "Lưu",
    "quyen_han": "Quyền hạn ký",
    "chuc_vu": "Chức vụ",
    "ho_ten": "Họ tên",
    "da_ky": "Đã ký",
    "phu_luc": "Phụ lục",
    "trang": "Số trang",
    "trang_web": "Phần của trang web",
    "nhieu": "Chữ thừa",
}
CAPACITIES = {
    "thu_truong": "thủ trưởng ký",
    "thay_mat_tap_the": "thay mặt tập thể ký",
    "thay_mat_tap_the_ky_thay": "thay mặt tập thể, ký thay người đứng đầu",
    "ky_thay": "ký thay",
    "thua_lenh": "ký thừa lệnh",
    "thua_uy_quyen": "ký thừa ủy quyền",
    "quyen": "quyền người đứng đầu",
    "phu_trach": "phụ trách",
}
#: Indicators that only criteria use and that no vocabulary entry names.
_OTHER_INDICATORS = {
    "registered_to_escape_poverty": "Đăng ký thoát nghèo",
    "loan_used_for_purpose_and_repaid_on_time": "Dùng vốn vay đúng mục đích, trả nợ đúng hạn",
    "supported_localities_per_agency": "Số xã hoặc thôn, bản được mỗi cơ quan đăng ký hỗ trợ",
}
_ANCHORS = {"before_award_submission": "trước khi trình khen thưởng"}
_BOUNDS = {"before": "trước", "within": "trong", "from": "từ", "after": "sau"}
_KNOWN_TIME_KEYS = frozenset(
    (
        *("year", "month", "day", "quarter", "from", "to", "bound"),
        *("so_ket", "tong_ket", "applies_to", "recurrence", "raw", "lines"),
    )
)


def plain_code(code: str | None) -> str:
    """A code that has no words of its own, readable."""
    return (code or "").replace("_", " ")


# --- amounts --------------------------------------------------------------------------------------


def number_in_words(value: float | int) -> str:
    """41,6 for 41.6."""
    return format_number(Decimal(str(value)))


def amount(entry: Entry) -> str:
    """ "từ 6 đến 7 điểm % mỗi năm", "trên 60 % so với đầu kỳ", "có"; empty when there is no figure."""
    low, high, value = entry.get("value_min"), entry.get("value_max"), entry.get("value")
    comparator = entry.get("comparator") or entry.get("op") or ""
    if isinstance(value, bool):
        return "có" if value else "không"
    unit = _unit(entry)
    if low is not None and high is not None:
        figure = (
            number_in_words(low) if low == high else f"từ {number_in_words(low)} đến {number_in_words(high)}"
        )
        words = f"{figure} {unit}".strip()
    elif value is None:
        return ""
    else:
        figure = value if isinstance(value, str) else number_in_words(value)
        words = COMPARATORS.get(comparator, "{}").format(f"{figure} {unit}".strip())
    per = entry.get("per")
    if per:
        words = f"{words} {PER.get(per, 'mỗi ' + plain_code(per))}"
    baseline = baseline_in_words(entry.get("baseline"))
    return f"{words} so với {baseline}" if baseline else words


def _unit(entry: Entry) -> str:
    code = entry.get("unit") or ""
    if code == "pct_change":
        return "%"
    return UNITS.get(code, plain_code(code))


def baseline_in_words(baseline: Entry | str | None) -> str:
    """What a change is counted from."""
    if not baseline:
        return ""
    if isinstance(baseline, str):
        return _with_note_names(baseline)
    words = str(baseline.get("when") or "")
    if not words and baseline.get("year"):
        words = f"năm {baseline['year']}"
    if baseline.get("value") is not None:
        words = f"{words} ({number_in_words(baseline['value'])})".strip()
    return words


def _with_note_names(text: str) -> str:
    """«đầu kỳ (fn.2)» as «đầu kỳ (chú thích 2)»."""
    return re.sub(r"\(fn\.(\w+)\)", r"(chú thích \1)", text)


def stated_count(entry: Entry) -> str:
    """The figure printed beside a share: "5/12, in 41,6 %, tính ra 41,67 %"."""
    stated = entry.get("stated_count") or {}
    if not stated:
        return ""
    parts = []
    if stated.get("of") is not None:
        whole = stated.get("count", entry.get("value"))
        parts.append(
            f"{number_in_words(whole)}/{number_in_words(stated['of'])}"
            if whole is not None
            else f"trên tổng số {number_in_words(stated['of'])}"
        )
    elif stated.get("count") is not None:
        parts.append(f"ghi kèm {number_in_words(stated['count'])}")
    if stated.get("stated_pct") is not None:
        parts.append(f"văn bản ghi {number_in_words(stated['stated_pct'])} %")
    if stated.get("computed_pct") is not None:
        parts.append(f"tính ra {number_in_words(stated['computed_pct'])} %")
    if stated.get("implied_base") is not None:
        parts.append(f"suy ra tổng khoảng {number_in_words(stated['implied_base'])}")
    return ", ".join(parts)


# --- times ----------------------------------------------------------------------------------------


def when_in_words(when: Entry | str | None) -> str:
    """ "trước ngày 10/11 hằng năm", "đến năm 2025", "quý III/2022"; as printed when that says more."""
    if not when:
        return ""
    if isinstance(when, str):
        return when
    raw = str(when.get("raw") or "")
    if set(when) - _KNOWN_TIME_KEYS and raw:
        return raw
    parts = [
        f"{name} năm {when[key]}"
        for key, name in (("so_ket", "sơ kết"), ("tong_ket", "tổng kết"))
        if when.get(key) is not None
    ]
    if when.get("from") is not None and when.get("to") is not None:
        parts.append(f"giai đoạn {_moment(when['from'])} – {_moment(when['to'])}")
    elif when.get("from") is not None:
        parts.append(f"từ {_moment(when['from'])}")
    elif when.get("to") is not None:
        parts.append(f"đến {_moment(when['to'])}")
    day = _day(when)
    if day:
        bound = _BOUNDS.get(when.get("bound") or "", "")
        if not bound and raw.lower().startswith(("đến ", "tới ")):
            bound = "đến"
        parts.append(f"{bound} {day}".strip())
    recurrence = recurrence_in_words(when["recurrence"]) if when.get("recurrence") else ""
    if day and recurrence:
        parts[-1] += f" {recurrence}"
    elif recurrence:
        parts.append(recurrence)
    return ", ".join(parts) or raw


def _day(when: Entry) -> str:
    day, month, year = when.get("day"), when.get("month"), when.get("year")
    if when.get("quarter") is not None:
        quarter = f"quý {format_roman(when['quarter'])}"
        return f"{quarter}/{year}" if year else quarter
    if day and month:
        return f"ngày {day:02}/{month:02}/{year}" if year else f"ngày {day:02}/{month:02}"
    if day:
        return f"ngày {day:02}"
    if month:
        return f"tháng {month}/{year}" if year else f"tháng {month}"
    return f"năm {year}" if year else ""


def _moment(moment: int | str) -> str:
    return edtf_in_words(str(moment)) or str(moment)


def edtf_in_words(edtf: str | None) -> str:
    """20/11/2026, tháng 7/2022, 2022: as much as an EDTF date tells."""
    parts = (edtf or "").split("-")
    try:
        match [int(part) for part in parts]:
            case [year, month, day]:
                return format_date(date(year, month, day))
            case [year, month]:
                return f"{month:02}/{year}"
            case [year]:
                return str(year)
    except ValueError:
        pass
    return edtf or ""


def dated_in_words(edtf: str | None) -> str:
    """ "ngày 20/11/2026", "tháng 07/2022", "năm 2022"; empty when there is no date."""
    words = edtf_in_words(edtf)
    return f"{('năm', 'tháng', 'ngày')[min(words.count('/'), 2)]} {words}" if words else ""


def period(span: Entry | None) -> str:
    """ "giai đoạn 2021 – 2025"."""
    if not span or span.get("from") is None:
        return ""
    if span.get("to") is None or span["to"] == span["from"]:
        return f"năm {span['from']}"
    return f"giai đoạn {_moment(span['from'])} – {_moment(span['to'])}"


# --- rules ----------------------------------------------------------------------------------------


@cache
def _indicator_labels() -> dict[str, str]:
    return {entry["code"]: entry["label_vi"] for entry in load("indicators")} | _OTHER_INDICATORS


def indicator(code: str | None) -> str:
    """The name of an indicator for people; empty where the reader found none that fits."""
    if code in (None, "other"):
        return ""
    return _indicator_labels().get(code or "", plain_code(code).capitalize())


def clauses(rule: Entry | None) -> list[str]:
    """One sentence for each condition of a rule."""
    if not rule:
        return []
    return [_clause(clause) for clause in rule.get("all_of") or rule.get("any_of") or []]


def connective(rule: Entry | None) -> str:
    """How the conditions of a rule hold together; empty when there is only one."""
    if len(clauses(rule)) < 2 or rule is None:
        return ""
    return "Phải đạt tất cả:" if rule.get("all_of") else "Chỉ cần đạt một trong các điều kiện:"


def _clause(clause: Entry) -> str:
    if nested := clauses(clause):
        return (" và " if clause.get("all_of") else " hoặc ").join(nested)
    name = clause.get("label_vi") or indicator(clause.get("indicator"))
    measure = amount(clause)
    if not name:
        name, measure = measure or "theo câu gốc", ""
    if isinstance(clause.get("value"), bool):
        words = name if clause["value"] else f"Không: {name}"
    else:
        words = f"{name}: {measure}" if measure else name
    extras = [_window(clause.get("window"))]
    if clause.get("measured_at"):
        extras.append(f"tính tại {_with_note_names(clause['measured_at'])}")
    if clause.get("applies_to"):
        extras.append(f"áp dụng với {clause['applies_to']}")
    return ", ".join([words, *(extra for extra in extras if extra)])


def _window(window: Entry | None) -> str:
    if not window:
        return ""
    words = ""
    for key, unit in (
        ("consecutive_years", "năm liên tục"),
        ("consecutive_months", "tháng liên tục"),
        ("consecutive_rounds", "kỳ liên tục"),
        ("years", "năm"),
        ("months", "tháng"),
    ):
        if window.get(key):
            words = f"trong {window[key]} {unit}"
    anchor = window.get("anchor")
    return f"{words} {_ANCHORS.get(anchor, plain_code(anchor))}".strip() if anchor else words


# --- names ----------------------------------------------------------------------------------------


def named(words: Mapping[str, str], code: str | None) -> str:
    """The words for a code, or the code made readable; empty for None."""
    return words.get(code or "", plain_code(code))


def joined(names: Any) -> str:
    """A list of names, or one name, in one line."""
    if not names:
        return ""
    return names if isinstance(names, str) else "; ".join(str(name) for name in names)


def signing_office(signature: Entry) -> list[str]:
    """The lines above the name: "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"."""
    prefixes = list(signature.get("authority_prefix") or [])
    rows = []
    if signature.get("on_behalf_of"):
        prefix = prefixes.pop(0) if prefixes else ""
        rows.append(f"{prefix} {signature['on_behalf_of']}".strip())
    if signature.get("signed_for"):
        prefix = prefixes.pop(0) if prefixes else ""
        rows.append(f"{prefix} {signature['signed_for']}".strip())
    if signature.get("title"):
        prefix = prefixes.pop(0) if prefixes else ""
        rows.append(f"{prefix} {signature['title']}".strip())
    return rows
