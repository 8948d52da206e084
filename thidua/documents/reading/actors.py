"""Who is to do it: the bodies and people named in a sentence, and in what manner they are charged.

Hides how a name is told from the sentence around it: names of bodies begin with known words ("Sở", "UBND",
"các cơ quan"), go on as long as no verb of doing comes, and may hold commas, "và" and verbs of their own.
`Words` is a sentence cut into words once; all positions are characters of its text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from . import vocabulary
from .matching import flat

_TOKEN = re.compile(r"[a-z0-9]+")
_LONGEST_LIST = 400
_MOST_WORDS = 120  # of all the names in a row; a longer stretch without a verb is no list of bodies


# --- words and phrases -----------------------------------------------------------------------------


class Words:
    """A text as words: flat, where they begin and end, and what stands in brackets or quotation marks."""

    __slots__ = (
        "bodies",
        "ends",
        "hidden",
        "key",
        "no_heads",
        "phrase_ends",
        "starts",
        "text",
        "unaccented",
        "words",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.key = key = flat(text)
        self.words = _TOKEN.findall(key)
        starts: list[int] = []
        ends: list[int] = []
        end = 0
        for word in self.words:
            start = key.find(word, end)  # between two words stands no letter of a word
            end = start + len(word)
            starts.append(start)
            ends.append(end)
        self.starts = starts
        self.ends = ends
        self.hidden = _hidden(text, key)
        self.unaccented = text.isascii()
        #: what `bodies_at` found, by word: a sentence is asked several times about the same place
        self.bodies: dict[int, Bodies | None] = {}
        self.no_heads: set[int] = set()
        self.phrase_ends: dict[int, dict[str, int]] = {}

    def __len__(self) -> int:
        return len(self.words)

    def at(self, position: int) -> int:
        """Index of the first word that begins at or after a character."""
        return bisect_left(self.starts, position)

    def is_hidden(self, position: int) -> bool:
        return bool(self.hidden) and any(start <= position < end for start, end in self.hidden)

    def gap(self, index: int) -> str:
        """What stands between the word before and this one."""
        return self.key[self.ends[index - 1] : self.starts[index]] if index else ""


def _hidden(text: str, key: str) -> tuple[tuple[int, int], ...]:
    """Stretches in round brackets and in quotation marks, the marks included."""
    if "(" not in key and '"' not in key:
        return ()
    spans: list[tuple[int, int]] = []
    opened: int | None = None
    until = ""
    for match in re.finditer(r'["()]', key):
        mark, at = match.group(), match.start()
        if opened is None:
            if mark == "(" or (mark == '"' and text[at] not in "”»"):
                opened, until = at, ")" if mark == "(" else '"'
        elif mark == until:
            spans.append((opened, at + 1))
            opened = None
    return tuple(spans)


@lru_cache(maxsize=4096)
def _letters(word: str) -> str:
    """The letters and marks of a word whatever their order, so that "uỷ" is "ủy"."""
    return "".join(sorted(unicodedata.normalize("NFD", word.lower())))


#: its letters without accents, its letters and marks in order, the sets it belongs to
_Phrase = tuple[str, str, tuple[str, ...]]
_NONE: list[_Phrase] = []


class _Lexicon:
    """All phrases that matter, each with the sets it belongs to, looked up together by their first word."""

    def __init__(self, sets: dict[str, Iterable[str]]) -> None:
        of_phrase: dict[str, set[str]] = {}
        for name, phrases in sets.items():
            for phrase in phrases:
                of_phrase.setdefault(phrase, set()).add(name)
        #: by first word the phrases of that word alone, and by second word those that go on; longest first
        self._alone: dict[str, list[_Phrase]] = {}
        self._going_on: dict[str, dict[str, list[_Phrase]]] = {}
        for phrase in sorted(of_phrase, key=len, reverse=True):
            key = flat(phrase)
            first, *more = _TOKEN.findall(key)
            entry = (key, _letters(phrase), tuple(sorted(of_phrase[phrase])))
            if more:
                self._going_on.setdefault(first, {}).setdefault(more[0], []).append(entry)
            else:
                self._alone.setdefault(first, []).append(entry)

    def ends_at(self, words: Words, index: int) -> dict[str, int]:
        """By set, where the longest of its phrases that begins with this word ends."""
        first = words.words[index]
        candidates = self._alone.get(first, _NONE)
        going_on = self._going_on.get(first)
        if going_on is not None and index + 1 < len(words.words):
            longer = going_on.get(words.words[index + 1])
            if longer is not None:
                candidates = [*longer, *candidates]
        if not candidates:
            return _NOTHING
        start = words.starts[index]
        key = words.key
        ends: dict[str, int] = {}
        for phrase, letters, names in candidates:
            if not key.startswith(phrase, start):
                continue
            end = start + len(phrase)
            if end < len(key) and key[end].isalnum():
                continue
            printed = words.text[start:end]
            if _letters(printed) == letters or (words.unaccented and printed.isascii()):
                for name in names:
                    if name not in ends:
                        ends[name] = end
        return ends


_NOTHING: dict[str, int] = {}


class _Vocabulary(NamedTuple):
    phrases: _Lexicon
    not_alone: re.Pattern[str]
    never: re.Pattern[str]
    noun_makers: frozenset[str]


@cache
def _vocabulary() -> _Vocabulary:
    agencies = vocabulary.load("agencies")
    predicates = vocabulary.load("predicates")
    goes_on = predicates["name_goes_on_after"]
    return _Vocabulary(
        phrases=_Lexicon(
            {
                "named": agencies["named"],
                "groups": agencies["groups"],
                "levels": agencies["levels"],
                "tails": agencies["tails"],
                "complete": agencies["complete"],
                "bodies": [*agencies["named"], *agencies["groups"]],
                "determiners": agencies["determiners"],
                "whole_names": [*agencies["whole_names"], *predicates["not_verbs"]],
                "actions": predicates["actions"],
                "marks": predicates["marks"],
                "predicates": [*predicates["actions"], *predicates["marks"]],
                "stops": predicates["stops"],
                "goes_on": goes_on,
                "long_goes_on": [noun for noun in goes_on if " " in noun],
                "stand_alone": predicates["stand_alone"],
                "in_names": predicates["in_names"],
            }
        ),
        not_alone=re.compile("|".join(f"(?:{entry})" for entry in agencies["not_bodies_alone"])),
        never=re.compile("|".join(f"(?:{entry})" for entry in agencies["not_bodies"])),
        noun_makers=frozenset(flat(word) for word in predicates["noun_makers"]),
    )


def _ends(words: Words, index: int) -> dict[str, int]:
    """By set, where the phrase that begins with this word ends."""
    ends = words.phrase_ends.get(index)
    if ends is None:
        ends = words.phrase_ends[index] = _vocabulary().phrases.ends_at(words, index)
    return ends


def _end(words: Words, index: int, phrases: str) -> int | None:
    """Where the phrase of this set that begins with this word ends, or None."""
    ends = words.phrase_ends.get(index)
    if ends is None:
        ends = words.phrase_ends[index] = _vocabulary().phrases.ends_at(words, index)
    return ends.get(phrases)


# --- verbs -----------------------------------------------------------------------------------------


def action_end(words: Words, index: int) -> int | None:
    """Where the verb of doing that begins with this word ends, or None."""
    return _end(words, index, "actions")


def begins_with_action(words: Words, index: int) -> bool:
    """Whether a verb of doing stands here, adverbs before it allowed ("Tiếp tục đẩy mạnh …")."""
    for _ in range(4):
        if index >= len(words):
            return False
        if _end(words, index, "actions") is not None:
            return True
        end = _end(words, index, "marks")
        if end is None:
            return False
        index = words.at(end)
    return False


def _is_lower(words: Words, index: int) -> bool:
    return words.text[words.starts[index]].islower()


# --- names -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bodies:
    """Bodies named in a row: `names` as they are to be written, and where they stand.

    `followed` = a verb of doing comes right after, so that they are the ones who do it.
    """

    names: tuple[str, ...]
    start: int
    end: int
    followed: bool
    next_word: int  # index of the word after the names


def bodies_at(words: Words, index: int, *, until: int | None = None) -> Bodies | None:
    """The bodies whose names begin with this word, or None when none do."""
    limit = len(words.text) if until is None else until
    if index >= len(words.words) or words.starts[index] >= limit or words.is_hidden(words.starts[index]):
        return None
    if index in words.no_heads:
        return None
    if index not in words.bodies:
        if _head_end(words, index) is None:
            words.no_heads.add(index)
            return None
        words.bodies[index] = _read_bodies(words, index, len(words.text))
    bodies = words.bodies[index]
    if bodies is None or bodies.end > limit or not _is_inside(words, bodies, limit):
        return _read_bodies(words, index, limit)
    return bodies


def _is_inside(words: Words, bodies: Bodies, limit: int) -> bool:
    """Whether the names and what ends them stand before the limit, so that it changes nothing."""
    if bodies.next_word >= len(words.words):
        return limit >= len(words.text)
    return words.starts[bodies.next_word] < limit


def _read_bodies(words: Words, index: int, limit: int) -> Bodies | None:
    head = _head_end(words, index)
    if head is None:
        return None
    start = words.starts[index]
    position, followed = _names_end(words, index, head, limit)
    end = words.starts[position] if position < len(words) and words.starts[position] < limit else limit
    printed = words.text[start:end].rstrip(" ,;:.-–/").removesuffix(" cùng")
    end = start + len(printed)
    if not printed or len(printed) > _LONGEST_LIST:
        return None
    names = _names_of(printed)
    return Bodies(names, start, end, followed, position) if names else None


def _head_end(words: Words, index: int) -> int | None:
    """End of the opening word of a body at this word, determiners included; None when no body begins here."""
    determined = False
    for _ in range(3):
        end = _end(words, index, "determiners")
        if end is None:
            break
        determined = True
        index = words.at(end)
        if index >= len(words) or words.gap(index).strip():
            return None
    start = words.starts[index]
    if _vocabulary().never.match(words.key, start):
        return None
    if not determined and _vocabulary().not_alone.match(words.key, start):
        return None
    return _end(words, index, "bodies")


def _names_end(words: Words, index: int, head: int, limit: int) -> tuple[int, bool]:
    """Index of the word that ends the names that begin at `index`, and whether it is a verb of doing."""
    plural = _end(words, index, "determiners") is not None
    determined = plural
    heads = _ends(words, index)
    position = words.at(head)
    open_name = head if not plural and _name_goes_on(words, index) == head else -1
    if heads.get("complete") == head:
        verb = _unknown_verb(words, -1, index, position, limit)
        if verb is not None:
            return verb, words.words[verb] not in _DESCRIBING
    while position < len(words) and words.starts[position] < limit:
        if position - index > _MOST_WORDS:
            return position, False
        gap = words.gap(position)
        if gap != " " and any(mark in gap for mark in ".:!?"):
            return position, False
        start = words.starts[position]
        ends = _ends(words, position)
        if not ends and words.words[position] not in ("trong", "truoc"):
            position += 1
            continue
        if words.is_hidden(start):
            position += 1
            continue
        whole = ends.get("whole_names")
        if whole is not None:
            position = words.at(whole)
            continue
        end = ends.get("predicates")
        unit = ends.get("bodies")
        if end is not None and (unit is None or unit <= end):
            if not _is_part_of_name(words, position, end, open_name, gap):
                return position, True
            open_name = end if open_name == words.ends[position - 1] else -1
            position = words.at(end)
            continue
        if _stops(words, position):
            return position, False
        tail = ends.get("tails")
        if tail is not None:
            verb = _unknown_verb(words, index, position, words.at(tail), limit)
            if verb is not None:
                return verb, words.words[verb] not in _DESCRIBING
        after = _name_goes_on(words, position) if _may_open_name(words, position, gap) else None
        if unit is not None and unit > (after or 0):
            # "bệnh viện" is one word: its "viện" opens no name
            open_name = -1
            past = words.at(unit)
            if "named" in heads and not determined and unit == ends.get("levels"):
                verb = _unknown_verb(words, index, position, past, limit)
                if verb is not None:
                    return verb, words.words[verb] not in _DESCRIBING
            position = past
            continue
        if after is not None:
            plural = _end(words, position - 1, "determiners") is not None
            open_name = -1 if plural else after
            position = words.at(after)
            continue
        position += 1
    return position, False


#: after the name of a body they go on with it or lead to its place; no verb begins with them
_GO_ON = frozenset(
    re.findall(
        r"\w+",
        "thuộc và cùng với hoặc hay liên quan trên ở tại về theo để do của cũ mới này mình nhà đến đối gồm trong"
        " trước sau khi từ bằng vào thì mà nơi dưới đồng như hiện so khác vùng miền biên đặc điểm kiểu nông loại"
        " viên ủy",
    )
)
#: they tell what a body has or is; what follows is nothing to be done
_DESCRIBING = frozenset(("co", "da", "chua", "con"))


def _unknown_verb(words: Words, index: int, level: int, following: int, limit: int) -> int | None:
    """Where a verb that no list knows follows the place of a body: "Đoàn Thanh niên xã dán áp phích".

    A name ends with its level ("xã", "tỉnh") and the place's own name in capitals; a word in small letters that
    begins no body and is none of the words that go on with a name is the verb.
    """
    if (
        (level and _end(words, level - 1, "determiners") is not None)
        or words.unaccented
        or words.text.isupper()
    ):
        return None
    if level == index:
        return None
    while (
        following < len(words)
        and words.gap(following) == " "
        and words.text[words.starts[following]].isupper()
        and not _ends(words, following).get("bodies")
    ):
        following += 1
    if following >= len(words) or words.starts[following] >= limit or words.gap(following) != " ":
        return None
    if (
        not _is_lower(words, following)
        or words.text[words.starts[following] : words.ends[following]] in _GO_ON
    ):
        return None
    ends = _ends(words, following)
    if ends.keys() - {"in_names"} or words.is_hidden(words.starts[following]):
        return None
    return following


def _may_open_name(words: Words, position: int, gap: str) -> bool:
    """A noun of one syllable opens a name only after a comma, "và" or "của": the "vụ" of "nội vụ" is none."""
    if "," in gap or ";" in gap or words.words[position - 1] in ("va", "cua", "cac", "moi"):
        return True
    return _end(words, position, "long_goes_on") is not None


def _name_goes_on(words: Words, index: int) -> int | None:
    """End of a noun here that takes a verb into its name ("hội đồng", "chương trình"), or None."""
    end = _end(words, index, "goes_on")
    if end is not None and not _is_lower(words, index) and _end(words, index, "stand_alone") == end:
        return None
    return end


def _stops(words: Words, position: int) -> bool:
    """A preposition that cannot stand in a name."""
    if not _is_lower(words, position):
        return False
    if words.words[position] == "trong" and position + 1 < len(words):
        return _end(words, position, "stops") is not None or _end(words, position + 1, "actions") is not None
    if words.words[position] == "truoc" and position + 1 < len(words) and words.words[position + 1].isdigit():
        return True
    return _end(words, position, "stops") is not None


def _is_part_of_name(words: Words, position: int, end: int, open_name: int, gap: str) -> bool:
    """Whether a verb inside a name is no verb there: printed with a capital, or after "công tác", "ban" …"""
    if not _is_lower(words, position) or words.text.isupper():
        return True
    if open_name == words.ends[position - 1] and not gap.strip(" -,"):
        return _end(words, position, "in_names") is not None
    before = words.words[position - 1]
    if not gap.strip() and (
        before in _vocabulary().noun_makers or _pair_before(words, position) in _vocabulary().noun_makers
    ):
        return before != "su" or _pair_before(words, position) not in _WORDS_IN_SU
    if words.words[position] == "lanh" and ("," in gap or before == "va"):
        following = words.at(end)
        return following < len(words) and _head_end(words, following) is not None
    if words.words[position] == "to" and words.key.startswith("to chuc", words.starts[position]):
        return _is_noun_to_chuc(words, position, gap, before)
    return False


#: nouns of two syllables that end in "sự" and make no noun of the verb after them
_WORDS_IN_SU = frozenset(
    ("nhan su", "quan su", "dan su", "hinh su", "thoi su", "lich su", "dai su", "van su")
)


def _pair_before(words: Words, position: int) -> str:
    return f"{words.words[position - 2]} {words.words[position - 1]}" if position >= 2 else ""


def _is_noun_to_chuc(words: Words, position: int, gap: str, before: str) -> bool:
    """Whether it is the noun ("các tổ chức", "cơ quan, tổ chức") and not the verb ("các phòng tổ chức …")."""
    if before in ("cac", "moi", "nhung", "tung"):
        return True
    if gap.strip() == "," or before == "va":
        following = position + 2
        if following >= len(words):
            return True
        if any(mark in words.gap(following) for mark in ",;"):
            return True
        return _end(words, following, "actions") is not None or words.words[following] in (
            "va", "co", "tren", "lien", "trong", "chinh", "xa", "doan",
        )  # fmt: skip
    return False


_SEPARATOR = re.compile(r"\s*;\s*(?:va\s+)?|\s*,\s*(?:va\s+)?(?:cung\s+)?|\s+va\s+|\s+cung(?:\s+voi)?\s+")


@lru_cache(maxsize=4096)
def _names_of(printed: str) -> tuple[str, ...]:
    if _SEPARATOR.search(flat(printed)) is None:
        name = normal_name(printed)
        return (name,) if name else ()
    return tuple(_names_in(Words(printed)))


def _names_in(words: Words) -> Iterator[str]:
    """The single names of a list: "A; B", "A, B và C"; a group such as "các phòng, đơn vị" stays one."""
    start = 0
    protected = _protected(words)
    for match in _SEPARATOR.finditer(words.key):
        if match.start() < start or words.is_hidden(match.start()):
            continue
        if any(low < match.start() < high for low, high in protected):
            continue
        index = words.at(match.end())
        if index >= len(words) or words.starts[index] != match.end():
            continue
        if ";" in match.group() or _opens_new_name(words, index, start):
            yield normal_name(words.text[start : match.start()])
            start = match.end()
    last = normal_name(words.text[start:])
    if last:
        yield last


def _protected(words: Words) -> list[tuple[int, int]]:
    """Places of names that hold a comma or "và"."""
    if "," not in words.key and " va " not in words.key:
        return []
    places = []
    for index in range(len(words)):
        end = _end(words, index, "whole_names")
        if end is not None:
            places.append((words.starts[index], end))
    return places


def _opens_new_name(words: Words, index: int, start: int) -> bool:
    """Whether the word after a comma or "và" begins another body and does not go on with this one."""
    if _end(words, index, "determiners") is not None:
        return _head_end(words, index) is not None or words.words[index] == "cac"
    if _vocabulary().never.match(words.key, words.starts[index]):
        return False
    end = _end(words, index, "named")
    if end is None:
        return _is_loose_group(words, index, start)
    following = words.at(end)
    if following >= len(words):
        return not _is_lower(words, index)
    gap = words.key[end : words.starts[following]]
    if gap.strip():
        # "Mặt trận, đoàn thể": one word of a list of kinds; "Công đoàn, Đoàn Thanh niên": a body each
        return not _is_lower(words, index) and not _is_lower(words, following)
    if _is_lower(words, index):
        return not _is_lower(words, following) or _end(words, following, "determiners") is not None
    return True


def _is_loose_group(words: Words, index: int, start: int) -> bool:
    """Whether a kind of body after a name is another one: "Sở Nội vụ và đơn vị liên quan"."""
    if words.words[index] not in ("co", "don", "dia", "doanh") or _end(words, index, "groups") is None:
        return False
    first = words.at(start)
    before = words.words[first:index]
    return (
        "cac" not in before
        and "moi" not in before
        and _end(words, first, "named") is not None
        and _end(words, first, "groups") != _end(words, first, "named")
    )


_TONES = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_OLD_TONE = re.compile(r"(?<![qQ])(?:o[àáảãạèéẻẽẹ]|u[ỳýỷỹỵ])(?!\w)", re.IGNORECASE)


_DASH_IN_NAME = re.compile(r"(?<=\w)\s*[–—]\s*(?=\w)|(?<=\w)- (?=\w)|(?<=\w) -(?=\w)")


@lru_cache(maxsize=2048)
def normal_name(printed: str) -> str:
    """A name in one spelling: capital first, hyphens between spaces, tone marks on the first vowel."""
    name = " ".join(printed.split()).strip(" ,;:.-–—")
    if not name:
        return ""
    if "-" in name or "–" in name or "—" in name:
        name = _DASH_IN_NAME.sub(" - ", name)
    name = _OLD_TONE.sub(lambda match: _TONES.get(match.group(), match.group()), name)
    if name.isupper() and len(name.split()) > 1:
        name = name.lower()
    return name[0].upper() + name[1:]


# --- who is charged, and how -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does what a sentence says; `modality` is golden/1's, or None when only the verb tells.

    `start` is where the charge begins ("Giao …"), `end` where the names end.
    """

    names: tuple[str, ...]
    start: int
    end: int
    modality: str | None
    next_word: int


