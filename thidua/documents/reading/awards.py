"""Awards that a plan offers: forms with the authority that gives them, standards, and who may receive them.

Only the part of the plan on awards is read; a plan without such a part is searched for sentences that say who
gives what. An award in a name, in a task or in a past result is none that the plan offers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from . import vocabulary
from .context import Context
from .matching import flat, pattern
from .model import Node, Outline, Role
from .parts import is_on_awards, is_on_subjects
from .phrases import alternatives_of

_AUTHORITY_HEADS = alternatives_of("authority_heads")
_HEAD = pattern(rf"(?:{_AUTHORITY_HEADS})\b")
_GIVES = pattern(
    rf"(?<!\w)(?P<authority>(?:{_AUTHORITY_HEADS})\b(?:(?! tang | trao | xet | de | gui |"
    rf" trinh | lua chon | tham muu | bao cao | tong hop | truoc )[^;:.()“\"]){{0,90}}?) "
    r"(?:(?:xet|quyet dinh|se|ky|xem xet|duoc|de|chu dong|truc tiep|co the|,) ?)*"
    r"(?:tang thuong|tang|trao tang|trao|cap(?! (?:tinh|huyen|xa|bo|nganh|co so|minh|tren|phong|so)\b)|"
    r"khen thuong|bieu duong va tang)"
    r"(?: thuong)?(?:,)? (?:[^;:.]{0,30}? )??(?:danh hieu )?$"
)
_END_OF_AUTHORITY = pattern(
    r"[;:.()“\"\n]|\b(?:cho|kem|tang|doi voi|theo|khi|neu|de|trong|vao|hang nam|tai|hoac|gom|voi|"
    r"duoc|bao gom|o|trao|truoc|sau|la|xet|thuc hien|khong)\b(?! (?:co quan|don vi) )|, | va "
)
_SAME_AUTHORITY = pattern(rf"(?:{alternatives_of('parts_of_an_authority')})\b")
#: an award that somebody already has, or must not have
_BOUND_BEFORE = pattern(
    r"(?:\b(?:khong|chua|da|tung|dat danh hieu) (?:\w+ ){0,3}|\b(?:nam|lan|ky) (?:\w+ ){0,3}duoc (?:\w+ ){0,2})$"
)
#: "UBND tỉnh: tặng Cờ thi đua, Bằng khen"
_GIVER_IN_LABEL = pattern(
    rf"[\W\d]*(?P<authority>(?:{_AUTHORITY_HEADS})\b[^:;.()]{{0,60}}?) ?: ?(?:xet |se )*(?:tang|trao)\b[^:;.]*"
)
_LISTS_FORMS = pattern(r"\bhinh thuc[^:;.]{0,30}: ?(?:[^:;.]{0,40}, )?$")
#: "Tỷ lệ cá nhân được tặng Giấy khen không quá 30%": how many, not that it is given
_SHARE_OF_AWARDS = pattern(r"\b(?:ty le|ti le|so luong) [^.;:]*$")
_CLASS = pattern(r" ?\(?(?:cac )?hang (?P<class>nhat|nhi|ba)\)?(?!\w)")
_FURTHER_CLASS = pattern(r"(?:,| va| hoac) (?P<words>hang (?P<class>nhat|nhi|ba))(?!\w)")
_CLASSES = {"nhat": "Nhất", "nhi": "Nhì", "ba": "Ba"}
_CAPITALISED = re.compile(r"\s+(?=[A-ZÀ-ỸĐ])[^;,.:()“\"\n]{3,60}?(?=\s+(?:của|cho|tặng)\s|[;,.:(\n]|$)")
#: "của", also behind a second form that shares the authority: "Cờ thi đua, Bằng khen của Bộ trưởng"
_AUTHORITY_FOLLOWS = pattern(
    r"(?P<next>(?: ?,| va| hoac) (?:bang khen|giay khen|co thi dua|thu khen))? ?(?:, )?cua "
)
#: an authority right behind the form: "Bằng khen UBND tỉnh"
_AUTHORITY_RIGHT_BEHIND = pattern(rf" (?=(?:{_AUTHORITY_HEADS})\b)(?!(?:so luong|ban hanh|bo sung))")
_QUOTED = re.compile(r"\s*[“\"][^”\"]{2,90}[”\"]")
_OTHER_FORM = pattern(r"\b(?:bang khen|giay khen|co thi dua|huan chuong|k[yi] niem chuong)\b")
_STANDARD = pattern(
    r"\b(?:can cu|theo (?:dung )?(?:quy dinh|huong dan|luat|nghi dinh|thong tu|quy che)|"
    r"thuc hien theo|ap dung|dung quy dinh)\b"
)
_COMMENDS = pattern(
    r"\bkhen thuong\b|\bbieu duong\b|\bton vinh\b|\bbang khen\b|\bgiay khen\b|\bco thi dua\b|"
    r"\bkhen ngoi\b|\btang thuong\b"
)
_RECIPIENTS = pattern(
    r"\b(?=[tchd\d])(?:(?P<kind>tap the|ca nhan|ho gia dinh|to chuc co so dang|dang vien)\b|"
    r"\d{1,3} (?P<counted>ho|don vi|doanh nghiep)\b(?! (?:gia dinh|so)))"
)
_RECIPIENT_WORDS = ("tap the", "ca nhan", "ho gia", "co so dang", "dang vien", " ho", " don vi", " doanh")
_NO_RECIPIENT = pattern(r"^(?: van hoa| hoc tap)")


@dataclass(frozen=True, slots=True)
class _Form:
    """One entry of vocabulary/award_forms.yaml."""

    name: str
    authority: str | None
    level: str | None
    has_classes: bool
    is_quoted: bool
    is_title: bool
    is_stated: bool


@dataclass(frozen=True, slots=True)
class _Mention:
    """A form of commendation in a text, with its authority when one is printed."""

    form: _Form
    start: int
    end: int
    as_printed: str
    authority: str | None
    award_class: str | None


@cache
def _forms() -> tuple[re.Pattern[str], dict[str, _Form]]:
    forms: dict[str, _Form] = {}
    alternatives = []
    for index, entry in enumerate(vocabulary.load("award_forms")):
        forms[f"f{index}"] = _Form(
            name=entry["name"],
            authority=entry["authority"],
            level=entry.get("level"),
            has_classes=bool(entry.get("classes")),
            is_quoted=bool(entry.get("quoted")),
            is_title=bool(entry.get("title")),
            is_stated=bool(entry.get("stated")),
        )
        alternatives.append(f"(?P<f{index}>{entry['pattern']})")
    initials = "".join({entry["pattern"][0] for entry in vocabulary.load("award_forms")})
    return pattern(rf"(?<!\w)(?=[{initials}])(?:{'|'.join(alternatives)})(?!\w)"), forms


def find_award(outline: Outline, context: Context, refs: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """golden/1's `award`; `refs` are the references without number, which standards name by id."""
    nodes = [node for node in outline.body() if node.kind not in ("can_cu", "mo_dau", "bang")]
    on_awards = [is_on_awards(node) for node in nodes]
    has_part = any(on_awards)
    # criteria under the names of titles ("Chiến sĩ thi đua cơ sở: …") stand in a part on subjects
    part = [
        (node, is_here)
        for node, is_here in zip(nodes, on_awards, strict=True)
        if is_here or (node.title is None and is_on_subjects(node))
    ]
    forms: list[dict[str, Any]] = []
    standards: list[dict[str, Any]] = []
    for node, is_here in part:
        mentions = list(_mentions_of(node, offers_here=is_here))
        forms.extend(_form_mapping(node, mention, outline, context) for mention in mentions)
        if not mentions and _is_standard(node):
            standards.append(_standard_mapping(node, refs))
    if not has_part:
        for node in nodes:
            if node.kind not in ("bang", "hang") and node.role not in (Role.PURPOSE, Role.REQUIREMENT):
                forms.extend(
                    _form_mapping(node, mention, outline, context) for mention in _offers_of(node, context)
                )
    return {
        "forms": _without_repeats(forms),
        "standards": standards,
        "recipients_mentioned": _recipients_of(nodes, on_awards),
    }


