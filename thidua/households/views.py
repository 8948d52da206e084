"""Pages of households: the communes, the register, one household, the yearly review, files of many."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.criteria.lawbook import NotInLawbook
from thidua.households import (
    access,
    bulk_files,
    correcting,
    forms,
    lists,
    recognising,
    register,
    reviewing,
)
from thidua.households.balance import Change
from thidua.households.bulk import COLUMNS, TITLES
from thidua.households.classes import PovertyClass
from thidua.households.models import BulkFile, Household, Review
from thidua.households.rights import READING
from thidua.households.standards import standard_of
from thidua.indicators.models import Stage
from thidua.jobs.models import Job
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit, UnitKind
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import download


@require_safe
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Counts of the communes below one's units; never a name."""
    acting = who(request)
    asked = request.GET.get("nam", "")
    year = int(asked) if asked.isdecimal() and 2016 <= int(asked) <= acting.on.year else acting.on.year
    found = listing(request, lists.commune_table(year), lists.communes_below(acting, year=year))
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "year": year, "years": range(acting.on.year, 2015, -1)}
    return render(request, "households/home.html", context)


# --- the register ---------------------------------------------------------------------------------


@require_safe
@signed_in
def commune(request: HttpRequest, key: str) -> HttpResponse:
    """The register to who may read names; to everybody else the counts of each year."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    context: dict[str, Any] = {
        "unit": unit,
        "label": access.label_of(unit, acting=acting),
        "counts": lists.count_facts(unit, acting=acting),
        "this_year": acting.on.year,
        "may_run": acting.may("review.run", unit),
        "may_write": acting.may("household.write", unit),
        "may_unmask": acting.may("household.unmask", unit),
    }
    rows = register.readable(unit, acting=acting).select_related("commune")
    if not acting.has_role(*READING) or not (context["may_write"] or rows.exists()):
        return render(request, "households/counts.html", context)
    found = listing(request, lists.register_table(), rows)
    if wants_workbook(request):
        return found.workbook()
    register.log_opening(unit, what="sổ hộ", rows=len(found.page.object_list), actor=acting, now=clock.now())
    return render(request, "households/register.html", context | {"listing": found})


@require_POST
@signed_in
def unmasked(request: HttpRequest, key: str) -> HttpResponse:
    """The register as Excel with names, for a reason that is kept."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    acting.require("household.unmask", unit)
    rows = register.readable(unit, acting=acting).select_related("commune")
    found = listing(request, lists.register_table(is_masked=False), rows)
    reason = request.POST.get("ly_do", "")
    register.log_unmasked(unit, rows=found.count, reason=reason, actor=acting, now=clock.now())
    return found.workbook()


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_household(request: HttpRequest, key: str) -> HttpResponse:
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    acting.require("household.write", unit)
    villages = _villages(unit, acting)
    form = forms.HouseholdForm(request.POST or None, villages=villages, initial={"tu_ngay": acting.on})
    if request.method == "POST" and form.is_valid():
        try:
            one = register.write(unit, form.written(), actor=acting, now=clock.now())
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Đã ghi hộ {one.code} vào sổ.")
            return redirect("households:household", key=key, pk=one.pk)
    context = {"form": form, "unit": unit, "label": access.label_of(unit, acting=acting)}
    return render(request, "households/new_household.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def household(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One household with its years; correcting what the register says."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    one = access.household_at(unit, pk, acting=acting)
    villages = _villages(unit, acting, one)
    if request.method == "POST":
        form = forms.HouseholdForm(request.POST, villages=villages)
    else:
        form = forms.HouseholdForm.of(one, villages=villages)
    if request.method == "POST" and form.is_valid():
        try:
            register.write(unit, form.written(), household=one, actor=acting, now=clock.now())
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lưu thông tin hộ.")
            return redirect("households:household", key=key, pk=pk)
    else:
        register.log_opening(unit, what=f"hộ {one.code}", rows=1, actor=acting, now=clock.now())
    context = {
        "form": form,
        "unit": unit,
        "label": access.label_of(unit, acting=acting),
        "household": one,
        "assessments": one.assessments.filter(review__in=Review.objects.in_force())
        .select_related("review")
        .order_by("-review__year"),
        "may_erase": acting.may("household.erase", one) and one.erased_at is None,
        "this_year": acting.on.year,
        "has_review": Review.objects.filter(commune=unit, year=acting.on.year).exists(),
    }
    return render(request, "households/household.html", context)


def _villages(unit: Unit, acting: Acting, one: Household | None = None) -> list[tuple[int, str]]:
    """What may be chosen; a village that has ended meanwhile stays as it was."""
    found = {row.unit_id: row.label for row in register.villages_of(unit, on=acting.on)}
    if one is not None and one.village_id and one.village_id not in found:
        found[one.village_id] = one.village_name or str(one.village)
    return list(found.items())


@require_POST
@signed_in
def household_act(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    one = access.household_at(unit, pk, acting=acting)
    reason = request.POST.get("ly_do", "")
    if request.POST.get("viec") == "xoa":
        register.erase(one, reason=reason, actor=acting, now=clock.now())
        messages.success(request, f"Đã xóa thông tin cá nhân của hộ {one.code}.")
    else:
        register.leave(one, on=acting.on, reason=reason, actor=acting, now=clock.now())
        messages.success(request, f"Đã ghi hộ {one.code} rời sổ.")
    return redirect("households:household", key=key, pk=pk)


# --- the review -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def review(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """The steps of a year with their dates, the balance, and what is still missing."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    found = access.review_at(unit, year)
    return _review_page(request, unit, found, acting)


@require_safe
@signed_in
def earlier_review(request: HttpRequest, key: str, year: int, pk: int) -> HttpResponse:
    """A recognised result as it was before it was corrected; to read only."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    return _review_page(request, unit, access.earlier_review_at(unit, year, pk), acting)


def _review_page(request: HttpRequest, unit: Unit, found: Review, acting: Acting) -> HttpResponse:
    key, year = unit.key, found.year
    is_earlier = hasattr(found, "corrected_by")
    rows = reviewing.results(found)
    may_run = acting.may("review.run", found) and found.stage != Stage.OFFICIAL
    form = forms.StepsForm(request.POST or None, review=found)
    if request.method == "POST" and form.is_valid():
        try:
            reviewing.note_steps(found, form.cleaned_data, actor=acting, now=clock.now())
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã lưu các bước rà soát.")
            return redirect("households:review", key=key, year=year)
    standing = [row.standing.now for row in rows]
    context = {
        "unit": unit,
        "label": access.label_of(unit, acting=acting),
        "review": found,
        "standard": standard_of(year),
        "steps": [(name, getattr(found, field)) for field, name in reviewing.STEPS],
        "period": reviewing.period(year),
        "form": form,
        "recognise_form": forms.RecogniseForm(initial={"ngay": acting.on}),
        "doubts": reviewing.doubts(found),
        "balance": recognising.balance_of(found, rows),
        "unfinished": [one for one in recognising.unfinished(found, rows) if "công nhận" not in one.lower()],
        "poor": standing.count(PovertyClass.POOR),
        "near_poor": standing.count(PovertyClass.NEAR_POOR),
        "surveyed": sum(row.assessment is not None for row in rows),
        "listed": sum(not row.standing.left_this_year for row in rows),
        "may_run": may_run,
        "may_read": acting.may("household.read", unit),
        "moves": {step.name for step in workflow.possible(found, actor=acting)},
        "is_earlier": is_earlier,
        "may_correct": not is_earlier
        and found.stage == Stage.OFFICIAL
        and acting.may("review.recognise", found),
        "may_abandon": found.corrects_id is not None
        and found.stage != Stage.OFFICIAL
        and acting.may("review.recognise", found),
        "changed_classes": correcting.changed_classes(found) if found.corrects_id else [],
        "later_official": correcting.later_official(found),
    }
    return render(request, "households/review.html", context)


@require_POST
@signed_in
def review_act(request: HttpRequest, key: str, year: int) -> HttpResponse:
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    act = request.POST.get("viec", "")
    if act == "bat-dau":
        try:
            reviewing.start(unit, year, actor=acting, now=clock.now())
        except NotInLawbook as error:
            raise RuleNotMet(
                f"Chưa bắt đầu được rà soát năm {year}", why=str(error), next_step="Chọn năm khác"
            ) from error
        messages.success(request, f"Đã bắt đầu rà soát năm {year}.")
    elif act == "so-bo":
        workflow.advance(access.review_at(unit, year), "report", actor=acting, now=clock.now())
        messages.success(request, "Đã báo cáo kết quả sơ bộ.")
    elif act == "dinh-chinh":
        reason = request.POST.get("ly_do", "")
        correcting.begin(access.review_at(unit, year), reason=reason, actor=acting, now=clock.now())
        messages.success(
            request, "Đã lập bản đính chính. Sửa phiếu của hộ, rồi công nhận bằng quyết định mới."
        )
    elif act == "bo-dinh-chinh":
        correcting.abandon(access.review_at(unit, year), actor=acting, now=clock.now())
        messages.success(request, "Đã bỏ bản đính chính. Kết quả đã công nhận giữ nguyên.")
    elif act == "cong-nhan":
        form = forms.RecogniseForm(request.POST)
        if not form.is_valid():
            raise RuleNotMet(
                "Chưa công nhận được", why="thiếu số hoặc ngày quyết định", next_step="Ghi đủ rồi gửi lại"
            )
        entered = recognising.recognise(
            access.review_at(unit, year),
            decision_number=form.cleaned_data["so"],
            recognised_on=form.cleaned_data["ngay"],
            actor=acting,
            now=clock.now(),
        )
        messages.success(
            request, f"Đã công nhận kết quả và ghi {len(entered.values)} số liệu chính thức của xã."
        )
    return redirect("households:review", key=key, year=year)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def results(request: HttpRequest, key: str, year: int) -> HttpResponse:
    """Every household with its class and what changed; POST gives Excel with names for a reason."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    found = access.review_at(unit, year)
    acting.require("household.read", unit)
    changes = {row.household.pk: row.change for row in reviewing.results(found)}
    is_masked = request.method != "POST"
    rows = lists.with_classes(Household.objects.filter(pk__in=changes), found)
    table = listing(request, lists.result_table(found, changes, is_masked=is_masked), rows)
    if not is_masked:
        acting.require("household.unmask", unit)
        register.log_unmasked(
            unit, rows=table.count, reason=request.POST.get("ly_do", ""), actor=acting, now=clock.now()
        )
    if wants_workbook(request) or not is_masked:
        return table.workbook()
    register.log_opening(
        unit, what=f"kết quả {year}", rows=len(table.page.object_list), actor=acting, now=clock.now()
    )
    tallies = [(change, sum(one is change for one in changes.values())) for change in Change]
    context = {
        "unit": unit,
        "label": access.label_of(unit, acting=acting),
        "review": found,
        "listing": table,
        "tallies": [(change, count) for change, count in tallies if count and change is not Change.NONE],
        "chosen": table.asked.get("thay_doi", ""),
        "may_unmask": acting.may("household.unmask", unit),
    }
    return render(request, "households/results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def survey(request: HttpRequest, key: str, year: int, pk: int) -> HttpResponse:
    """Form A, B1, B2 of one household. The class with its reasons follows every answer."""
    acting = who(request)
    unit = access.commune_at(key, acting=acting)
    found = access.review_at(unit, year)
    one = access.household_at(unit, pk, acting=acting)
    standard = standard_of(year)
    known = found.assessments.filter(household=one).first()
    is_asking = request.method == "POST"
    form = (
        forms.SurveyForm(request.POST, standard=standard)
        if is_asking
        else forms.SurveyForm.of(one, known, standard)
    )
    facts = form.facts() if is_asking else (reviewing.facts_of(known) if known else None)
    context: dict[str, Any] = {
        "explanation": reviewing.explained(found, facts) if facts else None,
        "local": reviewing.explained_locally(found, facts) if facts else None,
        "form": form,
        "unit": unit,
        "label": access.label_of(unit, acting=acting),
        "review": found,
        "household": one,
        "is_frozen": found.stage == Stage.OFFICIAL,
    }
    if is_asking and request.headers.get("HX-Request") == "true" and "luu" not in request.POST:
        return render(request, "households/survey.html#explanation", context)
    if is_asking and "luu" in request.POST and form.is_valid() and facts:
        given = form.cleaned_data
        try:
            reviewing.assess(
                one,
                found,
                facts,
                members=given["nhan_khau"],
                dependants=given["phu_thuoc"],
                note=given["ghi_chu"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Đã lưu phiếu hộ {one.code}.")
            return redirect("households:survey", key=key, year=year, pk=pk)
    if not is_asking:
        register.log_opening(unit, what=f"phiếu hộ {one.code}", rows=1, actor=acting, now=clock.now())
    return render(request, "households/survey.html", context)


# --- files of many households -----------------------------------------------------------------------

_PLACES = (UnitKind.COMMUNE, UnitKind.DISTRICT, UnitKind.PROVINCE)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def files(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    mine = Unit.objects.filter(pk__in=acting.unit_ids(READING), kind__in=_PLACES)
    labels = tree.labels_on([unit.pk for unit in mine], on=acting.on)
    choices = [(unit.key, labels[unit.pk]) for unit in mine if unit.pk in labels]
    form = forms.FileForm(
        request.POST or None, request.FILES or None, units=choices, initial={"nam": acting.on.year}
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            one = bulk_files.hand_in(
                Unit.objects.get(key=given["dia_ban"]),
                given["tep"].file,
                file_name=given["tep"].name,
                year=given["nam"],
                covers_all=given["moi_ho"],
                actor=acting,
                now=clock.now(),
            )
        except (RuleNotMet, NotInLawbook) as refusal:
            form.add_error(None, getattr(refusal, "message", None) or str(refusal))
        else:
            return redirect("households:file", pk=one.pk)
    rows = BulkFile.objects.filter(unit__in=mine).order_by("-handed_in_at", "-pk")
    context = {
        "form": form,
        "may_hand_in": bool(choices),
        "page": Paginator(rows, 20).get_page(request.GET.get("trang")),
        "labels": labels,
    }
    return render(request, "households/files.html", context)


@require_safe
@signed_in
def template(_request: HttpRequest) -> HttpResponse:
    """An empty file with the heading."""
    heading = ",".join(TITLES[column] for column in COLUMNS) + "\n"
    return download(("\ufeff" + heading).encode(), name="mau-ho.csv", content_type="text/csv; charset=utf-8")


@require_safe
@signed_in
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file has come, its bad rows, its counts by commune."""
    acting = who(request)
    one = access.bulk_file_at(pk, acting=acting)
    keys = [row["commune"] for row in one.counts]
    units = dict(Unit.objects.filter(key__in=keys).values_list("key", "pk"))
    labels = tree.labels_on(units.values(), on=acting.on)
    context = {
        "file": one,
        "job": Job.objects.filter(key=f"{bulk_files.CLASSIFY_FILE}.{one.pk}").first(),
        "report": json.loads(one.report or "[]"),
        "rows": [(labels.get(units.get(row["commune"], 0), row["commune"]), row) for row in one.counts[:500]],
        "label": access.label_of(one.unit, acting=acting),
    }
    return render(request, "households/file.html", context)


@require_POST
@signed_in
def apply_file(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    one = access.bulk_file_at(pk, acting=acting)
    entered, left_out = bulk_files.apply(one, actor=acting, now=clock.now())
    messages.success(
        request, f"Đã ghi {len(entered.values)} số liệu sơ bộ, {entered.unchanged} số đã có sẵn."
    )
    if left_out:
        messages.warning(request, f"{len(left_out)} xã còn hộ chưa phân loại được nên chưa ghi số liệu.")
    return redirect("households:file", pk=pk)
