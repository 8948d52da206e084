"""The sheet of a unit: scored by itself with evidence, checked by another unit, verified.

Points and states change only while the year is open for scoring. Who saves and who publishes wait for each
other on the row of the year. Hides that a judgement falls when what it judged changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from thidua.audit.log import Actor, canonical, record
from thidua.audit.workflow import advance
from thidua.awards import unit_figures
from thidua.awards.groups import readiness, scoring
from thidua.awards.groups.readiness import lines_of
from thidua.awards.groups.rights import refuse_own_people, verifying_units
from thidua.awards.groups.telling import by, tell_about_sheet
from thidua.awards.models import ScoreEvidence, ScoreLine, ScoreSheet, ScoreSheetState
from thidua.core.errors import ChangedMeanwhile, NotAllowed, RuleNotMet
from thidua.core.formats import format_number, format_percent
from thidua.core.text import nfc, shortened
from thidua.criteria.facts import Figure, Share, Source
from thidua.documents import file_store
from thidua.organisations import tree

OWN_STATES = (ScoreSheetState.SCORING, ScoreSheetState.RETURNED)
MOST_NOTE = 4000
#: On one line; who has more hands in one file that lists them.
MOST_EVIDENCE = 20
Points = Mapping[int, Decimal | None]
Notes = Mapping[int, str]


class WrongPoints(RuleNotMet):
    """Points that the table does not give; `by_item` says of each criterion what is wrong."""

    by_item: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class Suggested:
    """Points that a figure of the unit would give, the figure, and where it comes from in words."""

    points: Decimal
    value: Decimal
    words: str


def revision_of(sheet: ScoreSheet) -> str:
    """A sign of all points and notes of a sheet; another one means that somebody changed something."""
    return _revision(lines_of(sheet))


def _revision(lines: Iterable[ScoreLine]) -> str:
    rows = [
        [
            line.item_id,
            *(format(p.normalize(), "f") if p is not None else None for p in _judgements(line)),
            line.self_note,
            line.cross_note,
            line.verified_note,
        ]
        for line in lines
    ]
    return hashlib.sha256(canonical(rows).encode()).hexdigest()[:16]


def _judgements(line: ScoreLine) -> tuple[Decimal | None, ...]:
    return (line.self_points, line.cross_points, line.verified_points)


def proposed(line: ScoreLine) -> Decimal | None:
    """What verifying begins with: the points of the check, or, where nobody checked, the unit's own."""
    own: Decimal | None = line.self_points
    return own if line.cross_points is None else line.cross_points


# --- points ---------------------------------------------------------------------------------------


def self_score(
    sheet: ScoreSheet, points: Points, notes: Notes, *, actor: Actor, now: datetime, seen: str = ""
) -> None:
    """Save points and words of the unit itself, of the criteria named; others stay. None is not scored.

    What was checked or verified of a criterion falls when its own points change. `seen` is the revision
    that the person looked at. Raises NotAllowed, WrongPoints, RuleNotMet, ChangedMeanwhile.
    """
    what = "Chưa lưu được điểm tự chấm"
    actor.require("scoresheet.score", sheet)
    with transaction.atomic():
        lines = _open(sheet, OWN_STATES, seen, what=what)
        _refuse_wrong(lines, points, notes, what=what)
        changed = _written(lines, points, notes, who="self", falls=("cross", "verified"))
        _save(sheet, changed, "self_score", "Lưu điểm tự chấm", actor=actor, now=now)


def cross_score(
    sheet: ScoreSheet, points: Points, notes: Notes, *, actor: Actor, now: datetime, seen: str = ""
) -> None:
    """Save points and remarks of the unit that checks. As `self_score`."""
    what = "Chưa lưu được điểm chấm chéo"
    actor.require("scoresheet.check", sheet)
    refuse_own_people(sheet, actor, what=what)
    with transaction.atomic():
        lines = _open(sheet, (ScoreSheetState.SELF_SCORED,), seen, what=what)
        _refuse_wrong(lines, points, notes, what=what)
        changed = _written(lines, points, notes, who="cross", falls=("verified",))
        _save(sheet, changed, "cross_score", "Lưu điểm chấm chéo", actor=actor, now=now)