_CHARGES = {
    "de nghi": "de_nghi", "yeu cau": "yeu_cau", "khuyen khich": "khuyen_khich",
    "van dong": "van_dong", "keu goi": "van_dong", "dong vien": "van_dong",
}  # fmt: skip
_CHARGE = re.compile(
    r"(?P<word>de nghi|yeu cau|giao(?! (?:ban|luu|thong|dich|uoc|tiep|nhan|vien|duc|su|chuc|xu)\b)(?: nhiem vu| trach nhiem)?(?: cho)?|phan cong|khuyen khich|van dong"
    r"|keu goi|dong vien"
    r"|uy quyen cho)\s*(?::\s*)?(?=\S)"
)
_AWARDING = re.compile(
    r"[^.;]{0,60}?\b(?:khen thuong|tang (?:bang|giay|co|huan|ky|danh)|tang thuong|xet tang"
    r"|cong nhan danh hieu|khen cao)\b"
)
FRONTED = re.compile(
    r"(?:can cu|tren co so|tren tinh than|trong|neu|khi|sau khi|ngay sau|de|nham|theo|hang|dinh ky|tu|den"
    r"|truoc|cham nhat|vao|ket thuc|voi|thong qua"
    r"|truong hop|qua trinh|ngoai ra|ben canh|dong thoi|cung voi|dip|nhan dip|nhan|het|nam|quy|thang|ngay"
    r"|giai doan|moi (?:nam|quy|thang|tuan|khi)"
    r"|dot|buoc|thoi gian|hoan thanh|muon nhat|phat huy|tiep tuc|tren day|ke tu|tai|o|giua|cuoi|dau"
    r"|khi co|bam sat|tuy|luu y|lan luot|truoc mat)\b"
)
COMMA = re.compile(r",\s*")
_CONDITIONAL = re.compile(r"(?:neu|khi|trong qua trinh|qua trinh|trong truong hop|truong hop)\b")
_INNER_CHARGE = re.compile(r"(?<![a-z])(?:de nghi|yeu cau)\s+(?=\S)")
LEADERSHIP = re.compile(
    r"(?:tiep tuc )?(?:tang cuong|nang cao|phat huy|de cao|dam bao|bao dam)\s+(?:hon nua )?(?:su|vai tro"
    r"|trach nhiem|cong tac)\b"
    r"(?P<what>[^;.]{0,80}?)\bcua\s+"
)


