"""Who issued the document, when, under which number and title: the `doc` part of the record.

The issuer is taken from the agency lines when they are printed, else inferred from the preamble, the closing
sentence, the title and the signature; the province from the name itself or from the places that the document
ties to its own level. What the document does not say stays None.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import vocabulary
from .context import Context
from .head import date_match, is_unfinished, looks_like_issuer_line, names_body, number_match
from .matching import flat
from .model import Node, Outline
from .segments import Segment, without_markup

_SYMBOL = re.compile(r"[/\-]\s*([A-ZĐ][\wĐđ&.]*(?:\s?[-–/]\s?[A-ZĐ&][\wĐđ&.]*)*)")
_ISSUING_VERB = re.compile(
    r"\s+(?:da |se |tiep tuc |chu dong |trien khai |nghiem tuc |phoi hop )*"
    r"(?:xay dung(?= (?:va |ban hanh|chi tiet|noi dung|ke hoach|chuong trinh|phuong an|de an|huong dan))|ban hanh|trien khai|to chuc|huong ung|phat dong|de ra|lap ke hoach|thong nhat|bao cao|kinh trinh|trinh|"
    r"kinh bao cao|thong bao|huong dan|de nghi|yeu cau|cu the hoa|quyet dinh|kinh de nghi|phoi hop|xin|ap dung|tham muu|ke hoach|trien trai)\b"
)
#: "… (sau đây gọi tắt là Công ty)" after a name
_SHORT_NAME_NOTE = re.compile(r"\s*\((?:[Ss]au đây|[Gg]ọi tắt|[Vv]iết tắt)[^()]*\)")
_KIND_ALONE = frozenset({"so", "bo", "phong", "ban", "vien", "truong", "trung tam", "chi cuc", "cuc"})
_WHERE = re.compile(r"(?P<kind>tinh|thanh pho|tp\.?|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)\s+")
_LEVEL_WORD = {
    "tinh": "tỉnh", "thanh pho": "thành phố", "tp.": "thành phố", "tp": "thành phố", "huyen": "huyện", "quan": "quận",
    "thi xa": "thị xã", "xa": "xã", "phuong": "phường", "thi tran": "thị trấn", "dac khu": "đặc khu",
}  # fmt: skip
_PROVINCIAL = frozenset({"so_tinh"})


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuing body: `name` in full, `as_printed` as the preamble (or the head) has it."""

    name: str
    as_printed: str
    level: str | None
    province: str | None
    district: str | None
    commune: str | None
    parent: str | None
    inferred: bool
    evidence_lines: tuple[int, ...]


@cache
def _provinces() -> dict[str, tuple[str, str]]:
    """Flat name -> (name, "tỉnh" or "thành phố")."""
    return {
        flat(entry["name"]): (entry["name"], "tỉnh" if entry["kind"] == "tỉnh" else "thành phố")
        for entry in vocabulary.load("provinces")
    }


def province_word(province: str) -> str:
    """ "tỉnh", or "thành phố" for a centrally run city."""
    return _provinces()[flat(province)][1]


@cache
def _province_in_text() -> re.Pattern[str]:
    names = "|".join(
        sorted((re.escape(name).replace(r"\ ", r"\s+") for name in _provinces()), key=len, reverse=True)
    )
    return re.compile(rf"(?:tinh|thanh pho|tp\.?)\s+({names})\b")


@cache
def _body_kinds() -> list[tuple[re.Pattern[str], str]]:
    return [
        (re.compile(entry["begins"].replace(" ", r"\s+")), entry["level"])
        for entry in vocabulary.load("bodies")["kinds"]
    ]


@cache
def _body_start() -> re.Pattern[str]:
    alternatives = "|".join(f"(?:{entry['begins']})" for entry in vocabulary.load("bodies")["kinds"])
    return re.compile((r"(?:^|(?<=[,;.]\s)|(?<=[,;.]))\s*(" + alternatives + ")").replace(" ", r"\s+"))


def level_of(name: str) -> str | None:
    """Level of the body so named, or None when its kind is not known."""
    key = flat(name).strip()
    for expression, level in _body_kinds():
        if expression.match(key):
            return level
    return None


