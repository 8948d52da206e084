"""Symbols of papers (`BC-UBND`), the number as printed (`05`, `12a`), and what follows 12.

Pure. Source: NĐ 30/2020, art. 7 and 15, Annex I, II.3, Annex III.
"""

from __future__ import annotations

from thidua.core.errors import RuleNotMet
from thidua.core.formats import next_point_letter, point_letter, point_position

#: The kinds of paper: code → (name, abbreviation). Công văn and thư công have none of their own.
KINDS: dict[str, tuple[str, str]] = {
    "nghi_quyet": ("Nghị quyết", "NQ"),
    "quyet_dinh": ("Quyết định", "QĐ"),
    "chi_thi": ("Chỉ thị", "CT"),
    "quy_che": ("Quy chế", "QC"),
    "quy_dinh": ("Quy định", "QyĐ"),
    "thong_cao": ("Thông cáo", "TC"),
    "thong_bao": ("Thông báo", "TB"),
    "huong_dan": ("Hướng dẫn", "HD"),
    "chuong_trinh": ("Chương trình", "CTr"),
    "ke_hoach": ("Kế hoạch", "KH"),
    "phuong_an": ("Phương án", "PA"),
    "de_an": ("Đề án", "ĐA"),
    "du_an": ("Dự án", "DA"),
    "bao_cao": ("Báo cáo", "BC"),
    "bien_ban": ("Biên bản", "BB"),
    "to_trinh": ("Tờ trình", "TTr"),
    "hop_dong": ("Hợp đồng", "HĐ"),
    "cong_van": ("Công văn", ""),
    "cong_dien": ("Công điện", "CĐ"),
    "ban_ghi_nho": ("Bản ghi nhớ", "BGN"),
    "ban_thoa_thuan": ("Bản thỏa thuận", "BTT"),
    "giay_uy_quyen": ("Giấy ủy quyền", "GUQ"),
    "giay_moi": ("Giấy mời", "GM"),
    "giay_gioi_thieu": ("Giấy giới thiệu", "GGT"),
    "giay_nghi_phep": ("Giấy nghỉ phép", "GNP"),
    "phieu_gui": ("Phiếu gửi", "PG"),
    "phieu_chuyen": ("Phiếu chuyển", "PC"),
    "phieu_bao": ("Phiếu báo", "PB"),
    "thu_cong": ("Thư công", ""),
    # Not one of the 29 kinds; printed by many bodies and numbered like them.
    "giay_xac_nhan": ("Giấy xác nhận", "GXN"),
}
LETTER = "cong_van"


def kind_name(kind: str) -> str:
    """ "Báo cáo"; the code itself when nobody knows it."""
    return KINDS.get(kind, (kind, ""))[0]


def symbol(kind: str, agency: str, *, drafter: str = "") -> str:
    """ "BC-UBND"; of a công văn the agency and, when given, who drafted it or the field: "UBND-NV"."""
    groups = [KINDS.get(kind, ("", ""))[1], agency] if kind != LETTER else [agency, drafter]
    return "-".join(group for group in groups if group)


def printed(order: int, suffix: str = "") -> str:
    """The number as printed: below ten with a zero before it."""
    return f"{order:02}{suffix}"


def next_suffix(taken: list[str]) -> str:
    """The letter of the next number put in late: a, b, c, d, đ, e, g … Raises RuleNotMet after y."""
    last = max((letter for letter in taken if letter), key=point_position, default="")
    following = next_point_letter(last) if last else point_letter(1)
    if following is None:
        raise RuleNotMet(
            "Chưa chèn được số phụ",
            why="sau số này đã dùng hết các chữ a đến y",
            next_step="Chọn một số khác của cùng ngày",
        )
    return following