def actor_at(words: Words, index: int, until: int, *, may_stand_alone: bool = False) -> Actor | None:
    """Who the sentence beginning with this word names as doing it, or None when it names nobody.

    `may_stand_alone`: the names need no verb after them (a heading, a line that introduces bullets).
    """
    return _charged(words, index, until, may_stand_alone) or _fronted(words, index, until)


def _charged(words: Words, index: int, until: int, may_stand_alone: bool) -> Actor | None:
    if index >= len(words) or words.starts[index] >= until:
        return None
    start = words.starts[index]
    charge = _CHARGE.match(words.key, start)
    if charge and _is_charge(words, charge):
        return _charge(words, charge, start, until, may_stand_alone)
    leadership = LEADERSHIP.match(words.key, start)
    if leadership:
        bodies = bodies_at(words, words.at(leadership.end()), until=until)
        return Actor(bodies.names, bodies.start, bodies.end, None, bodies.next_word) if bodies else None
    bodies = bodies_at(words, index, until=until)
    if bodies is None or not (bodies.followed or may_stand_alone or _verb_after_aside(words, bodies, until)):
        return None
    inner = _CHARGE.match(words.key, words.starts[bodies.next_word]) if bodies.followed else None
    if (
        inner
        and inner["word"].startswith(("giao", "de nghi", "yeu cau", "phan cong"))
        and not _OWN_PEOPLE.match(words.key, inner.start())
    ):
        actor = _charge(words, inner, start, until, may_stand_alone)
        if actor:
            return actor
    return Actor(bodies.names, bodies.start, bodies.end, None, bodies.next_word)


