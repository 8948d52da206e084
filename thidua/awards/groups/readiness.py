"""What must hold before a table, a year of a group or a sheet takes a step. Says what, why, what next."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from thidua.audit.log import Actor
from thidua.audit.workflow import Move
from thidua.awards.groups.rights import refuse_own_people
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreEvidence,
    ScoreItem,
    ScoreItemKind,
    ScoreLine,
    ScoreSheet,
    ScoreSheetState,
    ScoreTable,
    ScoreTableState,
)
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.core.text import shortened
from thidua.organisations import tree

#: Self-scored and not yet verified: somebody still owes a judgement.
HALF_DONE = (ScoreSheetState.SELF_SCORED, ScoreSheetState.CROSS_CHECKED)
#: So many criteria or units are named in a refusal.
NAMED = 5


def table_is_whole(table: ScoreTable, move: Move) -> None:
    what = "Chưa đưa bảng vào áp dụng được"
    items = list(table.items.all())
    if not any(item.kind == ScoreItemKind.BASE for item in items):
        raise RuleNotMet(
            what, why="bảng chưa có tiêu chí điểm chuẩn nào", next_step="Thêm tiêu chí rồi làm lại"
        )
    last = items[-1]
    if last.kind == ScoreItemKind.SECTION:
        raise RuleNotMet(
            what,
            why=f"dưới «{shortened(str(last), 60)}» chưa có tiêu chí nào",
            next_step="Thêm tiêu chí, hoặc bỏ nhóm này",
        )


def lock(season_pk: int) -> GroupSeason:
    """The season as it is now. Who scores and who publishes wait for each other to the end of the act."""
    return GroupSeason.objects.select_for_update().get(pk=season_pk)


def may_start(season: GroupSeason, move: Move) -> None:
    what = "Chưa phát động được"
    if season.table.state != ScoreTableState.IN_FORCE:
        raise RuleNotMet(
            what,
            why=f"bảng tiêu chí «{season.table.name}» chưa hoặc không còn áp dụng",
            next_step="Đưa bảng vào áp dụng, hoặc chọn bảng khác",
        )
    count = season.sheets.count()
    if count < 2:
        raise RuleNotMet(
            what,
            why=f"cụm, khối mới có {count} đơn vị trong năm này",
            next_step="Lấy danh sách đơn vị thành viên; cần ít nhất hai đơn vị",
        )
    if not season.covenant.strip():
        raise RuleNotMet(what, why="chưa ghi nội dung giao ước thi đua", next_step="Ghi nội dung giao ước")


def everybody_has_a_checker(season: GroupSeason, move: Move) -> None:
    without = list(season.sheets.filter(checker__isnull=True).values_list("unit_id", flat=True))
    if without:
        raise RuleNotMet(
            "Chưa mở chấm điểm được",
            why=f"chưa phân công chấm chéo cho {_units(without, move.actor)}",
            next_step="Phân công đơn vị chấm chéo rồi làm lại",
        )


def nothing_is_half_done(season: GroupSeason, move: Move) -> None:
    """Sheets that were never sent, or were sent back, are published as not scored."""
    what = "Chưa công bố được"
    lock(season.pk)
    half = list(season.sheets.filter(state__in=HALF_DONE).values_list("unit_id", flat=True))
    if half:
        raise RuleNotMet(
            what,
            why=f"điểm của {_units(half, move.actor)} chưa thẩm định xong",
            next_step="Thẩm định xong, hoặc trả lại, rồi công bố",
        )
    if not season.sheets.filter(state=ScoreSheetState.VERIFIED).exists():
        raise RuleNotMet(
            what,
            why="chưa đơn vị nào được thẩm định điểm",
            next_step="Thẩm định điểm của ít nhất một đơn vị",
        )


def while_scoring(sheet: ScoreSheet, *, what: str) -> None:
    """Points are written only while the year is open for it; inside a transaction."""
    season = lock(sheet.season_id)
    if season.state != GroupSeasonState.SCORING:
        raise RuleNotMet(
            what,
            why=f"năm thi đua của cụm, khối đang ở trạng thái «{season.get_state_display()}»",
            next_step="Việc này chỉ làm được khi đang chấm điểm",
        )


def lines_of(sheet: ScoreSheet) -> list[ScoreLine]:
    """The lines of a sheet in the order of the table, with their criteria."""
    return list(ScoreLine.objects.filter(sheet=sheet).select_related("item").order_by("item__position"))


def is_self_scored(sheet: ScoreSheet, move: Move) -> None:
    what = "Chưa gửi được điểm tự chấm"
    while_scoring(sheet, what=what)
    with_proof = ScoreEvidence.objects.filter(line=OuterRef("pk"))
    items = ScoreItem.objects.filter(table__seasons=sheet.season_id).exclude(kind=ScoreItemKind.SECTION)
    scored = ScoreLine.objects.filter(sheet=sheet, self_points__isnull=False)
    open_items = list(items.filter(kind=ScoreItemKind.BASE).exclude(pk__in=scored.values("item")))
    if open_items:
        raise RuleNotMet(
            what, why=f"chưa chấm {_items(open_items)}", next_step="Ghi điểm, không đạt thì ghi 0, rồi gửi"
        )
    bare = scored.filter(~Exists(with_proof), item__needs_evidence=True, self_points__gt=0)
    bare = bare.exclude(item__kind=ScoreItemKind.PENALTY).select_related("item").order_by("item__position")
    if bare:
        raise RuleNotMet(
            what,
            why=f"thiếu minh chứng cho {_items([line.item for line in bare])}",
            next_step="Đính kèm tệp hoặc ghi văn bản, địa chỉ làm minh chứng rồi gửi",
        )


def may_recall(sheet: ScoreSheet, move: Move) -> None:
    """Also when the check has begun: what was judged falls where the unit then changes its points."""
    while_scoring(sheet, what="Chưa rút lại được")


def may_check(sheet: ScoreSheet, move: Move) -> None:
    what = "Chưa chấm chéo được"
    while_scoring(sheet, what=what)
    refuse_own_people(sheet, move.actor, what=what)


def is_cross_checked(sheet: ScoreSheet, move: Move) -> None:
    may_check(sheet, move)
    lacking = [
        line.item
        for line in lines_of(sheet)
        if line.cross_points is None and is_claimed(line, line.self_points)
    ]
    if lacking:
        raise RuleNotMet(
            "Chưa xong chấm chéo",
            why=f"chưa có điểm chấm chéo của {_items(lacking)}",
            next_step="Ghi điểm chấm chéo cho các tiêu chí đó",
        )


def cross_check_is_late(sheet: ScoreSheet, move: Move) -> None:
    what = "Chưa bỏ qua chấm chéo được"
    while_scoring(sheet, what=what)
    refuse_own_people(sheet, move.actor, what=what)
    due = sheet.season.cross_due
    if due is None or move.actor.on <= due:
        raise RuleNotMet(
            what,
            why=f"hạn chấm chéo là {format_date(due)}" if due else "chưa đặt hạn chấm chéo",
            next_step="Chờ hết hạn, hoặc phân công đơn vị khác chấm chéo",
        )


def may_verify(sheet: ScoreSheet, move: Move) -> None:
    what = "Chưa làm được"
    while_scoring(sheet, what=what)
    refuse_own_people(sheet, move.actor, what=what)


def is_verified(sheet: ScoreSheet, move: Move) -> None:
    may_verify(sheet, move)
    lines = lines_of(sheet)
    lacking = [
        line.item
        for line in lines
        if line.verified_points is None and is_claimed(line, line.self_points, line.cross_points)
    ]
    if lacking:
        raise RuleNotMet(
            "Chưa xong thẩm định",
            why=f"chưa có điểm thẩm định của {_items(lacking)}",
            next_step="Ghi điểm thẩm định cho các tiêu chí đó",
        )


def is_claimed(line: ScoreLine, *points: object) -> bool:
    """Whether a line must be judged: a base criterion always, bonus and penalty once somebody gave points."""
    return line.item.kind == ScoreItemKind.BASE or any(one is not None for one in points)


def filled(sheets: QuerySet[ScoreSheet]) -> QuerySet[ScoreSheet]:
    """Of sheets those that hold a signature, points, words or evidence."""
    touched = ScoreLine.objects.filter(
        Q(self_points__isnull=False)
        | Q(cross_points__isnull=False)
        | Q(verified_points__isnull=False)
        | ~Q(self_note="")
        | Q(evidence__isnull=False),
        sheet=OuterRef("pk"),
    )
    return sheets.filter(Q(signed_on__isnull=False) | ~Q(state=ScoreSheetState.SCORING) | Exists(touched))


def _items(items: Collection[ScoreItem]) -> str:
    names = "; ".join(f"«{shortened(str(item), 60)}»" for item in list(items)[:NAMED])
    more = len(items) - NAMED
    return f"{len(items)} tiêu chí: {names}{f' và {more} tiêu chí nữa' if more > 0 else ''}"


def _units(unit_ids: Collection[int], actor: Actor) -> str:
    labels = sorted(tree.labels_on(unit_ids, on=actor.on).values())
    more = len(labels) - NAMED
    return f"{', '.join(labels[:NAMED])}{f' và {more} đơn vị nữa' if more > 0 else ''}"
