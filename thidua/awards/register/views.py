"""The register, one award with where it came from, records of persons and units, entering by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.audit.reader import history
from thidua.awards import relatives
from thidua.awards.decisions.access import may_take_back
from thidua.awards.models import AwardState, PersonRecord, RegisterCoverage, RegisteredAward
from thidua.awards.register import access, chain, covering, entering, finding, lists, statistics
from thidua.awards.register.forms import AwardForm, CorrectForm, CoverageForm, RevokeForm, initial_of
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.movements.visibility import units_below
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import Listing, listing, wants_workbook
from thidua.tables.workbooks import Sheet, download, written

SHOWN = 50


def _workbook(found: Listing[RegisteredAward]) -> HttpResponse:
    """Every column of the register, not only those that fit a page."""
    rows = found.rows.select_related("movement").iterator(chunk_size=2000)
    sheet = Sheet("Sổ khen thưởng", lists.workbook_columns(), (lists.workbook_row(row) for row in rows))
    return download(written([sheet]), name=f"{found.table.name}.xlsx")


@require_safe
@signed_in
def register(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    found = listing(request, lists.register_table(), access.awards(acting), on=acting.on)
    if wants_workbook(request):
        return _workbook(found)
    context = {"listing": found, "may_enter": bool(access.keepers(acting)), "own": _has_own(acting)}
    return render(request, "awards/register/list.html", context)


@require_safe
@signed_in
def figures(request: HttpRequest) -> HttpResponse:
    """The register in figures, for what the filters leave; as page, Excel or CSV."""
    acting = who(request)
    form = lists.StatisticsFilters(request.GET, on=acting.on)
    found = statistics.of(form.narrow(access.awards(acting), form.asked()), on=acting.on)
    wanted = request.GET.get("dang")
    if wanted == "xlsx":
        return download(statistics.workbook(found), name="thong-ke-khen-thuong.xlsx")
    if wanted == "csv":
        content = statistics.as_csv(found).encode("utf-8-sig")
        return download(content, name="thong-ke-khen-thuong.csv", content_type="text/csv; charset=utf-8")
    kept = request.GET.copy()
    kept.pop("dang", None)
    query = f"{kept.urlencode()}&" if kept else ""
    context = {"found": found, "form": form, "query": query}
    return render(request, "awards/register/statistics.html", context)


def _has_own(acting: Acting) -> bool:
    return bool(access.own_records(acting.user))


@require_safe
@signed_in
def award(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.award_at(pk, acting=acting)
    steps = {step.name for step in workflow.possible(found, actor=acting)}
    corrected_by = RegisteredAward.objects.filter(corrects=found).first()
    may_tie = not found.subject_key and acting.may("award.enter", found)
    day = found.decided_on
    context = {
        "award": found,
        "form_name": lists.type_name(found.commendation_type, day or acting.on),
        "last_day": found.until.fromordinal(found.until.toordinal() - 1) if found.until else None,
        "chain": chain.of(found, acting=acting),
        "keeper": tree.labels_on([found.keeper_id], on=acting.on).get(found.keeper_id, ""),
        "corrected_by": corrected_by,
        "record": _record_address(found, acting),
        "revoke_form": RevokeForm(initial={"revoked_on": acting.on}) if "revoke" in steps else None,
        "may_restore": "restore" in steps,
        "may_correct": "correct" in steps,
        "may_take_back": found.state == AwardState.IN_FORCE and may_take_back(found, acting=acting),
        "may_tie": may_tie,
        "proposals": finding.subjects_like(found, on=acting.on) if may_tie else [],
        "likely": finding.same_achievement(found, on=acting.on),
        "history": history(found)[:30],
    }
    return render(request, "awards/register/award.html", context)


def _record_address(award: RegisteredAward, acting: Acting) -> tuple[str, int] | None:
    """(name of the page, key) of the record that the award belongs to."""
    if award.person_id is not None:
        return ("award_register:person", award.person_id)
    if award.subject_key.startswith("unit:") and award.unit_id is not None:
        return ("award_register:unit", award.unit_id)
    return None


def _record(
    request: HttpRequest, rows: QuerySet[RegisteredAward], *, acting: Acting, **context: Any
) -> HttpResponse:
    found = listing(request, lists.register_table(name="thanh-tich", is_whole=False), rows, on=acting.on)
    if wants_workbook(request):
        return _workbook(found)
    return render(request, "awards/register/record.html", {"listing": found, **context})


@require_safe
@signed_in
def own(request: HttpRequest) -> HttpResponse:
    """The awards of who is signed in, in whichever unit they were won."""
    acting = who(request)
    records = access.own_records(acting.user)
    rows = RegisteredAward.objects.filter(person_id__in=[one.pk for one in records])
    return _record(
        request,
        rows,
        acting=acting,
        title="Thành tích của tôi",
        about=(
            "Các khoản khen thưởng ghi trên hồ sơ gắn với tài khoản của bạn."
            if records
            else "Tài khoản của bạn chưa gắn với hồ sơ nào. Đề nghị đơn vị gắn tài khoản vào hồ sơ của bạn."
        ),
    )


@require_safe
@signed_in
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The awards of one person, in all units where the same person stands."""
    acting = who(request)
    found = PersonRecord.objects.filter(pk=pk).first()
    if found is None or not _may_see_person(found, acting):
        raise Http404("no such person")
    keys = {f"person:{pk}", *(key for key in relatives.of_person(found) if key.startswith("person:"))}
    rows = access.awards(acting).filter(subject_key__in=keys)
    unit = tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, "")
    return _record(
        request, rows, acting=acting, title=found.name, about=f"{found.position} · {unit}".strip(" ·")
    )


