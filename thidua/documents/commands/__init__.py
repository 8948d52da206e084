"""What documents offer on the command line.

Imported at every start of `thidua`: names only, no reader, no Django.
"""

from __future__ import annotations

COMMANDS = {
    "read": ("thidua.documents.commands.read", "đọc kế hoạch và in các mục đọc được"),
    "score": ("thidua.documents.reading.score_folder", "chấm kết quả đọc theo bản mẫu"),
}