#: whom a body puts in charge among its own people, which is its own doing: "phân công lãnh đạo phụ trách …"
_OWN_PEOPLE = re.compile(
    r"(?:phan cong|giao)(?: nhiem vu)?(?: cho)? (?:01 |mot |\d+ )?(?:dong chi |lanh dao\b|can bo|cong chuc\b|vien chuc|nhan vien"
    r"|chuyen vien|giao vien|dang vien|dang uy vien|uy vien|cap uy vien|hoi vien|doan vien|thanh vien|nguoi|dau moi|bo phan chuyen)"
)


def _is_charge(words: Words, charge: re.Match[str]) -> bool:
    """Whether the word is the verb it looks like without accents: "giáo viên" is no "giao"."""
    if charge["word"].startswith("giao"):
        printed = words.text[charge.start() : charge.start() + 4].lower()
        if printed != "giao":
            return False
    return not (charge["word"].startswith("phan cong") and _OWN_PEOPLE.match(words.key, charge.start()))


def _charge(
    words: Words, charge: re.Match[str], start: int, until: int, may_stand_alone: bool
) -> Actor | None:
    """Whom "Giao X …", "Đề nghị X …" charges; None for "đề nghị cấp trên khen thưởng"."""
    word = " ".join(charge["word"].split())
    bodies = bodies_at(words, words.at(charge.end()), until=until)
    if bodies is None:
        return None
    if word == "de nghi" and _AWARDING.match(words.key, bodies.end):
        return None
    if not (bodies.followed or may_stand_alone or word.startswith(("giao", "de nghi", "yeu cau"))):
        return None
    return Actor(bodies.names, start, bodies.end, _CHARGES.get(word, "giao"), bodies.next_word)


