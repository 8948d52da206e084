"""Refuses secret content: the program is no place for state secrets (Luật 117/2025/QH15).

Pure. Knows the marks of secrecy; hides where in a paper one may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from thidua.core.errors import RuleNotMet
from thidua.core.text import nfc
from thidua.documents.writing.paper import Article, Heading, Item, Paper, Paragraph, plain

#: A mark stands alone on its line, in capitals: «MẬT», «TỐI MẬT», «Độ mật: TUYỆT MẬT».
_MARK = re.compile(r"\W*(?:(?:ĐỘ|Độ|độ) (?:MẬT|Mật|mật)\s*:?\s*)?(?:TUYỆT MẬT|TỐI MẬT|MẬT)\W*")


def is_mark(line: str) -> bool:
    return _MARK.fullmatch(nfc(" ".join(line.split()))) is not None


def refuse_secret(lines: Iterable[str], *, what: str) -> None:
    """Raises RuleNotMet when a line is a mark of secrecy."""
    if any(is_mark(line) for line in lines):
        raise RuleNotMet(
            what,
            why="văn bản có dấu chỉ độ mật; bí mật nhà nước không được soạn, lưu, gửi trên chương trình này "
            "(Luật Bảo vệ bí mật nhà nước 117/2025/QH15)",
            next_step="Xử lý văn bản mật theo chế độ riêng, đăng ký ở sổ riêng",
        )


def lines_of(paper: Paper) -> Iterator[str]:
    """The lines of a paper on which a mark may stand."""
    yield paper.restriction
    yield paper.title
    yield from paper.copy_mark
    for body in (paper.body, *(appendix.body for appendix in paper.appendices)):
        for block in body:
            if isinstance(block, Heading):
                yield plain(block.title)
            elif isinstance(block, (Paragraph, Item, Article)):
                yield plain(block.words)