def proper_case(capitals: str, *, among: str = "") -> str:
    """A name printed in capitals as it is written in a sentence: "SỞ NỘI VỤ" -> "Sở Nội vụ".

    The writing in `among` (the document's own sentences) comes first, then the usual writing of known bodies;
    other words get a capital each, as in names of places.
    """
    if not capitals.isupper():
        return capitals
    key = flat(" ".join(capitals.split()))
    at = flat(among).find(key) if among else -1
    if at >= 0 and not among[at : at + len(key)].isupper():
        found = among[at : at + len(key)]
        return found[0].upper() + found[1:]
    words = vocabulary.load("bodies")
    small = set(words["small"])
    result = " ".join(
        word.lower() if position and word.lower() in small else word.capitalize()
        for position, word in enumerate(capitals.split())
    )
    for proper in sorted(words["proper"], key=len, reverse=True):
        result = re.sub(rf"(?<!\w){re.escape(proper)}(?!\w)", proper, result, flags=re.IGNORECASE)
    return result


def read_identity(outline: Outline) -> tuple[dict[str, Any], Context]:
    """The `doc` mapping of golden/1 and the context that the other facts need."""
    head = outline.head
    number = _number(outline)
    date = _date(outline)
    title, title_lines = _title(outline)
    issuer = find_issuer(outline, place=date["place"], symbol=number["symbol"])
    type_word = head.type_word or _type_from_symbol(number["symbol"]) or _letter_type(outline)
    doc: dict[str, Any] = {
        "type": type_word,
        "type_abbr": _abbreviation(type_word),
        **number,
        "place": date.pop("place"),
        "date": date,
        "title": title,
        "title_lines": title_lines,
        "issuer": _issuer_mapping(issuer, number["symbol"]),
        "header_present": {
            "quoc_hieu": head.motto,
            "ten_co_quan": bool(head.agency),
            "so_ky_hieu": _number_presence(number),
            "dia_danh_ngay": head.date is not None,
        },
    }
    if head.draft:
        doc["draft"] = True
    addressees = _addressees(outline)
    if addressees:
        doc["addressees"] = addressees
    context = Context(
        issuer=issuer.name if issuer else None,
        issuer_as_printed=issuer.as_printed if issuer else None,
        issuer_level=issuer.level if issuer else None,
        province=issuer.province if issuer else None,
        district=issuer.district if issuer else None,
        commune=issuer.commune if issuer else None,
        year=date["year"],
    )
    return doc, context


def _number(outline: Outline) -> dict[str, str | None]:
    segment = outline.head.number
    if segment is None:
        return {"number_raw": None, "number": None, "symbol": None}
    raw = segment.text
    extra = outline.head.symbol_line
    if extra is not None:
        raw += extra.text if raw.endswith(("-", "–", "/")) or extra.text.startswith("/") else f" {extra.text}"
    match = number_match(raw)
    number = symbol = None
    if match:
        number = match["number"].replace(" ", "") if match["number"] else None
        if match["symbol"]:
            symbol = _symbol_in(raw[len(raw) - len(match["symbol"]) :])
    if number is not None and symbol is not None and re.fullmatch(r"(?:19|20)\d\d[/-].*", symbol):
        symbol = symbol.split("/", 1)[-1]
    return {"number_raw": raw, "number": number, "symbol": symbol}


def _symbol_in(text: str) -> str | None:
    match = _SYMBOL.search(text)
    if match is None:
        return None
    return re.sub(r"\s*([-–/])\s*", lambda m: "-" if m[1] == "–" else m[1], match[1]).strip(" .")


def _number_presence(number: dict[str, str | None]) -> bool | str:
    if number["number_raw"] is None:
        return False
    return True if number["symbol"] or number["number"] else "label only"


