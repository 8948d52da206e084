"""Word files to measure with: real plans and invented ones, as Word would write them, no two alike.

Ten thousand copies of five files would be answered from memory after the first five. So every copy has words
of its own in each paragraph, and what a reader remembers helps it no more than with real documents.
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path

from thidua.documents.reading.files.tests.makers.plan import PLANS, Plan, plan_of
from thidua.documents.reading.files.tests.makers.word import word_file, zipped

ROOT = Path(__file__).parents[1]
FIVE = tuple(PLANS)
INVENTED = tuple(sorted((ROOT / "tests" / "plans" / "dev").glob("*.txt")))
_STYLES = "word/styles.xml"
#: paragraphs shorter than this are headings and labels, which plans do share word for word
_SHORTEST_CHANGED = 40
_ONSETS = (
    "b",
    "c",
    "d",
    "đ",
    "g",
    "h",
    "l",
    "m",
    "n",
    "r",
    "s",
    "t",
    "v",
    "x",
    "th",
    "tr",
    "ch",
    "kh",
    "ph",
    "nh",
)
_RHYMES = (
    "a",
    "ang",
    "ảnh",
    "ấm",
    "ẹo",
    "iên",
    "ình",
    "oài",
    "ộc",
    "ơi",
    "ùng",
    "ửu",
    "ương",
    "ỷ",
    "am",
    "én",
)


def copies(texts: Sequence[Path], count: int) -> Iterator[tuple[str, Plan]]:
    """`count` plans with the names of their files: the texts in turn, no two alike."""
    plans = [(path.stem, plan_of(path.read_text(encoding="utf-8"))) for path in texts]
    for number, (stem, plan) in enumerate(islice(cycle(plans), count)):
        yield f"{number:05d}-{stem}.docx", copy_of(plan, number)


def write(folder: Path, texts: Sequence[Path], *, count: int, styles: bytes | None = None) -> Path:
    """Fill a new folder with the copies as Word files; `styles` replaces their style part."""
    folder.mkdir(parents=True)
    for name, plan in copies(texts, count):
        raw = word_file(plan)
        (folder / name).write_bytes(with_styles(raw, styles) if styles else raw)
    return folder


def copy_of(plan: Plan, number: int) -> Plan:
    """The plan with made-up syllables at the end of every sentence-long paragraph; 0 is the plan itself."""
    if number == 0:
        return plan
    choice = random.Random(number)

    def changed(text: str) -> str:
        if len(text) < _SHORTEST_CHANGED:
            return text
        syllables = " ".join(choice.choice(_ONSETS) + choice.choice(_RHYMES) for _ in range(4))
        end = len(text.rstrip(" .;:,…"))
        return f"{text[:end]} {syllables}{text[end:]}"

    return replace(
        plan,
        body=[replace(block, text=changed(block.text)) for block in plan.body],
        notes={mark: changed(text) for mark, text in plan.notes.items()},
    )


def with_styles(raw: bytes, styles: bytes) -> bytes:
    """The same file with the style part of another: what Word saves is far larger than what we make."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | {_STYLES: styles})


def styles_of(raw: bytes) -> bytes:
    """The style part of a Word file."""
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        return archive.read(_STYLES)