# --- forms --------------------------------------------------------------------------------------------------


def _mentions_of(node: Node, *, offers_here: bool) -> Iterator[_Mention]:
    """The forms that a paragraph of the award part offers."""
    text, key = node.text, flat(node.text)
    if (
        "khen" not in key
        and "chuong" not in key
        and "co " not in key
        and "thi dua" not in key
        and "hieu" not in key
        and "lao dong" not in key
    ):
        return
    expression, forms = _forms()
    for match in expression.finditer(key):
        form = forms[match.lastgroup or ""]
        starts_item = _ITEM_START.fullmatch(key, 0, match.start()) is not None
        if form.is_title and not starts_item and not _follows_title(key, match.start()):
            continue
        if not offers_here and not (starts_item and form.is_title):
            continue
        if _BOUND_BEFORE.search(key[max(0, match.start() - 30) : match.start()]) and not starts_item:
            continue
        if _SHARE_OF_AWARDS.search(key[max(0, match.start() - 80) : match.start()]):
            continue
        yield from _mentions_at(
            text, key, match, form, starts_item=starts_item, is_short=len(text) < _SHORT_ITEM
        )


_SHORT_ITEM = 60
_ITEM_START = pattern(r"[\W\d]*(?:danh hieu)?[\W\d]*")


def _follows_title(key: str, start: int) -> bool:
    return (
        re.search(r"(?:lao dong xuat sac|tien tien|thi dua co so|thi dua cap \w+)\s*[,;]\s*$", key[:start])
        is not None
    )


