"""Rows of a dataset as CSV and JSON, the catalogue as DCAT (JSON-LD), what is new as Atom. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

from thidua.publicity.open_data.datasets import LICENCE, LICENCE_NAME, Dataset, Value

ATOM = "http://www.w3.org/2005/Atom"
#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(dataset: Dataset, rows: Iterable[Sequence[Value]]) -> bytes:
    """UTF-8 with a mark at the beginning, so that Excel reads the accents; empty is unknown or kept back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([field.key for field in dataset.fields])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return str(value)


def as_json(dataset: Dataset, rows: Iterable[Sequence[Value]], *, on: date, address: str) -> bytes:
    """The rows with their description, so that a file explains itself."""
    keys = [field.key for field in dataset.fields]
    said: dict[str, Any] = {
        "title": dataset.title,
        "description": dataset.about,
        "source": address,
        "date": on.isoformat(),
        "license": LICENCE,
        "fields": [
            {"name": field.key, "type": field.type, "description": field.about} for field in dataset.fields
        ],
        "rows": [dict(zip(keys, map(_number, row), strict=True)) for row in rows],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _number(value: Value) -> str | int | None:
    return int(value) if isinstance(value, Decimal) else value


def catalogue(datasets: Iterable[Dataset], *, home: str, on: date) -> bytes:
    """`home` is the address of the catalogue page, with a slash at its end."""
    found = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
        },
        "@id": home,
        "@type": "dcat:Catalog",
        "dct:title": "Dữ liệu mở về thi đua, khen thưởng",
        "dct:language": "vi",
        "dct:license": {"@id": LICENCE},
        "dcat:dataset": [_described(one, home=home, on=on) for one in datasets],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _described(dataset: Dataset, *, home: str, on: date) -> dict[str, Any]:
    address = f"{home}{dataset.key}/"
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dct:title": dataset.title,
        "dct:description": dataset.about,
        "dct:identifier": dataset.key,
        "dct:modified": on.isoformat(),
        "dct:license": {"@id": LICENCE, "dct:title": LICENCE_NAME},
        "dcat:keyword": list(dataset.words),
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": f"{dataset.title} ({name})",
                "dcat:downloadURL": {"@id": f"{home}{dataset.key}.{ending}"},
                "dcat:mediaType": kind,
            }
            for name, ending, kind in (("CSV", "csv", "text/csv"), ("JSON", "json", "application/json"))
        ],
    }


@dataclass(frozen=True, slots=True)
class News:
    """One entry of a feed."""

    title: str
    address: str
    summary: str
    author: str
    at: datetime


def feed(news: Sequence[News], *, title: str, address: str, home: str) -> bytes:
    """An Atom feed; `news` newest first. All addresses are whole ones."""
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(f"{{{ATOM}}}feed", {"xml:lang": "vi"})
    newest = news[0].at if news else datetime(2000, 1, 1, tzinfo=UTC)
    _add(root, "title", title)
    _add(root, "id", address)
    _add(root, "updated", newest.isoformat())
    _add(root, "link", href=address, rel="self")
    _add(root, "link", href=home)
    for one in news:
        entry = _add(root, "entry")
        _add(entry, "title", one.title)
        _add(entry, "id", one.address)
        _add(entry, "link", href=one.address)
        _add(entry, "updated", one.at.isoformat())
        _add(entry, "summary", one.summary)
        _add(_add(entry, "author"), "name", one.author or "Cổng thông tin thi đua")
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        # Control characters cannot stand in XML at all.
        child.text = "".join(letter for letter in text if letter >= " " or letter in "\n\t")
    return child
