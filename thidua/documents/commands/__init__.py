"""What documents offer on the command line.

Imported at every start of `thidua`: names only, no reader, no Django.
"""

from __future__ import annotations

COMMANDS = {
    "read": ("thidua.documents.commands.read", "đọc kế hoạch và in các mục đọc được"),
    "verify-signature": ("thidua.documents.commands.verify_signature", "kiểm tra chữ ký số của tệp PDF"),
    "archive": ("thidua.documents.commands.archive", "lập và kiểm tra gói lưu trữ văn bản"),
    "score": ("thidua.documents.reading.score_folder", "chấm kết quả đọc theo bản mẫu"),
}