def _may_see_person(found: PersonRecord, acting: Acting) -> bool:
    if found.user_id == acting.user.pk or found.unit_id in acting.unit_ids():
        return True
    if not acting.unit_ids():
        return False
    below = units_below(acting).filter(unit_id=found.unit_id).exists()
    return below or access.awards(acting).filter(person=found).exists()


@require_safe
@signed_in
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """The awards of one unit and of those it took over."""
    acting = who(request)
    version = tree.last_version(pk, on=acting.on)
    if version is None:
        raise Http404("no such unit")
    key = f"unit:{pk}"
    before = relatives.taken_over([key], on=acting.on).get(key, frozenset())
    rows = access.awards(acting).filter(subject_key__in={key, *before})
    if (
        not rows.exists()
        and pk not in acting.unit_ids()
        and not units_below(acting).filter(unit_id=pk).exists()
    ):
        raise Http404("nothing to see of this unit")
    labels = tree.labels_on([int(one.removeprefix("unit:")) for one in before], on=acting.on)
    about = f"Gồm cả của đơn vị trước sắp xếp: {', '.join(sorted(labels.values()))}." if labels else ""
    return _record(request, rows, acting=acting, title=version.label, about=about)


def _keepers(acting: Acting) -> dict[int, str]:
    labels = tree.labels_on(access.keepers(acting), on=acting.on)
    return access.in_order(labels, acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new(request: HttpRequest) -> HttpResponse:
    """One award by hand, with whom it seems to belong to."""
    acting = who(request)
    keepers = _keepers(acting)
    if not keepers:
        acting.require("award.enter", RegisteredAward(keeper_id=0))
    form = AwardForm(request.POST or None, keepers=keepers, on=acting.on)
    if request.method == "POST" and form.is_valid():
        try:
            made = entering.enter(_typed(form, acting), actor=acting, now=clock.now())
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"Đã vào sổ: {made.subject_name}.")
            return redirect("award_register:award", pk=made.pk)
    context = {"form": form, "title": "Ghi một khoản khen thưởng", "button": "Vào sổ"}
    return render(request, "awards/register/form.html", context, status=422 if form.errors else 200)