def verify(
    sheet: ScoreSheet, points: Points, notes: Notes, *, actor: Actor, now: datetime, seen: str = ""
) -> None:
    """Save verified points; one that differs from what was proposed needs a word why. As `self_score`."""
    what = "Chưa lưu được điểm thẩm định"
    actor.require("scoresheet.verify", sheet)
    refuse_own_people(sheet, actor, what=what)
    with transaction.atomic():
        lines = _open(sheet, (ScoreSheetState.CROSS_CHECKED,), seen, what=what)
        _refuse_wrong(lines, points, notes, what=what)
        changed = _written(lines, points, notes, who="verified")
        unsaid = {}
        for item_id, line in lines.items():
            own = line.verified_points
            if own is not None and own != (proposed(line) or 0) and not line.verified_note:
                unsaid[item_id] = (
                    f"điểm {_said(own)} khác điểm đề nghị {_said(proposed(line))} mà chưa ghi lý do"
                )
        if unsaid:
            raise _wrong(lines, unsaid, what=what, next_step="Ghi ý kiến thẩm định cho các tiêu chí đó")
        _save(sheet, changed, "verify", "Lưu điểm thẩm định", actor=actor, now=now)


def accept_proposed(sheet: ScoreSheet, *, actor: Actor, now: datetime) -> None:
    """Verify every criterion that has no verified points yet as it was proposed."""
    open_lines = [line for line in lines_of(sheet) if line.verified_points is None]
    points = {line.item_id: proposed(line) for line in open_lines if proposed(line) is not None}
    verify(sheet, points, {}, actor=actor, now=now)


def _said(points: Decimal | None) -> str:
    return "trống" if points is None else format_number(points)


def _written(
    lines: Mapping[int, ScoreLine], points: Points, notes: Notes, *, who: str, falls: tuple[str, ...] = ()
) -> list[ScoreLine]:
    """Put points and words of one of the three on the lines; gives those that changed.

    Where the points changed, the points of the others in `falls` do not hold any more.
    """
    changed = []
    for item_id, line in lines.items():
        before = (getattr(line, f"{who}_points"), getattr(line, f"{who}_note"))
        words = nfc(notes[item_id].strip()) if item_id in notes else before[1]
        after = (points.get(item_id, before[0]), words)
        if after == before:
            continue
        setattr(line, f"{who}_points", after[0])
        setattr(line, f"{who}_note", after[1])
        for other in falls if after[0] != before[0] else ():
            setattr(line, f"{other}_points", None)
        changed.append(line)
    return changed


def _open(
    sheet: ScoreSheet, states: tuple[ScoreSheetState, ...], seen: str, *, what: str
) -> dict[int, ScoreLine]:
    """The lines by criterion, held until the end of the transaction, in one of these states."""
    readiness.while_scoring(sheet, what=what)
    sheet.refresh_from_db(fields=["state"])
    if sheet.state not in states:
        raise RuleNotMet(
            what,
            why=f"phiếu đang ở trạng thái «{sheet.get_state_display()}»",
            next_step="Mở lại trang để xem các việc làm được ở trạng thái này",
        )
    lines = lines_of(sheet)
    if seen and seen != _revision(lines):
        raise ChangedMeanwhile(
            what,
            why="người khác vừa sửa phiếu này",
            next_step="Mở lại trang để xem điểm mới rồi nhập tiếp",
        )
    return {line.item_id: line for line in lines}


def _refuse_wrong(lines: Mapping[int, ScoreLine], points: Points, notes: Notes, *, what: str) -> None:
    foreign = (points.keys() | notes.keys()) - lines.keys()
    if foreign:
        raise RuleNotMet(
            what, why="có tiêu chí không thuộc bảng của phiếu này", next_step="Mở lại trang rồi nhập lại"
        )
    wrong = {}
    for item_id, own in points.items():
        most = lines[item_id].item.points
        if own is None:
            continue
        if not own.is_finite() or own < 0:
            wrong[item_id] = f"điểm {own} không phải số từ 0 trở lên"
        elif most is not None and own > most:
            wrong[item_id] = f"điểm {_said(own)} vượt điểm tối đa {_said(most)}"
        elif own != round(own, 2):
            wrong[item_id] = f"điểm {_said(own)} có quá hai số lẻ"
    for item_id, words in notes.items():
        if len(words) > MOST_NOTE:
            wrong[item_id] = f"lời ghi dài quá {MOST_NOTE} chữ"
    if wrong:
        raise _wrong(lines, wrong, what=what, next_step="Sửa các tiêu chí đó rồi lưu lại")


def _wrong(
    lines: Mapping[int, ScoreLine], wrong: Mapping[int, str], *, what: str, next_step: str
) -> WrongPoints:
    in_order = [pk for pk in lines if pk in wrong]
    said = [f"«{shortened(str(lines[pk].item), 60)}»: {wrong[pk]}" for pk in in_order]
    more = len(said) - readiness.NAMED
    rest = f"; và {more} tiêu chí nữa" if more > 0 else ""
    error = WrongPoints(what, why="; ".join(said[: readiness.NAMED]) + rest, next_step=next_step)
    error.by_item = dict(wrong)
    return error


