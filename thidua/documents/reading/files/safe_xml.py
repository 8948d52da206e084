"""XML from strangers, parsed without entities, document types, network or unbounded depth."""

from __future__ import annotations

from lxml import etree

from .refusals import refused

#: elements that a part may hold; each costs about a hundred bytes of memory whatever it says
MAX_ELEMENTS = 600_000
_DOCTYPES = tuple("<!DOCTYPE".encode(form) for form in ("ascii", "utf-16-le", "utf-16-be"))


def parse_xml(part: bytes, *, corrupt_key: str = "corrupt_docx") -> etree._Element:
    """The root of the part; raises `hostile_xml` for a document type and `corrupt_key` for broken XML."""
    if part.count(b"<") > 2 * MAX_ELEMENTS:
        raise refused("too_complex")
    if any(doctype in part for doctype in _DOCTYPES):
        raise refused("hostile_xml")
    # a parser of its own for each part: lxml's parsers are not shared between threads without a lock
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(part, parser)
    except etree.XMLSyntaxError as error:
        # libxml2 has no code of its own for too deep a nesting, only words
        if "depth" in str(error).lower():
            raise refused("hostile_xml") from error
        raise refused(corrupt_key) from error
    except ValueError as error:
        raise refused(corrupt_key) from error
    if root.getroottree().docinfo.doctype:
        raise refused("hostile_xml")
    return root
