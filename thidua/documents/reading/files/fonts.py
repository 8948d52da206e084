"""Text typed with Vietnamese fonts older than Unicode, told by the name of the font."""

from __future__ import annotations

from thidua.core.legacy import convert, detect

_OPENINGS = (".vn", "vni")
#: shown when letters had to be converted
REMARK = "Văn bản dùng phông chữ cũ (TCVN3 hoặc VNI), đã chuyển sang Unicode."


def is_legacy_font(name: str) -> bool:
    """Whether letters in this font are drawn differently from what their codes say."""
    return name[:3].lower() in _OPENINGS


def in_unicode(text: str, *, font: str) -> str:
    """The text as the font draws it; Unicode text that merely names an old font stays."""
    encoding = detect(text, font_name=font)
    return text if encoding is None else convert(text, encoding)