def _save(
    sheet: ScoreSheet, changed: list[ScoreLine], step: str, label: str, *, actor: Actor, now: datetime
) -> None:
    if not changed:
        return
    fields = [f"{who}_{what}" for who in ("self", "cross", "verified") for what in ("points", "note")]
    ScoreLine.objects.bulk_update(changed, fields, batch_size=100)
    _log(sheet, step, f"{label}: {len(changed)} tiêu chí", actor=actor, now=now)


# --- evidence -------------------------------------------------------------------------------------


def add_evidence(
    line: ScoreLine,
    *,
    raw: bytes | None = None,
    file_name: str = "",
    words: str = "",
    actor: Actor,
    now: datetime,
) -> ScoreEvidence:
    """A file, or number and date of a paper or an address; of a file `words` keeps its name.

    The same file or words again are the evidence that is there. Raises RuleNotMet for a file that cannot
    be kept, or when nothing was given.
    """
    what = "Chưa nhận được minh chứng"
    sheet = line.sheet
    actor.require("scoresheet.score", sheet)
    said = nfc(" ".join(words.split()))[:500]
    if raw is not None:
        said = file_store.check_evidence(raw, file_name=file_name)
    elif not said:
        raise RuleNotMet(what, why="chưa chọn tệp, chưa ghi văn bản", next_step="Chọn tệp hoặc ghi văn bản")
    with transaction.atomic():
        _open(sheet, OWN_STATES, "", what=what)
        if line.evidence.count() >= MOST_EVIDENCE:
            raise RuleNotMet(
                what,
                why=f"tiêu chí này đã có {MOST_EVIDENCE} minh chứng",
                next_step="Gộp thành một tệp, hoặc bỏ bớt",
            )
        stored = file_store.store(raw) if raw is not None else None
        again = line.evidence.filter(file=stored) if stored else line.evidence.filter(file=None, words=said)
        if (there := again.first()) is not None:
            return there
        made = ScoreEvidence.objects.create(line=line, file=stored, words=said, user=actor.user, made_at=now)
        words = f"Thêm minh chứng: {shortened(said)}"
        _log(sheet, "evidence", words, actor=actor, now=now, item=line.item_id)
    return made


def remove_evidence(evidence: ScoreEvidence, *, actor: Actor, now: datetime) -> None:
    sheet = evidence.line.sheet
    actor.require("scoresheet.score", sheet)
    with transaction.atomic():
        _open(sheet, OWN_STATES, "", what="Chưa bỏ được minh chứng")
        words = f"Bỏ minh chứng: {shortened(evidence.words)}"
        _log(sheet, "remove_evidence", words, actor=actor, now=now, item=evidence.line.item_id)
        stored = evidence.file
        evidence.delete()
        if stored is not None:
            file_store.let_go(stored)


# --- points by figures ----------------------------------------------------------------------------


def suggestions_from_figures(sheet: ScoreSheet) -> Mapping[int, Suggested]:
    """Points that the unit's figures of the year would give, by criterion; an unknown figure gives none."""
    season = sheet.season
    items = list(season.table.items.filter(indicator__isnull=False).select_related("indicator"))
    codes = {item.indicator.code for item in items if item.indicator}
    if not codes:
        return {}
    figures, sources = unit_figures.figures_of(codes, [sheet.unit_id], years=[season.year])
    known = figures.get(sheet.unit_id, {})
    found = {}
    for item in items:
        assert item.indicator is not None
        figure = known.get((item.indicator.code, str(season.year)))
        value = _amount(figure)
        if figure is None or value is None or None in (item.zero_at, item.full_at, item.points):
            continue
        points = scoring.reckoned(value, item.zero_at, item.full_at, item.points)  # type: ignore[arg-type]
        shown = (
            format_percent(value)
            if isinstance(figure.value, Share)
            else f"{format_number(value)} {item.indicator.measure}".strip()
        )
        words = f"{item.indicator.name} năm {season.year}: {shown}{_whence(figure, sources)}"
        found[item.pk] = Suggested(points, value, words)
    return found


def _amount(figure: Figure | None) -> Decimal | None:
    """A share as the percent that a decision would print; a day or a yes is no amount."""
    value: Any = figure.value if figure is not None else None
    if isinstance(value, Share):
        return value.percent
    if value is None or isinstance(value, bool | date):
        return None
    return Decimal(value)


