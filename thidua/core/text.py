"""Vietnamese text: keys for searching, comparing and sorting, and repair of invisible characters.

All functions accept NFC and NFD and answer the same for both. None uses NFKC, which would turn the note
mark of "quy mô¹" into a digit. Keys are for comparison only; printed text is never rewritten by them.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
DOUBLE_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02'
SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b\u2032\u00b4`"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e"
SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of dictionaries
_MARKS = range(0x300, 0x370)


class _MemoTable(dict[int, str]):
    """A `str.translate` table that remembers characters it leaves alone.

    Without it every character outside the table costs a raised and caught LookupError.
    """

    def __missing__(self, code: int) -> str:
        self[code] = chr(code)
        return self[code]


def _base_letters() -> dict[int, str]:
    # the Icelandic and African look-alikes of Đ are common in Vietnamese files
    bases: dict[int, str] = dict.fromkeys((0x110, 0xD0, 0x189), "D") | dict.fromkeys(
        (0x111, 0xF0, 0x256), "d"
    )
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        stripped = "".join(c for c in unicodedata.normalize("NFD", chr(code)) if ord(c) not in _MARKS)
        if stripped and stripped != chr(code):
            bases[code] = stripped
    return bases


def _fold_table() -> _MemoTable:
    table = _MemoTable({code: base.lower() for code, base in _base_letters().items()})
    table.update(dict.fromkeys(_MARKS, ""))
    table.update(dict.fromkeys(map(ord, DASHES), "-"))
    table.update(dict.fromkeys(map(ord, DOUBLE_QUOTES), '"'))
    table.update(dict.fromkeys(map(ord, SINGLE_QUOTES), "'"))
    return table


class _AlignedTable(_MemoTable):
    """One character for one character: lower case where that stays a single character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        lowered = character.lower()
        if character.isspace() and character != "\n":
            lowered = " "
        self[code] = lowered if len(lowered) == 1 else character
        return self[code]


_FOLD = _fold_table()
_BARE = _MemoTable(_base_letters())
_ALIGNED = _AlignedTable({code: text for code, text in _FOLD.items() if text})
_REMOVE_INVISIBLE = _MemoTable({ord(c): "" for c in INVISIBLE})
_REPAIR_SPACES = _MemoTable(
    {ord(c): "" for c in INVISIBLE} | {ord(c): " " for c in SPACES} | {0x2028: "\n", 0x2029: "\n", 0x0B: "\n"}
)
_HAS_BAD_SPACE = re.compile(f"[{INVISIBLE}{SPACES}\u2028\u2029\x0b]")


