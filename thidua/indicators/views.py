"""Pages of figures: the list of indicators, one indicator at one place, one value with its history."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.indicators import access, exchange, indicator_page, values
from thidua.indicators.forms import ChoiceForm, CorrectionForm
from thidua.indicators.indicator_list import INDICATORS, known_indicators
from thidua.indicators.indicator_page import Asked, IndicatorPage
from thidua.indicators.models import Basis, Indicator, Value
from thidua.organisations import matching, tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import download


@require_safe
@signed_in
def indicator_list(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    access.require_mandate(acting)
    shown = listing(request, INDICATORS, known_indicators())
    if wants_workbook(request):
        return shown.workbook()
    return render(request, "indicators/list.html", {"listing": shown})


@require_safe
@signed_in
def indicator(request: HttpRequest, code: str) -> HttpResponseBase:
    """Values by year and unit; `?dang=xlsx`, `csv` or `dhis2` gives the same as a file."""
    acting = who(request)
    access.require_mandate(acting)
    found = get_object_or_404(
        Indicator.objects.select_related("numerator", "denominator", "part_of"), code=code
    )
    place = _place(request, acting)
    if place is None:
        return render(request, "indicators/no_place.html", {"indicator": found}, status=404)
    access.require_reading(acting, place)
    page = indicator_page.load(found, place, _asked(request, found), on=acting.on, path=request.path)
    answer = _as_file(request, page)
    if answer is not None:
        return answer
    context = {
        "indicator": found,
        "page": page,
        "bases": Basis.choices,
        "may_choose": acting.may("value.choose", place),
    }
    return render(request, "indicators/indicator.html", context)


def _as_file(request: HttpRequest, page: IndicatorPage) -> HttpResponseBase | None:
    wanted = request.GET.get("dang", "")
    if wanted == "xlsx":
        return download(exchange.workbook(page), name=f"{exchange.file_stem(page)}.xlsx")
    if wanted == "csv":
        return exchange.as_csv(page)
    if wanted == "dhis2":
        return exchange.as_dhis2(page)
    return None


def _place(request: HttpRequest, acting: Acting) -> Unit | None:
    """The place that the address names, by key or as words; the own place when it names none."""
    key, words = request.GET.get("noi", ""), request.GET.get("tim_noi", "").strip()
    if words:
        rows = matching.search(words, on=acting.on, limit=1)
        if rows:
            return rows[0].unit
    if key:
        return Unit.objects.filter(key=key).first()
    return indicator_page.own_place(acting)


def _asked(request: HttpRequest, found: Indicator) -> Asked:
    answers = request.GET
    order = answers.get("sap_xep", "ten")
    segment = answers.get("phan_to", "")
    return Asked(
        basis=Basis.NOW if answers.get("theo") == Basis.NOW else Basis.THEN,
        segment=segment if segment in found.segments else "",
        period=indicator_page.parse_period_code(answers.get("ky", "")),
        standard=answers.get("chuan", ""),
        order=order if order.lstrip("-") in indicator_page.ORDERS else "ten",
    )


def _value(request: HttpRequest, pk: int) -> Value:
    found = get_object_or_404(
        Value.objects.select_related(
            "indicator", "unit", "standard", "source", "evidence", "user", "replaces", "replaced_by"
        ),
        pk=pk,
    )
    access.require_reading(who(request), found.unit)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def value_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One figure: where it comes from, what it replaced, what else is said; a POST corrects it."""
    acting = who(request)
    found = _value(request, pk)
    form = CorrectionForm(request.POST or None, indicator=found.indicator)
    refusal: RuleNotMet | None = None
    if request.method == "POST" and form.is_valid():
        try:
            newer = values.correct(
                found,
                form.amount,
                reason=form.cleaned_data["ly_do"],
                actor=acting,
                now=clock.now(),
            )
            messages.success(request, "Đã sửa số liệu. Số cũ vẫn được giữ trong lịch sử.")
            return redirect("indicators:value", pk=newer.pk)
        except RuleNotMet as caught:
            refusal = caught
    return _value_answer(request, found, acting, form, refusal)


def _value_answer(
    request: HttpRequest,
    found: Value,
    acting: Acting,
    form: CorrectionForm,
    refusal: RuleNotMet | None,
) -> HttpResponse:
    is_open = not hasattr(found, "replaced_by")
    beside = Value.objects.filter(
        indicator=found.indicator,
        unit=found.unit,
        since=found.since,
        until=found.until,
        standard=found.standard,
        segment=found.segment,
        replaced_by__isnull=True,
    ).select_related("source", "user")
    context = {
        "value": found,
        "indicator": found.indicator,
        "label": tree.labels_on([found.unit_id], on=acting.on).get(found.unit_id, found.unit.key),
        "beside": list(beside.order_by("-is_chosen", "-pk")),
        "chain": _chain(found),
        "may_correct": is_open and acting.may("value.enter", found.unit),
        "may_choose": acting.may("value.choose", found.unit),
        "form": form,
        "refusal": refusal,
        "entered": values.entered_by(found),
        "history": history(found),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "indicators/value.html", context, status=status)


#: A figure that was corrected more often than this shows its last corrections.
MOST_STEPS = 30


def _chain(found: Value) -> list[Value]:
    """The figures that this one replaced, newest first."""
    chain: list[Value] = []
    current = found.replaces
    while current is not None and len(chain) < MOST_STEPS:
        chain.append(current)
        current = current.replaces
    return chain


@require_POST
@signed_in
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Let this one of several figures count, with the reason."""
    acting = who(request)
    found = _value(request, pk)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Chưa chọn số: cần ghi lý do chọn.")
    else:
        try:
            values.choose(found, reason=form.cleaned_data["ly_do"], actor=acting, now=clock.now())
            messages.success(request, "Đã chọn số này. Các tổng được tính lại ngay.")
        except RuleNotMet as refusal:
            messages.error(request, refusal.message)
    return redirect("indicators:value", pk=found.pk)


@require_safe
@signed_in
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file that proves a figure, always as a download: what is inside must not run on this site."""
    found = _value(request, pk)
    if found.evidence is None:
        return redirect("indicators:value", pk=pk)
    return FileResponse(
        default_storage.open(found.evidence.place),
        as_attachment=True,
        filename=found.evidence_name or "minh-chung",
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )
