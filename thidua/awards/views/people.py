"""Persons as subjects: keeping one, and which communes or villages they are in charge of."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from thidua.audit.log import record
from thidua.awards import nominating
from thidua.awards.forms import ChargeForm, PersonForm, ServiceForm
from thidua.awards.models import ChargeArea, PersonRecord
from thidua.awards.nominating import DOING
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.text import row_key
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import PLACES, Unit, UnitKind
from thidua.organisations.signed_in import signed_in, who

MOST = 300


def own_units(acting: Acting) -> dict[int, str]:
    """Living units for which this person proposes, with their names."""
    ids = [pk for pk in acting.unit_ids(DOING) if tree.version_on(pk, on=acting.on) is not None]
    return dict(sorted(tree.labels_on(ids, on=acting.on).items(), key=lambda pair: pair[1]))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_person(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    units = own_units(acting)
    form = PersonForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        found = dict(form.cleaned_data)
        try:
            person = PersonRecord(unit_id=int(found.pop("unit")), **found)
            nominating.keep_person(person, actor=acting, now=clock.now())
            messages.success(request, f"Đã ghi hồ sơ của {person.name}.")
            return redirect("awards:person", pk=person.pk)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
    known = PersonRecord.objects.filter(unit_id__in=units, left_on__isnull=True).order_by("name_order")[:MOST]
    context = {"form": form, "known": [(one, units[one.unit_id]) for one in known]}
    return render(request, "awards/person_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person of an own unit, and the places in their charge."""
    acting = who(request)
    found = PersonRecord.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("no such person")
    acting.require("person.keep", found)
    if request.POST.get("viec") in ("tai-khoan", "ket-thuc", "cong-tac"):
        return _act(request, found, acting)
    places = _places(found, acting)
    form = ChargeForm(request.POST or None, places=places, initial={"since": acting.on})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with transaction.atomic():
                charge = ChargeArea.objects.create(
                    person=found, unit_id=int(given["unit"]), since=given["since"], source=given["source"]
                )
                record(
                    "awards.chargearea.make",
                    charge,
                    label="Ghi địa bàn phụ trách",
                    actor=acting,
                    now=clock.now(),
                    object_label="Địa bàn phụ trách",
                    object_unit_id=found.unit_id,
                )
            messages.success(request, "Đã ghi địa bàn phụ trách.")
        except IntegrityError:
            messages.error(request, "Địa bàn này đã ghi từ ngày đó.")
        return redirect("awards:person", pk=pk)
    charges = list(found.charges.order_by("since", "pk"))
    labels = tree.labels_on({one.unit_id for one in charges}, on=acting.on)
    context = {
        "person": found,
        "unit": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, ""),
        "charges": [(one, labels.get(one.unit_id, "")) for one in charges],
        "form": form,
    }
    return render(request, "awards/person.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, found: PersonRecord, acting: Acting) -> HttpResponse:
    """Bind an account, note since when the person serves, or end the charge of a place."""
    now = clock.now()
    try:
        if request.POST["viec"] == "tai-khoan":
            nominating.bind_account(found, request.POST.get("ten", ""), actor=acting, now=now)
            messages.success(request, "Đã gắn tài khoản." if found.user else "Đã gỡ tài khoản.")
        elif request.POST["viec"] == "cong-tac":
            form = ServiceForm(request.POST)
            if not form.is_valid():
                raise RuleNotMet(
                    "Chưa ghi được", why="ngày chưa đúng", next_step="Ghi ngày như 01/09/2010, hoặc để trống"
                )
            nominating.note_service(found, since=form.cleaned_data["serves_since"], actor=acting, now=now)
            messages.success(request, "Đã ghi thời gian công tác.")
        else:
            charge = found.charges.filter(pk=row_key(request.POST.get("dia_ban", "")) or 0).first()
            if charge is None:
                raise Http404("no such charge")
            nominating.end_charge(charge, until=_day(request.POST.get("ngay", "")), actor=acting, now=now)
            messages.success(request, "Đã ghi ngày thôi phụ trách.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("awards:person", pk=found.pk)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RuleNotMet(
            "Chưa kết thúc được phụ trách", why="ngày chưa đúng", next_step="Chọn ngày thôi phụ trách"
        ) from None


def _places(found: PersonRecord, acting: Acting) -> dict[int, str]:
    """Communes and villages below the place that the unit of the person belongs to."""
    above = [version.unit_id for version in tree.ancestors(found.unit_id, on=acting.on)]
    kinds = dict(Unit.objects.filter(pk__in=above).values_list("pk", "kind"))
    place = next((pk for pk in reversed(above) if kinds[pk] in PLACES), None)
    if place is None:
        return {}
    rows = tree.children(place, on=acting.on).filter(unit__kind__in=(UnitKind.COMMUNE, UnitKind.VILLAGE))
    return {version.unit_id: version.label for version in rows[:MOST]}