def _date(outline: Outline) -> dict[str, Any]:
    segment = outline.head.date
    empty = {"place": None, "raw": None, "day": None, "month": None, "year": None, "edtf": None}
    if segment is None:
        return empty
    match = date_match(segment)
    if match is None:
        return empty
    text = segment.text
    place = text[match.start("place") : match.end("place")].strip(" ,.*") if match["place"] else None
    day, month, year = (_figure(match[part]) for part in ("day", "month", "year"))
    day = day if day and day <= 31 else None
    month = month if month and month <= 12 else None
    year = year if year and year >= 1945 else None
    edtf = None
    if year:
        edtf = (
            f"{year}" if not month else f"{year}-{month:02d}" if not day else f"{year}-{month:02d}-{day:02d}"
        )
    raw = text[match.start("date") : match.end("date")].strip()
    return {"place": place or None, "raw": raw, "day": day, "month": month, "year": year, "edtf": edtf}


def _figure(printed: str | None) -> int | None:
    digits = re.sub(r"\s", "", printed or "").strip("…._")
    return int(digits) if digits.isdigit() else None


def _title(outline: Outline) -> tuple[str | None, list[int]]:
    head = outline.head
    parts: list[str] = []
    lines: list[int] = []
    if head.title_run_in:
        type_node = outline.first("ten_loai")
        parts.append(head.title_run_in)
        lines.extend(type_node.lines if type_node else ())
    for index in head.title_paragraphs:
        parts.append(without_markup(outline.paragraphs[index].text))
        lines.extend(outline.paragraphs[index].lines)
    if not parts and head.subject_of_letter is not None:
        node = outline.first("trich_yeu")
        if node is not None:
            parts.append(re.sub(r"^[Vv]\s?[/.]\s?[Vv]\s*:?\s*", "", without_markup(node.text)))
            lines.extend(node.lines)
    return (" ".join(parts) or None), lines


def _addressees(outline: Outline) -> list[str]:
    """Who the document is sent to by "Kính gửi:"; empty when it is sent to nobody in particular."""
    result = []
    for node in outline.of_kind("kinh_gui"):
        text = re.sub(r"^\s*(?:[Kk]ính gửi|KÍNH GỬI)\s*:?\s*", "", without_markup(node.text))
        result += [part.strip(" -–+.") for part in re.split(r";", text) if part.strip(" -–+.")]
    return result


def _type_from_symbol(symbol: str | None) -> str | None:
    if not symbol:
        return None
    first = symbol.split("-")[0].split("/")[0]
    return next(
        (entry["word"] for entry in vocabulary.load("document_types") if entry["abbr"] == first), None
    )


def _letter_type(outline: Outline) -> str | None:
    """A letter (công văn) prints no type: it has a subject "V/v …" or addressees instead."""
    if outline.head.subject_of_letter is not None or (outline.first("kinh_gui") and outline.head.number):
        return "Công văn"
    return None


def _abbreviation(type_word: str | None) -> str | None:
    return next(
        (entry["abbr"] for entry in vocabulary.load("document_types") if entry["word"] == type_word), None
    )


# -- issuer ------------------------------------------------------------------------------------------------------


def find_issuer(outline: Outline, *, place: str | None, symbol: str | None) -> Issuer | None:
    """The issuing body with its evidence, or None when nothing in the document names it."""
    prose = " ".join(
        node.text for node in outline.nodes if node.kind in ("mo_dau", "ket", "can_cu", "doan", "khoan")
    )
    in_head, parent_line = _agency_of_head(outline, prose)
    preamble = _issuer_of_preamble(outline)
    closing = _issuer_of_closing(outline)
    titled = _issuer_of_title(outline)
    signed = _issuer_of_signature(outline, prose)
    # a longer name of the same body says more: "Sở Y tế tỉnh Hà Nam" over "Sở Y tế"
    printed = preamble or closing or titled or in_head or signed
    if printed is None:
        return None
    candidates = [found for found in (preamble, in_head, closing, titled, signed) if found is not None]
    as_printed = _SHORT_NAME_NOTE.sub("", " ".join(printed[0].split())).strip(" ,;.:")
    as_printed = as_printed[:1].upper() + as_printed[1:]
    base = _tidy(in_head[0]) if in_head is not None else _tidy(printed[0])
    organisation = _organisation_of_committee(base, [text for text, _ in candidates])
    if organisation is not None:
        base = organisation
    for text, _ in candidates:
        tidy = _tidy(text)
        if flat(tidy) == flat(base) and in_head is not None:
            base = tidy  # the sentence writes the capitals right
        elif _adds_place(base, tidy):
            base = tidy
    level = level_of(base)
    if (
        level == "don_vi"
        and parent_line is not None
        and level_of(parent_line) in ("ubnd_tinh", "ubnd_thanh_pho")
    ):
        level = "so_tinh" if re.match(r"(?:ban|van phong|thanh tra)\b", flat(base)) else level
    province = _province_of(outline, base, place, parent_line, in_head)
    name = _full_name(base, level, province, parent_line)
    if level == "ubnd_thanh_pho":
        level = "ubnd_tinh" if _is_central_city(name) else "ubnd_huyen"
    district, commune = _district_and_commune(name)
    if district is None and parent_line is not None:
        district = _district_and_commune(_tidy(parent_line))[0]
    lines = sorted({line for _, line in candidates})
    inferred = in_head is None and flat(name) != flat(_tidy(as_printed))
    return Issuer(
        name,
        as_printed,
        level,
        province,
        district,
        commune,
        _parent(level, province, parent_line, prose),
        inferred,
        tuple(lines),
    )


