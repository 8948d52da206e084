"""What documents keep: files that were read, papers going out with their numbers, papers coming in."""

from __future__ import annotations

from thidua.documents.models.incoming import Forwarding, IncomingPaper
from thidua.documents.models.numbers import BookKind, GivenNumber, NumberBook, PaperOffice
from thidua.documents.models.papers import (
    CaseFile,
    CopyForm,
    OutgoingPaper,
    PaperCopy,
    PaperRelation,
    PaperState,
    SignedHow,
    SigningKey,
)
from thidua.documents.models.reading import Document, Reading, Record, StoredFile
from thidua.documents.models.templates import PaperTemplate, PaperTemplateVersion

__all__ = [
    "BookKind",
    "CaseFile",
    "CopyForm",
    "Document",
    "Forwarding",
    "GivenNumber",
    "IncomingPaper",
    "NumberBook",
    "OutgoingPaper",
    "PaperCopy",
    "PaperOffice",
    "PaperRelation",
    "PaperState",
    "PaperTemplate",
    "PaperTemplateVersion",
    "Reading",
    "Record",
    "SignedHow",
    "SigningKey",
    "StoredFile",
]
