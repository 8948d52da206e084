"""Pages of policy credit: counts by commune, the loans of one, the template, looking at files."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.formats import format_date
from thidua.households import register
from thidua.households.access import commune_at, label_of
from thidua.movements.tasks.forms import DayField, SmallForm
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import UnitKind, UnitVersion
from thidua.organisations.signed_in import signed_in, who
from thidua.resources.credit import loan_file, taking_in
from thidua.resources.models import CreditImport, LoanFact
from thidua.tables.listing import Column, FilterForm, Shown, Table, listing, wants_workbook
from thidua.tables.workbooks import download

#: A larger file is chosen again: a form may not carry it.
MOST_KEPT_BYTES = 1_500_000


class LoanFileForm(SmallForm):
    as_of = DayField(label="Số liệu đến ngày")
    file = forms.FileField(label="Tệp Excel", required=False)
    #: The bytes of the file that was looked at, so that it need not be chosen again to be taken in.
    raw = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2_100_000)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=255)


def _answer(value: bool | None) -> Shown | str:
    return "" if value is None else Shown("Có", tone="good") if value else Shown("Không", tone="warning")


def _dong(value: int | None) -> str:
    return "" if value is None else f"{value:,}".replace(",", ".")


def _known_day(day: date | None) -> str:
    return format_date(day) if day else ""


def _table(*, on_page: bool) -> Table[LoanFact]:
    """Excel holds masked names; the page names households to who may read the register."""

    def head(row: LoanFact) -> str:
        return row.household.head_name if on_page else register.masked(row.household.head_name)

    return Table(
        name="von-vay",
        title="Vốn vay chính sách",
        columns=(
            Column("ma", "Mã hộ", lambda row: row.household.code, order=("household__code",), width=12),
            Column(
                "chu-ho",
                "Chủ hộ",
                head,
                lambda row: register.masked(row.household.head_name),
                order=("household__head_name_order",),
                width=26,
            ),
            Column("chuong-trinh", "Chương trình", lambda row: Shown(row.programme, note=row.loan), width=36),
            Column("tien", "Số vay (đồng)", lambda row: _dong(row.principal_dong),
                   lambda row: row.principal_dong, order=("principal_dong",), width=16, is_number=True),
            Column("muc-dich", "Đúng mục đích", lambda row: _answer(row.used_as_intended), width=12),
            Column("goc", "Gốc đúng hạn", lambda row: _answer(row.principal_on_time), width=12),
            Column("lai", "Lãi đúng hạn", lambda row: _answer(row.interest_on_time), width=12),
            Column("den", "Số liệu đến", lambda row: format_date(row.as_of), lambda row: row.as_of,
                   order=("as_of",), width=12),
        ),
        filters=FilterForm,
        usual_order="ma",
        empty="Chưa nhập vốn vay của xã này. Tải tệp mẫu, ghi theo sổ của ngân hàng rồi đưa lên.",
    )  # fmt: skip


def _communes(acting: Acting) -> QuerySet[Any]:
    """Communes at or below the own units."""
    ids = tree.ids_at_or_below(sorted(acting.unit_ids()), on=acting.on)
    return UnitVersion.objects.filter(
        tree.valid_on(acting.on), unit__kind=UnitKind.COMMUNE, unit_id__in=ids
    ).select_related("unit")


def _commune_table(counts: dict[int, dict[str, Any]]) -> Table[Any]:
    def of(row: Any, key: str) -> Any:
        return counts.get(row.unit_id, {}).get(key)

    return Table(
        name="von-vay-theo-xa",
        title="Vốn vay chính sách theo xã",
        columns=(
            Column(
                "xa",
                "Xã",
                lambda row: Shown(row.label, href=reverse("resources:loans", args=[row.unit.key])),
                lambda row: row.label,
                order=("label_order",),
                width=36,
            ),
            Column("ho", "Số hộ vay", lambda row: str(of(row, "households") or ""),
                   lambda row: of(row, "households"), width=14, is_number=True),
            Column("khoan", "Số khoản vay", lambda row: str(of(row, "loans") or ""),
                   lambda row: of(row, "loans"), width=14, is_number=True),
            Column("tien", "Số vay (đồng)", lambda row: _dong(of(row, "dong")),
                   lambda row: of(row, "dong"), width=20, is_number=True),
            Column("den", "Số liệu đến", lambda row: _known_day(of(row, "as_of")),
                   lambda row: of(row, "as_of"), width=14),
        ),
        filters=FilterForm,
        usual_order="xa",
        empty="Vào ngày này địa bàn của bạn không có xã nào. Đơn vị đã sáp nhập thì xem ở đơn vị tiếp nhận.",
    )  # fmt: skip


@require_safe
@signed_in
def credit(request: HttpRequest) -> HttpResponse:
    """Counts by commune; names stay in the commune."""
    acting = who(request)
    facts = taking_in.latest_facts(LoanFact.objects.all(), on=acting.on).order_by()
    rows = facts.values("household__commune").annotate(
        households=Count("household", distinct=True),
        loans=Count("pk"),
        dong=Sum("principal_dong"),
        as_of=Max("as_of"),
    )
    counts: dict[int, dict[str, Any]] = {row["household__commune"]: dict(row) for row in rows}
    found = listing(request, _commune_table(counts), _communes(acting))
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "title": "Vốn vay chính sách", "here": "credit"}
    return render(request, "resources/list.html", context)


@require_safe
@signed_in
def template(_request: HttpRequest) -> HttpResponse:
    return download(loan_file.template(), name="mau-von-vay.xlsx")


@require_safe
@signed_in
def loans(request: HttpRequest, key: str) -> HttpResponse:
    """The loans of a commune, to who may read its register of households; opening them is logged."""
    acting = who(request)
    commune = commune_at(key, acting=acting)
    acting.require("credit.read", commune)
    mine = register.communes_of(commune, on=acting.on)
    facts = taking_in.latest_facts(LoanFact.objects.filter(household__commune__in=mine), on=acting.on)
    found = listing(request, _table(on_page=True), facts.select_related("household"))
    if wants_workbook(request):
        return found.workbook()
    taking_in.log_opening(commune, rows=len(found.page.object_list), actor=acting, now=clock.now())
    context = {
        "listing": found,
        "commune": commune,
        "title": f"Vốn vay chính sách, {label_of(commune, acting=acting)}",
        "imports": CreditImport.objects.filter(commune__in=mine).order_by("-as_of", "-pk")[:6],
    }
    return render(request, "resources/loans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def hand_in(request: HttpRequest, key: str) -> HttpResponse:
    """Look at a file first, then take it in as a whole."""
    acting = who(request)
    commune = commune_at(key, acting=acting)
    acting.require("credit.hand_in", commune)
    form = LoanFileForm(request.POST or None, request.FILES or None, initial={"as_of": acting.on})
    preview = None
    if request.method == "POST" and form.is_valid():
        raw, name = _file(form)
        try:
            if request.POST.get("viec") == "nhap":
                made = taking_in.take_in(
                    commune,
                    raw,
                    file_name=name,
                    as_of=form.cleaned_data["as_of"],
                    actor=acting,
                    now=clock.now(),
                )
                messages.success(request, f"Đã nhập {made.rows} khoản vay.")
                return redirect("resources:loans", key)
            preview = taking_in.preview(commune, raw, as_of=form.cleaned_data["as_of"], actor=acting)
        except RuleNotMet as refusal:
            form.add_error(None, refusal.message)
        else:
            kept = {"as_of": form.cleaned_data["as_of"]}
            if len(raw) <= MOST_KEPT_BYTES:
                kept |= {"raw": base64.b64encode(raw).decode(), "name": name}
            form = LoanFileForm(initial=kept)
    context = {
        "form": form,
        "commune": commune,
        "label": label_of(commune, acting=acting),
        "preview": preview,
        "rows": preview.file.rows[:20] if preview else (),
    }
    return render(request, "resources/hand_in.html", context, status=422 if form.errors else 200)


def _file(form: LoanFileForm) -> tuple[bytes, str]:
    chosen = form.cleaned_data["file"]
    if chosen is not None:
        return chosen.read(), chosen.name
    try:
        return base64.b64decode(form.cleaned_data["raw"], validate=True), form.cleaned_data["name"]
    except ValueError:
        return b"", ""
