"""Which documents the text cites, and why it does: parent plans, basis of targets, papers to make known.

Finding a reference in a sentence is `core.citations`; here each mention gets its issuer in full, its role from
where it stands, and whether it names a document named before. References without a number are listed apart.
"""

from __future__ import annotations

import re
from typing import Any

from thidua.core import citations

from .context import Context
from .head import names_body
from .identity import province_word
from .matching import flat
from .model import Node, Outline, Role

_DIGIT = re.compile(r"\d")
_DISSEMINATE = re.compile(r"\b(?:tuyen truyen|pho bien|quan triet|thong tin)\b")
_TARGETS = re.compile(r"\b(?:muc tieu(?! quoc gia)|chi tieu)\b")
_CARRIES_OUT = re.compile(r"\b(?:thuc hien|trien khai|thi hanh|cu the hoa|huong ung|can cu|chap hanh|theo)\b")
_MOVEMENT = re.compile(r"\b(?:phong trao|thi dua|chung tay|chung suc|phat dong)\b")
_LETTER_TYPES = frozenset({None, "Công văn", "Báo cáo", "Tờ trình", "Thông báo", "Văn bản"})
_LAW_TYPES = frozenset(
    {"Luật", "Bộ luật", "Pháp lệnh", "Nghị định", "Thông tư", "Thông tư liên tịch", "Hiến pháp"}
)
_ISSUER_BY_SYMBOL = (
    (re.compile(r"^(?:QĐ|CT|CĐ)-TTg$"), "Thủ tướng Chính phủ"),
    (re.compile(r"^(?:NĐ|NQ)-CP$"), "Chính phủ"),
    (re.compile(r"^(?:NQ\d*/)?QH\d+$|^QH\d+$"), "Quốc hội"),
    (re.compile(r"^UBTVQH\d+$"), "Ủy ban Thường vụ Quốc hội"),
)
_REFERENCES = [
    (
        "Hướng dẫn",
        r"huong dan (?:khen thuong )?cua (?P<issuer>(?:so|ban|bo|hoi dong|ubnd|uy ban)\b[^,.;:\"]{2,90}?)(?: ve [^.;]+|(?=[.;]|$))",
    ),
    ("Bộ tiêu chí", r"bo tieu chi [^.;,:\"]{3,120}?giai doan \d{4} ?- ?\d{4}"),
    (
        "Chương trình",
        r"chuong trinh (?:mtqg|muc tieu quoc gia) (?!giai doan|o |cac )(?:(?!gop phan|hoan thanh|trien khai)[^.;,:\"]){3,90}?giai doan \d{4} ?- ?\d{4}",
    ),
    ("Chỉ thị; Nghị quyết", r"cac chi thi, nghi quyet cua dang(?: ve [^.;:]{3,80}?(?=, phan dau|[.;:]|$))?"),
    (
        None,
        r"quy dinh cua (?:chinh phu|bo|trung uong|uy ban|ubnd|tinh|nha nuoc|dang)\b(?: va (?:cac )?van ban huong dan [^.;]{2,90}| ve [^.;,]{3,80})?",
    ),
    (None, r"quy dinh cua (?:phap luat|luat)(?: hien hanh)? ve (?:cong tac )?thi dua,? khen thuong"),
]
_UNNUMBERED = re.compile(
    "|".join(f"(?P<r{index}>{expression})" for index, (_, expression) in enumerate(_REFERENCES))
    .replace("(?P<issuer>", "(?:")
    .replace(" ?", r"\s*")
    .replace(" ", r"\s+")
)


#: one of these words stands in every reference that `_UNNUMBERED` finds: a quick look before the slow one
#: how the `_REFERENCES` begin; plain letters, which `re` can skip to
_UNNUMBERED_HINT = re.compile(
    r"huong\s+dan\s+(?:khen|cua)|bo\s+tieu\s+chi|chuong\s+trinh\s+(?:mtqg|muc)|chi\s+thi,\s+nghi|quy\s+dinh\s+cua"
)


def find_citations(outline: Outline, context: Context) -> list[dict[str, Any]]:
    """All numbered references of the body in reading order, as golden/1 `citations`."""
    result: list[dict[str, Any]] = []
    seen: list[tuple[citations.Citation, dict[str, Any]]] = []
    for node in outline.nodes:
        if node.kind in (
            "nhieu",
            "so_ky_hieu",
            "dia_danh_ngay",
            "noi_nhan",
            "luu",
            "trang",
            "ten_co_quan",
            "quyen_han",
        ):
            continue
        if _DIGIT.search(node.text) is None:
            continue
        for mention in citations.find(node.text):
            mapping = _mapping(outline, node, mention, context)
            mapping["id"] = f"C{len(result) + 1}"
            _relate(mapping, mention, seen)
            result.append(mapping)
    return [{"id": mapping.pop("id"), **mapping} for mapping in result]