def _offers_of(node: Node, context: Context) -> Iterator[_Mention]:
    """Forms in a plan without a part on awards: only where the sentence says that they will be given."""
    text, key = node.text, flat(node.text)
    if "khen" not in key or not re.search(
        r"\bxet khen thuong\s*:|\b(?:tang|trao)\b[^.;]{0,40}\b(?:khen|co)\b|hinh thuc khen thuong", key
    ):
        return
    expression, forms = _forms()
    is_list = re.search(r"(?:xet khen thuong|hinh thuc khen thuong)[^.:;]{0,20}:", key)
    for match in expression.finditer(key):
        form = forms[match.lastgroup or ""]
        if form.is_title:
            continue
        for mention in _mentions_at(text, key, match, form, starts_item=False, is_short=False):
            if (
                (is_list and match.start() > is_list.end())
                or " tặng " in mention.as_printed
                or " tang " in mention.as_printed
            ):
                yield mention


def _mentions_at(
    text: str, key: str, match: re.Match[str], form: _Form, *, starts_item: bool, is_short: bool
) -> Iterator[_Mention]:
    start, end = match.start(), match.end()
    award_class = None
    if form.has_classes and (class_match := _CLASS.match(key, end)):
        award_class, end = _CLASSES[class_match["class"]], class_match.end()
    if form.is_quoted and (quoted := _QUOTED.match(text, end) or _CAPITALISED.match(text, end)):
        end = quoted.end()
    if form.authority is not None or form.is_title:
        is_named = form.authority is not None and re.search(
            rf"{flat(form.authority)}[^;:.]{{0,40}}\b(?:tang|trao)(?: thuong)? $", key[:start]
        )
        authority = form.authority if form.is_stated or is_named else None
        yield _Mention(form, start, end, text[start:end], authority, award_class)
        while award_class and (further := _FURTHER_CLASS.match(key, end)):  # "hạng Nhì, hạng Ba"
            begin, end = further.start("words"), further.end()
            yield _Mention(form, begin, end, text[begin:end], None, _CLASSES[further["class"]])
        return

    behind = _AUTHORITY_FOLLOWS.match(key, end)
    if behind is None and not form.is_quoted and form.authority is None:
        right_behind = _AUTHORITY_RIGHT_BEHIND.match(key, end)
        if right_behind and text[right_behind.end()].isupper():
            begin, stop = next(_authorities_in(key, right_behind.end()), (end, end))
            if stop > begin:
                printed = text[start:stop].strip()
                yield _Mention(form, start, stop, printed, text[begin:stop].strip(), award_class)
                return
    if behind:
        first = True
        for begin, stop in _authorities_in(key, behind.end()):
            authority = text[begin:stop].strip()
            printed = text[start:stop].strip() if first else authority
            printed = text[start:end] if behind["next"] else printed
            yield _Mention(form, start if first else begin, stop, printed, authority, award_class)
            first = False
        if not first:
            return
    clause_start = max((key.rfind(mark, 0, start) for mark in (";", ". ", ":")), default=-1) + 1
    giver = _GIVES.search(key[clause_start:start])
    if giver:
        begin = clause_start + giver.start("authority")
        stop = clause_start + giver.end("authority")
        authority = text[begin:stop].strip(" ,")
        if not form.is_quoted or not authority.startswith("“"):
            is_second = _OTHER_FORM.search(key[stop:start]) is not None  # "tặng Bằng khen, Cờ thi đua"
            begin = start if is_second else begin
            yield _Mention(form, begin, end, text[begin:end], authority, award_class)
            return
    labelled = _GIVER_IN_LABEL.match(key) if ":" in key[:start] else None
    if labelled and labelled.end("authority") < start and form.authority is None and not form.is_quoted:
        authority = text[labelled.start("authority") : labelled.end("authority")].strip()
        yield _Mention(form, start, end, text[start:end], authority, award_class)
        return
    level = re.match(r"\s*(?:cap|thi dua cap) (?:tinh|huyen|xa|bo|nganh|co so)\b", key[end:])
    if level:
        yield _Mention(form, start, end + level.end(), text[start : end + level.end()], None, award_class)
    elif (
        (form.is_quoted and end > match.end())
        or (starts_item and is_short)
        or _LISTS_FORMS.search(key[:start])
    ):
        yield _Mention(form, start, end, text[start:end], None, award_class)