def _tidy(text: str) -> str:
    """A name as printed with its abbreviation of "Ủy ban nhân dân" written out and its first letter a capital."""
    text = _SHORT_NAME_NOTE.sub("", " ".join(text.split())).strip(" ,;.:")
    text = re.sub(r"^(?:UBND|Ubnd)\b", "Ủy ban nhân dân", text)
    text = re.sub(r"^[ỦU][yỷỶY] ban [Nn]hân dân\b", "Ủy ban nhân dân", text)
    return text[:1].upper() + text[1:]


#: a standing committee acts for its organisation; alone it names nobody
_COMMITTEE = re.compile(r"^(?:ban thuong vu|ban chap hanh|ban thuong truc|doan chu tich)\s+")


def _organisation_of_committee(base: str, candidates: list[str]) -> str | None:
    """ "Ban Thường vụ tỉnh Quảng Trị" in the head, "Ban Thường vụ Hội Nông dân tỉnh" below: the organisation."""
    committee = _COMMITTEE.match(flat(base))
    if committee is None or level_of(base[committee.end() :]) not in (None, "ubnd"):
        return None
    for text in candidates:
        match = _COMMITTEE.match(flat(text))
        if match and level_of(text[match.end() :]) is not None:
            return _tidy(text[match.end() :])
    return None


def _adds_place(base: str, longer: str) -> bool:
    """Whether `longer` is the same body with its place: "Sở Y tế" -> "Sở Y tế tỉnh Hà Nam"."""
    key = flat(longer)
    rest = key[len(flat(base)) :]
    return (
        key.startswith(flat(base))
        and re.match(r" (?:tinh|thanh pho|huyen|quan|thi xa|xa|phuong|thi tran) |$", rest) is not None
        and " va " not in rest
    )


def _agency_of_head(outline: Outline, prose: str) -> tuple[tuple[str, int] | None, str | None]:
    """((issuer, line), parent as written) from the agency lines of the head."""
    segments = outline.head.agency
    if not segments:
        return None, None
    names: list[tuple[str, int]] = []
    for segment in segments:
        text = segment.text.strip(" *")
        if names and (not names_body(text) or is_unfinished(names[-1][0])):
            names[-1] = (f"{names[-1][0]} {text}", names[-1][1])
        else:
            names.append((text, segment.line))
    issuer, line = names[-1]
    parent = proper_case(names[-2][0], among=prose) if len(names) > 1 else None
    return (proper_case(issuer, among=prose), line), parent


def _issuer_of_preamble(outline: Outline) -> tuple[str, int] | None:
    for node in outline.of_kind("mo_dau", "trich_yeu"):
        # a decision names its authority in capitals: "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH"
        if (
            node.text.isupper()
            and looks_like_issuer_line(flat(node.text))
            and outline.head.type_word in ("Quyết định", "Chỉ thị", "Nghị quyết")
        ):
            return node.text, node.lines[0]
    for node in reversed(outline.of_kind("mo_dau")):
        found = _issuing_clause(node.text)
        if found is not None:
            return found, node.lines[-1]
    return None


