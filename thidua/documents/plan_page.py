"""A record as the page shows it: sections of items, each tied to its lines and words in the source.

Pure: takes the record and the lines of its source, gives plain values for the template. Hides how codes
become words, which mentions are one document, and how ids in a doubt become links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from thidua.core.text import fold
from thidua.documents import sentences
from thidua.documents.wording import (
    CRITERION_KINDS,
    DEFECTS,
    MILESTONES,
    SEVERITIES,
    recurrence_in_words,
)

Record = Mapping[str, Any]
Entry = Mapping[str, Any]

NOT_SAID = "Văn bản không ghi"
UNNAMED = "không nêu tên"
#: More lines than this are counted instead of named beside an item.
MANY_LINES = 6
#: Of a document with more parts than this the outline names the headings only.
MANY_PARTS = 1500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact stands: its lines, and the words in them when the record has these."""

    lines: tuple[int, ...]
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and a value in small print below an item."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A short label; `tone` is one of the tones of the theme or empty."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a sentence, with the key of the item it names."""

    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing the document says, as one entry of the page."""

    key: str
    code: str
    kind: str
    title: str
    places: tuple[Place, ...] = ()
    measure: str = ""
    quote: str = ""
    facts: tuple[Fact, ...] = ()
    tags: tuple[Tag, ...] = ()
    lead_in: str = ""
    points: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    remark: str = ""
    depth: int = 0

    @property
    def lines(self) -> tuple[int, ...]:
        """All lines, in the order of the text, each once."""
        return tuple(sorted({number for place in self.places for number in place.lines}))

    @property
    def first_line(self) -> int | None:
        """The line to jump to: of the words themselves, not of a lead-in line above them."""
        place = next((place for place in self.places if place.lines), None)
        return place.lines[-1 if place.quote and len(place.lines) == 2 else 0] if place else None

    @property
    def where(self) -> str:
        """ "dòng 19", "dòng 49, 51", "10 dòng, từ dòng 25"; empty for the whole document."""
        if len(self.lines) > MANY_LINES:
            return f"{len(self.lines)} dòng, từ dòng {self.lines[0]}"
        return f"dòng {spans(self.lines)}" if self.lines else ""

    @property
    def lines_for_script(self) -> str:
        return " ".join(map(str, self.lines))

    @property
    def wording(self) -> str:
        """Everything that can be searched, without accents."""
        texts = [self.code, self.title, self.measure, self.quote, self.remark, *self.points]
        texts += [f"{fact.label} {fact.value}" for fact in self.facts]
        texts += [tag.text for tag in self.tags]
        texts += [piece.text for piece in self.pieces]
        return fold(" ".join(texts))


