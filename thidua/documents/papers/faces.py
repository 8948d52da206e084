"""The faces of a paper in its state: the PDF with what was signed and sealed so far, and the Word file."""

from __future__ import annotations

from thidua.core.text import without_accents
from thidua.documents.file_store import bytes_of
from thidua.documents.models import OutgoingPaper, SignedHow
from thidua.documents.papers.drafting import description
from thidua.documents.signing import blanks
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.documents.writing.word import docx_bytes


def pdf(paper: OutgoingPaper) -> bytes:
    """The PDF as it stands: issued with all signatures; signed with open or filled blanks; else a draft."""
    if paper.issued_file is not None:
        return bytes_of(paper.issued_file)
    if paper.signed_how == SignedHow.DIGITALLY and paper.signed_file is not None:
        return numbered(paper)
    return pdf_bytes(description(paper))


def numbered(paper: OutgoingPaper) -> bytes:
    """The file that the person signed, with number and date in its blanks when they were given."""
    assert paper.signed_file is not None
    signed = bytes_of(paper.signed_file)
    if paper.given is None:
        return signed
    day = paper.given.dated
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # NĐ 30/2020, Annex I, II.4.b
    return blanks.filled(
        signed,
        {
            blanks.NUMBER: paper.given.text,
            blanks.DAY: f"{day.day:02}",
            blanks.MONTH: month,
            blanks.YEAR: str(day.year),
        },
    )


def docx(paper: OutgoingPaper) -> bytes:
    """The Word file, for those who go on writing; it carries no signature."""
    return docx_bytes(description(paper))


def file_name(paper: OutgoingPaper, ending: str) -> str:
    """ "05-BC-UBND.pdf"; of a draft "nhap-BC-UBND.pdf"."""
    number = paper.given.text if paper.given else "nhap"
    return f"{number}-{without_accents(paper.symbol or paper.kind)}.{ending}".replace("/", "-")
