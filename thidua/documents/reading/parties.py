"""Who gets the document and who signed it: recipients, archive line, signature block."""

from __future__ import annotations

import re
from typing import Any

from .closing import Closing, is_post, without_academic_titles
from .matching import flat
from .segments import Segment

_BULLET = re.compile(r"^[-–—+•*]\s*")
_NOTE = re.compile(r"\s*,?\s*\((?P<note>[^()]*)\)\s*$")
_REPORT = re.compile(r"\b(?:b/c|bao cao|de b/c|bc)\b")
_PUBLISH = re.compile(
    r"\b(?:trang (?:thong tin|tin)|cong (?:thong tin|tt\w*)|website|bao|dai (?:phat|truyen)|de dang|dang tai|cong bo)\b"
)
_INTERNAL = re.compile(
    r"^(?:lanh dao|cac phong|nhu tren|vp\b|van phong|cac don vi (?:truc )?thuoc|cac bo phan|thanh vien|ban giam)"
)
_COPIES = re.compile(r"\(?\b(?P<copies>\d{1,3})\s*(?:b|ban|bản)\b\.?\)?|\((?P<bare>\d{1,3})\)", re.I)
_INITIALS = re.compile(r"\(([A-ZĐ][\wĐđ.]{0,14})\)?")
_AUTHORITY = re.compile(
    r"^(?P<prefix>TM|T\.M|T/M|KT|K/T|K\.T|TL|T/L|TUQ|T/UQ|TƯQ|Q|QUYỀN|THAY MẶT|KÝ THAY|THỪA LỆNH|THỪA ỦY QUYỀN)(?:\.|\b)\s*(?P<rest>.*)$"
)
_CANONICAL = {
    "TM": "TM.", "T.M": "TM.", "T/M": "TM.", "THAY MẶT": "TM.", "KT": "KT.", "K/T": "KT.", "K.T": "KT.", "KÝ THAY": "KT.",
    "TL": "TL.", "T/L": "TL.", "THỪA LỆNH": "TL.", "TUQ": "TUQ.", "T/UQ": "TUQ.", "TƯQ": "TUQ.", "THỪA ỦY QUYỀN": "TUQ.",
    "Q": "Q.", "QUYỀN": "Q.",
}  # fmt: skip
#: heads of organisations that only exist inside an organisation of that kind
_POSTS_OF_KIND = {"cuc": "cuc", "vu": "vu", "chi cuc": "chi cuc", "tong cuc": "tong cuc"}
_KNOWN_OFFICE_MARKS = frozenset(
    {
        "LĐ",
        "CV",
        "CVP",
        "PCVP",
        "PVP",
        "LĐVP",
        "CPVP",
        "TH",
        "KT",
        "NC",
        "VX",
        "TCD",
        "HC",
        "QT",
        "KTTH",
        "KGVX",
        "NL",
        "TKCT",
        "CVNC",
        "TT",
        "CT",
        "PCT",
        "LĐ VP",
    }
)


def recipients_of(closing: Closing) -> list[dict[str, Any]]:
    """The lines under "Nơi nhận" in order, without the archive line."""
    return [_recipient(segment) for segment in closing.recipients]


def _recipient(segment: Segment) -> dict[str, Any]:
    raw = segment.text
    text = _BULLET.sub("", raw).strip()
    body = text.rstrip(" ;.,/")
    note_match = _NOTE.search(body)
    name = body[: note_match.start()].rstrip(" ,") if note_match else body
    mapping: dict[str, Any] = {"line": segment.line, "raw": raw, "name": name or body}
    if note_match and name:
        mapping["note"] = note_match["note"].strip()
    else:
        note_match = None
    key = flat(body)
    note_key = flat(note_match["note"]) if note_match else ""
    if _REPORT.search(note_key) or key.startswith("de bao cao"):
        mapping["purpose"] = "bao_cao"
    elif _PUBLISH.search(key) and not note_key.startswith("de biet"):
        mapping["purpose"] = "dang_tai"
    mapping["kind"] = "internal" if _INTERNAL.match(key) else "external"
    suspect = _suspicion(body, name, note_match["note"] if note_match else None)
    if suspect:
        mapping["suspect"] = suspect
    return mapping


