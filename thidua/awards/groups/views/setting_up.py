"""Setting up: a cluster or bloc with its units, a new year of it, what may be changed on one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from thidua.audit.reader import history
from thidua.awards.groups import access, members, seasons
from thidua.awards.groups.forms import GroupForm, SeasonForm, SeasonStartForm, season_values
from thidua.awards.models import GroupSeason, ScoreTable, ScoreTableState
from thidua.core import clock
from thidua.core.errors import NotAllowed, RuleNotMet
from thidua.organisations import groupings, tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Grouping, Membership, Unit, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.organisations.successions import heirs_on

#: So many units are offered for a group; a body makes groups of what stands right below it.
MOST_UNITS = 500
#: Fields of a year that only the body that made the group sets.
OF_THE_OWNER = ("head", "deputy", "table", "proposed_seats")


# --- a group with its units -----------------------------------------------------------------------


def owners_of(acting: Acting) -> dict[int, str]:
    """Bodies that exist today in whose name this person makes groups."""
    return tree.labels_on(acting.units_for("grouping.keep"), on=acting.on)


def _owners(acting: Acting) -> dict[int, str]:
    found = owners_of(acting)
    if not found:
        raise NotAllowed(
            "Bạn chưa được lập cụm, khối thi đua",
            why="việc này của cơ quan thường trực hoặc lãnh đạo cơ quan tổ chức cụm, khối",
            next_step="Đề nghị cơ quan đó lập",
        )
    return found


def _offered_units(owner_ids: set[int], more: set[int], *, on: date) -> dict[int, str]:
    """Units right below these bodies, beside those that are offices, and those of `more`, by name."""
    now = UnitVersion.objects.filter(tree.valid_on(on))
    owners = now.filter(unit_id__in=owner_ids).select_related("unit")
    beside = {row.parent_id for row in owners if row.parent_id and not row.unit.is_place}
    rows = now.filter(Q(parent_id__in=owner_ids | beside) | Q(unit_id__in=more)).exclude(
        unit_id__in=owner_ids - more
    )
    return dict(rows.order_by("label_order").values_list("unit_id", "label")[:MOST_UNITS])


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_group(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    owners = _owners(acting)
    form = GroupForm(
        request.POST or None,
        owners=owners,
        units=_offered_units(set(owners), set(), on=acting.on),
        is_change=False,
        initial={"since": date(acting.on.year, 1, 1)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = groupings.make_grouping(
                given["kind"],
                given["name"],
                owner=Unit.objects.get(pk=given["owner"]),
                unit_ids=given["units"],
                since=given["since"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, f"Đã lập «{made.name}». Lập năm thi đua cho cụm, khối này.")
            new_year = redirect("groups:new").url
            return redirect(f"{new_year}?nhom={made.pk}&nam={acting.on.year}")
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "title": "Lập cụm, khối thi đua", "button": "Lập cụm, khối"}
    return render(request, "awards/groups/group.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """The units of a group, and its years; who keeps it changes the units from a day on."""
    acting = who(request)
    found = Grouping.objects.filter(pk=pk, kind__in=groupings.MADE_BY_BODIES).first()
    years = access.seasons_seen(acting).filter(grouping_id=pk).order_by("-year", "pk")
    may_keep = found is not None and acting.may("grouping.keep", found)
    if found is None or not (may_keep or years.exists()):
        raise Http404("no such group")
    listed = groupings.members_on(found, on=acting.on)
    now = members.members_of(found, on=acting.on)
    owners = set(heirs_on(found.owner_id, on=acting.on)) if found.owner_id else set()
    form = None
    if may_keep:
        form = GroupForm(
            request.POST or None,
            owners={},
            units=_offered_units(owners, set(now), on=acting.on),
            is_change=True,
            initial={"units": now, "since": date(acting.on.year, 1, 1)},
        )
    if request.method == "POST":
        acting.require("grouping.keep", found)
        assert form is not None
        if form.is_valid():
            try:
                groupings.set_members(
                    found,
                    form.cleaned_data["units"],
                    since=form.cleaned_data["since"],
                    actor=acting,
                    now=clock.now(),
                )
                messages.success(request, "Đã ghi thành viên. Năm đang lập thì lấy lại danh sách đơn vị.")
                return redirect("groups:group", pk=pk)
            except RuleNotMet as refusal:
                form.add_error(None, refusal.message)
    rows = list(Membership.objects.filter(grouping=found).order_by("since", "pk"))
    labels = tree.labels_on({*now, *(row.unit_id for row in rows)}, on=acting.on)
    context = {
        "grouping": found,
        "form": form,
        "members": [(labels.get(row.unit_id, ""), row, row.unit_id in listed) for row in rows],
        # units that ended are members through who took over from them
        "today": [labels.get(unit_id, "") for unit_id in now] if set(now) != set(listed) else [],
        "years": years.select_related("grouping"),
        "history": history(found)[:20],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "awards/groups/group.html", context, status=status)


# --- a year of it ---------------------------------------------------------------------------------


def _tables(owner_id: int, chosen: int | None, acting: Acting) -> list[ScoreTable]:
    """Tables in force and drafts of the body, and of bodies this person acts for those in force."""
    own = Q(owner_id=owner_id) & ~Q(state=ScoreTableState.ENDED)
    near = Q(owner_id__in=acting.units_for("scoretable.keep"), state=ScoreTableState.IN_FORCE)
    rows = list(ScoreTable.objects.filter(own | near | Q(pk=chosen)).order_by("-state", "name", "pk"))
    rows.sort(key=lambda one: one.state != ScoreTableState.IN_FORCE)
    for row in rows:
        if row.state != ScoreTableState.IN_FORCE:
            row.name = f"{row.name} ({row.get_state_display().lower()})"
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """First the group and the year, in the address; then the rest, filled in as far as it follows."""
    acting = who(request)
    if not owners_of(acting):
        raise NotAllowed(
            "Bạn chưa được lập năm thi đua của cụm, khối",
            why="việc này của cơ quan thường trực hoặc lãnh đạo cơ quan tổ chức cụm, khối",
            next_step="Đề nghị cơ quan đó lập",
        )
    known = list(groupings.groups(acting.units_for("groupseason.keep")).order_by("name", "pk"))
    asked = {"nam": acting.on.year, **request.GET.dict()} if "nhom" in request.GET else None
    start = SeasonStartForm(asked, groupings=known, initial={"nam": acting.on.year})
    context: dict[str, Any] = {"start": start, "has_groups": bool(known)}
    if not start.is_valid():
        return render(request, "awards/groups/new_season.html", context)
    grouping = next(one for one in known if one.pk == start.cleaned_data["nhom"])
    year = start.cleaned_data["nam"]
    owner_id = next(iter(heirs_on(grouping.owner_id or 0, on=acting.on)), grouping.owner_id)
    if owner_id is None:
        raise Http404("a group of nobody")
    units = tree.labels_on(
        unit_ids := members.members_of(grouping, on=date(year, 12, 31)), on=date(year, 12, 31)
    )
    tables = _tables(owner_id, None, acting)
    head, deputy = seasons.suggested_head(grouping, year)
    form = SeasonForm(
        request.POST or None,
        units={pk: units.get(pk, "") for pk in unit_ids},
        tables=tables,
        initial={
            "head": head.pk if head else "",
            "deputy": deputy.pk if deputy else "",
            "self_due": date(year, 11, 30),
            "cross_due": date(year, 12, 10),
            "verify_due": date(year, 12, 20),
        },
    )
    if request.method == "POST" and form.is_valid():
        season = GroupSeason(grouping=grouping, year=year, owner_id=owner_id)
        try:
            made = seasons.keep_season(form.fill(season), actor=acting, now=clock.now())
            taken = seasons.take_members(made, actor=acting, now=clock.now())
            messages.success(
                request, f"Đã lập năm {year}, {len(taken.added)} đơn vị. Phân công chấm chéo rồi phát động."
            )
            return redirect("groups:season", pk=made.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context |= {"form": form, "grouping": grouping, "year": year, "has_tables": bool(tables)}
    context |= {"suggests_head": head is not None, "unit_count": len(unit_ids)}
    return render(request, "awards/groups/new_season.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def change(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    season = access.get_season(pk, acting=acting)
    acting.require("groupseason.run", season)
    is_owner = acting.may("groupseason.keep", season)
    unit_ids = members.in_order(list(season.sheets.values_list("unit_id", flat=True)), on=acting.on)
    labels = tree.labels_on({*unit_ids, season.head_id, season.deputy_id or season.head_id}, on=acting.on)
    form = SeasonForm(
        request.POST or None,
        units={key: labels[key] for key in [*unit_ids, *labels] if key in labels},
        tables=_tables(season.owner_id, season.table_id, acting),
        initial=season_values(season),
    )
    if not is_owner:
        for name in OF_THE_OWNER:
            del form.fields[name]
    if request.method == "POST" and form.is_valid():
        try:
            seasons.keep_season(form.fill(season), actor=acting, now=clock.now())
            messages.success(request, "Đã lưu.")
            return redirect("groups:season", pk=pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    context = {"form": form, "season": season, "title": "Sửa năm thi đua", "button": "Lưu"}
    return render(request, "awards/groups/season_form.html", context, status=422 if form.errors else 200)
