"""Every reason for which a file is refused, in the words that the user reads.

A refusal says what happened, why, and what to do next. `key` stays the same when the words are improved, so
that tests, scripts and the interface can rely on it.
"""

from __future__ import annotations

from collections.abc import Callable

from thidua.core.errors import UserError


class Unreadable(UserError):
    """A file that cannot be read as a document; its message is shown to the user as it is."""

    def __init__(self, what: str, why: str, what_next: str, *, key: str = "unreadable") -> None:
        super().__init__(what, why=why, next_step=what_next)
        self.key = key

    def __reduce__(self) -> tuple[Callable[..., Unreadable], tuple[str, ...]]:
        # a worker process hands the refusal back to its parent
        return _rebuilt, (self.what, self.why, self.next_step, self.key)


def _rebuilt(what: str, why: str, what_next: str, key: str) -> Unreadable:
    return Unreadable(what, why, what_next, key=key)


_AGAIN = "Hãy tải lại hoặc xin lại bản gốc rồi thử lại."
_AS_DOCX = "Hãy mở tệp bằng Word hoặc LibreOffice, chọn «Lưu thành» (Save As) dạng .docx rồi nộp lại."
_KINDS = "Hệ thống đọc được văn bản dạng .docx, .pdf, .txt, .md và trang web đã lưu (.html)."
_UNLOCK = "Hãy mở tệp bằng mật khẩu, bỏ mật khẩu rồi lưu lại; hệ thống không hỏi và không giữ mật khẩu."