def _verb_after_aside(words: Words, bodies: Bodies, until: int) -> bool:
    """Whether the verb comes after an aside: "Văn phòng, trong trường hợp cần thiết, tham mưu …"."""
    if bodies.next_word >= len(words):
        return False
    comma = words.key.find(",", bodies.end, until)
    while comma != -1 and comma - bodies.end < 160:
        index = words.at(comma + 1)
        if index < len(words) and words.starts[index] < until and begins_with_action(words, index):
            return True
        comma = words.key.find(",", comma + 1, until)
    return _stops(words, bodies.next_word) and any(
        _end(words, index, "actions") is not None
        for index in range(bodies.next_word, min(bodies.next_word + 14, len(words)))
        if words.starts[index] < until
    )


def _fronted(words: Words, index: int, until: int) -> Actor | None:
    """The actor after words that come first: "Căn cứ …, các đơn vị …", "Trước ngày …, Sở …"."""
    if index >= len(words):
        return None
    start = words.starts[index]
    if not FRONTED.match(words.key, start):
        return None
    main_clause = False
    semicolon = words.key.find(";", start, until)
    if semicolon != -1 and not words.is_hidden(semicolon):
        until = semicolon
    for position in _after_fronted(words, start, until):
        following = words.at(position)
        if following >= len(words) or words.starts[following] >= until:
            break
        if main_clause and not _INNER_CHARGE.match(words.key, position):
            continue
        actor = _charged(words, following, until, may_stand_alone=False)
        if actor:
            return actor
        if action_end(words, following) is not None and words.starts[following] == position:
            if not _CONDITIONAL.match(words.key, start):
                break
            main_clause = True  # "nếu cần điều chỉnh, bổ sung … đề nghị các đơn vị …"
    return None


