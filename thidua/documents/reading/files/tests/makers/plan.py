"""A plan text cut into what a typist lays out: header, title, body, notes, recipients, signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

PLANS = sorted((Path(__file__).parents[6] / "data" / "plans").glob("*.txt"))

_MARKER = re.compile(
    r"(?:(?P<roman>[IVX]+)\.|(?P<arabic>\d{1,2})\.|(?P<letter>[a-zđ])\)|(?P<dash>-))\s+(?P<text>.*)$", re.S
)
_NOTE = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹]\s")
_SENTENCE_END = (".", ";", ":", "!", "?", "…", "*")
_EMPHASIS = re.compile(r"\*{1,2}")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph: its marker kind ("roman", "arabic", "letter", "dash" or ""), marker label and text."""

    style: str
    label: str
    text: str

    @property
    def marker(self) -> str:
        return {
            "roman": f"{self.label}.",
            "arabic": f"{self.label}.",
            "letter": f"{self.label})",
            "dash": "-",
        }.get(self.style, "")

    @property
    def printed(self) -> str:
        return f"{self.marker} {self.text}" if self.marker else self.text

    @property
    def is_heading(self) -> bool:
        return self.style == "roman" or (self.style == "arabic" and len(self.text) < 60)


@dataclass(slots=True)
class Plan:
    """A plan document; every field holds whole paragraphs."""

    header: list[str] = field(default_factory=list)  # number, then place and date; may be empty
    title: list[str] = field(default_factory=list)  # "KẾ HOẠCH" and what it is about
    body: list[Block] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)  # "¹" -> text of the note
    recipients: list[str] = field(default_factory=list)  # with "Nơi nhận:" first
    signature: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """What a reader of the made document sees, in reading order, notes last."""
        return [
            *self.header,
            *self.title,
            *(block.printed for block in self.body),
            *self.recipients,
            *self.signature,
            *(f"{mark} {text}" for mark, text in self.notes.items()),
        ]


def joined_lines(text: str) -> list[str]:
    """Non-empty lines, those that a page break cut put together again (the rule of the golden records)."""
    result: list[str] = []
    for line in (part.strip() for part in text.split("\n")):
        if not line:
            continue
        cut = (
            bool(result)
            and not result[-1].endswith(_SENTENCE_END)
            and (line[0].islower() or (line[0].isdigit() and not re.match(r"\d+\.", line)))
            and not re.match(r"[a-zđ]\)", line)
        )
        if cut:
            result[-1] += " " + line
        else:
            result.append(line)
    return result


def plan_of(text: str, *, keep_emphasis_marks: bool = True) -> Plan:
    """The parts of a plan text; without `keep_emphasis_marks` the stars of a converter are dropped."""
    if not keep_emphasis_marks:
        text = _EMPHASIS.sub("", text)
    lines = joined_lines(text)
    plan = Plan()
    start = next((index for index, line in enumerate(lines) if line.isupper() and ":" not in line), 0)
    plan.header = lines[:start]
    plan.title = lines[start : start + 2]
    end = next((index for index, line in enumerate(lines) if re.match(r"Nơi nhận\s*:", line)), len(lines))
    body_end = end
    while body_end and lines[body_end - 1].isupper() and not _MARKER.match(lines[body_end - 1]):
        body_end -= 1
    plan.signature = lines[body_end:end]
    for line in lines[start + 2 : body_end]:
        if _NOTE.match(line):
            plan.notes[line[0]] = line[1:].strip()
        else:
            plan.body.append(_block(line))
    for line in lines[end:]:
        is_recipient = not plan.recipients or line.startswith("-")
        (plan.recipients if is_recipient else plan.signature).append(line)
    return plan


def _block(line: str) -> Block:
    match = _MARKER.match(line)
    if not match:
        return Block("", "", line)
    style = next(name for name in ("roman", "arabic", "letter", "dash") if match[name])
    return Block(style, match[style], match["text"])