@dataclass(frozen=True, slots=True)
class Group:
    """Items under one small heading; `head` is the item that the heading itself is."""

    title: str
    items: tuple[Item, ...]
    head: Item | None = None

    @property
    def own_count(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing on the page."""

    key: str
    title: str
    groups: tuple[Group, ...]
    #: How the entries are laid out: cards, rows (label and value), outline, people.
    layout: str = "cards"
    when_empty: str = ""
    #: Sentence above the items.
    about: str = ""

    @property
    def count(self) -> int:
        return sum(len(group.items) for group in self.groups)

    @property
    def items(self) -> Iterable[Item]:
        for group in self.groups:
            if group.head is not None:
                yield group.head
            yield from group.items


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter by kind."""

    key: str
    title: str
    code: str
    count: int
    is_chosen: bool


#: Key, title, short title for its chip, and code letters of the sections, in the order of the page.
SECTIONS = (
    ("can-xem-lai", "Cần xem lại", "Cần xem lại", "L"),
    ("thong-tin", "Thông tin chung", "Thông tin", "TT"),
    ("chi-tieu", "Chỉ tiêu", "Chỉ tiêu", "CT"),
    ("nhiem-vu", "Nhiệm vụ", "Nhiệm vụ", "NV"),
    ("tieu-chi", "Đối tượng và tiêu chí", "Tiêu chí", "TC"),
    ("khen-thuong", "Khen thưởng", "Khen thưởng", "KT"),
    ("moc", "Mốc thời gian", "Mốc", "MT"),
    ("vien-dan", "Căn cứ, viện dẫn", "Viện dẫn", "VD"),
    ("noi-nhan", "Nơi nhận và người ký", "Nơi nhận", "NN"),
    ("noi-dung", "Mục đích, yêu cầu, nội dung, giải pháp", "Nội dung", "ND"),
    ("chu-thich", "Chú thích, chữ viết tắt", "Chú thích", "CH"),
    ("bo-cuc", "Bố cục văn bản", "Bố cục", "BC"),
)
TITLES = {key: title for key, title, _, _ in SECTIONS}
SHORT_TITLES = {key: short for key, _, short, _ in SECTIONS}
CODES = {key: code for key, _, _, code in SECTIONS}
#: Kinds that are marked inside the source; the others cover whole passages and would colour everything.
MARKED = frozenset(
    {"can-xem-lai", "chi-tieu", "nhiem-vu", "tieu-chi", "khen-thuong", "moc", "vien-dan", "chu-thich"}
)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The structured plan, whole or filtered."""

    sections: tuple[Section, ...]
    chips: tuple[Chip, ...]

    def items(self) -> Iterable[Item]:
        for section in self.sections:
            yield from section.items

    @property
    def is_empty(self) -> bool:
        return all(section.count == 0 for section in self.sections)


def plan_page(
    record: Record,
    lines: Sequence[Mapping[str, Any]],
    *,
    kinds: frozenset[str] = frozenset(),
    search: str = "",
) -> PlanPage:
    """The page of a record; `kinds` and `search` leave out the rest. Unknown kinds count as none."""
    sections = _all_sections(record, lines)
    is_searched = bool(search.split())
    if is_searched:
        sections = _searched(sections, search)
    chosen = kinds & set(TITLES)
    chips = tuple(
        Chip(section.key, SHORT_TITLES[section.key], CODES[section.key], section.count, section.key in chosen)
        for section in sections
    )
    if chosen:
        sections = tuple(section for section in sections if section.key in chosen)
    if is_searched:
        sections = tuple(section for section in sections if section.count)
    return PlanPage(sections=sections, chips=chips)


def spans(numbers: Sequence[int]) -> str:
    """ "149–157, 160": line numbers with runs drawn together."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


Sought = Callable[[Item], bool]


def _searched(sections: tuple[Section, ...], search: str) -> tuple[Section, ...]:
    """What holds the words one after the other; when nothing does, what holds all of them somewhere.

    Words count from their beginning: «ho» finds «hộ» and «hội», not «cho».
    """
    words = [rf"\b{re.escape(word)}" for word in fold(search).split()]
    phrase = _holds_all([r"\W+".join(words)])
    found = tuple(_matching(section, phrase) for section in sections)
    if any(section.count for section in found):
        return found
    return tuple(_matching(section, _holds_all(words)) for section in sections)


def _holds_all(expressions: list[str]) -> Sought:
    patterns = [re.compile(expression) for expression in expressions]

    def holds(item: Item) -> bool:
        wording = item.wording
        return all(pattern.search(wording) for pattern in patterns)

    return holds


def _matching(section: Section, is_sought: Sought) -> Section:
    groups = []
    for group in section.groups:
        # Who looks for a subject looks for its criteria.
        is_whole = group.head is not None and is_sought(group.head)
        items = group.items if is_whole else tuple(item for item in group.items if is_sought(item))
        if items:
            groups.append(replace(group, items=items))
    return replace(section, groups=tuple(groups))


def _all_sections(record: Record, lines: Sequence[Mapping[str, Any]]) -> tuple[Section, ...]:
    citations = _citations(record)
    sections = [
        _targets(record),
        _tasks(record),
        _subjects(record),
        _award(record),
        _milestones(record),
        citations,
        _parties(record),
        _passages(record),
        _notes(record),
        _structure(record, lines),
    ]
    named = {item.key: item for section in sections for item in section.items}
    # A mention that was drawn together with an earlier one is still called by its own id in a doubt.
    for earlier, later in _same_documents(record).items():
        for key in later:
            named.setdefault(key, named[earlier])
    return (_to_check(record, named), _general(record), *sections)


# --- what to look at first ------------------------------------------------------------------------


_TONES = {"major": "late", "minor": "warning", "info": ""}
_IDS = re.compile(r"\b(?:T\d+|K\d+|S\d+(?:\.c\d+)?|C\d+|U\d+)\b")
_LINE_NUMBERS = re.compile(r"\bdòng (\d+(?:(?:, | và )\d+)*)")


def _to_check(record: Record, named: Mapping[str, Item]) -> Section:
    order = list(SEVERITIES)
    defects = sorted(record.get("defects") or [], key=lambda defect: order.index(defect["severity"]))
    last = len(record.get("structure") or []) and max(
        (number for node in record["structure"] for number in node["lines"]), default=0
    )
    doubt_items = tuple(
        _doubt(text, number, named, last) for number, text in enumerate(record.get("doubts") or [], 1)
    )
    defect_items = tuple(_defect(defect, number) for number, defect in enumerate(defects, 1))
    remarks = tuple(
        Item(key=f"G{number}", code=f"GC{number}", kind="can-xem-lai", title=text, tags=(Tag("Về tệp"),))
        for number, text in enumerate((record.get("seed") or {}).get("remarks") or [], 1)
    )
    groups = [
        Group("Chỗ có thể hiểu khác", doubt_items),
        Group("Lỗi, thiếu sót của văn bản", defect_items),
        Group("Nhận xét về tệp", remarks),
    ]
    return Section(
        key="can-xem-lai",
        title=TITLES["can-xem-lai"],
        groups=tuple(group for group in groups if group.items),
        layout="checks",
        when_empty="Không thấy chỗ nào phải xem lại.",
    )


def _defect(defect: Entry, number: int) -> Item:
    what = DEFECTS.get(defect["kind"], sentences.plain_code(defect["kind"]))
    facts = []
    if defect.get("expected"):
        facts.append(Fact("Nên là", str(defect["expected"])))
    if defect.get("note"):
        facts.append(Fact("Ghi chú", str(defect["note"])))
    severity = defect["severity"]
    return Item(
        key=f"L{number}",
        code=f"L{number}",
        kind="can-xem-lai",
        title=_sentence(what),
        quote=defect.get("raw") or "",
        places=_places(defect.get("lines"), defect.get("raw")),
        facts=tuple(facts),
        tags=(Tag(_sentence(SEVERITIES[severity]), _TONES[severity]),),
    )


def _doubt(text: str, number: int, named: Mapping[str, Item], last_line: int) -> Item:
    pieces, keys, position = [], [], 0
    for match in _IDS.finditer(text):
        item = named.get(match[0])
        if item is None:
            continue
        pieces.append(Piece(text[position : match.start()]))
        pieces.append(Piece(item.code, item.key))
        keys.append(item.key)
        position = match.end()
    pieces.append(Piece(text[position:]))
    places = [place for key in dict.fromkeys(keys) for place in named[key].places]
    lines = [int(digits) for found in _LINE_NUMBERS.findall(text) for digits in re.findall(r"\d+", found)]
    places += [Place((line,)) for line in lines if line <= last_line]
    return Item(
        key=f"N{number}",
        code=f"NG{number}",
        kind="can-xem-lai",
        title="",
        pieces=tuple(piece for piece in pieces if piece.text),
        places=tuple(places),
    )


# --- the head -------------------------------------------------------------------------------------


def _general(record: Record) -> Section:
    doc, movement = record.get("doc") or {}, record.get("movement") or {}
    line_of = _lines_by_kind(record)
    issuer, day = doc.get("issuer") or {}, doc.get("date") or {}
    rows: list[Item] = []

    def row(
        title: str, value: str | None, lines: Iterable[int] = (), *, remark: str = "", always: bool = False
    ) -> None:
        if value or always:
            key = f"tt{len(rows) + 1}"
            rows.append(
                Item(
                    key=key,
                    code="TT",
                    kind="thong-tin",
                    title=title,
                    measure=value or "",
                    places=_places(lines),
                    remark=remark if value else remark or NOT_SAID,
                )
            )

    row("Loại văn bản", doc.get("type"), line_of("ten_loai"), always=True)
    row("Trích yếu", doc.get("title"), doc.get("title_lines") or (), always=True)
    inferred = "suy ra từ nội dung, phần đầu văn bản không ghi" if issuer.get("inferred") else ""
    row(
        "Cơ quan ban hành",
        issuer.get("name"),
        issuer.get("evidence_lines") or (),
        remark=inferred,
        always=True,
    )
    row("Cơ quan chủ quản", issuer.get("parent"))
    row("Cùng ban hành", sentences.joined(_names(doc.get("co_issuers"))))
    number, remark = _number(doc)
    row("Số, ký hiệu", number, line_of("so_ky_hieu"), remark=remark, always=True)
    dated = sentences.edtf_in_words(day.get("edtf"))
    missing = [word for key, word in (("day", "ngày"), ("month", "tháng")) if day.get(key) is None]
    remark = f"chưa ghi {', '.join(missing)}" if dated and missing else ""
    row("Ngày ban hành", dated, line_of("dia_danh_ngay"), remark=remark, always=True)
    row("Khoảng ngày có thể", _date_bounds(doc.get("date_bounds")), remark="suy ra từ nội dung")
    row("Địa danh", doc.get("place"), line_of("dia_danh_ngay"))
    row("Kính gửi", sentences.joined(_names(doc.get("addressees"))), line_of("kinh_gui"))
    if doc.get("draft"):
        row("Tình trạng", "Dự thảo", line_of("du_thao"))
    own = [
        name for name in movement.get("names") or [] if name.get("relation") in ("self", "self_or_national")
    ]
    own_lines = [number for name in own for number in name.get("lines") or ()]
    row("Phong trào", movement.get("name"), own_lines, always=True)
    row("Chủ đề", sentences.named(sentences.THEMES, movement.get("theme")))
    span = movement.get("period") or {}
    row("Giai đoạn", _sentence(sentences.period(span)), span.get("lines") or doc.get("title_lines") or ())
    carried_out = movement.get("implementation_period") or {}
    row("Thời gian thực hiện", _sentence(sentences.period(carried_out)), carried_out.get("lines") or ())
    short = movement.get("short_name_defined") or {}
    row("Gọi tắt", short.get("text"), short.get("lines") or ())
    for slogan in movement.get("slogans") or []:
        row("Khẩu hiệu", slogan.get("text"), slogan.get("lines") or ())
    for name in movement.get("names") or []:
        if name.get("relation") not in ("self", None):
            row(
                "Tên được nhắc",
                name["text"],
                name.get("lines") or (),
                remark=sentences.named(sentences.RELATIONS, name["relation"]),
            )
    parents = set(record.get("parent_plan_ids") or [])
    for citation in record.get("citations") or []:
        if citation["id"] in parents:
            row("Thực hiện", citation["raw"], citation["lines"], remark=citation.get("issuer") or "")
    return Section("thong-tin", TITLES["thong-tin"], (Group("", tuple(rows)),), layout="rows")


def _number(doc: Entry) -> tuple[str, str]:
    number, symbol = doc.get("number"), doc.get("symbol")
    if number and symbol:
        return f"{number}/{symbol}", ""
    if symbol:
        return f"…/{symbol}", "chưa ghi số"
    return str(number or ""), ""


def _date_bounds(bounds: Entry | None) -> str:
    if not bounds:
        return ""
    parts = [
        f"{words} {sentences.edtf_in_words(bounds[key])}"
        for key, words in (("not_before", "không sớm hơn"), ("not_after", "không muộn hơn"))
        if bounds.get(key)
    ]
    return _sentence(", ".join(parts))


def _names(entries: Any) -> list[str]:
    return [entry if isinstance(entry, str) else str(entry.get("name", "")) for entry in entries or []]


# --- targets and tasks ----------------------------------------------------------------------------


def _targets(record: Record) -> Section:
    items = []
    for target in record.get("targets") or []:
        facts = _facts(
            ("Thời hạn", _sentence(sentences.when_in_words(target.get("deadline")))),
            ("Thời kỳ", _stated(target.get("period"))),
            ("Số ghi kèm", sentences.stated_count(target)),
            ("Phạm vi", _sentence(target.get("scope") or "")),
        )
        items.append(
            Item(
                key=target["id"],
                code=_code("CT", target["id"]),
                kind="chi-tieu",
                title=target.get("label_vi") or sentences.indicator(target.get("indicator")) or "Chỉ tiêu",
                measure=_sentence(sentences.amount(target)),
                quote=target.get("quote") or "",
                places=_places(target.get("lines"), target.get("quote")),
                facts=facts,
            )
        )
    return _section("chi-tieu", items, "Văn bản không đặt chỉ tiêu bằng số.")


def _stated(span: Entry | None) -> str:
    words = _sentence(sentences.period(span))
    if words and span is not None and span.get("stated") is False:
        return f"{words} (theo phong trào)"
    return words


def _tasks(record: Record) -> Section:
    items = []
    for task in record.get("tasks") or []:
        lead = sentences.joined(task.get("lead"))
        is_explicit = task.get("lead_explicit", True)
        facts = _facts(
            ("Phối hợp", sentences.joined(task.get("coordinate_with"))),
            ("Phụ trách", sentences.joined(task.get("supervisor"))),
            ("Thời hạn", _sentence(sentences.when_in_words(task.get("deadline")))),
            ("Định kỳ", _sentence(recurrence_in_words(task["recurrence"])) if task.get("recurrence") else ""),
            ("Điều kiện", _condition(task.get("conditional"))),
            ("Báo cáo cho", sentences.joined(task.get("report_to"))),
        )
        modality = task.get("modality")
        # That a body does its own work need not be said 26 times.
        tags = (
            [Tag(sentences.named(sentences.MODALITIES, modality))]
            if modality not in (None, "self_assigned")
            else []
        )
        if not is_explicit:
            tags.append(Tag(UNNAMED))
        items.append(
            Item(
                key=task["id"],
                code=_code("NV", task["id"]),
                kind="nhiem-vu",
                title=lead or "Chưa rõ ai làm",
                quote=task.get("quote") or task.get("action") or "",
                places=_places(task.get("lines"), task.get("quote")),
                facts=facts,
                tags=tuple(tags),
            )
        )
    section = _section("nhiem-vu", items, "Văn bản không giao nhiệm vụ.")
    if any(not task.get("lead_explicit", True) for task in record.get("tasks") or []):
        about = f"«{_sentence(UNNAMED)}»: câu không nói ai làm, hiểu là cơ quan ban hành."
        section = replace(section, about=about)
    return section


def _condition(conditional: Any) -> str:
    if not conditional:
        return ""
    return conditional if isinstance(conditional, str) else "Khi cần thiết"


# --- criteria and awards --------------------------------------------------------------------------


def _subjects(record: Record) -> Section:
    groups = []
    for subject in record.get("subjects") or []:
        number = subject["id"].removeprefix("S")
        head = Item(
            key=subject["id"],
            code=f"ĐT{number}",
            kind="tieu-chi",
            title=subject.get("label") or "Chưa rõ đối tượng",
            places=_places(subject.get("lines")),
            tags=(Tag(sentences.named(sentences.SUBJECT_TYPES, subject["subject_type"])),)
            if subject.get("subject_type")
            else (),
        )
        items = tuple(_criterion(criterion) for criterion in subject.get("criteria") or [])
        groups.append(Group(head.title, items, head))
    return Section(
        "tieu-chi",
        TITLES["tieu-chi"],
        tuple(groups),
        when_empty="Văn bản không nêu tiêu chí thi đua.",
    )


def _criterion(criterion: Entry) -> Item:
    rule = criterion.get("rule")
    return Item(
        key=criterion["id"],
        code="TC" + criterion["id"].removeprefix("S").replace(".c", "."),
        kind="tieu-chi",
        title="",
        quote=criterion["text"],
        places=_places(criterion.get("lines"), criterion["text"]),
        tags=(Tag(_sentence(sentences.named(CRITERION_KINDS, criterion["kind"]))),),
        lead_in=sentences.connective(rule),
        points=tuple(_sentence(clause) for clause in sentences.clauses(rule)),
    )


def _award(record: Record) -> Section:
    award = record.get("award") or {}
    forms = tuple(
        Item(
            key=f"A{number}",
            code=f"KT{number}",
            kind="khen-thuong",
            title=form["name"],
            places=_places([form["line"]] if form.get("line") else (), form.get("as_printed")),
            facts=_facts(
                ("Hạng", form.get("class_stated") or ""),
                ("Thẩm quyền", _authority(form)),
            ),
            tags=(Tag(sentences.named(sentences.AWARD_LEVELS, form["level"]), "gold"),)
            if form.get("level")
            else (),
        )
        for number, form in enumerate(award.get("forms") or [], 1)
    )
    standards = tuple(
        Item(
            key=f"B{number}",
            code=f"TK{number}",
            kind="khen-thuong",
            title="",
            quote=standard["text"],
            places=_places(standard.get("lines"), standard["text"]),
        )
        for number, standard in enumerate(award.get("standards") or [], 1)
    )
    quotas = tuple(
        Item(
            key=f"Q{number}",
            code=f"HM{number}",
            kind="khen-thuong",
            title="",
            quote=quota.get("quote") or "",
            places=_places(quota.get("lines"), quota.get("quote")),
        )
        for number, quota in enumerate(award.get("quotas") or [], 1)
    )
    groups = [
        Group("Hình thức khen thưởng", forms),
        Group("Tiêu chuẩn khen thưởng", standards),
        Group("Số lượng khen thưởng", quotas),
    ]
    mentioned = sentences.joined(award.get("recipients_mentioned"))
    return Section(
        "khen-thuong",
        TITLES["khen-thuong"],
        tuple(group for group in groups if group.items),
        when_empty="Văn bản không nêu hình thức khen thưởng.",
        about=f"Khen thưởng cho: {mentioned}." if mentioned else "",
    )


def _authority(form: Entry) -> str:
    authority = form.get("authority") or ""
    if authority and form.get("authority_stated") is False:
        return f"{authority} (theo luật, văn bản không ghi)"
    return authority


def _milestones(record: Record) -> Section:
    """Dated ones in the order of time, then those that come back."""
    dated, recurring = [], []
    for number, milestone in enumerate(record.get("milestones") or [], 1):
        when = milestone.get("when") or {}
        item = Item(
            key=f"M{number}",
            code=f"MT{number}",
            kind="moc",
            title=_sentence(sentences.named(MILESTONES, milestone["kind"])),
            measure=_sentence(sentences.when_in_words(when)) or "Chưa rõ thời gian",
            places=_places(milestone.get("lines"), when.get("raw")),
            facts=_facts(("Ai làm", milestone.get("who") or "")),
        )
        if when.get("recurrence") and not when.get("year"):
            recurring.append(item)
        else:
            dated.append((_moment_key(when), item))
    dated.sort(key=lambda pair: pair[0])
    groups = [
        Group("Theo thời điểm" if recurring else "", tuple(item for _, item in dated)),
        Group("Định kỳ" if dated else "", tuple(recurring)),
    ]
    return Section(
        "moc",
        TITLES["moc"],
        tuple(group for group in groups if group.items),
        layout="dates",
        when_empty="Văn bản không nêu mốc thời gian.",
    )


def _moment_key(when: Entry) -> tuple[str, int, int]:
    """Year, month and day of a time as far as they are known; what is not dated comes last."""
    begins = str(when.get("year") or when.get("from") or "9999")
    month = when.get("month") or (when["quarter"] * 3 - 2 if when.get("quarter") else 0)
    return begins, month, when.get("day") or 0


# --- other documents ------------------------------------------------------------------------------


def _same_documents(record: Record) -> dict[str, list[str]]:
    """Ids of the first mention of each cited document -> ids of its later mentions."""
    first: dict[tuple[str, ...], str] = {}
    found: dict[str, list[str]] = {}
    for citation in record.get("citations") or []:
        ref = fold(citation.get("ref") or "")
        # What has neither number nor issuer is told apart by its words.
        identity = (ref, fold(citation.get("issuer") or "")) if ref else (fold(citation["raw"]), "")
        found.setdefault(first.setdefault(identity, citation["id"]), []).append(citation["id"])
    return {key: [later for later in ids if later != key] for key, ids in found.items()}


def _citations(record: Record) -> Section:
    by_id = {citation["id"]: citation for citation in record.get("citations") or []}
    items = []
    for key, later in _same_documents(record).items():
        mentions = [by_id[one] for one in (key, *later)]
        citation = mentions[0]
        roles = dict.fromkeys(mention["role"] for mention in mentions if mention.get("role"))
        about = next((mention["about_raw"] for mention in mentions if mention.get("about_raw")), "")
        issuer = next((mention["issuer"] for mention in mentions if mention.get("issuer")), "")
        items.append(
            Item(
                key=key,
                code=_code("VD", key),
                kind="vien-dan",
                title=_sentence(citation["raw"]),
                quote="",
                places=tuple(
                    place for mention in mentions for place in _places(mention.get("lines"), mention["raw"])
                ),
                facts=_facts(
                    ("Cơ quan ban hành", issuer),
                    ("Về việc", about.removeprefix("về việc ").removeprefix("về ")),
                    ("Nhắc đến", f"{len(mentions)} lần" if later else ""),
                ),
                tags=tuple(Tag(sentences.named(sentences.ROLES, role)) for role in roles),
            )
        )
    unnumbered = tuple(
        Item(
            key=ref["id"],
            code=_code("VK", ref["id"]),
            kind="vien-dan",
            title=_sentence(ref["raw"]),
            places=_places(ref.get("lines"), ref["raw"]),
            facts=_facts(("Cơ quan ban hành", ref.get("issuer") or "")),
        )
        for ref in record.get("unnumbered_refs") or []
    )
    groups = [Group("Văn bản có số", tuple(items)), Group("Viện dẫn không ghi số", unnumbered)]
    return Section(
        "vien-dan",
        TITLES["vien-dan"],
        tuple(group for group in groups if group.items),
        when_empty="Văn bản không viện dẫn văn bản khác.",
    )


# --- the closing block ----------------------------------------------------------------------------


def _parties(record: Record) -> Section:
    people = []
    for number, recipient in enumerate(record.get("recipients") or [], 1):
        purpose = sentences.named(sentences.RECIPIENT_PURPOSES, recipient.get("purpose"))
        note = recipient.get("note") or ""
        suspect = recipient.get("suspect")
        people.append(
            Item(
                key=f"R{number}",
                code=f"NN{number}",
                kind="noi-nhan",
                title=recipient["name"],
                remark=purpose or note,
                places=_places([recipient["line"]] if recipient.get("line") else ()),
                tags=(Tag(f"Xem lại: {suspect}" if isinstance(suspect, str) else "Xem lại", "warning"),)
                if suspect
                else (),
            )
        )
    archive = record.get("archive") or {}
    if archive:
        people.append(
            Item(
                key="luu",
                code="LƯU",
                kind="noi-nhan",
                title=sentences.joined(archive.get("units")) or archive.get("raw") or "",
                remark="lưu",
                places=_places([archive["line"]] if archive.get("line") else ()),
            )
        )
    groups = [Group("Nơi nhận", tuple(people))]
    signature = record.get("signature") or {}
    signers = [signature, *(signature.get("co_signers") or [])] if signature else []
    signed = tuple(
        Item(
            key="ky" if number == 1 else f"ky{number}",
            code="KÝ",
            kind="noi-nhan",
            title=signer.get("name") or "Chưa rõ họ tên",
            remark=sentences.named(sentences.CAPACITIES, signer.get("capacity")),
            points=tuple(sentences.signing_office(signer)),
            places=_places(signer.get("lines") or signature.get("lines")),
        )
        for number, signer in enumerate(signers, 1)
    )
    groups.append(Group("Người ký", signed))
    return Section(
        "noi-nhan",
        TITLES["noi-nhan"],
        tuple(group for group in groups if group.items),
        layout="people",
        when_empty="Văn bản không ghi nơi nhận và người ký.",
    )


# --- passages, notes, structure -------------------------------------------------------------------


def _passages(record: Record) -> Section:
    groups = []
    for key, title, code in (
        ("purposes", "Mục đích", "MĐ"),
        ("requirements", "Yêu cầu", "YC"),
        ("contents", "Nội dung", "ND"),
        ("solutions", "Giải pháp", "GP"),
    ):
        items = tuple(
            Item(
                key=f"{code}{number}",
                code=f"{code}{number}",
                kind="noi-dung",
                title="",
                quote=passage["text"],
                places=_places(passage.get("lines")),
            )
            for number, passage in enumerate(record.get(key) or [], 1)
        )
        if items:
            groups.append(Group(title, items))
    return Section(
        "noi-dung", TITLES["noi-dung"], tuple(groups), when_empty="Không nhận ra các phần này trong văn bản."
    )


def _notes(record: Record) -> Section:
    footnotes = tuple(
        Item(
            key=f"F{number}",
            code=f"CH{number}",
            kind="chu-thich",
            title=f"{note.get('mark') or ''} {note['text']}".strip(),
            places=(
                *_places([note["line"]] if note.get("line") else (), note["text"]),
                *_places([note["anchor_line"]] if note.get("anchor_line") else (), note.get("anchor_text")),
            ),
            facts=_facts(("Chú thích cho", note.get("anchor_text") or "")),
        )
        for number, note in enumerate(record.get("footnotes") or [], 1)
    )
    abbreviations = tuple(
        Item(
            key=f"V{number}",
            code=f"VT{number}",
            kind="chu-thich",
            title=short["short"],
            measure="",
            facts=_facts(("Là", short.get("full") or "")),
            places=_places(short.get("lines"), short["short"]),
        )
        for number, short in enumerate(record.get("abbreviations") or [], 1)
    )
    undefined = record.get("undefined_abbreviations") or []
    groups = [Group("Chú thích", footnotes), Group("Chữ viết tắt có giải thích", abbreviations)]
    return Section(
        "chu-thich",
        TITLES["chu-thich"],
        tuple(group for group in groups if group.items),
        when_empty="Văn bản không có chú thích và không giải thích chữ viết tắt.",
        about=f"Chữ viết tắt dùng mà không giải thích: {', '.join(undefined)}." if undefined else "",
    )


def _structure(record: Record, lines: Sequence[Mapping[str, Any]]) -> Section:
    items = []
    nodes = record.get("structure") or []
    is_long = len(nodes) > MANY_PARTS
    for number, node in enumerate(nodes, 1):
        if is_long and not node.get("title"):
            continue
        printed = " ".join(lines[line - 1]["text"].strip() for line in node["lines"] if line <= len(lines))
        remarks = []
        if node.get("page_break_split"):
            remarks.append("bị ngắt trang")
        items.append(
            Item(
                key=f"bc{number}",
                code=sentences.named(sentences.STRUCTURE, node["kind"]),
                kind="bo-cuc",
                title=printed if node.get("title") else _shortened(printed, 110),
                places=_places(node["lines"]),
                remark=", ".join(remarks),
                tags=(Tag("đề mục"),) if node.get("title") else (),
                depth=min(node["path"].replace("~", "").count("."), 4) if "." in node["path"] else 0,
            )
        )
    return Section("bo-cuc", TITLES["bo-cuc"], (Group("", tuple(items)),) if items else (), layout="outline")


# --- small things ---------------------------------------------------------------------------------


def _section(key: str, items: Sequence[Item], when_empty: str) -> Section:
    return Section(key, TITLES[key], (Group("", tuple(items)),) if items else (), when_empty=when_empty)


def _places(lines: Iterable[int] | None, quote: str | None = "") -> tuple[Place, ...]:
    numbers = tuple(lines or ())
    return (Place(numbers, quote or ""),) if numbers else ()


def _facts(*pairs: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(label, value) for label, value in pairs if value)


def _code(letters: str, key: str) -> str:
    return letters + key.lstrip("TKCU")


def _sentence(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"


def _lines_by_kind(record: Record) -> Callable[[str], list[int]]:
    def lines_of(kind: str) -> list[int]:
        return next(
            (list(node["lines"]) for node in record.get("structure") or [] if node["kind"] == kind), []
        )

    return lines_of
