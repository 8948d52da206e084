"""The codes of a record `golden/1` in the words that users read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from thidua.core.formats import format_number, format_roman

COMPARATORS = {
    "gte": "từ {} trở lên",
    "gt": "trên {}",
    "lte": "không quá {}",
    "lt": "dưới {}",
    "between": "{}",
    "approx": "khoảng {}",
    "stated": "{}",
    "is": "{}",
}
UNITS = {
    "pct": "%",
    "pct_point": "điểm %",
    "pct_change": "% so với gốc",
    "ratio": "lần",
    "commune": "xã",
    "village": "thôn, bản",
    "district": "huyện",
    "district_unit": "đơn vị cấp huyện",
    "commune_or_village": "xã hoặc thôn, bản",
    "household": "hộ",
    "person": "người",
    "house": "nhà",
    "model": "mô hình",
    "initiative": "sáng kiến",
    "rank": "thứ hạng",
    "point": "điểm",
    "book": "đầu sách",
    "workday": "ngày công",
    "million_vnd": "triệu đồng",
    "billion_vnd": "tỷ đồng",
    "vnd": "đồng",
    "thousand_vnd": "nghìn đồng",
    "million_usd": "triệu USD",
    "billion_usd": "tỷ USD",
    "province": "tỉnh",
    "agency": "cơ quan, đơn vị",
    "collective": "tập thể",
    "enterprise": "doanh nghiệp",
    "cooperative": "hợp tác xã",
    "school": "trường",
    "product": "sản phẩm",
    "work": "công trình",
    "course": "lớp",
    "event": "cuộc",
    "article": "tin, bài",
    "tree": "cây",
    "case": "vụ",
    "file": "hồ sơ",
    "procedure": "thủ tục",
    "service": "dịch vụ công",
    "document": "văn bản",
    "criterion": "tiêu chí",
    "indicator": "chỉ tiêu",
    "job": "việc làm",
    "task": "nhiệm vụ",
    "gift": "suất quà",
    "blood_unit": "đơn vị máu",
    "minute": "phút",
    "hour": "giờ",
    "working_day": "ngày làm việc",
    "day_wage": "ngày lương",
    "month": "tháng",
    "year": "năm",
    "metre": "m",
    "km": "km",
    "square_metre": "m²",
    "cubic_metre": "m³",
    "million_m3": "triệu m³",
    "hectare": "ha",
    "quintal": "tạ",
    "tonne": "tấn",
    "thousand_tonnes": "nghìn tấn",
    "million_tonnes": "triệu tấn",
    "million_people": "triệu lượt người",
    "million_trees": "triệu cây",
    "slip": "phiếu",
    "star": "sao",
    "doctor": "bác sĩ",
    "bed": "giường bệnh",
    "account": "tài khoản",
    "prize": "giải",
    "lesson": "tiết",
    "record": "dữ liệu",
    "publication": "ấn phẩm, tài liệu",
    "device": "thiết bị",
    "per_mille": "‰",
    "certificate": "giấy chứng nhận",
    "kilogram": "kg",
    "kwh": "kWh",
    "million_kwh": "triệu kWh",
    "billion_kwh": "tỷ kWh",
    "megawatt": "MW",
    "other": "",
    "bool": "",
}
PER = {
    "year": "mỗi năm",
    "year_average": "bình quân mỗi năm",
    "quarter": "mỗi quý",
    "month": "mỗi tháng",
    "week": "mỗi tuần",
    "unit": "mỗi đơn vị",
    "person": "mỗi người",
    "household": "mỗi hộ",
    "initiative": "mỗi sáng kiến",
    "semester": "mỗi học kỳ",
    "day": "mỗi ngày",
    "commune": "mỗi xã",
    "village": "mỗi thôn, bản",
    "district": "mỗi huyện",
    "hectare": "mỗi ha",
    "times": "mỗi lần",
    "house": "mỗi nhà",
    "project": "mỗi dự án",
    "product": "mỗi sản phẩm",
    "kwh": "mỗi kWh",
    "square_metre": "mỗi m²",
    "cubic_metre": "mỗi m³",
    "tonne": "mỗi tấn",
}
BOUNDS = {"before": "trước ", "within": "trong ", "from": "từ ", "after": "sau "}
RECURRENCES = {
    "annual": "hằng năm",
    "semiannual": "6 tháng một lần",
    "quarterly": "hằng quý",
    "monthly": "hằng tháng",
    "weekly": "hằng tuần",
    "daily": "hằng ngày",
    "periodic": "định kỳ",
    "thematic": "theo chuyên đề",
}
CRITERION_KINDS = {"quantitative": "định lượng", "checkable": "có/không", "qualitative": "định tính"}
MILESTONES = {
    "ban_hanh_ke_hoach": "ban hành kế hoạch",
    "phat_dong": "phát động",
    "trien_khai": "triển khai",
    "so_ket": "sơ kết",
    "tong_ket": "tổng kết",
    "bao_cao_nam": "báo cáo hằng năm",
    "bao_cao_dinh_ky": "báo cáo định kỳ",
    "danh_gia_hang_nam": "đánh giá hằng năm",
    "kiem_tra_hang_nam": "kiểm tra hằng năm",
    "kiem_tra_dinh_ky": "kiểm tra định kỳ",
    "don_doc_hang_nam": "đôn đốc hằng năm",
    "khen_thuong_hang_nam": "khen thưởng hằng năm",
    "thang_cao_diem": "tháng cao điểm",
    "tham_tang_qua": "thăm, tặng quà",
    "dang_ky": "đăng ký",
    "binh_xet": "bình xét",
    "khac": "mốc khác",
}
SEVERITIES = {"major": "nặng", "minor": "nhẹ", "info": "ghi chú"}
DEFECTS = {
    "missing_number": "thiếu số văn bản",
    "missing_number_and_symbol": "thiếu số và ký hiệu",
    "missing_day": "thiếu ngày ban hành",
    "missing_day_and_month": "thiếu ngày, tháng ban hành",
    "missing_date": "thiếu ngày ban hành",
    "missing_component": "thiếu thành phần thể thức",
    "missing_signer": "thiếu người ký",
    "missing_title": "thiếu trích yếu",
    "missing_accents": "chữ không dấu",
    "arithmetic": "số không khớp phép tính",
    "base_mismatch": "tỷ lệ và số lượng không cùng một gốc",
    "base_missing": "tỷ lệ không nêu gốc",
    "wrong_movement": "dẫn sang phong trào khác",
    "noise": "chữ lạ",
    "page_break_split": "câu bị ngắt trang",
    "date_implausible": "ngày tháng không hợp lý",
    "org_name_variant": "tên cơ quan viết khác nhau",
    "case": "viết hoa",
    "typo": "lỗi gõ",
    "spacing": "dấu cách",
    "dash_variant": "dấu nối khác nhau",
    "punctuation": "dấu câu",
    "numbering": "đánh số",
    "number_split": "số và ký hiệu bị tách",
    "placement": "nội dung đặt không đúng chỗ",
    "scope_gap": "phạm vi không khớp",
    "recipient_gap": "thiếu nơi nhận",
    "spelling_variant": "hai cách viết",
    "tone_mark_variant": "hai cách đặt dấu thanh",
    "footnote_in_body": "chú thích xen giữa nội dung",
    "markup": "dấu định dạng còn sót",
    "layout": "trình bày",
    "wording": "cách diễn đạt",
    "quote_marks": "dấu ngoặc kép",
    "date_format": "cách ghi ngày tháng",
    "citation_incomplete": "viện dẫn chưa đủ",
    "content_mismatch": "nội dung không khớp",
    "period_inconsistent": "giai đoạn không thống nhất",
    "duplicate_definition": "giải thích hai lần",
    "duplicate_task": "giao hai lần",
    "self_reference": "tự dẫn chính mình",
    "authority_missing": "không nêu thẩm quyền",
    "list_style": "cách trình bày danh sách",
    "truncated_list": "danh sách bị cụt",
    "open_list": "danh sách bỏ ngỏ",
    "sentence_split": "câu bị tách",
}


def measure_in_words(entry: Mapping[str, Any]) -> str:
    """Comparator, value and unit of a target or a clause: «từ 87 % trở lên», «1 – 2 đơn vị cấp huyện»."""
    low, high = entry.get("value_min"), entry.get("value_max")
    value = entry.get("value")
    if low is not None and high is not None:
        number = f"{_number(low)} – {_number(high)}"
    elif value is None:
        return ""
    elif isinstance(value, bool):
        return "có" if value else "không"
    else:
        number = _number(value)
    unit = UNITS.get(entry.get("unit") or "", str(entry.get("unit") or "").replace("_", " "))
    amount = f"{number} {unit}".strip()
    words = COMPARATORS.get(entry.get("comparator") or entry.get("op") or "", "{}").format(amount)
    per = entry.get("per")
    return f"{words} {PER.get(per, 'mỗi ' + per.replace('_', ' '))}" if per else words


def _number(value: float) -> str:
    return format_number(Decimal(str(value)))


def time_in_words(when: Mapping[str, Any] | None) -> str:
    """A deadline or time, as printed where the record has the words."""
    if not when:
        return ""
    if when.get("raw"):
        return str(when["raw"])
    parts = [
        f"{name} {when[key]}"
        for key, name in (("so_ket", "sơ kết"), ("tong_ket", "tổng kết"))
        if when.get(key) is not None
    ]
    if when.get("from") is not None:
        parts.append(f"từ {when['from']}" + (f" đến {when['to']}" if when.get("to") is not None else ""))
    day = [str(when[key]) for key in ("day", "month") if when.get(key) is not None]
    if when.get("quarter") is not None:
        day = [f"quý {format_roman(when['quarter'])}"]
    if when.get("year") is not None:
        day.append(str(when["year"]))
    if day:
        parts.append(BOUNDS.get(when.get("bound") or "", "") + "/".join(day))
    if when.get("recurrence"):
        parts.append(recurrence_in_words(when["recurrence"]))
    return ", ".join(parts)


def recurrence_in_words(recurrence: str) -> str:
    """«annual, periodic (…)» in Vietnamese; a code that is not known stays as it is."""
    codes = [part.split(" (")[0].strip() for part in recurrence.split(",")]
    return ", ".join(RECURRENCES.get(code, code) for code in codes)
