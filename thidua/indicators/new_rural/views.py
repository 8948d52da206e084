"""Pages of new rural: the board of a province, a commune's criteria, recognitions, the classes of a place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from thidua.core import clock
from thidua.core.errors import ChangedMeanwhile, RuleNotMet
from thidua.indicators.models import NewRuralLevel, NewRuralStatus, Recognition, Value
from thidua.indicators.new_rural import board as boards
from thidua.indicators.new_rural import counts, recognitions, statuses
from thidua.indicators.new_rural.criteria_sets import set_of_year
from thidua.indicators.new_rural.forms import EARLIEST, RecogniseForm, WithdrawForm
from thidua.indicators.values import year as period_of
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import GroupingKind, Membership, Unit, UnitKind, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook

_CLASSES = (
    GroupingKind.REGION,
    GroupingKind.HARD_COMMUNE,
    GroupingKind.HARD_VILLAGE,
    GroupingKind.POOR_DISTRICT,
    GroupingKind.COASTAL,
    GroupingKind.BORDER,
)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    return min(max(year, EARLIEST), clock.today().year)


def _province(acting: Acting, key: str, choices: list[tuple[str, str]], *, day: date) -> Unit | None:
    """The province asked for, else the own one, else the first."""
    keys = [choice for choice, _ in choices]
    if key in keys:
        return Unit.objects.get(key=key)
    for mandate in acting.mandates:
        for above in tree.ancestors(mandate.unit_id, on=day):
            if above.unit.kind == UnitKind.PROVINCE and above.unit.key in keys:
                return above.unit
    return Unit.objects.filter(key=keys[0]).first() if keys else None


@require_safe
@signed_in
def board(request: HttpRequest) -> HttpResponse:
    """Communes × criteria of a province in a year."""
    acting, year, today = who(request), _year(request), clock.today()
    day = min(date(year, 12, 31), today)
    choices = boards.provinces_on(day)
    province = _province(acting, request.GET.get("tinh", ""), choices, day=day)
    found = set_of_year(year)
    if province is None or found is None:
        return render(request, "new_rural/no_board.html", {"year": year})
    criteria, standard = found
    shown = boards.Board.of(province, year, today=today, criteria=criteria, standard=standard)
    rows = listing(
        request,
        shown.table(),
        shown.rows(),
        provinces=choices,
        today=today,
        province=province.key,
        year=year,
        states=shown.states,
    )
    if wants_workbook(request):
        return rows.workbook()
    printed = _printed(province, year)
    below, reported = counts.below_few(province.pk, year, standard)
    context = {
        "listing": rows,
        "board": shown,
        "province": dict(choices).get(province.key, province.key),
        "criteria": criteria,
        "standard": standard,
        "levels": [
            (level.label, counts.counted(province.pk, level, on=shown.day), printed.get(level))
            for level in NewRuralLevel
        ],
        "below": below,
        "reported": reported,
        "few": statuses.FEW,
    }
    return render(request, "new_rural/board.html", context)


#: What the province itself has published: more than the decisions that were written down here.
_PUBLISHED = {
    "communes_ntm": NewRuralLevel.STANDARD,
    "communes_ntm_advanced": NewRuralLevel.ADVANCED,
    "communes_ntm_model": NewRuralLevel.MODEL,
}


def _printed(province: Unit, year: int) -> dict[NewRuralLevel, Value]:
    since, until = period_of(year)
    rows = Value.objects.filter(
        indicator__code__in=_PUBLISHED, unit=province, since=since, until=until, segment="", is_chosen=True
    ).select_related("indicator", "source")
    return {_PUBLISHED[row.indicator.code]: row for row in rows if row.amount is not None}


def _place(key: str) -> Unit:
    return get_object_or_404(Unit, key=key, kind__in=(UnitKind.COMMUNE, UnitKind.DISTRICT))


def _in_year(unit: Unit, year: int) -> UnitVersion | None:
    """What a place was at the end of a year, or at its beginning when it ended within; else None."""
    days = (min(date(year, 12, 31), clock.today()), date(year, 1, 1))
    return next((row for day in days if (row := tree.version_on(unit.pk, on=day))), None)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def status(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """The criteria of one place in a year: to be answered by who may, else to be read."""
    acting, unit = who(request), _place(key)
    version = _in_year(unit, year)
    found = set_of_year(year, kind=unit.kind) if EARLIEST <= year <= clock.today().year else None
    if version is None or found is None:
        raise Http404
    criteria, standard = found
    row = (
        NewRuralStatus.objects.filter(unit=unit, year=year, standard=standard).select_related("user").first()
    )
    answers, refusal = statuses.answers_of(row), None
    if request.method == "POST":
        answers = {
            number: request.POST[f"tc{number}"] == "dat"
            for number in criteria.numbers
            if request.POST.get(f"tc{number}") in ("dat", "chua")
        }
        try:
            saved = statuses.record_status(
                unit, year, answers, actor=acting, now=clock.now(), seen=_moment(request.POST.get("luc", ""))
            )
        except (RuleNotMet, ChangedMeanwhile) as error:
            refusal = error
        else:
            messages.success(request, f"Đã lưu: {version.label} đạt {saved.met_count} tiêu chí năm {year}.")
            return redirect("new_rural:status", key=key, year=year)
    poverty = statuses.poverty([unit.pk], year).get(unit.pk)
    context = {
        "unit": unit,
        "label": version.label,
        "year": year,
        "criteria": criteria,
        "standard": standard,
        "groups": [
            (group, [(one, answers.get(one.number)) for one in members])
            for group, members in criteria.groups()
        ],
        "row": row,
        "seen": row.entered_at.isoformat() if row else "",
        "poverty": poverty,
        "may_enter": acting.may("value.enter", unit),
        "refusal": refusal,
        "years": (year - 1 if year > EARLIEST else None, year + 1 if year < clock.today().year else None),
    }
    return render(request, "new_rural/status.html", context, status=422 if refusal else 200)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


@require_safe
@signed_in
def recognition_list(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    rows = listing(
        request,
        boards.RECOGNITIONS,
        boards.recognised(today=today),
        provinces=boards.provinces_on(today),
        today=today,
        within=lambda key: boards.ids_ever_within(key, today=today),
    )
    if wants_workbook(request):
        return rows.workbook()
    return render(request, "new_rural/recognitions.html", {"listing": rows})


@require_safe
@signed_in
def place(request: HttpRequest, key: str) -> HttpResponse:
    """The dated classes of a place, its recognitions and its results by year."""
    acting, unit = who(request), _place(key)
    version = tree.last_version(unit.pk, on=clock.today())
    if version is None:
        raise Http404
    memberships = (
        Membership.objects.filter(unit=unit, grouping__kind__in=_CLASSES)
        .select_related("grouping", "act")
        .order_by("-since", "pk")
    )
    context = {
        "unit": unit,
        "version": version,
        "today": clock.today(),
        "memberships": memberships,
        "recognitions": recognitions.of_unit(unit),
        "statuses": NewRuralStatus.objects.filter(unit=unit).select_related("standard").order_by("-year"),
        "may_recognise": acting.may("new_rural.recognise", unit),
        "may_enter": acting.may("value.enter", unit),
        "year": min(clock.today().year, version.until.year),
    }
    return render(request, "new_rural/place.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def recognise(request: HttpRequest, key: str) -> HttpResponse:
    acting, unit = who(request), _place(key)
    acting.require("new_rural.recognise", unit)
    form = RecogniseForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            found = recognitions.recognise(unit, **form.cleaned_data, actor=acting, now=clock.now())
        except (RuleNotMet, ChangedMeanwhile) as error:
            refusal = error
        else:
            messages.success(
                request, f"Đã ghi: {found.get_level_display()}, quyết định {found.decision.number}."
            )
            return redirect("new_rural:place", key=key)
    return _form_page(request, unit, form, refusal, title="Ghi quyết định công nhận", button="Ghi công nhận")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = get_object_or_404(Recognition.objects.select_related("unit", "decision"), pk=pk)
    acting.require("new_rural.recognise", found)
    form = WithdrawForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            recognitions.withdraw(found, **form.cleaned_data, actor=acting, now=clock.now())
        except (RuleNotMet, ChangedMeanwhile) as error:
            refusal = error
        else:
            messages.success(request, f"Đã ghi thu hồi: {found.get_level_display()}.")
            return redirect("new_rural:place", key=found.unit.key)
    return _form_page(
        request,
        found.unit,
        form,
        refusal,
        title="Ghi quyết định thu hồi",
        button="Ghi thu hồi",
        about=f"{found.get_level_display()}, quyết định {found.decision.number}, cho năm {found.for_year}",
    )


def _form_page(request: HttpRequest, unit: Unit, form: Any, refusal: Any, **context: str) -> HttpResponse:
    version = tree.last_version(unit.pk, on=clock.today())
    context |= {"label": version.label if version else unit.key}
    is_wrong = request.method == "POST"
    return render(
        request,
        "new_rural/form.html",
        {"unit": unit, "form": form, "refusal": refusal, **context},
        status=422 if is_wrong else 200,
    )