def _issuing_clause(text: str) -> str | None:
    """The body before "xây dựng kế hoạch", "ban hành …" in the last clause that has one."""
    key = flat(text)
    best: str | None = None
    for match in _body_start().finditer(key):
        begin = match.start(1)
        verb = _ISSUING_VERB.search(key, match.end(1) - 1)
        if verb is not None and key[begin : verb.start()].strip() in _KIND_ALONE:
            verb = _ISSUING_VERB.search(key, verb.end() - 1)  # "Sở Xây dựng ban hành …": the verb is the name
        if verb is None or verb.start() - begin > 130:
            continue
        between = key[begin : verb.start()]
        if re.search(r"[;:]|\bngay\b|\bso \d", between):
            continue
        if "," in between and not _comma_in_name(between):
            continue
        best = text[begin : verb.start()]
    return best


def _comma_in_name(between: str) -> bool:
    return bool(
        re.search(
            r"(?:van hoa|lao dong|thuong binh|the thao|nong nghiep|khoa hoc|truyen thong|du lich), ", between
        )
    )


def _issuer_of_closing(outline: Outline) -> tuple[str, int] | None:
    for node in outline.of_kind("ket"):
        match = re.search(r"tren day la .*\bcua (?P<name>.{4,110}?)\s*(?:\./\.|\.|,|$)", flat(node.text))
        if match:
            name = node.text[match.start("name") : match.end("name")]
            inner = flat(name).rfind(" cua ")
            name = name[inner + 5 :] if inner >= 0 else name
            if level_of(name) is not None:
                return name, node.lines[0]
    return None


def _issuer_of_title(outline: Outline) -> tuple[str, int] | None:
    title, lines = _title(outline)
    if not title or title.isupper():
        return None
    for match in re.finditer(r"\b(?:cua|tai) (?P<name>[^,;\"]{4,110})$", flat(title)):
        name = title[match.start("name") : match.end("name")]
        if level_of(name) is not None:
            return re.split(r"\s+(?:năm|giai đoạn)\s+\d", name)[0], lines[-1]
    return None


def _issuer_of_signature(outline: Outline, prose: str) -> tuple[str, int] | None:
    for segment in outline.closing.authority:
        match = re.match(r"(?:TM|T/M|Tm)\.?\s*(.+)", segment.text)
        if match and level_of(match[1]) not in (None, "ubnd"):
            return proper_case(match[1], among=prose), segment.line
    return None


def _province_of(
    outline: Outline, base: str, place: str | None, parent_line: str | None, in_head: tuple[str, int] | None
) -> str | None:
    provinces = _provinces()
    for text in (base, in_head[0] if in_head else "", parent_line or ""):
        found = _province_named(text)
        if found:
            return found
    if place and flat(re.sub(r"^(?:Tp|TP|T\.P)\.?\s*", "", place)) in provinces:
        return provinces[flat(re.sub(r"^(?:Tp|TP|T\.P)\.?\s*", "", place))][0]
    counted: Counter[str] = Counter()
    for node in outline.nodes:
        if node.kind in ("mo_dau", "can_cu", "trich_yeu", "ket", "noi_nhan", "ten_loai"):
            weight = 3
        elif node.kind in ("doan", "khoan", "diem", "gach"):
            weight = 1
        else:
            continue
        for match in _province_in_text().finditer(flat(node.text)):
            counted[re.sub(r"\s+", " ", match[1])] += weight
    if counted:
        return provinces[counted.most_common(1)[0][0]][0]
    return None


def _province_named(text: str) -> str | None:
    key = flat(text)
    match = _province_in_text().search(key)
    if match:
        return _provinces()[re.sub(r"\s+", " ", match[1])][0]
    # "SỞ Y TẾ ĐỒNG THÁP": the name of the province ends the name of the body
    return next(
        (name for flat_name, (name, _) in _provinces().items() if key.endswith(f" {flat_name}")), None
    )


def _is_central_city(name: str) -> bool:
    key = flat(name)
    return any(kind == "thành phố" and key.endswith(city) for city, (_, kind) in _provinces().items())


