"""Handing in old awards: a list from Excel, a decision in Word or PDF; looking at it, entering it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.awards.forms import NOTHING, DayField, PlainForm
from thidua.awards.models import AwardSubjectType, ImportKind, ImportRow, RegisterImport
from thidua.awards.register import access, decision_import, list_import, lists, old_lists
from thidua.core import clock
from thidua.core.errors import RuleNotMet, UserError
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.organisations.spreadsheets import MOST_BYTES
from thidua.tables.workbooks import download

SHOWN, ROWS = 50, 25
KINDS = frozenset(AwardSubjectType.values)


class DecisionForm(PlainForm):
    """What all names of a decision share."""

    number = forms.CharField(label="Số quyết định", max_length=120, required=False)
    decided_on = DayField(label="Ngày quyết định")
    issuer_name = forms.CharField(label="Cơ quan quyết định", max_length=300)
    signer = forms.CharField(label="Người ký", max_length=200, required=False)
    form = forms.ChoiceField(label="Hình thức")
    commendation_type = forms.ChoiceField(label="Loại hình khen thưởng", required=False)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("form", [*NOTHING, *lists.form_choices(on)]),
            ("commendation_type", [("", "Chưa rõ"), *lists.type_choices(on)]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class HandInForm(PlainForm):
    keeper = forms.TypedChoiceField(label="Vào sổ của cơ quan", coerce=int)
    file = forms.FileField(label="Tệp", max_length=200)

    def __init__(self, *args: Any, keepers: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keeper"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(keepers.items())


def keepers_of(acting: Acting) -> dict[int, str]:
    """Bodies in whose register this person may write, with their names. Raises NotAllowed for none."""
    labels = tree.labels_on(access.keepers(acting), on=acting.on)
    if not labels:
        acting.require("award.enter", RegisterImport(keeper_id=0))
    return access.in_order(labels, acting)


def batch_at(pk: int, *, acting: Acting, kind: ImportKind) -> RegisterImport:
    found = (
        RegisterImport.objects.filter(pk=pk, kind=kind, keeper_id__in=access.keepers(acting))
        .select_related("keeper", "file", "made_by")
        .first()
    )
    if found is None:
        raise Http404("no such import")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def imports(request: HttpRequest) -> HttpResponse:
    """Where a list is handed in, and what was handed in before."""
    acting = who(request)
    keepers = keepers_of(acting)
    form = HandInForm(request.POST or None, request.FILES or None, keepers=keepers)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            batch = list_import.hand_in(
                upload.read(MOST_BYTES + 1),
                file_name=upload.name,
                keeper=Unit.objects.get(pk=form.cleaned_data["keeper"]),
                actor=acting,
                now=clock.now(),
            )
            return redirect("award_register:import", pk=batch.pk)
        except UserError as refusal:
            form.add_error("file", refusal.message)
    before = RegisterImport.objects.filter(keeper_id__in=keepers).order_by("-made_at", "-pk")[:SHOWN]
    context = {
        "form": form,
        "before": [
            (
                one,
                reverse(
                    "award_register:import"
                    if one.kind == ImportKind.LIST
                    else "award_register:decision_import",
                    args=[one.pk],
                ),
            )
            for one in before
        ],
    }
    return render(request, "awards/register/imports.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def hand_in_decision(request: HttpRequest) -> HttpResponse:
    """A decision in Word or PDF, read at once."""
    acting = who(request)
    keepers = keepers_of(acting)
    form = HandInForm(request.POST, request.FILES, keepers=keepers)
    if not form.is_valid():
        messages.error(request, "Chưa chọn tệp quyết định hoặc cơ quan giữ sổ.")
        return redirect("award_register:imports")
    upload = form.cleaned_data["file"]
    try:
        made = decision_import.hand_in(
            upload.read(MOST_BYTES + 1),
            file_name=upload.name,
            keeper=Unit.objects.get(pk=form.cleaned_data["keeper"]),
            actor=acting,
            now=clock.now(),
        )
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
        return redirect("award_register:imports")
    return redirect("award_register:decision_import", pk=made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """What was read of a decision, to be mended and confirmed row by row."""
    acting = who(request)
    found = batch_at(pk, acting=acting, kind=ImportKind.DECISION)
    form = DecisionForm(
        request.POST if request.POST.get("viec") == "dau" else None,
        on=acting.on,
        initial={name: getattr(found, name) for name in DecisionForm.base_fields},
    )
    page = Paginator(found.rows.order_by("position"), ROWS).get_page(request.GET.get("trang"))
    if request.method == "POST":
        try:
            if _acted(request, found, form, page.object_list, acting):
                return redirect(f"{request.path}?trang={page.number}")
        except RuleNotMet as refusal:
            messages.error(request, refusal.message)
            return redirect(f"{request.path}?trang={page.number}")
    steps = {step.name for step in workflow.possible(found, actor=acting)}
    context = {
        "batch": found,
        "form": form,
        "page": page,
        "rows": [_shown(row, found, on=acting.on) for row in page.object_list],
        "kinds": AwardSubjectType.choices,
        "open_rows": found.rows.filter(is_taken__isnull=True).count(),
        "taken": found.rows.filter(is_taken=True).count(),
        "may_enter": "enter" in steps,
    }
    status = 422 if form.errors else 200
    return render(request, "awards/register/decision.html", context, status=status)


def _acted(
    request: HttpRequest, found: RegisterImport, form: DecisionForm, rows: Any, acting: Acting
) -> bool:
    """Takes the act of a button; False when the form has errors to show."""
    act, sent = request.POST.get("viec"), request.POST
    if act == "dau":
        if not form.is_valid():
            return False
        decision_import.mend(found, values=form.cleaned_data, actor=acting)
        messages.success(request, "Đã lưu phần chung của quyết định.")
    elif act == "dong":
        answers = {
            row.pk: decision_import.Answer(
                sent.get(f"lay-{row.pk}") == "co",
                sent.get(f"loai-{row.pk}", "") if sent.get(f"loai-{row.pk}") in KINDS else "",
                sent.get(f"ten-{row.pk}", "").strip()[:400],
                sent.get(f"don_vi-{row.pk}", "").strip()[:400],
                sent.get(f"doi_tuong-{row.pk}", "")[:80],
            )
            for row in rows
            if sent.get(f"lay-{row.pk}") in ("co", "khong")
        }
        count = decision_import.answer(found, answers, actor=acting)
        messages.success(request, f"Đã ghi ý kiến về {count} dòng.")
    elif act == "bo":
        list_import.drop(found, actor=acting, now=clock.now())
        messages.success(request, "Đã bỏ lần nhập này.")
    elif act == "nhap":
        made = decision_import.enter(found, actor=acting, now=clock.now())
        messages.success(request, f"Đã vào sổ {len(made)} khoản.")
    return True


def _shown(row: ImportRow, batch: RegisterImport, *, on: date) -> dict[str, Any]:
    """A row with whom it may be, and what it may repeat."""
    day = batch.decided_on or on
    proposals = decision_import.proposals(row, batch, on=on) if row.subject_type else []
    key = row.subject_key or (proposals[0].key if len(proposals) == 1 and proposals[0].is_sure else "")
    warnings = decision_import.warnings(row, batch, key=key, day=day, on=on) if row.subject_type else []
    return {"row": row, "proposals": proposals, "key": key, "warnings": warnings}


@require_safe
@signed_in
def template(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    keeper = Unit.objects.get(pk=next(iter(keepers_of(acting))))
    content = old_lists.template(list_import.offered(keeper, on=acting.on))
    return download(content, name="mau-danh-sach-khen-thuong.xlsx")


@require_safe
@signed_in
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file says, before it enters; afterwards what became of it."""
    acting = who(request)
    found = batch_at(pk, acting=acting, kind=ImportKind.LIST)
    steps = {step.name for step in workflow.possible(found, actor=acting)}
    context: dict[str, Any] = {"batch": found, "may_enter": "enter" in steps, "may_drop": "drop" in steps}
    if "enter" in steps:
        staging = list_import.stage(found, on=acting.on)
        context |= {
            "staging": staging,
            "errors": staging.errors[:SHOWN],
            "duplicates": staging.duplicates[:SHOWN],
            "untied": staging.untied[:SHOWN],
            "first": list(zip(staging.places, staging.new, strict=True))[:10],
            "by_name": len(staging.by_name),
        }
    return render(request, "awards/register/import.html", context)


@require_POST
@signed_in
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter everything that is new, or drop the file."""
    acting = who(request)
    found = batch_at(pk, acting=acting, kind=ImportKind.LIST)
    try:
        if request.POST.get("viec") == "bo":
            list_import.drop(found, actor=acting, now=clock.now())
            messages.success(request, "Đã bỏ lần nhập này.")
            return redirect("award_register:imports")
        made = list_import.enter(
            found, tie_by_name=request.POST.get("ghep_theo_ten") == "co", actor=acting, now=clock.now()
        )
        messages.success(request, f"Đã vào sổ {len(made)} khoản.")
    except RuleNotMet as refusal:
        messages.error(request, refusal.message)
    return redirect("award_register:import", pk=pk)