#: key -> (what, why, what next); words in braces are filled in by `refused`
REFUSALS: dict[str, tuple[str, str, str]] = {
    "missing_file": (
        "Không mở được tệp",
        "tệp không có ở đường dẫn đã cho, hoặc không có quyền đọc",
        "Hãy kiểm tra lại đường dẫn và quyền đọc tệp.",
    ),
    "empty_file": ("Tệp rỗng", "tệp có 0 byte", _AGAIN),
    "blank_text": (
        "Tệp không có chữ nào",
        "tệp chỉ có dấu cách và dòng trống",
        "Hãy kiểm tra xem đã chọn đúng tệp chưa.",
    ),
    "too_large": (
        "Tệp quá lớn",
        "tệp {size_mb} MB, giới hạn là {limit_mb} MB",
        "Hãy bỏ bớt hình ảnh hoặc phụ lục, hoặc tách tệp rồi nộp từng phần.",
    ),
    "legacy_doc": (
        "Tệp là văn bản Word kiểu cũ (.doc)",
        "dạng .doc của Word 97–2003 không được đọc trực tiếp",
        _AS_DOCX,
    ),
    "legacy_office": (
        "Tệp là tài liệu Office kiểu cũ, không phải văn bản",
        "nội dung là {kind}",
        "Hãy chọn tệp văn bản của kế hoạch. " + _KINDS,
    ),
    "encrypted_office": ("Tệp Office có mật khẩu", "nội dung đã được mã hóa nên không đọc được", _UNLOCK),
    "encrypted_pdf": ("Tệp PDF có mật khẩu", "nội dung đã được mã hóa nên không đọc được", _UNLOCK),
    "encrypted_zip": ("Tệp nén có mật khẩu", "nội dung đã được mã hóa nên không đọc được", _UNLOCK),
    "corrupt_docx": (
        "Tệp .docx bị hỏng",
        "tệp thiếu hoặc sai một phần bên trong, thường do tải chưa xong",
        _AGAIN,
    ),
    "corrupt_pdf": ("Tệp PDF bị hỏng", "không mở được cấu trúc của tệp, thường do tải chưa xong", _AGAIN),
    "corrupt_image": ("Tệp hình ảnh bị hỏng", "không mở được hình ảnh", _AGAIN),
    "zip_bomb": (
        "Tệp bị từ chối vì không an toàn",
        "phần nén bên trong bung ra quá lớn hoặc có quá nhiều mục, không giống một văn bản thật",
        "Hãy mở tệp gốc bằng Word, lưu lại rồi nộp bản mới.",
    ),
    "pdf_bomb": (
        "Tệp PDF bị từ chối vì không an toàn",
        "phần nén bên trong bung ra quá lớn, không giống một văn bản thật",
        "Hãy in lại văn bản gốc ra PDF rồi nộp bản mới.",
    ),
    "hostile_xml": (
        "Tệp bị từ chối vì không an toàn",
        "tệp khai báo thực thể XML hoặc lồng nhau quá sâu; văn bản thật không cần đến",
        "Hãy mở tệp gốc bằng Word, lưu lại rồi nộp bản mới.",
    ),
    "too_complex": (
        "Tệp quá phức tạp",
        "tệp có quá nhiều đoạn, trang hoặc ký tự so với một văn bản",
        "Hãy tách riêng kế hoạch và phụ lục rồi nộp từng phần.",
    ),
    "too_slow": (
        "Đọc tệp mất quá nhiều thời gian nên đã dừng",
        "sau {seconds} giây vẫn chưa đọc xong",
        "Hãy in lại văn bản gốc ra PDF, hoặc nộp bản .docx.",
    ),
    "rich_text": ("Tệp là văn bản dạng RTF", "dạng .rtf không được đọc trực tiếp", _AS_DOCX),
    "open_document_text": (
        "Tệp là văn bản OpenDocument (.odt)",
        "dạng .odt không được đọc trực tiếp",
        _AS_DOCX,
    ),
    "word_xml": ("Tệp là văn bản Word dạng XML", "dạng .xml của Word không được đọc trực tiếp", _AS_DOCX),
    "saved_mail": (
        "Tệp là thư điện tử hoặc trang web gói (.eml, .msg, .mht)",
        "nội dung nằm trong gói nên không đọc trực tiếp",
        "Hãy lấy văn bản đính kèm ra, hoặc lưu trang web dạng .html, rồi nộp lại.",
    ),
    "not_a_document": ("Tệp không phải văn bản", "nội dung là {kind}", "Hãy chọn tệp văn bản. " + _KINDS),
    "binary": (
        "Tệp không phải văn bản",
        "nội dung là dữ liệu nhị phân, có byte không thuộc chữ viết",
        "Hãy chọn tệp văn bản. " + _KINDS,
    ),
    "scan_without_text": (
        "Tệp PDF là bản quét, không có chữ để đọc",
        "các trang chỉ có hình ảnh",
        "Hãy nộp bản .docx, hoặc bật nhận dạng chữ (OCR) rồi đọc lại.",
    ),
    "image_without_ocr": (
        "Tệp là hình ảnh ({kind}), không có chữ để đọc",
        "chữ trong hình chỉ đọc được khi bật nhận dạng chữ (OCR)",
        "Hãy nộp bản .docx hoặc PDF có chữ, hoặc bật nhận dạng chữ rồi đọc lại.",
    ),
    "document_without_text": (
        "Văn bản không có chữ nào",
        "tệp .docx chỉ có hình ảnh hoặc trang trắng",
        "Hãy kiểm tra xem đã chọn đúng tệp chưa; nếu là bản quét, hãy lưu thành PDF rồi bật "
        "nhận dạng chữ (OCR).",
    ),
    "ocr_not_installed": (
        "Chưa nhận dạng được chữ trong bản quét",
        "máy chủ chưa cài Tesseract cùng dữ liệu tiếng Việt",
        "Hãy đề nghị quản trị cài hai gói tesseract-ocr và tesseract-ocr-vie, hoặc nộp bản .docx.",
    ),
    "ocr_failed": (
        "Nhận dạng chữ không thành công",
        "Tesseract dừng giữa chừng ở trang {page}",
        "Hãy thử lại với bản quét rõ hơn (300 dpi), hoặc nộp bản .docx.",
    ),
}


def refused(key: str, **facts: object) -> Unreadable:
    """The refusal named `key`, ready to raise; `facts` fill the words in braces."""
    what, why, what_next = (part.format(**facts) for part in REFUSALS[key])
    return Unreadable(what, why, what_next, key=key)
