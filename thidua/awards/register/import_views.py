"""Handing in old awards: the template, a list from Excel, looking at what it says, entering it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit import workflow
from thidua.awards.forms import PlainForm
from thidua.awards.models import ImportKind, RegisterImport
from thidua.awards.register import access, list_import, old_lists
from thidua.core import clock
from thidua.core.errors import RuleNotMet, UserError
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.organisations.spreadsheets import MOST_BYTES
from thidua.tables.workbooks import download

SHOWN = 50


class HandInForm(PlainForm):
    keeper = forms.TypedChoiceField(label="Vào sổ của cơ quan", coerce=int)
    file = forms.FileField(label="Tệp Excel theo mẫu (.xlsx)", max_length=200)

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
    return dict(sorted(labels.items(), key=lambda pair: pair[1]))


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
                    "award_register:import",
                    args=[one.pk],
                ),
            )
            for one in before
        ],
    }
    return render(request, "awards/register/imports.html", context, status=422 if form.errors else 200)


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