_EVERY_FRONTED = re.compile(
    r"(?:dinh ky\s+)?(?:hang|moi) (?:nam|quy|thang|tuan)(?:\s*\([^)]{0,60}\))?\s+(?=[a-z])"
)


def _after_fronted(words: Words, start: int, until: int) -> Iterator[int]:
    """Where the sentence proper may begin after words that come first: after a comma, at "đề nghị"."""
    places = [match.start() for match in _INNER_CHARGE.finditer(words.key, start, until)]
    places += [match.end() for match in COMMA.finditer(words.key, start + 1, until)]
    every = _EVERY_FRONTED.match(words.key, start, until)
    if every:
        places.append(every.end())  # "Hằng tháng các xã …", "Định kỳ hằng quý (trước ngày 20) các xã …"
    return (place for place in sorted(places) if not words.is_hidden(place))


# --- with whom, and to whom ------------------------------------------------------------------------

_WITH = re.compile(
    r"\bphoi hop(?: chat che| thuong xuyen| kip thoi)?(?: cung voi| voi| cung)?\s+(?=\S)|\bcung voi\s+"
    r"|\bcung\s+(?=cac\b)"
)
_WITH_BARE = re.compile(r"\bphoi hop\s+$")
_REPORT = re.compile(
    r"\b(?:gui(?=\s+(?:so|phong|ubnd|uy ban|ban|van phong|hoi dong|cong an|bo|cuc|chi cuc|tinh|huyen"
    r"|thanh|dang uy|hoi|lien doan)\b)|bao cao(?: ket qua| tinh hinh| tien do"
    r"| thanh tich)?[^,;.:]{0,80}?\s+(?:ve|cho|len|toi|voi)|gui(?: bao cao| ho so| danh sach| ke hoach"
    r"| ket qua)?[^,;.:]{0,90}?\s+(?:ve|cho|den|toi)"
    r"|nop[^,;.:]{0,80}?\s+(?:ve|cho)|phan anh[^,;.:]{0,40}?\s+(?:ve|voi|den|toi)|bao cao|trinh"
    r"|de xuat[^.:;]{0,160}?\s+voi|tham muu(?: cho| giup| voi)?)\s+(?=\S)"
)