def _suspicion(body: str, name: str, note: str | None) -> str | None:
    """Why the line does not look right, or None."""
    if note is not None:
        post = re.match(r"^(?:pho )?((?:chi cuc|tong cuc|cuc|vu))\s*(?:truong|pho)\b", flat(note).strip())
        if post and _POSTS_OF_KIND[post[1]] not in flat(name):
            return f"ghi chú “{note}” không hợp với nơi nhận này"
        if re.search(r",\s*\($|,\s*\(", body):
            return "thừa dấu phẩy trước dấu ngoặc"
    office = re.match(r"^VP\s*:\s*(.+)$", body)
    if office:
        marks = [mark.strip() for mark in office[1].split(",")]
        strange = [mark for mark in marks if len(mark) == 1 and mark not in _KNOWN_OFFICE_MARKS]
        if strange:
            return f"ký hiệu “{', '.join(strange)}” lạ; thường ghi “VP: LĐ, CV”"
    return None


def archive_of(closing: Closing) -> dict[str, Any] | None:
    """The "Lưu:" line: units, initials of the drafter, number of copies."""
    if not closing.archive:
        return None
    segment = closing.archive[0]
    text = _BULLET.sub("", segment.text).strip()
    rest = re.sub(r"^(?:[Ll][ưƯ][uU]|LƯU|Luu|L/)\s*[:.]?\s*", "", text).rstrip(" ./;")
    copies_match = _COPIES.search(rest)
    copies = int(copies_match["copies"] or copies_match["bare"]) if copies_match else None
    if copies_match:
        rest = (rest[: copies_match.start()] + rest[copies_match.end() :]).strip(" ,;.()")
    initials_match = _INITIALS.search(rest)
    initials = None
    if initials_match:
        initials = initials_match[1]
        rest = (rest[: initials_match.start()] + rest[initials_match.end() :]).strip(" ,;.")
    else:
        dotted = re.search(r"(?<=[A-ZĐa-zđ]{2})\.([A-ZĐ][\wĐđ]{1,12})$", rest)
        if dotted:
            initials = dotted[1]
            rest = rest[: dotted.start()]
    rest = re.sub(r"\s*\([^)]*\)", "", rest)
    units = [unit.strip(" -–") for unit in re.split(r"[,;]", rest) if unit.strip()]
    return {
        "line": segment.line,
        "raw": segment.text,
        "units": units,
        "drafter_initials": initials,
        "copies": copies,
    }


def signature_of(closing: Closing) -> dict[str, Any] | None:
    """The signature block; None when the document has none."""
    if not closing.signature:
        return None
    prefixes: list[str] = []
    on_behalf: list[str] = []
    signed_for: str | None = None
    open_body = False
    acting_title: str | None = None
    for segment in closing.authority:
        match = _AUTHORITY.match(segment.text.strip(" *"))
        if match is None:
            if open_body:
                on_behalf.append(segment.text.strip(" *"))
            continue
        prefix = _CANONICAL[match["prefix"]]
        prefixes.append(prefix)
        rest = match["rest"].strip(" .")
        open_body = prefix == "TM."
        if prefix == "TM.":
            if rest:
                on_behalf.append(rest)
        elif prefix == "Q.":
            acting_title = rest or None
        elif rest:
            signed_for = signed_for or rest
    titles = [segment.text.strip(" *") for segment in closing.titles]
    title = " ".join(titles[:1]) or acting_title
    if titles[1:] and not is_post(titles[1]) and titles[1].isupper():
        title = " ".join(titles[:2])
    name = without_academic_titles(closing.names[0].text.strip(" *")) if closing.names else None
    mapping: dict[str, Any] = {
        "lines": sorted({segment.line for _, segment in closing.signature}),
        "authority_prefix": prefixes,
        "on_behalf_of": " ".join(on_behalf) or None,
    }
    if signed_for:
        mapping["signed_for"] = signed_for
    mapping["title"] = title
    mapping["capacity"] = _capacity(prefixes)
    mapping["name"] = name
    others = [segment.text.strip(" *") for segment in closing.names[1:]]
    if others:
        mapping["other_names"] = others
    return mapping


def _capacity(prefixes: list[str]) -> str:
    if "TM." in prefixes:
        return "thay_mat_tap_the_ky_thay" if "KT." in prefixes else "thay_mat_tap_the"
    for prefix, capacity in (
        ("TUQ.", "thua_uy_quyen"),
        ("TL.", "thua_lenh"),
        ("KT.", "ky_thay"),
        ("Q.", "quyen"),
    ):
        if prefix in prefixes:
            return capacity
    return "thu_truong"
