"""Pages of funds: the list, one fund, its books and statement, pledges, receipts, allocations, files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from thidua.audit.reader import history
from thidua.core import clock
from thidua.core.errors import RuleNotMet
from thidua.core.formats import parse_date
from thidua.documents.writing.typesetting import pdf_bytes
from thidua.movements.tasks.acts import offered
from thidua.organisations import tree
from thidua.organisations.authority import Acting
from thidua.organisations.models import Unit
from thidua.organisations.signed_in import signed_in, who
from thidua.resources import pages
from thidua.resources.funds import access, forms, keeping, ledger, lists, papers
from thidua.resources.funds.acts import ALLOCATION_ACTS, FUND_ACTS, PLEDGE_ACTS, RECEIPT_ACTS
from thidua.resources.funds.amounts import exact, figure, in_words, titled
from thidua.resources.funds.statement import Statement, statement
from thidua.resources.models import Allocation, Fund, LedgerEntry, Pledge, ProofFile, Receipt
from thidua.tables.listing import listing, wants_workbook
from thidua.tables.workbooks import Sheet, download, written

#: Of each kind so many stand on the page of a fund; the lists show all.
SHOWN = 6


@require_safe
@signed_in
def funds(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    rows = lists.with_money(access.visible_funds(acting), on=acting.on)
    found = listing(request, lists.fund_table(), rows)
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "may_set_up": bool(access.units_where(acting, "fund.decide"))}
    return render(request, "resources/funds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_fund(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    units = access.units_where(acting, "fund.decide")
    if not units:
        mandate = acting.mandate
        acting.require("fund.decide", Fund(unit=mandate.unit if mandate else Unit()))
    form = forms.NewFundForm(request.POST or None, units=units)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = dict(form.cleaned_data)
            unit = Unit.objects.get(pk=data.pop("unit"))
            try:
                made = keeping.set_up(unit, actor=acting, now=clock.now(), **data)
            except RuleNotMet as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "Đã lập quỹ. Ghi khoản ủng hộ đầu tiên ở trang này.")
                return redirect("resources:fund", made.pk)
    context = {
        "form": form,
        "title": "Lập quỹ",
        "lead": "Mỗi quỹ có sổ riêng: cam kết, biên nhận, phân bổ và chứng minh sử dụng.",
        "button": "Lập quỹ",
        "back": reverse("resources:funds"),
        "back_label": "Quỹ",
    }
    return render(request, "resources/form.html", context, status=status)


# --- one fund -------------------------------------------------------------------------------------


@require_safe
@signed_in
def fund(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _fund_page(request, access.fund_at(pk, acting=acting), acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def fund_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    found = access.fund_at(pk, acting=acting)
    if request.method != "POST":
        return redirect("resources:fund", pk)
    address = reverse("resources:fund", args=[pk])
    return pages.do(request, FUND_ACTS, key, found, acting, page=_fund_page, address=address)


def _fund_page(
    request: HttpRequest, found: Fund, acting: Acting, refused: pages.Refused | None = None
) -> HttpResponse:
    keeps = acting.units_for("fund.keep")
    receipts = found.receipts.select_related("donor", "holding", "fund").order_by("-received_on", "-pk")
    pledges = found.pledges.filter(state="da_hua").select_related("donor", "holding").order_by("due_on", "pk")
    allocations = lists.with_recipients(found.allocations.order_by("-made_at", "-pk"), on=acting.on)
    context = {
        "fund": found,
        "unit_label": _label(found.unit_id, acting),
        "balances": [_shown(one) for one in ledger.balances(found)],
        "acts": offered(
            FUND_ACTS,
            found,
            acting=acting,
            address=lambda key: reverse(f"resources:fund_{key}", args=[found.pk]),
            refused=refused,
        ),
        "receipts": [
            (one, access.shown_name(one.donor, keeps=keeps), in_words(one.amount, one.holding))
            for one in receipts[:SHOWN]
        ],
        "pledges": [
            (
                one,
                access.shown_name(one.donor, keeps=keeps),
                in_words(one.amount, one.holding),
                figure(one.received, one.holding),
            )
            for one in pledges[:SHOWN]
        ],
        "allocations": [
            (one, lists.recipient_in_words(one), in_words(one.amount, one.holding))
            for one in allocations[:SHOWN]
        ],
        "closings": found.closings.select_related("user").order_by("-through")[:SHOWN],
        "history": history(found),
    }
    return render(request, "resources/fund.html", context, status=422 if refused else 200)


def _shown(one: ledger.Balance) -> dict[str, Any]:
    return {
        "name": titled(one.holding),
        **{name: figure(getattr(one, name), one.holding) for name in ("given", "held", "given_on", "used")},
        "closes": one.closes,
    }


@require_safe
@signed_in
def books(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger, entry by entry."""
    acting = who(request)
    found = access.fund_at(pk, acting=acting)
    rows = LedgerEntry.objects.filter(fund=found).select_related("holding")
    shown = listing(request, lists.ledger_table(), rows, holdings=ledger.holdings_of(found))
    if wants_workbook(request):
        return shown.workbook()
    context = {
        "fund": found,
        "listing": shown,
        "balances": [_shown(one) for one in ledger.balances(found)],
        "faults": ledger.faults(found),
    }
    return render(request, "resources/books.html", context)


