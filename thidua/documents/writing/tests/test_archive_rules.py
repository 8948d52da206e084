"""Rules of PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), looked up in the file by another library.

Not a full validator: none can be installed from the registries that our machines reach. typst refuses to
write a file that breaks a rule it knows; these are the rules that matter most to an archive, checked anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from thidua.documents.writing.tests import papers
from thidua.documents.writing.typesetting import pdf_bytes

NAMES = tuple(papers.ALL)


@cache
def opened(name: str) -> PdfFileReader:
    return PdfFileReader(io.BytesIO(pdf_bytes(papers.ALL[name]())))


def objects(reader: PdfFileReader) -> Iterator[Any]:
    """Every object of the file."""
    for number in range(1, int(reader.trailer["/Size"])):
        try:
            yield reader.get_object(generic.Reference(number, 0, reader))
        except Exception:  # a number that is not used
            continue


def dictionaries(reader: PdfFileReader) -> list[generic.DictionaryObject]:
    return [one for one in objects(reader) if isinstance(one, generic.DictionaryObject)]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_hides_or_acts(name: str) -> None:
    reader = opened(name)
    keys = {key for one in dictionaries(reader) for key in one}

    assert not reader.encrypted
    assert keys & {"/JS", "/JavaScript", "/AA", "/OpenAction", "/EF", "/EmbeddedFiles", "/XFA"} == set()
    streams = [one for one in dictionaries(reader) if isinstance(one, generic.StreamObject)]
    assert [one for one in streams if "/F" in one] == []  # no stream stands in another file
    assert [one for one in streams if "/LZWDecode" in str(one.get("/Filter", ""))] == []


@pytest.mark.parametrize("name", NAMES)
def test_file_says_what_it_is(name: str) -> None:
    root = opened(name).root
    about = root["/Metadata"].data.decode("utf-8")

    assert "/Filter" not in root["/Metadata"]  # an archive reads it without a program
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about
    assert len(opened(name).trailer["/ID"]) == 2
    (intent,) = (one.get_object() for one in root["/OutputIntents"])
    assert intent["/S"] == "/GTS_PDFA1"
    assert len(intent["/DestOutputProfile"].data) > 100


@pytest.mark.parametrize("name", NAMES)
def test_every_font_is_in_the_file_and_tells_its_letters(name: str) -> None:
    reader = opened(name)
    described = [one for one in dictionaries(reader) if one.get("/Type") == "/FontDescriptor"]
    fonts = [one for one in dictionaries(reader) if one.get("/Subtype") == "/Type0"]

    assert described
    assert [one["/FontName"] for one in described if not {"/FontFile2", "/FontFile3"} & set(one)] == []
    assert [one["/BaseFont"] for one in fonts if "/ToUnicode" not in one] == []


@pytest.mark.parametrize("name", NAMES)
def test_structure_can_be_read_aloud(name: str) -> None:
    reader = opened(name)
    root = reader.root

    assert (bool(root["/MarkInfo"]["/Marked"]), str(root["/Lang"])) == (True, "vi-VN")
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert "/StructTreeRoot" in root
    kinds = [
        str(one["/S"]) for one in dictionaries(reader) if one.get("/Type") == "/StructElem" and "/S" in one
    ]
    assert "/P" in kinds
    figures = [one for one in dictionaries(reader) if one.get("/S") == "/Figure"]
    assert [one for one in figures if not str(one.get("/Alt", ""))] == []
    pages = [one for one in dictionaries(reader) if one.get("/Type") == "/Page"]
    assert [page for page in pages if "/StructParents" not in page] == []


def test_tables_and_headings_are_told_as_such() -> None:
    def kinds_of(name: str) -> set[str]:
        return {str(one["/S"]) for one in dictionaries(opened(name)) if one.get("/S")}

    assert {"/Table", "/TR", "/TH", "/TD", "/Figure", "/H1"} <= kinds_of("bao_cao")
    assert {"/H1", "/H2", "/Note"} <= kinds_of("ke_hoach")