def _mapping(outline: Outline, node: Node, mention: citations.Mention, context: Context) -> dict[str, Any]:
    return {
        "id": "",
        "lines": outline.lines_between(node, *mention.span),
        "raw": mention.raw,
        "type": mention.type,
        "type_abbr": mention.type_abbr,
        "ref": mention.ref,
        "number": mention.number,
        "number_year": mention.number_year,
        "symbol": mention.symbol,
        "date_raw": mention.date_raw,
        "date": mention.date,
        "issuer_raw": mention.issuer_raw,
        "issuer": full_issuer(mention.issuer_raw, mention.symbol, context),
        "about_raw": _title_of(node.text, mention),
        "role": _role(outline, node, mention),
        "occurrence": "first",
    }


def _title_of(text: str, mention: citations.Mention) -> str | None:
    """The title of the cited document, unless another body stands between the issuer and it: then it is what that
    body does, "…, UBND huyện ban hành Kế hoạch …"."""
    if mention.about_span is None or mention.issuer_span is None:
        return mention.about_raw
    between = text[mention.issuer_span[1] : mention.about_span[0]]
    clause = between.rsplit(",", 1)[-1] if "," in between else ""
    return None if names_body(clause) else mention.about_raw


def _relate(
    mapping: dict[str, Any], mention: citations.Mention, seen: list[tuple[citations.Citation, dict[str, Any]]]
) -> None:
    """Marks a repeated reference; it takes the issuer that the first one named."""
    citation = citations.Citation(
        type=mention.type, number=mention.number, symbol=mention.symbol, number_year=mention.number_year,
        date=mention.date, issuer=mapping["issuer"], about=None,
    )  # fmt: skip
    for earlier, first in seen:
        if citation.may_be(earlier):
            mapping["occurrence"] = "repeat"
            mapping["issuer"] = mapping["issuer"] or first["issuer"]
            return
    seen.append((citation, mapping))


def full_issuer(printed: str | None, symbol: str | None, context: Context) -> str | None:
    """The issuer with the place that the document leaves out: "UBND tỉnh" -> "Ủy ban nhân dân tỉnh Lai Châu"."""
    if printed is None:
        return next(
            (issuer for expression, issuer in _ISSUER_BY_SYMBOL if symbol and expression.match(symbol)), None
        )
    name = re.sub(r"\bUBND\b", "Ủy ban nhân dân", " ".join(printed.split()))
    name = re.sub(r"^Ban [Cc]hấp hành", "Ban Chấp hành", name)
    name = re.sub(r"^HĐND\b", "Hội đồng nhân dân", name)
    name = name[:1].upper() + name[1:]
    key = flat(name)
    if context.province and key in ("tinh uy", "thanh uy", "ban thuong vu tinh uy", "ban thuong vu thanh uy"):
        return f"{name} {context.province}"
    if context.district and key in ("huyen uy", "thi uy", "quan uy", "ban thuong vu huyen uy"):
        return f"{name} {context.district}"
    if context.province and name.endswith((" tỉnh", " Tỉnh", " thành phố", " Thành phố", " tinh")):
        return f"{name} {context.province}"
    if context.district and name.endswith((" huyện", " Huyện", " quận", " thị xã")):
        return f"{name} {context.district}"
    if context.province and re.fullmatch(r"so [a-z ,-]+", key):
        return name if "tinh" in key else f"{name} {province_word(context.province)} {context.province}"
    return name


def _role(outline: Outline, node: Node, mention: citations.Mention) -> str:
    before = flat(node.text[: mention.span[0]])
    about = flat(mention.about_raw or "")
    if before.rstrip().endswith("kem theo"):
        return "self"
    if node.kind == "can_cu":
        return _role_of_ground(mention, before, about)
    if node.kind == "mo_dau":
        if mention.type in _LAW_TYPES:
            return "legal_basis"
        carries_out = _CARRIES_OUT.search(before) or not before.strip()
        if not carries_out or not _is_plan(outline) or mention.type in _LETTER_TYPES:
            return "reference"
        # a resolution or a guidance is a ground; a plan, or what launches a movement, is carried out
        launches = _MOVEMENT.search(about) or (
            mention.type in ("Quyết định", "Chỉ thị") and "ke hoach" in about
        )
        return "parent_plan" if mention.type == "Kế hoạch" or launches else "legal_basis"
    if _TARGETS.search(before) and node.role in (Role.PURPOSE, Role.CONTENT, Role.OTHER):
        return "target_basis"
    if _DISSEMINATE.search(before):
        return "to_disseminate"
    return "reference"