def _whence(figure: Figure, sources: Mapping[str, Source]) -> str:
    parts = []
    if figure.source in sources:
        parts.append(str(sources[figure.source].title))
    if not figure.is_complete and figure.coverage is not None:
        parts.append(f"mới có {figure.coverage[0]}/{figure.coverage[1]} đơn vị báo cáo")
    return f" ({'; '.join(parts)})" if parts else ""


# --- steps ----------------------------------------------------------------------------------------


def submit(sheet: ScoreSheet, *, actor: Actor, now: datetime) -> None:
    """The unit stands by its points; who checks is told."""
    with transaction.atomic():
        advance(sheet, "submit", actor=actor, now=now)
        words = f"{_name(sheet, actor)} đã tự chấm, mời chấm chéo{by(sheet.season.cross_due)}"
        tell_about_sheet(sheet, [sheet.checker_id], words, actor=actor, now=now)


def recall(sheet: ScoreSheet, *, actor: Actor, now: datetime) -> None:
    """The unit mends its points; who was to check is told to wait."""
    with transaction.atomic():
        advance(sheet, "recall", actor=actor, now=now)
        words = f"{_name(sheet, actor)} đã rút lại điểm tự chấm"
        tell_about_sheet(sheet, [sheet.checker_id], words, actor=actor, now=now)


def send_back(sheet: ScoreSheet, *, reason: str, actor: Actor, now: datetime) -> None:
    """The unit must mend its sheet: said by who checks, while they do, or by who verifies."""
    step = "send_back"
    if sheet.state == ScoreSheetState.SELF_SCORED and _holds("scoresheet.check", sheet, actor):
        step = "check_back"
    with transaction.atomic():
        advance(sheet, step, actor=actor, now=now, reason=reason)
        words = f"phiếu chấm điểm được trả lại: {shortened(nfc(reason.strip()))}"
        tell_about_sheet(sheet, [sheet.unit_id], words, actor=actor, now=now)


def finish_cross(sheet: ScoreSheet, *, actor: Actor, now: datetime) -> None:
    """Checked; who verifies is told."""
    with transaction.atomic():
        advance(sheet, "finish_cross", actor=actor, now=now)
        _tell_verifiers(sheet, "đã chấm chéo xong", actor=actor, now=now)


def skip_cross(sheet: ScoreSheet, *, reason: str, actor: Actor, now: datetime) -> None:
    """Go on without the check, once its day is over."""
    with transaction.atomic():
        advance(sheet, "skip_cross", actor=actor, now=now, reason=reason)
        words = f"{_name(sheet, actor)} được thẩm định không chờ chấm chéo"
        tell_about_sheet(sheet, [sheet.unit_id, sheet.checker_id], words, actor=actor, now=now)


def finish_verifying(sheet: ScoreSheet, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        advance(sheet, "finish_verifying", actor=actor, now=now)
        tell_about_sheet(sheet, [sheet.unit_id], "điểm đã được thẩm định", actor=actor, now=now)


def unverify(sheet: ScoreSheet, *, reason: str, actor: Actor, now: datetime) -> None:
    """Verified points may be mended again."""
    with transaction.atomic():
        advance(sheet, "unverify", actor=actor, now=now, reason=reason)
        words = f"điểm được thẩm định lại: {shortened(nfc(reason.strip()))}"
        tell_about_sheet(sheet, [sheet.unit_id], words, actor=actor, now=now)


def _tell_verifiers(sheet: ScoreSheet, words: str, *, actor: Actor, now: datetime) -> None:
    said = f"{_name(sheet, actor)} {words}, mời thẩm định{by(sheet.season.verify_due)}"
    tell_about_sheet(sheet, verifying_units(sheet), said, actor=actor, now=now)


def _holds(right: str, sheet: ScoreSheet, actor: Actor) -> bool:
    try:
        actor.require(right, sheet)
    except NotAllowed:
        return False
    return True


def _name(sheet: ScoreSheet, actor: Actor) -> str:
    return tree.labels_on([sheet.unit_id], on=actor.on).get(sheet.unit_id, "")


def _log(
    sheet: ScoreSheet, step: str, label: str, *, actor: Actor, now: datetime, item: int | None = None
) -> None:
    record(
        f"awards.scoresheet.{step}",
        sheet,
        label=label[:200],
        actor=actor,
        now=now,
        object_label=f"{_name(sheet, actor)} · {sheet.season}",
        object_unit_id=sheet.unit_id,
        details={"item": item} if item is not None else None,
    )
