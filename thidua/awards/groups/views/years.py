"""The list of years of groups, and one year: covenant, units, progress, ranking so far, acts, Excel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards.groups import access, lists, members, overview, publishing, seasons
from thidua.awards.groups.overview import JUDGES
from thidua.awards.groups.publishing import Standing
from thidua.awards.groups.rights import asked_to_verify, sheet_readers
from thidua.awards.models import (
    GroupSeason,
    GroupSeasonState,
    ScoreSheet,
    ScoreSheetState,
    SeasonPublication,
)
from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.core.formats import format_number, parse_date
from thidua.core.text import row_key
from thidua.organisations import groupings, tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import Sheet, download, written

#: So many sheets to score, groups, other years are named above a list.
SHOWN = 12
BEST = 3
SCORED = (GroupSeasonState.SCORING, GroupSeasonState.PUBLISHED)
#: Sheets that stand at least here.
SELF_DONE = (ScoreSheetState.SELF_SCORED, ScoreSheetState.CROSS_CHECKED, ScoreSheetState.VERIFIED)
CROSS_DONE = (ScoreSheetState.CROSS_CHECKED, ScoreSheetState.VERIFIED)


# --- the list -------------------------------------------------------------------------------------


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    done = Count("sheets", filter=Q(sheets__state=ScoreSheetState.VERIFIED), distinct=True)
    rows = (
        access.seasons_seen(acting)
        .select_related("grouping")
        .annotate(unit_count=Count("sheets", distinct=True), done_count=done)
    )
    labels: dict[int, str] = {}
    found = listing(request, lists.season_table(labels), rows)
    if wants_workbook(request):
        heads = access.seasons_seen(acting).order_by().values_list("head_id", flat=True)
        labels.update(tree.labels_on(set(heads), on=acting.on))
        return found.workbook()
    found.page.object_list = shown = list(found.page.object_list)
    labels.update(tree.labels_on({row.head_id for row in shown}, on=acting.on))
    owners = acting.units_for("grouping.keep")
    context = {
        "listing": found,
        "may_keep": bool(owners),
        "groupings": groupings.groups(owners).order_by("name", "pk")[:SHOWN],
        "waiting": _to_score(acting),
    }
    return render(request, "awards/groups/list.html", context)


def _to_score(acting: Acting) -> list[tuple[ScoreSheet, str, str]]:
    """(sheet, unit, what): sheets of the own units that are scored now, and those they have to check."""
    mine, checking = acting.units_for("scoresheet.score"), acting.units_for("scoresheet.check")
    to_check = Q(checker_id__in=checking, state=ScoreSheetState.SELF_SCORED)
    rows = list(
        ScoreSheet.objects.filter(Q(unit_id__in=mine) | to_check, season__state=GroupSeasonState.SCORING)
        .select_related("season__grouping")
        .order_by("-season__year", "pk")[:SHOWN]
    )
    labels = tree.labels_on({row.unit_id for row in rows}, on=acting.on)
    return [(row, labels.get(row.unit_id, ""), "" if row.unit_id in mine else "Chấm chéo ") for row in rows]


# --- one year -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the year."""

    sheet: ScoreSheet
    label: str
    checker: str
    post: str
    tone: str
    may_read: bool
    #: (column, points so far) for `JUDGES`; an ellipsis where the reader may not know.
    figures: tuple[tuple[str, str], ...]
    is_late: bool


@dataclass(frozen=True, slots=True)
class Late:
    who: str
    what: str
    due: date