def _role_of_ground(mention: citations.Mention, before: str, about: str) -> str:
    """ "Căn cứ …" names rules; only a plan or a call for a movement from above is a plan carried out."""
    if mention.type in _LAW_TYPES:
        return "legal_basis"
    calls = mention.type in (
        "Kế hoạch",
        "Chỉ thị",
        "Chương trình",
        "Quyết định",
        "Nghị quyết",
    ) and _MOVEMENT.search(about)
    is_rule = re.search(r"\b(?:quy che|quy dinh|huong dan|tieu chuan)\b", about)
    if mention.type == "Kế hoạch" and before.lstrip().startswith(("thuc hien", "thi hanh", "trien khai")):
        return "parent_plan"
    return "parent_plan" if calls and not is_rule else "legal_basis"


def _is_plan(outline: Outline) -> bool:
    """Only a plan (or a text of unknown kind) carries plans out; a report or a letter refers to them."""
    return outline.head.type_word in (
        None,
        "Kế hoạch",
        "Chương trình",
        "Chương trình hành động",
        "Đề án",
        "Phương án",
    )


def parent_plan_ids(found: list[dict[str, Any]]) -> list[str]:
    """Ids of the plans that this one carries out, without repeats."""
    return [
        mapping["id"]
        for mapping in found
        if mapping["role"] == "parent_plan" and mapping["occurrence"] == "first"
    ]


def find_unnumbered_refs(
    outline: Outline, context: Context, found: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """References to instruments without a number: laws by name, "quy định của pháp luật về …", guidance, programmes."""
    result: list[dict[str, Any]] = []
    titles = [flat(mapping["about_raw"]) for mapping in found if mapping["about_raw"]]
    for node in outline.nodes:
        if node.kind not in ("mo_dau", "can_cu", "khoan", "diem", "gach", "doan", "ket", "chu_thich"):
            continue
        spans: list[tuple[int, int, str | None, str | None]] = []
        key = flat(node.text)
        for match in _UNNUMBERED.finditer(key) if _UNNUMBERED_HINT.search(key) else ():
            index = int((match.lastgroup or "r0")[1:])
            kind, expression = _REFERENCES[index]
            inner = re.match(expression.replace(" ?", r"\s*").replace(" ", r"\s+"), key[match.start() :])
            issuer = None
            if inner and "issuer" in inner.re.groupindex and inner["issuer"]:
                offset = match.start()
                printed = node.text[offset + inner.start("issuer") : offset + inner.end("issuer")]
                issuer = "; ".join(
                    full_issuer(body, None, context) or body
                    for body in re.split(r"\s+và\s+(?=Sở|Ban|Bộ|UBND|Ủy ban|Hội đồng)", printed)
                )
            if kind == "Chương trình" and (
                key[: match.start()].rstrip().endswith(("cac", "chi dao"))
                or any(key[match.start() : match.end()] in title for title in titles)
            ):
                continue
            if kind is None and issuer is None:
                issuer = _issuer_of_rules(node.text[match.start() : match.end()])
            if kind == "Chỉ thị; Nghị quyết":
                issuer = "Đảng"
            spans.append((match.start(), match.end(), kind, issuer))
        for law in citations.find_named_laws(node.text):
            spans.append((law.span[0], law.span[1], law.type, None))
        for start, end, kind, issuer in sorted(spans, key=lambda span: span[0]):
            raw = node.text[start:end].rstrip(" .;,")
            if any(existing["raw"] == raw and existing["lines"] == list(node.lines) for existing in result):
                continue
            result.append(
                {
                    "id": f"U{len(result) + 1}",
                    "lines": outline.lines_between(node, start, end),
                    "raw": raw,
                    "type": kind,
                    "issuer": issuer,
                }
            )
    return result


def _issuer_of_rules(raw: str) -> str | None:
    if flat(raw).startswith(("quy dinh cua phap luat", "quy dinh cua luat")):
        return None
    bodies = re.findall(r"của ((?:(?! của | và | về ).)+)", raw)
    return "; ".join(body.strip() for body in bodies) or None
