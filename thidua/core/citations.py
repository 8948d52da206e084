"""References to numbered documents: "Kế hoạch số 152/KH-UBND ngày 01/7/2022 của UBND tỉnh về …".

`find` anchors on the number with its symbol, which hardly anything else in a text resembles, and reads
outwards: type and issuer before, date, issuer and title after. What is printed stays as printed, misprints
included. Laws cited by name alone come from `find_named_laws`. Source of the forms: Nghị định 30/2020/NĐ-CP,
Annex I, Part I, II.3, II.4 and II.6; documents of the Party have a hyphen after the number (46-NQ/TU).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from thidua.core.citation_phrases import (
    BODY_HEADS,
    CAPITAL,
    LAW_TYPES,
    OFFICIAL_LETTER,
    SMALL,
    TYPE_BY_ABBREVIATION,
    TYPE_BY_FOLD,
    TYPES,
    Phrases,
    lacks_accents,
    phrases,
)
from thidua.core.formats import format_date_nd30_short
from thidua.core.text import DASHES, fold, fold_aligned, nfc, skeleton, without_accents

__all__ = [
    "LAW_TYPES",
    "OFFICIAL_LETTER",
    "TYPES",
    "Citation",
    "Mention",
    "NamedLaw",
    "find",
    "find_named_laws",
    "is_party_symbol",
    "parse",
]

Key = tuple[str, str, int | None, str, str]


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference says about a document, cleaned: to compare, to store, to print.

    `date` is an ISO date, or the known part of one ("2022-07", "2022"); None when not stated or impossible.
    """

    type: str | None
    number: str
    symbol: str
    number_year: int | None = None
    date: str | None = None
    issuer: str | None = None
    about: str | None = None

    @property
    def ref(self) -> str:
        """Number and symbol as the rules print them: 152/KH-UBND, 25/2021/QH15, 46-NQ/TU."""
        if not self.symbol:
            return self.number
        if is_party_symbol(self.symbol):
            return f"{self.number}-{self.symbol}"
        year = f"{self.number_year}/" if self.number_year else ""
        return f"{self.number}/{year}{self.symbol}"

    @property
    def year(self) -> int | None:
        """Year of the number: printed inside it, or else the year of the date."""
        if self.number_year:
            return self.number_year
        return int(self.date[:4]) if self.date else None

    @property
    def key(self) -> Key:
        """Identity in comparable form: type, number, year, symbol, issuer.

        The issuer belongs to it because every province numbers its own KH-UBND from 01.
        """
        return (
            fold(self.type or ""),
            self.number.lower().lstrip("0") or "0",
            self.year,
            fold(self.symbol).replace(" ", "").replace("/", "-"),
            _issuer_key(self.issuer),
        )

    def may_be(self, other: "Citation") -> bool:
        """Whether both can be one document: nothing that both state differs. Later references state less."""
        ours, theirs = self.key, other.key
        if (ours[1], ours[3]) != (theirs[1], theirs[3]):
            return False
        if any(one and two and one != two for one, two in zip(ours, theirs, strict=True)):
            return False
        return (
            not (self.date and other.date)
            or self.date.startswith(other.date)
            or other.date.startswith(self.date)
        )

    def format(self, *, short: bool = False) -> str:
        """The reference in print: in full the first time, `short` (type, number, symbol) from then on.

        Source: Nghị định 30/2020/NĐ-CP, Annex I, Part I, II.6.
        """
        kind = self.type or "văn bản"
        if short:
            return f"{kind} số {self.ref}"
        about = self.about
        if about and self.type in LAW_TYPES:
            kind, about = f"{kind} {about}", None
        parts = [
            f"{kind} số {self.ref}",
            _print_date(self.date) if self.date else "",
            f"của {self.issuer}" if self.issuer else "",
            about or "",
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Mention:
    """One reference as it stands in a text. All spans count characters of the NFC text.

    `raw` runs from type to date, and `span` is its place; issuer and title have their own. `type` is inferred
    from the symbol where the text does not print it: then `type_raw` is None. `issuer_raw` may stand before
    the number, or be shared with the reference after it in a list; a date after the issuer is not in `raw`.
    """

    raw: str
    span: tuple[int, int]
    type: str | None
    type_abbr: str | None
    type_raw: str | None
    ref: str
    number: str
    number_year: int | None
    symbol: str
    date_raw: str | None = None
    date: str | None = None
    issuer_raw: str | None = None
    issuer_span: tuple[int, int] | None = None
    about_raw: str | None = None
    about_span: tuple[int, int] | None = None

    @property
    def citation(self) -> Citation:
        """The reference as a value, with issuer and title as printed."""
        return Citation(
            type=self.type,
            number=self.number,
            symbol=self.symbol,
            number_year=self.number_year,
            date=self.date,
            issuer=self.issuer_raw,
            about=self.about_raw,
        )

    @property
    def key(self) -> Key:
        """`Citation.key`; where "UBND tỉnh" is not enough, replace the issuer of `citation` first."""
        return self.citation.key

    @property
    def end(self) -> int:
        """Where all that belongs to the reference ends, title included."""
        spans = (self.span, self.issuer_span, self.about_span)
        return max(span[1] for span in spans if span is not None)


@dataclass(frozen=True, slots=True)
class NamedLaw:
    """A law cited by name: "Luật Thi đua, khen thưởng năm 2022"."""

    raw: str
    span: tuple[int, int]
    type: str
    name: str
    date_raw: str | None = None
    date: str | None = None


_DASH = f"[{DASHES}]"
_GAP = "[ \u00a0]{0,3}"
# Capitals with at most two small letters in a row (TTg, TTr, QyĐ, CTrPH), "&", "T.Ư", "UBND.VX".
_GROUP = rf"[{CAPITAL}](?:[{CAPITAL}0-9&]|\.(?=[{CAPITAL}]{{1,6}}(?![{SMALL}]))|[a-zđ]{{1,2}}(?![{SMALL}]))*"
# Spaces only around the first hyphen ("NĐ - CP"): further on they part two items of a list.
# A slash for the hyphen is old ("QĐ/UB"), a space an oversight that only a date makes plain ("KH UBND ngày").
_SYMBOL = (
    rf"{_GROUP}(?:(?:{_GAP}{_DASH}{_GAP}|{_DASH}\n|/){_GROUP}(?:{_DASH}\n?{_GROUP})*"
    rf"|\ {_GROUP}(?=\s+(?:ngày|ngay)\b))?"
)
# Begins with a digit, and looks back only then: the search skips to digits quickly.
_REF = re.compile(
    rf"(?P<num>[0-9](?:(?<![\w/.{DASHES}][0-9])(?<![0-9],[0-9])(?<!/\s[0-9])|(?<=\b[sS]ố[0-9]))[0-9]{{0,4}}[A-Za-zĐđ]?)"
    rf"(?:"
    rf"{_GAP}/{_GAP}(?:(?P<year>(?:19|20)[0-9]{{2}}){_GAP}/{_GAP})?(?P<sym>{_SYMBOL})"
    rf"|{_GAP}{_DASH}{_GAP}(?P<ptype>{_GROUP}){_GAP}/{_GAP}(?P<body>{_GROUP}(?:{_DASH}{_GROUP})*)"
    rf"|\ (?P<ptype2>NQ|CT|KL|Q[ĐÐ]|TB|HD|KH|CTr|BC|CV|TTr)/(?P<body2>{_GROUP}(?:{_DASH}{_GROUP})*)"
    rf"|(?=\s+(?:ngày|ngay)\s+[0-9])"
    rf")(?:(?![\w/])|(?=ngày|của|về))"
)
_TERM = re.compile(r"(?:QH|UBTVQH|HĐND|HDND)[0-9]{1,2}|L-CTN")

_TYPE_WORDS = "|".join(name.replace(" ", r"\s+") for name in sorted(TYPE_BY_FOLD, key=len, reverse=True))
_NUMBER_WORD = r"(?:so|s6)\s*[:.]?"
_NUMBER_GAP = r"[\s*_]*$"
# All of these are matched against folded text that ends where the number begins.
_BEFORE = re.compile(
    rf"(?<!\w)(?:(?P<type>{_TYPE_WORDS})|(?P<vague>van\s+ban|van\s+kien)"
    rf"|(?P<abbr>qd|kh|nq|nd|ttlt|tt|ct|hd|cv|bc|tb|ttr|kl|ctr|da|cd))\s*,?\s*(?P<so>{_NUMBER_WORD})?{_NUMBER_GAP}"
)
_BEFORE_WITH_ISSUER = re.compile(
    rf"(?<!\w)(?P<type>{_TYPE_WORDS})\s+(?P<of>(?:cua|do)\s+)?(?P<issuer>[^\W\d][^,.;:()\"\d]{{2,90}}?)"
    rf"(?:\s+ban\s+hanh)?\s*,?\s+{_NUMBER_WORD}{_NUMBER_GAP}"
)
_BEFORE_WITH_LAW_NAME = re.compile(
    rf"(?<!\w)(?P<type>bo\s+luat|luat|phap\s+lenh)\s+(?P<name>[^\W\d][^.;:()\"\d]{{2,150}}?)\s*"
    rf"(?:\(\s*(?:luat\s+)?|\s){_NUMBER_WORD}{_NUMBER_GAP}"
)
_BARE_NUMBER_WORD = re.compile(rf"(?<!\w){_NUMBER_WORD}{_NUMBER_GAP}")
_LIST_GLUE = re.compile(
    rf"\s*(?:[,;]|,?\s*(?:va|cung|hoac|hay)(?!\w)|[,;]\s*va(?!\w))\s*(?:cac\s+)?(?:{_NUMBER_WORD})?\s*"
)
_FORM_NUMBER = re.compile(
    r"(?<!\w)(?:mau|bieu|bieu\s+mau|phu\s+luc|bang|tai\s+khoan|lo|thua|to|nha|ngo|duong)\s*(?:so\s*)?[:.]?\s*$"
)
_HEADER_BEFORE = re.compile(rf"(?:^|\n)[ \t*_|>#]*(?P<word>{_NUMBER_WORD}){_NUMBER_GAP}")
_HEADER_AFTER = re.compile(r"[ \t*_|]*(?:\n|$|v/v\b|(?!cua\b)[^\n,;]{2,40},\s*ngay\b)")
# The issuer in the clause before: "theo đề nghị của Sở Nội vụ tại Tờ trình", "Thủ tướng ban hành Quyết định".
_ISSUER_BEFORE_AT = re.compile(r"(?<!\w)cua\s+(?P<issuer>[^,.;:()\"\d\n]{3,90}?)\s+tai\s+(?:cac\s+)?$")
_BODY = re.compile("(?:" + BODY_HEADS.replace(" ", r"\s+") + r")(?!\w)")
_ISSUER_BEFORE_VERB = re.compile(
    r"(?:^|[,.;:\n])\s*(?P<issuer>[^\W\d][^,.;:()\"\d\n]{2,90}?)\s+(?:(?:da|vua|moi)\s+)?(?:ban\s+hanh|co)"
    r"\s+(?:cac\s+)?$"
)

_DAY = "[0-9]{1,2}"
_FULL_DATE = (
    rf"(?P<d>{_DAY})\s*(?P<sep>[/.\-])\s*(?P<m>{_DAY})\s*(?P=sep)\s*(?P<y>[0-9]{{2,4}})"
    rf"|(?P<dl>{_DAY})\s*[/,]?\s*thang\s*(?P<ml>{_DAY})\s*[/,]?\s*(?:nam\s*)?(?P<yl>[0-9]{{4}})"
)
# "Ngày 18/5/2022, Thủ tướng Chính phủ đã ban hành Quyết định số …"
_DATE_BEFORE = re.compile(rf"(?<!\w)ngay\s+(?P<raw>{_FULL_DATE})\s*,\s*$")
_DATE = re.compile(
    rf"[\s*_]*,?\s*(?P<open>\()?(?:(?:duoc\s+)?(?:ky|ban\s+hanh)\s+)?"
    rf"(?:ngay\s*(?P<raw>{_FULL_DATE}"
    rf"|[.… _]*/\s*(?P<mp>{_DAY})\s*/\s*(?P<yp>[0-9]{{4}}))"
    rf"|(?:ngay[\s.…_]*)?(?P<raw_month>thang\s+(?P<mo>{_DAY})\s*(?:nam\s+|/\s*)(?P<yo>[0-9]{{4}}))"
    rf"|(?P<raw_year>nam\s+(?P<ya>(?:19|20)[0-9]{{2}})(?!\s*[-–]\s*[0-9])))(?![0-9])(?(open)(?P<close>\s*\))?)"
)
_OF = re.compile(r"[\s*_]*,?\s*(?P<word>cua|do)\s+")
_ISSUED_BY = re.compile(r"\s+ban\s+hanh(?!\w)")
# Bodies named after their task: "Ban Chỉ đạo thực hiện Chương trình …", "Ban Quản lý dự án …".
_STEERING_BODY = re.compile(
    r"(?:ban\s+(?:chi\s+dao|van\s+dong|dieu\s+hanh|quan\s+ly)|to\s+cong\s+tac)\s+"
    r"(?:thuc\s+hien|trien\s+khai|cac|phong|chuong\s+trinh|cuoc|xay\s+dung|phat\s+trien|cong\s+tac|giam"
    r"|doi\s+moi|cai\s+cach|de\s+an|du\s+an)"
)
_BODY_AFTER_COMMA = re.compile(r",\s+" + _BODY.pattern)
_NAME_WITH_COMMA = re.compile(
    rf",\s+[{CAPITAL}{SMALL}][\w\s]{{2,30}}?\s+(?:và|va|{_DASH})\s+[{CAPITAL}]|,\s+[Kk]hen thưởng"
)
_ABBREVIATION_BEFORE_STOP = re.compile(r"(?:^|[\s(])(?:TP|Tp|tp|TX|Tx|TT|Q|P|H|T|ThS|TS|PGS|GS|Th|St|No)$")
_TRAILING = re.compile(r"[\s,;:.…*_¹²³⁰-⁹]+$")
_OPEN_TO_CLOSE = {"“": "”", "«": "»", '"': '"'}
_MAX_TITLE = 1200
_MAX_ISSUER = 160


def find(text: str) -> list[Mention]:
    """All references to numbered documents, in the order of the text; the document's own number is none.

    Spans count characters of `nfc(text)`. In a list the issuer printed once at the end counts for all.
    """
    text = nfc(text)
    mentions: list[Mention] = []
    for match in _REF.finditer(text):
        ref = _Ref.of(match)
        head = _read_before(text, ref, previous=mentions[-1] if mentions else None)
        if head is not None:
            mentions.append(_read_after(text, ref, head))
    return _share_issuers(text, mentions)


def parse(text: str) -> Citation | None:
    """The reference with which `text` begins, as a value; None when it begins with none."""
    mentions = find(text)
    return mentions[0].citation if mentions and mentions[0].span[0] == 0 else None


def is_party_symbol(symbol: str) -> bool:
    """Whether the symbol is the Party's, with a slash inside: NQ/TU."""
    return "/" in symbol


@dataclass(frozen=True, slots=True)
class _Ref:
    """Number and symbol: what everything else is read around. `symbol` is empty where only a date follows."""

    start: int
    end: int
    raw: str
    number: str
    year: int | None
    symbol: str

    @classmethod
    def of(cls, match: re.Match[str]) -> "_Ref":
        kind = match["ptype"] or match["ptype2"]
        body = match["body"] or match["body2"] if kind else match["sym"] or ""
        joined = re.sub(rf"(?:\s|/|{_DASH})+", "-", body)
        return cls(
            start=match.start(),
            end=match.end(),
            raw=match.group(),
            number=match["num"],
            year=int(match["year"]) if match["year"] else None,
            symbol=f"{kind}/{joined}" if kind else joined,
        )

    @property
    def type(self) -> str | None:
        """The type that the symbol begins with."""
        first, *others = re.split("[-/]", self.symbol)
        return TYPE_BY_ABBREVIATION.get(fold(first)) if others else None

    @property
    def letter_type(self) -> str | None:
        """AGENCY-UNIT without a type is the form of official letters."""
        return OFFICIAL_LETTER if "-" in self.symbol else None

    @property
    def fits_type_word(self) -> bool:
        """Whether the symbol is good enough after a type word."""
        if is_party_symbol(self.symbol) or _TERM.fullmatch(self.symbol):
            return True
        return sum(map(str.isupper, self.symbol)) >= 2

    @property
    def stands_alone(self) -> bool:
        """Whether the symbol shows without a type word that this is a reference."""
        if is_party_symbol(self.symbol):
            return self.type is not None
        if _TERM.fullmatch(self.symbol):
            return self.year is not None
        return "-" in self.symbol and sum(map(str.isupper, self.symbol)) >= 3


@dataclass(frozen=True, slots=True)
class _PrintedDate:
    raw: str
    iso: str | None


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands before the number."""

    start: int
    type: str | None
    type_raw: str | None
    issuer_span: tuple[int, int] | None = None
    name_span: tuple[int, int] | None = None
    date: _PrintedDate | None = None


def _read_before(text: str, ref: _Ref, *, previous: Mention | None) -> _Head | None:
    """Type, and sometimes issuer or name, printed before the number; None when the number is no reference."""
    offset = max(0, ref.start - 200, previous.span[1] if previous else 0)
    before = fold_aligned(text[offset : ref.start])
    if _is_header_line(text, ref, before):
        return None
    found = _BEFORE.search(before)
    if found and (ref.fits_type_word if ref.symbol else found["so"] and found["type"]):
        begin = offset + found.start()
        if found["vague"]:
            return _with_issuer(text, offset, _Head(begin, ref.type or OFFICIAL_LETTER, None))
        group = "type" if found["type"] else "abbr"
        raw = text[begin : offset + found.end(group)]
        if found["type"]:
            return _with_issuer(text, offset, _Head(begin, TYPE_BY_FOLD[fold(raw)], raw))
        if raw[0].isupper():
            return _Head(begin, TYPE_BY_ABBREVIATION[fold(raw)], raw)
    if not ref.symbol:
        return None
    if previous is not None and offset == previous.span[1] and _LIST_GLUE.fullmatch(before):
        return _next_of_list(ref, offset, before, previous=previous)
    if not ref.stands_alone or _FORM_NUMBER.search(before):
        return None
    number_word = _BARE_NUMBER_WORD.search(before)
    if number_word is None:
        return _Head(ref.start, ref.type, None) if ref.type else None
    return _named_before(text, ref, offset, before) or _Head(
        offset + number_word.start(), ref.type or ref.letter_type, None
    )


def _next_of_list(ref: _Ref, offset: int, before: str, *, previous: Mention) -> _Head | None:
    """A further number under the type word of the one before, unless its symbol says another type."""
    if not ref.fits_type_word:
        return None
    number_word = _BARE_NUMBER_WORD.search(before)
    begin = offset + number_word.start() if number_word else ref.start
    same = ref.type in (None, _base_type(previous.type))
    return _Head(begin, previous.type if same else ref.type, None)


def _named_before(text: str, ref: _Ref, offset: int, before: str) -> _Head | None:
    """A type with the issuer, or the name of a law, between it and the number."""
    law = _BEFORE_WITH_LAW_NAME.search(before) if _TERM.fullmatch(ref.symbol) else None
    if law:
        name = (offset + law.start("name"), offset + law.end("name"))
        if text[name[0]].isupper() or law["name"].startswith("sua doi"):
            return replace(_typed_head(text, offset, law), name_span=name)
    found = _BEFORE_WITH_ISSUER.search(before)
    if found:
        issuer = (offset + found.start("issuer"), offset + found.end("issuer"))
        if text[issuer[0]].isupper() and (found["of"] or _BODY.match(text, issuer[0])):
            return replace(_typed_head(text, offset, found), issuer_span=issuer)
    return None


def _typed_head(text: str, offset: int, found: re.Match[str]) -> _Head:
    raw = text[offset + found.start("type") : offset + found.end("type")]
    return _Head(offset + found.start(), TYPE_BY_FOLD[fold(raw)], raw)


def _with_issuer(text: str, offset: int, head: _Head) -> _Head:
    """The head with issuer and date of the clause that leads to the type word, where they are plain."""
    before = fold_aligned(text[offset : head.start])
    found = _ISSUER_BEFORE_AT.search(before) or _ISSUER_BEFORE_VERB.search(before)
    if found is None or not _BODY.match(text, offset + found.start("issuer")):
        return head
    dated = _DATE_BEFORE.search(before, 0, found.start("issuer"))
    return replace(
        head,
        issuer_span=(offset + found.start("issuer"), offset + found.end("issuer")),
        date=_read_date(text, offset, dated) if dated else None,
    )


def _is_header_line(text: str, ref: _Ref, before: str) -> bool:
    """The number line on top of a document: alone on its line, or beside place and date, "Số" capital."""
    header = _HEADER_BEFORE.search(before)
    if header is None:
        return False
    word_start = ref.start - (len(before) - header.start("word"))
    return text[word_start].isupper() and bool(
        _HEADER_AFTER.match(fold_aligned(text[ref.end : ref.end + 80]))
    )


def _base_type(name: str | None) -> str | None:
    """The type that owns the abbreviation which a longer name shares."""
    abbr = TYPES.get(name) if name else None
    return TYPE_BY_ABBREVIATION.get(fold(abbr)) if abbr else name


def _read_after(text: str, ref: _Ref, head: _Head) -> Mention:
    ref_end = ref.end
    dated = _DATE.match(fold_aligned(text[ref_end : ref_end + 80]))
    end = ref_end + dated.end() if dated else ref_end
    tail = _Tail(text, end, head)
    printed = _read_date(text, ref_end, dated) if dated else tail.late_date or head.date
    return Mention(
        raw=text[head.start : end],
        span=(head.start, end),
        type=head.type,
        type_abbr=TYPES.get(head.type) if head.type else None,
        type_raw=head.type_raw,
        ref=ref.raw,
        number=ref.number,
        number_year=ref.year,
        symbol=ref.symbol,
        date_raw=printed.raw if printed else None,
        date=printed.iso if printed else None,
        issuer_raw=text[slice(*tail.issuer_span)] if tail.issuer_span else None,
        issuer_span=tail.issuer_span,
        about_raw=text[slice(*tail.about_span)] if tail.about_span else None,
        about_span=tail.about_span,
    )


class _Tail:
    """Reads issuer and title after the date. `late_date` is a date printed after the issuer."""

    def __init__(self, text: str, start: int, head: _Head) -> None:
        self.issuer_span = head.issuer_span
        self.about_span = head.name_span
        self.late_date: _PrintedDate | None = None
        self._rest = text[start : start + _MAX_TITLE]
        self._start = start
        self._folded = fold_aligned(self._rest[: _MAX_ISSUER + 80])
        self._choose_spelling()
        position = self._read_issuer()
        self._read_title(position)

    def _choose_spelling(self) -> None:
        plain = lacks_accents(self._rest)
        self._phrases: Phrases = phrases(accents=not plain)
        self._source = without_accents(self._rest) if plain else self._rest
        if self._rest[:80].isupper():
            lowered = self._source.lower()
            self._source = lowered if len(lowered) == len(self._rest) else self._source

    def _read_issuer(self) -> int:
        """Returns where to look for the title."""
        of = _OF.match(self._folded)
        if of is None or (of["word"] == "do" and self._source[of.start("word") : of.end("word")] != "do"):
            return 0  # "đó" and "độ" fold to the same letters
        stop = self._end_of_issuer(of.end())
        name = _TRAILING.sub("", self._rest[of.end() : stop])
        if not name:
            return 0
        end = of.end() + len(name)
        self.issuer_span = (self._start + of.end(), self._start + end)
        if of["word"] == "do":
            issued = _ISSUED_BY.match(self._folded, end)
            end = issued.end() if issued else end
        dated = _DATE.match(self._folded, end)
        if dated:
            self.late_date = _read_date(self._rest, 0, dated)
            end = dated.end()
        return end

    def _end_of_issuer(self, start: int) -> int:
        """Where the name ends: at a title, at punctuation, at a word that no name contains."""
        limit = min(len(self._source), start + _MAX_ISSUER)
        if _STEERING_BODY.match(self._folded, start):
            stop = self._phrases.steering_name_end.search(self._source, start, limit)
            if stop and not stop.group().strip():
                return stop.start()
        for stop in self._phrases.name_end.finditer(self._source, start, limit):
            if stop.group() == "," and self._is_comma_in_name(stop.start()):
                continue
            if stop.group() == "." and _ABBREVIATION_BEFORE_STOP.search(self._rest, start, stop.start()):
                continue
            return stop.start()
        return limit

    def _is_comma_in_name(self, comma: int) -> bool:
        """ "Sở Văn hóa, Thể thao và Du lịch": a comma in a name of three parts."""
        return (
            _NAME_WITH_COMMA.match(self._rest, comma) is not None
            and _BODY_AFTER_COMMA.match(self._rest, comma) is None
        )

    def _read_title(self, position: int) -> None:
        after_issuer = self.issuer_span is not None
        pattern = self._phrases.title_after_issuer if after_issuer else self._phrases.title_start
        title = pattern.match(self._source, position)
        if title is None:
            return
        begin = title.start("lead") if title["lead"] else title.start("comma_lead")
        stop = self._end_of_title(begin, mind_quotes=True)
        if stop is None:
            stop = self._end_of_title(begin, mind_quotes=False) or len(self._rest)
        end = begin + len(_TRAILING.sub("", self._rest[begin:stop]))
        self.about_span = (self._start + begin, self._start + end)

    def _end_of_title(self, start: int, *, mind_quotes: bool) -> int | None:
        """End of the title, or None when a quotation mark stays open."""
        closing: str | None = None
        brackets = 0
        for stop in self._phrases.title_end.finditer(self._source, start):
            mark = stop.group()
            if stop["quote"]:
                closing = _after_quote(self._rest[stop.start()], closing) if mind_quotes else None
            elif closing is not None:
                continue
            elif stop["bracket"]:
                brackets += 1 if mark == "(" else -1
                if brackets < 0 or (mark == "(" and _is_short_name_note(self._rest, stop.end())):
                    return stop.start()
            elif mark == "." and _ABBREVIATION_BEFORE_STOP.search(self._rest, start, stop.start()):
                continue
            elif brackets == 0 or mark in (";", "..."):
                return stop.start()
        return None if closing is not None else len(self._rest)


def _after_quote(mark: str, closing: str | None) -> str | None:
    """The mark that closes the quotation in which we are after `mark`; None outside. Typists mix ” and "."""
    if closing is None:
        return _OPEN_TO_CLOSE.get(mark)
    return None if mark == closing or {mark, closing} == {"”", '"'} else closing


def _is_short_name_note(text: str, position: int) -> bool:
    note = fold(text[position : position + 24])
    return note.startswith(("sau day", "goi tat", "viet tat", "duoi day", "goi la", "kem theo"))


def _read_date(text: str, offset: int, dated: re.Match[str]) -> _PrintedDate:
    parts = {name: value for name, value in dated.groupdict().items() if value}
    group = next(name for name in ("raw", "raw_month", "raw_year", "raw_bracket") if name in parts)
    return _PrintedDate(text[offset + dated.start(group) : offset + dated.end(group)], _iso_date(parts))


def _iso_date(parts: dict[str, str]) -> str | None:
    """The date, or its known part; None for days and years that cannot be."""
    day, month, year = (
        next((parts[name] for name in names if name in parts), "")
        for names in (("d", "dl"), ("m", "ml", "mp", "mo"), ("y", "yl", "yp", "yo", "ya", "yb"))
    )
    if len(year) == 2:
        year = ("20" if int(year) < 50 else "19") + year
    if len(year) != 4 or not year.startswith(("19", "20")):
        return None
    try:
        exact = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        return exact.isoformat()
    return f"{year}-{int(month):02}" if month else year


def _share_issuers(text: str, mentions: list[Mention]) -> list[Mention]:
    """Give the issuer printed once, after the last of a list, to those before it.

    A list carries on under one type word, or repeats the type with the very same symbol.
    """
    shared = list(mentions)
    for index in range(len(shared) - 2, -1, -1):
        one, after = shared[index], shared[index + 1]
        if (
            one.issuer_raw
            or one.about_raw
            or after.issuer_span is None
            or after.issuer_span[0] < after.span[1]
        ):
            continue
        between = fold_aligned(text[one.span[1] : after.span[0]])
        if _LIST_GLUE.fullmatch(between) and (after.type_raw is None or one.symbol == after.symbol):
            shared[index] = replace(one, issuer_raw=after.issuer_raw, issuer_span=after.issuer_span)
    return shared


def _print_date(iso: str) -> str:
    parts = iso.split("-")
    if len(parts) == 3:
        return f"ngày {format_date_nd30_short(date.fromisoformat(iso))}"
    if len(parts) == 2:
        return f"tháng {int(parts[1])} năm {parts[0]}"
    return f"năm {parts[0]}"


_SHORT_BODIES = tuple(
    (re.compile(rf"\b{skeleton(short)}\b"), skeleton(full))
    for short, full in (
        ("UBND", "Ủy ban nhân dân"),
        ("HĐND", "Hội đồng nhân dân"),
        ("MTTQ", "Mặt trận Tổ quốc"),
        ("TTg", "Thủ tướng Chính phủ"),
    )
)


@lru_cache(maxsize=4096)
def _issuer_key(issuer: str | None) -> str:
    if not issuer:
        return ""
    key = skeleton(issuer)
    for short, full in _SHORT_BODIES:
        key = short.sub(full, key)
    return key


_LAW_TYPE_ENDS = ("uật", "áp lệnh", "iến pháp")  # for a cheap test
# Begins with a letter and looks back only then, as `_REF` does.
_LAW = re.compile(
    rf"(?P<type>[BLPH](?<!\w[BLPH])(?<!học [BLPH])(?<!Khoa [BLPH])(?<!Viện [BLPH])"
    rf"(?:(?<=L)uật|(?<=B)ộ luật|(?<=P)háp lệnh|(?<=H)iến pháp))(?=\s+"
    rf"(?:[{CAPITAL}0-9]|(?!(?:này|sư|gia|pháp|lệ|trên|số|đó|có|được|là|và|thì|của|do|cũng|hiện|về)\b)[{SMALL}]))"
)
_LAW_NAME_WORDS = (
    "quy định|qui định|về|được|đã|có|là|tại|để|theo|thì|này|hiện hành|của|đối với|nhằm|do|như|sẽ|cho|với|"
    "trong|trên|gắn|đến|ban hành|cần|phải|khi|mà|đang|không"
)
_LAW_NAME_AFTER_COMMA = (
    "[Kk]hen thưởng|chống|bổ sung|công chức|viên chức|chăm sóc|sử dụng|nhập cảnh|xuất cảnh|quá cảnh|"
    "cư trú|đối thoại|bảo vệ|xử lý|an toàn|vệ sinh|trật tự|bồi thường|hỗ trợ|phản biện|lực lượng|vũ khí|"
    "vật liệu nổ|quản lý"
)
_LAW_NAME_STOP = (
    r"[;:.()“”\"«»\[\]\n…]|\s(?:(?:năm\s+)?[0-9]{4}\b|ngày\s+[0-9]|số\s*:?\s*[0-9]|và\s+các\b|%s)"
)
_LAW_NAME_END = re.compile(
    _LAW_NAME_STOP
    % (
        rf"và\s+(?:{'|'.join(sorted(TYPES, key=len, reverse=True))})\b|(?:{_LAW_NAME_WORDS})(?!\w))"
        rf"|,(?!\s+(?:{_LAW_NAME_AFTER_COMMA})(?!\w)"
    )
)
# "Luật sửa đổi, bổ sung một số điều của Luật A và Luật B": one law, however many it names.
_AMENDING_LAW_NAME_END = re.compile(
    r"[;:.()“”\"«»\[\]\n…]|\s(?:(?:năm\s+)?[0-9]{4}\b|ngày\s+[0-9]|số\s*:?\s*[0-9])"
)
_LAW_DATE = re.compile(
    rf"\s*,?\s*(?:ngay\s+(?P<raw>{_FULL_DATE})|(?P<raw_year>(?:nam\s+)?(?P<ya>(?:19|20)[0-9]{{2}}))"
    rf"|\((?P<raw_bracket>(?P<yb>(?:19|20)[0-9]{{2}}))\))(?![0-9])"
)
_MAX_LAW_NAME = 200


def find_named_laws(text: str) -> list[NamedLaw]:
    """Laws cited without a number: "Luật Thi đua, khen thưởng ngày 15/6/2022", "Luật Đất đai".

    A law with its number is a reference for `find` and does not come here. Spans as in `find`.
    """
    text = nfc(text)
    if not any(end in text for end in _LAW_TYPE_ENDS) or _LAW.search(text) is None:
        return []
    return list(_named_laws(text))


def _named_laws(text: str) -> Iterator[NamedLaw]:
    numbered = [mention.span for mention in find(text)]
    position = 0
    for match in _LAW.finditer(text):
        if match.start() < position or any(start <= match.start() < end for start, end in numbered):
            continue
        limit = min(len(text), match.end() + _MAX_LAW_NAME)
        amending = text.startswith("sửa đổi", match.end() + 1)
        stop = (_AMENDING_LAW_NAME_END if amending else _LAW_NAME_END).search(text, match.end(), limit)
        name_end = stop.start() if stop else limit
        name = _TRAILING.sub("", text[match.end() : name_end]).strip()
        dated = _LAW_DATE.match(fold_aligned(text[name_end : name_end + 40]))
        if not name and not dated:
            continue
        end = (
            name_end + dated.end()
            if dated
            else match.end() + len(_TRAILING.sub("", text[match.end() : name_end]))
        )
        position = end
        printed = _read_date(text, name_end, dated) if dated else None
        yield NamedLaw(
            raw=text[match.start() : end],
            span=(match.start(), end),
            type=match["type"],
            name=name,
            date_raw=printed.raw if printed else None,
            date=printed.iso if printed else None,
        )
