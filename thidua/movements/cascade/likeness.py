"""How alike two sentences of plans are, from 0 to 1, and a quick search for the most alike.

Pure. Words count without accents and weigh by how rare they are among all sentences given; words that every
plan has count for nothing. Hides the index that keeps a thousand against a thousand well under a second.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from thidua.core.text import fold

#: From here on two sentences say the same; between the two they may.
SURE, PERHAPS = 0.7, 0.42
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset(
    fold(
        "và các của cho trong đến từ với theo là có được thì để tại về ở những một này do khi như bằng phải "
        "cần sẽ đã đang hoặc cùng trên dưới sau trước đưa vào qua bởi mà rằng phong trào thi đua kế hoạch "
        "giai đoạn năm thực hiện tổ chức hằng hiệu quả nâng cao tăng cường đẩy mạnh tiếp tục tích cực "
        "nội dung công tác nhiệm vụ đơn vị cơ quan địa phương ủy ban nhân dân"
    ).split()
)
#: Acts that plans name in many words. One act in common is worth more than its words.
_ACTS = {
    "tuyen truyen": ("tuyen truyen", "pho bien", "thong tin", "truyen thong", "quan triet"),
    "kiem tra": ("kiem tra", "giam sat", "don doc"),
    "bao cao": ("bao cao", "tong hop"),
    "so ket": ("so ket",),
    "tong ket": ("tong ket",),
    "khen thuong": ("khen thuong", "bieu duong", "ton vinh", "binh xet"),
    "ban hanh": ("xay dung ke hoach", "ban hanh ke hoach", "phat dong"),
    "dang ky": ("dang ky",),
    "huy dong": ("huy dong", "van dong", "nguon luc", "ung ho", "dong gop"),
    "huong dan": ("huong dan", "tap huan", "boi duong"),
    "dien hinh": ("dien hinh", "nhan rong", "mo hinh", "cach lam hay", "guong"),
    "giup do": ("giup do", "do dau", "ho tro", "nhan do dau"),
}
_ACT_WEIGHT = 3.0
_CANDIDATES, _RARE_WORDS = 24, 10


def words_of(text: str) -> frozenset[str]:
    """The words that tell, without accents, with the names of the acts in them ("*bao cao")."""
    folded = fold(text)
    found = {word for word in _WORD.findall(folded) if len(word) > 1 and word not in _EMPTY}
    for act, phrases in _ACTS.items():
        if any(phrase in folded for phrase in phrases):
            found.add(f"*{act}")
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Match:
    index: int
    likeness: float


class Matcher:
    """Finds, among sentences given once, the one most alike to another."""

    def __init__(self, texts: Sequence[str], *, others: Iterable[str] = ()) -> None:
        self._words = [words_of(text) for text in texts]
        self._exact: dict[str, int] = {}
        for index, text in enumerate(texts):
            self._exact.setdefault(fold(text), index)
        self._postings: dict[str, list[int]] = defaultdict(list)
        for index, words in enumerate(self._words):
            for word in words:
                self._postings[word].append(index)
        counts = Counter(word for words in self._words for word in words)
        total = len(texts)
        for text in others:
            total += 1
            counts.update(words_of(text))
        self._weights = {
            word: math.log(1 + (total + 1) / count) * (_ACT_WEIGHT if word.startswith("*") else 1)
            for word, count in counts.items()
        }
        self._unknown = math.log(2 + total)

    def best(self, text: str) -> Match | None:
        """The most alike, the first of several; None when no word is in common."""
        known = self._exact.get(fold(text))
        if known is not None:
            return Match(known, 1.0)
        words = words_of(text)
        if not words:
            return None
        found = None
        for index in self._candidates(words):
            likeness = self._likeness(words, self._words[index])
            if found is None or (likeness, -index) > (found.likeness, -found.index):
                found = Match(index, likeness)
        return found

    def _candidates(self, words: frozenset[str]) -> list[int]:
        rare = sorted(
            (word for word in words if word in self._postings),
            key=lambda word: (len(self._postings[word]), word),
        )
        counts: Counter[int] = Counter()
        for word in rare[:_RARE_WORDS]:
            counts.update(self._postings[word])
        return [index for index, _ in counts.most_common(_CANDIDATES)]

    def _likeness(self, words: frozenset[str], own: frozenset[str]) -> float:
        common = self._sum(words & own)
        mine, theirs = self._sum(words), self._sum(own)
        if not common or not mine or not theirs:
            return 0.0
        # What the higher plan says must be found; what the own plan adds matters little.
        return 0.75 * common / mine + 0.25 * common / theirs

    def _sum(self, words: frozenset[str]) -> float:
        return sum(self._weights.get(word, self._unknown) for word in words)