def shortened(text: str, most: int = 110) -> str:
    """The first `most` characters at most, cut after a whole word, with "…" when something was left out.

    Tasks of plans are whole sentences; lists show their beginning. A single endless word is cut within.
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    begun = text[: most - 1]
    if text[most - 1].isalnum() and " " in begun:
        begun = begun.rsplit(" ", 1)[0]
    return f"{begun.rstrip(' ,;:.–-(')}…"


def nfc(text: str) -> str:
    """The composed form in which all text is stored and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Search key: lower case, no accents, đ as d, one kind of dash and quote, single spaces, trimmed.

    "Đắk Nông" and "dak nong" give the same key. Superscript digits stay what they are.
    """
    if not text.isascii():
        text = nfc(text.translate(_REMOVE_INVISIBLE)).lower().translate(_FOLD)
        text = nfc(text)
        return " ".join(text.split())
    return " ".join(text.lower().replace("`", "'").split())


def fold_aligned(text: str) -> str:
    """`fold` for NFC text, but character n of the answer is character n of `text`.

    For matching words in a text without accents or case and still knowing where they stand. Spaces are
    not collapsed; each one becomes a plain space, and line feeds stay.
    """
    try:
        coded, _ = codecs.charmap_encode(text, "strict", _USUAL_CODES)
    except UnicodeEncodeError:  # a character that Vietnamese documents seldom hold
        return text.translate(_ALIGNED)
    return codecs.charmap_decode(coded, "strict", _USUAL_FOLDED)[0]


def _usual_characters() -> str:
    """At most 256 characters, of which nearly all Vietnamese text is made; NUL first, as codecs want."""
    letters = [
        unicodedata.normalize("NFC", letter + tone) for letter in "aăâeêioôơuưy" for tone in ("", *_TONES)
    ]
    letters += [letter.upper() for letter in letters]
    signs = "–—“”‘’…•·§°±×≤≥−¹²³⁴⁵\u00a0"
    usual = ("\0", "\t", "\n", *map(chr, range(0x20, 0x7F)), *letters, "đ", "Đ", *signs)
    return "".join(dict.fromkeys(usual)).ljust(256, "\ufffe")


# Two C tables in place of one look-up per letter: nine times as fast, and every stage folds every sentence.
_USUAL_CODES = codecs.charmap_build(_usual_characters())
_USUAL_FOLDED = "".join(
    character if character == "\ufffe" else character.translate(_ALIGNED) for character in _usual_characters()
)


def without_accents(text: str) -> str:
    """NFC text with plain letters for accented ones, đ included; case, signs and positions stay."""
    return text.translate(_BARE)


@lru_cache(maxsize=8192)
def skeleton(name: str) -> str:
    """Key for two spellings of one name: without regard to case, spaces around hyphens, kind of dash or
    quote, and where the tone mark stands (uỷ, ủy; hoà, hòa). Other accents count.
    """
    text = unicodedata.normalize("NFD", nfc(name.translate(_REMOVE_INVISIBLE)).lower()).translate(_SKELETON)
    return " ".join(_TONE_TO_END.sub(r"\2\1", _HYPHEN_SPACES.sub("-", text)).split())


_SKELETON = _MemoTable(
    dict.fromkeys((0xF0, 0x256), "đ")
    | dict.fromkeys(map(ord, DASHES), "-")
    | dict.fromkeys(map(ord, DOUBLE_QUOTES), '"')
    | dict.fromkeys(map(ord, SINGLE_QUOTES), "'")
)
_HYPHEN_SPACES = re.compile(r"\s*-\s*")
_TONE_TO_END = re.compile(f"([{_TONES}])([a-zđ\u0302\u0306\u031b]+)")


def straighten_tone_marks(text: str) -> str:
    """The same text with each tone mark moved to the end of its syllable, decomposed: for comparing only.

    Case, spaces and punctuation are kept. Never store or print the answer.
    """
    return _TONE_TO_END_ANY_CASE.sub(r"\2\1", unicodedata.normalize("NFD", text))


_TONE_TO_END_ANY_CASE = re.compile(f"([{_TONES}])([a-zA-ZđĐ\u0302\u0306\u031b]+)")


def _collation() -> tuple[_MemoTable, dict[str, str]]:
    weights = _MemoTable()
    tones: dict[str, str] = {}
    for index, letter in enumerate(_LETTERS):
        for case in (letter, letter.upper()):
            weights[ord(case)] = chr(0x41 + index)
    for code in (*range(0x21, 0x30), *range(0x3A, 0x41), *range(0x5B, 0x61), *range(0x7B, 0x7F)):
        weights[code] = "-" if code == 0x2D else "!"
    weights.update(dict.fromkeys(map(ord, DASHES), "-"))
    weights.update(dict.fromkeys(map(ord, DOUBLE_QUOTES + SINGLE_QUOTES), "!"))
    for index, mark in enumerate(_TONES, start=1):
        tones[mark] = str(index)
    return weights, tones


_WEIGHTS, _TONE_WEIGHTS = _collation()
_SHAPES = {"\u0302", "\u0306", "\u031b"}  # the hats that make a letter of its own: â ă ơ


@lru_cache(maxsize=16384)
def _collate(character: str) -> tuple[str, str]:
    """Weight of the letter and of its tone for one NFC character."""
    tone, shape = "0", ""
    decomposed = unicodedata.normalize("NFD", character)
    base = decomposed[0]
    for mark in decomposed[1:]:
        if mark in _TONE_WEIGHTS:
            tone = _TONE_WEIGHTS[mark]
        elif mark in _SHAPES:
            shape += mark
        else:
            tone = "6"
    letter = nfc(base + shape)
    return letter.translate(_WEIGHTS), tone


def sort_key(text: str) -> str:
    """Key that puts Vietnamese text in dictionary order, also where only bytes are compared (a database).

    Letters count first (a ă â b … d đ e ê … y), then tones (ngang, huyền, hỏi, ngã, sắc, nặng), then case,
    small before capital. Spaces and digits come before letters. Contains U+001F between the levels.
    """
    text = " ".join(nfc(text.translate(_REMOVE_INVISIBLE)).split())
    collated = [_collate(character) for character in text]
    letters = "".join(letter for letter, _ in collated)
    tones = "".join(tone for _, tone in collated).rstrip("0")
    cases = "".join("1" if character.isupper() else "0" for character in text).rstrip("0")
    return f"{letters}\x1f{tones}\x1f{cases}"


def person_sort_key(name: str) -> str:
    """Order of a list of persons: by the given name, which is the last word, then by the rest."""
    words = nfc(name).lower().split()
    if not words:
        return sort_key("")
    return f"{sort_key(words[-1])}\x1e{sort_key(' '.join(words[:-1]))}"


def is_vietnamese_capitals(text: str) -> bool:
    """Whether the text has letters and all of them are capitals; digits and punctuation do not matter."""
    return nfc(text).isupper()


def title_from_capitals(text: str) -> str:
    """A capital line as a sentence: first letter large, the rest small. Proper names lose their capitals."""
    lowered = nfc(text).lower()
    for position, character in enumerate(lowered):
        if character.isalpha():
            return lowered[:position] + character.upper() + lowered[position + 1 :]
    return lowered


def repair_spaces(text: str) -> str:
    """Every kind of space as a plain one; zero-width characters, soft hyphens and byte-order marks removed.

    Line ends and tabs stay, Unicode line separators become line feeds. The length may change.
    """
    return text.translate(_REPAIR_SPACES) if _HAS_BAD_SPACE.search(text) else text


def row_key(text: str) -> int | None:
    """The key of a row as an address or a form names it; None for anything that cannot be one.

    No more digits than a database's whole number has: with more, the question itself would break.
    """
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None