def _authorities_in(key: str, start: int) -> Iterator[tuple[int, int]]:
    """The authorities behind "của": one, or several divided by ";", "," or "và"."""
    begin = position = start
    while match := _END_OF_AUTHORITY.search(key, position):
        mark = match[0].strip()
        if mark in (",", "va") or mark == ";":
            rest = key[match.end() :].lstrip()
            rest = rest[4:] if rest.startswith("cua ") else rest  # "của Bộ trưởng và của Chủ tịch"
            gap = len(key[match.end() :]) - len(rest)
            if _HEAD.match(rest) and not _SAME_AUTHORITY.match(rest):
                if match.start() > begin:
                    yield begin, match.start()
                begin = position = match.end() + gap
                continue
            if mark != ";" and _SAME_AUTHORITY.match(rest):
                position = match.end()
                continue
        if match.start() > begin:
            yield begin, match.start()
        return
    if begin < len(key):
        yield begin, len(key)


def _form_mapping(node: Node, mention: _Mention, outline: Outline, context: Context) -> dict[str, Any]:
    form = mention.form
    authority, is_stated = mention.authority, mention.authority is not None
    if authority is None:
        authority = form.authority or (
            None if form.is_title or form.is_quoted else _head_of_issuer(form, context)
        )
    authority = _normalised(authority) if authority else None
    name = form.name
    if form.is_title or form.is_quoted:
        name = mention.as_printed
    elif mention.award_class:
        name = f"{form.name} hạng {mention.award_class}"
    elif authority and form.authority is None:
        has_accents = flat(mention.as_printed) != mention.as_printed.lower()
        printed_form = form.name if has_accents else flat(form.name).capitalize()
        name = f"{printed_form} {'của' if has_accents else 'cua'} {authority}"
    mapping: dict[str, Any] = {
        "name": name,
        "as_printed": mention.as_printed,
        "line": _line_of(mention, node, outline),
        "level": form.level or _level_of(authority, context),
        "authority": authority,
        "authority_stated": is_stated,
    }
    if form.has_classes:
        mapping["class_stated"] = mention.award_class
    return mapping


def _line_of(mention: _Mention, node: Node, outline: Outline) -> int:
    """The line in which the form begins; a paragraph may run over several."""
    if len(node.lines) == 1:
        return node.lines[0]
    lines = [" ".join(outline.source.lines[number - 1].text.split()) for number in node.lines]
    marker = len(" ".join(lines)) - len(node.text)
    position = 0
    for number, line in zip(node.lines, lines, strict=True):
        position += len(line) + 1
        if mention.start + marker < position:
            return number
    return node.lines[-1]


def _normalised(authority: str) -> str:
    printed = re.sub(
        r"(?i)ủy ban nhân dân|uỷ ban nhân dân", "UBND", " ".join(authority.split()).strip(" ,;.:")
    )
    return printed[:1].upper() + printed[1:]


def _head_of_issuer(form: _Form, context: Context) -> str | None:
    """Who gives a Giấy khen that the plan leaves without authority: the head of the issuer."""
    if form.name not in ("Giấy khen", "Thư khen"):
        return (
            "Chủ tịch UBND tỉnh" if form.name == "Bằng khen" and context.issuer_level == "ubnd_tinh" else None
        )
    key = flat(context.issuer or "")
    by_level = {
        "ubnd_tinh": "Chủ tịch UBND tỉnh",
        "ubnd_huyen": "Chủ tịch UBND huyện",
        "ubnd_xa": "Chủ tịch UBND xã",
    }
    if context.issuer_level in by_level:
        return by_level[context.issuer_level]
    heads = (
        ("so ", "Giám đốc Sở"), ("ban ", "Trưởng Ban"), ("thanh tra", "Chánh Thanh tra"), ("truong ",
        "Hiệu trưởng"),
        ("benh vien", "Giám đốc Bệnh viện"), ("cong ty", "Giám đốc Công ty"), ("cuc ", "Cục trưởng"),
        ("chi cuc", "Chi cục trưởng"),
    )  # fmt: skip
    return next((head for beginning, head in heads if key.startswith(beginning)), None)


