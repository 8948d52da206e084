"""Archive packages of an issued paper or of a whole file of work; what lies in them says `archive_form`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pypdfium2

from thidua.audit.log import HASHED, Actor, hashed_text, record
from thidua.audit.models import Entry
from thidua.core.clock import VIETNAM
from thidua.core.errors import RuleNotMet
from thidua.core.text import without_accents
from thidua.documents.file_store import bytes_of
from thidua.documents.models import CaseFile, IncomingPaper, OutgoingPaper
from thidua.documents.papers import archive_form, issuing, symbols
from thidua.documents.papers.drafting import description
from thidua.documents.writing.paper import Urgency
from thidua.organisations import tree

#: The digit of the field Priority.
PRIORITY = {"": "0", "khan": "1", "thuong_khan": "2", "hoa_toc": "3"}


def of_paper(paper: OutgoingPaper, *, actor: Actor, now: datetime) -> bytes:
    """The package of one issued paper. Raises RuleNotMet before it is issued."""
    actor.require("paper.read", paper)
    if not paper.is_final:
        raise RuleNotMet(
            "Chưa lập được gói lưu trữ",
            why="văn bản chưa phát hành",
            next_step="Phát hành văn bản rồi lập gói",
        )
    title = f"{symbols.kind_name(paper.kind)} {paper.notation}: {paper.title}"
    return _made([paper], [], title=title, on_object=paper, file=paper.case_file, actor=actor, now=now)


def of_case_file(file: CaseFile, *, actor: Actor, now: datetime) -> bytes:
    """The package of a file of work: its issued and arrived papers in the order of their days."""
    actor.require("case_file.keep", file)
    outgoing = list(
        file.outgoing.filter(state__in=OutgoingPaper.FINAL)
        .select_related("given", "issued_file")
        .order_by("issued_at", "pk")
    )
    incoming = list(file.incoming.select_related("given", "file").order_by("arrived_on", "pk"))
    if not outgoing and not incoming:
        raise RuleNotMet(
            "Chưa lập được gói lưu trữ",
            why="hồ sơ chưa có văn bản nào đã phát hành hoặc đã đến",
            next_step="Xếp văn bản vào hồ sơ rồi lập gói",
        )
    return _made(outgoing, incoming, title=str(file), on_object=file, file=file, actor=actor, now=now)


def _made(
    outgoing: list[OutgoingPaper],
    incoming: list[IncomingPaper],
    *,
    title: str,
    on_object: OutgoingPaper | CaseFile,
    file: CaseFile | None,
    actor: Actor,
    now: datetime,
) -> bytes:
    files: dict[str, bytes] = {}
    unit_ids = {paper.unit_id for paper in outgoing} | {paper.unit_id for paper in incoming}
    labels = tree.labels_on(unit_ids, on=actor.on)
    ordinal = 0
    for paper in outgoing:
        ordinal += 1
        folder = f"{ordinal:03}-di-{_plain(paper.notation)}"
        pdf = issuing.issued_bytes(paper)
        told = archive_form.cut(_outgoing_metadata(paper, ordinal, labels[paper.unit_id], file, pdf))
        files |= _folder(folder, told, "OutgoingDocument", _log_of(paper))
        files[f"{folder}/{archive_form.PDF}"] = pdf
        files[f"{folder}/{archive_form.DESCRIPTION}"] = archive_form.as_json(
            {
                "noi_dung": json.loads(paper.description_json),
                "mau": paper.template,
                "so_lieu": paper.facts,
                "sha256": paper.issued_file.sha256 if paper.issued_file else None,
            }
        )
    for arrived in incoming:
        ordinal += 1
        folder = f"{ordinal:03}-den-{_plain(arrived.given.text)}"
        told = archive_form.cut(_incoming_metadata(arrived, ordinal, labels[arrived.unit_id], file))
        files |= _folder(folder, told, "IncomingDocument", _log_of(arrived))
        if arrived.file is not None:
            raw = bytes_of(arrived.file)
            name = archive_form.PDF if raw.startswith(b"%PDF") else _plain(arrived.file_name)
            files[f"{folder}/{name}"] = raw
    about = {"title": title, "made_at": now.astimezone(VIETNAM).isoformat(), "made_by": actor.name}
    if file is not None:
        about["file"] = _file_metadata(file, ordinal)  # type: ignore[assignment]  # a value of its own
    record(
        "documents.archive.make",
        on_object,
        label="Lập gói lưu trữ",
        actor=actor,
        now=now,
        object_unit_id=on_object.unit_id,
        details={"số văn bản": ordinal},
    )
    return archive_form.packed(files, about=about)


def _folder(folder: str, told: dict[str, Any], name: str, log: list[dict[str, Any]]) -> dict[str, bytes]:
    xml = f'<?xml version="1.0" encoding="UTF-8"?>\n{archive_form.as_xml(name, told)}'
    return {
        f"{folder}/{archive_form.METADATA_XML}": xml.encode(),
        f"{folder}/{archive_form.METADATA_JSON}": archive_form.as_json(told),
        f"{folder}/{archive_form.LOG}": archive_form.as_json(log),
    }


def _outgoing_metadata(
    paper: OutgoingPaper, ordinal: int, issuer: str, file: CaseFile | None, pdf: bytes
) -> dict[str, Any]:
    """The fields of NĐ 30/2020, Annex VI. What the program does not know stays empty."""
    told = description(paper)
    return {
        "FileCode": _file_code(file),
        "DocOrdinal": str(ordinal),
        "TypeName": symbols.kind_name(paper.kind),
        "CodeNumber": paper.given.text if paper.given else None,
        "CodeNotation": paper.symbol,
        "IssuedDate": paper.given.dated.isoformat() if paper.given else None,
        "OrganName": issuer,
        "Subject": paper.title,
        "Language": "Tiếng Việt",
        "PageAmount": str(_pages(pdf)),
        "Description": None,
        "SignerInfo": {
            "Position": told.signature.authority[-1] if told.signature.authority else None,
            "FullName": told.signature.name or None,
        },
        "To": [{"OrganId": None, "OrganName": place} for place in (*told.addressees, *told.recipients)],
        "Priority": PRIORITY.get(Urgency(told.urgency).value, "0"),
        "IssuedAmount": None,
        "DueDate": None,
    }


def _incoming_metadata(
    incoming: IncomingPaper, ordinal: int, receiver: str, file: CaseFile | None
) -> dict[str, Any]:
    return {
        "FileCode": _file_code(file),
        "DocOrdinal": str(ordinal),
        "TypeName": incoming.kind or None,
        "CodeNumber": incoming.number or None,
        "CodeNotation": incoming.symbol or None,
        "IssuedDate": incoming.dated.isoformat() if incoming.dated else None,
        "OrganName": incoming.issuer,
        "Subject": incoming.title,
        "Language": "Tiếng Việt",
        "PageAmount": None,
        "Description": incoming.note or None,
        "ArrivalDate": incoming.arrived_on.isoformat(),
        "ArrivalNumber": incoming.given.text,
        "To": {"OrganId": None, "OrganName": receiver},
        "Priority": PRIORITY.get(incoming.urgency, "0"),
        "DueDate": incoming.due_on.isoformat() if incoming.due_on else None,
    }


def _file_code(file: CaseFile | None) -> dict[str, Any]:
    return {
        "OrganId": None,
        "FileCatalog": str(file.opened_on.year) if file else None,
        "FileNotation": file.notation if file else None,
    }


def _file_metadata(file: CaseFile, documents: int) -> dict[str, Any]:
    return {
        "FileCode": _file_code(file),
        "Title": file.title,
        "Maintenance": file.maintenance or None,
        "StartDate": file.opened_on.isoformat(),
        "EndDate": file.closed_on.isoformat() if file.closed_on else None,
        "DocTotal": str(documents),
    }


def _log_of(on_object: OutgoingPaper | IncomingPaper) -> list[dict[str, Any]]:
    """The lines of the log about it, each with what its hash is made of."""
    rows: Iterable[Entry] = Entry.objects.filter(
        object_type=on_object._meta.label_lower, object_id=str(on_object.pk)
    ).order_by("number")
    return [
        {
            "number": row.number,
            "columns": list(HASHED),
            "hashed": json.loads(hashed_text(row)),
            "hash": row.hash,
        }
        for row in rows
    ]


def _pages(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as found:
        return len(found)


def _plain(name: str) -> str:
    """A name that any system takes for a file."""
    words = "".join(sign if sign.isalnum() or sign in "-." else "-" for sign in without_accents(name))
    return words.strip("-.")[:80] or "tep"
