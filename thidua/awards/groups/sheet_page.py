"""What the page of a sheet shows: whose column is open, a card for each criterion, the sums, what was typed.

Hides that the page has three faces: the unit itself, the unit that checks, who verifies. Each sees the
columns before its own beside the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from thidua.awards.groups import overview, sheets, tables
from thidua.awards.groups.rights import refuse_own_people
from thidua.awards.groups.sheets import Suggested
from thidua.awards.models import (
    GroupSeasonState,
    ScoreEvidence,
    ScoreItem,
    ScoreItemKind,
    ScoreLine,
    ScoreSheet,
    ScoreSheetState,
)
from thidua.core.errors import NotAllowed
from thidua.core.formats import format_number
from thidua.organisations.authority import Acting

#: Faces of the page, by the prefix of the fields of a line.
SELF, CROSS, VERIFIED = "self", "cross", "verified"
FACES = (SELF, CROSS, VERIFIED)
RIGHTS = {SELF: "scoresheet.score", CROSS: "scoresheet.check", VERIFIED: "scoresheet.verify"}
STATES: Mapping[str, tuple[ScoreSheetState, ...]] = {
    SELF: sheets.OWN_STATES,
    CROSS: (ScoreSheetState.SELF_SCORED,),
    VERIFIED: (ScoreSheetState.CROSS_CHECKED,),
}
TITLES = {SELF: "Tự chấm", CROSS: "Chấm chéo", VERIFIED: "Thẩm định"}
POINTS_LABELS = {SELF: "Điểm tự chấm", CROSS: "Điểm chấm chéo", VERIFIED: "Điểm thẩm định"}
NOTE_LABELS = {SELF: "Giải trình", CROSS: "Nhận xét", VERIFIED: "Ý kiến thẩm định"}
FINISH_LABELS = {SELF: "Gửi điểm tự chấm", CROSS: "Xong chấm chéo", VERIFIED: "Xong thẩm định"}
FILL_LABELS = {CROSS: "Điền điểm tự chấm vào ô trống", VERIFIED: "Điền điểm đề nghị vào ô trống"}


@dataclass
class Typed:
    """What stands in the fields, as text, by criterion, and what is wrong with it."""

    points: dict[int, str] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    wrong: dict[int, str] = field(default_factory=dict)
    wrong_evidence: dict[int, str] = field(default_factory=dict)

    @property
    def has_errors(self) -> bool:
        return bool(self.wrong or self.wrong_evidence)


@dataclass(frozen=True, slots=True)
class SaidBy:
    """The points that somebody else gave, with their words."""

    title: str
    points: str
    note: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure, and the points it would give."""

    words: str
    points: str | None


@dataclass(frozen=True, slots=True)
class SumShown:
    title: str
    total: str
    parts: str
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One line of the table on the page."""

    item: ScoreItem
    is_section: bool
    most: str = ""
    most_plain: str = ""
    figure: Shown | None = None
    said: tuple[SaidBy, ...] = ()
    difference: str = ""
    evidence: tuple[ScoreEvidence, ...] = ()
    typed: str = ""
    typed_note: str = ""
    typed_words: str = ""
    error: str = ""
    evidence_error: str = ""
    wants_evidence: bool = False


def face_of(sheet: ScoreSheet, acting: Acting) -> str:
    """Whose column this person fills in now; empty for who only reads."""
    if sheet.season.state != GroupSeasonState.SCORING:
        return ""
    for face in FACES:
        is_open = sheet.state in STATES[face] and acting.may(RIGHTS[face], sheet)
        if is_open and (face == SELF or not own_people(sheet, acting)):
            return face
    return ""


def own_people(sheet: ScoreSheet, acting: Acting) -> str:
    """Why this person may not judge the sheet although a right says so; empty when they may."""
    try:
        refuse_own_people(sheet, acting, what="Bạn không chấm phiếu này")
    except NotAllowed as refusal:
        return refusal.message
    return ""


def before(face: str) -> tuple[str, ...]:
    """The columns shown beside the open one; all where none is open."""
    return FACES[: FACES.index(face)] if face else FACES


def reference(line: ScoreLine, face: str) -> Decimal | None:
    """What a judgement is compared with: of the check the unit's own points, then what is proposed."""
    found: Decimal | None = line.self_points if face == CROSS else sheets.proposed(line)
    return found


def kept(lines: Sequence[ScoreLine], face: str) -> Typed:
    """The fields as they are stored."""
    found = Typed()
    for line in lines:
        own = getattr(line, f"{face}_points")
        found.points[line.item_id] = "" if own is None else format_number(own)
        found.notes[line.item_id] = getattr(line, f"{face}_note")
    return found


def cards(
    sheet: ScoreSheet,
    items: Sequence[ScoreItem],
    lines: Mapping[int, ScoreLine],
    *,
    face: str,
    typed: Typed,
    figures: Mapping[int, Suggested],
    evidence: Mapping[int, Sequence[ScoreEvidence]],
) -> list[Card]:
    found = []
    for item in items:
        if item.kind == ScoreItemKind.SECTION:
            found.append(Card(item, is_section=True))
            continue
        line = lines.get(item.pk)
        figure = figures.get(item.pk)
        proofs = tuple(evidence.get(line.pk, ())) if line is not None else ()
        found.append(
            Card(
                item,
                is_section=False,
                most=format_number(item.points or 0),
                most_plain=format(item.points or 0, "f"),
                figure=Shown(figure.words, format_number(figure.points)) if figure else _unknown(item),
                said=tuple(_said(line, other) for other in before(face)) if line is not None else (),
                difference=_difference(line, face),
                evidence=proofs,
                typed=typed.points.get(item.pk, ""),
                typed_note=typed.notes.get(item.pk, ""),
                typed_words=typed.words.get(item.pk, ""),
                error=typed.wrong.get(item.pk, ""),
                evidence_error=typed.wrong_evidence.get(item.pk, ""),
                wants_evidence=item.needs_evidence and not proofs,
            )
        )
    return found


def _unknown(item: ScoreItem) -> Shown | None:
    """A criterion that goes by a figure which nobody has reported."""
    if item.indicator is None:
        return None
    return Shown(f"chưa có «{item.indicator.name}» của đơn vị, tự ghi điểm và giải trình", None)


def _said(line: ScoreLine, face: str) -> SaidBy:
    own = getattr(line, f"{face}_points")
    return SaidBy(TITLES[face], "–" if own is None else format_number(own), getattr(line, f"{face}_note"))


def _difference(line: ScoreLine | None, face: str) -> str:
    """«chấm chéo −1,5 so với tự chấm», of the last two judgements that are there."""
    if line is None or face == SELF:
        return ""
    known = [(one, getattr(line, f"{one}_points")) for one in FACES]
    said = [(one, own) for one, own in known if own is not None]
    if len(said) < 2 or said[-1][1] == said[-2][1]:
        return ""
    (earlier, its), (later, own) = said[-2:]
    sign = "+" if own > its else "−"
    return f"{TITLES[later].lower()} {sign}{format_number(abs(own - its))} so với {TITLES[earlier].lower()}"


def sums(sheet: ScoreSheet, lines: Sequence[ScoreLine], *, face: str) -> list[SumShown]:
    """The total of each column that is shown, as it is stored."""
    table = sheet.season.table
    items = tables.items_of(table)
    found = []
    for one in (*before(face), face) if face else FACES:
        points = {line.item_id: getattr(line, f"{one}_points") for line in lines}
        total = overview.running_sum(items, points, table.bonus_cap)
        if one == face or total.is_begun:
            found.append(SumShown(TITLES[one], total.figure, total.words, is_edited=one == face))
    return found