@require_safe
@never_cache
@signed_in
def season(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.get_season(pk, acting=acting)
    if wants_workbook(request):
        return _workbook(found, acting)
    return _page(request, found, acting)


def _sheets(found: GroupSeason, acting: Acting) -> tuple[list[ScoreSheet], dict[int, str]]:
    """In the order of the names of the units, with the names of all that are concerned."""
    rows = list(ScoreSheet.objects.filter(season=found))
    for row in rows:
        row.season = found
    units = {key for row in rows for key in (row.unit_id, row.checker_id) if key}
    units |= {key for key in (found.owner_id, found.head_id, found.deputy_id) if key}
    labels = tree.labels_on(units, on=acting.on)
    order = members.in_order([row.unit_id for row in rows], on=acting.on)
    places = {unit_id: place for place, unit_id in enumerate(order)}
    rows.sort(key=lambda row: places[row.unit_id])
    acting.look_up_places(units)
    return rows, labels


def _page(
    request: HttpRequest, found: GroupSeason, acting: Acting, *, typed: dict[str, str] | None = None
) -> HttpResponse:
    sheets, labels = _sheets(found, acting)
    is_scored = found.state in SCORED
    sums = overview.sums_of(found) if is_scored else {}
    readable = _readable(found, sheets, acting)
    rows = [_row(row, found, labels, sums, acting, may_read=row.pk in readable) for row in sheets]
    may_run = acting.may("groupseason.run", found)
    mine = acting.units_for("scoresheet.score")
    own = [row for row in rows if row.sheet.unit_id in mine]
    is_before = found.state in members.BEFORE_SCORING
    may_sign = rows if may_run else own
    context = {
        "season": found,
        "tone": lists.SEASON_TONES.get(GroupSeasonState(found.state), ""),
        "head": labels.get(found.head_id, ""),
        "deputy": labels.get(found.deputy_id or 0, ""),
        "owner": labels.get(found.owner_id, ""),
        "rows": rows,
        "counts": {
            "self": sum(row.state in SELF_DONE for row in sheets),
            "cross": sum(row.state in CROSS_DONE for row in sheets),
            "verified": sum(row.state == ScoreSheetState.VERIFIED for row in sheets),
            "signed": sum(row.signed_on is not None for row in sheets),
        },
        "late": _late(rows, found, labels, acting.on),
        "is_scored": is_scored,
        "is_before": is_before,
        "is_open": found.state in members.OPEN,
        "hides_some": len(readable) < len(sheets),
        "may_see_all": len(readable) == len(sheets) and bool(sheets),
        "own_sheets": [(row.sheet, row.label) for row in own] if is_scored else [],
        "may_run": may_run,
        "may_keep": acting.may("groupseason.keep", found),
        "steps": workflow.possible(found, actor=acting),
        "to_sign": [row for row in may_sign if row.sheet.signed_on is None]
        if is_before and found.covenant
        else [],
        "to_unsign": [row for row in may_sign if row.sheet.signed_on is not None] if is_before else [],
        "typed": typed or {},
        "today": acting.on.isoformat(),
        "publication": SeasonPublication.objects.filter(season=found).exists(),
        "preview": _preview(found, labels) if may_run and found.state == GroupSeasonState.SCORING else [],
        "past": _past(found, acting),
        "history": history(found)[:30],
    }
    return render(request, "awards/groups/season.html", context, status=422 if typed else 200)


def _readable(found: GroupSeason, sheets: list[ScoreSheet], acting: Acting) -> set[int]:
    """Keys of the sheets that this person may read. Of a published year all have the same readers."""
    asked = sheets[:1] if found.state == GroupSeasonState.PUBLISHED else sheets
    readers = {row.pk: {unit for unit in sheet_readers(row) if unit} for row in asked}
    mine = acting.unit_ids()
    below = tree.ids_at_or_below(mine, on=acting.on).filter(unit_id__in=set[int]().union(*readers.values()))
    # each refusal looks up names for its reason: who is far from a sheet is not asked about one by one
    near = mine | set(below)
    allowed = {row.pk for row in asked if readers[row.pk] & near and acting.may("scoresheet.read", row)}
    return {row.pk for row in sheets} if allowed and asked is not sheets else allowed


def _row(
    sheet: ScoreSheet,
    found: GroupSeason,
    labels: dict[int, str],
    sums: dict[int, dict[str, overview.Sum]],
    acting: Acting,
    *,
    may_read: bool,
) -> UnitRow:
    own = sums.get(sheet.pk, {})
    due = overview.due_of(sheet, found)
    posts = {found.head_id: "trưởng", found.deputy_id: "phó trưởng"}
    return UnitRow(
        sheet=sheet,
        label=labels.get(sheet.unit_id, ""),
        checker=labels.get(sheet.checker_id or 0, ""),
        post=posts.get(sheet.unit_id, ""),
        tone=lists.SHEET_TONES.get(ScoreSheetState(sheet.state), ""),
        may_read=may_read,
        figures=tuple(
            (title, own[name].figure if may_read and name in own else "–" if may_read else "…")
            for name, title in JUDGES
        ),
        is_late=due is not None and due < acting.on,
    )


def _late(rows: list[UnitRow], found: GroupSeason, labels: dict[int, str], on: date) -> list[Late]:
    """Who owes the next act on a sheet, where its day is over."""
    late = []
    for row in rows:
        due = overview.due_of(row.sheet, found)
        if due is None or due >= on:
            continue
        state = row.sheet.state
        if state == ScoreSheetState.SELF_SCORED:
            late.append(Late(row.checker or "chưa ai", f"chấm chéo {row.label}", due))
        elif state == ScoreSheetState.CROSS_CHECKED:
            late.append(Late(labels.get(asked_to_verify(row.sheet), ""), f"thẩm định {row.label}", due))
        else:
            late.append(Late(row.label, "tự chấm", due))
    return late


@dataclass(frozen=True, slots=True)
class Preview:
    """A line of the ranking as it would be now."""

    standing: Standing
    label: str
    total: str
    broken_by: str


def _preview(found: GroupSeason, labels: dict[int, str]) -> list[Preview]:
    """The ranking as it would be published now; nothing before somebody was scored."""
    rows = publishing.current_ranking(found)
    if not any(row.place.rank for row in rows):
        return []
    items = {item.pk: str(item) for item in found.table.items.all()}
    return [
        Preview(
            row,
            labels.get(row.sheet.unit_id, ""),
            format_number(row.place.total.total) if row.place.total else "",
            items.get(row.place.broken_by or 0, ""),
        )
        for row in rows
    ]


def _past(found: GroupSeason, acting: Acting) -> list[dict[str, object]]:
    """Other years of the group that this person sees, with the first places where they were published."""
    others = list(
        access.seasons_seen(acting)
        .filter(grouping_id=found.grouping_id)
        .exclude(pk=found.pk)
        .order_by("-year", "-pk")[:SHOWN]
    )
    valid = {
        one.season_id: one
        for one in SeasonPublication.objects.filter(season__in=others, withdrawn_at__isnull=True)
    }
    return [
        {
            "season": one,
            "best": [
                f"{row.rank}. {row.label} ({format_number(row.total)})"
                for row in publishing.places(valid[one.pk])[:BEST]
                if row.rank is not None and row.total is not None
            ]
            if one.pk in valid
            else [],
        }
        for one in others
    ]


def _workbook(found: GroupSeason, acting: Acting) -> HttpResponse:
    """Units × criteria with all three columns, of the sheets that this person may read."""
    sheets, labels = _sheets(found, acting)
    readable = _readable(found, sheets, acting)
    shown = [row for row in sheets if row.pk in readable]
    if not shown:
        raise Http404("nothing to read")
    columns, rows = overview.grid(found, shown, labels)
    content = written([Sheet("Bảng điểm", columns, rows)])
    return download(content, name=f"bang-diem-{found.pk}-{found.year}.xlsx")


# --- acts -----------------------------------------------------------------------------------------

Act = Callable[[GroupSeason, HttpRequest, Acting], str]


def _take(found: GroupSeason, _request: HttpRequest, acting: Acting) -> str:
    taken = seasons.take_members(found, actor=acting, now=clock.now())
    said = f"Thêm {len(taken.added)} đơn vị, bỏ {len(taken.removed)}, giữ {len(taken.kept)}."
    if taken.stuck:
        names = ", ".join(tree.labels_on(taken.stuck, on=acting.on).values())
        said += f" {names} không còn trong cụm, khối nhưng đã có dữ liệu nên phiếu được giữ lại."
    return said


def _assign(found: GroupSeason, _request: HttpRequest, acting: Acting) -> str:
    seasons.assign_checkers(found, actor=acting, now=clock.now())
    return "Đã phân công: mỗi đơn vị chấm chéo một đơn vị khác, không lặp lại năm trước nếu được."


def _sheet_of(found: GroupSeason, request: HttpRequest) -> ScoreSheet:
    row = found.sheets.filter(pk=row_key(request.POST.get("phieu", "")) or 0).first()
    if row is None:
        raise Http404("no such sheet")
    row.season = found
    return row


def _set_checker(found: GroupSeason, request: HttpRequest, acting: Acting) -> str:
    unit = Unit.objects.filter(pk=row_key(request.POST.get("don_vi", "")) or 0).first()
    if unit is None:
        raise Http404("no such unit")
    seasons.set_checker(_sheet_of(found, request), unit, actor=acting, now=clock.now())
    return "Đã đổi đơn vị chấm chéo."


def _sign(found: GroupSeason, request: HttpRequest, acting: Acting) -> str:
    try:
        said = request.POST.get("ngay", "")
        day = date.fromisoformat(said) if "-" in said else parse_date(said)
    except ValueError:
        raise RuleNotMet(
            "Chưa ghi được việc ký giao ước", why="ngày ký chưa đúng", next_step="Ghi ngày như 20/11/2026"
        ) from None
    name = request.POST.get("nguoi_ky", "")
    seasons.sign_covenant(_sheet_of(found, request), by_name=name, on=day, actor=acting, now=clock.now())
    return "Đã ghi chữ ký giao ước."


def _unsign(found: GroupSeason, request: HttpRequest, acting: Acting) -> str:
    reason = request.POST.get("ly_do", "")
    seasons.take_back_signature(_sheet_of(found, request), reason=reason, actor=acting, now=clock.now())
    return "Đã bỏ chữ ký."


def _start(found: GroupSeason, _request: HttpRequest, acting: Acting) -> str:
    seasons.start(found, actor=acting, now=clock.now())
    return "Đã phát động. Các đơn vị được báo ký giao ước."


def _open(found: GroupSeason, _request: HttpRequest, acting: Acting) -> str:
    seasons.open_scoring(found, actor=acting, now=clock.now())
    return "Đã mở chấm điểm. Các đơn vị được báo tự chấm."


def _publish(found: GroupSeason, _request: HttpRequest, acting: Acting) -> str:
    publishing.publish(found, actor=acting, now=clock.now())
    return "Đã công bố. Kết quả được khóa lại kèm mã băm."


def _reopen(found: GroupSeason, request: HttpRequest, acting: Acting) -> str:
    seasons.reopen(found, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
    return "Đã rút kết quả và mở lại chấm điểm. Bản đã công bố vẫn xem được."


def _cancel(found: GroupSeason, request: HttpRequest, acting: Acting) -> str:
    seasons.cancel(found, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now())
    return "Đã bỏ năm thi đua này."


ACTS: dict[str, Act] = {
    "lay-don-vi": _take,
    "phan-cong": _assign,
    "doi-cham-cheo": _set_checker,
    "ky": _sign,
    "bo-ky": _unsign,
    "start": _start,
    "open_scoring": _open,
    "publish": _publish,
    "reopen": _reopen,
    "cancel": _cancel,
}


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.get_season(pk, acting=acting)
    name = request.POST.get("viec", "")
    do = ACTS.get(name)
    try:
        if do is not None:
            messages.success(request, do(found, request, acting))
            if name == "publish":
                return redirect("groups:ranking", pk=pk)
    except (RuleNotMet, ChangedMeanwhile) as refusal:
        messages.error(request, refusal.message)
        if name == "ky":
            # the name that was typed stays
            return _page(request, access.get_season(pk, acting=acting), acting, typed=request.POST.dict())
    return redirect("groups:season", pk=pk)