_LEVELS = (
    (r"chu tich nuoc|thu tuong|chinh phu", "nha_nuoc"),
    (r"trung uong hoi|tong lien doan|trung uong doan", "doan_the_tw"),
    (r"^(?:bo truong|bo )|trung uong|quoc gia|tong cuc", "bo"),
    (r"(?:mat tran|doan the|to chuc chinh tri|lien doan|hoi ).*huyen", "doan_the_huyen"),
    (
        r"(?:mat tran|lien doan lao dong|hoi (?:nong dan|lien hiep|cuu)|tinh doan).*(?:tinh|doan)",
        "doan_the_tinh",
    ),
    (r"giam doc so|thu truong (?:cac )?so|truong ban dan toc|chanh thanh tra|truong ban (?!chi dao)", "so"),
    (r"cap huyen|\bhuyen\b|(?<!co )\bquan\b|thi xa", "huyen"),
    (r"cap xa|\bxa\b|\bphuong\b|thi tran|dac khu", "xa"),
    (r"tinh\b|thanh pho", "tinh"),
)


def _level_of(authority: str | None, context: Context) -> str | None:
    if authority is None:
        return None
    key = flat(authority)
    return next((level for words, level in _LEVELS if re.search(words, key)), "co_quan")


def _without_repeats(forms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seen: set[tuple[str, str | None]] = set()
    kept = []
    for form in forms:
        key = flat(form["name"]), form.get("class_stated")
        if key not in seen:
            seen.add(key)
            kept.append(form)
    return kept


# --- standards and recipients -------------------------------------------------------------------------------


def _is_standard(node: Node) -> bool:
    """A paragraph on how awards are decided, neither a heading nor a form nor a criterion."""
    if node.title is not None or node.role is Role.SUBJECTS or node.kind in ("bang", "hang"):
        return False
    key = flat(node.text)
    return "khen thuong" in key and _STANDARD.search(key) is not None


def _standard_mapping(node: Node, refs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    point = node.parent if node.kind == "doan" and node.parent is not None else node
    mapping: dict[str, Any] = {"path": point.path, "lines": list(node.lines)}
    cited = [
        str(ref["id"])
        for ref in refs
        if set(ref.get("lines") or ()) & set(node.lines) and str(ref.get("raw") or "") in node.text
    ]
    if cited:
        mapping["ref"] = "; ".join(cited)
    mapping["text"] = node.text
    return mapping


def _recipients_of(nodes: Sequence[Node], are_on_awards: Sequence[bool]) -> list[str]:
    """Kinds of recipients named in sentences that commend, as printed for the first time, in lower case."""
    found: list[str] = []
    counted: list[str] = []
    for node, on_awards in zip(nodes, are_on_awards, strict=True):
        key = flat(node.text)
        is_all = on_awards or node.role is Role.SUBJECTS
        if not (is_all or _commends(key)) or not any(words in key for words in _RECIPIENT_WORDS):
            continue
        for start, end in [(0, len(key))] if is_all else _commending_sentences(key):
            for match in _RECIPIENTS.finditer(key, start, end):
                is_kind = match["kind"] is not None
                if _NO_RECIPIENT.match(key[match.end() :]) or not (is_kind or on_awards):
                    continue
                group, kinds = ("kind", found) if is_kind else ("counted", counted)
                printed = node.text[match.start(group) : match.end(group)].lower()
                if printed not in kinds:
                    kinds.append(printed)
    # "01 đơn vị dẫn đầu" tells who only where the plan does not speak of collectives
    return found if any(flat(kind) == "tap the" for kind in found) else [*found, *counted]


def _commends(key: str) -> bool:
    """Whether the text may commend: a cheap test that `_COMMENDS` never contradicts."""
    return (
        "khen" in key
        or "bieu duong" in key
        or "ton vinh" in key
        or "co thi dua" in key
        or "tang thuong" in key
    )


def _commending_sentences(key: str) -> Iterator[tuple[int, int]]:
    for sentence in re.finditer(r"[^.;]+", key):
        if _commends(sentence[0]) and _COMMENDS.search(sentence[0]):
            yield sentence.span()