#: what every `_REPORT` begins with; plain letters, which `re` can skip to
_REPORT_HINT = re.compile(r"bao cao|gui|nop|phan anh|trinh|de xuat|tham muu")


def coordinating_bodies(words: Words, start: int, until: int) -> list[str]:
    """The bodies with which the work between two places is done ("phối hợp với …")."""
    names: list[str] = []
    if words.key.find("phoi hop", start, until) == -1 and words.key.find("cung ", start, until) == -1:
        return names
    for match in _WITH.finditer(words.key, start, until):
        if words.is_hidden(match.start()):
            continue
        bodies = bodies_at(words, words.at(match.end()), until=until)
        if bodies:
            names += [name for name in bodies.names if name not in names]
    return names


_PERSONS = re.compile(
    r"(?:(?:cac|nhung|moi|tung|toan the) )*(?:ca nhan|tap the|doan vien|hoi vien|can bo|cong chuc|ho\b"
    r"|nguoi|gia dinh|bon\b|thon|nhan dan|trang thong tin"
    r"|cong thong tin|hoc sinh|bao\b|dai\b)"
)
_THROUGH = re.compile(r"\s*\((?:qua|thông qua)\b[^)]*\)")


def report_bodies(words: Words, start: int, until: int) -> list[str]:
    """The bodies to which the work between two places is reported or proposed."""
    reported: list[str] = []
    advised: list[str] = []
    if not _REPORT_HINT.search(words.key, start, until):
        return reported
    for match in _REPORT.finditer(words.key, start, until):
        if words.is_hidden(match.start()):
            continue
        bodies = bodies_at(words, words.at(match.end()), until=until)
        if bodies is None or _PERSONS.match(words.key, bodies.start):
            continue
        names = advised if match.group().startswith("tham muu") else reported
        for name in bodies.names:
            name = _THROUGH.sub("", name).split(" tại ")[0]
            if name not in names:
                names.append(name)
    return reported or advised