@require_safe
@signed_in
def statement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The statement of a period, on the page, as Excel (`?dang=xlsx`) or as a paper (`?dang=pdf`)."""
    acting = who(request)
    found = access.fund_at(pk, acting=acting)
    since = _day(request.GET.get("tu", ""), date(acting.on.year, 1, 1))
    until = max(since, _day(request.GET.get("den", ""), acting.on))
    made = statement(found, since=since, until=until)
    wanted = request.GET.get("dang", "")
    if wanted == "xlsx":
        return _statement_workbook(made)
    if wanted == "pdf":
        name = f"thu-chi-{found.symbol.lower()}-{since:%Y%m%d}-{until:%Y%m%d}.pdf"
        return download(pdf_bytes(papers.statement_paper(made)), name=name, content_type="application/pdf")
    context = {
        "fund": found,
        "statement": made,
        "since": since,
        "until": until,
        "lines": [
            {
                "name": titled(line.holding),
                **{
                    name: figure(getattr(line, name), line.holding)
                    for name in ("opening", "received", "given_on", "closing", "used", "waiting")
                },
            }
            for line in made.lines
        ],
        "donors": [(one.kind, one.donors, in_words(one.amount, one.holding)) for one in made.by_donors],
        "query": f"tu={since:%Y-%m-%d}&den={until:%Y-%m-%d}",
    }
    return render(request, "resources/statement.html", context)


def _statement_workbook(made: Statement) -> HttpResponse:
    lines = Sheet(
        "Thu, chi",
        (
            *(("Khoản", 24), ("Đơn vị tính", 12), ("Đầu kỳ", 16), ("Thu", 16), ("Chi", 16), ("Cuối kỳ", 16)),
            *(("Đã chứng minh trong kỳ", 16), ("Chờ chứng minh cuối kỳ", 16)),
        ),
        [
            (
                line.holding.name,
                line.holding.measure,
                *(
                    exact(amount, line.holding)
                    for amount in (
                        *(line.opening, line.received, line.given_on),
                        *(line.closing, line.used, line.waiting),
                    )
                ),
            )
            for line in made.lines
        ],
    )
    donors = Sheet(
        "Theo người ủng hộ",
        (("Người ủng hộ", 30), ("Số người", 10), ("Khoản", 20), ("Số lượng", 18)),
        [(one.kind, one.donors, one.holding.name, exact(one.amount, one.holding)) for one in made.by_donors],
    )
    name = f"thu-chi-{made.fund.symbol.lower()}-{made.since:%Y%m%d}-{made.until:%Y%m%d}.xlsx"
    return download(written([lines, donors]), name=name)


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return parse_date(text)
    except ValueError:
        return otherwise


# --- receipts, pledges ----------------------------------------------------------------------------


@require_safe
@signed_in
def receipts(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    visible = access.visible_funds(acting)
    keeps = acting.units_for("fund.keep")
    rows = Receipt.objects.filter(fund__in=visible.values("pk")).select_related("fund", "donor", "holding")
    found = listing(request, lists.receipt_table(keeps), rows, funds=visible, keeps=keeps)
    if wants_workbook(request):
        return found.workbook()
    return render(
        request, "resources/list.html", {"listing": found, "title": "Biên nhận", "here": "receipts"}
    )


@require_safe
@signed_in
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _receipt_page(request, access.receipt_at(pk, acting=acting), acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def receipt_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    found = access.receipt_at(pk, acting=acting)
    if request.method != "POST":
        return redirect("resources:receipt", pk)
    address = reverse("resources:receipt", args=[pk])
    return pages.do(request, RECEIPT_ACTS, key, found, acting, page=_receipt_page, address=address)


def _receipt_page(
    request: HttpRequest, found: Receipt, acting: Acting, refused: pages.Refused | None = None
) -> HttpResponse:
    keeps = acting.units_for("fund.keep")
    facts = [
        ("Quỹ", found.fund.name),
        ("Người ủng hộ", access.shown_name(found.donor, keeps=keeps)),
        ("Đã nhận", in_words(found.amount, found.holding)),
        (
            "Giá trị quy ra tiền",
            ""
            if found.holding.is_money
            else "Chưa xác định"
            if found.stated_dong is None
            else f"{found.stated_dong:,} đồng".replace(",", "."),
        ),
        ("Ngày nhận", found.received_on.strftime("%d/%m/%Y")),
        ("Nội dung", found.content),
    ]
    context = {
        "title": f"Biên nhận số {found.full_number}",
        "object": found,
        "tone": lists.TONES.get(found.state, "good"),
        "crumbs": [
            (reverse("resources:fund", args=[found.fund_id]), found.fund.name),
            (reverse("resources:receipts"), "Biên nhận"),
        ],
        "facts": [one for one in facts if one[1]],
        "pledge": found.pledge,
        "paper": reverse("resources:receipt_paper", args=[found.pk])
        if acting.may("fund.keep", found)
        else "",
        "acts": offered(
            RECEIPT_ACTS,
            found,
            acting=acting,
            address=lambda key: reverse(f"resources:receipt_{key}", args=[found.pk]),
            refused=refused,
        ),
        "history": history(found),
    }
    return render(request, "resources/object.html", context, status=422 if refused else 200)


@require_safe
@signed_in
def receipt_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The printed receipt; it names the donor, so only who keeps the fund gets it."""
    acting = who(request)
    found = access.receipt_at(pk, acting=acting)
    acting.require("fund.keep", found)
    name = f"bien-nhan-{found.fund.symbol.lower()}-{found.year}-{found.number:03}.pdf"
    return download(pdf_bytes(papers.receipt_paper(found)), name=name, content_type="application/pdf")