def _typed(form: AwardForm, acting: Acting) -> entering.NewAward:
    """What was typed; a unit is taken from its name when exactly one fits, a person never."""
    values = form.values()
    keeper = Unit.objects.get(pk=form.cleaned_data["keeper"])
    day = values["decided_on"] or acting.on
    issuer = finding.unit_named(values["issuer_name"], near=keeper, on=day)
    return entering.NewAward(
        keeper=keeper, issuer=issuer, **finding.subject_named(values, near=keeper, on=day), **values
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.award_at(pk, acting=acting)
    acting.require("award.enter", found)
    keepers = tree.labels_on([found.keeper_id], on=acting.on)
    form = CorrectForm(request.POST or None, keepers=keepers, on=acting.on, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = entering.correct(
                found,
                _mended(found, form, acting),
                by=given["by"],
                reason=given["reason"],
                actor=acting,
                now=clock.now(),
            )
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Đã đính chính. Khoản cũ vẫn còn trong sổ.")
            return redirect("award_register:award", pk=made.pk)
    context = {"form": form, "title": f"Đính chính: {found.subject_name}", "button": "Đính chính"}
    return render(request, "awards/register/form.html", context, status=422 if form.errors else 200)


def _mended(found: RegisteredAward, form: CorrectForm, acting: Acting) -> entering.NewAward:
    """What the form says; the subject stays the one that the old row was tied to while its type stays."""
    typed = _typed(form, acting)
    said = entering.said_by(found)
    if typed.subject_type != found.subject_type or not found.subject_key:
        return typed
    return entering.replaced(
        said,
        form.values()
        | {"issuer": typed.issuer or (said.issuer if said.issuer_name == typed.issuer_name else None)},
    )


@require_POST
@signed_in
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.award_at(pk, acting=acting)
    form = RevokeForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("award_register:award", pk=pk)
    return _done(
        request,
        pk,
        lambda: entering.revoke(found, **form.cleaned_data, actor=acting, now=clock.now()),
        "Đã ghi hủy bỏ. Khoản này không còn được tính.",
    )


@require_POST
@signed_in
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.award_at(pk, acting=acting)
    reason = request.POST.get("ly_do", "")
    return _done(
        request,
        pk,
        lambda: entering.restore(found, reason=reason, actor=acting, now=clock.now()),
        "Đã ghi lại là còn hiệu lực.",
    )


@require_POST
@signed_in
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    found = access.award_at(pk, acting=acting)
    chosen = finding.subject_at(request.POST.get("doi_tuong", ""), acting=acting)
    return _done(
        request,
        pk,
        lambda: entering.tie(found, **chosen, actor=acting, now=clock.now()),
        "Đã ghép với đối tượng.",
    )


def _done(request: HttpRequest, pk: int, act: Callable[[], None], said: str) -> HttpResponse:
    try:
        act()
        messages.success(request, said)
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("award_register:award", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def coverage(request: HttpRequest) -> HttpResponse:
    """For which units the register is said to be complete; saying so for another."""
    acting = who(request)
    units = tree.labels_on(acting.units_for("register.declare"), on=acting.on)
    if not units:
        acting.require("register.declare", RegisterCoverage(unit_id=0))
    form = CoverageForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            covering.declare(
                Unit.objects.get(pk=given["unit"]),
                ground=given["ground"],
                discipline_since=given["discipline_since"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã ghi: sổ của đơn vị này đã đủ.")
            return redirect("award_register:coverage")
        except RuleNotMet as refusal:
            form.add_error("discipline_since", refusal.message)
    rows = list(RegisterCoverage.objects.filter(unit_id__in=units).select_related("user").order_by("pk"))
    context = {"form": form, "rows": [(one, units[one.unit_id]) for one in rows]}
    return render(request, "awards/register/coverage.html", context, status=422 if form.errors else 200)