def _full_name(base: str, level: str | None, province: str | None, parent_line: str | None) -> str:
    """The name with its province when the printed form leaves it out."""
    key = flat(base)
    if (
        key in ("van phong", "thanh tra", "ban thi dua - khen thuong")
        and parent_line is not None
        and level == "so_tinh"
    ):
        return f"{base} {_tidy(parent_line)}"
    place = (
        re.search(r"(?:huyện|quận|thị xã|thành phố)\s+\S.*$", _tidy(parent_line))
        if parent_line is not None
        else None
    )
    if level == "phong_huyen" and place is not None and flat(place[0]) not in key:
        return f"{base} {place[0]}"
    if province is None or flat(province) in key:
        return base
    word = _provinces()[flat(province)][1]
    provincial_parent = parent_line is not None and level_of(parent_line) == "ubnd_tinh"
    if (
        level == "so_tinh"
        or (level == "mttq_doan_the" and provincial_parent)
        or (level in ("hoi_dong", "ban_chi_dao") and key.endswith(("tinh", "thanh pho")))
    ):
        return f"{base} {province}" if key.endswith((" tinh", " thanh pho")) else f"{base} {word} {province}"
    if key.endswith((" tinh", " thanh pho")):
        return f"{base} {province}"
    return base


def _district_and_commune(name: str) -> tuple[str | None, str | None]:
    district = commune = None
    match = re.search(r"\b(?:huyện|quận|thị xã)\s+([^,;]+?)(?=\s*(?:,|$|\s(?:tỉnh|thành phố)\s))", name)
    if match:
        district = match[1].strip()
    match = re.search(
        r"\b(?:xã|phường|thị trấn|đặc khu)\s+([A-ZĐÀ-Ỹ][^,;]*?)(?=\s*(?:,|$|\s(?:huyện|quận|tỉnh|thành phố|thị xã)\s))",
        name,
    )
    if match and not name[: match.start()].rstrip().endswith("thị"):
        commune = match[1].strip()
    return district, commune


def _parent(level: str | None, province: str | None, parent_line: str | None, prose: str) -> str | None:
    if parent_line is not None:
        return _tidy(parent_line)
    if province is None:
        return None
    word = _provinces()[flat(province)][1]
    if level in ("so_tinh", "ubnd_huyen"):
        return f"Ủy ban nhân dân {word} {province}"
    if level in ("phong_huyen", "ubnd_xa"):
        match = re.search(
            r"(?:Ủy ban nhân dân|UBND) ((?:huyện|quận|thị xã) [A-ZĐÀ-Ỹ]\w*(?: [A-ZĐÀ-Ỹ]\w*)*)", prose
        )
        return f"Ủy ban nhân dân {match[1]}" if match else None
    return None


def _issuer_mapping(issuer: Issuer | None, symbol: str | None) -> dict[str, Any] | None:
    if issuer is None:
        return None
    mapping: dict[str, Any] = {
        "name": issuer.name,
        "as_printed": issuer.as_printed,
        "level": issuer.level,
        "province": issuer.province,
    }
    if issuer.district:
        mapping["district"] = issuer.district
    if issuer.commune:
        mapping["commune"] = issuer.commune
    mapping["parent"] = issuer.parent
    mapping["symbol_code"] = _symbol_code(symbol)
    mapping["inferred"] = issuer.inferred
    mapping["evidence_lines"] = list(issuer.evidence_lines)
    return mapping


def _symbol_code(symbol: str | None) -> str | None:
    """The part of the symbol that names the agency: KH-STNMT -> STNMT; of a letter the first part, VPĐP-KHNV."""
    if not symbol:
        return None
    parts = re.split(r"[-/]", symbol, maxsplit=1)
    if _type_from_symbol(symbol) is None:
        return parts[0]
    return parts[1] if len(parts) > 1 else None


def head_nodes(outline: Outline) -> Iterator[Node]:
    """The nodes of the head, for views that show them apart."""
    return (node for node in outline.nodes if node.path.startswith("hdr."))


__all__ = ["Issuer", "Segment", "find_issuer", "head_nodes", "level_of", "proper_case", "read_identity"]