@require_safe
@signed_in
def pledges(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    visible = access.visible_funds(acting)
    keeps = acting.units_for("fund.keep")
    rows = Pledge.objects.filter(fund__in=visible.values("pk")).select_related("fund", "donor", "holding")
    found = listing(request, lists.pledge_table(keeps, on=acting.on), rows, funds=visible, keeps=keeps)
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "title": "Cam kết ủng hộ", "here": "pledges"}
    return render(request, "resources/list.html", context)


@require_safe
@signed_in
def pledge(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _pledge_page(request, access.pledge_at(pk, acting=acting), acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pledge_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    found = access.pledge_at(pk, acting=acting)
    if request.method != "POST":
        return redirect("resources:pledge", pk)
    address = reverse("resources:pledge", args=[pk])
    return pages.do(request, PLEDGE_ACTS, key, found, acting, page=_pledge_page, address=address)


def _pledge_page(
    request: HttpRequest, found: Pledge, acting: Acting, refused: pages.Refused | None = None
) -> HttpResponse:
    keeps = acting.units_for("fund.keep")
    facts = [
        ("Quỹ", found.fund.name),
        ("Người ủng hộ", access.shown_name(found.donor, keeps=keeps)),
        ("Cam kết", in_words(found.amount, found.holding)),
        ("Đã nhận", in_words(found.received, found.holding)),
        ("Ngày cam kết", found.promised_on.strftime("%d/%m/%Y")),
        ("Hạn", found.due_on.strftime("%d/%m/%Y") if found.due_on else ""),
        ("Ghi chú", found.note),
    ]
    context = {
        "title": f"Cam kết {in_words(found.amount, found.holding)}",
        "object": found,
        "tone": lists.TONES.get(found.state, ""),
        "crumbs": [
            (reverse("resources:fund", args=[found.fund_id]), found.fund.name),
            (reverse("resources:pledges"), "Cam kết"),
        ],
        "facts": [one for one in facts if one[1]],
        "receipts": [
            (one, in_words(one.amount, found.holding))
            for one in found.receipts.select_related("fund").order_by("pk")
        ],
        "acts": offered(
            PLEDGE_ACTS,
            found,
            acting=acting,
            address=lambda key: reverse(f"resources:pledge_{key}", args=[found.pk]),
            refused=refused,
        ),
        "history": history(found),
    }
    return render(request, "resources/object.html", context, status=422 if refused else 200)


# --- allocations ----------------------------------------------------------------------------------


@require_safe
@signed_in
def allocations(request: HttpRequest) -> HttpResponse:
    acting = who(request)
    visible = access.visible_funds(acting)
    rows = lists.with_recipients(access.visible_allocations(acting), on=acting.on)
    found = listing(request, lists.allocation_table(on=acting.on), rows, funds=visible)
    if wants_workbook(request):
        return found.workbook()
    context = {"listing": found, "title": "Phân bổ", "here": "allocations"}
    return render(request, "resources/list.html", context)


@require_safe
@signed_in
def allocation(request: HttpRequest, pk: int) -> HttpResponse:
    acting = who(request)
    return _allocation_page(request, access.allocation_at(pk, acting=acting), acting)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def allocation_act(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    acting = who(request)
    found = access.allocation_at(pk, acting=acting)
    if request.method != "POST":
        return redirect("resources:allocation", pk)
    address = reverse("resources:allocation", args=[pk])
    return pages.do(request, ALLOCATION_ACTS, key, found, acting, page=_allocation_page, address=address)


def _allocation_page(
    request: HttpRequest, found: Allocation, acting: Acting, refused: pages.Refused | None = None
) -> HttpResponse:
    household, holding = found.household, found.holding
    place = _label(found.recipient_unit_id, acting) if found.recipient_unit_id else ""
    recipient = f"Hộ {household.code}, {place}" if household else place or found.get_recipient_kind_display()
    facts = [
        ("Quỹ", f"{found.fund.name}, {_label(found.fund.unit_id, acting)}"),
        ("Nơi nhận", recipient),
        ("Số lượng", in_words(found.amount, holding)),
        ("Đã chứng minh", in_words(found.used, holding)),
        ("Đã nộp lại", in_words(found.returned, holding) if found.returned else ""),
        ("Còn phải chứng minh", in_words(found.open_amount, holding) if found.given_on else ""),
        ("Căn cứ", found.decision),
        ("Ngày phân bổ", found.given_on.strftime("%d/%m/%Y") if found.given_on else ""),
        ("Hạn chứng minh", found.due_on.strftime("%d/%m/%Y") if found.due_on else ""),
    ]
    proofs = found.proofs.select_related("user").prefetch_related("files__file", "entries__reversed_by")
    may_see_fund = access.visible_funds(acting).filter(pk=found.fund_id).exists()
    context = {
        "title": found.purpose,
        "object": found,
        "tone": lists.TONES.get(found.state, ""),
        "crumbs": [
            *([(reverse("resources:fund", args=[found.fund_id]), found.fund.name)] if may_see_fund else []),
            (reverse("resources:allocations"), "Phân bổ"),
        ],
        "facts": [one for one in facts if one[1]],
        "progress": (found.used + found.returned, found.amount) if found.given_on else None,
        "household": household if household and acting.may("household.read", household) else None,
        "proofs": [
            (
                one,
                in_words(one.amount, holding),
                any(hasattr(entry, "reversed_by") for entry in one.entries.all()),
            )
            for one in proofs.order_by("pk")
        ],
        "may_read_files": acting.may("allocation.read_proof", found),
        "acts": offered(
            ALLOCATION_ACTS,
            found,
            acting=acting,
            address=lambda key: reverse(f"resources:allocation_{key}", args=[found.pk]),
            refused=refused,
        ),
        "history": history(found),
    }
    return render(request, "resources/object.html", context, status=422 if refused else 200)


@require_safe
@signed_in
def proof_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a proof, always as a download: whatever is inside must not run on this site."""
    acting = who(request)
    found = ProofFile.objects.filter(pk=pk).select_related("file", "proof__allocation__fund").first()
    allocation_pk = found.proof.allocation_id if found else 0
    seen = access.allocation_at(allocation_pk, acting=acting)
    acting.require("allocation.read_proof", seen)
    assert found is not None
    return FileResponse(
        default_storage.open(found.file.place),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
    )


def _label(unit_id: int, acting: Acting) -> str:
    version = tree.last_version(unit_id, on=acting.on)
    return version.label if version else ""
